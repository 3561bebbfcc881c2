"""Ratings (评估等级) by hand: entered with their end, or taken back as a slip."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.staging import note
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Refused, Severity, refuse_if_blocked
from liaoyuan.registry.actions import organizations, standings
from liaoyuan.registry.choices import Event, Permission
from liaoyuan.registry.models import OPEN, Organization, Rating, Standing
from liaoyuan.registry.queries import facts as fact_queries


def asked(standing: Standing, on: date) -> list[Finding]:
    """What the rules of an application say: a body on the serious list gets no rating (CRD-04)."""
    limits = policy.limits(on, policy.chain(standing.registrar_area.path))
    return policy.evaluate(Moment.APPLY, fact_queries.of_stored(standing, on), limits, on)


def expected_end(standing: Standing, rated_on: date) -> date:
    """The last day of a rating by the parameter of RAT-03, for a paper that prints none."""
    limits = policy.limits(rated_on, policy.chain(standing.registrar_area.path))
    return add_months(rated_on, limits["rating.valid_months"])


@transaction.atomic
def add(
    *,
    organization: Organization,
    level: str,
    rated_on: date,
    until: date | None,
    evidence: str,
    by: Actor,
    at: datetime,
    confirmed: bool = False,
) -> Rating:
    """Enter a rating from `rated_on` to the last day `until` (None = by the parameter). It ends the one before it, and
    ends itself where a later one begins. Refused by the rules of an application, before the registration, and twice on
    one day.
    """
    organization, row = organizations.entered(organization, Permission.EDIT, by=by)
    last = until or expected_end(row, rated_on)
    if last < rated_on:
        raise Refused([note("RAT-DATES", Severity.BLOCK, _("有效期至不能早于评估时间。"), field_name="until")])
    if organization.registered_on and rated_on < organization.registered_on:
        raise Refused([note("RAT-EARLY", Severity.BLOCK, _("评估时间不能早于成立日期 {day}。"), field_name="rated_on",
                            day=organization.registered_on.isoformat())])  # fmt: skip
    told = refuse_if_blocked(asked(row, rated_on), confirmed=confirmed)
    current = Rating.objects.current().filter(organization=organization)
    if current.filter(valid_from=rated_on).exists():
        raise Refused([note("RAT-TWICE", Severity.BLOCK, _("同一天已经有一个评估等级，请先删除误录的一条。"),
                            field_name="rated_on")])  # fmt: skip
    end = last + timedelta(days=1)
    after = current.filter(valid_from__gt=rated_on).order_by("valid_from").first()
    if after is not None:
        end = min(end, after.valid_from)
    before = current.filter(valid_from__lt=rated_on, valid_to__gt=rated_on).first()
    user = standings.recorder(by)
    if before is not None:
        _supersede(before, at)
        Rating.objects.create(
            organization=organization, level=before.level, valid_from=before.valid_from, valid_to=rated_on,
            evidence=before.evidence, assumed=before.assumed, recorded_at=at, recorded_by=user,
        )  # fmt: skip
    made = Rating.objects.create(organization=organization, level=level, valid_from=rated_on, valid_to=end,
                                 evidence=evidence.strip(), recorded_at=at, recorded_by=user)  # fmt: skip
    organizations.touched(organization)
    events.record(
        Event.RATED, organizations.subject(organization, row), by=by, at=at, findings=told,
        payload={"changes": {"rating": [before.level if before else "", level], "rating_until": ["", last.isoformat()]},
                 "on": rated_on.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def remove(*, rating: Rating, by: Actor, at: datetime) -> None:
    """Take back a rating that was entered by mistake. The one it had ended stays ended on that day."""
    organization, row = organizations.entered(rating.organization, Permission.EDIT, by=by)
    rating = Rating.objects.select_for_update().get(pk=rating.pk)
    if rating.superseded_at is not None:
        raise Refused([note("RAT-GONE", Severity.BLOCK, _("这条评估等级已经被替换或删除。"))])
    _supersede(rating, at)
    organizations.touched(organization)
    last = "" if rating.valid_to == OPEN else (rating.valid_to - timedelta(days=1)).isoformat()
    events.record(
        Event.RATED, organizations.subject(organization, row), by=by, at=at,
        payload={"changes": {"rating": [rating.level, ""], "rating_until": [last, ""]},
                 "note": _("删除误录的评估等级"), "on": rating.valid_from.isoformat()},
    )  # fmt: skip


def lower(*, rating: Rating, level: str, on: date, evidence: str, by: Actor, at: datetime) -> Rating | None:
    """From the day `on` another, lower level holds until the same end; "" = none any more. The caller holds the lock
    and has decided it (actions.levels); the rules of an application are not asked.
    """
    user = standings.recorder(by)
    _supersede(rating, at)
    same = {"organization": rating.organization, "recorded_at": at, "recorded_by": user}
    if rating.valid_from < on:
        Rating.objects.create(level=rating.level, valid_from=rating.valid_from, valid_to=on, evidence=rating.evidence,
                              assumed=rating.assumed, **same)  # fmt: skip
    if not level:
        return None
    return Rating.objects.create(level=level, valid_from=on, valid_to=rating.valid_to, evidence=evidence.strip()[:200],
                                 **same)  # fmt: skip


def _supersede(rating: Rating, at: datetime) -> None:
    rating.superseded_at = at
    rating.save(update_fields=["superseded_at"])
