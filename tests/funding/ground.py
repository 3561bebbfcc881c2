"""Makers for the tests about grants: a programme, a round, bodies with their people, whole applications."""

from datetime import date, timedelta

from liaoyuan.core.models import Area, User
from liaoyuan.funding.actions import handing_in, pools, projects, rounds
from liaoyuan.funding.models import Programme, Project, Round
from liaoyuan.registry.models import Organization
from tests.core.factories import AT, user
from tests.registry import factories as registry

TODAY = AT.date()
_WAN = 1_000_000


def office(name: str = "chuangban", role: str = "grants_office") -> User:
    """Who carries grants out in the district."""
    return user(name, (role, "area", "320211"))


def programme(area: Area, by: User, code: str = "320211-venture") -> Programme:
    """The district's programme."""
    return rounds.enter_programme(
        area=area, code=code, fields={"name": "滨湖区公益创投", "host": "滨湖区社会工作部（演示）"}, by=by, at=AT
    )


def planned(held: Programme, by: User, **told: object) -> Round:
    """A round that is planned, with money."""
    fields = {
        "year": 2026, "title": "2026 年公益创投", "place": "binhu", "call": "征集公益项目。", "opens_on": TODAY,
        "closes_on": TODAY + timedelta(days=20), "eligible_by": TODAY + timedelta(days=30),
        "runs_from": TODAY + timedelta(days=60), "runs_to": TODAY + timedelta(days=360), **told,
    }  # fmt: skip
    made = rounds.plan(programme=held, fields=fields, by=by, at=AT)
    pools.set_pool(round_=made, source="district", title="区级财政", ceiling_fen=400 * _WAN, by=by, at=AT)
    return made


def opened(area: Area, by: User, **told: object) -> Round:
    """A round that takes applications."""
    return rounds.open_round(round_=planned(programme(area, by), by, **told), by=by, at=AT)


def body(name: str = "", **told: object) -> Organization:
    """A registered body of the district that was founded long ago."""
    return registry.organization(name, registered_on=date(2015, 5, 4), **told)


def head(organization: Organization, name: str) -> User:
    """The head of a body."""
    return user(name, ("organization_head", "organization", str(organization.pk)))


def manager(organization: Organization, name: str) -> User:
    """A body's project manager."""
    return user(name, ("project_manager", "organization", str(organization.pk)))


TEXTS = {
    "about": "为社区老人服务。", "summary": "陪伴独居老人。", "need": "走访 30 户得知。", "goals": "服务 60 人。",
    "served": "独居老人。", "method": "入户、小组。",
}  # fmt: skip


def line(budget_class: str, fen: int, own_fen: int = 0, **told: object) -> dict[str, object]:
    """A line of the budget: one piece at this price."""
    return {
        "budget_class": budget_class, "title": f"{budget_class} 支出", "price_fen": fen, "quantity": 100, "times": 1,
        "grant_fen": fen - own_fen, "own_fen": own_fen, **told,
    }  # fmt: skip


def written(
    round_: Round, organization: Organization, by: User, *, title: str = "银发陪伴", total_fen: int = 10 * _WAN,
    pay_fen: int = 4 * _WAN, area: Area | None = None, **told: object,
) -> Project:  # fmt: skip
    """A draft that lacks nothing."""
    row = projects.begin(round_=round_, organization=organization, title=title, by=by, at=AT, **told)
    place = area or Area.objects.get(code="320211001")
    first = round_.runs_from or TODAY + timedelta(days=60)
    values = {"field": "elderly", "area": place, "starts_on": first, "ends_on": first + timedelta(days=270)}
    projects.save_basic(project=row, values=values, by=by, at=AT)
    projects.save_texts(project=row, values=TEXTS, by=by, at=AT)
    team = [{"name": "演示甲", "role": "负责", "lead": True, "full_time": True, "percent": 30}]
    projects.save_team(project=row, lines=team, by=by, at=AT)
    rows = {
        "plan": [{"period": "第一季度", "content": "入户走访"}],
        "outcomes": [{"title": "服务人次", "unit": "人次", "target": 600}],
        "risks": [{"title": "人手不足", "measure": "招募志愿者"}],
    }
    for section, lines in rows.items():
        projects.save_rows(project=row, section=section, lines=lines, by=by, at=AT)
    projects.save_budget(project=row, lines=[line("B01", pay_fen), line("B06", total_fen - pay_fen)], by=by, at=AT)
    return Project.objects.select_related("round__programme__area", "organization").get(pk=row.pk)


def certified(row: Project, by: User) -> Project:
    """The same, certified by the head."""
    return handing_in.certify(project=row, by=by, at=AT)


def submitted(row: Project, by: User, **told: object) -> Project:
    """The same, handed in."""
    return handing_in.submit(project=certified(row, by), confirmed=True, by=by, at=AT, **told)
