"""Forms of an application: begin, its sections, handing in, returning."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES, PRICE_KIND_TITLES
from liaoyuan.funding.choices.states import PROJECT_STATE_TITLES
from liaoyuan.funding.params.application_form import PLEDGE_TITLES, SECTION_TITLES, TEXTS
from liaoyuan.funding.queries import bodies
from liaoyuan.registry.models import Organization
from liaoyuan.ui.forms import DateField, MoneyField

_ALL = ("", lazy("全部"))
_NONE = ("", lazy("（未选）"))
_MOST = 80
_MOST_BYTES = 5 * 2**20


class ProjectsForm(forms.Form):
    """What one may ask of the list of projects."""

    q = forms.CharField(label=lazy("项目、组织或编号"), required=False, max_length=60)
    round = forms.TypedChoiceField(label=lazy("届"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label=lazy("状态"), required=False, choices=[_ALL, *PROJECT_STATE_TITLES.items()])

    def __init__(self, *args: Any, rounds: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].choices = [_ALL, *rounds]  # type: ignore[attr-defined]


class BodyField(forms.CharField):
    """A body by its full name, code or filing number. Becomes the organization."""

    def clean(self, value: Any) -> Organization | None:
        """Raises ValidationError for what fits no body or several."""
        text = super().clean(value)
        if not text:
            return None
        found = bodies.named(text)
        if len(found) != 1:
            told = _("没有找到“{given}”。") if not found else _("“{given}”不止一个，请写统一社会信用代码。")
            raise ValidationError((told + _("请写全称、统一社会信用代码或备案号。")).format(given=text[:40]))
        return found[0]


class NewForm(forms.Form):
    """The beginning of an application."""

    organization = forms.TypedChoiceField(label=lazy("申报组织"), coerce=int)
    body = BodyField(label=lazy("申报组织"), max_length=120, help_text=lazy("全称、统一社会信用代码或备案号"))
    title = forms.CharField(label=lazy("项目名称"), max_length=60)
    copied_from = forms.TypedChoiceField(
        label=lazy("从以前的申报书复制"), required=False, coerce=int, empty_value=None,
        help_text=lazy("内容、团队、计划和预算都带过来，只改要改的"),
    )  # fmt: skip
    on_behalf = forms.CharField(
        label=lazy("代填：按谁的说法"), max_length=60, help_text=lazy("谁、电话还是到场、还是纸质材料")
    )

    def __init__(
        self, *args: Any, own: Iterable[tuple[int, str]], earlier: Iterable[tuple[int, str]], office: bool,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        mine, known = list(own), list(earlier)
        if office:
            del self.fields["organization"]
        else:
            del self.fields["body"], self.fields["on_behalf"]
            self.fields["organization"].choices = mine  # type: ignore[attr-defined]
        if known:
            self.fields["copied_from"].choices = [_NONE, *known]  # type: ignore[attr-defined]
        else:
            del self.fields["copied_from"]


class BasicForm(forms.Form):
    """Name, field, place, need, sponsor, period."""

    title = forms.CharField(label=lazy("项目名称"), max_length=60)
    field = forms.ChoiceField(label=lazy("领域"), required=False)
    area = forms.TypedChoiceField(label=lazy("落地街道（社区）"), required=False, coerce=int, empty_value=None)
    need = forms.TypedChoiceField(label=lazy("对应需求"), required=False, coerce=int, empty_value=None)
    starts_on = DateField(label=lazy("开始日期"), required=False)
    ends_on = DateField(label=lazy("结束日期"), required=False)
    sponsor = BodyField(
        label=lazy("支持组织"), required=False, max_length=120,
        help_text=lazy("备案的社区社会组织通过一个已登记的组织申报，资金进它的账户；其他组织不填"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, fields: Iterable[tuple[str, str]], areas: Iterable[tuple[int, str]],
        needs: Iterable[tuple[int, str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [_NONE, *fields]  # type: ignore[attr-defined]
        self.fields["area"].choices = [_NONE, *areas]  # type: ignore[attr-defined]
        self.fields["need"].choices = [_NONE, *needs]  # type: ignore[attr-defined]


class TextsForm(forms.Form):
    """The texts of the application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for text in TEXTS:
            self.fields[text.key] = forms.CharField(
                label=_(text.title), help_text=_(text.help), required=False, max_length=text.most,
                widget=forms.Textarea(attrs={"rows": 4}),
            )  # fmt: skip


class MemberLine(forms.Form):
    """One member of the team."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=lazy("姓名"), max_length=60)
    role = forms.CharField(label=lazy("角色"), max_length=40)
    lead = forms.BooleanField(label=lazy("项目负责人"), required=False)
    full_time = forms.BooleanField(label=lazy("专职"), required=False)
    percent = forms.IntegerField(label=lazy("投入时间（%）"), min_value=0, max_value=100)
    qualification = forms.CharField(label=lazy("学历和资格"), required=False, max_length=80)


class StepLine(forms.Form):
    """One step of the plan."""

    period = forms.CharField(label=lazy("时间"), max_length=40)
    content = forms.CharField(label=lazy("内容"), max_length=200)
    frequency = forms.CharField(label=lazy("频次"), required=False, max_length=40)
    place = forms.CharField(label=lazy("地点"), required=False, max_length=80)
    persons = forms.IntegerField(label=lazy("人次"), required=False, min_value=0, max_value=10_000_000)


class IndicatorLine(forms.Form):
    """One indicator."""

    title = forms.CharField(label=lazy("指标"), max_length=80)
    unit = forms.CharField(label=lazy("单位"), max_length=10)
    target = forms.IntegerField(label=lazy("目标值"), min_value=1, max_value=10_000_000)
    evidence = forms.CharField(label=lazy("证明方式"), required=False, max_length=120)


class RiskLine(forms.Form):
    """One risk."""

    title = forms.CharField(label=lazy("风险"), max_length=120)
    measure = forms.CharField(label=lazy("对策"), max_length=200)


class PledgeLine(forms.Form):
    """One red element."""

    kind = forms.ChoiceField(label=lazy("红色元素"), choices=[_NONE, *PLEDGE_TITLES.items()])
    title = forms.CharField(label=lazy("承诺内容"), max_length=120)
    planned_on = DateField(label=lazy("计划日期"), required=False)


class QuantityField(forms.DecimalField):
    """A quantity with at most two places, as hundredths."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=Decimal(0), **options)

    def clean(self, value: Any) -> Any:
        """Hundredths."""
        read = super().clean(value)
        return None if read is None else int(read * 100)

    def prepare_value(self, value: Any) -> Any:
        """Stored hundredths as people write them; what was typed stays as it was typed."""
        if not isinstance(value, int):
            return value
        whole, rest = divmod(value, 100)
        return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


class BudgetLineForm(forms.Form):
    """One line of the budget."""

    budget_class = forms.ChoiceField(label=lazy("科目"), choices=[_NONE, *BUDGET_CLASS_TITLES.items()])
    title = forms.CharField(label=lazy("明细"), max_length=80)
    price_fen = MoneyField(label=lazy("单价（元）"), help_text=" ")
    quantity = QuantityField(label=lazy("数量"))
    unit = forms.CharField(label=lazy("单位"), required=False, max_length=10)
    times = forms.IntegerField(label=lazy("频次"), min_value=1, max_value=10_000, required=False)
    own_fen = MoneyField(label=lazy("自筹配套（元）"), required=False, help_text=" ")
    member = forms.TypedChoiceField(label=lazy("付给谁"), required=False, coerce=int, empty_value=None)
    price_kind = forms.ChoiceField(
        label=lazy("单价的种类"), required=False, choices=[_NONE, *PRICE_KIND_TITLES.items()]
    )
    basis = forms.CharField(label=lazy("测算依据"), required=False, max_length=200)
    note = forms.CharField(label=lazy("备注"), required=False, max_length=200)

    def __init__(self, *args: Any, members: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [_NONE, *members]  # type: ignore[attr-defined]


def _lines(form: type[forms.Form], extra: int) -> Any:
    return forms.formset_factory(form, extra=extra, max_num=_MOST, validate_max=True, can_delete=True,
                                 can_delete_extra=False)  # fmt: skip


SETS: Mapping[str, Any] = {
    "team": _lines(MemberLine, 2),
    "plan": _lines(StepLine, 3),
    "outcomes": _lines(IndicatorLine, 3),
    "risks": _lines(RiskLine, 2),
    "pledges": _lines(PledgeLine, 2),
    "budget": _lines(BudgetLineForm, 4),
}


class PasteForm(forms.Form):
    """Lines of the budget as copied from a spreadsheet."""

    text = forms.CharField(
        label=lazy("粘贴自表格"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 8, "wrap": "off"}),
        help_text=lazy("连同表头一起复制：科目、明细、单价、单位、数量、频次、金额、资助资金、自筹配套、测算依据"),
        required=False,
    )  # fmt: skip
    file = forms.FileField(
        label=lazy("或者上传填好的预算表"), required=False, help_text=lazy("xlsx、xls、ods、csv，最大 5 MB"),
        max_length=120,
    )  # fmt: skip

    def clean_file(self) -> Any:
        """No larger than a budget may be."""
        file = self.cleaned_data.get("file")
        if file is not None and file.size > _MOST_BYTES:
            raise ValidationError(_("文件超过 5 MB。"))
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        told = super().clean() or {}
        if not self.errors and not told.get("text") and not told.get("file"):
            self.add_error("text", _("请粘贴或上传。"))
        return told


class ReasonForm(forms.Form):
    """Why an application is taken back."""

    reason = forms.CharField(label=lazy("原因"), max_length=200)


class GiveBackForm(forms.Form):
    """What is to be corrected, until when."""

    text = forms.CharField(label=lazy("补正意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    sections = forms.MultipleChoiceField(
        label=lazy("须补正的部分"), required=False, choices=list(SECTION_TITLES.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    due_on = DateField(label=lazy("补正期限"), help_text=lazy("当天二十四时截止"))


class SubmitForm(forms.Form):
    """What the office tells when it hands in for a body."""

    on_paper = DateField(label=lazy("收到签字盖章承诺书的日期"), required=False)
    late_reason = forms.CharField(label=lazy("逾期受理的理由"), max_length=200, required=False)
    on_behalf = forms.CharField(label=lazy("代填：按谁的说法"), max_length=60, required=False)
