"""The model district's bodies as plain values: who exists, since when, with which facts. Nothing is written here.

Counts are exact for each unit of scale: 381 民办非企业单位, 131 社会团体, 1 基金会 and 1,059 filed live bodies; closed
ones come on top. The article's five organizations carry its facts and nothing else; everything about money, discipline
or failure belongs to invented bodies. The same seed and day give the same bodies.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any

from liaoyuan.core.models import Area
from liaoyuan.kit import geo
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.dates import add_years
from liaoyuan.kit.geo import Datum
from liaoyuan.kit.identifiers import filing_no
from liaoyuan.kit.periods import Period
from liaoyuan.registry.actions import demo_words, values
from liaoyuan.registry.actions.demo_words import DIVISION, Namer, words
from liaoyuan.registry.choices import Status

#: Live bodies for each unit of scale (the newspaper's figures).
LIVE_COUNTS = {"MF": 381, "ST": 131, "JJ": 1, "BA": 1059}
#: Closed bodies for each unit of scale, by kind and state.
CLOSED_COUNTS = {
    ("MF", Status.DEREGISTERED): 18, ("ST", Status.DEREGISTERED): 8, ("BA", Status.DEREGISTERED): 60,
    ("MF", Status.REVOKED): 2, ("MF", Status.CERTIFICATE_REVOKED): 2, ("ST", Status.BANNED): 1,
}  # fmt: skip
#: Filed bodies that registered, by the kind they became; the successors are among the live ones.
SUCCESSORS = {"MF": 4, "ST": 1}
#: Invented live bodies about which a failure is told, by kind.
FAILING = {"MF": 18, "ST": 6}
_FIRST = date(2003, 3, 3)
_FIRST_FILED = date(2009, 9, 1)
_RATED_SHARE = 0.2
_NO_POINT = 0.3
_NEAR = 0.012  # degrees, a good kilometre


@dataclass(frozen=True, slots=True)
class Places:
    """The district with its streets and their communities."""

    district: Area
    streets: Sequence[Area]
    communities: dict[int, list[Area]]

    def pairs(self) -> list[tuple[Area, Area]]:
        """Every community with its street."""
        return [(street, one) for street in self.streets for one in self.communities[street.pk]]


@dataclass(slots=True, eq=False)
class Body:
    """One organization of the demo. `facts` are columns of the standing; `earlier` are facts that held until a day."""

    kind: str
    facts: dict[str, Any]
    registered_on: date | None = None
    closed_on: date | None = None
    status: str = str(Status.ACTIVE)
    fails: bool = False
    article: bool = False
    told_on: date | None = None
    code: str = ""
    filing_no: str = ""
    street: Area | None = None
    predecessor: "Body | None" = None
    earlier: list[tuple[date, dict[str, Any]]] = field(default_factory=list)
    ratings: list[tuple[str, date, date, bool]] = field(default_factory=list)
    results: dict[int, str] = field(default_factory=dict)
    credits: list[dict[str, Any]] = field(default_factory=list)
    honours: list[tuple[str, str, date]] = field(default_factory=list)
    pk: int = 0

    @property
    def live(self) -> bool:
        """Whether it counts today."""
        return self.status in (Status.ACTIVE, Status.LIQUIDATING)

    @property
    def plain(self) -> bool:
        """A live, registered, invented body of which nothing bad is told."""
        return self.live and self.kind != "BA" and not self.article and not self.fails

    def history(self, today: date) -> list[Period]:
        """The periods of its standing, in the shape that forms and imports write."""
        known = {**self.facts, "status": self.status}
        history = values.first_periods(
            known, start=self.registered_on, closed_on=self.closed_on, as_of=self.told_on or today, marks={}
        )
        for until, facts in self.earlier:
            history = arithmetic.put(history, facts, start=history[0].start, end=until)
        return history


class Maker:
    """Draws the bodies of one district."""

    def __init__(self, scale: int, seed: int, today: date, places: Places) -> None:
        self.scale, self.today, self.places, self.pairs = scale, today, places, places.pairs()
        self.draw = Random(seed)  # noqa: S311 - an invented district, no secret
        self.spots = Random(seed + 1)  # noqa: S311 - its own, so that points change nothing else
        self.names = Namer(self.draw)
        self.phones = iter(range(1, 10_000_000))
        self.told = max(d for d in (date(today.year - 1, 5, 31), date(today.year, 5, 31)) if d <= today)

    def bodies(self) -> list[Body]:
        """All bodies in the order in which they were registered or filed, with their numbers."""
        made = self._article() + self._registered() + self._filed()
        for (kind, status), count in CLOSED_COUNTS.items():
            made += [self._closed(kind, status) for _ in range(count * self.scale)]
        made += self._predecessors(made)
        made.sort(key=lambda body: body.registered_on or date.min)
        self._number(made)
        return made

    def _article(self) -> list[Body]:
        """The newspaper's organizations with what it says of them; type, place and money stay open."""
        made = []
        for told in words()["article"]:
            facts = {"name": told["name"], "kind": "MF", "registrar_area_id": self.places.district.pk}
            facts["note"] = told.get("note", "")
            body = Body("MF", facts, article=True)
            if told.get("rating"):
                body.ratings.append((told["rating"], values.BEGINNING, values.OPEN, True))
            self.names.taken.add(told["name"])
            made.append(body)
        return made

    def _registered(self) -> list[Body]:
        made = []
        for kind in ("MF", "ST", "JJ"):
            count = LIVE_COUNTS[kind] * self.scale - (len(words()["article"]) if kind == "MF" else 0)
            failing = FAILING.get(kind, 0) * self.scale
            made += [self._body(kind, fails=i < failing) for i in range(count)]
        return made

    def _born(self, first: date, last: date) -> date:
        """A day of registration: more and more over the years, as in any register."""
        days = (last - first).days
        late = self.draw.random() < 0.3
        return first + timedelta(
            days=int(self.draw.uniform(days * 0.4, days) if late else self.draw.triangular(0, days, days * 0.75))
        )

    def _body(self, kind: str, *, fails: bool = False, born: date | None = None) -> Body:
        draw = self.draw
        themes = words()["themes"]
        theme = draw.choices(themes, [t["st" if kind == "ST" else "mf"] for t in themes])[0]
        if kind == "JJ":
            theme = themes[0]
        born = born or self._born(_FIRST, self.today - timedelta(days=1500 if fails else 45))
        street, community = draw.choice(self.pairs)
        facts = {
            "name": self.names.registered(kind, theme, fails=fails), "kind": kind,
            "registrar": words()["registrar"], "registrar_area_id": self.places.district.pk,
            "supervisor": theme["supervisor"] if draw.random() < 0.9 else "", "party_lead": words()["party_lead"],
            "scope": theme["scope"].format(word=draw.choice(theme["words"])),
            "field": theme["field"] if draw.random() < 0.985 else "", "district_field": theme["district"],
            **self._place(street, community), **self._people(kind), **self._papers(kind, born),
        }  # fmt: skip
        body = Body(kind, facts, born, fails=fails, told_on=max(born, self.told), street=street)
        self._past(body, theme)
        if kind != "JJ" and not fails:
            self._rate(body)
        self._results(body)
        if not fails and draw.random() < 0.06 and born < self.today - timedelta(days=900):
            given = self._day(max(born, self.today - timedelta(days=2500)), self.today - timedelta(days=60))
            body.honours.append((draw.choice(words()["honours"]), "district", given))
        return body

    def _place(self, street: Area, community: Area) -> dict[str, Any]:
        """Domicile; now and then somebody left the street or the community out."""
        luck = self.draw.random()
        place = community.name.removesuffix("居委会").removesuffix("村委会")
        return {
            "street_id": None if luck < 0.01 else street.pk,
            "community_id": None if luck < 0.045 else community.pk,
            "address": f"无锡市滨湖区{street.name}{place}示例路 {self.draw.randrange(1, 400)} 号",
            **self._point(street),
        }

    def _point(self, street: Area) -> dict[str, Any]:
        """An invented point around the street's, for most bodies; as if copied from this map or that."""
        luck, near = self.spots.random(), words()["points"].get(street.code)
        if near is None or luck < _NO_POINT:
            return {}
        x, y = (degrees + self.spots.uniform(-_NEAR, _NEAR) for degrees in near)
        datum = self.spots.choices(tuple(Datum), (3, 6, 1))[0]
        x, y = geo.to_wgs84(geo.from_wgs84((x, y), datum), datum)
        return {"longitude": x, "latitude": y, "point_datum": str(datum)}

    def _people(self, kind: str) -> dict[str, Any]:
        draw = self.draw
        full = draw.choices([0, draw.randrange(1, 6), draw.randrange(6, 25), draw.randrange(25, 80)], [2, 9, 7, 2])[0]
        facts = {
            "legal_representative": self.names.person() if draw.random() < 0.985 else "",
            "phone": demo_words.phone(next(self.phones)) if draw.random() < 0.9 else "",
            "full_time": full if kind != "ST" else draw.randrange(0, 5), "part_time": draw.randrange(0, 15),
            "council_count": draw.randrange(3, 16) if kind != "JJ" else 7,
            "supervisors_count": draw.choice((1, 1, 1, 3)),
            "party_members_declared": draw.choices([0, draw.randrange(1, 3), draw.randrange(3, 13)], [5, 4, 2])[0],
        }  # fmt: skip
        if kind == "ST":
            facts["members_person"] = draw.randrange(50, 260)
            facts["members_unit"] = draw.choice((0, 0, 0, 12, 30, 45))
        return facts

    def _papers(self, kind: str, born: date) -> dict[str, Any]:
        """Money, certificate, term: dates far enough ahead; what is due soon or overdue is dealt out later."""
        draw, facts = self.draw, {}
        wan = {"MF": (3, 3, 5, 10, 20, 30, 50), "ST": (3, 3, 5, 10), "JJ": (200, 300)}[kind]
        facts["capital_fen"] = draw.choice(wan) * 1_000_000 if draw.random() < 0.98 else None
        if draw.random() < 0.62:
            facts |= self.certificate(born, self.today + timedelta(days=draw.randrange(40, 1400)))
        if draw.random() < {"ST": 0.6, "MF": 0.2, "JJ": 1}[kind]:
            facts |= self.term(born, self.today + timedelta(days=draw.randrange(40, 1400)))
        if kind == "JJ":
            facts |= {"is_charity": True, "public_fundraising": False, "tax_deductible": True}
        elif draw.random() < 0.3:
            facts |= {"is_charity": draw.random() < 0.1, "public_fundraising": False}
        return facts

    def certificate(self, born: date, last: date) -> dict[str, Any]:
        """A certificate of four years whose last day is given."""
        return {"certificate_from": max(born, add_years(last, -4) + timedelta(days=1)), "certificate_to": last}

    def term(self, born: date, last: date) -> dict[str, Any]:
        """A council's term of four years whose last day is given."""
        return {"term_from": max(born, add_years(last, -4) + timedelta(days=1)), "term_to": last}

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.draw.randrange(max((last - first).days, 0) + 1))

    def _past(self, body: Body, theme: dict[str, Any]) -> None:
        """Some bore another name or had their domicile elsewhere."""
        born = body.registered_on or _FIRST
        last = min(self.told, body.closed_on or self.told) - timedelta(days=30)
        if born > add_years(last, -3):
            return
        if self.draw.random() < 0.1:
            old = {"name": self.names.registered(body.kind, theme, fails=body.fails)}
            body.earlier.append((self._day(born + timedelta(days=400), last), old))
        if self.draw.random() < 0.07:
            street, community = self.draw.choice(self.pairs)
            body.earlier.append((self._day(born + timedelta(days=400), last), self._place(street, community)))

    def rating(self, level: str, last: date) -> tuple[str, date, date, bool]:
        """A rating of five years whose last day is given, as stored (exclusive end)."""
        end = last + timedelta(days=1)
        return level, add_years(end, -5), end, False

    def level(self) -> str:
        """A level, most often 3A."""
        return self.draw.choices(("5A", "4A", "3A", "2A", "1A"), (6, 18, 50, 14, 12))[0]

    def _rate(self, body: Body) -> None:
        born = body.registered_on or _FIRST
        first = max(add_years(born, 2), add_years(self.today, -5) + timedelta(days=45))
        last = self.today - timedelta(days=15)
        if self.draw.random() >= _RATED_SHARE or first > last:
            return
        given = self._day(first, last)
        body.ratings.append((self.level(), given, add_years(given, 5), False))
        earlier = add_years(given, -5) - timedelta(days=30)
        if self.draw.random() < 0.3 and earlier > add_years(born, 2):
            body.ratings.insert(0, (self.draw.choice(("3A", "2A")), earlier, add_years(earlier, 5), False))

    def _results(self, body: Body) -> None:
        """Conclusions of the last three annual checks; only bodies of the fancy missed or failed one."""
        end = body.closed_on or self.today
        for year in range(self.today.year - 3, self.today.year):
            if (body.registered_on or _FIRST) > date(year, 6, 30) or end < date(year + 1, 6, 30):
                continue
            good = self.draw.choices(("qualified", "basically", "exempt"), (90, 8, 2))[0]
            body.results[year] = self.draw.choice(("missed", "unqualified", "basically")) if body.fails else good

    def _filed(self) -> list[Body]:
        pairs = cycle(self.pairs)
        made = [self._filing(*next(pairs)) for _ in range(LIVE_COUNTS["BA"] * self.scale)]
        for body in made[:: max(len(made) // (8 * self.scale), 1)]:
            body.facts["members_person"] = self.draw.randrange(3, 5)
        return made

    def _filing(self, street: Area, community: Area, born: date | None = None) -> Body:
        draw = self.draw
        place = community.name.removesuffix("居委会").removesuffix("村委会")
        groups = [g for g in words()["filings"] if g["category"] != "farming" or street.is_town or place.endswith("村")]
        group = draw.choices(groups, [g["weight"] for g in groups])[0]
        born = born or self._born(_FIRST_FILED, self.today - timedelta(days=20))
        luck = draw.random()
        facts = {
            "name": self.names.filed(place, group["forms"]), "kind": "BA", "registrar_area_id": street.pk,
            "registrar": f"{street.name}人民政府" if street.is_town else f"{street.name}办事处",
            "filing_category": group["category"], "field": group["field"], "district_field": group["district"],
            "guidance_unit": community.name.replace("居委会", "居民委员会").replace("村委会", "村民委员会"),
            "street_id": None if luck < 0.005 else street.pk, "community_id": None if luck < 0.02 else community.pk,
            "address": f"{place}{draw.choice(('活动室', '党群服务中心', '老年活动中心', '文化广场'))}",
            **self._point(street),
            "legal_representative": self.names.person() if draw.random() < 0.99 else "",
            "phone": demo_words.phone(next(self.phones)) if draw.random() < 0.85 else "",
            "members_person": draw.randrange(6, 46),
            "party_members_declared": draw.randrange(0, 7) if draw.random() < 0.6 else None,
        }  # fmt: skip
        if draw.random() < 0.2:
            facts["filing_to"] = self.today + timedelta(days=draw.randrange(70, 1000))
        return Body("BA", facts, born, told_on=born, street=street)

    def _closed(self, kind: str, status: Status) -> Body:
        born = self._born(_FIRST_FILED if kind == "BA" else _FIRST, add_years(self.today, -2))
        body = (
            self._filing(*self.draw.choice(self.pairs), born=born)
            if kind == "BA"
            else self._body(kind, fails=status != Status.DEREGISTERED, born=born)
        )
        end = self._day(born + timedelta(days=500), self.today - timedelta(days=25))
        return self._end(body, end, status)

    def _end(self, body: Body, end: date, status: Status) -> Body:
        """Close a body on the day; what would have begun later never did."""
        body.closed_on, body.status, body.told_on = end, str(status), body.registered_on
        for name in ("certificate_from", "certificate_to", "term_from", "term_to", "filing_to"):
            body.facts.pop(name, None)
        body.ratings, body.honours = [], []
        body.results = {y: r for y, r in body.results.items() if date(y + 1, 6, 30) <= end}
        body.earlier = [(until, facts) for until, facts in body.earlier if until < end]
        return body

    def _predecessors(self, made: Iterable[Body]) -> list[Body]:
        """Filed bodies that registered: closed on the day on which their successor was registered."""
        found = []
        for kind, count in SUCCESSORS.items():
            able = [b for b in made if b.kind == kind and b.plain and (b.registered_on or _FIRST) > date(2014, 1, 1)]
            for body in self.draw.sample(able, count * self.scale):
                day = body.registered_on or _FIRST
                born = self._day(_FIRST_FILED, day - timedelta(days=400))
                pair = next(p for p in self.pairs if body.street is None or p[0].pk == body.street.pk)
                filed = self._end(self._filing(*pair, born=born), day, Status.DEREGISTERED)
                body.predecessor = filed
                found.append(filed)
        return found

    @staticmethod
    def _number(made: Sequence[Body]) -> None:
        """Codes and filing numbers in the order of registration."""
        running: dict[tuple[str, int], int] = defaultdict(int)
        for number, body in enumerate(made, start=1):
            if body.kind != "BA":
                body.code = demo_words.code(body.kind, number)
            elif body.street is not None and body.registered_on is not None:
                street, year = body.street.code[6:9], body.registered_on.year
                running[street, year] += 1
                body.filing_no = filing_no(DIVISION, street, year, running[street, year])
