"""Documents that carry a procedure about a list: order, days, numbers, withdrawal, two at once, many at once."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction

from liaoyuan.core.actions import document_numbers, documents
from liaoyuan.core.models import AuditEvent, CalendarDay, Document, DocumentNumber, User
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import credit, listing_letters
from liaoyuan.registry.actions import listings as actions
from liaoyuan.registry.choices import Ground, Listing
from liaoyuan.registry.models import CreditEntry, ListingLetter, ListingProposal
from tests.core.documents_ground import Office, office
from tests.core.test_documents import bytes_of, words_of
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
REASON = "未报送 2025 年度工作报告"


@pytest.fixture(autouse=True)
def own_store(tmp_path, settings, monkeypatch):
    settings.FILES = tmp_path / "files"
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-06-01T10:00:00")


@pytest.fixture
def ground() -> Office:
    return office()


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def working(start: date, days: int) -> tuple[date, bool]:
    """The n-th working day after a day and whether a year without rows was entered, by the table alone."""
    rows = {row.date: row.is_workday for row in CalendarDay.objects.all()}
    known = {day.year for day in rows}
    day, guessed = start, False
    while days:
        day += timedelta(days=1)
        guessed |= day.year not in known
        days -= rows.get(day, day.weekday() < 5)
    return day, guessed


class Desk:
    """What the officers do with the proposal of one body."""

    def __init__(
        self, ground: Office, why: Ground = Ground.ANNUAL, wants: Listing = Listing.ABNORMAL, body: Any = None
    ):
        self.ground, self.body = ground, body or ground.body
        day = date(2026, 6, 1)
        self.row = actions.propose(
            organization=self.body, wants=wants, ground=why, reason=REASON + "。", arisen_on=day,
            by=ground.officer, at=noon(day),
        )  # fmt: skip

    def draft(self, code: str, on: date) -> Document:
        return listing_letters.draft(proposal=self.row, code=code, by=self.ground.officer, at=noon(on))

    def sign(self, row: Document, on: date) -> Document:
        documents.review(document=row, by=self.ground.second, at=noon(on))
        return documents.issue(document=row, by=self.ground.head, at=noon(on))

    def issued(self, code: str, on: date) -> Document:
        return self.sign(self.draft(code, on), on)

    def serve(self, row: Document, sent: date, result: str = "waiting", signed: date | None = None,
              at: date | None = None) -> ListingProposal:  # fmt: skip
        documents.deliver(
            document=row, way="post", sent_on=sent, result=result, receiver="钱某" if signed else "", signed_on=signed,
            by=self.ground.officer, at=noon(at or signed or sent),
        )  # fmt: skip
        return self.now()

    def now(self) -> ListingProposal:
        self.row = ListingProposal.objects.get(pk=self.row.pk)
        return self.row

    def noticed(self, on: date) -> Document:
        row = self.issued("listing_notice", on)
        self.serve(row, on, "signed", on)
        return row


def text(row: Document) -> str:
    return words_of(bytes_of(row.docx))


JUN, JUL = date(2026, 6, 3), date(2026, 7, 1)


def test_who_cannot_be_reached_is_listed_by_documents(ground):
    desk = Desk(ground, Ground.ADDRESS)
    first = desk.draft("listing_letter", JUN)
    assert desk.now().letter1_no == "" and first.state == "draft"
    desk.sign(first, JUN)
    first.refresh_from_db()
    assert first.number == "滨民社〔2026〕1号" and desk.now().letter1_on is None  # signed is not sent
    sent = JUN + timedelta(days=1)
    row = desk.serve(first, sent)
    assert (row.letter1_no, row.letter1_on, row.letter1_result) == (first.number, sent, "")
    row = desk.serve(first, sent, "unsigned", at=date(2026, 6, 12))
    assert (row.letter1_on, row.letter1_result, row.letter1_result_on) == (sent, "unsigned", date(2026, 6, 12))
    told = text(first)
    for word in ("滨湖区甲乙社会工作服务中心", ground.body.code, REASON, "第一次寄送", "河埒街道示例路 1 号",
                 "《社会组织信用信息管理办法》", "赵某"):  # fmt: skip
        assert word in told

    second = desk.issued("listing_letter", date(2026, 6, 22))
    assert "第二次寄送" in text(second) and f"2026年6月4日（{first.number}，无人签收）" in text(second)
    row = desk.serve(second, date(2026, 6, 22), "unsigned", at=date(2026, 6, 29))
    assert (row.letter2_no, row.letter2_on, row.letter2_result) == (second.number, date(2026, 6, 22), "unsigned")
    findings = [e.payload.get("findings", []) for e in AuditEvent.objects.filter(code="listing.letter_sent")]
    assert findings == [[], []]  # 18 days apart

    notice = desk.issued("listing_notice", JUL)
    last, guessed = working(JUL, 10)
    assert f"最后一日为{last.year}年{last.month}月{last.day}日" in text(notice) and not guessed
    assert f"{first.number}，无人签收" in text(notice) and f"{second.number}，无人签收" in text(notice)
    row = desk.serve(notice, JUL)
    assert row.notice_on is None  # sent is not told
    signed = date(2026, 7, 6)
    row = desk.serve(notice, JUL, "signed", signed)
    assert (row.notice_no, row.notice_on) == (notice.number, signed)
    assert (row.heard_until, row.heard_provisional) == working(signed, 10)

    on = row.heard_until + timedelta(days=1)
    decision = desk.draft("listing_decision", on)
    assert not CreditEntry.objects.exists() and desk.now().decided_at is None
    decision = desk.sign(decision, on)
    row = desk.now()
    assert (row.decision, row.decision_no, row.decided_on, row.decided_by) == ("list", decision.number, on, ground.head)
    entry = CreditEntry.objects.get()
    assert (entry.list_kind, entry.valid_from, entry.evidence) == ("abnormal", on, "滨民社〔2026〕4号")
    told = text(decision)
    assert notice.number in told and "没有提出陈述、申辩" in told and "将你单位列入活动异常名录" in told
    assert not AuditEvent.objects.get(code="listing.decided").payload.get("findings")


@pytest.mark.parametrize("signed", [date(2026, 6, 9), date(2026, 9, 21), date(2026, 9, 30), date(2026, 12, 24)])
def test_the_term_runs_from_the_receipt_by_working_days(ground, signed):
    desk = Desk(ground)
    row = desk.issued("listing_notice", signed - timedelta(days=5))
    row = desk.serve(row, signed - timedelta(days=4), "signed", signed)
    assert (row.heard_until, row.heard_provisional) == working(signed, 10)
    assert row.heard_provisional == (signed.month == 12)


def test_what_the_body_said_stands_in_the_decision(ground):
    desk = Desk(ground)
    desk.noticed(JUN)
    actions.hear(
        proposal=desk.row, words="已在补报。", on=date(2026, 6, 8), by=ground.officer, at=noon(date(2026, 6, 8))
    )
    told = text(desk.issued("listing_decision", date(2026, 6, 9)))
    assert "你单位于2026年6月8日提出陈述、申辩：已在补报。" in told and "没有提出" not in told


def test_a_decision_before_the_term_is_over_does_not_say_that_nobody_spoke(ground):
    desk = Desk(ground)
    desk.noticed(JUN)
    row = desk.issued("listing_decision", working(JUN, 10)[0])
    assert "没有提出" not in text(row)
    told = AuditEvent.objects.get(code="listing.decided").payload["findings"]
    assert [(f["code"], f["severity"]) for f in told] == [("LST-02", "warn")]


@pytest.mark.parametrize(("days", "codes"), [(14, ["LST-01"]), (15, []), (30, []), (31, ["LST-01"])])
def test_letters_lie_apart_as_they_should(ground, days, codes):
    desk = Desk(ground)
    desk.serve(desk.issued("listing_letter", JUN), JUN)
    later = JUN + timedelta(days=days)
    desk.serve(desk.issued("listing_letter", later), later)
    told = AuditEvent.objects.filter(code="listing.letter_sent").order_by("pk").last().payload.get("findings", [])
    assert [f["code"] for f in told] == codes


# Order


def test_nobody_is_decided_about_untold(ground):
    desk = Desk(ground)
    with pytest.raises(Refused, match="告知陈述申辩的权利"):
        desk.draft("listing_decision", JUN)
    desk.issued("listing_notice", JUN)
    with pytest.raises(Refused, match="告知陈述申辩的权利"):
        desk.draft("listing_decision", JUN)  # signed, but not served
    assert Document.objects.count() == 1


def test_a_letter_that_was_signed_for_lists_nobody_for_being_out_of_reach(ground):
    desk = Desk(ground, Ground.ADDRESS)
    desk.serve(desk.issued("listing_letter", JUN), JUN, "unsigned")
    later = JUN + timedelta(days=20)
    second = desk.issued("listing_letter", later)
    desk.serve(second, later, "unsigned")
    desk.noticed(JUL)
    assert desk.draft("listing_decision", JUL).state == "draft"
    desk.serve(second, later, "signed", JUL)  # it came back signed after all
    with pytest.raises(Refused, match="两次信函都无人签收"):
        desk.sign(Document.objects.get(code="listing_decision"), date(2026, 8, 3))
    assert not CreditEntry.objects.exists()
    assert DocumentNumber.objects.count() == 3


def test_a_document_overtaken_by_hand_takes_no_number(ground):
    desk = Desk(ground)
    letter = desk.draft("listing_letter", JUN)
    actions.tell_rights(proposal=desk.row, number="外告1号", on=JUN, by=ground.officer, at=noon(JUN))
    with pytest.raises(Refused, match="已经办理"):
        desk.sign(letter, JUN)
    with pytest.raises(Refused, match="已经办理"):
        documents.draft(code="listing_letter", subject=ground.body, fields={}, by=ground.officer, at=noon(JUN))
    actions.decide(proposal=desk.row, listing=False, number="", on=JUN, note="已补报", by=ground.officer, at=noon(JUN))
    with pytest.raises(Refused, match="已经办结"):
        documents.issue(document=letter, by=ground.head, at=noon(JUN))
    with pytest.raises(Refused, match="没有办理中的建议"):
        documents.draft(code="listing_notice", subject=ground.body, fields={}, by=ground.officer, at=noon(JUN))
    assert not DocumentNumber.objects.exists()


def test_the_service_of_a_letter_is_kept_when_the_body_was_told_meanwhile(ground):
    desk = Desk(ground)
    letter = desk.issued("listing_letter", JUN)
    desk.noticed(JUN)
    row = desk.serve(letter, JUN, "signed", JUN)
    assert row.letter1_on is None and letter.deliveries.count() == 1


def test_the_second_letter_is_not_sent_before_the_first(ground):
    desk = Desk(ground)
    desk.serve(desk.issued("listing_letter", JUN), JUN + timedelta(days=5))
    second = desk.issued("listing_letter", JUN + timedelta(days=5))
    with pytest.raises(Refused, match="不能早于上一步"):
        desk.serve(second, JUN + timedelta(days=5))
    assert not second.deliveries.exists() and desk.now().letter2_on is None


# No second way beside the document


def test_no_number_is_typed_while_a_document_is_under_way(ground):
    desk = Desk(ground)
    by: dict[str, Any] = {"by": ground.officer, "at": noon(JUL)}
    letter = desk.draft("listing_letter", JUN)
    with pytest.raises(Refused, match="第一封信函已在本系统起草"):
        actions.send_letter(proposal=desk.row, number="外1号", on=JUN, **by)
    documents.discard(document=letter, reason="改用纸质", by=ground.officer, at=noon(JUN))
    actions.send_letter(proposal=desk.row, number="外1号", on=JUN, **by)
    second = desk.issued("listing_letter", JUN + timedelta(days=20))
    desk.serve(second, JUN + timedelta(days=20))
    with pytest.raises(Refused, match="请打开那份文书登记送达"):
        actions.deliver(proposal=desk.row, result="unsigned", on=JUL, **by)
    notice = desk.draft("listing_notice", JUL)
    with pytest.raises(Refused, match="告知书已在本系统起草"):
        actions.tell_rights(proposal=desk.row, number="外2号", on=JUL, **by)
    desk.sign(notice, JUL)
    desk.serve(notice, JUL, "signed", JUL)
    desk.draft("listing_decision", JUL)
    with pytest.raises(Refused, match="列入决定书已在本系统起草"):
        actions.decide(proposal=desk.row, listing=True, number="外3号", on=JUL, **by)
    assert not CreditEntry.objects.exists()


def test_a_step_has_one_living_document(ground):
    desk = Desk(ground)
    first = desk.draft("listing_letter", JUN)
    assert desk.draft("listing_letter", JUN).pk == first.pk
    with pytest.raises(Refused, match="第一封信函已在本系统起草"):
        documents.draft(code="listing_letter", subject=ground.body, fields={}, by=ground.second, at=noon(JUN))
    other = ground.drafted()
    for given in ({"step": "letter1", "proposal": desk.row}, {"step": "removal", "proposal": desk.row},
                  {"step": "letter2"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            ListingLetter.objects.create(document=other, **given)
    assert Document.objects.filter(code="listing_letter").count() == 1


@pytest.mark.parametrize("by_button", [True, False])
@pytest.mark.django_db(transaction=True)
def test_two_officers_draft_the_same_letter(transactional_db, by_button):
    ground = office()
    desk = Desk(ground)
    start, outcomes = threading.Barrier(2), []

    def act(user: User) -> None:
        try:
            start.wait(timeout=20)
            given = {"code": "listing_letter", "by": user, "at": noon(JUN)}
            if by_button:
                outcomes.append(listing_letters.draft(proposal=desk.row, **given).pk)
            else:
                outcomes.append(documents.draft(subject=ground.body, fields={}, **given).pk)
        except Refused as refused:
            outcomes.append(refused.findings[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(user,)) for user in (ground.officer, ground.second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    made = Document.objects.get()
    assert ListingLetter.objects.get().document_id == made.pk
    assert sorted(map(str, outcomes)) == sorted([str(made.pk), str(made.pk) if by_button else "LISTING.drafted"])


# Withdrawing


def withdraw(ground: Office, row: Document) -> None:
    documents.withdraw(document=row, reason="事实有误", by=ground.head, at=noon(date(2026, 8, 3)))


def test_a_withdrawn_letter_takes_back_what_nothing_rests_on(ground):
    desk = Desk(ground)
    letter = desk.issued("listing_letter", JUN)
    desk.serve(letter, JUN, "unsigned")
    withdraw(ground, letter)
    row = desk.now()
    assert (row.letter1_no, row.letter1_on, row.letter1_result, row.letter1_result_on) == ("", None, "", None)
    assert AuditEvent.objects.get(code="listing.letter_undone").payload["number"] == letter.number
    again = desk.issued("listing_letter", JUL)
    assert desk.serve(again, JUL).letter1_no == "滨民社〔2026〕2号"
    notice = desk.noticed(JUL)
    withdraw(ground, notice)
    row = desk.now()
    assert (row.notice_no, row.notice_on, row.heard_until, row.heard_provisional) == ("", None, None, False)
    assert desk.draft("listing_notice", JUL).pk != notice.pk


def test_a_letter_that_was_not_sent_is_withdrawn_and_drafted_anew(ground):
    desk = Desk(ground)
    letter = desk.issued("listing_letter", JUN)
    withdraw(ground, letter)
    assert ListingLetter.objects.get().ended_at is not None
    assert desk.draft("listing_letter", JUN).pk != letter.pk


def test_a_number_on_which_something_rests_is_not_withdrawn(ground):
    desk = Desk(ground)
    letter = desk.issued("listing_letter", JUN)
    desk.serve(letter, JUN)
    second = desk.draft("listing_letter", JUL)
    with pytest.raises(Refused, match=r"滨民社〔2026〕1号.*第二封信函"):
        withdraw(ground, letter)
    documents.discard(document=second, reason="不再需要", by=ground.officer, at=noon(JUL))
    notice = desk.noticed(JUL)
    with pytest.raises(Refused, match="告知书"):
        withdraw(ground, letter)
    actions.hear(proposal=desk.row, words="已在补报", on=JUL, by=ground.officer, at=noon(JUL))
    with pytest.raises(Refused, match="收到陈述申辩"):
        withdraw(ground, notice)
    decision = desk.issued("listing_decision", date(2026, 8, 3))
    for row in (letter, notice, decision):
        with pytest.raises(Refused, match="已办结"):
            withdraw(ground, row)
    assert not DocumentNumber.objects.exclude(void_at=None).exists()
    assert (desk.now().letter1_no, desk.row.notice_no) == (letter.number, notice.number)
    assert CreditEntry.objects.current().count() == 1


# Numbers from outside


def test_an_outside_number_of_our_own_sign_enters_the_register(ground):
    desk = Desk(ground)
    by: dict[str, Any] = {"by": ground.officer, "at": noon(JUL)}
    with pytest.raises(Refused, match="下一个文号是 1 号"):
        actions.send_letter(proposal=desk.row, number="滨民社〔2026〕2号", on=JUN, **by)
    row = actions.send_letter(proposal=desk.row, number="滨民社[2026] 1 号", on=JUN, **by)
    line = DocumentNumber.objects.get()
    assert row.letter1_no == "滨民社〔2026〕1号"
    assert (line.serial, line.document_id, line.dated_on, line.receiver) == (1, None, JUN, "滨湖区甲乙社会工作服务中心")
    assert line.reason and line.title == "第一封信函"
    other = Desk(ground, body=make.organization("乙"))
    actions.send_letter(proposal=other.row, number="滨民社〔2026〕1号", on=JUN, **by)  # one number for two bodies
    assert DocumentNumber.objects.count() == 1
    ours = ground.issued(at=noon(JUL))
    with pytest.raises(Refused, match="是本系统签发的文书的文号"):
        actions.tell_rights(proposal=desk.row, number=ours.number, on=JUL, **by)
    documents.withdraw(document=ours, reason="有误", by=ground.head, at=noon(JUL))
    with pytest.raises(Refused, match="已作废"):
        actions.tell_rights(proposal=desk.row, number=ours.number, on=JUL, **by)
    with pytest.raises(Refused, match="年份与成文日期不符"):
        actions.tell_rights(proposal=desk.row, number="滨民社〔2025〕1号", on=JUL, **by)
    assert desk.now().notice_on is None
    document_numbers.register(
        issuer=ground.issuer, first=3, last=3, title="告知书", reason="打字机", dated_on=JUN, **by
    )  # fmt: skip
    assert actions.tell_rights(proposal=desk.row, number="滨民社〔2026〕3号", on=JUL, **by).notice_no.endswith("3号")


def test_a_number_of_another_office_is_only_a_text(ground):
    desk = Desk(ground)
    row = actions.send_letter(proposal=desk.row, number=" 外局函〔2026〕77号 ", on=JUN, by=ground.officer, at=noon(JUL))
    assert row.letter1_no == "外局函〔2026〕77号" and not DocumentNumber.objects.exists()


# Off the list


def listed(ground: Office, kind: str = "abnormal", start: date = date(2026, 3, 2)) -> CreditEntry:
    return make.credit(ground.body, kind, start, reason=REASON, evidence="滨民社〔2026〕9号")


def removal(ground: Office, entry: CreditEntry, on: date = JUN, **more: Any) -> Document:
    given = {"reason": "已补报年度工作报告。", "complied": True, **more}
    return listing_letters.draft_removal(entry=entry, by=ground.officer, at=noon(on), **given)


def test_a_signed_removal_takes_the_body_off_the_list(ground):
    entry = listed(ground)
    row = removal(ground, entry)
    with pytest.raises(Refused, match="移出决定书已在本系统起草"):
        removal(ground, entry)
    assert CreditEntry.objects.current().get().valid_to.year == 9999
    documents.review(document=row, by=ground.second, at=noon(JUN))
    with pytest.raises(PermissionDenied):
        credit.remove(entry=entry, removed_on=JUN, reason="径直移出", by=ground.head, at=noon(JUN))
    row = documents.issue(document=row, by=ground.head, at=noon(JUN))
    ended = CreditEntry.objects.current().get()
    assert (ended.valid_to, ended.removal_reason) == (JUN, "已补报年度工作报告（滨民社〔2026〕1号）")
    told = text(row)
    for word in (
        "移出活动异常名录决定书",
        REASON,
        "2026年3月2日",
        "滨民社〔2026〕9号",
        "已经履行义务或者完成整改：已补报",
    ):
        assert word in told
    with pytest.raises(Refused, match="不能撤销"):
        withdraw(ground, row)
    with pytest.raises(Refused, match="已经移出"):
        removal(ground, ended)


def test_a_removal_overtaken_by_hand_takes_no_number(ground):
    entry = listed(ground)
    row = removal(ground, entry)
    credit.remove(entry=entry, removed_on=JUN, reason="已补报", complied=True, by=ground.officer, at=noon(JUN))
    documents.review(document=row, by=ground.second, at=noon(JUN))
    with pytest.raises(Refused, match="已经移出"):
        documents.issue(document=row, by=ground.head, at=noon(JUN))
    assert not DocumentNumber.objects.exists()


def test_each_list_is_left_by_its_own_document(ground):
    abnormal, serious = listed(ground), listed(ground, "serious", date(2023, 3, 1))
    rows = [removal(ground, entry) for entry in (abnormal, serious)]
    for row in rows:
        documents.review(document=row, by=ground.second, at=noon(JUN))
    documents.issue(document=rows[1], by=ground.head, at=noon(JUN))
    ends = dict(CreditEntry.objects.current().values_list("list_kind", "valid_to"))
    assert ends == {"abnormal": date(9999, 12, 31), "serious": JUN}


def test_a_removal_without_its_list_is_not_signed(ground):
    fields = {"title": "移出决定书", "basis": "办法", "reason": "已补报"}
    row = documents.draft(code="removal_decision", subject=ground.body, fields=fields, by=ground.officer, at=noon(JUN))
    documents.review(document=row, by=ground.second, at=noon(JUN))
    with pytest.raises(Refused, match="没有对应的建议或者名单"):
        documents.issue(document=row, by=ground.head, at=noon(JUN))


@pytest.mark.parametrize(
    ("kind", "law"), [("MF", "《民办非企业单位登记管理暂行条例》"), ("ST", "《社会团体登记管理条例》")]
)
def test_taking_back_a_registration_names_its_own_regulation(ground, kind, law):
    desk = Desk(ground, wants=Listing.REVOCATION, body=make.organization("丙协会", kind))
    desk.noticed(JUN)
    row = desk.issued("listing_decision", JUL)
    assert law in text(row) and "撤销你单位的登记" in text(row) and "列入" not in text(row)
    assert desk.now().decision_no == row.number and not CreditEntry.objects.exists()
