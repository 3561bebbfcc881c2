"""Applicants: handed in, corrected, moved with their papers, closed. Told by the party organization (handbook §2.6)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import developing, entering
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.models import (
    Applicant,
    ApplicantPlace,
    ApplicantRecord,
    DevelopmentStep,
    Member,
    MemberRecord,
    PartyOrganization,
)
from liaoyuan.party.params.way import CLOSE_REASON_TITLES, CloseReason, DevelopmentStage
from liaoyuan.party.queries import applicants as reading
from liaoyuan.party.queries import courses
from liaoyuan.party.queries import organizations as naming
from liaoyuan.people.actions import entering as persons
from liaoyuan.people.models import Person
from liaoyuan.people.queries import secrets as numbers
from liaoyuan.registry.models import OPEN, Organization

#: What is told of an applicant besides the sealed birth and the number.
FIELDS = ("name", "gender", "education", "job", "leaves_on")
_MINE = (DevelopmentStage.PROBATIONER, DevelopmentStage.CONFIRMED)


@transaction.atomic
def apply(
    *, party: PartyOrganization, fields: Mapping[str, Any], on: date, organization: Organization | None = None,
    evidence: str = "", by: Actor, at: datetime, confirmed: bool = False, on_behalf: str = "",
) -> Applicant:  # fmt: skip
    """Enter an own application handed in on the day `on` (step 1).

    `fields` are those of `FIELDS` with `birth` (a day) and perhaps `id_number`. Refused below the age (PB-DEV-01), for
    what this zone does not store, for somebody with an application or a membership; doubts need `confirmed`.
    """
    entering.require(by, Permission.MEMBERS_EDIT, party)
    _zone(fields)
    number, name = str(fields.get("id_number") or ""), str(fields["name"]).strip()
    key = numbers.index(number) if number else ""
    locks.one_at_a_time("people.identity", key or f"applicant:{party.pk}:{match_key(name)}")
    person = Person.objects.living().filter(id_index__in=numbers.indexes(number)).first() if key else None
    if person is not None and _taken(person):
        told = _("这个身份证号不能用于新的入党申请，请核对证件；确有疑问请联系上级党组织。")
        raise entering.refusal("DEVELOPMENT-NUMBER", told, "id_number")
    if fields.get("birth") is None and reading.holds(reading.PERSONAL["birth"]):
        raise entering.refusal("DEVELOPMENT-BIRTH", _("请填写出生日期，年满十八周岁才能申请入党。"), "birth")
    if person is None:
        sealed = numbers.seal("id_number", number.strip().upper()) if key else ""
        person = Person.objects.create(id_number=sealed, id_index=key, created_at=at, created_by=entering.recorder(by))
    persons.lock(persons=[person.pk])
    person = persons.living(person)
    entering.lock(parties=[party.pk])
    party = entering.living(party)
    applicant = Applicant.objects.create(
        person=person, party_organization=party, organization=organization, applied_on=on, created_at=at,
        created_by=entering.recorder(by),
    )  # fmt: skip
    record = _tell(applicant, {**fields, "name": name}, at=at, by=by, numbered=bool(key))
    ApplicantPlace.objects.create(
        applicant=applicant, party_organization=party, organization=organization, valid_from=on, recorded_at=at,
        recorded_by=entering.recorder(by),
    )  # fmt: skip
    course = courses.Course(applicant, record)
    found = [*developing.asked(course, 1, on, at), *_same(party, name, applicant)]
    found = refuse_if_blocked(found, confirmed=confirmed)
    developing.write(course, 1, on, by=by, at=at, **developing.papers(evidence=evidence.strip()[:80]))
    events.record(
        Event.APPLICANT_ENTERED, developing.subject(applicant, name), by=by, at=at, findings=found,
        on_behalf=on_behalf, payload={"party": party.pk, "on": on.isoformat(), "note": naming.name_of(party)},
    )  # fmt: skip
    return applicant


def _zone(fields: Mapping[str, Any]) -> None:
    for name, code in reading.PERSONAL.items():
        if fields.get(name) and not reading.holds(code):
            raise entering.refusal("PRIVACY-ZONE", _("互联网区不存储这一项，没有保存。"), name)


def _taken(person: Person) -> bool:
    """Whether the person is a member, or on the way already."""
    there = Member.objects.known().filter(person=person, records__superseded_at__isnull=True)
    open_ = Applicant.objects.known().filter(person=person, closed_on__isnull=True)
    return there.filter(records__left_on__isnull=True).exists() or open_.exists()


def _same(party: PartyOrganization, name: str, applicant: Applicant) -> list[Finding]:
    rows = Applicant.objects.open().filter(party_organization=party).exclude(pk=applicant.pk)
    rows = rows.filter(records__superseded_at__isnull=True, records__name_key=match_key(name))
    if not rows.exists():
        return []
    return [entering.doubt("DEVELOPMENT-SAME-NAME", _("本支部已有同名的入党申请人，请核对是不是同一人。"), "name")]


def _tell(
    applicant: Applicant, fields: Mapping[str, Any], *, by: Actor, at: datetime, numbered: bool, birth: str = ""
) -> ApplicantRecord:
    told = {name: fields[name] for name in FIELDS if fields.get(name) not in (None, "")}
    sealed = reading.seal_birth(fields.get("birth")) or birth
    return ApplicantRecord.objects.create(
        applicant=applicant, name_key=match_key(str(fields["name"])), birth=sealed, numbered=numbered, recorded_at=at,
        recorded_by=entering.recorder(by), **told,
    )  # fmt: skip


@transaction.atomic
def correct(
    *, applicant: Applicant, fields: Mapping[str, Any], organization: Organization | None = None,
    version: int | None = None, by: Actor, at: datetime, on_behalf: str = "",
) -> Applicant:  # fmt: skip
    """Correct what is told. An empty birth leaves it as it is. Refused when the age would not have sufficed."""
    entering.require(by, Permission.MEMBERS_EDIT, applicant.party_organization)
    _zone({name: value for name, value in fields.items() if name != "id_number"})
    entering.lock(parties=[applicant.party_organization_id], members=[applicant.member_id or 0])
    developing.lock(applicant)
    applicant = developing.again(applicant, version)
    course = courses.of(applicant)
    old = course.record
    ApplicantRecord.objects.filter(pk=old.pk).update(superseded_at=at)
    course.record = _tell(applicant, fields, by=by, at=at, numbered=old.numbered, birth=old.birth)
    told = refuse_if_blocked(courses.findings(course, 1, applicant.applied_on, localdate(at)))
    changes: dict[str, Any] = {
        name: [_plain(getattr(old, name)), _plain(getattr(course.record, name))]
        for name in FIELDS
        if getattr(old, name) != getattr(course.record, name)
    }
    if fields.get("birth") is not None and reading.birth_of(old) != fields["birth"]:
        changes["birth"] = [events.HIDDEN, events.HIDDEN]
    if organization != applicant.organization:
        changes["organization"] = [applicant.organization_id, organization.pk if organization else None]
        applicant.organization = organization
        rows = ApplicantPlace.objects.now_open().filter(applicant=applicant)
        rows.update(organization=organization)
    if changes:
        developing.done(course, Event.APPLICANT_CORRECTED, by=by, at=at, found=told, on_behalf=on_behalf,
                        changes=changes)  # fmt: skip
    return applicant


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def move(
    *, applicant: Applicant, party: PartyOrganization, on: date, organization: Organization | None = None,
    version: int | None = None, by: Actor, at: datetime,
) -> Applicant:  # fmt: skip
    """The papers follow the applicant to another branch from the day `on`; time goes on (no year begins anew).

    Asked over both. From probation on the papers follow the transfer of the formal affiliation instead (`follow`).
    """
    entering.require(by, Permission.MEMBERS_EDIT, applicant.party_organization, party)
    entering.lock(parties=[applicant.party_organization_id, party.pk])
    developing.lock(applicant)
    applicant = developing.again(applicant, version)
    party = entering.living(party)
    if applicant.stage in _MINE:
        raise entering.refusal("DEVELOPMENT-MEMBER", _("已是党员的，经组织关系转接办理，培养材料随之转入。"), "party")
    if party.pk == applicant.party_organization_id:
        raise entering.refusal("DEVELOPMENT-SAME", _("培养关系已在这个党组织。"), "party")
    course = courses.of(applicant)
    if 15 in course.steps:
        raise entering.refusal("DEVELOPMENT-MEETING", _("支部大会已讨论接收，审批并编入支部以前不能转移。"), "party")
    _place(course, party, organization, on, by=by, at=at)
    _moved(course, party, on, by=by, at=at)
    return applicant


def _place(
    course: courses.Course, party: PartyOrganization, organization: Organization | None, on: date, *, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    applicant = course.applicant
    row = ApplicantPlace.objects.now_open().get(applicant=applicant)
    first = max([row.valid_from, *(step.on for step in course.steps.values())])
    if not (first <= on <= localdate(at) and row.valid_from < on):
        told = _("转移日期须晚于到本支部的日期 {since}，不早于最近一步的日期 {first}，不晚于今天。")
        raise entering.refusal("DEVELOPMENT-MOVE-DAY", told, "on", since=row.valid_from.isoformat(),
                               first=first.isoformat())  # fmt: skip
    _shift(applicant, row, party, organization, on, by=by, at=at)


def _shift(
    applicant: Applicant, row: ApplicantPlace, party: PartyOrganization, organization: Organization | None, on: date, *,
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    ApplicantPlace.objects.filter(pk=row.pk).update(superseded_at=at)
    if row.valid_from < on:
        ApplicantPlace.objects.create(
            applicant=applicant, party_organization=row.party_organization, organization=row.organization,
            valid_from=row.valid_from, valid_to=on, recorded_at=at, recorded_by=entering.recorder(by),
        )  # fmt: skip
    ApplicantPlace.objects.create(
        applicant=applicant, party_organization=party, organization=organization, valid_from=max(on, row.valid_from),
        valid_to=OPEN, recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip
    applicant.party_organization, applicant.organization = party, organization


def _moved(course: courses.Course, party: PartyOrganization, on: date, *, by: Actor, at: datetime) -> None:
    note = naming.name_of(party)
    developing.done(course, Event.APPLICANT_MOVED, by=by, at=at, on=on, note=note)


def follow(
    *, member: Member, party: PartyOrganization | None, organization: Organization | None, on: date, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """A probationer's formal affiliation moved: his papers go with it. The caller holds the locks and the permission.

    Out of this register the papers stay where they are until they are closed.
    """
    rows = Applicant.objects.open().filter(member=member).select_related("party_organization__area", "organization")
    for applicant in rows.select_for_update(of=("self",)):
        if party is None or applicant.party_organization_id == party.pk:
            continue
        row = ApplicantPlace.objects.now_open().get(applicant=applicant)
        course = courses.of(applicant)
        _shift(applicant, row, party, organization or applicant.organization, on, by=by, at=at)
        _moved(course, party, on, by=by, at=at)


@transaction.atomic
def close(
    *, applicant: Applicant, on: date, reason: str, version: int | None = None, by: Actor, at: datetime
) -> Applicant:
    """The way ends before membership: withdrawn, no longer cultivated, not passed, gone. No more is kept of why."""
    entering.require(by, Permission.MEMBERS_EDIT, applicant.party_organization)
    entering.lock(parties=[applicant.party_organization_id])
    developing.lock(applicant)
    applicant = developing.again(applicant, version)
    course = courses.of(applicant)
    if applicant.stage in _MINE:
        told = _("已是预备党员，须经支部大会和上级党委决定取消资格。")
        raise entering.refusal("DEVELOPMENT-MEMBER", told, "reason")
    if reason not in list(CloseReason) or reason == CloseReason.CANCELLED:
        raise entering.refusal("DEVELOPMENT-REASON", _("请选择结束培养的事由。"), "reason")
    last = max(step.on for step in course.steps.values())
    if not last <= on <= localdate(at):
        told = _("结束日期须在最近一步的日期 {last} 至今天之间。")
        raise entering.refusal("DEVELOPMENT-CLOSE-DAY", told, "on", last=last.isoformat())
    applicant.closed_on, applicant.closed_reason = on, reason
    note = _(CLOSE_REASON_TITLES[CloseReason(reason)])
    developing.done(course, Event.APPLICANT_CLOSED, by=by, at=at, on=on, reason=note)
    return applicant


def admitted(
    course: courses.Course, party: PartyOrganization, met: date, *, by: Actor, at: datetime
) -> tuple[Member, bool]:
    """The member that an applicant becomes, with what is told of him; and whether he was one before. No event."""
    applicant, record = course.applicant, course.record
    member = Member.objects.known().filter(person=applicant.person).first()
    known = member is not None
    if member is None:
        member = Member.objects.create(person=applicant.person, created_at=at, created_by=entering.recorder(by))
    old = MemberRecord.objects.current().filter(member=member).first()
    if old is not None and old.left_on is None:
        raise entering.refusal("DEVELOPMENT-IS-MEMBER", _("这个人已在党员名册中，请核对。"))
    if old is not None:
        MemberRecord.objects.filter(pk=old.pk).update(superseded_at=at)
    MemberRecord.objects.create(
        member=member, name=record.name, name_key=record.name_key, gender=record.gender, education=record.education,
        job=record.job, numbered=record.numbered, admitted_on=met, recorded_at=at, recorded_by=entering.recorder(by),
        birth=reading.seal_birth(reading.birth_of(record), reading.MEMBER_BIRTH), evidence=_form_number(applicant),
    )  # fmt: skip
    return member, known


def _form_number(applicant: Applicant) -> str:
    """The number of the 入党志愿书 is the document that the membership rests on."""
    row = DevelopmentStep.objects.current().filter(applicant=applicant, number=14).first()
    return row.evidence if row is not None else ""
