"""The archive: what a project does without, found by two persons; closing the file when it is complete."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, jobs
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Job, User
from liaoyuan.funding.actions import entering, moving
from liaoyuan.funding.choices.archive import PieceState, WaiverState
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.states import Requirement
from liaoyuan.funding.models import ArchiveWaiver, Project, Round
from liaoyuan.funding.queries import archive
from liaoyuan.kit.findings import Finding, Refused, refuse_if_blocked

JOB = "funding.archive"


@transaction.atomic
def ask_waiver(*, project: Project, paper: str, reason: str, by: Actor, at: datetime) -> ArchiveWaiver:
    """Propose that the project does without a paper of its list. Refused for one that is there."""
    access.require(by, Permission.EDIT, project)
    entering.lock(bodies=[(project.round_id, project.organization_id)])
    row = entering.living_project(project)
    if row.state not in archive.READY:
        raise entering.refusal("WAIVER-STATE", _("项目还没有办结，或者已经归档。"))
    line = next((one for one in archive.of(row).lines if one.paper == paper), None)
    if line is None or line.state != PieceState.MISSING:
        raise entering.refusal("WAIVER-PAPER", _("这份材料没有缺，或者已经提出过。"), "paper")
    if len(reason.strip()) < 2:
        raise entering.refusal("WAIVER-REASON", _("请写明为什么不需要。"), "reason")
    made = ArchiveWaiver.objects.create(
        project=row, paper=paper, reason=reason.strip()[:200], asked_at=at, asked_by=entering.recorder(by)
    )
    payload = {"paper": paper, "note": made.reason}
    events.record(Event.WAIVER_ASKED, row, by=by, at=at, payload=payload)
    return made


@transaction.atomic
def decide_waiver(*, waiver: ArchiveWaiver, agreed: bool, opinion: str = "", by: Actor, at: datetime) -> ArchiveWaiver:
    """Find, as a second person, that a paper is not needed, or that it is."""
    access.require(by, Permission.CONFIRM, waiver.project)
    entering.lock(bodies=[(waiver.project.round_id, waiver.project.organization_id)])
    row = ArchiveWaiver.objects.select_for_update(of=("self",)).select_related("project").get(pk=waiver.pk)
    if row.state != WaiverState.ASKED:
        raise entering.refusal("WAIVER-DECIDED", _("已经核定过。"))
    person = entering.recorder(by)
    if person is None or row.asked_by_id == person.pk:
        raise entering.refusal("WAIVER-SECOND", _("须由提出人以外的人核定。"))
    if not agreed and len(opinion.strip()) < 2:
        raise entering.refusal("WAIVER-OPINION", _("不同意的，请写明意见。"), "opinion")
    row.state = str(WaiverState.AGREED if agreed else WaiverState.REFUSED)
    row.decided_at, row.decided_by, row.opinion = at, person, opinion.strip()[:200]
    row.save(update_fields=["state", "decided_at", "decided_by", "opinion"])
    payload = {"paper": row.paper, "agreed": agreed, "note": row.opinion}
    events.record(Event.WAIVER_DECIDED, row.project, by=by, at=at, payload=payload)
    return row


@transaction.atomic
def close(*, project: Project, version: int | None = None, by: Actor, at: datetime) -> Project:
    """Put the project into the archive: its money settled, its papers there or found to be needless (GV-FIN-05)."""
    access.require(by, Permission.EDIT, project)
    entering.lock(rounds=[project.round_id], bodies=[(project.round_id, project.organization_id)])
    row = entering.living_project(project, version)
    found = archive.of(row)
    told = refuse_if_blocked(archive.findings(found, localdate(at)), confirmed=True)
    met = [Requirement.RULES]
    if found.complete or not told:
        met.append(Requirement.ARCHIVE)
    if archive.settled(row):
        met.append(Requirement.SETTLED)
    moving.move(row, "archive", by=by, met=met)
    entering.touched(row, "state")
    payload = {"papers": found.done, "waived": [ln.paper for ln in found.lines if ln.state == PieceState.WAIVED]}
    events.record(Event.PROJECT_ARCHIVED, row, by=by, at=at, findings=told, payload=payload)
    return row


def close_all(
    *, projects: Sequence[Project], by: Actor, at: datetime
) -> tuple[int, list[tuple[Project, list[Finding]]]]:
    """Each by itself: how many were put into the archive, and which were refused with why."""
    refused = []
    for row in projects:
        try:
            close(project=row, by=by, at=at)
        except Refused as error:
            refused.append((row, error.findings))
    return len(projects) - len(refused), refused


def ask_file(*, round_: Round, projects: Sequence[Project], by: User, at: datetime) -> Job:
    """Have the archive of some projects of a round packed by a job. Asked twice it is one job."""
    for row in projects:
        access.require(by, Permission.EDIT, row)
    keys = sorted(row.pk for row in projects)
    day = localdate(at).isoformat()
    order = {"projects": keys, "on": day}
    name = projects[0].title if len(keys) == 1 else round_.title
    key = f"{JOB}:{by.pk}:{jobs.digest_of(order)}"
    return jobs.enqueue_on_commit(
        JOB, round_.pk, key=key, by=by, at=at, order=order, label=_("{name}档案{day}.zip").format(name=name, day=day)
    )
