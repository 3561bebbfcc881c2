"""By which parameters a round judges: those it was opened with; before that, those that would hold on its first day."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from liaoyuan.core import policy
from liaoyuan.core.queries import calendar
from liaoyuan.funding.models import Round
from liaoyuan.kit.findings import Limit, Limits, Severity

#: Keys of this floor: rules and their figures.
PREFIXES = ("GV-", "gv.")
#: Where a figure of one round alone comes from.
OWN = "round"


def chain(round_: Round) -> list[str]:
    """The jurisdictions that hold for the round: its place's, then its programme."""
    return policy.chain(round_.place or round_.programme.area.path, round_.programme.code)


def limits_of(round_: Round) -> Limits:
    """The parameters of the round, with the figures of this round alone."""
    return _kept(_frozen(round_.figures["rows"])) if round_.figures else planned(round_, round_.opens_on)


def planned(round_: Round, on: date) -> Limits:
    """What would hold if the round opened on the day."""
    return policy.limits(on, chain(round_)).with_rows(*own_rows(round_))


def own_rows(round_: Round) -> list[Limit]:
    """The figures of this round alone; they are drafts until a second person has confirmed them."""
    status = "confirmed" if round_.confirmed_at is not None else "draft"
    held = policy.limits(round_.opens_on, chain(round_))
    return [
        Limit(
            key, value, held.row(key).severity if key in held else Severity.BLOCK, round_.own_reason, status,
            round_.opens_on.isoformat(), OWN,
        )
        for key, value in round_.own_figures.items()
    ]  # fmt: skip


def snapshot(limits: Limits, on: date) -> dict[str, Any]:
    """All parameters of this floor as plain JSON, to be kept with the round."""
    rows = [limits.row(key) for key in limits.names() if key.startswith(PREFIXES)]
    return {
        "on": on.isoformat(),
        "rows": [[r.key, r.value, str(r.severity), r.source, r.status, r.valid_from, r.jurisdiction] for r in rows],
    }


def _frozen(rows: Iterable[Iterable[Any]]) -> str:
    return json.dumps(list(rows), ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=64)
def _kept(rows: str) -> Limits:
    held = {
        key: Limit(key, value, Severity(severity), source, status, valid_from, jurisdiction)
        for key, value, severity, source, status, valid_from, jurisdiction in json.loads(rows)
    }
    return Limits(held, policy.messages(), calendar.workdays)


def share(limits: Limits) -> tuple[int, int]:
    """The share of full-time pay in the whole budget (GV-BUD-01) as numerator and denominator; (0, 0) = no limit."""
    return _percent(limits, "GV-BUD-01", "gv.staff.percent")


def staff_share(limits: Limits) -> tuple[int, int]:
    """The share of staff in the grant (GV-BUD-02), likewise."""
    return _percent(limits, "GV-BUD-02", "gv.staff.grant_percent")


def _percent(limits: Limits, code: str, key: str) -> tuple[int, int]:
    percent = limits.get(key)
    return (int(percent), 100) if percent is not None and binding(limits, code, key) else (0, 0)


def binding(limits: Limits, code: str, *keys: str) -> bool:
    """Whether the rule is on, blocks, and rests on confirmed figures: then the database holds it as well."""
    rows = [limits.row(key) for key in (code, *keys) if key in limits]
    return (
        limits.is_on(code)
        and limits.row(code).severity == Severity.BLOCK
        and all(row.status != "draft" for row in rows)
    )


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Figures as JSON holds them."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
