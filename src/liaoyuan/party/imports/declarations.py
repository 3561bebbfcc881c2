"""The import of F04's declared columns: 群团, 党建经费, 备注. All others of the form are counted, never brought in."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.choices import Verdict
from liaoyuan.core.models import Area
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow, note
from liaoyuan.kit import cells as parsing
from liaoyuan.kit import money, text
from liaoyuan.kit.cells import Parsed, accept, reject
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.sheets.writing import Column
from liaoyuan.party.actions import declarations as actions
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.queries import declarations as reading
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.registry.imports.columns import as_written, name_as_written
from liaoyuan.registry.queries.bodies import Body, BodyNames

_YES = frozenset({"有", "是", "√", "✓", "1", "y", "yes", "已建", "建立"})
_NO = frozenset({"无", "否", "没有", "×", "x", "0", "n", "no", "未建", "-", "—"})
_TOTALS = frozenset({"合计", "总计", "小计"})
_WORDS: Mapping[str, str] = {
    "工会": "has_union", "工": "has_union", "共青团": "has_youth", "团组织": "has_youth", "团支部": "has_youth",
    "团": "has_youth", "妇女组织": "has_women", "妇联": "has_women", "妇工委": "has_women", "妇委会": "has_women",
    "妇": "has_women",
}  # fmt: skip
MESSAGES: Mapping[str, str] = {
    "groups_unreadable": "“{given}”读不出群团情况，请写“工、团、妇”里有的，都没有写“无”。",
}


def read_groups(cell: Any) -> Parsed[str]:
    """群团 as "yyn" for 工, 团, 妇: from 工、妇 or 有/无/有; 无 stands for none of the three."""
    told = text.half_width(text.cell_text(cell)).strip().lower()
    if not told:
        return accept(None)
    parts = [part.strip() for part in told.replace("、", "/").replace(",", "/").replace(";", "/").split("/")]
    if told in _NO:
        return accept("nnn")
    if len(parts) == 3 and all(part in _YES | _NO for part in parts):
        return accept("".join("y" if part in _YES else "n" for part in parts))
    named = {_WORDS.get(part) for part in parts if part}
    if None in named:
        return reject("groups_unreadable")
    return accept("".join("y" if name in named else "n" for name in reading.GROUPS))


COLUMNS: dict[str, tuple[str, Any, tuple[str, ...]]] = {
    "name": ("组织名称", name_as_written, ("组织名称", "社会组织名称", "单位名称", "名称")),
    "code": ("统一社会信用代码", as_written, ("统一社会信用代码", "信用代码", "统一社会信用代码/备案号", "备案号")),
    "groups": (
        "群团(工/团/妇)",
        read_groups,
        ("群团(工/团/妇)", "群团（工/团/妇）", "群团", "群团组织", "群团组织(工/团/妇)"),
    ),
    "funds": ("党建经费(万元)", as_written, ("党建经费(万元)", "党建经费（万元）", "党建经费", "经费(万元)")),
    "note": ("备注", as_written, ("备注", "说明")),
}


def _tell(row: ReadRow, code: str, severity: Severity, sentence: str, field: str = "", **args: Any) -> None:
    row.findings.append(note(code, severity, sentence, field_name=field, **args))


class DeclarationSession:
    """One import of F04: reads rows, finds the bodies, compares with what they declared."""

    secret: frozenset[str] = frozenset()

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.area, self.as_of, self.unit = area, as_of, unit or "万元"
        self.bodies = BodyNames(area)

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        row = ReadRow(number)
        for name, cell in cells.items():
            if cell is None or parsing.is_blank(cell):
                continue
            found = money.parse_money(cell, unit=self.unit) if name == "funds" else COLUMNS[name][1](cell)
            if found.code:
                message = MESSAGES.get(found.code) or parsing.MESSAGES[found.code]
                severity = Severity.BLOCK if found.error else Severity.CONFIRM
                given = text.cell_text(cell)[:60]
                code = f"IMP-{found.code.upper().replace('_', '-')}"
                _tell(row, code, severity, _(message), name, given=given)
            if found.value is not None:
                self._take(row, name, found.value)
        row.label = str(row.fields.pop("name", "") or row.fields.get("code", ""))
        row.key = str(row.fields.pop("code", "") or row.label)
        if row.label in _TOTALS:  # our own form has words in the line of sums
            return ReadRow(number, verdict=Verdict.SKIP, action="", label=row.label)
        if len(str(row.fields.get("note", ""))) > 200:
            told = _("“{title}”超过 {limit} 个字。")
            _tell(row, "IMP-TOO-LONG", Severity.BLOCK, told, "note", title=_("备注"), limit=200)
        return row

    def _take(self, row: ReadRow, name: str, value: Any) -> None:
        if name == "groups":
            row.fields |= {key: mark == "y" for key, mark in zip(reading.GROUPS, value, strict=True)}
        elif name == "funds":
            row.fields |= {"funds_fen": value, "funds_year": self.as_of.year}
        else:
            row.fields[name] = value

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Find the bodies of a chunk of rows, and what they declared by the day."""
        self.bodies.prepare(row.key for row in chunk)
        found = {row.number: self.bodies.find(row.key) if row.key else [] for row in chunk}
        here = reading.within(self.area, {body.pk for named in found.values() for body in named})
        for row in chunk:
            row.object_id = self._body(row, [body for body in found[row.number] if body.pk in here])
        keys = [row.object_id for row in chunk if row.object_id]
        kept, stamps = reading.of(Asked(self.area, self.as_of), keys), reading.stamps(keys)
        for row in chunk:
            held = kept.get(row.object_id or 0)
            self._compare(row, reading.fields_of(held) if held else {}, stamps.get(row.object_id or 0, 0))

    def _body(self, row: ReadRow, near: list[Body]) -> int | None:
        if not row.key:
            _tell(row, "IMP-NAME-MISSING", Severity.BLOCK, _("没有组织名称，无法登记。"), "name")
        elif not near:
            told = _("这个区划的登记库里没有“{given}”，请核对名称或填写信用代码。")
            _tell(row, "IMP-ORG-UNKNOWN", Severity.BLOCK, told, "name", given=row.key[:60])
        elif len(near) > 1:
            told = _("有 {n} 个同名组织，请填写信用代码或备案号。")
            _tell(row, "IMP-ORG-TWICE", Severity.BLOCK, told, "name", n=len(near))
        else:
            row.key, row.label = str(near[0].pk), near[0].name
            return near[0].pk
        return None

    def _compare(self, row: ReadRow, kept: Mapping[str, Any], stamp: int) -> None:
        if reading.group_words(kept) and reading.group_words(kept) == reading.group_words(row.fields):
            row.fields |= {name: kept[name] for name in reading.GROUPS}  # a sheet does not tell "no" from "not told"
        told = {name: value for name, value in row.fields.items() if name in reading.FIELDS}
        blank = {"note": ""}
        changes = {name: [kept.get(name, blank.get(name)), value] for name, value in told.items()
                   if kept.get(name, blank.get(name)) != value}  # fmt: skip
        row.action = "unchanged" if not changes else "update" if kept else "create"
        plain = {name: kept.get(name) for name in reading.FIELDS}
        row.before = {**(changes if row.action == "update" else {}), "_": {"kept": plain, "stamp": stamp}}

    def seal(self, row: ReadRow) -> None:
        """Nothing of this sheet is sealed."""

    @staticmethod
    def opened(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields as they are."""
        return dict(fields)

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        if value is None or value == "":
            return "（空）"
        if name in reading.GROUPS:
            return "有" if value else "无"
        if name == "funds_fen":
            return f"{int(value) // 100:,}.{int(value) % 100:02d} 元"
        return str(value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a stored row for a report."""
        return dict(fields)


#: Titles of the fields as the preview shows them.
FIELD_TITLES: dict[str, str] = {
    "has_union": "工会", "has_youth": "共青团", "has_women": "妇女组织", "funds_fen": "党建经费",
    "funds_year": "经费年度",
}  # fmt: skip
KIND = ImportKind(
    kind="declarations",
    title="党建统计表（群团、党建经费）",
    permission=Permission.IMPORT,
    fields={**{name: entry[0] for name, entry in COLUMNS.items()}, **FIELD_TITLES},
    synonyms={name: entry[2] for name, entry in COLUMNS.items()},
    session=DeclarationSession,
    subject_kind="organization",
    apply=actions.apply_batch,
    undo=actions.undo_batch,
    columns=(
        Column("组织名称", key="name", width=30, required=True), Column("统一社会信用代码", key="code", width=22),
        Column("群团(工/团/妇)", key="groups", width=16, note="有的写“工、团、妇”，都没有写“无”。"),
        Column("党建经费(万元)", key="funds", width=14, note="统计日期所在年度，万元。"),
        Column("备注", key="note", width=24),
    ),
)  # fmt: skip
