"""Words of “我的钱到哪了”: what an instalment lacks, and what the body can do about it."""

from liaoyuan.funding.choices.awards import Waiting
from liaoyuan.funding.choices.money import TrancheTrigger

#: What is missing, by what the instalment waits for.
LACK_TITLES: dict[str, str] = {
    Waiting.AGREEMENT: "协议还没有签订",
    Waiting.PREPARE: "拨付审批表还没有填写",
    Waiting.APPROVE: "主办单位还没有签批审批表",
    Waiting.ORDER: "还没有列入付款文件",
    Waiting.PAY: "财务还没有付款",
}
#: What the body can do while a condition is waited for, by the condition.
CONDITION_HINT_TITLES: dict[str, str] = {
    TrancheTrigger.SIGNED: "协议签订以后自动具备，不用另外办理。",
    TrancheTrigger.STARTED: "项目开始实施以后请告诉承办单位，由承办单位登记启动。",
    TrancheTrigger.MID_PASSED: "请按时提交中期报告；中期评估合格以后才能拨付。",
    TrancheTrigger.ACCEPTED: "请按时提交结项材料；结项评估合格以后才能拨付。",
    TrancheTrigger.AUDITED: "请配合审计，把审计报告交给承办单位。",
}
#: What the body can do in the other cases.
HINT_TITLES: dict[str, str] = {
    "earlier": "前面一期付清以后，这一期自动接上。",
    "moving": "不用补材料；可以核对协议里的户名和账号。办理期限已过的，可以联系承办单位。",
    "agreement": "请核对协议草稿的金额、期限和账号，按通知签字盖章。",
    "paid": "请核对是否到账；没有到账的，凭付款凭证号联系财务。",
    "cancelled": "这一期不再拨付；有疑问请联系承办单位。",
}
