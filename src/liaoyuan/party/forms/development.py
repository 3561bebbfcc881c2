"""Forms of people on the way into the party: the list's query, the application, one form a kind of step, the quota."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.kit.cells import MESSAGES
from liaoyuan.kit.identifiers import parse_ric
from liaoyuan.party.models import Member
from liaoyuan.party.params.way import (
    CLOSE_REASON_TITLES,
    CONFIRM_OUTCOME_TITLES,
    DEVELOPMENT_STAGE_TITLES,
    EXAMINED_TITLES,
    CloseReason,
    ConfirmOutcome,
)
from liaoyuan.party.queries import bodies
from liaoyuan.party.queries.development_dossier import STATE_TITLES as DOSSIER_STATES
from liaoyuan.party.queries.development_list import STATE_TITLES
from liaoyuan.people.choices import EDUCATION_TITLES, GENDER_TITLES
from liaoyuan.registry.models import Organization
from liaoyuan.ui.forms import DateField

_ALL = ("", lazy("全部"))
_UNKNOWN = ("", lazy("未填"))
MAIN = ("q", "stage", "state")
_PAPER = lazy("有文号或编号的填写；不填写内容")


class ListForm(forms.Form):
    """What one may ask of the list."""

    q = forms.CharField(label=lazy("姓名"), required=False, max_length=60)
    stage = forms.ChoiceField(
        label=lazy("阶段"), required=False, choices=[_ALL, *list(DEVELOPMENT_STAGE_TITLES.items())[:4]]
    )
    state = forms.ChoiceField(label=lazy("情况"), required=False, choices=list(STATE_TITLES.items()))


class BranchForm(forms.Form):
    """Which party organizations are offered."""

    q = forms.CharField(label=lazy("名称"), required=False, max_length=60)


class DossierForm(forms.Form):
    """Which papers of a dossier are shown."""

    state = forms.ChoiceField(label=lazy("情况"), required=False, choices=[_ALL, *DOSSIER_STATES.items()])


class BodyField(forms.CharField):
    """A social organization by its full name, code or filing number; empty for none."""

    def clean(self, value: Any) -> Organization | None:
        """The organization. ValidationError when none or several fit."""
        text = super().clean(value)
        if not text:
            return None
        found = bodies.one_of(text)
        if found is None:
            raise ValidationError(_("找不到这个组织，请写全称、统一社会信用代码或备案号。"))
        return found


class ApplicantForm(forms.Form):
    """An own application, and what the party organization tells of the applicant."""

    name = forms.CharField(label=lazy("姓名"), max_length=60)
    on = DateField(label=lazy("递交入党申请书的日期"), help_text=lazy("本人申请书上写明的日期"))
    birth = DateField(label=lazy("出生日期"), help_text=lazy("加密保存"))
    id_number = forms.CharField(
        label=lazy("身份证号"), required=False, max_length=18, help_text=lazy("加密保存，不显示")
    )
    gender = forms.ChoiceField(label=lazy("性别"), required=False, choices=[_UNKNOWN, *GENDER_TITLES.items()])
    education = forms.ChoiceField(label=lazy("学历"), required=False, choices=[_UNKNOWN, *EDUCATION_TITLES.items()])
    organization = BodyField(label=lazy("所在组织"), required=False, max_length=120,
                             help_text=lazy("在登记库里的：全称、代码或备案号"))  # fmt: skip
    job = forms.CharField(label=lazy("单位及职务"), required=False, max_length=120)
    leaves_on = DateField(label=lazy("将离开单位的日期"), required=False, help_text=lazy("知道的填写"))
    evidence = forms.CharField(label=lazy("申请书编号"), required=False, max_length=80)

    def __init__(self, *args: Any, without: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in without:
            del self.fields[name]

    def clean_id_number(self) -> str:
        """A valid identity number, or nothing."""
        text = str(self.cleaned_data["id_number"]).strip()
        if not text:
            return ""
        read = parse_ric(text)
        if read.code:
            raise ValidationError(_(MESSAGES[read.code]).format(given="…"))
        return read.value or ""

    def told(self) -> dict[str, Any]:
        """The fields of an applicant."""
        names = ("name", "birth", "id_number", "gender", "education", "job", "leaves_on")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class MoveForm(forms.Form):
    """The papers follow to another branch."""

    party = forms.ChoiceField(label=lazy("转入的党组织"))
    on = DateField(label=lazy("转入日期"))
    organization = BodyField(label=lazy("所在组织"), required=False, max_length=120)

    def __init__(self, *args: Any, parties: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [("", lazy("请选择")), *((str(key), name) for key, name in parties)]  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """The way ends."""

    on = DateField(label=lazy("结束日期"))
    reason = forms.ChoiceField(
        label=lazy("事由"),
        choices=[(str(key), title) for key, title in CLOSE_REASON_TITLES.items() if key != CloseReason.CANCELLED],
    )


class StepForm(forms.Form):
    """A step with its day and the number of its paper."""

    on = DateField(label=lazy("日期"))
    evidence = forms.CharField(label=lazy("文号或编号"), required=False, max_length=80, help_text=_PAPER)

    def __init__(self, *args: Any, papers: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not papers:
            for name in ("evidence", "training_days", "training_hours", "reason", "special_reason"):
                self.fields.pop(name, None)


class TrainingForm(StepForm):
    """Step 11."""

    training_days = forms.IntegerField(label=lazy("培训天数"), required=False, min_value=0, max_value=60)
    training_hours = forms.IntegerField(label=lazy("培训学时"), required=False, min_value=0, max_value=500)
    reason = forms.CharField(label=lazy("经批准不参加的理由"), required=False, max_length=100)


class PrereviewForm(StepForm):
    """Step 13."""

    leaves_on = DateField(label=lazy("将离开单位的日期"), required=False, help_text=lazy("没有的不填"))


class MentorsForm(forms.Form):
    """Contacts or introducers."""

    on = DateField(label=lazy("日期"))
    members = forms.MultipleChoiceField(label=lazy("本支部党员"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, members: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = [(str(key), name) for key, name in members]  # type: ignore[attr-defined]

    def chosen(self) -> list[Member]:
        """The members that are ticked, in the form's order."""
        keys = [int(key) for key in self.cleaned_data["members"]]
        found = {member.pk: member for member in Member.objects.known().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


class ExamineForm(forms.Form):
    """An examination."""

    on = DateField(label=lazy("考察日期"))
    result = forms.ChoiceField(label=lazy("结论"), choices=list(EXAMINED_TITLES.items()))


class VoteForm(forms.Form):
    """Totals of a vote on one person. E is computed from the roster of the day and never typed."""

    on = DateField(label=lazy("支部大会日期"))
    meeting = forms.CharField(label=lazy("会议编号"), required=False, max_length=40)
    present = forms.IntegerField(label=lazy("实到有表决权的党员"), min_value=0, max_value=9999)
    written = forms.IntegerField(label=lazy("会前书面意见份数"), required=False, min_value=0, max_value=9999)
    yes = forms.IntegerField(label=lazy("赞成"), min_value=0, max_value=9999)
    no = forms.IntegerField(label=lazy("反对"), required=False, min_value=0, max_value=9999)
    abstain = forms.IntegerField(label=lazy("弃权"), required=False, min_value=0, max_value=9999)
    introducers_present = forms.BooleanField(label=lazy("两名入党介绍人到会"), required=False, initial=True)
    outcome = forms.ChoiceField(label=lazy("讨论的事项"), choices=list(CONFIRM_OUTCOME_TITLES.items()))
    months = forms.IntegerField(label=lazy("延长月数"), required=False, min_value=1, max_value=36,
                                help_text=lazy("延长预备期时填写"))  # fmt: skip

    def __init__(self, *args: Any, admission: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("outcome", "months") if admission else ("introducers_present",):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """An extension says for how long."""
        told = super().clean() or {}
        if told.get("outcome") == ConfirmOutcome.EXTEND and not told.get("months"):
            self.add_error("months", _("请填写延长的月数。"))
        return told

    def told(self) -> dict[str, Any]:
        """The totals; what is left empty is none."""
        zero = ("written", "no", "abstain")
        return {name: (value or 0) if name in zero else value for name, value in self.cleaned_data.items()}


class ApproveForm(StepForm):
    """The committee's approval of an admission (17) or of what was decided after probation (24)."""

    received_on = DateField(label=lazy("收到决议的日期"))
    special_reason = forms.CharField(label=lazy("超过三个月的特殊情况"), required=False, max_length=100)

    field_order = ("received_on", "on", "evidence", "special_reason")

    def __init__(self, *args: Any, admission: bool, received: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not admission:
            self.fields.pop("special_reason", None)
        self.fields["received_on"].initial = received


class QuotaForm(forms.Form):
    """The plan of a year for a party organization."""

    party = forms.ChoiceField(label=lazy("党组织"))
    year = forms.IntegerField(label=lazy("年度"), min_value=2014, max_value=2100)
    number = forms.IntegerField(label=lazy("计划数"), min_value=0, max_value=9999)
    evidence = forms.CharField(label=lazy("下达的文号"), required=False, max_length=80)

    def __init__(self, *args: Any, parties: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [("", lazy("请选择")), *((str(key), name) for key, name in parties)]  # type: ignore[attr-defined]


class YearForm(forms.Form):
    """Which year's plan is shown."""

    year = forms.IntegerField(label=lazy("年度"), required=False, min_value=2014, max_value=2100)
