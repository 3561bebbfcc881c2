"""The founding meeting of one or several branches, and what follows: the result is filed (§2.1, §2.8)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor, require_area
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.party.actions import entering, officers, organizations
from liaoyuan.party.actions.founding import join_members, locked, subject
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.organizations import FoundingState, OfficerHow, OfficerKind
from liaoyuan.party.models import Affiliation, Ceremony, Founding, Member, PartyOrganization
from liaoyuan.party.queries import counts
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.rules.facts.officers import OfficerFacts


@transaction.atomic
def convene(*, area: Area, fields: Mapping[str, Any], by: Actor, at: datetime) -> Ceremony:
    """Set a founding meeting: title, day, place, host, note. Several branches may be founded at it."""
    require_area(by, Permission.EDIT, area.path)
    made = Ceremony.objects.create(
        area=area, made_at=at, made_by=entering.recorder(by),
        **{name: fields[name] for name in ("title", "on", "place", "host", "note") if name in fields},
    )  # fmt: skip
    events.record(
        Event.CEREMONY_SET, ("ceremony", str(made.pk), made.title[:120]), by=by, at=at,
        payload={"on": made.on.isoformat(), "note": made.place},
    )  # fmt: skip
    return made


@transaction.atomic
def found(
    *, founding: Founding, ceremony: Ceremony, secretary: Member | None, how: str, source: str = "",
    result_note: str = "", by: Actor, at: datetime, confirmed: bool = False,
) -> Founding:  # fmt: skip
    """The branch is founded at the meeting: units are covered and members belong to it from that day on.

    While fewer full members than needed are formally there, the secretary is appointed by the approving committee and
    nobody is elected (handbook §2.8). Refused before the approval, in the future, by PB-OFF-03 and PB-REL-06.
    """
    row = locked(founding)
    require_area(by, Permission.EDIT, row.area.path)
    party = row.party_organization
    if row.state != FoundingState.APPROVED or party is None:
        raise entering.refusal("FOUNDING-STATE", _("批复以后才能召开成立大会。"))
    on = ceremony.on
    entering.lock(parties=[party.pk], bodies=[unit.organization_id for unit in row.units.all()])
    party = entering.living(party)
    formation = reading.formation(party)
    if not formation.valid_from <= on <= localdate(at):
        told = _("成立大会须在批复日期 {first} 至今天之间。")
        raise entering.refusal("FOUNDING-DAY", told, "ceremony", first=formation.valid_from.isoformat())
    units = [unit.organization or unit.outside_name for unit in row.units.select_related("organization")]
    fields = {"branch_kind": row.branch_kind, "evidence": formation.evidence, "approved_on": formation.approved_on}
    organizations.cover(party, units, fields, on, by=by, at=at)
    joined = join_members(row, party, on, by=by, at=at)
    party.established_on = on
    party.regular_on = on if _enough(party, on) else None
    party.save(update_fields=["established_on", "regular_on"])
    found_by = refuse_if_blocked(_leader(party, secretary, how, on), confirmed=confirmed)
    if secretary is not None:
        officers.put(
            party, secretary, str(OfficerKind.SECRETARY), on, how=how, source=source, evidence=formation.evidence,
            by=by, at=at,
        )  # fmt: skip
        officers.open_term(party, on, by=by, at=at)
    row.ceremony, row.secretary, row.secretary_how, row.result_note = ceremony, secretary, how, result_note[:200]
    row.state, row.version = str(FoundingState.FOUNDED), row.version + 1
    row.save()
    entering.touched(party)
    events.record(
        Event.BRANCH_FOUNDED, entering.subject(party), by=by, at=at, findings=found_by,
        payload={"on": on.isoformat(), "members": joined, "note": ceremony.title, "founding": row.pk},
    )  # fmt: skip
    return row


def _enough(party: PartyOrganization, on: date) -> bool:
    least = int(reading.limits(party, on).get("pb.form.min_formal", 3))
    return counts.of_branches([party.pk], on)[party.pk].formal >= least


def _leader(party: PartyOrganization, secretary: Member | None, how: str, on: date) -> list[Finding]:
    """What the rules say of the first secretary."""
    moving = party.regular_on is None
    if secretary is None:
        if not moving:
            return []
        raise entering.refusal(
            "FOUNDING-SECRETARY", _("组织关系转接期间，由上级任命首任书记，请选择人选。"), "secretary"
        )
    if moving and how != OfficerHow.APPOINTED:
        told = _("组织关系在本支部的正式党员不足规定人数，首任书记由上级任命，不选举。")
        raise entering.refusal("FOUNDING-NO-ELECTION", told, "how")
    row = Affiliation.objects.active(on).filter(member=secretary, party_organization=party).first()
    if row is None:
        raise entering.refusal("FOUNDING-SECRETARY-HERE", _("书记人选须在本支部的党员名册中。"), "secretary")
    record = entering.record_of(secretary)
    facts = OfficerFacts(
        post=str(OfficerKind.SECRETARY), how=how, confirmed_on=record.confirmed_on,
        probationary=record.status(on) != "full", appointed_on=on, affiliation=row.kind, in_transfer=moving,
    )  # fmt: skip
    return policy.evaluate(Moment.OFFICER_APPOINT, facts, reading.limits(party, on), on)


@transaction.atomic
def file(*, founding: Founding, on: date, number: str = "", by: Actor, at: datetime) -> Founding:
    """The reply and the result were filed with the organization department on the day `on` (art. 6)."""
    row = locked(founding)
    require_area(by, Permission.EDIT, row.area.path)
    party = row.party_organization
    if row.state != FoundingState.FOUNDED or party is None or row.ceremony is None:
        raise entering.refusal("FOUNDING-STATE", _("成立以后才能登记备案。"))
    if not row.ceremony.on <= on <= localdate(at):
        told = _("备案日期须在成立大会 {first} 至今天之间。")
        raise entering.refusal("FILING-DAY", told, "on", first=row.ceremony.on.isoformat())
    row.filed_on, row.filing_no = on, number.strip()[:80]
    row.state, row.version = str(FoundingState.FILED), row.version + 1
    row.save()
    events.record(Event.BRANCH_FILED, subject(row), by=by, at=at, payload={"on": on.isoformat(), "note": row.filing_no})
    return row
