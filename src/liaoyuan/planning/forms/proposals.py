"""Forms of proposals of instructors: which lines to list, a pair to fix or bar, accepting on a letter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.ui.forms import DateField

_ALL = ("", lazy("全部"))


class LinesForm(forms.Form):
    """Which lines to list."""

    q = forms.CharField(label=lazy("组织或指导员"), required=False, max_length=60)
    street = forms.ChoiceField(label=lazy("街道"), required=False)
    state = forms.ChoiceField(
        label=lazy("办理情况"), required=False,
        choices=[_ALL, ("open", lazy("未采纳")), ("done", lazy("已采纳")), ("none", lazy("没有排到")),
                 ("fixed", lazy("已锁定"))],
    )  # fmt: skip
    instructor = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, streets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["street"].choices = [_ALL, *streets]  # type: ignore[attr-defined]


class PinForm(forms.Form):
    """Which instructor is fixed, or barred, for a body."""

    instructor = forms.ChoiceField(label=lazy("指导员"))
    reason = forms.CharField(label=lazy("理由"), max_length=200, required=False)

    def __init__(self, *args: Any, instructors: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instructor"].choices = list(instructors)  # type: ignore[attr-defined]


class AppointForm(forms.Form):
    """Lines to accept, on one letter."""

    lines = forms.MultipleChoiceField(label=lazy("采纳哪些"), widget=forms.CheckboxSelectMultiple)
    letter = forms.CharField(
        label=lazy("聘书编号"), required=False, max_length=80,
        help_text=lazy("几名指导员用同一份选派文件的，写文件编号；没有编号的不计入工作覆盖"),
    )  # fmt: skip
    letter_from = DateField(label=lazy("聘期起"))
    letter_until = DateField(label=lazy("聘期止（当日有效）"))
    start = DateField(label=lazy("自哪天起联系"))

    def __init__(self, *args: Any, lines: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = list(lines)  # type: ignore[attr-defined]
