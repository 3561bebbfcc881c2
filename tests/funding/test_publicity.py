"""公示: its days to the last hour, objections named and anonymous, answers by another person, appeals, approval."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.core import vault
from liaoyuan.core.models import AuditEvent, Document
from liaoyuan.funding.actions import objection_retention, objections, publicity
from liaoyuan.funding.models import AwardLine, AwardList, AwardObjection, Project
from liaoyuan.funding.queries import publicity as reading
from liaoyuan.funding.rules.publicity import secrets
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT
from tests.funding import granting, ground

pytestmark = pytest.mark.django_db
WAN = granting.WAN
TEXT = "负责人与评审专家是亲属，应当回避。"


def codes(refused):
    return {finding.code for finding in refused.value.findings}


@pytest.fixture
def listed(desk, round_, proposed):
    return granting.listed(desk, round_, [(proposed, 8 * WAN)])


def lodged(row, by=None, **told):
    given = {"kind": "conflict", "text": TEXT, "anonymous": True, "line": row.lines.get(), "at": AT, **told}
    return objections.lodge(award_list=row, by=by, **given)


def decided(desk, objection, *, upheld, at=AT, by=None, **told):
    objections.take(objection=objection, by=desk.officer, at=at)
    objections.propose(objection=objection, upheld=upheld, answer="经复核，情况如下。", by=desk.officer, at=at, **told)
    found = AwardObjection.objects.get(pk=objection.pk)
    return objections.answer(objection=found, by=by or desk.other_host, at=at)


def test_a_list_stands_five_working_days_to_midnight(desk, listed):
    """2026-10-26 is a Monday: the fifth working day after it is Monday, 2 November."""
    assert (listed.opens_on.isoformat(), listed.closes_on.isoformat()) == ("2026-10-26", "2026-11-02")
    line = listed.lines.get()
    assert line.project.state == "published"
    last = granting.over(listed) - timedelta(seconds=1)
    assert lodged(listed, at=last).received_on == listed.closes_on
    with pytest.raises(Refused) as refused:
        lodged(listed, at=granting.over(listed))
    assert codes(refused) == {"OBJECTION-CLOSED"}
    with pytest.raises(Refused):
        publicity.draft_approval(award_list=listed, lines=[line], by=desk.officer, at=last)
    document = Document.objects.get(pk=listed.document_id)
    assert document.snapshot["last"] == "2026年11月2日" and "80,000.00" in document.snapshot["names"]


def test_what_is_published_holds_nothing_of_a_person(desk, round_, proposed):
    told = {"round_": round_, "lines": [(proposed, WAN)], "receiver": "科室", "by": desk.officer, "at": AT}
    for text in ("联系人 13912345678", "身份证 32021119900101123X", "账号 6222 0000 1111 2222 333"):
        with pytest.raises(Refused) as refused:
            publicity.draft(title="公示", text=text, **told)
        assert codes(refused) == {"GV-PUB-03"}
    assert not AwardList.objects.exists()
    assert secrets(["电话 0510-85012345", "2026 年第 3 批 100000.00 元"]) == []


def test_a_list_takes_only_proposed_projects_once_and_no_more_than_asked(desk, round_, proposed, body, head):
    other = ground.submitted(ground.written(round_, body, head, title="另一个"), head)
    told = {"round_": round_, "title": "公示", "receiver": "科室", "by": desk.officer, "at": AT}
    for lines, code in (([(other, WAN)], "AWARDS-STATE"), ([(proposed, 10 * WAN + 1)], "AWARDS-AMOUNT"),
                        ([(proposed, 0)], "AWARDS-AMOUNT"), ([], "AWARDS-EMPTY")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            publicity.draft(lines=lines, **told)
        assert codes(refused) == {code}
    publicity.draft(lines=[(proposed, WAN)], **told)
    with pytest.raises(Refused) as refused:
        publicity.draft(lines=[(proposed, WAN)], **told)
    assert codes(refused) == {"AWARDS-TWICE"}
    with pytest.raises(PermissionDenied):
        publicity.draft(**{**told, "by": head}, lines=[(proposed, WAN)])


def test_who_objects_is_sealed_and_who_does_not_say_is_not_asked(desk, listed, head):
    named = lodged(listed, anonymous=False, objector="钱某", contact="13812345678")
    row = AwardObjection.objects.get(pk=named.pk)
    assert "钱某" not in row.objector and "138" not in row.contact
    assert vault.decrypt(row.objector, purpose="award_objection.objector") == "钱某"
    hidden = lodged(listed, anonymous=True, objector="孙某", contact="")
    assert (hidden.objector, hidden.contact) == ("", "")
    with pytest.raises(Refused) as refused:
        lodged(listed, anonymous=False, objector="", contact="x")
    assert codes(refused) == {"OBJECTION-NAME"}
    told = "".join(str(event.payload) for event in AuditEvent.objects.all())
    assert "钱某" not in told and "13812345678" not in told
    assert not AwardObjection.objects.visible_to(head).exists()
    assert AwardObjection.objects.visible_to(desk.officer).count() == 2


def test_an_open_objection_holds_the_approval_back(desk, listed):
    line, at = listed.lines.get(), granting.over(listed)
    objection = lodged(listed)
    with pytest.raises(Refused) as refused:
        publicity.draft_approval(award_list=listed, lines=[line], by=desk.officer, at=at)
    assert codes(refused) == {"AWARDS-OBJECTION"}
    objections.take(objection=objection, by=desk.officer, at=AT)
    assert granting.project(line.project).state == "objected"
    objections.propose(objection=objection, upheld=False, answer="查无此事，证据如下。", by=desk.officer, at=AT)
    objection = AwardObjection.objects.get(pk=objection.pk)
    with pytest.raises(Refused) as refused:
        objections.answer(objection=objection, by=desk.host, at=AT)
    assert codes(refused) == {"OBJECTION-SECOND"}
    objections.answer(objection=objection, by=desk.other_host, at=AT)
    assert granting.project(line.project).state == "published"
    document = publicity.draft_approval(award_list=listed, lines=[line], by=desk.officer, at=at)
    publicity.approve(document=document, by=desk.host, at=at)
    line = AwardLine.objects.get(pk=line.pk)
    assert (line.approved_fen, granting.project(line.project).state) == (8 * WAN, "approved")


def test_an_upheld_objection_ends_the_project_or_changes_its_amount(desk, listed):
    objection = lodged(listed)
    with pytest.raises(Refused) as refused:
        decided(desk, objection, upheld=True, remedy="changed", changed_fen=8 * WAN + 1)
    assert codes(refused) == {"OBJECTION-AMOUNT"}
    objections.propose(objection=objection, upheld=True, answer="部分预算不实。", remedy="changed", changed_fen=6 * WAN,
                       by=desk.officer, at=AT)  # fmt: skip
    objections.answer(objection=AwardObjection.objects.get(pk=objection.pk), by=desk.other_host, at=AT)
    line, at = listed.lines.get(), granting.over(listed)
    assert (line.due_fen, line.amount_fen) == (6 * WAN, 8 * WAN)
    second = lodged(listed, at=granting.over(listed) - timedelta(hours=1))
    decided(desk, second, upheld=True, remedy="refused")
    line = listed.lines.get()
    assert (line.remedy, granting.project(line.project).state) == ("refused", "refused")
    with pytest.raises(Refused):
        publicity.draft_approval(award_list=listed, lines=[line], by=desk.officer, at=at)


def test_an_appeal_is_answered_by_a_third_person_and_restores(desk, listed, head):
    decided(desk, lodged(listed), upheld=True, remedy="refused")
    first = AwardObjection.objects.get()
    late = AT + timedelta(days=8)
    with pytest.raises(Refused) as refused:
        objections.appeal(objection=first, text="查证有误，请复核。", by=head, at=late)
    assert codes(refused) == {"APPEAL-LATE"}
    made = objections.appeal(objection=first, text="查证有误，请复核。", by=head, at=AT + timedelta(days=1))
    with pytest.raises(Refused):
        objections.appeal(objection=first, text="再次申诉一次。", by=head, at=AT + timedelta(days=1))
    objections.take(objection=made, by=desk.officer, at=AT)
    objections.propose(objection=made, upheld=True, answer="申诉有理，恢复拟立项。", by=desk.officer, at=AT)
    made = AwardObjection.objects.get(pk=made.pk)
    for nobody in (desk.host, desk.other_host):
        with pytest.raises(Refused) as refused:
            objections.answer(objection=made, by=nobody, at=AT)
        assert codes(refused) == {"OBJECTION-SECOND"}
    third = granting.user("dthird", ("registry_head", "area", "320211"))
    objections.answer(objection=made, by=third, at=AT)
    assert Project.objects.get().state == "proposed"
    again = publicity.draft(
        round_=listed.round, lines=[(Project.objects.get(), 8 * WAN)], title="补充公示", receiver="科室",
        by=desk.officer, at=AT,
    )  # fmt: skip
    assert again.lines.count() == 1


def test_the_term_of_an_answer_is_shown_and_an_overdue_one_is_told(desk, listed):
    objection = lodged(listed)
    assert objection.due_on.isoformat() == "2026-11-02"
    on_time, late = objection.due_on, objection.due_on + timedelta(days=1)
    (found,) = reading.waiting(desk.officer, on_time)
    assert (found.overdue, found.findings) == (False, ())
    (found,) = reading.waiting(desk.officer, late)
    assert found.overdue and [one.code for one in found.findings] == ["GV-PUB-02"]
    decided(desk, objection, upheld=False)
    assert reading.waiting(desk.officer, late) == []


def test_a_list_with_a_mistake_is_taken_down_and_published_anew(desk, round_, proposed, listed):
    publicity.withdraw(award_list=listed, reason="金额有误", by=desk.host, at=AT)
    assert granting.project(proposed).state == "proposed"
    again = granting.listed(desk, round_, [(proposed, 7 * WAN)])
    assert reading.standing(AT.date()) == [again]
    assert [row[-1] for row in reading.table(again)] == [7 * WAN]
    document = publicity.draft_approval(
        award_list=again, lines=list(again.lines.all()), by=desk.officer, at=granting.over(again)
    )
    publicity.approve(document=document, by=desk.host, at=granting.over(again))
    with pytest.raises(Refused):
        publicity.withdraw(award_list=again, reason="再改", by=desk.host, at=granting.over(again))
    assert granting.project(proposed).state == "approved"


def test_who_objected_is_forgotten_after_the_answer(desk, listed):
    row = lodged(listed, anonymous=False, objector="钱某", contact="13812345678")
    (kind,) = objection_retention.CLASSES
    assert kind.due(AT + timedelta(days=3650)) == []
    decided(desk, row, upheld=False)
    assert kind.due(AT) == []
    keys = kind.due(AT + timedelta(days=366))
    assert keys == [row.pk] and kind.end(keys, by=desk.officer, at=AT) == 1
    row.refresh_from_db()
    assert (row.objector, row.contact, row.text) == ("", "", TEXT)


def test_the_database_holds_amounts_and_answers_by_itself(listed):
    line = listed.lines.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardLine.objects.filter(pk=line.pk).update(approved_fen=line.amount_fen + 1, approved_at=AT)
    objection = lodged(listed)
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardObjection.objects.filter(pk=objection.pk).update(state="dismissed")
