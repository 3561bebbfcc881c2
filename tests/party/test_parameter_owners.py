"""Who edits the policy parameters of party building: the party lead drafts, its head confirms, not the register's."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core import access, policy, registries
from liaoyuan.core.actions import parameters
from liaoyuan.core.models import Parameter
from liaoyuan.core.queries import due
from liaoyuan.kit.findings import Refused
from tests.core.factories import user
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 26, 2, tzinfo=UTC)
OURS, THEIRS = ("pb.ins.bodies", "PB-INS-01"), ("filing.members_min", "FIL-03")


@pytest.fixture
def people():
    registry.binhu()
    roles = {"lead": "party_lead", "head": "party_head", "officer": "registry_officer", "chief": "registry_head",
             "street": "street_office"}  # fmt: skip
    areas = {"street": "320211001"}
    made = {name: user(name, (role, "area", areas.get(name, "320211")), is_demo=True) for name, role in roles.items()}
    made["both"] = user("both", ("party_lead", "area", "320211"), ("party_head", "area", "320211"), is_demo=True)
    made["neighbour"] = user("neighbour", ("party_lead", "area", "320213"), is_demo=True)
    return made


def _edit(by, key="pb.ins.bodies", value=7):
    return parameters.edit(key=key, jurisdiction="320211", valid_from=date(2026, 11, 1), value=value, severity="warn",
                           source="演示依据", by=by, at=AT)  # fmt: skip


def test_the_lead_drafts_and_a_second_person_confirms(people):
    made = _edit(people["lead"])
    limits = policy.limits(date(2026, 11, 1), policy.chain("320211"))
    assert (limits["pb.ins.bodies"], limits.row("pb.ins.bodies").status) == (7, "draft")
    waiting = due.todo(people["head"], AT.date()).items
    assert [item.code for item in waiting if item.code == "parameter"] == ["parameter"]
    for name in ("officer", "chief", "lead", "street"):
        assert not [item for item in due.todo(people[name], AT.date()).items if item.code == "parameter"], name
    for name in ("lead", "officer", "chief", "neighbour", "street"):
        with pytest.raises(PermissionDenied):
            parameters.confirm(parameter=made, by=people[name], at=AT)
    parameters.confirm(parameter=made, by=people["head"], at=AT)
    assert policy.limits(date(2026, 11, 1), policy.chain("320211")).row("pb.ins.bodies").status == "confirmed"
    own = _edit(people["both"], value=8)
    with pytest.raises(Refused):
        parameters.confirm(parameter=own, by=people["both"], at=AT)
    with pytest.raises(Refused, match="命令行"):
        parameters.confirm(parameter=own, by=access.Operator("root"), at=AT)


@pytest.mark.parametrize("name", ["officer", "chief", "head", "neighbour", "street"])
@pytest.mark.parametrize("key", OURS)
def test_nobody_else_drafts_or_withdraws(people, name, key):
    value = 7 if key.startswith("pb.") else True
    with pytest.raises(PermissionDenied):
        _edit(people[name], key, value)
    row = _edit(people["lead"], "pb.ins.bodies", 9)
    if name != "head":
        with pytest.raises(PermissionDenied):
            parameters.withdraw(parameter=row, by=people[name], at=AT)


@pytest.mark.parametrize("name", ["lead", "head"])
def test_what_the_register_owns_stays_its_own(people, name):
    with pytest.raises(PermissionDenied):
        _edit(people[name], "filing.members_min", 9)
    row = _edit(people["officer"], "filing.members_min", 9)
    with pytest.raises(PermissionDenied):
        parameters.confirm(parameter=row, by=people[name], at=AT)
    assert [i.code for i in due.todo(people["chief"], AT.date()).items if i.code == "parameter"] == ["parameter"]


def test_the_pages_ask_the_owner_of_the_key(people, client):
    parameters.sync_shipped(at=AT)
    told = {"jurisdiction": "320211", "valid_from": "2026-11-01", "value": "7", "severity": "warn", "source": "演示"}
    wanted = {"lead": (200, 403), "head": (403, 403), "officer": (403, 200), "chief": (403, 403), "street": (403, 403)}
    for name, answers in wanted.items():
        client.force_login(people[name])
        for key, answer in zip((OURS[0], THEIRS[0]), answers, strict=True):
            assert client.get(f"/policy/parameters/{key}/edit/").status_code == answer, (name, key)
            posted = client.post(f"/policy/parameters/{key}/edit/", told).status_code
            assert posted == (302 if answer == 200 else 403), (name, key)
    row = Parameter.objects.get(key=OURS[0], origin="local", status="draft")
    client.force_login(people["chief"])
    assert client.post(f"/policy/parameters/rows/{row.pk}/confirm/").status_code == 403
    page = client.get(f"/policy/parameters/{OURS[0]}/").content.decode()
    assert "党建牵头部门干部" in page
    assert "编辑</" not in page
    client.force_login(people["head"])
    assert client.post(f"/policy/parameters/rows/{row.pk}/confirm/").status_code == 302
    row.refresh_from_db()
    assert row.status == "confirmed"
    rule = client.get("/policy/rules/PB-INS-01/").content.decode()
    assert "党建牵头部门负责人" in rule
    assert "登记管理干部" in client.get("/policy/rules/FIL-03/").content.decode()


def test_owners_do_not_cover_each_other(monkeypatch):
    monkeypatch.setattr(registries, "parameter_owners", {})
    own = registries.ParameterOwner
    registries.add_parameter_owner(own("one", "甲", ("gv.", "gp."), "a", "b"))
    for wrong in (own("one", "乙", ("x.",), "a", "b"), own("two", "乙", ("gv.caps.",), "a", "b")):
        with pytest.raises(ValueError, match="owned already"):
            registries.add_parameter_owner(wrong)
    assert registries.owner_of("gp.rounds").code == "one"
    assert registries.owner_of("pb.ins.bodies") is registries.REGISTRAR
