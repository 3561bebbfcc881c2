"""Forms of the yearly confirmation of filed bodies, of charity recognition and of fundraising campaigns."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.registry.choices import CONFIRMATION_TITLES, ReportKind
from liaoyuan.registry.params.charity import REPORT_TITLES
from liaoyuan.registry.queries.filings import STATE_TITLES
from liaoyuan.ui.forms import DateField

_YES_NO = [("", lazy("没有问")), ("no", lazy("否")), ("yes", lazy("是"))]


class RoundQueryForm(forms.Form):
    """The query form above the list of confirmations."""

    year = forms.IntegerField(label=lazy("年度"), min_value=2000, max_value=2100, required=False)
    street = forms.ChoiceField(label=lazy("街道"), required=False)
    community = forms.ChoiceField(label=lazy("社区"), required=False)
    state = forms.ChoiceField(label=lazy("状态"), required=False)
    q = forms.CharField(label=lazy("名称或备案号"), max_length=60, required=False)

    def __init__(
        self, *args: Any, streets: Sequence[tuple[str, str]], communities: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        states = [(code, _(title)) for code, title in STATE_TITLES.items()]
        for name, options in (("street", streets), ("community", communities), ("state", states)):
            self.fields[name].choices = [("", _("全部")), *options]  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """How a body confirmed, on whose word, and what it declares (FIL-02)."""

    via = forms.ChoiceField(label=lazy("方式"), choices=list(CONFIRMATION_TITLES.items()), initial="phone")
    word_of = forms.CharField(
        label=lazy("谁说的"), max_length=40, required=False, help_text=lazy("例如：负责人本人；电话确认必填")
    )
    on = DateField(label=lazy("确认日期"))
    outside_area = forms.ChoiceField(label=lazy("在本社区（街道）以外活动"), choices=_YES_NO, required=False)
    charges_fees = forms.ChoiceField(label=lazy("收费"), choices=_YES_NO, required=False)
    for_profit = forms.ChoiceField(label=lazy("营利"), choices=_YES_NO, required=False)

    def declared(self) -> dict[str, bool | None]:
        """Yes, no, or not asked."""
        words = {"yes": True, "no": False}
        names = ("outside_area", "charges_fees", "for_profit")
        return {name: words.get(self.cleaned_data.get(name) or "") for name in names}


class RecognitionForm(forms.Form):
    """The recognition as a charity."""

    on = DateField(label=lazy("认定日期"))
    evidence = forms.CharField(label=lazy("决定文号"), max_length=200)
    public_fundraising = forms.BooleanField(label=lazy("有公开募捐资格"), required=False)
    penalised_on = DateField(
        label=lazy("最近一次行政处罚的日期"), required=False, help_text=lazy("没有受过行政处罚的不填")
    )


class CampaignForm(forms.Form):
    """A plan of public fundraising."""

    title = forms.CharField(label=lazy("募捐活动名称"), max_length=120)
    plan_filed_on = DateField(label=lazy("方案备案日期"), required=False)
    plan_number = forms.CharField(label=lazy("方案备案编号"), max_length=60, required=False)
    starts_on = DateField(label=lazy("开始日期"))
    ends_on = DateField(label=lazy("结束日期"), required=False, help_text=lazy("含项目实施；未定的不填"))
    emergency = forms.BooleanField(label=lazy("应对突发事件，方案事后补办"), required=False)


class ReportForm(forms.Form):
    """A report that was made public."""

    kind = forms.ChoiceField(label=lazy("类别"), choices=list(REPORT_TITLES.items()), initial=str(ReportKind.PROGRESS))
    published_on = DateField(label=lazy("公开日期"))
    where = forms.CharField(label=lazy("公开的渠道"), max_length=200, help_text=lazy("例如：慈善中国、本组织网站"))
