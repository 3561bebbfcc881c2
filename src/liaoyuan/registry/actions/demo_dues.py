"""What is due soon, overdue or on a credit list in the demo: dealt out in fixed numbers, so that 待办 stays short.

Soon is a fixed number whatever the scale: the list of one officer for the next thirty days. Overdue dates and list
entries grow with the scale; the first are material for 整理清单, the second belong to bodies of the fancy alone.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from liaoyuan.kit.dates import add_months, add_years
from liaoyuan.registry.actions.demo_bodies import Body, Maker
from liaoyuan.registry.actions.demo_words import STREET, words
from liaoyuan.registry.choices import Status
from liaoyuan.registry.models import OPEN

#: Days falling within the next thirty days.
SOON = {"rating": 3, "certificate": 2, "term": 2, "filing": 3}
#: Days falling within the thirty days after those: the list of the officer also holds cases, and stays short.
LATER = {"rating": 1, "certificate": 2, "term": 1, "filing": 1}
#: Days that have passed, for each unit of scale.
OVERDUE = {"rating": 9, "certificate": 14, "term": 10, "filing": 22}
_LISTED = (2, 4, 7, 11, 16, 20, 26, 31)  # months on the abnormal list, for each unit of scale
_SERIOUS = (9, 30)


def deal(maker: Maker, bodies: list[Body]) -> None:
    """Set the dates that are due soon and those that have passed, the list entries and the liquidations."""
    draw, today = maker.draw, maker.today
    _lists(maker, [b for b in bodies if b.live and b.fails and b.kind != "BA"])
    old = [b for b in bodies if b.plain and b.kind != "JJ" and _age(b, today) > 9 and not b.ratings]
    draw.shuffle(old)
    takers: Iterator[Body] = iter(old)
    for what, set_day in _SETTERS.items():
        for last in _days(draw, today, what, maker.scale):
            set_day(maker, next(takers), last)
    filed = [b for b in bodies if b.kind == "BA" and b.live and _age(b, today) > 4]
    filed = sorted(draw.sample(filed, len(filed)), key=lambda body: body.street is None or body.street.code != STREET)
    filed[1:] = draw.sample(filed[1:], len(filed) - 1)
    for body, last in zip(filed, _days(draw, today, "filing", maker.scale), strict=False):
        body.facts["filing_to"] = last
    for _ in range(2 * maker.scale):
        next(takers).status = str(Status.LIQUIDATING)


def _age(body: Body, today: date) -> float:
    return (today - (body.registered_on or today)).days / 365.25


def _days(draw: Random, today: date, what: str, scale: int) -> list[date]:
    waits = [0] * SOON[what] + [30] * LATER[what]
    soon = [today + timedelta(days=draw.randrange(3, 29) + more) for more in waits]
    return soon + [today - timedelta(days=draw.randrange(20, 500)) for _ in range(OVERDUE[what] * scale)]


def _certificate(maker: Maker, body: Body, last: date) -> None:
    body.facts |= maker.certificate(body.registered_on or last, last)


def _term(maker: Maker, body: Body, last: date) -> None:
    body.facts |= maker.term(body.registered_on or last, last)


def _rating(maker: Maker, body: Body, last: date) -> None:
    body.ratings = [maker.rating(maker.level(), last)]


_SETTERS: dict[str, Callable[[Maker, Body, date], None]] = {
    "rating": _rating,
    "certificate": _certificate,
    "term": _term,
}


def _lists(maker: Maker, failing: list[Body]) -> None:
    """Entries on the credit lists; one was taken off again."""
    draw, today = maker.draw, maker.today
    draw.shuffle(failing)
    takers = iter(failing)
    for _ in range(maker.scale):
        for months in _LISTED:
            _enter(draw, next(takers), "abnormal", add_months(today, -months))
        for months in _SERIOUS:
            _enter(draw, next(takers), "serious", add_months(today, -months))
        entry = _enter(draw, next(takers), "abnormal", add_years(today, -3))
        entry["valid_to"], entry["removal_reason"] = add_years(today, -2), "已补报年度报告，申请移出。"


def _enter(draw: Random, body: Body, kind: str, start: date) -> dict:
    entry = {
        "list_kind": kind, "reason": draw.choice(words()[kind]), "valid_from": start, "valid_to": OPEN,
        "arisen_on": start - timedelta(days=2), "removal_reason": "", "evidence": "演示数据",
    }  # fmt: skip
    body.credits.append(entry)
    return entry
