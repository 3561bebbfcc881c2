"""Money through the pages: three different persons, figures equal to the ledger's lines, refusals in words."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liaoyuan.core.models import AuditEvent
from liaoyuan.core.registries import due_sources
from liaoyuan.funding.actions import agreements, tranches
from liaoyuan.funding.models import HandOverFile, PaymentBatch, PoolEntry, Refund, Round, Ruling, Tranche
from liaoyuan.funding.queries import lateness
from liaoyuan.kit.money import format_yuan
from liaoyuan.kit.sheets.reading import open_table
from tests.core.factories import user
from tests.funding import granting, ground

pytestmark = pytest.mark.django_db
WAN = granting.WAN
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def signed(desk, round_, proposed):
    """A signed agreement over two pools, and the moment."""
    granting.more(round_, desk.officer, "街道配套", 8 * WAN)
    (line,), at = granting.approved(desk, round_, [(proposed, 10 * WAN)])
    shares = [(granting.pool(round_), 6 * WAN), (granting.pool(round_, "街道配套"), 4 * WAN)]
    return granting.signed(desk, line.project, shares, at=at), at


@pytest.fixture
def today(monkeypatch, signed):
    """The pages' clock stands at the signing."""
    monkeypatch.setenv("LIAOYUAN_NOW", signed[1].isoformat())
    return granting.day(signed[1])


@pytest.fixture
def ask(client):
    """Ask a page as somebody: a GET, or a POST of fields."""

    def go(person, page, *args, status=None, **fields):
        client.force_login(person)
        address = reverse(f"funding:{page}", args=args)
        answer = client.post(address, fields.get("post", fields)) if fields else client.get(address)
        wanted = status or (302 if fields else 200)
        answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == wanted, answer.body.decode()[:3000]
        return answer

    return go


def voucher(name="凭证.pdf"):
    return SimpleUploadedFile(name, PDF)


def dues(person, on):
    """What waits for somebody, by source."""
    found = {}
    for source in due_sources.values():
        if source.code.startswith("funding."):
            items, total = source.items(user=person, on=on, limit=10)
            assert total == source.items(user=person, on=on, limit=0)[1] == len(items)
            found |= {source.code: [item.title for item in items]} if items else {}
    return found


def read(answer, folder):
    """The rows of a workbook that a page handed out, without its title."""
    path = folder / "out.xlsx"
    path.write_bytes(answer.body)
    return [cells for _number, cells in open_table(path).rows() if len(cells) > 2]


def by_hand(round_):
    """Committed, paid, returned of each pool, added up from the ledger's lines one by one."""
    told = {pool.title: [pool.ceiling_fen, 0, 0, 0] for pool in round_.pools.all()}
    signs = {"committed": (1, 1), "released": (1, -1), "paid": (2, 1), "returned": (3, 1)}
    for entry in PoolEntry.objects.select_related("pool").filter(pool__round=round_):
        place, sign = signs[entry.kind]
        told[entry.pool.title][place] += sign * entry.amount_fen
    return told


def test_three_persons_pay_an_instalment_through_the_pages(desk, round_, signed, today, ask, head):
    row, _at = signed
    one = granting.tranche(row)
    assert list(dues(desk.officer, today)) == ["funding.prepare"]
    assert ask(desk.finance, "tranche_prepare", one.pk, evidence="协议", status=403)
    page = ask(desk.officer, "tranche_prepare", one.pk, evidence=" ", version=one.version, status=422).text
    assert "这个字段是必填项" in page or "必填" in page
    ask(desk.officer, "tranche_prepare", one.pk, evidence="协议书", version=one.version)
    page = ask(desk.second, "tranche_prepare", one.pk, evidence="协议书", version=one.version, status=422).text
    assert "别人办理了这一期" in page
    assert "待审批" in ask(head, "project_money", row.project_id).text
    # The approver may give it back with a reason; it is prepared anew by somebody else.
    ask(desk.host, "tranche_back", one.pk, post={"reason": ""}, status=422)
    ask(desk.host, "tranche_back", one.pk, post={"reason": "佐证写全称"})
    assert "佐证写全称" in ask(head, "project_money", row.project_id).text
    ask(desk.second, "tranche_prepare", one.pk, evidence="资助协议书", version=granting.tranche(row).version)
    assert ask(desk.second, "tranche_approve", one.pk, post={"x": 1}, status=403)
    assert dues(desk.host, today) == {"funding.approve": ["“银发陪伴”第 1 期 50,000.00 元待审批"]}
    ask(desk.host, "tranche_approve", one.pk, post={"x": 1})
    assert list(dues(desk.finance, today)) == ["funding.order"]
    page = ask(desk.finance, "finance").text
    assert "1 期，50,000.00 元" in page and "银发陪伴" in page
    page = ask(desk.finance, "payment_new", round_.pk, post={"chosen": []}, status=422).text
    assert "请至少选一期" in page
    ask(desk.finance, "payment_new", round_.pk, post={"chosen": [one.pk]})
    batch = PaymentBatch.objects.get()
    ask(desk.finance, "payment_void", batch.pk, post={"reason": "账号核对"})
    ask(desk.finance, "payment_new", round_.pk, post={"chosen": [one.pk]})
    batch = PaymentBatch.objects.get(voided_at__isnull=True)
    assert list(dues(desk.cashier, today)) == ["funding.pay"]
    early = {"paid_on": (today - timedelta(days=1)).isoformat(), "voucher_no": "F1"}
    assert "不能早于审批" in ask(desk.cashier, "tranche_pay", one.pk, post=early, status=422).text
    told = {"paid_on": today.isoformat(), "voucher_no": "F1", "uploads": voucher()}
    ask(desk.cashier, "tranche_pay", one.pk, post={**told, "version": granting.tranche(row).version})
    one = granting.tranche(row)
    assert (one.state, one.paid_by, one.approved_by, one.prepared_by) == (
        "paid", desk.cashier, desk.host, desk.second)  # fmt: skip
    page = ask(desk.cashier, "tranche_detail", one.pk).text
    assert "付款时的事实" in page and "审批时的事实" in page and "尾号 2345" in page
    assert ask(head, "tranche_voucher", one.pk).body == PDF
    assert ask(desk.finance, "tranche_sheet_file", one.pk)["Content-Type"] == "application/pdf"
    assert "伍万元整" in ask(desk.finance, "tranche_sheet", one.pk).text
    assert dues(desk.cashier, today) == dues(desk.finance, today) == {}
    for who in (head, desk.finance):
        for name, key in (("project_money", row.project_id), ("expense_list", row.project_id)):
            assert "6222" not in ask(who, name, key).text


def test_the_same_person_is_not_led_to_a_second_hand(desk, round_, signed, today, ask):
    """A head who prepares is not offered to approve, and refused in words when he does it anyhow."""
    row, at = signed
    both = user("both", ("grants_office", "area", "320211"), ("registry_head", "area", "320211"),
                ("finance", "area", "320211"))  # fmt: skip
    one = granting.tranche(row)
    tranches.prepare(tranche=one, evidence="协议", by=both, at=at)
    page = ask(both, "tranche_detail", one.pk).text
    assert reverse("funding:tranche_approve", args=[one.pk]) not in page
    assert "下一步由另一个人办理" in page
    page = ask(both, "tranche_approve", one.pk, post={"x": 1}, status=422).text
    assert "本人起草" in page or "三个不同的人" in page or "另一" in page
    tranches.approve(tranche=granting.tranche(row), by=desk.host, at=at)
    ask(both, "payment_new", round_.pk, post={"chosen": [one.pk]})
    assert dues(both, today) == {}
    assert reverse("funding:tranche_pay", args=[one.pk]) not in ask(both, "tranche_detail", one.pk).text
    told = {"paid_on": today.isoformat(), "voucher_no": "F1"}
    page = ask(both, "tranche_pay", one.pk, post=told, status=422).text
    assert "经办、审批、付款须由三个不同的人办理" in page
    assert granting.tranche(row).state == "ordered"
    # The voucher of a finance office outside is the third hand, and cannot be left out.
    told |= {"payer": "滨湖区示例财政中心"}
    ask(both, "tranche_pay_outside", one.pk, post=told, status=422)
    ask(both, "tranche_pay_outside", one.pk, post={**told, "uploads": voucher()})
    one = granting.tranche(row)
    assert (one.state, one.outside, one.payer) == ("paid", True, "滨湖区示例财政中心")
    assert "系统外的财务付款" in ask(both, "tranche_detail", one.pk).text


def test_every_figure_of_the_pools_is_what_the_lines_add_up_to(desk, round_, signed, today, ask, head, tmp_path):
    row, at = signed
    granting.paid(desk, row, at=at)
    agreements.start(agreement=granting.agreement(row), started_on=today, by=desk.officer, at=at)
    back = {"kind": "unused", "amount_fen": "12345.67", "received_on": today.isoformat(), "voucher_no": "T1"}
    over = {**back, "amount_fen": "50000.01"}
    assert (
        "不超过已拨未退的 50,000.00 元" in ask(desk.cashier, "refund_new", row.project_id, post=over, status=422).text
    )
    ask(desk.cashier, "refund_new", row.project_id, post=back)
    assert "这笔退款已登记" in ask(desk.cashier, "refund_new", row.project_id, post=back, status=422).text
    assert Refund.objects.get().amount_fen == 1_234_567
    told = by_hand(round_)
    assert [sum(line[place] for line in told.values()) for place in (1, 2, 3)] == [10 * WAN, 5 * WAN, 1_234_567]
    page = ask(desk.finance, "round_money", round_.pk).text
    assert "不一致" not in page
    for pool in round_.pools.all():
        ceiling, committed, paid, returned = told[pool.title]
        for fen in (ceiling, committed, ceiling - committed, paid, returned):
            assert format_yuan(fen) in page, (pool.title, fen)
        entries = ask(desk.finance, "pool_entries", pool.pk).text
        assert "与台账一致" in entries
        for fen in (committed, paid, returned):
            assert f"{format_yuan(fen)} 元" in entries
        sheet = read(ask(desk.finance, "pool_entries_file", pool.pk), tmp_path)
        assert sum(Decimal(line[7]) for line in sheet if line[2] == "拨付") * 100 == paid
    page = ask(head, "project_money", row.project_id).text
    for fen in (10 * WAN, 5 * WAN, 1_234_567, 5 * WAN - 1_234_567):
        assert f"{format_yuan(fen)} 元" in page
    page = ask(head, "project_list").text
    assert "我的钱到哪了" in page and "第 2 期 30,000.00 元，等待拨付条件具备（中期评估合格）" in page
    # A sum that nobody's action wrote is seen at once.
    round_.pools.filter(title="区级财政").update(paid_fen=F("paid_fen") + 1)
    assert "资金池与台账不一致" in ask(desk.finance, "round_money", round_.pk).text


def test_the_payment_file_tells_accounts_to_those_who_pay_and_to_nobody_else(desk, round_, signed, today, ask, head):
    row, at = signed
    granting.ordered(desk, row, at=at)
    batch = PaymentBatch.objects.get()
    before = AuditEvent.objects.count()
    text = ask(desk.cashier, "payment_file", batch.pk, "csv").body.decode("utf-8-sig")
    (line,) = list(csv.reader(io.StringIO(text)))[1:]
    assert line[6].strip("\t'=\"") == granting.ACCOUNT["number"].replace(" ", "") and line[7] == "50000.00"
    assert AuditEvent.objects.count() == before + 1
    for who, status in ((desk.officer, 403), (desk.host, 403), (head, 403)):
        ask(who, "payment_file", batch.pk, "xlsx", status=status)
    for who in (desk.officer, desk.cashier):
        page = ask(who, "payment_detail", batch.pk).text
        assert "尾号 2345" in page and "6222" not in page
    assert ask(head, "payment_detail", batch.pk, status=403)


def test_a_late_instalment_is_told_in_todo_and_on_the_round(desk, round_, signed, today, ask, monkeypatch):
    row, at = signed
    held = round_.figures
    for line in held["rows"]:
        if line[0] == "gv.tranche.workdays":
            line[1], line[4] = [5], "confirmed"
    Round.objects.filter(pk=round_.pk).update(figures=held)
    round_.refresh_from_db()
    calendar_days = [today + timedelta(days=n) for n in range(1, 30)]
    first = next(day for day in calendar_days if lateness.of_round(round_, day))
    (late,) = lateness.of_round(round_, first)
    assert late.due_on == first - timedelta(days=1) and late.finding.code == "GV-PAY-02"
    assert lateness.of_round(round_, late.due_on) == []
    assert dues(desk.officer, late.due_on).get("funding.late") is None
    assert dues(desk.officer, first)["funding.late"] == ["“银发陪伴”第 1 期 50,000.00 元超过拨付期限"]
    monkeypatch.setenv("LIAOYUAN_NOW", (at + (first - today)).isoformat())
    page = ask(desk.officer, "round_money", round_.pk).text
    assert "超过拨付期限" in page and late.due_on.isoformat() in page
    granting.paid(desk, row, at=at + (first - today))
    assert lateness.of_round(round_, first) == [] and dues(desk.officer, first).get("funding.late") is None


def test_conditions_rulings_and_hand_overs(desk, signed, today, ask, head, body):
    row, at = signed
    granting.paid(desk, row, at=at)
    project = row.project_id
    ask(desk.officer, "project_start", project, started_on=today.isoformat())
    ask(desk.officer, "project_condition", project, status=403)
    told = {"trigger": "mid_passed", "met_on": today.isoformat(), "evidence": ""}
    ask(desk.host, "project_condition", project, post=told, status=422)
    ask(desk.host, "project_condition", project, post={**told, "evidence": "中期评估意见〔2026〕1号"})
    assert "中期评估意见〔2026〕1号" in ask(head, "project_money", project).text
    names = {"gives": "演示甲", "takes": "演示甲", "reason": "离职"}
    assert "须为两个人" in ask(head, "hand_over_new", project, post=names, status=422).text
    ask(head, "hand_over_new", project, post={**names, "takes": "演示乙"})
    assert ask(head, "hand_over_file", HandOverFile.objects.get().pk).status_code == 200
    assert "不超过" in ask(desk.host, "project_reuse", project, post={"amount_fen": "50000.01", "reason": "购书"},
                         status=422).text  # fmt: skip
    ask(desk.host, "project_reuse", project, post={"amount_fen": "100", "reason": "购书", "version": 99}, status=422)
    ask(desk.host, "project_reuse", project, post={"amount_fen": "100", "reason": "购书"})
    ask(desk.host, "ruling_new", project, post={"kind": "terminate", "reason": "违反协议"})
    ruling = Ruling.objects.get()
    page = ask(desk.host, "project_money", project).text
    assert reverse("funding:ruling_decide", args=[ruling.pk]) not in page
    ask(desk.host, "ruling_decide", ruling.pk, post={"x": 1})
    assert "须由提出人以外的人决定" in ask(desk.host, "project_money", project).text
    assert granting.agreement(row).state == "signed"
    assert dues(desk.host, today).get("funding.rulings") is None
    assert dues(desk.other_host, today)["funding.rulings"] == ["终止协议：银发陪伴"]
    ask(desk.other_host, "ruling_decide", ruling.pk, post={"x": 1})
    assert granting.agreement(row).state == "terminated"
    assert "不再拨付" in ask(head, "project_money", project).text
    due = today + timedelta(days=20)
    told = {"kind": "recover", "amount_fen": "2万元", "due_on": due.isoformat(), "reason": "追回未用资金"}
    ask(desk.officer, "ruling_new", project, post=told)
    ask(desk.host, "ruling_decide", Ruling.objects.get(kind="recover").pk, post={"x": 1})
    assert dues(head, today)["funding.returning"] == ["“银发陪伴”应退回 20,000.00 元"]


def test_who_sees_the_money_of_a_project(areas, desk, round_, signed, today, ask, head):
    row, at = signed
    other = ground.head(ground.body("滨湖区乙示例服务中心", street=areas["heli"]), "lingyijia")
    away = user("waiqu", ("finance", "area", "320213"))
    one = granting.paid(desk, row, at=at)
    for name, key in (("project_money", row.project_id), ("tranche_voucher", one.pk), ("expense_list", row.project_id)):
        ask(other, name, key, status=404)
        ask(away, name, key, status=404)
    for name, key in (("tranche_detail", one.pk), ("round_money", round_.pk), ("payment_detail", one.batch_id),
                      ("pool_entries", granting.pool(round_).pk)):  # fmt: skip
        ask(other, name, key, status=403)
        ask(away, name, key, status=404)
        ask(head, name, key, status=403)
    page = ask(head, "project_money", row.project_id).text
    assert "台账" not in page and "请核对是否到账" in page


def test_pages_of_money_ask_no_more_for_more_rows(desk, round_, areas, head, body, proposed, client, monkeypatch):
    lines = [(proposed, 10 * WAN)]
    for number in range(4):
        other = ground.body(f"滨湖区第{number}示例服务中心", street=areas["heli"])
        row = granting.proposed(round_, other, ground.head(other, f"wei{number}"), title=f"项目{number}",
                                total_fen=2 * WAN, pay_fen=WAN // 2)  # fmt: skip
        lines.append((row, 2 * WAN))
    approved, at = granting.approved(desk, round_, lines)
    monkeypatch.setenv("LIAOYUAN_NOW", at.isoformat())
    pool = granting.pool(round_)
    pages = [("finance", ()), ("round_money", (round_.pk,)), ("pool_entries", (pool.pk,))]

    def count():
        client.force_login(desk.finance)
        found = []
        for name, args in pages:
            client.get(reverse(f"funding:{name}", args=args))
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(reverse(f"funding:{name}", args=args)).status_code == 200
            found.append(len(asked))
        return found

    def grow(some):
        for line in some:
            row = granting.signed(desk, line.project, [(pool, line.approved_fen)], at=at)
            granting.ordered(desk, row, at=at)

    grow(approved[:1])
    first = count()
    grow(approved[1:])
    assert count() == first
    assert Tranche.objects.filter(state="ordered").count() == 5
