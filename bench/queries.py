"""W3, W4 and W6: search, statistics and export of one register."""

import csv
import json
import subprocess
import time
from pathlib import Path

from bench.ground import Register
from bench.measure import Figure, cpu, middle

_GOAL_PAGE, _GOAL_TOTAL, _GOAL_STATS, _GOAL_CSV = 4.0, 20.0, 2.0, 3.0


def search(where: Register, repeat: int) -> list[Figure]:
    """W3: the costliest query of each kind, first page alone and with the exact total."""
    runs = [json.loads(where.home.inside("search"))["queries"] for _ in range(repeat)]
    figures = []
    for kind in dict.fromkeys(q["kind"] for q in runs[0]):
        for name, part, below, goal in (
            ("first page", "page", "floor", _GOAL_PAGE), ("page and total", "both", "floor_both", _GOAL_TOTAL),
        ):  # fmt: skip
            best = None
            for place, query in enumerate(runs[0]):
                if query["kind"] == kind:
                    cost = middle([run[place][part] for run in runs])
                    if best is None or cost > best[0]:
                        best = (cost, middle([run[place][below] for run in runs]), query)
            right = all(q["right"] for run in runs for q in run if q["kind"] == kind)
            if best is not None:
                cost, floor, query = best
                figures.append(
                    Figure("W3", f"{kind}, {name}, of {where.size:,}", "right" if right else "wrong", cost, floor,
                           "ms CPU", f"≤ {goal:g} ms", cost <= goal, [f"{query['query']}: {query['hits']:,} hits"])
                )  # fmt: skip
    return figures


def statistics(where: Register, repeat: int) -> list[Figure]:
    """W4: type × field × street."""
    runs = [json.loads(where.home.inside("stats")) for _ in range(repeat)]
    cost, floor = (middle([run[name] for run in runs]) for name in ("cost", "floor"))
    right = all(run["right"] for run in runs)
    return [
        Figure("W4", f"type × field × street of {where.size:,}", "right" if right else "wrong", cost, floor, "ms CPU",
               f"≤ {_GOAL_STATS:g} × floor", cost <= _GOAL_STATS * floor, [f"{runs[0]['groups']} groups"]),
        Figure("W4", "coverage rate column", "not yet"),
    ]  # fmt: skip


def export(where: Register, repeat: int, server: int | None) -> list[Figure]:
    """W6: all rows as CSV."""
    if "organizations" not in json.loads(where.home.inside("export_kinds"))["kinds"]:
        return [Figure("W6", "export CSV", "not yet")]
    path = where.home.path / "export.csv"
    idle = _run(["check"], where, server)
    costs = [_run(["export", "organizations", "--output", str(path)], where, server) - idle for _ in range(repeat)]
    floors = [_csv(where, where.home.path / "floor.csv", server) for _ in range(repeat)]
    cost, floor = middle(costs), middle(floors)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = sum(1 for _ in csv.reader(file)) - 1
    return [
        Figure("W6", f"export CSV of {where.size:,}", "right" if lines >= where.size else "wrong", cost, floor, "s",
               f"≤ {_GOAL_CSV:g} × floor", cost <= _GOAL_CSV * floor)
    ]  # fmt: skip


def _run(words: list[str], where: Register, server: int | None) -> float:
    before = cpu(server)
    process = where.home.start(*words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    used = 0.0
    while process.poll() is None:
        used = max(used, cpu(process.pid))
        time.sleep(0.01)
    return used + cpu(server) - before


def _csv(where: Register, path: Path, server: int | None) -> float:
    begin, before = time.process_time(), cpu(server)
    connection = where.home.connect()
    cursor = connection.cursor()
    cursor.execute(
        "SELECT o.code, o.filing_no, o.registered_on, o.closed_on, s.*, st.name, cm.name FROM registry_organization o"
        " JOIN registry_standing s ON s.organization_id = o.id LEFT JOIN core_area st ON st.id = s.street_id"
        " LEFT JOIN core_area cm ON cm.id = s.community_id"
        " WHERE s.superseded_at IS NULL AND s.valid_to = '9999-12-31' ORDER BY s.name"
    )
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(cursor)
    connection.close()
    return time.process_time() - begin + cpu(server) - before
