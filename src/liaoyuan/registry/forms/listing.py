"""The query form of the list of organizations: reads the address, never fails, shows what is wrong beside the field."""

from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from liaoyuan.registry.choices import (
    CREDIT_TITLES,
    DISTRICT_FIELD_TITLES,
    FIELD_TITLES,
    KIND_TITLES,
    RATINGS,
    STATUS_TITLES,
    CreditStatus,
)
from liaoyuan.ui.forms import DateField, Field, describe

_ALL = ("", _("全部"))
_LEVELS = [*((level, level) for level in RATINGS), ("4A+", _("4A 及以上")), ("3A+", _("3A 及以上"))]
MAIN = ("q", "kind", "status", "rating")


class ListForm(forms.Form):
    """What one may ask of the list. Place (`area`, `street`, `community`) and `group` are links, not fields."""

    q = forms.CharField(label=_("名称或代码"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[_ALL, *KIND_TITLES.items()])
    status = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("存续")), ("all", _("全部，含已终止")), *STATUS_TITLES.items()]
    )
    rating = forms.ChoiceField(
        label=_("评估等级"), required=False, choices=[_ALL, *_LEVELS, ("any", _("有等级")), ("none", _("无等级"))]
    )
    field = forms.ChoiceField(
        label=_("行业分类"), required=False, choices=[_ALL, *FIELD_TITLES.items(), ("none", _("未填"))]
    )
    district_field = forms.ChoiceField(
        label=_("所属领域"), required=False, choices=[_ALL, *DISTRICT_FIELD_TITLES.items(), ("none", _("未填"))]
    )
    credit = forms.ChoiceField(
        label=_("信用"), required=False,
        choices=[_ALL, ("normal", _("不在名单上")), ("listed", _("在名单上")),
                 *((k, v) for k, v in CREDIT_TITLES.items() if k != CreditStatus.NORMAL)],
    )  # fmt: skip
    since = DateField(label=_("成立日期从"), required=False)
    until = DateField(label=_("成立日期到"), required=False)
    expires = DateField(label=_("证书或备案到期不晚于"), required=False)
    traits = forms.MultipleChoiceField(
        label=_("资格"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("is_charity", _("慈善组织")), ("public_fundraising", _("公开募捐资格")),
                 ("tax_deductible", _("税前扣除资格"))],
    )  # fmt: skip
    external = forms.BooleanField(label=_("包括外区登记的组织"), required=False)
    as_of = DateField(label=_("哪一天的情况"), required=False)


class Asked:
    """The query as read: `cleaned`, the described fields, the filters in force.

    A page is opened far more often than its form is wrong, so fields are described once per value and kept; only a
    faulty address builds the form itself.
    """

    def __init__(self, given: QueryDict) -> None:
        self.cleaned: dict[str, Any] = {}
        self.faulty: list[str] = []
        self._given: dict[str, tuple[str, ...]] = {}
        for name, field in ListForm.base_fields.items():
            values = tuple(value[:100] for value in given.getlist(name) if value)
            self._given[name] = values
            many = isinstance(field, forms.MultipleChoiceField)
            raw: Any = list(values) if many else (values[-1] if values else "")
            try:
                self.cleaned[name] = field.clean(raw)
            except ValidationError:
                self.faulty.append(name)
                self.cleaned[name] = field.clean([] if many else "")

    def fields(self) -> dict[str, Field]:
        """All fields by name, as the macros print them."""
        if self.faulty:
            data = QueryDict(mutable=True)
            for name, values in self._given.items():
                data.setlist(name, list(values))
            return describe(ListForm(data))
        language = get_language()
        return {name: _field(name, values, language) for name, values in self._given.items()}

    def words(self) -> list[tuple[str, str, str]]:
        """(field, label, value in words) of every filter in force."""
        told = []
        for name, field in self.fields().items():
            if self._given[name] and name not in self.faulty:
                options = {option.value: option.label for option in field.options}
                shown = "、".join(options.get(value, value) for value in self._given[name])
                told.append((name, field.label, "" if field.kind == "check" else shown))
        return told


@lru_cache(maxsize=512)
def _field(name: str, values: tuple[str, ...], language: str | None) -> Field:
    data = QueryDict(mutable=True)
    data.setlist(name, list(values))
    form = ListForm(data)
    form.fields = {name: form.fields[name]}
    return describe(form)[name]
