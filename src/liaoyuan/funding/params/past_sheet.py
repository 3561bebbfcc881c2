"""The sheet of a past round: its columns and notes, as the template shows them."""

from liaoyuan.kit.sheets.writing import Column

#: 历届申报和立项台账.
PAST_ROUND = (
    Column("年度", key="year", required=True, note="如 2020；也可写“2020 年第八届”。"),
    Column("届", key="edition", note="如“第八届”，可以不填。"),
    Column("项目编号", key="number", note="没有编号的留空，由系统编号。"),
    Column("项目名称", key="title", width=32, required=True),
    Column("申报组织", key="organization", width=32, required=True),
    Column("统一社会信用代码", key="code", width=22),
    Column("领域", key="field"), Column("落地街道", key="street", width=16),
    Column("申请金额(万元)", key="asked", kind="number", required=True),
    Column("预算总额(万元)", key="total", kind="number"),
    Column("是否进入现场评审", key="on_site", choices=("是", "否")),
    Column("评审得分", key="score", kind="number"), Column("名次", key="place", kind="number"),
    Column("是否立项", key="funded", choices=("是", "否"), required=True),
    Column("立项金额(万元)", key="granted", kind="number"),
    Column("资金来源", key="source", choices=("区级", "街道", "福彩公益金", "上级资金", "社会捐赠", "其他")),
    Column("状态", key="outcome", note="立项的写结项等级，如优秀、合格、已终止；没有立项的可写资格不通过、已撤回。"),
    Column("备注", key="note", width=24),
)  # fmt: skip
