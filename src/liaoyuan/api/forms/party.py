"""Party building: what one may ask, and how it is told. Facts of organizations, numbers of members, never a person."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from liaoyuan.api.forms.fields import Day, Key, PageNumber, Text
from liaoyuan.party.choices.organizations import BranchKind, Form

_SHOWN = Literal[
    "base", "A", "B", "C", "D", "covered", "uncovered", "own", "joint", "area", "due", "built", "worked", "instructed",
    "filed",
]  # fmt: skip


class PartyQuery(Schema):
    """The filters of the list page, under the same names."""

    q: Text = Field("", description="党组织或其成员单位名称中的任意一段")
    form: Form | None = Field(None, description="层级：committee 党委、general 党总支、branch 党支部")
    kind: BranchKind | None = Field(None, description="组建形式")
    state: Literal["live", "moving", "dissolved"] = Field("live", description="现有、成立后转接中、已撤销")
    area: Text = Field("", description="党组织所属区划的代码，含其下级")
    below: Key | None = Field(None, description="只要这个党组织和它以下的")
    as_of: Day | None = Field(None, description="哪一天的情况；不填为今天")
    page: PageNumber = 1
    per: Annotated[int, Field(ge=1, le=200)] = Field(50, description="每页条数")


class TermOut(Schema):
    """The term of a committee or secretary on the day, and how many posts were filled."""

    number: int
    began_on: date
    due_on: date = Field(description="届满日期；批准延期的为延期至")
    posts: int = Field(description="当日在任的职务数")


class PartyLine(Schema):
    """One party organization as on the day. A superior outside the scope is named, without its key."""

    id: int
    name: str
    form: str
    kind: str = Field(description="党支部的组建形式，其他为空")
    area: str
    superior: int | None
    superior_name: str
    committee: int | None = Field(description="当日所属的党委：向上最近的一级")
    committee_name: str
    established_on: date | None
    dissolved_on: date | None
    since: date = Field(description="这一情况的起日")
    evidence: str = Field(description="批复文号")
    approved_on: date | None
    may_transfer: bool = Field(description="可审批预备党员、开具介绍信")
    units: int = Field(description="成员单位数")
    term: TermOut | None


class PartyPage(Schema):
    """One page of party organizations with the exact total."""

    total: int
    page: int
    pages: int
    per: int
    as_of: date
    items: list[PartyLine]


class UnitOut(Schema):
    """A body that the party organization covers; `organization` is empty for a unit that is not in the register."""

    organization: int | None
    name: str
    number: str
    since: date
    evidence: str = Field(description="覆盖所依据的文号")
    evidence_on: date | None


class PartyDetail(PartyLine):
    """The same with the units it covers and what stands directly below it, within the scope."""

    as_of: date
    units_covered: list[UnitOut]
    below: list[int]


class CoverageQuery(Schema):
    """Which area, which day, by which dimensions."""

    area: Text = Field("", description="区划代码；不填为您的授权范围")
    as_of: Day | None = Field(None, description="哪一天的情况；不填为今天")
    by: Text = Field("", description="分组，逗号隔开：street、type、field、district_field；可为空")


class Gaps(Schema):
    """Bodies by gap: 应建未建, 有党员未覆盖, 无党员, 形式覆盖."""

    A: int
    B: int
    C: int
    D: int


class Figures(Schema):
    """Counts of bodies, and the rates in per cent to one place (null of nothing)."""

    count: int = Field(description="应统计组织（D1）")
    covered: int
    own: int
    joint: int
    area: int
    due: int
    built: int
    worked: int
    gaps: Gaps
    organization_rate: float | None
    work_rate: float | None
    built_rate: float | None


class CoverageRow(Figures):
    """The figures of one cell with its dimensions and the four numbers of members, which are never added."""

    street: str | None = None
    type: str | None = None
    field: str | None = None
    district_field: str | None = None
    formal: int | None
    probationary: int | None
    committed: int | None
    dual: int | None


class Heads(Schema):
    """Members of D1's bodies; null = too few to be told. `as_of` is the day they are of."""

    formal: int | None
    probationary: int | None
    committed: int | None
    dual: int | None
    declared: int
    as_of: date


class Coverage(Schema):
    """The published figure, as `liaoyuan stats coverage --json` gives it."""

    name: str
    as_of: date
    known_at: datetime
    area: str
    definition: str
    dims: list[str]
    rows: list[CoverageRow]
    total: int
    filed: int
    figures: Figures
    members: Heads
    hidden_below: int | None = Field(description="小于这个数的党员人数隐去；null 为没有隐去")


class VerdictsQuery(Schema):
    """Which bodies of which area on which day."""

    area: Text = Field("", description="区划代码；不填为您的授权范围")
    as_of: Day | None = Field(None, description="哪一天的情况；不填为今天")
    shown: _SHOWN = Field("base", description="缺口 A 至 D，或图上的一个数字；base 为全部应统计组织")
    q: Text = Field("", description="名称中的任意一段")
    kind: Literal["", "ST", "MF", "JJ", "BA"] = Field("", description="类型")
    street: Text = Field("", description="住所所在街道的名称")
    page: PageNumber = 1
    per: Annotated[int, Field(ge=1, le=200)] = Field(50, description="每页条数")


class GapOut(Schema):
    """One gap with its reason; `code` stays the same for a program."""

    gap: str
    code: str
    reason: str


class ClaimOut(Schema):
    """Why a body counts as covered or worked on. Instructors are not named."""

    how: str = Field(description="own、joint、area、instructor、liaison")
    party_organization: int | None
    name: str
    since: date
    document: str = Field(description="批复或聘书的文号")
    document_on: date | None
    until: date | None


class BodyHeads(Schema):
    """Members of one body; the numbers are never added."""

    formal: int
    probationary: int
    committed: int
    dual: int
    declared: int | None


class VerdictLine(Schema):
    """One body: whether it is covered and by what, its gaps, which form is lawful, who acts next."""

    id: int
    name: str
    number: str
    kind: str
    street: str
    covered: bool
    worked: bool
    gaps: list[GapOut]
    way: str = Field(description="independent、transfer、joint、instructor；没有缺口或只有 D 时为空")
    way_reason: str
    next_actor: str = Field(description="下一步谁办")
    claims: list[ClaimOut]
    members: BodyHeads | None = Field(description="没有名册权限的为 null")


class VerdictPage(Schema):
    """One page of bodies with the exact total."""

    total: int
    page: int
    pages: int
    per: int
    area: str
    as_of: date
    items: list[VerdictLine]
