"""What is told of a member: checked, and written as a new row where something differs."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.core import events, sensitive, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.staging import note
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import entering
from liaoyuan.party.models import Member, MemberRecord, PartyOrganization
from liaoyuan.party.queries import members as reading
from liaoyuan.party.queries import secrets
from liaoyuan.people.actions.persons import consistent

#: What is told of a member, besides the identity number. `home_address` is the column `address`.
FIELDS = (
    "name", "gender", "ethnicity", "native_place", "birth", "numbered", "education", "degree", "school",
    "worked_since", "admitted_on", "confirmed_on", "left_on", "left_reason", "job", "work_time", "category", "mobile",
    "home_address", "police_station", "skills", "floating_note", "precision", "evidence", "note",
)  # fmt: skip
DAYS = ("worked_since", "admitted_on", "confirmed_on")
_NULL = (*DAYS, "left_on")
#: Since the party statute of 6 September 1982 a new member is on probation for a year.
PROBATION_SINCE = date(1982, 9, 6)
ADULT_MONTHS = 18 * 12


def asked(fields: Mapping[str, Any], at: datetime, given: Mapping[str, Any] | None = None) -> list[Finding]:
    """What this zone and plain sense say of the fields; `given` are those entered now, where that is not all."""
    now = fields if given is None else given
    found = [*unstorable(now, at), *consistent(fields), *sequence(fields, localdate(at))]
    if len(str(fields.get("evidence") or "").strip()) < 2:
        told = _("请写明依据的文件或材料。")
        found.append(note("MEMBER-EVIDENCE", Severity.BLOCK, told, field_name="evidence"))
    return found


def unstorable(fields: Mapping[str, Any], at: datetime) -> list[Finding]:
    """What this zone does not store, and what may not be filled while one person holds all offices."""
    told = _("{zone}不存储“{title}”，没有保存。")
    zone = _(zones.ZONE_TITLES[settings.ZONE])
    found = [
        note("PRIVACY-ZONE", Severity.BLOCK, told, field_name=name, zone=zone,
             title=_(zones.FIELDS[secrets.PERSONAL[name]].title))
        for name in secrets.PERSONAL if fields.get(name) and not secrets.allowed(name, zones.Op.STORE)
    ]  # fmt: skip
    return [*found, *sensitive.findings(fields, secrets.TITLES, localdate(at))]


def sequence(fields: Mapping[str, Any], today: date) -> list[Finding]:
    """Whether the days of a member's life are in order."""
    admitted, confirmed = fields.get("admitted_on"), fields.get("confirmed_on")
    birth = _day(str(fields.get("birth") or ""))
    found = []
    for name in DAYS:
        if fields.get(name) and fields[name] > today:
            found.append(note("MEMBER-FUTURE", Severity.BLOCK, _("日期不能晚于今天。"), field_name=name))
    if admitted and confirmed and confirmed < admitted:
        told = _("转正时间不能早于入党时间。")
        found.append(note("MEMBER-DAYS", Severity.BLOCK, told, field_name="confirmed_on"))
    elif admitted and confirmed and admitted >= PROBATION_SINCE and confirmed < _year_later(admitted, fields):
        found.append(entering.doubt("MEMBER-PROBATION", _("转正距入党不足一年，请核对。"), "confirmed_on"))
    if confirmed and not admitted:
        found.append(entering.doubt("MEMBER-ADMITTED", _("有转正时间而没有入党时间，请核对。"), "admitted_on"))
    if admitted and birth and admitted < add_months(birth, ADULT_MONTHS):
        found.append(entering.doubt("MEMBER-AGE", _("入党时未满十八周岁，请核对。"), "admitted_on"))
    return found


def _year_later(admitted: date, fields: Mapping[str, Any]) -> date:
    """A year behind the admission; of days known to the month only the month is compared."""
    short = (fields.get("precision") or {}).keys() & {"admitted_on", "confirmed_on"}
    later = add_months(admitted, 12)
    return later.replace(day=1) if short else later


def _day(text: str) -> date | None:
    parts = [int(p) for p in text.split("-")] if text else []
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1) if parts else None


def period(fields: Mapping[str, Any], start: date | None, at: datetime) -> list[Finding]:
    """Whether an affiliation may begin on the day."""
    if start is None:
        return []
    if start > localdate(at):
        return [note("MEMBER-FUTURE", Severity.BLOCK, _("起日不能晚于今天。"), field_name="start")]
    if fields.get("admitted_on") and start < fields["admitted_on"]:
        return [note("MEMBER-BEFORE", Severity.BLOCK, _("组织关系的起日不能早于入党时间。"), field_name="start")]
    return []


def same_name(party: PartyOrganization, name: str, indexes: Iterable[str], birth: str) -> list[Finding]:
    """A member of the party organization has this name, and neither number nor birth tells them apart."""
    wanted = list(indexes)
    if any(reading.may_be(record, wanted, birth) for record in reading.namesakes(party, name)):
        return [entering.doubt("MEMBER-SAME", _("这个党组织已有同名党员，确认不是同一人后再保存。"), "name")]
    return []


def other_name(record: MemberRecord, name: str) -> list[Finding]:
    """The number is known under another name: whose is not said."""
    if record.name_key == match_key(name):
        return []
    told = _("姓名与身份证号对不上，请核对证件。")
    return [note("MEMBER-NAME", Severity.BLOCK, told, field_name="id_number")]


def whole(record: MemberRecord, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The record in clear with what is given anew in its place; a day given anew brings its own precision."""
    kept: dict[str, Any] = {name: getattr(record, name) for name in FIELDS if name not in secrets.COLUMNS}
    kept |= secrets.opened(record)
    precision = {n: p for n, p in record.precision.items() if n not in fields}
    told = {name: value for name, value in fields.items() if name in FIELDS and name != "precision"}
    return {**kept, **told, "precision": {**precision, **(fields.get("precision") or {})}}


def write(
    member: Member, record: MemberRecord | None, fields: Mapping[str, Any], *, by: Actor, at: datetime
) -> dict[str, list[Any]]:
    """A new row where something differs; returns {field: [old, new]} for the event, sensitive ones hidden.

    The caller holds lock and permission. Fields that are not given stay.
    """
    given = {name: value for name, value in fields.items() if name in FIELDS}
    before: dict[str, Any] = whole(record, {}) if record is not None else {}
    after = whole(record, given) if record is not None else given
    after = {n: v if v is not None or n in _NULL else "" for n, v in after.items()}
    changes = {n: [before.get(n), v] for n, v in after.items() if (before.get(n) or "") != (v or "")}
    if record is not None:
        if not changes:
            return {}
        MemberRecord.objects.filter(pk=record.pk).update(superseded_at=at)
    MemberRecord.objects.create(
        member=member, name_key=match_key(str(after["name"])), recorded_at=at, recorded_by=entering.recorder(by),
        **secrets.sealed(after),
    )  # fmt: skip
    changes.pop("precision", None)
    return {
        n: [events.HIDDEN if v else "" for v in pair] if n in secrets.COLUMNS else [_plain(v) for v in pair]
        for n, pair in changes.items()
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
