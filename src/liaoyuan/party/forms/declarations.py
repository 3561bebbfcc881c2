"""The form of what a body declares: mass organizations, money for party building; the query of a cell's records."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.party.forms.coverage import AreaForm
from liaoyuan.party.queries.statutory import COLUMN_TITLES
from liaoyuan.party.queries.statutory_cells import COLUMNS
from liaoyuan.ui.forms import DateField, MoneyField

_TOLD = (("", lazy("（未填）")), ("yes", lazy("有")), ("no", lazy("没有")))


def _told(value: str) -> bool | None:
    return None if value == "" else value == "yes"


def word(value: bool | None) -> str:
    """How the form writes what is stored."""
    return "" if value is None else "yes" if value else "no"


class DeclarationForm(forms.Form):
    """What a body declares from a day on. It asks of the body, never of a person."""

    start = DateField(label=lazy("自哪天起"))
    has_union = forms.TypedChoiceField(
        label=lazy("工会"), choices=_TOLD, required=False, coerce=_told, empty_value=None
    )
    has_youth = forms.TypedChoiceField(
        label=lazy("共青团组织"), choices=_TOLD, required=False, coerce=_told, empty_value=None
    )
    has_women = forms.TypedChoiceField(
        label=lazy("妇女组织"), choices=_TOLD, required=False, coerce=_told, empty_value=None
    )
    funds_fen = MoneyField(
        label=lazy("党建经费"), required=False, help_text=lazy("本组织一年用于党建工作的经费，可以写“1.5万元”")
    )
    funds_year = forms.IntegerField(label=lazy("经费年度"), required=False, min_value=2000, max_value=2100)
    note = forms.CharField(label=lazy("备注"), required=False, max_length=200)

    def told(self) -> dict[str, Any]:
        """The declared values."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "start"}
        return told if told["funds_fen"] is not None else {**told, "funds_year": None}


class CellForm(AreaForm):
    """Which cell of F04: the column, and the body of its line."""

    column = forms.ChoiceField(label=lazy("栏目"), choices=[(name, COLUMN_TITLES[name]) for name in COLUMNS])
    body = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)
