"""The sheet F24: its columns and notes."""

from liaoyuan.kit.sheets.writing import Column

#: 阵地登记表: our own columns stand beside those of the form.
VENUES = (
    Column("名称", key="name", width=24, required=True), Column("党组织", key="party", width=28, required=True),
    Column("地址", key="address", width=32, required=True), Column("面积", key="square_metres", kind="number"),
    Column("提供单位", key="provider", width=24),
    Column("共建单位", key="shared_by", width=24, note="几个单位用顿号隔开。"),
    Column("开放时间", key="hours", width=20), Column("负责人", key="keeper"),
    Column("设备", key="equipment", width=24),
    Column("六有", key="signs", width=24, note="已有的项目，用顿号隔开。"),
    Column("照片", key="photos", kind="number"),
    Column("预约", key="is_open", width=14, choices=("可预约", "不可预约")),
)  # fmt: skip
