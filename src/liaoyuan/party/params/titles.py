"""Chinese words of the events and permissions of the party floor."""

from liaoyuan.party.choices import Event, Permission

EVENT_TITLES: dict[str, str] = {
    Event.ORGANIZATION_ENTERED: "录入党组织",
    Event.ORGANIZATION_CHANGED: "调整党组织",
    Event.ORGANIZATION_DISSOLVED: "撤销党组织",
    Event.UNITS_CHANGED: "调整成员单位",
    Event.JOINED: "登记组织关系",
    Event.LEFT: "结束组织关系",
    Event.STAGE_CHANGED: "双隶属阶段变更",
    Event.FOUNDING_DRAFTED: "拟写设立党支部申请",
    Event.CEREMONY_SET: "安排成立大会",
    Event.BRANCH_FOUNDED: "党支部成立",
    Event.BRANCH_FILED: "设立备案",
    Event.TRANSFER_PLANNED: "拟转组织关系",
    Event.LETTER_ISSUED: "开具组织关系介绍信",
    Event.TRANSFER_ACCEPTED: "接收组织关系",
    Event.TRANSFER_REFUSED: "退回介绍信",
    Event.TRANSFER_CANCELLED: "撤销转接",
    Event.RECEIPT_BACK: "收到回执",
    Event.INSTRUCTOR_ENTERED: "登记指导员",
    Event.INSTRUCTOR_CHANGED: "修改指导员",
    Event.INSTRUCTOR_ASSIGNED: "指派指导员",
    Event.ASSIGNMENT_ENDED: "结束指导员联系",
    Event.VISITED: "记录走访",
    Event.FOLLOWED_UP: "办结走访问题",
    Event.SYNC_ANSWERED: "填写同步检查",
    Event.PILOT_CHOSEN: "选定试点",
    Event.PILOT_CLOSED: "试点有结果",
    Event.TABLE_EXPORTED: "导出党建统计表、迎检包",
}

PERMISSION_TITLES: dict[str, str] = {
    Permission.VIEW: "查看党组织",
    Permission.EDIT: "编辑党组织",
    Permission.APPROVE: "批复党组织的设立、调整、撤销",
    Permission.STATS: "查看党建统计",
    Permission.MEMBERS_VIEW: "查看党员名册",
    Permission.MEMBERS_EDIT: "编辑党员名册",
    Permission.IMPORT: "导入党员名册",
    Permission.EXPORT: "导出党员名册",
    Permission.LETTER_ISSUE: "开具组织关系介绍信",
    Permission.OWN_APPLY: "为本组织申请设立党支部",
    Permission.OWN_VIEW: "查看本组织的党建情况",
    Permission.LIFE_EDIT: "记录组织生活",
    Permission.VISIT: "记录走访",
}
