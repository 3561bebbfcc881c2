"""Forms of venues: the query of the list, a venue, giving it up, a booking."""

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.clock import SHANGHAI
from liaoyuan.kit.text import half_width
from liaoyuan.party.queries.venues import STATE_TITLES
from liaoyuan.ui.forms import DateField

_ALL = ("", lazy("使用中的"))
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:时点]([0-5][0-9])分?|([01]?[0-9]|2[0-3])[时点]")


class ListForm(forms.Form):
    """What one may ask of the list of venues."""

    q = forms.CharField(label=lazy("名称、地址或提供单位"), required=False, max_length=60)
    state = forms.ChoiceField(label=lazy("状态"), required=False, choices=[_ALL, *STATE_TITLES.items()])


class TimeField(forms.Field):
    """A time of the day: 14:30, 14时30分, 14点."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Show the writing we prefer."""
        return {"placeholder": lazy("如 14:30"), "autocomplete": "off", "maxlength": 10}

    def to_python(self, value: Any) -> time | None:
        """The time, or None when left out. Raises ValidationError for what is none."""
        if value in self.empty_values:
            return None
        found = _TIME.fullmatch(half_width(str(value)).strip())
        if found is None:
            raise ValidationError(_("“{given}”不是明确的时间，请写成 14:30 的样子。").format(given=str(value)[:10]))
        return time(int(found[1] or found[3]), int(found[2] or 0))


class VenueForm(forms.Form):
    """What is told of a venue."""

    party = forms.ChoiceField(label=lazy("党组织"))
    name = forms.CharField(label=lazy("名称"), max_length=80)
    address = forms.CharField(label=lazy("地址"), max_length=120)
    square_metres = forms.IntegerField(label=lazy("面积（㎡）"), required=False, min_value=1, max_value=100_000)
    provider = forms.CharField(label=lazy("提供单位"), required=False, max_length=120)
    shared_by = forms.CharField(
        label=lazy("共建单位"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("一行一个"),
    )  # fmt: skip
    hours = forms.CharField(label=lazy("开放时间"), required=False, max_length=120)
    keeper = forms.CharField(label=lazy("负责人"), required=False, max_length=60)
    equipment = forms.CharField(
        label=lazy("设备"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    signs = forms.MultipleChoiceField(label=lazy("“六有”情况"), required=False, widget=forms.CheckboxSelectMultiple)
    is_open = forms.BooleanField(label=lazy("可供本地其他党组织预约"), required=False)

    def __init__(
        self, *args: Any, parties: Iterable[tuple[int, str]] = (), signs: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signs"].choices = [(item, item) for item in signs]  # type: ignore[attr-defined]
        offered = list(parties)
        if offered:
            self.fields["party"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["party"]


class CloseForm(forms.Form):
    """A venue is given up."""

    on = DateField(label=lazy("停用日期"))
    reason = forms.CharField(label=lazy("理由"), max_length=200)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=lazy("理由"), max_length=120)


class BookForm(forms.Form):
    """A booking on one day."""

    party = forms.ChoiceField(label=lazy("预约的党组织"))
    on = DateField(label=lazy("日期"))
    starts = TimeField(label=lazy("开始时间"))
    ends = TimeField(label=lazy("结束时间"))
    purpose = forms.CharField(label=lazy("用途"), max_length=120, help_text=lazy("如：支部党员大会、主题党日"))

    def __init__(self, *args: Any, parties: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = list(parties)  # type: ignore[attr-defined]

    def span(self) -> tuple[datetime, datetime]:
        """First and last moment."""
        told = self.cleaned_data
        return tuple(datetime.combine(told["on"], told[n], SHANGHAI) for n in ("starts", "ends"))  # type: ignore[return-value]
