"""The yearly confirmation of filed bodies (备案确认, FIL-02, FIL-03): one or many in a step, taken back as a whole."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy, search
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.staging import note
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Refused, Severity, refuse_if_blocked
from liaoyuan.registry.actions import organizations, standings
from liaoyuan.registry.choices import CONFIRMATION_TITLES, MOST_AT_ONCE, Event, Kind, Permission
from liaoyuan.registry.models import FilingConfirmation, Organization, Standing
from liaoyuan.registry.queries.standings import periods_of
from liaoyuan.registry.rules.facts import OrganizationFacts

#: A filing with a printed last day and no local figure goes on for a year with its yearly confirmation.
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Told:
    """How a body confirmed: `via` a key of CONFIRMATION_TITLES, `word_of` who said it, what it declares (None = not
    asked)."""

    via: str
    word_of: str = ""
    outside_area: bool | None = None
    charges_fees: bool | None = None
    for_profit: bool | None = None

    @property
    def on_behalf(self) -> str:
        """On whose word, as the event keeps it; the body's own appearance is no 代填."""
        return f"{CONFIRMATION_TITLES[self.via]}：{self.word_of}" if self.word_of and self.via != "own" else ""


def _refusal(code: str, sentence: str, field: str = "", **args: object) -> Refused:
    return Refused([note(code, Severity.BLOCK, sentence, field_name=field, **args)])


def asked(row: Standing, told: Told, on: date) -> list[Finding]:
    """What FIL-02 says of what a body declares, by the rules of its domicile."""
    place = row.community or row.street or row.registrar_area
    facts = OrganizationFacts(
        kind=row.kind, outside_area=told.outside_area, charges_fees=told.charges_fees, for_profit=told.for_profit
    )
    return policy.evaluate(Moment.FILING_CONFIRM, facts, policy.limits(on, policy.chain(place.path)), on)


def next_end(row: Standing, on: date) -> date | None:
    """The filing's last day after a confirmation: by the local figure, else a year beyond the printed one."""
    place = row.community or row.street or row.registrar_area
    months = policy.limits(on, policy.chain(place.path))["filing.valid_months"]
    if months is not None:
        return max(add_months(on, months), row.filing_to or on)
    if row.filing_to is None:
        return None
    return add_months(max(row.filing_to, on), _YEAR)


@transaction.atomic
def confirm(
    *, versions: Mapping[int, int | None], year: int, told: Told, on: date, by: Actor, at: datetime,
    confirmed: bool = False,
) -> str:  # fmt: skip
    """Confirm filed bodies (key → version seen, None = not looked at) for a year; returns the key of the batch.

    All or none: refused when one is not a live filed body, is confirmed for the year already or was changed meanwhile;
    forbidden outside the user's area. FIL-02 weighs what is declared; the findings enter the event.
    """
    if not versions:
        raise _refusal("FILING-NONE", _("请先勾选要确认的备案组织。"))
    if len(versions) > MOST_AT_ONCE:
        raise _refusal("FILING-MOST", _("一次最多确认 {most} 家，现有 {n} 家。"), most=MOST_AT_ONCE, n=len(versions))
    if on > localdate(at):
        raise _refusal("FILING-LATE", _("日期不能晚于今天。"), "on")
    if told.via not in CONFIRMATION_TITLES:
        raise _refusal("FILING-VIA", _("请选择确认方式。"), "via")
    if told.via == "phone" and not told.word_of.strip():
        raise _refusal("FILING-WORD", _("电话确认要写明是谁说的。"), "word_of")
    key, user = uuid.uuid4().hex, standings.recorder(by)
    for pk in sorted(versions):
        organization, row = organizations.entered(Organization(pk=pk), Permission.FILING_EDIT, by=by)
        row = Standing.objects.select_related("registrar_area", "street", "community").get(pk=row.pk)
        if row.kind != Kind.BA or not organization.live:
            raise _refusal("FILING-UNFIT", _("“{name}”不是存续的备案组织。"), name=row.name)
        if versions[pk] is not None and organization.version != versions[pk]:
            raise _refusal("FILING-STALE", _("“{name}”在此期间被修改过；整批没有写入。"), name=row.name)
        if FilingConfirmation.objects.filter(organization=organization, year=year, undone_at__isnull=True).exists():
            raise _refusal("FILING-TWICE", _("“{name}”{year} 年度已经确认。"), name=row.name, year=year)
        findings = refuse_if_blocked(asked(row, told, on), confirmed=confirmed)
        rows = list(Standing.objects.current().filter(organization=organization).order_by("valid_from"))
        after = next_end(row, on)
        if after != row.filing_to:
            history = arithmetic.change(periods_of(rows), {"filing_to": after}, on=max(on, rows[0].valid_from))
            standings.replace_history(organization=organization, periods=history, by=by, at=at)
        else:
            organizations.touched(organization)
        FilingConfirmation.objects.create(
            organization=organization, year=year, confirmed_on=on, via=told.via, word_of=told.word_of.strip()[:40],
            outside_area=told.outside_area, charges_fees=told.charges_fees, for_profit=told.for_profit,
            until_before=row.filing_to, until_after=after, rows=[known.pk for known in rows],
            version=organization.version, batch=key, recorded_at=at, recorded_by=user,
        )  # fmt: skip
        events.record(
            Event.FILING_CONFIRMED, organizations.subject(organization, row), by=by, at=at, findings=findings,
            on_behalf=told.on_behalf,
            payload={"changes": {"filing_until": [_iso(row.filing_to), _iso(after)]}, "year": year, "via": told.via,
                     "on": on.isoformat(), "batch": key},
        )  # fmt: skip
    search.refresh(organizations.SUBJECT, list(versions))
    return key


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@transaction.atomic
def undo(*, batch: str, by: Actor, at: datetime) -> int:
    """Take back all confirmations of a batch; returns how many.

    Refused as a whole when one of the bodies was changed since, or when the batch was taken back before.
    """
    rows = list(FilingConfirmation.objects.filter(batch=batch).order_by("organization_id"))
    if not rows:
        raise _refusal("FILING-UNKNOWN", _("没有这一批确认。"))
    for told in rows:
        organization, row = organizations.entered(told.organization, Permission.FILING_EDIT, by=by)
        held = FilingConfirmation.objects.select_for_update().get(pk=told.pk)
        if held.undone_at is not None:
            raise _refusal("FILING-UNDONE", _("这一批确认已经撤销。"))
        if organization.version != held.version:
            raise _refusal("FILING-STALE", _("“{name}”在此期间被修改过；整批没有写入。"), name=row.name)
        if held.until_after != held.until_before:
            old = list(Standing.objects.filter(pk__in=held.rows).order_by("valid_from"))
            standings.replace_history(organization=organization, periods=periods_of(old), by=by, at=at)
        else:
            organizations.touched(organization)
        held.undone_at, held.undone_by = at, standings.recorder(by)
        held.save(update_fields=["undone_at", "undone_by"])
        events.record(
            Event.FILING_UNCONFIRMED, organizations.subject(organization, row), by=by, at=at,
            payload={"changes": {"filing_until": [_iso(held.until_after), _iso(held.until_before)]}, "year": held.year,
                     "batch": batch},
        )  # fmt: skip
    search.refresh(organizations.SUBJECT, [told.organization_id for told in rows])
    return len(rows)
