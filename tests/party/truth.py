"""The truth about F03: clean rows, what a clerk does to a cell, what must come of it. No code of the importer here."""

from dataclasses import dataclass, field
from typing import Any

from tests.people.factories import ric

HEAD = (
    "序号", "姓名", "性别", "民族", "籍贯", "出生年月", "身份证号", "学历", "学位", "毕业院校及专业", "参加工作时间",
    "入党时间", "转正时间", "所在党支部", "党内职务", "单位及职务", "岗位(专/兼)", "组织关系所在地", "组织关系状态",
    "原支部及联系人", "人员类别", "党费基数", "月党费", "手机", "户籍派出所", "现住址", "技能/证书", "流动情况", "备注",
    "政治面貌",
)  # fmt: skip
EDUCATION = {"大专": "college", "本科": "bachelor", "硕士": "master"}
STATES = {"已转入": "formal", "未转入": "temporary", "双管": "double", "流动": "floating"}


@dataclass
class Truth:
    """A clean row as cells, and as values of the database."""

    cells: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)


def clean(n: int, branch: str) -> Truth:
    """The n-th invented member; every fourth one hosted."""
    born = f"19{71 + n % 25:02d}-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
    man = n % 2 == 1
    number = ric(born.replace("-", ""), 100 + n)
    education, state = list(EDUCATION)[n % 3], list(STATES)[n % 4]
    admitted, confirmed = f"20{15 + n % 5}-0{n % 8 + 1}-15", f"20{16 + n % 5}-0{n % 8 + 1}-15"
    home = branch if state == "已转入" else f"演示外地{n % 3}支部"
    cells = {
        "序号": n + 1, "姓名": f"演{chr(0x7532 + n % 9)}{chr(0x4E00 + n)}", "性别": "男" if man else "女",
        "民族": "汉族", "籍贯": "江苏无锡", "出生年月": born, "身份证号": number, "学历": education, "学位": "学士",
        "毕业院校及专业": "某大学社会工作", "参加工作时间": "1999-07-01", "入党时间": admitted, "转正时间": confirmed,
        "所在党支部": branch, "党内职务": "", "单位及职务": "某中心社工", "岗位(专/兼)": "专职" if n % 3 else "兼职",
        "组织关系所在地": home, "组织关系状态": state,
        "原支部及联系人": "" if state == "已转入" else f"某支部联系人{n}",
        "人员类别": "在职人员", "党费基数": 5000 + n, "月党费": 50, "手机": f"139{n:08d}", "户籍派出所": "某派出所",
        "现住址": f"江苏省无锡市某路{n}号", "技能/证书": "社工师", "流动情况": "", "备注": f"第{n}行",
        "政治面貌": "中共党员",
    }  # fmt: skip
    values = {
        "name": cells["姓名"], "gender": "m" if man else "f", "ethnicity": "汉族", "native_place": "江苏无锡",
        "birth": born, "id_number": number, "education": EDUCATION[education], "degree": "学士",
        "school": "某大学社会工作", "worked_since": "1999-07-01", "admitted_on": admitted, "confirmed_on": confirmed,
        "precision": {}, "job": "某中心社工", "work_time": "full" if n % 3 else "part", "category": "在职人员",
        "mobile": cells["手机"], "police_station": "某派出所", "home_address": cells["现住址"], "skills": "社工师",
        "floating_note": "", "note": cells["备注"], "kind": STATES[state], "party": branch,
        "outside": "" if state == "已转入" else home, "home_contact": cells["原支部及联系人"],
        "stage": "surveyed" if state in ("未转入", "双管") else "",
    }  # fmt: skip
    return Truth(cells, values)


@dataclass(frozen=True)
class Mutation:
    """What is written into a cell instead, and what must happen; `becomes` are other right values."""

    column: str
    written: Any
    outcome: str
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


MUTATIONS: tuple[Mutation, ...] = (
    Mutation("姓名", lambda w: f" {w[0]}　{w[1:]} ", "accept"),
    Mutation("姓名", "", "reject"),
    Mutation("姓名", "很" * 61, "reject"),
    Mutation("性别", lambda w: w + "性", "accept"),
    Mutation("性别", lambda w: "女" if w == "男" else "男", "review"),
    Mutation("性别", "未知", "reject"),
    Mutation("民族", "汉", "accept", {"ethnicity": "汉"}),
    Mutation("民族", "民" * 21, "reject"),
    Mutation("籍贯", "", "accept", {"native_place": ""}),
    Mutation("出生年月", _dotted, "accept"),
    Mutation("出生年月", lambda w: w[:7], "accept", {"birth": lambda v: v[:7]}),
    Mutation("出生年月", lambda w: f"{int(w[:4]) + 1}{w[4:]}", "review"),
    Mutation("出生年月", "1990-02-30", "reject"),
    Mutation("身份证号", _wide, "accept"),
    Mutation("身份证号", lambda w: w[:17], "reject"),
    Mutation("身份证号", lambda w: float(w[:17] + "0"), "review"),
    Mutation("身份证号", lambda w: w[:6] + "********" + w[14:], "accept", {"id_number": ""}),
    Mutation("身份证号", lambda w: w[:16] + str((int(w[16]) + 2) % 10) + w[17], "review"),
    Mutation("学历", "大学本科", "accept", {"education": "bachelor"}),
    Mutation("学历", "研究生", "review"),
    Mutation("学历", "肄业", "reject"),
    Mutation("学位", "学" * 21, "reject"),
    Mutation(
        "参加工作时间", "1999.07", "accept|review", {"worked_since": "1999-07-01", "precision": {"worked_since": "M"}}
    ),
    Mutation("参加工作时间", "长期", "reject|review"),
    Mutation("入党时间", _chinese, "accept"),
    Mutation(
        "入党时间",
        lambda w: w[:7],
        "accept",
        {"admitted_on": lambda v: v[:7] + "-01", "precision": {"admitted_on": "M"}},
    ),
    Mutation("入党时间", lambda w: w[:4], "review"),
    Mutation("入党时间", "2027-01-01", "reject"),
    Mutation("入党时间", "去年", "reject"),
    Mutation("入党时间", "", "review"),
    Mutation("入党时间", lambda w: w[2:], "review"),
    Mutation("入党时间", "1985-01-01", "review"),
    Mutation("转正时间", _dotted, "accept"),
    Mutation("转正时间", "2010-01-01", "reject"),
    Mutation("转正时间", lambda w: f"{int(w[:4]) - 1}-12-31", "review|reject"),
    Mutation("转正时间", "", "accept", {"confirmed_on": None}),
    Mutation("所在党支部", "", "reject"),
    Mutation("所在党支部", "查无此支部", "reject"),
    Mutation("所在党支部", lambda w: f" {w} ", "accept"),
    Mutation("所在党支部", "演示同名党支部", "reject"),
    Mutation("所在党支部", "演示邻区党支部", "reject"),
    Mutation("岗位(专/兼)", "全职", "accept", {"work_time": "full"}),
    Mutation("岗位(专/兼)", "临时", "reject"),
    Mutation("组织关系状态", "", "review"),
    Mutation("组织关系状态", "不知道", "reject"),
    Mutation("籍贯", "籍" * 61, "reject"),
    Mutation("毕业院校及专业", "校" * 121, "reject"),
    Mutation("毕业院校及专业", " 某大学　社会工作 ", "accept|review", {"school": "某大学　社会工作"}),
    Mutation("单位及职务", "职" * 121, "reject"),
    Mutation("单位及职务", "/", "accept", {"job": ""}),
    Mutation("月党费", "欠", "accept"),
    Mutation("户籍派出所", "所" * 61, "reject"),
    Mutation("户籍派出所", "无", "accept", {"police_station": ""}),
    Mutation("技能/证书", "证" * 121, "reject"),
    Mutation("流动情况", "外出务工", "accept", {"floating_note": "外出务工"}),
    Mutation("流动情况", "流" * 121, "reject"),
    Mutation("备注", "注" * 201, "reject"),
    Mutation("人员类别", "类" * 41, "reject"),
    Mutation("手机", lambda w: f"{w[:3]} {w[3:7]} {w[7:]}", "accept"),
    Mutation("手机", int, "accept"),
    Mutation("手机", lambda w: w[:10], "reject"),
    Mutation("手机", lambda w: w[:3] + "****" + w[7:], "accept", {"mobile": ""}),
    Mutation("现住址", "江苏省无锡市**", "accept", {"home_address": ""}),
    Mutation("现住址", "址" * 101, "reject"),
    Mutation("党费基数", "很多", "accept"),
    Mutation("政治面貌", "群众", "accept"),
    Mutation("备注", "=1+1", "accept", {"note": "=1+1"}),
)
#: For rows of a host, n % 4 != 0.
HOSTED: tuple[Mutation, ...] = (
    Mutation("组织关系所在地", "", "review"),
    Mutation("组织关系所在地", "演示甲党支部", "reject"),
    Mutation("组织关系状态", "双重管理", "accept", {"kind": "double", "stage": "surveyed"}),
    Mutation("组织关系状态", "流动党员", "accept", {"kind": "floating", "stage": ""}),
    Mutation("组织关系状态", "已转入", "review"),
    Mutation("原支部及联系人", "联" * 61, "reject"),
)
