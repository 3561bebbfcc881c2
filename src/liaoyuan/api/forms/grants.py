"""Rounds of grants and applications: what one may ask, what one hands in, how both are told. Money in fen."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from liaoyuan.api.forms.fields import Day, Key, PageNumber, Text
from liaoyuan.funding.choices.rounds import RoundPhase
from liaoyuan.funding.choices.states import ProjectState

Fen = Annotated[int, Field(ge=0, le=10**13, description="分")]
Words = Annotated[str, Field(max_length=2000)]
Per = Annotated[int, Field(ge=1, le=200)]


class GrantRound(Schema):
    """One round. `phase` is how it looks today; the money is that of its pools."""

    id: int
    title: str
    year: int
    area: str
    phase: RoundPhase
    imported: bool = Field(description="由历届台账导入")
    practice: bool
    opens_on: date
    closes_on: date
    runs_from: date | None
    runs_to: date | None
    applied: int
    ceiling_fen: int


class GrantRounds(Schema):
    """All rounds within the scope, the latest first."""

    items: list[GrantRound]


class GrantFigure(Schema):
    """One figure by which the round judges; a draft warns at most."""

    key: str
    title: str
    value: str
    draft: bool
    source: str


class GrantRoundDetail(GrantRound):
    """A round with its call and the figures by which it judges."""

    call: str
    figures: list[GrantFigure]


class ProjectsQuery(Schema):
    """The filters of the list page."""

    q: Text = Field("", description="项目名称、组织名称中的任意一段，或者编号")
    round: Key | None = Field(None, description="届的编号")
    state: ProjectState | None = Field(None, description="状态")
    page: PageNumber = 1
    per: Per = Field(50, description="每页条数")


class GrantLine(Schema):
    """One application in a list."""

    id: int
    round: int
    organization: int
    organization_name: str | None
    number: str
    title: str
    state: ProjectState
    field: str
    total_fen: int
    grant_fen: int
    own_fen: int
    submitted_at: datetime | None


class GrantPage(Schema):
    """One page of applications with the exact total."""

    total: int
    page: int
    pages: int
    per: int
    items: list[GrantLine]


class Sent(Schema):
    """What is sent in: nothing that is not named here."""

    model_config = ConfigDict(extra="forbid")


class BasicIn(Sent):
    """基本情况."""

    title: Annotated[str, Field(max_length=60)] | None = Field(None, description="项目名称")
    field: Text | None = Field(None, description="领域")
    area: Text | None = Field(None, description="落地街道（社区）的区划代码")
    need: Key | None = Field(None, description="对应需求的编号")
    sponsor: Key | None = Field(None, description="支持组织的编号")
    starts_on: Day | None = Field(None, description="开始日期")
    ends_on: Day | None = Field(None, description="结束日期")


class ContentIn(Sent):
    """项目内容: the texts of the form."""

    about: Words | None = Field(None, description="单位简介")
    summary: Words | None = Field(None, description="项目简介")
    need: Words | None = Field(None, description="需求分析")
    goals: Words | None = Field(None, description="项目目标")
    served: Words | None = Field(None, description="服务对象")
    method: Words | None = Field(None, description="服务方法")
    novelty: Words | None = Field(None, description="创新点")
    lasting: Words | None = Field(None, description="可持续")


class MemberIn(Sent):
    """One member of the team. `percent` is the share of his time, 0 to 100."""

    name: Text
    role: Text
    lead: bool = False
    full_time: bool = False
    percent: Annotated[int, Field(ge=0, le=100)] = 0
    qualification: Text = ""


class StepIn(Sent):
    """One step of the plan."""

    period: Text
    content: Words
    frequency: Text = ""
    place: Text = ""
    persons: Annotated[int, Field(ge=0, le=10_000_000)] | None = None


class IndicatorIn(Sent):
    """One outcome that will be counted."""

    title: Text
    unit: Text
    target: Annotated[int, Field(ge=1, le=10_000_000)]
    evidence: Words = ""


class RiskIn(Sent):
    """One risk and what is done then."""

    title: Words
    measure: Words


class PledgeIn(Sent):
    """One red element: branch, pioneer, study, service, joint."""

    kind: Text
    title: Words
    planned_on: Day | None = None


class LineIn(Sent):
    """One line of the budget. The amount is price × quantity × times; what is not own money is asked for.

    `quantity` is in hundredths. `member` is the name of whom of the team the line pays.
    """

    budget_class: Text = Field(description="科目，如 B01")
    title: Text
    price_fen: Fen
    quantity: Annotated[int, Field(ge=0, le=10**11, description="数量，百分之一")] = 100
    times: Annotated[int, Field(ge=1, le=10_000)] = 1
    unit: Text = ""
    own_fen: Fen | None = None
    grant_fen: Fen | None = None
    price_kind: Text = ""
    member: Text = ""
    basis: Words = ""
    note: Words = ""


Rows = Field(None, max_length=80)


class SectionsIn(Sent):
    """Sections of an application; those that are not named stay as they are. Rows replace the rows of their section."""

    version: Annotated[int, Field(ge=1)] | None = Field(None, description="读到的版本；期间有人改过则不保存")
    on_behalf: Annotated[str, Field(max_length=60)] = Field("", description="代填：按谁的说法")
    basic: BasicIn | None = None
    content: ContentIn | None = None
    team: list[MemberIn] | None = Rows
    plan: list[StepIn] | None = Rows
    outcomes: list[IndicatorIn] | None = Rows
    risks: list[RiskIn] | None = Rows
    pledges: list[PledgeIn] | None = Rows
    budget: list[LineIn] | None = Rows

    def told(self) -> dict[str, Any]:
        """The sections that are named, in the shape of a kept version."""
        whole = self.model_dump(mode="json", exclude={"version", "on_behalf"})
        named = self.model_dump(mode="json", exclude_unset=True, include={"basic", "content"})
        return {name: part for name, part in {**whole, **named}.items() if part is not None}


class BeginIn(Sent):
    """A new draft."""

    organization: Key = Field(description="申报组织的编号")
    title: Annotated[str, Field(min_length=1, max_length=60)] = Field(description="项目名称")
    copied_from: Key | None = Field(None, description="从哪个项目复制")
    need: Key | None = Field(None, description="对应需求的编号")
    on_behalf: Annotated[str, Field(max_length=60)] = Field("", description="代填：按谁的说法")


class HandIn(Sent):
    """Handing in. The head certifies on the page, or the office names the day of his paper."""

    version: Annotated[int, Field(ge=1)] | None = Field(None, description="读到的版本；期间有人改过则不提交")
    confirmed: bool = Field(False, description="已核对须确认的提示")
    on_paper: Day | None = Field(None, description="承办单位收到签字盖章承诺书的日期")
    late_reason: Annotated[str, Field(max_length=200)] = Field("", description="逾期受理的理由")
    on_behalf: Annotated[str, Field(max_length=60)] = Field("", description="代填：按谁的说法")


class GrantDetail(GrantLine):
    """A whole application. `missing` and `findings` say what keeps it from being handed in; empty once it is in."""

    version: int
    base_fen: int
    pay_fen: int
    certified: bool
    content: dict[str, Any]
    missing: list[dict[str, Any]]
    findings: list[dict[str, Any]]
