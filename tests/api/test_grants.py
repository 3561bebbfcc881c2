"""Grants at the interface: the rows of the pages, drafts written and handed in by the same actions and refusals."""

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.models import AuditEvent
from liaoyuan.funding.actions import handing_in
from liaoyuan.funding.models import Project, Revision, Slot
from liaoyuan.funding.queries import contents
from tests.api.conftest import Caller, token_of
from tests.core.factories import AT, user
from tests.funding import ground
from tests.registry import factories as registry

JSON = "application/json"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", AT.strftime("%Y-%m-%dT%H:%M:%S"))


@pytest.fixture
def body(db):
    return ground.body("滨湖区甲示例服务中心", street=registry.binhu()["heli"])


@pytest.fixture
def head(body):
    """The head of the body, who certifies in person: he holds no token."""
    return ground.head(body, "fuze")


@pytest.fixture
def manager(body):
    return user("xiangmu", ("project_manager", "organization", str(body.pk)), is_demo=True)


@pytest.fixture
def office(db):
    return registry.officer("chuangban")


@pytest.fixture
def round_(body, office):
    return ground.opened(registry.binhu()["district"], office)


@pytest.fixture
def own(manager, round_):
    return Caller(token_of(manager))


def sections(total=10_000_000, pay=4_000_000):
    """An application that lacks nothing, as a program sends it."""
    return {
        "basic": {"title": "银发陪伴", "field": "为老服务", "area": "320211001", "starts_on": "2027-01-10",
                  "ends_on": "2027-10-10"},
        "content": ground.TEXTS,
        "team": [{"name": "演示甲", "role": "负责", "lead": True, "full_time": True, "percent": 30}],
        "plan": [{"period": "第一季度", "content": "入户走访"}],
        "outcomes": [{"title": "服务人次", "unit": "人次", "target": 600}],
        "risks": [{"title": "人手不足", "measure": "招募志愿者"}],
        "budget": [{"budget_class": "B01", "title": "社工工资", "price_fen": pay, "member": "演示甲"},
                   {"budget_class": "B06", "title": "场地", "price_fen": total - pay, "own_fen": 10_000}],
    }  # fmt: skip


def put(caller, pk, told, status=200):
    answer = caller.send("put", f"/grants/projects/{pk}", data=told, content_type=JSON)
    assert answer.status_code == status, answer.content.decode()[:600]
    return answer.json()


def begun(caller, round_, body, title="银发陪伴"):
    told = {"organization": body.pk, "title": title}
    return caller.post(f"/grants/rounds/{round_.pk}/projects", 201, told, content_type=JSON)


def test_an_application_is_begun_written_and_handed_in(own, round_, body, head, office):
    assert [row["phase"] for row in own.get("/grants/rounds")["items"]] == ["open"]
    assert own.get(f"/grants/rounds/{round_.pk}")["figures"]
    made = begun(own, round_, body)
    assert made["missing"] and made["state"] == "draft"
    told = put(own, made["id"], {**sections(), "version": made["version"]})
    assert (told["total_fen"], told["grant_fen"], told["own_fen"], told["pay_fen"]) == (
        10_000_000, 9_990_000, 10_000, 4_000_000,
    )  # fmt: skip
    assert told["missing"] == []
    refused = own.post(f"/grants/projects/{made['id']}/submit", 409, {"confirmed": True}, content_type=JSON)
    assert [f["code"] for f in refused["findings"]] == ["PROJECT-CERTIFY"]
    handing_in.certify(project=Project.objects.get(pk=made["id"]), by=head, at=AT)
    handed = own.post(f"/grants/projects/{made['id']}/submit", 200, {"confirmed": True}, content_type=JSON)
    assert (handed["state"], handed["number"]) == ("submitted", "2026-001")
    row = Project.objects.get(pk=made["id"])
    assert Revision.objects.get(project=row).content == contents.content(contents.whole(row)) == handed["content"]
    (line,) = Caller(token_of(office)).get("/grants/projects?state=submitted")["items"]
    assert (line["id"], line["organization_name"]) == (made["id"], "滨湖区甲示例服务中心")


def test_the_office_hands_in_on_paper_and_the_fourth_is_refused(office, round_, body):
    caller = Caller(token_of(office))
    for n in range(4):
        made = begun(caller, round_, body, f"银发陪伴{n}")
        put(caller, made["id"], {**sections(), "basic": {**sections()["basic"], "title": f"银发陪伴{n}"}})
        status = 409 if n == 3 else 200
        told = {"confirmed": True, "on_paper": AT.date().isoformat(), "on_behalf": "电话：演示甲"}
        answer = caller.post(f"/grants/projects/{made['id']}/submit", status, told, content_type=JSON)
    assert "GV-APP-01" in {f["code"] for f in answer["findings"]}
    assert Slot.objects.filter(organization=body).count() == 3
    assert Project.objects.filter(state="submitted").count() == 3


def test_a_share_one_step_over_is_refused_in_words(office, round_, body):
    """5,000,000 of 10,000,000 fen passes, one fen more does not: the same rule as on the page."""
    caller = Caller(token_of(office))
    told = {"confirmed": True, "on_paper": AT.date().isoformat()}
    for pay, status in ((5_000_000, 200), (5_000_001, 409)):
        made = begun(caller, round_, body)
        put(caller, made["id"], {**sections(pay=pay), "basic": {**sections()["basic"], "title": f"陪伴{pay}"}})
        answer = caller.post(f"/grants/projects/{made['id']}/submit", status, told, content_type=JSON)
    (finding,) = [f for f in answer["findings"] if f["severity"] == "block"]
    assert finding["code"] == "GV-BUD-01" and finding["message"]


def test_one_wrong_cell_saves_nothing_and_is_named(own, round_, body):
    made = begun(own, round_, body)
    before = put(own, made["id"], sections())
    wrong = sections()
    wrong["basic"]["area"] = "320213001"
    wrong["plan"].append({"period": "第二季度", "content": "长" * 300})
    wrong["budget"].append({"budget_class": "B77", "title": "别的", "price_fen": 100})
    told = put(own, made["id"], wrong, 409)
    assert {f["field"] for f in told["findings"]} == {"basic.area", "plan.2.content", "budget.3.budget_class"}
    stranger = {**sections(), "budget": [{**sections()["budget"][0], "member": "演示乙"}]}
    assert [f["field"] for f in put(own, made["id"], stranger, 409)["findings"]] == ["budget.1.member"]
    assert own.get(f"/grants/projects/{made['id']}") == before
    assert put(own, made["id"], {"version": 1, "plan": []}, 409)["findings"][0]["code"] == "PROJECT-STALE"
    assert put(own, made["id"], {"sections": []}, 422)["fields"]


def test_nobody_sees_or_writes_beyond_his_scope(own, round_, body, head, manager):
    other = ground.body("滨湖区乙示例服务中心")
    theirs = ground.written(round_, other, ground.head(other, "bieren"))
    for method, path in (("get", f"/grants/projects/{theirs.pk}"), ("put", f"/grants/projects/{theirs.pk}")):
        assert own.send(method, path, data={"plan": []}, content_type=JSON).status_code == 404
    told = {"organization": other.pk, "title": "冒名"}
    assert own.send("post", f"/grants/rounds/{round_.pk}/projects", data=told, content_type=JSON).status_code == 403
    reader = Caller(token_of(manager, "funding.own.view"))
    mine = begun(own, round_, body)
    assert reader.get(f"/grants/projects/{mine['id']}")["title"] == "银发陪伴"
    assert put(reader, mine["id"], {"plan": []}, 403)["code"] == "forbidden"
    with pytest.raises(PermissionDenied):
        token_of(head)
    channels = AuditEvent.objects.filter(code="project.begun").values_list("channel", flat=True)
    assert "api" in set(channels)
