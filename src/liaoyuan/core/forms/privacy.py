"""Forms of requests about one's own data and of their answers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.core.choices import RequestKind

KIND_TITLES = {RequestKind.CORRECT: _("更正"), RequestKind.ERASE: _("删除")}


class RequestForm(forms.Form):
    """What a person wants corrected or erased."""

    kind = forms.ChoiceField(label=_("要求"), choices=[(k.value, title) for k, title in KIND_TITLES.items()])
    subject = forms.ChoiceField(label=_("哪里的信息"))
    text = forms.CharField(
        label=_("写明哪一项、应怎样"), max_length=500, min_length=2, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("内容加密保存，只有您和办理人能看到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, subjects: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = list(subjects)  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """The office's answer."""

    granted = forms.ChoiceField(label=_("结果"), choices=[("", "—"), ("yes", _("同意")), ("no", _("不同意"))])
    answer = forms.CharField(
        label=_("处理情况和理由"), max_length=500, min_length=2, widget=forms.Textarea(attrs={"rows": 3})
    )
