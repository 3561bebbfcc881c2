"""Bulk import: the upload, the report of docs/guide/api.md, the decisions."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from liaoyuan.api.forms.fields import Day, PageNumber, Text
from liaoyuan.core.choices import BatchState, JobState, Verdict


class Upload(Schema):
    """What goes with the file. The same questions as on the import page."""

    kind: Text = Field(description="表格种类：organizations、filings、members、dues 等，见 docs/guide/fields.md")
    area: Text = Field(description="登记机关、党组织所在区划的代码")
    pledge: bool = Field(False, description="须为 true：这份文件不涉密，不含内部资料")
    as_of: Day | None = Field(None, description="数据日期；不填为今天")
    unit: Literal["", "万元", "元"] = Field("", description="金额单位；不填按列名判断")
    sheet: Text = Field("", description="工作表名；不填为第一张")
    map: list[Text] = Field([], description="列的对应，可重复：列名=字段")


class ReportLine(Schema):
    """One row of the sheet: what was read and what is doubtful. Telephone and identity number are masked."""

    row: int
    verdict: Verdict
    action: str | None
    key: str
    fields: dict[str, Any]
    findings: list[dict[str, Any]]


class Work(Schema):
    """A job that is at work on a batch: reading a large sheet or writing many rows."""

    state: JobState
    done: int
    total: int | None
    sentence: str


class Report(Schema):
    """What the import makes of the file. `lines` are the first ones, `lines_total` says how many there are."""

    batch: str
    state: BatchState
    area: str
    as_of: date
    kind: str
    file: str
    sha256: str
    encoding: str | None
    sheet: str | None
    header_rows: list[int]
    mapping: dict[str, str]
    rows: int
    verdicts: dict[str, int]
    created: int
    updated: int
    unchanged: int
    work: Work | None = Field(None, description="后台正在读取或写入时的进度；没有时为空")
    waiting: int = Field(description="还没有人确认的待核行数")
    notes: list[str]
    lines_total: int
    lines: list[ReportLine]


class BatchLine(Schema):
    """One batch of the list."""

    batch: str
    state: BatchState
    kind: str
    file: str
    area: str
    as_of: date
    rows: int
    verdicts: dict[str, int]


class BatchPage(Schema):
    """One page of batches, latest first."""

    total: int
    page: int
    pages: int
    items: list[BatchLine]


class LinePage(Schema):
    """One page of a batch's lines."""

    total: int
    page: int
    pages: int
    items: list[ReportLine]


class BatchesQuery(Schema):
    """Which batches."""

    state: BatchState | None = Field(None, description="状态")
    page: PageNumber = 1


class LinesQuery(Schema):
    """Which lines of a batch."""

    verdict: Verdict | None = Field(None, description="结论")
    page: PageNumber = 1
    per: Annotated[int, Field(ge=1, le=1000)] = Field(200, description="每页条数")


class Decision(Schema):
    """How to apply a batch."""

    confirm_review: bool = Field(False, description="待核的行按读出的样子一并导入")


class Written(Schema):
    """What an applied or undone batch did to the register."""

    batch: str
    state: BatchState
    created: int
    updated: int
    work: Work | None = Field(None, description="后台正在写入时的进度；没有时为空")
