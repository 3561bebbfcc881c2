"""From the published list to the last fen: who does what, what is refused, what the figures say after each step."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.core import vault
from liaoyuan.core.models import Document, Grant, User
from liaoyuan.funding.actions import agreements, paying, refunds, tranches
from liaoyuan.funding.models import Agreement, AgreementShare, PoolEntry, Revision, Tranche
from liaoyuan.funding.queries import money, where
from liaoyuan.kit.findings import Refused
from tests.funding import granting

pytestmark = pytest.mark.django_db
WAN = granting.WAN


def codes(refused):
    return {finding.code for finding in refused.value.findings}


@pytest.fixture
def award(desk, round_, proposed):
    """The approved line, and the moment after its approval."""
    (line,), at = granting.approved(desk, round_, [(proposed, 10 * WAN)])
    return line, at


@pytest.fixture
def contract(desk, round_, award):
    line, at = award
    return granting.signed(desk, line.project, [(granting.pool(round_), 10 * WAN)], at=at), at


def test_an_agreement_takes_its_money_and_is_signed_in_the_bodys_name(desk, round_, award):
    line, at = award
    pool = granting.pool(round_)
    with pytest.raises(Refused) as refused:
        granting.drafted(desk, line.project, [(pool, 10 * WAN)], at=at, account=granting.account(line.project, "乙某"))
    assert codes(refused) == {"GV-CON-02"}
    with pytest.raises(Refused) as refused:
        granting.drafted(desk, line.project, [(pool, 10 * WAN + 1)], at=at)
    assert codes(refused) <= {"AGREEMENT-BUDGET", "GV-CON-02"}
    assert not PoolEntry.objects.exists() and granting.pool(round_).committed_fen == 0
    row = granting.drafted(desk, line.project, [(pool, 10 * WAN)], at=at)
    assert granting.pool(round_).committed_fen == 10 * WAN
    assert row.account_number != "6222000011112345"
    assert vault.decrypt(row.account_number, purpose="agreement.account_number") == "6222000011112345"
    assert row.account_tail == "2345"
    with pytest.raises(PermissionDenied):
        agreements.sign(agreement=row, by=desk.officer, at=at)
    signed = agreements.sign(agreement=granting.agreement(row), by=desk.host, at=at)
    assert (signed.state, signed.project.state) == ("signed", "signed")
    assert signed.facts["contract_fen"] == signed.facts["approved_fen"] == 10 * WAN
    assert [(t.no, t.percent, t.amount_fen) for t in signed.tranches.all()] == [
        (1, 50, 5 * WAN), (2, 30, 3 * WAN), (3, 20, 2 * WAN),
    ]  # fmt: skip
    document = Document.objects.get(pk=signed.document_id)
    assert document.number and document.sealed and document.values == {}
    assert Revision.objects.filter(project=signed.project, occasion="signed").count() == 1


def test_three_persons_pay_an_instalment(desk, contract):
    row, at = contract
    with pytest.raises(Refused) as refused:
        tranches.prepare(tranche=granting.tranche(row, 2), evidence="x", by=desk.officer, at=at)
    assert codes(refused) == {"GV-PAY-01"}
    one = tranches.prepare(tranche=granting.tranche(row), evidence="协议书", by=desk.officer, at=at)
    assert (one.state, one.sheet.code) == ("prepared", "tranche_sheet")
    with pytest.raises(Refused):
        paying.make_file(round_=row.project.round, by=desk.finance, at=at)
    one = tranches.approve(tranche=granting.tranche(row), by=desk.host, at=at)
    assert one.state == "approved" and one.facts["paid_fen"] == 0
    batch = paying.make_file(round_=row.project.round, by=desk.finance, at=at)
    assert (batch.count, batch.total_fen) == (1, 5 * WAN)
    with pytest.raises(Refused) as refused:
        paying.make_file(round_=row.project.round, by=desk.cashier, at=at)
    assert codes(refused) == {"PAYMENT-NONE"}
    done = paying.pay(tranche=granting.tranche(row), paid_on=granting.day(at), voucher_no="F-1", by=desk.cashier, at=at)
    assert done.state == "paid" and done.paid_facts["payer"] == "dcashier"
    sums = money.of_agreement(row)
    assert (sums.agreed, sums.paid, sums.left) == (10 * WAN, 5 * WAN, 5 * WAN)
    with pytest.raises(Refused):
        paying.pay(tranche=granting.tranche(row), paid_on=granting.day(at), voucher_no="F-1", by=desk.finance, at=at)
    assert PoolEntry.objects.filter(kind="paid").count() == 1


def test_the_same_person_is_never_two_hands(desk, contract):
    row, at = contract
    for role in ("registry_head", "finance"):
        Grant.objects.create(user=desk.officer, role=role, scope_kind="area", scope_id="320211",
                             valid_from=date(2020, 1, 1), granted_at=at)  # fmt: skip
    tranches.prepare(tranche=granting.tranche(row), evidence="协议书", by=desk.officer, at=at)
    everything = User.objects.get(pk=desk.officer.pk)
    with pytest.raises(Refused):
        tranches.approve(tranche=granting.tranche(row), by=everything, at=at)
    tranches.approve(tranche=granting.tranche(row), by=desk.host, at=at)
    paying.make_file(round_=row.project.round, by=desk.finance, at=at)
    with pytest.raises(Refused) as refused:
        paying.pay(tranche=granting.tranche(row), paid_on=granting.day(at), voucher_no="F", by=everything, at=at)
    assert codes(refused) == {"GV-PAY-04"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Tranche.objects.filter(agreement=row, no=1).update(approved_by=desk.officer)


def test_a_finance_office_outside_pays_by_its_voucher(desk, contract):
    row, at = contract
    tranches.prepare(tranche=granting.tranche(row), evidence="协议书", by=desk.officer, at=at)
    tranches.approve(tranche=granting.tranche(row), by=desk.host, at=at)
    told = {"payer": "区财政局国库科", "voucher_no": "国支 12", "voucher": granting.paper()}
    done = paying.pay_outside(tranche=granting.tranche(row), paid_on=granting.day(at), by=desk.officer, at=at, **told)
    assert (done.state, done.outside, done.payer) == ("paid", True, "区财政局国库科")
    assert money.of_agreement(row).paid == 5 * WAN


def test_a_voided_file_pays_nothing_and_its_instalments_wait_again(desk, contract):
    row, at = contract
    granting.ordered(desk, row, at=at)
    batch = Tranche.objects.get(agreement=row, no=1).batch
    paying.void_file(batch=batch, reason="账号有误", by=desk.cashier, at=at)
    assert granting.tranche(row).state == "approved"
    with pytest.raises(Refused):
        paying.pay(tranche=granting.tranche(row), paid_on=granting.day(at), voucher_no="F", by=desk.cashier, at=at)
    again = paying.make_file(round_=row.project.round, by=desk.finance, at=at)
    assert again.number == 2 and again.csv.sha256 == batch.csv.sha256


def test_an_instalment_is_given_back_and_prepared_anew(desk, contract):
    row, at = contract
    tranches.prepare(tranche=granting.tranche(row), evidence="协议书", by=desk.officer, at=at)
    tranches.back(tranche=granting.tranche(row), reason="材料不全", by=desk.officer, at=at)
    assert granting.tranche(row).state == "planned"
    tranches.prepare(tranche=granting.tranche(row), evidence="协议书", by=desk.officer, at=at)
    tranches.approve(tranche=granting.tranche(row), by=desk.host, at=at)
    tranches.back(tranche=granting.tranche(row), reason="金额待核", by=desk.other_host, at=at)
    one = granting.tranche(row)
    assert (one.state, one.prepared_by_id, one.approved_by_id, one.facts) == ("planned", None, None, {})
    assert granting.paid(desk, row, at=at).state == "paid"


def test_where_is_my_money_after_each_step(desk, round_, award):
    line, at = award
    told = where.of_project(line.project, granting.day(at))
    assert (told.promised, told.waits_for, told.turn) == (10 * WAN, "agreement", "organizer")
    row = granting.signed(desk, line.project, [(granting.pool(round_), 10 * WAN)], at=at)
    day = granting.day(at)

    def now():
        found = where.of_project(granting.project(line.project), day)
        return found.next_no, found.next_fen, str(found.waits_for), str(found.turn), found.since

    assert now() == (1, 5 * WAN, "prepare", "organizer", day)
    tranches.prepare(tranche=granting.tranche(row), evidence="协议", by=desk.officer, at=at)
    assert now() == (1, 5 * WAN, "approve", "host", day)
    tranches.approve(tranche=granting.tranche(row), by=desk.host, at=at)
    assert now() == (1, 5 * WAN, "order", "finance", day)
    paying.make_file(round_=round_, by=desk.finance, at=at)
    assert now() == (1, 5 * WAN, "pay", "finance", day)
    paying.pay(tranche=granting.tranche(row), paid_on=day, voucher_no="F", by=desk.cashier, at=at)
    assert now() == (2, 3 * WAN, "condition", "body", day)
    found = where.of_project(granting.project(line.project), day)
    assert found.text == "第 2 期 30,000.00 元，等待拨付条件具备（中期评估合格），自 2026-11-03 起由项目组织办理。"
    assert (found.paid, found.left) == (5 * WAN, 5 * WAN)


def test_the_project_starts_and_every_instalment_follows_its_condition(desk, contract):
    row, at = contract
    with pytest.raises(Refused):
        agreements.start(agreement=row, started_on=granting.day(at), by=desk.officer, at=at)
    granting.paid(desk, row, at=at)
    agreements.start(agreement=granting.agreement(row), started_on=granting.day(at), by=desk.officer, at=at)
    assert granting.project(row.project).state == "running"
    later = at + timedelta(days=120)
    granting.logged(desk, row, at=later)
    for no, trigger in ((2, "mid_passed"), (3, "accepted")):
        with pytest.raises(Refused):
            tranches.prepare(tranche=granting.tranche(row, no), evidence="报告", by=desk.officer, at=later)
        agreements.meet(agreement=granting.agreement(row), trigger=trigger, met_on=granting.day(later),
                        evidence="评估意见", by=desk.host, at=later)  # fmt: skip
        granting.paid(desk, row, no, at=later)
    sums = money.of_agreement(row)
    assert (sums.paid, sums.left) == (10 * WAN, 0)
    assert sum(Tranche.objects.filter(agreement=row, state="paid").values_list("amount_fen", flat=True)) == 10 * WAN
    assert money.ledger_faults(row.project.round) == []


def test_money_left_over_comes_back_or_is_kept_for_a_use(desk, contract):
    row, at = contract
    granting.paid(desk, row, at=at)
    after = at + timedelta(days=400)
    assert {f.code for f in money.unused(granting.agreement(row), granting.day(after))} == {"GV-FIN-04"}
    told = {"kind": "unused", "received_on": granting.day(after), "by": desk.cashier, "at": after}
    with pytest.raises(Refused) as refused:
        refunds.enter(agreement=granting.agreement(row), amount_fen=5 * WAN + 1, voucher_no="T1", **told)
    assert codes(refused) == {"REFUND-AMOUNT"}
    refunds.enter(agreement=granting.agreement(row), amount_fen=2 * WAN, voucher_no="T1", **told)
    with pytest.raises(Refused):
        refunds.enter(agreement=granting.agreement(row), amount_fen=1, voucher_no="T1", **told)
    refunds.agree_reuse(
        agreement=granting.agreement(row), amount_fen=3 * WAN, reason="延续服务", by=desk.host, at=after
    )
    assert money.of_agreement(granting.agreement(row)).unused == 0
    assert money.unused(granting.agreement(row), granting.day(after)) == []
    share = AgreementShare.objects.get(agreement=row)
    assert (share.amount_fen, share.paid_fen, share.returned_fen) == (10 * WAN, 5 * WAN, 2 * WAN)


def test_a_cancelled_draft_and_a_declined_award_give_the_money_back(desk, round_, award, head):
    line, at = award
    pool = granting.pool(round_)
    row = granting.drafted(desk, line.project, [(pool, 10 * WAN)], at=at)
    agreements.cancel(agreement=granting.agreement(row), reason="账号待核", by=desk.officer, at=at)
    assert granting.pool(round_).committed_fen == 0
    granting.drafted(desk, line.project, [(pool, 10 * WAN)], at=at)
    done = agreements.decline(project=granting.project(line.project), reason="人手不足", by=head, at=at)
    assert done.state == "withdrawn" and granting.pool(round_).committed_fen == 0
    assert set(Agreement.objects.values_list("state", flat=True)) == {"cancelled"}
    assert not done.slots.exists()
    assert money.ledger_faults(round_) == []
