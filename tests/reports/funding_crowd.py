"""Lines of grants for the demo's accounts, so many that a statement for each would show.

`MANY` rounds in which everything waits at once: applications, the review, lists with objections, agreements, money,
running projects with their reports. All projects are the demo body's own.
"""

from datetime import date, timedelta
from typing import Any

from liaoyuan.core.models import Area, Document, Grant, Issuer, User
from liaoyuan.funding.models import (
    Agreement,
    Amendment,
    AwardLine,
    AwardList,
    AwardObjection,
    Examined,
    GrantExpert,
    GrantVisit,
    PaymentBatch,
    Programme,
    Project,
    Reading,
    ReviewStage,
    Round,
    Ruling,
    ScoreSheet,
    Supplement,
    Tranche,
    TrancheCondition,
)
from liaoyuan.funding.queries import limits
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.funding import granting
from tests.house import ground_funding_moni

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
    frozen = {"figures": _figures(closing, on)}
    office = User.objects.get(username="chuangtou")
    expert = GrantExpert.objects.create(area=area, user=User.objects.get(username="zhuanjia"), name="演示专家",
                                        created_at=AT)  # fmt: skip
    for number in range(MANY):
        over = Round.objects.create(title=f"演示已截止{number}", closes_on=on - timedelta(days=2),
                                    eligible_by=on + timedelta(days=number), **frozen, **window, **told)  # fmt: skip
        Round.objects.create(
            title=f"演示筹备{number}", opens_on=on + timedelta(days=number), closes_on=on + timedelta(days=60),
            own_figures={"gv.max_apply": 2}, own_reason="会议纪要", figures_at=AT, figures_by=office, **told,
        )  # fmt: skip
        for round_, state, number_ in ((over, "submitted", "001"), (closing, "draft", ""), (closing, "returned", "r")):
            row = Project.objects.create(
                round=round_, organization_id=body, title=f"演示申报{number}", state=state, created_at=AT,
                number=number_ and f"{number}-{number_}",
            )  # fmt: skip
            if state == "returned":
                Supplement.objects.create(project=row, text="补充预算", due_on=on + timedelta(days=number), asked_at=AT)
            if state == "submitted":
                Examined.objects.create(
                    project=row, on=on, seen_version=1, examined_at=AT, outcome="ineligible", reason="注册未满一年",
                    proposed_at=AT, proposed_by=office,
                )  # fmt: skip
        _Later(over, Organization.objects.get(pk=body), office, on, number).lay(expert)


def _figures(round_: Round, on: date) -> dict[str, Any]:
    """What a round is opened with, and a day on which instalments are late."""
    round_.own_figures = {"gv.tranche.workdays": [15]}
    return limits.snapshot(limits.planned(round_, on), on)


class _Later:
    """What waits in one round after its window."""

    def __init__(self, round_: Round, body: Organization, office: User, on: date, number: int) -> None:
        self.round_, self.body, self.office, self.on, self.number = round_, body, office, on, number
        self.made = 1

    def lay(self, expert: GrantExpert) -> None:
        """The review, lists, agreements, money, what runs."""
        self._review(expert)
        self._lists()
        self._agreements()
        self._money()
        running = ground_funding_moni.project(self.round_, self.body, f"演示实施{self.number}", f"{self.number}-实")
        ground_funding_moni.rows(running, self.round_, 1)
        mending = {"state": "mending", "result": "rectify", "mend_by": self.on - timedelta(days=1), "recorded_at": AT}
        GrantVisit.objects.create(project=running, kind="routine", planned_at=AT, faults="演示", **mending)

    def _project(self, state: str) -> Project:
        self.made += 1
        return Project.objects.create(
            round=self.round_, organization=self.body, title=f"演示后续{self.number}-{self.made}", state=state,
            number=f"{self.number}-{self.made:03d}", submitted_at=AT, created_at=AT,
        )  # fmt: skip

    def _document(self, code: str) -> Document:
        """A letter that the office drafted and that somebody else may sign."""
        return Document.objects.create(
            code=code, title="演示文书", subject_kind="round", subject_id=str(self.round_.pk), subject_label="演示",
            area=self.round_.programme.area, issuer=Issuer.objects.order_by("pk")[0], drafted_at=AT,
            drafted_by=self.office, mark=f"满座-{code}-{self.number}-{self.made}",
        )  # fmt: skip

    def _review(self, expert: GrantExpert) -> None:
        """A stage that runs, with a project that the expert has not signed."""
        sheet = ScoreSheet.objects.create(round=self.round_, number=1, items={"need": 100}, made_at=AT)
        stage = ReviewStage.objects.create(round=self.round_, kind="desk", sheet=sheet, readers=1, seed="7",
                                           planned_at=AT, begun_at=AT)  # fmt: skip
        Reading.objects.create(stage=stage, project=self._project("in_review"), expert=expert, label="甲",
                               assigned_at=AT)  # fmt: skip

    def _list(self, **told: Any) -> AwardList:
        return AwardList.objects.create(round=self.round_, title=f"演示名单{self.number}", receiver="演示", days=5,
                                        unit="workday", created_at=AT, **told)  # fmt: skip

    def _line(self, held: AwardList, state: str, **told: Any) -> AwardLine:
        row = self._project(state)
        return AwardLine.objects.create(
            award_list=held, position=self.made, project=row, organization=self.body, number=row.number,
            project_title=row.title, body_name="演示", amount_fen=100, **told,
        )  # fmt: skip

    def _lists(self) -> None:
        """A draft; a list whose days are over: to be approved, approved and not signed, three that were objected to."""
        self._list(document=self._document("award_notice"))
        held = self._list(state="published", opens_on=self.on - timedelta(days=20), published_at=AT,
                          closes_on=self.on - timedelta(days=10))  # fmt: skip
        self._line(held, "proposed")
        self._line(held, "proposed", approval=self._document("award_approval"))
        told = {"award_list": held, "kind": "facts", "text": "演示异议", "received_on": self.on, "received_at": AT,
                "due_on": self.on + timedelta(days=self.number)}  # fmt: skip
        AwardObjection.objects.create(line=self._line(held, "proposed"), **told)
        AwardObjection.objects.create(line=self._line(held, "proposed"), state="taken", taken_at=AT,
                                      document=self._document("objection_answer"), **told)  # fmt: skip
        AwardObjection.objects.create(line=self._line(held, "refused", remedy="refused"), state="upheld", upheld=True,
                                      remedy="refused", answer="属实", answered_at=AT, **told)  # fmt: skip

    def _agreement(self, state: str, of: str, **told: Any) -> Agreement:
        line = self._line(self._list(), of, approved_fen=100, approved_at=AT)
        return Agreement.objects.create(
            project=line.project, award=line, organization=self.body, body_name="演示", state=state, amount_fen=100,
            starts_on=self.on, ends_on=self.on + timedelta(days=200), account_name="演示", account_bank="演示",
            account_number="", account_tail="", drafted_at=AT, drafted_by=self.office, **told,
        )  # fmt: skip

    def _signed(self, of: str = "signed") -> Agreement:
        day = self.on - timedelta(days=120)
        return self._agreement("signed", of, signed_on=day, signed_at=AT)

    def _agreements(self) -> None:
        """One project without an agreement, one with a draft."""
        self._project("approved")
        self._agreement("draft", "approved", document=self._document("grant_contract"))

    def _money(self) -> None:
        """Instalments at every desk, a change, an ending, money to give back."""
        states = ({"state": "planned"}, {"state": "prepared"}, {"state": "approved"}, {"state": "ordered"})
        for told in states:
            row, at_work = self._signed(), told["state"] in ("approved", "ordered")
            TrancheCondition.objects.create(agreement=row, trigger="signed", met_on=self.on - timedelta(days=110),
                                            noted_at=AT)  # fmt: skip
            batch = self._batch() if told["state"] == "ordered" else None
            prepared = {"prepared_at": AT, "prepared_by": self.office} if told["state"] != "planned" else {}
            Tranche.objects.create(
                agreement=row, no=1, trigger="signed", percent=100, amount_fen=100, batch=batch, **told, **prepared,
                **({"approved_at": AT} if at_work else {}),
            )  # fmt: skip
        Amendment.objects.create(agreement=row, number=1, kinds=["leader"], after={"leader": "演示"}, reason="演示",
                                 asked_at=AT)  # fmt: skip
        Ruling.objects.create(agreement=row, kind="terminate", reason="演示", asked_at=AT, asked_by=self.office)
        Ruling.objects.create(agreement=self._signed("recovering"), kind="recover", reason="演示", amount_fen=100,
                              due_on=self.on + timedelta(days=self.number), asked_at=AT, decided_at=AT)  # fmt: skip

    def _batch(self) -> PaymentBatch:
        csv, xlsx = (granting.paper(f"满座{self.number}{kind}") for kind in ("csv", "xlsx"))
        return PaymentBatch.objects.create(round=self.round_, number=1, count=1, total_fen=100, csv=csv, xlsx=xlsx,
                                           made_at=AT)  # fmt: skip
