"""Pure rules of areas: which code an area may bear, where its point may lie, when a change is one."""

from collections.abc import Collection
from datetime import date

from liaoyuan.core.choices import Level
from liaoyuan.core.params import AREA_MESSAGES, LEVEL_TITLES, PROVINCE_BOXES
from liaoyuan.kit import outlines
from liaoyuan.kit.findings import Finding, Needs, Severity
from liaoyuan.kit.geo import Point, within, written

LENGTHS = {Level.PROVINCE: 2, Level.CITY: 4, Level.DISTRICT: 6, Level.STREET: 9, Level.COMMUNITY: 12}
#: What may be added below what.
CHILD = {Level.DISTRICT: Level.STREET, Level.STREET: Level.COMMUNITY}
#: First of the last three digits of provisional codes: the bureau gives 001 to 599 (docs/adr/0015).
PROVISIONAL = 900
LONGEST_NAME = 60
LONGEST_SOURCE = 120
#: Levels that have an outline: those that plans are made for.
OUTLINED = (Level.DISTRICT, Level.STREET)


def refusal(variant: str, field: str = "", **args: object) -> Finding:
    """A blocking finding about an area, worded in `core.params`."""
    return Finding("AREA", Severity.BLOCK, AREA_MESSAGES[f"AREA.{variant}"], field=field, args=args)


def name_findings(name: str, *, parent: str, siblings: Collection[str]) -> list[Finding]:
    """A name is there, fits, and no live sibling bears it."""
    if not name or len(name) > LONGEST_NAME:
        return [refusal("name", "name")]
    return [refusal("taken_name", "name", parent=parent, name=name)] if name in siblings else []


def code_findings(code: str, *, parent: str, level: Level) -> list[Finding]:
    """An official code: its length, its digits, the code of the parent in front, outside the provisional range."""
    length = LENGTHS[level]
    if len(code) != length or not (code.isascii() and code.isdigit()):
        return [refusal("code_shape", "code", level=LEVEL_TITLES[level], length=length)]
    if not code.startswith(parent):
        return [refusal("code_prefix", "code", length=len(parent), parent=parent)]
    return [refusal("code_provisional", "code", first=PROVISIONAL)] if is_provisional(code) else []


def is_provisional(code: str) -> bool:
    """Whether the code of a street or community is one of ours."""
    return len(code) in (9, 12) and int(code[-3:]) >= PROVISIONAL


def provisional_code(parent: str, taken: Collection[str]) -> str | None:
    """The first free provisional code below a parent; None when all hundred are taken."""
    return next((code for n in range(PROVISIONAL, 1000) if (code := f"{parent}{n:03d}") not in taken), None)


def point_findings(point: Point, code: str, province: str, *, field: str = "point") -> list[Finding]:
    """A point outside its area's province asks for a confirmation."""
    box = PROVINCE_BOXES.get(code[:2])
    if box is None or within(box, point):
        return []
    return [
        Finding("AREA", Severity.CONFIRM, AREA_MESSAGES["AREA.outside"], field=field, needs=Needs.CONFIRMATION,
                args={"province": province})
    ]  # fmt: skip


def outline_findings(
    rings: outlines.Rings, code: str, province: str, point: Point | None, source: str
) -> list[Finding]:  # fmt: skip
    """An outline says where it comes from; one outside the province, or away from the area's point, asks for a tick."""
    told = [] if 0 < len(source) <= LONGEST_SOURCE else [refusal("outline_source", "source")]
    west, south, east, north = outlines.box(rings)
    for corner in ((west, south), (east, north)):
        found = point_findings(corner, code, province, field="file")
        told += [one for one in found if one not in told]
    if point is not None and not outlines.holds(rings, point):
        told.append(
            Finding("AREA", Severity.CONFIRM, AREA_MESSAGES["AREA.outline_far"], field="file",
                    needs=Needs.CONFIRMATION, args={"point": written(point)})
        )  # fmt: skip
    return told


def rename_findings(on: date, today: date, last: date | None) -> list[Finding]:
    """A new name holds from a day that has come and that is later than the last renaming."""
    if on > today:
        return [refusal("future", "on")]
    return [refusal("before_last", "on", day=last.isoformat())] if last is not None and on <= last else []
