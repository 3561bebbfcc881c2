"""Pure rules of documents: who may read over and sign, which number comes next, how long a notice stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.core.choices import DeliveryResult, DocumentState, Separation
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.kit.workdays import Calendar

#: What a refusal says; `{…}` are a finding's arguments.
DOCUMENT_MESSAGES: dict[str, str] = {
    "DOCUMENT.kind": "没有这种文书。",
    "DOCUMENT.subject": "“{title}”不能用于这个对象。",
    "DOCUMENT.required": "请填写“{title}”。",
    "DOCUMENT.long": "“{title}”不能超过 {limit} 个字。",
    "DOCUMENT.field": "“{title}”没有这一项：{name}。",
    "DOCUMENT.date": "“{title}”不是明确的日期，请写成 2026-12-01 的样子。",
    "DOCUMENT.days": "“{title}”应为 1 至 60 的整数。",
    "DOCUMENT.issuer": "还没有登记可用的发文机关，请先在“发文机关”里登记名称和代字。",
    "DOCUMENT.issuer_closed": "发文机关“{name}”已停用。",
    "DOCUMENT.state": "这份文书现在是“{state}”，不能再这样办理。",
    "DOCUMENT.own_review": "起草人不能核自己起草的稿。",
    "DOCUMENT.own_issue": "起草人不能签发自己起草的文书。",
    "DOCUMENT.person": "命令行不能代替签发人。",
    "DOCUMENT.reason": "请写明理由。",
    "DOCUMENT.trial": "试用级别不能办理含敏感信息的文书。",
    "DOCUMENT.future": "日期不能晚于今天。",
    "DOCUMENT.dated": "落款日期不能晚于今天，也不能早于起草前一年。",
    "DOCUMENT.order": "送达日期不能早于签发日期 {day}。",
    "DOCUMENT.signed": "已签收的送达须写签收日期，且不早于送达日期、不晚于今天。",
    "DOCUMENT.receiver": "请写明收件人。",
    "DOCUMENT.notice_open": "公示到 {day} 24:00 才届满，届满后才能出具证明。",
    "DOCUMENT.notice_provisional": "公示的止日还是暂定的，请先录入 {year} 年的工作日历。",
    "DOCUMENT.notice_objections": "还有 {n} 条异议没有处理完。",
    "DOCUMENT.notice_upheld": "有异议成立，不能出具无异议证明。",
    "DOCUMENT.notice_missing": "请选择已届满的公示。",
    "DOCUMENT.notice_certified": "这次公示已出具证明。",
    "DOCUMENT.notice_closed": "公示已届满或已撤销，不能再登记这一天的异议。",
    "DOCUMENT.notice_day": "收到日期须在公示期间（{begin} 至 {end}），且不晚于今天。",
    "DOCUMENT.objection_answered": "这条异议已处理。",
    "DOCUMENT.text": "请写明内容，至少 2 个字。",
    "DOCUMENT.batch_empty": "请先勾选组织。",
    "DOCUMENT.batch_unsent": "没有已签发、还没有登记送达的文书。",
    "DOCUMENT.batch_many": "一次最多 {limit} 家。",
    "DOCUMENT.render": "文书没有排成：{what}。请检查模板。",
    "DOCUMENT.font": "服务器上没有中文字体，不能生成 PDF。请系统管理员安装 fonts-noto-cjk，或设置 LIAOYUAN_FONTS。",
    "ISSUER.name": "请填写发文机关的全称，不超过 60 个字。",
    "ISSUER.mark": "机关代字为 1 至 20 个字，不含空格、括号和数字。",
    "ISSUER.taken": "这个区划已有代字“{mark}”。",
    "ISSUER.used": "代字“{mark}”已用过文号，不能修改；请停用后另行登记。",
    "NUMBER.range": "请填写起止序号，止号不小于起号，一次不超过 500 个。",
    "NUMBER.gap": "下一个文号是 {next} 号，不能跳过。先前在系统外用过的，请从 {next} 号起一并登记。",
    "NUMBER.taken": "{number} 已经用过。",
    "NUMBER.title": "请填写文件标题。",
    "NUMBER.reason": "请写明为什么在系统外发文。",
    "NUMBER.year": "年份与成文日期不符。",
    "NUMBER.ours": "{number} 是本系统签发的文书的文号，不能作为系统外的文号登记。",
    "NUMBER.void": "{number} 已作废，不能使用。",
    "TEMPLATE.too_big": "模板太大，文件不超过 4 MB，文字不超过 {limit} MB。",
    "TEMPLATE.unreadable": "文件打不开，请用 Word 或 WPS 另存为 .docx 后再上传。",
    "TEMPLATE.foreign": "模板里有嵌入的对象、程序或外部链接，不能使用：{names}。",
    "TEMPLATE.syntax": "模板里的花括号没有写对：{what}。",
    "TEMPLATE.unknown": "模板里有系统不认识的字段：{names}。请对照字段表改正。",
    "TEMPLATE.construct": "模板里有不支持的写法：{what}。只能写字段、对字段的 if 和对列表的一层 for。",
    "TEMPLATE.missing": "模板里必须用到 {names}。",
    "TEMPLATE.slow": "模板排版超过 {seconds} 秒，没有采用。请简化后再上传。",
    "TEMPLATE.same": "与正在使用的模板内容相同，没有改动。",
    "TEMPLATE.shipped": "现在用的就是随版模板。",
    "TEMPLATE.kind": "模板须是 Word 文档（.docx）。",
}
_MARK = re.compile(r"[^\s\d()（）〔〕\[\]【】]{1,20}")
_NUMBER = re.compile(r"([^\d()（）〔〕\[\]【】]{1,20})[(（〔\[【](\d{4})[)）〕\]】]第?0*(\d{1,5})号?")
_LONGEST = {"text": 200, "long": 8000, "date": 20, "days": 3}


def refusal(variant: str, field: str = "", *, family: str = "DOCUMENT", **args: Any) -> Finding:
    """A blocking finding, worded above."""
    code = f"{family}.{variant}"
    return Finding(code, Severity.BLOCK, DOCUMENT_MESSAGES[code], field=field, args=args)


def number_text(mark: str, year: int, serial: int) -> str:
    """滨民社〔2026〕12号 (GB/T 9704-2012, 7.2.5: the year in full in hexagonal brackets, no leading zero)."""
    return f"{mark}〔{year}〕{serial}号"


def number_parts(text: str) -> tuple[str, int, int] | None:
    """The sign, year and serial of a number as people write it, whatever brackets they use; None for another form."""
    found = _NUMBER.fullmatch("".join(text.split()))
    return (found[1], int(found[2]), int(found[3])) if found else None


def day_text(day: date) -> str:
    """2026年11月29日, as dates stand in documents (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def mark_is_sound(mark: str) -> bool:
    """Whether a 代字 can be told apart from the year and number behind it."""
    return _MARK.fullmatch(mark) is not None


@dataclass(frozen=True, slots=True)
class Spec:
    """A field as the rules need it."""

    name: str
    title: str
    kind: str
    required: bool


def value_findings(specs: Sequence[Spec], values: Mapping[str, str]) -> list[Finding]:
    """What is wrong with the texts typed for the fields of a document."""
    known = {spec.name for spec in specs}
    told = [refusal("field", name, title=name, name=name) for name in values if name not in known]
    for spec in specs:
        value = values.get(spec.name, "").strip()
        if not value:
            if spec.required:
                told.append(refusal("required", spec.name, title=spec.title))
            continue
        if len(value) > _LONGEST[spec.kind]:
            told.append(refusal("long", spec.name, title=spec.title, limit=_LONGEST[spec.kind]))
        elif spec.kind == "date" and not _is_day(value):
            told.append(refusal("date", spec.name, title=spec.title))
        elif spec.kind == "days" and not (value.isascii() and value.isdigit() and 1 <= int(value) <= 60):
            told.append(refusal("days", spec.name, title=spec.title))
    return told


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).year > 1900
    except ValueError:
        return False


def shown_value(kind: str, value: str) -> str:
    """A typed text as the document says it: dates in Chinese."""
    return day_text(date.fromisoformat(value)) if kind == "date" and value else value


@dataclass(frozen=True, slots=True)
class Step:
    """Who wants to do what with a document: its state, its drafter, the present level of separation.

    `actor` None is the command line, which is nobody: it may do what needs one person, never be the second.
    """

    state: str
    drafter: int | None
    actor: int | None
    level: Separation
    reviewed: bool = True
    state_title: str = ""


def may_review(step: Step) -> list[Finding]:
    """核稿: of a draft, by another than its drafter unless one person holds all offices (trial)."""
    if step.state != DocumentState.DRAFT:
        return [refusal("state", state=step.state_title)]
    if step.level == Separation.TRIAL:
        return []
    if step.actor is None:
        return [refusal("person")]
    return [refusal("own_review")] if step.actor == step.drafter else []


def may_issue(step: Step) -> list[Finding]:
    """签发: of what was read over (or needs no reading), by another than its drafter unless the level is trial."""
    wanted = DocumentState.REVIEWED if step.reviewed else DocumentState.DRAFT
    if step.state != wanted and not (not step.reviewed and step.state == DocumentState.REVIEWED):
        return [refusal("state", state=step.state_title)]
    if step.level == Separation.TRIAL:
        return []
    if step.actor is None:
        return [refusal("person")]
    return [refusal("own_issue")] if step.actor == step.drafter else []


def may_register(first: int, last: int, following: int, taken: Sequence[str]) -> list[Finding]:
    """Numbers used outside the system: none twice, and none left out before the first one taken."""
    if not 1 <= first <= last < first + 500:
        return [refusal("range", "first", family="NUMBER")]
    if taken:
        return [refusal("taken", "first", family="NUMBER", number=taken[0])]
    return [refusal("gap", "first", family="NUMBER", next=following)] if first > following else []


@dataclass(frozen=True, slots=True)
class Term:
    """The days on which a notice stands, both counted, and whether the last one may still move."""

    opens_on: date
    closes_on: date
    provisional: bool


def term(opens_on: date, workdays: int, calendar: Calendar) -> Term:
    """公示期: so many working days after the day it is put up; the last counts to 24:00."""
    found = calendar.add_workdays(opens_on, workdays)
    return Term(opens_on, found.date, found.provisional)


def may_certify(span: Term, on: date, still_open: int, upheld: int) -> list[Finding]:
    """无异议证明: the term is over and certain, every objection is decided, none was upheld."""
    if span.provisional:
        return [refusal("notice_provisional", "follows", year=span.closes_on.year)]
    if on <= span.closes_on:
        return [refusal("notice_open", "follows", day=span.closes_on.isoformat())]
    if still_open:
        return [refusal("notice_objections", "follows", n=still_open)]
    return [refusal("notice_upheld", "follows")] if upheld else []


def delivery_findings(
    *, issued_on: date, sent_on: date, signed_on: date | None, result: str, receiver: str, today: date
) -> list[Finding]:
    """送达: not before signing nor in the future; signed for means a day and a receiver."""
    told = []
    if sent_on > today:
        told.append(refusal("future", "sent_on"))
    elif sent_on < issued_on:
        told.append(refusal("order", "sent_on", day=issued_on.isoformat()))
    if result == DeliveryResult.SIGNED:
        if signed_on is None or not sent_on <= signed_on <= today:
            told.append(refusal("signed", "signed_on"))
        if not receiver.strip():
            told.append(refusal("receiver", "receiver"))
    return told


def decision_mark(key: int) -> str:
    """The mark of the document that tells a case's decision, whatever it is about."""
    return f"case:{key}:decision"


def decided_case(mark: str) -> int | None:
    """The key of the case whose decision a document with the mark tells."""
    word, _colon, rest = mark.partition(":")
    key, _colon, what = rest.partition(":")
    return int(key) if (word, what) == ("case", "decision") and key.isdecimal() else None
