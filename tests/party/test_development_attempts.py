"""Whatever is attempted, at whatever days, no unlawful state is reached: judged by a checker of its own, walking days.

The checker shares no code with the product: its table of steps is typed from the handbook, a year is counted day by
day, E and the verdict of a vote are reckoned from plain rows.
"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import admissions, applicants, development
from liaoyuan.party.models import (
    Affiliation,
    Applicant,
    DevelopmentStep,
    DevelopmentVote,
    Examination,
    Extension,
    Member,
    MemberRecord,
    Mentor,
    VotingPause,
)
from tests.party import factories as make
from tests.party.development import DAYS, ORDER, way

TODAY = date(2026, 10, 26)
NEEDS = {
    2: (1,), 3: (2,), 4: (3,), 5: (3,), 7: (4, 6), 8: (7,), 9: (8,), 10: (8,), 11: (8,), 12: (9, 10, 11), 13: (12,),
    14: (13,), 15: (14,), 16: (15,), 17: (16,), 18: (17,), 19: (17,), 20: (19,), 22: (20,), 23: (22,), 24: (23,),
    25: (18, 24),
}  # fmt: skip
JUMPS = (-400, -1, 0, 0, 1, 1, 5, 5, 20, 60, 181, 364, 366)
ATTEMPT = st.tuples(
    st.sampled_from(["next"] * 10 + ["any", "correct", "back", "pause", "close", "examine"]),
    st.sampled_from([2, 3, 4, 5, 6, *range(7, 26)]), st.sampled_from(JUMPS), st.sampled_from([2, 3, 3, 4]),
    st.sampled_from([0, 0, 1, 2]), st.sampled_from(["confirm", "extend", "extend", "cancel"]),
    st.sampled_from([5, 6, 6, 12, 13]),
)  # fmt: skip


def walked(day: date, months: int) -> date:
    """So many months later, by walking: the same day of the month, or the month's last where there is none."""
    want = (day.year * 12 + day.month - 1) + months
    on = day
    while True:
        on += timedelta(days=1)
        here = on.year * 12 + on.month - 1
        if here == want and (on.day == day.day or (on + timedelta(days=1)).month != on.month):
            return on


def lawful(branch, known: set[int] | None = None) -> None:
    """Assert that every applicant's rows could have come about lawfully. Of votes not in `known` E is counted again."""
    for who in Applicant.objects.all():
        made = dict(DevelopmentStep.objects.filter(applicant=who, superseded_at=None).values_list("number", "on"))
        rows = Examination.objects.filter(applicant=who, superseded_at=None, kind="cultivation")
        seen = sorted(rows.values_list("on", flat=True))
        assert made[1] == who.applied_on and walked(date(1995, 1, 1), 216) <= made[1]
        for number, on in made.items():
            assert on <= TODAY, number
            for need in NEEDS.get(number, ()):
                if need == 6:
                    assert [day for day in seen if made[5] <= day <= on], "no examination before the candidate"
                else:
                    assert made[need] <= on, f"{number} without or before {need}"
        if 7 in made:
            assert walked(made[3], 12) <= made[7]
        _mentors(who, made)
        _votes(who, made, branch, set() if known is None else known)
        _membership(who, made)


def _mentors(who, made):
    rows = Mentor.objects.filter(applicant=who, superseded_at=None)
    open_ = {kind: [m.member_id for m in rows if m.kind == kind and m.valid_to.year == 9999]
             for kind in ("contact", "introducer")}  # fmt: skip
    assert len(open_["contact"]) in ((1, 2) if 5 in made else (0,))
    assert len(set(open_["introducer"])) == (2 if 9 in made else 0) == len(open_["introducer"])
    for row in rows:
        told = MemberRecord.objects.get(member=row.member, superseded_at=None)
        assert told.confirmed_on is not None and told.confirmed_on <= row.valid_from
        if row.kind == "introducer" and row.valid_from < row.valid_to:
            paused = VotingPause.objects.filter(member=row.member, superseded_at=None)
            assert not [p for p in paused if p.valid_from <= made[9] < p.valid_to] or row.valid_from != made[9]


def _e(branch, on, but) -> int:
    count = 0
    for member in Member.objects.exclude(pk=but or 0):
        told = MemberRecord.objects.get(member=member, superseded_at=None)
        here = [a for a in Affiliation.objects.filter(member=member, superseded_at=None, kind="formal")
                if a.party_organization_id == branch.pk and a.valid_from <= on < a.valid_to]  # fmt: skip
        pauses = VotingPause.objects.filter(member=member, superseded_at=None)
        silent = [p for p in pauses if p.valid_from <= on < p.valid_to]
        count += bool(here) and not silent and told.confirmed_on is not None and told.confirmed_on <= on
    return count


def _votes(who, made, branch, known):
    for number, kind in ((15, "admission"), (23, "confirmation")):
        if number in made:
            rows = DevelopmentVote.objects.filter(applicant=who, kind=kind, on=made[number])
            assert [v for v in rows if v.yes * 2 > v.expected]
    for row in DevelopmentVote.objects.filter(applicant=who):
        assert row.present * 2 > row.expected and row.yes + row.no + row.abstain <= row.present + row.written
        assert row.carried == (row.yes * 2 > row.expected)
        if row.pk not in known:
            assert row.expected == _e(branch, row.on, who.member_id)
            known.add(row.pk)


def _membership(who, made):
    extended = list(Extension.objects.filter(applicant=who).values_list("months", flat=True))
    assert len(extended) <= 1 and all(6 <= months <= 12 for months in extended)
    assert (who.member_id is not None) == (19 in made)
    stage = "confirmed" if 24 in made and who.closed_on is None else "probationer" if 19 in made else \
        "candidate" if 7 in made else "activist" if 3 in made else "applicant"  # fmt: skip
    assert who.stage == stage
    if 17 in made:
        received = who.marks.get(kind="received", superseded_at=None).on
        assert made[15] <= received <= made[17] <= walked(received, 6)
    if who.member_id is None:
        return
    told = MemberRecord.objects.get(member=who.member_id, superseded_at=None)
    ended = walked(made[15], 12)
    assert told.admitted_on == made[15]
    for number in (22, 23):
        assert number not in made or ended <= made[number]
    if extended:
        ended = walked(ended, extended[0])
        assert 23 not in made or ended <= made[23]
    assert told.confirmed_on == (ended if stage == "confirmed" else None)
    assert (told.left_on is not None) == (who.closed_on is not None)


def attempt(ours, one) -> bool:
    """Try one thing; whether it was done."""
    what, step, jump, yes, no, outcome, longer = one
    who = ours.applicant
    who.refresh_from_db()
    made = dict(DevelopmentStep.objects.filter(applicant=who, superseded_at=None).values_list("number", "on"))
    seen = list(Examination.objects.filter(applicant=who, superseded_at=None).values_list("on", flat=True))
    on = max([*made.values(), *seen]) + timedelta(days=jump)
    if what == "next":
        step = next((n for n in ORDER if n not in made and not (n == 6 and seen)), step)
        if step in (7, 22, 23) and jump >= 0:
            months = 12 + sum(Extension.objects.filter(applicant=who).values_list("months", flat=True))
            on = walked(made.get(3 if step == 7 else 15, on), 12 if step == 7 else months) + timedelta(days=jump - 1)
    try:
        with transaction.atomic():
            return _do(ours, what, step, on, yes, no, outcome, longer)
    except (Refused, PermissionDenied):
        return False


def _do(ours, what, step, on, yes, no, outcome, months) -> bool:
    who = ours.applicant
    if what == "correct":
        by = ours.head if step in (13, 17, 24) else ours.lead
        development.correct(applicant=who, step=step, on=on, by=by, at=ours.at)
    elif what == "back":
        by = ours.head if step in (13, 17, 24) else ours.lead
        development.take_back(applicant=who, step=step, by=by, at=ours.at)
    elif what == "pause":
        start = on
        if not VotingPause.objects.filter(member=ours.members[yes % 5]).exists():
            make.pause(ours.members[yes % 5], start, start + timedelta(days=30))
    elif what == "close" and step == 25:
        applicants.close(applicant=who, on=on, reason="withdrawn", by=ours.lead, at=ours.at)
    elif what == "examine":
        development.examine(applicant=who, on=on, result="continue", by=ours.lead, at=ours.at)
    elif step in (15, 23):
        more = {"outcome": outcome, "months": months} if step == 23 else {}
        ours.step(step, on, present=yes + no, yes=yes, no=no, confirmed=True, **more)
    elif step in (5, 9):
        ours.step(step, on, members=ours.members[no : no + 1 + yes % 3])
    elif step == 11:
        ours.step(step, on, training_days=yes)
    elif step in (17, 24):
        ours.step(step, on, received_on=on - timedelta(days=no * 50), special_reason="外出" if yes else "") \
            if step == 17 else ours.step(step, on, received_on=on - timedelta(days=no))  # fmt: skip
    else:
        ours.step(step, on)
    return True


@pytest.fixture
def ours(areas, committee, lead, head):
    began = date(2010, 1, 1)
    branch = make.party("演示党支部", area=areas["district"], superior=committee, start=began, regular_on=began)
    made = way(branch, lead=lead, head=head)
    Affiliation.objects.update(valid_from=began)
    return made


@pytest.mark.slow
@settings(max_examples=20, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(start=st.sampled_from([0, 6, 14, 20, 22]), attempts=st.lists(ATTEMPT, min_size=12, max_size=25))
def test_no_unlawful_state_is_reached(ours, start, attempts):
    with transaction.atomic():
        ours.apply(f"演示申请人{start:02d}")
        if start:
            ours.until(start)
        known: set[int] = set()
        for one in attempts:
            if attempt(ours, one):
                lawful(ours.branch, known)
        transaction.set_rollback(True)


def test_the_checker_catches_what_is_unlawful(ours):
    """Planted faults, one a kind: the checker is not blind."""
    ours.apply().until(24)
    lawful(ours.branch)
    plants = (
        lambda: DevelopmentStep.objects.filter(number=7).update(on=DAYS[3] + timedelta(days=364)),
        lambda: DevelopmentStep.objects.filter(number=12).delete(),
        lambda: DevelopmentStep.objects.filter(number=16).update(on=DAYS[15] - timedelta(days=1)),
        lambda: Mentor.objects.filter(kind="introducer").first().delete(),
        lambda: DevelopmentVote.objects.filter(kind="admission").update(yes=2, no=3),
        lambda: MemberRecord.objects.filter(admitted_on=DAYS[15]).update(confirmed_on=DAYS[24]),
        lambda: DevelopmentStep.objects.filter(number=22).update(on=DAYS[22] - timedelta(days=1)),
        lambda: Examination.objects.all().delete(),
    )  # fmt: skip
    for number, plant in enumerate(plants):
        with transaction.atomic():
            plant()
            with pytest.raises((AssertionError, KeyError)):
                lawful(ours.branch)
                pytest.fail(f"plant {number} was not caught")
            transaction.set_rollback(True)


def test_enough_attempts_are_lawful(ours):
    """Without this the property could hold for want of any change: at lawful days all is done."""
    ours.apply()
    done = [number for number in ORDER if ours.step(number) is not None]
    assert done == list(ORDER) and admissions is not None
