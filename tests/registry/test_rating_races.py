"""Two officers at once: one assignment, one decision, one confirmation; the other is told so. On both databases."""

import threading

import pytest
from django.db import connection

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import assessors, filings, rating_entries
from liaoyuan.registry.actions.filings import Told
from liaoyuan.registry.actions.rating_entries import Votes
from liaoyuan.registry.models import Assignment, FilingConfirmation, RatingDecision
from tests.registry import factories as make
from tests.registry import rounds

pytestmark = pytest.mark.django_db(transaction=True)
BY = make.OPERATOR


@pytest.fixture
def round_():
    make.binhu()
    calendar.sync_calendar(at=make.AT)
    parameters.sync_shipped(at=make.AT)
    return rounds.opened()


def at_once(act, count: int = 4) -> tuple[int, list[str]]:
    """How many of `count` threads got through, and the codes with which the others were refused."""
    start, done, refused = threading.Barrier(count), [], []

    def run() -> None:
        try:
            start.wait()
            act()
            done.append(1)
        except Refused as told:
            refused.append(told.findings[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done), refused


def test_an_assessor_is_assigned_once(round_):
    entry, person = rounds.submitted(round_), rounds.assessor()
    told = at_once(lambda: assessors.assign(entry=entry, assessor=person, by=BY, at=rounds.VISITED))
    assert told == (1, ["ASSESSOR.assigned"] * 3)
    assert Assignment.objects.count() == 1


def test_a_body_enters_once(round_):
    body = make.organization()
    told = at_once(lambda: rounds.entered(round_, body))
    assert told == (1, ["RATING.entered"] * 3)


def test_a_decision_replaces_and_one_is_current(round_):
    entry = rounds.submitted(round_)
    rounds.scored(entry, rounds.assessor())
    told = at_once(lambda: rating_entries.decide(
        entry=entry, level="5A", votes=Votes(9, 9, 0, 0), on=rounds.DATES.review_on, words="", by=BY,
        at=rounds.REVIEWED))  # fmt: skip
    assert told == (4, [])
    assert RatingDecision.objects.current().count() == 1
    assert RatingDecision.objects.count() == 4


def test_a_filing_is_confirmed_once(round_):
    body = make.organization(kind="BA", street=make.binhu()["heli"])
    word = Told("phone", "负责人本人")
    told = at_once(lambda: filings.confirm(
        versions={body.pk: None}, year=2026, told=word, on=make.AT.date(), by=BY, at=make.AT))  # fmt: skip
    assert told == (1, ["FILING-TWICE"] * 3)
    assert FilingConfirmation.objects.count() == 1
