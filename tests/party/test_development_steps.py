"""The twenty-five steps through the actions: order, floors, mentors, votes, membership, confirmation."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.core.access import Operator
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import admissions, applicants, development
from liaoyuan.party.models import (
    Affiliation,
    Applicant,
    ApplicantRecord,
    DevelopmentStep,
    DevelopmentVote,
    Extension,
    MemberRecord,
    Mentor,
)
from liaoyuan.party.queries import counts, courses
from liaoyuan.party.rules.steps import STEPS
from liaoyuan.registry.models import OPEN
from tests.party import factories as make
from tests.party.development import DAYS, ORDER, way

BEGAN = date(2020, 1, 1)


@pytest.fixture
def branch(areas, committee):
    return make.party("演示党支部", area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)


@pytest.fixture
def ours(branch, lead, head):
    made = way(branch, lead=lead, head=head)
    Affiliation.objects.update(valid_from=BEGAN)
    return made


def codes(told) -> set[str]:
    return {finding.code for finding in told.value.findings}


def test_the_whole_way(ours, branch):
    ours.apply().until(25)
    who = ours.applicant
    assert (who.stage, who.closed_on) == ("confirmed", None)
    made = dict(DevelopmentStep.objects.current().filter(applicant=who).values_list("number", "on"))
    assert made == {step: day for step, day in DAYS.items() if step != 6}
    record = MemberRecord.objects.current().get(member=who.member)
    assert (record.admitted_on, record.confirmed_on) == (date(2023, 10, 30), date(2024, 10, 30))
    tie = Affiliation.objects.now_open().get(member=who.member)
    assert (tie.kind, tie.party_organization, tie.valid_from) == ("formal", branch, date(2023, 10, 30))
    assert counts.of_branches([branch.pk], date(2023, 10, 29))[branch.pk].probationary == 0
    assert counts.of_branches([branch.pk], date(2023, 10, 30))[branch.pk].probationary == 1
    assert counts.of_branches([branch.pk], date(2024, 10, 30))[branch.pk].formal == 6
    assert counts.voters(branch.pk, date(2024, 10, 29)).count() == 5
    labels = set(AuditEvent.objects.filter(subject_kind="applicant").values_list("subject_label", flat=True))
    assert labels == {"演*"}


@pytest.mark.parametrize("step", [n for n in ORDER if n not in (2, 6)])
def test_no_step_is_made_before_what_it_needs(ours, step):
    """Before the last of its needs every step is refused, and nothing is written."""
    ours.apply()
    before = ORDER[: ORDER.index(max(STEPS[step].needs, key=ORDER.index) if STEPS[step].needs[0] > 1 else 2)]
    for number in before:
        ours.step(number)
    count = DevelopmentStep.objects.count()
    with pytest.raises(Refused):
        ours.step(step)
    assert DevelopmentStep.objects.count() == count


def test_an_activist_has_applied_before(ours):
    ours.apply()
    with pytest.raises(Refused) as told:
        ours.step(3)
    assert codes(told) == {"PB-DEV-18"}
    ours.step(2)
    with pytest.raises(Refused) as told:
        ours.step(3, date(2022, 1, 31))
    assert codes(told) == {"PB-DEV-18"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Applicant.objects.update(stage="activist")
    with pytest.raises(IntegrityError), transaction.atomic():
        Applicant.objects.update(stage="activist", activist_on=date(2022, 1, 9))


@pytest.mark.parametrize(("day", "passes"), [(date(2026, 2, 28), False), (date(2026, 3, 1), True)])
def test_a_year_as_an_activist(ours, day, passes):
    ours.apply(on=date(2025, 1, 1))
    ours.step(2, date(2025, 1, 20))
    ours.step(3, date(2025, 3, 1))
    ours.step(4, date(2025, 3, 10))
    ours.step(5, date(2025, 3, 5))
    ours.step(6, date(2025, 9, 1))
    if passes:
        ours.step(7, day)
        assert courses.of(ours.applicant).days["candidate"] == day
        return
    with pytest.raises(Refused) as told:
        ours.step(7, day)
    assert codes(told) == {"PB-DEV-05"}
    assert "2026-03-01" in str(told.value)


def test_the_age_on_the_day_of_the_application(ours):
    with pytest.raises(Refused) as told:
        ours.apply(birth=date(2004, 1, 11))
    assert codes(told) == {"PB-DEV-01"}
    assert not Applicant.objects.exists() and not ApplicantRecord.objects.exists()
    ours.apply(birth=date(2004, 1, 10))
    with pytest.raises(Refused) as told:
        applicants.correct(applicant=ours.applicant, fields={"name": "演示申请人01", "birth": date(2004, 1, 11)},
                           by=ours.secretary, at=ours.at)  # fmt: skip
    assert codes(told) == {"PB-DEV-01"}


def test_contacts_are_one_or_two_full_members_of_the_branch(ours, branch, areas, committee):
    ours.apply().until(4)
    (stranger,) = make.members(make.party(area=areas["district"], superior=committee), 1)
    probationer = make.member(admitted_on=date(2022, 1, 1), confirmed_on=None)
    make.affiliate(probationer, branch, start=date(2022, 1, 1))
    for members, code in (
        ([], "PB-DEV-03"), (ours.members[:3], "PB-DEV-03"), ([probationer], "PB-DEV-03"),
        ([stranger], "DEVELOPMENT-MENTOR"),
    ):  # fmt: skip
        with pytest.raises(Refused) as told:
            ours.step(5, members=members)
        assert codes(told) == {code}
    ours.step(5, members=ours.members[:2])
    ours.step(5, date(2022, 8, 1), members=ours.members[1:2])
    rows = Mentor.objects.current().filter(applicant=ours.applicant).order_by("member", "valid_from")
    assert [(m.member, m.valid_from, m.valid_to) for m in rows] == [
        (ours.members[0], DAYS[5], date(2022, 8, 1)), (ours.members[1], DAYS[5], OPEN),
    ]  # fmt: skip


def test_introducers_are_two_with_their_rights(ours):
    ours.apply().until(8)
    make.pause(ours.members[0], date(2023, 1, 1), date(2023, 12, 1))
    for members in (ours.members[1:2], ours.members[1:4], ours.members[:2], [ours.members[1]] * 2):
        with pytest.raises(Refused) as told:
            ours.step(9, members=members)
        assert codes(told) == {"PB-DEV-06"}
    ours.step(9, members=ours.members[1:3])


def test_training_takes_three_days_or_twenty_four_hours(ours):
    ours.apply().until(10)
    for more in ({"training_days": 2, "training_hours": 23}, {"training_days": None}):
        with pytest.raises(Refused):
            ours.step(11, **more)
    ours.step(11, training_days=None, training_hours=24)


@pytest.mark.parametrize(
    ("present", "yes", "no", "refused", "carried"),
    [(2, 2, 0, True, False), (3, 2, 1, False, False), (3, 3, 0, False, True), (5, 2, 3, False, False)],
)
def test_the_vote_on_admission(ours, present, yes, no, refused, carried):
    """E = 5: three must be present, three yes votes carry."""
    ours.apply().until(14)
    if refused:
        with pytest.raises(Refused) as told:
            ours.step(15, present=present, yes=yes, no=no)
        assert codes(told) == {"PB-DEV-11"}
        assert not DevelopmentVote.objects.exists()
        return
    row = ours.step(15, present=present, yes=yes, no=no)
    assert (row.expected, row.carried) == (5, carried)
    assert (15 in courses.of(ours.applicant).steps) is carried


def test_written_opinions_count_and_totals_add_up(ours):
    ours.apply().until(14)
    for more in ({"present": 3, "yes": 4}, {"present": 4, "written": 2, "yes": 6}):
        with pytest.raises(Refused):
            ours.step(15, **more)
    row = ours.step(15, present=3, written=1, yes=3, no=1)
    assert row.carried


def test_members_whose_vote_is_suspended_are_not_in_e(ours):
    ours.apply().until(14)
    make.pause(ours.members[4], date(2023, 10, 1), date(2023, 11, 1))
    assert ours.step(15, present=4, yes=3, no=1).expected == 4


def test_absent_introducers_are_a_doubt(ours):
    ours.apply().until(14)
    with pytest.raises(Refused) as told:
        ours.step(15, introducers_present=False)
    assert codes(told) == {"DEVELOPMENT-INTRODUCERS"}
    ours.step(15, introducers_present=False, confirmed=True)


@pytest.mark.parametrize("kind", ["temporary", "functional"])
def test_a_branch_for_a_task_admits_nobody(areas, committee, lead, head, kind):
    branch = make.party(area=areas["district"], superior=committee, kind=kind, start=BEGAN,
                        task_ends_on=date(2027, 1, 1))  # fmt: skip
    ours = way(branch, lead=lead, head=head)
    Affiliation.objects.update(valid_from=BEGAN)
    ours.apply().until(14)
    with pytest.raises(Refused) as told:
        ours.step(15)
    assert codes(told) == {"PB-TMP-01"}


def test_a_branch_with_transfers_in_progress_admits_nobody(areas, committee, lead, head):
    branch = make.party(area=areas["district"], superior=committee, start=BEGAN, regular_on=None)
    ours = way(branch, 2, lead=lead, head=head)
    Affiliation.objects.update(valid_from=BEGAN)
    ours.apply().until(14)
    with pytest.raises(Refused) as told:
        ours.step(15)
    assert "PB-TMP-01" in codes(told)


@pytest.mark.parametrize(
    ("day", "reason", "passes"),
    [(date(2026, 4, 30), "", True), (date(2026, 7, 31), "外出培训", True), (date(2026, 8, 1), "外出培训", False)],
)
def test_the_term_of_the_approval(areas, committee, lead, head, day, reason, passes):
    """Received 2026-01-31: by 2026-04-30; for a special reason by 2026-07-31."""
    branch = make.party(area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)
    ours = way(branch, lead=lead, head=head)
    Affiliation.objects.update(valid_from=BEGAN)
    ours.apply().until(14)
    ours.step(15, date(2026, 1, 20))
    ours.step(16, date(2026, 1, 25))
    given = {"on": day, "received_on": date(2026, 1, 31), "special_reason": reason}
    if passes:
        assert ours.step(17, **given).on == day
    else:
        with pytest.raises(Refused) as told:
            ours.step(17, **given)
        assert codes(told) == {"PB-DEV-12"}


def test_a_late_approval_without_a_reason_warns(ours):
    ours.apply().until(16)
    row = ours.step(17, date(2024, 3, 1), received_on=date(2023, 11, 1))
    told = AuditEvent.objects.filter(code="development.step").order_by("-pk").first().payload["findings"]
    assert row.on == date(2024, 3, 1) and [f["code"] for f in told] == ["PB-DEV-12"]


@pytest.mark.parametrize(
    ("met", "early", "ended"),
    [
        (date(2024, 2, 29), date(2025, 2, 27), date(2025, 2, 28)),
        (date(2025, 2, 28), date(2026, 2, 27), date(2026, 2, 28)),
    ],
)  # fmt: skip
def test_probation_is_a_year_from_the_meeting(ours, met, early, ended):
    ours.apply().until(14)
    ours.step(15, met)
    for number in (16, 17):
        ours.step(number, date(2025, 3, 5) if met.year == 2025 else date(2024, 3, 5))
    ours.step(19, date(2025, 3, 6) if met.year == 2025 else date(2024, 3, 6))
    ours.step(20, date(2025, 3, 7) if met.year == 2025 else date(2024, 3, 7))
    with pytest.raises(Refused) as told:
        ours.step(22, early)
    assert codes(told) == {"PB-DEV-13"}
    ours.step(22, ended)
    ours.step(23, ended, publicity_on=date(ended.year, 2, 1))
    ours.step(24, date(ended.year, 4, 1))
    assert MemberRecord.objects.current().get(member__applications=ours.applicant).confirmed_on == ended


def test_an_extension_once(ours):
    ours.apply().until(22)
    for months in (5, 13, None):
        with pytest.raises(Refused):
            ours.step(23, outcome="extend", months=months)
    ours.step(23, outcome="extend", months=6)
    ours.step(24)
    ours.applicant.refresh_from_db()
    assert ours.applicant.stage == "probationer"
    assert list(Extension.objects.values_list("months", flat=True)) == [6]
    with pytest.raises(Refused) as told:
        ours.step(23, date(2025, 4, 29))
    assert "PB-DEV-13" in codes(told)
    with pytest.raises(Refused) as told:
        ours.step(23, date(2025, 5, 10), outcome="extend", months=6)
    assert codes(told) == {"PB-DEV-15"}
    ours.step(23, date(2025, 4, 30))
    ours.step(24, date(2025, 6, 1))
    record = MemberRecord.objects.current().get(member__applications=ours.applicant)
    assert record.confirmed_on == date(2025, 4, 30)


def test_cancelling_ends_the_membership(ours, branch):
    ours.apply().until(22)
    ours.step(23, outcome="cancel")
    ours.step(24)
    who = ours.applicant
    who.refresh_from_db()
    assert (who.stage, who.closed_on, who.closed_reason) == ("probationer", DAYS[24], "cancelled")
    record = MemberRecord.objects.current().get(member=who.member)
    assert (record.left_on, record.confirmed_on) == (DAYS[24], None)
    assert not Affiliation.objects.now_open().filter(member=who.member).exists()
    ours.apply("演示申请人01", on=date(2025, 6, 1))


def test_a_correction_asks_all_steps_again(ours):
    ours.apply().until(8)
    who = ours.applicant
    with pytest.raises(Refused) as told:
        development.correct(applicant=who, step=3, on=date(2022, 6, 2), by=ours.secretary, at=ours.at)
    assert codes(told) == {"PB-DEV-05"}
    development.correct(applicant=who, step=3, on=date(2022, 5, 31), by=ours.secretary, at=ours.at)
    who.refresh_from_db()
    assert who.activist_on == date(2022, 5, 31)
    assert DevelopmentStep.objects.filter(applicant=who, number=3).count() == 2


def test_a_step_on_which_nothing_rests_is_taken_back(ours):
    ours.apply().until(7)
    with pytest.raises(Refused):
        development.take_back(applicant=ours.applicant, step=3, by=ours.secretary, at=ours.at)
    development.take_back(applicant=ours.applicant, step=7, by=ours.secretary, at=ours.at)
    ours.applicant.refresh_from_db()
    assert (ours.applicant.stage, ours.applicant.candidate_on) == ("activist", None)
    ours.step(7)


def test_who_records_what(ours, areas, committee):
    ours.apply().until(3)
    who = ours.applicant
    given = {"applicant": who, "step": 4, "on": DAYS[4], "at": ours.at}
    other = make.secretary(make.party(area=areas["district"], superior=committee), "other")
    for user in (ours.secretary, other, ours.head):
        with pytest.raises(PermissionDenied):
            development.record(by=user, **given)
    development.record(by=ours.lead, **given)
    ours.step(5)
    for user in (ours.secretary, ours.lead):
        with pytest.raises(PermissionDenied):
            admissions.approve(applicant=who, on=DAYS[17], by=user, at=ours.at)


def test_papers_follow_and_time_goes_on(ours, areas, committee):
    target = make.party("演示另一支部", area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)
    ours.apply().until(6)
    who = ours.applicant
    applicants.move(applicant=who, party=target, on=date(2023, 1, 1), by=ours.lead, at=ours.at)
    who.refresh_from_db()
    assert who.party_organization == target
    assert not Applicant.objects.visible_to(ours.secretary).exists()
    ours.secretary = make.secretary(target, "new")
    ours.step(7)
    row = DevelopmentStep.objects.current().get(applicant=who, number=7)
    assert row.party_organization == target and who.activist_on == DAYS[3]


def test_a_probationer_s_papers_follow_the_transfer(ours, areas, committee):
    from liaoyuan.party.actions import transfers

    target = make.party("演示另一支部", area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)
    ours.apply().until(20)
    row = transfers.plan(member=ours.applicant.member, target=target, on=date(2024, 2, 1), by=ours.lead, at=ours.at)
    transfers.issue(row=row, on=date(2024, 2, 1), valid_days=60, by=ours.lead, at=ours.at)
    transfers.accept(row=row, on=date(2024, 2, 10), by=ours.lead, at=ours.at)
    ours.applicant.refresh_from_db()
    assert ours.applicant.party_organization == target


def test_closing_before_membership(ours):
    ours.apply().until(8)
    who = ours.applicant
    for given in ({"on": date(2023, 6, 14), "reason": "withdrawn"}, {"on": date(2023, 7, 1), "reason": "cancelled"}):
        with pytest.raises(Refused):
            applicants.close(applicant=who, by=ours.secretary, at=ours.at, **given)
    applicants.close(applicant=who, on=date(2023, 7, 1), reason="withdrawn", by=ours.secretary, at=ours.at)
    with pytest.raises(Refused):
        ours.step(9)
    assert not Applicant.objects.open().exists()


def test_an_old_page_and_the_future_are_refused(ours):
    ours.apply().until(2)
    with pytest.raises(Refused) as told:
        ours.step(3, version=1)
    assert codes(told) == {"DEVELOPMENT-STALE"}
    with pytest.raises(Refused) as told:
        ours.step(3, date(2026, 10, 27))
    assert codes(told) == {"PB-DEV-18"}


def test_one_application_a_person(ours, areas, committee):
    number = "110101199003070011"
    ours.apply(id_number=number)
    other = way(make.party(area=areas["district"], superior=committee))
    with pytest.raises(Refused) as told:
        other.apply("演示申请人02", id_number=number)
    assert codes(told) == {"DEVELOPMENT-NUMBER"} and "演示党支部" not in str(told.value)
    with pytest.raises(Refused) as told:
        ours.apply()
    assert codes(told) == {"DEVELOPMENT-SAME-NAME"}


def test_zone_internet_holds_days_only(ours, settings):
    settings.ZONE = "internet"
    with pytest.raises(Refused, match="不存储"):
        ours.apply()
    ours.apply(birth=None)
    ours.step(2)
    ours.step(3)
    with pytest.raises(Refused, match="不存储"):
        ours.step(4, evidence="滨社工备〔2022〕1号")
    ours.step(4)
    assert Applicant.objects.visible_to(ours.secretary).count() == 1
    assert not Applicant.objects.visible_to(ours.lead).exists()


def test_the_birth_is_sealed(ours):
    from liaoyuan.core import vault

    ours.apply().until(19)
    record = ApplicantRecord.objects.current().get()
    assert vault.is_sealed(record.birth) and "1995" not in record.birth
    copied = MemberRecord.objects.current().get(member=ours.applicant.member).birth
    assert vault.decrypt(copied, purpose="member.birth") == "1995-01-01"


def test_a_day_before_the_text_is_asked_by_todays_rules(ours):
    ours.at = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
    ours.apply(on=date(2013, 1, 1), birth=date(1990, 1, 1))
    with pytest.raises(Refused) as told:
        ours.step(3, date(2013, 3, 1))
    assert codes(told) == {"PB-DEV-18"}


def test_two_entries_of_one_person_become_one(ours):
    from liaoyuan.party.actions import applicant_retention as carrying
    from liaoyuan.people.models import Person

    ours.apply()
    kept = Person.objects.create(created_at=ours.at)
    gone = ours.applicant.person_id
    assert carrying.knows(gone) and not carrying.knows(kept.pk)
    carrying.carry_person(gone=gone, kept=kept.pk, by=ours.lead, at=ours.at)
    assert Applicant.objects.get().person == kept
    ours.apply("演示申请人02")
    with pytest.raises(Refused):
        carrying.carry_person(gone=ours.applicant.person_id, kept=kept.pk, by=ours.lead, at=ours.at)


def test_what_is_told_of_a_closed_way_ends(ours):
    from liaoyuan.party.actions import applicant_retention as ending
    from liaoyuan.party.queries import applicants as reading

    ours.apply().until(6)
    applicants.close(applicant=ours.applicant, on=date(2023, 7, 1), reason="stopped", by=ours.secretary, at=ours.at)
    before = datetime(2023, 7, 1, 2, tzinfo=UTC)
    assert reading.closed_before(before) == []
    assert reading.closed_before(ours.at) == [ours.applicant.pk]
    assert ending.CLASSES[0].end([ours.applicant.pk], by=Operator("retention"), at=ours.at) == 1
    record = ApplicantRecord.objects.current().get()
    assert (record.name, record.birth) == ("*", "") and not Mentor.objects.exists()
    assert reading.closed_before(ours.at) == []
