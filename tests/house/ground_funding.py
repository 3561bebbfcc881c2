"""Grants that the house walks through: rounds, money, needs and applications of the district and of the next one."""

from datetime import timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area, User
from liaoyuan.funding.actions import needs, rounds
from liaoyuan.funding.models import Need, Round
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.funding import ground as funding
from tests.house import ground_funding_arch, ground_funding_desk, ground_funding_elig, ground_funding_moni

BY = Operator("house")


def lay(keys: dict[str, Any], users: dict[str, User], bodies: dict[str, Organization], areas: dict[str, Area]) -> None:
    """An open and a planned round of each district, the planned one with figures of its own that wait."""
    today = clock.today()
    days = {"opens_on": AT.date(), "closes_on": today + timedelta(days=6), "eligible_by": today + timedelta(days=30),
            "runs_from": today + timedelta(days=60), "runs_to": today + timedelta(days=360)}  # fmt: skip
    for place, suffix in (("district", ""), ("other", "_outside")):
        programme = funding.programme(areas[place], BY, code=f"{areas[place].code}-venture")
        planned = funding.planned(programme, BY, title="下一届", **days)
        opened = rounds.open_round(round_=funding.planned(programme, BY, title="本届", **days), by=BY, at=AT)
        keys |= {f"programme{suffix}": programme.pk, f"round_planned{suffix}": planned.pk,
                 f"round_open{suffix}": opened.pk, f"pool{suffix}": planned.pools.get().pk}  # fmt: skip
        if not suffix:
            rounds.propose_figures(round_=planned, values={"gv.max_apply": 2}, reason="会议纪要",
                                   by=users["grants_office"], at=AT)  # fmt: skip
    _needs(keys)
    _projects(keys, users, bodies)
    ground_funding_desk.lay(keys, users, bodies, areas)
    ground_funding_arch.lay(keys, areas)
    ground_funding_moni.lay(keys, users, bodies)
    ground_funding_elig.lay(keys, users, bodies, areas)


def need(round_: Round, area: Area, title: str) -> Need:
    """A need collected from a community."""
    told = {"title": title, "origin": "community", "collected_on": AT.date(), "persons": 40}
    return needs.enter(round_=round_, area=area, fields=told, by=BY, at=AT)


def _needs(keys: dict[str, Any]) -> None:
    """Needs of a community of the street, of the next street, of the next district; a published one."""
    for name, round_, code in (
        ("need_inside", "round_open", "320211001004"), ("need_published", "round_open", "320211001004"),
        ("need_next", "round_open", "320211004001"), ("need_outside", "round_open_outside", "320213"),
    ):  # fmt: skip
        row = need(Round.objects.get(pk=keys[round_]), Area.objects.get(code=code), f"演示需求{name}")
        keys[name] = row.pk
        if name == "need_published":
            needs.publish(need=row, by=BY, at=AT)


def _projects(keys: dict[str, Any], users: dict[str, User], bodies: dict[str, Organization]) -> None:
    """Of the body inside a draft, a certified draft and a handed-in application; one each of other bodies."""
    opened, away = (Round.objects.get(pk=keys[name]) for name in ("round_open", "round_open_outside"))
    head = users["organization_head"]
    inside = bodies["inside"]
    keys["project_draft"] = funding.written(opened, inside, head, title="演示草稿").pk
    ready = funding.written(opened, inside, head, title="演示已确认")
    keys["project_ready"] = funding.certified(ready, head).pk
    keys["project_in"] = funding.submitted(funding.written(opened, inside, head, title="演示已提交"), head).pk
    for name, round_, body in (("next", opened, "next_street"), ("outside", away, "outside")):
        one = funding.head(bodies[body], f"head-{name}")
        area = Area.objects.get(code="320211004" if name == "next" else "320213001")
        row = funding.written(round_, bodies[body], one, title=f"演示项目{name}", area=area)
        keys[f"project_{name}"] = funding.submitted(row, one).pk
