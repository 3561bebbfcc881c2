"""Lines of grants for the demo's accounts, so many that a statement for each would show."""

from datetime import date, timedelta

from liaoyuan.core.models import Area, Grant, User
from liaoyuan.funding.models import Programme, Project, Round, Supplement
from tests.core.factories import AT

#: So many lines of each source.
MANY = 8


def build(on: date) -> None:
    """Add rounds and applications to a demo that stands; `on` is the day on which everything waits."""
    area = Area.objects.get(code="320211")
    body = int(Grant.objects.filter(user__username="fuzeren", scope_kind="organization")[0].scope_id)
    programme = Programme.objects.create(area=area, code="crowd", name="演示满座计划", host="演示主办", created_at=AT)
    told = {"programme": programme, "year": on.year, "place": "binhu", "created_at": AT}
    window = {"opens_on": on - timedelta(days=30), "opened_at": AT, "state": "open"}
    closing = Round.objects.create(title="演示将截止", closes_on=on + timedelta(days=5), **window, **told)
    for number in range(MANY):
        over = Round.objects.create(title=f"演示已截止{number}", closes_on=on - timedelta(days=2),
                                    eligible_by=on + timedelta(days=number), **window, **told)  # fmt: skip
        Round.objects.create(
            title=f"演示筹备{number}", opens_on=on + timedelta(days=number), closes_on=on + timedelta(days=60),
            own_figures={"gv.max_apply": 2}, own_reason="会议纪要", figures_at=AT,
            figures_by=User.objects.get(username="chuangtou"), **told,
        )  # fmt: skip
        for round_, state, number_ in ((over, "submitted", "001"), (closing, "draft", ""), (closing, "returned", "r")):
            row = Project.objects.create(
                round=round_, organization_id=body, title=f"演示申报{number}", state=state, created_at=AT,
                number=number_ and f"{number}-{number_}",
            )  # fmt: skip
            if state == "returned":
                Supplement.objects.create(project=row, text="补充预算", due_on=on + timedelta(days=number), asked_at=AT)
