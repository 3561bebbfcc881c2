"""The papers of the way into the party: the index against a table of its own, the archive byte by byte, the zones."""

import csv
import hashlib
import io
import zipfile
from datetime import date

import docx
import pytest
from django.urls import reverse

from liaoyuan.core import jobs, shelf
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import document_templates, documents
from liaoyuan.core.models import AuditEvent, Job
from liaoyuan.kit.findings import Refused
from liaoyuan.party.exports import dossier as exports
from liaoyuan.party.params.development_sheet import STEP_OF
from liaoyuan.party.params.dossier import KINDS, PAPERS
from liaoyuan.party.params.dossier_facts import FACT_TITLES, STEP_FACTS
from liaoyuan.party.queries import development_dossier as queries
from liaoyuan.party.rules.steps import STEPS
from tests.core.factories import AT
from tests.party import factories as make
from tests.party.development import way

BEGAN = date(2020, 1, 1)
TODAY = date(2026, 10, 26)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    from liaoyuan.core import clock

    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def ours(areas, committee, lead, head):
    from liaoyuan.party.models import Affiliation

    branch = make.party("演示党支部", area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)
    made = way(branch, lead=lead, head=head)
    Affiliation.objects.update(valid_from=BEGAN)
    return made.apply()


def packed(ours, tmp_path, name="a.zip"):
    found = queries.read(ours.applicant, TODAY)
    exports.write(found, tmp_path / name, on=TODAY)
    return (tmp_path / name).read_bytes()


def words(data):
    document = docx.Document(io.BytesIO(data))
    return "\n".join(p.text for p in document.paragraphs)


def test_the_index_tells_what_is_there_what_is_missing_and_what_is_not_yet_due(ours):
    ours.until(6)
    ours.applicant.refresh_from_db()
    told = {line.paper.code: line.state for line in queries.read(ours.applicant, date(2022, 12, 20)).lines}
    there = {"cover", "receipt", "activist", "activist_request", "contacts"}  # by hand, from the handbook's table
    blank = {"talk", "recommend", "activist_form", "examination"}  # who talked, how recommended, 出生年月 are not kept
    for code, state in told.items():
        if code in there:
            assert state == "whole", code
        elif code in blank:
            assert state in ("whole", "blank"), code
        else:
            assert state in ("later", "none"), code
    talk = next(line for line in queries.read(ours.applicant, TODAY).lines if line.paper.code == "talk")
    assert "谈话人" in talk.blanks
    late = {line.paper.code: line.state for line in queries.read(ours.applicant, date(2023, 6, 2)).lines}
    assert late["candidate"] == "open"  # a year is full
    assert [
        line.state for line in queries.read(ours.applicant, date(2023, 6, 2)).lines if line.paper.code == "examination"
    ] == ["blank", "late"]  # half a year since the last one is over


def test_the_archive_is_the_same_every_time_and_its_manifest_is_true(ours, tmp_path):
    ours.until(25)
    one, other = packed(ours, tmp_path), packed(ours, tmp_path, "b.zip")
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        names = archive.namelist()
        told = list(csv.reader(io.StringIO(archive.read("清单.csv").decode("utf-8-sig"))))[1:]
        assert {name for name, _size, _sum in told} == set(names) - {"清单.csv"}
        for name, size, digest in told:
            data = archive.read(name)
            assert (int(size), digest) == (len(data), hashlib.sha256(data).hexdigest())
        index = list(csv.reader(io.StringIO(archive.read("目录.csv").decode("utf-8-sig"))))[1:]
        assert {row[6] for row in index if row[6]} == {name for name in names if "/" in name}
        assert len(index) == len(PAPERS) == 41
        texts = {name: words(archive.read(name)) for name in names if name.endswith(".docx") and "/" in name}
    resolution = texts["4_预备党员的接收/24_接收预备党员的支部大会决议.docx"]
    assert "2023年10月30日" in resolution and "应到会有表决权的党员 5 名" in resolution and "赞成 5 票" in resolution
    approval = texts["4_预备党员的接收/27_接收预备党员的审批批复.docx"]
    assert "2024年10月30日" in approval  # probation ends a year after the meeting
    for text in texts.values():
        assert "{{" not in text and "None" not in text and "1995" not in text


def test_a_large_archive_is_a_job_and_leaves_a_read_event(client, ours):
    ours.until(25)
    client.force_login(ours.secretary)
    answer = client.post(reverse("party:applicant_dossier_take", args=[ours.applicant.pk]))
    job = Job.objects.get(code="party.dossier")
    assert answer.status_code == 302 and answer.url == reverse("core:job_detail", args=[job.pk])
    assert client.post(reverse("party:applicant_dossier_take", args=[ours.applicant.pk])).url == answer.url
    jobs.run(jobs.claim("test"))
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert b"".join(shelf.pieces(job.result_file))[:2] == b"PK"
    said = AuditEvent.objects.filter(code__in=["read.opened", "read.exported"], actor=ours.secretary)
    assert said.count() == 2


def test_a_paper_of_its_own_template_and_what_others_get(client, ours, areas):
    ours.until(5)
    there = reverse("party:applicant_dossier_take", args=[ours.applicant.pk])
    client.force_login(ours.secretary)
    data = b"".join(client.post(there, {"paper": "contacts"}).streaming_content)
    assert "演示申请人01" in words(data) and "2022年6月10日" in words(data)
    assert client.post(there, {"paper": "approval"}).status_code == 404  # not due
    own = docx.Document()
    own.add_paragraph("本区样式 {{ name }} {{ contacts_on }} {{ talker }}")
    out = io.BytesIO()
    own.save(out)
    document_templates.judge("development_contacts", "一.docx", out.getvalue())
    document_templates.replace(code="development_contacts", area=areas["district"], name="一.docx", data=out.getvalue(),
                               by=Operator("test"), at=AT)  # fmt: skip
    data = b"".join(client.post(there, {"paper": "contacts"}).streaming_content)
    assert words(data) == "本区样式 演示申请人01 2022年6月10日 〔待填：谈话人〕"
    other = make.party("演示外支部", area=areas["district"], start=BEGAN, regular_on=BEGAN)
    client.force_login(make.secretary(other, "stranger"))
    assert client.post(there).status_code == 404
    with pytest.raises(Refused):
        documents.draft(code="development_contacts", subject=ours.applicant, fields={}, by=Operator("test"), at=AT)


def test_the_internet_shows_days_and_makes_no_paper(client, ours, settings):
    ours.until(5)
    settings.ZONE = "internet"
    client.force_login(ours.secretary)
    text = client.get(reverse("party:applicant_dossier", args=[ours.applicant.pk])).content.decode()
    assert "请在政务外网办理" in text and "2022-06-10" in text and "下载全部" not in text
    answer = client.post(reverse("party:applicant_dossier_take", args=[ours.applicant.pk]), follow=True)
    assert "不导出发展党员材料" in answer.content.decode() and not Job.objects.exists()


def test_no_paper_has_a_place_for_what_was_said_or_thought():
    for kind in KINDS.values():
        names = {field.name for field in kind.fields}
        assert not names & {"talk_text", "thoughts", "review_text", "family", "opinion", "id_number"}


def test_facts_and_columns_are_named_as_the_steps_are():
    made = {key: step for step in STEPS.values() if not step.repeated for key in (f"{step.key}_on", f"{step.key}_no")}
    assert {
        name: made[name].title in title for name, title in FACT_TITLES.items() if name in STEP_FACTS
    } == dict.fromkeys(made, True)
    assert {name: STEPS[number].key for name, number in STEP_OF.items()} == {n: n.removesuffix("_on") for n in STEP_OF}
    assert set(STEP_OF.values()) == set(STEPS) - {6, 21}
