"""Forms of claims: the query above the list, and the decision."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.registry.params.claims import STATE_TITLES


class ClaimQueryForm(forms.Form):
    """The query form above the list of claims. Without a wish the waiting ones are shown."""

    q = forms.CharField(label=lazy("组织或申请人"), max_length=60, required=False)
    state = forms.ChoiceField(label=lazy("状态"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        titles = [(code, _(title)) for code, title in STATE_TITLES.items()]
        self.fields["state"].choices = [*titles, ("all", _("全部"))]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Agree or send back; the reason is required only for sending back, which the action judges."""

    reason = forms.CharField(
        label=lazy("核实情况，或退回的理由"), max_length=200, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("退回时必填，申请人凭申请码可以看到；同意时可以写明怎样核实的"),
    )  # fmt: skip
