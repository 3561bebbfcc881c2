"""Chinese words of the register's events and permissions."""

from liaoyuan.registry.choices import Event, Permission

EVENT_TITLES: dict[str, str] = {
    Event.CREATED: "录入组织",
    Event.FACTS_CHANGED: "登记事项变更",
    Event.FACTS_CORRECTED: "登记事项更正",
    Event.CLOSED: "终止",
    Event.SUCCEEDED: "备案转登记",
    Event.RATED: "评估等级",
    Event.HONOURED: "荣誉",
    Event.LISTED: "列入信用名单",
    Event.UNLISTED: "移出信用名单",
    Event.NOTE: "记事",
    Event.CLAIMED: "提交认领申请",
    Event.CLAIM_APPROVED: "同意认领申请",
    Event.CLAIM_RETURNED: "退回认领申请",
    Event.CHARTER_APPROVED: "章程核准",
    Event.BRANCH_RECORDED: "设立分支机构",
    Event.IDLE_CHECKED: "检查长期无活动",
    Event.IDLE_ANSWERED: "核实长期无活动",
}

PERMISSION_TITLES: dict[str, str] = {
    Permission.VIEW: "查看组织",
    Permission.EDIT: "编辑登记组织",
    Permission.IMPORT: "导入",
    Permission.EXPORT: "导出",
    Permission.STATS: "查看统计",
    Permission.FILING_EDIT: "编辑备案组织",
    Permission.CREDIT_EDIT: "编辑信用名单",
    Permission.OWN_VIEW: "查看本组织",
    Permission.OWN_FILE: "上传本组织材料",
    Permission.CASE_DECIDE: "决定登记事项",
}
