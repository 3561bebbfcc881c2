"""From cells to fields: one row of F07, with every doubt named. No database here."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.staging import ReadRow
from liaoyuan.kit import cells as parsing
from liaoyuan.kit import dates, text
from liaoyuan.kit.findings import Severity
from liaoyuan.party.imports.reading import tell
from liaoyuan.party.params import development_sheet as sheet
from liaoyuan.party.params.way import CONFIRM_OUTCOME_TITLES, EXAMINED_TITLES, ConfirmOutcome, Examined
from liaoyuan.people.imports.columns import GENDERS, choice, read_birth, read_education
from liaoyuan.people.imports.columns import MESSAGES as PEOPLE_MESSAGES
from liaoyuan.registry.imports.columns import as_written, name_as_written

#: Words of findings about single cells.
CELL_MESSAGES: dict[str, str] = {
    "exam_unreadable": "“{given}”读不出考察的日期和结论，请写成 2025-09-01 继续培养考察。",
    "exam_without_result": "“{given}”没有写结论，确认后按“继续培养考察”登记。",
    "votes_unreadable": "“{given}”读不出票数，请写成 应到8 实到7 书面0 赞成7 反对0 弃权0。",
    "outcome_unreadable": "“{given}”不是转正的决定，请写按期转正、延长预备期6个月或取消预备党员资格。",
    "count_unreadable": "“{given}”不是 0 至 999 的整数。",
}
_EXAM_WORDS = {title: str(code) for code, title in EXAMINED_TITLES.items()} | {
    "继续考察": str(Examined.CONTINUE), "继续培养": str(Examined.CONTINUE), "基本具备": str(Examined.READY),
    "暂不具备": str(Examined.NOT_YET),
}  # fmt: skip
_VOTES = (("expected", "应到"), ("present", "实到"), ("written", "书面"), ("yes", "赞成"), ("no", "反对"),
          ("abstain", "弃权"))  # fmt: skip
_NUMBER = re.compile(r"([0-9]{1,4})")


def read_exams(cell: object) -> parsing.Parsed[list[list[str]]]:
    """Examinations of one cell as [day, conclusion]; a day alone is in doubt."""
    found, doubt = [], None
    for part in re.split(r"[;；\n]", text.cell_text(cell)):
        told = part.strip()
        if not told:
            continue
        match = re.fullmatch(r"(\S*[0-9日])\s*[,，:：]?\s*(\D*)", told)
        day = dates.parse_date(match[1] if match else told)
        if match is None or day.value is None or len(day.value) != 10 or day.code:
            return parsing.reject("exam_unreadable")
        word = match[2].strip("（）() ")
        if word and word not in _EXAM_WORDS:
            return parsing.reject("exam_unreadable")
        doubt = doubt if word else "exam_without_result"
        found.append([day.value, _EXAM_WORDS.get(word, str(Examined.CONTINUE))])
    return parsing.Parsed(found or None, doubt=doubt)


def read_votes(cell: object) -> parsing.Parsed[dict[str, int]]:
    """The totals of a vote; who was there and how many said yes must be told."""
    given = text.half_width(text.cell_text(cell))
    told: dict[str, int] = {}
    for name, word in _VOTES:
        match = re.search(rf"{word}[^0-9]{{0,6}}{_NUMBER.pattern}", given)
        if match:
            told[name] = int(match[1])
    if "present" not in told or "yes" not in told or len(_NUMBER.findall(given)) != len(told):
        return parsing.reject("votes_unreadable")
    return parsing.accept(told)


def read_outcome(cell: object) -> parsing.Parsed[list[Any]]:
    """What was decided when probation was over, as [code, months or None]."""
    given = text.half_width(text.cell_text(cell)).replace(" ", "")
    for code, title in CONFIRM_OUTCOME_TITLES.items():
        if code != ConfirmOutcome.EXTEND and given in (title, title[:2], title.replace("预备党员", "")):
            return parsing.accept([str(code), None])
    match = re.fullmatch(r"延长(?:预备期)?([0-9]{1,2})个月", given)
    if match:
        return parsing.accept([str(ConfirmOutcome.EXTEND), int(match[1])])
    return parsing.reject("outcome_unreadable")


def read_count(cell: object) -> parsing.Parsed[int]:
    """A small whole number."""
    given = text.half_width(text.cell_text(cell)).strip()
    match = re.fullmatch(r"([0-9]{1,3})(?:\.0)?", given)
    return parsing.accept(int(match[1])) if match else parsing.reject("count_unreadable")


_READERS: dict[str, Callable[[Any], Any]] = {
    "gender": choice(GENDERS), "birth": read_birth, "education": read_education, "votes": read_votes,
    "confirm_votes": read_votes, "outcome": read_outcome, "training_days": read_count, "training_hours": read_count,
    **dict.fromkeys(sheet.EXAMS + sheet.PROBATION_EXAMS, read_exams),
    **dict.fromkeys(sheet.DAY_TITLES, dates.parse_date),
    **dict.fromkeys(("name", "branch", "organization", "contact_1", "contact_2", "introducer_1", "introducer_2"),
                    name_as_written),
}  # fmt: skip
#: Longest text the columns of the database hold.
LONGEST = {"name": 60, "branch": 120, "job": 120, "organization": 120, "training_reason": 100, "special_reason": 100,
           "form_no": 80, "approved_no": 80, "confirm_no": 80}  # fmt: skip

#: Names that sheets give the columns.
SYNONYMS: dict[str, tuple[str, ...]] = {
    **{name: (title,) for name, title in sheet.FIELD_TITLES.items()},
    "name": ("姓名", "申请人", "申请人姓名"), "branch": ("所在党支部", "党支部", "所在支部", "支部名称"),
    "birth": ("出生日期", "出生年月", "生日"), "job": ("单位及职务", "工作单位及职务"),
    "organization": ("所在组织", "所在社会组织"),
    "applied_on": ("申请日期", "申请入党日期", "递交申请书日期", "入党申请日期"),
    "talked_on": ("谈话日期", "派人谈话日期"),
    "activist_on": ("确定积极分子日期", "确定入党积极分子日期", "积极分子日期"),
    "activist_filed_on": ("积极分子备案日期", "备案日期"),
    "contact_1": ("培养联系人1", "培养联系人", "联系人1"),
    "contact_2": ("培养联系人2", "联系人2"), "exam_1": ("考察记录1", "考察记录", "考察1"),
    "candidate_on": ("列为发展对象日期", "确定发展对象日期", "发展对象日期"),
    "introducer_1": ("入党介绍人1", "入党介绍人"),
    "reviewed_on": ("政审结论日期", "政治审查结论日期", "政审日期"),
    "trained_on": ("培训日期", "集中培训日期", "培训结束日期"),
    "training_hours": ("培训学时", "学时"), "publicity": ("公示起日", "公示开始日期", "接收公示起日"),
    "meeting_on": ("支部大会日期", "接收大会日期", "接收预备党员大会日期"), "votes": ("票数", "接收票数"),
    "approved_on": ("审批日期", "接收审批日期", "党委审批日期"), "oath_on": ("宣誓日期", "入党宣誓日期"),
    "confirm_meeting_on": ("转正大会日期", "转正支部大会日期"),
    "probation_1": ("预备期考察1", "预备期考察"),
}  # fmt: skip


def read(number: int, given: Mapping[str, Any]) -> ReadRow:
    """Normalised fields and findings; blank cells are left out."""
    row = ReadRow(number)
    for name, cell in given.items():
        if cell is not None and (name == "birth" or not parsing.is_blank(cell)):
            _take(row, name, cell)
    row.label = str(row.fields.get("name", ""))
    if not row.label and not any(f.field == "name" for f in row.findings):
        tell(row, "IMP-NAME-MISSING", Severity.BLOCK, _("没有姓名，无法登记。"), "name")
    for name, limit in LONGEST.items():
        value = row.fields.get(name)
        if isinstance(value, str) and len(value) > limit:
            told = _("“{title}”超过 {limit} 个字。")
            tell(row, "IMP-TOO-LONG", Severity.BLOCK, told, name, title=sheet.FIELD_TITLES[name], limit=limit)
    return row


def _take(row: ReadRow, name: str, cell: Any) -> None:
    title = sheet.FIELD_TITLES[name]
    if name == "birth" and "**" in text.cell_text(cell):  # the mask of an export says nothing
        tell(row, "IMP-MASKED", Severity.INFO, _("“{title}”是打码的，没有读入。"), name, title=title)
        return
    found = _READERS.get(name, as_written)(cell)
    if found.value is not None:
        row.fields[name] = found.value
    if name in sheet.DAY_TITLES and found.value is not None and len(str(found.value)) != 10:
        row.fields.pop(name)
        told = _("“{given}”不是明确的一天，请写成 2018-10-26 的样子。")
        tell(row, "IMP-DAY", Severity.BLOCK, told, name, given=text.cell_text(cell)[:60])
    elif found.code:
        message = CELL_MESSAGES.get(found.code) or PEOPLE_MESSAGES.get(found.code) or parsing.MESSAGES[found.code]
        severity = Severity.BLOCK if found.error else Severity.CONFIRM
        given = "…" if name == "birth" else text.cell_text(cell)[:60]
        tell(row, f"IMP-{found.code.upper().replace('_', '-')}", severity, _(message), name, given=given)


def words(name: str, value: Any) -> str:
    """A normalised value as a person reads it."""
    if value in (None, "", []):
        return "（空）"
    if name in sheet.EXAMS + sheet.PROBATION_EXAMS:
        return exams_text(value)
    if name in ("votes", "confirm_votes"):
        return votes_text(value)
    if name == "outcome":
        return outcome_text(value)
    return sheet.WORDS.get(name, {}).get(str(value), str(value))


def exams_text(value: Any) -> str:
    """Examinations as a cell holds them."""
    return "；".join(f"{day} {sheet.WORDS['exam'][result]}" for day, result in value)


def votes_text(value: Mapping[str, int]) -> str:
    """Totals as a cell holds them."""
    return " ".join(f"{word}{value[name]}" for name, word in _VOTES if name in value)


def outcome_text(value: Any) -> str:
    """A decision as a cell holds it."""
    code, months = value
    return f"延长预备期{months}个月" if months else sheet.WORDS["outcome"][code]
