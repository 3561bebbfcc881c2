"""Forms of the committee's decisions: one project, or all that wait in one table."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.review import REVIEW_OUTCOME_TITLES, ReviewOutcome
from liaoyuan.ui.forms import MoneyField

_OUTCOMES = list(REVIEW_OUTCOME_TITLES.items())


class DecideForm(forms.Form):
    """What the committee decided of one project."""

    outcome = forms.ChoiceField(label=lazy("决定"), choices=_OUTCOMES, widget=forms.RadioSelect)
    amount_fen = MoneyField(label=lazy("拟资助金额（元）"), required=False)
    reason = forms.CharField(
        label=lazy("理由"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("候补和不予立项必须写，申报组织会看到；名次和最优组合都没有选入而拟立项的，也要写"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Money only for what is proposed."""
        told = super().clean() or {}
        if told.get("outcome") != ReviewOutcome.PROPOSED:
            told["amount_fen"] = 0
        elif not told.get("amount_fen") and "amount_fen" not in self.errors:
            self.add_error("amount_fen", _("请写拟资助的金额。"))
        return told


class AllForm(forms.Form):
    """Decisions of many projects at once: for each an outcome, an amount where proposed, a reason where needed."""

    def __init__(self, *args: Any, rows: Iterable[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            key, name = row["key"], row["number"]
            self.fields[f"outcome-{key}"] = forms.ChoiceField(
                label=_("{number} 决定").format(number=name), choices=_OUTCOMES, initial=row["outcome"]
            )
            self.fields[f"amount_fen-{key}"] = MoneyField(
                label=_("{number} 金额").format(number=name), required=False, initial=row["amount_fen"], help_text=" "
            )
            self.fields[f"reason-{key}"] = forms.CharField(
                label=_("{number} 理由").format(number=name), required=False, max_length=1000, initial=row["reason"]
            )
            self.fields[f"version-{key}"] = forms.IntegerField(
                initial=row["version"], widget=forms.HiddenInput, min_value=0, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Reasons where the decision asks for one, money where it gives some."""
        told = super().clean() or {}
        for row in self.rows:
            key = row["key"]
            proposed = told.get(f"outcome-{key}") == ReviewOutcome.PROPOSED
            if proposed and not told.get(f"amount_fen-{key}") and f"amount_fen-{key}" not in self.errors:
                self.add_error(f"amount_fen-{key}", _("请写拟资助的金额。"))
            if not proposed and not told.get(f"reason-{key}") and f"reason-{key}" not in self.errors:
                self.add_error(f"reason-{key}", _("候补和不予立项须写明理由。"))
        return told

    def decision(self, key: int) -> dict[str, Any]:
        """What is decided of the project with this key."""
        told = self.cleaned_data
        outcome = told[f"outcome-{key}"]
        return {
            "outcome": outcome, "reason": told[f"reason-{key}"], "version": told[f"version-{key}"],
            "amount_fen": (told[f"amount_fen-{key}"] or 0) if outcome == ReviewOutcome.PROPOSED else 0,
        }  # fmt: skip
