"""Pages of party organizations, founding and transfers through the client: the whole way, and what goes wrong on it."""

from datetime import date

import pytest

from liaoyuan.party.models import Affiliation, Ceremony, Founding, PartyOrganization, Transfer, Unit
from tests.party import factories as make
from tests.registry import factories as registry

DAY = date(2026, 10, 26)


@pytest.fixture
def signed_in(client, lead, settings):
    client.force_login(lead)
    return client


def test_a_branch_is_entered_adjusted_and_dissolved(signed_in, client, areas, committee, head, centre):
    page = signed_in.get("/party/new/")
    assert page.status_code == 200
    told = {"name": "演示甲党支部", "form": "branch", "branch_kind": "independent", "superior": committee.pk,
            "start": "2026-03-01", "evidence": "滨社工〔2026〕3号",
            "units": "滨湖区甲示例服务中心\n其他：演示街道"}  # fmt: skip
    page = signed_in.post("/party/new/", told | {"units": "没有的单位"})
    assert page.status_code == 422
    assert "没有的单位" in page.text
    page = signed_in.post("/party/new/", told)
    assert page.status_code == 302
    branch = PartyOrganization.objects.latest("pk")
    page = signed_in.get(page["Location"])
    for words in ("演示甲党支部", "滨社工〔2026〕3号", "滨湖区甲示例服务中心", "演示街道"):
        assert words in page.text
    page = signed_in.post(f"/party/{branch.pk}/units/", {"units": "滨湖区甲示例服务中心", "on": "2026-05-01",
                                                         "evidence": "滨社工〔2026〕5号", "version": "1"})  # fmt: skip
    assert page.status_code == 302
    assert [u.outside_name for u in Unit.objects.now_open().filter(party_organization=branch)] == [""]
    page = signed_in.post(f"/party/{branch.pk}/change/", {**told, "name": "演示乙党支部", "start": "2026-06-01",
                                                          "version": "1"})  # fmt: skip
    assert page.status_code == 422
    assert "别人修改了" in page.text
    assert signed_in.get(f"/party/{branch.pk}/dissolve/").status_code == 403
    client.force_login(head)
    page = client.post(f"/party/{branch.pk}/dissolve/", {"on": "2026-10-01", "reason": "单位注销", "version": "2"})
    assert page.status_code == 302
    assert "已撤销" in client.get(f"/party/{branch.pk}/").text
    assert "演示甲党支部" not in client.get("/party/").text
    assert "演示甲党支部" in client.get("/party/?state=dissolved").text
    assert "演示甲党支部" in client.get("/party/?as_of=2026-09-01").text


def test_what_stands_outside_the_reach_is_not_there(client, areas, committee):
    other = make.party("外区党支部", area=areas["other"])
    client.force_login(make.lead("street", "street_office", "320211001"))
    assert client.get(f"/party/{committee.pk}/").status_code == 404
    assert client.get(f"/party/{other.pk}/").status_code == 404
    assert "外区党支部" not in client.get("/party/?q=外区").text


def test_the_head_of_a_body_sees_who_covers_it_and_no_member(client, areas, committee, centre):
    branch = make.party("演示甲党支部", area=areas["district"], superior=committee)
    make.unit(branch, centre)
    make.members(branch, 2)
    who = make.member("演示党员九九")
    make.affiliate(who, branch)
    client.force_login(registry.head_of(centre))
    page = client.get(f"/party/{branch.pk}/")
    assert "演示甲党支部" in page.text
    assert "演示党员" not in page.text
    assert client.get("/party/transfers/").status_code == 403


def surveyed(committee, body, count):
    made = []
    for _ in range(count):
        who = make.member()
        make.affiliate(who, None)
        make.affiliate(who, committee, "temporary", organization=body, start=date(2026, 9, 1), stage="surveyed",
                       full_time=True, consented_on=date(2026, 9, 20), transfer_due_on=date(2027, 3, 20))  # fmt: skip
        made.append(who)
    return made


def test_from_the_application_to_the_filing(client, areas, committee, lead, head, centre):
    members = surveyed(committee, centre, 3)
    client.force_login(lead)
    page = client.get(f"/party/foundings/new/?subject={centre.pk}")
    assert "滨湖区甲示例服务中心" in page.text
    page = client.post("/party/foundings/new/", {
        "applicant": "滨湖区甲示例服务中心", "superior": committee.pk, "name": "演示甲党支部",
        "branch_kind": "independent", "units": "", "transfer_due_on": "2027-03-20",
    })  # fmt: skip
    row = Founding.objects.get()
    here = f"/party/foundings/{row.pk}/"
    assert page["Location"] == here
    page = client.get(f"{here}roster/")
    assert page.text.count("演示党员") == 3
    first = {"version": str(row.version)}
    for who in members:
        first |= {f"m{who.pk}-standing": "committed", f"m{who.pk}-consented_on": "2026-09-20",
                  f"m{who.pk}-transfer_due_on": "2027-03-20"}  # fmt: skip
    bad = first | {f"m{members[0].pk}-consented_on": ""}
    page = client.post(f"{here}roster/", bad)
    assert page.status_code == 422
    assert "同意日期" in page.text
    assert not row.members.exists()
    assert client.post(f"{here}roster/", first)["Location"] == here
    row.refresh_from_db()
    page = client.post(f"{here}submit/", {"version": str(row.version), "how": "paper", "received_on": "2026-10-08"})
    assert page["Location"] == here
    row.refresh_from_db()
    case = row.case
    assert (row.state, case.received_on, case.on_behalf) == (
        "applied",
        date(2026, 10, 8),
        "滨湖区甲示例服务中心（按纸质材料代填）",
    )
    assert client.get(f"/cases/{case.pk}/edit/")["Location"] == here
    names = list(case.materials.values_list("name", flat=True))
    act = f"/cases/{case.pk}/act/"
    client.post(act, {"do": "material", "papers": names})
    client.post(act, {"do": "opine", "outcome": "agree", "text": "同意", "version": fresh(case)})
    client.force_login(head)
    page = client.post(act, {"do": "decide", "decision": "approved", "on": "2026-10-20", "text": "",
                             "decision_no": "滨社工〔2026〕9号", "version": fresh(case)})  # fmt: skip
    assert page.status_code == 302, page.text
    client.force_login(lead)
    assert client.get(f"{here}found/").status_code == 200
    client.post("/party/ceremonies/new/", {"title": "党支部成立大会", "on": "2026-10-26", "place": "演示会堂"})
    meeting = Ceremony.objects.get()
    page = client.post(f"{here}found/", {"ceremony": meeting.pk, "how": "appointed", "secretary": members[0].pk})
    assert page["Location"] == here, page.text
    client.post(f"{here}file/", {"on": "2026-10-26", "number": "备1"})
    row.refresh_from_db()
    assert row.state == "filed"
    assert "演示甲党支部" in client.get(f"/party/ceremonies/{meeting.pk}/").text
    page = client.get(f"/party/{row.party_organization_id}/")
    assert "转接中" in page.text
    assert "任命" in page.text


def fresh(case):
    case.refresh_from_db()
    return str(case.version)


def test_too_few_members_are_told_beside_the_form(client, areas, committee, lead, centre):
    members = surveyed(committee, centre, 2)
    roster = [(who, "committed", {"organization": centre, "full_time": True, "consented_on": date(2026, 9, 20),
                                  "transfer_due_on": date(2027, 3, 20)}) for who in members]  # fmt: skip
    row = make.founding(committee, centre, roster=roster)
    client.force_login(lead)
    page = client.post(f"/party/foundings/{row.pk}/submit/", {"version": "1"})
    assert page.status_code == 422
    assert "现为 2 名" in page.text
    row.refresh_from_db()
    assert (row.state, row.case) == ("draft", None)


def test_a_transfer_from_plan_to_receipt(client, areas, committee, lead):
    source = make.party("演示甲党支部", area=areas["district"], superior=committee)
    target = make.party("演示乙党支部", area=areas["district"], superior=committee)
    (who,) = make.members(source, 1)
    client.force_login(lead)
    page = client.post(f"/party/transfers/new/?member={who.pk}", {"target": target.pk, "on": "2026-10-01"})
    row = Transfer.objects.get()
    here = f"/party/transfers/{row.pk}/"
    assert page["Location"] == here
    page = client.post(f"{here}issue/", {"on": "2026-10-02", "valid_days": "91", "version": "1"})
    assert page.status_code == 422
    assert "1 至 90" in page.text
    assert client.post(f"{here}issue/", {"on": "2026-10-02", "valid_days": "20", "version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.number, row.issuer, row.expires_on) == ("2026-0001", committee, date(2026, 10, 22))
    page = client.post(f"{here}accept/", {"on": "2026-10-23", "version": "2"})
    assert page.status_code == 422
    assert "2026-10-22" in page.text
    assert Affiliation.objects.now_open().formal().get(member=who).party_organization == source
    page = client.post(f"{here}accept/", {"on": "2026-10-22", "version": "2"})
    assert page.status_code == 302, page.text
    assert Affiliation.objects.active(date(2026, 10, 22)).formal().get(member=who).party_organization == target
    assert Affiliation.objects.active(date(2026, 10, 21)).formal().get(member=who).party_organization == source
    assert client.post(f"{here}receipt/", {"on": "2026-10-25", "version": "3"}).status_code == 302
    page = client.get(f"{here}letter/")
    assert "2026-0001" in page.text
    page = client.post("/party/transfers/export/?state=all", {"form": "json"})
    assert b"2026-0001" in b"".join(page.streaming_content)
    client.force_login(make.secretary(make.party(area=areas["district"], superior=committee)))
    for address in (here, f"{here}letter/"):
        assert client.get(address).status_code == 404
    assert "2026-0001" not in client.get("/party/transfers/?state=all").text
