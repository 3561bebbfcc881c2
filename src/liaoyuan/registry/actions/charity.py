"""Charity: recognition (CHA-01, CRD-04), plans of public fundraising (CHA-02) and their reports (CHA-03)."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks, policy, search
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.staging import note
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.findings import Finding, Refused, Severity, refuse_if_blocked
from liaoyuan.registry.actions import organizations, standings
from liaoyuan.registry.choices import Event, Permission, ReportKind
from liaoyuan.registry.models import Campaign, CampaignReport, Organization, Standing
from liaoyuan.registry.queries import charity
from liaoyuan.registry.queries import facts as fact_queries
from liaoyuan.registry.queries.standings import periods_of


def _refusal(code: str, sentence: str, field: str = "", **args: object) -> Refused:
    return Refused([note(code, Severity.BLOCK, sentence, field_name=field, **args)])


@transaction.atomic
def recognise(
    *, organization: Organization, on: date, public_fundraising: bool, penalised_on: date | None, evidence: str,
    by: Actor, at: datetime, confirmed: bool = False, on_behalf: str = "",
) -> Organization:  # fmt: skip
    """Record the recognition as a charity from the day of the decision, or the qualification for public fundraising of
    one that is recognised. Refused by CHA-01 and CRD-04, after today, without the decision's number.
    """
    organization, row = organizations.entered(organization, Permission.EDIT, by=by)
    if on > localdate(at):
        raise _refusal("CHA-LATE", _("日期不能晚于今天。"), "on")
    if organization.registered_on and on < organization.registered_on:
        raise _refusal("CHA-EARLY", _("日期不能早于成立日期 {day}。"), "on", day=organization.registered_on.isoformat())
    if not evidence.strip():
        raise _refusal("CHA-EVIDENCE", _("请写明认定决定的文号。"), "evidence")
    if row.is_charity and row.public_fundraising == public_fundraising:
        raise _refusal("CHA-SAME", _("该组织已经是慈善组织，公开募捐资格没有变化。"))
    told = refuse_if_blocked(charity.asked_on_recognition(row, on, penalised_on), confirmed=confirmed)
    rows = list(Standing.objects.current().filter(organization=organization).order_by("valid_from"))
    new = {"is_charity": True, "public_fundraising": public_fundraising}
    history = arithmetic.change(periods_of(rows), new, on=max(on, rows[0].valid_from))
    standings.replace_history(organization=organization, periods=history, by=by, at=at)
    events.record(
        Event.RECOGNISED, organizations.subject(organization, row), by=by, at=at, findings=told, on_behalf=on_behalf,
        payload={"changes": {name: [getattr(row, name), value] for name, value in new.items()},
                 "on": on.isoformat(), "evidence": evidence.strip()[:200]},
    )  # fmt: skip
    search.refresh(organizations.SUBJECT, [organization.pk])
    return organization


def asked_on_start(row: Standing, plan: Campaign, on: date) -> list[Finding]:
    """CHA-02: the qualification on the first day, and the plan filed before it."""
    limits = policy.limits(on, policy.chain(row.registrar_area.path))
    known = replace(
        fact_queries.of_stored(row, on), campaign_from=plan.starts_on, plan_filed_on=plan.plan_filed_on,
        emergency=plan.emergency,
    )  # fmt: skip
    return policy.evaluate(Moment.START, known, limits, on)


@transaction.atomic
def file_plan(
    *, organization: Organization, title: str, plan_number: str, plan_filed_on: date | None, starts_on: date,
    ends_on: date | None, emergency: bool, by: Actor, at: datetime, confirmed: bool = False,
) -> Campaign:  # fmt: skip
    """Enter a plan of public fundraising. Refused by CHA-02, for dates out of order and the same plan twice."""
    organization, row = organizations.entered(organization, Permission.EDIT, by=by)
    if ends_on is not None and ends_on < starts_on:
        raise _refusal("CHA-DATES", _("结束日期不能早于开始日期。"), "ends_on")
    if plan_filed_on is not None and plan_filed_on > localdate(at):
        raise _refusal("CHA-LATE", _("日期不能晚于今天。"), "plan_filed_on")
    if Campaign.objects.filter(organization=organization, title=title.strip(), starts_on=starts_on).exists():
        raise _refusal("CHA-TWICE", _("同一天开始的同名募捐已经备案。"), "title")
    made = Campaign(
        organization=organization, title=title.strip(), plan_number=plan_number.strip(), plan_filed_on=plan_filed_on,
        starts_on=starts_on, ends_on=ends_on, emergency=emergency, recorded_at=at, recorded_by=standings.recorder(by),
    )  # fmt: skip
    told = refuse_if_blocked(asked_on_start(row, made, localdate(at)), confirmed=confirmed)
    made.save()
    events.record(
        Event.CAMPAIGN_FILED, organizations.subject(organization, row), by=by, at=at, findings=told,
        payload={"campaign": made.pk, "note": made.title, "number": made.plan_number, "on": starts_on.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def report(
    *, campaign: Campaign, kind: ReportKind, published_on: date, where: str, by: Actor, at: datetime
) -> CampaignReport:
    """Write down that progress, or the whole, was made public. Refused before the start, after today, twice, and the
    full report before the end or when there is one.
    """
    organization, row = organizations.entered(campaign.organization, Permission.EDIT, by=by)
    locks.one_at_a_time("campaign", campaign.pk)
    held = Campaign.objects.get(pk=campaign.pk)
    if not held.starts_on <= published_on <= localdate(at):
        raise _refusal("CHA-REPORT-DAY", _("公开日期须在开始之后、今天以前。"), "published_on")
    if kind == ReportKind.FINAL and (held.ends_on is None or published_on < held.ends_on):
        raise _refusal("CHA-REPORT-EARLY", _("募捐（项目）结束后才能全面公开；请先填写结束日期。"), "kind")
    same = CampaignReport.objects.filter(campaign=held)
    if same.filter(kind=ReportKind.FINAL.value).exists():
        raise _refusal("CHA-REPORT-DONE", _("已经全面公开。"), "kind")
    if same.filter(kind=kind, published_on=published_on).exists():
        raise _refusal("CHA-REPORT-TWICE", _("这一天的公开已经记下。"), "published_on")
    made = CampaignReport.objects.create(
        campaign=held, kind=kind, published_on=published_on, where=where.strip(), recorded_at=at,
        recorded_by=standings.recorder(by),
    )  # fmt: skip
    _told(organization, row, held, by=by, at=at, kind=str(kind), on=published_on.isoformat())
    return made


@transaction.atomic
def set_end(*, campaign: Campaign, ends_on: date, by: Actor, at: datetime) -> Campaign:
    """Say when the campaign ends or has ended; not once it is reported in full."""
    organization, row = organizations.entered(campaign.organization, Permission.EDIT, by=by)
    locks.one_at_a_time("campaign", campaign.pk)
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if ends_on < held.starts_on:
        raise _refusal("CHA-DATES", _("结束日期不能早于开始日期。"), "ends_on")
    if CampaignReport.objects.filter(campaign=held, kind=ReportKind.FINAL.value).exists():
        raise _refusal("CHA-REPORT-DONE", _("已经全面公开。"), "ends_on")
    held.ends_on = ends_on
    held.save(update_fields=["ends_on"])
    _told(organization, row, held, by=by, at=at, ends_on=ends_on.isoformat())
    return held


def _told(organization: Organization, row: Standing, held: Campaign, *, by: Actor, at: datetime, **more: str) -> None:
    events.record(Event.CAMPAIGN_REPORTED, organizations.subject(organization, row), by=by, at=at,
                  payload={"campaign": held.pk, "note": held.title, **more})  # fmt: skip
