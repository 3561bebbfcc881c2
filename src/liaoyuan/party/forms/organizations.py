"""Forms of party organizations: the query of the list, entering, adjusting, units, dissolving."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.models import Area
from liaoyuan.party.choices.organizations import BRANCH_KIND_TITLES, FORM_TITLES, Form
from liaoyuan.party.queries import bodies
from liaoyuan.party.queries.directory import STATE_TITLES
from liaoyuan.registry.models import Organization
from liaoyuan.ui.forms import DateField

_ALL = ("", lazy("全部"))
MAIN = ("q", "form", "kind", "state")


class ListForm(forms.Form):
    """What one may ask of the list of party organizations."""

    q = forms.CharField(label=lazy("名称或成员单位"), required=False, max_length=60)
    form = forms.ChoiceField(label=lazy("层级"), required=False, choices=[_ALL, *FORM_TITLES.items()])
    kind = forms.ChoiceField(label=lazy("组建形式"), required=False, choices=[_ALL, *BRANCH_KIND_TITLES.items()])
    state = forms.ChoiceField(label=lazy("状态"), required=False, choices=[*STATE_TITLES.items()])
    area = forms.CharField(label=lazy("区划代码"), required=False, max_length=12)
    as_of = DateField(label=lazy("查看哪一天"), required=False)


class UnitsField(forms.CharField):
    """Units, one a line: the full name, code or filing number of a social organization, or another unit's name after
    “其他：”. Becomes a list of organizations and names.
    """

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> list[Organization | str]:
        """Raises ValidationError naming the lines that fit no organization or several."""
        text = super().clean(value)
        found, unknown = bodies.units_of(text.splitlines())
        if unknown:
            told = _(
                "没有找到，或不止一个：{names}。请写全称、统一社会信用代码或备案号；不在登记库的单位写“其他：名称”。"
            )
            raise ValidationError(told.format(names="、".join(unknown)))
        return found


class SuperiorMixin(forms.Form):
    """The superior, chosen among those the user's area offers."""

    superior = forms.ChoiceField(label=lazy("上级党组织"), required=False)

    def __init__(self, *args: Any, superiors: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["superior"].choices = [("", _("（未选）")), *superiors]  # type: ignore[attr-defined]


class OrganizationForm(SuperiorMixin):
    """What a party organization is."""

    name = forms.CharField(label=lazy("名称"), max_length=120)
    form = forms.ChoiceField(label=lazy("层级"), choices=list(FORM_TITLES.items()), initial=Form.BRANCH.value)
    branch_kind = forms.ChoiceField(
        label=lazy("组建形式"),
        required=False,
        choices=[("", lazy("（党委、党总支不填）")), *BRANCH_KIND_TITLES.items()],
    )
    superior_name = forms.CharField(
        label=lazy("上级党组织（系统外）"), required=False, max_length=120, help_text=lazy("上级不在本系统时填写")
    )
    carrier = forms.CharField(
        label=lazy("依托单位"), required=False, max_length=120,
        help_text=lazy("联合、依托组建时填写，可以不是成员单位，也可以不是社会组织"),
    )  # fmt: skip
    start = DateField(label=lazy("起日"), help_text=lazy("批复日期，或调整生效日期"))
    established_on = DateField(label=lazy("成立日期"), required=False, help_text=lazy("成立大会日期"))
    evidence = forms.CharField(label=lazy("批复文号"), required=False, max_length=80)
    approved_on = DateField(label=lazy("批复日期"), required=False)
    term_months = forms.IntegerField(
        label=lazy("任期（月）"), required=False, min_value=12, max_value=120, help_text=lazy("不填按规定：36 个月")
    )
    task_ends_on = DateField(label=lazy("计划结束日期"), required=False, help_text=lazy("临时党支部必填"))
    may_transfer = forms.BooleanField(label=lazy("有审批预备党员权限，可开具介绍信"), required=False)
    units = UnitsField(
        label=lazy("成员单位"), required=False, max_length=4000,
        help_text=lazy("一行一个：全称、统一社会信用代码或备案号；不在登记库的单位写“其他：名称”"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A branch says how it is formed; the others do not."""
        told = super().clean() or {}
        branch = told.get("form") == Form.BRANCH
        if branch and not told.get("branch_kind"):
            self.add_error("branch_kind", _("党支部须写明组建形式。"))
        if not branch:
            told["branch_kind"] = ""
        return told

    def told(self) -> dict[str, Any]:
        """The fields of a formation."""
        names = ("name", "form", "branch_kind", "superior_name", "evidence", "approved_on", "term_months",
                 "task_ends_on", "may_transfer")  # fmt: skip
        told = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        carrier = bodies.one_of(self.cleaned_data.get("carrier", ""))
        return {
            **told, "carrier_id": carrier.pk if carrier else None,
            "carrier_name": "" if carrier else self.cleaned_data.get("carrier", ""),
        }  # fmt: skip


class ChangeForm(OrganizationForm):
    """An adjustment from a day on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("established_on", "units"):
            del self.fields[name]
        self.fields["start"].label = _("自哪天起")


class UnitsForm(forms.Form):
    """The units from a day on."""

    units = UnitsField(
        label=lazy("成员单位"), required=False, max_length=4000,
        help_text=lazy("一行一个：全称、统一社会信用代码或备案号；不在登记库的单位写“其他：名称”"),
    )  # fmt: skip
    on = DateField(label=lazy("自哪天起"))
    evidence = forms.CharField(label=lazy("依据文号"), max_length=80)
    evidence_on = DateField(label=lazy("依据日期"), required=False)


class DissolveForm(forms.Form):
    """The end of a party organization."""

    on = DateField(label=lazy("撤销日期"))
    reason = forms.CharField(label=lazy("撤销的事由"), max_length=200)
    evidence = forms.CharField(label=lazy("批复文号"), required=False, max_length=80)


def area_of(code: str) -> Area | None:
    """The area with this code."""
    return Area.objects.live().filter(code=code).first() if code else None
