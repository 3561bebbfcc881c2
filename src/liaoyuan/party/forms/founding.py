"""Forms of founding a branch: the application, its roster, handing it in, the founding meeting, filing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.party.choices.organizations import (
    BRANCH_KIND_TITLES,
    OFFICER_HOW_TITLES,
    STANDING_TITLES,
    BranchKind,
    OfficerHow,
    Standing,
)
from liaoyuan.party.forms.organizations import UnitsField
from liaoyuan.party.queries import bodies
from liaoyuan.registry.models import Organization
from liaoyuan.ui.forms import DateField

HOWS = (
    ("", lazy("申请单位自己提交")),
    ("phone", lazy("电话代填")),
    ("paper", lazy("按纸质材料代填")),
    ("visit", lazy("当面代填")),
)


class FoundingForm(forms.Form):
    """The application: which branch, how formed, below whom, of which units."""

    applicant = forms.CharField(
        label=lazy("申请单位"), max_length=120, help_text=lazy("登记库中的社会组织：全称、统一社会信用代码或备案号")
    )
    superior = forms.ChoiceField(label=lazy("上级党组织"))
    name = forms.CharField(label=lazy("拟设党支部名称"), max_length=120)
    branch_kind = forms.ChoiceField(label=lazy("组建形式"), choices=list(BRANCH_KIND_TITLES.items()))
    carrier = forms.CharField(
        label=lazy("依托单位"), required=False, max_length=120,
        help_text=lazy("联合、依托组建时填写，可以不是成员单位，也可以不是社会组织"),
    )  # fmt: skip
    units = UnitsField(
        label=lazy("成员单位"), required=False, max_length=4000,
        help_text=lazy("一行一个，不填为申请单位；不在登记库的单位写“其他：名称”"),
    )  # fmt: skip
    purpose = forms.CharField(
        label=lazy("设立理由"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
    transfer_due_on = DateField(
        label=lazy("转接到期日"), required=False, help_text=lazy("先成立、后转接的填写：到这一天党员的组织关系应转入")
    )
    task_ends_on = DateField(label=lazy("计划结束日期"), required=False, help_text=lazy("临时党支部必填"))

    def __init__(self, *args: Any, superiors: Iterable[tuple[int, str]], fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["superior"].choices = list(superiors)  # type: ignore[attr-defined]
        if fixed:
            del self.fields["applicant"]

    def clean_applicant(self) -> Organization:
        """The body that applies."""
        found = bodies.one_of(self.cleaned_data["applicant"])
        if found is None:
            raise forms.ValidationError(_("没有找到这个组织，或不止一个。请写全称、统一社会信用代码或备案号。"))
        return found

    def told(self) -> dict[str, Any]:
        """The fields of the application."""
        names = ("name", "branch_kind", "purpose", "transfer_due_on", "task_ends_on")
        told = {name: self.cleaned_data[name] for name in names}
        if told["branch_kind"] != BranchKind.TEMPORARY:
            told["task_ends_on"] = None
        return {**told, "carrier_name": "" if self.carrier_body() else self.cleaned_data["carrier"]}

    def carrier_body(self) -> Organization | None:
        """The carrier, where the register knows it."""
        return bodies.one_of(self.cleaned_data["carrier"])


class LineForm(forms.Form):
    """One member of the roster; `standing` empty leaves him out."""

    standing = forms.ChoiceField(
        label=lazy("身份"), required=False, choices=[("", lazy("不列入")), *STANDING_TITLES.items()]
    )
    consented_on = DateField(label=lazy("同意日期"), required=False)
    transfer_due_on = DateField(label=lazy("应转入日期"), required=False)


def roster_forms(data: Any, members: Sequence[tuple[int, Mapping[str, Any]]]) -> list[tuple[int, LineForm]]:
    """A form for each member: (key, form)."""
    return [(key, LineForm(data, prefix=f"m{key}", initial=dict(first))) for key, first in members]


class SubmitForm(forms.Form):
    """Handing in: on whose word, received when."""

    how = forms.ChoiceField(label=lazy("提交方式"), required=False, choices=HOWS)
    received_on = DateField(label=lazy("收件日期"), required=False, help_text=lazy("不填为今天"))

    def on_behalf(self, title: str) -> str:
        """On whose word it is handed in."""
        words = dict(HOWS)
        how = self.cleaned_data.get("how")
        return f"{title}（{words[how]}）" if how else ""


class FoundForm(forms.Form):
    """The founding meeting of a branch: which one, who leads."""

    ceremony = forms.ChoiceField(label=lazy("成立大会"))
    how = forms.ChoiceField(label=lazy("首任书记"), choices=list(OFFICER_HOW_TITLES.items()))
    secretary = forms.ChoiceField(label=lazy("书记人选"), required=False)
    source = forms.CharField(
        label=lazy("书记来源"), required=False, max_length=40, help_text=lazy("如 管理层、业务骨干、上级选派")
    )
    result_note = forms.CharField(label=lazy("选举或任命情况"), required=False, max_length=200)

    def __init__(
        self, *args: Any, ceremonies: Iterable[tuple[int, str]], members: Iterable[tuple[int, str]], moving: bool,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["ceremony"].choices = list(ceremonies)  # type: ignore[attr-defined]
        self.fields["secretary"].choices = [("", _("（未定）")), *members]  # type: ignore[attr-defined]
        if moving:
            self.fields["how"].choices = [(OfficerHow.APPOINTED.value, OFFICER_HOW_TITLES[OfficerHow.APPOINTED])]  # type: ignore[attr-defined]
            self.fields["how"].help_text = _("组织关系转接期间由上级任命，不选举")
            self.fields["secretary"].required = True


class CeremonyForm(forms.Form):
    """A founding meeting."""

    title = forms.CharField(label=lazy("会议名称"), max_length=120)
    on = DateField(label=lazy("日期"))
    place = forms.CharField(label=lazy("地点"), required=False, max_length=120)
    host = forms.CharField(label=lazy("主持"), required=False, max_length=60)
    note = forms.CharField(
        label=lazy("议程和情况"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class FilingForm(forms.Form):
    """The filing of the reply and the result."""

    on = DateField(label=lazy("备案日期"))
    number = forms.CharField(label=lazy("备案号"), required=False, max_length=80)


def standing_of(form: LineForm) -> Standing | None:
    """As whom the member is listed; None for who is left out."""
    given = form.cleaned_data.get("standing")
    return Standing(given) if given else None
