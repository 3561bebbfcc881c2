"""Coverage equals a plain count over exported rows, for every area and twelve past days.

Hypothesis makes histories of bodies, branches, units, meetings, members, affiliations, letters, visits and findings of
idleness. The count beside it reads every table as plain dictionaries and knows none of the product's queries or rules.
"""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from liaoyuan.core.clock import SHANGHAI
from liaoyuan.party.choices.coverage import Gap
from liaoyuan.party.models import (
    Formation,
    PartyOrganization,
    Unit,
)
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import covering
from liaoyuan.party.rules import coverage as rules
from liaoyuan.registry.models import IdleFinding, Organization
from tests.party import coverage_ground as ground
from tests.party import factories as make
from tests.party.plain_count import Export
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
FIRST = date(2023, 1, 1)
#: Twelve days in the past, on and beside the days on which the histories turn.
DAYS = [FIRST + timedelta(days=gap) for gap in (0, 1, 89, 90, 180, 269, 270, 360, 451, 540, 630, 720)]
TURN = st.sampled_from([FIRST + timedelta(days=90 * n) for n in range(-6, 9)])
SPAN = st.tuples(TURN, st.sampled_from([90, 180, 360, 100000]))


def three_months(day):
    """The same day three months later, or that month's last."""
    month = day.month - 1 + 3
    last = date(day.year + month // 12, month % 12 + 1, 1)
    return date(last.year, last.month, min(day.day, ground.days_in(last)))


def _to(start, days):
    return date(9999, 12, 31) if days == 100000 else start + timedelta(days=days)


BODY = st.fixed_dictionaries({
    "kind": st.sampled_from(["MF", "MF", "ST", "JJ", "BA", "NB"]),
    "place": st.sampled_from(["heli", "liyuan", None]), "office": st.sampled_from(["district", "district", "other"]),
    "external": st.sampled_from([False, False, False, True]), "began": TURN,
    "ended": st.one_of(st.none(), st.tuples(TURN, st.sampled_from(["deregistered", "liquidating", "revoked"]))),
    "idle": st.lists(st.tuples(TURN, st.sampled_from(["idle", "active"])), max_size=2),
    "declared": st.sampled_from([None, 0, 4]),
    "members": st.lists(st.fixed_dictionaries({
        "kind": st.sampled_from(["formal", "formal", "formal", "temporary", "double", "on_duty"]), "span": SPAN,
        "admitted": TURN, "confirmed": st.one_of(st.none(), st.integers(0, 400)), "left": st.one_of(st.none(), TURN),
        "stage": st.sampled_from(["dual", "moving", "moved", "kept"]), "consented": st.one_of(st.none(), TURN),
        "full_time": st.sampled_from([True, True, False, None]), "twice": st.sampled_from([False, False, True]),
    }), max_size=4),
    "letter": st.one_of(st.none(), st.fixed_dictionaries({
        "span": SPAN, "from": TURN, "days": st.sampled_from([89, 180, 700]), "no": st.sampled_from(["滨聘1号", ""]),
        "kind": st.sampled_from(["instructor", "liaison"]), "visits": st.lists(TURN, max_size=2),
    })),
})  # fmt: skip
BRANCH = st.fixed_dictionaries({
    "form": st.sampled_from(["branch", "branch", "branch", "general", "committee"]),
    "kind": st.sampled_from(["independent", "independent", "joint", "attached", "functional", "temporary", "floating"]),
    "span": SPAN, "established": st.one_of(st.none(), TURN), "dissolved": st.one_of(st.none(), TURN),
    "met": st.lists(st.tuples(TURN, st.sampled_from(["held", "closed", "planned", "cancelled"])), max_size=3),
    "evidence": st.sampled_from(["", "滨组〔2024〕1号"]), "void": st.sampled_from([False, False, False, True]),
    "units": st.lists(st.tuples(st.integers(0, 8), SPAN, st.sampled_from(["", "名单"])), max_size=3,
                      unique_by=lambda u: u[0]),
})  # fmt: skip
HISTORY = st.tuples(st.lists(BODY, min_size=4, max_size=9), st.lists(BRANCH, min_size=2, max_size=5))


def _write(areas, bodies, branches):
    made = [ground.body(areas, FIRST, **told) for told in bodies]
    for told in branches:
        start, days = told["span"]
        gone = told["dissolved"]
        if gone is not None and told["established"] is not None and gone < told["established"]:
            gone = None
        party = PartyOrganization.objects.create(
            area=areas["district"], established_on=told["established"], dissolved_on=gone, created_at=make.AT,
            voided_at=make.AT if told["void"] else None,
        )  # fmt: skip
        Formation.objects.create(
            party_organization=party, name="演示党支部", form=told["form"], evidence=told["evidence"], valid_from=start,
            branch_kind=told["kind"] if told["form"] == "branch" else "", valid_to=_to(start, days),
            recorded_at=make.AT,
        )  # fmt: skip
        for number, (day, state) in enumerate(told["met"]):
            ground.meeting(party, day, state, number + 1)
        for place, (begin, length), evidence in told["units"]:
            if place < len(made):
                Unit.objects.create(party_organization=party, organization=made[place], valid_from=begin,
                                    valid_to=_to(begin, length), evidence=evidence, recorded_at=make.AT)  # fmt: skip
    host, other = make.party(area=areas["district"]), make.party(area=areas["district"])
    for told, body in zip(bodies, made, strict=True):
        for one in told["members"]:
            ground.member_of(body, host, other, **one)
        if told["letter"]:
            ground.letter(areas["district"], body, **told["letter"])


def _compare(areas):
    export = Export()
    for area in (areas["district"], areas["heli"], areas["liyuan"], areas["other"], areas["district"].parent):
        for day in DAYS:
            asked = figures.Asked(area, day)
            bodies = export.base(area, day)
            whole, cells = figures.figures(asked, ("street", "type"))
            ways = {body: export.ways(body, day) for body in bodies}
            heads = {body: export.heads(body, day) for body in bodies}
            due = {body for body in bodies if heads[body][0] + heads[body][2] >= 3}
            gaps = {body: export.gaps(body, day) for body in bodies}
            told = (whole.base, whole.covered, whole.own, whole.joint, whole.area, whole.due, whole.built,
                    whole.worked, whole.declared, *whole.gaps.values())  # fmt: skip
            counted = (
                len(bodies), sum(bool(w) for w in ways.values()), *(
                    sum(how in w for w in ways.values()) for how in ("own", "joint", "area")),
                len(due), sum("own" in ways[body] for body in due),
                sum(bool(ways[body] or export.looked_after(body, day)) for body in bodies), sum(bodies.values()),
                *(sum(letter in g for g in gaps.values()) for letter in "ABCD"),
            )  # fmt: skip
            assert told == counted, (area.name, day)
            assert figures.shares(asked) == (whole.base, whole.covered, whole.worked)
            assert sum(cell.base for cell in cells.values()) == len(bodies)
            if area.level != "district":
                continue
            _lists(asked, bodies, gaps)
            assert {b: h for b, h in figures.heads_of(asked).items() if b in bodies} == {
                body: head for body, head in heads.items() if any(head)
            }  # fmt: skip


def _lists(asked, bodies, gaps):
    """The list behind each gap holds exactly its bodies, and the rules say the same of each."""
    by = figures.gap_conditions(figures.conditions(asked))
    facts = covering.facts_of(asked, list(bodies))
    for gap in Gap:
        listed = set(figures.base(asked).filter(by[gap]).values_list("organization_id", flat=True))
        assert listed == {body for body, letters in gaps.items() if gap in letters}
    for body, letters in gaps.items():
        assert {str(v.kind) for v in rules.gaps(facts[body], asked.limits, on=asked.on)} == letters
        assert rules.in_base(facts[body], asked.limits)


@settings(
    max_examples=9,
    deadline=None,
    derandomize=True,
    print_blob=False,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(history=HISTORY)
def test_figures_of_every_area_and_twelve_days_equal_a_plain_count(areas, history):
    with transaction.atomic():
        _write(areas, *history)
        _compare(areas)
        transaction.set_rollback(True)


def test_what_is_closed_liquidating_filed_or_a_shell_is_out(areas):
    day = date(2026, 10, 26)
    kept = registry.organization("演示存续中心", street=areas["heli"])
    registry.organization("演示注销中心", closed_on=date(2026, 10, 26))
    registry.organization("演示清算中心", closed_on=date(2026, 10, 26), status="liquidating")
    registry.organization("演示备案队", "BA", street=areas["heli"])
    shell = registry.organization("演示空壳中心")
    found = IdleFinding.objects.create(
        organization=shell, found_on=date(2026, 9, 1), answer="idle", note="已核实",
        answered_at=datetime(2026, 10, 26, 23, 30, tzinfo=SHANGHAI),
    )  # fmt: skip
    asked = figures.Asked(areas["district"], day)

    def names(on):
        return set(figures.base(figures.Asked(areas["district"], on)).values_list("name", flat=True))

    assert names(day) == {"演示存续中心"}
    assert names(day - timedelta(days=1)) == {"演示存续中心", "演示注销中心", "演示清算中心", "演示空壳中心"}
    assert [row.name for row in figures.filed(asked)] == ["演示备案队"]
    IdleFinding.objects.create(organization=shell, found_on=date(2026, 10, 1), answer="active", note="又有活动",
                               answered_at=found.answered_at + timedelta(minutes=5))  # fmt: skip
    assert names(day) == {"演示存续中心", "演示空壳中心"}
    assert figures.figures(asked)[0].base == 2
    assert Organization.objects.filter(pk=kept.pk).exists()


def test_an_earlier_knowledge_gives_the_earlier_figure(areas, committee):
    early, late = make.AT, make.AT + timedelta(days=30)
    body = registry.organization("演示甲中心")
    branch = make.party(area=areas["district"], superior=committee, evidence="滨组〔2026〕9号")
    make.unit(branch, body, at=late)
    asked = figures.Asked(areas["district"], date(2026, 10, 1), early)
    assert figures.figures(asked)[0].covered == 0
    assert figures.figures(figures.Asked(areas["district"], asked.on, late))[0].covered == 1
    assert figures.figures(figures.Asked(areas["district"], asked.on))[0].covered == 1


def test_a_meeting_of_the_branch_ends_the_gap_on_the_board_too(areas, committee):
    """Keys of meetings are not those of their party organizations."""
    for number in range(3):
        branch = make.party(area=areas["district"], superior=committee, evidence="滨组〔2024〕9号")
        make.unit(branch, registry.organization(f"演示甲{number}中心"))
    for number in range(9):
        ground.meeting(committee, date(2020, 1, 1), number=number + 1)
    ground.meeting(branch, date(2026, 10, 1))
    asked = figures.Asked(areas["district"], date(2026, 10, 26))
    listed = figures.base(asked).filter(figures.gap_conditions(figures.conditions(asked))["D"])
    assert figures.figures(asked)[0].gaps["D"] == listed.count() == 2


def test_a_meeting_within_three_months_closes_the_gap_on_the_board(areas, committee):
    day, bodies = date(2026, 10, 26), []
    for n, held_on in enumerate((date(2026, 7, 26), date(2026, 7, 25), None)):
        bodies.append(registry.organization(f"演示{n}中心", street=areas["heli"]))
        branch = make.party(area=areas["district"], superior=committee, evidence="滨组〔2024〕1号")
        make.unit(branch, bodies[-1])
        if held_on is not None:
            ground.meeting(branch, held_on)
    asked = figures.Asked(areas["district"], day)
    gap = next(gap for gap in Gap if str(gap) == "D")
    by = figures.gap_conditions(figures.conditions(asked))
    listed = set(figures.base(asked).filter(by[gap]).values_list("organization_id", flat=True))
    assert listed == {bodies[1].pk, bodies[2].pk} == figures.marks(asked)["quiet"]
    assert figures.figures(asked)[0].gaps[gap] == 2


def test_who_belongs_formally_is_not_due_a_second_time(areas, committee):
    body = registry.organization("演示甲中心", street=areas["heli"])
    own, other = (make.party(area=areas["district"], superior=committee) for _n in range(2))
    for who in make.members(own, 2, organization=body):
        make.affiliate(who, other, "temporary", organization=body, full_time=True, consented_on=date(2026, 1, 5))
    asked = figures.Asked(areas["district"], date(2026, 10, 26))
    assert figures.heads_of(asked)[body.pk] == (2, 0, 0, 0)
    assert figures.figures(asked)[0].due == 0, "two members are two, however often they are written"
    assert not figures.base(asked).filter(figures.conditions(asked)["due"]).exists()
