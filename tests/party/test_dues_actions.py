"""Dues through their actions: bases, months to the fen, payments, reductions, gifts, use; two builders at once."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import dues, dues_money, dues_retention
from liaoyuan.party.models import Due, DuesBase, DuesExtra, DuesUse, Talk
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import dues_due
from tests.core.factories import user
from tests.party import factories as make
from tests.party.factories import AT
from tests.registry import factories as registry
from tests.registry.test_rating_races import at_once

pytestmark = pytest.mark.django_db
MONTH = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def rules(areas):
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)


@pytest.fixture
def branch(areas, committee):
    return make.party("演示甲党支部", area=areas["district"], superior=committee)


@pytest.fixture
def secretary(branch):
    return make.secretary(branch)


def payer(branch, yuan="3000", category="monthly", **told):
    who = make.member(**told)
    make.affiliate(who, branch)
    make.dues_base(who, yuan, category)
    return who


def by_hand(yuan: str, percent: str) -> int:
    exact = Decimal(yuan) * Decimal(percent) / 100
    return int(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) * 100)


VECTORS = (
    ("3000", "monthly", "0.5"), ("3000.01", "monthly", "1"), ("5000", "monthly", "1"), ("5001", "monthly", "1.5"),
    ("10000", "annual", "1.5"), ("10001", "irregular", "2"), ("5000", "retired", "0.5"), ("5001", "retired", "1"),
)  # fmt: skip


def test_a_month_is_built_to_the_fen(branch, secretary):
    wanted = {payer(branch, yuan, kind).pk: by_hand(yuan, percent) for yuan, kind, percent in VECTORS}
    wanted[payer(branch, None, "none").pk] = wanted[payer(branch, None, "farmer").pk] = 20
    done = dues.build(party=branch, month=date(2026, 10, 19), by=secretary, at=AT)
    assert (done.made, done.changed, done.without_base) == (10, 0, ())
    rows = Due.objects.current().filter(month=MONTH)
    assert dict(rows.values_list("member_id", "due_fen")) == wanted
    by_rate = set(rows.values_list("category", "rate"))
    assert {("monthly", 50), ("monthly", 100), ("monthly", 150), ("irregular", 200), ("none", None)} <= by_rate
    again = dues.build(party=branch, month=MONTH, by=secretary, at=AT)
    assert (again.made, again.changed) == (0, 0)
    assert Due.objects.count() == 10
    assert AuditEvent.objects.filter(code="dues.built").count() == 1


def test_who_owes_and_who_does_not(areas, committee, branch, secretary):
    other = make.party("演示乙党支部", area=areas["district"], superior=committee)
    home = payer(branch)
    guest = make.member()
    make.affiliate(guest, other)
    make.affiliate(guest, branch, "temporary")
    make.dues_base(guest)
    new = payer(branch, admitted_on=date(2026, 10, 30), confirmed_on=None)
    later = payer(branch, admitted_on=date(2026, 11, 1), confirmed_on=None)
    gone = payer(branch, left_on=date(2026, 10, 1), left_reason="other")
    moved = make.member()  # left on the 15th: where his month began he pays
    make.affiliate(moved, branch, valid_to=date(2026, 10, 15))
    make.affiliate(moved, other, start=date(2026, 10, 15))
    make.dues_base(moved)
    came = make.member()
    make.affiliate(came, other, valid_to=date(2026, 10, 2))
    make.affiliate(came, branch, start=date(2026, 10, 2))
    make.dues_base(came)
    poor = make.member()
    make.affiliate(poor, branch)
    done = dues.build(party=branch, month=MONTH, by=secretary, at=AT)
    assert done.without_base == (poor.pk,)
    owing = set(Due.objects.current().values_list("member_id", flat=True))
    assert owing == {home.pk, new.pk, moved.pk}
    assert not owing & {guest.pk, later.pk, gone.pk, came.pk}


@pytest.mark.parametrize(("kind", "words"), [("temporary", "临时党支部"), ("functional", "功能型党支部")])
def test_branches_for_a_task_collect_nothing(areas, committee, lead, kind, words):
    told = {"task_ends_on": date(2027, 1, 1)} if kind == "temporary" else {}
    task = make.party("演示临时党支部", area=areas["district"], superior=committee, kind=kind, **told)
    payer(task)
    with pytest.raises(Refused, match=words):
        dues.build(party=task, month=MONTH, by=lead, at=AT)
    assert not Due.objects.exists()


def test_a_branch_with_transfers_in_progress_collects_from_the_month_in_which_it_is_regular(areas, committee, lead):
    moving = make.party("演示转接党支部", area=areas["district"], superior=committee, regular_on=None)
    payer(moving)
    with pytest.raises(Refused, match="正在转接"):
        dues.build(party=moving, month=MONTH, by=lead, at=AT)
    moving.regular_on = date(2026, 10, 20)
    moving.save()
    assert dues.build(party=moving, month=MONTH, by=lead, at=AT).made == 1
    with pytest.raises(Refused, match="还没有开始"):
        dues.build(party=moving, month=date(2027, 1, 1), by=lead, at=AT)
    with pytest.raises(Refused, match="由党支部收缴"):
        dues.build(party=committee, month=MONTH, by=lead, at=AT)


def test_only_who_keeps_the_branch_builds_and_takes_money(areas, committee, branch):
    payer(branch)
    other = make.secretary(make.party("演示乙党支部", area=areas["district"], superior=committee), "other")
    for who in (other, make.lead("head2", "party_head")):
        with pytest.raises(PermissionDenied):
            dues.build(party=branch, month=MONTH, by=who, at=AT)
        with pytest.raises(PermissionDenied):
            dues.pay(party=branch, keys=[1], on=MONTH, by=who, at=AT)


def test_a_new_base_reckons_unpaid_months_anew_and_leaves_paid_ones(branch, secretary):
    who = payer(branch, "3000")
    for month in (date(2026, 8, 1), date(2026, 9, 1), MONTH):
        dues.build(party=branch, month=month, by=secretary, at=AT)
    paid = Due.objects.current().get(month=date(2026, 9, 1))
    dues.pay(party=branch, keys=[paid.pk], on=date(2026, 9, 20), by=secretary, at=AT)
    dues.set_base(party=branch, member=who, category="monthly", base_fen=500100, start=date(2026, 9, 12),
                  set_on=date(2026, 9, 12), signed_on=date(2026, 9, 13), by=secretary, at=AT)  # fmt: skip
    told = dict(Due.objects.current().values_list("month__month", "due_fen"))
    assert told == {8: 1500, 9: 1500, 10: 7502}
    assert {(b.valid_from.month, queries.clear(b)) for b in DuesBase.objects.current()} == {(1, 300000), (9, 500100)}
    assert Due.objects.filter(superseded_at__isnull=False).count() == 2
    assert "500100" not in str(list(DuesBase.objects.values_list("base")))
    payload = str(AuditEvent.objects.get(code="dues.base_set").payload)
    assert "5001" not in payload
    with pytest.raises(Refused, match="不能早于"):
        dues.set_base(party=branch, member=who, category="none", base_fen=None, start=date(2026, 8, 1),
                      set_on=date(2026, 9, 12), by=secretary, at=AT)  # fmt: skip
    with pytest.raises(Refused, match="请填写党费基数"):
        dues.set_base(party=branch, member=who, category="retired", base_fen=None, start=MONTH, set_on=MONTH,
                      by=secretary, at=AT)  # fmt: skip


def test_a_base_is_set_by_the_branch_to_which_the_member_belongs(areas, committee, branch, secretary):
    guest = make.member()
    make.affiliate(guest, make.party("演示乙党支部", area=areas["district"], superior=committee))
    make.affiliate(guest, branch, "temporary")
    with pytest.raises(Refused, match="不在本支部"):
        dues.set_base(party=branch, member=guest, category="none", base_fen=None, start=MONTH, set_on=MONTH,
                      by=secretary, at=AT)  # fmt: skip


def test_payments_of_one_and_of_many(branch, secretary):
    for _n in range(3):
        payer(branch, "5000")
    dues.build(party=branch, month=MONTH, by=secretary, at=AT)
    first, second, third = Due.objects.current().order_by("pk")
    done = dues.pay(party=branch, keys=[first.pk], on=date(2026, 10, 20), paid_fen=6000, payee="演示组织委员",
                    by=secretary, at=AT)  # fmt: skip
    assert [(r.paid_fen, r.payee, r.due_fen) for r in done] == [(6000, "演示组织委员", 5000)]
    with pytest.raises(Refused, match="先办减免"):
        dues.pay(party=branch, keys=[second.pk], on=date(2026, 10, 20), paid_fen=4999, by=secretary, at=AT)
    with pytest.raises(Refused, match="不能晚于今天"):
        dues.pay(party=branch, keys=[second.pk], on=date(2026, 10, 27), by=secretary, at=AT)
    done = dues.pay(party=branch, keys=[first.pk, second.pk, third.pk, 99999], on=date(2026, 10, 26), by=secretary,
                    at=AT)  # fmt: skip
    assert [r.paid_fen for r in done] == [5000, 5000]
    assert not Due.objects.current().unpaid().exists()
    back = dues.unpay(row=done[0], reason="记错了人", by=secretary, at=AT)
    assert (back.paid_on, back.paid_fen, back.payee) == (None, None, "")
    with pytest.raises(Refused, match="已被修改"):
        dues.unpay(row=second, reason="记错了人", by=secretary, at=AT)
    assert Due.objects.current().count() == 3


def test_a_reduction_needs_its_papers_and_lowers_the_months_of_its_span(branch, secretary, lead):
    who = payer(branch, "5000")
    for month in (date(2026, 8, 1), date(2026, 9, 1)):
        dues.build(party=branch, month=month, by=secretary, at=AT)
    told = {"party": branch, "member": who, "first_month": date(2026, 9, 1), "last_month": date(2026, 12, 1),
            "due_fen": 100, "applied_on": date(2026, 9, 1), "agreed_on": date(2026, 9, 3),
            "approval": "滨党〔2026〕3号", "approved_on": date(2026, 9, 8), "at": AT}  # fmt: skip
    with pytest.raises(PermissionDenied):
        dues.waive(**told, by=secretary)
    with pytest.raises(Refused, match="批准文件") as refused:
        dues.waive(**told | {"approval": " "}, by=lead)
    assert refused.value.findings[0].code == "PB-FEE-03"
    with pytest.raises(Refused, match="讨论"):
        dues.waive(**told | {"agreed_on": None}, by=lead)
    with pytest.raises(Refused, match="依次"):
        dues.waive(**told | {"agreed_on": date(2026, 9, 9)}, by=lead)
    dues.waive(**told, by=lead)
    with pytest.raises(Refused, match="已有一次减免"):
        dues.waive(**told | {"first_month": date(2026, 12, 1)}, by=lead)
    dues.build(party=branch, month=MONTH, by=secretary, at=AT)
    rows = Due.objects.current().order_by("month")
    assert [(r.due_fen, r.waiver_id is not None) for r in rows] == [(5000, False), (100, True), (100, True)]


def test_a_large_gift_is_handed_up(branch, secretary):
    who = payer(branch)
    told = {"party": branch, "member": who, "on": date(2026, 10, 20), "by": secretary, "at": AT}
    dues_money.give(**told, amount_fen=99_999)
    assert not AuditEvent.objects.filter(code="dues.extra", payload__has_key="findings").exists()
    dues_money.give(**told, amount_fen=100_000)
    [event] = [e for e in AuditEvent.objects.filter(code="dues.extra") if "findings" in e.payload]
    assert event.payload["findings"][0]["code"] == "PB-FEE-05"
    dues_money.give(**told, amount_fen=100_000, handed_up_on=date(2026, 10, 22), receipt_no="收1号")
    with pytest.raises(Refused, match="同时填写"):
        dues_money.give(**told, amount_fen=100_000, handed_up_on=date(2026, 10, 22))
    assert DuesExtra.objects.count() == 3


def test_the_use_of_dues_is_entered_and_taken_back(branch, secretary):
    row = dues_money.use(party=branch, on=date(2026, 10, 8), purpose="订阅党报党刊", amount_fen=36_000,
                         approved_by="支部委员会", voucher_no="票7", by=secretary, at=AT)  # fmt: skip
    with pytest.raises(Refused, match="大于零"):
        dues_money.use(party=branch, on=MONTH, purpose="书", amount_fen=0, approved_by="x", by=secretary, at=AT)
    dues_money.void_use(row=row, reason="重复登记", by=secretary, at=AT)
    assert not DuesUse.objects.current().exists()
    with pytest.raises(Refused, match="已被修改"):
        dues_money.void_use(row=row, reason="重复登记", by=secretary, at=AT)


def test_arrears_count_past_months_only(branch, secretary):
    who, steady = payer(branch), payer(branch)
    for month in range(4, 11):
        dues.build(party=branch, month=date(2026, month, 1), by=secretary, at=AT)
    keys = Due.objects.current().filter(member=steady).values_list("pk", flat=True)
    dues.pay(party=branch, keys=list(keys), on=date(2026, 10, 20), by=secretary, at=AT)
    assert queries.arrears(branch, date(2026, 10, 31)) == {who.pk: 6}
    assert queries.arrears(branch, date(2026, 11, 1)) == {who.pk: 7}
    assert queries.late_months(queries.limits(branch, MONTH)) == (3, 6)


def test_a_base_is_revealed_for_a_reason(branch, secretary, areas, committee):
    who = payer(branch, "5001")
    with pytest.raises(Refused, match="事由"):
        dues.reveal(party=branch, member=who, reason="", by=secretary, at=AT)
    assert dues.reveal(party=branch, member=who, reason="核对基数", by=secretary, at=AT) == 500100
    event = AuditEvent.objects.get(code="read.revealed")
    assert (event.subject_id, event.payload["field"]) == (str(who.pk), "dues_base")
    for one in (make.lead("head3", "party_head"), make.lead("leader", "leadership")):
        with pytest.raises(PermissionDenied):
            dues.reveal(party=branch, member=who, reason="核对基数", by=one, at=AT)


def test_what_waits_of_dues_is_told_without_names(branch, secretary, lead):
    who, steady = payer(branch), payer(branch)
    for month in (8, 9):
        dues.build(party=branch, month=date(2026, month, 1), by=secretary, at=AT)
    keys = Due.objects.current().filter(member=steady).values_list("pk", flat=True)
    dues.pay(party=branch, keys=list(keys), on=date(2026, 10, 20), by=secretary, at=AT)
    items, count = dues_due.months(user=secretary, on=date(2026, 10, 26), limit=10)
    assert [i.title for i in items] == ["演示甲党支部：往月党费 1 人未交", "演示甲党支部：2026-10 党费有 2 人未核定"]
    assert (count, items[0].due_on, items[1].due_on) == (2, date(2026, 8, 31), date(2026, 10, 31))
    assert dues_due.months(user=lead, on=date(2026, 10, 26), limit=10) == ([], 0)
    january, _n = dues_due.months(user=secretary, on=date(2027, 1, 2), limit=10)
    assert "演示甲党支部：2027 年党费基数有 2 人未核定" in [i.title for i in january]
    [line] = dues_due.owing(lead, date(2026, 10, 26), date(2026, 9, 1), date(2026, 10, 26))
    assert (line.name, line.what, line.due_on) == ("演示甲党支部", "往月党费 1 人未交", date(2026, 9, 30))
    assert who.records.get().name not in str(line)
    outside = make.lead("outside", "party_lead", "320213")
    assert dues_due.owing(outside, date(2026, 10, 26), date(2026, 9, 1), date(2026, 10, 26)) == []


def test_a_secretary_of_several_branches_is_told_of_each_by_itself(areas, committee, branch):
    street = make.committee(areas["heli"], "演示街道党委", superior=committee)
    other = make.party("演示乙党支部", area=street.area, superior=street)
    moving = make.party("演示丙党支部", area=areas["district"], superior=committee, regular_on=None)
    task = make.party("演示丁党支部", area=areas["district"], superior=committee, kind="functional")
    late, talked, away = payer(branch), payer(branch), payer(other)
    gone = make.member()
    make.affiliate(gone, branch, valid_to=date(2026, 10, 10))
    make.affiliate(gone, other, start=date(2026, 10, 10))  # this month is the former branch's
    for party in (moving, task):
        make.affiliate(make.member(), party)
    for who, where in ((late, branch), (talked, branch), (away, other)):
        for month in (7, 8, 9):
            Due.objects.create(member=who, party_organization=where, month=date(2026, month, 1), recorded_at=AT)
    boss = make.member()
    for party, one in ((branch, talked), (other, late)):  # a talk at another branch is none of this one
        Talk.objects.create(party_organization=party, on=date(2026, 10, 12), kind="members", one=one, other=boss,
                            recorded_at=AT)  # fmt: skip
    keys = [(party, ("branch_secretary", "party", str(party.pk))) for party in (branch, other, moving, task)]
    every = user("every", *(grant for _party, grant in keys))
    items, count = dues_due.months(user=every, on=date(2026, 10, 26), limit=20)
    assert [item.title for item in items] == [
        "演示乙党支部：往月党费 1 人未交", "演示甲党支部：往月党费 2 人未交",
        "演示乙党支部：2026-10 党费有 1 人未核定", "演示乙党支部：党费未交满规定月数，有 1 人待谈话",
        "演示甲党支部：2026-10 党费有 3 人未核定", "演示甲党支部：党费未交满规定月数，有 1 人待谈话",
    ]  # fmt: skip
    assert count == 6
    for on in (date(2026, 10, 26), date(2027, 1, 2)):
        single = [dues_due.months(user=user(f"own{party.pk}{on:%Y}", grant), on=on, limit=20) for party, grant in keys]
        items, count = dues_due.months(user=every, on=on, limit=20)
        assert count == sum(n for _items, n in single)
        assert {item.title for item in items} == {item.title for told, _n in single for item in told}
    items, _count = dues_due.months(user=every, on=date(2027, 1, 2), limit=20)
    assert {i.title for i in items if "基数" in i.title} == {
        "演示甲党支部：2027 年党费基数有 2 人未核定", "演示乙党支部：2027 年党费基数有 2 人未核定",
    }  # fmt: skip


def test_a_base_that_holds_no_more_is_emptied_after_years(branch, secretary):
    who = payer(branch)
    dues.set_base(party=branch, member=who, category="monthly", base_fen=500100, start=MONTH, set_on=MONTH,
                  by=secretary, at=AT)  # fmt: skip
    [entry] = dues_retention.CLASSES
    assert entry.due(AT - timedelta(days=60)) == []
    later = AT + timedelta(days=1)
    keys = entry.due(later)
    assert entry.end(keys, by=secretary, at=later) == len(keys) == 2
    assert queries.clear(DuesBase.objects.now_open().get(member=who)) == 500100
    assert DuesBase.objects.exclude(base="").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_builders_of_one_month_write_each_due_once(areas, committee):
    branch = make.party("演示甲党支部", area=areas["district"], superior=committee)
    for _n in range(5):
        payer(branch)
    told = at_once(lambda: dues.build(party=branch, month=MONTH, by=registry.OPERATOR, at=AT))
    assert told == (4, [])
    assert Due.objects.count() == 5
    assert AuditEvent.objects.filter(code="dues.built").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_money_enter_it_once(areas, committee):
    branch = make.party("演示甲党支部", area=areas["district"], superior=committee)
    payer(branch)
    dues.build(party=branch, month=MONTH, by=registry.OPERATOR, at=AT)
    key = Due.objects.get().pk
    at_once(lambda: dues.pay(party=branch, keys=[key], on=MONTH, payee="甲", by=registry.OPERATOR, at=AT))
    assert Due.objects.current().get().paid_fen == 1500
    assert AuditEvent.objects.filter(code="dues.paid").count() == 1
