"""The sheet F08: its columns and notes. Identity numbers and ages are no columns."""

from liaoyuan.kit.sheets.writing import Column
from liaoyuan.party.choices.members import MEMBER_STATUS_TITLES
from liaoyuan.people.choices import GENDER_TITLES

#: 党员组织关系介绍信登记簿: the form's columns in its order, then what became of the letter.
LETTERS = (
    Column("编号", key="number", width=16, required=True), Column("姓名", key="name", required=True),
    Column("性别", key="gender", choices=tuple(GENDER_TITLES.values())), Column("民族", key="ethnicity"),
    Column("类型", key="status", width=12, choices=tuple(MEMBER_STATUS_TITLES.values())),
    Column("转出党支部", key="source", width=28, required=True), Column("转出党委", key="issuer", width=28),
    Column("转入党委", key="taker", width=28), Column("转入党支部", key="target", width=28, required=True),
    Column("党费交至", key="dues_until"), Column("开具日期", key="issued_on", width=12, required=True),
    Column("有效期(天)", key="valid_days", kind="number", required=True), Column("经办人", key="handled_by"),
    Column("接收日期", key="accepted_on", width=12, required=True), Column("回执日期", key="receipt_on", width=12),
    Column("状态", key="state", width=12), Column("备注", key="note", width=24),
)  # fmt: skip
