"""Chinese words of the events and permissions of the people floor."""

from liaoyuan.people.choices import Event, Permission

EVENT_TITLES: dict[str, str] = {
    Event.ENTERED: "录入人员",
    Event.CORRECTED: "更正人员资料",
    Event.APPOINTED: "任职",
    Event.POST_ENDED: "离任",
    Event.POST_CORRECTED: "更正任职",
    Event.EMPLOYED: "入职",
    Event.EMPLOYMENT_ENDED: "离职",
    Event.CERTIFIED: "登记社工证书",
    Event.CERTIFICATE_CHANGED: "社工证书变更",
    Event.TRAINED: "继续教育",
    Event.VOLUNTEERED: "注册志愿者",
    Event.SERVED: "志愿服务",
    Event.HONOURS_PUBLISHED: "公布志愿者表彰名单",
    Event.HONOURS_WITHDRAWN: "撤下志愿者表彰名单",
    Event.MERGED: "合并人员",
    Event.SPLIT: "拆分人员",
    Event.NAMES_REVIEWED: "核定姓名",
}

PERMISSION_TITLES: dict[str, str] = {
    Permission.VIEW: "查看人员",
    Permission.EDIT: "编辑人员",
    Permission.IMPORT: "导入人员",
    Permission.EXPORT: "导出人员",
    Permission.STATS: "查看人员统计",
    Permission.OWN_VIEW: "查看本组织人员",
    Permission.OWN_EDIT: "编辑本组织人员",
}
