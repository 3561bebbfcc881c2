"""PB: pages of party building at 100,000 members: CPU and statements of each, every answer checked by plain SQL first.

Coverage board, list behind gap A, roster, statutory table F04, life of branches; and the figures against one statement.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from bench import party_truth as truth
from bench.ground import AREA, Broken, Ground, Home, free_port, register, served
from bench.measure import Figure, cpu, middle
from bench.party_ground import ON
from bench.party_truth import Body
from bench.web import Browser, address

_GOAL_PAGE, _GOAL_STATS = 3.0, 2.0
_LOGIN = "dangjian"
_DAY = {"area": AREA, "as_of": ON.isoformat()}
PAGES = {
    "coverage board": address("/party/coverage/", **_DAY, by="street"),
    "list of gap A, 50 rows": address("/party/coverage/bodies/", **_DAY, shown="A"),
    "roster, 50 rows": address("/party/members/"),
    "roster, 50 rows, one kind": address("/party/members/", kind="temporary"),
    "statutory table F04": address("/party/statutory/", **_DAY),
    "life of branches, 50 rows": address("/party/life/frequency/", year="2026", quarter="4"),
    "how coverage spread": address("/party/coverage/spread/", **_DAY),
}  # fmt: skip
_LISTS = ("list", "roster", "life")


@contextmanager
def the_day() -> Iterator[None]:
    """Whatever is started works on the ground's day."""
    before = os.environ.get("LIAOYUAN_NOW")
    os.environ["LIAOYUAN_NOW"] = f"{ON.isoformat()}T09:00:00"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LIAOYUAN_NOW"]
        else:
            os.environ["LIAOYUAN_NOW"] = before


def measure(made: Ground, count: int, seed: int, repeat: int) -> list[Figure]:
    """All figures of party building."""
    with the_day():
        where = register(made, 1572, seed)
        told = json.loads(where.home.inside("lay", count, seed, module="bench.party_inside"))
        if told["members"] != count:
            raise Broken(f"{told['members']} members instead of {count}")
        return [*_statistics(where.home, count, repeat), *pages(where.home, where.password, made.server_pid, repeat)]


def _statistics(home: Home, count: int, repeat: int) -> list[Figure]:
    runs = [json.loads(home.inside("figures", module="bench.party_inside")) for _ in range(repeat)]
    cost, floor = (middle([run[name] for run in runs]) for name in ("cost", "floor"))
    good = counted(home) == _shown(runs[0]["told"])
    sums = [json.loads(home.inside("table", module="bench.party_inside")) for _ in range(repeat)]
    young = sum(sums[0]["by_hand"].get(str(key), 0) for key in truth.bodies(home))
    return [
        _statistic(f"coverage figures by street of {count:,}", cost, floor, good),
        _statistic(f"sums of F04 of {count:,}", *(middle([run[name] for run in sums]) for name in ("cost", "floor")),
                   sums[0]["young"] == young),
    ]  # fmt: skip


def _statistic(what: str, cost: float, floor: float, good: bool) -> Figure:
    return Figure("PB", what, "right" if good else "wrong", cost, floor, "ms CPU", f"≤ {_GOAL_STATS:g} × plain SQL",
                  cost <= _GOAL_STATS * floor)  # fmt: skip


_NAMES = ("count", "covered", "own", "joint", "area", "due", "built", "worked", "formal", "probationary", "committed",
          "dual")  # fmt: skip


def counted(home: Home) -> dict[str, dict[str, int]]:
    """The figures by street as loops over plain rows give them."""
    return {
        street: {**{name: told[name] for name in _NAMES}, **{gap: told[f"gap {gap}"] for gap in "ABCD"}}
        for street, told in truth.figures(truth.bodies(home)).items()
    }


def _shown(told: dict[str, list[dict[str, int]]]) -> dict[str, dict[str, int]]:
    return {row["street"]: {**{name: row[name] for name in _NAMES}, **row["gaps"]} for row in told["rows"]}  # type: ignore[misc, dict-item, index]


def pages(home: Home, password: str, server: int | None, repeat: int, requests: int = 20) -> list[Figure]:
    """CPU and statements of every page."""
    asked = json.loads(home.inside("queries", _LOGIN, *PAGES.values(), module="bench.party_inside"))
    found = truth.bodies(home)
    port, figures = free_port(), []
    process = home.start("serve", "--port", str(port), "--workers", "1", stderr=subprocess.DEVNULL)
    with served(process, port, "/login/"):
        browser = Browser(port)
        browser.login(_LOGIN, password)
        for what, path in PAGES.items():
            html = browser.get(path)
            browser.times(path, 3)
            costs = []
            for _run in range(repeat):
                before = cpu(process.pid) + cpu(server)
                browser.times(path, requests)
                costs.append((cpu(process.pid) + cpu(server) - before) * 1000 / requests)
            goal = what.startswith(_LISTS)
            cost = middle(costs)
            figures.append(
                Figure("PB", what, "right" if right(home, what, html, found) else "wrong", cost, None, "ms CPU",
                       f"≤ {_GOAL_PAGE:g} ms" if goal else "", cost <= _GOAL_PAGE if goal else None,
                       [f"{asked[path]} statements"])
            )  # fmt: skip
    return figures


def _total(html: str) -> int:
    told = re.search(r"共 ([\d,]+) [条家个]", html)
    return int(told[1].replace(",", "")) if told else -1


def _texts(html: str) -> list[str]:
    """Words of a page without tags, in order."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    return [word for word in (unescape(part).strip() for part in re.split(r"<[^>]*>", bare)) if word]


def right(home: Home, what: str, html: str, found: dict[int, Body]) -> bool:
    """Whether a page says what plain SQL says."""
    words, told = _texts(html), truth.figures(found)
    whole = {name: sum(line[name] for line in told.values()) for line in told.values() for name in line}
    if what == "coverage board":
        rows = [[street, *(str(line[name] or "—") for name in ("count", "covered", "worked", "gap A", "gap B", "gap C",
                                                         "gap D"))] for street, line in told.items()]  # fmt: skip
        return all(_within(row, words) for row in rows) and f"{whole['formal']:,}" in words
    if what.startswith("list of gap A"):
        names = sorted((body.name, body.key) for body in found.values() if "A" in body.gaps())
        return _total(html) == len(names) and _linked(html, r"/party/coverage/of/(\d+)/") == [k for _n, k in names][:50]
    if what.startswith("roster"):
        return _roster(home, html, "AND a.kind = 'temporary'" if "kind" in what else "")
    if what.startswith("statutory"):
        return all(f"{whole[name]:,}" in words for name in ("formal", "probationary", "committed", "dual"))
    if what.startswith("life"):
        return _life(home, html)
    return str(whole["covered"]) in words and str(whole["count"]) in words


def _within(row: list[str], words: list[str]) -> bool:
    """Whether the cells of a row follow one another on the page."""
    return any(words[place : place + len(row)] == row for place, word in enumerate(words) if word == row[0])


def _linked(html: str, pattern: str) -> list[int]:
    return list(dict.fromkeys(int(key) for key in re.findall(rf'href="{pattern}"', html)))


def _roster(home: Home, html: str, more: str) -> bool:
    rows = home.rows(
        "SELECT r.name, a.id, a.member_id FROM party_affiliation a JOIN party_memberrecord r"
        " ON r.member_id = a.member_id AND r.superseded_at IS NULL JOIN party_member m ON m.id = a.member_id"
        " WHERE a.superseded_at IS NULL AND a.valid_to = '9999-12-31' AND a.party_organization_id IS NOT NULL"
        f" AND m.voided_at IS NULL {more}"
    )
    wanted = [member for _name, _pk, member in sorted(rows)][:50]
    return _total(html) == len(rows) and _linked(html, r"/party/members/(\d+)/") == list(dict.fromkeys(wanted))


def _life(home: Home, html: str) -> bool:
    """Total of branches, and how many months of the quarter the first one held a theme day in."""
    rows = home.rows(
        "SELECT p.id, f.name FROM party_partyorganization p JOIN party_formation f ON f.party_organization_id = p.id"
        " WHERE f.superseded_at IS NULL AND f.valid_to = '9999-12-31' AND f.form = 'branch' AND p.voided_at IS NULL"
        " AND p.dissolved_on IS NULL ORDER BY p.path"
    )
    held = home.rows(
        "SELECT party_organization_id, held_on FROM party_meeting WHERE kind = 'theme_day' AND held_on >= '2026-10-01'"
        " AND held_on <= '2026-12-31' AND state IN ('held', 'closed')"
    )
    months = {(party, truth.day(when).month) for party, when in held}
    words = _texts(html)
    for key, name in rows[:50]:
        if name not in words:
            return False
        line = words[words.index(name) + 1 :][:7]
        if f"{sum(party == key for party, _month in months)}/3 个月" not in line:
            return False
    return _total(html) == len(rows)
