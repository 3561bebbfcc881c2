"""Forms of published lists, of objections to them and of their answers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.awards import OBJECTION_STATE_TITLES, REMEDY_TITLES
from liaoyuan.funding.choices.review import OBJECTION_KIND_TITLES
from liaoyuan.funding.models import AwardLine, Project
from liaoyuan.funding.queries.awards import Proposed
from liaoyuan.ui.forms import DateField, MoneyField


def _long(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ListForm(forms.Form):
    """A list: its notice, whom to object to, and for each proposed project whether it stands on it, with how much."""

    title = forms.CharField(label=lazy("标题"), max_length=80)
    text = forms.CharField(
        label=lazy("说明"),
        required=False,
        max_length=1000,
        widget=_long(3),
        help_text=lazy("不要写任何人的电话、证件号和账号"),
    )
    receiver = forms.CharField(label=lazy("异议受理人"), max_length=60, help_text=lazy("科室或岗位，如 社会组织科"))
    mail = forms.CharField(label=lazy("邮箱"), required=False, max_length=50)
    box = forms.CharField(label=lazy("信箱或地址"), required=False, max_length=60)

    def __init__(self, *args: Any, projects: Sequence[Proposed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projects = projects
        for one in projects:
            key = one.project.pk
            self.fields[f"take_{key}"] = forms.BooleanField(label=_("列入"), required=False, initial=True)
            self.fields[f"fen_{key}"] = MoneyField(
                label=_("拟资助金额（元）"), required=False, initial=one.fen, help_text=" "
            )

    def clean(self) -> dict[str, Any]:
        """A project that is taken has an amount."""
        told = super().clean() or {}
        for one in self.projects:
            name = f"fen_{one.project.pk}"
            if told.get(f"take_{one.project.pk}") and not told.get(name) and name not in self.errors:
                self.add_error(name, _("请填写“{title}”的拟资助金额。").format(title=one.project.title))
        return told

    def lines(self) -> list[tuple[Project, int]]:
        """Who stands on the list, in the order shown."""
        told = self.cleaned_data
        return [
            (one.project, told[f"fen_{one.project.pk}"]) for one in self.projects if told.get(f"take_{one.project.pk}")
        ]

    def channel(self) -> str:
        """Mail and box in one line."""
        told = self.cleaned_data
        named = ((_("邮箱"), told["mail"]), (_("信箱"), told["box"]))
        return "；".join(f"{word} {value.strip()}" for word, value in named if value.strip())


class ReasonForm(forms.Form):
    """Why something is taken down, declined or given up."""

    reason = forms.CharField(label=lazy("原因"), max_length=200, widget=_long(3))


class DeclineForm(forms.Form):
    """Why an objection is not taken up."""

    reason = forms.CharField(
        label=lazy("不予受理的理由"),
        max_length=1000,
        widget=_long(),
        help_text=lazy("异议人凭查询码可以看到，不要写异议人的姓名"),
    )


class ObjectionsForm(forms.Form):
    """What one may ask of the objections of a round."""

    state = forms.ChoiceField(
        label=lazy("状态"), required=False,
        choices=[("", lazy("全部")), ("open", lazy("待答复")), *OBJECTION_STATE_TITLES.items()],
    )  # fmt: skip


class EnterForm(forms.Form):
    """An objection that came by telephone or on paper. Without `named` nobody is asked who objects."""

    received_on = DateField(label=lazy("收到日期"))
    line = forms.TypedChoiceField(label=lazy("对哪个项目"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=lazy("异议的内容"), choices=list(OBJECTION_KIND_TITLES.items()))
    text = forms.CharField(
        label=lazy("事实和理由"), max_length=2000, widget=_long(6), help_text=lazy("照来信或电话里说的写")
    )
    anonymous = forms.BooleanField(label=lazy("匿名提出"), required=False)
    objector = forms.CharField(label=lazy("姓名或单位"), required=False, max_length=60, help_text=lazy("匿名的不用填"))
    contact = forms.CharField(
        label=lazy("联系方式"), required=False, max_length=60, help_text=lazy("电话、邮箱或地址，答复时用")
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

    def clean(self) -> dict[str, Any]:
        """A name and a way to answer, or none."""
        told = super().clean() or {}
        if "anonymous" in self.fields and not told.get("anonymous"):
            for name, words in (
                ("objector", _("请填写姓名或单位，或选择匿名。")),
                ("contact", _("请填写联系方式，或选择匿名。")),
            ):
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return told

    def told(self) -> dict[str, Any]:
        """What was written, as the action takes it; `line` still a key."""
        given = self.cleaned_data
        return {
            "kind": given["kind"], "text": given["text"], "anonymous": bool(given.get("anonymous", True)),
            "objector": given.get("objector", ""), "contact": given.get("contact", ""),
        }  # fmt: skip


class AnswerForm(forms.Form):
    """The draft of an answer."""

    upheld = forms.TypedChoiceField(
        label=lazy("结论"), choices=[("no", lazy("异议不成立")), ("yes", lazy("异议成立"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    remedy = forms.ChoiceField(
        label=lazy("成立以后怎样处理项目"), required=False, choices=[("", lazy("（未选）")), *REMEDY_TITLES.items()],
        help_text=lazy("异议不成立、对整份名单、申诉恢复项目的，不用选"),
    )  # fmt: skip
    changed_fen = MoneyField(label=lazy("改为多少元"), required=False, help_text=lazy("只在改变资助金额时填写"))
    answer = forms.CharField(
        label=lazy("答复和理由"), max_length=2000, widget=_long(6), help_text=lazy("不要写异议人的姓名和联系方式")
    )


class AppealForm(forms.Form):
    """An appeal against an answer."""

    text = forms.CharField(label=lazy("申诉的事实和理由"), max_length=2000, widget=_long(6))
