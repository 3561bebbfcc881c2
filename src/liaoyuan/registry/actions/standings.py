"""The only writer of standings: replaces an organization's history, keeping what was known before."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from liaoyuan.core.access import Actor
from liaoyuan.core.models import User
from liaoyuan.kit.periods import Period
from liaoyuan.kit.text import match_key
from liaoyuan.registry.choices import LIVE
from liaoyuan.registry.models import OPEN, Organization, Standing
from liaoyuan.registry.queries import standings as reading


def recorder(by: Actor | None) -> User | None:
    """The account that stands in `recorded_by`; the operator of the command line has none."""
    return by if isinstance(by, User) else None


def replace_history(
    *,
    organization: Organization,
    periods: Sequence[Period],
    by: Actor | None,
    at: datetime,
    assumed: Sequence[str] = (),
) -> None:
    """Write the periods as the organization's history as known from `at` on.

    Rows that say the same stay; the others are marked superseded and replaced. `assumed` marks the first new row.
    The caller holds the lock and the transaction. Raises ValueError when the periods leave a gap or have no open end.
    """
    _check(periods)
    old = list(Standing.objects.filter(organization=organization, superseded_at__isnull=True).order_by("valid_from"))
    wanted = {(p.start, p.end): p for p in periods}
    kept = set()
    gone = []
    marks: list[str] = list(old[0].assumed) if old else []
    for row in old:
        period = wanted.get((row.valid_from, row.valid_to))
        if period is not None and dict(period.values) == reading.values_of(row):
            kept.add((row.valid_from, row.valid_to))
        else:
            gone.append(row.pk)
    if gone:
        Standing.objects.filter(pk__in=gone).update(superseded_at=at)
    Standing.objects.bulk_create(
        [
            Standing(
                organization=organization,
                valid_from=p.start,
                valid_to=p.end,
                recorded_at=at,
                recorded_by=recorder(by),
                assumed=(list(assumed) or marks) if p.start == periods[0].start else [],
                **p.values,
            )
            for p in periods
            if (p.start, p.end) not in kept
        ]
    )
    follow(organization, periods[-1])


def follow(organization: Organization, last: Period) -> None:
    """Let the identity's `live` and `version` follow the open period."""
    organization.live = last.values["status"] in {str(s) for s in LIVE} and organization.voided_at is None
    organization.version += 1
    organization.save(
        update_fields=[
            "live",
            "version",
            "closed_on",
            "registered_on",
            "code",
            "code_as_given",
            "filing_no",
            "predecessor",
            "is_external",
        ]
    )


def head_changed(before: Sequence[Period], after: Sequence[Period]) -> bool:
    """Whether the last known head is another one now. A head nobody knew before, or another spacing, is no change."""
    was, now = (match_key(str(periods[-1].values["legal_representative"])) for periods in (before, after))
    return bool(was) and was != now


def _check(periods: Sequence[Period]) -> None:
    if not periods or periods[-1].end != OPEN:
        raise ValueError("a history ends with an open period")
    for before, after in pairwise(periods):
        if before.end != after.start:
            raise ValueError("a history has no gaps and no overlaps")
