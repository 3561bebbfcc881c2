"""Annual rounds and reports: what one may ask, and how one is told. Facts of organizations, no persons."""

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from liaoyuan.api.forms.fields import PageNumber, Text
from liaoyuan.registry.choices import AnnualState


class TermOut(Schema):
    """The dates of one type in a round; null where there is no step at a supervising authority."""

    kind: str
    cutoff_on: date
    supervisor_due: date | None
    review_due: date | None
    registrar_due: date


class RoundOut(Schema):
    """One round. `year` is the year reported on; counts are those of the token's scope."""

    id: int
    year: int
    area: str
    notice: str
    bodies: int
    filed: int
    concluded: int
    publicity_from: date | None
    publicity_to: date | None
    publicity_provisional: bool
    closed: bool
    terms: list[TermOut]


class Rounds(Schema):
    """All rounds within the scope, the latest first."""

    items: list[RoundOut]


class ReportQuery(Schema):
    """The filters of the list page."""

    q: Text = Field("", description="名称、信用代码或业务主管单位中的任意一段")
    state: AnnualState | None = Field(None, description="状态")
    kind: Literal["", "ST", "MF", "JJ"] = Field("", description="类型")
    result: Literal["", "qualified", "basically", "unqualified", "missed", "exempt"] = Field("", description="结论")
    late: bool = Field(False, description="只要已逾期的")
    page: PageNumber = 1
    per: Annotated[int, Field(ge=1, le=200)] = Field(50, description="每页条数")


class ReportLine(Schema):
    """One report: whose, where it stands, the days of its steps."""

    id: int
    organization: int
    name: str
    number: str
    kind: str
    track: str
    street: str | None
    supervisor: str
    state: str
    result: str
    submitted_on: date | None
    reviewed_on: date | None
    filed_on: date | None
    concluded_on: date | None
    next_due: date | None
    late_filed_on: date | None = Field(description="补报的日期")
    late_result: str = Field(description="补报的结论；result 仍是未参加")


class ReportPage(Schema):
    """One page of reports with the exact total."""

    total: int
    page: int
    pages: int
    per: int
    items: list[ReportLine]
