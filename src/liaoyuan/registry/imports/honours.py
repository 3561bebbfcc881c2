"""The import of F25, honours of bodies: matching, comparing, judging."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.models import Area
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow, note
from liaoyuan.kit import cells as parsing
from liaoyuan.kit import text
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.text import match_key
from liaoyuan.registry.actions import honour_batches
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.imports import columns
from liaoyuan.registry.models import OPEN, Honour, Organization
from liaoyuan.registry.queries.bodies import Body, BodyNames
from liaoyuan.registry.queries.matching import until

#: Longest texts that the columns of the database hold.
LONGEST = {"title": 120, "issuer": 80, "evidence": 200}
#: What a line must tell.
_NEEDED = ("title", "level", "given_on")
#: What of an honour that stands already is compared; a cell that is left empty says nothing.
_COMPARED = ("level", "issuer", "until", "evidence")


class HonourSession:
    """One import of F25: reads rows, finds whose honour it is, and whether it stands already."""

    secret: frozenset[str] = frozenset()

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.area = area
        self.as_of = as_of
        self.names = BodyNames(area)

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        row = ReadRow(number)
        for name, cell in cells.items():
            if cell is not None and not parsing.is_blank(cell):
                self._take(row, name, cell)
        fields = row.fields
        row.label = str(fields.get("organization") or fields.get("code") or "")
        doubted = {finding.field for finding in row.findings}
        for name in _NEEDED:
            if not fields.get(name) and name not in doubted:
                _tell(row, "IMP-MISSING", Severity.BLOCK, _("没有填写“{title}”。"), name, title=_(_TITLES[name]))
        for name, limit in LONGEST.items():
            if len(str(fields.get(name, ""))) > limit:
                told = _("“{title}”超过 {limit} 个字。")
                _tell(row, "IMP-TOO-LONG", Severity.BLOCK, told, name, title=_(_TITLES[name]), limit=limit)
                fields[name] = f"{str(fields[name])[:limit]}…"
        on, last = _day(fields.get("given_on")), _day(fields.get("until"))
        if on and on > self.as_of:
            _tell(row, "IMP-HONOUR-DAY", Severity.BLOCK, _("日期须不晚于数据日期。"), "given_on")
        if on and last and last < on:
            _tell(row, "IMP-HONOUR-UNTIL", Severity.BLOCK, _("有效期至不能早于授予日期。"), "until")
        return row

    @staticmethod
    def _take(row: ReadRow, name: str, cell: Any) -> None:
        reader = columns.HONOUR[name][1] or columns.as_written
        read = reader(cell)
        if read.value is not None:
            row.fields[name] = read.value
        if read.code:
            severity = Severity.BLOCK if read.error else Severity.CONFIRM
            code = f"IMP-{read.code.upper().replace('_', '-')}"
            _tell(row, code, severity, _(parsing.MESSAGES[read.code]), name, given=text.cell_text(cell)[:60])

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        self.names.prepare(str(row.fields.get(name, "")) for row in chunk for name in ("code", "organization"))
        bodies = {id(row): self._find(row) for row in chunk}
        keys = {body.pk for body in bodies.values() if body}
        versions = dict(Organization.objects.filter(pk__in=keys).values_list("pk", "version"))
        known: dict[tuple[int, str, date], list[Honour]] = defaultdict(list)
        days = {day for row in chunk if (day := _day(row.fields.get("given_on")))}
        for honour in Honour.objects.current().filter(organization__in=keys, valid_from__in=days).order_by("pk"):
            known[honour.organization_id, match_key(honour.title), honour.valid_from].append(honour)
        for row in chunk:
            body, fields = bodies[id(row)], row.fields
            meta = {"organization": body.pk if body else None, "version": versions.get(body.pk) if body else None}
            row.before = {"_": meta}
            on = _day(fields.get("given_on"))
            if body is None or on is None:
                continue
            title, issuer = match_key(str(fields.get("title", ""))), match_key(str(fields.get("issuer", "")))
            row.label = body.name
            row.key = f"{body.pk}:{on}:{title[:60]}:{issuer[:30]}"
            self._compare(row, self._same(row, known[body.pk, title, on], issuer))

    def _find(self, row: ReadRow) -> Body | None:
        """The body that a row names: by code or filing number, else by its exact name; a doubt stands on the cell."""
        code, name = str(row.fields.get("code", "")), str(row.fields.get("organization", ""))
        if not code and not name:
            _tell(row, "IMP-ORG-MISSING", Severity.BLOCK, _("没有填写组织，无法登记。"), "organization")
            return None
        held, named = (self.names.find(given) if given else [] for given in (code, name))
        if code and not held and named:
            told = _("登记库里没有代码或备案号“{given}”，已按名称，请核对。")
            _tell(row, "IMP-CODE-UNKNOWN", Severity.CONFIRM, told, "code", given=code)
        if held and name and held[0].pk not in {body.pk for body in named}:
            told = _("这个代码在库里属于“{stored}”，已按代码，请核对。")
            _tell(row, "IMP-ORG-DIFFERS", Severity.CONFIRM, told, "organization", stored=held[0].name)
        found = held or named
        field = "code" if code and (held or not name) else "organization"
        if not found:
            told = _("登记库里没有“{given}”，请核对名称或填写信用代码、备案号。")
            _tell(row, "IMP-ORG-UNKNOWN", Severity.BLOCK, told, field, given=name or code)
        elif len(found) > 1:
            told = _("有 {n} 个同名组织，请填写信用代码或备案号。")
            _tell(row, "IMP-ORG-TWICE", Severity.BLOCK, told, field, n=len(found))
        elif not found[0].path.startswith(self.area.path):
            told = _("这个组织由其他机关登记，不能在这里登记它的荣誉。")
            _tell(row, "IMP-NOT-OWN", Severity.BLOCK, told, field)
        else:
            return found[0]
        return None

    @staticmethod
    def _same(row: ReadRow, stored: list[Honour], issuer: str) -> Honour | None:
        """The same honour of that day, by its issuer where the row or the register names one."""
        if not issuer:
            if len(stored) > 1:
                told = _("同一天有 {n} 项同名荣誉，请填写颁发单位。")
                _tell(row, "IMP-HONOUR-TWICE", Severity.BLOCK, told, "issuer", n=len(stored))
                return None
            return stored[0] if stored else None
        same = [honour for honour in stored if match_key(honour.issuer) == issuer]
        return next(iter(same or [honour for honour in stored if not honour.issuer]), None)

    @staticmethod
    def _compare(row: ReadRow, same: Honour | None) -> None:
        meta = (row.before or {})["_"]
        if same is None:
            row.action = "create"
            return
        stored = stored_of(same)
        changes = {
            name: [stored[name], row.fields[name]]
            for name in _COMPARED
            if name in row.fields and match_key(str(row.fields[name])) != match_key(str(stored[name]))
        }
        if same.assumed:  # known to the month only, and told so again: no doubt
            row.findings = [f for f in row.findings if f.field != "given_on" or f.severity != Severity.CONFIRM]
        row.key = f"{meta['organization']}:={same.pk}"
        row.action = "update" if changes else "unchanged"
        row.before = {**changes, "_": {**meta, "honour": same.pk}}

    def seal(self, row: ReadRow) -> None:
        """An honour has nothing to hide."""

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        return "长期" if name == "until" and value == "" else columns.words(name, value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields for a report."""
        return dict(fields)


def stored_of(honour: Honour) -> dict[str, str]:
    """What of an honour is compared, as the importer writes it; for good is "" ."""
    last = "" if honour.valid_to == OPEN else until(honour.valid_to)
    return {"level": honour.level, "issuer": honour.issuer, "until": last, "evidence": honour.evidence}


def _day(given: Any) -> date | None:
    return honour_batches.day(str(given)) if given else None


def _tell(row: ReadRow, code: str, severity: Severity, sentence: str, field: str, **args: Any) -> None:
    row.findings.append(note(code, severity, sentence, field_name=field, **args))


_TITLES = columns.titles(columns.HONOUR)

KIND = ImportKind(
    kind="honours",
    title="荣誉登记表",
    permission=Permission.IMPORT,
    fields=_TITLES,
    synonyms=columns.synonyms(columns.HONOUR),
    session=HonourSession,
    subject_kind="organization",
    apply=honour_batches.apply_batch,
    undo=honour_batches.undo_batch,
)
