"""The import of F03, the roster of members: matching, comparing, judging."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import vault
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import member_batches, telling
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.imports import columns, reading
from liaoyuan.party.imports.reading import tell
from liaoyuan.party.models import MemberRecord
from liaoyuan.party.params.roster import TEMPLATE
from liaoyuan.party.queries import members, rosters, secrets
from liaoyuan.party.queries.rosters import Stored
from liaoyuan.people.queries import secrets as numbers
from liaoyuan.registry.queries.bodies import BodyNames

_SHORT = 24  # digits of a blind index that stand in a row's key
_NOT_OURS = frozenset({"branch", "post", "home", "state", "organization", "joined_on", "home_contact"})
#: Texts that layout may have spaced out: compared as people read them.
_NAMES = frozenset({"name", "home", "organization"})


class MemberSession:
    """One import of F03: reads rows, finds whom they speak of, compares, judges."""

    secret = frozenset(secrets.STAGED)

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.area = area
        self.as_of = as_of
        self.today = localdate(at)
        self.bodies = BodyNames(area)
        self._branches: dict[str, list[Any]] | None = None
        self._tied: dict[str | int, tuple[int, int]] = {}

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        return self._weighed(reading.read(number, cells))

    def again(self, number: int, fields: Mapping[str, Any], *, object_id: int | None) -> ReadRow:
        """A row of normalised fields that no sheet brought (对账)."""
        row = ReadRow(number, fields=dict(fields), label=str(fields.get("name", "")))
        return self._weighed(row)

    def _weighed(self, row: ReadRow) -> ReadRow:
        told = member_batches.days_of(row.fields)
        row.findings += telling.consistent(row.fields)
        row.findings += telling.sequence(told, self.today)
        joined = told.get("joined_on")
        if joined and (joined > self.today or (told.get("admitted_on") and joined < told["admitted_on"])):
            sentence = _("组织关系的起日须在入党时间之后，不晚于今天。")
            tell(row, "MEMBER-BEFORE", Severity.BLOCK, sentence, "joined_on")
        return row

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        if self._branches is None:
            self._branches = rosters.branches(self.area)
        self.bodies.prepare(str(row.fields.get("organization", "")) for row in chunk)
        for row in chunk:
            row.before = {"_": {"party": self._branch(row), "body": self._body(row)}}
        wanted = [row for row in chunk if _meta(row)["party"]]
        known = rosters.by_number(str(row.fields.get("id_number", "")) for row in wanted)
        named = rosters.namesakes((_meta(row)["party"], match_key(row.label)) for row in wanted)
        for row in chunk:
            self._match(row, known, named)
        pairs = [(row.object_id, _meta(row)["party"]) for row in wanted if row.object_id]
        stored = rosters.stored(pairs, self.as_of)
        for row in chunk:
            here = stored.get((row.object_id or 0, _meta(row)["party"] or 0))
            self._compare(row, here)
            self._once(row, here)

    def _branch(self, row: ReadRow) -> int | None:
        name = str(row.fields.get("branch", ""))
        found = (self._branches or {}).get(match_key(name), []) if name else []
        if len(found) == 1:
            return int(found[0].pk)
        if not name:
            tell(row, "IMP-BRANCH-MISSING", Severity.BLOCK, _("没有所在党支部，无法登记。"), "branch")
        elif not found:
            told = _("您的范围里没有党组织“{given}”，请核对名称，或先录入这个党组织。")
            tell(row, "IMP-BRANCH-UNKNOWN", Severity.BLOCK, told, "branch", given=name)
        else:
            told = _("有 {n} 个党组织叫“{given}”，请先改名加以区分。")
            tell(row, "IMP-BRANCH-TWICE", Severity.BLOCK, told, "branch", given=name, n=len(found))
        return None

    def _body(self, row: ReadRow) -> int | None:
        name = str(row.fields.get("organization", ""))
        found = self.bodies.find(name) if name else []
        if name and not found:
            told = _("登记库里没有“{given}”，请核对名称或填写信用代码。")
            tell(row, "IMP-ORG-UNKNOWN", Severity.BLOCK, told, "organization", given=name)
        elif len(found) > 1:
            told = _("有 {n} 个同名组织，请填写信用代码或备案号。")
            tell(row, "IMP-ORG-TWICE", Severity.BLOCK, told, "organization", n=len(found))
        elif found:
            row.fields["organization"] = found[0].name
            return found[0].pk
        return None

    def _match(
        self, row: ReadRow, known: Mapping[str, int], named: Mapping[tuple[int, str], list[MemberRecord]]
    ) -> None:
        meta, party = _meta(row), _meta(row)["party"]
        number, birth = str(row.fields.get("id_number", "")), str(row.fields.get("birth", ""))
        index = numbers.index(number) if number else ""
        row.key = f"{party}:{index[:_SHORT] or match_key(row.label) + birth[:7]}"
        meta["index"] = index
        row.object_id = known.get(index) if index and party else None
        if row.object_id is not None or not party:
            return
        others = named.get((party, match_key(row.label)), [])
        same = [r for r in others if members.may_be(r, numbers.indexes(number), birth)]
        if len(same) > 1:
            told = _("这个党组织有 {n} 名同名党员，请填写身份证号。")
            tell(row, "IMP-NAME-TWICE", Severity.BLOCK, told, "name", n=len(same))
        elif same:
            row.object_id = same[0].member_id
            meta["by_name"] = not (birth and secrets.clear("birth", same[0].birth))
        elif others:
            told = _("这个党组织已有同名党员，身份证号或出生年月不同，请核对。")
            tell(row, "IMP-NAMESAKE", Severity.CONFIRM, told, "name")
        elif not index and not birth:
            told = _("没有身份证号和出生年月，再次导入时只能按姓名辨认。")
            tell(row, "IMP-NO-KEY", Severity.WARN, told, "name")

    def _compare(self, row: ReadRow, stored: Stored | None) -> None:
        meta = _meta(row)
        kept = stored.fields if stored else {}
        meta["version"] = stored.version if stored else None
        meta["row"] = stored.row if stored else None
        if stored and not _same("name", kept.get("name"), row.fields.get("name")):
            told = _("姓名与身份证号对不上，请核对证件。")
            tell(row, "IMP-NAME-NUMBER", Severity.BLOCK, told, "id_number")
        self._ledger(row, stored)
        ours = stored is None or stored.keeper.startswith(self.area.path) or not stored.keeper
        changes: dict[str, Any] = {}
        for name, value in row.fields.items():
            if name in _NOT_OURS or (stored and (not ours or _same(name, kept.get(name), value))):
                continue
            changes[name] = [kept.get(name), value]
        changes |= {name: [kept.get(name), row.fields[name]] for name in meta["ledger"]}
        # whom the area does not see is new to it, and nothing of him is shown
        if stored is None or self._elsewhere(stored):
            row.action = "create"
        elif changes or meta["row"] is None:
            row.action = "update"
            if meta.get("by_name") and changes:
                told = _("只按姓名认出这名党员，请核对是不是同一人。")
                tell(row, "IMP-BY-NAME", Severity.CONFIRM, told, "name")
        else:
            row.action = "unchanged"
        meta["told"] = sorted(name for name in changes if name not in _NOT_OURS)
        row.before = {**(changes if row.action == "update" else {}), "_": meta}

    def _once(self, row: ReadRow, stored: Stored | None) -> None:
        """Of a member without a formal affiliation one row at a time is brought in: where he is, the next one sees."""
        meta = _meta(row)
        who = row.object_id or meta["index"]
        if not who or not meta["party"] or (stored is not None and (stored.row or stored.formal)):
            return
        if any(finding.severity == Severity.BLOCK for finding in row.findings):
            return
        party, number = self._tied.setdefault(who, (meta["party"], row.number))
        if party != meta["party"]:
            told = _("第 {first} 行已登记这名党员在另一个党组织的关系，请先导入那一行，再导入这一行。")
            tell(row, "IMP-PERSON-TWICE", Severity.BLOCK, told, "branch", first=number)

    def _elsewhere(self, stored: Stored | None) -> bool:
        """Whether the member stands in no party organization of the area, so that nobody there sees him."""
        return stored is not None and not any(path.startswith(self.area.path) for path in stored.places)

    def _ledger(self, row: ReadRow, stored: Stored | None) -> None:
        """What the sheet says of the affiliation: what is new, what cannot be changed by a sheet."""
        meta, fields, kept = _meta(row), row.fields, stored.fields if stored else {}
        meta["ledger"] = []
        if not meta["party"]:
            return
        if fields.get("post") and not _same("post", kept.get("post"), fields["post"]):
            tell(row, "IMP-POST", Severity.WARN, _("党内职务不由名册改动，请在任职里登记；这一格没有导入。"), "post")
        if stored is None or stored.row is None:
            self._new_tie(row, stored)
            return
        state = fields.get("state")
        if state and state != kept.get("state"):
            told = _("组织关系状态已登记为“{kept}”，请办理转接或在党员页变更，不能用名册改。")
            now = columns.words("state", kept.get("state"))
            tell(row, "IMP-STATE-CHANGED", Severity.BLOCK, told, "state", kept=now)
        if fields.get("home") and not _same("home", kept.get("home"), fields["home"]):
            told = _("组织关系所在地与登记的不同，名册不改动它；这一格没有导入。")
            tell(row, "IMP-HOME-DIFFERS", Severity.WARN, told, "home")
        if fields.get("joined_on") and fields["joined_on"] != kept.get("joined_on"):
            told = _("组织关系起日与登记的不同，名册不改动它；这一格没有导入。")
            tell(row, "IMP-JOINED-DIFFERS", Severity.WARN, told, "joined_on")
        if fields.get("organization") and not _same("organization", kept.get("organization"), fields["organization"]):
            if kept.get("organization"):
                told = _("所在组织已登记为“{kept}”，确认后改为名册上的。")
                tell(row, "IMP-BODY-DIFFERS", Severity.CONFIRM, told, "organization", kept=kept["organization"])
            meta["ledger"].append("organization")
        if fields.get("home_contact") and not _same("home_contact", kept.get("home_contact"), fields["home_contact"]):
            meta["ledger"].append("home_contact")

    def _new_tie(self, row: ReadRow, stored: Stored | None) -> None:
        fields, meta = row.fields, _meta(row)
        if not fields.get("state"):
            told = _("没有组织关系状态，确认后按“已转入”登记。")
            tell(row, "IMP-STATE-MISSING", Severity.CONFIRM, told, "state")
        formal = fields.get("state", AffiliationKind.FORMAL) == AffiliationKind.FORMAL
        home, branch = fields.get("home"), fields.get("branch")
        meta["outside"] = ""
        if stored is not None and stored.left:
            told = _("这名党员已登记离开党组织，确认后重新登记。")
            if self._elsewhere(stored):
                told = _("请核对身份证号和组织关系介绍信，确认后登记。")
            tell(row, "IMP-BACK", Severity.CONFIRM, told, "name")
        if formal and stored is not None and stored.formal is not None:
            told = _("这名党员已有正式组织关系，须先办理转接。")
            if self._elsewhere(stored):
                told = _("这名党员不能用名册直接登记为“已转入”，请核对身份证号，凭组织关系介绍信办理转接。")
            tell(row, "PB-REL-01", Severity.BLOCK, told, "state")
        elif formal and home and not _same("home", home, branch):
            told = _("状态是“已转入”，组织关系所在地却不是所在党支部，请核对。")
            tell(row, "IMP-HOME-STATE", Severity.CONFIRM, told, "home")
        elif not formal and home and _same("home", home, branch):
            told = _("组织关系所在地就是所在党支部，状态却不是“已转入”，请核对。")
            tell(row, "IMP-HOME-STATE", Severity.BLOCK, told, "home")
        elif not formal and (stored is None or stored.formal is None):
            meta["outside"] = home or ""
            if match_key(str(home or "")) in (self._branches or {}):
                told = _("“{given}”是本系统的党组织，请先登记这名党员在那里的正式组织关系，再导入这一行。")
                tell(row, "IMP-HOME-INSIDE", Severity.BLOCK, told, "home", given=home)
            if not home:
                told = _("没有写组织关系所在地，请核对。")
                tell(row, "IMP-HOME-MISSING", Severity.CONFIRM, told, "home")

    def seal(self, row: ReadRow) -> None:
        """Encrypt what must not stand in clear, in the fields and in the comparison."""
        for name, purpose in secrets.STAGED.items():
            if row.fields.get(name):
                row.fields[name] = vault.encrypt(str(row.fields[name]), purpose=purpose)
            if row.before and name in row.before:
                row.before[name] = ["", row.fields[name]]

    @staticmethod
    def opened(fields: Mapping[str, Any]) -> dict[str, Any]:
        """Sealed fields in clear, in memory only."""
        return {n: secrets.clear(n, str(v)) if n in secrets.STAGED and v else v for n, v in fields.items()}

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        return columns.words(name, value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a stored row for a report: secrets masked."""
        return {n: secrets.masked(n, str(v)) if n in secrets.STAGED and v else v for n, v in fields.items()}


def _meta(row: ReadRow) -> dict[str, Any]:
    found: dict[str, Any] = (row.before or {})["_"]
    return found


def _same(name: str, one: Any, other: Any) -> bool:
    if name in _NAMES:
        return match_key(str(one or "")) == match_key(str(other or ""))
    return (one or "") == (other or "")


KIND = ImportKind(
    kind="members",
    title="党员花名册",
    permission=Permission.IMPORT,
    fields={name: entry[0] for name, entry in columns.MEMBERS.items()},
    synonyms={name: entry[2] for name, entry in columns.MEMBERS.items()},
    session=MemberSession,
    subject_kind=secrets.SUBJECT,
    apply=member_batches.apply_batch,
    undo=member_batches.undo_batch,
    dropped=columns.DROPPED,
    personal={**secrets.PERSONAL, **secrets.LEDGER},
    columns=TEMPLATE,
)  # fmt: skip
