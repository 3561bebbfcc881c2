"""Blind means blind: what an expert sees, and the workbook he takes, hold no name, code, head, telephone, file name."""

import random
import zipfile
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core import vault
from liaoyuan.funding.exports import blind as sheet
from liaoyuan.funding.models import Project, Reading
from liaoyuan.funding.queries import blind
from liaoyuan.funding.rules.similarity import plain
from liaoyuan.registry.models import Standing
from tests.funding import ground
from tests.funding import ground_review as lay

pytestmark = pytest.mark.django_db
NAME, OLD, HEAD, PHONE = "滨湖区彩虹桥社会工作服务中心", "滨湖区小桥示例服务站", "欧阳三七", "13987654321"
FILES = ("彩虹桥-申报书（盖章）.docx", "欧阳三七身份证.jpg")
GAPS = ("", " ", "　", "-", "·", "\n")


@pytest.fixture
def body(areas):
    made = ground.body(NAME, street=areas["heli"])
    told = {"legal_representative": HEAD, "phone": vault.encrypt(PHONE, purpose="organization.phone")}
    Standing.objects.filter(organization=made).update(**told)
    row = Standing.objects.get(organization=made)
    row.pk, row.name, row.superseded_at = None, OLD, row.recorded_at
    row.valid_from = date(2016, 1, 1)
    row.save(force_insert=True)
    return made


def secrets(project):
    """Everything that must not be read, written out by hand."""
    body = project.organization
    return [NAME, "彩虹桥", OLD, "小桥示例", HEAD, PHONE, body.code, "演示甲", *FILES]


def sown(project, seed):
    """The same project with its secrets strewn through all its texts, spaced and widened."""
    dice = random.Random(seed)

    def strewn():
        told = dice.choice(secrets(project))
        if dice.random() < 0.3:
            told = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in told)
        elif dice.random() < 0.4 and not told.endswith((".docx", ".jpg")):
            told = "".join(char + dice.choice(GAPS) for char in told)
        return f"为老人服务，{told}，每周三。"

    project.answers = {key: strewn() for key in ("about", "summary", "need", "goals", "served", "method", "lasting")}
    project.title = f"{dice.choice(['彩虹桥', '彩 虹 桥', ''])}银发陪伴"
    project.save()
    project.team.update(role=dice.choice(["负责", HEAD]), qualification=dice.choice(["社工师", "彩虹桥骨干"]))
    project.steps.update(content=strewn(), place=dice.choice([NAME, "社区"]))
    project.indicators.update(title="人次", evidence=strewn())
    project.risks.update(title="人手", measure=strewn())
    project.lines.update(title="费用", basis=strewn(), note=dice.choice(["", HEAD]))
    return project


def assert_blind(text, project):
    """None of the secrets is in a text, whatever stands between its characters."""
    clean = plain(text)
    for secret in secrets(project):
        assert plain(secret) not in clean, secret


@pytest.mark.parametrize("seed", range(60))
def test_nothing_that_is_seen_names_anybody(round_, body, areas, seed):
    head = ground.head(body, "fuze")
    project = sown(ground.submitted(ground.written(round_, body, head), head), seed)
    seen = blind.sight(project, "ABCDEFG")
    told = " ".join([seen.label, *(f"{field.title} {field.text}" for field in seen.fields)])
    assert_blind(told, project)
    assert project.number not in told
    assert "单位简介" not in told
    assert seen.leaks
    assert seen.total_fen == project.total_fen
    assert "为老人服务" in told


def test_a_text_that_names_nobody_is_read_whole(round_, body, areas):
    head = ground.head(body, "fuze")
    project = ground.submitted(ground.written(round_, body, head, title="银发陪伴"), head)
    seen = blind.sight(project, "X")
    assert seen.leaks == ()
    texts = {field.title: field.text for field in seen.fields}
    assert texts["需求分析"] == ground.TEXTS["need"]
    assert texts["项目名称"] == "银发陪伴"
    assert texts["开始日期"] == f"{project.starts_on.year} 年 {project.starts_on.month} 月 {project.starts_on.day} 日"


@pytest.fixture
def stage(round_, body, areas, office):
    head = ground.head(body, "fuze")
    project = lay.passed(ground.submitted(ground.written(round_, body, head), head), office)
    sown(Project.objects.get(pk=project.pk), 99)
    others = lay.eligible(round_, lay.bodies(2, areas["heli"]), office)
    pool = [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(6)]
    made = lay.staged(round_, pool, office)
    assert len(others) == 2
    return made


def test_the_workbook_of_an_expert_holds_only_his_projects_and_no_name(stage, tmp_path, office, body, areas):
    project = Project.objects.get(organization=body)
    reading = Reading.objects.filter(project=project).select_related("expert__user").first()
    by = reading.expert.user
    path = tmp_path / sheet.NAME
    assert sheet.write(path, stage, by) > 10
    text = path.name
    with zipfile.ZipFile(path) as book:
        for part in book.infolist():
            text += part.filename + book.read(part).decode("utf-8")
    assert_blind(text, project)
    for other in Project.objects.exclude(pk=project.pk):
        assert other.organization.code not in text
        assert Standing.objects.get(organization=other.organization).name not in text
        assert other.number not in text
    mine = set(Reading.objects.filter(expert=reading.expert).values_list("label", flat=True))
    foreign = set(Reading.objects.values_list("label", flat=True)) - mine
    assert all(label in text for label in mine)
    assert not [label for label in foreign if label in text]
    again = tmp_path / "zweite.xlsx"
    sheet.write(again, stage, by)
    assert again.read_bytes() == path.read_bytes()
    for stranger in (office, ground.head(body, "another")):
        with pytest.raises(PermissionDenied):
            sheet.write(tmp_path / "no.xlsx", stage, stranger)
    assert not (tmp_path / "no.xlsx").exists()


def test_the_office_reads_what_would_have_named_somebody(stage, body):
    project = Project.objects.get(organization=body)
    found = blind.leaks(stage)
    assert list(found) == [project.pk]
    assert {leak.section for leak in found[project.pk]} >= {"content", "plan", "budget"}
    assert any("彩虹桥" in plain(word) or HEAD in plain(word) for leak in found[project.pk] for word in leak.words)


def test_a_label_tells_nothing_without_the_seed(stage):
    labels = set(Reading.objects.values_list("label", flat=True))
    assert len(labels) == 3
    for project in Project.objects.all():
        assert not any(project.number in label or str(project.pk) == label for label in labels)
