"""A secretary of another branch learns nothing: in lists, pages, exports, timelines, sentences. A host sees its row."""

import json
from datetime import date

import pytest
from django.urls import reverse

from liaoyuan.core import access, search
from liaoyuan.party.actions import affiliations, members
from liaoyuan.party.exports import members as exports
from liaoyuan.party.models import Affiliation, Member, MemberAccount
from liaoyuan.party.queries import dossier
from tests.core.factories import AT, user
from tests.party import factories as make


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def place(areas, committee):
    """Two branches under the committee, one elsewhere; a member of each."""
    other = make.committee(areas["other"], "演示邻区党委")
    rooms = {
        "here": make.party("演示甲党支部", area=areas["district"], superior=committee),
        "there": make.party("演示乙党支部", area=areas["district"], superior=committee),
        "far": make.party("演示丙党支部", area=areas["other"], superior=other),
    }
    found = {}
    for name, room in rooms.items():
        who = make.member({"here": "赵在此", "there": "钱在彼", "far": "孙在远"}[name])
        make.affiliate(who, room)
        found[name] = who
    return rooms, found


PAGES = ("member_detail", "member_correct", "member_join", "member_voting", "member_account", "member_leave")


def test_pages_of_another_branch_are_not_there(place, client, lead):
    rooms, who = place
    client.force_login(make.secretary(rooms["here"]))
    page = text(client.get(reverse("party:member_list")))
    assert "赵在此" in page and "钱在彼" not in page and "演示乙党支部" not in page
    for name in PAGES:
        assert client.get(reverse(f"party:{name}", args=[who["here"].pk])).status_code == 200, name
        for stranger in ("there", "far"):
            assert client.get(reverse(f"party:{name}", args=[who[stranger].pk])).status_code == 404, name
    row = Affiliation.objects.get(member=who["there"])
    assert client.get(reverse("party:affiliation_end", args=[row.pk])).status_code == 404
    assert client.get(reverse("party:member_new", args=[rooms["there"].pk])).status_code == 404
    assert client.post(reverse("party:member_export"), {"form": "json"}).status_code == 403
    client.force_login(lead)
    page = text(client.get(reverse("party:member_list")))
    assert "赵在此" in page and "钱在彼" in page and "孙在远" not in page
    assert client.get(reverse("party:member_detail", args=[who["far"].pk])).status_code == 404


def test_the_query_of_the_list_does_not_reach_further(place, client):
    rooms, _who = place
    client.force_login(make.secretary(rooms["here"]))
    for query in ({"q": "钱在彼"}, {"q": "qzb"}, {"party": rooms["there"].pk}, {"q": "演示乙"}):
        assert ">钱在彼</a>" not in text(client.get(reverse("party:member_list"), query))
    assert ">赵在此</a>" in text(client.get(reverse("party:member_list"), {"q": "赵在此"}))


def test_an_export_holds_what_the_list_holds(place, lead, tmp_path):
    _rooms, who = place
    path = tmp_path / "m.json"
    assert exports.export_members(path=path, form="json", by=lead, at=AT, as_of=AT.date()) == 2
    assert {line["name"] for line in json.loads(path.read_text())} == {"赵在此", "钱在彼"}
    assert who["far"].pk


def test_members_are_not_in_the_search_over_everything(place, lead):
    rooms, _who = place
    for by in (lead, make.secretary(rooms["there"])):
        assert not search.find("钱在彼", user=by).hits


def test_only_party_staff_has_the_roster(place, client):
    _rooms, who = place
    for role in ("registry_officer", "registry_head", "leadership", "evaluator", "finance"):
        client.force_login(user(role, (role, "area", "320211"), is_demo=True))
        assert client.get(reverse("party:member_list")).status_code == 403, role
        assert client.get(reverse("party:member_detail", args=[who["here"].pk])).status_code == 403, role


def test_a_head_of_a_body_sees_no_roster(place, client, centre):
    from tests.registry import factories as registry

    _rooms, who = place
    client.force_login(registry.head_of(centre))
    assert client.get(reverse("party:member_list")).status_code == 403
    assert not Member.objects.visible_to(registry.head_of(centre, "b")).filter(pk=who["here"].pk).exists()


def test_a_host_sees_its_row_and_not_the_home(place, client, lead):
    rooms, who = place
    affiliations.join(member=who["here"], party=rooms["there"], kind="double", start=date(2026, 5, 1), by=lead, at=AT)
    host = make.secretary(rooms["there"])
    client.force_login(host)
    for tab in ("story", "ledger", "transfers", "posts", "events"):
        page = text(client.get(reverse("party:member_detail", args=[who["here"].pk]) + f"?tab={tab}"))
        assert "演示甲党支部" not in page, tab
    assert client.get(reverse("party:member_correct", args=[who["here"].pk])).status_code == 403
    found = dossier.read(who["here"], host)
    assert [row.party_organization_id for row in found.rows] == [rooms["there"].pk] and not found.whole
    home = dossier.read(who["here"], make.secretary(rooms["here"], "b"))
    assert [row.party_organization_id for row in home.rows] == [rooms["here"].pk]
    assert dossier.read(who["here"], lead).whole


def test_nothing_of_the_time_before_leaks(place, lead, client):
    """He came from elsewhere, with a post and a letter there; his new branch reads none of it, nor the log."""
    rooms, who = place
    moved = who["there"]
    Affiliation.objects.filter(member=moved).update(valid_to=date(2026, 3, 1))
    make.post(rooms["there"], moved, "vice", valid_to=date(2026, 3, 1))
    make.transfer(moved, rooms["far"], rooms["there"], "accepted", number="旧介1号", issued_on=date(2023, 12, 1),
                  valid_days=30, expires_on=date(2023, 12, 31), accepted_on=date(2024, 1, 1))  # fmt: skip
    make.affiliate(moved, None, start=date(2026, 3, 1), valid_to=date(2026, 4, 1))
    make.affiliate(moved, rooms["here"], start=date(2026, 4, 1))
    client.force_login(make.secretary(rooms["here"]))
    for tab in ("story", "ledger", "transfers", "posts", "events"):
        page = text(client.get(reverse("party:member_detail", args=[moved.pk]) + f"?tab={tab}"))
        for word in ("演示乙党支部", "演示丙党支部", "旧介1号", "副书记", "演示外地党支部", "操作记录"):
            assert word not in page, (tab, word)
    client.force_login(make.secretary(rooms["there"], "b"))
    assert client.get(reverse("party:member_detail", args=[moved.pk])).status_code == 404
    assert dossier.read(moved, lead).whole


def test_refusals_name_no_other_branch(place, client):
    rooms, who = place
    secretary = make.secretary(rooms["there"])
    from liaoyuan.people.queries import secrets as numbers
    from tests.people import factories as people

    person = who["here"].person
    person.id_number = numbers.seal("id_number", people.ric())
    person.id_index = numbers.index(people.ric())
    person.save()
    client.force_login(secretary)
    for name in ("赵在此", "李别名"):
        page = text(client.post(reverse("party:member_new", args=[rooms["there"].pk]), {
            "name": name, "kind": "formal", "id_number": people.ric(), "admitted_on": "2015-06-01",
            "confirmed_on": "2016-06-01", "evidence": "党员档案",
        }))  # fmt: skip
        assert "演示甲党支部" not in page and "2024-01-01" not in page and Affiliation.objects.count() == 3
        assert name == "赵在此" or "赵在此" not in page


def test_links_to_accounts_follow_the_roster(place):
    rooms, who = place
    MemberAccount.objects.create(member=who["here"], user=user("own"), made_at=AT)
    assert MemberAccount.objects.visible_to(make.secretary(rooms["here"])).count() == 1
    assert MemberAccount.objects.visible_to(make.secretary(rooms["there"], "b")).count() == 0


def test_a_superior_s_grant_reaches_all_below_and_who_keeps_decides(place, committee):
    rooms, who = place
    above = user("above", ("branch_secretary", "party", str(committee.pk)))
    assert access.covers(above, "party.members.edit", who["here"], write=True)
    assert not access.covers(above, "party.members.edit", who["far"], write=True)
    below = make.secretary(rooms["here"])
    assert not access.covers(below, "party.members.edit", who["there"], write=False)
    members.correct(member=who["here"], fields={"job": "社工", "evidence": "档案"}, by=above, at=AT)
