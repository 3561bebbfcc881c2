"""What tokens may carry and how long they live, and the words of this floor's events, permissions and refusals."""

from liaoyuan.api.choices import Event, Permission
from liaoyuan.funding.choices.codes import Permission as Funding
from liaoyuan.party.choices.codes import Permission as Party
from liaoyuan.registry.choices import Permission as Registry

EVENT_TITLES: dict[str, str] = {
    Event.TOKEN_CREATED: "建立接口令牌",
    Event.TOKEN_REVOKED: "收回接口令牌",
}
PERMISSION_TITLES: dict[str, str] = {
    Permission.TOKEN_USE: "使用接口令牌",
    Permission.TOKEN_REVOKE: "收回他人的接口令牌",
}

#: Permissions a token may carry: those that an address of the interface asks for. With `MEMBERS_VIEW` coverage is told
#: with exact numbers of members; no address names one.
GRANTABLE = (
    Registry.VIEW,
    Registry.OWN_VIEW,
    Registry.STATS,
    Registry.IMPORT,
    Registry.FILING_EDIT,
    Party.VIEW,
    Party.STATS,
    Party.MEMBERS_VIEW,
    Party.IMPORT,
    Funding.VIEW,
    Funding.OWN_VIEW,
    Funding.EDIT,
    Funding.OWN_EDIT,
)
#: The longest life of a token and the most a person may hold at once.
TOKEN_DAYS = 366
TOKENS_HELD = 10

#: Lines of an import report that stand in the report itself; the rest is asked for page by page.
REPORT_LINES = 2000

MESSAGES = {
    "API-TOKEN.name": "请写明用途，不超过 {most} 个字，例如“数据平台每日同步”。",
    "API-TOKEN.permissions": "请至少选择一项权限。",
    "API-TOKEN.held": "您没有权限“{word}”，不能交给令牌。",
    "API-TOKEN.days": "有效期须在 1 至 {most} 天之间。",
    "API-TOKEN.many": "已有 {most} 个有效的令牌，请先收回不用的。",
    "API-TOKEN.gone": "这个令牌已经收回。",
}
