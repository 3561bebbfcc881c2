"""Exports of this floor: F18 (`people`) and F19 (`volunteers`), as workbook, CSV or JSON.

The same rows give the same bytes: fixed order, fixed document time. Identity numbers never leave; birth and mobile
stand masked unless a reason is given, and then no more rows than PRI-04 allows. What is exported can be imported again
and changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy, reads, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column
from liaoyuan.people.choices import (
    BASIS_TITLES,
    EDUCATION_TITLES,
    GENDER_TITLES,
    LEVEL_TITLES,
    WORK_TIME_TITLES,
    Permission,
)
from liaoyuan.people.models import VolunteerService
from liaoyuan.people.queries import rosters, secrets, services
from liaoyuan.people.queries.listing import Criteria, Listing
from liaoyuan.registry.models import Organization, Standing

FORMS = ("xlsx", "csv", "json")
_YES_NO = ("是", "否")
_WORDS: dict[str, Mapping[Any, str]] = {
    "gender": GENDER_TITLES, "education": EDUCATION_TITLES, "level": LEVEL_TITLES, "work_time": WORK_TIME_TITLES,
    "basis": BASIS_TITLES,
}  # fmt: skip
_PLAIN = {name: {str(code): title for code, title in titles.items()} for name, titles in _WORDS.items()}
_MASKED = "打码导出；写明事由才能导出明文，导回时打码的不会改动。"


def _column(key: str, title: str, **more: Any) -> Column:
    if key in _WORDS:
        more["choices"] = tuple(_WORDS[key].values())
    return Column(title, key=key, **more)


PEOPLE = (
    _column("name", "姓名", required=True), _column("gender", "性别"),
    _column("birth", "出生年月", width=12, note=_MASKED), _column("mobile", "手机", width=14, note=_MASKED),
    _column("education", "学历"), _column("major", "专业", width=16), _column("level", "证书级别", width=16),
    _column("number", "证书号", width=18), _column("approved_on", "取证时间", width=12),
    _column("registration_no", "登记证书号", width=16), _column("registration", "登记有效期", width=24),
    _column("organization", "机构", width=32, required=True), _column("code", "统一社会信用代码/备案号", width=24),
    _column("job", "岗位", width=14), _column("work_time", "专/兼职"), _column("started_on", "入职日期", width=12),
    _column("contract", "合同起止", width=24), _column("insured", "社保", choices=_YES_NO),
    _column("practice_years", "从业年限", kind="number"), _column("service_field", "服务领域", width=14),
    _column("mentor", "督导"), _column("education_hours", "继续教育学时"), _column("basis", "处理依据", width=16),
    _column("consent_no", "同意书编号", width=14), _column("note", "备注", width=24),
)  # fmt: skip
SERVICE = (
    _column("name", "姓名", required=True), _column("number", "志愿者编号", width=16),
    _column("activity", "活动名称", width=24, required=True), _column("organization", "组织", width=32, required=True),
    _column("code", "统一社会信用代码/备案号", width=24), _column("on", "日期", width=12, required=True),
    _column("times", "起止", width=14), _column("hours", "时长(h)"), _column("content", "内容", width=24),
    _column("place", "地点", width=18), _column("category", "服务对象类别", width=14), _column("recorder", "记录人"),
    _column("confirmer", "确认人"),
)  # fmt: skip


def export_people(
    *, path: Path, form: str, by: Actor, at: datetime, as_of: date, area: Area | None = None,
    filters: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Write F18 of the staff whom `by` may see on the day `as_of`; returns the number of rows.

    `filters`: `q`, `organization`, `state`, `work_time`, `level`, `post`; `reason` exports birth and mobile in clear.
    """
    told = dict(filters or {})
    reason = told.pop("reason", "")
    listing = Listing(by, _criteria(told, as_of))
    rows = listing.rows
    if area is not None:
        here = Standing.objects.now_open().filter(registrar_area__in=Area.objects.within(area.path))
        rows = rows.filter(organization__in=here.values("organization"))
    return write_people(rows, path=path, form=form, by=by, at=at, as_of=as_of, reason=reason, filters=told)


def _criteria(filters: Mapping[str, str], as_of: date) -> Criteria:
    known = ("q", "organization", "state", "work_time", "level", "post")
    for name in filters:
        if name not in known:
            raise _unknown(name)
    told: dict[str, Any] = {"state": "staff", **filters}
    if "organization" in told:
        code = str(told["organization"])
        found = Organization.objects.known().filter(code=code) | Organization.objects.known().filter(filing_no=code)
        told["organization"] = found.values_list("pk", flat=True).first() or 0
    return Criteria(on=as_of, **told)


def _unknown(name: str) -> Refused:
    return Refused([note("EXPORT-FILTER", Severity.BLOCK, _("没有筛选条件“{name}”。"), name=name)])


def write_people(
    rows: Any, *, path: Path, form: str, by: Actor, at: datetime, as_of: date, reason: str = "",
    filters: Mapping[str, Any],
) -> int:  # fmt: skip
    """Write F18 of profiles and log it; needs the permission to export. In clear only for a reason, and few."""
    access.require(by, Permission.EXPORT)
    clear = bool(reason.strip()) and settings.ZONE == zones.Zone.GOV
    mark = _reveal(rows, form, reason, by=by, at=at) if clear else ""
    lines = _people(rows, as_of, clear=clear)
    notes = [
        [_("数据日期"), as_of.isoformat()],
        [_("出生年月和手机"), mark or _(_MASKED)],
        [_("身份证号"), _("不导出，需要时在人员页写明事由逐个查看。")],
        [_("政治面貌"), _("本系统不收集。")],
    ]
    gone = [name for name in secrets.PERSONAL if not secrets.allowed(name, zones.Op.EXPORT)]
    columns = [column for column in PEOPLE if column.key not in gone]
    count = _write(path, form, columns, lines, sheet=_("花名册"), notes=notes)
    reads.exported("people", rows=count, by=by, at=at, reason=reason, sensitive=clear,
                   filters={**filters, "as_of": as_of.isoformat(), "form": form})  # fmt: skip
    return count


def _reveal(rows: Any, form: str, reason: str, *, by: Actor, at: datetime) -> str:
    """Log the read of every person's birth and mobile, or refuse them all (PRI-04); the sentence that marks the sheet.

    A workbook only, for few rows, of bodies whose values one may reveal.
    """
    access.require(by, Core.REVEAL)
    if len(reason.strip()) < 2:
        raise _refused(_("请写明导出明文的事由。"))
    if form != "xlsx":
        raise _refused(_("明文只能导出为 Excel，表上注明导出人。"))
    most = policy.limits(localdate(at), policy.chain("national"))["privacy.export_rows"]
    if rows.count() > most:
        raise _refused(_("一次最多导出 {n} 行明文，请缩小范围，或打码导出。"), n=most)
    found = list(rows.select_related("person", "organization"))
    for organization in {p.organization_id: p.organization for p in found}.values():
        if not access.covers(by, Core.REVEAL, organization, write=True):
            raise _refused(_("其中有组织不由您所在机关登记，不能导出明文。"))
    for profile in found:
        for field in ("birth", "mobile"):
            if getattr(profile, field):
                subject = (secrets.SUBJECT, str(profile.person_id), f"{profile.name[:1]}*")
                told = _("导出：{reason}").format(reason=reason.strip())
                reads.revealed(subject, field=field, reason=told, by=by, at=at)
    told = _("含明文，由 {who} 于 {day} 导出，事由：{reason}。用后销毁，不得转发。")
    return told.format(who=by.display_name, day=localdate(at), reason=reason.strip())


def _refused(sentence: str, **args: Any) -> Refused:
    return Refused([note("PRI-04", Severity.BLOCK, sentence, field_name="reason", **args)])


def _people(rows: Any, as_of: date, *, clear: bool) -> Iterator[dict[str, Any]]:
    ordered = rows.order_by("body", "name", "pk")
    for part in rosters.chunks(ordered):
        for profile, stored, code, body in rosters.told(part, as_of):
            line = dict(stored.fields)
            line.pop("id_number", None)
            for level in sorted(stored.cards, key=rosters.rank, reverse=True)[:1]:
                line.update(stored.cards[level])
            for name in ("birth", "mobile"):
                if not clear:
                    line[name] = secrets.masked(name, getattr(profile, name))
            line["registration"] = _period(line, "registered_on", "registered_until")
            line["contract"] = _period(line, "contract_from", "contract_to")
            yield {**line, "organization": body, "code": code}


def _period(line: Mapping[str, Any], first: str, last: str) -> str:
    a, b = line.get(first), line.get(last)
    if not a and not b:
        return ""
    if not a:
        return str(b) if first == "registered_on" else ""
    return f"{a}至{b or '长期'}"


def export_volunteers(
    *, path: Path, form: str, by: Actor, at: datetime, as_of: date, area: Area | None = None,
    filters: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Write F19 of the services until `as_of` of volunteers whom `by` may see. `filters`: `since` (ISO day)."""
    access.require(by, Permission.EXPORT)
    told = dict(filters or {})
    rows = VolunteerService.objects.current().visible_to(by).filter(on__lte=as_of)
    rows = rows.filter(person__voided_at__isnull=True, person__merged_at__isnull=True)
    since = told.pop("since", "")
    if told:
        raise _unknown(next(iter(told)))
    if since:
        try:
            rows = rows.filter(on__gte=date.fromisoformat(since))
        except ValueError:
            told_wrong = _("“{name}”应写成 2018-10-26 的样子。")
            raise Refused([note("EXPORT-FILTER", Severity.BLOCK, told_wrong, name="since")]) from None
    if area is not None:
        here = Standing.objects.now_open().filter(registrar_area__in=Area.objects.within(area.path))
        rows = rows.filter(organization__in=here.values("organization"))
    notes = [
        [_("数据日期"), as_of.isoformat()],
        [_("证件号"), _("不导出。")],
        [_("评价"), _("本系统不收集对志愿者的评价。")],
    ]
    count = _write(path, form, SERVICE, _services(rows), sheet=_("服务记录"), notes=notes)
    reads.exported("volunteers", rows=count, by=by, at=at,
                   filters={"since": since, "as_of": as_of.isoformat(), "form": form})  # fmt: skip
    return count


def _services(rows: Any) -> Iterator[dict[str, Any]]:
    ordered = rows.order_by("on", "organization_id", "person_id", "activity", "pk")
    for part in rosters.chunks(ordered):
        names, numbers, bodies = rosters.of_services(part)
        for row in part:
            key = (row.person_id, row.organization_id)
            body, code = bodies.get(row.organization_id, ("", ""))
            times = f"{row.started:%H:%M}-{row.ended:%H:%M}" if row.started and row.ended else ""
            yield {
                "name": names.get(key, ""), "number": numbers.get(key, ""), "activity": row.activity,
                "organization": body, "code": code, "on": row.on.isoformat(), "times": times,
                "hours": services.hours(row.minutes), "content": row.content, "place": row.place,
                "category": row.category, "recorder": row.recorder, "confirmer": row.confirmer,
            }  # fmt: skip


def _write(
    path: Path, form: str, columns: Sequence[Column], lines: Iterable[Mapping[str, Any]], *, sheet: str,
    notes: Sequence[Sequence[str]],
) -> int:  # fmt: skip
    if form not in FORMS:
        raise Refused([note("EXPORT-FORM", Severity.BLOCK, _("请选择导出的格式。"))])
    keys = [column.key for column in columns]
    if form == "json":
        return writing.write_json(path, columns, ([line.get(key) for key in keys] for line in lines))
    rows = ([_cell(key, line.get(key)) for key in keys] for line in lines)
    if form == "xlsx":
        return writing.write_xlsx(path, columns, rows, sheet=sheet, notes=notes)
    return writing.write_csv(path, columns, rows)


def _cell(key: str, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, bool):
        return _YES_NO[0] if value else _YES_NO[1]
    return _PLAIN[key].get(str(value), value) if key in _PLAIN else value


KINDS: dict[str, Callable[..., int]] = {"people": export_people, "volunteers": export_volunteers}
