"""Pages of grants at size, run with the product's modules in one home; prints one JSON object.

`lay COUNT SEED` writes the ground of `grants_ground`; `measure ROUND COUNT` opens each page as the office: CPU,
statements, whether the answer is right by rows read plainly, and how much memory an export took.
"""

import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from html import unescape
from statistics import mean
from typing import Any

from bench.grants_ground import lay
from bench.ground import AREA
from bench.inside import backend
from bench.measure import cost_of, cpu

_TITLE = re.compile(r'<a[^>]*href="/funding/projects/(\d+)/"')
_TEXT = "银发"


def _client(name: str) -> Any:
    from django.test import Client

    from liaoyuan.core.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=name))
    return client


def _page(client: Any, path: str, right: Callable[[str], bool]) -> dict[str, Any]:
    """CPU milliseconds and statements of a page, opened before; whether it says what it must."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answer = client.get(path)
    with CaptureQueriesContext(connection) as told:
        answer = client.get(path)
    statements = len(told)
    good = answer.status_code == 200 and right(unescape(answer.content.decode()))
    cost = cost_of(lambda: client.get(path), server=backend(), most=30)
    return {"cost": cost, "statements": statements, "right": good, "status": answer.status_code}


def _once(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """CPU milliseconds of one call, by how many MB the process grew above what it had ever needed, the answer."""
    server = backend()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin, there = time.process_time(), cpu(server)
    told = work()
    spent = (time.process_time() - begin + cpu(server) - there) * 1000
    return spent, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, told


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def truth(round_: int) -> dict[int, Fraction]:
    """The exact mean of each project, from plain rows of scores: three sheets, so none is dropped."""
    rows = _rows(
        "SELECT r.project_id, c.id, SUM(s.hundredths) FROM funding_score s JOIN funding_scorecard c ON c.id = s.card_id"
        " JOIN funding_reading r ON r.id = c.reading_id JOIN funding_reviewstage g ON g.id = r.stage_id"
        " WHERE g.round_id = %s GROUP BY r.project_id, c.id", round_,
    )  # fmt: skip
    totals: dict[int, list[int]] = {}
    for project, _card, points in rows:
        totals.setdefault(project, []).append(int(points))
    return {project: Fraction(sum(given), len(given)) for project, given in totals.items()}


def measure(round_: int, count: int) -> dict[str, Any]:
    """All figures by their names."""
    from liaoyuan.core import clock
    from liaoyuan.core.access import Operator
    from liaoyuan.funding.actions import ranking
    from liaoyuan.funding.models import ReviewStage, Round

    found: dict[str, Any] = {}
    by: Any = Operator("bench")
    means = truth(round_)
    spent, grown, made = _once(
        lambda: ranking.rank(round_=Round.objects.get(pk=round_), by=by, at=clock.now())
    )  # fmt: skip
    order = list(made.lines.order_by("place", "project__number").values_list("project", flat=True))
    held = [means[key] for key in order]
    found["ranking made and kept"] = {
        "cost": spent, "memory": grown, "right": len(order) == count and held == sorted(held, reverse=True),
    }  # fmt: skip
    office, expert = _client("benchoffice"), _client(f"benchexpert{round_}-0")
    total, stage = f"{count:,}", ReviewStage.objects.get(round=round_).pk
    like = _rows("SELECT COUNT(*) FROM funding_project WHERE round_id = %s AND title LIKE %s", round_, f"%{_TEXT}%")
    alike = f"{like[0][0]:,}"
    pages: dict[str, tuple[Any, str, Callable[[str], bool]]] = {
        "list, 50 rows": (office, f"/funding/projects/?per=50&round={round_}", lambda text: total in text),
        "list of a state, by title": (
            office, f"/funding/projects/?per=50&round={round_}&state=in_review&sort=title", lambda text: total in text,
        ),
        "list, the last page": (
            office, f"/funding/projects/?per=50&round={round_}&page={-(-count // 50)}", lambda text: total in text,
        ),
        "search of two characters": (
            office, f"/funding/projects/?per=50&round={round_}&q={_TEXT}", lambda text: alike in text,
        ),
        "round": (office, f"/funding/rounds/{round_}/", lambda text: str(count) in text or total in text),
        "eligibility, 50 rows": (office, f"/funding/rounds/{round_}/eligibility/?per=50", lambda text: total in text),
        "stage": (office, f"/funding/stages/{stage}/", lambda text: "演示专家" in text),
        "projects of the stage, 50 rows": (
            office, f"/funding/stages/{stage}/projects/?per=50", lambda text: total in text,
        ),
        "ranking, 50 rows": (office, f"/funding/rounds/{round_}/ranking/?per=50",
                             lambda text: [int(key) for key in dict.fromkeys(_TITLE.findall(text))] == order[:50]),
        "an expert's desk": (expert, "/funding/review/?per=50", lambda text: "L000000" in text),
    }  # fmt: skip
    found.update({name: _page(*page) for name, page in pages.items()})
    spent, grown, size = _once(lambda: sum(map(len, office.get(f"/funding/rounds/{round_}/ranking.xlsx"))))
    found["export of the ranking, XLSX"] = {"cost": spent, "memory": grown, "right": size > count}
    found["statistics, field × street"] = _statistics()
    return found


def _statistics() -> dict[str, Any]:
    """The published figure against one statement by hand."""
    from liaoyuan.core import clock
    from liaoyuan.core.access import Operator
    from liaoyuan.core.models import Area
    from liaoyuan.funding.queries import statistics

    area, by = Area.objects.get(code=AREA), Operator("bench")

    def ask() -> dict[str, Any]:
        return statistics.stats(by=by, as_of=clock.today(), known_at=clock.now(), area=area, dims=("field", "street"))

    sql = (
        "SELECT p.field, a.name, COUNT(*), SUM(p.grant_fen) FROM funding_project p"
        " LEFT JOIN core_area a ON a.id = p.area_id JOIN funding_round r ON r.id = p.round_id"
        " WHERE p.number <> '' AND NOT r.practice AND r.opened_at IS NOT NULL GROUP BY p.field, a.name"
    )
    told, plain = ask(), _rows(sql)
    counts = {(row["field"], row["street"]): row["count"] for row in told["rows"]}
    return {
        "cost": cost_of(ask, server=backend()), "floor": cost_of(lambda: _rows(sql), server=backend()),
        "right": counts == {(field, street or ""): n for field, street, n, _fen in plain},
        "mean": mean(counts.values()),
    }  # fmt: skip


def main(words: list[str]) -> None:
    """Run one measurement."""
    import django

    django.setup()
    print(json.dumps({"lay": lay, "measure": measure}[words[0]](int(words[1]), int(words[2])), ensure_ascii=False))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.conf.settings")
    main(sys.argv[1:])
