"""More rows of party building for the count of queries per page: beside those of the ground, in the same scope."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.kit.dates import add_months
from liaoyuan.party.actions import applicants
from liaoyuan.party.models import (
    Attendance,
    BodyDeclaration,
    Candidate,
    Decision,
    Due,
    DuesRequest,
    DuesUse,
    Election,
    Instructor,
    InstructorAssignment,
    LifePlan,
    Meeting,
    MeetingNotice,
    MeetingTask,
    Member,
    Mentor,
    PartyOrganization,
    Pilot,
    Talk,
    TrainingRecord,
    Venue,
    VenueBooking,
    Visit,
)
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.party import factories as make

BY = Operator("house")


def more(keys: dict[str, Any], bodies: Sequence[Organization]) -> None:
    """For each body a branch that covers it, and one row more of everything in the branches inside the scope."""
    own = PartyOrganization.objects.select_related("area").get(pk=keys["branch_inside"])
    meeting_branch = PartyOrganization.objects.select_related("area").get(pk=keys["mtg_branch_inside"])
    above = PartyOrganization.objects.select_related("area").get(pk=int(own.path.strip("/").split("/")[-2]))
    inside = Organization.objects.get(pk=keys["inside"])
    for body in bodies:
        branch = make.party(area=own.area, superior=above)
        make.unit(branch, body)
        make.term(branch, due_on=clock.today() + timedelta(days=20))
        _covered(keys, body, inside, branch)
        _applied(keys, above, branch, body)
        for party in (own, meeting_branch):
            member = make.member()
            make.affiliate(member, party, organization=body)
            _kept(keys, party, member)
        _met(keys, meeting_branch, make.members(meeting_branch, 1)[0], body.pk)
        make.post(branch, make.members(branch, 1)[0])
        make.unit(own, body, joint=True)


def _covered(keys: dict[str, Any], body: Organization, inside: Organization, branch: PartyOrganization) -> None:
    """Instructors, letters, visits, pilots, what bodies declare."""
    today = clock.today()
    told = {"kind": "instructor", "letter": f"演聘{body.pk}", "letter_from": date(2026, 1, 1),
            "letter_until": today + timedelta(days=20), "valid_from": date(2026, 1, 1), "recorded_at": AT}  # fmt: skip
    who = Instructor.objects.create(area=branch.area, name=f"演示指导员{body.pk}", source="street", made_at=AT)
    own = Instructor.objects.get(pk=keys["instructor_inside"])
    for instructor, place in ((who, body), (who, inside), (own, body)):
        InstructorAssignment.objects.create(instructor=instructor, organization=place, **told)
        Visit.objects.create(organization=place, instructor=instructor, on=date(2026, 9, 8), looked=["place"],
                             follow_up="补制度牌", follow_due_on=today, made_at=AT)  # fmt: skip
    Pilot.objects.create(area=branch.area, organization=body, criteria="自愿", chosen_on=date(2026, 3, 1), tried="共建",
                         made_at=AT)  # fmt: skip
    BodyDeclaration.objects.create(organization=body, has_union=True, funds_fen=100, funds_year=today.year,
                                   recorded_at=AT)  # fmt: skip


def _applied(keys: dict[str, Any], above: PartyOrganization, branch: PartyOrganization, body: Organization) -> None:
    """Applications to found and to change, a founding meeting, units and members of those that are open."""
    one = make.member()
    make.founding(above, body, f"演示申请{body.pk}", roster=[(one, "formal", {"organization": body})])
    make.founding(above, body, f"演示聚会{body.pk}", ceremony_id=keys["ceremony_inside"])
    founding = make.Founding.objects.get(pk=keys["founding_inside"])
    make.FoundingUnit.objects.create(founding=founding, organization=body)
    make.FoundingMember.objects.create(founding=founding, member=one, standing="formal", organization=body)
    change = make.Reorganization.objects.get(pk=keys["change_inside"])
    make.ReorganizationUnit.objects.create(reorganization=change, organization=body, joins=True)
    make.change(branch, "dissolve", approver=above, members_to="街道党支部")
    make.change(change.party_organization, approver=above, joining=[body])
    make.ceremony(above.area, title=f"演示成立大会{body.pk}")


def _kept(keys: dict[str, Any], party: PartyOrganization, member: Member) -> None:
    """Everything that a branch keeps of one more member."""
    today, head = clock.today(), Member.objects.get(pk=keys["member_inside"])
    told: dict[str, Any] = {"party_organization": party, "recorded_at": AT}
    dual = make.member()
    make.affiliate(dual, None)
    make.affiliate(dual, party, "temporary", start=date(2026, 5, 1), consented_on=date(2026, 5, 1), full_time=True,
                   transfer_due_on=today)  # fmt: skip
    make.transfer(dual, None, party)
    make.transfer(member, party, None, "issued", number=f"演{member.pk}", valid_days=30, issued_on=date(2026, 10, 1),
                  expires_on=date(2026, 10, 31))  # fmt: skip
    make.post(party, member, "publicity")
    make.dues_base(member, 5001)
    for month in (8, 9, 10):
        Due.objects.create(
            member=member, month=date(2026, month, 1), category="monthly", rate=150, due_fen=7502, **told
        )
    known = Due.objects.filter(member=head).count()  # months long before those of the ground
    Due.objects.create(
        member=head, month=add_months(date(2020, 1, 1), -known), category="monthly", due_fen=7502, **told
    )
    DuesUse.objects.create(on=date(2026, 8, 25), purpose="订阅", amount_fen=5000, approved_by="支部委员会", **told)
    DuesRequest.objects.create(party_organization=party, member=member, first_month=date(2026, 11, 1), wished_fen=20,
                               last_month=date(2027, 3, 1), applied_on=date(2026, 10, 8), made_at=AT)  # fmt: skip
    Talk.objects.create(on=date(2026, 8, 1), kind="members", one=head, other=member, **told)
    TrainingRecord.objects.create(member=member, on=date(2026, 8, 1), what="党员轮训", spent=60, **told)
    LifePlan.objects.create(year=today.year, duty="serve", month=today.month, what="志愿服务", **told)
    venue = Venue.objects.create(party_organization=party, name=f"演示驿站{member.pk}", address="示例路", made_at=AT)
    start = clock.now() + timedelta(days=30, hours=2 * member.pk)
    for place in (venue, Venue.objects.get(pk=keys["venue_inside"])):
        VenueBooking.objects.create(venue=place, party_organization=party, starts_at=start, made_at=AT,
                                    ends_at=start + timedelta(hours=1), purpose="主题党日")  # fmt: skip
    person = applicants.apply(party=party, fields={"name": f"演示申请人{member.pk}", "birth": date(1995, 5, 4)},
                              on=today - timedelta(days=20), by=BY, at=clock.now())  # fmt: skip
    Mentor.objects.create(applicant=person, member=head, kind="contact", valid_from=date(2026, 1, 1), recorded_at=AT)


def _met(keys: dict[str, Any], party: PartyOrganization, member: Member, number: int) -> None:
    """Meetings to come and held, with votes, elections, tasks; more on the sheets and notices of those there are."""
    today = clock.today()
    held = Meeting.objects.get(pk=keys["mtg_inside"])
    MeetingTask.objects.create(meeting=held, what="落实", who="演示委员", until=today)
    for key in ("mtg_inside", "mtg_open_inside"):
        Attendance.objects.create(meeting_id=keys[key], member=member, voting=False, status="observer")
    Candidate.objects.create(election_id=keys["election_inside"], member=member)
    MeetingNotice.objects.create(meeting_id=keys["mtg_new_inside"], member=member, way="group", told_at=AT,
                                 arrangement="演示")  # fmt: skip
    told = {"party_organization": party, "kind": "theme_day", "year": today.year, "topic": "演示", "created_at": AT}
    Meeting.objects.create(number=1000 + number, held_on=today + timedelta(days=3), **told)
    past = Meeting.objects.create(number=5000 + number, held_on=today - timedelta(days=40), state="held", expected=8,
                                  **told)  # fmt: skip
    for meeting, place in ((past, 1), (held, 1000 + number)):
        Decision.objects.create(meeting=meeting, number=place, kind="ordinary", subject="演示事项", method="hands",
                                expected=8, present=8, quorum=5, put_at=AT)  # fmt: skip
    election = Election.objects.create(
        meeting=past, post="secretary", seats=1, state="counted", expected=8, present=8, quorum=7, needed=5, issued=8,
        returned=8, valid=8, opened_at=AT, counted_at=AT,
    )  # fmt: skip
    Candidate.objects.create(election=election, member=member, yes=8, elected=True)
