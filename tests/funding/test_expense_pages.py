"""What a project spends, through the pages: one voucher, a sheet of them, the budget beside it, refusals by cell."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liaoyuan.funding.actions import expenses
from liaoyuan.funding.imports import expenses as reading
from liaoyuan.funding.models import Expense
from liaoyuan.funding.queries import spending
from liaoyuan.kit.money import format_yuan
from tests.core.factories import user
from tests.funding import granting, ground
from tests.funding.test_money_pages import PDF, voucher

pytestmark = pytest.mark.django_db
WAN = granting.WAN
HEAD = "凭证号\t日期\t科目\t收款方\t事由\t金额（元）\t其中资助资金（元）"


@pytest.fixture
def running(desk, round_, proposed, monkeypatch):
    """A signed project; the pages' clock stands ten days after the signing."""
    (line,), at = granting.approved(desk, round_, [(proposed, 10 * WAN)])
    row = granting.signed(desk, line.project, [(granting.pool(round_), 10 * WAN)], at=at)
    monkeypatch.setenv("LIAOYUAN_NOW", (at + timedelta(days=10)).isoformat())
    return granting.agreement(row), granting.day(at)


@pytest.fixture
def send(client):
    """Post to a page of the project as somebody."""

    def go(person, page, *args, status=302, **fields):
        client.force_login(person)
        answer = client.post(reverse(f"funding:{page}", args=args), fields)
        assert answer.status_code == status, answer.content.decode()[:3000]
        return answer

    return go


def one(on, **told):
    return {"voucher_no": "0001", "spent_on": on.isoformat(), "budget_class": "B06", "payee": "示例物业",
            "title": "场地费", "amount_fen": "3000", "grant_fen": "", "uploads": voucher(), **told}  # fmt: skip


def test_the_accountant_enters_a_voucher_and_the_budget_stands_beside_it(client, running, send, head, body, desk):
    row, on = running
    accountant = user("kuaiji", ("accountant", "organization", str(body.pk)))
    project = row.project_id
    page = send(accountant, "expense_new", project, status=422, **one(on, uploads="")).text
    assert "请上传凭证" in page
    page = send(
        accountant, "expense_new", project, status=422, **one(on, uploads=SimpleUploadedFile("a.pdf", b"MZ"))
    ).text
    assert Expense.objects.count() == 0
    send(accountant, "expense_new", project, **one(on))
    told = Expense.objects.get()
    assert (told.amount_fen, told.grant_fen, told.budget_class) == (300_000, 300_000, "B06")
    # The same voucher again: a doubt, answered without choosing the file a second time.
    page = send(head, "expense_new", project, status=422, **one(on)).text
    assert "确认不是同一张凭证" in page and "已收到“凭证.pdf”" in page
    kept = page.split('name="kept" value="')[1].split('"')[0]
    send(head, "expense_new", project, status=422, **one(on, uploads="", kept="x" + kept, confirmed="1"))
    send(head, "expense_new", project, **one(on, uploads="", kept=kept, confirmed="1"))
    assert Expense.objects.filter(again=True).count() == 1
    # Another's signed file is nobody else's.
    send(accountant, "expense_new", project, status=422, **one(on, uploads="", kept=kept, confirmed="1"))
    send(head, "expense_new", project, **one(on, voucher_no="0002", budget_class="B01", amount_fen="40000.01"))
    client.force_login(head)
    page = client.get(reverse("funding:expense_list", args=[project])).text
    assert "支出超过预算：专职人员工资" in page and "-0.01" in page
    by_hand = {}
    for voucher_ in Expense.objects.all():
        by_hand[voucher_.budget_class] = by_hand.get(voucher_.budget_class, 0) + voucher_.amount_fen
    for fen in (*by_hand.values(), sum(by_hand.values())):
        assert format_yuan(fen) in page
    send(head, "expense_void", told.pk, status=422, reason="")
    send(head, "expense_void", told.pk, reason="登记错误")
    assert "已作废：登记错误" in client.get(reverse("funding:expense_list", args=[project])).text
    (rent,) = [line for line in spending.by_class(row) if line.code == "B06"]
    assert rent.spent_fen == 300_000
    answer = client.get(reverse("funding:expense_voucher", args=[told.pk]))
    assert b"".join(answer.streaming_content) == PDF
    client.force_login(desk.finance)
    assert client.get(reverse("funding:expense_list", args=[project])).status_code == 200
    assert client.post(reverse("funding:expense_new", args=[project]), one(on)).status_code == 403


def test_the_office_fills_in_for_a_body_and_others_do_not(running, send, desk, areas):
    row, on = running
    page = send(desk.officer, "expense_new", row.project_id, status=422, **one(on)).text
    assert "代填" in page
    send(desk.officer, "expense_new", row.project_id, **one(on, on_behalf="赵某，纸质凭证"))
    other = ground.head(ground.body("滨湖区乙示例服务中心", street=areas["heli"]), "lingyijia")
    send(other, "expense_new", row.project_id, status=404, **one(on))
    send(other, "expense_void", Expense.objects.get().pk, status=404, reason="不是我的")


def test_a_sheet_is_read_whole_or_every_faulty_cell_is_told(client, running, send, head):
    row, on = running
    lines = [
        HEAD, f"A1\t{on.isoformat()}\tB06\t示例物业\t场地\t1,000.00\t", "合计\t\t\t\t\t9\t",
        f"A2\t{on.strftime('%Y年%m月%d日')}\t宣传印刷\t示例图文\t单页\t200\t150.5",
        f"A3\t{on.isoformat()}\t看不懂\t示例图文\t单页\t很多\t", "\t去年\tB07\t示例图文\t单页\t1\t2",
    ]  # fmt: skip
    page = send(head, "expense_paste", row.project_id, status=422, text="\n".join(lines), uploads=voucher()).text
    assert "不认识科目" in page and "“很多”不是金额" in page and "请填写凭证号" in page and "2018-10-26" in page
    assert "第 5 行" in page and "第 6 行" in page and "第 2 行</td>" not in page
    assert Expense.objects.count() == 0, "one fault, and nothing is written"
    page = send(head, "expense_paste", row.project_id, status=422, text="你好", uploads=voucher()).text
    assert "没有找到表头" in page
    send(head, "expense_paste", row.project_id, text="\n".join(lines[:4]), uploads=voucher())
    names = ("voucher_no", "spent_on", "budget_class", "amount_fen", "grant_fen")
    told = list(Expense.objects.order_by("voucher_no").values_list(*names))
    assert told == [("A1", on, "B06", 100_000, 100_000), ("A2", on, "B07", 20_000, 15_050)]
    # Lines that are known already, and one of a day before the agreement: told by line, done after a confirmation.
    page = send(head, "expense_paste", row.project_id, status=422, text="\n".join(lines[:4]), uploads=voucher()).text
    assert page.count("确认不是同一张凭证") == 2 and "已核对，确认办理" in page
    kept = page.split('name="kept" value="')[1].split('"')[0]
    send(head, "expense_paste", row.project_id, text="\n".join(lines[:4]), kept=kept, confirmed="1")
    assert Expense.objects.count() == 4
    # What a rule refuses in one line keeps all of them out.
    late = (on + timedelta(days=40)).isoformat()
    bad = [HEAD, f"B1\t{on.isoformat()}\tB06\t示例物业\t场地\t1\t", f"B2\t{late}\tB06\t示例物业\t场地\t1\t"]
    page = send(head, "expense_paste", row.project_id, status=422, text="\n".join(bad), uploads=voucher()).text
    assert "支出日期不能晚于今天" in page and Expense.objects.count() == 4


def test_the_sheet_goes_out_and_comes_back(client, running, send, head, tmp_path):
    row, on = running
    for number, fen in ((1, "10.01"), (2, "0.99")):
        send(head, "expense_new", row.project_id, **one(on, voucher_no=f"=C{number}", amount_fen=fen))
    client.force_login(head)
    book = b"".join(client.get(reverse("funding:expense_file", args=[row.project_id])).streaming_content)
    path = tmp_path / "out.xlsx"
    path.write_bytes(book)
    told = reading.read_file(path)
    assert [(line.faults, line.values["voucher_no"], line.values["amount_fen"]) for line in told.lines] == [
        ({}, "=C1", 1_001), ({}, "=C2", 99),
    ]  # fmt: skip
    assert sum(Decimal(line.cells["amount_fen"]) for line in told.lines) == Decimal("11.00")
    blank = b"".join(client.get(reverse("funding:expense_file", args=[row.project_id]) + "?blank=1").streaming_content)
    page = send(head, "expense_paste", row.project_id, status=422, file=SimpleUploadedFile("b.xlsx", blank),
                uploads=voucher()).text  # fmt: skip
    assert "表头下面没有支出" in page
    page = send(head, "expense_paste", row.project_id, status=422, file=SimpleUploadedFile("b.xlsx", book[:400]),
                uploads=voucher()).text  # fmt: skip
    assert "损坏" in page


def test_nothing_is_spent_before_the_agreement(client, desk, round_, proposed, send, head, monkeypatch):
    (line,), at = granting.approved(desk, round_, [(proposed, 10 * WAN)])
    monkeypatch.setenv("LIAOYUAN_NOW", at.isoformat())
    client.force_login(head)
    assert "还没有签协议" in client.get(reverse("funding:expense_list", args=[line.project_id])).text
    assert client.get(reverse("funding:expense_new", args=[line.project_id])).status_code == 404
    granting.drafted(desk, line.project, [(granting.pool(round_), 10 * WAN)], at=at)
    page = send(head, "expense_new", line.project_id, status=422, **one(granting.day(at))).text
    assert "协议签订后才能登记支出" in page


def test_the_list_asks_no_more_for_more_vouchers(client, running, head):
    row, on = running
    client.force_login(head)
    address = reverse("funding:expense_list", args=[row.project_id])
    counts = []
    for number in range(1, 13):
        values = {"voucher_no": f"V{number}", "spent_on": on, "payee": "示例物业", "title": "场地", "amount_fen": 100,
                  "budget_class": f"B{number:02d}", "grant_fen": 100}  # fmt: skip
        expenses.enter(
            agreement=row, values=values, file=granting.paper(), by=head, at=granting.AT + timedelta(days=40)
        )
        if number in (1, 12):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1]
