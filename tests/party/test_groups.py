"""党小组 by date: who belonged to which, who led it; what ends with a member's leaving and with the branch."""

from datetime import date

import pytest

from liaoyuan.party.actions import life, members
from liaoyuan.party.models import GroupMember, PartyGroup
from liaoyuan.party.queries import groups
from tests.core.factories import AT
from tests.party import factories as make
from tests.party.test_meetings_actions import refused

MARCH, MAY, JULY = date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1)


@pytest.fixture
def branch(areas, committee):
    return make.party(area=areas["district"], superior=committee)


@pytest.fixture
def secretary(branch):
    return make.secretary(branch)


@pytest.fixture
def people(branch):
    return make.members(branch, 5)


def named(branch, on):
    return {g.name: (g.leader, sorted(g.members)) for g in groups.of_branch(branch, on)}


def name(who):
    return who.records.get(superseded_at__isnull=True).name


def test_groups_are_told_by_date(branch, secretary, people):
    a, b, c, d, _e = people
    told = {"party": branch, "by": secretary, "at": AT}
    one = life.set_group(name="第一党小组", leader=a, members=[b], on=MARCH, **told)
    life.set_group(name="第二党小组", leader=c, members=[], on=MARCH, **told)
    life.set_group(name="第一党小组", leader=b, members=[a, d], on=MAY, group=one, **told)
    life.end_group(group=one, on=JULY, by=secretary, at=AT)
    first = {name(a), name(b)}
    assert named(branch, date(2026, 2, 28)) == {}
    assert named(branch, MARCH) == {"第一党小组": (name(a), sorted(first)), "第二党小组": (name(c), [name(c)])}
    assert named(branch, MAY)["第一党小组"] == (name(b), sorted(first | {name(d)}))
    assert named(branch, date(2026, 4, 30))["第一党小组"][0] == name(a)
    assert set(named(branch, JULY)) == {"第二党小组"}
    assert groups.of_member(b.pk) == [("第一党小组", True, MAY, JULY), ("第一党小组", False, MARCH, MAY)]


def test_what_is_refused(branch, secretary, people):
    a, b, c, _d, _e = people
    told = {"party": branch, "by": secretary, "at": AT}
    one = life.set_group(name="第一党小组", leader=a, members=[b], on=MAY, **told)
    refused("GROUP-DAY", life.set_group, name="第一党小组", leader=a, members=[], on=MARCH, group=one, **told)
    refused("GROUP-TWICE", life.set_group, name="第一党小组", leader=c, members=[], on=JULY, **told)
    refused("GROUP-LEADER", life.set_group, name="第二党小组", leader=c, members=[a], on=JULY, **told)
    refused("GROUP-MEMBER-DAY", life.set_group, name="第二党小组", leader=b, members=[], on=MARCH, **told)
    life.end_group(group=one, on=JULY, by=secretary, at=AT)
    refused("GROUP-GONE", life.set_group, name="第一党小组", leader=a, members=[], on=JULY, group=one, **told)
    refused("GROUP-GONE", life.end_group, group=one, on=JULY, by=secretary, at=AT)
    assert PartyGroup.objects.count() == 1


def test_who_leaves_belongs_to_no_group(branch, secretary, people, lead, client):
    a, b, *_rest = people
    life.set_group(party=branch, name="第一党小组", leader=a, members=[b], on=MARCH, by=secretary, at=AT)
    members.leave(member=a, on=MAY, reason="other", evidence="演示文件", by=lead, at=AT)
    assert named(branch, MAY) == {"第一党小组": ("", [name(b)])}
    assert named(branch, date(2026, 4, 30))["第一党小组"][0] == name(a)
    assert GroupMember.objects.now_open().count() == 1
    client.force_login(secretary)
    page = client.get(f"/party/life/{branch.pk}/groups/")
    assert "（空缺）" in page.text
    page = client.get(f"/party/life/{branch.pk}/groups/?as_of=2026-04-30")
    assert name(a) in page.text
    assert "第一党小组" in client.get(f"/party/{branch.pk}/").text
    page = client.get(f"/party/life/{branch.pk}/groups/?as_of=2026-02-01")
    assert "没有划分党小组" in page.text
