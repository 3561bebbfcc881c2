"""The model of the ledger, continued: meetings with their votes, the roster F03 brought in and undone, a founding."""

from datetime import date
from typing import Any

from tests.party.ledger_model import STAGED, Ledger, Letter, Meeting, Person, Tie

__all__ = ["Letter", "World"]


class World(Ledger):
    """The ledger with what rests on it."""

    # meetings

    def full_here(self, place: str, day: date) -> list[str]:
        """Full members whose formal affiliation is to the place on the day."""
        return [who for who, p in self.people.items() if p.full(day)
                and any(t.kind == "formal" and t.place == place and t.on(day) for t in p.ties)]  # fmt: skip

    def voters(self, place: str, day: date) -> list[str]:
        """E: the same, without whose vote is suspended."""
        return [who for who in self.full_here(place, day)
                if not any(a <= day < b for a, b in self.people[who].pauses)]  # fmt: skip

    def convene(self, meeting: str, place: str, day: date) -> str:
        """A members' meeting is planned."""
        if not self.alive(place) or day < self.branches[place].founded:
            return "no such branch"
        self.meetings[meeting] = Meeting(place, day)
        return ""

    def begin(self, meeting: str) -> str:
        """It takes place; who may vote is frozen."""
        row = self.meetings[meeting]
        if row.state != "planned" or row.day > self.today:
            return "not so"
        row.roster = tuple(sorted(self.voters(row.branch, row.day)))
        there = [who for who, p in self.people.items() if not p.void
                 and any(t.place == row.branch and t.on(row.day) for t in p.ties)]  # fmt: skip
        row.guests = tuple(sorted(set(there) - set(row.roster)))
        row.state = "held"
        return ""

    def sheet(self, meeting: str, present: int, out: int = 0, told: int | None = None) -> str:
        """The first so many of the roster were there, the last `out` do not count; told is what somebody typed."""
        row = self.meetings[meeting]
        if row.state != "held" or row.votes or (told is not None and told != present):
            return "not so"
        row.present, row.out = present, out
        return ""

    def put(self, meeting: str, kind: str, about: str = "") -> str:
        """Something is put to the vote: half of E is there, for an admission more than half."""
        row = self.meetings[meeting]
        if row.state != "held" or row.present is None:
            return "no sheet"
        expected = len(row.roster) - row.out
        enough = 2 * row.present > expected if kind == "admission" else 2 * row.present >= expected
        if expected == 0 or not enough:
            return "too few are there"
        if kind == "admission" and about:
            ties = [t for t in self.people[about].ties if t.on(row.day)]
            away = any(t.kind == "formal" for t in ties) and all(t.place != row.branch for t in ties)
            if away or self.people[about].void:
                return "of another branch"
        if kind == "admission" and (any(v["about"] == about and v["kind"] == kind for v in row.votes)):
            return "not twice"
        row.votes.append({"kind": kind, "about": about if kind == "admission" else "", "expected": expected,
                          "present": row.present, "yes": None, "carried": None})  # fmt: skip
        return ""

    def close(self, meeting: str, place: int, yes: int, no: int) -> str:
        """Its totals: with hands all who are there are counted, on paper no more than are there."""
        row = self.meetings[meeting]
        if row.state != "held" or not place < len(row.votes):
            return "no vote"
        vote = row.votes[place]
        sums = yes + no
        right = 0 < sums <= vote["present"] if vote["kind"] == "admission" else sums == vote["present"]
        if vote["yes"] is not None or not right:
            return "the totals do not agree"
        vote["yes"], vote["carried"] = yes, 2 * yes > vote["expected"]
        return ""

    def minutes(self, meeting: str) -> str:
        """The minutes are written."""
        row = self.meetings[meeting]
        if row.state != "held":
            return "not so"
        row.whole = True
        return ""

    def finish(self, meeting: str) -> str:
        """It is done with, when all is written and every vote closed."""
        row = self.meetings[meeting]
        open_votes = any(v["yes"] is None for v in row.votes)
        if row.state != "held" or row.present is None or not row.whole or open_votes:
            return "not so"
        row.state = "closed"
        return ""

    def call_off(self, meeting: str) -> str:
        """It does not take place."""
        row = self.meetings[meeting]
        if row.state not in ("planned", "held") or row.votes:
            return "not so"
        row.state = "cancelled"
        return ""

    # the roster F03: (who, place, state, home, joined)

    def bring(self, batch: str, lines: list[tuple[str, str, str, str, date | None]]) -> str:
        """Rows are judged by what stands now, then written together, or none."""
        good, seen = [], set()
        for line in lines:
            fresh = line[0] not in self.people or self.home(line[0]) is None
            if self._stops(*line) or (fresh and line[0] in seen):
                continue
            seen.add(line[0])
            if line[0] not in self.people or not self.people[line[0]].open(line[1]):
                good.append(line)
        early = [who for who, place, state, _home, joined in good if who in self.people and joined is not None
                 and joined < self.earliest(who, place, state)]  # fmt: skip
        if early:
            return "before his last affiliation ended"
        told: dict[str, Any] = {"state": "applied", "rows": [], "made": [], "told": {}, "left": {}}
        for line in good:
            self._write(told, *line)
        self.batches[batch] = told
        return ""

    def _stops(self, who: str, place: str, state: str, home: str, joined: date | None) -> bool:
        """Whether a row is sent back."""
        admitted = self.people[who].admitted if who in self.people else date(2015, 6, 1)
        if not self.alive(place) or (joined is not None and not admitted <= joined <= self.today):
            return True
        if state != "formal" and home == place:
            return True
        known = who in self.people and self.people[who].open(place)
        if not known and state != "formal" and self.alive(home) and (who not in self.people or not self.home(who)):
            return True  # there he is to be entered first
        if who not in self.people:
            return False
        known = self.people[who].open(place)
        if known:
            return known[0].kind != state  # a sheet moves nobody
        return state == "formal" and self.home(who) is not None

    def _write(self, told: dict[str, Any], who: str, place: str, state: str, home: str, joined: date | None) -> None:
        if who not in self.people:
            self.people[who] = Person(date(2015, 6, 1), date(2016, 6, 1))
            told["made"].append(who)
        person = self.people[who]
        if person.left is not None:
            told["left"][who], person.left = person.left, None
            person.told += 1
        told["told"][who] = person.told
        if state != "formal" and self.home(who) is None and home:
            told["rows"].append((who, self.tie(who, home, "formal", self.earliest(who, home, "formal"), assumed=True)))
        since = joined or self.earliest(who, place, state)
        stage = {"stage": "surveyed", "since": joined or self.today} if state in STAGED else {}
        told["rows"].append((who, self.tie(who, place, state, since, assumed=joined is None, **stage)))

    def undo(self, batch: str) -> str:
        """Take it back whole, unless something was told since of what it wrote, or rests on whom it made."""
        told = self.batches[batch]
        if told["state"] != "applied" or any(row not in self.people[who].ties for who, row in told["rows"]):
            return "touched since"
        for who, tied in told["told"].items():
            ours = [row for one, row in told["rows"] if one == who]
            if self.people[who].told != tied or self._rests(who, ours, made=who in told["made"]):
                return "touched since"
        for who, row in told["rows"]:
            self.people[who].ties.remove(row)
        for who in told["made"]:
            self.people[who].void = True
        for who, left in told["left"].items():
            self.people[who].left = left
            self.people[who].told += 1
        told["state"] = "undone"
        return ""

    def _rests(self, who: str, ours: list[Tie], *, made: bool) -> bool:
        """Whether something stands on the rows: letters from a formal one, for whom it made anything at all."""
        letters = [t for t in self.letters.values() if t.who == who]
        if any(t.kind == "formal" for t in ours) and any(t.state in ("draft", "issued") for t in letters):
            return True
        told = any(who in (*m.roster, *m.guests) or any(v["about"] == who for v in m.votes)
                   for m in self.meetings.values())  # fmt: skip
        person = self.people[who]
        return made and bool(letters or person.pauses or told or len(person.ties) > len(ours))

    # a founding: {"place", "roster": [(who, standing, org, consented, due)], "state", "on"}

    def found(self, on: date) -> str:
        """The founding meeting: formal members of the roster come from their body, committed ones as dual."""
        row = self.founding
        first = self.branches[row["place"]].founded
        if row["state"] != "approved" or not self.alive(row["place"]) or not first <= on <= self.today:
            return "not so"
        ending: list[tuple[str, Tie | None]] = []
        for who, standing, org, *_days in row["roster"]:
            person, home = self.people[who], self.home(who)
            if person.left is not None or person.void:
                return "he left"
            if standing == "formal":
                if home is None or home.org != org or self.under_way(who):
                    return "he is not there any more"
                ending.append((who, home))
            else:
                ties = [t for t in person.open() if t.kind in STAGED and t.org == org]
                ending.append((who, ties[0] if ties else None))
        for (who, old), (_who, standing, org, *_d) in zip(ending, row["roster"], strict=True):
            others = [t for t in self.people[who].ties if t is not old and t.end > on]
            kind = "formal" if standing == "formal" else "temporary"
            if any((kind == "formal" == t.kind) or (t.place, t.org) == (row["place"], org) for t in others):
                return "something stands there"
        for (who, old), (_who, standing, org, consented, due) in zip(ending, row["roster"], strict=True):
            if old is not None:
                self.cut(who, old, on)
            if standing == "formal":
                self.tie(who, row["place"], "formal", on, org)
            else:
                self.tie(who, row["place"], "temporary", on, org, stage="dual", consented=consented, due=due, full=True)
        row["state"], row["on"] = "founded", on
        return ""
