"""Secret ballots: whoever reads every table learns no more than the totals allow (product.md)."""

import json
import random
from datetime import timedelta
from itertools import count

import pytest
from django.apps import apps
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
MEETINGS = 1000
#: Written anew at every run by nature: salts, chains, sessions. They are made without knowing any vote.
RANDOM = {"sessions.Session"}


def everything() -> str:
    """All rows of all tables as text, row by row in the order of their keys; columns as they stand in the database."""
    told = []
    with connection.cursor() as cursor:
        for model in sorted(apps.get_models(include_auto_created=True), key=lambda m: m._meta.label):
            if model._meta.label in RANDOM or not model._meta.managed:
                continue
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY "{key}"')
            names = [column[0] for column in cursor.description]
            told += [f"{model._meta.label} {json.dumps(dict(zip(names, row, strict=True)), default=str)}"
                     for row in cursor.fetchall()]  # fmt: skip
    return "\n".join(told)


def vote(draw: random.Random, choices: list[str]) -> dict[str, int]:
    """What the tellers do: they open the papers and count. Only this knows the papers."""
    draw.shuffle(choices)
    return {word: choices.count(word) for word in ("yes", "no", "abstain", "spoiled")}


def run(branch, secretary, members, seed: int, permuted: bool) -> tuple[str, list[dict[int, str]]]:
    """A thousand meetings, each with a vote of the same totals; `permuted`: other members cast the same papers."""
    draw, shuffle = random.Random(seed), random.Random(seed + 1 + permuted)
    cast = []
    rows = [
        Meeting(party_organization=branch, kind="members", year=ON.year, number=n + 1, state="held", held_on=ON,
                topic="事项", expected=8, present=8, absent=0, created_at=AT)
        for n in range(MEETINGS)
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
            assert Decision.objects.filter(closed_at__isnull=False).count() == MEETINGS
            transaction.set_rollback(True)
    (first, one), (second, other) = worlds
    assert sum(a != b for a, b in zip(one, other, strict=True)) > MEETINGS * 0.9, "the owners are others indeed"
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
