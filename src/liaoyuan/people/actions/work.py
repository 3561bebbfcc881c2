"""Employment, certificates and continuing education."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.people.actions import entering
from liaoyuan.people.choices import WORK_TIME_TITLES, Event, WorkTime
from liaoyuan.people.models import Certificate, ContinuingEducation, Employment, Person
from liaoyuan.people.queries import bodies
from liaoyuan.people.rules.facts import PersonFacts
from liaoyuan.registry.models import OPEN, Organization

EMPLOYMENT = (
    "work_time", "job", "service_field", "mentor", "contract_from", "contract_to", "insured", "is_finance",
)  # fmt: skip
CERTIFICATE = (
    "level", "number", "approved_on", "issuer", "registration_no", "registered_on", "registered_until", "revoked_on",
    "education_hours",
)  # fmt: skip


def _begin(person: Person, organization: Organization, by: Actor) -> tuple[Person, str]:
    entering.require(by, organization)
    entering.lock(persons=[person.pk], organizations=[organization.pk])
    person = entering.living(person)
    return person, entering.told_by(person, organization).name


@transaction.atomic
def employ(
    *, person: Person, organization: Organization, fields: Mapping[str, Any], start: date, end: date = OPEN,
    by: Actor, at: datetime, on_behalf: str = "",
) -> Employment:  # fmt: skip
    """The person works for the body from the day `start`. Refused while he already does."""
    person, name = _begin(person, organization, by)
    if end <= start:
        raise entering.refusal("EMP-DATES", _("离职日期须晚于入职日期。"), "end")
    if Employment.objects.overlapping(start, end).filter(person=person, organization=organization).exists():
        raise entering.refusal("EMP-TWICE", _("这名人员在这段时间已在本组织从业。"), "start")
    _check_contract(fields)
    row = Employment.objects.create(
        person=person, organization=organization, valid_from=start, valid_to=end, recorded_at=at,
        recorded_by=entering.recorder(by), **_employment(fields),
    )  # fmt: skip
    entering.touched(person)
    word = _(WORK_TIME_TITLES[WorkTime(row.work_time)])
    events.record(
        Event.EMPLOYED, entering.subject(person, name), by=by, at=at, on_behalf=on_behalf,
        payload={"organization": organization.pk, "employment": row.pk, "on": start.isoformat(),
                 "note": f"{bodies.standing(organization).name} {word} {row.job}".strip()},
    )  # fmt: skip
    return row


def _employment(fields: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: fields.get(name) for name in EMPLOYMENT}
    found["is_finance"] = bool(found["is_finance"])
    return {n: ("" if v is None and n in ("job", "service_field", "mentor") else v) for n, v in found.items()}


def _check_contract(fields: Mapping[str, Any]) -> None:
    first, last = fields.get("contract_from"), fields.get("contract_to")
    if first and last and last < first:
        raise entering.refusal("EMP-CONTRACT", _("合同止期不能早于起期。"), "contract_to")


@transaction.atomic
def change_employment(
    *, row: Employment, fields: Mapping[str, Any], start: date, end: date = OPEN, reason: str = "", by: Actor,
    at: datetime,
) -> Employment:  # fmt: skip
    """Correct an employment, or end it by a day `end` on which he works there no more."""
    person, name = _begin(row.person, row.organization, by)
    if not Employment.objects.current().filter(pk=row.pk).exists():
        raise entering.refusal("EMP-STALE", _("这条从业记录已被修改，请刷新后再试。"))
    if end <= start:
        raise entering.refusal("EMP-DATES", _("离职日期须晚于入职日期。"), "end")
    others = Employment.objects.overlapping(start, end).filter(person=person, organization=row.organization)
    if others.exclude(pk=row.pk).exists():
        raise entering.refusal("EMP-TWICE", _("这名人员在这段时间已在本组织从业。"), "start")
    _check_contract(fields)
    ended = row.valid_to == OPEN and end != OPEN
    Employment.objects.filter(pk=row.pk).update(superseded_at=at)
    new = Employment.objects.create(
        person=person, organization=row.organization, valid_from=start, valid_to=end, assumed=row.assumed,
        recorded_at=at, recorded_by=entering.recorder(by), end_reason=reason.strip()[:100], **_employment(fields),
    )  # fmt: skip
    entering.touched(person)
    was = entering.plain({n: getattr(row, n) for n in (*EMPLOYMENT, "valid_from", "valid_to")})
    now = entering.plain({n: getattr(new, n) for n in (*EMPLOYMENT, "valid_from", "valid_to")})
    events.record(
        Event.EMPLOYMENT_ENDED, entering.subject(person, name), by=by, at=at,
        payload={"organization": row.organization_id, "employment": new.pk,
                 **({"on": end.isoformat()} if ended else {}),
                 "changes": {n: [was[n], now[n]] for n in now if was[n] != now[n]}},
    )  # fmt: skip
    return new


def certificate_asked(fields: Mapping[str, Any], organization: Organization, on: date) -> list[Finding]:
    """What SW-01 says of a certificate on the day."""
    facts = PersonFacts(
        level=fields.get("level") or "", number=fields.get("number") or "", approved_on=fields.get("approved_on"),
        registered_on=fields.get("registered_on"), registered_until=fields.get("registered_until"),
    )  # fmt: skip
    row = bodies.standing(organization, on)
    return policy.evaluate(Moment.PERSON_DAILY, facts, bodies.limits(row, on), on)


@transaction.atomic
def certify(
    *, person: Person, organization: Organization, fields: Mapping[str, Any], by: Actor, at: datetime,
    confirmed: bool = False,
) -> Certificate:  # fmt: skip
    """Enter a certificate, or renew or correct the one of the same level that the body has told."""
    person, name = _begin(person, organization, by)
    told = list(certificate_asked(fields, organization, localdate(at)))
    number = str(fields.get("number") or "")
    if number and Certificate.objects.current().filter(number=number).exclude(person=person).exists():
        told.append(entering.doubt("CERT-NUMBER", _("这个管理号已登记在另一名人员名下，请核对。"), "number"))
    told = refuse_if_blocked(told, confirmed=confirmed)
    texts = {"number", "issuer", "registration_no"}
    now = {n: (fields.get(n) or "") if n in texts else fields.get(n) for n in CERTIFICATE}
    known = Certificate.objects.current().filter(person=person, organization=organization, level=now["level"]).first()
    was = {n: getattr(known, n) for n in CERTIFICATE} if known else {}
    if known is not None:
        if was == now:
            return known
        Certificate.objects.filter(pk=known.pk).update(superseded_at=at)
    row = Certificate.objects.create(
        person=person, organization=organization, recorded_at=at, recorded_by=entering.recorder(by), **now
    )
    entering.touched(person)
    changes = {n: [_json(was.get(n)), _json(v)] for n, v in now.items() if was.get(n) != v}
    events.record(
        Event.CERTIFICATE_CHANGED if known else Event.CERTIFIED, entering.subject(person, name), by=by, at=at,
        findings=told, payload={"organization": organization.pk, "certificate": row.pk, "changes": changes},
    )  # fmt: skip
    return row


def _json(value: Any) -> Any:
    return str(value) if isinstance(value, date | Decimal) else value


@transaction.atomic
def train(
    *, person: Person, organization: Organization, on: date, hours: Decimal, subject: str = "", organizer: str = "",
    by: Actor, at: datetime,
) -> ContinuingEducation:  # fmt: skip
    """Enter continuing education. Refused for a day after today."""
    person, name = _begin(person, organization, by)
    if on > localdate(at):
        raise entering.refusal("EDU-LATE", _("日期不能晚于今天。"), "on")
    if hours <= 0:
        raise entering.refusal("EDU-HOURS", _("学时须大于零。"), "hours")
    row = ContinuingEducation.objects.create(
        person=person, organization=organization, on=on, hours=hours, subject=subject[:100], organizer=organizer[:80],
        recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip
    entering.touched(person)
    events.record(
        Event.TRAINED, entering.subject(person, name), by=by, at=at,
        payload={"organization": organization.pk, "education": row.pk, "on": on.isoformat(), "hours": str(hours)},
    )  # fmt: skip
    return row
