"""Makers for the tests of reviewing: eligible projects, experts who declared, signed sheets."""

from liaoyuan.core.models import Area, User
from liaoyuan.funding.actions import assigning, eligibility, experts, scoring, stages
from liaoyuan.funding.models import GrantExpert, Project, Reading, ReviewStage, Round
from liaoyuan.funding.queries import eligibility as told
from liaoyuan.registry.models import Organization
from tests.core.factories import AT, user
from tests.funding import ground

#: A whole sheet of the release, 80 points.
SHEET = {"need": 1600, "goals": 800, "plan": 1600, "novelty": 800, "team": 1200, "budget": 1200, "lasting": 400,
         "party": 400}  # fmt: skip


def chief(name: str = "fuzhu") -> User:
    """Who confirms the round's decisions."""
    return ground.office(name, "registry_head")


def eligible(round_: Round, bodies: list[tuple[Organization, User]], office: User, **told_: object) -> list[Project]:
    """One project of each body, examined and passed."""
    return [passed(ground.submitted(ground.written(round_, body, head, title=f"项目{n}", **told_), head), office)
            for n, (body, head) in enumerate(bodies)]  # fmt: skip


def passed(row: Project, office: User) -> Project:
    """The project after its examination."""
    for one in told.findings(eligibility.examine(project=row, by=office, at=AT)):
        if one.open:
            eligibility.answer(project=row, number=one.number, reason="已核实。", by=office, at=AT)
    return eligibility.accept(project=row, by=office, at=AT)


def bodies(count: int, area: Area) -> list[tuple[Organization, User]]:
    """Bodies with their heads."""
    found = []
    for n in range(count):
        body = ground.body(f"滨湖区第{n}示例服务中心", street=area)
        found.append((body, ground.head(body, f"fuze{n}")))
    return found


def expert(area: Area, by: User, name: str, round_: Round | None = None, **more: object) -> GrantExpert:
    """An expert with an account, declared for the round."""
    account = user(name, ("expert", "area", "320211"))
    made = experts.enter(area=area, user=account, name=f"专家{name}", by=by, at=AT, **more)
    if round_ is not None:
        experts.declare(round_=round_, expert=made, by=account, at=AT)
    return made


def staged(round_: Round, drawn: list[GrantExpert], by: User, **more: object) -> ReviewStage:
    """A stage with readers, begun."""
    stage = stages.plan(round_=round_, seed="7", by=by, at=AT, **more)
    assigning.assign(stage=stage, drawn=drawn, by=by, at=AT)
    return stages.begin(stage=stage, by=by, at=AT)


def signed(reading: Reading, **points: int) -> None:
    """The reader's sheet, filled in and signed; `points` in hundredths replace those of `SHEET`."""
    by = reading.expert.user
    scoring.save(reading=reading, points={**SHEET, **points}, by=by, at=AT)
    scoring.sign(reading=reading, by=by, at=AT)
