"""Writing an annual report: begun with what the register holds, saved step by step, kept while one types."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.registry.actions import organizations
from liaoyuan.registry.actions.annual import refusal
from liaoyuan.registry.actions.annual_reports import fills, is_own
from liaoyuan.registry.choices import ANNUAL_OPEN_STATES, AnnualState, Event, Permission
from liaoyuan.registry.models import AnnualContent, AnnualReport, Standing
from liaoyuan.registry.params.annual_form import BY_CODE, STEPS
from liaoyuan.registry.params.annual_words import ANNUAL_STATE_TITLES
from liaoyuan.registry.rules.annual_facts import AnnualFacts

_LONGEST = 4000


def _writable(report: AnnualReport, *, by: Actor) -> tuple[AnnualReport, Standing]:
    """Permission, lock, the row anew; refused in a closed round and once the report is handed in."""
    if not fills(by, report):
        raise PermissionDenied(str(Permission.ANNUAL_FILL))
    locks.one_at_a_time("annualreport", report.pk)
    found = AnnualReport.objects.select_for_update().filter(pk=report.pk).first()
    if found is None:  # a late report that was withdrawn meanwhile
        raise refusal("ANNUAL.gone")
    row = Standing.objects.now_open().select_related("registrar_area").get(organization=found.organization_id)
    if not found.goes_on:
        raise refusal("ANNUAL.closed", year=found.round.year)
    if found.state not in ANNUAL_OPEN_STATES:
        raise refusal("ANNUAL.state", name=row.name, state=_(ANNUAL_STATE_TITLES[found.state]))
    return found, row


def prefilled(report: AnnualReport, row: Standing) -> dict[str, Any]:
    """What the register says, for the fields that begin with it: nothing is typed that is known.

    A late report begins with what was written before the year was missed; the pledge is given anew.
    """
    before = AnnualContent.objects.filter(report=report.makes_up_id).first() if report.makes_up_id else None
    if before is not None:
        names = [field.name for step in STEPS if step.code != "pledge" for field in step.of(report.kind)]
        return {name: getattr(before, name) for name in names}
    told = {
        field.name: getattr(row, field.register)
        for step in STEPS for field in step.of(report.kind) if field.register
    }  # fmt: skip
    if report.kind == "ST" and None not in (told.get("members_unit"), told.get("members_person")):
        told["members_total"] = int(told["members_unit"]) + int(told["members_person"])
    return told


def _content(report: AnnualReport, row: Standing, *, by: Actor, at: datetime, on_behalf: str = "") -> AnnualContent:
    """The report's content, made at the first touch; the report becomes a draft."""
    found = AnnualContent.objects.select_for_update().filter(report=report).first()
    if found is None:
        found = AnnualContent.objects.create(report=report, saved_at=at, **prefilled(report, row))
    if report.state == AnnualState.NONE:
        report.state = str(AnnualState.DRAFT)
        report.save(update_fields=["state"])
        events.record(
            Event.REPORT_BEGUN, organizations.subject(report.organization, row), by=by, at=at, on_behalf=on_behalf,
            payload={"year": report.round.year},
        )  # fmt: skip
    return found


@transaction.atomic
def keep(*, report: AnnualReport, step: str, typed: Mapping[str, str], by: Actor, at: datetime) -> AnnualContent:
    """Keep what is being typed on one step, as it is, until the step is saved; nothing of it counts yet."""
    report, row = _writable(report, by=by)
    content = _content(report, row, by=by, at=at)
    names = {field.name for field in BY_CODE[step].of(report.kind)}
    content.typed = {
        **content.typed,
        step: {name: str(value)[:_LONGEST].replace("\0", "") for name, value in typed.items() if name in names},
    }
    content.typed_at = at
    content.save(update_fields=["typed", "typed_at"])
    return content


def asked_on_save(report: AnnualReport, row: Standing, values: Mapping[str, Any], on: date) -> list[Finding]:
    """ANN-07: the members add up."""
    facts = AnnualFacts(
        kind=report.kind, members_unit=values.get("members_unit"), members_person=values.get("members_person"),
        members_total=values.get("members_total"),
    )  # fmt: skip
    return policy.evaluate(Moment.ANNUAL_SAVE, facts, policy.limits(on, policy.chain(row.registrar_area.path)), on)


@transaction.atomic
def save(
    *,
    report: AnnualReport,
    step: str,
    values: Mapping[str, Any],
    version: int | None = None,
    by: Actor,
    at: datetime,
    on_behalf: str = "",
) -> AnnualReport:
    """Save one step; what was kept of it while typing is dropped. Only what changed is told in the event.

    Refused by ANN-07, when somebody saved meanwhile, and for an office that does not say on whose word (代填).
    """
    report, row = _writable(report, by=by)
    if version is not None and version != report.version:
        raise refusal("ANNUAL.stale")
    if not is_own(by, report) and not on_behalf.strip():
        raise refusal("ANNUAL.word", "word_by")
    names = [field.name for field in BY_CODE[step].of(report.kind) if field.name in values]
    if step == "people":
        refuse_if_blocked(asked_on_save(report, row, values, localdate(at)))
        unit, person, total = (values.get(f"members_{part}") for part in ("unit", "person", "total"))
        if unit is not None and person is not None and total is not None and unit + person != total:
            # the database holds it whatever a rule says
            raise refusal("ANNUAL.members", "members_total")
    content = _content(report, row, by=by, at=at, on_behalf=on_behalf)
    changes = {}
    for name in names:
        old, new = getattr(content, name), values[name]
        if old != new:
            changes[name] = [_plain(old), _plain(new)]
            setattr(content, name, new)
    content.typed = {code: kept for code, kept in content.typed.items() if code != step}
    content.saved_at = at
    content.save(update_fields=[*names, "typed", "saved_at"])
    report.version += 1
    report.save(update_fields=["version"])
    if changes:
        events.record(
            Event.REPORT_SAVED, organizations.subject(report.organization, row), by=by, at=at, on_behalf=on_behalf,
            payload={"year": report.round.year, "step": step, "changes": changes},
        )  # fmt: skip
    return report


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
