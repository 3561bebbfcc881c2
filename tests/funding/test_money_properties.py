"""Over any sequence of agreements, instalments, changes, returns, terminations and cancellations: no pool goes below
zero, instalments add up to the agreement, every figure that is told equals a ledger kept by hand.
"""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from liaoyuan.core.documents import making
from liaoyuan.funding.actions import agreements, amendments, ending, refunds
from liaoyuan.funding.models import Agreement, Amendment, Pool, Ruling, Tranche
from liaoyuan.funding.queries import money, where
from liaoyuan.funding.rules.payments import plan
from liaoyuan.funding.rules.spreading import replanned, spread
from liaoyuan.kit.findings import Refused
from tests.funding import granting, ground

WAN = granting.WAN
FEN = st.integers(0, 10**13)


@given(amount=FEN, rooms=st.lists(FEN, min_size=1, max_size=6))
def test_money_is_spread_to_the_fen(amount, rooms):
    if amount > sum(rooms):
        with pytest.raises(ValueError, match="do not fit"):
            spread(amount, rooms)
        return
    parts = spread(amount, rooms)
    assert sum(parts) == amount
    assert all(0 <= part <= room for part, room in zip(parts, rooms, strict=True))
    for part, room in zip(parts, rooms, strict=True):  # within the odd fen of its proportion
        assert abs(part * sum(rooms) - amount * room) <= len(rooms) * max(1, sum(rooms))


@given(amount=FEN, percents=st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_what_is_left_is_planned_anew_to_the_fen(amount, percents):
    parts = replanned(amount, percents)
    assert sum(parts) == amount and min(parts) >= 0 and len(parts) == len(percents)


@given(amount=FEN, cuts=st.lists(st.integers(1, 99), max_size=5, unique=True))
def test_instalments_add_up_to_the_agreement(amount, cuts):
    marks = [0, *sorted(cuts), 100]
    percents = tuple(b - a for a, b in pairwise(marks))
    parts = plan(percents, amount)
    assert sum(parts) == amount and min(parts) >= 0


class Hand:
    """A ledger kept by hand, one line a project: agreed, paid, returned; and what may be done next."""

    def __init__(self, projects: int) -> None:
        self.rows = [{"agreed": 0, "paid": 0, "returned": 0, "due": []} for _n in range(projects)]

    def of(self, name: str) -> int:
        return sum(row[name] for row in self.rows)


class Course:
    """Does one step after the other with a project of the round, by hand and by the product."""

    def __init__(self, desk, round_, lines, heads, at) -> None:
        self.desk, self.round, self.lines, self.heads, self.at = desk, round_, lines, heads, at
        self.hand = Hand(len(lines))
        self.done: list[str] = []

    def agreement(self, place: int) -> Agreement | None:
        found = Agreement.objects.exclude(state="cancelled").filter(project=self.lines[place].project).first()
        return granting.agreement(found) if found is not None else None

    def step(self, what: str, place: int, part: int) -> None:
        """Do it; what is refused must have changed nothing."""
        row = self.agreement(place)
        if (row is None) != (what == "draft"):
            return
        try:
            with transaction.atomic():
                getattr(self, what)(row, place, part)
        except Refused:
            self.done.append(f"-{what}")
        else:
            self.done.append(what)
        self.at += timedelta(minutes=1)

    def draft(self, row, place, part) -> None:
        line = self.lines[place]
        wanted = max(1, line.approved_fen * part // 100)
        pools = list(Pool.objects.filter(round=self.round).order_by("pk"))
        first = wanted * (part % 7) // 7
        shares = [(pool, fen) for pool, fen in zip(pools, (first, wanted - first), strict=True) if fen]
        granting.drafted(self.desk, line.project, shares, at=self.at, lines=[ground.line("B06", wanted)])
        self.hand.rows[place] |= {"agreed": wanted, "paid": 0, "returned": 0, "due": []}

    def cancel(self, row, place, part) -> None:
        agreements.cancel(agreement=row, reason="取消", by=self.desk.officer, at=self.at)
        self.hand.rows[place] |= {"agreed": 0}

    def sign(self, row, place, part) -> None:
        agreements.sign(agreement=row, by=self.desk.host, at=self.at)
        kept = self.hand.rows[place]
        half, third = kept["agreed"] * 50 // 100, kept["agreed"] * 30 // 100
        kept["due"] = [half, third, kept["agreed"] - half - third]

    def pay(self, row, place, part) -> None:
        kept = self.hand.rows[place]
        number = 4 - len(kept["due"])
        if number == 4 or not row.tranches.filter(no=number).exists():
            raise Refused([])
        if number > 1:
            trigger = ("mid_passed", "accepted")[number - 2]
            agreements.meet(agreement=row, trigger=trigger, met_on=granting.day(self.at), evidence="意见",
                            by=self.desk.host, at=self.at)  # fmt: skip
        granting.paid(self.desk, row, number, at=self.at)
        kept["paid"] += kept["due"].pop(0)
        if number == 1:
            agreements.start(agreement=granting.agreement(row), started_on=granting.day(self.at),
                             by=self.desk.officer, at=self.at)  # fmt: skip

    def lower(self, row, place, part) -> None:
        kept = self.hand.rows[place]
        wanted = max(1, kept["agreed"] * (40 + part * 3 // 5) // 100)
        amendments.ask(agreement=row, after={"budget": [ground.line("B06", wanted)]}, reason="缩减",
                       by=self.heads[place], at=self.at)  # fmt: skip
        amendments.agree(amendment=Amendment.objects.get(agreement=row, state="asked"), by=self.desk.host, at=self.at)
        if wanted == kept["agreed"]:
            return
        kept["agreed"] = wanted
        left = wanted - kept["paid"]
        kept["due"] = [left * 30 // 50, left - left * 30 // 50] if len(kept["due"]) == 2 else [left][: len(kept["due"])]

    def refund(self, row, place, part) -> None:
        kept = self.hand.rows[place]
        fen = (kept["paid"] - kept["returned"]) * part // 90
        refunds.enter(agreement=row, kind="unused", amount_fen=fen, received_on=granting.day(self.at),
                      voucher_no=f"T{self.at}", by=self.desk.cashier, at=self.at)  # fmt: skip
        kept["returned"] += fen

    def terminate(self, row, place, part) -> None:
        ending.ask(agreement=row, kind="terminate", reason="违约", by=self.desk.officer, at=self.at)
        ending.terminate(
            ruling=Ruling.objects.get(agreement=row, decided_at__isnull=True), by=self.desk.host, at=self.at
        )
        self.hand.rows[place] |= {"agreed": self.hand.rows[place]["paid"], "due": []}

    def judge(self) -> None:
        """Everything that is told equals the hand's ledger."""
        assert money.ledger_faults(self.round) == []
        pools = money.of_round(self.round)
        for one in pools:
            assert 0 <= one.returned <= one.paid <= one.committed <= one.ceiling
            assert one.left == one.ceiling - one.committed >= 0
        assert sum(one.committed for one in pools) == self.hand.of("agreed"), self.done
        assert sum(one.paid for one in pools) == self.hand.of("paid"), self.done
        assert sum(one.returned for one in pools) == self.hand.of("returned"), self.done
        for place, kept in enumerate(self.hand.rows):
            row = self.agreement(place)
            if row is None:
                continue
            sums, told = money.of_agreement(row), where.of_agreement(row, granting.day(self.at))
            wanted = (kept["agreed"], kept["paid"], kept["returned"])
            assert (sums.agreed, sums.paid, sums.returned) == (told.promised, told.paid, told.returned) == wanted
            assert row.amount_fen == kept["agreed"] and told.left == kept["agreed"] - kept["paid"]
            living = Tranche.objects.filter(agreement=row).exclude(state="cancelled")
            parts = list(living.values_list("amount_fen", flat=True))
            if row.state == "signed":
                assert sum(parts) == kept["agreed"], self.done
                assert told.next_fen == (kept["due"][0] if kept["due"] else 0), self.done
            elif row.state == "terminated":
                assert sum(parts) == kept["paid"]


_BEGUN = ("draft", "sign", "pay")
BEGUN = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 100)), min_size=3, max_size=3)
STEPS = st.tuples(
    st.sampled_from(["draft", "sign", "pay", "lower", "lower", "refund", "terminate", "cancel"]), st.integers(0, 2),
    st.integers(1, 100),
)  # fmt: skip


#: A course is hundreds of statements; a server answers each later than a file does.
EXAMPLES = {"sqlite": 40, "postgresql": 6}


@pytest.fixture
def plain_papers(monkeypatch):
    """Documents are numbered and signed as ever; their files are short texts."""
    monkeypatch.setattr(making, "make", lambda *a, **k: making.Made(docx=b"PK docx", pdf=b"%PDF-1.4"))


@pytest.mark.django_db
def test_any_course_of_a_round_keeps_its_books(desk, round_, areas, plain_papers):
    """Two pools hold less than the three projects were promised."""
    Pool.objects.filter(round=round_).update(ceiling_fen=12 * WAN + 1)
    granting.more(round_, desk.officer, "街道配套", 8 * WAN + 3)
    heads, lines = [], []
    for number in range(3):
        body = ground.body(f"滨湖区第{number}示例服务中心", street=areas["heli"])
        heads.append(ground.head(body, f"fuze{number}"))
        row = granting.proposed(round_, body, heads[-1], title=f"项目{number}")
        lines.append((row, 10 * WAN - number))
    approved, at = granting.approved(desk, round_, lines)
    seen: set[str] = set()

    @settings(
        max_examples=EXAMPLES[connection.vendor],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        phases=[Phase.generate],
    )
    @given(begun=BEGUN, steps=st.lists(STEPS, min_size=4, max_size=12))
    def any_course(begun, steps):
        """Each project is somewhere between nothing and its first instalment; then anything may happen."""
        course = Course(desk, round_, approved, heads, at)
        first = [(what, place, part) for place, (far, part) in enumerate(begun) for what in _BEGUN[:far]]
        with transaction.atomic():
            for what, place, part in [*first, *steps]:
                course.step(what, place, part)
                course.judge()
            transaction.set_rollback(True)
        seen.update(course.done)

    any_course()
    if connection.vendor != "sqlite":
        assert {"draft", "sign"} <= seen, sorted(seen)
        return
    assert {"draft", "cancel", "sign", "pay", "lower", "refund", "terminate"} <= seen, sorted(seen)
