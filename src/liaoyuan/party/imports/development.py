"""The import of F07 发展党员登记表/进度表: matching, comparing, trying each new step by the actions of the pages."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import vault
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import development_batches, development_rows
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.imports import development_columns as columns
from liaoyuan.party.imports.reading import tell
from liaoyuan.party.models import PartyOrganization
from liaoyuan.party.params import development_sheet as sheet
from liaoyuan.party.queries import applicants, courses, development_book, rosters, secrets
from liaoyuan.registry.queries.bodies import BodyNames

DROPPED = ("政治面貌", "宗教", "信仰", "婚姻", "家庭", "评价", "积分", "排名", "思想汇报", "谈话内容", "谈话记录")
_BY = Operator("import")


class DevelopmentSession:
    """One import of F07: reads rows, finds whom they speak of, compares, tries."""

    secret = frozenset({"birth"})

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.area, self.at = area, at
        self.bodies = BodyNames(area)
        self._branches: dict[str, list[PartyOrganization]] | None = None

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        return columns.read(number, cells)

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        if self._branches is None:
            self._branches = rosters.branches(self.area)
        self.bodies.prepare(str(row.fields.get("organization", "")) for row in chunk)
        for row in chunk:
            self._resolve(row)

    def _resolve(self, row: ReadRow) -> None:
        branch, body = self._branch(row), self._body(row)
        meta: dict[str, Any] = {"party": branch.pk if branch else None, "body": body}
        row.before = {"_": meta}
        row.key = f"{meta['party']}:{match_key(row.label)}:{row.fields.get('birth', '')}"[:120]
        if branch is None or not row.label:
            return
        known = development_book.find(branch, row.fields)
        if len(known) > 1:
            told = _("这个党支部有 {n} 名同名的申请人，请填写出生日期或申请日期。")
            tell(row, "IMP-NAME-TWICE", Severity.BLOCK, told, "name", n=len(known))
            return
        applicant = known[0] if known else None
        course = courses.of(applicant) if applicant else None
        plan = development_rows.plan(row.fields, course)
        row.findings += plan.findings
        row.object_id = applicant.pk if applicant else None
        meta["version"] = applicant.version if applicant else None
        if any(f.severity == Severity.BLOCK for f in row.findings):
            row.action = "update" if applicant else "create"
            return
        run = development_batches.run_of(row.fields, branch, body, by=_BY, at=self.at)
        row.findings += development_rows.attempt(run, applicant, plan.ops)
        row.action = "create" if applicant is None else "update" if plan.ops else "unchanged"
        if applicant is not None:
            row.before |= {op.cell: [None, row.fields.get(op.cell)] for op in plan.ops}

    def _branch(self, row: ReadRow) -> PartyOrganization | None:
        name = str(row.fields.get("branch", ""))
        found = (self._branches or {}).get(match_key(name), []) if name else []
        if len(found) == 1:
            return found[0]
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
        if name and len(found) != 1:
            told = _("登记库里没有“{given}”，或有几个，请核对名称或填写信用代码。")
            tell(row, "IMP-ORG-UNKNOWN", Severity.BLOCK, told, "organization", given=name)
        return found[0].pk if len(found) == 1 else None

    def seal(self, row: ReadRow) -> None:
        """Encrypt the birth date, in the fields and in the comparison."""
        if row.fields.get("birth"):
            row.fields["birth"] = vault.encrypt(str(row.fields["birth"]), purpose=secrets.PURPOSES["birth"])
            row.key = ":".join(row.key.split(":")[:2])

    @staticmethod
    def opened(fields: Mapping[str, Any]) -> dict[str, Any]:
        """Sealed fields in clear, in memory only."""
        return {n: secrets.clear(n, str(v)) if n == "birth" and v else v for n, v in fields.items()}

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        return columns.words(name, value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a stored row for a report: secrets masked."""
        return {n: secrets.masked(n, str(v)) if n == "birth" and v else v for n, v in fields.items()}


KIND = ImportKind(
    kind="development",
    title="发展党员进度表",
    permission=Permission.IMPORT,
    fields=sheet.FIELD_TITLES,
    synonyms=columns.SYNONYMS,
    session=DevelopmentSession,
    subject_kind=applicants.SUBJECT,
    apply=development_batches.apply_batch,
    undo=development_batches.undo_batch,
    dropped=DROPPED,
    personal={
        **dict.fromkeys(sheet.FIELD_TITLES, applicants.DAYS), **dict.fromkeys(sheet.PAPERS, applicants.PAPERS),
        "name": "person.name", "birth": "person.birth_date",
    },
    ignored=frozenset({"序号", "编号", "错误说明", "", *sheet.RECKONED_TITLES.values()}),
    columns=sheet.TEMPLATE,
)  # fmt: skip
