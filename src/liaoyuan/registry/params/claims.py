"""What a claim (认领) is bound to: terms, wording of its refusals, and the notice to whom makes one."""

from liaoyuan.registry.choices import Post

#: A claim that nobody decided is out of date after so many days, computed when it is read.
CLAIM_DAYS = 30
#: The office answers within so many working days (handbook §7.1: the product's own default).
CLAIM_WORKDAYS = 5
#: At most so many claims of one body wait at a time: what is beyond them is noise.
CLAIM_OPEN = 20
#: Version of the notice that was shown and agreed to (personal information protection law, article 17); kept per claim.
CLAIM_NOTICE = "2026-1"

POST_TITLES: dict[str, str] = {
    Post.REPRESENTATIVE: "法定代表人",
    Post.HEAD: "负责人",
    Post.OTHER: "其他",
}

STATE_TITLES: dict[str, str] = {
    "open": "待核",
    "approved": "已同意",
    "returned": "已退回",
    "expired": "已过期",
}

#: What is stored, why, how long, and by whom: shown above the form.
NOTICE_MESSAGES: tuple[str, ...] = (
    "用途：登记管理机关核实您能否代表这个组织开通账号，不作他用。",
    "保存的内容：姓名、身份、手机号、核实办法。手机号加密保存，只有负责核实的工作人员写明事由后才能看到，每次查看都有记录。",
    "保存的时间：手机号在答复时删除；30 天内没有答复的，申请作废，手机号不再显示并随后删除。其余内容随办理记录保存。",
    "您可以不填写，改为到登记管理机关或街道（镇）当面办理。",
)

#: What the rules of claims say; `{…}` are a finding's arguments.
CLAIM_MESSAGES: dict[str, str] = {
    "CLAIM.claimant": "请填写您的姓名，不超过 40 个字。",
    "CLAIM.post": "请选择您在这个组织的身份。",
    "CLAIM.mobile": "请填写 11 位手机号。",
    "CLAIM.words": "请写明登记管理机关可以怎样核实，2 到 200 个字。",
    "CLAIM.notice": "须同意个人信息的使用说明，才能提交。",
    "CLAIM.body": "这个组织已经终止，不能开通账号。",
    "CLAIM.many": "这个组织的待核申请太多，请联系登记管理机关当面办理。",
    "CLAIM.decided": "这份申请已由{name}于 {day} 办理（{state}）。",
    "CLAIM.expired": "这份申请已超过 {days} 天，已过期，不能再办理。",
    "CLAIM.reason": "请写明退回的理由，申请人凭申请码可以看到。",
    "CLAIM.gone": "手机号已删除：这份申请已办理或已过期。",
    "CLAIM.waiting": "您 {day} 提交的申请正在核实，{due} 以前答复。",
    "CLAIM.waiting_provisional": (
        "您 {day} 提交的申请正在核实，预计 {due} 以前答复（当年的工作日历尚未公布，日期为暂定）。"
    ),
    "CLAIM.returned": "您 {day} 提交的申请已退回，理由：{reason}。补充后可以重新申请。",
    "CLAIM.past": "您 {day} 提交的申请超过 {days} 天没有办理，已过期。请重新申请，或者联系登记管理机关。",
}
