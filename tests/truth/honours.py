"""The truth about F25: clean lines, what people write into a cell, what must come of it. No code of the importer here.

A line says what is written in its cells and what must stand in the database, or that a person is asked ("review"), or
that it is refused ("reject") and beside which column. A wrong value that is accepted is a silent error.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

HEAD = ("组织", "统一社会信用代码/备案号", "名称", "级别(国/省/市/区)", "颁发单位", "日期", "有效期", "证书扫描")
#: Names of the cells of a line, in the order of HEAD.
CELLS = ("organization", "code", "title", "level", "issuer", "on", "until", "scan")
FOREVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Case:
    """A cell as it is written, and what must come of it."""

    name: str
    change: dict[str, Any]
    verdict: str = "accept"
    values: dict[str, Any] = field(default_factory=dict)
    column: str = ""


def clean(organization: str, code: str) -> dict[str, Any]:
    """A line without a doubt."""
    return {
        "organization": organization, "code": code, "title": "先进社会组织", "level": "市级", "issuer": "无锡市民政局",
        "on": "2025-03-05", "until": "2028-03-04", "scan": "锡民荣〔2025〕3号.pdf",
    }  # fmt: skip


#: What stands in the database for the clean line.
VALUES: dict[str, Any] = {
    "title": "先进社会组织", "level": "city", "issuer": "无锡市民政局", "valid_from": date(2025, 3, 5),
    "valid_to": date(2028, 3, 5), "assumed": False, "evidence": "锡民荣〔2025〕3号.pdf",
}  # fmt: skip

_LEVELS = {
    "国家级": "national", "国家": "national", "国": "national", "全国": "national", " 国家级 ": "national",
    "省级": "province", "省": "province", "省部级": "province", "市级": "city", "市": "city", "地市级": "city",
    "区级": "district", "区": "district", "县级": "district", "区（县）级": "district", "区县级": "district",
}  # fmt: skip
_DAYS: dict[Any, date] = {
    "2025年3月5日": date(2025, 3, 5), "2025.3.5": date(2025, 3, 5), "2025/03/05": date(2025, 3, 5),
    "２０２５－０３－０５": date(2025, 3, 5), 45721: date(2025, 3, 5), "20250305": date(2025, 3, 5),
    datetime(2025, 3, 5, tzinfo=UTC).replace(tzinfo=None): date(2025, 3, 5), "二〇二五年三月五日": date(2025, 3, 5),
}  # fmt: skip
_ENDS: dict[Any, date] = {
    "2028年3月4日": date(2028, 3, 5), "长期": FOREVER, "永久": FOREVER, "": FOREVER,
    "2025-03-05至2028-03-04": date(2028, 3, 5), "2025.3.5—2028.3.4": date(2028, 3, 5), "2025-03-05": date(2025, 3, 6),
}  # fmt: skip

CASES: tuple[Case, ...] = (
    *(Case(f"level {word}", {"level": word}, values={"level": level}) for word, level in _LEVELS.items()),
    *(Case(f"level {word}", {"level": word}, "reject", column="level") for word in ("", "街道级", "特级", "5A", "0")),
    *(Case(f"day {cell}", {"on": cell}, values={"valid_from": day}) for cell, day in _DAYS.items()),
    *(Case(f"end {cell}", {"until": cell}, values={"valid_to": day}) for cell, day in _ENDS.items()),
    *(Case(f"day {cell}", {"on": cell}, "reject", column="on")
      for cell in ("", "去年", "2025-13-05", "2025-02-30", "2026-10-27", "1800-01-01")),
    *(Case(f"day {cell}", {"on": cell}, "review", column="on") for cell in ("2025-03", "2025年3月", "2025", "25.3.5")),
    *(Case(f"end {cell}", {"until": cell}, "reject", column="until") for cell in ("2025-03-04", "三年", "2028-02-30")),
    Case("no title", {"title": ""}, "reject", column="title"),
    Case("blank title", {"title": " \u3000"}, "reject", column="title"),
    Case("title at its border", {"title": "优" * 120}, values={"title": "优" * 120}),
    Case("title too long", {"title": "优" * 121}, "reject", column="title"),
    Case("broken title", {"title": "先进\n社会组织"}, values={"title": "先进社会组织"}),
    Case("issuer at its border", {"issuer": "局" * 80}, values={"issuer": "局" * 80}),
    Case("issuer too long", {"issuer": "局" * 81}, "reject", column="issuer"),
    Case("no issuer", {"issuer": ""}, values={"issuer": ""}),
    Case("no scan", {"scan": ""}, values={"evidence": ""}),
    Case("scan too long", {"scan": "证" * 201}, "reject", column="scan"),
    Case("formula", {"issuer": "=1+1"}, values={"issuer": "=1+1"}),
)  # fmt: skip


def cells(line: dict[str, Any], **change: Any) -> list[Any]:
    """The cells of a line in the order of HEAD."""
    return [{**line, **change}[name] for name in CELLS]
