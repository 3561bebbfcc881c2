"""Chinese words of the events and permissions of the funding floor."""

from liaoyuan.funding.choices.codes import Event, Permission

EVENT_TITLES: dict[str, str] = {
    Event.PROGRAMME_ENTERED: "建立资助计划",
    Event.PROGRAMME_CHANGED: "修改资助计划",
    Event.ROUND_PLANNED: "筹备一届",
    Event.ROUND_CHANGED: "修改一届的安排",
    Event.ROUND_FIGURES_PROPOSED: "起草本届参数",
    Event.ROUND_FIGURES_CONFIRMED: "确认本届参数",
    Event.ROUND_OPENED: "发布征集公告",
    Event.ROUND_EXTENDED: "延长申报",
    Event.ROUND_CANCELLED: "取消一届",
    Event.POOL_SET: "设定资金池",
    Event.QUOTA_SET: "设定名额",
    Event.NEED_ENTERED: "收集需求",
    Event.NEED_CHANGED: "修改需求",
    Event.NEED_PUBLISHED: "公布需求",
    Event.NEED_DROPPED: "不采用需求",
    Event.PROJECT_BEGUN: "开始填写申报书",
    Event.PROJECT_CHANGED: "修改申报书",
    Event.PROJECT_TEAM_CHANGED: "修改项目团队",
    Event.PROJECT_BUDGET_CHANGED: "修改项目预算",
    Event.PROJECT_CERTIFIED: "负责人确认申报书",
    Event.PROJECT_SUBMITTED: "提交申报",
    Event.PROJECT_WITHDRAWN: "撤回申报",
    Event.PROJECT_RETURNED: "退回补正",
    Event.PROJECT_DROPPED: "删除草稿",
}
PERMISSION_TITLES: dict[str, str] = {
    Permission.VIEW: "查看公益创投",
    Permission.EDIT: "办理公益创投",
    Permission.CONFIRM: "确认本届参数、批准公益创投的决定",
    Permission.STATS: "公益创投统计",
    Permission.NEED_EDIT: "登记社区需求",
    Permission.OWN_VIEW: "查看本组织的项目",
    Permission.OWN_EDIT: "填写本组织的申报书",
    Permission.OWN_CERTIFY: "以负责人身份确认申报书",
    Permission.PARAMETER_EDIT: "起草公益创投政策参数",
    Permission.PARAMETER_CONFIRM: "确认公益创投政策参数",
}
