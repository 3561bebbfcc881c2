"""Projects as lists and pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.rounds import NeedState, RoundPhase
from liaoyuan.funding.choices.states import PROJECT_STATE_TITLES, ProjectState
from liaoyuan.funding.models import Need, Project, Round
from liaoyuan.funding.params.application_form import SECTION_TITLES
from liaoyuan.funding.queries import completeness, limits
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.registry.models import Standing

_MARKS = {
    ProjectState.DRAFT: "review", ProjectState.RETURNED: "review", ProjectState.SUBMITTED: "ok",
    ProjectState.ELIGIBLE: "ok", ProjectState.WITHDRAWN: "closed", ProjectState.INELIGIBLE: "closed",
    ProjectState.REFUSED: "closed", ProjectState.ARCHIVED: "closed",
}  # fmt: skip
WRITABLE = (ProjectState.DRAFT, ProjectState.RETURNED)


def state_words(row: Project) -> tuple[str, str]:
    """Mark and word of the state."""
    state = ProjectState(row.state)
    return _MARKS.get(state, "ok"), _(PROJECT_STATE_TITLES[state])


def listed(user: Any, q: str = "", round_: int | None = None, state: str = "") -> QuerySet[Project]:
    """Projects within sight with `body_name`, the applicant's present name."""
    names = Standing.objects.now_open().filter(organization=OuterRef("organization")).values("name")[:1]
    rows = Project.objects.visible_to(user).select_related("round").defer("round__figures", "answers", "findings")
    rows = rows.annotate(body_name=Subquery(names))
    text = q.strip()
    if text:
        bearing = Standing.objects.now_open().filter(organization=OuterRef("organization"), name__icontains=text)
        rows = rows.filter(Q(title__icontains=text) | Q(number__iexact=text) | Exists(bearing))
    if round_ is not None:
        rows = rows.filter(round=round_)
    if state:
        rows = rows.filter(state=state)
    return rows


def earlier(user: Any, limit: int = 30) -> list[tuple[int, str]]:
    """Own projects that may be copied, the latest first."""
    keys = access.reach(user, Permission.OWN_EDIT).organizations
    rows = Project.objects.filter(organization__in=keys).select_related("round").order_by("-pk")[:limit]
    return [(row.pk, f"{row.title}（{row.round.title}）") for row in rows]


def may_write(user: Any, row: Project) -> bool:
    """Whether the user may write the application now."""
    return ProjectState(row.state) in WRITABLE and writes_for(user, row)


def writes_for(user: Any, row: Project) -> bool:
    """Whether the user writes for the body, or fills in for it at the office."""
    return access.covers(user, Permission.OWN_EDIT, row, write=False) or is_office(user, row)


def is_office(user: Any, row: Project) -> bool:
    """Whether the user runs the round of the project."""
    return access.covers(user, Permission.EDIT, row, write=False)


def certifies(user: Any, row: Project) -> bool:
    """Whether the user is the head who certifies."""
    return ProjectState(row.state) in WRITABLE and access.covers(user, Permission.OWN_CERTIFY, row, write=False)


def may_withdraw(user: Any, row: Project) -> bool:
    """Whether the user may take the application back now."""
    state = ProjectState(row.state)
    if state == ProjectState.DRAFT:
        return writes_for(user, row)
    early = (ProjectState.SUBMITTED, ProjectState.RETURNED, ProjectState.ELIGIBLE)
    head = access.covers(user, Permission.OWN_CERTIFY, row, write=False)
    return state in early and (head or is_office(user, row))


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the form on the overview: what it still lacks, whether a correction asks for it."""

    code: str
    title: str
    lacks: list[str]
    asked: bool


def sections(row: Project, missing: Sequence[Finding]) -> list[Section]:
    """The sections with what each lacks."""
    open_one = row.supplements.filter(answered_at__isnull=True).first()
    asked = set(open_one.sections) if open_one is not None else set()
    lacks: dict[str, list[str]] = {}
    for finding in missing:
        lacks.setdefault(finding.field, []).append(str(finding.args["what"]))
    return [Section(code, _(title), lacks.get(code, []), code in asked) for code, title in SECTION_TITLES.items()]


def money(row: Project) -> dict[str, Any]:
    """The sums with the share of full-time pay and its limit, as the page's meter shows them."""
    held = limits.limits_of(row.round)
    most = held.get("gv.staff.percent") if held.is_on("GV-BUD-01") else None
    share = row.pay_fen * 10_000 // row.base_fen if row.base_fen else None
    return {
        "total_fen": row.total_fen, "grant_fen": row.grant_fen, "own_fen": row.own_fen, "pay_fen": row.pay_fen,
        "percent": None if share is None else f"{share // 100}.{share % 100:02d}", "most": most,
        "over": most is not None and row.pay_fen * 100 > row.base_fen * int(most),
        "near": most is not None and row.pay_fen * 100 > row.base_fen * (int(most) - 2),
    }  # fmt: skip


def told(row: Project, on: date) -> tuple[list[Finding], list[Finding]]:
    """What the application lacks, and what the rules say of it now."""
    return completeness.missing(row), completeness.asked(row, on, late_agreed=row.state == ProjectState.RETURNED)


def blocks(findings: Sequence[Finding]) -> bool:
    """Whether one of them keeps the application from being handed in."""
    return any(finding.severity == Severity.BLOCK for finding in findings)


def places(round_: Round) -> list[tuple[int, str]]:
    """Streets and communities in which a project of the round may work, a community behind its street."""
    rows = Area.objects.live().filter(pk__in=Area.objects.within(round_.programme.area.path).values("pk"))
    found: list[tuple[int, str]] = []
    street = ""
    for area in rows.filter(level__in=("street", "community")).order_by("path"):
        if area.level == "street":
            street = area.name
        found.append((area.pk, area.name if area.level == "street" else f"{street} {area.name}"))
    return found


def needs(round_: Round) -> list[tuple[int, str]]:
    """Published needs of the round."""
    rows = Need.objects.filter(round=round_, state=NeedState.PUBLISHED.value).select_related("area").order_by("area")
    return [(row.pk, f"{row.area.name}：{row.title}") for row in rows]


def open_rounds(user: Any, on: date) -> list[Round]:
    """Rounds within sight that take applications today."""
    rows = Round.objects.visible_to(user).taking(on).select_related("programme__area").order_by("closes_on")
    return [row for row in rows if row.phase(on) == RoundPhase.OPEN]


def lines_of(row: Project, section: str) -> list[dict[str, Any]]:
    """The repeated rows of a section as a form starts from them."""
    names = {
        "team": ("pk", "name", "role", "lead", "full_time", "percent", "qualification"),
        "plan": ("period", "content", "frequency", "place", "persons"),
        "outcomes": ("title", "unit", "target", "evidence"),
        "risks": ("title", "measure"),
        "pledges": ("kind", "title", "planned_on"),
        "budget": ("budget_class", "title", "price_fen", "quantity", "unit", "times", "own_fen", "price_kind", "basis",
                   "note"),
    }[section]  # fmt: skip
    rows = getattr(row, {"plan": "steps", "outcomes": "indicators", "budget": "lines"}.get(section, section)).all()
    found = [{name: getattr(one, name) for name in names} for one in rows]
    if section == "budget":
        for line, one in zip(found, rows, strict=True):
            line["member"] = one.member_id
    return found
