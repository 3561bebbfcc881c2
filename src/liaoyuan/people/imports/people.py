"""The import of F18, the roster of social workers and staff: matching, comparing, judging."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.core import policy, vault, zones
from liaoyuan.core.models import Area
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow, note
from liaoyuan.kit.findings import Limits, Severity
from liaoyuan.people.actions import batches, persons
from liaoyuan.people.choices import Basis, Permission
from liaoyuan.people.imports import columns
from liaoyuan.people.imports.reading import RowReader, tell
from liaoyuan.people.queries import matching, secrets
from liaoyuan.people.rules.facts import PersonFacts
from liaoyuan.registry.queries.bodies import Body, BodyNames

CARD = ("level", "number", "approved_on", "registration_no", "registered_on", "registered_until", "education_hours")
_SHORT = 24  # digits of a blind index that stand in a row's key


class Bodies:
    """Finds the body that a row names; doubts become findings."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self.names = BodyNames(area)

    def prepare(self, chunk: list[ReadRow]) -> None:
        """Look all of them up at once."""
        self.names.prepare(str(row.fields.get(name, "")) for row in chunk for name in ("code", "organization"))

    def find(self, row: ReadRow) -> Body | None:
        """The body, or None with a blocking finding."""
        code, name = str(row.fields.get("code", "")), str(row.fields.get("organization", ""))
        if not code and not name:
            return self._no(row, "IMP-ORG-MISSING", _("没有所在机构，无法登记。"))
        found = self.names.find(code) if code else []
        named = self.names.find(name) if name else []
        if found and named and found[0].pk not in {b.pk for b in named}:
            tell(
                row,
                "IMP-ORG-DIFFERS",
                Severity.CONFIRM,
                _("代码和名称不是同一个组织，已按代码，请核对。"),
                "organization",
            )
        found = found or named
        if not found:
            return self._no(
                row, "IMP-ORG-UNKNOWN", _("登记库里没有“{given}”，请核对名称或填写信用代码。"), given=name or code
            )
        if len(found) > 1:
            return self._no(row, "IMP-ORG-TWICE", _("有 {n} 个同名组织，请填写信用代码或备案号。"), n=len(found))
        if not found[0].path.startswith(self.area.path):
            return self._no(row, "IMP-NOT-OWN", _("这个组织由其他机关登记，不能在这里导入它的人员。"))
        return found[0]

    @staticmethod
    def _no(row: ReadRow, code: str, sentence: str, **args: Any) -> None:
        row.findings.append(note(code, Severity.BLOCK, sentence, field_name="organization", **args))


class PeopleSession:
    """One import of F18: reads rows, finds whom they speak of, compares, asks the rules."""

    secret = frozenset(secrets.PURPOSES)

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.area = area
        self.as_of = as_of
        self.reader = RowReader(columns.PEOPLE, zone=settings.ZONE)
        self.bodies = Bodies(area)
        self.limits: Limits = policy.limits(as_of, policy.chain(area.path))
        self.plans = [policy.plan(code, self.limits) for code in ("PRI-01", "SW-01")]
        self._numbers: dict[str, str] = {}

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        row = self.reader.read(number, cells)
        fields = row.fields
        if any(fields.get(name) for name in secrets.PURPOSES) and not fields.get("basis"):
            fields["basis"] = str(Basis.DUTY)
        if not fields.get("level") and any(fields.get(name) for name in CARD):
            tell(row, "IMP-LEVEL-MISSING", Severity.CONFIRM, _("有证书信息而没有证书级别，确认后证书不保存。"), "level")
        for first, last in (("registered_on", "registered_until"), ("approved_on", "registered_until"),
                            ("approved_on", "registered_on")):  # fmt: skip
            a, b = fields.get(first), fields.get(last)
            if a and b and b[: len(a)] < a[: len(b)]:
                tell(row, "IMP-DATES-REVERSED", Severity.CONFIRM, _("证书的日期先后不对，请核对。"), "approved_on")
                break
        row.findings += persons.consistent(fields)
        return row

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        self.bodies.prepare(chunk)
        for row in chunk:
            body = self.bodies.find(row)
            row.before = {"_": {"organization": body.pk if body else None}}
        indexes = {id(row): secrets.index(str(row.fields.get("id_number", ""))) for row in chunk}
        known = matching.by_number(str(row.fields.get("id_number", "")) for row in chunk)
        named = matching.namesakes(
            (row.before["_"]["organization"], matching.name_key(row.label))
            for row in chunk if row.before and row.before["_"]["organization"]
        )  # fmt: skip
        for row in chunk:
            self._match(row, indexes[id(row)], known, named)
        pairs = [(row.object_id, row.before["_"]["organization"]) for row in chunk if row.object_id and row.before]
        stored = matching.stored([(p, o) for p, o in pairs if o], self.as_of)
        taken = matching.taken_numbers(str(row.fields.get("number", "")) for row in chunk)
        for row in chunk:
            here = stored.get((row.object_id or 0, (row.before or {}).get("_", {}).get("organization") or 0))
            self._compare(row, here)
            self._ask(row, taken)

    def _match(
        self, row: ReadRow, index: str, known: Mapping[str, tuple[int, int]],
        named: Mapping[tuple[int, str], list[matching.Namesake]],
    ) -> None:  # fmt: skip
        meta = row.before["_"]  # type: ignore[index]
        organization = meta["organization"]
        birth = str(row.fields.get("birth", ""))
        row.key = f"{organization}:{index[:_SHORT] or matching.name_key(row.label) + birth[:7]}"
        meta["index"] = index
        if organization is None:
            return
        if index and index in known:
            row.object_id = known[index][0]
            return
        same = [n for n in named.get((organization, matching.name_key(row.label)), []) if _may_be(n, index, birth)]
        if index and not same and named.get((organization, matching.name_key(row.label))):
            others = named[organization, matching.name_key(row.label)]
            if any(n.id_index for n in others):
                tell(row, "IMP-NAMESAKE", Severity.CONFIRM, _("本组织已有同名人员，身份证号不同，请核对。"), "name")
        if len(same) > 1:
            tell(
                row,
                "IMP-NAME-TWICE",
                Severity.BLOCK,
                _("本组织有 {n} 名同名人员，请填写身份证号。"),
                "name",
                n=len(same),
            )
            return
        if same:
            row.object_id = same[0].person
            meta["by_name"] = not index and not (birth and same[0].birth)
        elif not index and not birth:
            tell(row, "IMP-NO-KEY", Severity.WARN, _("没有身份证号和出生年月，再次导入时只能按姓名辨认。"), "name")

    def _compare(self, row: ReadRow, stored: matching.Stored | None) -> None:
        meta = row.before["_"]  # type: ignore[index]
        kept = dict(stored.fields) if stored else {}
        if stored and row.fields.get("level"):
            kept.update(stored.cards.get(str(row.fields["level"]), {}))
        meta["version"] = stored.version if stored else None
        changes: dict[str, Any] = {}
        for name, value in row.fields.items():
            if name in ("organization", "code"):
                continue
            if name == "name" and kept.get(name) and matching.name_key(str(kept[name])) == matching.name_key(value):
                continue
            if name in CARD and not row.fields.get("level"):
                continue
            if name == "basis" and kept.get("basis") and "consent_no" not in row.fields:
                continue  # the ground that the importer assumes never replaces one that was told
            if value != kept.get(name):
                changes[name] = [kept.get(name), value]
        if stored and stored.profile and "name" in changes:
            tell(
                row,
                "IMP-OTHER-NAME",
                Severity.CONFIRM,
                _("这名人员在本组织的姓名是“{stored}”，请确认是更正还是填错。"),
                "name",
                stored=str(kept.get("name", "")),
            )
        if stored and stored.employment and "started_on" in changes and kept.get("started_on"):
            tell(row, "IMP-STARTED", Severity.CONFIRM, _("入职日期与已登记的不同，请核对。"), "started_on")
        row.action = (
            "create" if row.object_id is None else "update" if changes or not (stored and stored.profile) else ""
        )
        row.action = row.action or "unchanged"
        row.before = {**(changes if row.action == "update" else {}), "_": meta}

    def _ask(self, row: ReadRow, taken: Mapping[str, set[int]]) -> None:
        fields = row.fields
        number = str(fields.get("number", ""))
        if fields.get("level") and taken.get(number, set()) - {row.object_id}:
            tell(row, "CERT-NUMBER", Severity.CONFIRM, _("这个管理号已登记在另一名人员名下，请核对。"), "number")
        facts = PersonFacts(
            sensitive=tuple(title for name, title in secrets.TITLES.items() if fields.get(name)),
            basis=str(fields.get("basis", "")), consent_no=str(fields.get("consent_no", "")),
            level=str(fields.get("level", "")), number=number, approved_on=batches.day(fields.get("approved_on")),
            registered_on=batches.day(fields.get("registered_on")),
            registered_until=batches.day(fields.get("registered_until")),
        )  # fmt: skip
        for plan in self.plans:
            row.findings += plan.run(facts, self.as_of)

    def seal(self, row: ReadRow) -> None:
        """Encrypt what must not stand in clear, in the fields and in the comparison."""
        seal(row)

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        return columns.words(name, value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a stored row for a report: secrets decrypted and masked."""
        return shown(fields)


def _may_be(known: matching.Namesake, index: str, birth: str) -> bool:
    if index and known.id_index:
        return False
    return not birth or not known.birth or birth[:7] == known.birth[:7]


def seal(row: ReadRow) -> None:
    """Encrypt the secrets of a row."""
    for name, purpose in secrets.PURPOSES.items():
        if row.fields.get(name):
            row.fields[name] = vault.encrypt(str(row.fields[name]), purpose=purpose)
        if row.before and name in row.before:
            row.before[name] = ["", row.fields[name]]


def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields with secrets masked."""
    out = dict(fields)
    for name, purpose in secrets.PURPOSES.items():
        if out.get(name):
            clear = vault.decrypt(str(out[name]), purpose=purpose)
            out[name] = zones.mask(secrets.PERSONAL[name], clear)
    return out


KIND = ImportKind(
    kind="people",
    title="社工人员花名册",
    permission=Permission.IMPORT,
    fields={**columns.titles(columns.PEOPLE), "registered_on": "登记日期", "registered_until": "登记有效期至",
            "contract_from": "合同起", "contract_to": "合同止"},
    synonyms=columns.synonyms(columns.PEOPLE),
    session=PeopleSession,
    subject_kind="person",
    apply=batches.apply_batch,
    undo=batches.undo_batch,
    dropped=columns.DROPPED,
    personal={**secrets.PERSONAL, "name": "person.name"},
)  # fmt: skip
