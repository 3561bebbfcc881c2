"""Instalments that are owed longer than the place allows (GV-PAY-02): of a round, of all that a user runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from liaoyuan.funding.choices.awards import AgreementState, TrancheState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import Agreement, Round, Tranche
from liaoyuan.funding.queries import limits, money
from liaoyuan.kit.findings import Finding


@dataclass(frozen=True, slots=True)
class Late:
    """One instalment that is late: by which day it was owed, and the sentence of the rule."""

    agreement: Agreement
    tranche: Tranche
    due_on: date
    finding: Finding


def of_round(round_: Round, on: date) -> list[Late]:
    """Of one round, the longest owed first."""
    return _late(Agreement.objects.filter(project__round=round_), on) if _counts(round_) else []


def of_user(user: Any, on: date) -> list[Late]:
    """Of all rounds that the user runs, the longest owed first."""
    unpaid = Tranche.objects.filter(agreement=OuterRef("pk")).exclude(
        state__in=[TrancheState.PAID.value, TrancheState.CANCELLED.value]
    )
    rounds = Round.objects.run_by(user, Permission.EDIT)
    return _late(Agreement.objects.filter(Exists(unpaid), project__round__in=rounds), on)


def _counts(round_: Round) -> bool:
    """Whether the place says until when an instalment is paid."""
    return bool(limits.limits_of(round_)["gv.tranche.workdays"])


def _late(rows: Any, on: date) -> list[Late]:
    signed = rows.filter(state=AgreementState.SIGNED.value).select_related("project__round__programme__area")
    waiting = signed.prefetch_related("tranches", "conditions")
    found = [line for row in waiting if _counts(row.project.round) for line in _of(row, on)]
    return sorted(found, key=lambda line: (line.due_on, line.agreement.pk, line.tranche.no))


def _of(agreement: Agreement, on: date) -> Iterable[Late]:
    by_no = {one.no: one for one in agreement.tranches.all()}
    for finding in money.late_payments(agreement, on):
        yield Late(agreement, by_no[finding.args["no"]], date.fromisoformat(finding.args["due"]), finding)
