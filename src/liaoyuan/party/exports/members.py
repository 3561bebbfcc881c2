"""Export of the roster F03 (`members`), as workbook, CSV or JSON.

The same rows give the same bytes: fixed order, fixed document time. Identity numbers never leave; birth, mobile and
address stand masked unless a reason is given, and then no more rows than PRI-04 allows. What is exported can be
imported again and changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy, reads, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import Affiliation, Member, PartyOrganization
from liaoyuan.party.params.roster import MASKED, MEMBERS, WORDS
from liaoyuan.party.queries import members, organizations, rosters, secrets
from liaoyuan.party.queries.listing import Criteria, Listing, placed, told

FORMS = ("xlsx", "csv", "json")
_FILTERS = ("q", "party", "kind", "status", "stage", "body")


def export_members(
    *, path: Path, form: str, by: Actor, at: datetime, as_of: date, area: Area | None = None,
    filters: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Write F03 of the members whom `by` may see now; returns the number of rows.

    `filters`: `q`, `party` (a name), `kind`, `status`, `stage`, `body`; `reason` exports birth, mobile and address in
    clear. `as_of` is the day of status and posts; who has left by now is not in it.
    """
    told = dict(filters or {})
    reason = told.pop("reason", "")
    for name in told:
        if name not in _FILTERS:
            raise _refusal("EXPORT-FILTER", _("没有筛选条件“{name}”。"), name=name)
    party = _party(by, told["party"]) if told.get("party") else None
    asked: dict[str, Any] = {**told, "party": party}
    rows = Listing(by, Criteria(on=as_of, **asked)).rows
    if area is not None:
        rows = rows.filter(party_organization__area__in=Area.objects.within(area.path))
    return write_members(rows, path=path, form=form, by=by, at=at, as_of=as_of, reason=reason, filters=told)


def _party(by: Actor, name: str) -> PartyOrganization:
    known = PartyOrganization.objects.living().visible_to(by)
    named = organizations.names(known.values_list("pk", flat=True))
    keys = [key for key, told in named.items() if told == name.strip()]
    if len(keys) != 1:
        raise _refusal("EXPORT-FILTER", _("您的范围里没有名为“{name}”的党组织，或有几个。"), name=name)
    return known.get(pk=keys[0])


def _refusal(code: str, sentence: str, field: str = "", **args: Any) -> Refused:
    return Refused([note(code, Severity.BLOCK, sentence, field_name=field, **args)])


def write_members(
    rows: Any, *, path: Path, form: str, by: Actor, at: datetime, as_of: date, reason: str = "",
    filters: Mapping[str, Any],
) -> int:  # fmt: skip
    """Write F03 of affiliations and log it; needs the permission to export. In clear only for a reason, and few."""
    access.require(by, Permission.EXPORT)
    if not zones.allowed(settings.ZONE, "party.membership", zones.Op.EXPORT):
        raise _refusal("PRIVACY-ZONE", _("互联网区不导出党员名册。"))
    if form not in FORMS:
        raise _refusal("EXPORT-FORM", _("请选择导出的格式。"))
    clear = bool(reason.strip())
    mark = _reveal(rows, form, reason, by=by, at=at) if clear else ""
    notes = [
        [_("数据日期"), as_of.isoformat()],
        [_("出生年月、手机、现住址"), mark or _(MASKED)],
        [_("身份证号"), _("不导出，需要时在党员页写明事由逐个查看。")],
        [_("党内职务、组织关系所在地、组织关系起日"), _("导回时不改动，请在党员页或转接里办理。")],
    ]
    columns = [column for column in MEMBERS if secrets.allowed(column.key, zones.Op.EXPORT)]
    count = _write(path, form, columns, _lines(rows, as_of, clear=clear), notes)
    reads.exported("members", rows=count, by=by, at=at, reason=reason, sensitive=True,
                   filters={**filters, "as_of": as_of.isoformat(), "form": form})  # fmt: skip
    return count


def _reveal(rows: Any, form: str, reason: str, *, by: Actor, at: datetime) -> str:
    """Log the read of every member's sealed values, or refuse them all (PRI-04); the sentence that marks the sheet."""
    access.require(by, Permission.MEMBERS_REVEAL)
    if len(reason.strip()) < 2:
        raise _refusal("PRI-04", _("请写明导出明文的事由。"), "reason")
    if form != "xlsx":
        raise _refusal("PRI-04", _("明文只能导出为 Excel，表上注明导出人。"), "reason")
    most = policy.limits(localdate(at), policy.chain("national"))["privacy.export_rows"]
    if rows.count() > most:
        raise _refusal("PRI-04", _("一次最多导出 {n} 行明文，请缩小范围，或打码导出。"), "reason", n=most)
    found = Member.objects.filter(pk__in=rows.order_by().values("member"))
    for member in found:
        if not members.keeps(by, member, Permission.MEMBERS_REVEAL):
            raise _refusal("PRI-04", _("其中有党员的资料不由您管理，不能导出明文。"), "reason")
    for member in found:
        record = members.current(member)
        for field in secrets.COLUMNS:
            if secrets.stored(record, field):
                subject = (secrets.SUBJECT, str(member.pk), f"{record.name[:1]}*")
                told = _("导出：{reason}").format(reason=reason.strip())
                reads.revealed(subject, field=field, reason=told, by=by, at=at)
    told = _("含明文，由 {who} 于 {day} 导出，事由：{reason}。用后销毁，不得转发。")
    return told.format(who=by.display_name, day=localdate(at), reason=reason.strip())


def _lines(rows: Any, as_of: date, *, clear: bool) -> Iterator[dict[str, Any]]:
    ordered: list[Affiliation] = list(placed(told(rows)).order_by("party_name", "told_name", "pk"))
    for start in range(0, len(ordered), 500):
        part = ordered[start : start + 500]
        stored = rosters.stored([(r.member_id, r.party_organization_id or 0) for r in part], as_of)
        for row in part:
            line = dict(stored[row.member_id, row.party_organization_id or 0].fields)
            line.pop("id_number", None)
            for name in secrets.COLUMNS:
                if not clear and line.get(name):
                    line[name] = zones.mask(secrets.PERSONAL[name], line[name])
            yield line


def _write(
    path: Path, form: str, columns: list[Column], lines: Iterable[Mapping[str, Any]], notes: list[list[str]]
) -> int:
    keys = [column.key for column in columns]
    if form == "json":
        return writing.write_json(path, columns, ([line.get(key) for key in keys] for line in lines))
    rows = ([_cell(key, line.get(key)) for key in keys] for line in lines)
    if form == "xlsx":
        return writing.write_xlsx(path, columns, rows, sheet=_("党员花名册"), notes=notes)
    return writing.write_csv(path, columns, rows)


def _cell(key: str, value: Any) -> Any:
    return WORDS[key].get(str(value), value) if key in WORDS and value is not None else value


KINDS: dict[str, Callable[..., int]] = {"members": export_members}
