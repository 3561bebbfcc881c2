"""The application as a Word form and as a workbook: there and back without a loss, faults by cell, one step back."""

from io import BytesIO

import docx
import openpyxl
import pytest
from django.urls import reverse

from liaoyuan.funding.models import Project, Revision
from liaoyuan.funding.queries import contents
from tests.core.factories import AT
from tests.funding import ground

FORMS = ("docx", "xlsx")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", AT.strftime("%Y-%m-%dT%H:%M:%S"))


@pytest.fixture
def row(round_, body, head):
    made = ground.written(round_, body, head)
    Project.objects.filter(pk=made.pk).update(answers={**made.answers, "method": "入户\n小组"})
    return made


@pytest.fixture
def visitor(client, head):
    client.force_login(head)
    return client


def stored(row):
    return plain(contents.content(contents.whole(Project.objects.select_related("area", "sponsor").get(pk=row.pk))))


def plain(told):
    """Without texts that say nothing."""
    return {**told, "content": {key: text for key, text in told["content"].items() if text}}


def fetched(visitor, row, form):
    answer = visitor.get(reverse("funding:project_form_file", args=[row.pk, form]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def sent(visitor, row, data, name):
    file = BytesIO(data)
    file.name = name
    return visitor.post(reverse("funding:project_form", args=[row.pk]), {"file": file})


def filled(data, form, changes):
    """The file with other texts in place of those that it shows, as a person changes them."""
    out = BytesIO()
    if form == "docx":
        document = docx.Document(BytesIO(data))
        for table in document.tables:
            for line in table.rows:
                for place in line.cells:
                    if place.text in changes:
                        place.paragraphs[0].text = changes[place.text]
        document.save(out)
    else:
        book = openpyxl.load_workbook(BytesIO(data))
        for sheet in book:
            for line in sheet.iter_rows():
                for place in line:
                    if isinstance(place.value, str) and place.value in changes:
                        place.value = changes[place.value]
        book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_what_comes_back_unchanged_differs_in_nothing(visitor, row, form):
    row.lines.update(note="每月核一次")
    before = stored(row)
    answer = sent(visitor, row, fetched(visitor, row, form), f"申报书.{form}")
    assert answer.status_code == 200
    assert "内容没有不同" in answer.content.decode() and 'name="told"' not in answer.content.decode()
    assert stored(row) == before


@pytest.mark.parametrize("form", FORMS)
def test_changes_are_shown_then_written_and_taken_back(visitor, row, form, head):
    before = stored(row)
    changes = {
        "陪伴独居老人。": "陪伴失独老人。",
        "入户走访": "入户走访两次",
        "招募志愿者": "招募大学生志愿者",
        "河埒街道（320211001）": "蠡园街道",
    }
    answer = sent(visitor, row, filled(fetched(visitor, row, form), form, changes), f"b.{form}")
    text = answer.content.decode()
    assert answer.status_code == 200 and stored(row) == before
    assert all(word in text for word in ("陪伴失独老人。", "入户走访两次", "招募大学生志愿者", "320211004"))
    told = text.partition('name="told" value="')[2].partition('"')[0]
    version = Project.objects.get(pk=row.pk).version
    answer = visitor.post(reverse("funding:project_form", args=[row.pk]), {"told": told, "version": version})
    assert answer.status_code == 302
    after = stored(row)
    assert after["content"]["summary"] == "陪伴失独老人。" and after["plan"][0]["content"] == "入户走访两次"
    assert after["basic"]["area"] == "320211004" and after["budget"] == before["budget"]
    kept = Revision.objects.get(project=row)
    assert (kept.occasion, plain(kept.content)) == ("uploaded", before)
    again = visitor.post(reverse("funding:project_form", args=[row.pk]), {"told": told, "version": version})
    assert again.status_code == 422 and stored(row) == after  # the page is old by now
    answer = visitor.post(reverse("funding:project_put_back", args=[row.pk, kept.number]))
    assert answer.status_code == 302 and stored(row) == before
    assert plain(Revision.objects.get(project=row, occasion="put_back").content) == after


def test_faults_are_told_cell_by_cell_and_nothing_is_written(visitor, row):
    before = stored(row)
    changes = {"30": "三百", "入户走访": "长" * 300, "600": "很多", "为老服务": "登月", "40000.00": "四万左右"}
    answer = sent(visitor, row, filled(fetched(visitor, row, "docx"), "docx", changes), "c.docx")
    text = answer.content.decode()
    assert answer.status_code == 422 and 'name="told"' not in text
    assert "实施计划 第 1 行 内容" in text and "超过 200 个字" in text
    assert "预期成效 第 1 行 目标值" in text and "项目团队 第 1 行 投入时间" in text and "项目预算" in text
    assert stored(row) == before and not Revision.objects.exists()


def test_foreign_and_hostile_files_are_refused_in_words(visitor, row, head):
    other = ground.written(row.round, row.organization, head, title="第二个")
    forged = "x" * 40
    answer = visitor.post(reverse("funding:project_form", args=[row.pk]), {"told": forged, "version": 1})
    assert answer.status_code == 302
    text = sent(
        visitor, row, filled(fetched(visitor, row, "docx"), "docx", {"陪伴独居老人。": "别的。"}), "a.docx"
    ).content.decode()
    told = text.partition('name="told" value="')[2].partition('"')[0]
    visitor.post(reverse("funding:project_form", args=[other.pk]), {"told": told, "version": other.version})
    assert stored(other)["content"]["summary"] == "陪伴独居老人。"
    for name, data in (
        ("a.docx", b"PK\x03\x04 nothing"),
        ("a.xlsx", b"\x00\x01"),
        ("a.pdf", b"%PDF-1.7"),
        ("a.docx", b""),
    ):
        assert sent(visitor, row, data, name).status_code == 422, name


def test_who_may_not_write_gets_nothing(client, row, office, areas):
    stranger = ground.head(ground.body("滨湖区乙示例服务中心"), "bieren")
    for who, status in ((stranger, 404), (ground.office("kan", "leadership"), 403)):
        client.force_login(who)
        for name, args in (("project_form", []), ("project_form_file", ["docx"])):
            assert client.get(reverse(f"funding:{name}", args=[row.pk, *args])).status_code == status
