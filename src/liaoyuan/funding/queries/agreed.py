"""Agreements as pages show them: who is to sign until when, what stands in one, what may be done now. Money in fen."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.funding.choices.awards import AGREEMENT_STATE_TITLES, AgreementState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.money import TRANCHE_TRIGGER_TITLES
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Agreement, AwardLine, Pool, Project, Round
from liaoyuan.funding.queries import limits
from liaoyuan.funding.rules.payments import plan
from liaoyuan.registry.models import Standing

_MARKS = {"": "review", "draft": "info", "signed": "ok", "terminated": "closed"}
#: Approved, and what comes after it.
AWARDED = [str(state) for state in (
    ProjectState.APPROVED, ProjectState.SIGNED, ProjectState.RUNNING, ProjectState.AMENDING, ProjectState.MID_CHECK,
    ProjectState.RECTIFYING, ProjectState.FINAL_CHECK, ProjectState.ACCEPTED, ProjectState.FAILED,
    ProjectState.TERMINATED, ProjectState.RECOVERING, ProjectState.ARCHIVED,
)]  # fmt: skip


def listed(round_: Round, state: str = "") -> QuerySet[Project]:
    """Approved projects of a round with `body_name`, `approved_fen`, `agreed_state` (empty = none), `agreed_on`.

    `state` may be that of the agreement, or `none`.
    """
    living = Agreement.objects.living().filter(project=OuterRef("pk"))
    lines = AwardLine.objects.living().filter(project=OuterRef("pk"), approved_at__isnull=False).order_by("-pk")
    names = Standing.objects.now_open().filter(organization=OuterRef("organization")).values("name")[:1]
    rows = Project.objects.filter(round=round_, state__in=AWARDED).annotate(
        body_name=Subquery(names), approved_fen=Subquery(lines.values("approved_fen")[:1]),
        agreed_state=Subquery(living.values("state")[:1]), agreed_on=Subquery(living.values("signed_on")[:1]),
    )  # fmt: skip
    if state == "none":
        return rows.filter(agreed_state__isnull=True)
    return rows.filter(agreed_state=state) if state else rows


def agreed_words(row: Any) -> tuple[str, str]:
    """Mark and word: not drafted, drafted and waiting for signatures, signed, ended."""
    state = row.agreed_state or ""
    if not state:
        return _MARKS[""], _("未起草")
    return _MARKS[state], _("待签署") if state == AgreementState.DRAFT else _(AGREEMENT_STATE_TITLES[state])


def days_words(signed_on: date | None, sign_by: date | None, on: date) -> tuple[str, str]:
    """Mark and word of the days left to the last day of signing; empty once signed, or where none is set."""
    if signed_on is not None or sign_by is None:
        return "", ""
    left = (sign_by - on).days
    if left < 0:
        return "reject", _("已超过 {n} 天").format(n=-left)
    return ("review" if left <= 7 else "info"), _("今天到期") if left == 0 else _("还剩 {n} 天").format(n=left)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are approved, drafted, signed, and for how much."""

    approved: int
    drafted: int
    signed: int
    approved_fen: int


def tally(round_: Round) -> Tally:
    """The figures above the list, in one statement."""
    rows = list(listed(round_).values_list("agreed_state", "approved_fen"))
    states = [state for state, _fen in rows]
    signed = sum(state in (AgreementState.SIGNED, AgreementState.TERMINATED) for state in states)
    return Tally(len(rows), states.count(str(AgreementState.DRAFT)), signed, sum(fen or 0 for _state, fen in rows))


def pools(round_: Round) -> list[Pool]:
    """The pools that an agreement may take of."""
    return list(Pool.objects.filter(round=round_).order_by("pk"))


def living(project: Project) -> Agreement | None:
    """The agreement of a project that stands, or waits to be signed."""
    rows = Agreement.objects.living().filter(project=project)
    return rows.select_related("document", "award__award_list", "drafted_by", "signed_by").first()


def cancelled(project: Project) -> list[Agreement]:
    """Drafts that were given up, the latest first."""
    rows = Agreement.objects.filter(project=project, state=AgreementState.CANCELLED.value)
    return list(rows.select_related("ended_by").order_by("-pk"))


def visible(user: Any, pk: int) -> Agreement | None:
    """The agreement, if the user sees its project."""
    rows = Agreement.objects.visible_to(user).select_related(
        "project__round__programme__area", "project__organization", "project__sponsor", "document"
    )  # fmt: skip
    return rows.filter(pk=pk).first()


def instalments(row: Agreement) -> list[tuple[int, int, str, int]]:
    """(no, percent, condition, fen): as planned when it was signed, else as the round's figures would plan it."""
    planned = [(one.no, one.percent, one.trigger, one.amount_fen) for one in row.tranches.order_by("no")]
    if not planned:
        held = limits.limits_of(row.project.round)
        percents, triggers = tuple(held["gv.tranche.percents"]), tuple(held["gv.tranche.triggers"])
        amounts = plan(percents, row.amount_fen)
        planned = [(n, p, t, f) for n, (p, t, f) in enumerate(zip(percents, triggers, amounts, strict=False), 1)]
    return [(no, percent, _(TRANCHE_TRIGGER_TITLES[trigger]), fen) for no, percent, trigger, fen in planned]


@dataclass(frozen=True, slots=True)
class May:
    """What the user may do about the agreement of a project now."""

    drafts: bool
    signs: bool
    starts: bool
    cancels: bool
    declines: bool


def may(user: Any, project: Project, row: Agreement | None) -> May:
    """Asked of the user's grants and of where project and agreement stand."""
    runs = access.covers(user, Permission.EDIT, project, write=True)
    approved = project.state == ProjectState.APPROVED
    draft = row is not None and row.state == AgreementState.DRAFT
    return May(
        drafts=runs and approved and row is None,
        signs=draft and access.covers(user, Permission.CONFIRM, project, write=True),
        starts=runs and project.state == ProjectState.SIGNED,
        cancels=runs and draft,
        declines=approved and access.covers(user, Permission.OWN_CERTIFY, project, write=True),
    )
