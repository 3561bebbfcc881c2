"""整理清单: what the rules and the gaps of the register say about stored bodies, and how much of it is mended.

A finding belongs to the baseline when it speaks of a state, not of a day to come: the rules of saving, and of the daily
check what has already passed. The beginning is what was found when each body was entered, by what was then known;
mended is what was found then and is found no more. Nothing is stored for it: both are computed from the rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries
from liaoyuan.core.choices import BatchState, Moment, Verdict
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, AuditEvent, ImportRow
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.models import Standing
from liaoyuan.registry.models.organizations import StandingQuerySet
from liaoyuan.registry.queries.portraits import (
    Judge,
    Portrait,
    changed_since_entered,
    entered,
    portraits,
    records_on,
    rows_of,
)

#: Column of bodies whose domicile is unknown, and of those whose domicile lies outside.
UNKNOWN, OUTSIDE = "none", "outside"
_FOUND = ("record", "findings")
_CHUNK = 500
_KEPT = 16
#: Arguments in which a finding names the day that passed.
_DATED = ("last", "full")


class Gap(NamedTuple):
    """Something that a complete register holds and this row lacks."""

    title: str
    text: str
    lacks: Callable[[Portrait, date], bool]


GAPS: dict[str, Gap] = {
    "DATA-STREET": Gap("缺所属街道", "没有填写所属街道。", lambda p, on: p.row.street_path is None),
    "DATA-COMMUNITY": Gap(
        "缺所属社区", "没有填写所属社区。",
        lambda p, on: p.row.street_path is not None and p.row.community_path is None,
    ),
    "DATA-PERSON": Gap(
        "缺法定代表人或负责人", "没有填写法定代表人或负责人。", lambda p, on: not p.row.legal_representative
    ),
    "DATA-BEGIN": Gap("缺成立日期", "没有填写成立日期或备案日期。", lambda p, on: p.row.registered_on is None),
    "DATA-CAPITAL": Gap(
        "缺注册资金", "没有填写注册资金。", lambda p, on: not p.row.filed and p.row.capital_fen is None
    ),
    "DATA-FIELD": Gap("缺行业分类", "没有填写行业分类。", lambda p, on: not p.row.filed and not p.row.field),
    "DATA-CERTIFICATE": Gap(
        "登记证书已过期", "登记证书的有效期已过。",
        lambda p, on: not p.row.filed and p.row.certificate_to is not None and p.row.certificate_to < on,
    ),
}  # fmt: skip


#: What a reminder is called when its day has passed.
_PASSED = {"RAT-03": "评估等级已过期", "GOV-05": "届满未换届", "FIL-03": "备案已过期"}


class Line(NamedTuple):
    """One thing to mend: of which body, by which rule or gap, in which column, in words."""

    organization: int
    name: str
    number: str
    column: str
    code: str
    text: str
    passed_on: date | None
    entered_at: datetime


@dataclass(slots=True)
class Baseline:
    """All lines, the columns in order as (key, title), and the progress."""

    lines: list[Line]
    columns: list[tuple[str, str]]
    initial: int
    fixed: int
    new: int
    bodies: int
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        """The rules and gaps that say something, rules first."""
        found = {line.code for line in self.lines}
        order = [*registries.rules, *GAPS]
        return sorted(found, key=order.index)


_kept: dict[tuple[Any, ...], tuple[int | None, Baseline]] = {}


def title_of(code: str) -> str:
    """What a rule or gap is called."""
    if code in _PASSED:
        return _(_PASSED[code])
    return _(registries.rules[code].title) if code in registries.rules else _(GAPS[code].title)


def bodies(user: Any, area: Area) -> StandingQuerySet:
    """Live bodies of the area that the user may see: by registrar; below the district those with their domicile too."""
    here = Q(registrar_area__in=Area.objects.within(area.path))
    if len(area.code) > 6:
        here |= Q(street__in=Area.objects.within(area.path)) | Q(community__in=Area.objects.within(area.path))
    return Standing.objects.now_open().live().visible_to(user).filter(here)


def columns_of(area: Area) -> list[Area]:
    """The areas just below, by which the table is divided."""
    return list(Area.objects.live().filter(parent=area).order_by("code"))


def baseline(user: Any, area: Area, on: date) -> Baseline:
    """What is to be mended in the area on the day, and how much of the beginning is mended.

    A table of a hundred thousand bodies takes seconds, so a process keeps its last few answers until something happens:
    every change leaves an event.
    """
    seen = access.reach(user, Permission.VIEW)
    stamp = AuditEvent.objects.aggregate(last=Max("pk"))["last"]
    own = access.reach(user, Permission.OWN_VIEW)
    scope = (seen.everything, tuple(seen.paths), tuple(seen.organizations), tuple(own.organizations))
    key = (connection.alias, area.code, on, get_language(), scope)
    kept = _kept.get(key)
    if kept is not None and kept[0] == stamp and not settings.TESTING:
        return kept[1]
    if len(_kept) >= _KEPT:
        _kept.clear()
    found = _compute(user, area, on)
    _kept[key] = (stamp, found)
    return found


def _compute(user: Any, area: Area, on: date) -> Baseline:
    seen = bodies(user, area)
    rows = rows_of(seen)
    below = columns_of(area)
    records = records_on(on, None if len(rows) > _CHUNK else [row.organization for row in rows])
    column = _column_finder(area, below)
    lines = list(_lines(portraits(rows, records), Judge(on, Moment.SAVE, Moment.DAILY), on, column))
    changed = changed_since_entered(rows) if rows else set()
    first = _initial(lines, changed)
    now = {(line.organization, line.code) for line in lines}
    shown = [(part.code, part.name) for part in below] + [(OUTSIDE, _("（区外）")), (UNKNOWN, _("（未填）"))]
    counts: dict[tuple[str, str], int] = {}
    for line in lines:
        counts[line.code, line.column] = counts.get((line.code, line.column), 0) + 1
    used = {key for _code, key in counts}
    return Baseline(
        lines, [(k, t) for k, t in shown if k in used or k not in (OUTSIDE, UNKNOWN)],
        len(first), len(first - now), len(now - first), len(rows), counts,
    )  # fmt: skip


def _column_finder(area: Area, below: Iterable[Area]) -> Callable[[str], str]:
    keys = {part.path: part.code for part in below}
    known: dict[str, str] = {}

    def find(place: str) -> str:
        found = known.get(place)
        if found is None:
            found = next((key for path, key in keys.items() if place.startswith(path)), "")
            if not found:
                found = OUTSIDE if place and not place.startswith(area.path) else UNKNOWN
            known[place] = found
        return found

    return find


def _lines(told: Iterable[Portrait], judge: Judge, on: date, column: Callable[[str], str]) -> Iterator[Line]:
    for portrait in told:
        row = portrait.row
        place = column(row.place)
        number = row.code or row.filing_no or row.code_as_given
        for finding in findings_of(portrait, judge, on):
            text = _(finding.message).format(**finding.args)
            yield Line(row.organization, row.name, number, place, finding.code, text, passed(finding), row.created_at)
        for code, gap in GAPS.items():
            if gap.lacks(portrait, on):
                ended = row.certificate_to if code == "DATA-CERTIFICATE" else None
                yield Line(row.organization, row.name, number, place, code, _(gap.text), ended, row.created_at)


def findings_of(portrait: Portrait, judge: Judge, on: date) -> Iterator[Finding]:
    """What the rules of saving and of the daily check say of a state; reminders of days to come are 待办."""
    for moment, plan in zip(judge.what, judge.plans(portrait.row), strict=True):
        for finding in plan.run(portrait.facts, on):
            if moment == Moment.SAVE and finding.severity == Severity.INFO:
                continue  # an offer, as "may register now", is nothing to mend
            day = passed(finding)
            if day is None or day < on or "full" in finding.args:
                yield finding


def passed(finding: Finding) -> date | None:
    """The day of which a finding speaks, if it speaks of one."""
    for name in _DATED:
        if name in finding.args:
            return date.fromisoformat(finding.args[name])
    return None


def _initial(lines: Iterable[Line], changed: set[int]) -> set[tuple[int, str]]:
    """(organization, code) of what was found when the bodies were entered."""
    first = {
        (line.organization, line.code)
        for line in lines
        if line.organization not in changed and (line.passed_on is None or line.passed_on < localdate(line.entered_at))
    }
    if not changed:
        return first
    rows, records = entered(sorted(changed))
    judges: dict[date, Judge] = {}
    for portrait in portraits(rows, records):
        on = localdate(portrait.row.created_at)
        judge = judges.setdefault(on, Judge(on, Moment.SAVE, Moment.DAILY))
        first |= {(portrait.row.organization, finding.code) for finding in findings_of(portrait, judge, on)}
        first |= {(portrait.row.organization, code) for code, gap in GAPS.items() if gap.lacks(portrait, on)}
    return first | _imported(sorted(changed))


def _imported(ids: list[int]) -> set[tuple[int, str]]:
    """What the importer had found: it knew codes that have been mended since."""
    found: set[tuple[int, str]] = set()
    for start in range(0, len(ids), _CHUNK):
        rows = ImportRow.objects.of_records(ids[start : start + _CHUNK]).filter(
            batch__state=BatchState.APPLIED, action="create", verdict=Verdict.REVIEW
        )
        for pk, told in rows.with_record().values_list(*_FOUND):
            found |= {(pk, one["code"]) for one in told if one["code"] in registries.rules}
    return found


def drill(found: Baseline, *, code: str = "", column: str = "") -> list[Line]:
    """The lines of one rule, one column, or both, by name."""
    picked = [line for line in found.lines if (not code or line.code == code) and (not column or line.column == column)]
    return sorted(picked, key=lambda line: (line.name, line.organization, line.code))


def totals(found: Baseline) -> Mapping[str, int]:
    """Lines of each rule or gap."""
    sums: dict[str, int] = {}
    for (code, _column), count in found.counts.items():
        sums[code] = sums.get(code, 0) + count
    return sums
