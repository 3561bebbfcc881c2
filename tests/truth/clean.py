"""Seeded clean rows of invented organizations: valid codes, streets and communities of Binhu, every column of F01.

The check digits are computed here from the text of the standards (GB 32100-2015, GB 11714), not by the product. Names,
persons, numbers and money are invented; 329911 is a division in no official table, 320211 the district's own. Street
and community names are those of the statistics bureau's 2023 edition.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from tests.truth.rows import ANNUAL_YEARS, Cell, DateCell, Row, Value

CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_CLASSES = {"ST": "51", "MF": "52", "JJ": "53", "NB": "59"}
DEMO_DIVISION = "329911"
DISTRICT_DIVISION = "320211"
REGISTRARS = {DEMO_DIVISION: "燎原演示区民政局", DISTRICT_DIVISION: "无锡市滨湖区民政局"}

KIND_WORDS = {"ST": "社会团体", "MF": "民办非企业单位", "JJ": "基金会", "BA": "社区社会组织", "NB": "其他"}
FIELD_WORDS = {
    "01": "工商服务业",
    "02": "农业及农村发展",
    "03": "科学研究",
    "04": "教育",
    "05": "卫生",
    "06": "文化",
    "07": "体育",
    "08": "生态环境",
    "09": "社会服务",
    "10": "法律",
    "11": "宗教",
    "12": "职业及从业者组织",
    "13": "国际及涉外组织",
    "14": "其他",
}
DISTRICT_FIELD_WORDS = {
    "economy": "经济",
    "technology": "科技",
    "education": "教育",
    "culture": "文化",
    "labour": "劳动",
    "health": "卫生",
    "sports": "体育",
    "livelihood": "民生",
}
DISTRICT_FIELD_OF = {
    "01": "economy",
    "02": "economy",
    "03": "technology",
    "04": "education",
    "05": "health",
    "06": "culture",
    "07": "sports",
    "09": "livelihood",
    "12": "labour",
}
ANNUAL_WORDS = {
    "qualified": "合格",
    "basically": "基本合格",
    "unqualified": "不合格",
    "missed": "未参加",
    "exempt": "免检",
}

#: Street -> (the street's three digits, some of its residents' and villagers' committees).
STREETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "河埒街道": ("001", ("产山社区居委会", "惠河社区居委会", "河埒社区居委会", "溪南社区居委会", "水秀社区居委会")),
    "荣巷街道": ("002", ("荣巷社区居委会", "太康社区居委会", "梅园社区居委会", "青龙山社区居委会", "勤新社区居委会")),
    "蠡园街道": ("003", ("隐秀苑社区居委会", "环湖社区居委会", "湖滨苑社区居委会", "湖景社区居委会", "渔港社区居委会")),
    "蠡湖街道": ("004", ("震泽社区居委会", "山明社区居委会", "双虹社区居委会", "中南社区居委会", "美湖社区居委会")),
    "华庄街道": ("006", ("华庄社区居委会", "南张社区居委会", "落霞社区居委会", "龙渚社区居委会", "和韵社区居委会")),
    "太湖街道": ("007", ("梁南社区居委会", "东绛社区居委会", "方庙社区居委会", "周新社区居委会", "玖玖城社区居委会")),
    "雪浪街道": ("008", ("长广社区居委会", "石塘社区居委会", "许舍社区居委会", "葛埭社区居委会", "军嶂社区居委会")),
    "马山街道": ("009", ("峰影社区居委会", "乐山社区居委会", "古竹社区居委会", "嶂青社区居委会", "耿湾社区居委会")),
    "胡埭镇": ("101", ("花汇苑社区居委会", "立人社区居委会", "胡埭村村委会", "张舍村村委会", "夏渎村村委会")),
}

_FIRST = "青晨若听云知沐星初溪朗禾景澄悦怀映暖乐宁安予然言舒柏桐竹清苇"
_SECOND = "语舟麓湾帆苗岚舍屿桥荷槿枫棠砚笙筑畔野光驿庭塘渡林羽芽汀穗屏"
_TOPICS = (
    *("养老", "助残", "青少年", "亲子教育", "书画", "太极", "科普", "法律援助", "环境保护", "健康促进", "家政", "阅读"),
    *("手工艺", "舞蹈", "乒乓球", "社区营造", "邻里互助", "调解", "创业", "职业培训", "园艺", "摄影", "救护", "助学"),
)
_FORMS = {
    "ST": ("协会", "促进会", "联合会", "学会"),
    "MF": ("服务中心", "发展中心", "活动中心", "事务所"),
    "JJ": ("基金会", "公益基金会", "慈善基金会", "发展基金会"),
    "BA": ("志愿队", "互助会", "兴趣小组", "议事会"),
}
_AREAS = {"ST": "滨湖区", "MF": "无锡市滨湖区", "JJ": "无锡", "BA": ""}
_SURNAMES = "林许沈陆顾钱蒋殷梅贺盛虞"
_GIVEN = "一禾知远听澜安宁若川书言景行朗月"
_SUPERVISORS = ("滨湖区教育局", "滨湖区文体旅游局", "滨湖区卫生健康委员会", "滨湖区科学技术局", "滨湖区民政局")
_PARTY_LEADS = ("滨湖区委社会工作部", "滨湖区社会组织综合党委")


def code_check(body17: str) -> str:
    """The last character for the first 17 of a code (GB 32100: weights 3^i mod 31, 31 minus the sum)."""
    total = sum(CODE_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body17))
    return CODE_ALPHABET[-total % 31]


def organization_check(body8: str) -> str:
    """The check character of the eight characters of an organization code (GB 11714; A=10 … Z=35)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body8, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return "0123456789X0"[11 - total % 11]


def code_of(prefix: str, division: str, body8: str) -> str:
    """The valid 18-character code of ``prefix`` (two characters), division (six) and organization body (eight)."""
    body17 = prefix + division + body8 + organization_check(body8)
    return body17 + code_check(body17)


def is_code(text: str) -> bool:
    """Whether ``text`` is 18 allowed characters with both check characters right."""
    if len(text) != 18 or any(char not in CODE_ALPHABET for char in text):
        return False
    return organization_check(text[8:16]) == text[16] and code_check(text[:17]) == text[17]


def _name(kind: str, number: int, seed: int, community: str) -> str:
    """A name that no other ``number`` of this kind bears."""
    size = len(_FIRST) * len(_SECOND) * len(_TOPICS) * 4
    cycle, place = divmod(number, size)
    rest, form = divmod((place * 48271 + seed) % size, 4)
    rest, topic = divmod(rest, len(_TOPICS))
    first, second = divmod(rest, len(_SECOND))
    word = _FIRST[first] + _SECOND[second] + (_SECOND[cycle - 1] if cycle else "")
    # A filed body bears its community's name, so two bodies of one word in two communities are still two names.
    area = _AREAS[kind] or community.removesuffix("居委会").removesuffix("村委会")
    return area + word + _TOPICS[topic] + _FORMS[kind][form]


def _day(rng: random.Random, first: int, last: int) -> date:
    return date(first, 1, 1) + timedelta(days=rng.randrange(365 * (last - first + 1)))


def _later(day: date, years: int) -> date:
    """The day before the same date ``years`` later: the last day of a term that begins on ``day``."""
    return date(day.year + years, day.month, min(day.day, 28)) - timedelta(days=1)


class _Builder:
    """Collects display and truth of one row side by side."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.cells: dict[str, Cell] = {}
        self.fields: dict[str, Value] = {}

    def text(self, column: str, value: str, shown: Cell = None) -> None:
        self.cells[column] = value if shown is None else shown
        self.fields[column] = value

    def whole(self, column: str, value: int) -> None:
        self.cells[column] = value
        self.fields[column] = value

    def day(self, column: str, value: date) -> None:
        self.text(column, value.isoformat(), DateCell.of(value) if self.rng.random() < 0.7 else value.isoformat())

    def flag(self, column: str, value: bool) -> None:
        self.cells[column] = "是" if value else "否"
        self.fields[column] = value


def _registered_facts(row: _Builder, kind: str, code: str, division: str) -> None:
    """What only a registered body has: code, authorities, money, certificate, rating, yearly results."""
    rng = row.rng
    row.text("code", code)
    row.text("registrar", REGISTRARS[division])
    row.text("supervisor", rng.choice(_SUPERVISORS))
    row.text("industry_regulator", rng.choice(_SUPERVISORS))
    row.text("party_lead", rng.choice(_PARTY_LEADS))
    capital: int | float = rng.choice((200, 400, 800)) if kind == "JJ" else rng.choice((3, 5, 10, 20, 50, 3.5, 12.8))
    row.cells["capital_fen"] = capital
    row.fields["capital_fen"] = int(Decimal(str(capital)) * 1_000_000)
    begins = _day(rng, 2022, 2025)
    row.day("certificate_from", begins)
    row.day("certificate_to", _later(begins, 5))
    row.whole("council_count", rng.randrange(5, 16))
    row.whole("supervisors_count", rng.randrange(1, 4))
    if kind == "ST":
        row.whole("members_unit", rng.randrange(0, 40))
    if rng.random() < 0.4:
        rated = _day(rng, 2021, 2025)
        row.text("rating", f"{rng.randrange(1, 6)}A")
        row.day("rated_on", rated)
        row.day("rating_until", _later(rated, 5))
    results = {
        str(year): rng.choice(("qualified", "qualified", "qualified", "basically", "missed")) for year in ANNUAL_YEARS
    }
    for year, result in results.items():
        row.cells[f"annual_{year}"] = ANNUAL_WORDS[result]
    row.fields["annual_results"] = results
    row.flag("is_charity", kind == "JJ" or rng.random() < 0.1)
    row.flag("public_fundraising", False)
    row.flag("tax_deductible", rng.random() < 0.1)
    row.text("credit_status", "normal", "正常")


def _row(rng: random.Random, number: int, place: int, kind: str, seed: int) -> Row:
    """The clean row of running number ``number``, the ``place``-th of its kind."""
    row = _Builder(rng)
    street = rng.choice(tuple(STREETS))
    digits, communities = STREETS[street]
    community = rng.choice(communities)
    row.text("name", _name(kind, place, seed, community))
    row.text("kind", kind, KIND_WORDS[kind])
    founded = _day(rng, 2001, 2018)
    if kind == "BA":
        key = f"BA-{DISTRICT_DIVISION}-{digits}-{founded.year}-{place + 1:04d}"
        row.text("filing_no", key)
    else:
        division = DEMO_DIVISION if rng.random() < 0.6 else DISTRICT_DIVISION
        key = code_of(CODE_CLASSES[kind], division, f"MJ{(number * 7919 + seed) % 1_000_000:06d}")
        _registered_facts(row, kind, key, division)
    row.text("legal_representative", rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2)))
    row.text("phone", f"199{number % 100_000_000:08d}")
    row.text("address", f"无锡市滨湖区{street}演示路{rng.randrange(1, 400)}号")
    row.text("street", street)
    row.text("community", community)
    row.day("registered_on", founded)
    row.text("scope", f"开展{rng.choice(_TOPICS)}、{rng.choice(_TOPICS)}服务")
    sector = rng.choice(tuple(DISTRICT_FIELD_OF))
    row.text("field", sector, FIELD_WORDS[sector])
    district_field = DISTRICT_FIELD_OF[sector]
    row.text("district_field", district_field, DISTRICT_FIELD_WORDS[district_field])
    row.whole("full_time", rng.randrange(0, 30))
    row.whole("part_time", rng.randrange(0, 30))
    if kind in {"ST", "BA"}:
        row.whole("members_person", rng.randrange(50, 300))
    row.whole("party_members_declared", rng.randrange(0, 9))
    if kind != "BA" and rng.random() < 0.03:
        row.text("status", "deregistered", "注销")
        row.day("closed_on", _day(rng, 2022, 2025))
    else:
        row.text("status", "active", "正常")
    if rng.random() < 0.2:
        row.text("note", rng.choice(("地址已核实", "电话回访", "材料齐全", "2024年换证")))
    return Row(cells=row.cells, fields=row.fields, kind=kind, key=key)


def clean_rows(count: int, seed: int) -> Iterator[Row]:
    """``count`` clean rows, the same for the same seed; names and keys are unique up to a million rows."""
    rng = random.Random(seed)
    places = dict.fromkeys(_FORMS, 0)
    for number in range(count):
        kind = rng.choices(("MF", "ST", "JJ", "BA"), (50, 25, 3, 22))[0]
        yield _row(rng, number, places[kind], kind, seed)
        places[kind] += 1
