"""CHA-04 and FIL-04: what the handbook says of recognitions and filings without a number (§1.9, §1.11)."""

from liaoyuan.registry.params.table import CHARITY, FILING, RECOGNITION, Statement, row

STATEMENTS = (
    Statement(
        "FIL-04", "不属于备案范围的组织",
        "业主委员会、居（村）民委员会及其工作机构不作为社区社会组织备案。",
        "filing", ("save",),
        (
            row("FIL-04", True, "四川省社区社会组织管理有关规定（2023）；地方规定", since=FILING, mark="K"),
            row(
                "filing.excluded_words", ["业主委员会", "业主大会", "居民委员会", "村民委员会", "居务监督委员会"],
                "四川省社区社会组织管理有关规定（2023）；地方规定", since=FILING, mark="K",
            ),
        ),
        {"FIL-04": "名称中有“{word}”：这类组织不作为社区社会组织备案，请核对。"},
        jurisdiction="domicile",
    ),
    Statement(
        "CHA-04", "慈善组织认定的条件",
        "申请认定为慈善组织的：以开展慈善活动为宗旨；上一年度慈善活动支出和管理费用符合规定；收益和结余全部用于慈善目的，"
        "财产没有分配，章程载明剩余财产转给其他慈善组织；有健全的财务制度和合理的薪酬制度。",
        "charity", ("procedure_submit", "procedure_decide"),
        (row("CHA-04", True, RECOGNITION + "第四条", since=CHARITY, severity="block"),),
        {
            "CHA-04.purpose": "没有确认以开展慈善活动为宗旨、业务范围符合慈善法。",
            "CHA-04.ratios": "没有确认上一年度慈善活动的年度支出和管理费用符合规定。",
            "CHA-04.distribution": "没有确认收益和营运结余全部用于慈善目的、财产没有分配。",
            "CHA-04.remainder": "没有确认章程载明剩余财产转给宗旨相同或者相近的其他慈善组织。",
            "CHA-04.finance": "没有确认财务制度健全、薪酬制度合理。",
        },
    ),
)  # fmt: skip
