"""LST: the procedure by which a body comes onto the abnormal list and off it; and the days of publicity of conclusions.

The handbook marks the figures as knowledge (§1.8, §11.5): they ship as drafts and warn at most.
"""

from collections.abc import Mapping
from typing import Any

from liaoyuan.registry.params.table import CREDIT, CREDIT_RULE, MF, OWN, Statement, row

STATEMENTS = (
    Statement(
        "LST-01", "两次信函的间隔",
        "以无法取得联系为由列入的，向登记的住所先后寄送两次专用信函，两次间隔 15 至 30 日，都无人签收。",
        "listing", ("list_letter",),
        (
            row("LST-01", True, CREDIT_RULE, since=CREDIT, mark="K"),
            row("listing.letter_gap_min", 15, CREDIT_RULE, since=CREDIT, mark="K"),
            row("listing.letter_gap_max", 30, CREDIT_RULE, since=CREDIT, mark="K"),
        ),
        {
            "LST-01": "两次信函相隔 {days} 日，应不少于 {least} 日。",
            "LST-01.late": "两次信函相隔 {days} 日，应不超过 {most} 日。",
        },
    ),
    Statement(
        "LST-02", "陈述申辩的期限",
        "列入名单之前书面告知事实、理由、依据和陈述申辩的权利，自送达之日起 10 个工作日内可以提出；"
        "期满或者听取之后才作决定。",
        "listing", ("list_decide",),
        (
            row("LST-02", True, CREDIT_RULE, since=CREDIT, mark="K"),
            row("listing.hearing_workdays", 10, CREDIT_RULE, since=CREDIT, mark="K"),
        ),
        {
            "LST-02": "告知书送达于 {told}，陈述申辩期至 {last}，{decided} 作决定早于期满。",
            "LST-02.provisional": "告知书送达于 {told}，陈述申辩期至 {last}（跨入工作日历未公布的年份，"
            "暂按周一至周五推算），{decided} 作决定早于期满。",
        },
    ),
    Statement(
        "LST-03", "移出活动异常名录",
        "已履行义务、改正的，可以申请移出活动异常名录；没有可以改正的，列入满 6 个月后移出。",
        "listing", ("list_remove",),
        (
            row("LST-03", True, CREDIT_RULE, since=CREDIT, mark="K"),
            row("listing.abnormal_months_min", 6, CREDIT_RULE, since=CREDIT, mark="K"),
        ),
        {"LST-03": "自 {listed} 列入活动异常名录，没有改正的满 {months} 个月、最早 {earliest} 移出，现为 {removed}。"},
    ),
    Statement(
        "LST-04", "补报后移出",
        "因未按规定报送年度报告列入活动异常名录的，补报并有结论后移出。",
        "listing", ("list_remove",),
        (row("LST-04", True, CREDIT_RULE, since=CREDIT, mark="K"),),
        {"LST-04": "因未报送年度报告列入活动异常名录，还没有补报的结论。"},
    ),
)  # fmt: skip

#: Figures that an action reads and no rule weighs.
ANNUAL_PARAMETERS: tuple[Mapping[str, Any], ...] = (
    row("publicity.annual_workdays", 5, OWN, since=MF, mark="D"),
    row("correction.annual_workdays", 10, OWN, since=MF, mark="D"),
    row("papers.annual_check", ["业务主管单位初审意见"], OWN, since=MF, mark="D"),
    row("papers.annual_foundation", ["审计报告"], OWN, since=MF, mark="D"),
    row("papers.annual_charity", ["财务会计报告"], OWN, since=MF, mark="D"),
)
LISTING_PARAMETER_TITLES: dict[str, str] = {
    "publicity.annual_workdays": "年报结论的公示天数（工作日）",
    "correction.annual_workdays": "年报补正的期限（工作日）",
    "papers.annual_check": "年检的材料清单",
    "papers.annual_foundation": "基金会年度报告的材料清单",
    "papers.annual_charity": "慈善组织年报的材料清单",
    "listing.letter_gap_min": "两次专用信函最少间隔（日）",
    "listing.letter_gap_max": "两次专用信函最多间隔（日）",
    "listing.hearing_workdays": "陈述申辩的期限（工作日）",
    "listing.abnormal_months_min": "没有改正的最少在异常名录多少个月",
}
