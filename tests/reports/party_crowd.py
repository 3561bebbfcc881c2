"""Lines of party building for the demo's accounts, so many that a statement for each would show.

`MANY` invented branches below the demo's district committee, each of which owes everything at once: the secretary's
account keeps them all, the instructor's looks after as many bodies, the staff of the district stand above.
"""

from datetime import date, timedelta

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import grants
from liaoyuan.core.models import Area, Case, User
from liaoyuan.kit.dates import add_months
from liaoyuan.party.actions import applicants
from liaoyuan.party.models import (
    Candidate,
    Decision,
    Due,
    DuesRequest,
    Election,
    Instructor,
    InstructorAssignment,
    Meeting,
    MeetingNotice,
    Member,
    MemberAccount,
    PartyOrganization,
    Reorganization,
    TotalsCorrection,
    Transfer,
    Visit,
)
from liaoyuan.party.queries import notices
from tests.party import factories as make
from tests.registry import factories as bodies

#: So many branches, and lines of each source.
MANY = 8
BY, AT = Operator("tests"), make.AT


def build(on: date) -> None:
    """Add the branches to a demo that stands; `on` is the day on which everything waits."""
    area = Area.objects.get(code="320211")
    committee = PartyOrganization.objects.get(formations__form="committee", area=area)
    secretary, instructor = User.objects.get(username="shuji"), Instructor.objects.get(user__username="zhidao")
    streets = list(Area.objects.filter(level="street", parent=area))
    for number in range(MANY):
        superior = _superior(committee, streets, number)
        branch = make.party(f"演示满座{number}党支部", area=superior.area, superior=superior)
        members = make.members(branch, 5)
        make.term(branch, due_on=on + timedelta(days=number))
        grants.give(user=secretary, role="branch_secretary", scope_kind="party", scope_id=str(branch.pk), by=BY, at=AT)
        if not number:
            MemberAccount.objects.create(member=members[0], user=secretary, made_at=AT)
            _notices(branch, members[0], on)
        _meetings(branch, members, on)
        _corrections(branch, on, number)
        _transfers(branch, members, on)
        _dues(branch, members, on)
        _under_way(superior, branch, members, on, number)
        applicants.apply(
            party=branch, fields={"name": f"演示申请人满{number}", "birth": date(1995, 5, 4)},
            on=on - timedelta(days=20), by=BY, at=AT,
        )  # fmt: skip
        _visited(instructor, on, number)


def _superior(committee: PartyOrganization, streets: list[Area], number: int) -> PartyOrganization:
    """Of every other branch a committee of some street below the district's: what is asked once an area shows, too."""
    street = streets[number % len(streets)]
    return make.committee(street, f"演示{number}号街道党委", superior=committee) if number % 2 else committee


def _meeting(branch: PartyOrganization, on: date, number: int, state: str, kind: str = "members") -> Meeting:
    told = {} if state == "planned" else {"expected": 5, "present": 5, "absent": 0}
    return Meeting.objects.create(party_organization=branch, kind=kind, year=on.year, number=number, state=state,
                                  held_on=on, topic="演示议题", created_at=AT, **told)  # fmt: skip


def _notices(branch: PartyOrganization, member: Member, on: date) -> None:
    """Meetings to come of which the member was told here."""
    for number in range(MANY):
        meeting = _meeting(branch, on + timedelta(days=1 + number), 50 + number, "planned", "theme_day")
        MeetingNotice.objects.create(meeting=meeting, member=member, way="site", told_at=AT,
                                     arrangement=notices.arrangement(meeting))  # fmt: skip


def _meetings(branch: PartyOrganization, members: list[Member], on: date) -> None:
    """Minutes that were never finished, of a meeting that elected a committee."""
    meeting = _meeting(branch, on - timedelta(days=60), 1, "held")
    election = Election.objects.create(
        meeting=meeting, post="member", seats=3, state="counted", expected=5, present=5, quorum=4, needed=3, issued=5,
        returned=5, valid=5, opened_at=AT, counted_at=AT,
    )  # fmt: skip
    for member in members[:3]:
        Candidate.objects.create(election=election, member=member, yes=5, elected=True)


def _corrections(branch: PartyOrganization, on: date, number: int) -> None:
    """Totals that were corrected after the minutes were closed: of a vote, or of the election."""
    told = {"party_organization": branch, "issued": 5, "returned": 5, "spoiled": 0, "reason": "点票有误", "late": True,
            "counted_at": AT, "made_at": AT}  # fmt: skip
    if number % 2:
        election = Election.objects.get(meeting__party_organization=branch)
        TotalsCorrection.objects.create(election=election, **told)
        return
    meeting = _meeting(branch, on - timedelta(days=90), 2, "closed")
    vote = Decision.objects.create(
        meeting=meeting, number=1, kind="ordinary", subject="演示事项", method="hands", expected=5, present=5, quorum=3,
        needed=3, issued=5, returned=5, spoiled=0, yes=5, no=0, abstain=0, carried=True, put_at=AT, closed_at=AT,
    )  # fmt: skip
    TotalsCorrection.objects.create(decision=vote, yes=4, no=1, abstain=0, carried=True, **told)


def _transfers(branch: PartyOrganization, members: list[Member], on: date) -> None:
    """A letter that runs out, one that was accepted without a receipt, somebody whose transfer falls due."""
    told = {"source": branch, "target_name": "演示外地党支部", "issuer_name": "演示党委", "valid_days": 60}
    out, back = on - timedelta(days=50), on - timedelta(days=120)
    Transfer.objects.create(member=members[0], state="issued", number=f"演满{branch.pk}甲", issued_on=out,
                            expires_on=out + timedelta(days=60), made_at=AT - timedelta(days=50), **told)  # fmt: skip
    Transfer.objects.create(
        member=members[1], state="accepted", number=f"演满{branch.pk}乙", issued_on=back,
        expires_on=back + timedelta(days=60), accepted_on=back + timedelta(days=10), made_at=AT - timedelta(days=120),
        **told,
    )  # fmt: skip
    dual = make.member()
    make.affiliate(dual, None)
    start = add_months(on, -6)
    make.affiliate(dual, branch, "temporary", start=start, consented_on=start, full_time=True,
                   transfer_due_on=on + timedelta(days=5))  # fmt: skip


def _dues(branch: PartyOrganization, members: list[Member], on: date) -> None:
    """Months before this one that nobody paid, this one not reckoned, two who ask to pay less."""
    for back in range(1, 5):
        month = add_months(on.replace(day=1), -back)
        for member in members[:2]:
            Due.objects.create(party_organization=branch, member=member, month=month, category="monthly", due_fen=1500,
                               rate=50, recorded_at=AT)  # fmt: skip
    told = {"party_organization": branch, "first_month": on.replace(day=1), "last_month": on.replace(day=1),
            "wished_fen": 0, "applied_on": on - timedelta(days=20), "made_at": AT}  # fmt: skip
    DuesRequest.objects.create(member=members[3], state="asked", **told)
    DuesRequest.objects.create(member=members[4], state="agreed", agreed_on=on - timedelta(days=10), **told)


def _case(kind: str, area: Area, on: date) -> Case:
    """A case that was decided on the day."""
    return Case.objects.create(kind=kind, area=area, label="演示事项", state="decided", decision="approved",
                               applied_at=AT, decided_on=on, decided_at=AT)  # fmt: skip


def _under_way(
    superior: PartyOrganization, branch: PartyOrganization, members: list[Member], on: date, number: int
) -> None:
    """A founding that was approved or held but not filed, a change that was not filed, a task that ends."""
    past = on - timedelta(days=5)
    approved = {"state": "approved"}
    founded = {"state": "founded", "ceremony": make.ceremony(superior.area, past), "secretary": members[0],
               "secretary_how": "elected"}  # fmt: skip
    make.founding(
        superior, bodies.organization(f"滨湖区新设{number}中心"), f"演示新设{number}党支部", party_organization=branch,
        case=_case("party.found", superior.area, past), **(founded if number % 2 else approved),
    )  # fmt: skip
    what = "dissolve" if number % 2 else "adjust"
    Reorganization.objects.create(
        area=superior.area, what=what, state="carried", party_organization=branch, origin="superior",
        reason="演示理由", carried_on=past, case=_case(f"party.{what}", superior.area, past), made_at=AT,
    )  # fmt: skip
    make.party(f"演示任务{number}党支部", area=superior.area, superior=superior, kind="temporary",
               task_ends_on=on + timedelta(days=10))  # fmt: skip


def _visited(instructor: Instructor, on: date, number: int) -> None:
    """A body whose instructor has not come for months, what he noted then is not done, his letter runs out."""
    body = bodies.organization(f"滨湖区走访{number}中心")
    start = on - timedelta(days=200)
    InstructorAssignment.objects.create(
        instructor=instructor, organization=body, kind="instructor", letter=f"演聘{number}", letter_from=start,
        letter_until=on + timedelta(days=12), valid_from=start, recorded_at=AT,
    )  # fmt: skip
    Visit.objects.create(organization=body, instructor=instructor, on=on - timedelta(days=150), looked=["place"],
                         follow_up="补齐活动记录", follow_due_on=on + timedelta(days=3), made_at=AT)  # fmt: skip
