"""Party building at the interface: the tree and coverage of the pages within the scope, no person; F03 comes in."""

import json
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.core import registries, search, zones
from liaoyuan.core.models import Area, ImportBatch
from liaoyuan.party.choices.codes import Permission as Party
from liaoyuan.party.models import Member, MemberRecord
from liaoyuan.people.models import Person
from liaoyuan.people.queries import secrets
from tests.api.conftest import AT, Caller, token_of
from tests.core.factories import user
from tests.party import coverage_ground, factories
from tests.party.plain_count import Export
from tests.people.factories import ric
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 26)
GETS = ("/party/organizations", "/party/coverage", "/party/coverage/organizations", "/search?q=党支部")
#: What must never be read: names of people, and everything of the district beyond.
PEOPLE, BEYOND, GUIDE = "演示鹍", "鹏外", "演示鹓指导"
NUMBER, MOBILE, PLACE = ric("19680305", 123), "13951510773", "演示路12号301室"


@pytest.fixture
def world(ground):
    """Two bodies of the street with branches, one next door, one beyond; every member and instructor is a canary."""
    areas = ground.areas
    above = factories.committee(areas["district"], "演示区综合党委")
    street = factories.party("演示河埒街道党总支", "general", area=areas["heli"], superior=above)
    branch = factories.party("演示甲党支部", area=areas["heli"], superior=street, evidence="滨组〔2026〕7号",
                             approved_on=date(2026, 3, 1))  # fmt: skip
    near = factories.party("演示丙党支部", area=areas["liyuan"], superior=above)
    far = factories.committee(areas["other"], f"{BEYOND}综合党委")
    beyond = factories.party(f"{BEYOND}党支部", area=areas["other"], superior=far)
    for party, body in ((branch, ground.inside), (near, ground.next_street), (beyond, ground.outside)):
        factories.unit(party, body, evidence="滨社工〔2026〕9号")
        for n in range(4):
            who = factories.member(f"{PEOPLE}{n}")
            factories.affiliate(who, party, organization=body)
        factories.post(party, who)
        factories.term(party, 2, due_on=date(2027, 5, 1))
        guide = coverage_ground.instructor(party.area, GUIDE)
        coverage_ground.letter(party.area, body, span=(date(2026, 1, 1), 100000), no="滨聘1号", who=guide,
                               **{"from": date(2026, 1, 1)})  # fmt: skip
    bare = registry.organization("丁空发展中心", street=areas["heli"])
    search.refresh("organization")
    search.refresh("partyorganization")
    ground.__dict__.update(above=above, general=street, branch=branch, near=near, far=far, beyond=beyond, bare=bare,
                           lead=factories.lead(), street_lead=user("part", ("party_lead", "area", areas["heli"].code),
                                                                   is_demo=True))  # fmt: skip
    return ground


@pytest.fixture
def lead(world):
    """A program of the district's party officer."""
    return Caller(token_of(world.lead))


@pytest.fixture
def part(world):
    """A program of the officer of one street."""
    return Caller(token_of(world.street_lead))


def names(told):
    return [item["name"] for item in told["items"]]


def text_of(told):
    return json.dumps(told, ensure_ascii=False)


def test_the_tree_of_a_day(world, lead):
    told = lead.get("/party/organizations")
    assert names(told) == ["演示丙党支部", "演示区综合党委", "演示河埒街道党总支", "演示甲党支部"]
    assert told["total"] == 4
    line = told["items"][3]
    assert line == {
        "id": world.branch.pk, "name": "演示甲党支部", "form": "branch", "kind": "independent", "area": "320211001",
        "superior": world.general.pk, "superior_name": "演示河埒街道党总支", "committee": world.above.pk,
        "committee_name": "演示区综合党委", "established_on": "2024-01-01", "dissolved_on": None,
        "since": "2024-01-01", "evidence": "滨组〔2026〕7号", "approved_on": "2026-03-01", "may_transfer": False,
        "units": 1, "term": {"number": 2, "began_on": "2024-01-01", "due_on": "2027-05-01", "posts": 1},
    }  # fmt: skip
    detail = lead.get(f"/party/organizations/{world.branch.pk}")
    assert {key: detail[key] for key in line} == line
    assert detail["units_covered"] == [
        {"organization": world.inside.pk, "name": "甲内福利服务中心", "number": world.inside.code,
         "since": "2024-01-01", "evidence": "滨社工〔2026〕9号", "evidence_on": "2024-01-01"}
    ]  # fmt: skip
    assert lead.get(f"/party/organizations/{world.general.pk}")["below"] == [world.branch.pk]
    assert lead.get("/party/organizations?as_of=2023-12-31")["total"] == 0
    lead.get(f"/party/organizations/{world.branch.pk}?as_of=2023-12-31", 404)
    for query, expected in (("form=committee", 1), ("kind=independent", 2), ("q=甲内福利", 1), ("area=320211004", 1),
                            (f"below={world.general.pk}", 2), ("per=1&page=9", 4)):  # fmt: skip
        assert lead.get(f"/party/organizations?{query}")["total"] == expected, query
    for query, field in (("form=x", "form"), ("area=999999", "area"), ("below=0", "below"), ("as_of=26-1-1", "as_of")):
        assert lead.get(f"/party/organizations?{query}", 422)["fields"][0]["field"] == field


def test_what_is_outside_is_as_if_it_were_not(world, lead, part):
    missing = part.get("/party/organizations/999999", 404)
    for pk in (world.above.pk, world.near.pk, world.beyond.pk):
        assert part.get(f"/party/organizations/{pk}", 404) == missing
    assert lead.get(f"/party/organizations/{world.beyond.pk}", 404) == missing
    assert names(part.get("/party/organizations")) == ["演示河埒街道党总支", "演示甲党支部"]
    general = part.get(f"/party/organizations/{world.general.pk}")
    assert (general["superior"], general["committee"], general["superior_name"]) == (None, None, "演示区综合党委")
    nothing = part.get("/party/organizations?below=999999")
    for pk in (world.above.pk, world.far.pk, world.beyond.pk):
        assert part.get(f"/party/organizations?below={pk}") == nothing
    nowhere = part.get("/party/coverage?area=999999", 404)
    for path in ("/party/coverage", "/party/coverage/organizations"):
        for code in ("320211", "320211004", "320213", "3202"):
            assert part.get(f"{path}?area={code}", 404) == nowhere
        assert lead.get(f"{path}?area=320213", 404) == nowhere
    for program in (lead, part):
        for path in GETS:
            assert BEYOND not in text_of(program.get(path)) and "戊外" not in text_of(program.get(path)), path
        assert program.get(f"/search?q={BEYOND}")["total"] == 0


def test_no_person_is_told_anywhere(world, lead):
    paths = [*GETS, "/party/coverage/organizations?shown=instructed", "/search?q=演示",
             *(f"/party/organizations/{one.pk}" for one in (world.branch, world.near, world.above))]  # fmt: skip
    for path in paths:
        told = text_of(lead.get(path))
        assert PEOPLE not in told and GUIDE not in told, path
    for query in (PEOPLE, "演示鹍1"):
        assert lead.get(f"/search?q={query}") == {"total": 0, "hits": []}


def test_the_figures_are_those_of_the_command_and_the_page(world, lead, part):
    for by in ("", "street", "street,type"):
        told = lead.get(f"/party/coverage?by={by}")
        expected = registries.stats_kinds["coverage"](
            by=world.lead, as_of=DAY, known_at=AT, area=Area.objects.get(code="320211"),
            dims=[one for one in by.split(",") if one],
        )  # fmt: skip
        assert {k: told[k] for k in expected if k not in ("known_at", "rows")} == {
            k: v for k, v in expected.items() if k not in ("known_at", "rows")
        }
        assert [{k: row[k] for k in want} for row, want in zip(told["rows"], expected["rows"], strict=True)] == (
            expected["rows"]
        )
    assert (told["total"], told["figures"]["covered"], told["members"]["formal"]) == (3, 2, 8)
    assert part.get("/party/coverage")["area"] == "320211001"
    for by in ("colour", "street,street"):
        assert lead.get(f"/party/coverage?by={by}", 422)["fields"][0]["field"] == "by"


def test_each_verdict_is_that_of_a_plain_count(world, lead, part):
    told = lead.get("/party/coverage/organizations")
    export = Export()
    bodies = export.base(world.areas["district"], DAY)
    assert {item["id"] for item in told["items"]} == set(bodies) and told["total"] == len(bodies)
    for item in told["items"]:
        assert {gap["gap"] for gap in item["gaps"]} == export.gaps(item["id"], DAY), item["name"]
        assert item["covered"] == bool(export.ways(item["id"], DAY))
        assert item["worked"] == bool(export.ways(item["id"], DAY) or export.looked_after(item["id"], DAY))
        heads = export.heads(item["id"], DAY)
        assert tuple(item["members"][n] for n in ("formal", "probationary", "committed", "dual")) == heads
        assert all(gap["reason"] for gap in item["gaps"]) and bool(item["next_actor"]) == bool(item["gaps"])
    (bare,) = lead.get("/party/coverage/organizations?shown=C")["items"]
    assert (bare["id"], bare["way"], bare["claims"]) == (world.bare.pk, "instructor", [])
    assert "指导员" in bare["next_actor"]
    (inside,) = lead.get("/party/coverage/organizations?q=甲内")["items"]
    assert [(claim["how"], claim["name"], claim["document"]) for claim in inside["claims"]] == [
        ("own", "演示甲党支部", "滨社工〔2026〕9号"), ("instructor", "", "滨聘1号"),
    ]  # fmt: skip
    assert names(part.get("/party/coverage/organizations")) == ["丁空发展中心", "甲内福利服务中心"]
    assert lead.get("/party/coverage/organizations?shown=Z", 422)["fields"][0]["field"] == "shown"


def test_without_the_roster_the_token_hides_numbers(world):
    program = Caller(token_of(world.lead, Party.STATS))
    (inside,) = program.get("/party/coverage/organizations?q=甲内")["items"]
    assert inside["members"] is None and inside["gaps"] == [{"gap": "D", "code": "D", "reason": "形式覆盖"}]
    told = program.get("/party/coverage?by=street")
    assert told["hidden_below"] == 10 and told["members"]["as_of"] == "2026-09-30"
    assert all(row["formal"] is None for row in told["rows"] if row["covered"])
    for path in ("/party/organizations", "/imports", "/search?q=演示"):
        program.get(path, 403)


def test_the_permission_of_each_address(world, officer):
    """A token of registration opens none of party building."""
    for path in ("/party/organizations", f"/party/organizations/{world.branch.pk}", "/party/coverage",
                 "/party/coverage/organizations"):  # fmt: skip
        officer.get(path, 403)
    assert officer.get("/search?q=演示甲党支部")["total"] == 0


def test_the_number_of_queries_does_not_grow(world, lead):
    def count(path):
        with CaptureQueriesContext(connection) as told:
            lead.get(path)
        return len(told)

    paths = (*GETS[:3], f"/party/organizations/{world.above.pk}", "/party/coverage?by=street,type")
    for path in paths:
        lead.get(path)
    before = [count(path) for path in paths]
    for number in range(9):
        body = registry.organization(f"更多{number}服务中心", street=world.areas["heli"])
        party = factories.party(area=world.areas["heli"], superior=world.above)
        factories.unit(party, body)
        factories.term(party)
        for who in factories.members(party, 2, organization=body):
            factories.post(party, who, "member")
    assert [count(path) for path in paths] == before
    assert max(before) <= 20, before


HEAD = "姓名,性别,身份证号,手机,现住址,入党时间,转正时间,所在党支部,组织关系状态,组织关系所在地,依据\n"


def roster(*rows, name="名册.csv"):
    lines = [",".join(row) for row in rows]
    return SimpleUploadedFile(name, (HEAD + "\n".join(lines)).encode("utf-8-sig"))


def row(name="演示鹔新", number=NUMBER, branch="演示甲党支部", state="已转入", home=""):
    return (name, "男", number, MOBILE, PLACE, "2010-06-01", "2011-06-01", branch, state, home, "介绍信")


def upload(program, *rows, status=201, **more):
    told = {"kind": "members", "area": "320211", "as_of": "2026-10-26", "pledge": "true", "file": roster(*rows)}
    return program.post("/imports", status, {**told, **more})


def test_a_roster_comes_in_by_the_bulk_door_and_goes_out_again(world, lead):
    held = Member.objects.count()
    told = upload(lead, row())
    assert (told["kind"], told["state"], told["verdicts"]["accept"]) == ("members", "staged", 1), told
    assert Member.objects.count() == held
    for answer in (told, lead.get(f"/imports/{told['batch']}"), lead.get(f"/imports/{told['batch']}/lines")):
        shown = text_of(answer)
        assert "演示鹔新" in shown
        for secret in (NUMBER, NUMBER[6:14], MOBILE, PLACE):
            assert secret not in shown
    assert lead.post(f"/imports/{told['batch']}/apply")["created"] == 1
    assert MemberRecord.objects.filter(name="演示鹔新", superseded_at=None).exists()
    assert lead.post(f"/imports/{told['batch']}/undo")["state"] == "undone"
    assert not Member.objects.known().filter(records__name="演示鹔新").exists()


def test_a_bad_cell_of_a_roster_tells_no_secret(world, lead):
    told = upload(lead, ("演示鹔新", "男", "32021119680305123Q", "1395151O773", PLACE, "2010-06-01", "2011-06-01",
                         "演示甲党支部", "已转入", "", "介绍信"))  # fmt: skip
    shown = text_of(told)
    assert told["verdicts"]["review"] + told["verdicts"]["reject"] == 1
    for secret in ("32021119680305123Q", "19680305", "1395151O773", PLACE):
        assert secret not in shown


def test_a_batch_of_party_building_is_for_its_office_alone(world, lead, part, officer):
    told = upload(lead, row())
    batch = told["batch"]
    for program in (part, officer):
        for method, path in (("get", ""), ("get", "/lines"), ("post", "/apply"), ("post", "/undo"), ("delete", "")):
            assert program.send(method, f"/imports/{batch}{path}").status_code == 404
        assert program.get("/imports")["total"] == 0
    upload(officer, row(), status=403)
    upload(part, row(), status=403)
    upload(lead, row(), status=403, area="320213")
    assert ImportBatch.objects.count() == 1


def test_a_row_about_a_member_beyond_reads_like_one_about_nobody(world, lead):
    person = Person.objects.create(
        id_number=secrets.seal("id_number", NUMBER), id_index=secrets.index(NUMBER), created_at=AT
    )
    factories.affiliate(factories.member("演示鹖外", person=person), world.beyond)
    other = ric("19870723", 733)
    told = []
    for name, number in (("演示鹖外", NUMBER), ("演示鹔未", other)):
        answer = upload(lead, row(name, number, state="未转入", home="演示外地党支部"))
        assert answer["verdicts"]["accept"] == 1 and answer["lines"][0]["action"] == "create"
        answer["lines"][0].pop("key")
        text = text_of(answer["lines"])
        for given in (name, f"{number[:6]}********{number[-4:]}"):
            assert given in text
            text = text.replace(given, "…")
        told.append(text)
    assert told[0] == told[1] and BEYOND not in told[0]
    told = upload(lead, row(branch=f"{BEYOND}党支部"))
    other = upload(lead, row(branch="没有的党支部"))
    assert text_of(told["lines"]).replace(BEYOND, "没有的") == text_of(other["lines"])
    assert told["verdicts"]["reject"] == 1


@pytest.mark.parametrize("kind", ["letters", "development", "declarations", "dues", "dues_uses", "venues"])
def test_every_kind_of_party_building_has_the_door(world, lead, kind):
    """The template of the kind with one row of words that say nothing: judged and refused, with nothing written."""
    columns = registries.import_kinds[kind].columns
    text = "\n".join((",".join(column.title for column in columns), ",".join("鹬" for _column in columns)))
    sheet = SimpleUploadedFile("一行.csv", text.encode("utf-8-sig"))
    told = {"kind": kind, "area": "320211", "pledge": "true", "file": sheet}
    answer = lead.post("/imports", 201, told)
    assert (answer["kind"], answer["rows"], answer["verdicts"]["reject"]) == (kind, 1, 1)
    assert answer["lines"][0]["findings"]
    assert lead.post(f"/imports/{answer['batch']}/apply")["created"] == 0


def test_in_the_internet_zone_personal_columns_are_gone_before_anything_is_kept(world, lead, settings):
    settings.ZONE = zones.Zone.INTERNET
    answer = lead.send("post", "/imports", data={"kind": "members", "area": "320211", "as_of": "2026-10-26",
                                                 "pledge": "true", "file": roster(row())})  # fmt: skip
    shown = answer.content.decode()
    for secret in (NUMBER, MOBILE, PLACE, "演示鹔新"):
        assert secret not in shown
    batch = ImportBatch.objects.first()
    assert batch is None or not batch.rows.filter(fields__has_key="id_number").exists()
    assert lead.get("/party/organizations")["total"] == 4
    told = lead.get("/party/coverage/organizations?q=甲内")["items"][0]
    assert told["gaps"]


def test_the_addresses_stand_in_the_description(client):
    told = json.loads(client.get("/api/v1/openapi.json").content)
    for path in ("/organizations", "/organizations/{pk}", "/coverage", "/coverage/organizations"):
        operation = told["paths"][f"/api/v1/party{path}"]["get"]
        assert operation["summary"] and "party." in operation["description"]
    schemas = told["components"]["schemas"]
    found, waiting = set(), [node for path, node in told["paths"].items() if path.startswith("/api/v1/party")]
    while waiting:
        names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(waiting.pop()))) - found
        found |= names
        waiting += [schemas[name] for name in names]
    fields = {name for key in found for name in schemas[key].get("properties", {})}
    assert fields
    assert not fields & {"id_number", "member", "member_name", "secretary", "instructor", "mobile", "birth"}
