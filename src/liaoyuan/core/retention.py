"""How long which data is kept, on what ground, and what happens then: the shipped table, one dated parameter a class.

Handbook §6.2 and §7.1. Marks: V seen in the text, D this product's choice, K from knowledge (a draft until an officer
confirms it). A class of a floor that is not built yet stands here as well and is not run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PIPL = "《个人信息保护法》第十九条、第四十七条"
_SINCE = "2021-11-01"
_NOTES = {
    "V": "已见于文本副本",
    "D": "本系统的约定，不是法规条文",
    "K": "凭经验，未见原文，待本地确认",
}
#: A year in days, as retention counts.
YEAR = 365


@dataclass(frozen=True, slots=True)
class Kept:
    """One class of data. `days` None = for ever; `since` says from when they count, `then` what happens."""

    code: str
    title: str
    days: int | None
    since: str
    then: str
    basis: str
    mark: str
    built: bool = True

    @property
    def key(self) -> str:
        """The parameter that holds the days."""
        return f"retention.{self.code}"


#: The parameter that lets a job run the classes once a day.
BY_CLOCK = "retention.by_clock"
#: Classes of data in the order of the page.
TABLE: dict[str, Kept] = {
    entry.code: entry
    for entry in (
        Kept("sessions", "登录会话", 30, "过期之日", "删除", _PIPL, "D"),
        Kept("staging_raw", "导入文件的原始单元格", 90, "批次办结之日", "清空，导入结果保留", _PIPL, "D"),
        Kept("staging_discarded", "放弃的导入批次", 30, "上传之日", "删除各行", _PIPL, "D"),
        Kept("comparisons", "对账比出的差异", YEAR, "对账之日", "删除各处差异；处理结论保留，不含内容", _PIPL, "D"),
        Kept("superseded_contacts", "被更正的联系电话、负责人身份证号", YEAR, "被更正之日", "清空", _PIPL, "D"),
        Kept("closed_contacts", "已终止组织的联系电话、负责人身份证号", 3 * YEAR, "终止之日",
             "清空，并销毁日志密钥", _PIPL, "D"),
        Kept("requests", "个人信息请求的内容和答复", 3 * YEAR, "答复之日", "清空内容，保留结果", _PIPL, "D"),
        Kept("members_left", "离开党组织的党员的资料", 3 * YEAR, "离开之日", "清空资料，只留日期；销毁日志密钥",
             _PIPL, "D"),
        Kept("applicants_closed", "已结束培养的入党申请人的资料", 3 * YEAR, "结束之日",
             "清空资料，只留日期；销毁日志密钥", _PIPL, "D"),
        Kept("dues_bases", "不再适用的党费基数", 3 * YEAR, "更替之日", "清空基数，应交和实交保留", _PIPL, "D"),
        Kept("award_objectors", "公示异议人的姓名和联系方式", YEAR, "答复之日", "清空，异议和答复保留", _PIPL, "D"),
        Kept("audit_log", "审计日志", None, "", "永久保存；其中的敏感值随对象删除",
             "《网络安全法》第二十一条（不少于六个月）", "V"),
        Kept("registration", "社会组织登记档案", None, "", "永久保存", "民发〔2010〕101号", "V"),
        Kept("procurement", "政府采购文件", 15 * YEAR, "采购结束之日", "经两人鉴定后销毁", "《政府采购法》第四十二条",
             "V", built=False),
        Kept("transfer_stubs", "党员组织关系介绍信存根", 10 * YEAR, "开具之日", "删除",
             "《中国共产党党员教育管理工作条例》", "V", built=False),
        Kept("vouchers", "会计凭证", 30 * YEAR, "会计年度终了", "经鉴定后销毁", "《会计档案管理办法》", "K",
             built=False),
        Kept("meetings", "三会一课和会议记录", 30 * YEAR, "当年终了",
             "删除签到表、落实事项，清空会议记录；决议、表决和选举结果永久保存", "本系统约定", "D"),
        Kept("meeting_photos", "会议照片和材料", 30 * YEAR, "当年终了", "移除，内容在下一次核验过的备份后删除",
             "本系统约定", "D"),
        Kept("meeting_notices", "会议通知的记录", 10 * YEAR, "会议日期", "删除", "本系统约定", "D"),
        Kept("meeting_drafts", "没有开成的会议的签到表和草稿", YEAR, "会议日期", "删除签到表，清空草稿", _PIPL, "D"),
        Kept("projects", "立项项目档案", 30 * YEAR, "项目结束之日", "鉴定后处理", "本系统约定", "D", built=False),
        Kept("projects_declined", "未立项的申报", 10 * YEAR, "评审结束之日", "删除", "本系统约定", "D", built=False),
        Kept("beneficiaries", "服务对象原始资料", 3 * YEAR, "项目结束之日", "去标识化", _PIPL, "D", built=False),
        Kept("impact", "个人信息保护影响评估报告", 3 * YEAR, "完成之日", "删除", "《个人信息保护法》第五十六条", "V",
             built=False),
    )
}  # fmt: skip

#: Names of the parameters of this file.
PARAMETER_TITLES: dict[str, str] = {
    "retention.sessions": "保存期限（日）：登录会话",
    "retention.staging_raw": "保存期限（日）：导入文件的原始单元格",
    "retention.staging_discarded": "保存期限（日）：放弃的导入批次",
    "retention.comparisons": "保存期限（日）：对账比出的差异",
    "retention.superseded_contacts": "保存期限（日）：被更正的联系电话、负责人身份证号",
    "retention.closed_contacts": "保存期限（日）：已终止组织的联系电话、负责人身份证号",
    "retention.requests": "保存期限（日）：个人信息请求的内容和答复",
    "retention.members_left": "保存期限（日）：离开党组织的党员的资料",
    "retention.applicants_closed": "保存期限（日）：已结束培养的入党申请人的资料",
    "retention.dues_bases": "保存期限（日）：不再适用的党费基数",
    "retention.award_objectors": "保存期限（日）：公示异议人的姓名和联系方式",
    "retention.audit_log": "保存期限（日）：审计日志",
    "retention.registration": "保存期限（日）：社会组织登记档案",
    "retention.procurement": "保存期限（日）：政府采购文件",
    "retention.transfer_stubs": "保存期限（日）：党员组织关系介绍信存根",
    "retention.vouchers": "保存期限（日）：会计凭证",
    "retention.meetings": "保存期限（日）：三会一课和会议记录",
    "retention.meeting_photos": "保存期限（日）：会议照片和材料",
    "retention.meeting_notices": "保存期限（日）：会议通知的记录",
    "retention.meeting_drafts": "保存期限（日）：没有开成的会议的签到表和草稿",
    "retention.projects": "保存期限（日）：立项项目档案",
    "retention.projects_declined": "保存期限（日）：未立项的申报",
    "retention.beneficiaries": "保存期限（日）：服务对象原始资料",
    "retention.impact": "保存期限（日）：个人信息保护影响评估报告",
    BY_CLOCK: "每天自动清理超过保存期限的数据",
    "privacy.request_workdays": "个人信息请求的答复期限（工作日）",
    "privacy.export_rows": "一次导出敏感信息原文的最多行数",
    "privacy.reveal_seconds": "核心敏感信息显示的秒数",
}


def _row(key: str, value: Any, source: str, mark: str, since: str = _SINCE) -> Mapping[str, Any]:
    return {
        "key": key, "jurisdiction": "national", "valid_from": since, "valid_to": None, "value": value,
        "severity": "warn", "status": "draft" if mark == "K" else "confirmed", "source": source,
        "note": _NOTES[mark],
    }  # fmt: skip


PARAMETERS: tuple[Mapping[str, Any], ...] = (
    *(_row(entry.key, entry.days, entry.basis, entry.mark) for entry in TABLE.values()),
    # Erasing is for good: no installation does it by itself before its district has looked at the days and said so.
    _row(BY_CLOCK, False, "本系统约定", "D"),
    _row("privacy.request_workdays", 15, "本系统约定", "D"),
    _row("privacy.export_rows", 200, "本系统约定", "D"),
    _row("privacy.reveal_seconds", 60, "本系统约定", "D"),
)
