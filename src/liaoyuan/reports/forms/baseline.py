"""The query form of 整理清单."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.core.models import Area


class BaselineForm(forms.Form):
    """Of which area."""

    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("区划"), to_field_name="code", required=False, empty_label=None
    )

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
