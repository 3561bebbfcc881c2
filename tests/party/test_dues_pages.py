"""Pages of dues through the client: a secretary's month, bases, use, the superior's totals, scopes, sheets."""

import io
import json
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.models import AuditEvent
from liaoyuan.party.models import Due, DuesBase, DuesExtra, DuesRequest, DuesUse, DuesWaiver
from tests.party import factories as make
from tests.party.factories import AT
from tests.party.test_dues_actions import payer
from tests.registry import factories as registry

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
def other(areas, committee):
    return make.party("演示乙党支部", area=areas["district"], superior=committee)


@pytest.fixture
def secretary(client, branch):
    who = make.secretary(branch)
    client.force_login(who)
    return who


def due(branch, who, month=MONTH, fen=1500, rate=50, **told):
    return Due.objects.create(party_organization=branch, member=who, month=month, category="monthly", rate=rate,
                              due_fen=fen, recorded_at=AT, **told)  # fmt: skip


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_secretary_comes_to_his_month_settles_it_and_takes_the_money(client, branch, secretary):
    who, _second = payer(branch, "5001"), payer(branch)
    poor = make.member("演示党员没基数")
    make.affiliate(poor, branch)
    here = f"/party/dues/{branch.pk}/"
    assert client.get("/party/dues/")["Location"] == here
    page = client.get(f"{here}?month=2026-10")
    assert "还没有核定" in page.text and "演示党员没基数" in page.text
    page = client.post(f"{here}build/?month=2026-10", follow=True)
    assert "核定了 2 人" in page.text and "演示党员没基数" in page.text
    assert "75.02" in page.text and "1.5%" in page.text and "15.00" in page.text
    keys = list(Due.objects.values_list("pk", flat=True))
    page = client.post(f"{here}pay/?month=2026-10", {"ids": keys, "on": "2026-10-20"}, follow=True)
    assert "登记了 2 人" in page.text
    assert "90.02" in page.text  # 75.02 + 15.00
    row = Due.objects.current().get(member=who)
    assert (row.paid_fen, row.payee) == (7502, secretary.display_name)
    page = client.get(f"{here}?month=2026-10&state=unpaid")
    assert "没有符合条件" in page.text
    assert client.get(reverse("party:dues_unpay", args=[row.pk])).status_code == 200
    client.post(reverse("party:dues_unpay", args=[row.pk]), {"reason": "记错了"})
    row = Due.objects.current().get(member=who)
    page = client.post(reverse("party:dues_pay_one", args=[row.pk]), {"on": "2026-10-20", "paid_fen": "70"})
    assert page.status_code == 422 and "减免" in page.text
    page = client.post(reverse("party:dues_pay_one", args=[row.pk]), {"on": "2026-10-20", "paid_fen": "80"})
    assert page.status_code == 302
    assert Due.objects.current().get(member=who).paid_fen == 8000


def test_what_is_wrong_with_a_payment_is_told(client, branch, secretary):
    row = due(branch, payer(branch))
    here = f"/party/dues/{branch.pk}/pay/?month=2026-10"
    assert "请先勾选" in client.post(here, {"on": "2026-10-20"}, follow=True).text
    assert "交费日期" in client.post(here, {"ids": [row.pk], "on": "20/10"}, follow=True).text
    assert "不能晚于今天" in client.post(here, {"ids": [row.pk], "on": "2099-01-01"}, follow=True).text
    assert "登记了 0 人" in client.post(here, {"ids": ["x", "9" * 30, "77"], "on": "2026-10-20"}, follow=True).text
    assert not Due.objects.filter(paid_on__isnull=False).exists()
    for month in ("2026-13", "x", "2026", "9" * 40):
        assert client.get(f"/party/dues/{branch.pk}/", {"month": month}).status_code == 200


def test_a_base_is_settled_and_never_shown_but_for_a_reason(client, branch, secretary):
    who = payer(branch, "4321")
    here = f"/party/dues/{branch.pk}/bases/"
    page = client.get(here)
    assert "***" in page.text and "4,321" not in page.text
    assert "4,321" not in client.get(f"{here}{who.pk}/").text
    assert "4,321" not in client.post(f"{here}{who.pk}/reveal/", {"reason": ""}).text
    shown = client.post(f"{here}{who.pk}/reveal/", {"reason": "核对基数"})
    assert "4,321.00" in shown.text and "no-store" in shown["Cache-Control"]
    assert AuditEvent.objects.filter(code="read.revealed", payload__field="dues_base").count() == 1
    told = {"category": "monthly", "base_fen": "6000", "start": "2026-10", "set_on": "2026-10-08"}
    page = client.post(f"{here}{who.pk}/", told | {"start": "十月"})
    assert page.status_code == 422 and "月份" in page.text
    assert client.post(f"{here}{who.pk}/", told).status_code == 302
    assert "还没有本人签字" in client.get(here).text
    assert DuesBase.objects.now_open().get(member=who).valid_from == MONTH


def test_the_superior_sees_totals_of_branches_and_no_member(client, areas, committee, branch, other):
    mine, late = payer(branch), payer(branch)
    due(branch, mine, paid_on=date(2026, 10, 5), paid_fen=1600, payee="甲")
    due(branch, late, fen=2500)
    for month in (6, 7, 8):
        due(branch, late, date(2026, month, 1))
    due(branch, mine, date(2026, 8, 1))
    client.force_login(make.lead("leader", "leadership"))
    page = client.get("/party/dues/?month=2026-10")
    assert page.status_code == 200
    [row] = [r for r in page.text.split("<tr>") if "演示甲党支部" in r]
    for words in ("40.00", "16.00"):
        assert words in row
    figures = [c.split("<")[0].split(">")[1] for c in row.split("<td")[2:] if ">" in c]
    assert [f.strip() for f in figures] == ["2", "1", "1", "40.00", "16.00", "2", "1"]
    assert "演示党员" not in page.text
    assert "演示乙党支部" not in client.get("/party/dues/?state=late").text
    assert "演示乙党支部" in client.get("/party/dues/?state=unbuilt").text
    assert "演示甲党支部" not in client.get("/party/dues/?state=unbuilt&month=2026-10").text
    assert client.get(f"/party/dues/{branch.pk}/").status_code == 403
    page = client.get(f"/party/dues/{branch.pk}/year/?year=2026")
    assert "16.00" in page.text and "演示党员" not in page.text


def test_no_other_branch_is_reached(client, branch, other, secretary, areas):
    who = payer(other)
    row = due(other, who)
    for there in (f"/party/dues/{other.pk}/", f"/party/dues/{other.pk}/bases/", f"/party/dues/{other.pk}/year/",
                  f"/party/dues/rows/{row.pk}/pay/", f"/party/dues/{other.pk}/bases/{who.pk}/"):  # fmt: skip
        assert client.get(there).status_code == 404, there
    assert client.post(f"/party/dues/{other.pk}/pay/", {"ids": [row.pk], "on": "2026-10-20"}).status_code == 404
    client.post(f"/party/dues/{branch.pk}/pay/", {"ids": [row.pk], "on": "2026-10-20"})
    assert not Due.objects.filter(paid_on__isnull=False).exists()
    assert client.get(f"/party/dues/{branch.pk}/waive/{who.pk}/").status_code == 403
    assert client.get(f"/party/dues/{branch.pk}/bases/{who.pk}/").status_code == 404
    client.force_login(registry.head_of(registry.organization("滨湖区丙示例服务中心", "MF", street=areas["heli"])))
    assert client.get("/party/dues/").status_code == 403
    client.force_login(make.lead("street", "street_office", "320211001"))
    assert client.get(f"/party/dues/{branch.pk}/").status_code == 404


def test_gifts_reductions_and_use(client, branch, secretary, lead):
    who = payer(branch, "5000")
    row = due(branch, who, fen=5000)
    told = {"member": who.pk, "on": "2026-10-20", "amount_fen": "1000"}
    page = client.post(f"/party/dues/{branch.pk}/extra/", told)
    assert page.status_code == 302 and DuesExtra.objects.get().amount_fen == 100_000
    told = {"on": "2026-10-08", "purpose": "订阅党报党刊", "amount_fen": "360", "approved_by": "支部委员会"}
    client.post(f"/party/dues/{branch.pk}/use/", told)
    page = client.get(f"/party/dues/{branch.pk}/year/?year=2026")
    assert "订阅党报党刊" in page.text and "360.00" in page.text and "1,000.00" in page.text
    use = DuesUse.objects.get()
    client.post(f"/party/dues/uses/{use.pk}/void/", {"reason": "重复登记"})
    assert "订阅党报党刊" not in client.get(f"/party/dues/{branch.pk}/year/?year=2026").text
    client.force_login(lead)
    told = {"first_month": "2026-10", "last_month": "2027-03", "due_fen": "0", "applied_on": "2026-09-01",
            "agreed_on": "2026-09-05", "approval": "滨党〔2026〕3号", "approved_on": "2026-09-10"}  # fmt: skip
    page = client.post(f"/party/dues/{branch.pk}/waive/{who.pk}/", told | {"approval": ""})
    assert page.status_code == 422
    assert client.post(f"/party/dues/{branch.pk}/waive/{who.pk}/", told).status_code == 302
    assert DuesWaiver.objects.get().due_fen == 0
    assert Due.objects.current().get(member=who).due_fen == 0
    assert row.pk != Due.objects.current().get(member=who).pk


def test_the_sheets(client, branch, secretary):
    who, second = payer(branch, "5001"), payer(branch)
    due(branch, who, fen=7502, rate=150, paid_on=date(2026, 10, 20), paid_fen=7502, payee="甲")
    due(branch, second)
    due(branch, second, date(2026, 8, 1), paid_on=date(2026, 10, 21), paid_fen=1500, payee="甲")
    here = f"/party/dues/{branch.pk}/export/"
    [august, *october] = json.loads(body(client.post(f"{here}collected/?month=2026-10", {"form": "json"})))
    assert [august[k] for k in ("made_up", "month", "paid", "done")] == ["2026-08", "2026-10", "15.00", "已交"]
    told = {line["name"]: line for line in october}
    first = told[who.records.get().name]
    assert (first["base"], first["rate"], first["due"], first["paid_on"]) == ("***", "1.5%", "75.02", "2026-10-20")
    assert told[second.records.get().name]["done"] == "未交"
    first = client.post(f"{here}collected/?month=2026-10", {"form": "xlsx", "reason": "上报"})
    sheet = openpyxl.load_workbook(io.BytesIO(body(first)))
    cells = {str(c.value) for ws in sheet for line in ws.iter_rows() for c in line}
    assert {"5001.00", "3000.00", "75.02"} <= cells
    assert AuditEvent.objects.filter(code="read.revealed", payload__field="dues_base").count() == 2
    page = client.post(f"{here}collected/?month=2026-10", {"form": "csv", "reason": "上报"}, follow=True)
    assert "只能导出为 Excel" in page.text
    client.post(f"/party/dues/{branch.pk}/use/", {"on": "2026-10-08", "purpose": "=1+1", "amount_fen": "1,200.5",
                                                   "approved_by": "支部委员会"})  # fmt: skip
    [line] = json.loads(body(client.post(f"{here}uses/?month=2026-10", {"form": "json"})))
    assert (line["amount"], line["on"]) == ("1200.50", "2026-10-08")
    sheets = [body(client.post(f"{here}year/?month=2026-10", {"form": "csv"})) for _n in range(2)]
    assert sheets[0] == sheets[1]
    assert AuditEvent.objects.filter(code="read.exported").count() == 5


def test_on_the_internet_there_is_paid_or_not_and_no_amount(client, branch, secretary, settings):
    settings.ZONE = "internet"
    who = make.member()
    make.affiliate(who, branch)
    here = f"/party/dues/{branch.pk}/"
    client.post(f"{here}build/?month=2026-10")
    row = Due.objects.get()
    assert (row.due_fen, row.rate, row.category) == (None, None, "")
    client.post(f"{here}pay/?month=2026-10", {"ids": [row.pk], "on": "2026-10-20"})
    row = Due.objects.current().get()
    assert (row.paid_on, row.paid_fen) == (date(2026, 10, 20), None)
    page = client.get(f"{here}?month=2026-10")
    assert "已交" in page.text and "应交（元）" not in page.text and "比例" not in page.text
    for path in (f"{here}bases/", f"{here}bases/{who.pk}/", f"{here}extra/"):
        assert client.get(path).status_code == 404
    assert client.post(f"{here}bases/{who.pk}/reveal/", {"reason": "核对"}).status_code == 404
    [line] = json.loads(body(client.post(f"{here}export/collected/?month=2026-10", {"form": "json", "reason": "上报"})))
    assert line["done"] == "已交" and not {"base", "rate", "due", "paid"} & set(line)
    page = client.get(f"{here}year/?year=2026")
    assert "收缴党费" not in page.text
    assert not DuesBase.objects.exists()


def test_on_the_internet_a_superior_sees_no_branch_by_person(client, branch, settings, lead):
    settings.ZONE = "internet"
    row = Due.objects.create(party_organization=branch, member=payer(branch), month=MONTH, recorded_at=AT)
    client.force_login(lead)
    page = client.get("/party/dues/?month=2026-10")
    assert "演示甲党支部" in page.text and "应交（元）" not in page.text
    assert client.get(f"/party/dues/{branch.pk}/").status_code == 403
    assert client.get(f"/party/dues/rows/{row.pk}/pay/").status_code == 404


def test_more_applications_than_a_page_holds_open_page_by_page(client, branch, secretary):
    for number in range(21):
        who = make.member(f"演示申请减免{number:02d}")
        make.affiliate(who, branch)
        DuesRequest.objects.create(party_organization=branch, member=who, first_month=MONTH, last_month=MONTH,
                                   wished_fen=0, applied_on=MONTH, made_at=AT)  # fmt: skip
    address = reverse("party:dues_requests", args=[branch.pk])
    first, second = (client.get(address, {"per": 20, "page": number}).content.decode() for number in (1, 2))
    shown = [sum(f"演示申请减免{number:02d}" in page for number in range(21)) for page in (first, second)]
    assert shown == [20, 1]
