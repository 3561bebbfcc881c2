"""Party building counted without the product: rows read by plain SQL, loops over them, one statement as the floor."""

from calendar import monthrange
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bench.ground import AREA, Home
from bench.party_ground import ON

_NOW = "superseded_at IS NULL AND valid_from <= %s AND valid_to > %s"


@dataclass(slots=True)
class Body:
    """One body of D1 with all that coverage asks of it."""

    key: int
    name: str
    street: str
    ways: dict[str, date] = field(default_factory=dict)
    met: list[date] = field(default_factory=list)
    letters: list[date] = field(default_factory=list)
    visits: list[date] = field(default_factory=list)
    heads: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @property
    def full(self) -> int:
        """Full members that founding reads."""
        return len(self.heads["formal"]) + len(self.heads["committed"])

    def gaps(self) -> set[str]:
        """Letters of the gaps by handbook §2.10: 3 members, 3 months, 90 days."""
        found = set()
        if self.full >= 3 and "own" not in self.ways:
            found.add("A")
        elif not self.ways:
            found.add("B" if self.full or self.heads["probationary"] else "C")
        if not self.ways:
            return found
        held = max([min(self.ways.values()), *self.met])
        month = held.month - 1 + 3
        year, month = held.year + month // 12, month % 12 + 1
        quiet = date(year, month, min(held.day, monthrange(year, month)[1])) < ON
        alone = self.letters and max([*self.letters, *self.visits]) + timedelta(days=90) < ON
        return found | ({"D"} if quiet or alone else set())


def day(value: Any) -> date:
    """A day as either driver gives it."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def bodies(home: Home) -> dict[int, Body]:
    """D1 of the district on the day, by key."""
    on = ON.isoformat()
    (path,) = home.rows("SELECT path FROM core_area WHERE code = %s", AREA)[0]
    rows = home.rows(
        "SELECT s.organization_id, s.name, st.name, st.path FROM registry_standing s"
        " JOIN registry_organization o ON o.id = s.organization_id JOIN core_area a ON a.id = s.registrar_area_id"
        " LEFT JOIN core_area st ON st.id = s.street_id WHERE s.superseded_at IS NULL AND s.valid_from <= %s"
        " AND s.valid_to > %s AND s.status = 'active' AND s.kind IN ('ST', 'MF', 'JJ') AND NOT o.is_external"
        " AND a.path LIKE %s", on, on, f"{path}%",
    )  # fmt: skip
    shells: dict[int, str] = {}
    for key, answer in home.rows(
        "SELECT organization_id, answer FROM registry_idlefinding WHERE answer <> '' ORDER BY answered_at, id"
    ):
        shells[key] = answer
    found = {}
    for key, name, street, place in rows:
        if shells.get(key) != "idle":
            word = "（未填）" if street is None else street if place.startswith(path) else "（区外）"
            found[key] = Body(key, name, word)
    _ways(home, found, on)
    _heads(home, found, on)
    for key, start, first, last in home.rows(
        "SELECT organization_id, valid_from, letter_from, letter_until FROM party_instructorassignment"
        f" WHERE letter <> '' AND {_NOW}", on, on,
    ):  # fmt: skip
        if key in found and day(first) <= ON <= day(last):
            found[key].letters.append(day(start))
    for key, when in home.rows('SELECT organization_id, "on" FROM party_visit WHERE "on" <= %s', on):
        if key in found:
            found[key].visits.append(day(when))
    return found


def _ways(home: Home, found: dict[int, Body], on: str) -> None:
    parties = {row[0]: row[1:] for row in home.rows(
        "SELECT id, established_on, dissolved_on, voided_at FROM party_partyorganization")}  # fmt: skip
    forms = {row[0]: row[1:] for row in home.rows(
        f"SELECT party_organization_id, form, branch_kind, evidence, case_id FROM party_formation WHERE {_NOW}", on, on
    )}  # fmt: skip
    met = defaultdict(list)
    for party, when in home.rows(
        "SELECT party_organization_id, held_on FROM party_meeting WHERE state IN ('held', 'closed') AND held_on <= %s",
        on,
    ):
        met[party].append(day(when))
    for key, party, start, evidence in home.rows(
        f"SELECT organization_id, party_organization_id, valid_from, evidence FROM party_unit WHERE {_NOW}", on, on
    ):
        since, until, void = parties[party]
        if key not in found or party not in forms or void or since is None or day(since) > ON:
            continue
        form, kind, approval, case = forms[party]
        way = "area" if form != "branch" else {"independent": "own", "joint": "joint", "attached": "area"}.get(kind)
        if way is None or (until and day(until) <= ON) or not (evidence or approval or case):
            continue
        begin = max(day(start), day(since))
        found[key].ways[way] = min(begin, found[key].ways.get(way, begin))
        found[key].met += met[party]


def _heads(home: Home, found: dict[int, Body], on: str) -> None:
    told = {row[0]: row[1:] for row in home.rows(
        "SELECT member_id, admitted_on, confirmed_on, left_on FROM party_memberrecord WHERE superseded_at IS NULL"
    )}  # fmt: skip
    void = {row[0] for row in home.rows("SELECT id FROM party_member WHERE voided_at IS NOT NULL")}
    for key, member, kind, stage, consent, whole in home.rows(
        "SELECT organization_id, member_id, kind, stage, consented_on, full_time FROM party_affiliation"
        f" WHERE organization_id IS NOT NULL AND {_NOW}", on, on,
    ):  # fmt: skip
        admitted, confirmed, left = told[member]
        if key not in found or member in void or admitted is None or day(admitted) > ON or (left and day(left) <= ON):
            continue
        full = confirmed is not None and day(confirmed) <= ON
        if kind == "formal":
            found[key].heads["formal" if full else "probationary"].add(member)
        elif kind in ("temporary", "double") and full and stage != "moved":
            agreed = stage != "kept" and consent is not None and day(consent) <= ON and whole
            found[key].heads["committed" if agreed else "dual"].add(member)


def figures(found: dict[int, Body]) -> dict[str, Counter[str]]:
    """Counts by street."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for body in found.values():
        marks = [*body.ways, *(f"gap {gap}" for gap in body.gaps()), "count"]
        marks += ["covered"] if body.ways else []
        marks += ["worked"] if body.ways or body.letters else []
        marks += ["due"] if body.full >= 3 else []
        marks += ["built"] if body.full >= 3 and "own" in body.ways else []
        told[body.street].update(marks)
        told[body.street].update({name: len(heads) for name, heads in body.heads.items()})
    return told


def floor(mark: str, on: str, path: str) -> tuple[str, list[str]]:
    """One statement, written by hand, that counts the same by street; its parameters."""
    live = f"superseded_at IS NULL AND valid_from <= {mark} AND valid_to > {mark}"
    here = live.replace("superseded", "a.superseded").replace("valid", "a.valid")
    unit = live.replace("superseded", "u.superseded").replace("valid", "u.valid")
    row = live.replace("superseded", "f.superseded").replace("valid", "f.valid")
    told = live.replace("superseded", "s.superseded").replace("valid", "s.valid")
    full = f"r.confirmed_on <= {mark}"
    sql = f"""
WITH heads AS (
  SELECT a.organization_id AS o,
    count(DISTINCT CASE WHEN a.kind = 'formal' AND {full} THEN a.member_id END) AS formal,
    count(DISTINCT CASE WHEN a.kind = 'formal' THEN a.member_id END) AS here,
    count(DISTINCT CASE WHEN a.kind <> 'formal' AND a.stage NOT IN ('moved', 'kept') AND a.full_time
      AND a.consented_on <= {mark} AND {full} THEN a.member_id END) AS committed,
    count(DISTINCT CASE WHEN a.kind <> 'formal' AND a.stage <> 'moved' AND {full} THEN a.member_id END) AS two
  FROM party_affiliation a JOIN party_memberrecord r ON r.member_id = a.member_id AND r.superseded_at IS NULL
    AND r.admitted_on <= {mark} AND (r.left_on IS NULL OR r.left_on > {mark})
  JOIN party_member m ON m.id = a.member_id AND m.voided_at IS NULL
  WHERE {here} AND a.organization_id IS NOT NULL AND a.kind IN ('formal', 'temporary', 'double') GROUP BY 1),
met AS (SELECT party_organization_id AS p, max(held_on) AS last FROM party_meeting
  WHERE state IN ('held', 'closed') AND held_on <= {mark} GROUP BY 1),
ways AS (
  SELECT u.organization_id AS o, max(CASE WHEN f.branch_kind = 'independent' THEN 1 ELSE 0 END) AS own,
    max(met.last) AS last
  FROM party_unit u JOIN party_partyorganization p ON p.id = u.party_organization_id AND p.voided_at IS NULL
    AND p.established_on <= {mark} AND (p.dissolved_on IS NULL OR p.dissolved_on > {mark})
  JOIN party_formation f ON f.party_organization_id = p.id LEFT JOIN met ON met.p = p.id
  WHERE {unit} AND {row} AND (f.form <> 'branch' OR f.branch_kind IN ('independent', 'joint', 'attached'))
    AND (u.evidence <> '' OR f.evidence <> '' OR f.case_id IS NOT NULL) GROUP BY 1),
sent AS (SELECT organization_id AS o FROM party_instructorassignment
  WHERE {live} AND letter <> '' AND letter_from <= {mark} AND letter_until >= {mark} GROUP BY 1)
SELECT st.name, count(*), count(ways.o), sum(ways.own), count(CASE WHEN ways.o IS NOT NULL OR sent.o IS NOT NULL
  THEN 1 END), count(CASE WHEN heads.formal + heads.committed >= 3 THEN 1 END),
  count(CASE WHEN heads.formal + heads.committed >= 3 AND ways.own = 1 THEN 1 END),
  count(CASE WHEN ways.last < {mark} THEN 1 END), sum(heads.formal), sum(heads.here), sum(heads.committed),
  sum(heads.two), sum(s.party_members_declared)
FROM registry_standing s JOIN registry_organization b ON b.id = s.organization_id AND NOT b.is_external
JOIN core_area ar ON ar.id = s.registrar_area_id LEFT JOIN core_area st ON st.id = s.street_id
LEFT JOIN heads ON heads.o = s.organization_id LEFT JOIN ways ON ways.o = s.organization_id
LEFT JOIN sent ON sent.o = s.organization_id
WHERE {told} AND s.status = 'active' AND s.kind IN ('ST', 'MF', 'JJ') AND ar.path LIKE {mark} GROUP BY st.name"""
    count = sql.count(mark)
    return sql, [*[on] * (count - 1), f"{path}%"]
