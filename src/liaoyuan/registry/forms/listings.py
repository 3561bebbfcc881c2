"""Forms of proposals for the lists: the proposal, and what is written down at each step."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.registry.params.annual_words import GROUND_TITLES, LISTING_TITLES
from liaoyuan.ui.forms import DateField


class ProposalQueryForm(forms.Form):
    """The query above the list of proposals."""

    q = forms.CharField(label=lazy("组织或事由"), max_length=60, required=False)
    wants = forms.ChoiceField(label=lazy("建议"), required=False)
    state = forms.ChoiceField(label=lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [(code, _(title)) for code, title in LISTING_TITLES.items()]
        self.fields["wants"].choices = [("", _("全部")), *titles]  # type: ignore[attr-defined]
        states = [("open", _("办理中")), ("done", _("已办结")), ("all", _("全部"))]
        self.fields["state"].choices = states  # type: ignore[attr-defined]


class ProposalForm(forms.Form):
    """A proposal by hand."""

    wants = forms.ChoiceField(label=lazy("建议"), choices=list(LISTING_TITLES.items()))
    ground = forms.ChoiceField(label=lazy("事由类别"), choices=list(GROUND_TITLES.items()))
    reason = forms.CharField(label=lazy("事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    arisen_on = DateField(label=lazy("信息产生日期"))


class NumberForm(forms.Form):
    """A paper that goes out: its number and day."""

    number = forms.CharField(label=lazy("文号"), max_length=40)
    on = DateField(label=lazy("日期"))


class DeliveryForm(forms.Form):
    """Whether a letter was signed for."""

    result = forms.ChoiceField(
        label=lazy("签收情况"), choices=[("signed", lazy("已签收")), ("unsigned", lazy("无人签收"))]
    )
    on = DateField(label=lazy("签收或退回日期"))


class HeardForm(forms.Form):
    """What the body said for itself."""

    words = forms.CharField(label=lazy("陈述申辩要点"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    on = DateField(label=lazy("收到日期"))


class DecisionForm(forms.Form):
    """The decision."""

    listing = forms.ChoiceField(label=lazy("决定"), choices=[("1", lazy("同意建议")), ("0", lazy("不予列入"))])
    number = forms.CharField(label=lazy("决定书文号"), max_length=40, required=False)
    on = DateField(label=lazy("决定日期"))
    note = forms.CharField(label=lazy("说明"), max_length=300, required=False, help_text=lazy("不予列入的须写明理由"),
                           widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
