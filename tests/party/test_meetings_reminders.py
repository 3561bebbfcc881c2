"""Who is told that which meeting is missing: computed when shown, for every kind of branch (handbook §2.5).

A branch without a committee is never told of a committee meeting, one without groups never of a group meeting.
"""

from datetime import date, timedelta

import pytest
from django.apps import apps

from liaoyuan.core.queries import due
from liaoyuan.party.actions import attending, life, meetings
from liaoyuan.party.choices.life import MeetingKind
from liaoyuan.party.models import Officer
from liaoyuan.party.queries import life as asking
from liaoyuan.party.queries import life_due
from tests.core.factories import AT
from tests.party import factories as make

pytestmark = pytest.mark.django_db
#: The last days of a quarter and of the year: every period ends.
END = date(2026, 12, 30)
ALWAYS = {"members", "lecture", "theme_day", "life", "review"}


def branch_of(kind, areas, committee):
    """A branch of a kind, with five people who belong to it in the way such a branch has them."""
    told = {"task_ends_on": date(2028, 1, 1)} if kind == "temporary" else {}
    regular = None if kind == "in_transfer" else make.START
    party = make.party(f"演示{kind}党支部", area=areas["district"], superior=committee, regular_on=regular,
                       kind="joint" if kind == "in_transfer" else kind, **told)  # fmt: skip
    moved = kind in ("independent", "joint")
    members = [make.member() for _n in range(5)]
    for who in members:
        make.affiliate(who, party, "formal" if moved else "temporary")
    make.post(party, members[0], how="elected" if moved else "appointed")
    return party, members


def told_of(secretary, lead, party, on=END):
    """Kinds of meetings that 待办 of the secretary and 催办 of the superior name; both must say the same."""
    own = {need.duty.kind for _p, need in asking.owed(life_due.mine(secretary), on)}
    lines = life_due.owing(lead, on, on - timedelta(days=400), on + timedelta(days=40))
    above = {line.key.split("-", 1)[1] for line in lines if line.key.startswith(f"{party.pk}-")}
    shown = [item for item in due.todo(secretary, on, limit=50).items if item.code.startswith("PB-MTG-0")]
    assert {str(kind) for kind in own} == above and len(shown) == len(own)
    assert not [item for item in shown if "演示党员" in item.title]
    return above


def counts():
    return {
        m._meta.label: m._default_manager.count() for m in apps.get_models() if m._meta.app_label in ("party", "core")
    }


@pytest.mark.parametrize("kind", ["independent", "joint", "temporary", "functional", "in_transfer"])
def test_what_each_kind_of_branch_is_told(areas, committee, lead, kind):
    party, _members = branch_of(kind, areas, committee)
    secretary = make.secretary(party)
    before = counts()
    assert told_of(secretary, lead, party) == ALWAYS, "one secretary is no committee, and there are no groups"
    assert counts() == before, "looking writes nothing: a reminder is no row"
    needs = asking.needs(
        party, asking.facts([party], END)[party.pk], END, asking.limits_by_area([party], END)[party.pk]
    )
    none = {str(need.duty.kind): need.why for need in needs if need.state == "none"}
    assert none == {"committee": "没有设支部委员会", "group": "没有划分党小组"}
    # In the middle of the period nobody is reminded yet, before its whole length nobody at all.
    assert told_of(secretary, lead, party, date(2026, 11, 10)) == set()
    party.established_on = date(2026, 12, 2)
    party.save()
    assert told_of(secretary, lead, party) == set(), "a branch of this month owes nothing of it yet"
    party.established_on = date(2026, 11, 2)
    party.save()
    assert told_of(secretary, lead, party) == {"theme_day"}, "of this month, not of the quarter in which it began"


def test_a_committee_and_groups_bring_their_meetings_and_take_them_away(areas, committee, lead):
    party, members = branch_of("independent", areas, committee)
    secretary = make.secretary(party)
    post = make.post(party, members[1], "organization")
    assert told_of(secretary, lead, party) == ALWAYS | {"committee"}
    group = life.set_group(party=party, name="第一党小组", leader=members[0], members=members[1:3], on=AT.date(),
                           by=secretary, at=AT)  # fmt: skip
    assert told_of(secretary, lead, party) == ALWAYS | {"committee", "group"}
    second = life.set_group(party=party, name="第二党小组", leader=members[3], members=members[4:], on=AT.date(),
                            by=secretary, at=AT)  # fmt: skip
    at = AT.replace(month=12, day=20)
    for kind, of in ((MeetingKind.COMMITTEE, None), (MeetingKind.GROUP, group)):
        meeting = meetings.plan(party=party, kind=str(kind), held_on=at.date(), fields={"topic": "学习"}, group=of,
                                by=secretary, at=at)  # fmt: skip
        assert str(kind) in told_of(secretary, lead, party), "planned is not held"
        attending.begin(meeting=meeting, by=secretary, at=at)
    assert told_of(secretary, lead, party) == ALWAYS | {"group"}, "each group meets, not one for all"
    life.end_group(group=second, on=at.date(), by=secretary, at=at)
    assert told_of(secretary, lead, party) == ALWAYS
    Officer.objects.filter(pk=post.pk).update(valid_to=date(2026, 12, 29))
    january = date(2027, 1, 30)
    assert told_of(secretary, lead, party, january) == {"group", "theme_day"}, "nothing of a committee that is no more"
    cells = asking.FrequencyList(type(party).objects.all(), 2026, 4)[0:9]
    line = next(cell for cell in cells if cell.pk == party.pk)
    shown = {str(duty.kind): cell for duty, cell in zip(asking.DUTIES, line.cells, strict=True)}
    assert shown["committee"] == ("不适用", "none") and shown["group"][1] == "short"
