"""Objections: lodged by anybody on the public page, answered by a second person; nothing is approved before; no name
of who objected stands on any page, sheet, timeline or notice.
"""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import Client

from liaoyuan.core import registries, vault
from liaoyuan.core.models import AuditEvent, Document, SeparationSetting
from liaoyuan.funding.actions import objections
from liaoyuan.funding.models import AwardObjection, Project
from liaoyuan.funding.queries import objecting
from tests.core.factories import AT
from tests.funding import granting, ground
from tests.funding.paging import NAME, PHONE, address, at, look, post, statements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "shipped")]
WAN = granting.WAN
TEXT = "申报书里的合作社区没有同意过。"
GOOD = {"kind": "facts", "text": TEXT, "objector": NAME, "contact": PHONE}


@pytest.fixture
def today(monkeypatch):
    at(monkeypatch, AT)
    cache.clear()


@pytest.fixture
def listed(desk, round_, proposed):
    return granting.listed(desk, round_, [(proposed, 8 * WAN)])


def number_in(answer):
    text = answer.content.decode()
    return text[text.index("<code>") + 6 : text.index("</code>")]


def due(code, who, on=ground.TODAY):
    items, _total = registries.due_sources[f"funding.{code}"].items(user=who, on=on, limit=20)
    return [item.title for item in items]


def owing(code, who, on):
    source = registries.reminders[f"funding.{code}"]
    return [(one.name, one.what) for one in source.owing(who, on, on - timedelta(days=3650), on + timedelta(days=90))]


def test_a_resident_objects_without_an_account_and_nothing_is_approved_before_the_answer(
    client, monkeypatch, desk, round_, listed, head
):
    line, public = listed.lines.get(), Client(enforce_csrf_checks=True)
    page = public.get(address("portal:award", listed.pk)).content.decode()
    assert address("portal:award_object", listed.pk) in page
    there = address("portal:award_object", listed.pk)
    public.get(there)
    token = public.cookies["csrftoken"].value
    assert public.post(there, GOOD).status_code == 403
    answer = public.post(there, {**GOOD, "line": line.pk, "csrfmiddlewaretoken": token})
    assert answer.status_code == 200 and "2026年11月2日" in answer.content.decode()
    number, row = number_in(answer), AwardObjection.objects.get()
    assert (row.line_id, row.received_by, row.state) == (line.pk, None, "received")
    assert NAME not in row.objector and vault.decrypt(row.contact, purpose="award_objection.contact") == PHONE
    follow = post(Client(), "portal:objection", code=number.lower().replace("-", " - "), status=200).content.decode()
    assert "已收到" in follow and "正在办理" in follow and TEXT not in follow and NAME not in follow

    # The office is told, takes it up; the body learns that there is one, and about what.
    assert due("objections", desk.officer) == [f"异议待受理：{line.number} 银发陪伴"]
    client.force_login(desk.officer)
    page = look(client, "objection_detail", row.pk)
    assert TEXT in page and NAME not in page and PHONE not in page and "钱*" in page
    post(client, "objection_step", row.pk, "take", version=row.version)
    assert granting.project(line.project).state == "objected"
    client.force_login(head)
    page = look(client, "project_publicity", line.project_id)
    assert "申报内容不实" in page and TEXT not in page and NAME not in page
    assert client.get(address("objection_detail", row.pk)).status_code == 403

    # Over the days: still nothing is approved.
    over = granting.over(listed)
    at(monkeypatch, over)
    client.force_login(desk.officer)
    page = post(client, "approval_new", listed.pk, line=[line.pk], status=422).content.decode()
    assert "没有答复" in page
    on = granting.day(over)
    assert due("objections", desk.officer, on) == [f"异议已逾期，待拟答复：{line.number} 银发陪伴"]
    assert owing("answer", desk.host, on) == [(round_.programme.host, f"答复公示异议：{line.number} 银发陪伴")]

    # Drafted by one, signed by a second who did not publish.
    page = post(client, "objection_propose", row.pk, upheld="no", answer=f"{NAME}的意见不成立。", status=422)
    assert "不能写异议人的姓名" in page.content.decode()
    post(client, "objection_propose", row.pk, upheld="no", answer="经走访，社区书面同意在卷。")
    assert (
        due("objections", desk.officer, on) == [] == due("answers", desk.officer, on) == due("answers", desk.host, on)
    )
    assert due("answers", desk.other_host, on) == [f"异议答复待签发：{line.number} 银发陪伴"]
    client.force_login(desk.host)
    page = post(client, "objection_step", row.pk, "answer", status=422).content.decode()
    assert "发布公示以外的人" in page
    client.force_login(desk.other_host)
    post(client, "objection_step", row.pk, "answer")
    assert granting.project(line.project).state == "published"
    follow = post(Client(), "portal:objection", code=number, status=200).content.decode()
    assert "异议不成立" in follow and "社区书面同意在卷" in follow and "书面申诉" in follow
    client.force_login(desk.officer)
    post(client, "approval_new", listed.pk, line=[line.pk])
    client.force_login(desk.host)
    post(client, "approval_sign", Document.objects.get(code="award_approval").pk)
    assert Project.objects.get(pk=line.project_id).state == "approved"


def test_the_name_stands_on_no_page_sheet_timeline_or_notice(client, desk, round_, listed, head, proposed):
    objection = objections.lodge(award_list=listed, line=listed.lines.get(), **GOOD, by=None, at=AT)
    objections.take(objection=objection, by=desk.officer, at=AT)
    objections.propose(objection=objection, upheld=False, answer="经复核，情况属实。", by=desk.officer, at=AT)
    document = AwardObjection.objects.get().document
    pages = {
        desk.officer: [("award_list", round_.pk), ("award_detail", listed.pk), ("objection_list", round_.pk),
                       ("objection_detail", objection.pk), ("project_detail", proposed.pk),
                       ("project_publicity", proposed.pk), ("round_detail", round_.pk)],
        desk.host: [("objection_detail", objection.pk), ("award_detail", listed.pk)],
        head: [("project_detail", proposed.pk), ("project_publicity", proposed.pk)],
    }  # fmt: skip
    for who, asked in pages.items():
        client.force_login(who)
        for page, key in asked:
            text = look(client, page, key)
            assert NAME not in text and PHONE not in text, page
    client.force_login(desk.officer)
    assert NAME not in client.get("/todo/").content.decode()
    client.logout()
    for page in ("portal:award", "portal:award_object"):
        assert NAME not in look(client, page, listed.pk)
    told = "".join(f"{one.payload} {one.subject_label}" for one in AuditEvent.objects.all())
    assert NAME not in told and PHONE not in told
    assert document is not None and NAME not in str(document.snapshot) + str(document.values) + document.subject_label
    client.force_login(desk.officer)
    answer = client.get(address("letter", document.pk, "docx"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        assert NAME not in book.read("word/document.xml").decode()


def test_who_objected_is_shown_to_who_handles_it_for_a_reason_that_is_logged(client, desk, listed, head):
    row = objections.lodge(award_list=listed, line=listed.lines.get(), **GOOD, by=None, at=AT)
    client.force_login(desk.officer)
    page = post(client, "objection_reveal", row.pk, reason="", status=422).content.decode()
    assert NAME not in page
    page = post(client, "objection_reveal", row.pk, reason="电话核实", status=200).content.decode()
    assert NAME in page and PHONE in page
    told = AuditEvent.objects.get(subject_kind="awardobjection", payload__reason="电话核实")
    assert told.actor == desk.officer
    for who, status in ((head, 403), (desk.finance, 403)):
        client.force_login(who)
        assert client.post(address("objection_reveal", row.pk), {"reason": "看看"}).status_code == status
    assert NAME not in str(told.payload)


def test_what_is_missing_is_said_in_words_and_nothing_typed_is_lost(client, listed):
    there = address("portal:award_object", listed.pk)
    for changes, words in (
        ({"objector": ""}, "请填写姓名或单位，或选择匿名"), ({"contact": ""}, "请填写联系方式，或选择匿名"),
        ({"text": "不实"}, "至少 5 个字"), ({"kind": ""}, "异议的内容"), ({"line": "999999"}, "对哪个项目"),
        ({"text": "\0"}, ""), ({"kind": "x" * 500}, ""),
    ):  # fmt: skip
        cache.clear()
        answer = client.post(there, {**GOOD, **changes})
        assert answer.status_code == 422, changes
        assert words in answer.content.decode()
        if "objector" not in changes:
            assert NAME in answer.content.decode()
    assert not AwardObjection.objects.exists()
    anonymous = client.post(there, {"kind": "conflict", "text": TEXT, "anonymous": "on", "objector": NAME})
    assert anonymous.status_code == 200
    row = AwardObjection.objects.get()
    assert (row.anonymous, row.objector, row.line) == (True, "", None)
    assert 'lang="en"' in client.get(there + "?lang=en").content.decode()


def test_sending_and_asking_are_slowed_down(client, listed):
    there = address("portal:award_object", listed.pk)
    given = {"kind": "facts", "text": TEXT, "anonymous": "on"}
    answers = [client.post(there, given).status_code for _n in range(11)]
    assert answers == [200] * 10 + [429]
    assert "请过一会儿再来" in client.post(there, given).content.decode()
    assert client.post(there, given, REMOTE_ADDR="10.0.0.9").status_code == 200
    asked = [client.post(address("portal:objection"), {"code": "1-AAAA-AAAA-AAAA"}).status_code for _n in range(31)]
    assert asked == [422] * 30 + [429]


def test_a_query_number_cannot_be_guessed_from_another(client, listed):
    rows = [
        objections.lodge(award_list=listed, kind="facts", text=TEXT, anonymous=True, by=None, at=AT) for _n in range(2)
    ]
    first, second = (objecting.number_of(row) for row in rows)
    assert objecting.by_number(first) == rows[0] and objecting.by_number(f" {second.lower()} ") == rows[1]
    moved = f"{rows[1].pk}-{first.partition('-')[2]}"
    for wrong in (moved, str(rows[0].pk), f"{rows[0].pk}-", first[:-1], "", "²-AAAA", "9" * 40, f"0{first}x"):
        assert objecting.by_number(wrong) is None, wrong
    page = post(client, "portal:objection", code=moved, status=422).content.decode()
    assert "没有这个查询码" in page
    assert post(client, "portal:objection", code="", status=422)


def test_at_trial_nobody_is_asked_who_he_is(client, listed):
    SeparationSetting.objects.create(level="trial", valid_from=date(2026, 1, 1), set_at=AT)
    there = address("portal:award_object", listed.pk)
    assert 'name="objector"' not in client.get(there).content.decode()
    assert client.post(there, GOOD).status_code == 200
    row = AwardObjection.objects.get()
    assert (row.anonymous, row.objector, row.contact) == (True, "", "")


def test_what_came_on_paper_is_entered_by_the_office_on_a_day_of_the_list(client, monkeypatch, desk, listed):
    line = listed.lines.get()
    over = granting.over(listed)
    at(monkeypatch, over)
    client.force_login(desk.officer)
    told = {"line": line.pk, **GOOD}
    page = post(client, "objection_new", listed.pk, received_on="2026-11-03", status=422, **told).content.decode()
    assert "公示期内" in page and TEXT in page
    post(client, "objection_new", listed.pk, received_on="2026-10-30", **told)
    row = AwardObjection.objects.get()
    assert (row.received_on.isoformat(), row.received_by) == ("2026-10-30", desk.officer)
    client.force_login(desk.host)
    assert client.get(address("objection_new", listed.pk)).status_code == 403


def test_an_objection_is_declined_with_a_reason_by_a_second_person(client, desk, listed):
    row = objections.lodge(award_list=listed, kind="other", text=TEXT, anonymous=True, by=None, at=AT)
    client.force_login(desk.officer)
    assert client.get(address("objection_decline", row.pk)).status_code == 403
    client.force_login(desk.other_host)
    assert "请写明" in post(client, "objection_decline", row.pk, reason="x", status=422).content.decode()
    post(client, "objection_decline", row.pk, reason="不属于公示的事项。")
    row.refresh_from_db()
    assert (row.state, row.answer) == ("declined", "不属于公示的事项。")
    follow = post(Client(), "portal:objection", code=objecting.number_of(row), status=200).content.decode()
    assert "不予受理" in follow and "不属于公示的事项" in follow


def test_an_upheld_objection_refuses_and_an_appeal_of_the_body_restores(client, desk, listed, head):
    line = listed.lines.get()
    row = objections.lodge(award_list=listed, line=line, **GOOD, by=None, at=AT)
    client.force_login(desk.officer)
    post(client, "objection_step", row.pk, "take", version=row.version)
    page = post(client, "objection_propose", row.pk, upheld="yes", answer="情况属实。", status=422).content.decode()
    assert "请选择异议成立后怎样处理项目" in page
    page = post(client, "objection_propose", row.pk, upheld="yes", answer="情况属实。", remedy="changed",
                changed_fen="90000", status=422).content.decode()  # fmt: skip
    assert "不高于公示的 80,000.00 元" in page
    post(client, "objection_propose", row.pk, upheld="yes", answer="部分属实。", remedy="changed", changed_fen="60000")
    assert "资助金额改为 60,000.00 元" in look(client, "objection_detail", row.pk)
    post(client, "objection_drop", row.pk, reason="再核实")
    post(client, "objection_propose", row.pk, upheld="yes", answer="情况属实，不予立项。", remedy="refused")
    client.force_login(desk.other_host)
    post(client, "objection_step", row.pk, "answer")
    assert granting.project(line.project).state == "refused"
    assert due("own_refused", head) == ["“银发陪伴”不予立项，不服的可以申诉"]
    client.force_login(head)
    page = look(client, "project_publicity", line.project_id)
    assert "不予立项" in page and "情况属实，不予立项。" in page and NAME not in page and "可以申诉一次" in page
    assert "申诉期限 2026-11-02" in look(client, "objection_appeal", row.pk)
    post(client, "objection_appeal", row.pk, text="合作协议原件在此，请复核。")
    assert due("own_refused", head) == []
    made = AwardObjection.objects.get(appeal_of=row)
    assert (made.anonymous, made.objector) == (True, "")
    client.force_login(desk.officer)
    assert f"第 {made.pk} 号申诉" in look(client, "objection_detail", row.pk)
    post(client, "objection_step", made.pk, "take", version=made.version)
    post(client, "objection_propose", made.pk, upheld="yes", answer="申诉有理，恢复拟立项。")
    third = granting.user("dthird", ("registry_head", "area", "320211"))
    assert due("answers", desk.other_host) == [] and len(due("answers", third)) == 1
    client.force_login(third)
    post(client, "objection_step", made.pk, "answer")
    assert granting.project(line.project).state == "proposed"
    client.force_login(desk.officer)
    assert "银发陪伴" in look(client, "award_new", listed.round_id)


def test_lists_cost_the_same_however_many_objections(client, desk, round_, listed, proposed, head):
    line = listed.lines.get()

    def lodged():
        objections.lodge(award_list=listed, line=line, **GOOD, by=None, at=AT)

    def everything():
        client.force_login(desk.officer)
        told = [statements(client, "objection_list", round_.pk), statements(client, "award_detail", listed.pk)]
        client.force_login(head)
        return [*told, statements(client, "project_publicity", proposed.pk)]

    lodged()
    before = everything()
    for _n in range(4):
        lodged()
    assert everything() == before
    client.force_login(desk.officer)
    assert "没有符合条件的异议" in look(client, "objection_list", round_.pk, query="?state=upheld")
    assert AwardObjection.objects.filter(due_on__gt=F("received_on")).count() == 5
