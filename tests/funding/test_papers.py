"""Attachments of an application and its stamped scan: who uploads and sees them, what a blind stage tells, codes."""

import zlib

import pytest
from django.urls import reverse

from liaoyuan.core.actions import files as keeping
from liaoyuan.core.actions import parameters
from liaoyuan.core.models import Attachment, StoredFile
from liaoyuan.core.queries import files as stored
from liaoyuan.funding.actions import projects, scans
from liaoyuan.funding.models import Project
from liaoyuan.funding.params.papers import GRANT_PURPOSE_TITLES
from liaoyuan.funding.queries import papers
from liaoyuan.kit.findings import Refused
from tests.core import file_ground as files
from tests.core.factories import AT
from tests.funding import ground

pytestmark = pytest.mark.django_db
WANTED = ["登记证书副本", "年检年报结论", "财务报表", "承诺书", "落地社区意见"]
NAME = "滨湖区甲示例服务中心证书.pdf"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings, monkeypatch):
    settings.FILES = tmp_path / "files"
    monkeypatch.setenv("LIAOYUAN_NOW", AT.strftime("%Y-%m-%dT%H:%M:%S"))


@pytest.fixture
def row(round_, body, head):
    parameters.sync_shipped(at=AT)
    return ground.written(round_, body, head)


def again(row):
    return Project.objects.select_related("round__programme__area", "organization", "sponsor", "area").get(pk=row.pk)


def pdf(words):
    """A page with a text, as a printer of PDF writes it: deflated, the words in pieces."""
    told = b"".join(b"BT (" + piece.encode() + b") Tj ET\n" for piece in (words[:3], words[3:]))
    packed = zlib.compress(told)
    return (b"%PDF-1.7\n1 0 obj<</Length " + str(len(packed)).encode() + b"/Filter/FlateDecode>>stream\n" + packed
            + b"\nendstream endobj\ntrailer<<>>\n%%EOF\n")  # fmt: skip


def take(row, by, data, code="", name="盖章.pdf"):
    return scans.take(project=again(row), name=name, chunks=[data], code=code, by=by, at=AT)


def add(row, by, paper, name, data):
    place = papers.place(by, again(row))
    purpose = stored.purpose_for("project", paper)
    taken = keeping.take_in(place=place, purpose=purpose, name=name, chunks=[data], by=by, at=AT)
    return keeping.attach(place=place, purpose=purpose, paper=paper, taken=taken, by=by, at=AT)


def refusals(row, by, data, code=""):
    with pytest.raises(Refused) as caught:
        take(row, by, data, code)
    return [finding.text for finding in caught.value.findings]


def test_a_scan_carries_the_present_code_or_is_refused(row, head):
    now = papers.code_of(again(row))
    photo = files.photo()
    assert "读不出版本码" in refusals(row, head, photo)[0]
    assert "不是这份申报书的版本码" in refusals(row, head, photo, "ABCD-2345")[0]
    assert not Attachment.objects.exists()
    kept = take(row, head, photo, f" {now.lower()} ", "盖章.jpg")
    assert (kept.purpose, kept.note) == ("grant_scan", now)
    source, _size = stored.content(kept.file, "copy")
    with source:
        assert kept.file.copy_name and b"Exif" not in source.read()
    assert take(row, head, pdf(f"no {now} p. 1")).note == now
    other = "WXYZ-6789" if now != "WXYZ-6789" else "WXYZ-6788"
    assert "不是这份申报书的版本码" in refusals(row, head, pdf(other), now)[0]
    assert [one.holds for one in papers.scans(again(row))] == [True, True]


def test_a_scan_of_an_older_version_names_it(round_, body, head):
    row = ground.submitted(ground.written(round_, body, head), head)
    old = row.revisions.get().code
    take(row, head, pdf(old))
    Project.objects.filter(pk=row.pk).update(state="returned")
    projects.save_texts(project=again(row), values={"goals": "服务 90 人。"}, by=head, at=AT)
    assert "第 1 版" in refusals(row, head, files.photo(), old)[0]
    assert "第 1 版" in refusals(row, head, pdf(old))[0]
    assert [one.holds for one in papers.scans(again(row))] == [False]


def test_attachments_are_asked_for_by_the_parameter_and_seen_by_the_office(client, row, head, office):
    assert [(line.paper, line.state) for line in papers.lines(head, again(row), AT.date())] == [
        (name, "missing") for name in WANTED
    ]
    assert set(WANTED) <= set(GRANT_PURPOSE_TITLES.values())
    add(row, head, "登记证书副本", NAME, files.pdf())
    add(row, head, "其他附件", "来信.jpg", files.photo())
    ground.submitted(again(row), head)
    for who in (head, office):
        client.force_login(who)
        text = client.get(reverse("funding:project_files", args=[row.pk])).content.decode()
        assert NAME in text and "要求 5 种，已有 1 种" in text
        assert client.get(reverse("core:file_list", args=["project", row.pk])).status_code == 200
    stranger = ground.head(ground.body("滨湖区乙示例服务中心"), "bieren")
    client.force_login(stranger)
    for name, args in (("core:file_list", ["project", row.pk]), ("funding:project_files", [row.pk])):
        assert client.get(reverse(name, args=args)).status_code == 404


def test_the_scan_has_no_other_door(client, row, head):
    """Neither the general page of files uploads one, nor takes one off."""
    kept = take(row, head, files.photo(), papers.code_of(again(row)), "盖章.jpg")
    client.force_login(head)
    page = client.get(reverse("core:file_list", args=["project", row.pk])).content.decode()
    assert f'value="{GRANT_PURPOSE_TITLES["grant_scan"]}"' not in page
    assert client.post(reverse("core:file_remove", args=[kept.pk]), {"reason": "误传"}).status_code == 403
    bad = client.post(reverse("funding:project_scan", args=[row.pk]), {"file": files_of("a.txt", b"words"), "code": ""})
    assert bad.status_code == 422 and StoredFile.objects.count() == 1
    good = {"file": files_of("b.jpg", files.photo(files.scene(4))), "code": papers.code_of(again(row))}
    assert client.post(reverse("funding:project_scan", args=[row.pk]), good).status_code == 302


def files_of(name, data):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data)
