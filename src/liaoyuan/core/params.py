"""Core's own data: titles of its events and permissions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liaoyuan.core.choices import Answer, DeliveryResult, DeliveryWay, DocumentState, Event, ObjectionState, Permission

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
    Event.PARAMETER_WITHDRAWN: "撤回参数",
    Event.PARAMETERS_SHIPPED: "更新随版参数",
    Event.CALENDAR_EDITED: "编辑工作日历",
    Event.AREA_EDITED: "编辑区划",
    Event.CLOCK_SET: "调整练习时钟",
    Event.IMPORT_STAGED: "上传待导入文件",
    Event.IMPORT_ROW_DECIDED: "处理待核行",
    Event.IMPORT_APPLIED: "导入",
    Event.IMPORT_UNDONE: "撤销导入",
    Event.IMPORT_DISCARDED: "放弃导入批次",
    Event.COMPARED: "对账",
    Event.DIFFERENCES_DECIDED: "处理对账差异",
    Event.REVEALED: "查看敏感信息",
    Event.EXPORTED: "导出",
    Event.INSTALLED: "初装",
    Event.OPENED: "打开敏感档案",
    Event.EVENT_KEY_DESTROYED: "销毁日志密钥",
    Event.DEMO_BUILT: "建立演示区",
    Event.BACKUP_MADE: "制作备份",
    Event.BACKUP_VERIFIED: "演练恢复备份",
    Event.BACKUP_RESTORED: "恢复备份",
    Event.KEY_ROTATED: "更换数据密钥",
    Event.REWRAPPED: "重新加密",
    Event.ERASED: "删除敏感信息",
    Event.RETENTION_RUN: "执行保存期限",
    Event.HELD: "冻结删除",
    Event.RELEASED: "解除冻结",
    Event.REQUEST_MADE: "提出个人信息请求",
    Event.REQUEST_DECIDED: "答复个人信息请求",
    Event.FILE_ADDED: "上传文件",
    Event.FILE_REPLACED: "替换文件",
    Event.FILE_REMOVED: "移除文件",
    Event.FILE_DROPPED: "清除没有用上的文件",
    Event.DOWNLOADED: "下载敏感文件",
    Event.JOB_FAILED: "后台任务没有完成",
    Event.JOB_CANCELLED: "取消后台任务",
    Event.CASE_APPLIED: "提交事项",
    Event.CASE_RECEIVED: "事项收件",
    Event.CASE_EDITED: "修改事项内容",
    Event.CASE_MATERIAL: "收取事项材料",
    Event.CASE_SUPPLEMENT: "通知补正",
    Event.CASE_RESUMED: "收到补正",
    Event.CASE_EXAMINED: "签署审查意见",
    Event.CASE_DECIDED: "作出决定",
    Event.CASE_DELIVERED: "送达决定",
    Event.CASE_ARCHIVED: "事项归档",
    Event.CASE_WITHDRAWN: "撤回事项",
    Event.CASE_HANDED_OVER: "移交事项",
    Event.OUTLET_SET: "设置发送渠道",
    Event.CALL_LIST_MADE: "建立催办单",
    Event.REMINDED: "催办",
    Event.MESSAGE_ASKED: "发送催办",
    Event.MESSAGE_SENT: "消息已发出",
    Event.MESSAGE_FAILED: "消息没有发出",
    Event.MESSAGE_UNSURE: "消息可能已发出",
    Event.MESSAGE_REPEATED: "重发消息",
    Event.MESSAGE_DROPPED: "放弃消息",
    Event.NOTICE_SAVED: "起草通知",
    Event.NOTICE_PUBLISHED: "发布通知",
    Event.NOTICE_WITHDRAWN: "撤回通知",
    Event.FEED_MADE: "开通日历订阅",
    Event.FEED_REVOKED: "停用日历订阅",
    Event.HANDED_OVER: "工作交接",
    Event.DOCUMENT_DRAFTED: "起草文书",
    Event.DOCUMENT_CHANGED: "修改文书",
    Event.DOCUMENT_REVIEWED: "核稿",
    Event.DOCUMENT_RETURNED: "退回文书",
    Event.DOCUMENT_DISCARDED: "放弃文书",
    Event.DOCUMENT_ISSUED: "签发文书",
    Event.DOCUMENT_DELIVERED: "送达文书",
    Event.DOCUMENT_WITHDRAWN: "撤销文书",
    Event.NUMBER_REGISTERED: "登记文号",
    Event.ISSUER_EDITED: "编辑发文机关",
    Event.TEMPLATE_REPLACED: "替换文书模板",
    Event.TEMPLATE_RESTORED: "恢复随版模板",
    Event.OBJECTION_RECORDED: "登记公示异议",
    Event.OBJECTION_ANSWERED: "答复公示异议",
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
    Permission.BACKUP: "备份与恢复演练",
    Permission.REVEAL: "查看敏感信息原文",
    Permission.REQUEST_DECIDE: "办理个人信息请求",
    Permission.FILE_ORIGINAL: "调阅图片原件",
    Permission.JOB_VIEW: "查看后台任务",
    Permission.REMIND: "催办和发送消息",
    Permission.OUTLET_SET: "设置发送渠道",
    Permission.NOTICE_EDIT: "发布通知公告",
    Permission.DOCUMENT_VIEW: "查看文书",
    Permission.DOCUMENT_DRAFT: "起草、核稿、送达文书",
    Permission.DOCUMENT_ISSUE: "签发、撤销文书",
    Permission.DOCUMENT_SETUP: "管理文书模板和发文机关",
    Permission.DOCUMENT_OWN_VIEW: "查看送给本组织的文书",
}

#: SEC-01, handbook §7.3 (GB/T 22239-2019 names no numbers; these are the product's defaults).
PASSWORD = {"min_length": 10, "classes": 3, "days": 90, "history": 5}
#: SEC-02: after so many failures in a row the account is locked for so many minutes.
LOCK = {"failures": 5, "minutes": 30}
#: How long an invitation holds.
INVITATION_DAYS = 30
#: How long a finished job is remembered.
JOB_DAYS = 90
#: SEC-06: hours within which there is a new backup (a day and two hours to make it), days within which one is restored.
BACKUP_HOURS = 26
DRILL_DAYS = 90
#: Up to so many bytes an uploaded sheet is read at once; a larger one, and a batch of more rows to write, is a job.
READ_AT_ONCE = 1 << 20
APPLY_AT_ONCE = 5000

#: What the account rules say; `{…}` are a finding's arguments.
ACCOUNT_MESSAGES: dict[str, str] = {
    "SEC-01.length": "密码至少 {min_length} 个字符。",
    "SEC-01.classes": "密码须含大写字母、小写字母、数字、其他符号中的至少 {classes} 类。",
    "SEC-01.name": "密码不能包含登录名。",
    "SEC-01.history": "不能使用最近 {history} 次用过的密码。",
    "SEC-01.current": "当前密码不正确。",
    "SEC-02.code": "动态口令不正确，或已经用过。",
    "SEC-03.needed": "您的角色须使用动态口令，不能停用。",
    "SEC-03.again": "已启用动态口令。",
    "SEC-04.two": "同一账号不能同时担任两个管理员岗位。",
    "SEC-04.business": "管理员岗位不能兼任业务角色。",
    "SEC-04.office": "这个角色须先任命相应的管理员岗位。",
    "SEC-04.self": "不能给自己授权或收回自己的授权。",
    "SEC-04.last": "这是最后一个在任的{title}，不能停用或收回；请先任命接任者。",
    "SEC-04.level": "账号“{name}”不符合新的职责分离级别：{reason}",
    "SEC-04.signature": "降低职责分离级别须由审计管理员签字。",
    "SEC-04.same": "该日起已是这个级别。",
    "SEC-04.past": "起日不能早于今天。",
    "SEC-04.trial": "试用级别不能填写“{title}”。须先设定职责分离级别，才能录入敏感信息。",
    "SEC-04.signer": "只有审计管理员可以签字，且签字人不能是设定人。",
    "ACCOUNT.username": "登录名须为 3 至 40 个字符：字母、数字、汉字、点、横线、下划线。",
    "ACCOUNT.taken": "这个登录名已被使用。",
    "ACCOUNT.name": "请填写姓名。",
    "ACCOUNT.self": "不能停用自己的账号。",
    "ACCOUNT.closed": "这个账号已停用。",
    "ACCOUNT.setup": "初装已完成。",
    "ACCOUNT.distinct": "各岗位须使用不同的登录名。",
    "GRANT.role": "没有这个角色。",
    "GRANT.scope": "这个角色不能授予这种范围。",
    "GRANT.area": "没有这个区划，或已撤销。",
    "GRANT.organization": "没有找到这个组织。",
    "GRANT.dates": "止日须晚于起日。",
    "GRANT.past": "起日不能早于今天。",
    "GRANT.twice": "该用户在这段时间已有相同的角色和范围。",
    "GRANT.deputy": "被代理人在这段时间没有这个角色和范围。",
    "GRANT.deputy_end": "代理须有止日。",
    "GRANT.ended": "这项授权已结束。",
    "GRANT.nothing": "没有可以交接的授权。",
    "GRANT.same": "交接双方不能是同一人。",
    "INVITATION.code": "邀请码不正确、已使用或已过期。",
    "INVITATION.used": "这份邀请已使用或已撤回。",
    "CLOCK.practice": "只有练习数据库可以调整时钟。",
}

NATIONAL = "national"
PROGRAMME = "programme:"

#: Profiles: named look-up chains, from the widest jurisdiction to the most specific one.
PROFILES: dict[str, tuple[str, ...]] = {
    "national": (NATIONAL,),
    "jiangsu": (NATIONAL, "32"),
    "binhu": (NATIONAL, "32", "3202", "320211", PROGRAMME + "320211-venture"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """A place whose figures a floor ships: a named look-up chain (`core.policy.chain`), widest jurisdiction first.

    `title` says place and programme; `since` the first day of its figures; `note` what is known beside them.
    """

    code: str
    title: str
    chain: tuple[str, ...]
    since: str
    note: str = ""


SEVERITY_TITLES: dict[str, str] = {"block": "禁止", "confirm": "须确认", "warn": "提醒", "info": "说明"}
STATUS_TITLES: dict[str, str] = {"draft": "草稿", "confirmed": "已确认"}
ORIGIN_TITLES: dict[str, str] = {"shipped": "随版", "local": "本地"}

#: Why an edit of a parameter or of the calendar is refused.
POLICY_MESSAGES: dict[str, str] = {
    "PARAMETER.key": "没有这个参数：{key}。",
    "PARAMETER.place": "没有这个适用范围：{place}。",
    "PARAMETER.value": "参数 {key} 的值不对，应为{shape}。",
    "PARAMETER.severity": "力度只能是禁止、须确认、提醒、说明。",
    "PARAMETER.source": "请写明依据：文件名称和条款。",
    "PARAMETER.dates": "止日须晚于起日。",
    "PARAMETER.same": "与现行的本地参数完全相同，没有改动。",
    "PARAMETER.person": "参数须由有账号的人确认，命令行不能代替第二人。",
    "PARAMETER.editor": "参数须由编辑人以外的人确认。",
    "PARAMETER.state": "这一行已确认、已撤回或是随版参数，不能再确认或撤回。",
    "CALENDAR.year": "{year} 年的工作日历尚未录入，请先整年录入国务院办公厅的放假通知。",
    "CALENDAR.known": "{year} 年的工作日历已有，请逐日修改。",
    "CALENDAR.line": "第 {number} 行“{line}”看不懂，应写成“2027-01-01 休 元旦”或“2027-02-07 班 春节”。",
    "CALENDAR.other_year": "第 {number} 行的日期 {day} 不在 {year} 年。",
    "CALENDAR.twice": "日期 {day} 写了两次。",
    "CALENDAR.no_rest": "整年的通知里至少有一天放假。",
    "CALENDAR.same": "这一天已是这样，没有改动。",
}

LEVEL_TITLES: dict[str, str] = {
    "province": "省级",
    "city": "地市级",
    "district": "区县级",
    "street": "街道、乡镇",
    "community": "社区、村",
}
#: Titles of an area's fields in its events.
AREA_FIELD_TITLES: dict[str, str] = {
    "name": "名称",
    "code": "代码",
    "parent": "上级",
    "is_town": "镇",
    "point": "坐标（WGS-84）",
    "datum": "录入时的坐标系",
    "outline": "边界",
    "abolished": "已撤销",
    "abolished_on": "撤销日期",
    "successor": "并入或改设为",
}

#: Why an edit of an area is refused; `{…}` are a finding's arguments.
AREA_MESSAGES: dict[str, str] = {
    "AREA.name": "请填写名称，不超过 60 个字。",
    "AREA.same": "与现在的相同，没有改动。",
    "AREA.taken_name": "{parent}已有一个没有撤销的“{name}”。",
    "AREA.future": "日期不能晚于今天。",
    "AREA.before_last": "日期须晚于上一次更名的日期 {day}。",
    "AREA.abolished": "这个区划已撤销，请先恢复。",
    "AREA.live": "这个区划没有撤销。",
    "AREA.parent": "只能在没有撤销的区县下新增街道、乡镇，在街道、乡镇下新增社区、村。",
    "AREA.code_shape": "{level}的代码是 {length} 位数字，没有代码时请留空。",
    "AREA.code_prefix": "代码的前 {length} 位须与上级的代码 {parent} 相同。",
    "AREA.code_provisional": "末三位 {first} 至 999 留给暂编代码；没有正式代码时请留空。",
    "AREA.code_taken": "代码 {code} 已属于“{name}”。",
    "AREA.full": "{parent}下的暂编代码已用完。",
    "AREA.outside": "这个点不在{province}范围内，请核对经度、纬度和坐标系。",
    "AREA.children": "还有 {n} 个没有撤销的下级区划，请先撤销或改设。",
    "AREA.used": "还有 {n} 个{title}在这个区划，请先改到别的区划。",
    "AREA.successor": "没有找到代码为 {code} 的区划，或它已撤销。",
    "AREA.successor_self": "不能并入自己或自己的下级。",
    "AREA.parent_abolished": "上级“{parent}”已撤销，请先恢复上级。",
    "AREA.outline_large": "文件太大：边界最大 {size} MB、{points} 个点。请先简化边界。",
    "AREA.outline_unreadable": "不是 GeoJSON 文件，读不出来。请从制图软件中导出 GeoJSON（UTF-8）。",
    "AREA.outline_shape": "文件中没有完整的面（Polygon 或 MultiPolygon）：每一圈至少 4 个点，首尾相同，坐标是数字。",
    "AREA.outline_several": "文件中有几个面，没有一个（或不止一个）的属性写着“{name}”或 {code}。请只留这个区划的面。",
    "AREA.outline_system": "坐标不是经纬度。请在制图软件中转为经纬度（WGS-84 或 CGCS2000）后导出。",
    "AREA.outline_turned": "经度、纬度好像颠倒了：GeoJSON 要求先经度、后纬度。",
    "AREA.outline_abroad": "边界的点不在中国范围内，请核对。",
    "AREA.outline_flat": "边界围不成面。",
    "AREA.outline_level": "只能为区县和街道、乡镇上传边界。",
    "AREA.outline_none": "还没有边界，无可删除。",
    "AREA.outline_source": "请写明边界的来源，不超过 120 个字。",
    "AREA.outline_far": "本区划的坐标（{point}）不在这条边界以内，请核对文件和坐标系。",
}

#: West, south, east, north of each province, rounded outwards: a point outside is surely wrong, one inside is likely.
PROVINCE_BOXES: dict[str, tuple[float, float, float, float]] = {
    "11": (115.3, 39.3, 117.6, 41.2),
    "12": (116.6, 38.4, 118.2, 40.4),
    "13": (113.3, 35.9, 120.0, 42.8),
    "14": (110.1, 34.4, 114.7, 40.9),
    "15": (97.0, 37.2, 126.2, 53.5),
    "21": (118.7, 38.3, 125.9, 43.6),
    "22": (121.5, 40.7, 131.5, 46.5),
    "23": (121.0, 43.3, 135.3, 53.7),
    "31": (120.7, 30.5, 122.4, 32.0),
    "32": (116.2, 30.6, 122.3, 35.4),
    "33": (117.9, 26.8, 123.3, 31.4),
    "34": (114.7, 29.2, 119.8, 34.8),
    "35": (115.7, 23.3, 120.9, 28.5),
    "36": (113.4, 24.3, 118.6, 30.2),
    "37": (114.6, 34.2, 123.0, 38.6),
    "41": (110.2, 31.2, 116.8, 36.5),
    "42": (108.2, 28.9, 116.3, 33.4),
    "43": (108.6, 24.5, 114.4, 30.3),
    "44": (109.5, 20.0, 117.5, 25.7),
    "45": (104.3, 20.7, 112.2, 26.5),
    "46": (108.4, 3.0, 118.0, 20.4),
    "50": (105.1, 28.0, 110.4, 32.4),
    "51": (97.2, 25.9, 108.7, 34.5),
    "52": (103.4, 24.5, 109.7, 29.4),
    "53": (97.4, 21.0, 106.4, 29.4),
    "54": (78.2, 26.7, 99.3, 36.7),
    "61": (105.3, 31.5, 111.4, 39.7),
    "62": (92.1, 32.4, 108.9, 43.0),
    "63": (89.2, 31.4, 103.3, 39.4),
    "64": (104.1, 35.1, 107.8, 39.5),
    "65": (73.2, 34.1, 96.6, 49.4),
}

#: What an uploader may say of a photo that looks like another.
ANSWER_TITLES: dict[str, str] = {
    Answer.SAME: "是同一活动或同一事项的照片，一并保存",
    Answer.AGAIN: "另有用途，仍要保存（请写明）",
    Answer.DROP: "传错了，不保存",
}

#: Why an attachment is refused; `kit.files.refusal` holds what is wrong with a file itself.
FILE_MESSAGES: dict[str, str] = {
    "FILE.none": "请选择要上传的文件。",
    "FILE.many": "一次最多上传 {limit} 个文件。",
    "FILE.paper": "请选择材料名称。",
    "FILE.pledge": "请承诺文件不涉密、不含内部资料。",
    "FILE.reason": "请写明移除的理由。",
    "FILE.gone": "“{name}”已被移除或替换，请刷新后再试。",
    "FILE.other_paper": "只能用同一种材料替换“{name}”。",
    "FILE.answer": "“{name}”与已有照片相似，请先答复。",
    "FILE.answer_note": "请写明“{name}”为什么还要用这张照片。",
}

_OWN = "本系统约定"


def _own(key: str, value: Any, note: str) -> Mapping[str, Any]:
    return {
        "key": key, "jurisdiction": NATIONAL, "valid_from": "1998-10-25", "valid_to": None, "value": value,
        "severity": "warn", "status": "confirmed", "source": _OWN, "note": note,
    }  # fmt: skip


#: Parameters of uploads. A row `file.max_mb.<purpose>` takes the place of `file.max_mb` for one purpose.
FILE_PARAMETERS: tuple[Mapping[str, Any], ...] = (
    _own("file.max_mb", 20, "单个文件的上限"),
    _own("file.megapixels", 20, "图片的像素上限，防止解压后占满内存"),
    _own("file.alike_bits", 10, "两张照片的感知散列相差不超过几位算相似（0 至 11）"),
)
FILE_PARAMETER_TITLES: dict[str, str] = {
    "file.max_mb": "单个文件的上限（MB）",
    "file.megapixels": "图片的像素上限（百万）",
    "file.alike_bits": "相似照片相差的位数上限",
}

DOCUMENT_STATE_TITLES: dict[str, str] = {
    DocumentState.DRAFT: "草稿",
    DocumentState.REVIEWED: "已核稿",
    DocumentState.ISSUED: "已签发",
    DocumentState.WITHDRAWN: "已撤销",
    DocumentState.DISCARDED: "已放弃",
}
DELIVERY_WAY_TITLES: dict[str, str] = {
    DeliveryWay.DIRECT: "直接送达",
    DeliveryWay.POST: "邮寄",
    DeliveryWay.LEFT: "留置送达",
    DeliveryWay.ELECTRONIC: "电子送达",
    DeliveryWay.ANNOUNCED: "公告送达",
}
DELIVERY_RESULT_TITLES: dict[str, str] = {
    DeliveryResult.SIGNED: "已签收",
    DeliveryResult.UNSIGNED: "未签收",
    DeliveryResult.WAITING: "等待签收",
}
OBJECTION_STATE_TITLES: dict[str, str] = {
    ObjectionState.OPEN: "处理中",
    ObjectionState.UPHELD: "异议成立",
    ObjectionState.DISMISSED: "异议不成立",
}

#: What those are called who own policy parameters that no floor has entered for itself.
OWNER_TITLES: dict[str, str] = {"registry": "登记管理"}
