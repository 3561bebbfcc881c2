"""The ledger over random lives: on every day at most one formal affiliation; the figures of the transfer progress."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from liaoyuan.core.access import Operator
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import affiliations, members
from liaoyuan.party.actions.organizations import end_row
from liaoyuan.party.models import Affiliation, Member
from liaoyuan.party.queries import conversion
from tests.core.factories import AT
from tests.party import factories as make
from tests.registry import factories as registry

BY, START = Operator("tests"), date(2024, 1, 1)
TOLD = {"name": "演示党员甲", "admitted_on": date(2010, 1, 1), "confirmed_on": date(2011, 1, 1), "evidence": "档案"}
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["join", "outside", "advance", "end", "move", "leave", "enter"]), st.integers(0, 2),
        st.integers(0, 900), st.sampled_from(["formal", "temporary", "double", "floating"]),
        st.sampled_from(["dual", "moving", "kept", "moved"]), st.booleans(),
    ),
    max_size=14,
)  # fmt: skip


class Ledger(TestCase):
    """Random sequences of entering, joining, advancing, ending, moving and leaving."""

    def setUp(self):
        areas = registry.binhu()
        committee = make.committee(areas["district"])
        self.rooms = [make.party(area=areas["district"], superior=committee) for _ in range(3)]

    def act(self, who, what, room, days, kind, stage, dated):
        on = START + timedelta(days)
        rows = list(Affiliation.objects.now_open().filter(member=who).order_by("pk"))
        row = rows[room % len(rows)] if rows else None
        party, start = self.rooms[room], on if dated else None
        if what == "join":
            affiliations.join(member=who, party=party, kind=kind, start=start, by=BY, at=AT)
        elif what == "outside":
            affiliations.join(member=who, party=None, kind="formal", start=start, outside_name="演示外地党支部",
                              by=BY, at=AT)  # fmt: skip
        elif what == "advance" and row is not None:
            affiliations.advance(row=row, stage=stage, on=on, by=BY, at=AT)
        elif what == "end" and row is not None:
            affiliations.leave(row=row, on=on, reason="离开", by=BY, at=AT)
        elif what == "move":  # as an accepted transfer does: the formal row ends and one begins on the same day
            formal = next((r for r in rows if r.kind == "formal" and r.valid_from < on), None)
            if formal is not None and formal.party_organization_id != party.pk:
                end_row(formal, on, AT, BY)
                affiliations.write(member=who, party=party, kind="formal", organization=None, start=on,
                                   assumed=False, fields={}, by=BY, at=AT)  # fmt: skip
        elif what == "leave":
            members.leave(member=who, on=on, reason="other", evidence="批复", by=BY, at=AT)
        elif what == "enter":
            members.enter(party=party, kind=kind, fields={**TOLD, "id_number": self.number}, start=start,
                          outside_name="演示外地党支部", by=BY, at=AT, confirmed=True)  # fmt: skip

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=ACTS)
    def test_one_formal_row_on_every_day(self, acts):
        from django.db import transaction

        from tests.people import factories as people

        self.number = people.ric("19800101", 1)
        with transaction.atomic():
            who = members.enter(party=self.rooms[0], kind="formal", fields={**TOLD, "id_number": self.number},
                                start=START, by=BY, at=AT)  # fmt: skip
            for one in acts:
                try:
                    with transaction.atomic():
                        self.act(Member.objects.get(pk=who.pk), *one)
                except Refused:
                    continue
                periods = sorted(Affiliation.objects.current().formal().filter(member=who)
                                 .values_list("valid_from", "valid_to"))  # fmt: skip
                for (_a, ended), (began, _b) in pairwise(periods):
                    assert ended <= began, (acts, periods)
            assert Member.objects.filter(person=who.person).count() == 1
            transaction.set_rollback(True)


@pytest.fixture
def dual(areas, committee):
    """Two branches with rows in every state."""
    rooms = [make.party(f"演示{n}党支部", area=areas["district"], superior=committee) for n in "甲乙"]

    def row(room, who=None, **told):
        who = who or make.member()
        told = {"consented_on": date(2026, 1, 5), **told}
        make.affiliate(who, rooms[room], "temporary", **told)
        return who

    row(0, stage="dual", moved=True, transfer_due_on=date(2026, 7, 5), valid_to=date(2026, 5, 1))
    row(0, stage="dual", transfer_due_on=date(2026, 7, 5))
    row(0, stage="moving", transfer_due_on=date(2026, 12, 1))
    who = row(0, stage="dual", transfer_due_on=date(2026, 6, 1), valid_to=date(2026, 9, 1))
    row(0, who, stage="kept", start=date(2026, 9, 1), transfer_due_on=date(2026, 6, 1))
    row(0, stage="dual", consented_on=None)
    row(1, stage="moving", moved=True, transfer_due_on=date(2026, 7, 5), valid_to=date(2026, 8, 1))
    return rooms


@pytest.mark.parametrize(
    ("quarter", "expected", "rate"),
    [
        ((2026, 1), {"moved": 0, "due": 0, "ahead": 6, "kept": 0}, (0, 0)),
        ((2026, 2), {"moved": 1, "due": 1, "ahead": 4, "kept": 0}, (1, 2)),
        ((2026, 3), {"moved": 2, "due": 1, "ahead": 2, "kept": 1}, (2, 3)),
        ((2026, 4), {"moved": 2, "due": 1, "ahead": 2, "kept": 1}, (2, 3)),
    ],
)
def test_the_progress_of_a_quarter(dual, lead, quarter, expected, rate):
    """Counted by hand from the rows above; the running quarter ends today, 2026-10-26."""
    told, total = conversion.progress(lead, conversion.Quarter(*quarter), AT.date())
    assert total.counts == expected and total.rate == rate
    assert sum(line.counts["moved"] for line in told) == expected["moved"]
    for sort, count in expected.items():
        found = conversion.details(lead, conversion.Quarter(*quarter), AT.date(), sort, None)
        assert len(found) == count


def test_the_page_leads_to_the_rows_and_names_nobody_who_left(dual, lead, client, monkeypatch):
    client.force_login(lead)
    page = client.get(reverse("party:conversion"), {"quarter": "2026Q3"}).content.decode()
    assert "66.7%" in page and "50.0%" in page and "100.0%" in page
    lines = reverse("party:conversion_lines")
    page = client.get(lines, {"quarter": "2026Q3", "sort_of": "moved"}).content.decode()
    assert page.count("已离开（不显示姓名）") == 2 and "演示党员" not in page
    page = client.get(lines, {"quarter": "2026Q3", "sort_of": "due", "party": dual[0].pk}).content.decode()
    assert page.count("演示党员") >= 1
    assert client.get(lines, {"sort_of": "x"}).status_code == 404
    assert client.get(reverse("party:conversion"), {"quarter": "x"}).status_code == 200
    client.force_login(make.secretary(dual[1]))
    assert client.get(lines, {"sort_of": "due", "party": dual[0].pk}).status_code == 404
    page = client.get(reverse("party:conversion"), {"quarter": "2026Q3"}).content.decode()
    assert "演示甲党支部" not in page and "100.0%" in page
