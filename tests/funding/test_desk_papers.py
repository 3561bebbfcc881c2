"""Attachments at the desk: a blind reader is given words without names and nothing else, an open one the files."""

import unicodedata

import pytest
from django.urls import reverse

from liaoyuan.core.actions import parameters
from liaoyuan.funding.actions import stages
from liaoyuan.funding.models import Reading, ReviewStage
from liaoyuan.funding.queries import papers
from liaoyuan.kit.files import texts
from liaoyuan.kit.sheets import writing
from tests.core import file_ground as files
from tests.core.factories import AT
from tests.funding import ground
from tests.funding import ground_review as lay
from tests.funding.test_papers import WANTED, add, folder  # noqa: F401 - the fixture is used by its name

pytestmark = pytest.mark.django_db
BODY, SHORT, PHONE, AUTHOR = "滨湖区彩虹桥社会工作服务中心", "彩虹桥", "13987654321", "欧阳三七"
SECRETS = (BODY, SHORT, PHONE, "演示甲", AUTHOR)
CORE = {"docProps/core.xml": f"<p><dc:creator>{AUTHOR} {SHORT}</dc:creator></p>"}
PLEDGE = (
    f"<w:document><w:body><w:p><w:r><w:t>我们{SHORT[0]}</w:t></w:r><w:r><w:t>{SHORT[1:]}承诺</w:t></w:r>"
    f"<w:r><w:instrText>AUTHOR {AUTHOR}</w:instrText></w:r></w:p><w:p><w:r><w:t>服务 60 名老人。</w:t></w:r></w:p>"
    f"<w:p><w:r><w:t>联系 演 示 甲，{PHONE}</w:t></w:r></w:p></w:body></w:document>"
)
DOCUMENT = files.office("docx", {"word/document.xml": PLEDGE, **CORE})


@pytest.fixture
def body(areas):
    return ground.body(BODY, street=areas["heli"])


@pytest.fixture
def row(round_, body, head, tmp_path):
    parameters.sync_shipped(at=AT)
    made = ground.written(round_, body, head)
    book = tmp_path / "book.xlsx"
    columns = (writing.Column("项目", width=20), writing.Column("备注", width=20))
    writing.write_xlsx(book, columns, [("房租", f"{SHORT}出"), ("水电", "据实")], sheet=f"{SHORT}报表")
    add(made, head, "承诺书", f"{BODY}承诺书.docx", DOCUMENT)
    add(made, head, "财务报表", f"{SHORT}报表.xlsx", book.read_bytes())
    add(made, head, "登记证书副本", f"{SHORT}证书.pdf", files.pdf(f"({SHORT})".encode()))
    add(made, head, "其他附件", f"{AUTHOR}来信.txt", f"{BODY}：感谢你们。".encode())
    return made


@pytest.fixture
def reading(row, head, areas, office):
    project = lay.passed(ground.submitted(row, head), office)
    pool = [lay.expert(areas["district"], office, f"zj{n}", project.round) for n in range(5)]
    lay.staged(project.round, pool, office)
    return Reading.objects.select_related("expert__user", "stage").order_by("pk").first()


def told(answer):
    """Everything that leaves with an answer: headers and content, spaced or widened signs brought back."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    words = " ".join(f"{name}: {value}" for name, value in answer.headers.items()) + content.decode("utf-8", "replace")
    return "".join(char for char in unicodedata.normalize("NFKC", words) if not char.isspace())


def paper(client, reading, number):
    return client.get(reverse("funding:desk_paper", args=[reading.stage_id, reading.label, number]))


def test_blind_means_blind(client, reading, row):
    client.force_login(reading.expert.user)
    answers = [client.get(reverse("funding:desk_sheet", args=[reading.stage_id, reading.label]))]
    offered = papers.for_reader(reading, AT.date())
    assert [(one.label, one.given, one.row is not None) for one in offered] == [
        ("登记证书副本", True, False), ("年检年报结论", False, False), ("财务报表", True, True), ("承诺书", True, True),
        ("落地社区意见", False, False), ("其他附件 1", True, True),
    ]  # fmt: skip
    statuses = []
    for number in range(8):
        answers.append(paper(client, reading, number))
        statuses.append(answers[-1].status_code)
    assert statuses == [404, 404, 404, 200, 200, 404, 200, 404]
    for answer in answers:
        for secret in (*SECRETS, reading.project.number, "docx", row.organization.code):
            assert secret not in told(answer), secret
    assert "服务60名老人" in told(answers[5])
    assert "水电据实" in told(answers[4])
    assert "感谢你们" in told(answers[7])
    for attachment in papers.of_projects([row.pk]):
        for form in ("copy", "view", "thumb", "original"):
            assert client.get(reverse("core:file_open", args=[attachment.pk, form])).status_code == 404
    assert client.get(reverse("core:file_list", args=["project", row.pk])).status_code == 404


def test_an_open_stage_gives_the_files_and_no_other_reader_gets_them(client, reading, row, areas, office):
    ReviewStage.objects.filter(pk=reading.stage_id).update(blind=False)
    reading.stage.refresh_from_db()
    offered = papers.for_reader(reading, AT.date())
    assert [one.label for one in offered if one.row is None] == ["年检年报结论", "落地社区意见"]
    client.force_login(reading.expert.user)
    answer = paper(client, reading, 1)
    assert f"{BODY}承诺书.docx" in told(
        client.get(reverse("funding:desk_sheet", args=[reading.stage_id, reading.label]))
    )
    assert b"".join(answer.streaming_content) == DOCUMENT
    client.force_login(lay.expert(areas["district"], office, "fremd").user)
    assert paper(client, reading, 1).status_code == 404
    client.force_login(office)
    assert paper(client, reading, 1).status_code == 403


def test_the_office_is_warned_before_the_stage_opens(client, row, head, office, areas):
    project = lay.passed(ground.submitted(row, head), office)
    stage = stages.plan(round_=project.round, seed="7", by=office, at=AT)
    client.force_login(office)
    assert (
        reverse("funding:stage_leaks", args=[stage.pk])
        in client.get(reverse("funding:stage_detail", args=[stage.pk])).content.decode()
    )
    page = client.get(reverse("funding:stage_leaks", args=[stage.pk])).content.decode()
    for name in (f"{BODY}承诺书.docx", f"{SHORT}报表.xlsx", f"{SHORT}证书.pdf", f"{AUTHOR}来信.txt"):
        assert name in page
    line = page[page.index(f"{BODY}承诺书.docx") :]
    assert "<mark>彩虹桥</mark>" in line and "<mark>演 示 甲</mark>" in line and PHONE in line
    certificate = page[page.index(f"{SHORT}证书.pdf") :]
    certificate = certificate[: certificate.index("</li>")]
    assert "<mark>彩虹桥</mark>" in certificate and "文字读不出来" in certificate


@pytest.mark.parametrize(
    ("kind", "data"),
    [("docx", b"PK\x03\x04 no zip"), ("xlsx", b"PK\x05\x06" + bytes(18)), ("pdf", files.pdf()), ("doc", b"\0")],
)
def test_what_cannot_be_read_is_not_shown(tmp_path, kind, data):
    (tmp_path / "content").write_bytes(data)
    assert texts.words(tmp_path / "content", kind) is None


def test_a_long_text_ends_with_a_whole_line(tmp_path):
    lines = [f"{number:06} 一行文字" for number in range(40_000)]
    (tmp_path / "content").write_text("\n".join(lines), encoding="utf-8")
    found = texts.words(tmp_path / "content", "txt").split("\n")
    assert found == lines[: len(found)] and sum(map(len, found)) > texts.MOST * 0.9


def test_missing_papers_are_told(round_, body, head, areas, office):
    """Without attachments a reader is told of every one that is lacking."""
    parameters.sync_shipped(at=AT)
    project = lay.passed(ground.submitted(ground.written(round_, body, head), head), office)
    lay.staged(
        project.round, [lay.expert(areas["district"], office, f"zj{n}", project.round) for n in range(5)], office
    )
    offered = papers.for_reader(Reading.objects.select_related("stage").first(), AT.date())
    assert [(one.label, one.given) for one in offered] == [(name, False) for name in WANTED]
