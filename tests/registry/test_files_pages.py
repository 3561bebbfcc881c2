"""The pages of files: list, upload, alike photos, removal, and every way out, looked at byte by byte."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from liaoyuan.core.files import store
from liaoyuan.core.models import Attachment, AuditEvent
from tests.core import file_ground as files
from tests.core.factories import user
from tests.registry import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES = tmp_path / "files"


@pytest.fixture
def areas():
    return make.binhu()


@pytest.fixture
def body(areas):
    return make.organization("甲服务中心", street=areas["heli"])


@pytest.fixture
def officer(areas):
    return user("officer", ("registry_officer", "area", "320211"), is_demo=True)


def browser(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


def upload(client, record, *given, paper="章程", follow=True, **more):
    """Post files as a browser does; the media type it claims is a lie."""
    sent = [SimpleUploadedFile(name, data, content_type="text/html") for name, data in given]
    form = {"paper": paper, "pledge": "on", "uploads": sent, **more}
    kind = type(record).__name__.lower()
    return client.post(reverse("core:file_list", args=[kind, record.pk]), form, follow=follow)


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def get(client, row, form="copy", **more):
    return client.get(reverse("core:file_open", args=[row.pk, form]), **more)


def text(response) -> str:
    return response.content.decode()


def test_upload_shows_it_in_the_record_and_its_timeline(officer, body):
    client = browser(officer)
    page = text(client.get(reverse("core:file_list", args=["organization", body.pk])))
    assert "还没有文件" in page and page.count("缺") >= 4
    told = upload(client, body, ("章程.pdf", files.pdf()), ("章程二.docx", files.office("docx")), note="核准件")
    assert told.redirect_chain[0][0].endswith("?tab=files") and "已保存 2 个文件" in text(told)
    page = text(client.get(reverse("core:file_list", args=["organization", body.pk])))
    row = Attachment.objects.order_by("pk")[0]
    assert "章程二.docx" in page and row.file.sm3 in page and "核准件" in page
    record = text(client.get(reverse("registry:organization_detail", args=[body.pk])))
    assert "上传文件：章程：章程.pdf" in record and ">文件</a>" in record
    panel = text(client.get(reverse("core:file_list", args=["organization", body.pk]), headers={"HX-Request": "true"}))
    assert "<html" not in panel and "章程.pdf" in panel


def test_good_ones_are_saved_and_bad_ones_named(officer, body):
    told = upload(browser(officer), body, ("好.pdf", files.pdf()), ("坏.exe", b"MZ" + bytes(99)), ("空.pdf", b""))
    assert "已保存 1 个文件" in text(told)
    assert "“坏.exe”是程序或脚本" in text(told) and "“空.pdf”是空文件" in text(told)
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "more", "told"),
    [
        ([("坏.exe", b"MZ" + bytes(99))], {}, "“坏.exe”是程序或脚本"),
        ([], {}, "请选择要上传的文件"),
        ([("a.pdf", files.pdf())], {"pledge": ""}, "请承诺文件不涉密"),
        ([("a.pdf", files.pdf())], {"paper": "没有的材料"}, "材料名称"),
        ([("a.pdf", files.pdf())], {"valid_until": "改天"}, "有效期至"),
        ([(f"{n}.pdf", files.pdf()) for n in range(21)], {}, "一次最多上传 20 个文件"),
        ([("秘密★.pdf", files.pdf())], {}, "本系统不处理涉密和内部文件"),
    ],
)
def test_what_cannot_be_saved_comes_back_as_a_form(officer, body, given, more, told):
    response = upload(browser(officer), body, *given, **more)
    assert response.status_code == 422
    assert told in text(response)
    assert not Attachment.objects.exists()


def test_a_script_s_upload_is_led_on(officer, body):
    url = reverse("core:file_list", args=["organization", body.pk])
    form = {"paper": "章程", "pledge": "on", "uploads": [SimpleUploadedFile("a.pdf", files.pdf())]}
    told = browser(officer).post(url, form, headers={"HX-Request": "true"})
    assert told.status_code == 204 and told["HX-Redirect"].endswith("?tab=files")


def test_downloads_have_no_type_of_the_uploader_s(officer, body):
    client = browser(officer)
    upload(client, body, ("章程\r\nX: y\u202e.html.pdf", files.pdf()))
    told = get(client, Attachment.objects.get())
    assert body_of(told) == files.pdf()
    assert told["Content-Type"] == "application/pdf"
    assert told["Content-Disposition"].startswith("attachment;") and "\n" not in told["Content-Disposition"]
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert told["Cache-Control"] == "private, no-store"
    for form in ("view", "thumb", "nothing"):
        assert get(client, Attachment.objects.get(), form).status_code == 404


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_no_served_copy_of_a_photo_says_where_it_was_taken(officer, body, form):
    client = browser(officer)
    data = files.photo(form=form)
    upload(client, body, (f"合影.{form.lower()}", data), paper="照片")
    row = Attachment.objects.get()
    page = text(client.get(reverse("core:file_list", args=["organization", body.pk])))
    assert "2026-10-26 09:30" in page
    for way in ("copy", "view", "thumb"):
        told = get(client, row, way)
        sent = body_of(told)
        assert told["Content-Type"] == "image/jpeg"
        assert files.PLACE_NAME not in sent and files.CAMERA.encode() not in sent and b"Exif" not in sent
        opened = Image.open(io.BytesIO(sent))
        assert not opened.getexif() and not opened.getexif().get_ifd(0x8825) and "xmp" not in opened.info
        assert told["Content-Disposition"].startswith("attachment" if way == "copy" else "inline")
    assert get(client, row, "original").status_code == 403
    assert not AuditEvent.objects.filter(code="read.downloaded").exists()


def test_the_original_is_for_the_archive_and_each_reading_is_logged(officer, body, areas):
    upload(browser(officer), body, ("合影.jpg", files.photo()), paper="照片")
    row = Attachment.objects.get()
    auditor = browser(user("auditor", ("evaluator", "area", "320211"), is_demo=True))
    assert "原件" in text(auditor.get(reverse("core:file_list", args=["organization", body.pk])))
    told = get(auditor, row, "original")
    assert body_of(told) == files.photo()
    event = AuditEvent.objects.get(code="read.downloaded")
    assert event.subject_id == str(body.pk) and event.payload["original"] is True
    part = get(auditor, row, "original", headers={"Range": "bytes=100-"})
    assert part.status_code == 206
    body_of(part)
    assert AuditEvent.objects.filter(code="read.downloaded").count() == 1, "a download that goes on is one reading"


def test_a_roster_s_download_is_logged(officer, areas):
    filed = make.organization("丙队", "BA", street=areas["heli"])
    client = browser(officer)
    data = "姓名,电话\n甲,13900001111\n乙,13900002222\n".encode()
    upload(client, filed, ("名单.csv", data), paper="成员名单")
    row = Attachment.objects.get()
    told = get(client, row)
    assert body_of(told) == data and told["Content-Type"].startswith("text/csv")
    assert AuditEvent.objects.get(code="read.downloaded").payload["note"] == "成员名单"
    leader = browser(user("leader", ("leadership", "area", "320211"), is_demo=True))
    assert get(leader, row).status_code == 404
    page = text(leader.get(reverse("core:file_list", args=["organization", filed.pk])))
    assert "名单.csv" not in page and "不在您的查看范围" in page


def test_strangers_find_nothing(officer, body, areas):
    upload(browser(officer), body, ("章程.pdf", files.pdf()))
    row = Attachment.objects.get()
    stranger = browser(user("stranger", ("registry_officer", "area", "320213"), is_demo=True))
    assert stranger.get(reverse("core:file_list", args=["organization", body.pk])).status_code == 404
    assert get(stranger, row).status_code == 404
    assert stranger.post(reverse("core:file_remove", args=[row.pk]), {"reason": "不想要"}).status_code == 404
    assert upload(stranger, body, ("a.pdf", files.pdf())).status_code == 404
    assert get(Client(), row).status_code == 302
    assert body_of(get(browser(officer), row)) == files.pdf()


RANGES = [
    ("bytes=0-9", 206, (0, 10)), ("bytes=5-", 206, (5, None)), ("bytes=-7", 206, (-7, None)),
    ("bytes=10-5", 200, (0, None)), ("bytes=0-99999999", 206, (0, None)), ("bytes=99999999-", 416, None),
    ("bytes=-0", 416, None), ("bytes=-", 200, (0, None)), ("items=0-1", 200, (0, None)),
    ("bytes=0-1,3-4", 200, (0, None)),
]  # fmt: skip


@pytest.mark.parametrize("paper", ["章程", "成员名单"])
@pytest.mark.parametrize(("asked", "status", "part"), RANGES)
def test_parts_are_sent_when_asked(officer, areas, paper, asked, status, part):
    filed = make.organization("丙队", "BA", street=areas["heli"])
    client = browser(officer)
    data = files.pdf() + bytes(range(256)) * 700
    upload(client, filed, ("a.pdf", data), paper=paper)
    told = get(client, Attachment.objects.get(), headers={"Range": asked})
    assert told.status_code == status
    sent = body_of(told)
    if part is not None:
        wanted = data[part[0] : part[1]]
        assert sent == wanted and told["Content-Length"] == str(len(wanted))
    stale = get(client, Attachment.objects.get(), headers={"Range": asked, "If-Range": '"other"'})
    assert body_of(stale) == data
    head = client.head(reverse("core:file_open", args=[Attachment.objects.get().pk, "copy"]))
    assert head["Content-Length"] == str(len(data)) and body_of(head) == b""


def test_alike_photos_are_shown_before_anything_is_saved(officer, body, areas):
    client = browser(officer)
    other = make.organization("乙服务中心", street=areas["heli"])
    upload(client, other, ("春.jpg", files.photo(files.scene(5))), paper="照片")
    first = Attachment.objects.get()
    again = files.plain(files.scene(5).resize((500, 333)), quality=60)
    page = upload(client, body, ("秋.jpg", again), ("新.jpg", files.photo(files.scene(9))), paper="照片")
    assert "与已有照片相似" in text(page) and "乙服务中心" in text(page)
    assert reverse("core:file_open", args=[first.pk, "thumb"]) in text(page) and "data:image/jpeg;base64," in text(page)
    assert "相似只是提示，不作为结论" in text(page)
    assert set(Attachment.objects.values_list("name", flat=True)) == {"春.jpg", "新.jpg"}
    token = re.search(r'name="t" value="([^"]+)"', text(page))[1]
    url = reverse("core:file_waiting")
    told = client.post(url, {"t": token})
    assert told.status_code == 422 and "请选择一项" in text(told)
    told = client.post(url, {"t": token, "p0-answer": "again"})
    assert told.status_code == 422 and "请写明为什么还要用这张照片" in text(told)
    for _twice in range(2):
        done = client.post(url, {"t": token, "p0-answer": "again", "p0-answer_note": "两家合办"}, follow=True)
        assert done.status_code == 200
    row = Attachment.objects.get(name="秋.jpg")
    assert (row.answer, row.answer_note) == ("again", "两家合办")
    assert "两家合办" in text(client.get(reverse("core:file_list", args=["organization", body.pk])))


def test_a_wrong_photo_is_not_saved_and_a_token_is_one_s_own(officer, body, areas):
    client = browser(officer)
    upload(client, body, ("春.jpg", files.photo(files.scene(5))), paper="照片")
    page = upload(client, body, ("又.jpg", files.photo(files.scene(5), quality=50)), paper="照片")
    token = re.search(r'name="t" value="([^"]+)"', text(page))[1]
    url = reverse("core:file_waiting")
    colleague = browser(user("colleague", ("registry_officer", "area", "320211"), is_demo=True))
    assert colleague.get(url, {"t": token}).status_code == 404
    assert client.get(url, {"t": token[:-1] + "x"}).status_code == 404
    done = client.post(url, {"t": token, "p0-answer": "drop"}, follow=True)
    assert "没有保存照片" in text(done)
    assert Attachment.objects.count() == 1


def test_a_likeness_elsewhere_says_no_more(body, areas, officer):
    far = make.organization("远处中心", registrar_area=areas["other"], street=areas["other_street"])
    there = browser(user("there", ("registry_officer", "area", "320213"), is_demo=True))
    upload(there, far, ("春.jpg", files.photo(files.scene(5))), paper="照片", note="远处的春天")
    page = text(upload(browser(officer), body, ("秋.jpg", files.photo(files.scene(5), quality=55)), paper="照片"))
    assert "另一处已有相同照片" in page
    assert "远处" not in page and "春.jpg" not in page


def test_replace_and_remove(officer, body):
    client = browser(officer)
    upload(client, body, ("一.pdf", files.pdf()))
    old = Attachment.objects.get()
    url = reverse("core:file_list", args=["organization", body.pk])
    assert "替换“一.pdf”" in text(client.get(url, {"replaces": old.pk}))
    upload(client, body, ("二.pdf", files.pdf(b"(2)")), replaces=old.pk)
    new = Attachment.objects.get(name="二.pdf")
    assert new.replaces == old
    assert body_of(get(client, old)) == files.pdf(), "a version can still be read"
    told = client.post(reverse("core:file_remove", args=[new.pk]), {"reason": ""}, follow=True)
    assert "请写明移除的理由" in text(told)
    client.post(reverse("core:file_remove", args=[new.pk]), {"reason": "传错了"})
    page = text(client.get(url))
    assert "以前的版本和已移除的文件" in page and "传错了" in page
    assert get(client, new).status_code == 404


def test_evidence_stands_beside_the_rating(officer, body):
    rating = make.rating(body)
    client = browser(officer)
    upload(client, rating, ("等级证书.pdf", files.pdf()), paper="依据")
    page = text(client.get(reverse("registry:organization_detail", args=[body.pk]), {"tab": "awards"}))
    assert "等级证书.pdf" in page
    assert "4A" in text(client.get(reverse("core:file_list", args=["rating", rating.pk])))


def test_a_lost_content_is_a_sentence(officer, body):
    client = browser(officer)
    upload(client, body, ("一.jpg", files.photo()), paper="照片")
    row = Attachment.objects.get()
    for name in (row.file.copy_name, row.file.thumb_name):
        store.path_of(name).unlink()
    assert get(client, row, "thumb").status_code == 404
    told = get(client, row, "copy", follow=True)
    assert told.status_code == 200 and "读不出来" in text(told)


def test_heic_is_kept_and_not_shown(officer, body):
    client = browser(officer)
    data = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
    assert "不能显示" in text(upload(client, body, ("a.heic", data), paper="照片"))
    row = Attachment.objects.get()
    assert get(client, row).status_code == 404, "its place is still in it"
    auditor = browser(user("auditor", ("evaluator", "area", "320211"), is_demo=True))
    assert body_of(get(auditor, row, "original")) == data


def test_the_organization_s_head_hands_in_papers(body):
    head = browser(user("head", ("organization_head", "organization", str(body.pk)), is_demo=True))
    assert "已保存 1 个文件" in text(upload(head, body, ("章程.pdf", files.pdf())))
    manager = browser(user("manager", ("project_manager", "organization", str(body.pk)), is_demo=True))
    page = text(manager.get(reverse("core:file_list", args=["organization", body.pk])))
    assert "章程.pdf" in page and 'type="file"' not in page
    assert upload(manager, body, ("a.pdf", files.pdf())).status_code == 403


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_bytes_under_any_name_are_answered(officer, body, data):
    made = data.draw(st.sampled_from([
        files.pdf(), files.photo(files.scene(1, (60, 40))), files.office("docx"),
        files.compound({"Workbook": files.book()}),        files.zipped({"OFD.xml": "x"}), b"",
    ]))  # fmt: skip
    spoilt = bytearray(made[: data.draw(st.integers(0, len(made)))] + data.draw(st.binary(max_size=60)))
    for _ in range(data.draw(st.integers(0, 4))):
        if spoilt:
            spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    name = data.draw(st.text(min_size=1, max_size=60)) + data.draw(st.sampled_from(["", ".pdf", ".jpg", ".docx"]))
    told = upload(
        browser(officer), body, (name, bytes(spoilt)), paper=data.draw(st.sampled_from(["章程", "照片"])), follow=False
    )
    assert told.status_code in (302, 422), told.status_code
