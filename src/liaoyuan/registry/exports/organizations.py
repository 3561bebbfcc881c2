"""Exports of the register: F01 (`organizations`) and F02 (`filings`), as workbook, CSV or JSON.

The same register gives the same bytes: fixed order, fixed document time. What is exported can be imported again and
changes nothing. Telephone numbers stand masked, identity numbers not at all: showing them needs a reason, one by one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy, reads, vault, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.geo import DATUM_NAMES, Datum
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column
from liaoyuan.registry.choices import (
    ANNUAL_RESULT_TITLES,
    CREDIT_TITLES,
    DISTRICT_FIELD_TITLES,
    FIELD_TITLES,
    FILING_CATEGORY_TITLES,
    KIND_TITLES,
    RATINGS,
    STATUS_TITLES,
    CreditStatus,
    Permission,
)
from liaoyuan.registry.models import OPEN
from liaoyuan.registry.queries import exporting, lookup
from liaoyuan.registry.queries.exporting import Fact
from liaoyuan.registry.queries.listing import TRAITS, Criteria, Listing, marks_of
from liaoyuan.registry.queries.lookup import Place
from liaoyuan.registry.queries.standings import PERSONAL, SECRET

_TITLES: dict[str, Mapping[Any, str]] = {
    "kind": KIND_TITLES, "status": STATUS_TITLES, "field": FIELD_TITLES, "district_field": DISTRICT_FIELD_TITLES,
    "credit_status": CREDIT_TITLES, "category": FILING_CATEGORY_TITLES,
}  # fmt: skip
_PLAIN = {name: {str(code): title for code, title in titles.items()} for name, titles in _TITLES.items()}
_YES_NO = ("是", "否")
_WAN = 1_000_000
_TOLD_EVERY = 500
_NOT_EXPORTED = "身份证号不导出，需要时在档案页写明事由逐个查看。"
_DATUM = "导出的坐标都是 WGS-84；导入时可写 WGS-84、GCJ-02（高德、腾讯）或 BD-09（百度），不写按 WGS-84。"
_MASKED = "电话打码导出；导回时打码的电话不会改动。"


def _column(key: str, title: str, **more: Any) -> Column:
    if key in _TITLES:
        more["choices"] = tuple(_TITLES[key].values())
    return Column(title, key=key, **more)


#: Columns of F01 in the form's order: what the importer knows under these names.
ORGANIZATION = (
    _column("name", "名称", width=36, required=True), _column("code", "统一社会信用代码", width=22),
    _column("filing_no", "备案号", width=24), _column("kind", "类型", width=20, required=True),
    _column("registrar", "登记管理机关", width=20), _column("supervisor", "业务主管单位", width=20),
    _column("industry_regulator", "行业管理部门", width=18), _column("party_lead", "党建领导机关", width=18),
    _column("legal_representative", "法定代表人/负责人"), _column("phone", "联系电话", width=14, note=_MASKED),
    _column("address", "住所", width=36), _column("street", "所属街道", width=14),
    _column("community", "所属社区", width=18), _column("longitude", "经度", width=14, kind="number"),
    _column("latitude", "纬度", width=14, kind="number"),
    _column("point_datum", "坐标系", width=10, choices=tuple(DATUM_NAMES.values()), note=_DATUM),
    _column("registered_on", "成立日期", width=12),
    _column("capital_fen", "注册资金(万元)", kind="number"), _column("scope", "业务范围", width=40),
    _column("field", "行业分类", width=16), _column("district_field", "所属领域"),
    _column("certificate_from", "证书有效期起", width=12), _column("certificate_to", "证书有效期止", width=12),
    _column("full_time", "专职人数", kind="number"), _column("part_time", "兼职人数", kind="number"),
    _column("members_unit", "会员数(单位)", kind="number"), _column("members_person", "会员数(个人)", kind="number"),
    _column("council_count", "理事数", kind="number"), _column("supervisors_count", "监事数", kind="number"),
    _column("party_members_declared", "党员数", kind="number"), _column("rating", "评估等级", choices=RATINGS),
    _column("rated_on", "评估时间", width=12), _column("rating_until", "评估有效期至", width=12),
    _column("annual_results", "年检结论(近3年)", width=34), _column("is_charity", "是否慈善组织", choices=_YES_NO),
    _column("public_fundraising", "公开募捐资格", choices=_YES_NO),
    _column("tax_deductible", "税前扣除资格", choices=_YES_NO), _column("credit_status", "信用状态", width=14),
    _column("status", "状态"), _column("closed_on", "注销日期", width=12), _column("note", "备注", width=30),
)  # fmt: skip
#: Columns of F02 in the form's order.
FILING = (
    _column("name", "名称", width=36, required=True), _column("filing_no", "备案号", width=24, required=True),
    _column("category", "类别"), _column("street", "所属街道", width=14), _column("community", "所属社区", width=18),
    _column("legal_representative", "负责人"), _column("id_number", "身份证号", width=20, note=_NOT_EXPORTED),
    _column("phone", "电话", width=14, note=_MASKED), _column("member_count", "成员数", kind="number"),
    _column("address", "活动场所", width=36), _column("registered_on", "备案日期", width=12),
    _column("filing_until", "有效期", width=12), _column("guidance_unit", "指导单位", width=20),
    _column("party_members_declared", "党员数", kind="number"), _column("status", "状态"),
    _column("closed_on", "注销日期", width=12), _column("note", "备注", width=30),
)  # fmt: skip
FORMS = ("xlsx", "csv", "json")
type Raw = Sequence[Any]


def export_organizations(
    *,
    path: Path,
    form: str,
    by: Actor,
    at: datetime,
    as_of: date,
    area: Area | None = None,
    filters: Mapping[str, str] | None = None,
) -> int:
    """Write F01 of all bodies that `by` may see on the day `as_of` to `path`; returns the number of rows.

    `area` narrows to the registrar's area, `filters` as the address of the list does (an unfiltered export holds the
    ended and the external ones too). Refused for an unknown filter. The export is logged.
    """
    criteria = criteria_of(filters or {}, by=by, as_of=as_of, area=area)
    return export(Listing(by, criteria), "organizations", path=path, form=form, by=by, at=at, filters=filters or {})


def export_filings(
    *,
    path: Path,
    form: str,
    by: Actor,
    at: datetime,
    as_of: date,
    area: Area | None = None,
    filters: Mapping[str, str] | None = None,
) -> int:
    """Write F02 of all filed bodies, as `export_organizations` does."""
    criteria = criteria_of({**(filters or {}), "group": "filed"}, by=by, as_of=as_of, area=area)
    return export(Listing(by, criteria), "filings", path=path, form=form, by=by, at=at, filters=filters or {})


KINDS: dict[str, Callable[..., int]] = {"organizations": export_organizations, "filings": export_filings}


def export(
    listing: Listing, kind: str, *, path: Path, form: str, by: Actor, at: datetime, filters: Mapping[str, Any],
    clear: bool = False, reason: str = "",
) -> int:  # fmt: skip
    """Write the bodies of a listing as F01 or F02 and log it; needs the permission to export.

    `clear` writes the telephone numbers whole: for a reason, for few rows of one's own area, into a workbook that says
    who took them; each body's read is logged. Identity numbers (C4) are never exported.
    """
    mark: tuple[str, str] | None = None
    if clear:
        _reveal(listing, form, reason, by=by, at=at)
        told = _("含联系电话原文，由 {who} 于 {day} 导出，事由：{reason}。用后销毁，不得转发。")
        mark = (_("敏感信息"), told.format(who=by.display_name, day=localdate(at), reason=reason.strip()))
    count = write(listing, kind, path=path, form=form, by=by, mark=mark)
    log(listing, kind, rows=count, form=form, by=by, at=at, filters=filters, reason=reason, clear=clear)
    return count


def write(
    listing: Listing, kind: str, *, path: Path, form: str, by: Actor, tell: Callable[[int], None] | None = None,
    mark: tuple[str, str] | None = None,
) -> int:  # fmt: skip
    """Write the file alone; `tell` hears from time to time how many rows are written, and may raise to end it.

    With a `mark` (title and sentence that stand above the notes) telephone numbers are written whole.
    """
    access.require(by, Permission.EXPORT)
    columns = [c for c in (FILING if kind == "filings" else ORGANIZATION) if c.key not in _absent()]
    keys = [column.key for column in columns]
    notes = _notes(listing.criteria)
    made = _NORMALISED if form == "json" else _SHEET
    if mark is not None:
        made = {**made, "phone": lambda raw: vault.decrypt(raw[_AT["phone"]], purpose=SECRET["phone"])}
        notes.insert(0, list(mark))
    raw = exporting.rows(listing)
    rows = _converted(_counted(raw, tell) if tell else raw, keys, made)
    if form == "xlsx":
        title = _("社会组织") if kind == "organizations" else _("备案组织")
        return writing.write_xlsx(path, columns, rows, sheet=title, notes=notes)
    if form == "csv":
        return writing.write_csv(path, columns, rows)
    return writing.write_json(path, columns, rows)


def log(
    listing: Listing, kind: str, *, rows: int, form: str, by: Actor, at: datetime, filters: Mapping[str, Any],
    reason: str = "", clear: bool = False,
) -> None:  # fmt: skip
    """Record that so many rows were exported; `clear` when telephone numbers stood in them whole."""
    told = {**filters, "as_of": listing.criteria.on.isoformat(), "form": form}
    reads.exported(kind, rows=rows, by=by, at=at, filters=told, reason=reason, sensitive=clear)


def file_name(kind: str, form: str, on: date) -> str:
    """What an export is called: the form's title and the day whose state it shows."""
    title = _("备案社区社会组织登记表") if kind == "filings" else _("社会组织基本情况台账")
    return f"{title}{on.isoformat()}.{form}"


def _counted(rows: Iterator[Raw], tell: Callable[[int], None]) -> Iterator[Raw]:
    for number, row in enumerate(rows):
        if number % _TOLD_EVERY == 0:
            tell(number)
        yield row


def _absent() -> frozenset[str]:
    """Columns that this zone's forms do not have at all; elsewhere a banned column stands empty in its form's place."""
    zone = settings.ZONE
    return zones.refused(zone, PERSONAL, zones.Op.EXPORT) & zones.refused(zone, PERSONAL, zones.Op.STORE)


def _reveal(listing: Listing, form: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Log the read of every body's telephone number, or refuse them all (PRI-04)."""
    access.require(by, Core.REVEAL)
    most = policy.limits(localdate(at), policy.chain("national"))["privacy.export_rows"]
    if len(reason.strip()) < 2:
        raise Refused([note("PRI-04", Severity.BLOCK, _("导出电话原文须写明事由。"), field_name="reason")])
    if form != "xlsx":
        raise Refused([note("PRI-04", Severity.BLOCK, _("电话原文只能导出为 Excel，表上注明导出人。"))])
    if listing.count() > most:
        raise Refused([note("PRI-04", Severity.BLOCK, _("一次最多导出 {most} 家的电话原文，请缩小范围。"), most=most)])
    bodies = exporting.holders(listing.ids())
    reach = access.reach(by, Core.REVEAL)
    foreign = [b for b in bodies if not (reach.everything or any(b.path.startswith(own) for own in reach.paths))]
    if foreign:
        message = _("其中 {n} 家（如 {first}）不由您所在机关登记，不能导出电话原文。")
        raise Refused([note("PRI-04", Severity.BLOCK, message, n=len(foreign), first=foreign[0].name)])
    for body in bodies:
        if body.phone:
            reads.revealed(("organization", str(body.key), body.name), field="phone", reason=_("导出：{reason}").format(
                reason=reason.strip()), by=by, at=at)  # fmt: skip


def _notes(criteria: Criteria) -> list[list[str]]:
    return [
        [_("数据日期"), criteria.on.isoformat()],
        [_("联系电话"), _(_MASKED)],
        [_("身份证号"), _(_NOT_EXPORTED)],
        [_("导回"), _("改好后可以原样导入；没有改动的行不会产生变更。")],
    ]


_TEXTS = frozenset({"q", "group", "kind", "status", "field", "district_field", "rating", "credit"})
_DAYS = frozenset({"since", "until", "expires"})
_PLACES = frozenset({"street", "community"})


def criteria_of(filters: Mapping[str, str], *, by: Actor, as_of: date, area: Area | None) -> Criteria:
    """Criteria out of names and values as the address of the list holds them. Refused for what is not known."""
    told: dict[str, Any] = {"status": "all", "external": True}
    traits = []
    for name, value in filters.items():
        if name in _TEXTS:
            told[name] = value
        elif name in _DAYS:
            told[name] = _day(name, value)
        elif name in TRAITS:
            traits.append(name)
        elif name not in _PLACES:
            raise _unknown(_("没有筛选条件“{name}”。"), name=name)
    found = lookup.places({name: filters[name] for name in _PLACES & filters.keys()}, by)
    if found.unknown:
        raise _unknown(_("没有找到“{name}”这个地方。"), name=found.unknown[0])
    place = Place(area.pk, area.code, area.name, area.level, area.path) if area else None
    return Criteria(
        on=as_of, area=place, streets=found.streets, communities=found.communities, traits=tuple(traits), **told
    )


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _unknown(_("“{name}”应写成 2018-10-26 的样子。"), name=name) from None


def _unknown(message: str, **args: Any) -> Refused:
    return Refused([note("EXPORT-FILTER", Severity.BLOCK, message, **args)])


def _text_of(day: Any, mark: str) -> str | None:
    """A day as ISO text, cut to the precision it is known by."""
    if day is None:
        return None
    text = day if type(day) is str else day.isoformat()
    return text[: {"M": 7, "Y": 4}.get(mark, 10)] if mark else text


def _last(exclusive: Any) -> str | None:
    end = date.fromisoformat(exclusive) if type(exclusive) is str else exclusive
    return None if end is None or end == OPEN else date.fromordinal(end.toordinal() - 1).isoformat()


def _results(told: str | None) -> dict[str, str]:
    return {entry[:4]: entry[4:] for entry in told.split(",")} if told else {}


@lru_cache(maxsize=4096)
def _masked(cipher: str) -> str:
    return zones.mask(PERSONAL["phone"], vault.decrypt(cipher, purpose=SECRET["phone"])) if cipher else ""


_AT = {name: index for index, name in enumerate(Fact._fields)}
_DATES = {"registered_on": "registered_on", "certificate_from": "certificate_from", "certificate_to": "certificate_to",
          "closed_on": "closed_on", "filing_until": "filing_to"}  # fmt: skip
type Cell = Callable[[Raw], Any]


def _day_cell(name: str) -> Cell:
    at, marks_at, mark = _AT[name], _AT["precision"], _DATES[name]

    def cell(raw: Raw) -> str | None:
        marks = raw[marks_at]
        return _text_of(raw[at], "" if not marks or marks == "{}" else marks_of(marks).get(mark, ""))

    return cell


def _code(raw: Raw) -> str:
    return raw[_AT["code"]] or raw[_AT["code_as_given"]]


def _rated_on(raw: Raw) -> str | None:
    return None if raw[_AT["rating_assumed"]] else _text_of(raw[_AT["rated_on"]], "")


#: Cells that are made of what is stored, in both shapes of an export.
_MADE: dict[str, Cell] = {
    **{name: _day_cell(name) for name in _DATES},
    "code": _code,
    "phone": lambda raw: _masked(raw[_AT["phone"]]),
    "id_number": lambda raw: "",
    "member_count": lambda raw: raw[_AT["members_person"]],
    "rated_on": _rated_on,
    "rating_until": lambda raw: _last(raw[_AT["rating_to"]]),
}


def _wan(raw: Raw) -> Any:
    fen = raw[_AT["capital_fen"]]
    if fen is None or fen % _WAN == 0:
        return fen if fen is None else fen // _WAN
    return (Decimal(fen) / _WAN).normalize()


def _datum(raw: Raw) -> str:
    """The datum of the exported degrees, whatever the point was entered in."""
    return "" if raw[_AT["longitude"]] is None else DATUM_NAMES[Datum.WGS84]


def _results_text(raw: Raw) -> str:
    told = _results(raw[_AT["results"]])
    return "、".join(f"{year}{ANNUAL_RESULT_TITLES[word]}" for year, word in told.items())


def _worded(name: str) -> Cell:
    at = _AT[name]
    titles: dict[Any, str] = {None: "", **_PLAIN[name]}
    if name == "credit_status":
        titles[None] = titles[CreditStatus.NORMAL]
    return lambda raw: titles.get(raw[at], "")


def _yes_no(name: str) -> Cell:
    at = _AT[name]
    return lambda raw: None if raw[at] is None else "是" if raw[at] else "否"


def _truth(name: str) -> Cell:
    at = _AT[name]
    return lambda raw: None if raw[at] is None else bool(raw[at])


#: As a sheet shows it: words, 万元, 是 and 否.
_SHEET: dict[str, Cell] = {
    **_MADE, **{name: _worded(name) for name in _PLAIN}, **{name: _yes_no(name) for name in TRAITS},
    "capital_fen": _wan, "annual_results": _results_text, "point_datum": _datum,
}  # fmt: skip
#: As docs/guide/fields.md names it: codes, fen, true and false.
_NORMALISED: dict[str, Cell] = {
    **_MADE, **{name: _truth(name) for name in TRAITS},
    "annual_results": lambda raw: _results(raw[_AT["results"]]),
    "credit_status": lambda raw: raw[_AT["credit_status"]] or str(CreditStatus.NORMAL),
}  # fmt: skip


def _converted(rows: Iterator[Raw], keys: Sequence[str], made: Mapping[str, Cell]) -> Iterator[list[Any]]:
    cells = [made.get(key) or itemgetter(_AT[key]) for key in keys]
    for raw in rows:
        yield [cell(raw) for cell in cells]
