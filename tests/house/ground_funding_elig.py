"""Eligibility, experts and stages that the house walks through, in the district and in the next one."""

from datetime import timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area, User
from liaoyuan.funding.actions import assigning, eligibility, experts, rounds, stages
from liaoyuan.funding.models import GrantExpert, Programme, Project, Reading, Round, ScoreCard
from liaoyuan.registry.models import Organization
from tests.core.factories import AT, user
from tests.funding import ground as funding
from tests.funding import ground_review as review

BY = Operator("house")
STREETS = {"district": "320211001", "other": "320213001"}


def lay(keys: dict[str, Any], users: dict[str, User], bodies: dict[str, Organization], areas: dict[str, Area]) -> None:
    """Of each district: an examined application and one that somebody proposed to bar, an expert with a tie, a stage
    that runs with a signed sheet and an open one, a stage that is planned.
    """
    for place, suffix, first, second in (
        ("district", "", "inside", "next_street"), ("other", "_outside", "outside", "outside"),
    ):  # fmt: skip
        round_ = _round(keys[f"programme{suffix}"], f"审查届{suffix}")
        street = Area.objects.get(code=STREETS[place])
        heads = [funding.head(bodies[name], f"elig-{name}-{n}") for n, name in enumerate((first, second))]

        def applied(n: int, title: str, round_: Round = round_, street: Area = street, heads: list[User] = heads,
                    held: tuple[str, str] = (first, second)) -> Project:  # fmt: skip
            row = funding.written(round_, bodies[held[n]], heads[n], title=title, area=street)
            return funding.submitted(row, heads[n])

        examined, barred, reading = applied(0, "演示待审项目"), applied(1, "演示拟不通过"), applied(0, "演示在评项目")
        eligibility.examine(project=examined, by=BY, at=AT)
        eligibility.examine(project=barred, by=BY, at=AT)
        eligibility.propose_bar(project=barred, reason="演示理由", by=users["grants_office"] if not suffix else BY,
                                at=AT)  # fmt: skip
        pool = [_expert(areas[place], f"elig{suffix}-{n}", round_) for n in range(2)]
        tie = experts.record_tie(expert=pool[0], kind="training", project=examined, by=BY, at=AT)
        review.passed(Project.objects.select_related("round__programme__area", "organization").get(pk=reading.pk), BY)
        desk = stages.plan(round_=round_, readers=1, seed="7", by=BY, at=AT)
        assigning.assign(stage=desk, drawn=pool[:1], by=BY, at=AT)
        stages.begin(stage=desk, by=BY, at=AT)
        panel = stages.plan(round_=round_, kind="panel", readers=1, seed="8", by=BY, at=AT)
        assigning.assign(stage=panel, drawn=pool[:1], by=BY, at=AT)
        signed = Reading.objects.select_related("expert__user", "stage__round").get(stage=desk)
        review.signed(signed)
        open_ = assigning.add(stage=desk, project=signed.project, expert=pool[1], by=BY, at=AT)
        keys |= {
            f"elig_round{suffix}": round_.pk, f"elig_examined{suffix}": examined.pk, f"elig_barred{suffix}": barred.pk,
            f"elig_project{suffix}": reading.pk, f"elig_expert{suffix}": pool[0].pk, f"elig_tie{suffix}": tie.pk,
            f"elig_stage{suffix}": desk.pk, f"elig_planned{suffix}": panel.pk, f"elig_reading{suffix}": open_.pk,
            f"elig_card{suffix}": ScoreCard.objects.get(reading=signed).pk,
        }  # fmt: skip


def _round(programme: int, title: str) -> Round:
    """A round that takes applications."""
    today = clock.today()
    days = {"opens_on": AT.date(), "closes_on": today + timedelta(days=6), "eligible_by": today + timedelta(days=20),
            "runs_from": today + timedelta(days=60), "runs_to": today + timedelta(days=360)}  # fmt: skip
    planned = funding.planned(Programme.objects.select_related("area").get(pk=programme), BY, title=title, **days)
    return rounds.open_round(round_=planned, by=BY, at=AT)


def _expert(area: Area, name: str, round_: Round) -> GrantExpert:
    """An expert with an account of his own who declared for the round."""
    account = user(name, ("expert", "area", area.code))
    made = experts.enter(area=area, user=account, name="演示评委", by=BY, at=AT)
    experts.declare(round_=round_, expert=made, by=account, at=AT)
    return made
