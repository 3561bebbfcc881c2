"""What every action of this floor does first and last: permission, locks, the subject of its event."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from liaoyuan.core import locks
from liaoyuan.funding.models import Agreement, Project, Round
from liaoyuan.people.actions.entering import doubt as doubt  # noqa: PLC0414 - offered here, too
from liaoyuan.people.actions.entering import plain as plain  # noqa: PLC0414 - offered here, too
from liaoyuan.people.actions.entering import recorder as recorder  # noqa: PLC0414 - offered here, too
from liaoyuan.people.actions.entering import refusal as refusal  # noqa: PLC0414 - offered here, too


def lock(*, rounds: Iterable[int] = (), bodies: Iterable[tuple[int, int | None]] = ()) -> None:
    """Wait for everybody else who writes these rounds' plans, then who applies for these (round, body) pairs."""
    for pk in sorted(set(rounds)):
        locks.one_at_a_time("funding.round", pk)
    for round_, body in sorted({(r, b) for r, b in bodies if b}):
        locks.one_at_a_time("funding.body", round_, body)


def living_round(round_: Round, version: int | None = None) -> Round:
    """The round again, under the lock. Refused when it changed since the page was opened."""
    rows = Round.objects.select_for_update(of=("self",)).select_related("programme__area")
    found = rows.get(pk=round_.pk)
    if version is not None and found.version != version:
        raise refusal("ROUND-STALE", "您打开页面之后，别人修改了这一届。请核对最新内容后再保存。")
    return found


def living_project(project: Project, version: int | None = None) -> Project:
    """The project again, under the lock. Refused when it changed since the page was opened."""
    rows = Project.objects.select_for_update(of=("self",)).select_related(
        "round__programme__area", "organization", "sponsor", "area"
    )
    found = rows.get(pk=project.pk)
    if version is not None and found.version != version:
        raise refusal("PROJECT-STALE", "您打开页面之后，别人修改了这份申报书。请核对最新内容后再保存。")
    return found


def living_agreement(agreement: Agreement, version: int | None = None) -> Agreement:
    """The agreement again with its project, both under the lock. Refused when it changed since the page was opened."""
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("award__award_list", "organization")
    found = rows.get(pk=agreement.pk)
    if version is not None and found.version != version:
        raise refusal("AGREEMENT-STALE", "您打开页面之后，别人修改了这份协议。请核对最新内容后再保存。")
    found.project = living_project(found.project)
    return found


def touched(row: Any, *fields: str) -> None:
    """Save the named fields; an older page does not hold any more."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def day(value: date | None) -> str | None:
    """A day as JSON holds it."""
    return value.isoformat() if value is not None else None
