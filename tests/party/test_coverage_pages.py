"""The board, its lists, the tab on a body's record: figures lead to bodies, claims to documents, names to nobody."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from liaoyuan.core import registries
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Attachment, StoredFile
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import instructors as actions
from liaoyuan.party.models import InstructorAssignment, Pilot, SyncAnswer, Unit, Visit
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import covering
from tests.core.factories import user
from tests.party import coverage_ground as ground
from tests.party import factories as make
from tests.registry import factories as registry

TODAY = date(2026, 10, 26)
SPAN = (date(2026, 1, 1), 100000)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")


@pytest.fixture
def district(areas, committee):
    """Six bodies: own branch, joint branch, gap A, gap B, gap C without and with an instructor."""
    bodies = {name: registry.organization(f"演示{name}中心", street=areas["heli" if name in "甲乙丙" else "liyuan"],
                                          party_members_declared=2) for name in "甲乙丙丁戊己"}  # fmt: skip
    own = make.party("演示甲党支部", area=areas["district"], superior=committee, evidence="滨组〔2024〕1号")
    joint = make.party("演示联合党支部", area=areas["district"], superior=committee, kind="joint",
                       evidence="滨组〔2024〕2号")  # fmt: skip
    make.unit(own, bodies["甲"], evidence="")
    make.unit(joint, bodies["乙"], joint=True, evidence="名单〔2024〕2号")
    make.members(own, 3, organization=bodies["甲"])
    make.members(committee, 3, organization=bodies["丙"])
    make.members(committee, 2, organization=bodies["丁"])
    ground.letter(areas["district"], bodies["己"], span=SPAN, no="滨聘〔2026〕1号", **{"from": date(2026, 1, 1)})
    registry.organization("演示备案队", "BA", street=areas["heli"])
    return bodies


def _page(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def _links(page, start):
    return [unescape(href) for href in re.findall(r'href="([^"]+)"', page) if unescape(href).startswith(start)]


def _rows(page):
    """Names in the first column of a list."""
    return re.findall(r'<td class="sticky table-cards__title"><a href="[^"]*">([^<]*)</a>', page)


@pytest.mark.django_db
def test_each_figure_of_the_board_opens_the_bodies_it_counts(district, lead, client):
    client.force_login(lead)
    page = _page(client, "/party/coverage/")
    cells = re.findall(r'<a href="([^"]*/bodies/[^"]*)">(?:<strong>)?([\d,]+)', page)
    assert len(cells) >= 10
    for href, count in cells:
        parts = urlsplit(unescape(href))
        assert len(_rows(_page(client, parts.path, **dict(parse_qsl(parts.query))))) == int(count), href
    for shown, names in (("A", "丙"), ("B", "丁"), ("C", "戊己"), ("covered", "甲乙"), ("worked", "甲乙己"),
                         ("due", "甲丙"), ("built", "甲"), ("own", "甲"), ("joint", "乙")):  # fmt: skip
        told = _rows(_page(client, "/party/coverage/bodies/", shown=shown))
        assert sorted(told) == sorted(f"演示{name}中心" for name in names), shown
    assert _rows(_page(client, "/party/coverage/bodies/", shown="filed")) == ["演示备案队"]


@pytest.mark.django_db
def test_a_list_says_why_which_form_is_lawful_and_who_acts(district, lead, client):
    client.force_login(lead)
    told = {gap: _page(client, "/party/coverage/bodies/", shown=gap) for gap in "ABC"}
    assert "有正式党员 3 名，达到 3 名，没有建立党支部" in told["A"]
    assert "可以单独组建党支部" in told["A"]
    assert f"/party/foundings/new/?subject={district['丙'].pk}" in told["A"]
    assert "联合组建" in told["B"]
    assert "街道党工委牵头联合组建" in told["B"]
    assert f"/party/assignments/new/?subject={district['戊'].pk}" in told["C"]
    assert "演示党员" not in "".join(told.values())


@pytest.mark.django_db
def test_every_claim_opens_its_document(district, lead, client, areas):
    client.force_login(lead)
    page = _page(client, "/party/coverage/bodies/", shown="worked")
    asked = figures.Asked(areas["district"], TODAY)
    claims = [c for told in covering.claims(asked, [b.pk for b in district.values()]).values() for c in told]
    assert sorted(c.document for c in claims) == ["名单〔2024〕2号", "滨组〔2024〕1号", "滨聘〔2026〕1号"]
    for claim in claims:
        href = re.search(rf'<a href="([^"]+)">{re.escape(claim.document)}</a>', page).group(1)
        answer = client.get(unescape(href))
        assert answer.status_code == 200
        assert "批复" in answer.content.decode() or "聘书" in answer.content.decode()


@pytest.mark.django_db
def test_a_file_of_the_approval_is_what_opens(district, lead, client):
    stored = StoredFile.objects.create(sha256="0" * 64, sm3="0" * 64, name="ab/x", size=3, kind="pdf",
                                       created_at=make.AT)  # fmt: skip
    party = Unit.objects.get(organization=district["甲"]).party_organization_id
    row = Attachment.objects.create(
        file=stored, subject_kind="partyorganization", subject_id=str(party), purpose="party_approval",
        paper="批复文件",
        sensitivity="C2", name="批复.pdf", uploaded_at=make.AT, pledged_at=make.AT,
    )  # fmt: skip
    client.force_login(lead)
    assert f"/files/{row.pk}/copy/" in _page(client, "/party/coverage/bodies/", shown="own")


@pytest.mark.django_db
def test_the_street_counts_its_own_bodies_and_sees_no_other_area(district, client, areas):
    client.force_login(user("street", ("street_office", "area", "320211001"), is_demo=True))
    assert sorted(_rows(_page(client, "/party/coverage/bodies/"))) == ["演示丙中心", "演示乙中心", "演示甲中心"]
    answer = client.get("/party/coverage/bodies/", {"area": "320211004"})
    assert answer.status_code == 422
    assert "演示丁中心" not in answer.content.decode()


@pytest.mark.django_db
def test_whoever_sees_no_roster_gets_no_small_number_of_members(district, client):
    client.force_login(user("boss", ("leadership", "area", "320211"), is_demo=True))
    page = _page(client, "/party/coverage/")
    members = page[page.index("党员人数（") :]
    assert re.findall(r"<dd>(\*|\d+)", members)[:4] == ["*", "0", "0", "0"]
    assert "2026年9月30日" in members
    told = _page(client, "/party/coverage/bodies/", shown="B", cols=["name", "why", "formal", "declared"])
    assert "名，没有建立" not in told
    assert told.count(">*</td>") == 2
    assert client.get("/party/statutory/", {"format": "xlsx"}).status_code == 403
    assert ">3<" not in _page(client, "/party/statutory/").split("<tbody>")[-1]


@pytest.mark.django_db
def test_the_head_sees_what_covers_his_body_and_no_name_of_a_member(district, client, areas):
    client.force_login(registry.head_of(district["甲"]))
    page = _page(client, f"/party/coverage/of/{district['甲'].pk}/")
    assert "演示甲党支部" in page
    assert "滨组〔2024〕1号" in page
    assert "演示党员" not in page
    href = re.search(r'<a href="([^"]+)">滨组〔2024〕1号</a>', page).group(1)
    assert client.get(href).status_code == 200
    assert client.get(f"/party/coverage/of/{district['乙'].pk}/").status_code == 404
    assert client.get("/party/coverage/").status_code == 403


@pytest.mark.django_db
def test_the_tab_stands_on_the_record_of_the_body(district, lead, client):
    client.force_login(lead)
    page = _page(client, reverse("registry:organization_detail", args=[district["甲"].pk]))
    assert "tab=party" in page or f"/party/coverage/of/{district['甲'].pk}/" in page


@pytest.mark.django_db
def test_an_instructor_finds_his_bodies_and_records_a_visit(district, client, areas):
    who = user("coach", ("instructor", "organization", str(district["戊"].pk)), is_demo=True)
    ground.letter(areas["district"], district["戊"], span=SPAN, no="滨聘2号", **{"from": date(2026, 1, 1)},
                  who=ground.instructor(areas["district"], "演示指导员乙", user=who))  # fmt: skip
    client.force_login(who)
    page = _page(client, "/party/instructors/own/")
    assert "演示戊中心" in page
    assert "演示己中心" not in page
    address = f"/party/coverage/of/{district['戊'].pk}/visit/"
    assert client.post(address, {"on": "2026-10-27", "looked": ["members"]}).status_code == 422
    assert client.post(address, {"on": "2026-10-25"}).status_code == 422
    told = {"on": "2026-10-25", "looked": ["members", "place"], "follow_up": "补章程", "follow_due_on": "2026-11-30"}
    assert client.post(address, told).status_code == 302
    row = Visit.objects.get()
    assert (row.instructor.name, row.looked, row.made_by) == ("演示指导员乙", ["members", "place"], who)
    assert client.post(f"/party/visits/{row.pk}/follow/", {"on": "2026-10-26", "note": "已核准"}).status_code == 302
    row.refresh_from_db()
    assert row.done_on == TODAY
    assert client.post(f"/party/visits/{row.pk}/follow/", {"on": "2026-10-26", "note": "又"}).status_code == 404
    assert client.post(f"/party/coverage/of/{district['己'].pk}/visit/", told).status_code in (403, 404)


@pytest.mark.django_db
def test_assigning_asks_for_a_letter_and_a_caseload(district, lead, areas):
    row = ground.instructor(areas["district"], "演示指导员丙")
    told = {"instructor": row, "kind": "instructor", "letter": "滨聘3号", "letter_from": date(2026, 1, 1),
            "letter_until": date(2027, 12, 31), "start": TODAY, "by": lead, "at": make.AT}  # fmt: skip
    for body in list(district.values())[:5]:
        actions.assign(organization=body, **told)
    said = actions.asked(row, district["己"], letter="滨聘3号", letter_from=date(2026, 1, 1),
                         letter_until=date(2027, 12, 31), on=TODAY)  # fmt: skip
    assert [(f.code, f.field) for f in said] == [("PB-INS-01", "bodies")]
    said = actions.asked(row, None, letter="", letter_from=TODAY, letter_until=TODAY, on=TODAY)
    assert [f.field for f in said] == ["letter"]
    assert InstructorAssignment.objects.now_open().filter(instructor=row).count() == 5
    one = InstructorAssignment.objects.now_open().get(instructor=row, organization=district["甲"])
    with pytest.raises(Refused, match="结束日期须晚于"):
        actions.end(assignment=one, on=TODAY, reason="调整", by=lead, at=make.AT)
    actions.change(instructor=row, fields={"name": "演示指导员丙", "source": "street", "unit": "", "sender": ""},
                   user=None, ended_on=TODAY, by=lead, at=make.AT)  # fmt: skip
    assert not InstructorAssignment.objects.active(TODAY).filter(instructor=row).exists()


@pytest.mark.django_db
def test_a_letter_counts_to_its_last_day(district, areas):
    body = district["戊"]
    ground.letter(areas["district"], body, span=SPAN, no="滨聘4号", days=30, **{"from": date(2026, 1, 1)})

    def worked(day):
        return figures.figures(figures.Asked(areas["district"], day))[0].worked

    assert worked(date(2026, 1, 31)) - worked(date(2026, 2, 1)) == 1


@pytest.mark.django_db
def test_answers_of_a_check_in_step(district, client):
    head = registry.head_of(district["丁"])
    client.force_login(head)
    address = f"/party/coverage/of/{district['丁'].pk}/sync/"
    assert client.post(address, {"point": "annual", "on": "2026-10-20"}).status_code == 422
    told = {"point": "annual", "on": "2026-10-20", "members": "yes", "organization": "no"}
    assert client.post(address, told).status_code == 302
    page = _page(client, f"/party/coverage/of/{district['丁'].pk}/")
    assert "有没有党组织：没有" in page
    assert "有没有确定组建形式" in page
    assert client.post(address, {**told, "charter": "yes"}).status_code == 302
    assert SyncAnswer.objects.current().count() == 1
    assert client.post(address.replace(str(district["丁"].pk), str(district["甲"].pk)), told).status_code == 404


@pytest.mark.django_db
def test_a_pilot_ends_with_result_and_evidence_and_is_counted_by_quarter(district, lead, client):
    client.force_login(lead)
    told = {"organization": "演示甲中心", "wave": "1", "criteria": "有单独党支部", "chosen_on": "2026-03-01",
            "tried": "支部共建"}  # fmt: skip
    assert client.post("/party/pilots/new/", told).status_code == 302
    assert client.post("/party/pilots/new/", told).status_code == 422
    row = Pilot.objects.get()
    address = f"/party/pilots/{row.pk}/close/"
    assert client.post(address, {"state": "spread", "on": "2026-06-01", "result": "可行"}).status_code == 422
    done = {"state": "spread", "on": "2026-06-01", "result": "可行", "evidence": "滨组〔2026〕5号", "version": "1"}
    assert client.post(address, done).status_code == 302
    page = _page(client, "/party/coverage/spread/")
    table = page[page.index("试点推开") :]
    rows = re.findall(r'<th scope="row">([\d-]+)</th>((?:<td class="num">\d+</td>)+)', table)
    by_day = {day: [int(n) for n in re.findall(r">(\d+)<", cells)] for day, cells in rows}
    assert by_day["2026-03-31"] == [1, 0, 0]
    assert by_day["2025-12-31"] == [0, 0, 0]
    assert by_day["2026-06-30"] == [1, 1, 0]
    assert "有单独党支部" in _page(client, "/party/pilots/")


@pytest.mark.django_db
def test_the_published_figure(district, areas):
    told = registries.stats_kinds["coverage"](
        by=Operator("tests"), as_of=TODAY, known_at=make.AT + timedelta(days=1), area=areas["district"], dims=["street"]
    )
    assert (told["name"], told["total"], told["filed"]) == ("coverage", 6, 1)
    assert [(row["street"], row["count"], row["covered"], row["formal"]) for row in told["rows"]] == [
        ("河埒街道", 3, 2, 6), ("蠡园街道", 3, 0, 2),
    ]  # fmt: skip
    assert told["members"] | {"as_of": ""} == {"formal": 8, "probationary": 0, "committed": 0, "dual": 0,
                                               "declared": 12, "as_of": ""}  # fmt: skip
    assert told["figures"]["organization_rate"] == 33.3
    with pytest.raises(ValueError, match="没有统计口径"):
        registries.stats_kinds["coverage"](by=Operator("tests"), as_of=TODAY, known_at=make.AT, area=areas["district"],
                                           dims=["weather"])  # fmt: skip


@pytest.mark.django_db
def test_the_quarterly_report_is_filled_from_the_figures_of_the_quarter_s_end(district, lead, client, committee):
    client.force_login(lead)
    board = _page(client, "/party/coverage/")
    href = next(iter(_links(board, f"/documents/of/partyorganization/{committee.pk}/")))
    page = _page(client, href)
    assert "截至 2026-09-30，应统计组织 6 家，组织覆盖 2 家（33.3%），工作覆盖 3 家（50.0%）" in page
    assert "应建党组织 2 家，已建 1 家（50.0%）。应建未建 1 家，有党员未覆盖 1 家，无党员 2 家" in page
    assert "与 2026-06-30 相比，组织覆盖 +0 家" in page


@pytest.mark.django_db
def test_the_map_places_bodies_by_what_covers_them(district, lead, client, areas):
    told = {"criteria": "自愿", "chosen_on": date(2026, 3, 1), "tried": "共建", "made_at": make.AT}
    Pilot.objects.create(area=areas["district"], organization=district["乙"], **told)
    for number, name in enumerate("甲乙己"):
        point = {"longitude": 120.27 + number / 100, "latitude": 31.53 + number / 100, "point_datum": "wgs84"}
        registry.changed(district[name], date(2026, 1, 1), **point)
    client.force_login(lead)
    page = _page(client, "/party/coverage/spread/")
    dots = re.findall(r'spread-map__dot--(\w+)" transform="translate\((\d+) (\d+)\)">.*?<title>([^<]*)', page)
    placed = {name: (state, int(x), int(y)) for state, x, y, name in dots}
    assert {name: told[0] for name, told in placed.items()} == {
        "演示甲中心": "covered", "演示乙中心": "pilot", "演示己中心": "worked",
    }  # fmt: skip
    assert placed["演示甲中心"][1] < placed["演示乙中心"][1] < placed["演示己中心"][1], "east is right"
    assert placed["演示甲中心"][2] > placed["演示乙中心"][2] > placed["演示己中心"][2], "north is up"
    streets = re.findall(r'<th scope="row">(\S+街道)</th>((?:<td class="num">\d+</td>){5})', page)
    assert {name: [int(n) for n in re.findall(r"\d+", cells.replace('"num"', ""))] for name, cells in streets} == {
        areas["heli"].name: [1, 1, 0, 1, 1], areas["liyuan"].name: [0, 0, 1, 2, 2],
    }  # fmt: skip
    assert page.count('class="spread-map__label"') == 2
    assert page.count('aria-current="true"') == 1
    assert "其中 3 家没有坐标" in page
