"""The truth about F18: clean rows, what a clerk does to a cell, what must come of it. No code of the importer here.

A mutation says: which cell, what is written there, and what must happen: accepted with the clean value or another that
is right, asked about, or refused. A wrong value that is accepted is a silent error; there must be none.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.people.factories import ric

HEAD = (
    "姓名", "性别", "出生年月", "身份证号", "手机", "学历", "专业", "政治面貌", "证书级别", "证书号", "取证时间",
    "登记有效期", "机构", "统一社会信用代码", "岗位", "专/兼职", "入职日期", "合同起止", "社保", "从业年限",
    "服务领域", "督导", "继续教育学时", "备注",
)  # fmt: skip
#: What stands in the database for the clean cells of row n.
EDUCATION = {"大专": "college", "本科": "bachelor", "硕士研究生": "master", "高中": "secondary", "博士": "doctor"}
LEVEL = {"助理社会工作师": "assistant", "社会工作师": "worker", "高级社会工作师": "senior"}


@dataclass
class Truth:
    """A clean row as cells, and as values of the database."""

    cells: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)


def clean(n: int, body: str, code: str) -> Truth:
    """The n-th invented person."""
    born = f"19{71 + n % 29:02d}-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
    man = n % 2 == 1
    number = ric(born.replace("-", ""), 100 + n)
    education = list(EDUCATION)[n % 5]
    level = list(LEVEL)[n % 3]
    started = f"20{10 + n % 10}-0{n % 9 + 1}-15"
    cells = {
        "姓名": f"试{chr(0x7532 + n % 9)}{chr(0x4E00 + n)}", "性别": "男" if man else "女", "出生年月": born,
        "身份证号": number, "手机": f"139{n:08d}", "学历": education, "专业": "社会工作", "政治面貌": "中共党员",
        "证书级别": level, "证书号": f"2020{n:08d}", "取证时间": "2020-06-01",
        "登记有效期": "2025-01-01至2027-12-31", "机构": body, "统一社会信用代码": code, "岗位": "社工",
        "专/兼职": "专职" if n % 4 else "兼职", "入职日期": started, "合同起止": "2025-01-01至2027-12-31",
        "社保": "是", "从业年限": n % 20 + 1, "服务领域": "养老", "督导": "周督导", "继续教育学时": "72",
        "备注": f"第{n}行",
    }  # fmt: skip
    values = {
        "name": cells["姓名"], "gender": "m" if man else "f", "birth": born, "id_number": number,
        "mobile": cells["手机"], "education": EDUCATION[education], "major": "社会工作", "level": LEVEL[level],
        "number": cells["证书号"], "approved_on": "2020-06-01", "registered_on": "2025-01-01",
        "registered_until": "2027-12-31", "job": "社工", "work_time": "full" if n % 4 else "part",
        "valid_from": started, "contract_from": "2025-01-01", "contract_to": "2027-12-31", "insured": True,
        "practice_since": 2026 - (n % 20 + 1), "service_field": "养老", "mentor": "周督导",
        "education_hours": "72.0", "note": cells["备注"],
    }  # fmt: skip
    return Truth(cells, values)


@dataclass(frozen=True)
class Mutation:
    """What is written into a cell instead, and what must happen; `becomes` are other right values."""

    column: str
    written: Any  # a value, or a function of the clean one
    outcome: str  # accept, review, reject
    becomes: dict[str, Any] = field(default_factory=dict)

    def cell(self, was: Any) -> Any:
        return self.written(was) if callable(self.written) else self.written


def _dotted(was: str) -> str:
    year, month, day = was.split("-")
    return f"{year}.{int(month)}.{int(day)}"


def _chinese(was: str) -> str:
    year, month, day = was.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def _wide(was: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in was)


def _swapped(was: str) -> str:
    return was[:16] + str((int(was[16]) + 2) % 10) + was[17]


MUTATIONS: tuple[Mutation, ...] = (
    Mutation("姓名", lambda w: f" {w[0]}　{w[1:]} ", "accept"),
    Mutation("姓名", "", "reject"),
    Mutation("姓名", "很" * 61, "reject"),
    Mutation("性别", lambda w: w + "性", "accept"),
    Mutation("性别", lambda w: "女" if w == "男" else "男", "review"),
    Mutation("性别", "未知", "reject"),
    Mutation("性别", "", "accept", {"gender": ""}),
    Mutation("出生年月", _dotted, "accept"),
    Mutation("出生年月", _chinese, "accept"),
    Mutation("出生年月", lambda w: w.replace("-", ""), "accept"),
    Mutation("出生年月", lambda w: w[:7], "accept", {"birth": lambda v: v[:7]}),
    Mutation("出生年月", lambda w: w[:7].replace("-", "."), "accept|review", {"birth": lambda v: v[:7]}),
    Mutation("出生年月", lambda w: f"{int(w[:4]) + 1}{w[4:]}", "review"),
    Mutation("出生年月", "1990-02-30", "reject"),
    Mutation("身份证号", lambda w: w.lower(), "accept"),
    Mutation("身份证号", _wide, "accept"),
    Mutation("身份证号", lambda w: f"{w[:6]} {w[6:14]} {w[14:]}", "accept"),
    Mutation("身份证号", lambda w: "'" + w, "accept"),
    Mutation("身份证号", _swapped, "review"),
    Mutation("身份证号", lambda w: w[:17], "reject"),
    Mutation("身份证号", lambda w: float(w[:17] + "0"), "review"),
    Mutation("身份证号", lambda w: w[:6] + "********" + w[14:], "accept", {"id_number": ""}),
    Mutation("手机", lambda w: f"{w[:3]} {w[3:7]} {w[7:]}", "accept"),
    Mutation("手机", int, "accept"),
    Mutation("手机", lambda w: w[:10], "reject"),
    Mutation("手机", lambda w: w[:3] + "****" + w[7:], "accept", {"mobile": ""}),
    Mutation("学历", "研究生", "review"),
    Mutation("学历", "大学本科", "accept", {"education": "bachelor"}),
    Mutation("学历", "专科", "accept", {"education": "college"}),
    Mutation("学历", "肄业", "reject"),
    Mutation("政治面貌", "群众", "accept"),
    Mutation("证书级别", "社工师", "accept", {"level": "worker"}),
    Mutation("证书级别", "初级", "accept", {"level": "assistant"}),
    Mutation("证书级别", "心理咨询师", "reject"),
    Mutation("证书级别", "", "review"),
    Mutation("证书号", "", "accept", {"number": ""}),
    Mutation("证书号", 2.02006011234e17, "review"),
    Mutation("取证时间", "2020.6.1", "accept"),
    Mutation("取证时间", "20-06-01", "review"),
    Mutation("取证时间", "2026-06-01", "review"),
    Mutation("取证时间", "去年", "reject"),
    Mutation("登记有效期", "2027-12-31", "accept", {"registered_on": None}),
    Mutation("登记有效期", "2025.1.1-2027.12.31", "accept"),
    Mutation("登记有效期", "2027-12-31至2025-01-01", "reject"),
    Mutation("机构", "", "accept"),
    Mutation("机构", "查无此家中心", "accept|review"),
    Mutation("机构", lambda w: f" {w} ", "accept"),
    Mutation("统一社会信用代码", "", "accept"),
    Mutation("统一社会信用代码", "52320211MJ9999999X", "accept|review"),
    Mutation("专/兼职", "全职", "accept", {"work_time": "full"}),
    Mutation("专/兼职", "临时", "reject"),
    Mutation("入职日期", _dotted, "accept"),
    Mutation("入职日期", "2019年", "review"),
    Mutation("入职日期", "长期", "reject|review"),
    Mutation("合同起止", "2025年1月1日—2027年12月31日", "accept"),
    Mutation("合同起止", "2025-01-01至长期", "accept", {"contract_to": None}),
    Mutation("合同起止", "2027-12-31至2025-01-01", "reject"),
    Mutation("合同起止", "2025-01-01", "review"),
    Mutation("社保", "√", "accept"),
    Mutation("社保", "否", "accept", {"insured": False}),
    Mutation("社保", "也许", "reject"),
    Mutation("从业年限", lambda w: f"{w}年", "accept"),
    Mutation("从业年限", lambda w: _wide(str(w)), "accept"),
    Mutation("从业年限", "约5年", "review"),
    Mutation("从业年限", "很久", "reject"),
    Mutation("继续教育学时", "72学时", "accept"),
    Mutation("继续教育学时", 72.0, "accept"),
    Mutation("继续教育学时", "若干", "reject"),
    Mutation("岗位", "岗" * 61, "reject"),
    Mutation("备注", "=1+1", "accept", {"note": "=1+1"}),
)
