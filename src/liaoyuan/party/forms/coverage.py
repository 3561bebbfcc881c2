"""Query forms of coverage: the board, the list of bodies behind a figure, how it spread."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.models import Area
from liaoyuan.party.queries.coverage import DIMENSION_TITLES
from liaoyuan.party.queries.uncovered import SHOWN_TITLES
from liaoyuan.registry.choices import DISTRICT_FIELD_TITLES, FIELD_TITLES, KIND_TITLES
from liaoyuan.ui.forms import DateField

_ALL = ("", lazy("全部"))


class AreaForm(forms.Form):
    """Which area, which day."""

    as_of = DateField(label=lazy("统计日期"), required=False)
    area = forms.ModelChoiceField(
        Area.objects.none(), label=lazy("区划"), to_field_name="code", required=False, empty_label=None
    )

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]


class BoardForm(AreaForm):
    """The board: by which dimension."""

    by = forms.ChoiceField(label=lazy("按"), choices=list(DIMENSION_TITLES.items()), required=False)


class BodiesForm(AreaForm):
    """The list of bodies."""

    shown = forms.ChoiceField(label=lazy("范围"), choices=list(SHOWN_TITLES.items()), required=False)
    q = forms.CharField(label=lazy("名称"), required=False, max_length=60)
    kind = forms.ChoiceField(label=lazy("类型"), choices=[_ALL, *KIND_TITLES.items()], required=False)
    street = forms.CharField(label=lazy("街道"), required=False, max_length=60)
    field = forms.ChoiceField(
        label=lazy("行业分类"), choices=[_ALL, ("-", lazy("（未填）")), *FIELD_TITLES.items()], required=False
    )
    district_field = forms.ChoiceField(
        label=lazy("所属领域"), choices=[_ALL, ("-", lazy("（未填）")), *DISTRICT_FIELD_TITLES.items()], required=False
    )


MAIN = ("shown", "q", "area", "as_of")
