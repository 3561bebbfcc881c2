"""The form that changes one field of many bodies: which field, its new value, from which day."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.kit import text
from liaoyuan.registry.choices import DISTRICT_FIELD_TITLES, SHARED_FIELD_TITLES
from liaoyuan.registry.forms.organizations import ReadField
from liaoyuan.ui.forms import DateField


class SharedForm(forms.Form):
    """`field` and `on`, then a choice or a name; `empty` takes the value away instead."""

    field = forms.ChoiceField(label=lazy("修改哪一项"), choices=list(SHARED_FIELD_TITLES.items()))
    on = DateField(label=lazy("从哪一天起"), help_text=lazy("变更发生的日期；改正录错的内容，写当初生效的日期"))
    district = forms.ChoiceField(
        label=lazy("新的所属领域"),
        required=False,
        choices=[("", lazy("（不改领域）")), *DISTRICT_FIELD_TITLES.items()],
        help_text=lazy("修改“所属领域”时选择"),
    )
    name = ReadField(
        text.parse_name,
        label=lazy("新的单位名称"),
        longest=80,
        required=False,
        help_text=lazy("修改其他四项时填写单位全称"),
    )
    empty = forms.BooleanField(label=lazy("清空这一项，不填新内容"), required=False)

    def clean(self) -> dict[str, Any]:
        """Exactly the value that the field needs."""
        told: dict[str, Any] = super().clean() or {}
        control = "district" if told.get("field") == "district_field" else "name"
        if not told.get("empty") and not told.get(control) and control not in self.errors:
            self.add_error(control, _("请填写新的内容；要清空请勾选下面的“清空这一项”。"))
        return told

    def value(self) -> str:
        """The value to write."""
        told = self.cleaned_data
        if told["empty"]:
            return ""
        return str(told["district"] if told["field"] == "district_field" else told["name"])
