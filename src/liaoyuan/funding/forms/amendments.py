"""Forms of changes of a running project."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.money import AMENDMENT_TITLES, AmendmentKind
from liaoyuan.ui.forms import DateField

#: The fields of the form by kind; indicators and lines of the budget are sets of their own.
FIELDS: dict[str, tuple[str, ...]] = {
    AmendmentKind.LEADER: ("leader",), AmendmentKind.PERIOD: ("starts_on", "ends_on"),
    AmendmentKind.PLACE: ("places",),
}  # fmt: skip


class AmendmentForm(forms.Form):
    """What shall change, and why. Only the chosen kinds are read."""

    kinds = forms.MultipleChoiceField(
        label=lazy("要变更的内容"), choices=list(AMENDMENT_TITLES.items()), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("请选择要变更的内容。")},
    )  # fmt: skip
    reason = forms.CharField(label=lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    leader = forms.CharField(label=lazy("新的项目负责人"), max_length=60, required=False)
    starts_on = DateField(label=lazy("开始日期"), required=False)
    ends_on = DateField(label=lazy("结束日期"), required=False)
    places = forms.CharField(
        label=lazy("实施地点"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("一行一个地点"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Both days where the period shall change."""
        told = super().clean() or {}
        if AmendmentKind.PERIOD in told.get("kinds", ()):
            for name in FIELDS[AmendmentKind.PERIOD]:
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("请填写日期。"))
        return told

    def wanted(self) -> dict[str, Any]:
        """The chosen plain kinds as an amendment asks for them."""
        told = self.cleaned_data
        values = {
            AmendmentKind.LEADER: told.get("leader", ""),
            AmendmentKind.PERIOD: [told[n].isoformat() if told.get(n) else "" for n in FIELDS[AmendmentKind.PERIOD]],
            AmendmentKind.PLACE: [line.strip() for line in told.get("places", "").splitlines() if line.strip()],
        }  # fmt: skip
        return {str(kind): value for kind, value in values.items() if kind in told.get("kinds", ())}


class DecisionForm(forms.Form):
    """What the host says of a change."""

    opinion = forms.CharField(
        label=lazy("意见"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("不同意的须写明理由"),
    )  # fmt: skip
