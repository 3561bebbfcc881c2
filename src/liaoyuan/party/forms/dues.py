"""Forms of dues: months, bases, payments, reductions, gifts, use."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.kit.dates import parse_date
from liaoyuan.party.choices.dues import DUES_TITLES, OUTCOME_TITLES
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries.dues_book import BRANCH_TITLES, LINE_TITLES
from liaoyuan.ui.forms import DateField, MoneyField

_ALL = ("", lazy("全部"))


class MonthField(forms.Field):
    """A month in any Chinese writing: 2026-10, 2026年10月, or a day of it. Becomes its first day."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Show the writing we prefer."""
        return {"placeholder": lazy("如 2026-10"), "autocomplete": "off", "maxlength": 20}

    def prepare_value(self, value: Any) -> Any:
        """A stored day as its month; what was typed stays as it was typed."""
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        """The first day of the month, or None when left out. Raises ValidationError for what is no month."""
        if value in self.empty_values or isinstance(value, date):
            return value.replace(day=1) if value else None
        read = parse_date(str(value)[:20], month_ok=True)
        if read.value is None or read.code or len(read.value) < 7:
            raise ValidationError(_("“{given}”不是明确的月份，请写成 2026-10 的样子。").format(given=str(value)[:20]))
        return date.fromisoformat(f"{read.value[:7]}-01")


class BranchesForm(forms.Form):
    """What one may ask of the list of branches."""

    q = forms.CharField(label=lazy("党支部"), required=False, max_length=60)
    month = MonthField(label=lazy("月份"), required=False)
    state = forms.ChoiceField(label=lazy("情况"), required=False, choices=[_ALL, *BRANCH_TITLES.items()])


class MonthForm(forms.Form):
    """Which month of a branch, and which lines."""

    month = MonthField(label=lazy("月份"), required=False)
    state = forms.ChoiceField(label=lazy("交纳情况"), required=False, choices=[_ALL, *LINE_TITLES.items()])


class PayForm(forms.Form):
    """A payment, of one or of many."""

    on = DateField(label=lazy("交费日期"))
    payee = forms.CharField(label=lazy("收款人"), required=False, max_length=60, help_text=lazy("不填为登记人"))


class PayOneForm(PayForm):
    """A payment of one member, with its amount."""

    paid_fen = MoneyField(label=lazy("实交（元）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not queries.amounts():
            del self.fields["paid_fen"]


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=lazy("理由"), max_length=200)


class BaseForm(forms.Form):
    """By what a member's dues are reckoned."""

    category = forms.ChoiceField(label=lazy("交纳标准"), choices=list(DUES_TITLES.items()))
    base_fen = MoneyField(
        label=lazy("党费基数（元）"), required=False,
        help_text=lazy("每月税后相对固定、经常性的工资收入；离退休为每月离退休费；农民和没有收入的不填"),
    )  # fmt: skip
    start = MonthField(label=lazy("自哪个月起"))
    set_on = DateField(label=lazy("核定日期"))
    signed_on = DateField(label=lazy("本人签字日期"), required=False)


class WaiverForm(forms.Form):
    """A reduction with its papers."""

    first_month = MonthField(label=lazy("起始月"))
    last_month = MonthField(label=lazy("截止月"))
    due_fen = MoneyField(label=lazy("减免后每月应交（元）"), help_text=lazy("免交填 0"))
    applied_on = DateField(label=lazy("本人申请日期"))
    agreed_on = DateField(label=lazy("党支部讨论同意日期"))
    approval = forms.CharField(label=lazy("上级基层党委批准文号"), max_length=80)
    approved_on = DateField(label=lazy("批准日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not queries.amounts():
            del self.fields["due_fen"]


class RequestForm(forms.Form):
    """What a member asks: over which months, and how much a month he would pay."""

    first_month = MonthField(label=lazy("起始月"))
    last_month = MonthField(label=lazy("截止月"))
    wished_fen = MoneyField(label=lazy("申请每月交纳（元）"), help_text=lazy("申请免交填 0"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not queries.amounts():
            del self.fields["wished_fen"]


class PaperForm(RequestForm):
    """The same out of the member's paper, by the branch."""

    member = forms.ChoiceField(label=lazy("党员"))
    applied_on = DateField(label=lazy("本人申请日期"))
    field_order = ("member", "applied_on")

    def __init__(self, *args: Any, members: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = list(members)  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """A day."""

    on = DateField(label=lazy("日期"))


class NothingForm(forms.Form):
    """Nothing to fill in: only to say yes."""


class GrantForm(forms.Form):
    """What the basic committee decided."""

    approval = forms.CharField(label=lazy("上级基层党委批准文号"), max_length=80)
    approved_on = DateField(label=lazy("批准日期"))
    due_fen = MoneyField(label=lazy("减免后每月应交（元）"), help_text=lazy("免交填 0"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not queries.amounts():
            del self.fields["due_fen"]


class StudyForm(forms.Form):
    """The matter of unpaid months is opened: the day on which the member was heard."""

    heard_on = DateField(label=lazy("听取本人说明日期"), help_text=lazy("只记日期，不记内容"))
    on = DateField(label=lazy("提交研究日期"))


class StudyEndForm(forms.Form):
    """What the branch came to."""

    outcome = forms.ChoiceField(label=lazy("研究结果"), choices=list(OUTCOME_TITLES.items()))
    on = DateField(label=lazy("研究日期"))
    document = forms.CharField(
        label=lazy("报告文号"), required=False, max_length=80, help_text=lazy("报上级党委的填写")
    )


class ExtraForm(forms.Form):
    """A sum paid of one's own will."""

    member = forms.ChoiceField(label=lazy("党员"))
    on = DateField(label=lazy("交费日期"))
    amount_fen = MoneyField(label=lazy("多交数额（元）"))
    handed_up_on = DateField(label=lazy("上缴日期"), required=False)
    receipt_no = forms.CharField(label=lazy("收据编号"), required=False, max_length=80)

    def __init__(self, *args: Any, members: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = list(members)  # type: ignore[attr-defined]


class UseForm(forms.Form):
    """Money spent out of the dues."""

    on = DateField(label=lazy("日期"))
    purpose = forms.CharField(label=lazy("事由"), max_length=200, help_text=lazy("只写用途，不写个人情况"))
    amount_fen = MoneyField(label=lazy("金额（元）"))
    approved_by = forms.CharField(label=lazy("批准人"), max_length=60)
    voucher_no = forms.CharField(label=lazy("票据号"), required=False, max_length=80)


class YearForm(forms.Form):
    """A year."""

    year = forms.IntegerField(label=lazy("年度"), required=False, min_value=1950, max_value=2999)
