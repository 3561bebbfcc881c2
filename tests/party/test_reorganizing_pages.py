"""Adjusting and dissolving through the pages; a street's own committee approves below it and nowhere else."""

from datetime import date

import pytest

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import document_numbers, grants
from liaoyuan.core.actions import documents as papers
from liaoyuan.core.models import Case, Document, Grant
from liaoyuan.party.models import Formation, Founding, Reorganization, Unit
from tests.core.factories import AT, user
from tests.party import factories as make
from tests.party.test_meetings_actions import refused
from tests.party.test_pages import fresh, surveyed
from tests.registry import factories as registry

HERE = "/party/applications/"


@pytest.fixture
def local(areas, committee):
    """The committee of a street, below the district's."""
    return make.committee(areas["heli"], "演示河埒街道党工委", superior=committee)


@pytest.fixture
def office(areas):
    return make.lead("office", "street_office", "320211001")


@pytest.fixture
def chief(local):
    """Who approves for the street's committee: the role of a head over that party organization."""
    return user("chief", ("party_head", "party", str(local.pk)), is_demo=True)


@pytest.fixture
def joint(areas, local, centre, other_centre):
    branch = make.party("演示联合党支部", area=areas["heli"], superior=local, kind="joint")
    for body in (centre, other_centre):
        make.unit(branch, body, joint=True)
        make.members(branch, 2, organization=body)
    return branch


def examined(client, case, by):
    """Papers and an opinion through the page of the case."""
    client.force_login(by)
    act = f"/cases/{case.pk}/act/"
    names = list(case.materials.values_list("name", flat=True))
    client.post(act, {"do": "material", "papers": names})
    page = client.post(act, {"do": "opine", "outcome": "agree", "text": "同意", "version": fresh(case)})
    assert page.status_code == 302


def decided(client, case, by, number="河党工委〔2026〕3号", on="2026-10-20"):
    client.force_login(by)
    return client.post(f"/cases/{case.pk}/act/", {"do": "decide", "decision": "approved", "on": on, "text": "",
                                                   "decision_no": number, "version": fresh(case)})  # fmt: skip


def test_the_streets_committee_approves_an_adjustment(client, joint, local, office, chief, areas):
    """The secretary applies, the street's office examines, the street's committee approves, the office files."""
    third = registry.organization("滨湖区丙示例服务中心", "MF", street=areas["heli"])
    secretary = make.secretary(joint)
    client.force_login(secretary)
    page = client.get(f"/party/{joint.pk}/")
    address = f"/party/{joint.pk}/apply/adjust/"
    assert address in page.text
    page = client.get(address)
    assert "一般不超过 5 个" in page.text, "the rule is told before one types"
    told = {"origin": "branch", "reason": "邻近单位要求加入", "joining": "没有的单位"}
    page = client.post(address, told)
    assert page.status_code == 422
    assert "没有的单位" in page.text
    assert "邻近单位要求加入" in page.text, "nothing typed is lost"
    assert client.post(address, told | {"origin": "superior"}).status_code == 422
    page = client.post(address, told | {"joining": "滨湖区丙示例服务中心"})
    row = Reorganization.objects.get()
    here = f"{HERE}{row.pk}/"
    assert page["Location"] == here
    assert "加入：滨湖区丙示例服务中心" in client.get(here).text
    assert client.post(f"{here}edit/", told | {"joining": "滨湖区丙示例服务中心", "name": "演示三家联合党支部",
                                               "version": "1"})["Location"] == here  # fmt: skip
    assert client.post(f"{here}submit/", {"version": "1"}).status_code == 422, "somebody was faster"
    assert client.post(f"{here}submit/", {"version": "2"})["Location"] == here
    row.refresh_from_db()
    case = row.case
    assert (case.area, row.approver) == (areas["heli"], local)
    assert client.get(f"/cases/{case.pk}/").status_code == 200
    assert client.get(f"/cases/{case.pk}/edit/")["Location"] == here
    client.force_login(office)
    client.post(f"/cases/{case.pk}/act/", {"do": "receive", "on": clock.today().isoformat(), "version": fresh(case)})
    examined(client, case, office)
    today = clock.today().isoformat()
    decided(client, case, secretary, on=today)
    case.refresh_from_db()
    assert case.decision == ""
    client.force_login(chief)
    assert "演示联合党支部" in client.get(HERE).text
    assert "去决定" in client.get("/todo/").text
    assert decided(client, case, chief, on=today).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.carried_on) == ("carried", clock.today())
    assert Unit.objects.now_open().get(organization=third).evidence == "河党工委〔2026〕3号"
    client.force_login(office)
    page = client.get(here)
    assert "登记备案" in page.text
    assert "演示联合党支部" in page.text, "what it was called before"
    assert client.post(f"{here}file/", {"on": today, "number": "备8"})["Location"] == here
    page = client.get(f"/party/{joint.pk}/?as_of=2026-10-19")
    assert "演示联合党支部" in page.text
    page = client.get(f"/party/{joint.pk}/")
    assert "演示三家联合党支部" in page.text
    assert here in page.text
    assert "河党工委〔2026〕3号" in page.text
    for state, there in (("", False), ("filed", True), ("all", True), ("draft", False)):
        assert (here in client.get(f"{HERE}?state={state}&what=adjust").text) is there
    assert here not in client.get(f"{HERE}?state=all&what=found").text


def test_the_streets_committee_founds_below_it(client, areas, local, office, chief, centre):
    members = surveyed(local, centre, 3)
    agreed = {"organization": centre, "full_time": True, "consented_on": date(2026, 9, 20),
              "transfer_due_on": date(2027, 3, 20)}  # fmt: skip
    row = make.founding(local, centre, roster=[(who, "committed", agreed) for who in members])
    client.force_login(office)
    page = client.post(f"/party/foundings/{row.pk}/submit/", {"version": "1", "received_on": "2026-10-08"})
    assert page.status_code == 302, page.text
    case = Founding.objects.get().case
    examined(client, case, office)
    assert decided(client, case, chief, "河党工委〔2026〕4号").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.party_organization.path.startswith(local.path)) == ("approved", True)


def test_it_approves_nowhere_else(client, areas, committee, local, joint, lead, chief):
    """Neither beside it, nor above it, nor on itself; what is outside is not even there."""
    beside = make.committee(areas["liyuan"], "演示第二街道党工委", superior=committee)
    others = [make.party("演示旁支部", area=areas["liyuan"], superior=beside), local, beside]
    for party in others:
        above = committee if party.formations.get().form == "committee" else beside
        make.change(party, name="演示新名称", approver=above)
    client.force_login(lead)
    for row in Reorganization.objects.order_by("pk"):
        client.force_login(lead)
        assert client.post(f"{HERE}{row.pk}/submit/", {"version": "1"}).status_code == 302
        row.refresh_from_db()
        examined(client, row.case, lead)
        assert decided(client, row.case, chief).status_code == 404
        row.case.refresh_from_db()
        assert row.case.decision == ""
    assert Case.objects.exclude(decision="").count() == 0
    assert client.get(f"/party/{others[0].pk}/").status_code == 404
    assert client.get(f"/party/{local.pk}/dissolve/").status_code == 403, "not on the committee itself"
    assert client.get(f"/party/{joint.pk}/dissolve/").status_code == 200
    assert client.get(f"/party/{local.pk}/officers/new/").status_code == 403
    assert client.get(f"/party/{joint.pk}/officers/new/").status_code == 200


def test_every_page_of_the_menu_opens_for_the_head_of_a_committee(client, joint, chief):
    from django.urls import reverse

    from liaoyuan.conf.menu import MENU
    from liaoyuan.core import access

    client.force_login(chief)
    mine = access.permissions_of(chief)
    wide = access.permissions_of(chief, area=True)
    shown = [e for section in MENU for e in section.entries
             if not e.permissions or any(p in (wide if p in e.area else mine) for p in e.permissions)]  # fmt: skip
    assert {"party:application_list", "reports:todo", "party:member_list"} <= {e.url_name for e in shown}
    page = client.get("/", follow=True)
    assert page.redirect_chain == [("/todo/", 302)]
    assert "党建统计表" not in page.text, "no figures of an area"
    told = {entry.url_name: client.get(reverse(entry.url_name)).status_code for entry in shown}
    assert {name: code for name, code in told.items() if code not in (200, 302)} == {}


def test_a_head_is_granted_a_committee_and_no_branch(local, joint):
    security = user("security", ("security_administrator", "all", ""), office="security")
    clerk = user("clerk")
    told = {"user": clerk, "role": "party_head", "scope_kind": "party", "by": security, "at": AT}
    refused("GRANT-COMMITTEE", grants.give, scope_id=str(joint.pk), **told)
    refused("GRANT-PARTY", grants.give, scope_id="999999", **told)
    grants.give(scope_id=str(local.pk), **told)
    assert Grant.objects.get(user=clerk).scope_id == str(local.pk)


def test_a_dissolution_through_the_pages(client, areas, committee, lead, head):
    branch = make.party("演示乙党支部", area=areas["district"], superior=committee)
    who = make.members(branch, 1)[0]
    client.force_login(lead)
    address = f"/party/{branch.pk}/apply/dissolve/"
    assert client.post(address, {"origin": "superior", "reason": ""}).status_code == 422
    page = client.post(address, {"origin": "superior", "reason": "不再符合组建条件", "members_to": "转入演示甲党支部"})
    row = Reorganization.objects.get()
    here = page["Location"]
    assert "还有 1 名党员的组织关系在这里" in client.get(here).text
    assert client.post(f"{here}submit/", {"version": "1", "received_on": "2026-10-09"}).status_code == 302
    row.refresh_from_db()
    assert row.case.materials.count() == 0, "a superior that decides by itself hands in nothing"
    examined(client, row.case, lead)
    page = decided(client, row.case, head)
    assert page.status_code == 422
    assert "请先转出" in page.text
    who.affiliations.all().delete()
    assert decided(client, row.case, head, "滨社工〔2026〕40号").status_code == 302
    client.force_login(lead)
    page = client.get(here)
    assert "登记材料、印章的移交" in page.text
    assert client.post(f"{here}file/", {"on": "2026-10-25"}).status_code == 422
    told = {"on": "2026-10-22", "to": "演示综合党委", "note": "印章一枚"}
    assert client.post(f"{here}hand-over/", told).status_code == 302
    assert client.post(f"{here}file/", {"on": "2026-10-25"}).status_code == 302
    page = client.get(f"/party/{branch.pk}/")
    assert "已撤销" in page.text
    assert "申请撤销" not in page.text
    assert client.get(f"/party/{branch.pk}/apply/adjust/").status_code != 500
    assert Formation.objects.current().get(party_organization=branch).valid_to == date(2026, 10, 20)


def test_the_reply_is_drafted_from_facts(areas, committee, lead, centre):
    document_numbers.open_issuer(
        area=areas["district"], name="演示区社会组织综合党委", mark="滨社工", by=Operator("test"), at=AT
    )
    branch = make.party("演示乙党支部", area=areas["district"], superior=committee)
    row = make.change(branch, name="演示丙党支部", approver=committee)
    papers.draft(code="party_change_reply", subject=row, fields={}, by=lead, at=AT)
    made = Document.objects.get()
    assert made.title == "关于同意调整演示乙党支部的批复"
