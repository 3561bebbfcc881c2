"""Forms of running projects: records of work, monthly logs."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.models import Expense, Indicator
from liaoyuan.ui.forms import DateField

_NONE = ("", lazy("（未选）"))
_ALL = ("", lazy("全部"))
_MOST = 1_000_000


class WorkForm(forms.Form):
    """What was done on one day. `indicator_<key>` fields hold what it counts towards each indicator."""

    held_on = DateField(label=lazy("日期"))
    place = forms.CharField(label=lazy("地点"), max_length=80)
    title = forms.CharField(label=lazy("做了什么"), max_length=60, help_text=lazy("一句话，如“重阳节入户慰问”"))
    served = forms.IntegerField(label=lazy("服务人次"), min_value=0, max_value=_MOST)
    persons = forms.IntegerField(
        label=lazy("服务人数"), required=False, min_value=0, max_value=_MOST, help_text=lazy("不重复计算，不清楚的不填")
    )
    volunteers = forms.IntegerField(label=lazy("志愿者人次"), required=False, min_value=0, max_value=_MOST)
    content = forms.CharField(
        label=lazy("内容"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("过程和效果。不写服务对象的姓名、电话和家里的情况"),
    )  # fmt: skip
    step = forms.TypedChoiceField(label=lazy("对应计划的哪一步"), required=False, coerce=int, empty_value=None)
    pledge = forms.TypedChoiceField(label=lazy("兑现的红色元素"), required=False, coerce=int, empty_value=None)
    vouchers = forms.TypedMultipleChoiceField(
        label=lazy("这次活动的支出凭证"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    on_behalf = forms.CharField(
        label=lazy("代填：按谁的说法"), max_length=60, help_text=lazy("谁、电话还是到场、还是纸质材料")
    )
    reason = forms.CharField(label=lazy("更正的原因"), max_length=200)
    token = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, indicators: Iterable[Indicator], steps: Iterable[tuple[int, str]],
        pledges: Iterable[tuple[int, str]], vouchers: Iterable[Expense], office: bool, correcting: bool, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        lists: dict[str, list[Any]] = {"step": list(steps), "pledge": list(pledges)}
        for name, choices in lists.items():
            if choices:
                self.fields[name].choices = [_NONE, *choices]  # type: ignore[attr-defined]
            else:
                del self.fields[name]
        offered = [(row.pk, f"{row.spent_on:%m-%d} {row.title} {row.amount_fen / 100:.2f}") for row in vouchers]
        if offered:
            self.fields["vouchers"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["vouchers"]
        if not office or correcting:
            del self.fields["on_behalf"]
        if not correcting:
            del self.fields["reason"]
        for row in indicators:
            self.fields[f"indicator_{row.pk}"] = forms.IntegerField(
                label=_("{title}（{unit}）").format(title=row.title, unit=row.unit), required=False, min_value=0,
                max_value=_MOST,
            )  # fmt: skip

    @property
    def counts(self) -> dict[int, int]:
        """What was typed for each indicator, by its key."""
        found = {name: value for name, value in self.cleaned_data.items() if name.startswith("indicator_")}
        return {int(name.partition("_")[2]): value for name, value in found.items() if value}

    def sections(self) -> list[tuple[str, list[str]]]:
        """The fields under headings, as they are filled in on the spot."""
        counted = [name for name in self.fields if name.startswith("indicator_")]
        return [
            ("", ["held_on", "place", "title", "served", "persons", "volunteers", "content"]),
            *([(str(_("计入指标")), counted)] if counted else []),
            (str(_("其他")), ["step", "pledge", "vouchers", "on_behalf", "reason", "token"]),
        ]


class RecordsForm(forms.Form):
    """What one may ask of the list of records."""

    q = forms.CharField(label=lazy("名称、地点"), required=False, max_length=60)
    month = forms.ChoiceField(label=lazy("月份"), required=False)

    def __init__(self, *args: Any, months: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [_ALL, *months]  # type: ignore[attr-defined]


class MonthForm(forms.Form):
    """What is told with a month's log."""

    note = forms.CharField(
        label=lazy("本月情况"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("没有记录或有提醒的，在这里说明"),
    )  # fmt: skip
    on_behalf = forms.CharField(label=lazy("代填：按谁的说法"), max_length=60)

    def __init__(self, *args: Any, office: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not office:
            del self.fields["on_behalf"]


class DueForm(forms.Form):
    """Why something is returned, and by when it is handed in again."""

    reason = forms.CharField(label=lazy("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    due_on = DateField(label=lazy("重新交的期限"))


def month_of(text: str) -> date | None:
    """The first day of a month written as 2026-05; None for anything else."""
    year, _dash, month = text.partition("-")
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and month.isascii() and month.isdecimal()):
        return None
    return date(int(year), int(month), 1) if 1990 <= int(year) <= 2100 and 1 <= int(month) <= 12 else None


def lines(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The named values, None where there is none."""
    return {name: values.get(name) for name in names}
