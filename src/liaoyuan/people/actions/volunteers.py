"""Registering volunteers and recording their service."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.people.actions import entering
from liaoyuan.people.choices import Event
from liaoyuan.people.models import Person, Volunteer, VolunteerService
from liaoyuan.people.queries import bodies, services
from liaoyuan.people.rules.facts import PersonFacts
from liaoyuan.registry.models import Organization

VOLUNTEER = (
    "number", "registered_on", "fields", "insured_until", "consented_on", "consent_evidence", "withdrawn_on",
    "ended_on",
)  # fmt: skip
_TEXTS = ("number", "fields", "consent_evidence")
SERVICE = ("activity", "content", "started", "ended", "minutes", "place", "category", "recorder", "confirmer")


@transaction.atomic
def register(
    *, person: Person, organization: Organization, fields: Mapping[str, Any], by: Actor, at: datetime
) -> Volunteer:
    """Register the person as a volunteer of the body, or change what is told of him as one."""
    entering.require(by, organization)
    entering.lock(persons=[person.pk], organizations=[organization.pk])
    person = entering.living(person)
    name = entering.told_by(person, organization).name
    now = {n: (fields.get(n) or "") if n in _TEXTS else fields.get(n) for n in VOLUNTEER}
    _consent(now, localdate(at))
    known = Volunteer.objects.current().filter(person=person, organization=organization).first()
    was = {n: getattr(known, n) for n in VOLUNTEER} if known else {}
    if known is not None:
        if was == now:
            return known
        Volunteer.objects.filter(pk=known.pk).update(superseded_at=at)
    row = Volunteer.objects.create(
        person=person, organization=organization, recorded_at=at, recorded_by=entering.recorder(by), **now
    )
    entering.touched(person)
    before, after = entering.plain({n: was.get(n) for n in now}), entering.plain(now)
    events.record(
        Event.VOLUNTEERED, entering.subject(person, name), by=by, at=at,
        payload={"organization": organization.pk, "volunteer": row.pk,
                 "changes": {n: [before[n], after[n]] for n in after if before[n] != after[n]}},
    )  # fmt: skip
    return row


def _consent(told: Mapping[str, Any], today: date) -> None:
    """Refuse a consent without its day or its evidence, one of tomorrow, and a withdrawal before it."""
    given, withdrawn = told["consented_on"], told["withdrawn_on"]
    if (given is None) == bool(told["consent_evidence"]):
        field = "consented_on" if given is None else "consent_evidence"
        raise entering.refusal("VOL-CONSENT", _("同意公开须有日期和凭据。"), field)
    for name, day in (("consented_on", given), ("withdrawn_on", withdrawn)):
        if day is not None and day > today:
            raise entering.refusal("VOL-LATE", _("日期不能晚于今天。"), name)
    if withdrawn is not None and (given is None or withdrawn < given):
        raise entering.refusal("VOL-ORDER", _("撤回日期不能早于同意日期。"), "withdrawn_on")


def asked(
    person: Person, organization: Organization, on: date, minutes: int, started: time | None, ended: time | None
) -> list[Finding]:
    """VOL-03: what the rules say of one more service on the day."""
    sums, overlapping = services.day(person, on, started, ended)
    facts = PersonFacts(served_on=on, day_minutes=sums + minutes, overlapping=overlapping)
    row = bodies.standing(organization, on)
    return policy.evaluate(Moment.SERVICE, facts, bodies.limits(row, on), on)


@transaction.atomic
def serve(
    *, person: Person, organization: Organization, on: date, fields: Mapping[str, Any], by: Actor, at: datetime
) -> VolunteerService:
    """Record a service of a volunteer of the body. Refused by VOL-03, for a day after today, for no volunteer."""
    entering.require(by, organization)
    entering.lock(persons=[person.pk], organizations=[organization.pk])
    person = entering.living(person)
    name = entering.told_by(person, organization).name
    if on > localdate(at):
        raise entering.refusal("SRV-LATE", _("日期不能晚于今天。"), "on")
    if not Volunteer.objects.current().filter(person=person, organization=organization).exists():
        raise entering.refusal("SRV-VOLUNTEER", _("这名人员还不是本组织的志愿者，请先注册。"))
    started, ended, minutes = fields.get("started"), fields.get("ended"), int(fields.get("minutes") or 0)
    if started and ended and ended <= started:
        raise entering.refusal("SRV-TIMES", _("止时须晚于起时。"), "ended")
    if minutes <= 0:
        raise entering.refusal("SRV-HOURS", _("时长须大于零。"), "hours")
    told = refuse_if_blocked(asked(person, organization, on, minutes, started, ended))
    texts = {n: str(fields.get(n) or "") for n in SERVICE if n not in ("started", "ended", "minutes")}
    row = VolunteerService.objects.create(
        person=person, organization=organization, on=on, started=started, ended=ended, minutes=minutes,
        recorded_at=at, recorded_by=entering.recorder(by), **texts,
    )  # fmt: skip
    entering.touched(person)
    events.record(
        Event.SERVED, entering.subject(person, name), by=by, at=at, findings=told,
        payload={"organization": organization.pk, "service": row.pk, "on": on.isoformat()},
    )  # fmt: skip
    return row
