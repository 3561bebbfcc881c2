"""公示: a list of proposed projects is drafted, published by its notice, taken down; then projects are approved.

Publishing and approving are issuing the document: whoever signs it here or on its own page does the same.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import documents
from liaoyuan.core.choices import Event as Core
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Document
from liaoyuan.funding.actions import entering, moving
from liaoyuan.funding.choices.awards import ListState, Remedy
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.states import ProjectState, Requirement
from liaoyuan.funding.models import AwardLine, AwardList, Project, Round
from liaoyuan.funding.queries import facts, letters, limits, publicity
from liaoyuan.funding.rules.publicity import secrets
from liaoyuan.kit.findings import refuse_if_blocked
from liaoyuan.kit.money import format_yuan


@transaction.atomic
def draft(
    *, round_: Round, lines: Sequence[tuple[Project, int]], title: str, receiver: str, text: str = "",
    channel: str = "", by: Actor, at: datetime,
) -> AwardList:  # fmt: skip
    """Draft a list of (project, fen) with its notice. Refused for projects that are not proposed, stand on another
    list, ask for less, and for texts in which a number of a person stands (GV-PUB-03).
    """
    access.require(by, Permission.EDIT, round_)
    entering.lock(rounds=[round_.pk])
    held = entering.living_round(round_)
    if not lines:
        raise entering.refusal("AWARDS-EMPTY", _("请选择拟立项的项目。"), "lines")
    if not title.strip() or not receiver.strip():
        raise entering.refusal("AWARDS-RECEIVER", _("请填写公示的标题和异议受理人。"), "receiver")
    figures = limits.limits_of(held)
    row = AwardList.objects.create(
        round=held, title=title.strip()[:80], text=text.strip()[:1000], receiver=receiver.strip()[:60],
        channel=channel.strip()[:120], days=int(figures["gv.publicity.days"]), unit=str(figures["gv.publicity.unit"]),
        created_at=at, created_by=entering.recorder(by),
    )  # fmt: skip
    made = [_line(row, number, project, fen, at) for number, (project, fen) in enumerate(lines, 1)]
    told = secrets([row.title, row.text, *(line.project_title for line in made)])
    if told:
        raise entering.refusal("GV-PUB-03", _("公示里不能有手机号、身份证号、账号：{text}"), "text", text=told[0][:40])
    AwardLine.objects.bulk_create(made)
    values = {"title": row.title, "text": row.text}
    row.document = documents.draft(code="award_notice", subject=row, fields=values, by=by, at=at)
    row.save(update_fields=["document"])
    events.record(Event.AWARDS_DRAFTED, held, by=by, at=at, payload={"list": row.pk, "lines": len(made)})
    return row


def _line(row: AwardList, number: int, project: Project, fen: int, at: datetime) -> AwardLine:
    living = entering.living_project(project)
    if living.round_id != row.round_id or living.state != ProjectState.PROPOSED:
        told = _("“{title}”不是这一届的拟立项项目。")
        raise entering.refusal("AWARDS-STATE", told, "lines", title=living.title)
    if AwardLine.objects.living().filter(project=living).exists():
        raise entering.refusal("AWARDS-TWICE", _("“{title}”已在一份名单上。"), "lines", title=living.title)
    if not 0 < fen <= living.grant_fen:
        told = _("“{title}”的拟资助金额须大于零，不超过申请的 {most} 元。")
        raise entering.refusal("AWARDS-AMOUNT", told, "lines", title=living.title, most=format_yuan(living.grant_fen))
    return AwardLine(
        award_list=row, position=number, project=living, organization=living.organization, number=living.number,
        project_title=living.title, body_name=facts.body_name(living.organization, localdate(at)),
        place=living.area.name if living.area is not None else "", amount_fen=fen,
    )  # fmt: skip


def publish(*, award_list: AwardList, by: Actor, at: datetime) -> AwardList:
    """Sign the notice: from today the list stands for the term of the round, to the last day at 24:00."""
    if award_list.document is None:
        raise entering.refusal("AWARDS-STATE", _("这份名单没有公示公告。"))
    documents.issue(document=award_list.document, by=by, at=at)
    return AwardList.objects.select_related("round__programme__area", "document").get(pk=award_list.pk)


def withdraw(*, award_list: AwardList, reason: str, by: Actor, at: datetime) -> AwardList:
    """Take a list down, or give a draft up; its projects are proposed again. Refused once something was approved."""
    if award_list.document is None:
        raise entering.refusal("AWARDS-STATE", _("这份名单没有公示公告。"))
    ended = documents.discard if award_list.state == ListState.DRAFT else documents.withdraw
    ended(document=award_list.document, reason=reason, by=by, at=at)
    return AwardList.objects.select_related("round__programme__area", "document").get(pk=award_list.pk)


@transaction.atomic
def draft_approval(*, award_list: AwardList, lines: Sequence[AwardLine], by: Actor, at: datetime) -> Document:
    """Draft the approval (立项批复) of projects of a list whose days are over."""
    access.require(by, Permission.EDIT, award_list.round)
    entering.lock(rounds=[award_list.round_id])
    row = _locked(award_list.pk)
    if not lines:
        raise entering.refusal("AWARDS-EMPTY", _("请选择要立项的项目。"), "lines")
    chosen = list(row.lines.filter(pk__in=[line.pk for line in lines]))
    for line in chosen:
        if line.approval_id is not None or line.remedy == Remedy.REFUSED:
            raise entering.refusal("AWARDS-TWICE", _("“{title}”已在批复里，或不予立项。"), "lines",
                                   title=line.project_title)  # fmt: skip
        _approvable(row, line, at)
    document = documents.draft(code="award_approval", subject=row, fields={}, by=by, at=at)
    AwardLine.objects.filter(pk__in=[line.pk for line in chosen]).update(approval=document)
    payload = {"list": row.pk, "lines": len(chosen)}
    events.record(Event.AWARDS_APPROVAL_DRAFTED, row.round, by=by, at=at, payload=payload)
    return document


def approve(*, document: Document, by: Actor, at: datetime) -> Document:
    """Sign the approval: its projects are approved with the amounts that stand today."""
    return documents.issue(document=document, by=by, at=at)


def drop_approval(*, document: Document, reason: str, by: Actor, at: datetime) -> Document:
    """Give the draft of an approval up: its projects wait for another one."""
    return documents.discard(document=document, reason=reason, by=by, at=at)


def _locked(pk: int) -> AwardList:
    rows = AwardList.objects.select_for_update(of=("self",)).select_related("round__programme__area")
    return rows.get(pk=pk)


def _approvable(row: AwardList, line: AwardLine, at: datetime) -> None:
    """Refuse while the list stands (GV-PUB-01) or an objection is open (GV-CON-01)."""
    held = limits.limits_of(row.round)
    told = policy.evaluate(Moment.LIST_APPROVE, publicity.facts_of(row), held, localdate(at))
    refuse_if_blocked(told, confirmed=True)
    if not row.over(localdate(at)):
        last = row.closes_on.isoformat() if row.closes_on is not None else ""
        raise entering.refusal("AWARDS-RUNNING", _("公示至 {last} 二十四时，期满后才能立项。"), last=last)
    count = publicity.open_objections(line)
    if count:
        told_ = _("“{title}”还有 {count} 件异议没有答复，不能立项。")
        raise entering.refusal("AWARDS-OBJECTION", told_, "lines", title=line.project_title, count=count)


def ready(document: Document, by: Actor, at: datetime) -> None:
    """Asked before a notice or an approval takes its number."""
    row: AwardList = letters.subject_of(document)
    entering.lock(rounds=[row.round_id])
    row = _locked(row.pk)
    if document.code == "award_notice":
        if row.state != ListState.DRAFT:
            raise entering.refusal("AWARDS-STATE", _("这份名单已经公示或撤下。"))
        told = policy.evaluate(
            Moment.LIST_PUBLISH, publicity.facts_of(row), limits.limits_of(row.round), localdate(at)
        )  # fmt: skip
        refuse_if_blocked(told, confirmed=True)
        return
    lines = list(row.lines.filter(approval=document))
    if not lines:
        raise entering.refusal("AWARDS-EMPTY", _("这份批复里没有项目。"))
    for line in lines:
        _approvable(row, line, at)


def follow(document: Document, step: str, by: Actor, at: datetime) -> None:
    """What the steps of a notice or an approval do to the list and its projects."""
    if step == Core.DOCUMENT_ISSUED:
        (_published if document.code == "award_notice" else _approved)(document, by, at)
    elif step in (Core.DOCUMENT_WITHDRAWN, Core.DOCUMENT_DISCARDED):
        (_taken_down if document.code == "award_notice" else _unapproved)(document, step, by, at)


def _moved(project: Project, code: str, event: Event, payload: Mapping[str, Any], **told: Any) -> None:
    """Move a project by the table and record it."""
    by, at = told.pop("by"), told.pop("at")
    row = entering.living_project(project)
    moving.move(row, code, by=by, **told)
    entering.touched(row, "state")
    events.record(event, row, by=by, at=at, payload=payload)


def _published(document: Document, by: Actor, at: datetime) -> None:
    row = _locked(int(document.subject_id))
    first = localdate(at)
    row.closes_on, row.provisional = publicity.term(limits.limits_of(row.round), first)
    row.opens_on, row.state, row.published_at = first, str(ListState.PUBLISHED), at
    row.published_by = entering.recorder(by)
    entering.touched(row, "opens_on", "closes_on", "provisional", "state", "published_at", "published_by")
    met = (Requirement.LIST, Requirement.RULES)
    for line in row.lines.select_related("project"):
        payload = {"list": row.pk, "amount_fen": line.amount_fen}
        _moved(line.project, "publish", Event.PROJECT_PUBLISHED, payload, met=met, by=by, at=at)
    term = {"list": row.pk, "on": first.isoformat(), "until": row.closes_on.isoformat()}
    events.record(Event.AWARDS_PUBLISHED, row.round, by=by, at=at, payload=term)


def _taken_down(document: Document, step: str, by: Actor, at: datetime) -> None:
    row: AwardList = letters.subject_of(document)
    entering.lock(rounds=[row.round_id])
    row = _locked(row.pk)
    if row.lines.filter(approval__isnull=False).exists():
        raise entering.refusal("AWARDS-APPROVED", _("名单上已有项目在批复里，不能撤下。"))
    was, note = row.state, document.withdrawn_because or document.note
    row.state, row.withdrawn_at, row.withdrawn_by = str(ListState.WITHDRAWN), at, entering.recorder(by)
    row.withdrawn_because = note[:200]
    entering.touched(row, "state", "withdrawn_at", "withdrawn_by", "withdrawn_because")
    if was == ListState.PUBLISHED:
        for line in row.lines.select_related("project").exclude(remedy=Remedy.REFUSED.value):
            _moved(line.project, "retract", Event.AWARDS_WITHDRAWN, {"list": row.pk, "note": note},
                   met=(Requirement.REASON,), by=by, at=at)  # fmt: skip
    events.record(Event.AWARDS_WITHDRAWN, row.round, by=by, at=at, payload={"list": row.pk, "note": note})


def _approved(document: Document, by: Actor, at: datetime) -> None:
    met = (Requirement.PUBLICITY_OVER, Requirement.NO_OBJECTION, Requirement.DOCUMENT, Requirement.RULES)
    for line in AwardLine.objects.select_for_update().filter(approval=document).select_related("project"):
        line.approved_fen, line.approved_at, line.approved_by = line.due_fen, at, entering.recorder(by)
        line.save(update_fields=["approved_fen", "approved_at", "approved_by"])
        payload = {"document": document.pk, "number": document.number, "amount_fen": line.approved_fen}
        _moved(line.project, "approve", Event.PROJECT_APPROVED, payload, met=met, by=by, at=at)


def _unapproved(document: Document, step: str, by: Actor, at: datetime) -> None:
    if step == Core.DOCUMENT_WITHDRAWN:
        raise entering.refusal("AWARDS-APPROVED", _("立项批复签发后不能撤销；放弃立项由组织提出，其他情形按终止办理。"))
    AwardLine.objects.filter(approval=document).update(approval=None)
