"""The form of a notice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.queries.notices import AUDIENCE_TITLES
from liaoyuan.ui.forms import DateField


class NoticeForm(forms.Form):
    """A notice in plain paragraphs."""

    title = forms.CharField(label=lazy("标题"), max_length=80)
    text = forms.CharField(label=lazy("内容"), max_length=10000, widget=forms.Textarea(attrs={"rows": 12}),
                           help_text=lazy("每行一段，只写文字。"))  # fmt: skip
    audience = forms.ChoiceField(label=lazy("发给"), choices=list(AUDIENCE_TITLES.items()))
    area = forms.ChoiceField(label=lazy("区域"), help_text=lazy("发给这个区域里的人"))
    roles = forms.MultipleChoiceField(
        label=lazy("只发给这些角色"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=lazy("不选就是全部角色；向社会公开的不分角色"),
    )  # fmt: skip
    valid_from = DateField(label=lazy("起"))
    valid_until = DateField(label=lazy("止"), required=False, help_text=lazy("最后一天；不填则一直显示"))
    pinned = forms.BooleanField(label=lazy("置顶"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], roles: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]
        self.fields["roles"].choices = roles  # type: ignore[attr-defined]
