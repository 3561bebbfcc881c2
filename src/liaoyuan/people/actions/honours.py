"""Lists of honoured volunteers (志愿者表彰名单): published and taken down. VOL-06: by consent only."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.kit.identifiers import mask_name
from liaoyuan.people.actions import entering
from liaoyuan.people.choices import Event
from liaoyuan.people.models import Profile, Volunteer, VolunteerHonour
from liaoyuan.people.queries import bodies, honours
from liaoyuan.people.rules.facts import PersonFacts
from liaoyuan.registry.models import Organization


@transaction.atomic
def publish(
    *, organization: Organization, title: str, since: date, until: date, persons: Sequence[int], by: Actor,
    at: datetime,
) -> list[VolunteerHonour]:  # fmt: skip
    """Publish volunteers with their recorded hours on the body's public page, or add some to the list of that title.

    Refused by VOL-06 for whoever did not consent, for no volunteer, without recorded service, for days to come.
    """
    entering.require(by, organization)
    chosen, title, today = sorted(set(persons)), title.strip(), localdate(at)
    entering.lock(persons=chosen, organizations=[organization.pk])
    if until > today or since > until:
        raise entering.refusal("HON-DAYS", _("统计止日不能早于起日，也不能晚于今天。"), "until")
    known = {v.person_id: v for v in Volunteer.objects.current().filter(organization=organization, person__in=chosen)}
    if not chosen or len(known) != len(chosen):
        raise entering.refusal("HON-WHO", _("请从本组织的志愿者里选择。"), "persons")
    told = _asked(organization, known, today)
    spent = _spent(organization, chosen, since, until)
    refuse_if_blocked(told)
    standing = VolunteerHonour.objects.current().filter(organization=organization, title=title)
    if standing.exclude(since=since, until=until).exists() or standing.filter(person__in=chosen).exists():
        raise entering.refusal("HON-TITLE", _("已有同名的名单：统计区间不同，或其中已有所选的人。"), "title")
    made = VolunteerHonour.objects.bulk_create(
        VolunteerHonour(
            person_id=key, organization=organization, title=title, since=since, until=until, minutes=spent[key],
            published_on=today, recorded_at=at, recorded_by=entering.recorder(by),
        )
        for key in chosen
    )  # fmt: skip
    _record(Event.HONOURS_PUBLISHED, organization, chosen, by=by, at=at, findings=told)
    return made


@transaction.atomic
def withdraw(*, honour: VolunteerHonour, by: Actor, at: datetime) -> None:
    """Take the whole list down to which the row belongs."""
    entering.require(by, honour.organization)
    entering.lock(organizations=[honour.organization_id])
    rows = VolunteerHonour.objects.current().filter(organization=honour.organization_id, title=honour.title)
    persons = sorted(rows.values_list("person_id", flat=True))
    if not persons:
        raise entering.refusal("HON-GONE", _("这份名单已经撤下。"))
    rows.update(superseded_at=at)
    _record(Event.HONOURS_WITHDRAWN, honour.organization, persons, by=by, at=at)


def _asked(organization: Organization, known: dict[int, Volunteer], on: date) -> list[Finding]:
    """VOL-06 for each of them, in their order; who refuses is named by his masked name."""
    limits = bodies.limits(bodies.standing(organization, on), on)
    names = _masked(organization, known)
    found: list[Finding] = []
    for key in sorted(known):
        volunteer = known[key]
        facts = PersonFacts(
            volunteer=names[key], consented_on=volunteer.consented_on, withdrawn_on=volunteer.withdrawn_on
        )
        found += policy.evaluate(Moment.PUBLISH, facts, limits, on)
    return found


def _masked(organization: Organization, persons: Sequence[int] | dict[int, Volunteer]) -> dict[int, str]:
    rows = Profile.objects.current().filter(organization=organization, person__in=list(persons))
    return {key: mask_name(name) for key, name in rows.values_list("person_id", "name")}


def _spent(organization: Organization, persons: Sequence[int], since: date, until: date) -> dict[int, int]:
    spent = honours.minutes(organization, persons, since, until)
    idle = [key for key in persons if not spent.get(key)]
    if idle:
        names = _masked(organization, idle)
        shown = "、".join(names.get(key, "") for key in idle)
        raise entering.refusal("HON-HOURS", _("{names} 在这段时间没有服务记录。"), "persons", names=shown)
    return spent


def _record(
    code: Event, organization: Organization, persons: Sequence[int], *, by: Actor, at: datetime,
    findings: Sequence[Finding] = (),
) -> None:  # fmt: skip
    """The event names the persons by key only."""
    subject = ("organization", str(organization.pk), bodies.standing(organization).name)
    events.record(code, subject, by=by, at=at, findings=list(findings), payload={"persons": list(persons)})
