"""The ground of meetings and organizational life: a branch inside the street's scope and one just outside, with each
thing once in both.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area
from liaoyuan.party.actions import attending, correcting, deciding, elections, life, meetings
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.models import Attendance
from tests.party import factories as make

BY = Operator("house")


def lay(keys: dict[str, Any]) -> None:
    """`mtg_branch_…`, `mtg_…` (held), `mtg_new_…` (planned), votes, elections, tasks and groups, inside and outside."""
    at, today = clock.now(), clock.today()
    for name, street, district in (("inside", "320211001", "320211"), ("outside", "320213001", "320213")):
        area = Area.objects.get(code=street)
        above = make.committee(Area.objects.get(code=district), f"演示{name}党委")
        branch = make.party(f"演示{name}党支部", area=area, superior=above)
        members = make.members(branch, 8)
        told = {"party": branch, "kind": "members", "held_on": today, "by": BY, "at": at}
        planned = meetings.plan(**told, fields={"topic": f"{name}计划的会议"})
        held = attending.begin(meeting=meetings.plan(**told, fields={"topic": f"{name}召开的会议"}), by=BY, at=at)
        open_ = attending.begin(meeting=meetings.plan(**told, fields={"topic": f"{name}签到的会议"}), by=BY, at=at)
        attending.open_sign_in(meeting=open_, open=True, by=BY, at=at)
        marks = {
            key: Mark("present") for key in Attendance.objects.filter(meeting=held).values_list("member", flat=True)
        }
        held = attending.save(meeting=held, marks=marks, by=BY, at=at)
        vote = deciding.put(meeting=held, kind="ordinary", subject=f"{name}事项", method="secret", by=BY, at=at)
        voted = deciding.put(meeting=held, kind="ordinary", subject=f"{name}已表决", method="hands", by=BY, at=at)
        voted = deciding.close(decision=voted, yes=7, no=1, abstain=0, by=BY, at=at)
        voted = correcting.correct(decision=voted, reason="误写", yes=8, no=0, abstain=0, by=BY, at=at)
        correction = voted.corrections.get()
        one = {"meeting": held, "seats": 1, "candidates": members[:1], "tellers": "演示监票人", "by": BY, "at": at}
        counted = elections.start(**one, post="vice", confirmed=True)
        elections.count(election=counted, issued=8, returned=8, spoiled=0, sums={members[0].pk: 8}, by=BY, at=at)
        election = elections.start(**one, post="secretary", confirmed=True)
        task = meetings.set_task(
            meeting=held, what="落实", who="演示委员", until=today + timedelta(days=3), by=BY, at=at
        )
        group = life.set_group(
            party=branch, name=f"{name}党小组", leader=members[0], members=members[:3], on=today - timedelta(days=1),
            by=BY, at=at,
        )  # fmt: skip
        keys |= {
            f"mtg_branch_{name}": branch.pk, f"mtg_{name}": held.pk, f"mtg_new_{name}": planned.pk,
            f"mtg_open_{name}": open_.pk, f"vote_{name}": vote.pk, f"election_{name}": election.pk,
            f"counted_{name}": counted.pk, f"mtg_task_{name}": task.pk,
            f"voted_{name}": voted.pk, f"correction_{name}": correction.pk, f"group_{name}": group.pk,
        }  # fmt: skip
    with pytest.MonkeyPatch.context() as patched:  # signed tomorrow: it lasts as long as the walk does
        tomorrow = clock.real_now().timestamp() + 86_400
        patched.setattr(signing.time, "time", lambda: tomorrow)
        keys["sign_token"] = signing.dumps([keys["mtg_open_inside"], 1], salt="liaoyuan.party.sign_in")
