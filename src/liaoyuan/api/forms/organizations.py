"""What one may ask of the organizations, and how one is told."""

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from liaoyuan.api.forms.fields import Day, PageNumber, Text
from liaoyuan.registry.choices import Kind, Status
from liaoyuan.registry.queries.listing import SORTS

_FIELD = r"^(0[1-9]|1[0-4]|none)$"
_DISTRICT = r"^(economy|technology|education|culture|labour|health|sports|livelihood|none)$"
_RATING = r"^([1-5]A\+?|any|none)$"
_SORT = f"^-?({'|'.join(SORTS)})$"


class OrganizationQuery(Schema):
    """The filters of the list page, under the same names."""

    q: Text = Field("", description="名称、信用代码或备案号中的任意一段")
    group: Literal["", "registered", "filed"] = Field("", description="登记的或备案的")
    kind: Kind | None = Field(None, description="类型")
    status: Status | Literal["all"] | None = Field(None, description="状态；不填为存续，all 含已终止")
    area: Text = Field("", description="登记机关所在区划的代码")
    street: Text = Field("", description="住所所在街道的代码或名称；none 未填，outside 区外")
    community: Text = Field("", description="住所所在社区的代码或名称；none 未填")
    field: Annotated[str, Field(pattern=_FIELD)] | None = Field(None, description="行业分类；none 未填")
    district_field: Annotated[str, Field(pattern=_DISTRICT)] | None = Field(None, description="所属领域；none 未填")
    rating: Annotated[str, Field(pattern=_RATING)] | None = Field(
        None, description="评估等级：4A、4A+（4A 及以上）、any 有等级、none 无等级"
    )
    credit: Literal["normal", "listed", "abnormal", "serious"] | None = Field(None, description="信用名单")
    since: Day | None = Field(None, description="成立日期从")
    until: Day | None = Field(None, description="成立日期到")
    expires: Day | None = Field(None, description="证书或备案到期不晚于")
    is_charity: bool = Field(False, description="只要慈善组织")
    public_fundraising: bool = Field(False, description="只要有公开募捐资格的")
    tax_deductible: bool = Field(False, description="只要有税前扣除资格的")
    external: bool = Field(False, description="包括外区登记的组织")
    as_of: Day | None = Field(None, description="哪一天的情况；不填为今天")
    sort: Annotated[str, Field(pattern=_SORT)] = Field("name", description="排序的字段，前面加 - 为倒序")
    page: PageNumber = 1
    per: Annotated[int, Field(ge=1, le=200)] = Field(50, description="每页条数")


class OrganizationLine(Schema):
    """One organization of the list. Money in fen; the telephone is masked."""

    id: int
    name: str
    number: str = Field(description="统一社会信用代码，备案组织为备案号")
    kind: str
    status: str
    street: str | None
    community: str | None
    registrar: str
    supervisor: str
    legal_representative: str
    phone: str = Field(description="打码的联系电话")
    address: str
    registered_on: str | None = Field(description="成立日期；只知道月份或年份时较短")
    capital_fen: int | None
    field: str
    district_field: str
    certificate_to: date | None
    filing_until: date | None
    full_time: int | None
    is_charity: bool | None
    rating: str | None
    credit_status: str


class OrganizationPage(Schema):
    """One page of the list with the exact number of all."""

    total: int
    page: int
    pages: int
    per: int
    as_of: date
    items: list[OrganizationLine]


class FormerName(Schema):
    """A name the organization bore, and until which day (not including it)."""

    name: str
    until: date


class OrganizationDetail(Schema):
    """All facts of one organization as of a day, named as in docs/guide/fields.md; unknown is null or empty.

    Money in fen; the telephone is masked, the identity number is never told.
    """

    id: int
    version: int = Field(description="每次变更加一")
    as_of: date
    name: str
    former_names: list[FormerName]
    code: str
    code_as_given: str = Field(description="不是完整代码时的原文")
    filing_no: str
    kind: str
    status: str
    registrar: str
    supervisor: str
    industry_regulator: str
    party_lead: str
    guidance_unit: str
    legal_representative: str
    phone: str = Field(description="打码的联系电话")
    address: str
    street: str
    community: str
    longitude: float | None = Field(description="经度，WGS-84，度")
    latitude: float | None = Field(description="纬度，WGS-84，度")
    point_datum: str = Field(description="坐标录入时所用的坐标系：wgs84、gcj02、bd09；没有坐标为空")
    registered_on: str | None
    closed_on: str | None
    capital_fen: int | None
    scope: str
    field: str
    district_field: str
    category: str = Field(description="备案类别")
    certificate_from: str | None
    certificate_to: str | None
    filing_until: str | None
    full_time: int | None
    part_time: int | None
    members_unit: int | None
    members_person: int | None
    council_count: int | None
    supervisors_count: int | None
    party_members_declared: int | None
    rating: str | None
    rated_on: str | None
    rating_until: str | None
    annual_results: dict[str, str]
    is_charity: bool | None
    public_fundraising: bool | None
    tax_deductible: bool | None
    credit_status: str
    note: str


class DayQuery(Schema):
    """Of which day the facts are asked."""

    as_of: Day | None = Field(None, description="哪一天的情况；不填为今天")
