"""Makers for the tests about trials: rounds of many applications, and the same judged without the trial's code."""

from datetime import timedelta

from liaoyuan.core import jobs
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, User
from liaoyuan.funding.actions import trials as actions
from liaoyuan.funding.models import BudgetLine, Project, Round, TeamMember, Trial
from liaoyuan.funding.queries import completeness, limits
from liaoyuan.kit.findings import Limit, Severity
from tests.core.factories import AT, user

BARE = {"state": "submitted", "field": "elderly", "submitted_at": AT, "created_at": AT}


def trier(name: str = "shisuan") -> User:
    """Who drafts parameters of grants in the district."""
    return user(name, ("registry_officer", "area", "320211"))


def put(round_: Round, body, number: int, total_fen: int, pay_fen: int, **told) -> Project:
    """A handed-in application with one line of pay and one of the rest; past the actions, so that nothing is barred."""
    first = round_.runs_from
    own = total_fen // 10
    fields = {"title": f"试算项目{number}", **BARE, "area": Area.objects.get(code="320211001"), "starts_on": first,
              "ends_on": first + timedelta(days=270), **told}  # fmt: skip
    row = Project.objects.create(
        round=round_, organization=body, number=f"T{number:04d}", total_fen=total_fen,
        grant_fen=total_fen - own, own_fen=own, base_fen=total_fen, pay_fen=pay_fen, answers={}, **fields,
    )  # fmt: skip
    TeamMember.objects.create(project=row, position=1, name="演示甲", role="负责", lead=True, full_time=True, percent=9)
    rest = total_fen - pay_fen
    ours_of_rest = min(own, rest)
    lines = (("B01", pay_fen, own - ours_of_rest), ("B06", rest, ours_of_rest))
    for place, (code, fen, ours) in enumerate(lines, 1):
        BudgetLine.objects.create(
            project=row, position=place, budget_class=code, title=code, price_fen=fen, amount_fen=fen,
            grant_fen=fen - ours, own_fen=ours,
        )  # fmt: skip
    return row


def tried(rounds, values, by, **told) -> Trial:
    """A trial, worked out by a worker."""
    made = actions.ask(rounds=list(rounds), values=values, by=by, at=AT, **told)
    worked()
    made.refresh_from_db()
    assert made.finished_at is not None
    return made


def worked() -> None:
    """Do whatever waits, in this process."""
    while (job := jobs.claim("probe")) is not None:
        jobs.run(job)


def plain(project: Project, values) -> tuple[set, set]:
    """What the rules say of an application from scratch, by its round's figures and by changed ones."""
    row = Project.objects.select_related("round__programme__area", "organization", "area").get(pk=project.pk)
    held = limits.limits_of(row.round)
    other = held.with_rows(*(
        Limit(key, value, held.row(key).severity if key in held else Severity.BLOCK, "试算的值")
        for key, value in values.items() if held.get(key) != value
    ))  # fmt: skip
    on = localdate(row.submitted_at)
    found = [completeness.asked(row, on, by, late_agreed=True, every=True) for by in (held, other)]
    return tuple({(one.code, str(one.severity), one.text) for one in told} for told in found)  # type: ignore[return-value]
