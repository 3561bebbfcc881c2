"""Two at once: the last of a pool goes to one of two agreements; of two approvers, payers, file makers one wins."""

import threading
from datetime import date

import pytest
from django.db import connection

from liaoyuan.core.actions import parameters
from liaoyuan.core.documents import making
from liaoyuan.core.models import SeparationSetting, User
from liaoyuan.funding.actions import agreements, paying, tranches
from liaoyuan.funding.models import Agreement, PaymentBatch, Pool, PoolEntry, Round, Tranche
from liaoyuan.funding.queries import money
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT
from tests.funding import granting, ground
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db(transaction=True)
WAN = granting.WAN


@pytest.fixture
def granted(monkeypatch):
    """A round with two approved projects, and the moment after it; the files of documents are short texts."""
    monkeypatch.setattr(making, "make", lambda *a, **k: making.Made(docx=b"PK docx", pdf=b"%PDF-1.4"))
    areas = registry.binhu()
    parameters.sync_shipped(at=AT)
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    round_ = ground.opened(areas["district"], ground.office())
    desk = granting.desk(areas["district"])
    lines = []
    for number in range(2):
        body = ground.body(f"滨湖区第{number}示例服务中心", street=areas["heli"])
        head = ground.head(body, f"fuze{number}")
        lines.append((granting.proposed(round_, body, head, title=f"项目{number}"), 10 * WAN))
    approved, at = granting.approved(desk, round_, lines)
    return desk, round_, [line.project for line in approved], at


def together(works):
    """Run the works at once; what each came to: "done", or the codes it was refused with."""
    gate, told = threading.Barrier(len(works)), [None] * len(works)

    def one(place, work):
        try:
            gate.wait(30)
            work()
            told[place] = "done"
        except Refused as refused:
            told[place] = tuple(sorted({finding.code for finding in refused.findings}))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return sorted(map(str, told))


def again(user):
    """The account as a process of its own reads it."""
    return User.objects.get(pk=user.pk)


def test_two_agreements_want_the_last_of_a_pool(granted):
    desk, round_, projects, at = granted
    Pool.objects.filter(round=round_).update(ceiling_fen=10 * WAN)

    def drafting(project, by):
        row = granting.project(project)
        return lambda: agreements.draft(
            project=row, shares=[(granting.pool(round_), 10 * WAN)], account=granting.account(row),
            starts_on=at.date(), ends_on=at.date() + 270 * granting.DAY, by=again(by), at=at,
        )  # fmt: skip

    told = together([drafting(projects[0], desk.officer), drafting(projects[1], desk.second)])
    assert told == ["('POOL-SHORT',)", "done"]
    assert (granting.pool(round_).committed_fen, Agreement.objects.count()) == (10 * WAN, 1)
    assert money.ledger_faults(round_) == []


def test_one_project_is_agreed_about_once(granted):
    desk, round_, projects, at = granted
    works = [
        lambda by=by: granting.drafted(
            desk._replace(officer=again(by)), projects[0], [(granting.pool(round_), 10 * WAN)], at=at
        )
        for by in (desk.officer, desk.second)
    ]
    told = together(works)
    assert told == ["('AGREEMENT-TWICE',)", "done"]
    assert granting.pool(round_).committed_fen == 10 * WAN


def test_two_approvers_two_file_makers_and_two_payers(granted):
    desk, round_, projects, at = granted
    row = granting.signed(desk, projects[0], [(granting.pool(round_), 10 * WAN)], at=at)
    tranches.prepare(tranche=granting.tranche(row), evidence="协议", by=desk.officer, at=at)
    told = together([
        lambda by=by: tranches.approve(tranche=granting.tranche(row), by=again(by), at=at)
        for by in (desk.host, desk.other_host)
    ])  # fmt: skip
    assert told.count("done") == 1
    told = together([
        lambda by=by: paying.make_file(round_=Round.objects.select_related("programme__area").get(pk=round_.pk),
                                       by=again(by), at=at)
        for by in (desk.finance, desk.cashier)
    ])  # fmt: skip
    assert told == ["('PAYMENT-NONE',)", "done"] and PaymentBatch.objects.count() == 1
    told = together([
        lambda by=by: paying.pay(tranche=granting.tranche(row), paid_on=granting.day(at), voucher_no="F",
                                 by=again(by), at=at)
        for by in (desk.finance, desk.cashier)
    ])  # fmt: skip
    assert told == ["('TRANCHE-STATE',)", "done"]
    assert list(PoolEntry.objects.filter(kind="paid").values_list("amount_fen", flat=True)) == [5 * WAN]
    assert Tranche.objects.get(agreement=row, no=1).state == "paid"
    assert money.ledger_faults(round_) == []
