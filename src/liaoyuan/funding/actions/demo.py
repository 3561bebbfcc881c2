"""Grants of the demo: the rounds 2013 to 2020 with their published numbers, invented projects, and one open round."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, events
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Event
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, User
from liaoyuan.funding.actions import demo_rounds, handing_in, needs, pools, projects, rounds
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.rounds import RoundState
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Pool, Programme, Project, Round, Slot
from liaoyuan.funding.params.application_form import DEFAULT_FIELDS
from liaoyuan.registry.choices import REGISTERED
from liaoyuan.registry.models import Organization, Standing

DISTRICT, OFFICE, HEAD = "320211", "chuangtou", "fuzeren"
#: Funded projects and money (万元) of each round, as the district made them known.
PAST = {
    2013: (38, 150), 2014: (43, 220), 2015: (46, 260), 2016: (47, 280), 2017: (48, 300), 2018: (47, 310),
    2019: (47, 320), 2020: (42, 400),
}  # fmt: skip
_WAN = 1_000_000
_MOST = 3
_WORDS = (
    "银发陪伴", "邻里议事", "放学后课堂", "心灵驿站", "助残手工坊", "垃圾分类", "困境儿童关爱", "社区花园",
    "老年人学手机", "失独家庭帮扶", "社工进社区", "社会组织能力建设",
)  # fmt: skip
_TEXTS = {
    "about": "演示数据：在社区开展服务多年。", "summary": "演示数据：为社区居民提供服务。",
    "need": "演示数据：走访 40 户，开座谈会 2 次。", "goals": "演示数据：服务 120 人。",
    "served": "演示数据：独居老人。", "method": "演示数据：入户走访、小组活动。",
}  # fmt: skip


@transaction.atomic
def build(*, seed: int, by: Actor, at: datetime, say: Callable[[str], None]) -> list[str]:
    """Add grants to a demo that has just been built; returns the lines to print."""
    access.require(by, Permission.EDIT)
    say(_("正在写入公益创投……"))
    area = Area.objects.get(code=DISTRICT)
    programme = rounds.enter_programme(
        area=area, code="320211-venture", by=by, at=at,
        fields={"name": "滨湖区公益创投（演示）", "host": "滨湖区委社会工作部（演示）", "organizer": "演示承办中心"},
    )  # fmt: skip
    draw = Random(seed + 77)  # noqa: S311 - an invented district, no secret
    count = sum(_past(programme, year, n, wan * _WAN, draw, at) for year, (n, wan) in PAST.items())
    _open(programme, at)
    others = list(Organization.objects.filter(pk__in=_founded(date(2016, 1, 1))).order_by("code", "pk"))
    told = demo_rounds.build(programme=programme, area=area, others=others, draw=draw, by=by, at=at)
    events.record(Event.DEMO_BUILT, None, by=by, at=at, payload={"seed": seed, "projects": count})
    return [_("演示公益创投 {rounds} 届，立项 {n} 个，另有一届正在申报。").format(rounds=len(PAST), n=count), *told]


def _past(programme: Programme, year: int, many: int, money_fen: int, draw: Random, at: datetime) -> int:
    """One finished round with so many archived projects of bodies that had been founded by then."""
    opens = date(year, 3, 1)
    moment = clock.moment(opens)
    row = Round.objects.create(
        programme=programme, year=year, title=_("{year} 年滨湖区公益创投（演示）").format(year=year), place="binhu",
        call="演示数据", state=str(RoundState.ENDED), opens_on=opens, closes_on=date(year, 3, 31),
        runs_from=date(year, 6, 1), runs_to=date(year + 1, 5, 31), opened_at=moment, ended_at=clock.moment(
            date(year + 1, 7, 1)), created_at=moment, last_number=many,
    )  # fmt: skip
    Pool.objects.create(
        round=row, source="district", title="区、镇（街道）公益创投资金", ceiling_fen=money_fen, committed_fen=money_fen
    )
    bodies = _founded(date(year, 1, 1))
    amounts = _amounts(money_fen, many, draw)
    made, slots, taken = [], [], dict.fromkeys(bodies, 0)
    for number, (body, amount) in enumerate(zip(_drawn(bodies, many, draw), amounts, strict=True), 1):
        own = amount // 10
        project = Project(
            round=row, organization_id=body, number=f"{year}-{number:03d}", state=str(ProjectState.ARCHIVED),
            title=f"{draw.choice(_WORDS)}（演示{number:02d}）", field=draw.choice(DEFAULT_FIELDS),
            starts_on=row.runs_from, ends_on=row.runs_to, answers={}, grant_fen=amount, own_fen=own,
            total_fen=amount + own, base_fen=amount + own, pay_fen=(amount + own) * draw.randint(20, 50) // 100,
            share_num=50, share_den=100, submitted_at=moment, created_at=moment,
        )  # fmt: skip
        taken[body] += 1
        made.append(project)
        slots.append((project, body, taken[body]))
    Project.objects.bulk_create(made)
    Slot.objects.bulk_create(
        Slot(round=row, organization_id=body, project=project, slot=slot, cap=_MOST) for project, body, slot in slots
    )
    return many


def _founded(on: date) -> list[int]:
    """Live registered bodies that had been founded, in a fixed order."""
    rows = Organization.objects.filter(live=True, registered_on__lt=on).order_by("code", "pk")
    kinds = Standing.objects.now_open().filter(kind__in=[str(kind) for kind in REGISTERED]).values("organization")
    return list(rows.filter(pk__in=kinds).values_list("pk", flat=True)[:60])


def _drawn(bodies: list[int], many: int, draw: Random) -> Iterator[int]:
    """So many bodies, none more than three times."""
    return iter(draw.sample([body for body in bodies for _n in range(_MOST)], many))


def _amounts(total_fen: int, many: int, draw: Random) -> list[int]:
    """Amounts in whole hundreds of yuan that add up to the total."""
    unit = 10_000
    parts = [draw.randint(60, 140) for _n in range(many)]
    made = [total_fen * part // sum(parts) // unit * unit for part in parts]
    made[-1] += total_fen - sum(made)
    return made


def _open(programme: Programme, at: datetime) -> None:
    """The round that takes applications now: money, needs, some applications of the demo's body."""
    today, office = localdate(at), User.objects.get(username=OFFICE)
    head = User.objects.get(username=HEAD)
    title = _("{year} 年滨湖区公益创投（演示）").format(year=today.year)
    row = rounds.plan(programme=programme, by=office, at=at, fields={
        "year": today.year, "title": title, "place": "binhu", "opens_on": today - timedelta(days=10),
        "closes_on": today + timedelta(days=20), "eligible_by": today + timedelta(days=34),
        "review_by": today + timedelta(days=55), "publicity_from": today + timedelta(days=60),
        "publicity_to": today + timedelta(days=66), "sign_by": today + timedelta(days=85),
        "runs_from": today + timedelta(days=90), "runs_to": today + timedelta(days=400),
        "call": "演示数据：面向全区社会组织征集公益项目。\n每个组织最多申报三个项目，"
                "专职人员费用不超过预算总额的一半。",
    })  # fmt: skip
    for source, name, wan in (("district", "区级财政", 300), ("town", "镇（街道）配套", 100)):
        pools.set_pool(round_=row, source=source, title=name, ceiling_fen=wan * _WAN, by=office, at=at)
    row = rounds.open_round(round_=row, by=office, at=at)
    wanted = _needs(row, office, at)
    body = Organization.objects.get(pk=int(head.grants.filter(scope_kind="organization").first().scope_id))  # type: ignore[union-attr]
    submitted = _application(row, body, head, at, "社区老人陪伴（演示）", need=wanted)
    handing_in.certify(project=submitted, by=head, at=at)
    handing_in.submit(project=Project.objects.get(pk=submitted.pk), confirmed=True, by=head, at=at)
    _application(row, body, head, at, "暑期儿童课堂（演示草稿）")


def _needs(row: Round, office: User, at: datetime) -> Any:
    found = None
    places = Area.objects.live().filter(level="community", path__startswith=row.programme.area.path).order_by("code")
    told = (("独居老人缺少日常陪伴", "为老服务", 60), ("放学以后的孩子没有去处", "儿童和青少年", 45),
            ("楼道堆物难清理", "社区治理", 300))  # fmt: skip
    for area, (title, field, persons) in zip(places[:3], told, strict=False):
        need = needs.enter(round_=row, area=area, by=office, at=at, fields={
            "title": title, "field": field, "persons": persons, "text": "演示数据", "origin": "community",
            "collected_on": localdate(at) - timedelta(days=12),
        })  # fmt: skip
        found = needs.publish(need=need, by=office, at=at) if found is None else found
    return found


def _application(row: Round, body: Organization, head: User, at: datetime, title: str, **told: Any) -> Project:
    """A whole application of the demo's body."""
    made = projects.begin(round_=row, organization=body, title=title, by=head, at=at, **told)
    area = Area.objects.live().filter(level="street", path__startswith=row.programme.area.path).order_by("code").first()
    start = row.runs_from or row.closes_on
    values = {"field": DEFAULT_FIELDS[0], "area": area, "starts_on": start, "ends_on": start + timedelta(days=270)}
    projects.save_basic(project=made, values=values, by=head, at=at)
    projects.save_texts(project=made, values=_TEXTS, by=head, at=at)
    team = [{"name": "演示项目负责人", "role": "统筹", "lead": True, "full_time": True, "percent": 40},
            {"name": "演示社工", "role": "入户服务", "full_time": True, "percent": 60}]  # fmt: skip
    projects.save_team(project=made, lines=team, by=head, at=at)
    parts: dict[str, list[dict[str, Any]]] = {
        "plan": [{"period": "第一季度", "content": "走访建档", "frequency": "每周 2 次", "persons": 200},
                 {"period": "第二、三季度", "content": "小组活动", "frequency": "每月 4 次", "persons": 800}],
        "outcomes": [{"title": "服务人次", "unit": "人次", "target": 1000, "evidence": "签到表"}],
        "risks": [{"title": "天气影响户外活动", "measure": "改为室内"}],
        "pledges": [{"kind": "service", "title": "每季度一次为居民服务日"}],
    }  # fmt: skip
    for section, rows in parts.items():
        projects.save_rows(project=made, section=section, lines=rows, by=head, at=at)
    first = made.team.order_by("position").first()
    lines = [
        _line("B01", "社工工资", 5_000_00, 8, "月", member=first.pk if first is not None else None),
        _line("B03", "志愿者交通补贴", 30_00, 300, "人次"), _line("B06", "场地租赁", 800_00, 24, "次"),
        _line("B07", "宣传单", 2_00, 1500, "份"), _line("B09", "老人活动材料", 1_200_00, 10, "次", own=2_000_00),
    ]  # fmt: skip
    projects.save_budget(project=made, lines=lines, by=head, at=at)
    return Project.objects.get(pk=made.pk)


def _line(code: str, title: str, price: int, quantity: int, unit: str, own: int = 0, **more: Any) -> dict[str, Any]:
    amount = price * quantity
    return {"budget_class": code, "title": title, "price_fen": price, "quantity": quantity * 100, "times": 1,
            "unit": unit, "own_fen": own, "grant_fen": amount - own, "basis": "演示数据", **more}  # fmt: skip
