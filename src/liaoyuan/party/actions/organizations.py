"""Party organizations: entered or founded, adjusted, dissolved; the units they cover (支部工作条例 arts. 4-8)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, search
from liaoyuan.core.access import Actor, require_area
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.party.actions import ending, entering
from liaoyuan.party.actions.entering import end_row as end_row  # noqa: PLC0414 - offered here, too
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.organizations import BranchKind, Form
from liaoyuan.party.models import Formation, PartyOrganization, Unit
from liaoyuan.party.queries import ending as asking_end
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import units as asking
from liaoyuan.party.rules.ending import hanging
from liaoyuan.registry.models import OPEN, Organization

#: What a formation says besides its superior and its period.
FIELDS = (
    "name", "form", "branch_kind", "superior_name", "may_transfer", "carrier_id", "carrier_name", "term_months",
    "task_ends_on", "transfer_due_on", "evidence", "approved_on", "case_id",
)  # fmt: skip
#: A unit: a body of the register, or another one by its name.
type UnitWord = Organization | str


@transaction.atomic
def enter(
    *, area: Area, fields: Mapping[str, Any], superior: PartyOrganization | None, units: Sequence[UnitWord] = (),
    start: date, established_on: date | None = None, regular_on: date | None = None, assumed: bool = False, by: Actor,
    at: datetime, confirmed: bool = False, on_behalf: str = "",
) -> PartyOrganization:  # fmt: skip
    """Enter a party organization that stands already, or one that a superior sets up by itself.

    `fields` are those of `FIELDS`. Refused by the rules of the units (PB-FORM-04, -05, -07), without a superior below
    the first committee, and for a start in the future.
    """
    require_area(by, Permission.EDIT, area.path)
    return write(
        area=area, fields=fields, superior=superior, units=units, start=start, established_on=established_on,
        regular_on=regular_on, assumed=assumed, by=by, at=at, confirmed=confirmed, on_behalf=on_behalf,
    )  # fmt: skip


def write(
    *, area: Area, fields: Mapping[str, Any], superior: PartyOrganization | None, units: Sequence[UnitWord],
    start: date, established_on: date | None, regular_on: date | None, assumed: bool = False, by: Actor, at: datetime,
    confirmed: bool = False, on_behalf: str = "", told: Iterable[Finding] = (),
) -> PartyOrganization:  # fmt: skip
    """The writing part of entering and of founding; the caller holds a transaction and the permission."""
    bodies = [unit for unit in units if isinstance(unit, Organization)]
    entering.lock(parties=[superior.pk if superior else None], bodies=[body.pk for body in bodies])
    if superior is not None:
        superior = entering.living(superior)
    _check(fields, superior, start, at)
    found = [*told, *asking.findings(area, fields, units, on=start)]
    found = refuse_if_blocked(found, confirmed=confirmed)
    party = PartyOrganization.objects.create(
        area=area, established_on=established_on, regular_on=regular_on, created_at=at,
        created_by=entering.recorder(by),
    )  # fmt: skip
    party.path = reading.path_of(party, superior)
    party.save(update_fields=["path"])
    columns = {name: fields[name] for name in FIELDS if name in fields}
    Formation.objects.create(
        party_organization=party, superior=superior, valid_from=start, assumed=assumed, recorded_at=at,
        recorded_by=entering.recorder(by), **columns,
    )  # fmt: skip
    cover(party, units, fields, start, by=by, at=at)
    search.refresh(reading.SUBJECT, [party.pk])
    events.record(
        Event.ORGANIZATION_ENTERED, entering.subject(party, str(fields["name"])), by=by, at=at, findings=found,
        on_behalf=on_behalf,
        payload={"on": start.isoformat(), "superior": superior.pk if superior else None,
                 "units": [_key(unit) for unit in units], "note": str(fields.get("evidence") or "")},
    )  # fmt: skip
    return party


def _key(unit: UnitWord) -> int | str:
    return unit.pk if isinstance(unit, Organization) else unit


def _check(fields: Mapping[str, Any], superior: PartyOrganization | None, start: date, at: datetime) -> None:
    if start > localdate(at):
        raise entering.refusal("PARTY-FUTURE", _("起日不能晚于今天。"), "start")
    if superior is None and not fields.get("superior_name") and fields["form"] != Form.COMMITTEE:
        raise entering.refusal("PARTY-SUPERIOR", _("请写明上级党组织。"), "superior")
    if superior is not None and reading.formation(superior).form == Form.BRANCH:
        raise entering.refusal("PARTY-BELOW-BRANCH", _("党支部之下不能再设党组织；党支部下设党小组。"), "superior")
    if fields.get("branch_kind") == BranchKind.TEMPORARY and not fields.get("task_ends_on"):
        raise entering.refusal("PARTY-TASK-END", _("临时党支部须写明计划结束日期。"), "task_ends_on")


def cover(
    party: PartyOrganization, units: Sequence[UnitWord], fields: Mapping[str, Any], start: date, *, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Write the units that begin on the day; the caller holds the locks."""
    joint = fields.get("branch_kind") == BranchKind.JOINT
    Unit.objects.bulk_create(
        Unit(
            party_organization=party, organization=unit if isinstance(unit, Organization) else None,
            outside_name="" if isinstance(unit, Organization) else unit.strip()[:120], joint=joint, valid_from=start,
            evidence=str(fields.get("evidence") or ""), evidence_on=fields.get("approved_on"), recorded_at=at,
            recorded_by=entering.recorder(by),
        )
        for unit in units
    )  # fmt: skip


@transaction.atomic
def change(
    *, party: PartyOrganization, fields: Mapping[str, Any], on: date, superior: PartyOrganization | None = None,
    version: int | None = None, by: Actor, at: datetime, confirmed: bool = False,
) -> PartyOrganization:  # fmt: skip
    """Adjust (调整) from the day `on`: what `fields` names, and the superior when one is given.

    A day on which the present formation began corrects it. Moving below another superior moves all below.
    """
    entering.require(by, Permission.EDIT, party)
    entering.lock(parties=[party.pk, superior.pk if superior else None])
    party = entering.living(party, version)
    superior = entering.living(superior) if superior is not None else None
    row = reading.formation(party)
    if on < row.valid_from or on > localdate(at):
        told = _("调整日期须在 {first} 至今天之间。")
        raise entering.refusal("PARTY-CHANGE-DAY", told, "on", first=row.valid_from.isoformat())
    wished = {name: fields[name] for name in FIELDS if name in fields and fields[name] != getattr(row, name)}
    above = superior if superior is not None else row.superior
    if superior is not None and superior.path.startswith(party.path):
        raise entering.refusal("PARTY-CYCLE", _("上级党组织不能是本党组织或其下级。"), "superior")
    _check({**{name: getattr(row, name) for name in FIELDS}, **wished}, above, on, at)
    if wished.get("form") == Form.BRANCH and reading.beneath(party):
        raise entering.refusal("PARTY-BELOW-BRANCH", _("党支部之下不能再设党组织；党支部下设党小组。"), "form")
    changes: dict[str, Any] = {n: [_plain(getattr(row, n)), _plain(v)] for n, v in wished.items()}
    if superior is not None and superior.pk != row.superior_id:
        changes["superior"] = [row.superior_id, superior.pk]
    if not changes:
        return party
    branch = {"branch_kind": row.branch_kind, **wished}
    units = [unit.organization or unit.outside_name for unit, _n in reading.units_on(party, on)]
    found = refuse_if_blocked(asking.findings(party.area, branch, units, on=on, without=party), confirmed=confirmed)
    _replace(row, on, at, by, superior=above, **wished)
    _follow(party, wished, superior)
    entering.touched(party)
    search.refresh(reading.SUBJECT, [party.pk])
    events.record(
        Event.ORGANIZATION_CHANGED, entering.subject(party), by=by, at=at, findings=found,
        payload={"on": on.isoformat(), "changes": changes},
    )  # fmt: skip
    return party


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _replace(row: Formation, on: date, at: datetime, by: Actor, **wished: Any) -> None:
    """Supersede the open row; write its part before `on` again and the new one from then on."""
    Formation.objects.filter(pk=row.pk).update(superseded_at=at)
    start, recorder = row.valid_from, entering.recorder(by)
    if on > start:
        row.pk, row._state.adding, row.valid_to, row.recorded_at, row.recorded_by = None, True, on, at, recorder
        row.superseded_at = None
        row.save(force_insert=True)
    row.pk, row._state.adding, row.valid_from, row.valid_to = None, True, on, OPEN
    row.recorded_at, row.recorded_by, row.superseded_at = at, recorder, None
    for name, value in wished.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def _follow(party: PartyOrganization, wished: Mapping[str, Any], superior: PartyOrganization | None) -> None:
    """What hangs on a formation: copies in its units, the paths of all below."""
    if "branch_kind" in wished:
        joint = wished["branch_kind"] == BranchKind.JOINT
        Unit.objects.now_open().filter(party_organization=party).update(joint=joint)
    if superior is not None:
        old, new = party.path, reading.path_of(party, superior)
        for one in PartyOrganization.objects.select_for_update().filter(path__startswith=old):
            one.path = new + one.path.removeprefix(old)
            one.save(update_fields=["path"])
        party.path = new


@transaction.atomic
def set_units(
    *, party: PartyOrganization, units: Sequence[UnitWord], on: date, evidence: str = "",
    evidence_on: date | None = None, version: int | None = None, by: Actor, at: datetime, confirmed: bool = False,
) -> PartyOrganization:  # fmt: skip
    """From the day `on` the party organization covers exactly these units; those left out end, new ones begin."""
    entering.require(by, Permission.EDIT, party)
    present = {_key(u.organization or u.outside_name): u for u, _n in reading.units_on(party, on)}
    entering.lock(parties=[party.pk], bodies=[key for key in {*present, *map(_key, units)} if isinstance(key, int)])
    party = entering.living(party, version)
    row = reading.formation(party, on)
    if on < row.valid_from or on > localdate(at):
        told = _("调整日期须在 {first} 至今天之间。")
        raise entering.refusal("PARTY-CHANGE-DAY", told, "on", first=row.valid_from.isoformat())
    fields = {"branch_kind": row.branch_kind, "evidence": evidence, "approved_on": evidence_on}
    found = refuse_if_blocked(asking.findings(party.area, fields, units, on=on, without=party), confirmed=confirmed)
    wished = {_key(unit): unit for unit in units}
    leaving = [unit for key, unit in present.items() if key not in wished]
    joining = [unit for key, unit in wished.items() if key not in present]
    for unit in leaving:
        end_row(unit, on, at, by)
    cover(party, joining, fields, on, by=by, at=at)
    entering.touched(party)
    events.record(
        Event.UNITS_CHANGED, entering.subject(party), by=by, at=at, findings=found,
        payload={"on": on.isoformat(), "joined": [_key(unit) for unit in joining],
                 "left": [_key(unit.organization or unit.outside_name) for unit in leaving], "note": evidence},
    )  # fmt: skip
    return party


@transaction.atomic
def dissolve(
    *, party: PartyOrganization, on: date, reason: str, evidence: str = "", without: int | None = None,
    version: int | None = None, by: Actor, at: datetime,
) -> PartyOrganization:  # fmt: skip
    """撤销 on the day `on`, by the superior. Refused while anything is left hanging (`rules.ending`): members, party
    organizations below, transfers, applicants, dues, meetings, venues. Officers, the term, units, groups and
    participations end with it. `without` is the application that is being carried out.
    """
    entering.require_above(by, Permission.APPROVE, party)
    entering.lock(parties=[party.pk])
    party = entering.living(party, version)
    row = reading.formation(party)
    if not row.valid_from < on <= localdate(at):
        told = _("撤销日期须晚于 {first}，不晚于今天。")
        raise entering.refusal("PARTY-END-DAY", told, "on", first=row.valid_from.isoformat())
    if len(reason.strip()) < 2:
        raise entering.refusal("PARTY-END-REASON", _("请写明撤销的事由。"), "reason")
    found = refuse_if_blocked(hanging(asking_end.facts(party, on, without=without)))
    ending.end_all(party, on, reason.strip()[:100], by=by, at=at)
    end_row(row, on, at, by)
    party.dissolved_on, party.dissolved_reason = on, reason.strip()[:200]
    party.save(update_fields=["dissolved_on", "dissolved_reason"])
    entering.touched(party)
    search.refresh(reading.SUBJECT, [party.pk])
    events.record(
        Event.ORGANIZATION_DISSOLVED, entering.subject(party, row.name), by=by, at=at, findings=found,
        payload={"on": on.isoformat(), "reason": party.dissolved_reason, "note": evidence},
    )  # fmt: skip
    return party
