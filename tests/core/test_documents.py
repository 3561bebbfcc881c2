"""Documents: who may draft, read over and sign; numbers; files of the same words and bytes; service; notices."""

import hashlib
import io
import re
import threading
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from liaoyuan.core import clock, registries
from liaoyuan.core.actions import document_numbers, documents, publicity
from liaoyuan.core.actions.clock import mark_practice
from liaoyuan.core.documents import making, pdf, words
from liaoyuan.core.models import (
    Attachment,
    AuditEvent,
    CalendarDay,
    Delivery,
    Document,
    DocumentNumber,
    SeparationSetting,
    StoredFile,
)
from liaoyuan.core.queries import documents as reading
from liaoyuan.core.queries import files
from liaoyuan.kit.findings import Refused
from tests.core.documents_ground import AT, BY, PUBLICITY, REMINDER, office
from tests.registry import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(tmp_path, settings):
    settings.FILES = tmp_path / "files"


@pytest.fixture
def ground():
    return office()


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings}


def bytes_of(file: StoredFile) -> bytes:
    content, size = files.content(file, "original")
    with content:
        return content.read(size)


def words_of(data: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


def test_a_letter_from_draft_to_service(ground):
    row = ground.issued()
    assert row.number == "滨民社〔2026〕1号" and row.state == "issued"
    assert re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", row.check_code)
    told = words_of(bytes_of(row.docx))
    assert "滨湖区甲乙社会工作服务中心：" in told and "2026年11月30日前报送" in told and row.number in told
    assert "《民办非企业单位登记管理暂行条例》第二十三条" in told  # from the register, not typed
    printed = bytes_of(row.pdf)
    assert printed.startswith(b"%PDF-") and hashlib.sha256(printed).hexdigest() == row.pdf.sha256
    line = DocumentNumber.objects.get()
    assert (line.year, line.serial, line.document_id, line.void_at) == (2026, 1, row.pk, None)
    made = documents.deliver(
        document=row, way="post", sent_on=date(2026, 11, 2), result="unsigned", by=ground.officer, at=AT
    )
    assert made.signed_on is None
    assert [e.code for e in AuditEvent.objects.filter(subject_kind="organization").order_by("pk")] == [
        "document.issued", "document.delivered",
    ]  # fmt: skip
    assert Attachment.objects.filter(subject_kind="document", subject_id=str(row.pk)).count() == 2
    assert not StoredFile.objects.uncited().exists()


def test_the_same_data_give_the_same_bytes(ground):
    row = ground.issued()
    kind = registries.document_kinds["reminder"]
    told = reading.snapshot_of(row)
    frame = pdf.Frame(row.title, row.issuer.name, row.issuer.name, row.check_code, told["address"], row.number,
                      told["dated"], told["demo"])  # fmt: skip
    again = making.make(making.template_bytes(kind, None), told, frame, at=AT)
    assert again.docx == bytes_of(row.docx) and again.pdf == bytes_of(row.pdf)


def test_the_word_file_is_sound(ground):
    data = bytes_of(ground.issued().docx)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own file
    known = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|word/_rels/document\.xml\.rels|"
                       r"word/(document|styles|settings|fontTable|webSettings|numbering|stylesWithEffects)\.xml|"
                       r"word/theme/theme1\.xml|customXml/.*")  # fmt: skip
    assert [name for name in names if not known.fullmatch(name)] == []


def test_a_practice_database_says_demo(ground):
    plain = ground.issued()
    mark_practice(by=BY, at=AT)
    row = ground.issued()
    assert reading.snapshot_of(row)["demo"] == "演示数据" and reading.snapshot_of(plain)["demo"] == ""


def test_who_drafts_neither_reads_over_nor_signs(ground):
    row = ground.drafted()
    with pytest.raises(Refused) as refused:
        documents.review(document=row, by=ground.officer, at=AT)
    assert codes(refused) == {"DOCUMENT.own_review"}
    with pytest.raises(Refused) as refused:
        documents.issue(document=row, by=ground.head, at=AT)  # not read over yet
    assert codes(refused) == {"DOCUMENT.state"}
    documents.review(document=row, by=ground.second, at=AT)
    with pytest.raises(PermissionDenied):
        documents.issue(document=row, by=ground.second, at=AT)
    with pytest.raises(Refused) as refused:
        documents.issue(document=row, by=BY, at=AT)  # the command line is nobody
    assert codes(refused) == {"DOCUMENT.person"}
    assert not DocumentNumber.objects.exists() and not StoredFile.objects.exists()


def test_the_trial_level_lets_one_person_do_it_all(ground):
    SeparationSetting.objects.create(level="trial", valid_from=date(2026, 1, 1), set_at=AT)
    both = make.officer("both", ("registry_officer", "area", "320211"), ("registry_head", "area", "320211"))
    row = documents.draft(code="reminder", subject=ground.body, fields=REMINDER, by=both, at=AT)
    documents.review(document=row, by=both, at=AT)
    assert documents.issue(document=row, by=both, at=AT).number == "滨民社〔2026〕1号"
    SeparationSetting.objects.all().delete()
    row = documents.draft(code="reminder", subject=ground.body, fields=REMINDER, by=both, at=AT)
    documents.review(document=row, by=ground.second, at=AT)
    with pytest.raises(Refused) as refused:
        documents.issue(document=row, by=both, at=AT)
    assert codes(refused) == {"DOCUMENT.own_issue"}


def test_a_change_after_reading_over_is_read_over_again_and_its_writer_may_not_sign(ground):
    row = ground.drafted()
    documents.review(document=row, by=ground.second, at=AT)
    row = documents.change(document=row, fields={**REMINDER, "matter": "换届材料"}, by=ground.second, at=AT)
    assert row.state == "draft" and row.drafted_by == ground.second
    with pytest.raises(Refused):
        documents.review(document=row, by=ground.second, at=AT)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"matter": ""}, "DOCUMENT.required", "matter"),
        ({"due_on": "明天"}, "DOCUMENT.date", "due_on"),
        ({"matter": "长" * 201}, "DOCUMENT.long", "matter"),
        ({"secret": "x"}, "DOCUMENT.field", "secret"),
    ],
)
def test_bad_fields_are_named(ground, fields, code, field):
    with pytest.raises(Refused) as refused:
        ground.drafted(fields={**REMINDER, **fields})
    assert [(f.code, f.field) for f in refused.value.findings] == [(code, field)]
    assert not Document.objects.exists()


def test_nobody_drafts_for_bodies_outside_his_area(ground):
    other = make.organization("外区中心", registrar_area=make.binhu()["other"])
    with pytest.raises(PermissionDenied):
        documents.draft(code="reminder", subject=other, fields=REMINDER, by=ground.officer, at=AT)
    stranger = make.officer("stranger", ("registry_officer", "area", "320213"))
    row = ground.issued()
    assert reading.find(stranger, str(row.pk)) is None
    head = make.head_of(ground.body)
    assert reading.find(head, str(row.pk)) == row
    assert reading.find(head, str(ground.drafted().pk)) is None  # drafts are the office's own


def test_a_mark_makes_asking_twice_one_document(ground):
    assert ground.drafted(mark="case:7").pk == ground.drafted(mark="case:7").pk
    assert Document.objects.count() == 1


def test_withdrawing_keeps_the_number_void_and_the_next_one_follows(ground):
    row = ground.issued()
    with pytest.raises(Refused) as refused:
        documents.withdraw(document=row, reason=" ", by=ground.head, at=AT)
    assert codes(refused) == {"DOCUMENT.reason"}
    row = documents.withdraw(document=row, reason="事实有误", by=ground.head, at=AT)
    assert row.state == "withdrawn" and row.number == "滨民社〔2026〕1号"
    assert DocumentNumber.objects.get().void_at == AT
    assert ground.issued().number == "滨民社〔2026〕2号"
    with pytest.raises(Refused):
        documents.deliver(
            document=row, way="post", sent_on=date(2026, 11, 2), result="waiting", by=ground.officer, at=AT
        )


def test_each_year_and_each_sign_begins_at_one(ground):
    ground.issued()
    assert ground.issued(at=AT + timedelta(days=90)).number == "滨民社〔2027〕1号"
    other = document_numbers.open_issuer(area=ground.issuer.area, name="滨湖区民政局", mark="滨民发", by=BY, at=AT)
    assert ground.issued(issuer=other).number == "滨民发〔2026〕1号"


def register(ground, first, last, **more):
    told = {"title": "关于某事的通知", "reason": "系统启用前已发文", "dated_on": date(2026, 3, 1), **more}
    return document_numbers.register(issuer=ground.issuer, first=first, last=last, by=ground.officer, at=AT, **told)


def test_numbers_used_outside_leave_no_gap_and_no_double(ground):
    assert [n.serial for n in register(ground, 1, 11)] == list(range(1, 12))
    assert ground.issued().number == "滨民社〔2026〕12号"
    for first, last, code in (
        (14, 14, "NUMBER.gap"), (12, 13, "NUMBER.taken"), (5, 5, "NUMBER.taken"), (0, 0, "NUMBER.range"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            register(ground, first, last)
        assert codes(refused) == {code}
    with pytest.raises(Refused) as refused:
        register(ground, 13, 13, reason="", title=" ")
    assert codes(refused) == {"NUMBER.title", "NUMBER.reason"}
    assert DocumentNumber.objects.count() == 12


def test_a_sign_that_was_used_stays(ground):
    ground.issued()
    with pytest.raises(Refused) as refused:
        document_numbers.change_issuer(
            issuer=ground.issuer, name="新名", mark="新代字", phone="", address="", by=ground.officer, at=AT
        )
    assert codes(refused) == {"ISSUER.used"}
    for mark in ("滨民社", "滨 民", "滨民〔2026〕", ""):
        with pytest.raises(Refused):
            document_numbers.open_issuer(area=ground.issuer.area, name="某局", mark=mark, by=ground.officer, at=AT)


def test_a_failed_rendering_takes_no_number(ground, monkeypatch):
    row = ground.drafted()
    documents.review(document=row, by=ground.second, at=AT)

    def no_font(*given, **more):
        raise pdf.NoFont

    monkeypatch.setattr(pdf, "render", no_font)
    with pytest.raises(Refused) as refused:
        documents.issue(document=row, by=ground.head, at=AT)
    assert codes(refused) == {"DOCUMENT.font"}
    row.refresh_from_db()
    assert row.state == "reviewed" and not DocumentNumber.objects.exists() and not StoredFile.objects.exists()


def test_service_is_dated_in_order(ground):
    row = ground.issued()
    day = date(2026, 11, 2)
    for more, code in (
        ({"sent_on": day - timedelta(days=1), "result": "waiting"}, "DOCUMENT.order"),
        ({"sent_on": day + timedelta(days=1), "result": "waiting"}, "DOCUMENT.future"),
        ({"sent_on": day, "result": "signed", "receiver": "钱某"}, "DOCUMENT.signed"),
        ({"sent_on": day, "result": "signed", "signed_on": day}, "DOCUMENT.receiver"),
    ):
        with pytest.raises(Refused) as refused:
            documents.deliver(document=row, way="direct", by=ground.officer, at=AT, **more)
        assert codes(refused) == {code}
    assert not Delivery.objects.exists()


def test_two_unsigned_letters_are_found_and_a_signed_one_is_none(ground):
    day = date(2026, 11, 2)
    letters = [ground.issued() for _n in range(3)]
    for row, result in zip(letters, ("unsigned", "unsigned", "signed"), strict=True):
        documents.deliver(document=row, way="post", sent_on=day, result="unsigned", by=ground.officer, at=AT)
        if result == "signed":
            documents.deliver(document=row, way="direct", sent_on=day, receiver="赵某", result="signed", signed_on=day,
                              by=ground.officer, at=AT)  # fmt: skip
    found = reading.unsigned("organization", [ground.body.pk], ["reminder"])
    assert [d.document_id for d in found[str(ground.body.pk)]] == [letters[0].pk, letters[1].pk]
    documents.withdraw(document=letters[0], reason="寄错地址", by=ground.head, at=AT)
    assert len(reading.unsigned("organization", [ground.body.pk])[str(ground.body.pk)]) == 1


def test_a_notice_stands_for_working_days_across_the_known_year(ground):
    at = AT + timedelta(days=56)  # 2026-12-28, a Monday
    assert clock.localdate(at) == date(2026, 12, 28)
    row = ground.issued("publicity", at=at)
    notice = row.publicity
    # 29, 30, 31 December; then 2027 is unknown: 1 January is a Friday, 4 January a Monday
    assert (notice.opens_on, notice.closes_on, notice.provisional) == (date(2026, 12, 28), date(2027, 1, 4), True)
    assert "暂定" in words_of(bytes_of(row.docx))
    assert row in [n.document for n in reading.notices(date(2027, 1, 4))]
    assert not reading.notices(date(2027, 1, 5))
    CalendarDay.objects.create(date=date(2027, 1, 1), is_workday=False, label="元旦", edited_at=at)
    assert reading.term_of(notice).closes_on == date(2027, 1, 5) and not reading.term_of(notice).provisional
    assert [n.document for n in reading.notices(date(2027, 1, 5))] == [row]


def test_the_certificate_waits_for_the_end_and_for_every_objection(ground):
    notice = ground.issued("publicity")
    end = notice.publicity.closes_on
    assert end == date(2026, 11, 9)  # Monday the 2nd, five working days after it

    def certified(at):
        row = ground.drafted("no_objection", {"purpose": "授牌"}, at, follows=notice)
        documents.review(document=row, by=ground.second, at=at)
        return documents.issue(document=row, by=ground.head, at=at)

    with pytest.raises(Refused) as refused:
        certified(AT + timedelta(days=7))
    assert codes(refused) == {"DOCUMENT.notice_open"}
    told = {"received_on": date(2026, 11, 5), "way": "来电", "text": "材料不实"}
    one = publicity.object_to(notice=notice, by=ground.officer, at=AT + timedelta(days=4), **told)
    with pytest.raises(Refused) as refused:
        certified(AT + timedelta(days=8))
    assert codes(refused) == {"DOCUMENT.notice_objections"}
    publicity.answer(objection=one, upheld=False, answer="经核查材料属实", by=ground.officer, at=AT + timedelta(days=8))
    row = certified(AT + timedelta(days=8))
    told = words_of(bytes_of(row.docx))
    assert notice.number in told and PUBLICITY["title"] in told and "2026年11月9日" in told
    with pytest.raises(Refused) as refused:
        certified(AT + timedelta(days=8))
    assert codes(refused) == {"DOCUMENT.notice_certified"}


def test_a_check_code_is_found_however_it_is_typed(ground):
    row = ground.issued()
    assert reading.snapshot_of(row)["address"].endswith(f"/verify/{row.check_code}/")
    plain = row.check_code.replace("-", " ").lower()
    assert reading.checked(plain) == row and reading.checked("x" * 16) is None


def test_texts_cannot_speak_word_or_typst(ground):
    evil = '</w:t><w:br/> {{ 7*7 }} {% raw %} #eval("1") $x$ & <b> \x0b\x00'
    row = ground.issued(fields={**REMINDER, "matter": evil})
    told = words_of(bytes_of(row.docx))
    assert '{{ 7*7 }} {% raw %} #eval("1") $x$ & <b>' in told and "</w:t><w:br/>" in told
    assert words.check(bytes_of(row.docx), {}) != []  # read as a template it would be refused


@pytest.mark.django_db(transaction=True)
def test_documents_signed_at_once_take_consecutive_numbers():
    ground = office()
    rows = [ground.drafted() for _n in range(8)]
    for row in rows:
        documents.review(document=row, by=ground.second, at=AT)
    start, faults = threading.Barrier(4), []

    def sign(mine):
        try:
            start.wait()
            for row in mine:
                documents.issue(document=row, by=ground.head, at=AT)
        except BaseException as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(rows[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert sorted(DocumentNumber.objects.values_list("serial", flat=True)) == list(range(1, 9))
    assert sorted(Document.objects.values_list("number", flat=True)) == [f"滨民社〔2026〕{n}号" for n in range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_of_those_who_sign_one_document_at_once_one_does():
    ground = office()
    row = ground.drafted()
    documents.review(document=row, by=ground.second, at=AT)
    start, answers = threading.Barrier(3), []

    def sign():
        try:
            start.wait()
            answers.append(documents.issue(document=row, by=ground.head, at=AT).number)
        except Refused as refused:
            answers.append(refused.findings[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["DOCUMENT.state", "DOCUMENT.state", "滨民社〔2026〕1号"]
    assert DocumentNumber.objects.count() == 1
