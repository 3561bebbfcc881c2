"""The query form of the statistics pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.core.models import Area
from liaoyuan.registry.queries.statistics import DIMENSIONS
from liaoyuan.ui.forms import DateField

_DIMS = [(name, title) for name, (title, _titles) in DIMENSIONS.items()]


class StatisticsForm(forms.Form):
    """Which area, which day, which dimension down and across, registered or filed bodies."""

    as_of = DateField(label=_("统计日期"), required=False)
    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("区划"), to_field_name="code", required=False, empty_label=None
    )
    down = forms.ChoiceField(label=_("行"), choices=_DIMS, required=False)
    across = forms.ChoiceField(label=_("列"), choices=[("", _("（不分列）")), *_DIMS], required=False)
    group = forms.ChoiceField(
        label=_("范围"), choices=[("registered", _("登记的组织")), ("filed", _("备案的组织"))], required=False
    )

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
