"""Members: entered with their first affiliation, corrected, gone. Told by a party organization with a document (F03).

An identity number that is known already links silently: whoever enters learns nothing of it (docs/adr/0022).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import refuse_if_blocked
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import affiliations, entering, life, telling
from liaoyuan.party.actions.organizations import end_row
from liaoyuan.party.actions.telling import write
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.members import AFFILIATION_TITLES, LEFT_REASON_TITLES, AffiliationKind, LeftReason
from liaoyuan.party.models import (
    Affiliation,
    Member,
    MemberAccount,
    MemberRecord,
    Officer,
    PartyOrganization,
    Transfer,
    VotingPause,
)
from liaoyuan.party.queries import members as reading
from liaoyuan.party.queries import organizations as naming
from liaoyuan.people.actions import entering as persons
from liaoyuan.people.models import Person, Profile
from liaoyuan.people.queries import secrets as numbers
from liaoyuan.registry.models import BEGINNING, OPEN, Organization


@transaction.atomic
def enter(
    *, party: PartyOrganization, kind: str, fields: Mapping[str, Any], organization: Organization | None = None,
    start: date | None = None, tie: Mapping[str, Any] | None = None, outside_name: str = "", by: Actor, at: datetime,
    confirmed: bool = False, on_behalf: str = "",
) -> Member:  # fmt: skip
    """Enter a member that the party organization tells of, with his first affiliation to it; or tie a known one to it.

    `fields` are those of `telling.FIELDS`, in clear, with `evidence` and perhaps `id_number`; `tie` what is told of the
    affiliation. A kind that is not formal comes with `outside_name`, the party organization of his formal affiliation,
    unless that is known. Refused without evidence, for a second formal affiliation (PB-REL-01), for what this zone does
    not store; doubts (MEMBER-…) need `confirmed`. Of a known member only who keeps his file changes what is told.
    """
    entering.require(by, Permission.MEMBERS_EDIT, party)
    number, name = str(fields.get("id_number") or ""), str(fields["name"])
    key = numbers.index(number) if number else ""
    locks.one_at_a_time("people.identity", key or f"party:{party.pk}:{match_key(name)}")
    told = [*telling.asked(fields, at), *telling.period(fields, start, at)]
    indexes = numbers.indexes(number)
    person = Person.objects.living().filter(id_index__in=indexes).first() if key else None
    member = Member.objects.known().filter(person=person).first() if person is not None else None
    if member is None:
        told += telling.same_name(party, name, indexes, str(fields.get("birth") or ""))
    else:
        told += telling.other_name(reading.current(member), name)
    known = member is not None and Affiliation.objects.now_open().formal().filter(member=member).exists()
    if kind != AffiliationKind.FORMAL and not known and naming.stands(outside_name):
        sentence = _("“{name}”是本系统的党组织，请先由它登记这名党员的正式组织关系；这里只写系统外的党组织。")
        raise entering.refusal("MEMBER-HOME-INSIDE", sentence, "outside_name", name=outside_name.strip())
    if kind != AffiliationKind.FORMAL and not known and not outside_name.strip():
        told.append(entering.doubt("MEMBER-HOME", _("没有写正式组织关系所在的党组织，请核对。"), "outside_name"))
    told = refuse_if_blocked(told, confirmed=confirmed)
    person = person or _person(number, key, by=by, at=at)
    persons.lock(persons=[person.pk])
    person = persons.living(person)
    if member is None:
        member = Member.objects.create(person=person, created_at=at, created_by=entering.recorder(by))
    entering.lock(parties=[party.pk], members=[member.pk])
    member, party = entering.living_member(member), entering.living(party)
    changes = _tell(member, fields, number, by=by, at=at)
    row = _tie(member, party, kind, organization, start, tie or {}, outside_name, known=known, by=by, at=at)
    entering.touched(member)
    events.record(
        Event.MEMBER_ENTERED, entering.member_subject(member, name), by=by, at=at, findings=told, on_behalf=on_behalf,
        payload={"party": party.pk, "affiliation": row.pk, "on": entering.day(start), "changes": changes,
                 "note": f"{naming.name_of(party)} {_(AFFILIATION_TITLES[AffiliationKind(kind)])}"},
    )  # fmt: skip
    return member


def _person(number: str, key: str, *, by: Actor, at: datetime) -> Person:
    sealed = numbers.seal("id_number", number.strip().upper()) if key else ""
    return Person.objects.create(id_number=sealed, id_index=key, created_at=at, created_by=entering.recorder(by))


def _tell(member: Member, fields: Mapping[str, Any], number: str, *, by: Actor, at: datetime) -> dict[str, list[Any]]:
    """What is told of somebody new or come back; of another's member nothing changes."""
    record = MemberRecord.objects.current().filter(member=member).first()
    given = {name: value for name, value in fields.items() if value not in ("", None)}
    given.update({"numbered": True} if number else {})
    if record is None:
        return write(member, None, given, by=by, at=at)
    here = Affiliation.objects.now_open().filter(member=member)
    if here.exists() and not reading.keeps(by, member):
        return {}
    back = {"left_on": None, "left_reason": ""} if record.left_on is not None else {}
    return write(member, record, {**given, **back}, by=by, at=at)


def _tie(
    member: Member, party: PartyOrganization, kind: str, organization: Organization | None, start: date | None,
    tie: Mapping[str, Any], outside_name: str, *, known: bool, by: Actor, at: datetime,
) -> Affiliation:  # fmt: skip
    """The affiliation to the party organization, and the formal one outside this register where that is told."""
    if kind != AffiliationKind.FORMAL and not known and outside_name.strip():
        since = reading.begin(member, None, str(AffiliationKind.FORMAL)) or BEGINNING
        affiliations.write(
            member=member, party=None, kind=str(AffiliationKind.FORMAL), organization=None, start=since, assumed=True,
            fields={"evidence": tie.get("evidence")}, outside_name=outside_name, by=by, at=at,
        )  # fmt: skip
    since = start or reading.begin(member, party, kind) or BEGINNING
    return affiliations.write(
        member=member, party=party, kind=kind, organization=organization, start=since, assumed=start is None,
        fields=affiliations.with_due(tie, party, kind, start or localdate(at)), by=by, at=at,
    )  # fmt: skip


def kept(member: Member, by: Actor, version: int | None = None) -> tuple[Member, PartyOrganization]:
    """The member under his lock, for who keeps his file; and who keeps it. Refused for others, and on an old page."""
    party = reading.keeper(member)
    if party is None:
        raise entering.refusal("MEMBER-GONE", _("这名党员已不在任何党组织，请重新查找。"))
    entering.require(by, Permission.MEMBERS_EDIT, party)
    persons.lock(persons=[member.person_id])
    entering.lock(parties=[host.pk for host in reading.hosts(member)], members=[member.pk])
    return entering.living_member(member, version), party


@transaction.atomic
def correct(
    *, member: Member, fields: Mapping[str, Any], version: int | None = None, by: Actor, at: datetime,
    confirmed: bool = False, on_behalf: str = "",
) -> Member:  # fmt: skip
    """Correct what is told; `fields` holds what is given anew, a blank one is taken back. Only who keeps the file.

    A number that belongs to another person moves the member to him; refused when that one is a member already.
    """
    number = str(fields.get("id_number") or "")
    key = numbers.index(number) if number else ""
    if key:
        locks.one_at_a_time("people.identity", key)
    member, _keeper = kept(member, by, version)
    record = entering.record_of(member)
    whole = telling.whole(record, fields)
    whole["id_number"] = number or (numbers.number_of(member.person) if record.numbered else "")
    told = refuse_if_blocked(telling.asked(whole, at, given=fields), confirmed=confirmed)
    if key and member.person.id_index not in numbers.indexes(number):
        _renumber(member, number, key, by=by, at=at)
    whole["numbered"] = bool(number) or record.numbered
    changes = write(member, record, whole, by=by, at=at)
    if key:
        changes["id_number"] = [events.HIDDEN, events.HIDDEN]
    if changes:
        entering.touched(member)
        events.record(
            Event.MEMBER_CORRECTED, entering.member_subject(member, str(whole["name"])), by=by, at=at, findings=told,
            on_behalf=on_behalf, payload={"changes": changes},
        )  # fmt: skip
    return member


def _renumber(member: Member, number: str, key: str, *, by: Actor, at: datetime) -> None:
    """The member is the person with this number; where the present entry has none and nobody else has it, it gets it.

    Of a present entry with another number the member alone goes: what bodies told of that person stays with him. An
    entry of which nobody else tells becomes void with its wrong number.
    """
    other = Person.objects.living().filter(id_index__in=numbers.indexes(number)).first()
    if other is None and not member.person.id_index:
        person = persons.living(member.person)
        person.id_number, person.id_index = numbers.seal("id_number", number.strip().upper()), key
        person.save(update_fields=["id_number", "id_index"])
        return
    if other is not None and Member.objects.known().filter(person=other).exists():
        raise entering.refusal("MEMBER-NUMBER", _("这个身份证号不能用于这名党员，请核对证件。"), "id_number")
    alone, member.person = member.person, other or _person(number, key, by=by, at=at)
    member.save(update_fields=["person"])
    if not Profile.objects.filter(person=alone).exists():
        alone.id_number, alone.id_index, alone.voided_at, alone.voided_by = "", "", at, entering.recorder(by)
        alone.save(update_fields=["id_number", "id_index", "voided_at", "voided_by"])


@transaction.atomic
def leave(
    *, member: Member, on: date, reason: str, evidence: str, version: int | None = None, by: Actor, at: datetime
) -> Member:
    """离开党组织 on the day `on`: his affiliations, posts, groups and pauses end, the link to his account goes.

    Refused while a transfer is under way, and for a day on which he was not yet here or that is still to come.
    """
    member, keeper = kept(member, by, version)
    record = entering.record_of(member)
    if reason not in list(LeftReason):
        raise entering.refusal("MEMBER-LEFT-REASON", _("请选择离开的事由。"), "reason")
    if len(evidence.strip()) < 2:
        raise entering.refusal("MEMBER-EVIDENCE", _("请写明依据的文件或材料。"), "evidence")
    if on > localdate(at) or (record.admitted_on is not None and on <= record.admitted_on):
        raise entering.refusal("MEMBER-LEFT-DAY", _("离开日期须晚于入党时间，不晚于今天。"), "on")
    last = reading.last_change(member)
    if last is not None and on < last:
        told = _("{last} 他的组织关系还有变动，离开日期不能更早。")
        raise entering.refusal("MEMBER-LEFT-DAY", told, "on", last=last.isoformat())
    if Transfer.objects.under_way().filter(member=member).exists():
        raise entering.refusal("MEMBER-LEFT-TRANSFER", _("还有转接正在办理，请先办结或撤销。"))
    title = _(LEFT_REASON_TITLES[LeftReason(reason)])
    for model, more in ((Affiliation, {"end_reason": title}), (Officer, {"end_reason": title}), (VotingPause, {})):
        for row in model._default_manager.filter(member=member, superseded_at__isnull=True, valid_to=OPEN):
            end_row(row, on, at, by, **more)
    life.leave_groups(member, None, on, by=by, at=at)
    MemberAccount.objects.filter(member=member).delete()
    write(member, record, {"left_on": on, "left_reason": reason}, by=by, at=at)
    entering.touched(member)
    events.record(
        Event.MEMBER_GONE, entering.member_subject(member, record.name), by=by, at=at,
        payload={"party": keeper.pk, "on": on.isoformat(), "reason": title, "evidence": evidence.strip()[:120]},
    )  # fmt: skip
    return member
