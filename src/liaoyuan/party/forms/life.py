"""Forms of the daily life: groups, plan, talks (no text), training, review."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.party.choices.life import DUTY_TITLES, GRADE_TITLES, MEETING_TITLES, PAIR_TITLES, Duty
from liaoyuan.party.forms.meetings import number_field
from liaoyuan.ui.forms import DateField

type People = Sequence[tuple[int, str]]
#: Empty lines under each duty of a plan.
SPARE = 2


class GroupForm(forms.Form):
    """A group."""

    name = forms.CharField(label=lazy("名称"), max_length=60, help_text=lazy("例如“第一党小组”"))
    leader = forms.TypedChoiceField(label=lazy("组长"), coerce=int)
    members = forms.TypedMultipleChoiceField(
        label=lazy("组员"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    on = DateField(label=lazy("起日"))

    def __init__(self, *args: Any, people: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].choices = list(people)  # type: ignore[attr-defined]
        self.fields["members"].choices = list(people)  # type: ignore[attr-defined]


class TalkForm(forms.Form):
    """A talk: the day and the pair. There is no field for what was said."""

    on = DateField(label=lazy("日期"))
    kind = forms.ChoiceField(label=lazy("类别"))
    one = forms.TypedChoiceField(label=lazy("一方"), coerce=int)
    other = forms.TypedChoiceField(label=lazy("另一方"), coerce=int)

    def __init__(self, *args: Any, people: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(str(code), _(title)) for code, title in PAIR_TITLES.items()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        for name in ("one", "other"):
            self.fields[name].choices = list(people)  # type: ignore[attr-defined]


class TrainingForm(forms.Form):
    """Study of several members at once."""

    on = DateField(label=lazy("日期"))
    what = forms.CharField(label=lazy("内容"), max_length=120)
    hours = forms.DecimalField(
        label=lazy("学时"), min_value=Decimal("0.1"), max_value=200, decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    rotation = forms.BooleanField(
        label=lazy("县级以上轮训"), required=False, help_text=lazy("书记每年至少一次，新任书记半年以内一次")
    )
    members = forms.TypedMultipleChoiceField(
        label=lazy("参加的党员"), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("请至少选一人。")},
    )  # fmt: skip

    def __init__(self, *args: Any, people: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = list(people)  # type: ignore[attr-defined]

    @property
    def minutes(self) -> int:
        """The hours as minutes."""
        return int(self.cleaned_data["hours"] * 60)


class GradesForm(forms.Form):
    """Results of the yearly review."""

    def __init__(self, *args: Any, people: People, grades: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [("", _("未评")), *((str(code), _(title)) for code, title in GRADE_TITLES.items())]
        self.keys = [key for key, _name in people]
        for key, name in people:
            self.fields[f"grade_{key}"] = forms.ChoiceField(
                label=name, choices=told, required=False, initial=grades.get(key, "")
            )

    def grades(self) -> dict[int, str]:
        """Grades by member; whoever was not asked about is left alone."""
        return {key: self.cleaned_data[f"grade_{key}"] for key in self.keys if f"grade_{key}" in self.data}


class PlanForm(forms.Form):
    """A branch's yearly plan under the three duties; an empty line is none."""

    def __init__(self, *args: Any, lines: Mapping[Duty, Sequence[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", _("不是会议")), *((str(code), _(title)) for code, title in MEETING_TITLES.items())]
        self.places: list[tuple[Duty, str]] = []
        for duty in DUTY_TITLES:
            told = list(lines.get(duty, ()))
            for n, line in enumerate([*told, *([None] * SPARE)]):
                name = f"{duty}_{n}"
                self.places.append((duty, name))
                self.fields[f"{name}_month"] = number_field(_("月份"), required=False, initial=line and line["month"])
                self.fields[f"{name}_what"] = forms.CharField(
                    label=_("内容"), max_length=200, required=False, initial=line and line["what"]
                )
                self.fields[f"{name}_kind"] = forms.ChoiceField(
                    label=_("会议类型"), choices=kinds, required=False, initial=line and line["kind"]
                )
                self.fields[f"{name}_who"] = forms.CharField(
                    label=_("负责人"), max_length=60, required=False, initial=line and line["who"]
                )

    def clean(self) -> dict[str, Any]:
        """A line with words has a month of the year."""
        told = super().clean() or {}
        for _duty, name in self.places:
            month = told.get(f"{name}_month")
            if told.get(f"{name}_what") and not (month and 1 <= month <= 12):
                self.add_error(f"{name}_month", _("请写 1 至 12 的月份。"))
        return told

    def lines(self) -> list[dict[str, Any]]:
        """The lines that have words."""
        told = self.cleaned_data
        return [
            {"duty": str(duty), **{part: told[f"{name}_{part}"] for part in ("month", "what", "kind", "who")}}
            for duty, name in self.places if told.get(f"{name}_what")
        ]  # fmt: skip


class YearForm(forms.Form):
    """Which year."""

    year = forms.TypedChoiceField(label=lazy("年度"), coerce=int, required=False)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(y), str(y)) for y in years]  # type: ignore[attr-defined]


class FrequencyForm(YearForm):
    """Which quarter, of which branches."""

    q = forms.CharField(label=lazy("党支部"), required=False, max_length=60)
    quarter = forms.TypedChoiceField(
        label=lazy("季度"), coerce=int, required=False,
        choices=[("1", lazy("第一季度")), ("2", lazy("第二季度")), ("3", lazy("第三季度")), ("4", lazy("第四季度"))],
    )  # fmt: skip
    field_order = ("q", "year", "quarter")
