"""Honours (荣誉, form F25) by hand."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.actions import organizations, standings
from liaoyuan.registry.choices import MOST_AT_ONCE, Event, Permission
from liaoyuan.registry.models import OPEN, Honour, Organization


@transaction.atomic
def add(
    *,
    organization: Organization,
    title: str,
    level: str,
    issuer: str,
    given_on: date,
    until: date | None,
    evidence: str,
    by: Actor,
    at: datetime,
) -> Honour:
    """Enter an honour given on a day, with the last day of its validity (None = for good)."""
    organization, row = organizations.entered(organization, Permission.EDIT, by=by)
    if until is not None and until < given_on:
        raise Refused([note("HON-DATES", Severity.BLOCK, _("有效期至不能早于授予日期。"), field_name="until")])
    made = Honour.objects.create(
        organization=organization, title=title.strip(), level=level, issuer=issuer.strip(), valid_from=given_on,
        valid_to=until + timedelta(days=1) if until else OPEN, evidence=evidence.strip(), recorded_at=at,
        recorded_by=standings.recorder(by),
    )  # fmt: skip
    organizations.touched(organization)
    events.record(Event.HONOURED, organizations.subject(organization, row), by=by, at=at,
                  payload={"note": made.title, "level": level, "on": given_on.isoformat()})  # fmt: skip
    return made


@transaction.atomic
def remove(*, honour: Honour, by: Actor, at: datetime) -> None:
    """Take back an honour that was entered by mistake."""
    organization, row = organizations.entered(honour.organization, Permission.EDIT, by=by)
    honour = Honour.objects.select_for_update().get(pk=honour.pk)
    if honour.superseded_at is not None:
        raise Refused([note("HON-GONE", Severity.BLOCK, _("这条荣誉已经被删除。"))])
    honour.superseded_at = at
    honour.save(update_fields=["superseded_at"])
    organizations.touched(organization)
    events.record(Event.HONOURED, organizations.subject(organization, row), by=by, at=at,
                  payload={"note": _("删除误录的荣誉：{title}").format(title=honour.title)})  # fmt: skip


@transaction.atomic
def award(
    *, organizations_: Sequence[int], title: str, level: str, issuer: str, given_on: date, until: date | None,
    evidence: str, by: Actor, at: datetime,
) -> int:  # fmt: skip
    """One honour for many bodies (表彰一批): all or none. A body that has the same of that day already is left alone.

    Returns how many got it. Forbidden when one lies outside the area of the user's grants.
    """
    if not 0 < len(organizations_) <= MOST_AT_ONCE:
        sentence = _("一次最多 {most} 家，至少 1 家，现有 {n} 家。")
        raise Refused([note("HON-MANY", Severity.BLOCK, sentence, most=MOST_AT_ONCE, n=len(organizations_))])
    same = Honour.objects.current().filter(title=title.strip(), valid_from=given_on, organization__in=organizations_)
    known = set(same.values_list("organization_id", flat=True))
    given = [pk for pk in sorted(set(organizations_)) if pk not in known]
    for pk in given:
        add(
            organization=Organization(pk=pk), title=title, level=level, issuer=issuer, given_on=given_on, until=until,
            evidence=evidence, by=by, at=at,
        )  # fmt: skip
    return len(given)
