"""Objections to a published list: lodged by anybody, taken up, answered by somebody who did not publish; appeals."""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, sensitive, vault, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import documents
from liaoyuan.core.choices import Event as Core
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Document
from liaoyuan.funding.actions import entering, moving
from liaoyuan.funding.choices.awards import ObjectionState, Remedy
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.review import ObjectionKind
from liaoyuan.funding.choices.states import ProjectState, Requirement
from liaoyuan.funding.models import Agreement, AwardLine, AwardList, AwardObjection, Project
from liaoyuan.funding.queries import letters, limits, publicity, secrets
from liaoyuan.kit.findings import refuse_if_blocked
from liaoyuan.kit.money import format_yuan

_TITLES = {"objector": "异议人", "objector_contact": "联系方式"}


@transaction.atomic
def lodge(
    *, award_list: AwardList, kind: str, text: str, line: AwardLine | None = None, anonymous: bool = False,
    objector: str = "", contact: str = "", received_on: date | None = None, by: Actor | None, at: datetime,
) -> AwardObjection:  # fmt: skip
    """Enter an objection. `by` None is the public, who object while the list stands; the office also enters what came
    by paper or telephone on a day of the list (`received_on`). Name and contact are sealed; an anonymous one has none.
    """
    if by is not None:
        access.require(by, Permission.EDIT, award_list.round)
    entering.lock(rounds=[award_list.round_id])
    row = AwardList.objects.select_related("round__programme__area").get(pk=award_list.pk)
    today = localdate(at)
    received = received_on if received_on is not None and by is not None else today
    if received > today:
        raise entering.refusal("OBJECTION-DAY", _("收到异议的日期不能晚于今天。"), "received_on")
    if not row.stands(received):
        raise entering.refusal("OBJECTION-CLOSED", _("异议须在公示期内提出。"), "received_on")
    if line is not None and line.award_list_id != row.pk:
        raise entering.refusal("OBJECTION-LINE", _("这个项目不在这份名单上。"), "line")
    _worded(kind, text)
    if not anonymous and not (objector.strip() and contact.strip()):
        raise entering.refusal("OBJECTION-NAME", _("请填写姓名和联系方式，或选择匿名。"), "objector")
    return _entered(
        AwardObjection(
            award_list=row, line=line, kind=kind, text=text.strip()[:2000], anonymous=anonymous,
            objector="" if anonymous else objector.strip()[:60], contact=contact.strip()[:120], received_on=received,
        ), by, at,
    )  # fmt: skip


def _worded(kind: str, text: str) -> None:
    if kind not in {str(one) for one in ObjectionKind}:
        raise entering.refusal("OBJECTION-KIND", _("请选择异议的内容。"), "kind")
    if len(text.strip()) < 5:
        raise entering.refusal("OBJECTION-TEXT", _("请写明异议的事实和理由。"), "text")


def _entered(row: AwardObjection, by: Actor | None, at: datetime) -> AwardObjection:
    """Seal who objects, count the term, keep the row."""
    refuse_if_blocked(
        sensitive.findings({"objector": row.objector, "objector_contact": row.contact}, _TITLES, localdate(at))
    )
    if (row.objector or row.contact) and not zones.allowed(settings.ZONE, secrets.CONTACT, zones.Op.STORE):
        raise entering.refusal("OBJECTION-ZONE", _("这里不保存异议人的姓名和联系方式。"), "objector")
    row.objector = vault.encrypt(row.objector, purpose=secrets.OBJECTOR)
    row.contact = vault.encrypt(row.contact, purpose=secrets.CONTACT)
    row.due_on = publicity.answer_due(limits.limits_of(row.award_list.round), row.received_on)
    row.received_at, row.received_by = at, entering.recorder(by)
    row.save(force_insert=True)
    _told(Event.OBJECTION_LODGED, row, by=by, at=at)
    return row


def _told(event: Event, row: AwardObjection, *, by: Actor | None, at: datetime) -> None:
    """The event stands with the round: a body does not learn from its timeline that somebody objected."""
    payload = {
        "objection": row.pk, "list": row.award_list_id, "kind": row.kind, "due": row.due_on.isoformat(),
        "appeal": row.appeal_of_id is not None, "number": row.line.number if row.line is not None else "",
    }  # fmt: skip
    events.record(event, row.award_list.round, by=by, at=at, payload=payload)


@transaction.atomic
def appeal(*, objection: AwardObjection, text: str, by: Actor, at: datetime) -> AwardObjection:
    """Enter an appeal against an answer, within the term of an answer from the day it was given, once.

    By the office for the objector, or by the head of the body whose project fell.
    """
    line = objection.line
    own = line is not None and access.covers(by, Permission.OWN_CERTIFY, line.project, write=True)
    if not own and not access.covers(by, Permission.EDIT, objection.award_list.round, write=True):
        raise PermissionDenied(str(Permission.EDIT))
    entering.lock(rounds=[objection.award_list.round_id])
    row = _locked(objection.pk)
    if row.answered_at is None or row.appeal_of_id is not None:
        raise entering.refusal("APPEAL-STATE", _("只能对已作出的答复申诉，且只有一次。"))
    answered = localdate(row.answered_at)
    due = publicity.answer_due(limits.limits_of(row.award_list.round), answered)
    if localdate(at) > due:
        raise entering.refusal("APPEAL-LATE", _("申诉期限 {due} 已过。"), due=due.isoformat())
    if row.appeals.exists():
        raise entering.refusal("APPEAL-STATE", _("只能对已作出的答复申诉，且只有一次。"))
    if line is not None and Agreement.objects.living().filter(award=line, signed_on__isnull=False).exists():
        raise entering.refusal("APPEAL-SIGNED", _("项目已签订协议，不再受理申诉；请按终止或追回办理。"))
    _worded(row.kind, text)
    made = AwardObjection(
        award_list=row.award_list, line=row.line, appeal_of=row, kind=row.kind, text=text.strip()[:2000],
        anonymous=row.anonymous or own,
        objector="" if own or row.anonymous else vault.decrypt(row.objector, purpose=secrets.OBJECTOR),
        contact="" if own else vault.decrypt(row.contact, purpose=secrets.CONTACT), received_on=localdate(at),
    )  # fmt: skip
    return _entered(made, by, at)


def _locked(pk: int) -> AwardObjection:
    rows = AwardObjection.objects.select_for_update(of=("self",)).select_related(
        "award_list__round__programme__area", "line__project", "appeal_of"
    )
    return rows.get(pk=pk)


@transaction.atomic
def take(*, objection: AwardObjection, version: int | None = None, by: Actor, at: datetime) -> AwardObjection:
    """Take an objection up (受理): its project waits for the answer."""
    access.require(by, Permission.EDIT, objection.award_list.round)
    entering.lock(rounds=[objection.award_list.round_id])
    row = _locked(objection.pk)
    _fresh(row, version)
    if row.state != ObjectionState.RECEIVED:
        raise entering.refusal("OBJECTION-STATE", _("这件异议已受理或已答复。"))
    row.state, row.taken_at, row.taken_by = str(ObjectionState.TAKEN), at, entering.recorder(by)
    entering.touched(row, "state", "taken_at", "taken_by")
    if row.line is not None:
        project = entering.living_project(row.line.project)
        if project.state == ProjectState.PUBLISHED:
            moving.move(project, "object", by=by, met=(Requirement.OBJECTION,))
            entering.touched(project, "state")
    _told(Event.OBJECTION_TAKEN, row, by=by, at=at)
    return row


def _fresh(row: AwardObjection, version: int | None) -> None:
    if version is not None and row.version != version:
        raise entering.refusal("OBJECTION-STALE", _("您打开页面之后，别人办理了这件异议。请核对后再办。"))


@transaction.atomic
def decline(*, objection: AwardObjection, reason: str, by: Actor, at: datetime) -> AwardObjection:
    """Do not take an objection up, with the reason. Against that an appeal is open as against an answer."""
    access.require(by, Permission.CONFIRM, objection.award_list.round)
    entering.lock(rounds=[objection.award_list.round_id])
    row = _locked(objection.pk)
    if row.state != ObjectionState.RECEIVED:
        raise entering.refusal("OBJECTION-STATE", _("这件异议已受理或已答复。"))
    if len(reason.strip()) < 2:
        raise entering.refusal("OBJECTION-REASON", _("请写明不予受理的理由。"), "reason")
    _nameless(row, reason)
    _another(row, by)
    row.state, row.answer = str(ObjectionState.DECLINED), reason.strip()[:2000]
    row.answered_at, row.answered_by = at, entering.recorder(by)
    entering.touched(row, "state", "answer", "answered_at", "answered_by")
    _told(Event.OBJECTION_DECLINED, row, by=by, at=at)
    return row


@transaction.atomic
def propose(
    *, objection: AwardObjection, upheld: bool, answer: str, remedy: str = "", changed_fen: int | None = None,
    by: Actor, at: datetime,
) -> AwardObjection:  # fmt: skip
    """Draft the answer to an objection that was taken up: upheld with what becomes of the project, or not."""
    access.require(by, Permission.EDIT, objection.award_list.round)
    entering.lock(rounds=[objection.award_list.round_id])
    row = _locked(objection.pk)
    if row.state != ObjectionState.TAKEN or row.document_id is not None:
        raise entering.refusal("OBJECTION-STATE", _("这件异议还没有受理，或已拟出答复。"))
    if len(answer.strip()) < 5:
        raise entering.refusal("OBJECTION-ANSWER", _("请写明答复和理由。"), "answer")
    _nameless(row, answer)
    _remedied(row, upheld, remedy, changed_fen)
    row.upheld, row.answer = upheld, answer.strip()[:2000]
    row.remedy = remedy if upheld else ""
    row.changed_fen = changed_fen if row.remedy == Remedy.CHANGED else None
    row.document = documents.draft(code="award_answer", subject=row, fields={"answer": row.answer}, by=by, at=at)
    entering.touched(row, "upheld", "answer", "remedy", "changed_fen", "document")
    _told(Event.OBJECTION_PROPOSED, row, by=by, at=at)
    return row


def _nameless(row: AwardObjection, text: str) -> None:
    """An answer is read by the body, too: it does not say who objected."""
    told = (
        vault.decrypt(row.objector, purpose=secrets.OBJECTOR), vault.decrypt(row.contact, purpose=secrets.CONTACT)
    )  # fmt: skip
    if any(len(one.strip()) > 1 and one.strip() in text for one in told):
        raise entering.refusal("OBJECTION-NAMED", _("答复里不能写异议人的姓名和联系方式。"), "answer")


def _remedied(row: AwardObjection, upheld: bool, remedy: str, changed_fen: int | None) -> None:
    """What an upheld objection does to a project that still stands; one against a fallen project only restores it."""
    if not upheld or row.line is None or row.line.remedy == Remedy.REFUSED:
        return
    if remedy not in {str(one) for one in Remedy}:
        raise entering.refusal("OBJECTION-REMEDY", _("请选择异议成立后怎样处理项目。"), "remedy")
    if remedy == Remedy.CHANGED and not 0 < (changed_fen or 0) <= row.line.amount_fen:
        told = _("改变后的金额须大于零，不高于公示的 {most} 元。")
        raise entering.refusal("OBJECTION-AMOUNT", told, "changed_fen", most=format_yuan(row.line.amount_fen))


def answer(*, objection: AwardObjection, by: Actor, at: datetime) -> AwardObjection:
    """Sign the answer; what it says of the project is done in the same moment."""
    if objection.document is None:
        raise entering.refusal("OBJECTION-STATE", _("还没有拟出答复。"))
    documents.issue(document=objection.document, by=by, at=at)
    return AwardObjection.objects.select_related("award_list__round__programme__area", "line").get(pk=objection.pk)


def drop(*, objection: AwardObjection, reason: str, by: Actor, at: datetime) -> AwardObjection:
    """Give the draft of an answer up, to write another one."""
    if objection.document is None:
        raise entering.refusal("OBJECTION-STATE", _("还没有拟出答复。"))
    documents.discard(document=objection.document, reason=reason, by=by, at=at)
    return AwardObjection.objects.select_related("award_list__round__programme__area", "line").get(pk=objection.pk)


def _another(row: AwardObjection, by: Actor) -> None:
    """Who answers did not publish; who answers an appeal did not give the first answer."""
    person = entering.recorder(by)
    if person is None or row.award_list.published_by_id == person.pk:
        raise entering.refusal("OBJECTION-SECOND", _("异议须由发布公示以外的人答复。"))
    if row.appeal_of is not None and row.appeal_of.answered_by_id == person.pk:
        raise entering.refusal("OBJECTION-SECOND", _("申诉须由原答复人以外的人答复。"))


def ready(document: Document, by: Actor, at: datetime) -> None:
    """Asked before an answer takes its number."""
    found: AwardObjection = letters.subject_of(document)
    entering.lock(rounds=[found.award_list.round_id])
    row = _locked(found.pk)
    if row.state != ObjectionState.TAKEN or row.document_id != document.pk:
        raise entering.refusal("OBJECTION-STATE", _("这件异议已答复。"))
    _another(row, by)
    if row.line is not None and row.upheld and Agreement.objects.living().filter(award=row.line).exists():
        raise entering.refusal("OBJECTION-AGREEMENT", _("项目已有协议草稿，请先取消协议再答复。"))


def follow(document: Document, step: str, by: Actor, at: datetime) -> None:
    """What the steps of an answer do to the objection and its project."""
    if step == Core.DOCUMENT_WITHDRAWN:
        raise entering.refusal("OBJECTION-ANSWERED", _("答复签发后不能撤销；不服的可以申诉。"))
    if step == Core.DOCUMENT_DISCARDED:
        AwardObjection.objects.filter(document=document).update(document=None, upheld=None, answer="", remedy="",
                                                                changed_fen=None)  # fmt: skip
    if step == Core.DOCUMENT_ISSUED:
        row = _locked(int(document.subject_id))
        row.state = str(ObjectionState.UPHELD if row.upheld else ObjectionState.DISMISSED)
        row.answered_at, row.answered_by = at, entering.recorder(by)
        entering.touched(row, "state", "answered_at", "answered_by")
        if row.line is not None:
            _settle(row, row.line, by, at)
        _told(Event.OBJECTION_ANSWERED, row, by=by, at=at)


def _settle(row: AwardObjection, line: AwardLine, by: Actor, at: datetime) -> None:
    """The project falls, changes, is proposed again, or goes on as it stood."""
    project = entering.living_project(line.project)
    if row.upheld and project.state == ProjectState.REFUSED:
        _move(project, "restore", Requirement.ANSWER, by)
    elif row.upheld and row.remedy == Remedy.REFUSED:
        line.remedy, line.changed_fen = str(Remedy.REFUSED), None
        line.save(update_fields=["remedy", "changed_fen"])
        _move(project, "refuse", Requirement.REASON, by)
        payload = {"number": project.number, "note": row.answer[:200]}
        events.record(Event.PROJECT_REFUSED, project, by=by, at=at, payload=payload)
        return
    elif row.upheld and row.changed_fen is not None:
        line.remedy, line.changed_fen = str(Remedy.CHANGED), row.changed_fen
        if line.approved_fen is not None:
            line.approved_fen = row.changed_fen
        line.save(update_fields=["remedy", "changed_fen", "approved_fen"])
    waits = AwardObjection.objects.filter(line=line, state=ObjectionState.TAKEN.value).exists()
    if project.state == ProjectState.OBJECTED and not waits:
        _move(project, "answer", Requirement.ANSWER, by)


def _move(project: Project, code: str, met: Requirement, by: Actor) -> None:
    moving.move(project, code, by=by, met=(met,))
    entering.touched(project, "state")
