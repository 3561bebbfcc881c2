"""Forms about members: the query of the roster, what is told of a member, his affiliations, leaving, his account."""

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core import zones
from liaoyuan.kit.cells import MESSAGES
from liaoyuan.kit.dates import parse_date
from liaoyuan.kit.identifiers import parse_ric
from liaoyuan.party.choices.members import (
    AFFILIATION_TITLES,
    LEFT_REASON_TITLES,
    MEMBER_STATUS_TITLES,
    SORTED,
    STAGE_STEPS,
    STAGE_TITLES,
    AffiliationKind,
    Stage,
)
from liaoyuan.party.queries import secrets
from liaoyuan.party.queries.listing import UNKNOWN
from liaoyuan.people.choices import EDUCATION_TITLES, GENDER_TITLES, WORK_TIME_TITLES
from liaoyuan.ui.forms import DateField

_ALL = ("", lazy("全部"))
_BLANK = ("", lazy("未填"))
MAIN = ("q", "party", "kind", "status")
_MOBILE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}(?:-\d{1,5})?|[48]00-?\d{3}-?\d{4}|\d{7,8}")
_OFF = {"autocomplete": "off"}
#: What belongs to the affiliation and not to the member.
TIE = ("full_time", "consented_on", "transfer_due_on", "purpose", "planned_end", "home_contact")


class ShortDayField(forms.CharField):
    """A day that may be known to the month or the year only: ISO text as short as it is known, or empty."""

    def clean(self, value: Any) -> str:
        """The day as ISO text."""
        given = super().clean(value)
        if not given:
            return ""
        read = parse_date(given, month_ok=True)
        if not read.value or read.error or read.doubt not in (None, "year_only"):
            raise ValidationError(_("请写成 2015-06-01、2015-06 或 2015 的样子。"))
        return read.value


def spread(told: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Short days as days with their precision."""
    out, precision = dict(told), {}
    for name in names:
        text = out.get(name) or ""
        parts = [int(p) for p in text.split("-")] if text else []
        out[name] = date(parts[0], *(parts[1:] or [1]), *([] if len(parts) > 2 else [1])) if parts else None
        if parts and len(parts) < 3:
            precision[name] = "M" if len(parts) == 2 else "Y"
    return {**out, "precision": precision}


class ListForm(forms.Form):
    """What one may ask of the roster."""

    q = forms.CharField(label=lazy("姓名、拼音首字母或党组织"), required=False, max_length=60)
    party = forms.TypedChoiceField(label=lazy("党组织（含下级）"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=lazy("类别"), required=False, choices=[_ALL, *AFFILIATION_TITLES.items()])
    status = forms.ChoiceField(
        label=lazy("党员状态"), required=False,
        choices=[_ALL, *MEMBER_STATUS_TITLES.items(), (UNKNOWN, lazy("时间不详"))],
    )  # fmt: skip
    stage = forms.ChoiceField(label=lazy("双隶属阶段"), required=False, choices=[_ALL, *STAGE_TITLES.items()])
    body = forms.CharField(label=lazy("所在组织的名称或代码"), required=False, max_length=60)

    def __init__(self, *args: Any, parties: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [_ALL, *parties]  # type: ignore[attr-defined]


class PartyForm(forms.Form):
    """Which party organization the new member belongs to."""

    party = forms.TypedChoiceField(label=lazy("党组织"), coerce=int)

    def __init__(self, *args: Any, parties: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = parties  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    """What a party organization tells of a member, as in the roster F03, without what this zone does not hold."""

    name = forms.CharField(label=lazy("姓名"), max_length=60)
    gender = forms.ChoiceField(label=lazy("性别"), required=False, choices=[_BLANK, *GENDER_TITLES.items()])
    id_number = forms.CharField(
        label=lazy("身份证号"), required=False, max_length=24, help_text=lazy("加密保存，只显示首尾；不导出"),
        widget=forms.TextInput(attrs=_OFF),
    )  # fmt: skip
    birth = forms.CharField(
        label=lazy("出生年月"), required=False, max_length=20, help_text=lazy("如 1990-03 或 1990-03-07")
    )
    ethnicity = forms.CharField(label=lazy("民族"), required=False, max_length=20)
    native_place = forms.CharField(label=lazy("籍贯"), required=False, max_length=60)
    admitted_on = ShortDayField(label=lazy("入党时间"), required=False, max_length=20,
                                help_text=lazy("支部党员大会通过之日"))  # fmt: skip
    confirmed_on = ShortDayField(label=lazy("转正时间"), required=False, max_length=20, help_text=lazy("党龄从这天算"))
    education = forms.ChoiceField(label=lazy("学历"), required=False, choices=[_BLANK, *EDUCATION_TITLES.items()])
    degree = forms.CharField(label=lazy("学位"), required=False, max_length=20)
    school = forms.CharField(label=lazy("毕业院校及专业"), required=False, max_length=120)
    worked_since = ShortDayField(label=lazy("参加工作时间"), required=False, max_length=20)
    job = forms.CharField(label=lazy("单位及职务"), required=False, max_length=120)
    work_time = forms.ChoiceField(label=lazy("岗位（专/兼）"), required=False,
                                  choices=[_BLANK, *WORK_TIME_TITLES.items()])  # fmt: skip
    category = forms.CharField(label=lazy("人员类别"), required=False, max_length=40)
    mobile = forms.CharField(label=lazy("手机"), required=False, max_length=30, widget=forms.TextInput(attrs=_OFF))
    home_address = forms.CharField(label=lazy("现住址"), required=False, max_length=100,
                                   widget=forms.TextInput(attrs=_OFF))  # fmt: skip
    police_station = forms.CharField(label=lazy("户籍派出所"), required=False, max_length=60)
    skills = forms.CharField(label=lazy("技能/证书"), required=False, max_length=120)
    floating_note = forms.CharField(label=lazy("流动情况"), required=False, max_length=120)
    note = forms.CharField(label=lazy("备注"), required=False, max_length=200)
    evidence = forms.CharField(
        label=lazy("依据"), max_length=120, help_text=lazy("党组织的文件、介绍信、党员档案等；写名称和文号")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in zones.refused(settings.ZONE, secrets.PERSONAL, zones.Op.STORE) & self.fields.keys():
            del self.fields[name]

    def clean_birth(self) -> str:
        """A day or a month as ISO text."""
        given = self.cleaned_data["birth"]
        read = parse_date(given, month_ok=True)
        if given and (read.code or not read.value or len(read.value) < 7):
            raise ValidationError(_("请写成 1990-03 或 1990-03-07 的样子。"))
        return read.value or ""

    def clean_id_number(self) -> str:
        """An identity number with a right check character."""
        given = self.cleaned_data["id_number"]
        read = parse_ric(given)
        if given and read.code:
            raise ValidationError(_(MESSAGES[read.code]).format(given="…"))
        return read.value or ""

    def clean_mobile(self) -> str:
        """A number that can be called."""
        given = re.sub(r"\s", "", self.cleaned_data["mobile"])
        if given and not _MOBILE.fullmatch(given):
            raise ValidationError(_("这不像一个电话号码，请核对。"))
        return given

    def told(self) -> dict[str, Any]:
        """What is told, with days and their precision."""
        own = {name: self.cleaned_data[name] for name in MemberForm.base_fields if name in self.cleaned_data}
        return spread(own, tuple(n for n in ("worked_since", "admitted_on", "confirmed_on") if n in own))


class TieForm(forms.Form):
    """How a member belongs to a party organization."""

    kind = forms.ChoiceField(label=lazy("类别"), choices=list(AFFILIATION_TITLES.items()))
    start = DateField(label=lazy("起日"), required=False, help_text=lazy("不清楚可以不填"))
    body = forms.CharField(
        label=lazy("所在组织"), required=False, max_length=120, help_text=lazy("社会组织的全称、信用代码或备案号")
    )
    full_time = forms.TypedChoiceField(
        label=lazy("在该组织专职"), required=False, empty_value=None, coerce=lambda value: value == "yes",
        choices=[_BLANK, ("yes", lazy("是")), ("no", lazy("否"))],
    )  # fmt: skip
    outside_name = forms.CharField(
        label=lazy("正式组织关系所在党组织"),
        required=False,
        max_length=120,
        help_text=lazy("类别不是“正式组织关系”时填写"),
    )
    home_contact = forms.CharField(label=lazy("原支部联系人"), required=False, max_length=60)
    consented_on = DateField(label=lazy("书面同意转入的日期"), required=False)
    transfer_due_on = DateField(
        label=lazy("应转入日期"), required=False, help_text=lazy("不填则按书面同意日期和当地期限计算")
    )
    purpose = forms.CharField(label=lazy("目的"), required=False, max_length=120)
    planned_end = DateField(label=lazy("计划结束日期"), required=False)

    def tie(self) -> dict[str, Any]:
        """What is told of the affiliation."""
        return {name: self.cleaned_data.get(name) for name in TIE}

    def clean(self) -> dict[str, Any]:
        """A due day needs a consent; only dual kinds are on their way to a transfer."""
        told = super().clean() or {}
        if told.get("transfer_due_on") and not told.get("consented_on"):
            self.add_error("consented_on", _("有应转入日期的，须填书面同意转入的日期。"))
        if told.get("consented_on") and told.get("kind") not in list(SORTED):
            self.add_error("consented_on", _("只有临时双隶属、双重管理才填书面同意转入的日期。"))
        return told


class EnterForm(MemberForm, TieForm):
    """A member with his first affiliation."""


class CorrectForm(MemberForm):
    """What is told, corrected: secrets left empty stay as they are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in secrets.STAGED.keys() & self.fields.keys():
            self.fields[name].help_text = _("已保存的不显示；不填则不改")


class JoinForm(TieForm):
    """Another affiliation of a known member."""

    party = forms.TypedChoiceField(label=lazy("党组织"), coerce=int)
    field_order = ("party", "kind")

    def __init__(self, *args: Any, parties: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = parties  # type: ignore[attr-defined]
        kinds = [(kind, title) for kind, title in AFFILIATION_TITLES.items() if kind != AffiliationKind.FORMAL]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        del self.fields["outside_name"]


class StageForm(forms.Form):
    """The next stage of sorting out."""

    stage = forms.ChoiceField(label=lazy("变更为"))
    on = DateField(label=lazy("日期"))
    consented_on = DateField(label=lazy("书面同意转入的日期"), required=False)
    transfer_due_on = DateField(label=lazy("应转入日期"), required=False)

    def __init__(self, *args: Any, stage: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [(s, STAGE_TITLES[s]) for s in STAGE_STEPS[Stage(stage)] if s != Stage.MOVED]
        self.fields["stage"].choices = steps  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A due day needs a consent."""
        told = super().clean() or {}
        if told.get("transfer_due_on") and not told.get("consented_on"):
            self.add_error("consented_on", _("有应转入日期的，须填书面同意转入的日期。"))
        return told


class EndForm(forms.Form):
    """A participation ends."""

    on = DateField(label=lazy("结束日期"), help_text=lazy("从这天起不再属于这个党组织"))
    reason = forms.CharField(label=lazy("事由"), max_length=100)


class LeaveForm(forms.Form):
    """Somebody is no longer a member of any party organization of this register."""

    on = DateField(label=lazy("离开日期"))
    reason = forms.ChoiceField(label=lazy("事由"), choices=list(LEFT_REASON_TITLES.items()))
    evidence = forms.CharField(label=lazy("依据"), max_length=120)


class DayForm(forms.Form):
    """A day."""

    on = DateField(label=lazy("日期"))


class AccountForm(forms.Form):
    """The login name of the member's own account."""

    username = forms.CharField(label=lazy("登录名"), max_length=60, widget=forms.TextInput(attrs=_OFF))


class EmptyForm(forms.Form):
    """Nothing but the button."""
