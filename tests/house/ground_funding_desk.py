"""Reviews that the house walks through: a stage that an expert of each district reads, a round that is ranked."""

from datetime import timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import files
from liaoyuan.core.models import Area, User
from liaoyuan.core.queries import files as file_queries
from liaoyuan.funding.actions import assigning, experts, ranking, rounds, scoring, selecting, stages
from liaoyuan.funding.models import GrantExpert, Programme, Project, Reading, ReviewStage, Round
from liaoyuan.funding.queries import papers
from liaoyuan.funding.rules.remarks import Remark
from liaoyuan.registry.models import Organization
from tests.core.factories import AT, user
from tests.funding import ground as funding
from tests.funding import ground_review as review

BY = Operator("house")


def lay(keys: dict[str, Any], users: dict[str, User], bodies: dict[str, Organization], areas: dict[str, Area]) -> None:
    """A stage with one project that the expert reads, the same in the next district; a ranked round with a proposal."""
    other = user("expert-outside", ("expert", "area", areas["other"].code))
    head = users["organization_head"]
    for place, suffix, body, by, account in (
        ("district", "", "inside", head, users["expert"]),
        ("other", "_outside", "outside", funding.head(bodies["outside"], "head-review"), other),
    ):  # fmt: skip
        round_ = _round(keys[f"programme{suffix}"], f"评审届{suffix}")
        stage = _staged(round_, bodies[body], by, _expert(areas[place], account, round_), areas[place])
        keys |= {f"round_review{suffix}": round_.pk, f"stage_review{suffix}": stage.pk,
                 f"label_review{suffix}": stage.readings.get().label}  # fmt: skip
    expert = GrantExpert.objects.select_related("user", "area").get(user=users["expert"])
    ranked = _round(keys["programme"], "评定届")
    experts.declare(round_=ranked, expert=expert, by=expert.user, at=AT)
    stage = _staged(ranked, bodies["inside"], head, expert, areas["district"])
    reading = stage.readings.select_related("expert__user", "stage__round").get()
    scoring.save(reading=reading, points=review.SHEET, remark=Remark(None, "演示评语"), by=expert.user, at=AT)
    scoring.sign(reading=reading, by=expert.user, at=AT)
    stages.close(stage=stage, by=BY, at=AT)
    ranking.rank(round_=ranked, by=BY, at=AT)
    selecting.select(round_=ranked, by=BY, at=AT)
    keys |= {"round_ranked": ranked.pk, "project_ranked": reading.project_id}


def _round(programme: int, title: str) -> Round:
    """A round that takes applications."""
    today = clock.today()
    days = {"opens_on": AT.date(), "closes_on": today + timedelta(days=6), "review_by": today + timedelta(days=30),
            "eligible_by": today + timedelta(days=20), "runs_from": today + timedelta(days=60),
            "runs_to": today + timedelta(days=360)}  # fmt: skip
    planned = funding.planned(Programme.objects.select_related("area").get(pk=programme), BY, title=title, **days)
    return rounds.open_round(round_=planned, by=BY, at=AT)


def _expert(area: Area, account: User, round_: Round) -> GrantExpert:
    """The account as an expert of the area who declared for the round."""
    known = GrantExpert.objects.active().filter(user=account, area=area).select_related("user", "area").first()
    made = known or experts.enter(area=area, user=account, name="演示专家", by=BY, at=AT)
    experts.declare(round_=round_, expert=made, by=account, at=AT)
    return made


def _staged(round_: Round, body: Organization, by: User, expert: GrantExpert, area: Area) -> ReviewStage:
    """A stage that has begun, with one project that one expert reads."""
    place = Area.objects.get(code="320211001" if area.code == "320211" else "320213001")
    written = funding.written(round_, body, by, title="演示评审项目", area=place)
    seat = papers.place(by, written)
    purpose = file_queries.purpose_for("project", "登记证书副本")
    assert purpose is not None
    taken = files.take_in(place=seat, purpose=purpose, name="a.txt", chunks=["演示附件".encode()], by=by, at=AT)
    files.attach(place=seat, purpose=purpose, paper="登记证书副本", taken=taken, by=by, at=AT)
    row = funding.submitted(written, by)
    review.passed(Project.objects.select_related("round__programme__area", "organization").get(pk=row.pk), BY)
    stage = stages.plan(round_=round_, readers=1, seed="7", by=BY, at=AT)
    assigning.assign(stage=stage, drawn=[expert], by=BY, at=AT)
    assert Reading.objects.filter(stage=stage).count() == 1
    return stages.begin(stage=stage, by=BY, at=AT)
