"""The query above the list of idle bodies."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.registry.choices import IDLE_ANSWER_TITLES


class IdleQueryForm(forms.Form):
    """By name and answer; without a wish those that wait."""

    q = forms.CharField(label=lazy("组织名称"), max_length=60, required=False)
    state = forms.ChoiceField(label=lazy("核实结果"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        titles = [(str(code), _(title)) for code, title in IDLE_ANSWER_TITLES.items()]
        self.fields["state"].choices = [("", _("待核实")), *titles, ("all", _("全部"))]  # type: ignore[attr-defined]
