"""Secret ballots: whoever reads every table learns no more than the totals allow (product.md)."""

import json
import math
import random
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from liaoyuan.core import clock
from liaoyuan.core.models import AuditEvent
from liaoyuan.party.actions import attending, deciding, elections
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.models import Attendance, Candidate, Decision, Election, Meeting
from tests.core.factories import AT
from tests.party import factories as make
from tests.party.test_meetings_actions import ON, meet

pytestmark = pytest.mark.django_db
#: Meetings of the attack, and of each of the two worlds that are compared.
MEETINGS, OF_A_WORLD = 1000, 150
#: Written anew at every run by nature: salts, chains, sessions. They are made without knowing any vote.
RANDOM = {"sessions.Session"}


def everything() -> str:
    """All rows of all tables as text, row by row in the order of their keys; columns as they stand in the database."""
    return "\n".join(f"{label} {json.dumps(row, default=str)}" for label, row in rows() if label not in RANDOM)


def rows():
    """(table, {column: value}) of every row of every table, in the order of their keys."""
    with connection.cursor() as cursor:
        for model in sorted(apps.get_models(include_auto_created=True), key=lambda m: m._meta.label):
            if not model._meta.managed:
                continue
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY "{key}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield model._meta.label, dict(zip(names, row, strict=True))


def vote(draw: random.Random, choices: list[str]) -> dict[str, int]:
    """What the tellers do: they open the papers and count. Only this knows the papers."""
    draw.shuffle(choices)
    return {word: choices.count(word) for word in ("yes", "no", "abstain", "spoiled")}


def run(branch, secretary, members, seed: int, permuted: bool) -> tuple[str, list[dict[int, str]]]:
    """Meetings, each with a vote of the same totals; `permuted`: other members cast the same papers."""
    draw, shuffle = random.Random(seed), random.Random(seed + 1 + permuted)
    cast = []
    rows = [
        Meeting(party_organization=branch, kind="members", year=ON.year, number=n + 1, state="held", held_on=ON,
                topic="事项", expected=8, present=8, absent=0, created_at=AT)
        for n in range(OF_A_WORLD)
    ]  # fmt: skip
    for meeting in Meeting.objects.bulk_create(rows):
        papers = [draw.choice(("yes", "yes", "no", "abstain", "spoiled")) for _m in members]
        owners = list(members)
        shuffle.shuffle(owners)
        cast.append({who.pk: paper for who, paper in zip(owners, papers, strict=True)})
        totals = vote(shuffle, list(papers))
        decision = deciding.put(meeting=meeting, kind="ordinary", subject="事项", method="secret", by=secretary, at=AT)
        deciding.close(decision=decision, **totals, issued=8, returned=8, by=secretary, at=AT)
    return everything(), cast


def test_other_owners_of_the_same_papers_leave_the_same_bytes(areas, committee, monkeypatch):
    """An attacker who knows all but one owner cannot tell who cast which: both worlds are one and the same.

    The clock ticks alike in both: what the log adds of its own (order, moments) follows from no paper.
    """
    branch = make.party(area=areas["district"], superior=committee)
    secretary, members = make.secretary(branch), make.members(branch, 8)
    worlds = []
    for permuted in (False, True):
        ticks = count(1)
        monkeypatch.setattr(clock, "real_now", lambda ticks=ticks: AT + timedelta(seconds=next(ticks)))
        with transaction.atomic():
            worlds.append(run(branch, secretary, members, 7, permuted))
            assert Decision.objects.filter(closed_at__isnull=False).count() == OF_A_WORLD
            transaction.set_rollback(True)
    (first, one), (second, other) = worlds
    assert sum(a != b for a, b in zip(one, other, strict=True)) > OF_A_WORLD * 0.9, "the owners are others indeed"
    if connection.vendor == "sqlite":  # there sequences roll back too: even the keys are the same
        assert first == second
    else:
        assert len(first) > 0 and shape(first) == shape(second)


def shape(text: str) -> list[str]:
    """Rows without the keys that a sequence of PostgreSQL does not give back."""
    told = []
    for line in text.splitlines():
        label, row = line.split(" ", 1)
        kept = {
            k: v
            for k, v in json.loads(row).items()
            if not k.endswith("id") and k not in ("payload", "hash", "prev_hash", "txid")
        }
        told.append(f"{label} {json.dumps(kept, sort_keys=True, default=str)}")
    return sorted(told)


def test_a_planted_link_is_found(areas, committee):
    """The comparison is able to see: one row that says who voted what makes the worlds differ."""
    branch = make.party(area=areas["district"], superior=committee)
    secretary, members = make.secretary(branch), make.members(branch, 8)
    meeting = meet(branch, secretary, 8)
    worlds = []
    for who in members[:2]:
        with transaction.atomic():
            decision = deciding.put(meeting=meeting, kind="ordinary", subject="事项", method="secret", by=secretary,
                                    at=AT)  # fmt: skip
            deciding.close(decision=decision, yes=7, no=1, abstain=0, issued=8, returned=8, by=secretary, at=AT)
            Attendance.objects.filter(meeting=meeting, member=who).update(reason="no")
            worlds.append(everything())
            transaction.set_rollback(True)
    assert worlds[0] != worlds[1]


def test_arrival_leaves_no_order(areas, committee, monkeypatch):
    """Members who sign in in another order leave the same sheet."""
    from liaoyuan.party.queries import own
    from tests.core.factories import user

    branch = make.party(area=areas["district"], superior=committee)
    secretary, members = make.secretary(branch), make.members(branch, 5)
    accounts = {f"m{n}": one for n, one in enumerate(members)}
    users = {name: user(name) for name in accounts}
    monkeypatch.setattr(own, "members_of", lambda who: [accounts[who.username]])
    sheets = []
    for order in (range(5), reversed(range(5))):
        with transaction.atomic():
            meeting = Meeting.objects.create(party_organization=branch, kind="members", year=ON.year, number=1,
                                             held_on=ON, topic="事项", created_at=AT)  # fmt: skip
            meeting = attending.begin(meeting=meeting, by=secretary, at=AT)
            meeting = attending.open_sign_in(meeting=meeting, open=True, by=secretary, at=AT)
            for n in order:
                attending.sign_in(meeting=meeting, member=members[n], round=1, by=users[f"m{n}"], at=AT)
            attending.save(meeting=meeting, marks={m.pk: Mark("present") for m in members}, by=secretary, at=AT)
            sheets.append(list(Attendance.objects.order_by("pk").values_list("member", "voting", "status", "reason")))
            told = AuditEvent.objects.filter(code="meeting.signed").values_list("payload", flat=True)
            assert not any(told), "the event says nothing but that"
            transaction.set_rollback(True)
    assert sheets[0] == sheets[1]


def test_no_row_links_a_voter():
    """Decisions and elections know people as subject or candidate only; nobody stands there as a voter."""
    for model, lawful in ((Decision, {"member", "applicant", "put_by", "closed_by", "meeting"}),
                          (Election, {"opened_by", "counted_by", "confirmed_by", "meeting"}),
                          (Candidate, {"member", "election"})):  # fmt: skip
        assert {f.name for f in model._meta.get_fields() if f.is_relation and not f.auto_created} == lawful
    assert elections.count.__kwdefaults__ is None or "votes" not in elections.count.__kwdefaults__


# The attack: somebody who reads every table and knows who voted what at half of the meetings guesses the other half.


def number(value) -> int:
    """Any value of any column as a number: the attacker does not care what it means."""
    if value is None or isinstance(value, bool | int):
        return int(value or 0)
    if hasattr(value, "timestamp"):
        return round(value.timestamp() * 1_000_000)
    text = str(value)
    if text[:2] == "20" and text[4:5] == "-":  # a moment, as SQLite keeps it
        return number(datetime.fromisoformat(text))
    return int(text) if text.isdecimal() else int.from_bytes(text.encode()[-12:], "big") + len(text)


#: What may be tried on a number of a meeting to tell something of its member at place `i` of the roster.
TRICKS = {
    "bit": lambda v, i: v >> i & 1, "sum": lambda v, i: (v + i) & 1, "place": lambda v, i: int(v % 8 == i),
    "digit": lambda v, i: v // 10**i & 1, "behind": lambda v, i: int(v % 8 > i),
}  # fmt: skip


def evidence(keys: list[int], members: list[int]) -> dict[str, list[list[int]]]:
    """Every clue of every column of every table: clue → by meeting, a 0 or 1 for each member."""
    places, found = {key: n for n, key in enumerate(keys)}, defaultdict(dict)
    roster, sessions = {key: n for n, key in enumerate(members)}, []
    for label, row in rows():
        of = row.get("meeting_id") or (row["subject_id"] if row.get("subject_kind") == "meeting" else None)
        if label == "sessions.Session":
            sessions.append(row)
        if of is None or int(of) not in places:
            continue
        at = places[int(of)]
        who = roster.get(row.get("member_id"), -1)
        for column, value in row.items():
            name = f"{label}.{column}" if label != "core.AuditEvent" else f"{label}.{row['code']}.{column}"
            found[name].setdefault(at, {})[who] = number(value)
    for n, row in enumerate(sorted(sessions, key=lambda r: str(r["expire_date"]))):
        for column, value in row.items():
            found[f"sessions.Session.{column}"].setdefault(n // 8, {})[n % 8] = number(value)
    told = {}
    for name, by_meeting in found.items():
        if len(by_meeting) < len(keys) or len({str(v) for v in by_meeting.values()}) < 2:
            continue  # the same at every meeting
        for trick, play in TRICKS.items():
            told[f"{name} {trick}"] = [
                [play(by_meeting[n].get(i, by_meeting[n].get(-1, 0)), i) for i in range(8)] for n in range(len(keys))
            ]
        if len(by_meeting[0]) == 8:
            told[f"{name} order"] = [
                [int(sorted(by_meeting[n].values()).index(by_meeting[n][i]) > 3) for i in range(8)]
                for n in range(len(keys))
            ]
    return told


def strength(clue: list[list[int]], votes: list[list[int]]) -> float:
    """How many standard deviations the clue tells of who said yes beyond what the totals of each meeting tell."""
    told = spread = 0.0
    for guess, cast in zip(clue, votes, strict=True):
        share, mean = sum(cast) / 8, sum(guess) / 8
        told += sum((g - mean) * (v - share) for g, v in zip(guess, cast, strict=True))
        spread += sum((g - mean) ** 2 for g in guess) * share * (1 - share) * 8 / 7
    return told / math.sqrt(spread) if spread else 0.0


def attack(keys, members, votes) -> tuple[str, float, int]:
    """The clue that told most of the known half, how much it tells of the other half, and how many were tried."""
    clues, half = evidence(keys, members), len(keys) // 2
    best = max(clues, key=lambda name: abs(strength(clues[name][:half], votes[:half])))
    sign = math.copysign(1, strength(clues[best][:half], votes[:half]))
    return best, sign * strength(clues[best][half:], votes[half:]), len(clues)


def a_thousand_votes(branch, secretary, members, draw: random.Random, monkeypatch) -> tuple[list[int], list[list[int]]]:
    """A thousand meetings with their sheets, sessions and votes; returns keys and, by meeting, who said yes."""
    ticks = count(1)
    monkeypatch.setattr(
        clock, "real_now", lambda: AT + timedelta(seconds=next(ticks), microseconds=draw.randrange(10**6))
    )
    made = Meeting.objects.bulk_create(
        Meeting(party_organization=branch, kind="members", year=ON.year, number=n + 1, state="held", held_on=ON,
                topic="事项", expected=8, present=8, absent=0, created_at=AT)
        for n in range(MEETINGS)
    )  # fmt: skip
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, member=who, voting=True, status="present") for meeting in made for who in members
    )
    Session.objects.bulk_create(
        Session(session_key=f"{draw.getrandbits(128):032x}", session_data=f"{draw.getrandbits(256):064x}",
                expire_date=AT + timedelta(seconds=n * 60 + draw.randrange(60)))
        for n in range(8 * MEETINGS)
    )  # fmt: skip
    cast = []
    for n, meeting in enumerate(made):
        papers = [draw.choice(("yes", "yes", "no", "abstain", "spoiled")) for _m in members]
        cast.append([int(paper == "yes") for paper in papers])
        at = AT + timedelta(minutes=n, seconds=draw.randrange(20))
        decision = deciding.put(meeting=meeting, kind="ordinary", subject="事项", method="secret", by=secretary, at=at)
        deciding.close(decision=decision, **vote(draw, papers), issued=8, returned=8, by=secretary,
                       at=at + timedelta(seconds=30 + draw.randrange(20)))  # fmt: skip
    return [meeting.pk for meeting in made], cast


def test_who_reads_every_table_guesses_no_better_than_the_totals_allow(areas, committee, monkeypatch):
    """One thousand meetings, every column of every row, half of the papers known: nothing is learned of the others.

    The same attacker finds a link that is planted in any single column: one bit of the moment, the order of rows.
    """
    branch = make.party(area=areas["district"], superior=committee)
    secretary, members = make.secretary(branch), make.members(branch, 8)
    roster = [who.pk for who in members]
    keys, votes = a_thousand_votes(branch, secretary, members, random.Random(11), monkeypatch)
    assert Decision.objects.filter(closed_at__isnull=False).count() == MEETINGS
    clue, told, tried = attack(keys, roster, votes)
    assert tried > 100, "many columns differ from meeting to meeting and are tried"
    assert told < 5, f"{clue} tells who voted what"
    rows_ = list(Decision.objects.order_by("meeting_id"))
    for row, cast in zip(rows_, votes, strict=True):
        row.closed_at += timedelta(microseconds=sum(bit << i for i, bit in enumerate(cast)))
    Decision.objects.bulk_update(rows_, ["closed_at"], batch_size=200)
    clue, told, _tried = attack(keys, roster, votes)
    assert clue.startswith("party.Decision.closed_at") and told > 20, "the attacker sees what there is to see"
