"""Grants by place (handbook §3.2): what was seen of each programme, as rows of its own jurisdiction and a profile.

A place that has not said a figure keeps the working default. Where a programme gave figures anew, later rows follow the
earlier ones; `until` is the first day on which a figure no longer holds. Amounts are fen.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from liaoyuan.funding.choices.budget import ForbiddenItem, PriceKind, Region
from liaoyuan.funding.params.table import row

NATIONAL = "national"
_WAN = 1_000_000


class Figure(NamedTuple):
    """One figure of a place. `source` may add to the place's own; `mark` stands in for it where it is less certain."""

    key: str
    value: Any
    since: str
    until: str | None = None
    source: str = ""
    mark: str = ""


class Place(NamedTuple):
    """A programme of a place: profile code, areas above it, its own jurisdiction, where its figures were seen."""

    code: str
    areas: tuple[str, ...]
    programme: str
    source: str
    since: str
    mark: str
    figures: tuple[Figure, ...] = ()

    @property
    def chain(self) -> tuple[str, ...]:
        """The look-up chain, widest first."""
        return (NATIONAL, *self.areas, f"programme:{self.programme}")


def _f(key: str, value: Any, since: str, until: str | None = None, source: str = "", mark: str = "") -> Figure:
    return Figure(f"gv.{key}", value, since, until, source, mark)


_GZ_2014, _GZ_2019, _GZ_2023, _GZ_END = "2014-01-01", "2019-07-16", "2023-04-19", "2024-07-16"
_GZ_RULE = "《广州市社会组织公益创投项目管理办法》（穗社管规字〔2019〕1号）"
_LEVELS = ["ministry", "province", "city"]
_NANJING = ("32", "3201", "320102")

PLACES: tuple[Place, ...] = (
    Place("binhu", ("32", "3202", "320211"), "320211-venture", "无锡市滨湖区公益创投的做法", "2013-01-01", "SEED", (
        _f("max_apply", 3, "2013-01-01"),
        _f("max_apply_unrated", None, "2013-01-01", source="没有另行限制未评等级的组织"),
        _f("staff.percent", 50, "2013-01-01"),
        _f("staff.base", "total", "2013-01-01"),
        _f("cap_project_fen", 10_000_000, "2013-01-01", source="未能查到，暂用默认值，只提醒", mark="K"),
        _f("class.percent", {"B03": 20, "B04": 10, "B05+B07": 20, "B10": 10, "B11": 5}, "2013-01-01",
           source="未能查到，暂用默认值，只提醒", mark="K"),
    )),
    Place("wuxi", ("32", "3202"), "3202-venture", "无锡市2015年公益创投", "2015-01-01", "V", (
        _f("pool_total_fen", 500 * _WAN, "2015-01-01", source="市级福利彩票公益金"),
        _f("cap_project_fen", 20 * _WAN, "2015-01-01"),
        _f("period_min_months", 12, "2015-01-01"),
        _f("period_max_months", 12, "2015-01-01"),
        _f("fields", ["养老", "助残", "济困", "社会组织支持"], "2015-01-01"),
    )),
    Place("wujin", ("32", "3204", "320412"), "320412-venture", "常州市武进区公益创投", "2016-01-01", "V", (
        _f("pool_total_fen", 45 * _WAN, "2016-01-01", "2017-01-01"),
        _f("pool_total_fen", 60 * _WAN, "2017-01-01", source="2017年37个项目答辩，立项30个"),
        _f("cap_project_fen", 3 * _WAN, "2016-01-01"),
        _f("min_project_fen", 1 * _WAN, "2017-01-01"),
        _f("max_apply", 1, "2016-01-01"),
        _f("types", ["ST", "MF"], "2016-01-01"),
        _f("region", Region.REGISTERED.value, "2016-01-01"),
        _f("bar_lists", ["serious", "abnormal"], "2016-01-01", source="没有不良记录"),
        _f("bar_levels", _LEVELS, "2016-01-01"),
    )),
    Place("changzhou", ("32", "3204"), "3204-venture", "常州市2018年公益创投", "2018-01-01", "V", (
        _f("pool_total_fen", 200 * _WAN, "2018-01-01", source="市级福利彩票公益金，入围60个项目"),
    )),
    Place("changzhou-youth", ("32", "3204"), "3204-youth", "常州市2020年青年公益创投", "2020-01-01", "V", (
        _f("min_project_fen", 500_000, "2020-01-01"),
        _f("cap_project_fen", 1 * _WAN, "2020-01-01"),
        _f("max_apply", 1, "2020-01-01"),
        _f("leader_age_below", 40, "2020-01-01"),
        _f("team_age_below", 40, "2020-01-01"),
    )),
    Place("suzhou", ("32", "3205"), "3205-venture", "苏州市2017年公益慈善伙伴行", "2017-01-01", "V", (
        _f("pool_total_fen", 70 * _WAN, "2017-01-01", source="征集约40个，立项约15个"),
        _f("cap_project_fen", 8 * _WAN, "2017-01-01", source="社会工作服务机构 6 万元至 8 万元，其他 3 万元至 5 万元"),
        _f("min_project_fen", 3 * _WAN, "2017-01-01"),
        _f("max_apply", 2, "2017-01-01"),
        _f("region", Region.REGISTERED.value, "2017-01-01"),
        _f("full_time_min", 2, "2017-01-01"),
        _f("full_time_min_social", 5, "2017-01-01"),
        _f("full_time_on_project", 1, "2017-01-01"),
        _f("need_history", True, "2017-01-01"),
        _f("period_min_months", 5, "2017-01-01"),
        _f("period_max_months", 7, "2017-01-01"),
    )),
    Place("kunshan", ("32", "3205", "320583"), "320583-venture", "昆山市2012年至2016年公益创投", "2012-01-01", "V", (
        _f("pool_total_fen", 500 * _WAN, "2012-01-01", "2016-01-01"),
        _f("pool_total_fen", 800 * _WAN, "2016-01-01"),
        _f("region", Region.OPEN.value, "2016-01-01", source="向长三角开放"),
    )),
    Place("guangzhou", ("44", "4401"), "4401-venture", "广州市社会组织公益创投", _GZ_2014, "V", (
        _f("cap_project_fen", 30 * _WAN, _GZ_2014, _GZ_2019),
        _f("staff.percent", 0, _GZ_2014, _GZ_2019, "不列人员费用"),
        _f("region", Region.REGISTERED.value, _GZ_2014, _GZ_2023),
        _f("cap_project_fen", 50 * _WAN, _GZ_2019, _GZ_END, _GZ_RULE),
        _f("grant_max_percent", 60, _GZ_2019, _GZ_END, _GZ_RULE),
        _f("own_min_percent", 40, _GZ_2019, _GZ_END, _GZ_RULE),
        _f("staff.percent", None, _GZ_2019, None, _GZ_RULE),
        _f("staff.grant_percent", 30, _GZ_2019, _GZ_END, _GZ_RULE),
        _f("pool_total_fen", 1_800 * _WAN, "2020-01-01", "2021-01-01"),
        _f("cap_project_fen", 80 * _WAN, _GZ_2023, None, "2023年4月19日页面"),
        _f("own_min_percent", 40, _GZ_2023, None, "2023年4月19日页面，部分类别为 20%"),
        _f("region", Region.OPEN.value, _GZ_2023, None, "2023年4月19日页面"),
    )),
    Place("dongguan", ("44", "4419"), "4419-public-welfare", "东莞市2019年社会组织发展专项资金（公益类）", "2019-01-01",
          "V", (
        _f("cap_project_fen", 20 * _WAN, "2019-01-01"),
        _f("grant_max_percent", 70, "2019-01-01"),
        _f("pool_total_fen", 521_860_000, "2019-01-01", source="82个项目立项28个，共521.86万元"),
    )),
    Place("dongguan-service", ("44", "4419"), "4419-service", "东莞市2019年社会组织发展专项资金（其他公共服务）",
          "2019-01-01",
          "V", (
        _f("cap_project_fen", 15 * _WAN, "2019-01-01"),
        _f("grant_max_percent", 50, "2019-01-01"),
    )),
    Place("dongguan-trade", ("44", "4419"), "4419-trade", "东莞市2019年社会组织发展专项资金（行业自律）", "2019-01-01",
          "V", (
        _f("cap_project_fen", 25 * _WAN, "2019-01-01", source="每个组织每年"),
        _f("grant_max_percent", 50, "2019-01-01"),
    )),
    Place("zhongshan", ("44", "4420"), "4420-venture", "中山市2013年博爱100公益创投", "2013-01-01", "V", (
        _f("pool_total_fen", 150 * _WAN, "2013-01-01", source="150万元以上，50个至100个项目"),
        _f("score.bonus", {"matching": 50, "special": 20}, "2013-01-01", source="配套加分至多50分，专项加5分至20分"),
        _f("tranche.workdays", [15], "2013-01-01"),
        _f("sanction.years", {"fraud": 3, "diverted": 3, "breach": 3, "failed": 3}, "2013-01-01",
           source="违约三年不得申报"),
    )),
    Place("zhongshan-special", ("44", "4420"), "4420-special", "中山市2014年社会组织专项资金", "2014-01-01", "V", (
        _f("pool_total_fen", 300 * _WAN, "2014-01-01"),
        _f("cap_project_fen", 10 * _WAN, "2014-01-01"),
        _f("grant_max_percent", 50, "2014-01-01"),
    )),
    Place("nanshan", ("44", "4403", "440305"), "440305-venture", "深圳市南山区2016年公益创投", "2016-01-01", "V", (
        _f("pool_total_fen", 100 * _WAN, "2016-01-01", source="立项16个"),
        _f("cap_project_fen", 10 * _WAN, "2016-01-01"),
        _f("min_project_fen", 1 * _WAN, "2016-01-01"),
        _f("region", Region.SERVING.value, "2016-01-01"),
    )),
    Place("futian", ("44", "4403", "440304"), "440304-fund", "深圳市福田区社会建设专项资金（2024年、2025年）",
          "2024-01-01", "V", (
        _f("bar_lists", ["serious"], "2024-01-01", source="第八条"),
    )),
    Place("zibo", ("37", "3703"), "3703-venture", "淄博市2019年公益创投", "2019-01-01", "V", (
        _f("cap_project_fen", 5 * _WAN, "2019-01-01", source="每个项目 5 万元"),
        _f("bar_last_winners", True, "2019-01-01"),
        _f("bar_levels", [*_LEVELS, "district"], "2019-01-01"),
    )),
    Place("shanghai", ("31",), "31-tender", "上海市社区公益服务招投标（2009年至2012年）", "2009-01-01", "V", (
        _f("publicity.days", 15, "2009-01-01"),
        _f("publicity.unit", "day", "2009-01-01"),
        _f("objection.days", 5, "2009-01-01"),
        _f("objection.unit", "day", "2009-01-01"),
        _f("objection.final_days", 20, "2009-01-01"),
    )),
    Place("shangyu", ("33", "3306", "330604"), "330604-venture", "绍兴市上虞区微公益创投（虞民〔2020〕33号）",
          "2020-01-01", "V", (
        _f("forbidden.items", [ForbiddenItem.ASSETS.value, ForbiddenItem.BUILDING.value, ForbiddenItem.CASH.value,
                               ForbiddenItem.GIFTS.value], "2020-01-01"),
    )),
    Place("zhoushan", ("33", "3309"), "3309-venture", "舟民社管〔2025〕3号", "2025-01-01", "V"),
    Place("hangzhou", ("33", "3301"), "3301-venture", "杭民发〔2020〕105号", "2020-01-01", "V"),
    Place("shangcheng", ("33", "3301", "330102"), "330102-venture", "杭州市上城区2023年公益创投", "2023-01-01", "V"),
    Place("jinhua", ("33", "3307"), "3307-venture", "金市民〔2021〕59号", "2021-01-01", "V"),
    Place("zhenjiang", ("32", "3211"), "3211-venture", "镇江市2020年公益创投", "2020-01-01", "V", (
        _f("cap_project_fen", 6 * _WAN, "2020-01-01"),
    )),
    Place("nanxiashu", ("32", "3204", "320412"), "320412-nanxiashu", "常州市武进区南夏墅街道2017年公益创投",
          "2017-01-01", "V", (
        _f("cap_project_fen", 2 * _WAN, "2017-01-01", source="16个项目"),
        _f("min_project_fen", 500_000, "2017-01-01"),
    )),
    Place("xuanwu", _NANJING, "320102-venture", "南京市玄武区2011年、2012年公益创投", "2011-01-01", "V", (
        _f("cap_project_fen", 5 * _WAN, "2011-01-01"),
        _f("min_project_fen", 3 * _WAN, "2011-01-01"),
    )),
    Place("form", (), "form", "未见发文单位的项目申报表（资金编制说明）", "2013-01-01", "V", (
        _f("class.percent", {"B02+B03": 50, "B11": 0}, "2013-01-01"),
        _f("price.caps", {
            PriceKind.EXPERT_SENIOR_DAY.value: 50_000, PriceKind.EXPERT_DAY.value: 30_000,
            PriceKind.EXPERT_DAY_LATER.value: 20_000, PriceKind.TRAINING_DAY.value: 35_000,
            PriceKind.MEETING_DAY.value: 40_000,
        }, "2013-01-01"),
        _f("forbidden.items", [ForbiddenItem.BUILDING.value, ForbiddenItem.FINES.value, ForbiddenItem.DEBTS.value,
                               ForbiddenItem.INVESTMENT.value, ForbiddenItem.VEHICLES.value], "2013-01-01"),
    )),
)  # fmt: skip


def _row(place: Place, figure: Figure) -> Mapping[str, Any]:
    source = f"{place.source}：{figure.source}" if figure.source else place.source
    shipped = row(
        figure.key,
        figure.value,
        source,
        since=figure.since,
        mark=figure.mark or place.mark,
        jurisdiction=place.chain[-1],
    )
    return {**shipped, "valid_to": figure.until}


PARAMETERS: tuple[Mapping[str, Any], ...] = tuple(_row(place, figure) for place in PLACES for figure in place.figures)

#: What the places are called where one is picked.
PLACE_TITLES: dict[str, str] = {
    "binhu": "无锡市滨湖区 公益创投",
    "wuxi": "无锡市 公益创投（2015）",
    "wujin": "常州市武进区 公益创投（2016、2017）",
    "changzhou": "常州市 公益创投（2018）",
    "changzhou-youth": "常州市 青年公益创投（2020）",
    "suzhou": "苏州市 公益慈善伙伴行（2017）",
    "kunshan": "昆山市 公益创投（2012 至 2016）",
    "guangzhou": "广州市 公益创投（2014、2019、2023）",
    "dongguan": "东莞市 专项资金 公益类（2019）",
    "dongguan-service": "东莞市 专项资金 其他公共服务（2019）",
    "dongguan-trade": "东莞市 专项资金 行业自律（2019）",
    "zhongshan": "中山市 博爱100（2013）",
    "zhongshan-special": "中山市 专项资金（2014）",
    "nanshan": "深圳市南山区 公益创投（2016）",
    "futian": "深圳市福田区 社会建设专项资金（2024、2025）",
    "zibo": "淄博市 公益创投（2019）",
    "shanghai": "上海市 社区公益招投标（2009 至 2012）",
    "shangyu": "绍兴市上虞区 微公益创投（2020）",
    "zhoushan": "舟山市 公益创投（2025）",
    "hangzhou": "杭州市 公益创投（2020）",
    "shangcheng": "杭州市上城区 公益创投（2023）",
    "jinhua": "金华市 公益创投（2021）",
    "zhenjiang": "镇江市 公益创投（2020）",
    "nanxiashu": "常州市武进区南夏墅街道 公益创投（2017）",
    "xuanwu": "南京市玄武区 公益创投（2011、2012）",
    "form": "项目申报表（发文单位不详）",
}

#: What is known beside the figures, and what is not.
PLACE_NOTE_TITLES: dict[str, str] = {
    "zhoushan": "有办法，由承办单位和评审委员会组织；数额未能查到，暂用默认值。",
    "hangzhou": "有办法，由承办单位和评审委员会组织；数额未能查到，暂用默认值。",
    "shangcheng": "有办法，由承办单位和评审委员会组织；数额未能查到，暂用默认值。",
    "jinhua": "有办法，由承办单位和评审委员会组织；数额未能查到，暂用默认值。",
    "suzhou": "社会工作服务机构 6 万元至 8 万元，其他组织 3 万元至 5 万元；上限按 8 万元设。",
    "shangyu": "支出只分业务活动费、管理费用、税费三类。",
    "form": "只有资金编制说明，发文单位和年份不详。",
}
