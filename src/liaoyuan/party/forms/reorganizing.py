"""Forms of adjusting and dissolving: the list, the application, hand-over."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.party.choices.organizations import BRANCH_KIND_TITLES, FORM_TITLES, BranchKind
from liaoyuan.party.choices.reorganizing import ORIGIN_TITLES, STAGE_OF_WORK_TITLES, WORK_TITLES, Origin
from liaoyuan.party.forms.organizations import UnitsField
from liaoyuan.party.queries import bodies
from liaoyuan.ui.forms import DateField

_SAME = ("", lazy("（不变）"))
ADJUST_SECTIONS = (
    (lazy("申请"), ("origin", "applicant", "reason")),
    (lazy("成员单位"), ("joining", "leaving")),
    (lazy("名称和形式"), ("name", "form", "branch_kind", "carrier", "task_ends_on")),
    (lazy("隶属关系"), ("superior",)),
)


class ListForm(forms.Form):
    """What one may ask of the list of applications."""

    q = forms.CharField(label=lazy("名称"), required=False, max_length=60)
    what = forms.ChoiceField(label=lazy("事项"), required=False, choices=[("", lazy("全部")), *WORK_TITLES.items()])
    state = forms.ChoiceField(
        label=lazy("进度"), required=False,
        choices=[("", lazy("未办结")), ("all", lazy("全部")), *STAGE_OF_WORK_TITLES.items()],
    )  # fmt: skip


class _Asking(forms.Form):
    """Who asks, and why. `origins` are the ways in which this user may ask, `units` the units of the branch."""

    origin = forms.ChoiceField(label=lazy("申请方式"), widget=forms.RadioSelect)
    applicant = forms.TypedChoiceField(
        label=lazy("申请单位"), coerce=int, empty_value=None, required=False,
        help_text=lazy("由成员单位申请的选择是哪一个单位"),
    )  # fmt: skip
    reason = forms.CharField(label=lazy("理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, origins: Iterable[str], units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks = [str(origin) for origin in origins]
        offered = [("", _("（未选）")), *units]
        self.fields["origin"].choices = [(o, ORIGIN_TITLES[Origin(o)]) for o in asks]  # type: ignore[attr-defined]
        self.fields["applicant"].choices = offered  # type: ignore[attr-defined]
        self.initial.setdefault("origin", asks[0] if asks else "")
        if Origin.UNIT not in asks:
            del self.fields["applicant"]

    def clean(self) -> dict[str, Any]:
        """A unit that applies is named; otherwise none is."""
        told = super().clean() or {}
        if told.get("origin") == Origin.UNIT and not told.get("applicant"):
            self.add_error("applicant", _("由成员单位申请的，请选择单位。"))
        return told


class AdjustForm(_Asking):
    """An adjustment: only what changes is filled in."""

    joining = UnitsField(
        label=lazy("加入的单位"), required=False, max_length=4000,
        help_text=lazy("一行一个：全称、统一社会信用代码或备案号；不在登记库的单位写“其他：名称”"),
    )  # fmt: skip
    leaving = forms.MultipleChoiceField(label=lazy("退出的单位"), required=False, widget=forms.CheckboxSelectMultiple)
    name = forms.CharField(label=lazy("新名称"), required=False, max_length=120, help_text=lazy("不改名的不填"))
    form = forms.ChoiceField(label=lazy("层级改为"), required=False, choices=[_SAME, *FORM_TITLES.items()])
    branch_kind = forms.ChoiceField(
        label=lazy("组建形式改为"), required=False, choices=[_SAME, *BRANCH_KIND_TITLES.items()]
    )
    carrier = forms.CharField(label=lazy("依托单位改为"), required=False, max_length=120, help_text=lazy("不改的不填"))
    task_ends_on = DateField(label=lazy("计划结束日期"), required=False, help_text=lazy("临时党支部必填"))
    superior = forms.ChoiceField(label=lazy("改由哪个上级领导"), required=False)

    def __init__(
        self, *args: Any, superiors: Iterable[tuple[int, str]], present: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["superior"].choices = [_SAME, *superiors]  # type: ignore[attr-defined]
        here = list(present)
        self.fields["leaving"].choices = here  # type: ignore[attr-defined]
        if not here:
            del self.fields["leaving"]

    def told(self) -> dict[str, Any]:
        """The wishes as the action takes them."""
        given = self.cleaned_data
        carrier = bodies.one_of(given["carrier"])
        ends = given["task_ends_on"] if given["branch_kind"] in ("", BranchKind.TEMPORARY) else None
        return {
            "reason": given["reason"], "name": given["name"], "form": given["form"],
            "branch_kind": given["branch_kind"],
            "task_ends_on": ends, "superior_id": int(given["superior"]) if given["superior"] else None,
            "carrier_id": carrier.pk if carrier else None, "carrier_name": "" if carrier else given["carrier"],
        }  # fmt: skip


class DissolveForm(_Asking):
    """A dissolution."""

    members_to = forms.CharField(
        label=lazy("党员去向"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("组织关系转到哪里；不写姓名"),
    )  # fmt: skip

    def told(self) -> dict[str, Any]:
        """The wishes as the action takes them."""
        return {name: self.cleaned_data[name] for name in ("reason", "members_to")}


class HandForm(forms.Form):
    """To whom papers, seal and property of a dissolved party organization went."""

    on = DateField(label=lazy("移交日期"))
    to = forms.CharField(label=lazy("移交给"), max_length=120, help_text=lazy("上级党委或档案部门"))
    note = forms.CharField(
        label=lazy("移交清单"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("如 会议记录、党费账目、印章一枚"),
    )  # fmt: skip
