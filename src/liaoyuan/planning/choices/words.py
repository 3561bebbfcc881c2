"""How a plan is made and what may become of a unit, as codes and Chinese words. No Django."""

from enum import StrEnum


class Count(StrEnum):
    """Which members count (handbook §2.8, "three numbers"): formal ones, or also those who agreed in writing."""

    COMMITTED = "committed"
    FORMAL = "formal"


COUNT_TITLES: dict[str, str] = {
    Count.COMMITTED: "正式组织关系，加上书面同意转入的专职党员",
    Count.FORMAL: "只计正式组织关系",
}


class Mode(StrEnum):
    """Whether bodies without members fill free places of groups."""

    MEMBERS = "members"
    FILL = "fill"


MODE_TITLES: dict[str, str] = {Mode.MEMBERS: "只编有党员的单位", Mode.FILL: "没有党员的单位也补入空位"}


class Place(StrEnum):
    """What a plan does with a body."""

    GROUP = "group"
    ATTACHED = "attached"
    UNCOVERED = "uncovered"
    INDEPENDENT = "independent"
    FIXED = "fixed"


PLACE_TITLES: dict[str, str] = {
    Place.GROUP: "联合组建",
    Place.ATTACHED: "挂靠现有党支部",
    Place.UNCOVERED: "没有覆盖",
    Place.INDEPENDENT: "单独组建",
    Place.FIXED: "现有支部超出限额，保持不动",
}


class Fallback(StrEnum):
    """Which point stands for a body: its own, that of its community or street, or none is known."""

    OWN = ""
    COMMUNITY = "community"
    STREET = "street"
    NONE = "none"


FALLBACK_TITLES: dict[str, str] = {
    Fallback.OWN: "",
    Fallback.COMMUNITY: "用所在社区的坐标",
    Fallback.STREET: "用所在街道的坐标",
    Fallback.NONE: "没有坐标",
}


class LockKind(StrEnum):
    """Decisions of staff that a plan keeps to (docs/guide/planner.md)."""

    GROUP = "group"
    TOGETHER = "together"
    APART = "apart"
    SEAT = "seat"
    NOT_SEAT = "not_seat"
    ALLOW = "allow"


LOCK_TITLES: dict[str, str] = {
    LockKind.GROUP: "锁定为一组",
    LockKind.TOGETHER: "必须在一起",
    LockKind.APART: "不得在一起",
    LockKind.SEAT: "作为所在单位",
    LockKind.NOT_SEAT: "不作所在单位",
    LockKind.ALLOW: "允许超出单位数",
}
REASON_TITLES: dict[str, str] = {
    "NO_NEIGHBOUR": "附近没有可去的地方",
    "NOT_ENOUGH_MEMBERS": "附近凑不够党员",
    "SLOTS_FULL": "附近的组和支部都满了",
    "LOCK_CONFLICT": "锁定做不到",
    "MISSING_LOCATION": "没有坐标",
    "OVER_LIMIT": "现有支部超出限额",
}
STAGE_TITLES: dict[str, str] = {
    "greedy": "已有初步方案",
    "blocks": "分片求解",
    "bound": "已证明下界",
    "dive": "取整",
    "improve": "逐片改进",
}


class ProposalState(StrEnum):
    """How far a proposal of instructors is."""

    SOLVING = "solving"
    READY = "ready"
    FAILED = "failed"


class Need(StrEnum):
    """Why a body needs an instructor: it has nobody (PB-COV-03), the plan leaves it out, its branch is yet to come."""

    NOBODY = "nobody"
    LEFT = "left"
    WAITS = "waits"


NEED_TITLES: dict[str, str] = {
    Need.NOBODY: "没有党员，没有党组织覆盖",
    Need.LEFT: "方案没有覆盖",
    Need.WAITS: "有党员，党支部还没有成立",
}
#: Whoever of them is served first; the others take what is left.
NEED_RANKS: dict[str, int] = {Need.NOBODY: 0, Need.LEFT: 0, Need.WAITS: 1}


class Station(StrEnum):
    """Whose point stands for an instructor: that of his street or community, of the area he is sent by, or none."""

    STREET = "street"
    AREA = "area"
    NONE = "none"


STATION_TITLES: dict[str, str] = {
    Station.STREET: "按所在街道、社区的坐标",
    Station.AREA: "按选派区划的坐标",
    Station.NONE: "不知道在哪里",
}


class PinKind(StrEnum):
    """A pair of body and instructor that staff want, or do not want."""

    FIX = "fix"
    BAR = "bar"


PIN_TITLES: dict[str, str] = {PinKind.FIX: "锁定", PinKind.BAR: "不派"}
