"""The pages of documents: a letter's whole way by the forms, templates, register, batches, the public pages."""

import io
import zipfile
from datetime import date, timedelta

import docx
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from liaoyuan.core import clock, search
from liaoyuan.core.actions import document_numbers, document_templates, documents
from liaoyuan.core.documents import shipped
from liaoyuan.core.models import Delivery, Document, DocumentBatch, DocumentNumber, DocumentTemplate, Job, Objection
from liaoyuan.kit.findings import Refused
from tests.core.documents_ground import AT, BY, REMINDER, office
from tests.core.jobs_ground import work_off
from tests.core.test_documents import bytes_of, words_of
from tests.registry import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(tmp_path, settings, monkeypatch):
    settings.FILES = tmp_path / "files"
    cache.clear()
    monkeypatch.setenv("LIAOYUAN_NOW", AT.isoformat())


@pytest.fixture
def ground():
    return office()


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_letter_goes_its_way_by_the_pages(ground):
    officer, second, head = (browser(u) for u in (ground.officer, ground.second, ground.head))
    panel = officer.get(reverse("core:document_panel", args=["organization", ground.body.pk])).content.decode()
    address = reverse("core:document_new", args=["organization", ground.body.pk, "reminder"])
    assert address in panel and reverse("registry:blank_form", args=[ground.body.pk, "annual", "pdf"]) in panel
    form = officer.get(address).content.decode()
    assert "《民办非企业单位登记管理暂行条例》第二十三条" in form  # known before one types
    answer = officer.post(address, {"matter": "", "due_on": "后天"})
    assert answer.status_code == 422 and not Document.objects.exists()
    told = answer.content.decode()
    assert "催报的事项" in told and "最后期限" in told
    answer = officer.post(
        address, {**REMINDER, "due_on": "2026年11月30日", "issuer": ground.issuer.pk, "on_behalf": ""}
    )
    row = Document.objects.get()
    assert answer.url == reverse("core:document_detail", args=[row.pk]) and row.values["due_on"] == "2026-11-30"
    preview = officer.get(reverse("core:document_preview", args=[row.pk]))
    assert preview.status_code == 200 and b"".join(preview.streaming_content).startswith(b"%PDF-")
    decide = reverse("core:document_decide", args=[row.pk])
    assert officer.post(decide, {"do": "review"}).status_code == 302
    assert "起草人不能核自己起草的稿" in officer.get(answer.url).content.decode()
    second.post(decide, {"do": "review"})
    head.post(decide, {"do": "issue"})
    row.refresh_from_db()
    assert (row.state, row.number, row.issued_by) == ("issued", "滨民社〔2026〕1号", ground.head)
    page = officer.get(answer.url).content.decode()
    assert row.check_code in page and row.pdf.sha256 in page
    given = {"way": "post", "sent_on": "2026-11-02", "result": "signed", "receiver": "", "signed_on": ""}
    deliver = reverse("core:document_deliver", args=[row.pk])
    assert officer.post(deliver, given).status_code == 422 and not Delivery.objects.exists()
    assert officer.post(deliver, {**given, "result": "unsigned"}).status_code == 302
    assert Delivery.objects.get().result == "unsigned"
    head.post(decide, {"do": "withdraw", "reason": "内容有误"})
    row.refresh_from_db()
    assert row.state == "withdrawn" and DocumentNumber.objects.get().void_at is not None


def test_the_check_page_tells_the_public_what_is_registered(ground):
    row = ground.issued()
    public = Client()
    address = reverse("portal:verify", args=[row.check_code])
    page = public.get(address)
    told = page.content.decode()
    assert page.status_code == 200 and "核验通过" in told
    for text in (row.number, row.title, row.issuer.name, row.subject_label, row.pdf.sha256, row.pdf.sm3):
        assert text in told
    assert "max-age=0" in page.headers["Cache-Control"]  # a withdrawal is seen at once
    by_form = public.get(reverse("portal:verify_form"), {"code": row.check_code.lower().replace("-", "")})
    assert "核验通过" in by_form.content.decode()
    documents.withdraw(document=row, reason="内容有误", by=ground.head, at=AT)
    told = public.get(address).content.decode()
    assert "不再有效" in told and "核验通过" not in told and "内容有误" not in told
    draft = ground.drafted()
    assert draft.check_code == ""
    assert public.get(reverse("portal:verify", args=["ABCD-EFGH-JKLM-NPQR"])).status_code == 404


def test_asking_for_codes_is_slowed_down(ground):
    public = Client()
    answers = {public.get(reverse("portal:verify", args=["ABCD"])).status_code for _n in range(61)}
    assert answers == {404, 429}


def test_a_notice_stands_on_the_portal_until_its_end(ground, monkeypatch):
    row = ground.issued("publicity", {"title": "关于评估等级的公示", "content": "拟定 4A。", "days": "5",
                                      "receiver": "社会组织科"})  # fmt: skip
    public, officer = Client(), browser(ground.officer)
    page = reverse("portal:notice", args=[row.pk])
    assert "关于评估等级的公示" in public.get(reverse("portal:notice_list")).content.decode()
    told = public.get(page).content.decode()
    assert "拟定 4A。" in told and "2026年11月9日" in told and "0510-00000000" in told
    answer = officer.post(reverse("core:document_object", args=[row.pk]),
                          {"received_on": "2026-11-02", "way": "来电", "text": "材料不实"})  # fmt: skip
    assert answer.status_code == 302
    one = Objection.objects.get()
    officer.post(reverse("core:document_objection", args=[row.pk, one.pk]), {"do": "upheld", "answer": "属实"})
    one.refresh_from_db()
    assert one.state == "upheld"
    monkeypatch.setenv("LIAOYUAN_NOW", (AT + timedelta(days=8)).isoformat())  # the tenth
    assert public.get(page).status_code == 404
    assert "现在没有公示" in public.get(reverse("portal:notice_list")).content.decode()
    certificate = ground.drafted("no_objection", {"purpose": ""}, AT + timedelta(days=8), follows=row)
    documents.review(document=certificate, by=ground.second, at=AT + timedelta(days=8))
    with pytest.raises(Refused) as refused:
        documents.issue(document=certificate, by=ground.head, at=AT + timedelta(days=8))
    assert refused.value.findings[0].code == "DOCUMENT.notice_upheld"


def test_the_register_is_read_exported_and_added_to(ground):
    row = ground.issued()
    officer = browser(ground.officer)
    new = reverse("core:number_new")
    given = {"issuer": ground.issuer.pk, "first": "3", "last": "", "title": "关于会议的通知", "dated_on": "2026-10-01",
             "reason": "纸面发文"}  # fmt: skip
    refused = officer.post(new, given)
    assert refused.status_code == 422 and "下一个文号是 2 号" in refused.content.decode()
    assert officer.post(new, {**given, "first": "2"}).status_code == 302
    page = officer.get(reverse("core:number_list")).content.decode()
    assert "滨民社〔2026〕2号" in page and row.number in page
    only = officer.get(reverse("core:number_list"), {"kind": "outside"}).content.decode()
    assert "滨民社〔2026〕2号" in only and row.number not in only
    sheet = b"".join(officer.post(reverse("core:number_export")).streaming_content)
    openpyxl = pytest.importorskip("openpyxl")
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows(values_only=True))
    assert [line[0] for line in rows[1:]] == [row.number, "滨民社〔2026〕2号"]


def template(*lines: tuple[str, str]) -> bytes:
    return shipped.template(lines)


OWN = template(("title", "{{ title }}"), ("number", "{{ number }}"), ("body", "本局自己的写法：{{ matter }}"),
               ("sign", "{{ office }}"))  # fmt: skip


def upload(client, data: bytes, name: str = "催报.docx", area: str = "320211"):
    file = io.BytesIO(data)
    file.name = name
    return client.post(reverse("core:template_replace", args=["reminder"]), {"file": file, "area": area})


def test_staff_replace_a_template_and_go_back(ground):
    officer = browser(ground.officer)
    before = ground.issued()
    assert upload(officer, OWN).status_code == 302
    row = DocumentTemplate.objects.get()
    after = ground.issued()
    assert "本局自己的写法：2025 年度工作报告" in words_of(bytes_of(after.docx)) and after.template == row
    assert "本局自己的写法" not in words_of(bytes_of(before.docx))
    again = upload(officer, OWN)
    assert again.status_code == 422 and "没有改动" in again.content.decode()
    page = officer.get(reverse("core:template_detail", args=["reminder"])).content.decode()
    assert "{{ matter }}" in page and "催报的事项" in page
    sample = officer.get(reverse("core:template_show", args=["reminder", row.pk, "pdf"]))
    assert b"".join(sample.streaming_content).startswith(b"%PDF-")
    officer.post(reverse("core:template_restore", args=["reminder", row.pk]))
    assert "本局自己的写法" not in words_of(bytes_of(ground.issued().docx))


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (template(("body", "{{ number }} {{ nosuch }}")), "不认识的字段：nosuch"),
        (template(("body", "{{ number }} {{ title.__class__ }}")), "不支持的写法"),
        (template(("body", "{{ number }} {% for a in range(9) %}x{% endfor %}")), "不支持的写法"),
        (template(("body", "{{ number }} {% if title %}")), "花括号没有写对"),
        (template(("body", "{{ title }}")), "必须用到"),
        (with_part(OWN, "word/vbaProject.bin", b"x"), ""),
        (with_part(OWN, "word/embeddings/a.docx", b"x"), ""),
        (b"%PDF-1.4 x", ""),
        (OWN[:4000], ""),
        (b"", ""),
    ],
)
def test_a_bad_template_is_refused_with_a_sentence(ground, data, words):
    answer = upload(browser(ground.officer), data)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not DocumentTemplate.objects.exists()


def test_a_template_belongs_to_an_area(ground):
    refused = upload(browser(ground.officer), OWN, area="320213")
    assert refused.status_code == 403 and not DocumentTemplate.objects.exists()


def test_letters_to_many_are_one_batch_and_one_package(ground, monkeypatch):
    bodies = [ground.body, *(make.organization(f"滨湖区第{n}中心") for n in range(2, 6))]
    foreign = make.organization("外区中心", registrar_area=make.binhu()["other"])
    officer, head = browser(ground.officer), browser(ground.head)
    address = reverse("registry:letters", args=["reminder"])
    ids = [str(body.pk) for body in (*bodies, foreign)]
    form = officer.post(address, {"ids": ids})
    assert form.status_code == 200 and "选中的 5 家" in form.content.decode()  # the one outside is not among them
    sent = {**REMINDER, "issuer": ground.issuer.pk, "do": "draft", "key": "k1", "chosen": ",".join(ids)}
    first = officer.post(address, sent)
    assert first.status_code == 302
    assert officer.post(address, sent).url == first.url  # pressed twice it is one batch
    assert work_off() == 1
    batch = DocumentBatch.objects.get()
    assert batch.documents.count() == 5 and not batch.documents.filter(subject_id=str(foreign.pk)).exists()
    sign = reverse("core:batch_sign", args=[batch.pk])
    assert officer.post(sign).status_code == 403
    head.post(sign)
    assert work_off() == 1
    numbers = sorted(batch.documents.values_list("number", flat=True))
    assert numbers == [f"滨民社〔2026〕{n}号" for n in range(1, 6)]
    job = Job.objects.get(code="core.documents_issue")
    packed = b"".join(head.post(reverse("core:job_result", args=[job.pk])).streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert len(names) == 5 and all(archive.read(name).startswith(b"%PDF-") for name in names)
    assert batch.title in head.get(reverse("core:batch_list")).content.decode()


def test_who_drafted_a_batch_does_not_sign_it(ground):
    both = make.officer("both", ("registry_officer", "area", "320211"), ("registry_head", "area", "320211"))
    client = browser(both)
    sent = {**REMINDER, "issuer": ground.issuer.pk, "do": "draft", "key": "k", "chosen": str(ground.body.pk)}
    client.post(reverse("registry:letters", args=["reminder"]), sent)
    work_off()
    batch = DocumentBatch.objects.get()
    client.post(reverse("core:batch_sign", args=[batch.pk]))
    work_off()
    assert not DocumentNumber.objects.exists()
    assert "起草人不能" in Job.objects.get(code="core.documents_issue").sentence


def test_offices_are_entered_corrected_and_closed(ground):
    officer = browser(ground.officer)
    new = {"area": "320211", "name": "滨湖区民政局社会组织科", "mark": "滨社组", "phone": "", "address": ""}
    assert officer.post(reverse("core:issuer_list"), {**new, "mark": "滨民社"}).status_code == 422
    assert officer.post(reverse("core:issuer_list"), {**new, "area": "999"}).status_code == 422
    assert officer.post(reverse("core:issuer_list"), {**new, "area": "320213"}).status_code == 403
    assert officer.post(reverse("core:issuer_list"), new).status_code == 302
    row = ground.issuer
    edit = reverse("core:issuer_edit", args=[row.pk])
    assert officer.post(edit, {**new, "mark": "滨民社", "name": "滨湖区民政局"}).status_code == 302
    row.refresh_from_db()
    assert row.name == "滨湖区民政局"
    officer.post(edit, {"do": "close"})
    with pytest.raises(Refused):
        documents.draft(code="reminder", subject=ground.body, fields=REMINDER, issuer=type(row).objects.get(pk=row.pk),
                        by=ground.officer, at=AT)  # fmt: skip


@pytest.mark.parametrize(("kind", "codes"), [("MF", ["annual", "sign_in"]), ("BA", ["filing", "sign_in"])])
def test_blank_forms_hold_what_is_known_and_no_number_of_a_person(ground, kind, codes):
    body = make.organization("空表中心", kind, street=make.binhu()["heli"], phone="13912345678",
                             representative_id="320211198503070018", legal_representative="孙某")  # fmt: skip
    officer = browser(ground.officer)
    for code in ("annual", "filing", "sign_in"):
        answer = officer.get(reverse("registry:blank_form", args=[body.pk, code, "docx"]))
        assert answer.status_code == (200 if code in codes else 404)
        if code not in codes:
            continue
        data = b"".join(answer.streaming_content)
        opened = docx.Document(io.BytesIO(data))
        text = words_of(data) + "".join(c.text for t in opened.tables for r in t.rows for c in r.cells)
        assert "空表中心" in text and "13912345678" not in text and "0018" not in text
        printed = officer.get(reverse("registry:blank_form", args=[body.pk, code, "pdf"]))
        assert b"".join(printed.streaming_content).startswith(b"%PDF-")


def test_invitation_slips_come_as_a_word_sheet_four_a_page(ground):
    street = make.binhu()["heli"]
    for n in range(5):
        make.organization(f"河埒第{n}队", "BA", street=street)
    search.refresh("organization")
    answer = browser(ground.officer).post(reverse("core:invitation_batch"), {"area": street.code, "form": "docx"})
    data = b"".join(answer.streaming_content)
    opened = docx.Document(io.BytesIO(data))
    assert [len(table.rows) for table in opened.tables] == [4, 2]  # five filed bodies and the one of the ground
    cells = [row.cells[0].text for table in opened.tables for row in table.rows]
    assert all("邀请码：" in text and "/invitation/" in text for text in cells)
    assert any("河埒第3队" in text for text in cells)


def test_rows_outside_the_area_are_not_there(ground):
    row = ground.issued()
    stranger = browser(make.officer("stranger", ("registry_officer", "area", "320213")))
    for address in (
        reverse("core:document_detail", args=[row.pk]),
        reverse("core:document_panel", args=["organization", ground.body.pk]),
        reverse("registry:blank_form", args=[ground.body.pk, "annual", "pdf"]),
    ):
        assert stranger.get(address).status_code == 404
    assert row.number not in stranger.get(reverse("core:number_list")).content.decode()
    own = browser(make.head_of(ground.body))
    assert own.get(reverse("core:document_detail", args=[row.pk])).status_code == 200
    assert own.post(reverse("core:document_decide", args=[row.pk]), {"do": "withdraw"}).status_code == 403
    draft = ground.drafted()
    assert own.get(reverse("core:document_detail", args=[draft.pk])).status_code == 404


def test_dated_templates_are_kept_for_what_they_made(ground):
    first = document_templates.replace(code="reminder", area=ground.issuer.area, name="一.docx", data=OWN, by=BY, at=AT)
    row = ground.issued()
    other = template(("number", "{{ number }}"), ("body", "第二版"))
    second = document_templates.replace(
        code="reminder", area=ground.issuer.area, name="二.docx", data=other, by=BY, at=AT
    )
    assert (first.version, second.version) == (1, 2)
    assert Document.objects.get(pk=row.pk).template == first
    assert document_numbers.queries.template_for("reminder", make.binhu()["heli"]) == second
    assert clock.localdate(AT) == date(2026, 11, 2) == second.valid_from
