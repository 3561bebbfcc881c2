"""The ground of ratings, confirmations and campaigns: each once inside the scope and once just outside it."""

from datetime import timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area, User
from liaoyuan.registry.actions import filings, rating_rounds
from liaoyuan.registry.actions.filings import Told
from liaoyuan.registry.models import (
    Assessor,
    AssessorTie,
    Assignment,
    Campaign,
    CampaignReport,
    LevelWeighing,
    Organization,
    Rating,
    RatingAppeal,
    RatingEntry,
    RatingRound,
    RatingSheet,
)
from liaoyuan.registry.rules.rounds import Dates
from tests.core.factories import AT

BY = Operator("house")


def lay(keys: dict[str, Any], users: dict[str, User], bodies: dict[str, Organization]) -> None:
    """Rounds in three stages, with the body inside in each, an assessor, an appeal; one of each outside."""
    for name, code in (("inside", "320211"), ("outside", "320213")):
        area, body = Area.objects.get(code=code), bodies[name]
        sheet = rating_rounds.adopt_example(area=area, kind="MF", by=BY, at=AT)
        keys[f"sheet_{name}"] = sheet.pk
        keys[f"round_{name}"] = _round(area, 1, -5).pk
        keys[f"round_free_{name}"] = _round(area, 2, -5).pk
        visit, public = _round(area, 3, -40), _round(area, 4, -70)
        public.publicity_from = clock.today() - timedelta(1)
        public.publicity_until = clock.today() + timedelta(9)
        public.save()
        keys[f"entry_{name}"] = entry(keys[f"round_{name}"], body, sheet, "draft").pk
        visited = entry(visit.pk, body, sheet, "submitted", expert_sum=9000, expert_count=1)
        shown = entry(public.pk, body, sheet, "decided", level="3A", expert_sum=9000, expert_count=1)
        keys[f"entry_visit_{name}"], keys[f"entry_public_{name}"] = visited.pk, shown.pk
        keys[f"appeal_{name}"] = appeal(shown).pk
        person = assessor(area, f"评估人{name}", users.get("expert") if name == "inside" else None)
        keys[f"assessor_{name}"] = person.pk
        AssessorTie.objects.create(assessor=person, organization=bodies["next_street"], kind="post", recorded_at=AT)
        keys[f"assigned_{name}"] = Assignment.objects.create(entry=visited, assessor=person, assigned_at=AT).pk
        keys[f"weighing_{name}"] = weighing(body).pk
        keys[f"campaign_{name}"] = campaign(body).pk
        filed = bodies["filed" if name == "inside" else "outside_filed"]
        keys[f"confirmed_{name}"] = filings.confirm(
            versions={filed.pk: None}, year=clock.today().year - 1, told=Told("visit", "负责人本人"), on=clock.today(),
            by=BY, at=clock.now(),
        )  # fmt: skip


def _round(area: Area, number: int, begun: int) -> RatingRound:
    first = clock.today() + timedelta(begun)
    dates = Dates(first, first + timedelta(15), first + timedelta(20), first + timedelta(40), first + timedelta(60))
    return rating_rounds.open_round(
        area=area, year=first.year, number=number, title=f"第{number}批等级评估", dates=dates, members=9, by=BY, at=AT
    )


def entry(round_: int, body: Organization, sheet: RatingSheet, state: str, **more: Any) -> RatingEntry:
    """A body in a round, in whatever state."""
    if state != "draft":
        more |= {"submitted_at": AT, "self_tenths": 9000}
    return RatingEntry.objects.create(
        round_id=round_, organization=body, sheet=sheet, state=state, created_at=AT, **more
    )  # fmt: skip


def appeal(shown: RatingEntry, **more: Any) -> RatingAppeal:
    """An objection that waits."""
    return RatingAppeal.objects.create(entry=shown, filed_on=clock.today(), words="请复核", recorded_at=AT, **more)


def assessor(area: Area, name: str, user: User | None = None) -> Assessor:
    """A person who may be assigned."""
    return Assessor.objects.create(area=area, name=name, employer="某大学", user=user, created_at=AT)


def weighing(body: Organization, about: str = "2025") -> LevelWeighing:
    """A level that was lowered; the plaque has not come back."""
    rating = Rating.objects.filter(organization=body).first()
    return LevelWeighing.objects.create(
        organization=body, rating=rating, trigger="annual", about=about, lowered=True, level="3A", reason="年检不合格",
        decided_on=clock.today(), return_due=clock.today() + timedelta(15), decided_at=AT,
    )  # fmt: skip


def campaign(body: Organization, title: str = "助学") -> Campaign:
    """A campaign whose next report falls due within thirty days."""
    made = Campaign.objects.create(
        organization=body, title=title, plan_filed_on=clock.today() - timedelta(90),
        starts_on=clock.today() - timedelta(80), ends_on=clock.today() + timedelta(200), recorded_at=AT,
    )  # fmt: skip
    CampaignReport.objects.create(campaign=made, kind="progress", published_on=made.starts_on, where="慈善中国",
                                  recorded_at=AT)  # fmt: skip
    return made
