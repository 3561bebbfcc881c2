"""Awarding and paying never read party membership: every statement they send names no table of that floor."""

import pytest
from django.db import connection

from liaoyuan.funding.actions import agreements, amendments, ending, expenses, refunds
from liaoyuan.funding.models import Amendment, Ruling
from liaoyuan.funding.queries import money, where
from tests.funding import granting, ground

pytestmark = pytest.mark.django_db
WAN = granting.WAN


class Blind:
    """Refuses statements that name a table of the floor `party`, or a column about members."""

    def __init__(self):
        self.count = 0

    def __call__(self, execute, sql, params, many, context):
        assert "party_" not in sql, sql
        self.count += 1
        return execute(sql, params, many, context)


def test_the_guard_sees_a_read_of_the_floor():
    from liaoyuan.party.models import Member

    with connection.execute_wrapper(Blind()), pytest.raises(AssertionError):
        Member.objects.count()


def test_from_the_list_to_the_last_refund_no_table_of_party_building_is_read(desk, round_, proposed, head):
    blind = Blind()
    with connection.execute_wrapper(blind):
        (line,), at = granting.approved(desk, round_, [(proposed, 10 * WAN)])
        row = granting.signed(desk, line.project, [(granting.pool(round_), 10 * WAN)], at=at)
        granting.paid(desk, row, at=at)
        agreements.start(agreement=granting.agreement(row), started_on=granting.day(at), by=desk.officer, at=at)
        values = {"voucher_no": "V1", "spent_on": granting.day(at), "payee": "某物业", "title": "场地",
                  "budget_class": "B06", "amount_fen": WAN, "grant_fen": WAN}  # fmt: skip
        expenses.enter(agreement=granting.agreement(row), values=values, file=granting.paper(), by=head, at=at)
        after = {"budget": [ground.line("B06", 9 * WAN)]}
        amendments.ask(agreement=granting.agreement(row), after=after, reason="缩减", by=head, at=at)
        amendments.agree(amendment=Amendment.objects.get(), by=desk.host, at=at)
        ending.ask(agreement=granting.agreement(row), kind="terminate", reason="违约", by=desk.officer, at=at)
        ending.terminate(ruling=Ruling.objects.get(), by=desk.host, at=at)
        refunds.enter(agreement=granting.agreement(row), kind="unused", amount_fen=4 * WAN, voucher_no="T",
                      received_on=granting.day(at), by=desk.cashier, at=at)  # fmt: skip
        assert where.of_project(granting.project(proposed), granting.day(at)).paid == 5 * WAN
        assert money.settled(granting.agreement(row))
    assert blind.count > 300
