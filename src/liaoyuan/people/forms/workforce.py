"""The query form of the workforce's figures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.models import Area
from liaoyuan.people.queries.workforce import DIMENSIONS, GROUP_TITLES
from liaoyuan.ui.forms import DateField

_DIMS = [(name, title) for name, (title, _titles) in DIMENSIONS.items()]


class WorkforceForm(forms.Form):
    """Which day and area, whom, which dimension down and across. `year` down gives the last years."""

    as_of = DateField(label=lazy("统计日期"), required=False)
    area = forms.ModelChoiceField(
        Area.objects.none(), label=lazy("区划"), to_field_name="code", required=False, empty_label=None
    )
    group = forms.ChoiceField(label=lazy("范围"), choices=list(GROUP_TITLES.items()), required=False)
    down = forms.ChoiceField(label=lazy("行"), choices=[*_DIMS, ("year", lazy("年度"))], required=False)
    across = forms.ChoiceField(label=lazy("列"), choices=[("", lazy("（不分列）")), *_DIMS], required=False)

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        self.fields["area"].label_from_instance = lambda area: area.name  # type: ignore[attr-defined]
