"""The import of a past round: the office's sheet of applications and grants, matched, compared and judged."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.models import Area
from liaoyuan.core.queries.areas import AreaNames
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow, note
from liaoyuan.funding.actions import past_batches
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.past import PAST_OUTCOME_TITLES, UNFUNDED
from liaoyuan.funding.choices.words import POOL_SOURCE_TITLES
from liaoyuan.funding.imports import past_columns
from liaoyuan.funding.imports.past_columns import COLUMNS, MESSAGES, MONEY
from liaoyuan.funding.models import Project, Round
from liaoyuan.funding.params.past_sheet import PAST_ROUND
from liaoyuan.funding.queries import past
from liaoyuan.kit import cells as parsing
from liaoyuan.kit import text
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.identifiers import uscc_division, uscc_faults, uscc_whole
from liaoyuan.kit.money import format_yuan, parse_money
from liaoyuan.kit.text import match_key

#: Longest texts that the columns of the database hold.
LONGEST = {"edition": 60, "number": 30, "title": 60, "organization": 120, "field": 20, "note": 200}
_NEEDED = ("title", "asked")
#: What of a project that is stored already is compared.
_COMPARED = ("field", "street", "asked", "total", "on_site", "score", "place", "funded", "granted", "source", "outcome",
             "note")  # fmt: skip
#: How many applications of a body in a round nobody wonders about.
_MANY = 3
_WORDS = {"yes": "是", "no": "否"}


class PastSession:
    """One import of a past round."""

    secret: frozenset[str] = frozenset()

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.area, self.as_of, self.unit = area, as_of, unit
        self.bodies, self.names = past.Bodies(), AreaNames(area)
        self.programmes, self.rounds = past.programmes(area), past.rounds(area)
        self._stored: dict[int, dict[tuple[int, str], Project]] = {}
        self._numbers: dict[tuple[str, str], str] = {}
        self._applied: Counter[tuple[str, str]] = Counter()
        self._seen: dict[str, str] = defaultdict(str)

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        row = ReadRow(number)
        for name, cell in cells.items():
            if cell is not None and not parsing.is_blank(cell):
                self._take(row, name, cell)
        fields = row.fields
        row.label = str(fields.get("title") or fields.get("organization") or "")
        doubted = {finding.field for finding in row.findings}
        for name in _NEEDED:
            if fields.get(name) in (None, "") and name not in doubted:
                told = _("没有填写“{title}”。")
                _tell(row, "IMP-MISSING", Severity.BLOCK, told, name, title=_(COLUMNS[name][0]))
        for name, limit in LONGEST.items():
            if len(str(fields.get(name, ""))) > limit:
                told = _("“{title}”超过 {limit} 个字。")
                _tell(row, "IMP-TOO-LONG", Severity.BLOCK, told, name, title=_(COLUMNS[name][0]), limit=limit)
                fields[name] = f"{str(fields[name])[:limit]}…"
        if "year" not in doubted:
            self._year(row, cells.get("year"))
        _money(row)
        return row

    def _take(self, row: ReadRow, name: str, cell: Any) -> None:
        read = parse_money(cell, unit=self.unit) if name in MONEY else COLUMNS[name][1](cell)
        if read.value is not None:
            row.fields[name] = read.value
        if read.code:
            severity = Severity.BLOCK if read.error else Severity.CONFIRM
            told = MESSAGES.get(read.code) or parsing.MESSAGES[read.code]
            code = f"IMP-{read.code.upper().replace('_', '-')}"
            _tell(row, code, severity, _(told), name, given=text.cell_text(cell)[:60])

    def _year(self, row: ReadRow, cell: Any) -> None:
        """Which year and which edition the row is of."""
        fields = row.fields
        if "edition" not in fields and isinstance(cell, str):
            rest = match_key(cell).replace(str(fields.get("year", "")), "").strip("年度届份 ")
            if len(rest) > 1:
                fields["edition"] = cell.strip()[: LONGEST["edition"]]
        if "year" not in fields:
            given = past_columns.read_year(fields.get("edition")).value
            fields["year"] = given or self.as_of.year
            if given is None:
                told = _("没有写年度，按数据日期的年份 {year} 登记，请确认。")
                _tell(row, "IMP-YEAR-ASSUMED", Severity.CONFIRM, told, "year", year=self.as_of.year)
        if fields["year"] > self.as_of.year:
            told = _("{year} 年晚于数据日期，不是历届。")
            _tell(row, "IMP-YEAR-LATER", Severity.BLOCK, told, "year", year=fields["year"])

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        self.bodies.prepare(str(row.fields.get(name, "")) for row in chunk for name in ("code", "organization"))
        for row in chunk:
            meta: dict[str, Any] = {"programme": None, "round": None, "round_title": "", "body": None, "version": None,
                                    "body_version": None, "project": None, "area": None}  # fmt: skip
            row.before = {"_": meta}
            self._place(row, meta)
            self._round(row, meta)
            whose = self._body(row, meta)
            if whose and "year" in row.fields and row.fields.get("title"):
                row.key = f"{meta['round'] or meta['round_title']}:{whose}:{match_key(row.label)}"
                self._compare(row, meta, whose)

    def _place(self, row: ReadRow, meta: dict[str, Any]) -> None:
        given = str(row.fields.get("street", ""))
        if not given:
            return
        street, sure = self.names.street(given)
        if street is None or not sure:
            community, clear = self.names.community(given, None)
            street, sure = (community, True) if clear else (street, False)
        if street is None or not sure:
            told = _("本区没有叫“{given}”的街道或社区，确认后不登记落地街道。")
            _tell(row, "IMP-STREET-UNKNOWN", Severity.CONFIRM, told, "street", given=given[:60])
            row.fields.pop("street")
            return
        row.fields["street"], meta["area"] = street.name, street.pk

    def _round(self, row: ReadRow, meta: dict[str, Any]) -> None:
        """The round that the row is of: one that came in before, or a new one."""
        named = str(row.fields.get("programme", ""))
        found = [one for one in self.programmes if not named or match_key(one.name) == match_key(named)]
        if len(found) > 1 or (named and not found):
            told = (
                _("本区有 {n} 个公益创投计划，请在“计划”一列写明名称。") if not named else _("没有叫“{given}”的计划。")
            )
            _tell(row, "IMP-PROGRAMME", Severity.BLOCK, told, "programme", n=len(found), given=named[:60])
            return
        year, edition = row.fields.get("year"), str(row.fields.get("edition", ""))
        if year is None:
            return
        meta["programme"] = found[0].pk if found else None
        meta["round_title"] = past.round_title(year, edition)
        same = [one for one in self.rounds if found and one.programme_id == found[0].pk and one.year == year]
        own = [one for one in same if one.imported]
        held = _edition(own, edition, meta["round_title"])
        if held is not None:
            meta["round"] = held.pk
        elif len(own) > 1 and not edition:
            told = _("{year} 年有 {n} 届，请在“届”一列写明是哪一届。")
            _tell(row, "IMP-ROUND-TWICE", Severity.BLOCK, told, "edition", year=year, n=len(own))
        elif same and not own:
            told = _("{year} 年的一届是在系统里办理的，不能用台账导入。")
            _tell(row, "IMP-ROUND-LIVE", Severity.BLOCK, told, "year", year=year)

    def _body(self, row: ReadRow, meta: dict[str, Any]) -> str:
        """The body that a row names: by code, else by its name, present or former; else one of another district."""
        code, name = str(row.fields.get("code", "")), str(row.fields.get("organization", ""))
        if not code and not name:
            _tell(row, "IMP-ORG-MISSING", Severity.BLOCK, _("没有填写组织，无法登记。"), "organization")
            return ""
        held, named = (self.bodies.find(given) if given else [] for given in (code, name))
        found = held or named
        if code and named and not held:
            told = _("登记库里没有代码或备案号“{given}”，已按名称，请核对。")
            _tell(row, "IMP-CODE-UNKNOWN", Severity.CONFIRM, told, "code", given=code)
        if held and name and held[0].pk not in {body.pk for body in named}:
            told = _("这个代码在库里属于“{stored}”，已按代码，请核对。")
            _tell(row, "IMP-ORG-DIFFERS", Severity.CONFIRM, told, "organization", stored=held[0].name)
        if len(found) > 1:
            told = _("有 {n} 个同名组织，请填写信用代码或备案号。")
            _tell(row, "IMP-ORG-TWICE", Severity.BLOCK, told, "code" if held else "organization", n=len(found))
            return ""
        if found:
            meta["body"], meta["body_version"] = found[0].pk, found[0].version
            return str(found[0].pk)
        return self._outside(row, code, name)

    def _outside(self, row: ReadRow, code: str, name: str) -> str:
        """A body that the register does not know: one of another district comes in with the round."""
        if not name:
            told = _("登记库里没有“{given}”，请核对名称或填写信用代码、备案号。")
            _tell(row, "IMP-ORG-UNKNOWN", Severity.BLOCK, told, "code", given=code)
            return ""
        sure = uscc_whole(code) and not uscc_faults(code)
        if sure and (uscc_division(code) or "").startswith(self.area.code):
            told = _("登记库里没有“{given}”，代码却是本区的：请先在登记库里补登，或改正名称、代码。")
            _tell(row, "IMP-ORG-UNKNOWN", Severity.BLOCK, told, "organization", given=name)
            return ""
        if sure:
            told = _("登记库里没有“{given}”，按代码是外区登记的组织，随这一届登记。")
            _tell(row, "IMP-ORG-EXTERNAL", Severity.INFO, told, "organization", given=name)
        else:
            told = _("登记库里没有“{given}”，确认后作为外区登记的组织随这一届登记；是本区的请改正名称或代码。")
            _tell(row, "IMP-ORG-OUTSIDE", Severity.CONFIRM, told, "organization", given=name)
        whose = code if sure else match_key(name)
        earlier = self._seen.setdefault(whose, name)
        if match_key(earlier) != match_key(name):
            told = _("同一个代码在前面写作“{stored}”，请核对。")
            _tell(row, "IMP-ORG-DIFFERS", Severity.CONFIRM, told, "organization", stored=earlier)
        return whose

    def _compare(self, row: ReadRow, meta: dict[str, Any], whose: str) -> None:
        same = None
        where = str(meta["round"] or meta["round_title"])
        if meta["round"] is not None and meta["body"] is not None:
            if meta["round"] not in self._stored:
                held = next(one for one in self.rounds if one.pk == meta["round"])
                self._stored[meta["round"]] = past.stored(held)
            same = self._stored[meta["round"]].get((meta["body"], match_key(row.label)))
        self._number(row, meta, where, same)
        if same is None:
            row.action = "create"
            self._applied[where, whose] += 1
            if self._applied[where, whose] > _MANY:
                told = _("这个组织在这一届有 {n} 个申报。")
                _tell(row, "IMP-GRANT-MANY", Severity.WARN, told, "organization", n=self._applied[where, whose])
            return
        kept = past.fields(same)
        changes = {name: [kept[name], row.fields[name]] for name in _COMPARED
                   if name in row.fields and row.fields[name] != kept[name]}  # fmt: skip
        row.action = "update" if changes else "unchanged"
        row.before = {**changes, "_": {**meta, "project": same.pk, "version": same.version}}

    def _number(self, row: ReadRow, meta: dict[str, Any], where: str, same: Project | None) -> None:
        """A number that the sheet gives stands once in a round."""
        number = str(row.fields.get("number", ""))
        if not number or row.key == self._numbers.setdefault((where, number), row.key):
            taken = same is None and number in {one.number for one in self._stored.get(meta["round"] or 0, {}).values()}
            if not number or not taken:
                return
        told = _("项目编号“{given}”在这一届已经用过。")
        _tell(row, "IMP-NUMBER-TWICE", Severity.BLOCK, told, "number", given=number)

    def seal(self, row: ReadRow) -> None:
        """A past round has nothing to hide."""

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        if value in (None, ""):
            return "（空）"
        if name in MONEY:
            return f"{format_yuan(int(value))} 元"
        if name == "score":
            return f"{int(value) // 100}.{int(value) % 100:02d}"
        titles = {"outcome": PAST_OUTCOME_TITLES, "source": POOL_SOURCE_TITLES}.get(name, _WORDS)
        return _(titles[value]) if isinstance(value, str) and value in titles else str(value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields for a report."""
        return dict(fields)


def _edition(own: list[Round], edition: str, title: str) -> Round | None:
    """Of the rounds of a year that came in before, the one that the row is of."""
    if not edition:
        return own[0] if len(own) == 1 else None
    key = match_key(edition)
    named = [one for one in own if match_key(one.title) == match_key(title) or key in match_key(one.title)]
    return named[0] if named else None


def _money(row: ReadRow) -> None:
    """Whether what the row says of money and of the end holds together; whether it was funded follows from both."""
    fields = row.fields
    doubted = {finding.field for finding in row.findings if finding.severity == Severity.BLOCK}
    if doubted & {"asked", "total", "granted", "funded", "outcome"}:
        return
    granted, ended = fields.get("granted") or 0, fields.get("outcome")
    if not granted:
        fields.pop("granted", None)
    if "funded" not in fields and (granted or ended):
        fields["funded"] = "yes" if granted or ended not in UNFUNDED else "no"
    funded = fields.get("funded") == "yes"
    if funded and not granted:
        _tell(row, "IMP-GRANT-AMOUNT", Severity.BLOCK, _("已立项的须写明立项金额。"), "granted")
    if not funded and granted:
        _tell(row, "IMP-GRANT-REFUSED", Severity.BLOCK, _("没有立项，却写了立项金额，请核对。"), "granted")
    if ended and funded == (ended in UNFUNDED):
        _tell(row, "IMP-GRANT-OUTCOME", Severity.BLOCK, _("状态与是否立项不符，请核对。"), "outcome")
    asked, total = fields.get("asked") or 0, fields.get("total")
    if granted > asked > 0:
        told = _("立项金额 {granted} 元高于申请金额 {asked} 元，请确认。")
        _tell(row, "IMP-GRANT-ABOVE", Severity.CONFIRM, told, "granted", granted=format_yuan(granted),
              asked=format_yuan(asked))  # fmt: skip
    if total is not None and total < asked:
        told = _("预算总额 {total} 元低于申请金额 {asked} 元，请确认。")
        _tell(row, "IMP-BUDGET-BELOW", Severity.CONFIRM, told, "total", total=format_yuan(total),
              asked=format_yuan(asked))  # fmt: skip


def _tell(row: ReadRow, code: str, severity: Severity, sentence: str, field: str, **args: Any) -> None:
    row.findings.append(note(code, severity, sentence, field_name=field, **args))


KIND = ImportKind(
    kind="grants",
    title="历届创投台账",
    permission=Permission.EDIT,
    fields={name: entry[0] for name, entry in COLUMNS.items()},
    synonyms={name: entry[2] for name, entry in COLUMNS.items()},
    session=PastSession,
    subject_kind="project",
    apply=past_batches.apply_batch,
    undo=past_batches.undo_batch,
    columns=PAST_ROUND,
)
