"""Forms of policy rows: the query above the lists, and the edit of one parameter."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.core.moments import RULE_FAMILIES
from liaoyuan.core.params import ORIGIN_TITLES, SEVERITY_TITLES, STATUS_TITLES
from liaoyuan.core.rules.parameters import SHAPE_TITLES, Shape, read
from liaoyuan.ui.forms import DateField, MoneyField

_SWITCH = (("on", gettext_lazy("开启")), ("off", gettext_lazy("关闭")))


def _choices(titles: Mapping[str, str], empty: str = "") -> list[tuple[str, str]]:
    return [*([("", empty)] if empty else []), *((code, _(title)) for code, title in titles.items())]


class ParameterQueryForm(forms.Form):
    """What the list of parameters is narrowed by."""

    q = forms.CharField(label=gettext_lazy("编号或名称"), max_length=60, required=False)
    family = forms.ChoiceField(label=gettext_lazy("规则类别"), required=False)
    jurisdiction = forms.ChoiceField(label=gettext_lazy("适用范围"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    origin = forms.ChoiceField(label=gettext_lazy("来源"), required=False)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._offer("family", _choices(RULE_FAMILIES, _("全部")))
        self._offer("jurisdiction", [("", _("全部")), *places])
        self._offer("status", _choices(STATUS_TITLES, _("全部")))
        self._offer("origin", _choices(ORIGIN_TITLES, _("全部")))

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class RuleQueryForm(forms.Form):
    """What the list of rules is narrowed by."""

    q = forms.CharField(label=gettext_lazy("编号或内容"), max_length=60, required=False)
    family = forms.ChoiceField(label=gettext_lazy("规则类别"), required=False)
    asked = forms.ChoiceField(label=gettext_lazy("是否提问"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        families: Any = self.fields["family"]
        families.choices = _choices(RULE_FAMILIES, _("全部"))
        asked: Any = self.fields["asked"]
        asked.choices = [("", _("全部")), ("yes", _("已提问")), ("no", _("尚未提问"))]


class ParameterForm(forms.Form):
    """One local row: where, from when, which value, how heavy, on what ground."""

    jurisdiction = forms.ChoiceField(label=gettext_lazy("适用范围"))
    valid_from = DateField(label=gettext_lazy("起"))
    valid_to = DateField(label=gettext_lazy("止（不含）"), required=False, help_text=gettext_lazy("不填为长期有效。"))
    value = forms.CharField(label=gettext_lazy("值"), required=False)
    severity = forms.ChoiceField(label=gettext_lazy("力度"))
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("文件名称、文号和条款。")
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)

    def __init__(
        self, *args: Any, shape: Shape, places: Sequence[tuple[str, str]], weighs: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.shape = shape
        value = self._value_field(shape)
        if value is not None:
            self.fields["value"] = value
        self.fields["value"].help_text = _(SHAPE_TITLES[shape])
        offered: Any = self.fields["jurisdiction"]
        offered.choices = list(places)
        severity: Any = self.fields["severity"]
        severity.choices = _choices(SEVERITY_TITLES)
        if not weighs:  # a mere value has no severity of its own
            del self.fields["severity"]

    @staticmethod
    def _value_field(shape: Shape) -> forms.Field | None:
        label = gettext_lazy("值")
        if shape == Shape.FEN:
            return MoneyField(label=label, required=False)
        if shape == Shape.SWITCH:
            return forms.ChoiceField(label=label, choices=_SWITCH)
        if shape == Shape.TABLE:
            return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 8}))
        return None

    def clean_value(self) -> Any:
        """The value as the database keeps it."""
        given = self.cleaned_data["value"]
        if self.shape == Shape.FEN:
            return given
        try:
            return read(given, self.shape)
        except (ValueError, json.JSONDecodeError) as error:
            raise ValidationError(_("应为%(shape)s。") % {"shape": _(SHAPE_TITLES[self.shape])}) from error
