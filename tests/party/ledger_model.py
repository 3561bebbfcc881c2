"""A model of the ledger in plain Python, from the handbook alone (§2.4, §2.7, §2.8): no rule or query of the product.

Each step is a method: it says "" and changes the model, or says why it is unlawful and changes nothing. Persons,
branches, letters, meetings are called by names of their own; a place is a branch, or `OUTSIDE`.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

FIRST, NEVER = date(1, 1, 1), date(9999, 12, 31)
OUTSIDE = "演示外地党支部"
#: Stage → the next ones that a branch may enter; 已转入 is reached by an accepted letter alone.
NEXT = {"surveyed": {"dual", "kept"}, "dual": {"moving", "kept"}, "moving": {"dual"}, "kept": {"dual"}}
STAGED = {"temporary", "double"}
LETTER_DAYS, CONSENT_MONTHS, FOUNDING_LEAST = 90, 6, 3


@dataclass(frozen=True)
class Tie:
    """A stretch of one affiliation. `since` is the day of its stage; `org` the body through which he belongs."""

    key: int
    place: str
    kind: str
    org: str
    start: date
    end: date = NEVER
    assumed: bool = False
    stage: str = ""
    since: date | None = None
    moved: bool = False
    consented: date | None = None
    full: bool | None = None
    due: date | None = None

    def on(self, day: date) -> bool:
        return self.start <= day < self.end


@dataclass
class Person:
    """A member; `told` counts what was told of him anew, so that an undo knows whether it was."""

    admitted: date
    confirmed: date | None
    left: date | None = None
    void: bool = False
    told: int = 0
    ties: list[Tie] = field(default_factory=list)
    pauses: list[tuple[date, date]] = field(default_factory=list)

    def full(self, day: date) -> bool:
        gone = self.void or (self.left is not None and self.left <= day)
        return not gone and self.confirmed is not None and self.confirmed <= day

    def open(self, place: str = "", kind: str = "") -> list[Tie]:
        found = [t for t in self.ties if t.end == NEVER and place in ("", t.place) and kind in ("", t.kind)]
        return sorted(found, key=lambda t: t.key)


@dataclass
class Branch:
    """A branch; `founded` its first day, `signs` which committee may sign letters for it ("" = none)."""

    founded: date
    signs: str = ""
    ended: date | None = None


@dataclass
class Letter:
    """A transfer."""

    who: str
    source: str
    target: str
    org: str = ""
    state: str = "draft"
    on: date | None = None
    until: date | None = None
    number: str = ""
    replaces: str = ""


@dataclass
class Meeting:
    """A members' meeting. `roster` is who may vote by the day's roster, frozen; `out` of them are not counted."""

    branch: str
    day: date
    state: str = "planned"
    roster: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    out: int = 0
    present: int | None = None
    whole: bool = False
    votes: list[dict[str, Any]] = field(default_factory=list)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


class Ledger:
    """The world as it should be."""

    def __init__(self, today: date) -> None:
        self.today, self.signing = today, FIRST
        self.people: dict[str, Person] = {}
        self.branches: dict[str, Branch] = {}
        self.letters: dict[str, Letter] = {}
        self.meetings: dict[str, Meeting] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.founding: dict[str, Any] = {}
        self._last = 0

    # what several steps need

    def key(self) -> int:
        """The next number of a stretch."""
        self._last += 1
        return self._last

    def tie(self, who: str, place: str, kind: str, start: date, org: str = "", **told: Any) -> Tie:
        """Write a stretch without asking: for the ground, and where a step has asked."""
        if kind in STAGED:
            told = {"stage": "surveyed", "since": start, **told}
        made = Tie(self.key(), place, kind, org, start, **told)
        self.people[who].ties.append(made)
        return made

    def cut(self, who: str, tie: Tie, on: date, **told: Any) -> None:
        """End a stretch on the day; one that began then or later never was."""
        ties = self.people[who].ties
        ties.remove(tie)
        if tie.start < on:
            ties.append(replace(tie, key=self.key(), end=on, **told))

    def clash(self, who: str, place: str, kind: str, org: str, start: date) -> str:
        """Why he may not belong to the place from the day on."""
        later = [t for t in self.people[who].ties if t.end > start]
        if kind == "formal" and any(t.kind == "formal" for t in later):
            return "a second formal affiliation"
        if place in self.branches and any((t.place, t.org) == (place, org) for t in later):
            return "twice in one branch"
        return ""

    def earliest(self, who: str, place: str, kind: str) -> date:
        """From when he may belong to the place, where nobody knows since when he does."""
        ended = [t.end for t in self.people[who].ties if t.end != NEVER
                 and ((kind == "formal" == t.kind) or (t.place == place and place in self.branches))]  # fmt: skip
        return max(ended, default=FIRST)

    def home(self, who: str) -> Tie | None:
        """His open formal affiliation."""
        return next(iter(self.people[who].open(kind="formal")), None)

    def under_way(self, who: str) -> bool:
        return any(t.who == who and t.state in ("draft", "issued") for t in self.letters.values())

    def alive(self, place: str) -> bool:
        return place in self.branches and self.branches[place].ended is None

    def here(self, who: str) -> bool:
        """Whether some branch of the register keeps him."""
        person = self.people[who]
        return not person.void and any(t.place in self.branches for t in person.open())

    def _since(self, who: str, place: str, kind: str, org: str, start: date | None) -> date | str:
        """From when the new affiliation holds, or why it may not."""
        person = self.people[who]
        if start is not None and start > self.today:
            return "in the future"
        if start is not None and start < person.admitted:
            return "before he was a member"
        since = start or self.earliest(who, place, kind)
        return self.clash(who, place, kind, org, since) or since

    # members and participations

    def join(self, who: str, place: str, kind: str, org: str = "", start: date | None = None,
             consented: date | None = None, full: bool | None = None) -> str:  # fmt: skip
        """Another affiliation of a known member."""
        person = self.people[who]
        if person.void or person.left is not None or not self.alive(place):
            return "gone"
        if consented is not None and (kind not in STAGED or consented > self.today):
            return "no consent to that"
        since = self._since(who, place, kind, org, start)
        if isinstance(since, str):
            return since
        due = months_later(consented, CONSENT_MONTHS) if consented else None
        self.tie(who, place, kind, since, org, assumed=start is None, consented=consented, full=full, due=due)
        return ""

    def enter(self, who: str, place: str, kind: str, start: date | None = None, outside: str = "",
              admitted: date = date(2015, 6, 1), confirmed: date | None = date(2016, 6, 1)) -> str:  # fmt: skip
        """A member told of anew, or a known one tied, by his number."""
        if not self.alive(place):
            return "no such branch"
        person = self.people.get(who) or Person(admitted, confirmed)
        if person.void:
            return "void"
        self.people[who] = person
        since = self._since(who, place, kind, "", start)
        if isinstance(since, str):
            if not person.ties:
                del self.people[who]
            return since
        if kind != "formal" and self.home(who) is None and outside:
            self.tie(who, outside, "formal", self.earliest(who, outside, "formal"), assumed=True)
        person.told += person.left is not None
        person.left = None
        self.tie(who, place, kind, since, assumed=start is None)
        return ""

    def advance(self, who: str, tie: Tie | None, stage: str, on: date, consented: date | None = None) -> str:
        """The next stage of a participation."""
        if tie is None or tie.kind not in STAGED or stage not in NEXT[tie.stage]:
            return "no such step"
        if on < (tie.since or FIRST) or on > self.today:
            return "not on that day"
        told = {}
        if consented is not None:
            told = {"consented": consented, "due": months_later(consented, CONSENT_MONTHS)}
        self.staged(who, tie, stage, on, **told)
        return ""

    def staged(self, who: str, tie: Tie, stage: str, on: date, **told: Any) -> None:
        """The stretch ends, the one of the next stage begins."""
        self.cut(who, tie, on)
        start = max(on, tie.start)
        self.people[who].ties.append(replace(tie, key=self.key(), start=start, stage=stage, since=on, **told))

    def end(self, who: str, tie: Tie | None, on: date) -> str:
        """A participation ends; a formal affiliation never ends so."""
        if tie is None or tie.kind == "formal" or not tie.start < on <= self.today:
            return "not so"
        self.cut(who, tie, on)
        return ""

    def leave(self, who: str, on: date) -> str:
        """He leaves every branch: not before the last thing that happened to him, not with a letter out."""
        person = self.people[who]
        if not self.here(who) or on > self.today or on <= person.admitted or self.under_way(who):
            return "not so"
        last = [t.end for t in person.ties if t.end != NEVER]
        last += [t.start for t in person.open() if not t.assumed]
        if on < max(last, default=FIRST):
            return "before what happened since"
        for tie in person.open():
            self.cut(who, tie, on)
        person.pauses = [(a, on if b == NEVER else b) for a, b in person.pauses if b != NEVER or a < on]
        person.left = on
        person.told += 1
        return ""

    def pause(self, who: str, on: date) -> str:
        """His vote is suspended."""
        person = self.people[who]
        if not self.here(who) or on > self.today or not person.full(on) or any(b > on for _a, b in person.pauses):
            return "not so"
        person.pauses.append((on, NEVER))
        return ""

    def resume(self, who: str, on: date) -> str:
        """And given back."""
        person = self.people[who]
        running = [a for a, b in person.pauses if b == NEVER]
        if not self.here(who) or not running or not running[0] < on <= self.today:
            return "not so"
        person.pauses = [(a, on if b == NEVER else b) for a, b in person.pauses]
        return ""

    # letters

    def plan(self, letter: str, who: str, target: str, org: str = "", on: date | None = None) -> str:
        """A transfer is planned from where his formal affiliation is; his participation there is 转接中."""
        home = self.home(who)
        if self.people[who].void or home is None or home.place == target or self.under_way(who):
            return "not from there"
        if (target not in self.branches and home.place not in self.branches) or (
            target in self.branches and not self.alive(target)
        ):
            return "not to there"
        self.letters[letter] = Letter(who, home.place, target, org)
        self._stage(who, target, "moving", min(on or self.today, self.today))
        return ""

    def _stage(self, who: str, place: str, stage: str, on: date) -> None:
        for tie in self.people[who].open(place):
            if tie.kind in STAGED and tie.stage != stage:
                self.staged(who, tie, stage, max(on, tie.since or on))

    def issue(self, letter: str, on: date, days: int) -> str:
        """The letter is signed, by a committee that may, under its next number of the year."""
        row = self.letters[letter]
        home = self.home(row.who)
        if row.state != "draft" or on > self.today or not 1 <= days <= LETTER_DAYS:
            return "not so"
        if home is None or home.place != row.source or (on < home.start and not home.assumed):
            return "he is not there, or was not yet"
        signs = self.branches[row.source].signs if row.source in self.branches else row.source
        if not signs or (row.source in self.branches and on < self.signing):
            return "nobody may sign"
        if row.source in self.branches:
            numbers = [int(t.number[5:]) for t in self.letters.values() if t.number.startswith(f"{on.year}-")
                       and self.branches[t.source].signs == signs]  # fmt: skip
            row.number = f"{on.year}-{max(numbers, default=0) + 1:04d}"
        else:
            row.number = f"外{letter}"
        row.state, row.on, row.until = "issued", on, date.fromordinal(on.toordinal() + days)
        return ""

    def accept(self, letter: str, on: date) -> str:
        """The formal affiliation moves on the day; the participation there ends as 已转入."""
        row, home = self.letters[letter], self.home(self.letters[letter].who)
        if row.state != "issued" or row.on is None or row.until is None:
            return "no letter"
        if not row.on <= on <= min(row.until, self.today) or home is None or home.place != row.source:
            return "not so"
        if on <= home.start and not home.assumed:
            return "he came later"
        ending = [t for t in self.people[row.who].ties if t.place == row.target and t.kind in STAGED and t.end > on]
        org = next((o for o in [row.org, *(t.org for t in sorted(ending, key=lambda t: t.start))] if o), "")
        left = [t for t in self.people[row.who].ties if t.end > on and t not in (home, *ending)]
        if any(t.kind == "formal" or (t.place == row.target and t.org == org) for t in left):
            return "something stands there"
        for tie in ending:
            self.cut(row.who, tie, on, moved=True)
        self.cut(row.who, home, on)
        self.tie(row.who, row.target, "formal", on, org)
        row.state = "accepted"
        return ""

    def refuse(self, letter: str, on: date) -> str:
        """The letter is sent back; the sender stays responsible."""
        row = self.letters[letter]
        if row.state != "issued" or row.on is None or not row.on <= on <= self.today:
            return "not so"
        row.state = "refused"
        self._stage(row.who, row.target, "dual", on)
        return ""

    def cancel(self, letter: str) -> str:
        """It is given up before anybody accepted."""
        row = self.letters[letter]
        if row.state not in ("draft", "issued"):
            return "not so"
        row.state = "cancelled"
        self._stage(row.who, row.target, "dual", self.today)
        return ""

    def again(self, letter: str, new: str) -> str:
        """A letter that expired or was refused is issued anew, if he is still where it sent him from."""
        row, home = self.letters[letter], self.home(self.letters[letter].who)
        expired = row.state == "issued" and row.until is not None and row.until < self.today
        if not (expired or row.state == "refused") or any(t.replaces == letter for t in self.letters.values()):
            return "not so"
        if home is None or home.place != row.source or (row.target in self.branches and not self.alive(row.target)):
            return "not from there"
        if row.state == "refused" and self.under_way(row.who):
            return "one is under way"
        if expired:
            row.state = "replaced"
        self.letters[new] = Letter(row.who, row.source, row.target, row.org, replaces=letter)
        self._stage(row.who, row.target, "moving", self.today)
        return ""

    # branches

    def dissolve(self, place: str, on: date) -> str:
        """撤销: nobody belongs there formally, no letter is out, no participation or meeting is unsettled."""
        branch = self.branches[place]
        if branch.ended is not None or not branch.founded < on <= self.today:
            return "not so"
        ties = [(who, t) for who, p in self.people.items() for t in p.ties if t.place == place and t.end > on]
        settling = [t for _who, t in ties if t.stage in ("surveyed", "dual", "moving")]
        letters = [t for t in self.letters.values() if place in (t.source, t.target)]
        meetings = [m for m in self.meetings.values() if m.branch == place]
        if settling or any(t.kind == "formal" for _who, t in ties):
            return "members are there"
        if any(t.state in ("draft", "issued") for t in letters):
            return "letters are out"
        if any(m.state in ("planned", "held") or (m.state == "closed" and m.day >= on) for m in meetings):
            return "meetings are"
        for who, tie in ties:
            self.cut(who, tie, on)
        branch.ended = on
        return ""
