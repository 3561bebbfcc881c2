"""Paper forms of one organization with what the register knows: F02 备案登记表, F16 年度工作报告书, F20 签到表.

Telephone and identity numbers are left blank: a form that lies about on paper needs none of them filled in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from liaoyuan.core import clock, sessions
from liaoyuan.core.documents import making, pdf, shipped
from liaoyuan.core.documents.making import Made
from liaoyuan.core.rules.documents import refusal
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.choices import REGISTERED, Kind
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries import record as reads

#: Titles of the forms, as offices call them.
BLANK_TITLES: dict[str, str] = {
    "filing": "备案社区社会组织登记表",
    "annual": "年度工作报告书",
    "sign_in": "活动签到表",
}
#: Rows of a form: labels with the column of the register that fills them, empty for what is written by hand.
type Rows = Sequence[Sequence[tuple[str, str]]]

_FILING: Rows = (
    (("名称", "name"), ("备案号", "filing_no")),
    (("类别", "filing_category"), ("所属社区", "community_id")),
    (("负责人", "legal_representative"), ("身份证号", "")),
    (("电话", ""), ("成员数", "members_person")),
    (("活动场所", "address"),),
    (("备案日期", "registered_on"), ("有效期至", "filing_to")),
    (("指导单位", "guidance_unit"), ("党员数", "party_members_declared")),
    (("备注", ""),),
    (("社区（村）意见", ""),),
    (("街道（镇）意见", ""),),
)
_ANNUAL: Rows = (
    (("名称", "name"),),
    (("统一社会信用代码", "number"), ("类型", "kind")),
    (("登记管理机关", "registrar"), ("业务主管单位", "supervisor")),
    (("法定代表人", "legal_representative"), ("成立日期", "registered_on")),
    (("住所", "address"),),
    (("注册资金（万元）", "capital_fen"), ("行业分类", "field")),
    (("单位会员数", "members_unit"), ("个人会员数", "members_person")),
    (("理事数", "council_count"), ("监事数", "supervisors_count")),
    (("专职人员数", "full_time"), ("兼职人员数", "part_time")),
    (("本届届期", "term"), ("证书有效期", "certificate")),
)
_ANNUAL_PARTS: tuple[tuple[str, Rows], ...] = (
    ("二、会议和换届", (
        (("理事会会议次数", ""), ("会员（代表）大会次数", "")), (("是否按期换届", ""), ("延期换届原因", "")),
    )),
    ("三、财务", (
        (("资产总额（元）", ""), ("负债总额（元）", "")), (("净资产（元）", ""), ("本年收入（元）", "")),
        (("其中捐赠收入（元）", ""), ("其中政府购买服务（元）", "")), (("本年费用（元）", ""), ("公益支出（元）", "")),
    )),
    ("四、党建情况", (
        (("党组织名称", ""), ("党员数", "")), (("组织关系在本组织的党员数", ""), ("未建立党组织的原因", "")),
    )),
    ("五、业务活动和奖惩", ((("重大业务活动", ""),), (("受到的奖励、处罚和整改情况", ""),))),
    ("六、承诺", ((("本单位承诺所填内容真实、完整。法定代表人签字、单位盖章、日期", ""),),)),
)  # fmt: skip
_SIGN_IN = ("序号", "姓名", "单位或社区", "类别", "签名")
_LINES = 20


@dataclass(frozen=True, slots=True)
class Form:
    """One paper form: for which types of bodies, and what draws it."""

    code: str
    kinds: frozenset[str]
    draw: Callable[[Any, reads.Record], None]

    @property
    def title(self) -> str:
        """What it is called."""
        return BLANK_TITLES[self.code]

    def fits(self, organization: Organization) -> bool:
        """Whether the form is one for this body."""
        rows = Standing.objects.now_open().filter(organization=organization)
        return rows.values_list("kind", flat=True).first() in self.kinds


def _value(record: reads.Record, column: str) -> str:
    if not column:
        return ""
    if column == "name":
        return record.standing.name
    pairs = {"term": ("term_from", "term_to"), "certificate": ("certificate_from", "certificate_to")}
    if column in pairs:
        begin, end = (reads.text_of(record, name) for name in pairs[column])
        return f"{begin} 至 {end}" if begin or end else ""
    return reads.text_of(record, column)


def _table(document: Any, record: reads.Record, rows: Rows) -> None:
    table = shipped.bordered(document, len(rows), 4)
    for y, pairs in enumerate(rows):
        cells = table.rows[y].cells
        for x, (label, column) in enumerate(pairs):
            _write(cells[2 * x], label)
            last = cells[3] if len(pairs) == 1 else cells[2 * x + 1]
            target = cells[2 * x + 1].merge(last) if last is not cells[2 * x + 1] else last
            _write(target, _value(record, column) + ("\n\n" if len(pairs) == 1 and not column else ""))


def _write(cell: Any, text: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = shipped.LOOKS["cell"].style
    paragraph.add_run(text)


def _head(document: Any, title: str) -> None:
    document.add_paragraph(title, style=shipped.LOOKS["title"].style)


def _draw_filing(document: Any, record: reads.Record) -> None:
    _head(document, BLANK_TITLES["filing"])
    _table(document, record, _FILING)
    document.add_paragraph("负责人签字：　　　　　　　　填表日期：　　年　月　日", style=shipped.LOOKS["note"].style)


def _draw_annual(document: Any, record: reads.Record) -> None:
    for _number in range(4):
        document.add_paragraph("", style=shipped.LOOKS["gap"].style)
    _head(document, BLANK_TITLES["annual"])
    _head(document, "（　　　　年度）")
    for _number in range(6):
        document.add_paragraph("", style=shipped.LOOKS["gap"].style)
    for label, column in (("社会组织名称", "name"), ("统一社会信用代码", "number"), ("登记管理机关", "registrar")):
        document.add_paragraph(f"{label}：{_value(record, column)}", style=shipped.LOOKS["body"].style)
    document.add_paragraph("填报日期：　　　年　　月　　日", style=shipped.LOOKS["body"].style)
    document.add_page_break()
    document.add_paragraph("一、基本情况", style=shipped.LOOKS["strong"].style)
    _table(document, record, _ANNUAL)
    for title, rows in _ANNUAL_PARTS:
        document.add_paragraph(title, style=shipped.LOOKS["strong"].style)
        _table(document, record, rows)


def _draw_sign_in(document: Any, record: reads.Record) -> None:
    _head(document, BLANK_TITLES["sign_in"])
    for line in (f"组织：{record.standing.name}", "活动：", "日期：　　　年　　月　　日　　　地点："):
        document.add_paragraph(line, style=shipped.LOOKS["note"].style)
    table = shipped.bordered(document, _LINES + 1, len(_SIGN_IN))
    for cell, title in zip(table.rows[0].cells, _SIGN_IN, strict=True):
        _write(cell, title)
    shipped.repeat_head(table.rows[0])
    for number in range(1, _LINES + 1):
        _write(table.rows[number].cells[0], str(number))


_EVERYBODY = frozenset(map(str, (*REGISTERED, Kind.BA, Kind.NB)))
FORMS: dict[str, Form] = {
    form.code: form
    for form in (
        Form("filing", frozenset({str(Kind.BA)}), _draw_filing),
        Form("annual", frozenset(map(str, REGISTERED)), _draw_annual),
        Form("sign_in", _EVERYBODY, _draw_sign_in),
    )
}


def make(form: Form, organization: Organization, *, at: datetime) -> Made:
    """The form as Word and PDF, the same bytes for the same facts and moment."""
    record = reads.read(organization, clock.localdate(at))
    if record is None:
        raise Refused([refusal("subject", title=form.title)])
    document = shipped.blank_page()
    with translation.override("zh-hans"):  # paper speaks Chinese
        form.draw(document, record)
    data = shipped.saved(document, title=form.title, at=at)
    practice = sessions.read_installation().offset is not None
    frame = pdf.Frame(title=form.title, office="", demo="演示数据" if practice else "")
    return Made(data, making.printed(data, frame, at=at))
