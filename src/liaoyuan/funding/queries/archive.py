"""The archive of a project: which papers it holds, what is missing, what GV-FIN-05 says of it (handbook §6.1).

Each piece has a reader that tells of many projects at once what the system holds of it. A piece without a reader, and
any other title on a place's list, is given by a file that was attached to the project under that title.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q

from liaoyuan.core import access, policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Attachment
from liaoyuan.funding.choices.archive import PIECE_TITLES, Piece, PieceState, WaiverState
from liaoyuan.funding.choices.awards import AgreementState, TrancheState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.running import ReportKind
from liaoyuan.funding.choices.states import LIVE, MOVES, ProjectState
from liaoyuan.funding.models import (
    Agreement,
    Amendment,
    ArchiveWaiver,
    AwardLine,
    BudgetLine,
    Examined,
    Project,
    Round,
    ScoreCard,
    Tranche,
)
from liaoyuan.funding.params.archive_papers import CHECKLIST
from liaoyuan.funding.queries import archive_running, limits, money
from liaoyuan.funding.rules.facts.projects import ProjectFacts
from liaoyuan.kit.findings import Finding

#: From which states a project goes into the archive, and those that are there.
READY = frozenset(MOVES["archive"].source)
SHOWN = READY | {ProjectState.ARCHIVED}
#: From when on the list is told: money was promised.
LISTED = SHOWN | LIVE
_AUDIT = PIECE_TITLES[Piece.AUDIT]


@dataclass(frozen=True, slots=True)
class Held:
    """What there is of a piece: how many, the latest day. `needed` False: this project has no such thing."""

    count: int = 0
    on: date | None = None
    needed: bool = True


type Reader = Callable[[Sequence[int]], Mapping[int, Held]]


def _told(rows: Iterable[tuple[int, int, Any]]) -> dict[int, Held]:
    return {key: Held(count, localdate(on) if hasattr(on, "hour") else on) for key, count, on in rows if count}


def _call(keys: Sequence[int]) -> dict[int, Held]:
    rows = Project.objects.filter(pk__in=keys, round__opened_at__isnull=False).exclude(round__call="")
    return _told((key, 1, on) for key, on in rows.values_list("pk", "round__opened_at"))


def _application(keys: Sequence[int]) -> dict[int, Held]:
    rows = Project.objects.filter(pk__in=keys, submitted_at__isnull=False)
    return _told((key, 1, on) for key, on in rows.values_list("pk", "submitted_at"))


def _eligibility(keys: Sequence[int]) -> dict[int, Held]:
    rows = Examined.objects.filter(project__in=keys, decided_at__isnull=False).order_by()
    return _told(rows.values("project").annotate(n=Count("pk"), on=Max("decided_at")).values_list("project", "n", "on"))


def _scores(keys: Sequence[int]) -> dict[int, Held]:
    rows = ScoreCard.objects.signed().filter(reading__project__in=keys).order_by().values("reading__project")
    told = rows.annotate(n=Count("pk"), on=Max("signed_at"))
    return _told(told.values_list("reading__project", "n", "on"))


def _publicity(keys: Sequence[int]) -> dict[int, Held]:
    rows = AwardLine.objects.filter(project__in=keys, award_list__published_at__isnull=False).order_by()
    told = rows.values("project").annotate(n=Count("pk"), on=Max("award_list__closes_on"))
    return _told(told.values_list("project", "n", "on"))


def _contract(keys: Sequence[int]) -> dict[int, Held]:
    rows = Agreement.objects.filter(project__in=keys, signed_on__isnull=False).order_by("pk")
    return _told((key, 1, on) for key, on in rows.values_list("project", "signed_on"))


def _budget(keys: Sequence[int]) -> dict[int, Held]:
    rows = BudgetLine.objects.filter(project__in=keys).order_by().values("project").annotate(n=Count("pk"))
    return _told((key, count, None) for key, count in rows.values_list("project", "n"))


def _tranches(keys: Sequence[int]) -> dict[int, Held]:
    """Whole when every instalment that was to be paid was paid."""
    living = ~Q(state=TrancheState.CANCELLED.value)
    paid = Q(state=TrancheState.PAID.value)
    rows = Tranche.objects.filter(agreement__project__in=keys).exclude(
        agreement__state=AgreementState.CANCELLED.value
    ).order_by().values("agreement__project").annotate(
        all=Count("pk", filter=living), paid=Count("pk", filter=paid), on=Max("paid_on")
    )  # fmt: skip
    return {
        row["agreement__project"]: Held(row["paid"], row["on"], needed=row["all"] > 0)
        for row in rows if row["all"] == row["paid"]
    }  # fmt: skip


def _changes(keys: Sequence[int]) -> dict[int, Held]:
    rows = Amendment.objects.filter(agreement__project__in=keys).order_by().values("agreement__project")
    told = _told(rows.annotate(n=Count("pk"), on=Max("asked_at")).values_list("agreement__project", "n", "on"))
    return {key: told.get(key, Held(needed=False)) for key in keys}


#: What the system itself holds of each piece. A part of the product that brings a piece enters its reader here.
READERS: dict[str, Reader] = {
    Piece.CALL: _call,
    Piece.APPLICATION: _application,
    Piece.ELIGIBILITY: _eligibility,
    Piece.SCORES: _scores,
    Piece.PUBLICITY: _publicity,
    Piece.CONTRACT: _contract,
    Piece.BUDGET: _budget,
    Piece.TRANCHES: _tranches,
    Piece.WORK: lambda keys: _told(archive_running.works(keys)),
    Piece.MID_REPORT: lambda keys: _told(archive_running.reports(keys, ReportKind.MID)),
    Piece.FINAL_REPORT: lambda keys: _told(archive_running.reports(keys, ReportKind.FINAL)),
    Piece.ACCOUNTS: lambda keys: _told(archive_running.reports(keys, ReportKind.FINAL)),
    Piece.CHANGES: _changes,
    Piece.AUDIT: lambda keys: _told(archive_running.audits(keys)),
    Piece.SATISFACTION: lambda keys: _told(archive_running.surveys(keys)),
    Piece.ACCEPTANCE: lambda keys: _told(archive_running.sheets(keys)),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One paper of a project's list: how it stands, since when, how many; the files attached for it; its waiver."""

    paper: str
    state: PieceState
    count: int = 0
    on: date | None = None
    files: tuple[Attachment, ...] = ()
    waiver: ArchiveWaiver | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """All papers of one project in the order of the list."""

    project: Project
    lines: tuple[Line, ...]

    @property
    def missing(self) -> list[str]:
        """Titles of what is neither there nor found to be needless."""
        return [line.paper for line in self.lines if line.state in (PieceState.MISSING, PieceState.ASKED)]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def done(self) -> int:
        """How many lines are in order."""
        return len(self.lines) - len(self.missing)


def checklists(projects: Sequence[Project]) -> list[Checklist]:
    """The lists of some projects, with the same number of statements however many they are. The projects come with
    their rounds.
    """
    keys = [row.pk for row in projects]
    read = {PIECE_TITLES[piece]: reader(keys) for piece, reader in READERS.items()}
    files: dict[tuple[str, str], list[Attachment]] = {}
    rows = Attachment.objects.living().filter(subject_kind="project", subject_id__in=[str(key) for key in keys])
    for row in rows.select_related("file").order_by("pk"):
        files.setdefault((row.subject_id, row.paper), []).append(row)
    waivers = {
        (row.project_id, row.paper): row
        for row in ArchiveWaiver.objects.filter(project__in=keys).exclude(state=WaiverState.REFUSED.value)
        .select_related("asked_by", "decided_by")
    }  # fmt: skip
    return [
        Checklist(row, tuple(
            _line(paper, read.get(paper, {}).get(row.pk), files.get((str(row.pk), paper), []),
                  waivers.get((row.pk, paper)))
            for paper in papers(row)
        ))
        for row in projects
    ]  # fmt: skip


def papers(project: Project) -> list[str]:
    """The titles on the list of the project's round, and the audit where the grant is large."""
    held = limits.limits_of(project.round)
    found = list(held.get(CHECKLIST) or [])
    most = held.get("gv.audit.over_fen")
    if most is not None and project.grant_fen > most and _AUDIT not in found:
        found.append(_AUDIT)
    return found


def _line(paper: str, held: Held | None, files: list[Attachment], waiver: ArchiveWaiver | None) -> Line:
    if held is not None and held.count:
        return Line(paper, PieceState.GIVEN, held.count, held.on, tuple(files))
    if files:
        return Line(paper, PieceState.GIVEN, len(files), localdate(files[-1].uploaded_at), tuple(files))
    if held is not None and not held.needed:
        return Line(paper, PieceState.NEEDLESS)
    if waiver is not None:
        state = PieceState.WAIVED if waiver.state == WaiverState.AGREED else PieceState.ASKED
        return Line(paper, state, waiver=waiver)
    return Line(paper, PieceState.MISSING)


def of(project: Project) -> Checklist:
    """The list of one project."""
    return checklists([project])[0]


def findings(found: Checklist, on: date) -> list[Finding]:
    """What the rules of closing say of the archive on the day (GV-FIN-05)."""
    held = [line.paper for line in found.lines if line.paper not in found.missing]
    told = ProjectFacts(papers=tuple(held), grant_fen=found.project.grant_fen, audited=_AUDIT in held)
    return list(policy.evaluate(Moment.PROJECT_CLOSE, told, limits.limits_of(found.project.round), on))


def settled(project: Project) -> bool:
    """Whether the project's money is settled: all paid, or what was not used came back."""
    agreement = Agreement.objects.living().filter(project=project).first()
    return agreement is None or money.settled(agreement)


def of_round(round_: Round) -> Any:
    """The projects of a round that are over, in the order of their numbers; archived ones last."""
    rows = Project.objects.filter(round=round_, state__in=sorted(str(state) for state in SHOWN))
    return rows.select_related("round__programme__area", "organization").order_by("number", "pk")


def latest_waivers(project: Project) -> list[ArchiveWaiver]:
    """All that was proposed to do without, the latest first."""
    return list(project.waivers.select_related("asked_by", "decided_by").order_by("-pk"))


def shown_of_round(user: Any, round_: Round) -> bool:
    """Whether the tab of the round's archive is shown: to who sees the round as an office, once it was opened."""
    return round_.opened_at is not None and access.covers(user, Permission.VIEW, round_, write=False)


def shown_of_project(user: Any, project: Project) -> bool:
    """Whether the tab of the project's archive is shown: when money was promised to it."""
    return project.state in LISTED and bool(project.number)


def runs(user: Any, subject: Any) -> bool:
    """Whether the user keeps the archive."""
    return access.covers(user, Permission.EDIT, subject, write=True)


def confirms(user: Any, subject: Any) -> bool:
    """Whether the user finds, as a second person, what is not needed."""
    return access.covers(user, Permission.CONFIRM, subject, write=True)
