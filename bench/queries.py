"""W3, W4 and W6: search, statistics and export of one register."""

import csv
import json
import subprocess
import time
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from bench.ground import Register
from bench.measure import Figure, cpu, middle, own_memory

_GOAL_PAGE, _GOAL_TOTAL, _GOAL_STATS, _GOAL_CSV, _GOAL_XLSX = 4.0, 20.0, 2.0, 3.0, 2.0
#: Of a streamed sheet: what a command takes beyond an idle one may not grow with the rows.
_GOAL_FLAT = 64


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
    """W6: all rows as CSV and as XLSX, with the memory that a workbook takes beyond an idle command."""
    if "organizations" not in json.loads(where.home.inside("export_kinds"))["kinds"]:
        return [Figure("W6", "export", "not yet")]
    idle, rest = _run(["check"], where, server)
    figures = []
    for form, goal, floor_of, count in (("csv", _GOAL_CSV, _csv, _csv_lines), ("xlsx", _GOAL_XLSX, _xlsx, _xlsx_lines)):
        path = where.home.path / f"export.{form}"
        runs = [_run(["export", "organizations", "--output", str(path)], where, server) for _ in range(repeat)]
        floor = middle([floor_of(where, where.home.path / f"floor.{form}", server) for _ in range(repeat)])
        cost, memory = (middle([run[i] for run in runs]) - more for i, more in enumerate((idle, rest)))
        answer = "right" if count(path) >= where.size else "wrong"
        figures.append(
            Figure("W6", f"export {form} of {where.size:,}", answer, cost, floor, "s", f"≤ {goal:g} × floor",
                   cost <= goal * floor)
        )  # fmt: skip
        figures.append(
            Figure("W6", f"memory, export {form} of {where.size:,}", answer, memory, None, "MB", f"≤ {_GOAL_FLAT} MB",
                   memory <= _GOAL_FLAT)
        )  # fmt: skip
    return figures


def _run(words: list[str], where: Register, server: int | None) -> tuple[float, float]:
    """CPU seconds with the database server's, and the peak of the process's own memory in MB."""
    before = cpu(server)
    process = where.home.start(*words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    used, peak = 0.0, 0.0
    while process.poll() is None:
        used, peak = max(used, cpu(process.pid)), max(peak, own_memory(process.pid))
        time.sleep(0.01)
    return used + cpu(server) - before, peak


def _csv_lines(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _xlsx_lines(path: Path) -> int:
    with ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml").count(b"<row ") - 1


_ALL = (
    "SELECT o.code, o.filing_no, o.registered_on, o.closed_on, s.*, st.name, cm.name FROM registry_organization o"
    " JOIN registry_standing s ON s.organization_id = o.id LEFT JOIN core_area st ON st.id = s.street_id"
    " LEFT JOIN core_area cm ON cm.id = s.community_id"
    " WHERE s.superseded_at IS NULL AND s.valid_to = '9999-12-31' ORDER BY s.name"
)


def _csv(where: Register, path: Path, server: int | None) -> float:
    begin, before = time.process_time(), cpu(server)
    connection = where.home.connect()
    cursor = connection.cursor()
    cursor.execute(_ALL)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(cursor)
    connection.close()
    return time.process_time() - begin + cpu(server) - before


def _xlsx(where: Register, path: Path, server: int | None) -> float:
    """The sheet alone, every filled cell as an inline text, compressed as lightly as the product does."""
    begin, before = time.process_time(), cpu(server)
    connection = where.home.connect()
    cursor = connection.cursor()
    cursor.execute(_ALL)
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as book, book.open("xl/worksheets/sheet1.xml", "w") as sheet:
        sheet.write(b"<worksheet><sheetData>")
        while rows := cursor.fetchmany(1000):
            lines = (
                "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(str(v))}</t></is></c>' for v in row if v) + "</row>"
                for row in rows
            )
            sheet.write("".join(lines).encode())
        sheet.write(b"</sheetData></worksheet>")
    connection.close()
    return time.process_time() - begin + cpu(server) - before
