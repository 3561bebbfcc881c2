"""What an expert may see of a project while names are hidden, and what in its texts would have given them away.

Nobody's name, no code, no number, no name of a file, no moment of a handing in leaves here. The body's own words about
itself (单位简介) are left out whole: they say nothing else. What is hidden elsewhere is told to the office, so that it
can ask the applicant for another wording.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from liaoyuan.core import vault
from liaoyuan.core.models import Area
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.models import Project, Reading, ReviewStage
from liaoyuan.funding.params.application_form import PLEDGE_TITLES, TEXTS
from liaoyuan.funding.rules import hiding
from liaoyuan.people.models import Profile
from liaoyuan.registry.models import Organization, Standing

_PHONE = "organization.phone"
_LEFT_OUT = "about"
#: What a project is read with before its terms are asked for; its team is fetched beside.
WITH = ("organization", "sponsor", "area", "round__programme__area")
_PARTS = ("team", "steps", "indicators", "risks", "pledges", "lines")


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a project as an expert reads it: its section, its heading, the text."""

    section: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Leak:
    """Something in a text that names the body or a person; `words` are shown to the office only."""

    section: str
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """A project without its body: what it is called here, its texts; money in fen. `leaks` is for the office."""

    label: str
    fields: tuple[Field, ...]
    total_fen: int
    grant_fen: int
    own_fen: int
    leaks: tuple[Leak, ...]


def terms(project: Project) -> list[str]:
    """Every word that names the body, its sponsor, their heads, or somebody of the team."""
    return terms_of([project])[project.pk]


def terms_of(projects: Iterable[Project]) -> dict[int, list[str]]:
    """The words to hide of each project, in the same few statements for one as for many (teams read before)."""
    rows = list(projects)
    bodies = {body for row in rows for body in (row.organization, row.sponsor) if body is not None}
    areas = dict(Area.objects.filter(code__in={c for row in rows for c in _codes(row)}).values_list("code", "name"))
    told: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    rows_of = Standing.objects.filter(organization__in=bodies)
    for key, name, head, phone in rows_of.values_list("organization", "name", "legal_representative", "phone"):
        told[key].append((name, head, phone))
    persons = {member.person_id for row in rows for member in row.team.all() if member.person_id}
    names: dict[int, set[str]] = defaultdict(set)
    for person, name in Profile.objects.current().filter(person__in=persons).values_list("person", "name"):
        names[person].add(name)
    found = {}
    for row in rows:
        near, hidden = [areas[code] for code in _codes(row) if code in areas], set()
        for body in (row.organization, row.sponsor):
            if body is not None:
                hidden |= _names(body, told[body.pk], near)
        for member in row.team.all():
            hidden |= {member.name, *names.get(member.person_id or 0, ())}
        found[row.pk] = sorted(filter(None, hidden))
    return found


def _codes(project: Project) -> list[str]:
    area = project.round.programme.area
    near = project.area.path.strip("/").split("/") if project.area is not None else ()
    return sorted({area.code, *near, *area.path.strip("/").split("/")})


def _names(body: Organization, told: Iterable[tuple[str, str, str]], areas: Iterable[str]) -> set[str]:
    found, names, near = {body.code, body.filing_no}, set(), list(areas)
    for name, head, phone in told:
        names.add(name)
        found.add(head)
        if phone:
            found.add(vault.decrypt(phone, purpose=_PHONE))
    for name in names:
        found |= {name, *hiding.short_names(name, near)}
    return found


class _Eye:
    """Reads texts without the terms and notes what was hidden."""

    def __init__(self, hidden: Iterable[str]) -> None:
        self.terms = list(hidden)
        self.fields: list[Field] = []
        self.leaks: list[Leak] = []

    def read(self, section: str, title: str, text: Any) -> None:
        """Take in one text; an empty one is left out."""
        told = hiding.hide(str(text), self.terms)
        if told.text.strip():
            self.fields.append(Field(section, title, told.text))
        if told.found:
            self.leaks.append(Leak(section, title, told.found))

    def rows(self, section: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take in the cells of repeated rows, each under its row's number."""
        for number, row in enumerate(rows, 1):
            for title, text in row.items():
                if text not in ("", None):
                    self.read(section, f"{number} {title}", text)


def sight(project: Project, label: str, hidden: Iterable[str] | None = None) -> Sight:
    """A project as an expert sees it while names are hidden; `hidden` are its terms, where they were read before."""
    eye = _Eye(terms(project) if hidden is None else hidden)
    eye.read("basic", "项目名称", project.title)
    for title, value in (("领域", project.field), ("落地街道（社区）", project.area.name if project.area else "")):
        eye.read("basic", title, value)
    for title, day in (("开始日期", project.starts_on), ("结束日期", project.ends_on)):
        if day is not None:  # a day is no number of anybody
            eye.fields.append(Field("basic", title, f"{day.year} 年 {day.month} 月 {day.day} 日"))
    for text in TEXTS:
        if text.key != _LEFT_OUT:
            eye.read("content", text.title, project.answers.get(text.key, ""))
    eye.rows("team", [
        {"角色": m.role, "专职": "是" if m.full_time else "否", "投入时间（%）": m.percent,
         "学历和资格": m.qualification}
        for m in project.team.all()
    ])  # fmt: skip
    eye.rows("plan", [
        {"时间": s.period, "内容": s.content, "频次": s.frequency, "地点": s.place, "人次": s.persons}
        for s in project.steps.all()
    ])  # fmt: skip
    eye.rows("outcomes", [
        {"指标": i.title, "单位": i.unit, "目标值": i.target, "证明方式": i.evidence} for i in project.indicators.all()
    ])  # fmt: skip
    eye.rows("risks", [{"风险": r.title, "对策": r.measure} for r in project.risks.all()])
    eye.rows("pledges", [{"类别": PLEDGE_TITLES.get(p.kind, ""), "承诺": p.title} for p in project.pledges.all()])
    eye.rows("budget", [
        {"科目": BUDGET_CLASS_TITLES.get(line.budget_class, line.budget_class), "明细": line.title,
         "测算依据": line.basis, "备注": line.note}
        for line in project.lines.all()
    ])  # fmt: skip
    return Sight(label, tuple(eye.fields), project.total_fen, project.grant_fen, project.own_fen, tuple(eye.leaks))


def leaks(stage: ReviewStage) -> dict[int, tuple[Leak, ...]]:
    """What in the texts of a stage's projects would have named somebody, by project, for the office."""
    rows = Project.objects.filter(readings__stage=stage, readings__ended_at__isnull=True).distinct().order_by("pk")
    return leaks_of(rows)


def leaks_of(projects: QuerySet[Project]) -> dict[int, tuple[Leak, ...]]:
    """The same for any projects, in a fixed number of statements."""
    rows = list(projects.select_related(*WITH).prefetch_related(*_PARTS))
    hidden = terms_of(rows)
    found = {row.pk: sight(row, "", hidden[row.pk]).leaks for row in rows}
    return {key: told for key, told in found.items() if told}


def of_readings(readings: Iterable[Reading]) -> list[Sight]:
    """What the readers of projects see of them in a stage whose names are hidden, in the order of the readings and in
    a fixed number of statements.
    """
    wanted = list(readings)
    found = Project.objects.filter(pk__in=[row.project_id for row in wanted])
    rows = {row.pk: row for row in found.select_related(*WITH).prefetch_related(*_PARTS)}
    hidden = terms_of(rows.values())
    return [sight(rows[one.project_id], one.label, hidden[one.project_id]) for one in wanted]
