"""Chinese words of the states and kinds of this floor."""

from liaoyuan.funding.choices.rounds import NeedOrigin, NeedState, PoolSource, ProgrammeKind, QuotaKind, RoundPhase

PROGRAMME_KIND_TITLES: dict[str, str] = {
    ProgrammeKind.VENTURE: "公益创投",
    ProgrammeKind.PURCHASE: "政府购买服务",
}
PHASE_TITLES: dict[str, str] = {
    RoundPhase.PLANNED: "筹备",
    RoundPhase.ANNOUNCED: "已公告",
    RoundPhase.OPEN: "申报中",
    RoundPhase.CLOSED: "已截止",
    RoundPhase.ENDED: "已结束",
    RoundPhase.CANCELLED: "已取消",
}
POOL_SOURCE_TITLES: dict[str, str] = {
    PoolSource.DISTRICT: "区级财政",
    PoolSource.TOWN: "镇（街道）配套",
    PoolSource.LOTTERY: "福利彩票公益金",
    PoolSource.UPPER: "上级资金",
    PoolSource.DONATION: "社会捐赠",
    PoolSource.OTHER: "其他",
}
QUOTA_KIND_TITLES: dict[str, str] = {
    QuotaKind.STREET: "按街道（镇）",
    QuotaKind.FIELD: "按项目领域",
    QuotaKind.TYPE: "按组织类型",
    QuotaKind.ALL: "整届",
}
NEED_STATE_TITLES: dict[str, str] = {
    NeedState.COLLECTED: "已收集",
    NeedState.PUBLISHED: "已公布",
    NeedState.DROPPED: "未采用",
}
NEED_ORIGIN_TITLES: dict[str, str] = {
    NeedOrigin.COMMUNITY: "社区居（村）委会",
    NeedOrigin.STREET: "街道（镇）",
    NeedOrigin.RESIDENTS: "居民",
    NeedOrigin.BODY: "社会组织",
}
#: Units in which days are counted.
DAY_UNIT_TITLES: dict[str, str] = {"workday": "工作日", "day": "日"}
