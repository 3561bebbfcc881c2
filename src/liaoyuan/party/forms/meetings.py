"""Forms of meetings: the arrangement, the sheet, minutes, tasks. They parse and show errors, they never save."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.choices.life import MEETING_STATE_TITLES, MEETING_TITLES, PRESENCE_TITLES, MeetingKind, Presence
from liaoyuan.party.params.meetings import REVIEW_STEP_TITLES
from liaoyuan.ui.forms import DateField, MoneyField


def time_field(label: Any) -> forms.TimeField:
    """A time of day as people write it."""
    return forms.TimeField(
        label=label, required=False, input_formats=["%H:%M", "%H：%M", "%H点%M分", "%H点"],
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off", "placeholder": lazy("如 09:30")}),
        error_messages={"invalid": lazy("时间请写成 09:30 这样。")},
    )  # fmt: skip


def number_field(label: Any, *, required: bool = True, **more: Any) -> forms.IntegerField:
    """A whole number of persons or papers."""
    return forms.IntegerField(
        label=label, min_value=0, max_value=9999, required=required,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **more,
    )  # fmt: skip


def _titled(titles: Mapping[Any, str], empty: str = "") -> list[tuple[str, str]]:
    told = [(str(code), _(title)) for code, title in titles.items()]
    return [("", _(empty)), *told] if empty else told


class ListForm(forms.Form):
    """What the list of meetings is asked."""

    q = forms.CharField(label=lazy("议题或党支部"), required=False, max_length=60)
    kind = forms.ChoiceField(label=lazy("会议类型"), required=False)
    state = forms.ChoiceField(label=lazy("状态"), required=False)
    year = forms.TypedChoiceField(label=lazy("年度"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "kind": _titled(MEETING_TITLES, "全部"), "state": _titled(MEETING_STATE_TITLES, "全部"),
            "year": [("", _("全部")), *((str(y), str(y)) for y in years)],
        }  # fmt: skip
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]


class MeetingForm(forms.Form):
    """The arrangement of a meeting."""

    kind = forms.ChoiceField(label=lazy("会议类型"))
    group = forms.TypedChoiceField(
        label=lazy("党小组"), required=False, coerce=int, empty_value=None, help_text=lazy("只有党小组会选择")
    )
    held_on = DateField(label=lazy("日期"))
    starts = time_field(lazy("开始时间"))
    ends = time_field(lazy("结束时间"))
    place = forms.CharField(label=lazy("地点"), required=False, max_length=120)
    host = forms.CharField(
        label=lazy("主持人"), required=False, max_length=60,
        help_text=lazy("书记主持；书记不能到会的由副书记或委托的委员主持"),
    )  # fmt: skip
    recorder = forms.CharField(label=lazy("记录人"), required=False, max_length=60)
    topic = forms.CharField(label=lazy("议题"), max_length=200)
    content = forms.CharField(
        label=lazy("学习内容"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    observers = forms.CharField(
        label=lazy("列席的非党员"), required=False, max_length=200,
        help_text=lazy("入党积极分子、群众代表等，写姓名或身份"),
    )  # fmt: skip
    observed = number_field(lazy("列席人数"), required=False)
    cost = MoneyField(label=lazy("经费"), required=False)
    effect = forms.CharField(label=lazy("成效"), required=False, max_length=300)
    steps = forms.MultipleChoiceField(
        label=lazy("已完成的步骤"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=lazy("只有民主评议党员填写"),
    )  # fmt: skip

    def __init__(self, *args: Any, groups: Iterable[tuple[int, str]] = (), kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [("", _("不选")), *((str(key), name) for key, name in groups)]
        self.fields["group"].choices = found  # type: ignore[attr-defined]
        self.fields["kind"].choices = _titled(MEETING_TITLES)  # type: ignore[attr-defined]
        self.fields["steps"].choices = _titled(REVIEW_STEP_TITLES)  # type: ignore[attr-defined]
        if len(found) == 1:
            del self.fields["group"]
        if kind:
            for name in ("kind", "group"):
                self.fields.pop(name, None)
        if kind and kind != MeetingKind.REVIEW:
            del self.fields["steps"]
        if kind and kind != MeetingKind.THEME_DAY:
            del self.fields["cost"], self.fields["effect"]

    def clean(self) -> dict[str, Any]:
        """Times in order; steps as text."""
        told = super().clean() or {}
        if told.get("starts") and told.get("ends") and told["ends"] <= told["starts"]:
            self.add_error("ends", _("结束时间须晚于开始时间。"))
        if "steps" in self.fields:
            told["steps"] = ",".join(told.get("steps") or [])
        told["observed"] = told.get("observed") or 0
        return told


class SheetForm(forms.Form):
    """The sheet of a meeting: for each member how he stands, for what reason, and whether he wrote before."""

    told_present = number_field(
        lazy("核对：实到人数"), required=False, help_text=lazy("有表决权的到会人数；与到会表不一致的不保存，可以不填")
    )

    def __init__(self, *args: Any, rows: Sequence[Any], names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        first = [Presence.PRESENT, Presence.ABSENT, Presence.EXCLUDED]
        for row in rows:
            key, name = row.member_id, names.get(row.member_id, "")
            counted = row.voting or row.status == Presence.EXCLUDED
            options = first if counted else [Presence.OBSERVER, Presence.ABSENT]
            self.fields[f"status_{key}"] = forms.ChoiceField(
                label=_("{name}：到会情况").format(name=name), initial=row.status,
                choices=[(str(p), _(PRESENCE_TITLES[p])) for p in options],
            )  # fmt: skip
            if counted:
                self.fields[f"reason_{key}"] = forms.CharField(
                    label=_("{name}：原因").format(name=name), required=False, max_length=100, initial=row.reason
                )
                self.fields[f"written_{key}"] = forms.BooleanField(
                    label=_("{name}：会前提出书面意见").format(name=name), required=False, initial=row.written
                )

    def marks(self) -> dict[int, Mark]:
        """What was said of each member."""
        told = self.cleaned_data
        return {
            row.member_id: Mark(
                told[f"status_{row.member_id}"], told.get(f"reason_{row.member_id}") or "",
                bool(told.get(f"written_{row.member_id}")),
            )
            for row in self.rows
        }  # fmt: skip


class MinutesForm(forms.Form):
    """Minutes and resolution."""

    minutes = forms.CharField(label=lazy("会议记录"), max_length=20000, widget=forms.Textarea(attrs={"rows": 10}))
    resolution = forms.CharField(
        label=lazy("决议"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    signed = forms.BooleanField(label=lazy("主持人、记录人已在纸质记录上签名"), required=False)


class TaskForm(forms.Form):
    """What is to be done."""

    what = forms.CharField(label=lazy("落实事项"), max_length=200)
    who = forms.CharField(label=lazy("责任人"), max_length=60)
    until = DateField(label=lazy("时限"))


class DayForm(forms.Form):
    """A day."""

    on = DateField(label=lazy("日期"))


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=lazy("原因"), max_length=100)


class PlainForm(forms.Form):
    """A form without fields: the button is the answer."""
