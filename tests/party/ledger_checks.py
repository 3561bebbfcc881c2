"""What must hold after every step: read from the tables as plain values and counted by hand, then set beside the model.

The product's queries are asked for figures only, to compare them with these counts.
"""

from collections import defaultdict
from datetime import date
from itertools import pairwise
from typing import Any

from liaoyuan.core.models import AuditEvent
from liaoyuan.party.models import (
    Affiliation,
    Attendance,
    Decision,
    Formation,
    Meeting,
    Member,
    MemberRecord,
    PartyOrganization,
    Transfer,
    VotingPause,
)
from liaoyuan.party.queries import counts
from tests.party.ledger_doors import Ground
from tests.party.ledger_model import NEVER, STAGED

SAMPLED = (date(2025, 6, 1), date(2026, 3, 15), date(2026, 8, 15), date(2026, 10, 26))
OUT_OF = ("draft", "issued")
#: The rows whose figures were counted last.
_COUNTED = [""]
SIGNED = ("issued", "accepted", "refused", "replaced")


class Tables:
    """All rows of the ledger as dictionaries, as known now."""

    def __init__(self) -> None:
        self.ties = list(Affiliation.objects.filter(superseded_at=None).values())
        self.records = {r["member_id"]: r for r in MemberRecord.objects.filter(superseded_at=None).values()}
        self.members = {m["id"]: m for m in Member.objects.values()}
        self.parties = {p["id"]: p for p in PartyOrganization.objects.values()}
        self.letters = list(Transfer.objects.order_by("pk").values())
        self.pauses = list(VotingPause.objects.filter(superseded_at=None).values())
        self.meetings = list(Meeting.objects.values())
        self.sheets = defaultdict(list)
        for row in Attendance.objects.values():
            self.sheets[row["meeting_id"]].append(row)
        self.votes = list(Decision.objects.order_by("meeting", "number").values())

    def live(self, key: int, day: date) -> bool:
        """Whether he is a member on the day."""
        record = self.records[key]
        left = record["left_on"] is not None and record["left_on"] <= day
        return self.members[key]["voided_at"] is None and record["admitted_on"] <= day and not left

    def full(self, key: int, day: date) -> bool:
        sure = self.records[key]["confirmed_on"]
        return self.live(key, day) and sure is not None and sure <= day


def on(row: dict[str, Any], day: date) -> bool:
    return bool(row["valid_from"] <= day < row["valid_to"])


def lawful(t: Tables) -> None:
    """The invariants of the ledger."""
    _members(t)
    _letters(t)
    _meetings(t)
    told = repr((t.ties, t.records, t.members, t.parties, t.pauses))
    if told != _COUNTED[-1]:  # after a step that changed no row of these, the figures are those of before
        for day in SAMPLED:
            _figures(t, day)
        _COUNTED[:] = [told]


def _members(t: Tables) -> None:
    formal = defaultdict(list)
    for row in t.ties:
        assert row["valid_from"] < row["valid_to"]
        party = t.parties.get(row["party_organization_id"])
        ended = party["dissolved_on"] if party else None
        assert ended is None or row["valid_to"] <= ended, "an affiliation outlives its branch"
        assert t.members[row["member_id"]]["voided_at"] is None, "an affiliation of who never was"
        left = t.records[row["member_id"]]["left_on"]
        assert left is None or row["valid_to"] <= left, "an affiliation outlives the membership"
        assert (row["kind"] in STAGED) == bool(row["stage"]), "a stage belongs to dual kinds, and to them always"
        assert row["transfer_due_on"] is None or row["consented_on"] is not None
        assert row["consented_on"] is None or row["kind"] in STAGED, "who belongs formally has not agreed to come"
        if row["kind"] == "formal":
            formal[row["member_id"]].append((row["valid_from"], row["valid_to"]))
        else:
            assert party is not None, "a participation without a branch"
    for periods in formal.values():
        for (_a, ended), (began, _b) in pairwise(sorted(periods)):
            assert ended <= began, "two formal affiliations on one day"
    for key, member in t.members.items():
        if member["voided_at"] is None and t.records[key]["left_on"] is None:
            open_ = [end for _start, end in formal[key]].count(NEVER)
            guest = any(
                row["member_id"] == key and row["valid_to"] == NEVER and row["kind"] != "formal" for row in t.ties
            )
            # of a guest, new or come back, nobody may have told yet where he belongs
            assert open_ == 1 or (open_ == 0 and guest), "exactly one open formal affiliation"


def _letters(t: Tables) -> None:
    signs = set(Formation.objects.filter(superseded_at=None, may_transfer=True).values_list("party_organization_id",
                                                                                            flat=True))  # fmt: skip
    numbers = defaultdict(list)
    for row in t.letters:
        if row["state"] in SIGNED and row["source_id"] is not None:
            assert row["issuer_id"] in signs, "a letter of who may not sign"
            above = t.parties[row["source_id"]]["path"]
            assert above.startswith(t.parties[row["issuer_id"]]["path"])
        if row["issuer_id"] is not None:
            numbers[row["issuer_id"], row["issued_on"].year].append(row["number"])
        if row["state"] in OUT_OF:
            (home,) = [r for r in t.ties if r["member_id"] == row["member_id"] and r["kind"] == "formal"
                       and r["valid_to"] == NEVER]  # fmt: skip
            assert home["party_organization_id"] == row["source_id"], "the sender is responsible until it is accepted"
            target = t.parties.get(row["target_id"])
            assert target is None or target["dissolved_on"] is None, "a letter to a branch that is no more"
    for (_issuer, year), told in numbers.items():
        assert told and sorted(told) == [f"{year}-{n:04d}" for n in range(1, len(told) + 1)], "numbers have a gap"
    out = [row["member_id"] for row in t.letters if row["state"] in OUT_OF]
    assert len(out) == len(set(out)), "two letters for one member"


def _meetings(t: Tables) -> None:
    by_key = {row["id"]: row for row in t.meetings}
    for row in t.meetings:
        party = t.parties[row["party_organization_id"]]
        if row["state"] != "cancelled" and party["dissolved_on"] is not None:
            assert row["state"] == "closed" and row["held_on"] < party["dissolved_on"], "a meeting after the end"
        sheet = t.sheets[row["id"]]
        voting = [r for r in sheet if r["voting"]]
        if row["state"] in ("held", "closed"):
            assert row["expected"] == len(voting), "E is not the sheet's"
            assert all(t.members[r["member_id"]]["voided_at"] is None for r in sheet), "E counts who never was"
        if row["present"] is not None:
            assert row["present"] == sum(r["status"] == "present" for r in voting)
            assert row["present"] + row["absent"] == row["expected"]
    for vote in t.votes:
        meeting = by_key[vote["meeting_id"]]
        assert meeting["state"] in ("held", "closed"), "a vote of a meeting that was not held"
        assert (vote["expected"], vote["present"]) == (meeting["expected"], meeting["present"]), "E did not stay frozen"
        over = 2 * vote["present"] > vote["expected"]
        assert vote["expected"] > 0 and (
            over or (vote["kind"] == "ordinary" and 2 * vote["present"] == vote["expected"])
        )
        if vote["closed_at"] is not None:
            assert vote["yes"] + vote["no"] + vote["abstain"] <= vote["present"] + vote["written"]
            assert vote["carried"] == (2 * vote["yes"] > vote["expected"])


def _figures(t: Tables, day: date) -> None:
    """The counts of the product on a day, against people counted one by one."""
    rows = [row for row in t.ties if on(row, day)]
    formal = {row["member_id"]: row for row in rows if row["kind"] == "formal"}
    assert len(formal) == sum(row["kind"] == "formal" for row in rows), "each member counts once"
    for column, ask in (("party_organization_id", counts.of_branches), ("organization_id", counts.of_bodies)):
        keys = {row[column] for row in rows if row[column] is not None}
        told = ask(keys, day)
        for key in keys:
            here = [row for row in rows if row[column] == key]
            at_home = {r["member_id"] for r in here if r["kind"] == "formal" and t.full(r["member_id"], day)}
            agreed = {r["member_id"] for r in here if r["stage"] in ("surveyed", "dual", "moving") and r["full_time"]
                      and r["consented_on"] and r["consented_on"] <= day and t.full(r["member_id"], day)}  # fmt: skip
            dual = {r["member_id"] for r in here if r["kind"] in STAGED and t.full(r["member_id"], day)}
            found = (told[key].formal, told[key].committed, told[key].dual)
            assert found == (len(at_home), len(agreed - at_home), len(dual - agreed - at_home)), (column, day)
            assert told[key].counted() == len(at_home | agreed), "nobody counts twice"
            if column == "party_organization_id":
                paused = {p["member_id"] for p in t.pauses if on(p, day)}
                voters = set(counts.voters(key, day).values_list("pk", flat=True))
                assert voters == at_home - paused


def same(t: Tables, ground: Ground) -> None:
    """The model's own view is that of the tables."""
    world = ground.world
    who = {key: name for (kind, name), key in ground.keys.items() if kind == "who"}
    place = {key: name for (kind, name), key in ground.keys.items() if kind == "branch"}
    body = {row.pk: name for name, row in ground.bodies.items()} | {None: ""}
    there = sorted(
        (who[r["member_id"]], place.get(r["party_organization_id"]) or r["outside_name"].removesuffix(ground.mark),
         r["kind"], body[r["organization_id"]], r["valid_from"], r["valid_to"], r["assumed"], r["stage"],
         r["stage_on"] or NEVER, r["moved"], r["consented_on"] or NEVER, r["transfer_due_on"] or NEVER)
        for r in t.ties if r["member_id"] in who
    )  # fmt: skip
    ours = sorted(
        (name, tie.place, tie.kind, tie.org, tie.start, tie.end, tie.assumed, tie.stage, tie.since or NEVER, tie.moved,
         tie.consented or NEVER, tie.due or NEVER)
        for name, person in world.people.items() for tie in person.ties
    )  # fmt: skip
    assert there == ours, f"\nonly there {set(there) - set(ours)}\nonly here {set(ours) - set(there)}"
    left = {who[key]: record["left_on"] for key, record in t.records.items() if key in who}
    assert left == {name: p.left for name, p in world.people.items() if not p.void}
    void = {who[key] for key, member in t.members.items() if key in who and member["voided_at"] is not None}
    assert void == {name for name, p in world.people.items() if p.void}
    ended = {place[key]: p["dissolved_on"] for key, p in t.parties.items() if key in place}
    assert ended == {name: b.ended for name, b in world.branches.items()}
    pauses = sorted((who[p["member_id"]], p["valid_from"], p["valid_to"]) for p in t.pauses if p["member_id"] in who)
    assert pauses == sorted((name, *stretch) for name, p in world.people.items() for stretch in p.pauses)
    _same_letters(t, ground)
    _same_meetings(t, ground, who)


def _same_letters(t: Tables, ground: Ground) -> None:
    names = {key: name for (kind, name), key in ground.keys.items() if kind == "letter"}
    for row in t.letters:
        if row["id"] in names:
            ours = ground.world.letters[names[row["id"]]]
            told = (row["state"], row["issued_on"], row["expires_on"])
            assert told == (ours.state, ours.on, ours.until), names[row["id"]]
            assert row["number"] == (ours.number or row["number"]) and bool(row["number"]) == bool(ours.number)
    assert len(ground.world.letters) == len(names)


def _same_meetings(t: Tables, ground: Ground, who: dict[int, str]) -> None:
    names = {key: name for (kind, name), key in ground.keys.items() if kind == "meeting"}
    for row in t.meetings:
        if row["id"] not in names:
            continue
        ours = ground.world.meetings[names[row["id"]]]
        assert (row["state"], row["held_on"], row["present"]) == (ours.state, ours.day, ours.present)
        sheet = t.sheets[row["id"]]
        roster = sorted(who[r["member_id"]] for r in sheet if r["voting"] or r["status"] == "excluded")
        assert roster == sorted(ours.roster), "the roster did not stay frozen"
        assert sorted(who[r["member_id"]] for r in sheet) == sorted((*ours.roster, *ours.guests))
        votes = [(v["kind"], v["expected"], v["present"], v["yes"], v["carried"]) for v in t.votes
                 if v["meeting_id"] == row["id"]]  # fmt: skip
        assert votes == [tuple(v[n] for n in ("kind", "expected", "present", "yes", "carried")) for v in ours.votes]


def trace() -> tuple[Any, ...]:
    """What a refused step must not change: every version and number of rows, and the length of the log."""
    rows = (Affiliation, MemberRecord, Member, PartyOrganization, Transfer, VotingPause, Meeting, Attendance, Decision)
    versions = [sorted(m.objects.values_list("pk", "version")) for m in (Member, PartyOrganization, Transfer, Meeting)]
    kinds = ("dossier.opened", "member.revealed", "import.staged")
    return (
        *(m.objects.count() for m in rows),
        *map(tuple, versions),
        AuditEvent.objects.exclude(code__in=kinds).count(),
    )
