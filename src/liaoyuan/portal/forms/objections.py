"""The forms with which anybody objects to a published list, and asks what became of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.review import OBJECTION_KIND_TITLES
from liaoyuan.funding.models import AwardLine
from liaoyuan.kit.text import half_width


class ObjectForm(forms.Form):
    """About which project, what, and who says it; without `named` nobody is asked who he is."""

    line = forms.TypedChoiceField(label=lazy("对哪个项目"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=lazy("异议的内容"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=lazy("事实和理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=lazy("写清楚时间、地点和依据，便于核实。请不要写身份证号"),
    )  # fmt: skip
    anonymous = forms.BooleanField(
        label=lazy("匿名提出"), required=False, help_text=lazy("不留姓名；凭查询码一样可以查看结果")
    )
    objector = forms.CharField(
        label=lazy("姓名或单位"), required=False, max_length=60, help_text=lazy("匿名的不用填"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    contact = forms.CharField(
        label=lazy("联系方式"), required=False, max_length=60, help_text=lazy("电话、邮箱或地址，核实和答复时用")
    )

    def __init__(self, *args: Any, lines: Sequence[AwardLine], named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [  # type: ignore[attr-defined]
            ("", _("整份名单")),
            *((one.pk, f"{one.position}. {one.project_title}（{one.body_name}）") for one in lines),
        ]
        self.fields["kind"].choices = [(code, _(word)) for code, word in OBJECTION_KIND_TITLES.items()]  # type: ignore[attr-defined]
        if not named:
            for name in ("anonymous", "objector", "contact"):
                del self.fields[name]

    def clean_text(self) -> str:
        """Enough to look into."""
        text: str = self.cleaned_data["text"].strip()
        if len(text) < 5:
            raise ValidationError(_("请写明异议的事实和理由，至少 5 个字。"))
        return text

    def clean(self) -> dict[str, Any]:
        """A name and a way to answer, or none."""
        told = super().clean() or {}
        if "anonymous" in self.fields and not told.get("anonymous"):
            for name, words in (
                ("objector", _("请填写姓名或单位，或选择匿名。")), ("contact", _("请填写联系方式，或选择匿名。")),
            ):  # fmt: skip
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return told

    def told(self) -> dict[str, Any]:
        """What was written, as the action takes it, without the line."""
        given = self.cleaned_data
        return {
            "kind": given["kind"], "text": given["text"], "anonymous": bool(given.get("anonymous", True)),
            "objector": given.get("objector", ""), "contact": given.get("contact", ""),
        }  # fmt: skip


class NumberForm(forms.Form):
    """The query number of an objection."""

    code = forms.CharField(
        label=lazy("查询码"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=lazy("提交异议后得到的查询码，如 12-ABCD-EFGH-JKLM"),
    )  # fmt: skip

    def clean_code(self) -> str:
        """As it is typed, in narrow signs."""
        return half_width(self.cleaned_data["code"]).strip()
