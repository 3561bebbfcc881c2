"""Many agreements drafted in one go: each whole or not at all, and what keeps one back is told for that one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from liaoyuan.core.access import Actor
from liaoyuan.funding.actions import agreements
from liaoyuan.funding.models import Agreement, Pool, Project
from liaoyuan.kit.findings import Finding, Refused


@dataclass(frozen=True, slots=True)
class Wanted:
    """One agreement: what of one pool goes to which account of a project's body."""

    project: Project
    pool: Pool
    amount_fen: int
    account: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of one: the draft, or why there is none."""

    project: Project
    agreement: Agreement | None
    findings: Sequence[Finding] = ()


def draft_many(
    *, wanted: Sequence[Wanted], starts_on: date, ends_on: date, by: Actor, at: datetime
) -> list[Drafted]:  # fmt: skip
    """Draft them one after the other, in the order given."""
    return [_one(one, starts_on, ends_on, by, at) for one in wanted]


def _one(one: Wanted, starts_on: date, ends_on: date, by: Actor, at: datetime) -> Drafted:
    try:
        made = agreements.draft(
            project=one.project, shares=[(one.pool, one.amount_fen)], account=one.account, starts_on=starts_on,
            ends_on=ends_on, by=by, at=at,
        )  # fmt: skip
    except Refused as refused:
        return Drafted(one.project, None, tuple(refused.findings))
    return Drafted(one.project, made)
