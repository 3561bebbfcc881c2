"""Figures of twelve past days equal what anybody counts by hand in the exports of those days.

A district with changes, closures, late entries, corrections, ratings that run out, succession, external and voided
bodies is written. Three who share no code must agree: the statistics, a plain count over the exported sheet, and the
plain truth from which the district was written. The list behind every figure holds exactly those bodies.
"""

import csv
import random
from collections import Counter
from datetime import date, timedelta
from itertools import product
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from django.db import connection, transaction
from django.http import QueryDict

from liaoyuan.core import registries
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries.listing import Listing
from liaoyuan.registry.queries.statistics import DIMENSIONS, registry_table
from liaoyuan.registry.views.organizations import criteria_of
from liaoyuan.reports.queries.statistics import pivot
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
STREETS = {"320211001": "河埒街道", "320211004": "蠡园街道", "320211005": "华庄街道"}
FAR = "崇安寺街道"
KINDS = {"ST": "社会团体", "MF": "民办非企业单位", "JJ": "基金会", "BA": "备案社区社会组织", "NB": "其他"}
FIELDS = {"": "", "03": "科学研究", "04": "教育", "06": "文化", "09": "社会服务"}
DISTRICT_FIELDS = {"": "", "technology": "科技", "education": "教育", "livelihood": "民生"}
STATES = {"active": "正常", "liquidating": "清算中", "deregistered": "已注销", "revoked": "撤销登记",
          "certificate_revoked": "吊销证书", "banned": "取缔"}  # fmt: skip
LATER = make.AT + timedelta(days=40)
#: Year's ends and days in the middle; the borders of single bodies are added to them.
DAYS = [date(2012, 12, 31), date(2016, 2, 29), date(2019, 12, 31), date(2021, 7, 1), date(2023, 12, 31),
        date(2026, 10, 26)]  # fmt: skip


class Body:
    """The truth of one body: what held from which day on, per fact."""

    def __init__(self, name, kind, begin, *, ours=True, external=False, office=""):
        self.name, self.kind, self.begin = name, kind, begin
        self.ours, self.external, self.office, self.voided = ours, external, office, False
        self.steps = {"status": {date.min: "active"}}
        self.ratings = []

    def at(self, fact, day):
        """The value of a fact on a day."""
        told = [value for start, value in sorted(self.steps[fact].items(), key=lambda s: s[0]) if start <= day]
        return told[-1]

    def rated(self, day):
        """The level on a day."""
        return next((level for level, start, end in self.ratings if start <= day < end), "")


def street_of(areas, draw):
    return draw.choice([*(areas[code] for code in STREETS), areas[FAR], None])


def write_one(draw, areas, number):
    """One invented body with its history, written and told."""
    kind = draw.choices(["MF", "ST", "JJ", "BA", "NB"], [38, 20, 3, 36, 3])[0]
    begin = date(2008, 1, 1) + timedelta(days=draw.randrange(6400))
    late = draw.random() < 0.2
    office = draw.choice(list(STREETS))
    place = draw.random()
    filed = kind == "BA"
    body = Body(f"示例{number:03d}号", kind, begin, ours=filed or place < 0.9, external=not filed and place > 0.95,
                office=office if filed else "")  # fmt: skip
    registrar = areas[office] if kind == "BA" else areas["district"] if body.ours else areas["other"]
    facts = {"street": street_of(areas, draw), "field": draw.choice(list(FIELDS)),
             "district_field": draw.choice(list(DISTRICT_FIELDS))}  # fmt: skip
    made = make.organization(
        body.name, kind, registered_on=None if number % 29 == 0 else begin, registrar_area=registrar,
        registrar="" if kind == "BA" else "无锡市滨湖区民政局" if body.ours else "无锡市梁溪区民政局",
        filing_no=f"BA-{office[:6]}-{office[6:]}-2020-{number:04d}" if kind == "BA" else None,
        is_external=body.external, at=LATER if late else make.AT,
        street_as_given="湖那边" if facts["street"] is None and number % 2 else "", **facts,
    )  # fmt: skip
    if number % 29 == 0:
        body.begin = date.min
    for fact, value in facts.items():
        body.steps[fact] = {date.min: value}
    return body, made


def change_some(draw, areas, body, made):
    """Changes in any order of recording, one correction, the end, ratings."""
    first = max(body.begin, date(2008, 1, 1))
    days = draw.sample(range(1, 6000), 3)
    for fact, chance in (("street", 0.5), ("field", 0.4), ("district_field", 0.4)):
        for gap in days:
            on = first + timedelta(days=gap)
            if draw.random() > chance or on > date(2026, 10, 1):
                continue
            around = [v for d, v in sorted(body.steps[fact].items(), key=lambda s: s[0])]
            options = [areas[c] for c in STREETS] if fact == "street" else [
                v for v in (FIELDS if fact == "field" else DISTRICT_FIELDS)]  # fmt: skip
            value = draw.choice([o for o in options if o not in around] or [None])
            if value is None:
                continue
            make.changed(made, on, at=LATER, **{fact: value} if fact != "street" else {"street_id": value.pk})
            body.steps[fact][on] = value
    if draw.random() < 0.25:
        on = first + timedelta(days=draw.randrange(3000))
        held = [d for d in body.steps["field"] if d <= on]
        value = draw.choice([f for f in FIELDS if f not in body.steps["field"].values()])
        make.changed(made, on, at=LATER + timedelta(days=1), correction=True, field=value)
        body.steps["field"][max(held)] = value
    if draw.random() < 0.3:
        status = draw.choice(list(STATES)[1:])
        on = first + timedelta(days=draw.randrange(1, 5000))
        make.changed(made, on, at=LATER + timedelta(days=2), status=status)
        body.steps["status"][on] = status
        if status != "liquidating":
            Organization.objects.filter(pk=made.pk).update(closed_on=on, live=False)
    start = first + timedelta(days=draw.randrange(2500))
    for _number in range(draw.choice([0, 0, 1, 1, 2]) if body.kind != "BA" else 0):
        end = start + timedelta(days=draw.randrange(200, 1900))
        level = draw.choice(["5A", "4A", "3A", "2A", "1A"])
        make.rating(made, level, start, end)
        body.ratings.append((level, start, end))
        start = end + timedelta(days=draw.choice([0, 1, 400]))


def voided(body, made):
    """The body was entered by mistake: its rows are superseded, it never was."""
    body.voided = True
    Standing.objects.filter(organization=made).update(superseded_at=LATER)
    Organization.objects.filter(pk=made.pk).update(voided_at=LATER, live=False)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The district, once for the file: (bodies, areas, days)."""
    with django_db_blocker.unblock(), transaction.atomic():
        tree = make.binhu()
        areas = {"district": tree["district"], "other": tree["other"], FAR: tree["other_street"]}
        areas |= {code: make.area(code, name, tree["district"]) for code, name in STREETS.items()}
        draw, bodies = random.Random(20261026), []
        for number in range(1, 151):
            body, made = write_one(draw, areas, number)
            change_some(draw, areas, body, made)
            if number % 37 == 0:
                voided(body, made)
            bodies.append(body)
        yield bodies, areas, twelve(bodies)
        transaction.set_rollback(True)


def twelve(bodies):
    """The fixed days, and the borders of single bodies: the first, the last and the day after."""
    told = set(DAYS)
    for wanted in (
        [b.begin for b in bodies if b.ours and b.begin > date.min and not b.voided],
        [d for b in bodies if b.ours and not b.voided for d in b.steps["status"] if d > date.min],
        [end for b in bodies if b.ours and not b.voided for _level, _start, end in b.ratings],
    ):
        border = sorted(day for day in wanted if day < date(2026, 1, 1))[len(wanted) // 3]
        told |= {border, border - timedelta(days=1)}
    assert len(told) == 12
    return sorted(told)


def exported(tmp_path, day, form):
    """The sheet of a day, read back without any code of the product."""
    path = tmp_path / f"{day}.{form}"
    registries.export_kinds["organizations"](path=path, form=form, by=Operator("tests"), at=make.AT, as_of=day)
    if form == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    lines = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(lines[0], ["" if v is None else str(v) for v in line], strict=True)) for line in lines[1:]]


def by_sheet(rows, code):
    """(kind, facts) of the bodies that count for an area, as a clerk takes them off the exported sheet."""
    own = set(STREETS.values()) if code == "320211" else {STREETS[code]}
    found = []
    for row in rows:
        if row["状态"] not in ("正常", "清算中"):
            continue
        if row["类型"] == KINDS["BA"]:
            if not row["备案号"].startswith("BA-320211-" + code[6:]):
                continue
        elif code != "320211" or "滨湖区" not in row["登记管理机关"]:
            continue
        street = row["所属街道"]
        known = {*STREETS.values(), FAR}
        found.append((row["类型"], row["名称"], {
            "type": row["类型"], "field": row["行业分类"] or "（未填）",
            "district_field": row["所属领域"] or "（未填）",
            "street": street if street in own else "（区外）" if street in known else "（未填）",
            "rating": row["评估等级"] or "未评", "status": row["状态"],
        }))  # fmt: skip
    return found


def by_truth(bodies, code, day):
    """The same from what the district was written from."""
    own = set(STREETS.values()) if code == "320211" else {STREETS[code]}
    found = []
    for body in bodies:
        if body.voided or body.external or not body.ours or body.begin > day:
            continue
        if code != "320211" and body.office != code:
            continue
        status, street = body.at("status", day), body.at("street", day)
        if status not in ("active", "liquidating"):
            continue
        name = street.name if street else ""
        found.append((KINDS[body.kind], body.name, {
            "type": KINDS[body.kind], "field": FIELDS[body.at("field", day)] or "（未填）",
            "district_field": DISTRICT_FIELDS[body.at("district_field", day)] or "（未填）",
            "street": name if name in own else "（区外）" if name else "（未填）",
            "rating": body.rated(day) or "未评", "status": STATES[status],
        }))  # fmt: skip
    return found


def worded(dims, rows):
    """Rows of the statistics as {words: count}."""
    words = {"type": KINDS, "field": FIELDS, "district_field": DISTRICT_FIELDS, "status": STATES}
    told = Counter()
    for row in rows:
        key = tuple(words.get(d, {}).get(row[d], row[d]) or ("未评" if d == "rating" else "") for d in dims)
        assert key not in told
        told[key] = row["count"]
    return told


def counted(dims, found, filed):
    """A plain count."""
    return Counter(
        tuple(facts[d] for d in dims)
        for kind, _name, facts in found
        if (kind == KINDS["BA"]) == filed and kind != KINDS["NB"]
    )


CODES = ("320211", "320211001", "320211004")


def test_twelve_days_by_every_dimension(world, tmp_path):
    bodies, _areas, days = world
    seen = Counter()
    for place, day in enumerate(days):
        sheet = exported(tmp_path, day, "xlsx" if place % 3 == 0 else "csv")
        for code in CODES:
            found = by_sheet(sheet, code)
            assert sorted(map(repr, found)) == sorted(map(repr, by_truth(bodies, code, day))), (day, code)
            area = Area.objects.get(code=code)
            for dims in (*([d] for d in DIMENSIONS), ["type", "field", "street"], []):
                table = registry_table(area, day, dims)
                assert worded(dims, table["rows"]) == counted(dims, found, False), (day, code, dims)
                assert worded(dims, table["filed_rows"]) == counted(dims, found, True), (day, code, dims)
                kinds = Counter(kind for kind, _name, _facts in found)
                assert table["registered"] == {
                    "total": kinds[KINDS["MF"]] + kinds[KINDS["ST"]] + kinds[KINDS["JJ"]],
                    "ST": kinds[KINDS["ST"]], "MF": kinds[KINDS["MF"]], "JJ": kinds[KINDS["JJ"]],
                }, (day, code)  # fmt: skip
                assert (table["filed"], table["other"]) == (kinds[KINDS["BA"]], kinds[KINDS["NB"]]), (day, code)
                seen.update(key for dim in dims for key in [(dim, v) for row in table["rows"] for v in [row[dim]]])
    assert {v for d, v in seen if d == "rating"} == {"5A", "4A", "3A", "2A", "1A", ""}
    assert {v for d, v in seen if d == "status"} == {"active", "liquidating"}
    assert {v for d, v in seen if d == "street"} == {*STREETS.values(), "（区外）", "（未填）"}


def behind(user, href):
    """Names in the list that a figure links to."""
    asked = urlsplit(href)
    assert asked.path == "/registry/"
    criteria = criteria_of(QueryDict(asked.query), user)[0]
    rows = Listing(user, criteria)
    total = rows.count()
    names = [row.name for row in rows[0:total]] if total else []
    assert len(names) == total
    return names


def test_every_figure_leads_to_its_bodies(world, tmp_path):
    """One table per dimension, and one of two in rotation; also the sums at the edges. The same link stands at several
    places and is followed once. Which days they are is nothing to the database: PostgreSQL is asked for every third.
    """
    _bodies, _areas, days = world
    officer = make.officer()
    pairs = [p for p in product(DIMENSIONS, DIMENSIONS) if p[0] < p[1]]
    links = 0
    every = 3 if connection.vendor == "postgresql" else 1
    followed: dict[str, list[str]] = {}
    for place, day in [*enumerate(days)][::every]:
        sheet = exported(tmp_path, day, "csv")
        for code, group in product(CODES, ("registered", "filed")):
            area = Area.objects.get(code=code)
            found = [(n, f) for k, n, f in by_sheet(sheet, code)
                     if (k == KINDS["BA"]) == (group == "filed") and k != KINDS["NB"]]  # fmt: skip
            for down, across in [*((d, "") for d in DIMENSIONS), pairs[place % len(pairs)]]:
                table = pivot(area, day, down=down, across=across, group=group)
                cells = [(table.total, {})]
                for word, row, total in table.rows:
                    cells.append((total, {down: word}))
                    cells += [(c, {down: word, across: head}) for c, head in zip(row, table.heads, strict=True)]
                cells += [(c, {across: head}) for c, head in zip(table.totals, table.heads, strict=True)]
                for cell, wanted in cells:
                    names = sorted(n for n, facts in found if all(facts[d] == w for d, w in wanted.items()))
                    assert cell.count == len(names), (day, code, group, wanted)
                    if cell.href not in followed:
                        followed[cell.href] = sorted(behind(officer, cell.href))
                    assert followed[cell.href] == names, (day, code, group, wanted, cell.href)
                    links += 1
    assert links > 2000 // every
    assert len(followed) > 1000 // every


def test_the_pages_say_the_same(world, client, tmp_path):
    """A figure of the page, followed by a browser, is the number above the list."""
    _bodies, _areas, days = world
    client.force_login(make.officer())
    day = days[-2]
    answer = client.get("/stats/registry/", {"as_of": day.isoformat(), "down": "street", "across": "rating"})
    table = pivot(Area.objects.get(code="320211"), day, down="street", across="rating", group="registered")
    html = answer.content.decode().replace("&amp;", "&")
    found = [(n, f) for k, n, f in by_sheet(exported(tmp_path, day, "csv"), "320211") if k in
             (KINDS["MF"], KINDS["ST"], KINDS["JJ"])]  # fmt: skip
    for word, row, total in table.rows:
        for cell, head in [*zip(row, table.heads, strict=True), (total, "")]:
            names = {n for n, f in found if f["street"] == word and head in ("", f["rating"])}
            if not names:
                continue
            assert cell.href in html and dict(parse_qsl(urlsplit(cell.href).query))["as_of"] == day.isoformat()
            page = client.get(cell.href).content.decode()
            assert {body.name for body in _bodies if body.name in page} == names
