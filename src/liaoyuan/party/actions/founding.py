"""Founding a branch: draft, application (a case), approval, founding meeting, filing (支部工作条例 art. 6, §2.8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks
from liaoyuan.core.access import Actor, Operator
from liaoyuan.core.actions import cases
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, Case
from liaoyuan.core.registries import CaseKind, CaseTree
from liaoyuan.party.actions import affiliations, entering, organizations
from liaoyuan.party.actions.organizations import UnitWord
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.members import AffiliationKind, Stage
from liaoyuan.party.choices.organizations import BranchKind, Form, FoundingState, Standing
from liaoyuan.party.models import (
    Affiliation,
    Founding,
    FoundingMember,
    FoundingUnit,
    Member,
    PartyOrganization,
    Transfer,
)
from liaoyuan.party.params import procedures as params
from liaoyuan.party.queries import founding as queries
from liaoyuan.party.queries import organizations as reading
from liaoyuan.registry.choices import LIVE
from liaoyuan.registry.models import Organization
from liaoyuan.registry.models import Standing as BodyStanding

FIELDS = ("name", "branch_kind", "carrier_name", "purpose", "task_ends_on", "transfer_due_on")


@dataclass(frozen=True, slots=True)
class Listed:
    """A member on the roster: as whom, through which body, with consent and due day where he has agreed to transfer."""

    member: Member
    standing: str
    organization: Organization | None = None
    full_time: bool = False
    consented_on: date | None = None
    transfer_due_on: date | None = None


def _require(by: Actor, area: Area, applicant: Organization | None) -> None:
    if not (queries.staff(by, area) or queries.applicant(by, applicant.pk if applicant else None)):
        raise PermissionDenied(str(Permission.OWN_APPLY))


@transaction.atomic
def draft(
    *, superior: PartyOrganization, applicant: Organization, fields: Mapping[str, Any],
    carrier: Organization | None = None, units: Sequence[UnitWord] = (), by: Actor, at: datetime,
) -> Founding:  # fmt: skip
    """Begin an application. It goes to the office of the superior's area; nothing is asked yet."""
    _require(by, superior.area, applicant)
    _check(superior, applicant, fields)
    made = Founding.objects.create(
        area=superior.area, superior=superior, applicant=applicant, carrier=carrier, made_at=at,
        made_by=entering.recorder(by), **{name: fields[name] for name in FIELDS if name in fields},
    )  # fmt: skip
    _set_units(made, units or [applicant])
    events.record(Event.FOUNDING_DRAFTED, subject(made), by=by, at=at, payload={"note": made.name})
    return made


def subject(founding: Founding) -> tuple[str, str, str]:
    """The application as the subject of an event."""
    return queries.SUBJECT, str(founding.pk), founding.name[:120]


def _check(superior: PartyOrganization, applicant: Organization, fields: Mapping[str, Any]) -> None:
    if reading.formation(superior).form == Form.BRANCH:
        raise entering.refusal("PARTY-BELOW-BRANCH", _("党支部之下不能再设党组织；党支部下设党小组。"), "superior")
    row = BodyStanding.objects.now_open().filter(organization=applicant).first()
    if row is None or row.status not in {str(s) for s in LIVE}:
        raise entering.refusal("FOUNDING-BODY", _("申请单位已终止，不能申请。"), "applicant")
    if fields.get("branch_kind") == BranchKind.TEMPORARY and not fields.get("task_ends_on"):
        raise entering.refusal("PARTY-TASK-END", _("临时党支部须写明计划结束日期。"), "task_ends_on")


def _set_units(founding: Founding, units: Iterable[UnitWord]) -> None:
    FoundingUnit.objects.filter(founding=founding).delete()
    FoundingUnit.objects.bulk_create(
        FoundingUnit(
            founding=founding, organization=unit if isinstance(unit, Organization) else None,
            outside_name="" if isinstance(unit, Organization) else unit[:120],
        )
        for unit in units
    )  # fmt: skip


def locked(founding: Founding, version: int | None = None) -> Founding:
    """The application under its lock. Refused when it changed since the page was opened."""
    locks.one_at_a_time("party.founding", founding.pk)
    rows = Founding.objects.select_for_update(of=("self",)).select_related(
        "area", "superior__area", "case", "applicant"
    )
    row = rows.get(pk=founding.pk)
    if version is not None and row.version != version:
        raise entering.refusal("FOUNDING-STALE", _("您打开页面之后，别人修改了这件申请。请核对最新内容后再保存。"))
    return row


def _editable(founding: Founding, by: Actor, version: int | None) -> Founding:
    if founding.case_id is not None:  # the case first, as whoever decides it does
        locks.one_at_a_time("case", founding.case_id)
    row = locked(founding, version)
    if not (isinstance(by, Operator) or queries.may_write(by, row)):
        raise PermissionDenied(str(Permission.EDIT))
    return row


def _touched(row: Founding, at: datetime, by: Actor) -> Founding:
    """A next version; an application that is handed in tells its case what changed."""
    row.version += 1
    row.save()
    if row.case is not None:
        case = Case.objects.get(pk=row.case.pk)
        told = queries.summary(row)
        changes = {n: told.get(n, "") for n in {*told, *case.facts} if told.get(n, "") != case.facts.get(n, "")}
        if changes:
            cases.edit(case=case, changes=changes, version=case.version, by=by, at=at)
    return row


@transaction.atomic
def save(
    *, founding: Founding, fields: Mapping[str, Any], superior: PartyOrganization | None = None,
    carrier: Organization | None = None, units: Sequence[UnitWord] | None = None, version: int | None = None,
    by: Actor, at: datetime,
) -> Founding:  # fmt: skip
    """Write the application's facts and units anew; its superior may change while it is a draft."""
    row = _editable(founding, by, version)
    if superior is not None and superior.pk != row.superior_id:
        if row.state != FoundingState.DRAFT or superior.area_id != row.area_id:
            raise entering.refusal("FOUNDING-SUPERIOR", _("提交以后不能改换上级，请撤回后重新申请。"), "superior")
        row.superior = superior
    if row.applicant is not None:
        _check(row.superior, row.applicant, {**{n: getattr(row, n) for n in FIELDS}, **fields})
    for name in FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    row.carrier = carrier
    if units is not None:
        _set_units(row, units)
        kept = [unit.pk for unit in units if isinstance(unit, Organization)]
        FoundingMember.objects.filter(founding=row).exclude(organization__in=kept).delete()
    return _touched(row, at, by)


@transaction.atomic
def set_roster(
    *, founding: Founding, roster: Sequence[Listed], version: int | None = None, by: Actor, at: datetime
) -> Founding:
    """The members of the application, and as whom each stands. Whoever has agreed says when, full-time, and by when."""
    row = _editable(founding, by, version)
    if not queries.staff(by, row.area):
        raise PermissionDenied(str(Permission.MEMBERS_VIEW))
    bodies = set(row.units.filter(organization__isnull=False).values_list("organization_id", flat=True))
    for line in roster:
        _check_line(line, bodies, localdate(at))
    FoundingMember.objects.filter(founding=row).delete()
    FoundingMember.objects.bulk_create(
        FoundingMember(
            founding=row, member=line.member, organization=line.organization, standing=line.standing,
            full_time=line.full_time, consented_on=line.consented_on,
            transfer_due_on=line.transfer_due_on if line.standing == Standing.COMMITTED else None,
        )
        for line in roster
    )  # fmt: skip
    return _touched(row, at, by)


def _check_line(line: Listed, bodies: set[int], today: date) -> None:
    name = entering.record_of(line.member).name
    if line.organization is not None and line.organization.pk not in bodies:
        raise entering.refusal("FOUNDING-UNIT", _("{name}所在的组织不在成员单位中。"), "roster", name=name)
    if line.standing == Standing.COMMITTED:
        if line.consented_on is None or not line.full_time:
            told = _("{name}：书面同意转入的须为专职，并写明同意日期。")
            raise entering.refusal("FOUNDING-CONSENT", told, "roster", name=name)
        if line.consented_on > today:
            raise entering.refusal("FOUNDING-CONSENT", _("{name}：同意日期不能晚于今天。"), "roster", name=name)
        if line.transfer_due_on is None or line.transfer_due_on <= line.consented_on:
            told = _("{name}：应转入日期须晚于同意日期。")
            raise entering.refusal("FOUNDING-DUE", told, "roster", name=name)
    if line.standing == Standing.FORMAL:
        rows = Affiliation.objects.now_open().formal().filter(member=line.member)
        if not rows.filter(organization=line.organization).exists():
            told = _("{name}的组织关系不在本组织，不能列为正式组织关系。")
            raise entering.refusal("FOUNDING-FORMAL", told, "roster", name=name)


@transaction.atomic
def submit(
    *, founding: Founding, version: int | None = None, received_on: date | None = None, on_behalf: str = "",
    by: Actor, at: datetime, confirmed: bool = False,
) -> Founding:  # fmt: skip
    """Hand the application in: a case of the superior's office. Refused by PB-FORM-02, -06 and -07."""
    row = _editable(founding, by, version)
    if row.state != FoundingState.DRAFT:
        raise entering.refusal("FOUNDING-STATE", _("这件申请已经提交。"))
    row.case = cases.submit(
        kind=params.FOUND, facts=queries.summary(row), label=row.name, subject_id=str(row.applicant_id),
        area=row.area, received_on=received_on, applicant=str(_applicant(row)), on_behalf=on_behalf, by=by, at=at,
        confirmed=confirmed,
    )  # fmt: skip
    row.state, row.version = str(FoundingState.APPLIED), row.version + 1
    row.save()
    return row


def _applicant(row: Founding) -> str:
    return reading.body_names([row.applicant_id]).get(row.applicant_id or 0, "")


def approve(*, case: Case, by: Actor, at: datetime) -> None:
    """批复: the decision makes the party organization; units and members join at the founding meeting."""
    row = locked(_of(case))
    on = case.decided_on
    if on is None:
        raise ValueError("an application is approved on the day of its decision")
    number = case.decision_no or case.outside_number or case.number
    told = {
        "name": row.name, "form": str(Form.BRANCH), "branch_kind": row.branch_kind, "carrier_id": row.carrier_id,
        "carrier_name": row.carrier_name, "task_ends_on": row.task_ends_on, "transfer_due_on": _due(row),
        "evidence": number[:80], "approved_on": on, "case_id": case.pk,
    }  # fmt: skip
    row.party_organization = organizations.write(
        area=row.area, fields=told, superior=row.superior, units=[], start=on, established_on=None, regular_on=None,
        by=by, at=at, confirmed=True, on_behalf=case.on_behalf,
    )  # fmt: skip
    row.state, row.version = str(FoundingState.APPROVED), row.version + 1
    row.save()


def _due(row: Founding) -> date | None:
    days = [line.transfer_due_on for line in row.members.all() if line.transfer_due_on is not None]
    return row.transfer_due_on or (max(days) if days else None)


def _of(case: Case) -> Founding:
    row = queries.of_case(case)
    if row is None:
        raise entering.refusal("FOUNDING-LOST", _("没有找到这个事项的申请内容。"))
    return row


KIND = CaseKind(
    code=params.FOUND, title=params.FOUND_CASE_TITLES[params.FOUND], note=params.FOUND_NOTE_TITLES[params.FOUND],
    handle=(Permission.EDIT,), decide=(Permission.APPROVE,), apply=(Permission.OWN_APPLY,),
    fields=params.FOUND_FIELDS, subject_kind="organization", area=queries.area_of,
    materials=lambda case: "pb.found.papers", term=queries.term, findings=queries.findings, on_decided=approve,
    order=70, begin="party:founding_new", page=queries.page_of,
    tree=CaseTree(scope=queries.case_scope, below=queries.cases_below),
    licence=False, reply="party_reply", reply_about=queries.of_case, office=queries.office_of,
)  # fmt: skip


def _comes(member: Member, formal: Affiliation | None, body: Organization | None) -> None:
    """Refuse a member whose formal affiliation is no more what the roster said, or whose letter is out elsewhere."""
    name = entering.record_of(member).name
    if formal is None or formal.organization != body:
        told = _("{name}的组织关系已不在名册所列的组织，请先修改名册，或办理转接。")
        raise entering.refusal("FOUNDING-MOVED", told, "ceremony", name=name)
    if Transfer.objects.under_way().filter(member=member).exists():
        told = _("{name}还有组织关系转接正在办理，请先办结或撤销。")
        raise entering.refusal("FOUNDING-TRANSFER", told, "ceremony", name=name)


def join_members(row: Founding, party: PartyOrganization, on: date, *, by: Actor, at: datetime) -> int:
    """The members of the roster join the branch on the day of the founding meeting. Returns how many."""
    count = 0
    for line in row.members.select_related("member", "organization"):
        entering.lock(members=[line.member_id])
        member = entering.living_member(line.member)
        formal = line.standing == Standing.FORMAL
        kind = AffiliationKind.FORMAL if formal else AffiliationKind.TEMPORARY
        open_rows = Affiliation.objects.now_open().filter(member=member)
        rows = open_rows.formal() if formal else open_rows.filter(organization=line.organization).sorted_out()
        known = rows.select_related("party_organization").first()
        if formal:
            _comes(member, known, line.organization)
        told: dict[str, Any] = {"full_time": line.full_time, "evidence": reading.formation(party).evidence}
        if not formal:
            told |= {
                "stage": str(Stage.DUAL), "stage_on": on, "consented_on": line.consented_on,
                "transfer_due_on": line.transfer_due_on, "planned_end": line.transfer_due_on,
                "home_contact": known.home_contact if known is not None else "",
            }  # fmt: skip
        if known is not None:
            organizations.end_row(known, on, at, by, end_reason=_("随党支部成立转入支部"))
        affiliations.write(
            member=member, party=party, kind=kind, organization=line.organization, start=on, assumed=False,
            fields=told, by=by, at=at,
        )  # fmt: skip
        entering.touched(member)
        events.record(
            Event.JOINED, entering.member_subject(member), by=by, at=at,
            payload={"party": party.pk, "on": on.isoformat(), "note": row.name},
        )  # fmt: skip
        count += 1
    return count
