"""Forms of votes and elections: totals only. No field asks who voted how."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.party.choices.life import DECISION_TITLES, ELECTED_TITLES, METHOD_TITLES, DecisionKind, Method
from liaoyuan.party.choices.organizations import OfficerKind
from liaoyuan.party.forms.meetings import number_field
from liaoyuan.party.params.way import CONFIRM_OUTCOME_TITLES
from liaoyuan.ui.forms import DateField

#: What stands between names.
_BETWEEN = re.compile(r"[、,，;；\s]+")


class DecisionForm(forms.Form):
    """What is put to the vote."""

    matter = forms.ChoiceField(
        label=lazy("发展党员的事项"),
        required=False,
        help_text=lazy("选择后按会议和步骤确定事项类别；第 15、23 步须无记名投票"),
    )
    outcome = forms.ChoiceField(label=lazy("转正的决定"), required=False)
    months = forms.IntegerField(label=lazy("延长月数"), required=False, min_value=1, max_value=36)
    kind = forms.ChoiceField(label=lazy("事项类别"), required=False)
    subject = forms.CharField(label=lazy("事项"), required=False, max_length=200)
    member = forms.TypedChoiceField(
        label=lazy("涉及的党员"), required=False, coerce=int, empty_value=None,
        help_text=lazy("接收预备党员、预备党员转正逐人表决时选择"),
    )  # fmt: skip
    method = forms.ChoiceField(label=lazy("表决方式"), widget=forms.RadioSelect, initial=Method.HANDS.value)
    tellers = forms.CharField(label=lazy("监票人、计票人"), required=False, max_length=60)

    def __init__(
        self, *args: Any, kinds: Iterable[DecisionKind], people: Iterable[tuple[int, str]],
        matters: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        if not any(key.endswith("-23") for key, _words in matters):
            del self.fields["outcome"], self.fields["months"]
        else:
            told_so = [("", _("不涉及")), *((str(o), _(title)) for o, title in CONFIRM_OUTCOME_TITLES.items())]
            self.fields["outcome"].choices = told_so  # type: ignore[attr-defined]
        if matters:
            self.fields["matter"].choices = [("", _("不涉及")), *matters]  # type: ignore[attr-defined]
        else:
            del self.fields["matter"]
        told = [("", _("不涉及")), *((str(key), name) for key, name in people)]
        choices: dict[str, Any] = {
            "kind": [(str(kind), _(DECISION_TITLES[kind])) for kind in kinds], "member": told,
            "method": [(str(code), _(title)) for code, title in METHOD_TITLES.items()],
        }  # fmt: skip
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A vote that is about nobody on the way names its kind and subject itself."""
        told = super().clean() or {}
        if not told.get("matter"):
            for name in ("kind", "subject"):
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("请填写“{title}”。").format(title=self.fields[name].label))
        return told

    def about(self) -> tuple[int, int] | None:
        """The applicant's key and the step that are chosen."""
        applicant, _sign, step = str(self.cleaned_data.get("matter") or "").partition("-")
        return (int(applicant), int(step)) if step else None


class TotalsForm(forms.Form):
    """The totals of a vote."""

    issued = number_field(lazy("发出票数"))
    returned = number_field(lazy("收回票数"))
    yes = number_field(lazy("赞成"))
    no = number_field(lazy("反对"))
    abstain = number_field(lazy("弃权"))
    spoiled = number_field(lazy("废票"), required=False)

    def __init__(self, *args: Any, hands: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hands:
            for name in ("issued", "returned", "spoiled"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A field left out is none."""
        told = super().clean() or {}
        told["spoiled"] = told.get("spoiled") or 0
        return told


class ElectionForm(forms.Form):
    """An election that is opened."""

    post = forms.ChoiceField(label=lazy("选举职务"))
    seats = number_field(lazy("应选名额"))
    candidates = forms.TypedMultipleChoiceField(
        label=lazy("候选人"), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("请至少选一名候选人。")},
    )  # fmt: skip
    tellers = forms.CharField(label=lazy("监票人、计票人"), max_length=60, help_text=lazy("候选人不能担任"))

    def __init__(
        self, *args: Any, posts: Iterable[OfficerKind], people: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = list(people)
        self.names = dict(people)
        posts_ = [(str(post), _(ELECTED_TITLES[post])) for post in posts]
        self.fields["post"].choices = posts_  # type: ignore[attr-defined]
        self.fields["candidates"].choices = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """No candidate is a teller."""
        told = super().clean() or {}
        tellers = _BETWEEN.split(told.get("tellers") or "")
        standing = [self.names.get(key, "") for key in told.get("candidates") or ()]
        wrong = [name for name in standing if name and name in tellers]
        if wrong:
            self.add_error("tellers", _("候选人不能担任监票人、计票人：{names}。").format(names="、".join(wrong)))
        return told


class CountForm(forms.Form):
    """The sums of an election: papers, and for each candidate how many are for him."""

    issued = number_field(lazy("发出选票"))
    returned = number_field(lazy("收回选票"))
    spoiled = number_field(lazy("废票"))

    def __init__(self, *args: Any, candidates: Sequence[Any], names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [row.member_id for row in candidates]
        for key in self.keys:
            label = _("{name}：得票").format(name=names.get(key, ""))
            self.fields[f"sum_{key}"] = number_field(label)

    def sums(self) -> dict[int, int]:
        """Votes for each candidate."""
        return {key: self.cleaned_data[f"sum_{key}"] for key in self.keys}


def _reason() -> forms.CharField:
    return forms.CharField(
        label=lazy("更正原因"),
        max_length=200,
        min_length=2,
        help_text=lazy("例如“把 5 票误写成 6 票”；只给计票人和上级看"),
    )


class CorrectTotalsForm(TotalsForm):
    """Other totals of a vote, and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = _reason()


class CorrectCountForm(CountForm):
    """Other sums of an election, and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = _reason()


class ApprovalForm(forms.Form):
    """The superior's approval."""

    approval = forms.CharField(label=lazy("批复文号"), max_length=80)
    approved_on = DateField(label=lazy("批复日期"))
