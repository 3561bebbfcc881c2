"""Statistics and search: what one may ask, and how the answer looks."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from liaoyuan.api.forms.fields import Day, Text


class StatisticsQuery(Schema):
    """Which figure, of which area, on which day, by which dimensions."""

    area: Text = Field("", description="区划代码；不填为您的授权范围")
    as_of: Day | None = Field(None, description="哪一天的情况；不填为今天")
    by: Text = Field("type", description="分组，逗号隔开：type、field、district_field、street、rating、status；可为空")


class Statistics(Schema):
    """Counts of live bodies: `rows` of the registered, `filed_rows` of the filed, by the dimensions."""

    name: str
    as_of: date
    known_at: datetime
    area: str
    definition: str
    dims: list[str]
    rows: list[dict[str, Any]]
    filed_rows: list[dict[str, Any]]
    registered: dict[str, int]
    filed: int
    other: int
    total: int


class SearchQuery(Schema):
    """A text of one character or more: name, former name, code, pinyin or initials."""

    q: Annotated[Text, Field(min_length=1)] = Field(description="名称、曾用名、代码、拼音或首字母中的任意一段")
    kind: Text = Field("", description="记录的种类，例如 organization、partyorganization；不含党员")
    limit: Annotated[int, Field(ge=1, le=100)] = Field(20, description="最多几条")
    offset: Annotated[int, Field(ge=0, le=100_000)] = Field(0, description="从第几条之后开始")


class Hit(Schema):
    """One found record; `former` is the former name it was found by."""

    kind: str
    id: int
    name: str
    code: str
    former: str = ""


class Hits(Schema):
    """The hits of one page and the exact number of all."""

    total: int
    hits: list[Hit]


class Me(Schema):
    """Whose token this is and what it opens today."""

    user: str
    token: str
    permissions: list[str]
    expires_at: datetime
    today: date
