"""Where each instalment of an agreement stands, in plain words: for the body, the office and the finance desk alike."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.funding.choices.awards import (
    TRANCHE_STATE_TITLES,
    TURN_TITLES,
    AgreementState,
    TrancheState,
    Turn,
    Waiting,
)
from liaoyuan.funding.choices.money import TRANCHE_TRIGGER_TITLES
from liaoyuan.funding.models import Agreement, Tranche, TrancheCondition
from liaoyuan.funding.params.purse import CONDITION_HINT_TITLES, HINT_TITLES, LACK_TITLES
from liaoyuan.funding.queries import where

_MARKS = {TrancheState.PAID: "ok", TrancheState.CANCELLED: "closed", TrancheState.PLANNED: "info"}


@dataclass(frozen=True, slots=True)
class Stage:
    """One instalment: whose turn it is since when and until when, what it lacks, what the body can do."""

    tranche: Tranche
    met: TrancheCondition | None
    trigger: str
    turn: str
    since: date | None
    due_on: date | None
    lacks: str
    hint: str

    @property
    def state(self) -> tuple[str, str]:
        """Mark and word of its state."""
        return state_words(self.tranche, self.met)


def state_words(row: Tranche, met: TrancheCondition | None = None) -> tuple[str, str]:
    """Mark and word of the state of an instalment."""
    if row.state == TrancheState.PLANNED and met is not None:
        return "review", _("待经办")
    return _MARKS.get(TrancheState(row.state), "review"), _(TRANCHE_STATE_TITLES[row.state])


def of_agreement(agreement: Agreement, on: date) -> list[Stage]:
    """The instalments in their order. No statement where they and their conditions were read before."""
    following = where.waiting(agreement)
    return [_stage(agreement, one, following, on) for one in agreement.tranches.all()]


def _stage(agreement: Agreement, row: Tranche, following: Tranche | None, on: date) -> Stage:
    met, trigger = where.met_of(agreement, row), _(TRANCHE_TRIGGER_TITLES[row.trigger])
    if row.state == TrancheState.PAID:
        return Stage(row, met, trigger, "", row.paid_on, None, "", _(HINT_TITLES["paid"]))
    if row.state == TrancheState.CANCELLED or agreement.state != AgreementState.SIGNED:
        return Stage(row, met, trigger, "", None, None, "", _(HINT_TITLES["cancelled"]))
    if following is not None and row.no > following.no:
        lacks = _("第 {no} 期还没有付清").format(no=following.no)
        if met is None:
            lacks += "；" + _lacking(trigger)
        hint = _(HINT_TITLES["earlier"]) if met is not None else _(CONDITION_HINT_TITLES[row.trigger])
        return Stage(row, met, trigger, "", None, None, lacks, hint)
    if met is None:
        turn = _(TURN_TITLES[where.BROUGHT_BY[row.trigger]])
        return Stage(row, met, trigger, turn, where.last_step(agreement), None, _lacking(trigger),
                     _(CONDITION_HINT_TITLES[row.trigger]))  # fmt: skip
    waits, turn_code = where.TURNS[row.state]
    lacks = _(LACK_TITLES[waits])
    if waits == Waiting.PREPARE and row.note:
        lacks = _("退回重办：{note}").format(note=row.note)
    return Stage(row, met, trigger, _(TURN_TITLES[turn_code]), where.since(row, met.met_on),
                 where.due(agreement, row, met.met_on), lacks, _(HINT_TITLES["moving"]))  # fmt: skip


def _lacking(trigger: str) -> str:
    return _("拨付条件“{trigger}”还没有具备").format(trigger=trigger)


def before_signing() -> str:
    """What the body can do before an agreement is signed."""
    return _(HINT_TITLES["agreement"])


def turn_words(turn: Turn) -> str:
    """Whose turn it is."""
    return "" if turn == Turn.NOBODY else _(TURN_TITLES[turn])
