"""The archive: what is missing blocks, two persons may do without, one ZIP that opens and can be checked alone."""

import csv
import hashlib
import io
import json
import re
import zipfile
from html.parser import HTMLParser

import pytest
from cryptography.hazmat.primitives import hashes
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.core import jobs, shelf
from liaoyuan.core.actions import files
from liaoyuan.core.models import AuditEvent, Job
from liaoyuan.core.queries import jobs as job_queries
from liaoyuan.funding.actions import archiving
from liaoyuan.funding.choices.archive import PIECE_TITLES, Piece
from liaoyuan.funding.exports import archive as exports
from liaoyuan.funding.models import ArchiveWaiver, Project, TeamMember
from liaoyuan.funding.params.shipped import PARAMETERS
from liaoyuan.funding.queries import archive
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT
from tests.funding import filing, granting, ground, trying

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped", "store")]
#: What no reader of this part of the product tells of yet, so that a file must stand for it.
ON_PAPER = ["活动记录", "中期报告", "结项报告", "决算表", "满意度调查", "评估意见", "绩效公开"]
BY_SYSTEM = ["征集公告", "申报书", "公示记录", "协议", "预算表", "拨付凭证"]


@pytest.fixture
def store(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")


@pytest.fixture
def row(desk, round_, body, head):
    return filing.over(desk, round_, granting.proposed(round_, body, head))


def state(row, paper):
    return next(str(line.state) for line in archive.of(granting.project(row)).lines if line.paper == paper)


def test_the_list_is_the_handbook_s_and_each_paper_is_told_of(row, desk):
    listed = next(entry["value"] for entry in PARAMETERS if entry["key"] == "gv.archive.papers")
    assert {*listed, PIECE_TITLES[Piece.AUDIT]} == set(PIECE_TITLES.values())
    found = archive.of(row)
    assert [line.paper for line in found.lines] == listed
    given = {line.paper for line in found.lines if line.state == "given"}
    assert given == set(BY_SYSTEM)
    assert state(row, "变更材料") == "needless"
    assert found.missing == [paper for paper in listed if paper in (*ON_PAPER, "资格审查记录", "评分表")]
    filing.attached(row, "结项报告", desk.officer)
    assert state(row, "结项报告") == "given"


def test_what_is_missing_blocks_and_what_is_there_lets_it_close(row, desk):
    """GV-FIN-05 names exactly what is missing, until the last paper is there."""
    missing = filing.lacking(row)
    for place, paper in enumerate(missing):
        with pytest.raises(Refused) as refused:
            archiving.close(project=row, by=desk.officer, at=AT)
        told = [finding for finding in refused.value.findings if finding.code == "GV-FIN-05"]
        assert told and told[0].text == f"档案还缺：{'、'.join(missing[place:])}。"
        filing.attached(row, paper, desk.officer)
    assert Project.objects.get(pk=row.pk).state == "accepted"
    done = archiving.close(project=row, by=desk.officer, at=AT)
    assert done.state == "archived"
    assert AuditEvent.objects.get(code="project.archived").payload["papers"] == len(archive.papers(row))


def test_money_that_is_not_settled_keeps_the_file_open(row, desk):
    filing.completed(row, desk.officer)
    row.agreements.get().expenses.all().delete()
    with pytest.raises(Refused) as refused:
        archiving.close(project=row, by=desk.officer, at=AT)
    assert "尾款付清或应退资金退清" in str(refused.value)


def test_a_paper_is_done_without_by_two_persons_with_a_reason(row, desk):
    filing.completed(row, desk.officer)
    attached = list(files.Attachment.objects.filter(paper="中期报告"))
    for one in attached:
        one.delete()
    told = {"project": row, "paper": "中期报告", "at": AT}
    for wrong in ({"reason": " "}, {"paper": "申报书"}, {"paper": "没有的材料"}):
        with pytest.raises(Refused):
            archiving.ask_waiver(**{"reason": "不足六个月", **told, **wrong}, by=desk.officer)
    with pytest.raises(PermissionDenied):
        archiving.ask_waiver(**told, reason="不足六个月", by=desk.finance)
    waiver = archiving.ask_waiver(**told, reason="项目期限不足六个月", by=desk.officer)
    assert state(row, "中期报告") == "asked" and filing.lacking(row) == ["中期报告"]
    with pytest.raises(Refused):
        archiving.close(project=row, by=desk.officer, at=AT)
    with pytest.raises(PermissionDenied):
        archiving.decide_waiver(waiver=waiver, agreed=True, by=desk.second, at=AT)
    with pytest.raises(Refused, match="意见"):
        archiving.decide_waiver(waiver=waiver, agreed=False, by=desk.host, at=AT)
    archiving.decide_waiver(waiver=waiver, agreed=False, opinion="应补上", by=desk.host, at=AT)
    assert state(row, "中期报告") == "missing"
    again = archiving.ask_waiver(**told, reason="项目期限不足六个月", by=desk.officer)
    archiving.decide_waiver(waiver=again, agreed=True, by=desk.host, at=AT)
    with pytest.raises(Refused, match="已经核定"):
        archiving.decide_waiver(waiver=again, agreed=True, by=desk.host, at=AT)
    assert state(row, "中期报告") == "waived"
    assert archiving.close(project=row, by=desk.officer, at=AT).state == "archived"
    assert AuditEvent.objects.get(code="project.archived").payload["waived"] == ["中期报告"]


def test_nobody_confirms_his_own_proposal(row, desk):
    waiver = ArchiveWaiver.objects.create(
        project=row, paper="中期报告", reason="不需要", asked_at=AT, asked_by=desk.host
    )
    with pytest.raises(Refused, match="以外的人"):
        archiving.decide_waiver(waiver=waiver, agreed=True, by=desk.host, at=AT)


def test_a_large_grant_needs_its_audit(row, desk, round_):
    rows = [[*one] for one in round_.figures["rows"]]
    for one in rows:
        if one[0] == "gv.audit.over_fen":
            one[1] = row.grant_fen - 1
    round_.figures["rows"] = rows
    round_.save(update_fields=["figures"])
    filing.completed(granting.project(row), desk.officer)
    files.Attachment.objects.filter(paper="审计报告").delete()
    with pytest.raises(Refused) as refused:
        archiving.close(project=granting.project(row), by=desk.officer, at=AT)
    assert any("审计报告" in finding.text for finding in refused.value.findings)
    filing.attached(row, "审计报告", desk.officer)
    assert archiving.close(project=granting.project(row), by=desk.officer, at=AT).state == "archived"


def test_the_number_of_statements_does_not_grow_with_the_projects(row, round_, body, desk):
    with CaptureQueriesContext(connection) as one:
        archive.checklists(list(archive.of_round(round_)))
    for number in range(3):
        trying.put(round_, body, number, 10_000_000, 4_000_000, state="accepted")
    with CaptureQueriesContext(connection) as four:
        assert len(archive.checklists(list(archive.of_round(round_)))) == 4
    assert len(four) == len(one)


def packed(desk, round_, rows):
    """The archive as a worker makes it, read back from the shelf."""
    job = archiving.ask_file(round_=round_, projects=rows, by=desk.officer, at=AT)
    trying.worked()
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job, b"".join(shelf.pieces(job.result_file))


class Links(HTMLParser):
    """Every address of a page, and every tag."""

    def __init__(self):
        super().__init__()
        self.links, self.tags = [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]


def test_one_zip_that_opens_without_the_system_and_can_be_checked(row, desk, round_, body):
    TeamMember.objects.filter(project=row).update(name="演示乙")
    filing.attached(row, "结项报告", desk.officer)
    filing.attached(row, "满意度调查", desk.officer, name="居民名单.txt", sensitivity="C3", text="13800001234")
    job, data = packed(desk, round_, [row])
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        assert held.testzip() is None
        content = {name: held.read(name) for name in held.namelist()}
    manifest = json.loads(content["manifest.json"])
    assert {one["path"] for one in manifest["files"]} == set(content) - {"manifest.json"}
    for one in manifest["files"]:
        mark = hashes.Hash(hashes.SM3())
        mark.update(content[one["path"]])
        told = (len(content[one["path"]]), hashlib.sha256(content[one["path"]]).hexdigest(), mark.finalize().hex())
        assert told == (one["bytes"], one["sha256"], one["sm3"])
    page = Links()
    page.feed(content["目录.html"].decode())
    assert "script" not in page.tags and "link" not in page.tags and "img" not in page.tags
    assert set(page.links) == set(content) - {"manifest.json", "目录.html", "怎样核对.txt"}
    names = " ".join(content)
    for paper in (
        "征集公告.pdf",
        "申报书.pdf",
        "公示记录.pdf",
        "协议.pdf",
        "预算表.pdf",
        "拨付凭证.pdf",
        "支出凭证001",
    ):
        assert paper in names, paper
    assert all(body_.startswith(b"%PDF") for name, body_ in content.items() if name.endswith(".pdf"))
    everything = b"\n".join(content.values())
    assert "发票一".encode() in everything and "结项报告扫描件".encode() in everything
    assert b"13800001234" not in everything and "居民名单.txt".encode() in content["目录.html"]
    assert b"6222" not in everything and b"****2345" in everything
    (budget,) = [body_ for name, body_ in content.items() if "预算表" in name and name.endswith(".csv")]
    lines = list(csv.reader(io.StringIO(budget.decode("utf-8-sig"))))
    assert [line[6] for line in lines[1:]] == ["40,000.00", "60,000.00"]
    (told,) = [json.loads(body_) for name, body_ in content.items() if name.endswith("项目.json")]
    assert told["project"]["grant_fen"] == row.grant_fen and told["application"]["team"][0]["name"] == "演示乙"
    assert AuditEvent.objects.get(code="read.exported").payload["filters"]["projects"] == [row.pk]
    assert job_queries.may_fetch(desk.officer, job) and not job_queries.may_fetch(desk.second, job)
    desk.officer.grants.all().delete()
    assert not job_queries.may_fetch(type(desk.officer).objects.get(pk=desk.officer.pk), job)


def test_the_same_facts_give_the_same_bytes(row, round_, tmp_path):
    made = []
    for number in range(2):
        path = tmp_path / f"{number}.zip"
        exports.write(round_, [granting.project(row)], path, on=AT.date())
        made.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert made[0] == made[1]


def test_experts_are_codes(row, round_, tmp_path, areas):
    from liaoyuan.funding.models import GrantExpert, Reading, ReviewStage, Score, ScoreCard, ScoreSheet
    from tests.core.factories import user

    sheet = ScoreSheet.objects.create(round=round_, number=1, items={"need": 10_000}, made_at=AT)
    stage = ReviewStage.objects.create(round=round_, kind="desk", sheet=sheet, readers=1, seed="s", planned_at=AT)
    for name in ("演示专家甲", "演示专家乙"):
        expert = GrantExpert.objects.create(
            area=areas["district"], user=user(f"u{len(name)}{name[-1] == '甲'}"), name=name, created_at=AT
        )
        reading = Reading.objects.create(stage=stage, project=row, expert=expert, label=name[-1], assigned_at=AT)
        card = ScoreCard.objects.create(reading=reading, state="draft", total=8000, saved_at=AT, comment="可行。")
        Score.objects.create(card=card, item="need", hundredths=8000, most=10_000)
        ScoreCard.objects.filter(pk=card.pk).update(state="signed", signed_at=AT)
    assert state(row, "评分表") == "given"
    path = tmp_path / "a.zip"
    exports.write(round_, [granting.project(row)], path, on=AT.date())
    with zipfile.ZipFile(path) as held:
        text = b"\n".join(held.read(name) for name in held.namelist() if not name.endswith(".pdf")).decode()
    assert "专家01" in text and "专家02" in text and "演示专家" not in text


def test_many_projects_are_in_one_archive_each_in_its_folder(row, round_, desk, body):
    other = trying.put(round_, body, 7, 10_000_000, 4_000_000, state="accepted", title="同一/名称")
    _job, data = packed(desk, round_, [row, granting.project(other)])
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        folders = {name.split("/")[0] for name in held.namelist() if "/" in name}
        assert len(folders) == 2 and any("同一_名称" in name for name in folders)
        assert not any(re.search(r"[\\:*?\"<>|]|\.\./", name) for name in held.namelist())


def test_a_job_that_is_stopped_offers_nothing_and_goes_on(row, round_, desk, monkeypatch, settings):
    """The worker goes in the middle: no result, no working file; the next one delivers the same bytes."""
    real, seen = exports.write, []

    def dying(*args, **kwargs):
        kwargs["tell"] = lambda n, of: (_ for _ in ()).throw(jobs.HandedBack)
        seen.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(exports, "write", dying)
    job = archiving.ask_file(round_=round_, projects=[row], by=desk.officer, at=AT)
    jobs.run(jobs.claim("first"))
    job.refresh_from_db()
    assert (job.state, job.result_file, seen) == ("waiting", "", [1])
    assert not list(shelf.stand()) and not AuditEvent.objects.filter(code="read.exported").exists()
    monkeypatch.setattr(exports, "write", real)
    trying.worked()
    job.refresh_from_db()
    assert job.state == "done" and b"".join(shelf.pieces(job.result_file))[:2] == b"PK"
    assert Job.objects.count() == 1


def test_who_may_not_pack(row, round_, desk):
    with pytest.raises(PermissionDenied):
        archiving.ask_file(round_=round_, projects=[row], by=desk.finance, at=AT)
    with pytest.raises(PermissionDenied):
        archiving.close(project=row, by=ground.office("waiqu", "finance"), at=AT)
