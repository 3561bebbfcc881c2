"""Forms of the comparison pages: what each column is, which differences are shown, what is decided about them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from liaoyuan.core.choices import DifferenceSort
from liaoyuan.core.forms.imports import UNITS, UploadForm
from liaoyuan.core.queries.comparing import OUTCOME_TITLES, SORT_TITLES

__all__ = ["DecideForm", "FilterForm", "MappingForm", "UploadForm"]


class MappingForm(forms.Form):
    """One choice per column of the other system's sheet, and the unit of money."""

    unit = forms.ChoiceField(label=gettext_lazy("金额单位"), choices=UNITS, required=False)

    def __init__(self, *args: Any, labels: Sequence[str], fields: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext_lazy("不比这一列")), *fields]
        self.labels = list(labels)
        for place, label in enumerate(self.labels):
            self.fields[f"column{place}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    def mapping(self) -> dict[str, str]:
        """Label → field, as chosen."""
        return {label: self.cleaned_data[f"column{place}"] for place, label in enumerate(self.labels)}


class FilterForm(forms.Form):
    """Which differences are shown."""

    q = forms.CharField(label=gettext_lazy("名称或代码"), required=False, max_length=60)
    sort = forms.ChoiceField(label=gettext_lazy("类型"), required=False)
    field = forms.ChoiceField(label=gettext_lazy("字段"), required=False)

    def __init__(self, *args: Any, fields: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sorts = [(str(s), gettext_lazy(SORT_TITLES[s])) for s in DifferenceSort]
        self.fields["sort"].choices = [("", gettext_lazy("全部")), *sorts]  # type: ignore[attr-defined]
        self.fields["field"].choices = [("", gettext_lazy("全部")), *fields]  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """What is decided, and a note."""

    outcome = forms.ChoiceField(choices=list(OUTCOME_TITLES.items()))
    note = forms.CharField(required=False, max_length=200)
