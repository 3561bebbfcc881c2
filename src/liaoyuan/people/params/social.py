"""SW, VOL and PRI: social workers, service of volunteers, grounds of processing (handbook §5, §7.1)."""

from collections.abc import Mapping
from typing import Any

from liaoyuan.registry.params.table import ALWAYS, OWN, Statement, row

_REGISTRATION = "《社会工作者职业水平证书登记办法》"
_EXAM = "《社会工作者职业水平评价暂行规定》"
_SENIOR = "人社部规〔2018〕2号"
_PIPL = "《个人信息保护法》第十三条、第二十八条至第三十条"
_PI = "2021-11-01"

STATEMENTS: tuple[Statement, ...] = (
    Statement(
        "SW-01", "社会工作者证书",
        "证书级别、管理号、批准日期齐全；登记有效期不超过 36 个月，期满前办理再登记。",
        "social_worker", ("person_daily",),
        (
            row("SW-01", True, _REGISTRATION, since=ALWAYS, mark="K"),
            row("certificate.registered_months", 36, _REGISTRATION, since=ALWAYS, mark="K"),
            row("certificate.remind_days", 90, OWN, since=ALWAYS, mark="D"),
        ),
        {
            "SW-01": "证书登记有效期至 {last}，还有 {days} 日，请准备再登记。",
            "SW-01.over": "证书登记有效期已于 {last} 届满。",
            "SW-01.missing": "证书缺少{what}。",
            "SW-01.order": "“{later}”早于“{earlier}”，请核对。",
            "SW-01.long": "登记有效期 {first} 至 {last}，超过 {months} 个月。",
        },
    ),
    Statement(
        "SW-02", "报考条件试算",
        "按学历、专业和从事社会工作的年限，试算可否报考助理社会工作师、社会工作师、高级社会工作师。",
        "social_worker", ("helper",),
        (
            row("SW-02", True, _EXAM, since=ALWAYS, severity="info"),
            row(
                "exam.assistant_years",
                {"secondary": [4, 4], "college": [2, 4], "bachelor": [0, 2], "master": [0, 2], "doctor": [0, 2]},
                _EXAM, since=ALWAYS,
            ),
            row(
                "exam.worker_years",
                {"secondary": [6, 6], "college": [4, 6], "bachelor": [3, 5], "master": [1, 3], "doctor": [0, 2]},
                _EXAM, since=ALWAYS,
            ),
            row(
                "exam.senior_years", {"bachelor": [5, 5], "master": [5, 5], "doctor": [5, 5]}, _SENIOR, since=ALWAYS,
                mark="K",
            ),
        ),
        {
            "SW-02": "报考{level}须从事社会工作满 {need} 年，现为 {years} 年。",
            "SW-02.education": "所填学历不能报考{level}。",
            "SW-02.held": "报考{level}须先取得{held}证书。",
        },
    ),
    Statement(
        "VOL-03", "志愿服务时长",
        "一名志愿者一天的服务时长不超过 24 小时，同一时段不重复记录。",
        "service_record", ("service",),
        (
            row("VOL-03", True, OWN, since=ALWAYS, severity="block", mark="D"),
            row("volunteer.day_minutes", 1440, OWN, since=ALWAYS, mark="D"),
        ),
        {
            "VOL-03": "{day} 的服务时长合计 {hours} 小时，超过 {most} 小时。",
            "VOL-03.overlap": "{day} 的这一时段已有另一条服务记录。",
        },
    ),
    Statement(
        "VOL-06", "志愿者信息的公开",
        "未经志愿者同意，不公开其个人信息。",
        "service_record", ("publish",),
        (row("VOL-06", True, "《志愿服务条例》第二十条", since="2017-12-01", severity="block"),),
        {
            "VOL-06": "{name} 没有同意公开，不能列入公布的名单。",
            "VOL-06.withdrawn": "{name} 已于 {day} 撤回同意，不能列入公布的名单。",
        },
    ),
    Statement(
        "PRI-01", "敏感个人信息的处理依据",
        "保存身份证号、手机、出生日期等敏感个人信息，须有明确的处理依据；依据为本人同意的，登记同意书编号。",
        "personal_data", ("person",),
        (row("PRI-01", True, _PIPL, since=_PI, severity="block"),),
        {
            "PRI-01": "填写了{what}，须选择处理依据。",
            "PRI-01.consent": "处理依据为本人同意的，须填写同意书编号。",
        },
    ),
)  # fmt: skip

PARAMETERS: tuple[Mapping[str, Any], ...] = tuple(entry for statement in STATEMENTS for entry in statement.rows)

PARAMETER_TITLES: dict[str, str] = {
    "certificate.registered_months": "社工证书登记有效期上限（月）",
    "certificate.remind_days": "社工证书登记到期提前提醒的天数",
    "exam.assistant_years": "报考助理社会工作师的年限（社工专业、其他专业）",
    "exam.worker_years": "报考社会工作师的年限（社工专业、其他专业）",
    "exam.senior_years": "报考高级社会工作师的年限",
    "volunteer.day_minutes": "志愿服务一天最长时间（分钟）",
}
