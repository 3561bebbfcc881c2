"""Words of a project's budget: classes of cost, bases of caps, kinds of unit prices, what is never paid. No Django."""

from enum import StrEnum


class BudgetClass(StrEnum):
    """Classes of cost (handbook §3.4)."""

    STAFF = "B01"
    LABOUR = "B02"
    VOLUNTEERS = "B03"
    EXPERTS = "B04"
    MATERIALS = "B05"
    RENT = "B06"
    PRINTING = "B07"
    TRAVEL = "B08"
    USERS = "B09"
    EQUIPMENT = "B10"
    MANAGEMENT = "B11"
    TAXES = "B12"
    AUDIT = "B13"
    OTHER = "B99"


BUDGET_CLASS_TITLES: dict[str, str] = {
    BudgetClass.STAFF: "专职人员工资（含五险一金）",
    BudgetClass.LABOUR: "兼职、劳务",
    BudgetClass.VOLUNTEERS: "志愿者补贴（交通、餐、保险）",
    BudgetClass.EXPERTS: "专家、培训费",
    BudgetClass.MATERIALS: "活动物料",
    BudgetClass.RENT: "场地、设备租赁",
    BudgetClass.PRINTING: "宣传印刷",
    BudgetClass.TRAVEL: "交通差旅",
    BudgetClass.USERS: "服务对象直接支出",
    BudgetClass.EQUIPMENT: "小型设备",
    BudgetClass.MANAGEMENT: "管理费",
    BudgetClass.TAXES: "税费",
    BudgetClass.AUDIT: "审计、评估",
    BudgetClass.OTHER: "其他",
}
#: Classes under which pay of persons on the full-time staff list counts into the share of full-time pay (§9.3).
HIDDEN_PAY = (BudgetClass.LABOUR, BudgetClass.MANAGEMENT)


class CapBase(StrEnum):
    """Of what a share is taken: of the whole budget, or of the money granted, and then of what the grant pays."""

    TOTAL = "total"
    GRANT = "grant"


CAP_BASE_TITLES: dict[str, str] = {CapBase.TOTAL: "项目预算总额", CapBase.GRANT: "资助资金"}


class PriceKind(StrEnum):
    """Unit prices that a place may cap; the keys of `gv.price.caps`."""

    EXPERT_SENIOR_DAY = "expert_senior_day"
    EXPERT_DAY = "expert_day"
    EXPERT_DAY_LATER = "expert_day_later"
    TRAINING_DAY = "training_day"
    MEETING_DAY = "meeting_day"
    EQUIPMENT_ITEM = "equipment_item"


PRICE_KIND_TITLES: dict[str, str] = {
    PriceKind.EXPERT_SENIOR_DAY: "高级专家每人每天",
    PriceKind.EXPERT_DAY: "一般专家每人每天",
    PriceKind.EXPERT_DAY_LATER: "专家第三天起每人每天",
    PriceKind.TRAINING_DAY: "培训每人每天",
    PriceKind.MEETING_DAY: "会议每人每天",
    PriceKind.EQUIPMENT_ITEM: "小型设备单件",
}


class ForbiddenItem(StrEnum):
    """What a place may forbid a grant to pay; an officer marks the line, words in it only hint."""

    ASSETS = "assets"
    BUILDING = "building"
    CASH = "cash"
    GIFTS = "gifts"
    FINES = "fines"
    DEBTS = "debts"
    INVESTMENT = "investment"
    VEHICLES = "vehicles"
    CONTINGENCY = "contingency"


FORBIDDEN_ITEM_TITLES: dict[str, str] = {
    ForbiddenItem.ASSETS: "固定资产",
    ForbiddenItem.BUILDING: "工程建设",
    ForbiddenItem.CASH: "向服务对象发放现金",
    ForbiddenItem.GIFTS: "向服务对象赠送礼品",
    ForbiddenItem.FINES: "罚款",
    ForbiddenItem.DEBTS: "偿还债务",
    ForbiddenItem.INVESTMENT: "对外投资",
    ForbiddenItem.VEHICLES: "购置车辆",
    ForbiddenItem.CONTINGENCY: "不可预见费",
}


class Region(StrEnum):
    """Who may apply by place: registered in the round's area, registered or serving there, or anybody."""

    REGISTERED = "registered"
    SERVING = "serving"
    OPEN = "open"


REGION_TITLES: dict[str, str] = {
    Region.REGISTERED: "在本地登记",
    Region.SERVING: "在本地登记或服务",
    Region.OPEN: "不限",
}


class CountSponsored(StrEnum):
    """Whose quota the project of a sponsored filed body uses."""

    OWN = "own"
    SPONSOR = "sponsor"
    BOTH = "both"


COUNT_SPONSORED_TITLES: dict[str, str] = {
    CountSponsored.OWN: "计入申报组织",
    CountSponsored.SPONSOR: "计入支持组织",
    CountSponsored.BOTH: "两家都计",
}


class CountJoint(StrEnum):
    """Whose quota a joint application uses."""

    LEAD = "lead"
    ALL = "all"


COUNT_JOINT_TITLES: dict[str, str] = {CountJoint.LEAD: "计入牵头组织", CountJoint.ALL: "各家都计"}


class FundingLevel(StrEnum):
    """Whose other money a project has had."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"


FUNDING_LEVEL_TITLES: dict[str, str] = {
    FundingLevel.MINISTRY: "部级",
    FundingLevel.PROVINCE: "省级",
    FundingLevel.CITY: "市级",
    FundingLevel.DISTRICT: "区级",
}
