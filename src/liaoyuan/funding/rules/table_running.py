"""REV, PUB, CON, PAY, MID, EXE, FIN and SAN: functions, facts and worked examples."""

from liaoyuan.funding.rules import payments, projects, reviews
from liaoyuan.funding.rules.asked import ON, Asked
from liaoyuan.funding.rules.facts.payments import PAYMENT
from liaoyuan.funding.rules.facts.projects import PROJECT
from liaoyuan.funding.rules.facts.reviews import PUBLICITY, REVIEW

_FULL = [{"item": item, "points": points} for item, points in
         (("need", 2_000), ("goals", 900), ("plan", 1_850), ("novelty", 800), ("team", 1_400), ("budget", 1_500),
          ("lasting", 500), ("party", 500))]  # fmt: skip
_TRANCHES = [{"no": 1, "percent": 50}, {"no": 2, "percent": 30}, {"no": 3, "percent": 20}]
_YEAR = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
_PAPERS = [
    "征集公告", "申报书", "资格审查记录", "评分表", "公示记录", "协议", "预算表", "拨付凭证", "活动记录", "中期报告",
    "结项报告", "决算表", "变更材料", "满意度调查", "评估意见", "绩效公开",
]  # fmt: skip

ASKED: dict[str, Asked] = {
    "GV-REV-01": Asked(REVIEW, reviews.experts, ("experts",), (
        ({"experts": 5}, ON, ()),
        ({"experts": 3}, ON, ("GV-REV-01",)),
        ({"experts": 6}, ON, ("GV-REV-01",)),
    )),
    "GV-REV-02": Asked(REVIEW, reviews.recusal, ("declared", "conflicts"), (
        ({"declared": True, "conflicts": [{"kind": "post", "ended_on": "2024-04-20"}]}, ON, ()),
        ({"declared": True, "conflicts": [{"kind": "post", "ended_on": "2024-04-21"}]}, ON, ("GV-REV-02",)),
        ({"declared": True, "conflicts": [{"kind": "relative"}]}, ON, ("GV-REV-02",)),
    )),
    "GV-REV-03": Asked(REVIEW, reviews.sheet, ("scores", "signed_on", "changed", "annulled"), (
        ({"scores": _FULL}, ON, ()),
        ({"scores": _FULL[:-1]}, ON, ("GV-REV-03",)),
        ({"scores": [*_FULL[1:], {"item": "need", "points": 2_001}]}, ON, ("GV-REV-03",)),
    )),
    "GV-REV-04": Asked(REVIEW, reviews.summing, ("ties_announced", "totals"), (
        ({"ties_announced": True, "totals": [8_000, 8_100, 8_200, 8_300, 8_400]}, ON, ()),
        ({"ties_announced": True, "totals": [8_000, 8_100, 8_200]}, ON, ("GV-REV-04",)),
    )),
    "GV-REV-05": Asked(REVIEW, reviews.spread, ("totals", "discussed"), (
        ({"totals": [7_000, 8_000, 9_000]}, ON, ()),
        ({"totals": [7_000, 8_000, 9_001]}, ON, ("GV-REV-05",)),
    )),
    "GV-PUB-01": Asked(PUBLICITY, reviews.publicity, ("projects", "published_on", "ends_on"), (
        ({"published_on": "2026-04-10", "ends_on": "2026-04-17"}, ON, ()),
        ({"published_on": "2026-04-10", "ends_on": "2026-04-16"}, ON, ("GV-PUB-01",)),
    )),
    "GV-PUB-02": Asked(PUBLICITY, reviews.objections, ("objections",), (
        ({"objections": [{"received_on": "2026-04-13"}]}, ON, ()),
        ({"objections": [{"received_on": "2026-04-10"}]}, ON, ("GV-PUB-02",)),
    )),
    "GV-PUB-03": Asked(PUBLICITY, reviews.harmless, ("columns",), (
        ({"columns": ["项目名称", "申报组织", "资助金额"]}, ON, ()),
        ({"columns": ["项目名称", "负责人手机"]}, ON, ("GV-PUB-03",)),
    )),
    "GV-CON-01": Asked(
        PAYMENT, payments.signing, ("publicity_ends_on", "open_objections", "project_approved_on", "signed_on"), (
            ({"publicity_ends_on": "2026-04-17", "signed_on": "2026-04-18", "open_objections": 0}, ON, ()),
            ({"publicity_ends_on": "2026-04-17", "signed_on": "2026-04-17", "open_objections": 0}, ON, ("GV-CON-01",)),
            ({"publicity_ends_on": "2026-04-17", "signed_on": "2026-04-18", "open_objections": 1}, ON, ("GV-CON-01",)),
        )),
    "GV-CON-02": Asked(
        PAYMENT, payments.contents, ("approved_fen", "contract_fen", "approved_body", "body", "account"), (
            ({"approved_fen": 5_000_000, "contract_fen": 5_000_000}, ON, ()),
            ({"approved_fen": 5_000_000, "contract_fen": 5_000_001}, ON, ("GV-CON-02",)),
            ({"body": "甲社会工作服务中心", "account": "乙某"}, ON, ("GV-CON-02",)),
        )),
    "GV-PAY-01": Asked(
        PAYMENT, payments.tranche, ("tranches", "met", "tranche_no", "tranche_fen", "paid_fen", "contract_fen"), (
            ({"tranches": _TRANCHES, "met": [{"trigger": "signed", "on": "2026-04-20"}], "tranche_no": 1,
              "tranche_fen": 2_500_000, "contract_fen": 5_000_000}, ON, ()),
            ({"tranches": _TRANCHES, "met": [{"trigger": "signed", "on": "2026-04-20"}], "tranche_no": 1,
              "tranche_fen": 2_500_001, "contract_fen": 5_000_000}, ON, ("GV-PAY-01",)),
            ({"tranches": _TRANCHES, "met": [{"trigger": "signed", "on": "2026-04-20"}], "tranche_no": 2,
              "tranche_fen": 1_500_000, "paid_fen": 2_500_000, "contract_fen": 5_000_000}, ON, ("GV-PAY-01",)),
        )),
    "GV-PAY-02": Asked(PAYMENT, payments.in_time, ("tranches", "met"), (
        ({"tranches": _TRANCHES, "met": [{"trigger": "signed", "on": "2026-04-20"}]}, ON, ()),
        ({"tranches": _TRANCHES, "met": [{"trigger": "signed", "on": "2026-03-20"}]}, ON, ()),
    )),
    "GV-PAY-03": Asked(PAYMENT, payments.withheld, ("tranche_no", "mid_outcome", "overdue_reports"), (
        ({"tranche_no": 2, "mid_outcome": "passed", "overdue_reports": 0}, ON, ()),
        ({"tranche_no": 2, "mid_outcome": "rectify", "overdue_reports": 0}, ON, ("GV-PAY-03",)),
        ({"tranche_no": 1, "overdue_reports": 1}, ON, ()),
    )),
    "GV-PAY-04": Asked(PAYMENT, payments.hands, ("preparer", "approver", "payer"), (
        ({"preparer": "甲某", "approver": "乙某", "payer": "丙某"}, ON, ()),
        ({"preparer": "甲某", "approver": "乙某", "payer": "甲某"}, ON, ("GV-PAY-04",)),
    )),
    "GV-MID-01": Asked(PROJECT, projects.mid_check, ("starts_on", "ends_on", "mid_checked_on"), (
        (_YEAR, "2026-08-07", ()),
        (_YEAR, "2026-08-08", ("GV-MID-01",)),
        ({**_YEAR, "mid_checked_on": "2026-06-14"}, "2026-08-08", ()),
        ({**_YEAR, "mid_checked_on": "2026-06-13"}, "2026-08-08", ("GV-MID-01",)),
    )),
    "GV-EXE-01": Asked(
        PROJECT, projects.within, ("activity_on", "activity_place", "starts_on", "ends_on", "places"), (
            ({**_YEAR, "activity_on": "2026-12-31"}, ON, ()),
            ({**_YEAR, "activity_on": "2027-01-01"}, ON, ("GV-EXE-01",)),
        )),
    "GV-EXE-02": Asked(PROJECT, projects.amendment, ("amended", "approved", "classes"), (
        ({"classes": [{"budget_class": "B06", "approved_fen": 100_000, "new_fen": 110_000}]}, ON, ()),
        ({"classes": [{"budget_class": "B06", "approved_fen": 100_000, "new_fen": 110_001}]}, ON, ("GV-EXE-02",)),
        ({"amended": ["leader"]}, ON, ("GV-EXE-02",)),
    )),
    "GV-EXE-03": Asked(PROJECT, projects.photos, ("same_photos",), (
        ({"same_photos": []}, ON, ()),
        ({"same_photos": ["重阳慰问（3月）"]}, ON, ("GV-EXE-03",)),
    )),
    "GV-FIN-01": Asked(PROJECT, projects.final_papers, ("ends_on", "final_received_on"), (
        ({"ends_on": "2026-03-21"}, ON, ()),
        ({"ends_on": "2026-03-20"}, ON, ("GV-FIN-01",)),
    )),
    "GV-FIN-02": Asked(PROJECT, projects.completion, ("indicators", "grade", "reason"), (
        ({"grade": "passed", "indicators": [{"name": "服务人次", "target": 500, "reached": 400}]}, ON, ()),
        ({"grade": "passed", "indicators": [{"name": "服务人次", "target": 500, "reached": 399}]}, ON, ("GV-FIN-02",)),
    )),
    "GV-FIN-04": Asked(PROJECT, projects.unused, ("unused_fen", "unused_since", "reuse_agreed", "ends_on"), (
        ({"ends_on": "2026-04-20", "unused_fen": 120_000}, ON, ()),
        ({"ends_on": "2026-04-19", "unused_fen": 120_000}, ON, ("GV-FIN-04",)),
        ({"unused_fen": 120_000, "unused_since": "2024-04-20"}, ON, ("GV-FIN-04",)),
    )),
    "GV-FIN-05": Asked(PROJECT, projects.archive, ("papers", "grant_fen", "audited"), (
        ({"papers": _PAPERS}, ON, ()),
        ({"papers": _PAPERS[1:]}, ON, ("GV-FIN-05",)),
    )),
    "GV-SAN-01": Asked(PROJECT, projects.sanction, ("misconduct", "misconduct_on", "credit_recorded"), (
        ({"misconduct": []}, ON, ()),
        ({"misconduct": ["fraud"], "misconduct_on": "2026-04-20", "credit_recorded": True}, ON, ("GV-SAN-01",)),
    )),
}  # fmt: skip
