"""Changes of a running project, vouchers, endings: rules are asked again, two persons decide, versions are kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.funding.actions import agreements, amendments, ending, expenses, refunds
from liaoyuan.funding.models import Amendment, Expense, HandOverFile, Revision, Ruling, Tranche
from liaoyuan.funding.queries import money
from liaoyuan.kit.findings import Refused
from tests.funding import granting, ground

pytestmark = pytest.mark.django_db
WAN = granting.WAN


def codes(refused):
    return {finding.code for finding in refused.value.findings}


@pytest.fixture
def running(desk, round_, proposed):
    """A project that runs, with its first instalment paid, and the moment."""
    (line,), at = granting.approved(desk, round_, [(proposed, 10 * WAN)])
    row = granting.signed(desk, line.project, [(granting.pool(round_), 10 * WAN)], at=at)
    granting.paid(desk, row, at=at)
    agreements.start(agreement=granting.agreement(row), started_on=granting.day(at), by=desk.officer, at=at)
    return granting.agreement(row), at


def asked(row, head, at, **after):
    return amendments.ask(agreement=granting.agreement(row), after=after, reason="实施需要", by=head, at=at)


def agreed(desk, amendment, at):
    return amendments.agree(amendment=Amendment.objects.get(pk=amendment.pk), by=desk.host, at=at)


@pytest.mark.parametrize(("pay", "passes"), [(5 * WAN, True), (5 * WAN + 1, False)])
def test_half_of_the_budget_to_the_fen_also_after_a_change(desk, running, head, pay, passes):
    row, at = running
    after = {"budget": [ground.line("B01", pay), ground.line("B06", 10 * WAN - pay)]}
    if not passes:
        with pytest.raises(Refused) as refused:
            asked(row, head, at, **after)
        assert codes(refused) == {"GV-BUD-01"}
        assert granting.project(row.project).state == "running" and not Amendment.objects.exists()
        return
    made = asked(row, head, at, **after)
    assert {one["code"] for one in made.findings} >= {"GV-EXE-02"}
    assert granting.project(row.project).state == "amending"
    done = agreed(desk, made, at)
    project = granting.project(row.project)
    assert (project.state, project.pay_fen) == ("running", 5 * WAN)
    assert done.revision.content["budget"][0]["grant_fen"] == 5 * WAN
    assert done.before["budget"][0]["grant_fen"] == 4 * WAN
    assert [r.occasion for r in Revision.objects.filter(project=project)][:2] == ["amended", "signed"]


def test_a_smaller_grant_goes_back_to_the_pool_and_the_rest_is_planned_anew(desk, round_, running, head):
    row, at = running
    with pytest.raises(Refused) as refused:
        asked(row, head, at, budget=[ground.line("B06", 10 * WAN + 1)])
    assert codes(refused) == {"AMENDMENT-GRANT"}
    agreed(desk, asked(row, head, at, budget=[ground.line("B06", 8 * WAN)]), at)
    assert granting.pool(round_).committed_fen == 8 * WAN
    amounts = list(Tranche.objects.filter(agreement=row).order_by("no").values_list("amount_fen", flat=True))
    assert amounts == [5 * WAN, 1_800_000, 1_200_000]
    below = asked(row, head, at, budget=[ground.line("B06", 5 * WAN - 1)])
    with pytest.raises(Refused) as refused:
        agreed(desk, below, at)
    assert codes(refused) == {"AMENDMENT-PAID"}
    assert granting.agreement(row).amount_fen == 8 * WAN
    amendments.keep(amendment=below, opinion="低于已拨金额", by=desk.host, at=at)
    assert granting.project(row.project).state == "running"


def test_a_new_leader_period_place_and_target_and_the_hand_over(desk, running, head):
    row, at = running
    last = (row.ends_on + timedelta(days=30)).isoformat()
    made = asked(
        row, head, at, leader="演示乙", period=[row.starts_on.isoformat(), last], place=["蠡园街道"],
        target=[{"title": "服务人次", "unit": "人次", "target": 700}],
    )  # fmt: skip
    with pytest.raises(Refused):
        asked(row, head, at, leader="演示丙")
    with pytest.raises(PermissionDenied):
        amendments.agree(amendment=made, by=head, at=at)
    agreed(desk, made, at)
    row = granting.agreement(row)
    assert (row.ends_on.isoformat(), row.places) == (last, ["蠡园街道"])
    assert [m.name for m in row.project.team.filter(lead=True)] == ["演示乙"]
    assert [(i.title, i.target) for i in row.project.indicators.all()] == [("服务人次", 700)]
    paper = HandOverFile.objects.get()
    assert (paper.gives, paper.takes) == ("演示甲", "演示乙")
    told = {(part, item): text for part, item, text in paper.content["rows"]}
    assert told["资金", "已拨"] == "50,000.00" and told["资金", "协议金额"] == "100,000.00"


def test_a_doubled_voucher_is_entered_only_after_a_confirmation(desk, running, head):
    row, at = running
    values = {"voucher_no": "0001", "spent_on": granting.day(at), "payee": "某物业", "title": "场地费",
              "budget_class": "B06", "amount_fen": 300_000, "grant_fen": 200_000}  # fmt: skip
    told = {"agreement": row, "file": granting.paper(), "by": head, "at": at}
    expenses.enter(values=values, **told)
    with pytest.raises(Refused) as refused:
        expenses.enter(values=values, **told)
    assert codes(refused) == {"EXPENSE-AGAIN"}
    again = expenses.enter(values=values, confirmed=True, **told)
    assert again.again and money.of_agreement(row).spent == 400_000
    expenses.void(expense=again, reason="重复登记", by=head, at=at)
    assert money.of_agreement(row).spent == 200_000
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=again.pk).update(again=False, voided_at=None, voided_by=None)
    for name, value, code in (("amount_fen", 0, "EXPENSE-AMOUNT"), ("grant_fen", 300_001, "EXPENSE-AMOUNT"),
                              ("spent_on", granting.day(at) + timedelta(days=1), "EXPENSE-DAY"),
                              ("payee", " ", "EXPENSE-MISSING"), ("budget_class", "B50", "EXPENSE-CLASS")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            expenses.enter(values={**values, "voucher_no": "2", name: value}, **told)
        assert codes(refused) == {code}


def test_an_agreement_is_ended_by_two_persons_and_money_taken_back(desk, round_, running):
    row, at = running
    made = ending.ask(agreement=row, kind="terminate", reason="违反协议", by=desk.host, at=at)
    with pytest.raises(Refused) as refused:
        ending.terminate(ruling=made, by=desk.host, at=at)
    assert codes(refused) == {"RULING-SECOND"}
    ending.terminate(ruling=made, by=desk.other_host, at=at)
    row = granting.agreement(row)
    assert (row.state, row.project.state, row.amount_fen) == ("terminated", "terminated", 5 * WAN)
    assert granting.pool(round_).committed_fen == 5 * WAN
    assert set(Tranche.objects.filter(agreement=row).values_list("state", flat=True)) == {"paid", "cancelled"}
    due = granting.day(at) + timedelta(days=30)
    with pytest.raises(Refused) as refused:
        ending.ask(agreement=row, kind="recover", reason="追回", amount_fen=5 * WAN + 1, due_on=due, by=desk.officer,
                   at=at)  # fmt: skip
    assert codes(refused) == {"RULING-AMOUNT"}
    ending.ask(agreement=row, kind="recover", reason="追回未用资金", amount_fen=5 * WAN, due_on=due, by=desk.officer,
               at=at)  # fmt: skip
    ending.recover(ruling=Ruling.objects.get(kind="recover"), by=desk.host, at=at)
    assert granting.project(row.project).state == "recovering" and not money.settled(granting.agreement(row))
    refunds.enter(agreement=granting.agreement(row), kind="recovered", amount_fen=5 * WAN, voucher_no="T1",
                  received_on=granting.day(at), by=desk.cashier, at=at)  # fmt: skip
    assert money.settled(granting.agreement(row)) and money.ledger_faults(round_) == []


def test_nothing_is_ended_while_an_instalment_is_on_its_way(desk, round_, proposed):
    (line,), at = granting.approved(desk, round_, [(proposed, 10 * WAN)])
    row = granting.signed(desk, line.project, [(granting.pool(round_), 10 * WAN)], at=at)
    granting.ordered(desk, row, at=at)
    made = ending.ask(agreement=granting.agreement(row), kind="terminate", reason="违约", by=desk.officer, at=at)
    with pytest.raises(Refused) as refused:
        ending.terminate(ruling=made, by=desk.host, at=at)
    assert codes(refused) == {"RULING-MOVING"}
    assert granting.agreement(row).state == "signed"
    assert Ruling.objects.get().decided_at is None
