"""The ledger under any sequence of steps: pages, actions, files and the interface never reach an unlawful state.

Every step, lawful or not, goes through a door of the product and through the model; the product does what the model
says and nothing else. One ground is laid for all examples, each of which is rolled back.
"""

import copy
import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from liaoyuan.api.params import GRANTABLE
from liaoyuan.core import access
from liaoyuan.core.actions import calendar, parameters
from liaoyuan.party.choices.codes import Permission
from tests.core.factories import AT
from tests.party import ledger_checks as checks
from tests.party.ledger_doors import DAYS, TODAY, Doors, Ground, Program, officer
from tests.party.ledger_life import World
from tests.party.ledger_model import OUTSIDE, STAGED, Tie

pytestmark = pytest.mark.django_db
#: Examples and steps of an ordinary run; LIAOYUAN_EXAMPLES asks for more, at random.
EXAMPLES, STEPS = 6, 26
#: LIAOYUAN_SHRINK makes a failing sequence short, which takes minutes.
PHASES = [Phase.generate, *([Phase.shrink] if os.environ.get("LIAOYUAN_SHRINK") else [])]
PLACES = ("甲", "乙", "丙", "丁", "己")
KINDS = ("formal", "temporary", "double", "floating")

door = st.sampled_from(["action", "page"])
#: A program may bring the roster in where its token may hold that permission.
BY_PROGRAM = Permission.IMPORT in GRANTABLE
file = st.sampled_from(["file", "api"] if BY_PROGRAM else ["file"])
day = st.sampled_from(DAYS)
maybe = st.none() | day
pick = st.integers(0, 15)
place = st.sampled_from(PLACES)
kind = st.sampled_from(KINDS)
org = st.sampled_from(["", "O1", "O2"])


class Machine(RuleBasedStateMachine):
    """Steps drawn at random; `base` is the ground, the officer and his doors."""

    base: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.ground, self.doors = copy.copy(self.base[0]), copy.copy(self.base[1])
        self.world = self.ground.world = copy.deepcopy(self.ground.world)
        self.ground.keys, self.doors.ground = dict(self.ground.keys), self.ground
        self.made = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        access.forget(self.doors.by)

    def new(self, sign: str) -> str:
        self.made += 1
        return f"{sign}{100 + self.made}"

    def who(self, n: int) -> str:
        names = sorted(self.world.people)
        return names[n % len(names)]

    def one(self, table: dict[str, Any], n: int) -> str:
        names = sorted(table)
        return names[n % len(names)] if names else ""

    def tie(self, n: int, m: int, kinds: Any) -> tuple[str, Tie | None]:
        """An open stretch of somebody: the n-th who has one of the kinds."""
        found = [(who, t) for who in sorted(self.world.people) for t in self.world.people[who].open()
                 if t.kind in kinds]  # fmt: skip
        return found[(n + m) % len(found)] if found else ("", None)

    def do(self, step: str, door: str, *args: Any, **told: Any) -> bool:
        """Through the door and through the model: both do it, or neither; refused, nothing has changed."""
        before = checks.trace()
        done = getattr(self.doors, step)(door, *args, **told)
        why = getattr(self.world, step)(*args, **told)
        assert done == (not why), f"{step} {args} {told} by {door}: done {done}, but the model says “{why}”"
        assert done or checks.trace() == before, f"{step} {args} was refused and changed something"
        return done

    # members and participations

    @rule(door=door, n=pick, place=place, kind=kind, org=org, start=maybe, consented=maybe, full=st.booleans())
    def join(self, door, n, place, kind, org, start, consented, full):
        who = self.who(n)
        if kind == "formal" or not self.world.here(who):
            door = "action"  # the page offers neither
        consented = consented if kind in STAGED else None
        self.do("join", door, who, place, kind, org, start, consented, full)

    @rule(door=door, n=pick, fresh=st.booleans(), place=place, kind=kind, start=maybe, outside=st.booleans())
    def enter(self, door, n, fresh, place, kind, start, outside):
        who = self.new("p") if fresh else self.who(n)
        if who in self.world.people and self.world.people[who].void:
            return
        self.do("enter", door, who, place, kind, start, OUTSIDE if outside or fresh else "")

    @rule(door=door, n=pick, m=pick, stage=st.sampled_from(["dual", "moving", "kept", "dual"]), on=day, consented=maybe)
    def advance(self, door, n, m, stage, on, consented):
        who, tie = self.tie(n, m, STAGED)
        if tie is not None:
            self.do("advance", door, who, tie, stage, on, consented)

    @rule(door=door, n=pick, m=pick, on=day, formal=st.sampled_from([False, False, True]))
    def end(self, door, n, m, on, formal):
        who, tie = self.tie(n, m, ("formal",) if formal else KINDS[1:])
        if tie is not None and tie.place in self.world.branches:
            self.do("end", door, who, tie, on)

    @rule(door=door, n=pick, on=day)
    def leave(self, door, n, on):
        self.do("leave", door, self.who(n), on)

    @rule(door=door, n=pick, on=day, back=st.booleans())
    def pause(self, door, n, on, back):
        who = self.who(n)
        if door == "page":  # one page for both: it gives back what is suspended
            back = any(b > TODAY for _a, b in self.world.people[who].pauses)
        self.do("resume" if back else "pause", door, who, on)

    # letters

    @rule(door=door, n=pick, goal=st.sampled_from([*PLACES, OUTSIDE]), org=org, on=maybe)
    def plan(self, door, n, goal, org, on):
        who = self.who(n)
        self.do("plan", door if self.world.here(who) else "action", self.new("t"), who, goal, org, on)

    @rule(door=door, n=pick, on=day, days=st.sampled_from([10, 30, 90, 0, 91]))
    def issue(self, door, n, on, days):
        if letter := self.one(self.world.letters, n):
            self.do("issue", door, letter, on, days)

    @rule(door=door, n=pick, on=day, what=st.sampled_from(["accept", "accept", "refuse"]))
    def answer(self, door, n, on, what):
        out = {name: row for name, row in self.world.letters.items() if row.state == "issued"}
        if letter := self.one(out or self.world.letters, n):
            self.do(what, door, letter, on)

    @rule(door=door, n=pick)
    def cancel(self, door, n):
        if letter := self.one(self.world.letters, n):
            self.do("cancel", door, letter)

    @rule(door=door, n=pick)
    def again(self, door, n):
        over = {name: row for name, row in self.world.letters.items() if row.state in ("refused", "issued")}
        if letter := self.one(over, n):
            self.do("again", door, letter, self.new("t"))

    @rule(door=door, n=pick, goal=place, on=st.integers(0, len(DAYS) - 3))
    def move(self, door, n, goal, on):
        """A transfer from the plan to the acceptance, as far as it is lawful."""
        who, letter = self.who(n), self.new("t")
        if not self.world.here(who):
            return
        self.do("plan", door, letter, who, goal, "", None)
        if letter in self.world.letters and self.do("issue", door, letter, DAYS[on], 90):
            self.do("accept", door, letter, DAYS[on + 1])

    # branches

    @rule(door=door, place=place, on=day)
    def dissolve(self, door, place, on):
        self.do("dissolve", door, place, on)

    @rule(door=door, on=day)
    def found(self, door, on):
        self.do("found", door, on)

    # meetings

    @rule(door=door, place=place, on=day)
    def convene(self, door, place, on):
        meeting = self.new("m")
        if self.do("convene", door, meeting, place, on):
            self.do("begin", door, meeting)

    @rule(door=door, n=pick, present=st.integers(0, 5), out=st.sampled_from([0, 0, 1]), told=st.none() | pick)
    def sheet(self, door, n, present, out, told):
        if meeting := self.one(self.held(), n):
            roster = len(self.world.meetings[meeting].roster)
            present = min(present, roster)
            self.do("sheet", door, meeting, present, min(out, roster - present), told)

    def held(self) -> dict[str, Any]:
        held = {name: row for name, row in self.world.meetings.items() if row.state == "held"}
        return held or self.world.meetings

    @rule(door=door, n=pick, kind=st.sampled_from(["ordinary", "ordinary", "admission"]), m=pick)
    def put(self, door, n, kind, m):
        if meeting := self.one(self.held(), n):
            row = self.world.meetings[meeting]
            here = sorted((*row.roster, *row.guests)) or [self.who(m)]
            about = self.who(m) if m % 5 == 0 else here[m % len(here)]
            ties = self.world.people[about].ties
            if kind == "admission" and not any(t.place == row.branch and t.on(row.day) for t in ties):
                door = "action"  # the page offers the members of the branch
            self.do("put", door, meeting, kind, about if kind == "admission" else "")

    @rule(door=door, n=pick, m=pick, yes=st.integers(0, 5), no=st.integers(0, 3), right=st.booleans())
    def close(self, door, n, m, yes, no, right):
        voted = {name: row for name, row in self.held().items() if row.votes}
        if meeting := self.one(voted, n):
            votes = self.world.meetings[meeting].votes
            number = m % len(votes)
            yes = min(yes, votes[number]["present"]) if right else yes
            self.do("close", door, meeting, number, yes, votes[number]["present"] - yes if right else no)

    @rule(door=door, n=pick, what=st.sampled_from(["finish", "finish", "call_off"]))
    def done_with(self, door, n, what):
        if meeting := self.one(self.held(), n):
            if what == "finish":
                self.do("minutes", door, meeting)
            self.do(what, door, meeting)

    # the roster F03

    @rule(door=file, lines=st.lists(st.tuples(pick, st.booleans(), place, kind, st.sampled_from(["", OUTSIDE, "甲"]),
                                              maybe), min_size=1, max_size=3))  # fmt: skip
    def bring(self, door, lines):
        told = [(self.new("p") if fresh else self.who(n), *rest) for n, fresh, *rest in lines]
        if len({(line[0], line[1]) for line in told}) == len(told):  # of one member in one branch the last row wins
            known = [line[0] for line in told if line[0] in self.world.people]
            if not any(self.world.people[who].void for who in known):
                self.do("bring", door, self.new("b"), told)

    @rule(door=file, n=pick)
    def undo(self, door, n):
        if batch := self.one(self.world.batches, n):
            self.do("undo", door, batch)

    @invariant()
    def lawful(self):
        tables = checks.Tables()
        checks.lawful(tables)
        checks.same(tables, self.ground)


def profile() -> settings:
    more = int(os.environ.get("LIAOYUAN_EXAMPLES", "0"))
    return settings(
        max_examples=more or EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=not more, database=None,
        phases=PHASES, report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
    )  # fmt: skip


@pytest.fixture
def base(db, monkeypatch, tmp_path):
    """The ground, and the doors of an officer who may do everything."""
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    ground = Ground(World(TODAY))
    by = officer()
    return ground, Doors(ground, by, tmp_path, Program(by) if BY_PROGRAM else None)


def test_no_sequence_of_steps_leads_out_of_the_law(base, monkeypatch):
    monkeypatch.setattr(Machine, "base", base)
    run_state_machine_as_test(Machine, settings=profile())
