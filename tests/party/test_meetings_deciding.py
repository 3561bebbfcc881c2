"""Any roster, any day, any votes: what the actions decide equals a plain count that shares nothing with ours (§2.4).

For all four kinds: ordinary, admission and confirmation (each person apart, written opinions count), a committee's
vote, an election (sums, ties, more papers back than out).
"""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import attending, deciding, elections, meetings
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.models import Attendance, Candidate, Decision
from tests.core.factories import AT
from tests.party import factories as make

ON = AT.date()
HALF = Fraction(1, 2)


@pytest.fixture
def branch(areas, committee):
    return make.party("演示第一党支部", area=areas["district"], superior=committee)


def people(data, branch, on) -> tuple[list[int], list[int]]:
    """Members with random lives; (who may vote there on the day, who sits on the committee), by a plain reckoning."""
    voting, seated = [], []

    def near(*days):
        told = data.draw(st.sampled_from([None, *days]))
        return None if told is None else on + timedelta(days=told)

    for _n in range(data.draw(st.integers(0, 8))):
        # Most are plain members of the branch, so that votes come about; the others differ in one thing or two.
        odd = data.draw(st.sampled_from(["", "", "", "life", "tie", "pause"]))
        confirmed = near(-40, 0, 1) if odd == "life" else on - timedelta(days=40)
        gone = near(0, 1) if odd == "life" and confirmed else None
        who = make.member(admitted_on=on - timedelta(days=400), confirmed_on=confirmed, left_on=gone,
                          left_reason="other" if gone else "")  # fmt: skip
        kind = data.draw(st.sampled_from(["formal", "temporary"])) if odd == "tie" else "formal"
        since = data.draw(st.integers(-2, 1)) if odd == "tie" else -2
        until = data.draw(st.integers(0, 2)) if odd == "tie" else 999
        if until > since:
            make.affiliate(who, branch, kind, start=on + timedelta(days=since), valid_to=on + timedelta(days=until))
        pause = data.draw(st.sampled_from([(-2, 0), (-2, 1), (0, 5), (1, 3)])) if odd == "pause" else None
        if pause:
            make.pause(who, on + timedelta(days=pause[0]), on + timedelta(days=pause[1]))
        full = confirmed is not None and confirmed <= on and not (gone is not None and gone <= on)
        here = kind == "formal" and since <= 0 < until
        if full and here and not (pause and pause[0] <= 0 < pause[1]):
            voting.append(who.pk)
        term = data.draw(st.sampled_from([None, (-2, 999), (-2, 999), (-2, 0), (1, 999)]))
        if term:
            make.post(branch, who, "member", on + timedelta(days=term[0]), valid_to=on + timedelta(days=term[1]))
            if term[0] <= 0 < term[1] and not (pause and pause[0] <= 0 < pause[1]):
                seated.append(who.pk)
    return voting, seated


def held(data, branch, by, kind, on, should):
    """The meeting with a random sheet: (meeting, E, present, written opinions) as plain counting has them."""
    meeting = meetings.plan(party=branch, kind=kind, held_on=on, fields={"topic": "议题"}, by=by, at=AT)
    meeting = attending.begin(meeting=meeting, by=by, at=AT)
    assert meeting.expected == len(should)
    assert sorted(Attendance.objects.filter(meeting=meeting, voting=True).values_list("member", flat=True)) == should
    marks, counted = {}, dict.fromkeys(("present", "absent", "excluded", "written"), 0)
    for key in should:
        how = data.draw(st.sampled_from(["present"] * 5 + ["absent", "written", "excluded"]))
        counted[how] += 1
        marks[key] = Mark("absent", "", True) if how == "written" else Mark(how, "" if how == "present" else "批准")
    meeting = attending.save(meeting=meeting, marks=marks, by=by, at=AT)
    e = len(should) - counted["excluded"]
    assert (meeting.expected, meeting.present, meeting.absent) == (e, counted["present"], e - counted["present"])
    return meeting, e, counted["present"], counted["written"]


def voted(data, meeting, by, kind, e, present, written) -> None:
    """One matter is put to the vote and closed with random totals."""
    admits = kind in ("admission", "confirmation")
    who = make.member() if admits else None
    enough = e > 0 and (present > e * HALF if admits else present >= e * HALF)
    told = {"meeting": meeting, "kind": kind, "subject": "事项", "method": "secret", "member": who, "by": by, "at": AT}
    try:
        decision = deciding.put(**told)
    except Refused:
        assert not enough
        return
    assert enough
    most = present + (written if admits else 0)
    issued = data.draw(st.integers(1, most))
    back = data.draw(st.integers(max(0, issued - 1), issued))
    yes = data.draw(st.integers(max(0, back - 2), back))
    no = data.draw(st.integers(0, back - yes))
    abstain = data.draw(st.integers(0, back - yes - no))
    done = deciding.close(decision=decision, yes=yes, no=no, abstain=abstain, spoiled=back - yes - no - abstain,
                          issued=issued, returned=back, by=by, at=AT)  # fmt: skip
    assert done.carried == (yes > e * HALF)
    assert done.needed == next(n for n in range(e + 2) if n > e * HALF)
    if admits:
        with pytest.raises(Refused):
            deciding.put(**told)


def elected(data, meeting, by, post, stand, e, present) -> None:
    """An election of random sums: opened only with four fifths there; who has more than half of those there, no tie
    across the last seat.
    """
    chosen = stand[: data.draw(st.integers(1, 5))]
    seats = data.draw(st.integers(1, min(3, len(chosen)))) if post == "member" else 1
    members = [make.Member.objects.get(pk=key) for key in chosen]
    try:
        election = elections.start(meeting=meeting, post=post, seats=seats, candidates=members, tellers="演示监票人",
                                   by=by, at=AT, confirmed=True)  # fmt: skip
    except Refused as refused:
        assert not (e > 0 and present >= Fraction(4 * e, 5)), refused
        return
    assert e > 0 and present >= Fraction(4 * e, 5)
    issued = data.draw(st.integers(1, present))
    back = issued + data.draw(st.sampled_from([0, 0, 0, 1]))
    spoiled = data.draw(st.integers(0, 1)) if back == issued else 0
    valid, left, sums = back - spoiled, (back - spoiled) * seats, {}
    for key in chosen:
        sums[key] = data.draw(st.integers(0, min(valid, left)))
        left -= sums[key]
    done = elections.count(election=election, issued=issued, returned=back, spoiled=spoiled, sums=sums, by=by, at=AT)
    got = set(Candidate.objects.filter(election=done, elected=True).values_list("member", flat=True))
    if back > issued:
        assert (done.state, got) == ("void", set())
        return
    # He is elected who has more than half of those there, unless with his equals he does not fit into the seats.
    fits = {k for k, n in sums.items() if n > present * HALF and sum(o >= n for o in sums.values()) <= seats}
    assert (done.state, got) == ("counted", fits)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_actions_decide_as_a_plain_count_does(branch, data):
    with transaction.atomic():
        on = ON - timedelta(days=data.draw(st.integers(0, 3)))
        by = make.lead("lead-any")
        voting, seated = people(data, branch, on)
        kind = data.draw(st.sampled_from(["members", "members", "committee"]))
        if kind == "members" or seated:
            should = sorted(seated if kind == "committee" else voting)
            meeting, e, present, written = held(data, branch, by, kind, on, should)
            if kind == "committee":
                voted(data, meeting, by, "committee", e, present, written)
                # Who sits there without a vote of his own in the branch keeps the committee from electing (PB-ELE-04).
                stand, posts = sorted(seated) if set(seated) <= set(voting) else [], ["secretary", "vice"]
            else:
                for what in ("ordinary", "admission", "admission", "confirmation"):
                    voted(data, meeting, by, what, e, present, written)
                stand, posts = voting, ["member", "secretary", "vice"]
            if stand:
                elected(data, meeting, by, data.draw(st.sampled_from(posts)), stand, e, present)
            assert not Decision.objects.filter(carried=True, present__lt=1).exists()
        transaction.set_rollback(True)
