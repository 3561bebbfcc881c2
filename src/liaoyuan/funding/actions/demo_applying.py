"""The demo's rounds as they begin: a round with its money, whole applications, their examination."""

from datetime import date, timedelta
from typing import Any

from liaoyuan.funding.actions import eligibility, handing_in, pools, projects, rounds
from liaoyuan.funding.actions.demo_cast import HEAD, MANAGER, OFFICE, Cast
from liaoyuan.funding.actions.demo_words import Idea, budget, sections, texts
from liaoyuan.funding.models import Programme, Project, Round
from liaoyuan.funding.queries import eligibility as examined
from liaoyuan.registry.models import Organization

_WAN = 1_000_000
_ON_PAPER = "负责人到窗口递交盖章的申报书"
_CALL = (
    "面向在本区开展服务的社会组织征集公益项目。每个组织最多申报三个项目，专职人员费用不超过预算总额的一半。"
    "评审结果和拟立项名单公示五个工作日。"
)  # fmt: skip
#: How a warning of the examination is usually answered.
_CHECKED = "已与登记档案核对，情况属实，不影响申报。"


def opened(
    cast: Cast, programme: Programme, title: str, days: tuple[int, int], later: dict[str, int], *, practice: bool
) -> Round:
    """A round that opened `days[0]` days ago and closed `days[1]` days ago; `later` gives its other days likewise."""
    at, office = cast.at(days[0]), cast[OFFICE]
    fields: dict[str, Any] = {
        "year": cast.on(days[0]).year, "title": title, "place": "binhu", "practice": practice, "call": _CALL,
        "opens_on": cast.on(days[0]), "closes_on": cast.on(days[1]),
        **{name: cast.on(before) for name, before in later.items()},
    }  # fmt: skip
    row = rounds.plan(programme=programme, fields=fields, by=office, at=at)
    for source, name, wan in (("district", "区级财政", 60), ("town", "镇（街道）配套", 20)):
        pools.set_pool(round_=row, source=source, title=name, ceiling_fen=wan * _WAN, by=office, at=at)
    return rounds.open_round(round_=row, by=office, at=at)


def applied(cast: Cast, round_: Round, days: int, *, own: bool = False) -> Project:
    """A whole application that was handed in so many days ago: by the demo's body itself, or by the office on paper."""
    idea = next(cast.ideas)
    body = cast.body if own else cast.others.pop(0)
    row = written(cast, round_, body, idea, days, own=own)
    at = cast.at(days, 15)
    if own:
        handing_in.certify(project=row, by=cast[HEAD], at=at)
        handing_in.submit(project=again(row), confirmed=True, by=cast[HEAD], at=at)
    else:
        handing_in.submit(project=row, confirmed=True, on_paper=cast.on(days), on_behalf=_ON_PAPER, by=cast[OFFICE],
                          at=at)  # fmt: skip
    return again(row)


def written(cast: Cast, round_: Round, body: Organization, idea: Idea, days: int, *, own: bool) -> Project:
    """A draft that lacks nothing."""
    by, at = cast[MANAGER if own else OFFICE], cast.at(days)
    told: dict[str, Any] = {"by": by, "at": at, "on_behalf": "" if own else _ON_PAPER}
    row = projects.begin(round_=round_, organization=body, title=idea.title, **told)
    streets = cast.streets()
    start: date = round_.runs_from or round_.closes_on
    projects.save_basic(project=row, values={
        "field": idea.field, "area": streets[row.pk % len(streets)], "starts_on": start,
        "ends_on": start + timedelta(days=300),
    }, **told)  # fmt: skip
    projects.save_texts(project=row, values=texts(idea, "本单位"), **told)
    projects.save_team(project=row, lines=[
        {"name": cast.person(), "role": "项目统筹", "lead": True, "full_time": True, "percent": 40,
         "qualification": "社会工作师"},
        {"name": cast.person(), "role": idea.works[0], "full_time": True, "percent": 40, "qualification": "助理社工师"},
        {"name": cast.person(), "role": "志愿者管理", "full_time": False, "percent": 20},
    ], **told)  # fmt: skip
    for section, lines in sections(idea).items():
        projects.save_rows(project=row, section=section, lines=lines, **told)
    first = row.team.order_by("position").first()
    projects.save_budget(project=row, lines=budget(idea, first.pk if first is not None else None), **told)
    return again(row)


def passed(cast: Cast, row: Project, days: int) -> Project:
    """The application after its examination: each warning has its answer."""
    at, office = cast.at(days), cast[OFFICE]
    for one in examined.findings(eligibility.examine(project=row, by=office, at=at)):
        if one.open:
            eligibility.answer(project=row, number=one.number, reason=_CHECKED, by=office, at=at)
    return again(eligibility.accept(project=row, by=office, at=at))


def again(row: Project) -> Project:
    """The project as it stands, with what actions read of it."""
    related = ("round__programme__area", "organization", "sponsor", "area")
    return Project.objects.select_related(*related).get(pk=row.pk)
