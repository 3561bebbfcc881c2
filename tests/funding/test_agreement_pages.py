"""Agreements through the pages: drafted from the approved amount, printed, signed, begun, cancelled, given up."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaoyuan.core import registries
from liaoyuan.core.models import Attachment, AuditEvent
from liaoyuan.funding.actions import tranches
from liaoyuan.funding.models import Agreement, AgreementShare
from liaoyuan.funding.queries import money
from tests.core.factories import AT
from tests.funding import granting, ground
from tests.funding.paging import address, at, look, post, statements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
WAN = granting.WAN
NUMBER = "6222 0000 1111 2345"


@pytest.fixture
def award(monkeypatch, desk, round_, proposed):
    """The approved line; the pages are opened in the moment after its approval."""
    at(monkeypatch, AT)
    (line,), moment = granting.approved(desk, round_, [(proposed, 10 * WAN)])
    at(monkeypatch, moment)
    return line, moment


def due(code, who, on):
    items, _total = registries.due_sources[f"funding.{code}"].items(user=who, on=on, limit=20)
    return [item.title for item in items]


def asked(line, pool, **told):
    return {
        f"pool_{pool.pk}": "100000", "account_name": granting.account(line.project)["name"], "account_bank": "示例银行",
        "account_number": NUMBER, "starts_on": "2026-11-10", "ends_on": "2027-07-31", "places": "河埒街道、蠡园街道",
        **told,
    }  # fmt: skip


def test_an_agreement_is_drafted_printed_signed_and_begun(client, desk, round_, award, head):
    line, moment = award
    key, pool, on = line.project_id, granting.pool(round_), granting.day(moment)
    assert due("agreements", desk.officer, on) == ["“2026 年公益创投”：1 个项目待起草协议"]
    client.force_login(desk.officer)
    assert "起草协议" in look(client, "agreement", key)
    page = look(client, "agreement_new", key)
    assert "余额 4,000,000.00 元" in page and "100,000.00" in page and "滨湖区甲示例服务中心" in page
    post(client, "agreement_new", key, **asked(line, pool))
    row = Agreement.objects.get()
    assert (row.amount_fen, row.places, row.account_tail) == (10 * WAN, ["河埒街道", "蠡园街道"], "2345")
    assert AgreementShare.objects.get().amount_fen == 10 * WAN == granting.pool(round_).committed_fen
    page = look(client, "agreement", key)
    assert "尾号 2345" in page and "6222" not in page and "第 1 期 50%" in page and "还没有签署的扫描件" in page
    answer = client.get(address("letter", row.document_id, "docx"))
    assert b"".join(answer.streaming_content)[:2] == b"PK" and "%E5%8D%8F%E8%AE%AE" in answer["Content-Disposition"]
    taken = AuditEvent.objects.filter(subject_kind="agreement", subject_id=str(row.pk), payload__original=False)
    assert taken.get().actor == desk.officer, "an account number was taken out"
    assert due("own_agreements", head, on) == ["请签署“银发陪伴”的协议"]

    # The body reads and prints it, and hands the signed one up.
    client.force_login(head)
    page = look(client, "agreement", key)
    assert "打印协议书" in page and "放弃立项" in page
    assert client.get(address("letter", row.document_id, "pdf")).status_code == 200
    scan = SimpleUploadedFile("协议.pdf", b"".join(client.get(address("letter", row.document_id, "pdf"))))
    there = address("core:file_list", "agreement", row.pk)
    page = client.get(there)
    assert page.status_code == 200 and "签署的协议扫描件" in page.content.decode()
    told = client.post(there, {"uploads": scan, "purpose": "agreement_scan", "pledge": "on"})
    if told.status_code == 302:
        assert Attachment.objects.filter(subject_kind="agreement", sensitivity="C3").exists()
    client.force_login(ground.head(ground.body("滨湖区乙示例服务中心"), "lingyijia"))
    assert client.get(there).status_code == 404
    assert client.get(address("letter", row.document_id, "pdf")).status_code == 404

    # Signed by who did not draft.
    client.force_login(desk.officer)
    assert client.get(address("agreement_sign", row.pk)).status_code == 403
    client.force_login(desk.host)
    assert due("signing", desk.host, on) == ["“2026 年公益创投”：1 份协议待登记签订"]
    page = post(client, "agreement_sign", row.pk, signed_on="2026-11-02", status=422).content.decode()
    assert "公示期满、没有未答复的异议，才能签订协议" in page
    post(client, "agreement_sign", row.pk, signed_on=on.isoformat())
    row = granting.agreement(row)
    assert (row.state, row.project.state, row.signed_on) == ("signed", "signed", on)
    assert due("signing", desk.host, on) == [] == due("own_agreements", head, on)
    client.force_login(desk.officer)
    page = post(client, "agreement_start", row.pk, started_on=on.isoformat(), status=422).content.decode()
    assert "首期资金" in page
    tranches.prepare(tranche=granting.tranche(row), evidence="协议", by=desk.officer, at=moment)
    tranches.approve(tranche=granting.tranche(row), by=desk.host, at=moment)
    post(client, "agreement_start", row.pk, started_on=on.isoformat())
    assert granting.project(row.project).state == "running"
    page = look(client, "agreement_list", round_.pk)
    assert "已签订" in page and "银发陪伴" in page


def test_what_an_agreement_may_not_say_is_told_in_words_and_nothing_is_lost(client, desk, round_, award):
    line, _moment = award
    key, pool = line.project_id, granting.pool(round_)
    small = granting.more(round_, desk.officer, "镇级配套", 1 * WAN)
    client.force_login(desk.officer)
    for changes, words in (
        ({"account_name": "乙某"}, "不是签约组织"), ({"account_number": "123"}, "账号应为 8 至 30 位数字"),
        ({f"pool_{pool.pk}": "100000.01"}, "不等于协议金额"), ({f"pool_{pool.pk}": ""}, "从每个资金池使用的金额"),
        ({f"pool_{pool.pk}": "80000", f"pool_{small.pk}": "20000"}, "镇级配套"),
        ({"ends_on": "2026-11-01"}, "结束日期不能早于开始日期"), ({"starts_on": "何时"}, "日期"),
    ):  # fmt: skip
        page = post(client, "agreement_new", key, status=422, **asked(line, pool, **changes)).content.decode()
        assert words in page, changes
        assert "河埒街道、蠡园街道" in page and "示例银行" in page
    assert not Agreement.objects.exists() and granting.pool(round_).committed_fen == 0
    for nobody in (desk.host, desk.finance):
        client.force_login(nobody)
        assert client.get(address("agreement_new", key)).status_code == 403
    granting.drafted(desk, line.project, [(pool, 10 * WAN)], at=_moment)
    client.force_login(desk.officer)
    assert client.get(address("agreement_new", key)).status_code == 302


def test_where_less_was_approved_the_budget_is_brought_down_with_the_agreement(
    client, monkeypatch, desk, round_, proposed
):
    at(monkeypatch, AT)
    (line,), moment = granting.approved(desk, round_, [(proposed, 8 * WAN)])
    at(monkeypatch, moment)
    pool, key = granting.pool(round_), proposed.pk
    client.force_login(desk.officer)
    page = look(client, "agreement_new", key)
    assert "请把预算改到资助合计等于协议金额" in page and 'name="line-0-price_fen"' in page

    def lines(first, second):
        rows = [("B01", "B01 支出", first), ("B06", "B06 支出", second)]
        told = {"line-TOTAL_FORMS": 2, "line-INITIAL_FORMS": 2}
        for n, (code, title, price) in enumerate(rows):
            told |= {f"line-{n}-budget_class": code, f"line-{n}-title": title, f"line-{n}-price_fen": price,
                     f"line-{n}-quantity": "1", f"line-{n}-times": "1", f"line-{n}-own_fen": ""}  # fmt: skip
        return told

    given = asked(line, pool, **{f"pool_{pool.pk}": "80000"})
    page = post(client, "agreement_new", key, status=422, **given, **lines("30000", "60000")).content.decode()
    assert "预算里的资助资金 90,000.00 元不等于协议金额 80,000.00 元" in page
    page = post(client, "agreement_new", key, status=422, **given, **lines("40000.01", "39999.99")).content.decode()
    assert "预算超过本届的上限" in page and not Agreement.objects.exists()
    post(client, "agreement_new", key, **given, **lines("40000.00", "40000.00"))
    row = Agreement.objects.get()
    assert (row.amount_fen, granting.project(proposed).grant_fen) == (8 * WAN, 8 * WAN)


def test_a_draft_is_cancelled_and_an_award_given_up(client, desk, round_, award, head):
    line, moment = award
    key, pool = line.project_id, granting.pool(round_)
    row = granting.drafted(desk, line.project, [(pool, 10 * WAN)], at=moment)
    client.force_login(desk.officer)
    post(client, "agreement_cancel", row.pk, reason="", status=422)
    post(client, "agreement_cancel", row.pk, reason="账号待核")
    assert granting.pool(round_).committed_fen == 0
    assert "账号待核" in look(client, "agreement", key)
    assert client.get(address("project_decline", key)).status_code == 403
    client.force_login(ground.manager(line.project.organization, "xiangmu"))
    assert "放弃立项" not in look(client, "agreement", key)
    assert client.get(address("project_decline", key)).status_code == 403
    client.force_login(head)
    post(client, "project_decline", key, reason="人手不足")
    assert granting.project(line.project).state == "withdrawn"
    assert money.ledger_faults(round_) == []


def test_many_are_drafted_at_once_and_what_keeps_one_back_is_told_for_that_one(
    client, monkeypatch, desk, round_, body, head, proposed
):
    at(monkeypatch, AT)
    bodies = [ground.body(f"滨湖区批{n}示例服务中心") for n in range(2)]
    rows = [proposed]
    for n, held in enumerate(bodies):
        rows.append(
            granting.proposed(
                round_, held, ground.head(held, f"b{n}"), title=f"批量{n}", total_fen=5 * WAN, pay_fen=2 * WAN
            )
        )
    less = granting.proposed(
        round_, bodies[0], ground.head(bodies[0], "c0"), title="减额", total_fen=5 * WAN, pay_fen=2 * WAN
    )
    lines, moment = granting.approved(
        desk, round_, [(rows[0], 10 * WAN), (rows[1], 5 * WAN), (rows[2], 5 * WAN), (less, 4 * WAN)]
    )
    at(monkeypatch, moment)
    assert len(lines) == 4
    client.force_login(desk.officer)
    page = look(client, "agreement_batch", round_.pk)
    assert "要逐个起草" in page and "减额" in page and "批量1" in page
    pool = granting.pool(round_)
    told = {"starts_on": "2026-11-10", "ends_on": "2027-07-31"}
    assert "请至少填写一个项目的账号" in post(client, "agreement_batch", round_.pk, status=422, **told).content.decode()
    for row in rows:
        told |= {f"pool_{row.pk}": pool.pk, f"name_{row.pk}": granting.account(row)["name"],
                 f"bank_{row.pk}": "示例银行", f"number_{row.pk}": NUMBER}  # fmt: skip
    told[f"name_{rows[2].pk}"] = "李示例"
    told[f"number_{rows[0].pk}"] = ""
    page = post(client, "agreement_batch", round_.pk, status=422, **told).content.decode()
    assert "1 个没有起草" in page and "不是签约组织" in page and "批量1" in page and "批量0" not in page
    assert Agreement.objects.get().project_id == rows[1].pk
    told[f"name_{rows[2].pk}"] = granting.account(rows[2])["name"]
    del told[f"number_{rows[1].pk}"]
    post(client, "agreement_batch", round_.pk, **told)
    assert set(Agreement.objects.values_list("project", flat=True)) == {rows[1].pk, rows[2].pk}
    assert granting.pool(round_).committed_fen == 10 * WAN
    page = look(client, "agreement_list", round_.pk, query="?state=none")
    assert "银发陪伴" in page and "批量1" not in page
    client.force_login(head)
    assert client.get(address("agreement_list", round_.pk)).status_code == 403


def test_days_left_bodies_that_owe_and_statements(client, monkeypatch, desk, round_, body, head, proposed):
    at(monkeypatch, AT)
    other = granting.proposed(round_, body, head, title="邻里议事", total_fen=5 * WAN, pay_fen=2 * WAN)
    _lines, moment = granting.approved(desk, round_, [(proposed, 10 * WAN), (other, 5 * WAN)])
    at(monkeypatch, moment)
    on, pool = granting.day(moment), granting.pool(round_)
    round_.sign_by = on
    round_.save()
    client.force_login(desk.officer)
    assert "今天到期" in look(client, "agreement_list", round_.pk)

    def counts():
        return [statements(client, "agreement_list", round_.pk), statements(client, "agreement_batch", round_.pk)]

    before = counts()
    row = granting.drafted(desk, proposed, [(pool, 10 * WAN)], at=moment)
    source = registries.reminders["funding.signing"]
    (owed,) = source.owing(desk.officer, on, on, on)
    assert (owed.name, owed.what, owed.due_on) == ("滨湖区甲示例服务中心", "签署“银发陪伴”的协议", on)
    assert len(source.own(head, on, on, on)) == 1 and source.owing(desk.finance, on, on, on) == []
    granting.drafted(desk, other, [(pool, 5 * WAN)], at=moment)
    assert all(after <= first for after, first in zip(counts(), before, strict=True))
    client.force_login(desk.finance)
    assert "尾号 2345" in look(client, "agreement", proposed.pk)
    assert row.pk
