"""Core's own data: titles of its events and permissions."""

from liaoyuan.core.choices import Event, Permission

#: Chinese words of core's events, as timelines and the audit console show them.
EVENT_TITLES: dict[str, str] = {
    Event.LOGIN: "登录",
    Event.LOGIN_FAILED: "登录失败",
    Event.LOGOUT: "退出",
    Event.LOCKED: "账号锁定",
    Event.UNLOCKED: "账号解锁",
    Event.PASSWORD_CHANGED: "修改密码",
    Event.PASSWORD_RESET: "重置密码",
    Event.TOTP_ON: "启用动态口令",
    Event.TOTP_OFF: "停用动态口令",
    Event.USER_CREATED: "新建账号",
    Event.USER_CLOSED: "停用账号",
    Event.GRANTED: "授予角色",
    Event.GRANT_ENDED: "收回角色",
    Event.INVITED: "发出邀请",
    Event.INVITATION_USED: "使用邀请",
    Event.INVITATION_REVOKED: "撤回邀请",
    Event.SEPARATION_SET: "设定职责分离级别",
    Event.PARAMETER_EDITED: "编辑参数",
    Event.PARAMETER_CONFIRMED: "确认参数",
    Event.CALENDAR_EDITED: "编辑工作日历",
    Event.AREA_EDITED: "编辑区划",
    Event.CLOCK_SET: "调整练习时钟",
    Event.IMPORT_STAGED: "上传待导入文件",
    Event.IMPORT_ROW_DECIDED: "处理待核行",
    Event.IMPORT_APPLIED: "导入",
    Event.IMPORT_UNDONE: "撤销导入",
    Event.IMPORT_DISCARDED: "放弃导入批次",
    Event.REVEALED: "查看敏感信息",
    Event.EXPORTED: "导出",
    Event.INSTALLED: "初装",
    Event.AUDIT_HEAD: "签发日志链头",
}

#: Chinese words of core's permissions, as the role matrix shows them.
PERMISSION_TITLES: dict[str, str] = {
    Permission.AREA_EDIT: "编辑区划",
    Permission.CALENDAR_EDIT: "编辑工作日历",
    Permission.PARAMETER_VIEW: "查看政策参数",
    Permission.PARAMETER_EDIT: "编辑政策参数",
    Permission.PARAMETER_CONFIRM: "确认政策参数",
    Permission.USER_MANAGE: "管理账号",
    Permission.GRANT_MANAGE: "管理授权",
    Permission.INVITE: "邀请组织开户",
    Permission.SEPARATION_SET: "设定职责分离级别",
    Permission.AUDIT_VIEW: "查看审计日志",
    Permission.CLOCK_SET: "调整练习时钟",
    Permission.REVEAL: "查看敏感信息原文",
}
