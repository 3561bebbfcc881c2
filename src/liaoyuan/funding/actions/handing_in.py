"""Handing in, withdrawing, returning an application; slots are taken and given back under the lock of the body."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor as Person
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering, marking, moving, projects
from liaoyuan.funding.choices.budget import CountSponsored
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.rounds import RoundPhase
from liaoyuan.funding.choices.states import Actor, ProjectState, Requirement
from liaoyuan.funding.models import Project, Revision, Round, Slot, Supplement
from liaoyuan.funding.params.application_form import SECTION_TITLES
from liaoyuan.funding.queries import completeness, contents, limits
from liaoyuan.kit.findings import Limits, refuse_if_blocked

#: Slots have no upper limit where the rule of the quota does not block; they are counted all the same.
_UNLIMITED = 9999


@transaction.atomic
def certify(*, project: Project, version: int | None = None, by: Person, at: datetime) -> Project:
    """The head of the body (or of its sponsor) states that the application is true. A later change takes it back."""
    access.require(by, Permission.OWN_CERTIFY, project)
    entering.lock(bodies=[(project.round_id, project.organization_id)])
    row = entering.living_project(project, version)
    if row.state not in projects.WRITABLE:
        raise entering.refusal("PROJECT-STATE", _("申报书已提交。"))
    refuse_if_blocked(completeness.missing(row))
    row.certified_at, row.certified_by = at, entering.recorder(by)
    row.version += 1
    row.certified_version = row.version
    row.save(update_fields=["certified_at", "certified_by", "certified_version", "version"])
    events.record(Event.PROJECT_CERTIFIED, row, by=by, at=at, payload={"version": row.version})
    return row


@transaction.atomic
def submit(
    *, project: Project, confirmed: bool = False, on_paper: date | None = None, late_reason: str = "",
    version: int | None = None, on_behalf: str = "", by: Person, at: datetime,
) -> Project:  # fmt: skip
    """Hand a draft, or a returned application, to its round: complete, certified, within quota, share and window.

    A slot of each counted body is taken under its lock (GV-APP-01); the row copies the limits of the arithmetic rules,
    which the database holds. `on_paper` is the day of a certificate on paper that the office received; `late_reason`
    lets an officer take in one after the window (GV-APP-06). A refused project changes nothing.
    """
    if not projects.may_write(by, project):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    office = access.covers(by, Permission.EDIT, project, write=True)
    held = limits.limits_of(project.round)
    counted = _counted(project, held)
    entering.lock(bodies=[(project.round_id, key) for key in counted])
    row = contents.whole(entering.living_project(project, version))
    _ready(row, on_paper if office else None, late_reason if office else "", at)
    late = bool(office and late_reason.strip()) or row.state == ProjectState.RETURNED
    told = completeness.asked(row, localdate(at), held, late_agreed=late)
    findings = refuse_if_blocked([*completeness.missing(row), *told], confirmed=confirmed)
    _judged(row, held)
    _take(row, counted, held)
    again = row.state == ProjectState.RETURNED
    moving.move(
        row, "submit", by=by, met=(Requirement.WINDOW, Requirement.PLEDGE, Requirement.RULES), also=_on_paper(office)
    )
    first = not row.number
    if first:
        row.number = _next_number(row.round)
    row.submitted_at, row.submitted_by = at, entering.recorder(by)
    row.findings = [finding.as_dict() for finding in findings]
    row.version += 1
    saved(row)
    marking.mark(row, again=not first)
    if again:
        Supplement.objects.filter(project=row, answered_at__isnull=True).update(
            answered_at=at, answered_by=entering.recorder(by)
        )
    keep(row, "resubmitted" if again else "submitted", by=by, at=at)
    payload = {"number": row.number, "late": late_reason.strip()[:200], "again": again}
    events.record(Event.PROJECT_SUBMITTED, row, by=by, at=at, findings=findings, payload=payload, on_behalf=on_behalf)
    return row


def _on_paper(office: bool) -> tuple[Actor, ...]:
    """The office acts for the body on its paper."""
    return (Actor.HEAD,) if office else ()


def _counted(project: Project, held: Limits) -> list[int]:
    """Whose quota the project uses: the applicant's, its sponsor's, or both."""
    whose = held.get("gv.count_sponsored")
    if project.sponsor_id is None or whose == CountSponsored.OWN:
        return [project.organization_id]
    both = [project.organization_id, project.sponsor_id]
    return both if whose == CountSponsored.BOTH else [project.sponsor_id]


def _ready(row: Project, on_paper: date | None, late_reason: str, at: datetime) -> None:
    """Refuse what is in no state to be handed in: handed in already, not certified, after the window, overdue."""
    today = localdate(at)
    if row.state not in projects.WRITABLE:
        raise entering.refusal("PROJECT-STATE", _("申报书已提交。"))
    if row.certified_version != row.version and on_paper is None:
        raise entering.refusal("PROJECT-CERTIFY", _("请先由组织负责人确认申报书；确认以后又改过的，要再确认一次。"))
    if on_paper is not None and on_paper > today:
        raise entering.refusal("PROJECT-PAPER", _("收到纸质承诺的日期不能晚于今天。"), "on_paper")
    phase = row.round.phase(today)
    taken = phase == RoundPhase.OPEN or (phase == RoundPhase.CLOSED and bool(late_reason.strip()))
    if row.state == ProjectState.DRAFT and not taken:
        raise entering.refusal("ROUND-CLOSED", _("这一届现在不接受申报。"))
    if row.state == ProjectState.RETURNED:
        supplement = row.supplements.filter(answered_at__isnull=True).first()
        if supplement is not None and today > supplement.due_on and not late_reason.strip():
            raise entering.refusal("SUPPLEMENT-LATE", _("补正期限 {due} 已过，请联系承办单位。"),
                                   due=supplement.due_on.isoformat())  # fmt: skip


def _judged(row: Project, held: Limits) -> None:
    """Copy the limits that the database is to hold."""
    row.share_num, row.share_den = limits.share(held)
    row.staff_num, row.staff_den = limits.staff_share(held)
    row.cap_fen = held.get("gv.cap_project_fen") if limits.binding(held, "GV-BUD-03", "gv.cap_project_fen") else None


def _take(row: Project, counted: Iterable[int], held: Limits) -> None:
    """Take the lowest free slot of each counted body."""
    most = held.get("gv.max_apply")
    cap = int(most) if most is not None and limits.binding(held, "GV-APP-01", "gv.max_apply") else _UNLIMITED
    for key in counted:
        rows = Slot.objects.filter(round=row.round_id, organization=key).order_by()
        taken = set(rows.values_list("slot", flat=True))
        free = next(n for n in range(1, len(taken) + 2) if n not in taken)
        try:
            Slot.objects.create(round=row.round, organization_id=key, project=row, slot=free, cap=cap)
        except IntegrityError as error:
            raise entering.refusal("GV-APP-01", _("本届每个组织最多申报 {most} 个项目。"), most=cap) from error


def _next_number(round_: Round) -> str:
    """The next number of the round, consecutive under simultaneous writers: the row is locked by the update."""
    Round.objects.filter(pk=round_.pk).update(last_number=F("last_number") + 1)
    last = Round.objects.values_list("last_number", flat=True).get(pk=round_.pk)
    return f"{round_.year}-{last:03d}"


def saved(row: Project) -> None:
    """Save the project; what the database refuses is told as the rule that it holds."""
    try:
        row.save()
    except IntegrityError as error:
        held = {"project_share_kept": "GV-BUD-01", "project_staff_share_kept": "GV-BUD-02",
                "project_grant_capped": "GV-BUD-03"}  # fmt: skip
        code = next((rule for name, rule in held.items() if name in str(error)), "")
        if not code:
            raise
        raise entering.refusal(code, _("预算超过本届的上限。"), "lines") from error


def keep(row: Project, occasion: str, *, by: Person, at: datetime) -> Revision:
    """Keep the whole content as a version; its code stands on every printed page."""
    told = contents.content(row)
    number = Revision.objects.filter(project=row).count() + 1
    return Revision.objects.create(
        project=row, number=number, occasion=occasion, content=told, code=contents.version_code(told), made_at=at,
        made_by=entering.recorder(by),
    )  # fmt: skip


@transaction.atomic
def withdraw(
    *, project: Project, reason: str, version: int | None = None, on_behalf: str = "", by: Person, at: datetime
) -> Project:
    """Take an application back; a draft is given up. Until the round closes its slots are free again. What was written
    stays with the body and can be copied into a new draft.
    """
    if not projects.may_write(by, project):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    entering.lock(bodies=[(project.round_id, project.organization_id), (project.round_id, project.sponsor_id)])
    row = entering.living_project(project, version)
    draft = row.state == ProjectState.DRAFT
    if not draft and not reason.strip():
        raise entering.refusal("PROJECT-REASON", _("请写明撤回的原因。"), "reason")
    also = (Actor.HEAD,) if draft else _on_paper(access.covers(by, Permission.EDIT, row, write=True))
    moving.move(row, "withdraw", by=by, met=(Requirement.REASON,), also=also)
    if localdate(at) <= row.round.closes_on:  # what is taken back later counts on (GV-APP-01)
        row.slots.all().delete()
    row.ended_at, row.ended_by, row.ended_reason = at, entering.recorder(by), reason.strip()[:200]
    entering.touched(row, "state", "ended_at", "ended_by", "ended_reason")
    Supplement.objects.filter(project=row, answered_at__isnull=True).update(
        answered_at=at, answered_by=entering.recorder(by)
    )
    event = Event.PROJECT_DROPPED if draft else Event.PROJECT_WITHDRAWN
    payload = {"number": row.number, "note": row.ended_reason}
    events.record(event, row, by=by, at=at, payload=payload, on_behalf=on_behalf)
    return row


@transaction.atomic
def give_back(
    *, project: Project, text: str, due_on: date, sections: Iterable[str] = (), version: int | None = None,
    by: Person, at: datetime,
) -> Supplement:  # fmt: skip
    """Return an application to be corrected (退回补正). Its slots are free until it is handed in again."""
    access.require(by, Permission.EDIT, project)
    entering.lock(bodies=[(project.round_id, project.organization_id), (project.round_id, project.sponsor_id)])
    row = entering.living_project(project, version)
    if not text.strip():
        raise entering.refusal("SUPPLEMENT-TEXT", _("请写明要补正什么。"), "text")
    if due_on < localdate(at):
        raise entering.refusal("SUPPLEMENT-DAY", _("补正期限不能早于今天。"), "due_on")
    moving.move(row, "return", by=by, met=(Requirement.REASON, Requirement.DEADLINE))
    named = [section for section in sections if section in SECTION_TITLES]
    made = Supplement.objects.create(
        project=row, text=text.strip()[:1000], sections=named, due_on=due_on, asked_at=at,
        asked_by=entering.recorder(by),
    )  # fmt: skip
    row.slots.all().delete()
    row.certified_at = row.certified_by = row.certified_version = None
    entering.touched(row, "state", "certified_at", "certified_by", "certified_version")
    payload = {"number": row.number, "due": due_on.isoformat(), "note": made.text[:200]}
    events.record(Event.PROJECT_RETURNED, row, by=by, at=at, payload=payload)
    return made
