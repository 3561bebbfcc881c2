"""Adjusting and dissolving (art. 7): draft, application (a case), approval that carries all out, hand-over, filing.

The superior may decide by itself (`Origin.SUPERIOR`): the same course without an application's papers.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks
from liaoyuan.core.access import Actor, Operator
from liaoyuan.core.actions import cases
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Case
from liaoyuan.core.registries import CaseKind, CaseTree
from liaoyuan.party.actions import entering, organizations
from liaoyuan.party.actions.organizations import UnitWord
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.organizations import BranchKind, Form
from liaoyuan.party.choices.reorganizing import CHANGE_TITLES, Change, ChangeState, Origin
from liaoyuan.party.models import PartyOrganization, Reorganization, ReorganizationUnit
from liaoyuan.party.params import procedures as params
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import reorganizing as queries
from liaoyuan.registry.models import Organization

FIELDS = (
    "reason", "name", "form", "branch_kind", "superior_id", "carrier_id", "carrier_name", "task_ends_on", "members_to",
)  # fmt: skip
_KINDS = {Change.ADJUST: params.ADJUST, Change.DISSOLVE: params.DISSOLVE}


def _require(by: Actor, row: Reorganization) -> None:
    """Refuse who neither works for the superior nor applies for the party organization in the way told."""
    if isinstance(by, Operator) or queries.staff(by, row):
        return
    own = queries.applies(by, row.party_organization)
    units = queries.own_units(by, row.party_organization, localdate(row.made_at)) if own else []
    asks = row.applicant in units if row.origin == Origin.UNIT else (row.origin == Origin.BRANCH and not units)
    if not (own and asks):
        raise PermissionDenied(str(Permission.OWN_ADJUST))


@transaction.atomic
def draft(
    *, party: PartyOrganization, what: str, origin: str, fields: Mapping[str, Any],
    applicant: Organization | None = None, joining: Sequence[UnitWord] = (), leaving: Sequence[UnitWord] = (),
    by: Actor, at: datetime,
) -> Reorganization:  # fmt: skip
    """Begin an application. It goes to the committee that approves; nothing is asked yet but what cannot be."""
    party = entering.living(party)
    row = Reorganization(
        what=str(Change(what)), party_organization=party, origin=str(Origin(origin)), area=party.area,
        applicant=applicant if origin == Origin.UNIT else None, made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    _require(by, row)
    _tell(row, fields)
    row.save()
    _set_units(row, joining, leaving)
    _check(row, localdate(at))
    events.record(
        Event.CHANGE_DRAFTED, entering.subject(party), by=by, at=at,
        payload={"note": str(CHANGE_TITLES[Change(row.what)]), "reorganization": row.pk},
    )  # fmt: skip
    return row


def _tell(row: Reorganization, fields: Mapping[str, Any]) -> None:
    """Write the wishes, and who approves them: the nearest committee above both superiors."""
    for name in FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    if len(row.reason.strip()) < 2:
        raise entering.refusal("ADJUST-REASON", _("请写明理由。"), "reason")
    if row.origin == Origin.UNIT and row.applicant is None:
        raise entering.refusal("ADJUST-UNIT", _("由成员单位申请的，请选择单位。"), "applicant")
    target = reading.find(str(row.superior_id)) if row.superior_id else None
    row.approver = reading.approver(row.party_organization, target)
    near = row.approver is not None and row.party_organization.area.path.startswith(row.approver.area.path)
    row.area = row.approver.area if row.approver is not None and near else row.party_organization.area


def _set_units(row: Reorganization, joining: Sequence[UnitWord], leaving: Sequence[UnitWord]) -> None:
    both = {queries.key_of(unit) for unit in joining} & {queries.key_of(unit) for unit in leaving}
    if both:
        raise entering.refusal("ADJUST-BOTH", _("同一个单位不能既加入又退出。"), "leaving")
    ReorganizationUnit.objects.filter(reorganization=row).delete()
    ReorganizationUnit.objects.bulk_create(
        ReorganizationUnit(
            reorganization=row, joins=joins, organization=unit if isinstance(unit, Organization) else None,
            outside_name="" if isinstance(unit, Organization) else unit.strip()[:120],
        )
        for joins, units in ((True, joining), (False, leaving)) for unit in units
    )  # fmt: skip


def _check(row: Reorganization, on: date) -> None:
    """What cannot be, whatever the day: it is told when the application is written, and again when it is handed in."""
    if row.what == Change.DISSOLVE:
        return
    party, wish = row.party_organization, queries.plan(row, on)
    if wish.form == Form.BRANCH and not wish.branch_kind:
        raise entering.refusal("ADJUST-KIND", _("党支部须写明组建形式。"), "branch_kind")
    if wish.form != Form.BRANCH and row.branch_kind:
        raise entering.refusal("ADJUST-KIND", _("党委、党总支不写组建形式。"), "branch_kind")
    ends_on = wish.fields.get("task_ends_on", wish.now.task_ends_on)
    if wish.branch_kind == BranchKind.TEMPORARY and ends_on is None:
        raise entering.refusal("PARTY-TASK-END", _("临时党支部须写明计划结束日期。"), "task_ends_on")
    if wish.superior is not None:
        superior = entering.living(wish.superior)
        if superior.path.startswith(party.path):
            raise entering.refusal("PARTY-CYCLE", _("上级党组织不能是本党组织或其下级。"), "superior")
        if reading.formation(superior).form == Form.BRANCH:
            raise entering.refusal("PARTY-BELOW-BRANCH", _("党支部之下不能再设党组织；党支部下设党小组。"), "superior")


def locked(row: Reorganization, version: int | None = None) -> Reorganization:
    """The application under its lock. Refused when it changed since the page was opened."""
    locks.one_at_a_time("party.reorganization", row.pk)
    rows = Reorganization.objects.select_for_update(of=("self",)).select_related(
        "area", "approver__area", "party_organization__area", "case", "applicant", "superior"
    )
    found = rows.get(pk=row.pk)
    if version is not None and found.version != version:
        raise entering.refusal("ADJUST-STALE", _("您打开页面之后，别人修改了这件申请。请核对最新内容后再保存。"))
    return found


def _editable(row: Reorganization, by: Actor, version: int | None) -> Reorganization:
    if row.case_id is not None:  # the case first, as whoever decides it does
        locks.one_at_a_time("case", row.case_id)
    row = locked(row, version)
    if not (isinstance(by, Operator) or queries.may_write(by, row)):
        raise PermissionDenied(str(Permission.OWN_ADJUST))
    return row


@transaction.atomic
def save(
    *, row: Reorganization, fields: Mapping[str, Any], joining: Sequence[UnitWord] = (),
    leaving: Sequence[UnitWord] = (), version: int | None = None, by: Actor, at: datetime,
) -> Reorganization:  # fmt: skip
    """Write the wishes anew. Handed in, the application may not change the committee that approves it."""
    row = _editable(row, by, version)
    approver = row.approver_id
    _tell(row, fields)
    if row.state != ChangeState.DRAFT and row.approver_id != approver:
        raise entering.refusal("ADJUST-APPROVER", _("提交以后不能换批准的党委，请撤回后重新申请。"), "superior")
    _set_units(row, joining, leaving)
    _check(row, localdate(at))
    row.version += 1
    row.save()
    if row.case is not None:
        case = Case.objects.get(pk=row.case.pk)
        told = queries.summary(row, localdate(at))
        changes = {n: told.get(n, "") for n in {*told, *case.facts} if told.get(n, "") != case.facts.get(n, "")}
        if changes:
            cases.edit(case=case, changes=changes, version=case.version, by=by, at=at)
    return row


@transaction.atomic
def submit(
    *, row: Reorganization, version: int | None = None, received_on: date | None = None, on_behalf: str = "",
    by: Actor, at: datetime, confirmed: bool = False,
) -> Reorganization:  # fmt: skip
    """Hand the application in: a case of the approving committee's office. One at a time for a party organization."""
    row = _editable(row, by, version)
    entering.lock(parties=[row.party_organization_id])
    if row.state != ChangeState.DRAFT:
        raise entering.refusal("ADJUST-STATE", _("这件申请已经提交。"))
    party, today = entering.living(row.party_organization), localdate(at)
    _check(row, today)
    for other in Reorganization.objects.filter(party_organization=party, state=ChangeState.APPLIED).select_related(
        "case"
    ):
        if other.case is not None and other.case.open:
            told = _("这个党组织已有一件“{title}”的申请（{number}）没有办结。")
            title = _(CHANGE_TITLES[Change(other.what)])
            raise entering.refusal("ADJUST-TWICE", told, title=title, number=other.case.number or other.case.pk)
    row.case = cases.submit(
        kind=_KINDS[Change(row.what)], facts=queries.summary(row, today), label=reading.name_of(party),
        subject_id=str(party.pk), area=row.area, received_on=received_on, applicant=_who(row), on_behalf=on_behalf,
        by=by, at=at, confirmed=confirmed,
    )  # fmt: skip
    row.state, row.version = str(ChangeState.APPLIED), row.version + 1
    row.save()
    return row


def _who(row: Reorganization) -> str:
    if row.origin == Origin.SUPERIOR:
        return reading.name_of(row.approver) or str(_("上级党委"))
    if row.origin == Origin.UNIT:
        return reading.body_names([row.applicant_id]).get(row.applicant_id or 0, "")
    return reading.name_of(row.party_organization)


def carry_out(*, case: Case, by: Actor, at: datetime) -> None:
    """批复: on the day of the decision everything that was approved holds, in the transaction of the decision."""
    row = queries.of_case(case)
    if row is None:
        raise entering.refusal("ADJUST-LOST", _("没有找到这个事项的申请内容。"))
    on = case.decided_on
    if on is None:
        raise ValueError("an application is approved on the day of its decision")
    if not isinstance(by, Operator) and not reading.leads(by, Permission.APPROVE, row.party_organization):
        raise PermissionDenied(str(Permission.APPROVE))
    row = locked(row)
    number = (case.decision_no or case.outside_number or case.number)[:80]
    if row.what == Change.DISSOLVE:
        organizations.dissolve(
            party=row.party_organization, on=on, reason=row.reason, evidence=number, without=row.pk, by=by, at=at
        )
    else:
        _adjust(row, case, number, on, by=by, at=at)
    row.state, row.carried_on, row.version = str(ChangeState.CARRIED), on, row.version + 1
    row.save()


def _adjust(row: Reorganization, case: Case, number: str, on: date, *, by: Actor, at: datetime) -> None:
    """The formation first, then the units. The rules were asked with the decision, and warnings weighed there."""
    wish = queries.plan(row, on)
    bodies = [unit.pk for unit in (*wish.units, *wish.leaving) if isinstance(unit, Organization)]
    above = wish.superior
    entering.lock(parties=[row.party_organization_id, above.pk if above else None], bodies=bodies)
    _check(row, on)
    row.officers = wish.officers
    approval = {"evidence": number, "approved_on": on, "case_id": case.pk}
    party = organizations.change(
        party=row.party_organization, fields={**wish.fields, **approval}, superior=above, on=on, by=by, at=at,
        confirmed=True,
    )  # fmt: skip
    if wish.joining or wish.leaving:
        organizations.set_units(
            party=party, units=wish.units, on=on, evidence=number, evidence_on=on, by=by, at=at, confirmed=True
        )


@transaction.atomic
def hand_over(*, row: Reorganization, on: date, to: str, note: str = "", by: Actor, at: datetime) -> Reorganization:
    """移交: papers, seal and property of a dissolved party organization went to somebody on the day."""
    row = locked(row)
    entering.require(by, Permission.EDIT, row.party_organization)
    if row.what != Change.DISSOLVE or row.state != ChangeState.CARRIED or row.carried_on is None:
        raise entering.refusal("ADJUST-STATE", _("撤销批复以后才能登记移交。"))
    _past(row, on, at)
    if len(to.strip()) < 2:
        raise entering.refusal("HANDOVER-TO", _("请写明移交给谁。"), "to")
    row.handed_on, row.handed_to, row.handed_note = on, to.strip()[:120], note.strip()[:400]
    row.version += 1
    row.save()
    events.record(
        Event.HANDED_OVER, entering.subject(row.party_organization), by=by, at=at,
        payload={"on": on.isoformat(), "note": row.handed_to},
    )  # fmt: skip
    return row


def _past(row: Reorganization, on: date, at: datetime) -> None:
    if row.carried_on is None or not row.carried_on <= on <= localdate(at):
        told = _("日期须在批复日期 {first} 至今天之间。")
        first = row.carried_on.isoformat() if row.carried_on else ""
        raise entering.refusal("ADJUST-DAY", told, "on", first=first)


@transaction.atomic
def file(*, row: Reorganization, on: date, number: str = "", by: Actor, at: datetime) -> Reorganization:
    """备案: filed with the superior's organization department. Officers come first where the form changed, and the
    hand-over where the party organization was dissolved.
    """
    row = locked(row)
    entering.require(by, Permission.EDIT, row.party_organization)
    if row.state != ChangeState.CARRIED:
        raise entering.refusal("ADJUST-STATE", _("批复以后才能登记备案。"))
    _past(row, on, at)
    if row.what == Change.DISSOLVE and row.handed_on is None:
        raise entering.refusal("ADJUST-HANDOVER", _("请先登记材料、印章的移交，再备案。"))
    if row.officers and not queries.officers_done(row):
        raise entering.refusal("ADJUST-OFFICERS", _("组织形式改变了，请先选举或任命书记，再备案。"))
    row.state, row.filed_on, row.filing_no = str(ChangeState.FILED), on, number.strip()[:80]
    row.version += 1
    row.save()
    events.record(
        Event.CHANGE_FILED, entering.subject(row.party_organization), by=by, at=at,
        payload={"on": on.isoformat(), "note": row.filing_no},
    )  # fmt: skip
    return row


_TREE = CaseTree(
    scope=queries.case_scope, below=queries.cases_below, own=queries.own_cases, applies=queries.case_applies
)


def _kind(code: str, order: int) -> CaseKind:
    return CaseKind(
        code=code, title=params.CHANGE_CASE_TITLES[code], note=params.CHANGE_NOTE_TITLES[code],
        handle=(Permission.EDIT,), decide=(Permission.APPROVE,), apply=(Permission.OWN_ADJUST,),
        fields=params.CHANGE_FIELDS, subject_kind=reading.SUBJECT, area=queries.area_of, materials=queries.materials,
        term=queries.term, findings=queries.findings, on_decided=carry_out, order=order,
        begin="party:application_list", page=queries.page_of, tree=_TREE,
        licence=False,
    )  # fmt: skip


KINDS = (_kind(params.ADJUST, 71), _kind(params.DISSOLVE, 72))
