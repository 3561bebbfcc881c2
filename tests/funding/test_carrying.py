"""Merging two bodies or two persons: their applications follow, nobody gets a fourth place, and a merge is undone."""

import pytest

from liaoyuan.core.access import Operator
from liaoyuan.funding.actions import carrying, projects
from liaoyuan.funding.models import Project, Slot, TeamMember
from liaoyuan.kit.findings import Refused
from liaoyuan.people.actions import merging as persons
from liaoyuan.registry.actions import merging
from tests.core.factories import AT, user
from tests.funding import ground
from tests.people import factories as people

pytestmark = pytest.mark.django_db
BY = Operator("tests")


@pytest.fixture
def twin(areas):
    return ground.body("滨湖区甲示例服务社", street=areas["heli"])


def applied(round_, body, many, name):
    who = ground.head(body, name)
    return [ground.submitted(ground.written(round_, body, who, title=f"{name}{n}"), who) for n in range(many)]


def merged(kept, gone):
    told = {"versions": {kept.pk: kept.version, gone.pk: gone.version}, "reason": "电话核实"}
    return merging.merge(kept=kept.pk, gone=gone.pk, by=BY, at=AT, **told)


def test_applications_follow_and_come_back(round_, body, twin):
    applied(round_, body, 1, "jia")
    two = applied(round_, twin, 2, "yi")
    made = merged(body, twin)
    assert set(Project.objects.values_list("organization", flat=True)) == {body.pk}
    assert sorted(Slot.objects.values_list("organization", "slot")) == [(body.pk, 1), (body.pk, 2), (body.pk, 3)]
    merging.undo(merge=made, by=BY, at=AT)
    back = Project.objects.filter(organization=twin).order_by("pk")
    assert [row.pk for row in back] == [row.pk for row in two]
    slots = set(Slot.objects.values_list("organization", "slot"))
    assert slots == {(body.pk, 1), (twin.pk, 1), (twin.pk, 2)}


def test_no_body_gets_a_fourth_place_by_a_merge(round_, body, twin):
    applied(round_, body, 2, "jia")
    applied(round_, twin, 2, "yi")
    with pytest.raises(Refused) as refused:
        merged(body, twin)
    assert {finding.code for finding in refused.value.findings} == {"MRG-SLOTS"}
    assert sorted(Slot.objects.values_list("organization", "slot")) == sorted(
        (one.pk, n) for one in (body, twin) for n in (1, 2)
    )


def test_a_team_member_follows_his_person(round_, body, head):
    one, two = people.person(body, "赵演示"), people.person(body, "赵演示同")
    row = ground.written(round_, body, head)
    team = [{"name": "赵演示", "role": "负责", "lead": True, "full_time": True, "percent": 30, "person": two}]
    projects.save_team(project=row, lines=team, by=head, at=AT)
    assert (carrying.knows(two.pk), carrying.knows(one.pk)) == (True, False)
    officer = user("dengji", ("registry_officer", "area", "320211"))
    persons.merge(kept=one, gone=two, reason="同一人", by=officer, at=AT)
    assert TeamMember.objects.get(person=one).name == "赵演示"


def test_two_of_one_team_are_not_merged(round_, body, head):
    one, two = people.person(body, "赵演示"), people.person(body, "钱演示")
    row = ground.written(round_, body, head)
    told = {"role": "负责", "full_time": True, "percent": 30}
    team = [{"name": "赵演示", "lead": True, "person": one, **told}, {"name": "钱演示", "person": two, **told}]
    projects.save_team(project=row, lines=team, by=head, at=AT)
    officer = user("dengji", ("registry_officer", "area", "320211"))
    with pytest.raises(Refused) as refused:
        persons.merge(kept=one, gone=two, reason="同一人", by=officer, at=AT)
    assert {finding.code for finding in refused.value.findings} == {"PER-MERGE-TEAM"}


def test_area_is_kept_while_a_round_uses_it(areas, round_, body, head):
    from liaoyuan.core import registries

    count = registries.area_uses["funding"].count
    before = count(areas["heli"].path)
    ground.written(round_, body, head, area=areas["heli"])
    assert (count(areas["heli"].path), count(areas["district"].path)) == (before + 1, 2)
    assert count(areas["other"].path) == 0
