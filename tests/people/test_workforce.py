"""Figures of the workforce against a naive count; hidden cells against every solution that the shown ones allow."""

import itertools
import random
from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from liaoyuan.people.models import Certificate, Employment, Person
from liaoyuan.people.queries import workforce
from liaoyuan.people.rules.suppression import TOTAL, hidden, with_totals
from liaoyuan.registry.models import Standing
from tests.people import factories as people
from tests.registry import factories as make

DAYS = [date(2022, 3, 1), date(2023, 12, 31), date(2025, 7, 9), date(2026, 10, 26)]


@pytest.fixture
def ground(areas):
    """Bodies in two streets, one of another district, one closed; people who come, go and work twice."""
    draw = random.Random(5)
    bodies = [
        make.organization(f"滨湖区第{n}示例中心", "MF" if n % 2 else "ST", street=areas[("heli", "liyuan")[n % 2]],
                          district_field=("education", "health", "")[n % 3])
        for n in range(6)
    ]  # fmt: skip
    bodies.append(make.organization("滨湖区已撤示例中心", closed_on=date(2024, 5, 1)))
    bodies.append(make.organization("梁溪区示例中心", registrar_area=areas["other"], street=areas["other_street"]))
    for n in range(160):
        body = draw.choice(bodies)
        one = people.person(body, f"人{n}")
        start = date(2020 + n % 6, n % 12 + 1, 5)
        more = {"valid_to": date(start.year + 2, 6, 1)} if n % 4 == 0 else {}
        people.employment(one, body, draw.choice(("full", "part")), start, **more)
        if n % 7 == 0:
            second = draw.choice([b for b in bodies if b != body])
            people.tell(one, second, f"人{n}")
            people.employment(one, second, draw.choice(("full", "part")), date(2021, 1, 1))
        if n % 3 == 0:
            people.certificate(one, body, draw.choice(("assistant", "worker")), approved_on=date(2019 + n % 7, 6, 1))
        if n % 9 == 0:
            revoked = date(2025, 1, 1) if n % 2 else None
            people.certificate(one, body, "senior", approved_on=date(2024, 6, 1), revoked_on=revoked)
    return areas


def naive(area, on) -> list[dict]:
    """The same count, person by person, the slow way."""
    found = []
    for person in Person.objects.all():
        jobs = []
        for job in Employment.objects.filter(person=person):
            row = Standing.objects.filter(organization=job.organization, valid_from__lte=on, valid_to__gt=on).first()
            if job.valid_from <= on < job.valid_to and row and row.status == "active" and row.registrar_area == area:
                jobs.append(((0 if job.work_time == "full" else 1, job.valid_from, job.pk), job, row))
        if not jobs:
            continue
        _rank, job, row = min(jobs, key=lambda entry: entry[0])
        held = [c.level for c in Certificate.objects.filter(person=person)
                if c.approved_on <= on and not (c.revoked_on and c.revoked_on <= on)]  # fmt: skip
        level = next((one for one in ("senior", "worker", "assistant") if one in held), "none")
        street = row.street.name if row.street else "（未填）"
        found.append({"level": level, "work_time": job.work_time, "street": street,
                      "field": row.district_field or "（未填）", "type": row.kind})  # fmt: skip
    return found


@pytest.mark.parametrize("on", DAYS)
def test_counts_are_those_of_a_naive_count(ground, on):
    area = ground["district"]
    slow = naive(area, on)
    fast = workforce.workers(area, on)
    assert len(fast) == len(slow) > 20
    for down, across in itertools.permutations(workforce.DIMENSIONS, 2):
        made = workforce.table(fast, down, across, exactly=True)
        assert made.hidden == 0
        expected = Counter((one[down], one[across]) for one in slow)
        keys = itertools.product(made.rows, made.columns)
        assert {key: made.count(*key) for key in keys if made.count(*key)} == expected
        for row in made.rows:
            assert made.count(row) == sum(n for key, n in expected.items() if key[0] == row)
        assert made.total == len(slow)
    social = [one for one in slow if one["level"] != "none"]
    assert workforce.table(workforce.grouped(fast, "workers"), "level", exactly=True).total == len(social)


def test_as_known_at_a_moment(ground):
    from datetime import UTC, datetime

    area, on = ground["district"], date(2026, 10, 26)
    before = len(workforce.workers(area, on))
    body = make.organization("滨湖区新示例中心")
    people.employment(people.person(body, "新人"), body, at=datetime(2026, 11, 1, tzinfo=UTC))
    assert len(workforce.workers(area, on)) == before + 1
    assert len(workforce.workers(area, on, known_at=datetime(2026, 10, 31, tzinfo=UTC))) == before


def tables(count, rows, columns, top, seed):
    draw = random.Random(seed)
    for _ in range(count):
        yield {
            (f"r{r}", f"c{c}"): draw.choice((0, draw.randrange(top), draw.randrange(1, 12)))
            for r in range(draw.randrange(1, rows + 1)) for c in range(draw.randrange(1, columns + 1))
        }  # fmt: skip


def determined(whole, gone) -> set:
    """Hidden figures that follow from the shown ones by the row and column sums alone, by elimination."""
    names = sorted(gone)
    at = {key: i for i, key in enumerate(names)}
    lines = []
    rows, columns = sorted({r for r, _c in whole} - {TOTAL}), sorted({c for _r, c in whole} - {TOTAL})
    sums = [[*((r, c) for c in columns), (r, TOTAL)] for r in [*rows, TOTAL]]
    sums += [[*((r, c) for r in rows), (TOTAL, c)] for c in [*columns, TOTAL]]
    for *parts, total in sums:
        line = [Fraction(0)] * len(names)
        for key in parts:
            if key in at:
                line[at[key]] += 1
        if total in at:
            line[at[total]] -= 1
        lines.append(line)
    used = 0
    for column in range(len(names)):
        pivot = next((i for i in range(used, len(lines)) if lines[i][column]), None)
        if pivot is None:
            continue
        lines[used], lines[pivot] = lines[pivot], lines[used]
        lead = lines[used][column]
        lines[used] = [v / lead for v in lines[used]]
        for i in range(len(lines)):
            if i != used and lines[i][column]:
                factor = lines[i][column]
                lines[i] = [a - factor * b for a, b in zip(lines[i], lines[used], strict=True)]
        used += 1
    return {names[line.index(1)] for line in lines[:used] if sum(v != 0 for v in line) == 1}


def test_no_hidden_figure_follows_from_the_sums():
    hid = 0
    for cells in tables(400, 8, 6, 60, 11):
        whole = {key: n for key, n in with_totals(cells).items() if n}
        gone = hidden(cells)
        assert {key for key, n in whole.items() if n < 10} <= gone <= set(whole)
        assert determined(whole, gone) == set()
        hid += len(gone)
    assert hid > 1000


def test_the_small_cells_alone_would_often_follow():
    """The check itself can fail: without guards most tables give a hidden figure away."""
    given = 0
    for cells in tables(200, 8, 6, 60, 12):
        whole = {key: n for key, n in with_totals(cells).items() if n}
        given += bool(determined(whole, {key for key, n in whole.items() if n < 10}))
    assert given > 50


def solutions(whole, gone, limit):
    """Every way to fill the hidden cells (each at least 1) that fits what is shown."""
    rows, columns = sorted({r for r, _c in whole} - {TOTAL}), sorted({c for _r, c in whole} - {TOTAL})
    free = [(r, c) for r in rows for c in columns if (r, c) in gone]
    for values in itertools.product(range(1, limit), repeat=len(free)):
        cells = {(r, c): whole.get((r, c), 0) for r in rows for c in columns}
        cells.update(zip(free, values, strict=True))
        told = with_totals(cells)
        if all(told.get(key, 0) == n for key, n in whole.items() if key not in gone):
            yield {key: told[key] for key in gone}


def test_every_hidden_figure_keeps_two_values_at_least():
    asked = 0
    for cells in tables(600, 3, 3, 14, 13):
        whole = {key: n for key, n in with_totals(cells).items() if n}
        gone = hidden(cells)
        inner = [key for key in gone if TOTAL not in key]
        if not gone or len(inner) > 4 or max(whole[k] for k in inner) > 14:
            continue
        values = {key: {whole[key]} for key in gone}
        for one in solutions(whole, gone, 17):
            for key, n in one.items():
                values[key].add(n)
            if all(len(told) > 1 for told in values.values()):
                break
        assert all(len(told) > 1 for told in values.values()), (cells, gone, values)
        asked += 1
    assert asked > 60


def test_who_sees_no_names_gets_quarter_ends_and_hidden_cells(ground):
    area, at = ground["district"], make.AT
    leader = make.officer("leader", ("leadership", "area", "320211"))
    officer = make.officer()
    told = {by: workforce.stats(by=by, as_of=date(2026, 10, 26), known_at=at, area=area, dims=["street", "level"])
            for by in (leader, officer)}  # fmt: skip
    assert (told[leader]["as_of"], told[officer]["as_of"]) == ("2026-09-30", "2026-10-26")
    assert None in {row["count"] for row in told[leader]["rows"]}
    shown = [row["count"] for row in told[leader]["rows"] if row["count"]]
    assert min(shown, default=10) >= 10
    assert None not in {row["count"] for row in told[officer]["rows"]}


@pytest.mark.parametrize(
    ("day", "end"),
    [("2026-03-31", "2026-03-31"), ("2026-03-30", "2025-12-31"), ("2026-01-01", "2025-12-31"),
     ("2026-12-31", "2026-12-31"), ("2026-12-30", "2026-09-30")],
)  # fmt: skip
def test_quarter_ends(day, end):
    assert workforce.published_day(date.fromisoformat(day)).isoformat() == end


def test_the_page_the_chart_and_the_file_say_the_same(ground, client, tmp_path):
    import openpyxl

    client.force_login(make.officer())
    response = client.get("/people/statistics/?down=street&across=level&as_of=2026-10-26")
    assert response.status_code == 200
    text = response.content.decode()
    made = workforce.table(workforce.workers(ground["district"], date(2026, 10, 26)), "street", "level", exactly=True)
    for row in made.rows:
        assert f'<th scope="row">{row}</th>' in text
    assert "state=staff" in text
    path = tmp_path / "w.xlsx"
    path.write_bytes(b"".join(client.get("/people/statistics/?down=street&across=level&format=xlsx&as_of=2026-10-26")))
    lines = [[c.value for c in row] for row in openpyxl.load_workbook(path).active.iter_rows(min_row=2)]
    assert [(line[0], line[-1]) for line in lines] == [(row, made.count(row)) for row in made.rows]
    assert client.get("/people/statistics/?down=year&across=level").status_code == 200
    client.force_login(make.officer("leader", ("leadership", "area", "320211")))
    response = client.get("/people/statistics/?down=street&across=level&as_of=2026-10-26")
    text = response.content.decode()
    assert "/people/?state=staff" not in text
    assert "2026年9月30日" in text
    assert "*</span>" in text
    assert client.get("/people/").status_code == 403
