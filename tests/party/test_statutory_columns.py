"""F04's columns beside members: against a plain count over the sheets that the floor exports, and behind each cell."""

import io
import re
from datetime import date, timedelta
from html import unescape

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaoyuan.core.access import Operator
from liaoyuan.core.models import ImportBatch
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import declarations
from liaoyuan.party.exports import statutory as exports
from liaoyuan.party.models import Applicant, ApplicantPlace, ApplicantRecord, BodyDeclaration, Unit, Venue
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import statutory
from liaoyuan.people.models import Person
from tests.core.factories import user
from tests.party import factories as make
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)
DAYS = (date(2026, 3, 1), date(2026, 3, 2), date(2026, 6, 30), TODAY)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")


def _applies(branch, body, applied, activist=None, candidate=None, **told):
    stage = "candidate" if candidate else "activist" if activist else "applicant"
    made = Applicant.objects.create(
        person=Person.objects.create(created_at=make.AT), party_organization=branch, organization=body, stage=stage,
        applied_on=applied, activist_on=activist, candidate_on=candidate, created_at=_at(applied), **told,
    )  # fmt: skip
    name = f"演示申请人{made.pk}"
    ApplicantRecord.objects.create(applicant=made, name=name, name_key=name, recorded_at=_at(applied))
    ApplicantPlace.objects.create(applicant=made, party_organization=branch, organization=body, valid_from=applied,
                                  recorded_at=_at(applied))  # fmt: skip
    return made


def _at(day):
    return make.AT.replace(year=day.year, month=day.month, day=day.day)


@pytest.fixture
def bodies(areas, committee):
    """A joint branch of two bodies and a single one: people on the way, venues, declarations."""
    one, two, three = (registry.organization(f"演示{name}中心", street=areas["heli"], full_time=3) for name in "甲乙丙")
    joint = make.party("演示联合党支部", area=areas["district"], superior=committee, kind="joint", evidence="滨组1号")
    own = make.party("演示丙党支部", area=areas["district"], superior=committee, evidence="滨组2号")
    for body in (one, two):
        make.unit(joint, body, joint=True)
    make.unit(own, three)
    people = make.members(own, 3, organization=three)
    make.post(own, people[0], source="管理层")
    make.post(joint, make.members(joint, 1, organization=one)[0], source="上级选派")
    _applies(joint, one, date(2025, 1, 5), date(2025, 6, 1), date(2026, 6, 30))
    _applies(joint, two, date(2026, 3, 2), voided_at=None)
    _applies(joint, one, date(2025, 3, 1), date(2025, 9, 1), closed_on=date(2026, 3, 2), closed_reason="withdrawn")
    _applies(own, three, date(2026, 9, 1))
    new_year, march = date(2026, 1, 1), date(2026, 3, 2)
    for party, size, since, until in ((joint, 60, new_year, None), (joint, 20, new_year, march),
                                      (own, 35, march, None), (own, None, new_year, None)):  # fmt: skip
        Venue.objects.create(party_organization=party, name=f"阵地{size}", address="演示路", square_metres=size,
                             closed_on=until, made_at=_at(since))  # fmt: skip
    lead = Operator("tests")
    for body, start, told in (
        (one, date(2026, 3, 2), {"has_union": True, "has_youth": False, "has_women": True, "funds_fen": 1500000,
                                 "funds_year": 2026}),
        (two, date(2026, 1, 1), {"has_union": False, "has_youth": False, "has_women": False}),
        (three, date(2025, 1, 1), {"has_union": True, "funds_fen": 990000, "funds_year": 2025, "note": "旧年度"}),
        (three, date(2026, 6, 30), {"has_union": True, "funds_fen": 1, "funds_year": 2026}),
    ):  # fmt: skip
        declarations.declare(organization=body, start=start, fields=told, by=lead, at=_at(TODAY))
    return one, two, three


class Book:
    """Tables as plain dictionaries; the counting below knows none of the product's queries."""

    def __init__(self):
        self.people = list(Applicant.objects.values())
        self.places = list(ApplicantPlace.objects.filter(superseded_at=None).values())
        self.venues = list(Venue.objects.values())
        self.told = list(BodyDeclaration.objects.filter(superseded_at=None).values())

    def line(self, body, parties, day):
        way = [0, 0, 0]
        for row in self.people:
            here = [p for p in self.places if p["applicant_id"] == row["id"] and p["organization_id"] == body.pk
                    and p["valid_from"] <= day < p["valid_to"]]  # fmt: skip
            closed = row["closed_on"] is not None and row["closed_on"] <= day
            if not here or row["voided_at"] or row["applied_on"] > day or closed:
                continue
            for place, since in enumerate((row["applied_on"], row["activist_on"], row["candidate_on"])):
                way[place] += since is not None and since <= day
        size = sum(v["square_metres"] or 0 for v in self.venues if v["party_organization_id"] in parties
                   and v["made_at"].date() <= day and (v["closed_on"] is None or v["closed_on"] > day))  # fmt: skip
        now = [t for t in self.told if t["organization_id"] == body.pk and t["valid_from"] <= day < t["valid_to"]]
        money = [t["funds_fen"] for t in now if t["funds_year"] == day.year]
        groups = [[t["has_union"], t["has_youth"], t["has_women"]] for t in now]
        return (*way, size, money[0] if money else None, groups[0] if groups else None)


def _words(groups):
    if groups is None or groups == [None, None, None]:
        return ""
    return "、".join(word for word, held in zip("工团妇", groups, strict=True) if held) or "无"


def test_each_new_column_equals_a_plain_count_on_each_day(bodies, areas):
    book = Book()
    for day in DAYS:
        asked = figures.Asked(areas["district"], day)
        rows = {line.pk: line.cells for line in statutory.lines(asked, list(figures.base(asked)), exactly=True)}
        sums = statutory.totals(asked, exactly=True)
        counted = {}
        for body in bodies:
            parties = set(body_parties(body, day))
            counted[body.pk] = book.line(body, parties, day)
            told = rows[body.pk]
            assert (told["applicants"], told["activists"], told["objects"], told["place"], told["budget"],
                    told["groups"]) == (*counted[body.pk][:5], _words(counted[body.pk][5])), (body, day)  # fmt: skip
        for place, name in enumerate(("applicants", "activists", "objects")):
            assert sums[name] == sum(line[place] for line in counted.values())
        assert sums["budget"] == sum(line[4] or 0 for line in counted.values())
        assert sums["place"] == counted[bodies[0].pk][3] + counted[bodies[2].pk][3]  # the joint branch's rooms once
        assert sums["has_union"] == sum(bool(line[5] and line[5][0]) for line in counted.values())


def body_parties(body, day):
    rows = Unit.objects.filter(organization=body, superseded_at=None, valid_from__lte=day, valid_to__gt=day)
    return rows.values_list("party_organization_id", flat=True)


def test_each_number_opens_as_many_records(bodies, areas, client):
    client.force_login(make.lead())
    page = client.get("/party/statutory/").content.decode()
    cells = re.findall(r'<a href="(/party/statutory/cell/[^"]+)">([\d.]+)</a>', page)
    assert len(cells) > 20
    for href, number in sorted(set(cells)):
        address = unescape(href)
        answer = client.get(address)
        assert answer.status_code == 200, address
        told = answer.content.decode()
        whole = int(re.search(r"共 (\d+) 条", told).group(1))
        column = re.search("column=([a-z_]+)", address).group(1)
        if column not in ("place", "budget"):
            assert whole == int(number), address
        assert len(re.findall(r'<td class="sticky table-cards__title"><a href=', told)) == whole, address
    assert "年报数字" in page
    assert {word for word in ("管理层 1", "上级选派 1") if word in page} == {"管理层 1", "上级选派 1"}


def test_who_sees_no_roster_opens_no_records_of_persons(bodies, client):
    client.force_login(user("boss", ("leadership", "area", "320211"), is_demo=True))
    assert client.get("/party/statutory/cell/", {"column": "applicants"}).status_code == 403
    assert client.get("/party/statutory/cell/", {"column": "place"}).status_code == 200
    page = client.get("/party/statutory/").content.decode()
    assert "column=applicants" not in page
    assert client.get("/party/statutory/cell/", {"column": "members' --"}).status_code == 422


def test_the_head_declares_on_the_tab_and_a_stale_page_is_refused(bodies, client):
    body = bodies[0]
    client.force_login(registry.head_of(body))
    address = f"/party/coverage/of/{body.pk}/declare/"
    page = client.get(address).content.decode()
    version = re.search('name="version" value="([^"]*)"', page).group(1)
    told = {"start": "2026-10-01", "has_union": "no", "funds_fen": "2万元", "funds_year": "2026", "version": version}
    assert client.post(address, told).status_code == 302
    rows = BodyDeclaration.objects.current().filter(organization=body).order_by("valid_from")
    assert [(r.valid_from, r.valid_to, r.has_union, r.funds_fen) for r in rows] == [
        (date(2026, 3, 2), date(2026, 10, 1), True, 1500000),
        (date(2026, 10, 1), date(9999, 12, 31), False, 2000000),
    ]  # fmt: skip
    again = client.post(address, told)
    assert again.status_code == 422
    assert "别人修改了申报" in again.content.decode()
    assert "2026 年 2 万元" in client.get(f"/party/coverage/of/{body.pk}/").content.decode()
    assert client.get(f"/party/coverage/of/{bodies[1].pk}/declare/").status_code == 404


@pytest.mark.parametrize(("told", "field"), [
    ({}, "has_union"), ({"funds_fen": 5}, "funds_year"), ({"funds_year": 2026}, "funds_fen"),
    ({"funds_fen": -1, "funds_year": 2026}, "funds_fen"),
])  # fmt: skip
def test_what_cannot_be_declared_is_refused_by_its_field(bodies, told, field):
    with pytest.raises(Refused) as refused:
        declarations.declare(organization=bodies[0], start=TODAY, fields=told, by=Operator("tests"), at=_at(TODAY))
    assert refused.value.findings[0].field == field
    with pytest.raises(Refused):
        declarations.declare(organization=bodies[0], start=TODAY + timedelta(days=1), fields={"has_union": True},
                             by=Operator("tests"), at=_at(TODAY))  # fmt: skip


def _upload(client, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    file = SimpleUploadedFile("f04.xlsx", kept.getvalue())
    told = {"kind": "declarations", "area": "320211", "as_of": "2026-10-26", "unit": "", "pledge": "1", "file": file}
    assert client.post("/imports/", told).status_code == 302
    return ImportBatch.objects.latest("pk")


def test_the_sheet_goes_out_and_comes_back_and_can_be_undone(bodies, areas, client, tmp_path):
    path = tmp_path / "f04.xlsx"
    exports.write(figures.Asked(areas["district"], TODAY), path, by=Operator("tests"))
    sheet = openpyxl.load_workbook(path).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    client.force_login(make.lead())
    batch = _upload(client, rows)
    told = {(row.label, row.action, row.verdict) for row in batch.rows.exclude(verdict="skip")}
    assert told == {(f"演示{name}中心", "unchanged", "accept") for name in "甲乙丙"}
    before = set(BodyDeclaration.objects.current().values_list("pk", flat=True))
    head = next(row for row in rows if row[0] == "组织名称")
    column = {name: head.index(name) for name in ("群团(工/团/妇)", "党建经费(万元)", "备注")}
    changed = [list(row) for row in rows]
    for row in changed:
        if row[0] == "演示乙中心":
            row[column["群团(工/团/妇)"]], row[column["党建经费(万元)"]] = "工会、团支部", 3.25
        if row[0] == "演示甲中心":
            row[column["群团(工/团/妇)"]] = "宗亲会"
    batch = _upload(client, changed)
    assert batch.rows.get(label="演示甲中心").verdict == "reject"
    assert client.post(f"/imports/{batch.pk}/decide/", {"do": "apply"}).status_code == 302
    row = BodyDeclaration.objects.current().get(organization=bodies[1], valid_from=TODAY)
    assert (row.has_union, row.has_youth, row.has_women) == (True, True, False)
    assert (row.funds_fen, row.funds_year) == (3250000, 2026)
    assert client.post(f"/imports/{batch.pk}/decide/", {"do": "undo"}).status_code == 302
    after = BodyDeclaration.objects.current()
    assert after.count() == len(before)
    assert not after.filter(organization=bodies[1], funds_fen=3250000).exists()
