"""A small office for tests of documents: a body, its officers, the office with its sign."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import calendar, document_numbers, documents, parameters
from liaoyuan.core.models import Document, Issuer, User
from tests.core.factories import binhu
from tests.registry import factories as make

AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
BY = Operator("tests")
REMINDER = {"matter": "2025 年度工作报告", "due_on": "2026-11-30", "title": "关于催报年度工作报告的通知"}
PUBLICITY = {"title": "关于评估等级的公示", "content": "拟定 4A。", "days": "5", "receiver": "社会组织科"}


@dataclass
class Office:
    """Who and what there is."""

    body: Any
    issuer: Issuer
    officer: User
    second: User
    head: User

    def drafted(self, code: str = "reminder", fields: Any = None, at: datetime = AT, **more: Any) -> Document:
        """A draft by the officer."""
        given = fields or (PUBLICITY if code == "publicity" else REMINDER)
        return documents.draft(code=code, subject=self.body, fields=given, by=self.officer, at=at, **more)

    def issued(self, code: str = "reminder", fields: Any = None, at: datetime = AT, **more: Any) -> Document:
        """Drafted, read over by the second officer, signed by the head."""
        row = self.drafted(code, fields, at, **more)
        documents.review(document=row, by=self.second, at=at)
        return documents.issue(document=row, by=self.head, at=at)


def office(*, mark: str = "滨民社", name: str = "无锡市滨湖区民政局") -> Office:
    """Lay it."""
    areas = binhu()
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    body = make.organization("滨湖区甲乙社会工作服务中心", street=areas["heli"], legal_representative="赵某",
                             address="河埒街道示例路 1 号")  # fmt: skip
    issuer = document_numbers.open_issuer(
        area=areas["district"], name=name, mark=mark, phone="0510-00000000", by=BY, at=AT
    )
    return Office(
        body, issuer, make.officer("officer"), make.officer("second"), make.officer("chief", role="registry_head")
    )
