"""Totals typed wrongly: taken back, corrected, both values kept; the superior told; what rests on them undone first."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.core.actions import parameters
from liaoyuan.core.models import AuditEvent
from liaoyuan.core.queries import due
from liaoyuan.party.actions import correcting, deciding, elections, meetings, revoking
from liaoyuan.party.models import (
    Applicant,
    ApplicantRecord,
    Candidate,
    DevelopmentStep,
    DevelopmentVote,
    Meeting,
    Officer,
    Term,
    TotalsCorrection,
)
from liaoyuan.party.queries import corrections, voters
from tests.core.factories import AT, user
from tests.party import factories as make
from tests.party.test_meetings_actions import ON, meet, put, refused
from tests.party.test_meetings_elections import count, start

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def branch(areas, committee):
    return make.party("演示第一党支部", area=areas["district"], superior=committee)


@pytest.fixture
def secretary(branch):
    return make.secretary(branch)


@pytest.fixture
def decision(branch, secretary):
    make.members(branch, 8)
    decision = put(meet(branch, secretary, 8), secretary)
    return deciding.close(decision=decision, yes=4, no=4, abstain=0, by=secretary, at=AT)


def correct(decision, by, yes=5, no=3, reason="把 5 票误写成 4 票", at=LATER):
    return correcting.correct(decision=decision, reason=reason, yes=yes, no=no, abstain=0, by=by, at=at)


def confirm_minutes(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(state="closed", closed_at=AT)
    meeting.refresh_from_db()


def test_a_correction_keeps_both_values_and_judges_anew(decision, secretary):
    refused("TOTALS-REASON", correct, decision=decision, by=secretary, reason=" ")
    refused("VOTE-TOTALS", correct, decision=decision, by=secretary, yes=5, no=4)
    assert not TotalsCorrection.objects.exists(), "what is refused leaves nothing"
    done = correct(decision, secretary)
    assert (done.yes, done.carried, done.closed_at) == (5, True, LATER)
    row = TotalsCorrection.objects.get()
    assert (row.yes, row.no, row.carried, row.late, row.counted_by, row.counted_at) == (
        4,
        4,
        False,
        False,
        secretary,
        AT,
    )
    told = AuditEvent.objects.get(code="decision.corrected").payload
    assert not {"yes", "no", "abstain", "reason"} & set(told), "no number stands in the log"


def test_totals_are_taken_back_and_entered_anew(decision, secretary):
    done = correcting.withdraw(decision=decision, reason="数错了", by=secretary, at=LATER)
    assert (done.closed_at, done.yes, done.carried) == (None, None, None)
    refused("TOTALS-NONE", correcting.withdraw, decision=decision, reason="数错了", by=secretary, at=LATER)
    done = deciding.close(decision=done, yes=6, no=2, abstain=0, by=secretary, at=LATER)
    assert done.carried and TotalsCorrection.objects.get().yes == 4


def test_only_who_counted_and_the_superior_correct(branch, decision, secretary, lead, head):
    second = make.secretary(branch, "second")
    for who in (second, head, user("reader", ("leadership", "area", "320211"))):
        with pytest.raises(PermissionDenied):
            correct(decision, who)
    correct(decision, lead)
    assert corrections.counted_by(decision.__class__.objects.get()) == {secretary.pk, lead.pk}
    correct(decision, secretary, yes=6, no=2), "who counted before may still mend it"


def test_after_the_minutes_the_superior_is_told_until_he_has_seen_it(branch, decision, secretary, lead, head):
    confirm_minutes(decision.meeting)
    refused("TOTALS-CONFIRMED", correcting.withdraw, decision=decision, reason="数错了", by=secretary, at=LATER)
    correct(decision, secretary)
    row = TotalsCorrection.objects.get()
    assert row.late

    def waits(who):
        return [item for item in due.todo(who, ON).items if item.code == "party.correction"]

    assert len(waits(lead)) == len(waits(head)) == 1 and not waits(secretary)
    with pytest.raises(PermissionDenied):
        correcting.see(correction=row, by=secretary, at=LATER)
    row = correcting.see(correction=row, by=head, at=LATER)
    assert (row.seen_by, row.seen_at) == (head, LATER) and not waits(lead) and not waits(head)


def test_an_admission_that_made_a_step_is_undone_first(branch, secretary):
    make.members(branch, 8)
    meeting = meet(branch, secretary, 8)
    decision = put(meeting, secretary, "admission", "secret", member=make.member())
    told = {"issued": 8, "returned": 8, "by": secretary, "at": AT}
    decision = deciding.close(decision=decision, yes=5, no=3, abstain=0, **told)
    person = make.Person.objects.create(created_at=AT)
    applicant = Applicant.objects.create(person=person, party_organization=branch, applied_on=ON - timedelta(days=900),
                                         created_at=AT)  # fmt: skip
    ApplicantRecord.objects.create(applicant=applicant, name="演示申请人", name_key="演示申请人", recorded_at=AT)
    DevelopmentVote.objects.create(applicant=applicant, kind="admission", on=ON, party_organization=branch, expected=8,
                                   present=8, yes=5, no=3, carried=True, recorded_at=AT)  # fmt: skip
    step = DevelopmentStep.objects.create(
        applicant=applicant, number=15, on=ON, party_organization=branch, recorded_at=AT
    )
    told["at"] = LATER
    found = refused(
        "TOTALS-RESTS", correcting.correct, decision=decision, reason="误写", yes=4, no=4, abstain=0, **told
    )
    assert "演示申请人" in found.text and "第 15 步" in found.text
    refused("TOTALS-RESTS", correcting.withdraw, decision=decision, reason="误写", by=secretary, at=LATER)
    correcting.correct(decision=decision, reason="误写", yes=6, no=2, abstain=0, **told)
    DevelopmentStep.objects.filter(pk=step.pk).update(superseded_at=AT)
    done = correcting.correct(decision=decision, reason="误写", yes=4, no=4, abstain=0, **told)
    assert done.carried is False and TotalsCorrection.objects.count() == 2


def test_an_election_is_corrected_before_it_is_approved_and_undone_first_after(branch, secretary, head):
    parameters.sync_shipped(at=AT)
    members = make.members(branch, 8)
    former = make.post(branch, members[7])
    make.term(branch)
    election = start(meet(branch, secretary, 8), secretary, members[:4])
    election = count(election, secretary, {m.pk: n for m, n in zip(members, (8, 6, 5, 4), strict=False)})
    papers = {"issued": 8, "returned": 8, "spoiled": 0, "reason": "两人得票写反", "by": secretary, "at": LATER}
    other = {m.pk: n for m, n in zip(members, (8, 6, 4, 5), strict=False)}
    election = correcting.correct_count(election=election, sums=other, **papers)
    chosen = Candidate.objects.filter(election=election, elected=True)
    assert set(chosen.values_list("member", flat=True)) == {members[n].pk for n in (0, 1, 3)}
    row = TotalsCorrection.objects.get()
    assert [sum_[1] for sum_ in row.sums] == [8, 6, 5, 4] and [sum_[2] for sum_ in row.sums] == [
        True,
        True,
        True,
        False,
    ]
    approve = {"approval": "滨社工〔2026〕9号", "approved_on": ON, "by": head}
    election = elections.confirm(election=election, at=AT + timedelta(hours=2), **approve)
    back = {m.pk: n for m, n in zip(members, (8, 6, 5, 4), strict=False)}
    found = refused("TOTALS-RESTS", correcting.correct_count, election=election, sums=back, **papers)
    assert "请先由上级撤销批复" in found.text
    refused("TOTALS-RESTS", correcting.withdraw_count, election=election, reason="数错", by=secretary, at=LATER)
    same = {m.pk: n for m, n in zip(members, (7, 6, 4, 5), strict=False)}
    election = correcting.correct_count(election=election, sums=same, **papers)
    assert election.state == "confirmed", "the same people are elected: they stay in office"
    undo = {"election": election, "reason": "得票登记有误", "at": AT + timedelta(hours=3)}
    with pytest.raises(PermissionDenied):
        revoking.revoke(by=secretary, **undo)
    election = revoking.revoke(by=head, **undo)
    assert (election.state, election.approval, election.approved_on) == ("counted", "", None)
    now = Officer.objects.now_open().filter(party_organization=branch)
    assert [(o.member_id, o.kind, o.valid_from) for o in now] == [(members[7].pk, "secretary", former.valid_from)]
    term = Term.objects.current().get(party_organization=branch)
    assert (term.number, term.ended_on) == (1, None), "the former term goes on"
    refused("ELECTION-STATE", revoking.revoke, by=head, **undo)
    papers["at"] = AT + timedelta(hours=4)
    election = correcting.correct_count(election=election, sums=back, **papers)
    elections.confirm(election=election, at=AT + timedelta(hours=5), **approve)
    assert voters.officers(branch.pk, ON) == sorted(m.pk for m in members[:3])
    assert Term.objects.current().filter(party_organization=branch).count() == 2


def test_an_approval_is_not_revoked_behind_what_changed_since(branch, secretary, head):
    parameters.sync_shipped(at=AT)
    members = make.members(branch, 5)
    election = start(meet(branch, secretary, 5), secretary, members[:1], "secretary", 1)
    election = count(election, secretary, {members[0].pk: 5})
    election = elections.confirm(election=election, approval="1号", approved_on=ON, by=head, at=LATER)
    undo = {"election": election, "reason": "得票登记有误", "by": head, "at": LATER + timedelta(hours=1)}
    Officer.objects.filter(member=members[0]).update(superseded_at=LATER)
    refused("ELECTION-CHANGED", revoking.revoke, **undo)
    Officer.objects.filter(member=members[0]).update(superseded_at=None)
    revoking.revoke(**undo)
    assert not Officer.objects.now_open().filter(party_organization=branch).exists()


def test_a_void_election_typed_wrongly_stands_again_unless_it_was_repeated(branch, secretary):
    members = make.members(branch, 5)
    election = start(meet(branch, secretary, 5), secretary, members[:1], "secretary", 1)
    void = count(election, secretary, {members[0].pk: 5}, issued=4, returned=5)
    assert void.state == "void"
    told = {"issued": 5, "returned": 5, "spoiled": 0, "sums": {members[0].pk: 4}, "reason": "发出写错", "by": secretary,
            "at": LATER}  # fmt: skip
    done = correcting.correct_count(election=void, **told)
    assert done.state == "counted" and Candidate.objects.get().elected
    done = correcting.withdraw_count(election=done, reason="再数一次", by=secretary, at=LATER)
    assert done.state == "open" and Candidate.objects.get().yes is None
    void = count(done, secretary, {members[0].pk: 5}, issued=4, returned=5)
    start(void.meeting, secretary, members[:1], "secretary", 1)
    refused("TOTALS-RESTS", correcting.correct_count, election=void, **told)


def test_pages_of_corrections_and_few_voters(client, branch, secretary, lead):
    """E = 4: neither the numbers nor the reason are shown to anybody but the counters and the superior."""
    make.members(branch, 4)
    meeting = meet(branch, secretary, 4)
    decision = deciding.close(decision=put(meeting, secretary), yes=3, no=1, abstain=0, by=secretary, at=AT)
    there = reverse("party:meeting_detail", args=[meeting.pk])
    mend = reverse("party:decision_correct", args=[decision.pk])
    client.force_login(secretary)
    answer = client.post(mend, {"yes": "4", "no": "1", "abstain": "0", "reason": "误写为三票"})
    assert answer.status_code == 422 and "应等于参加表决的 4 名" in answer.content.decode()
    assert client.post(mend, {"yes": "4", "no": "0", "abstain": "0", "reason": "误写为三票"}).status_code == 302
    assert all(word in client.get(there).content.decode() for word in ("4/0/0", "3/1/0", "误写为三票"))
    confirm_minutes(meeting)
    client.post(mend, {"yes": "2", "no": "2", "abstain": "0", "reason": "再次误写"})
    for who in (make.secretary(branch, "second"), user("reader", ("leadership", "area", "320211"))):
        client.force_login(who)
        text = client.get(there).content.decode()
        assert "2/2/0" not in text and "4/0/0" not in text and "误写" not in text and "人数少" in text
        assert client.get(mend).status_code == 403
    client.force_login(lead)
    text = client.get(there).content.decode()
    assert "办结后更正" in text and "看过了" in text and "再次误写" in text
    late = TotalsCorrection.objects.get(late=True)
    client.post(reverse("party:correction_see", args=[late.pk]))
    assert "上级" in client.get(there).content.decode()
    late.refresh_from_db()
    assert late.seen_by == lead
    assert meetings.decided(meeting)


def test_pages_of_an_election(client, branch, secretary, head):
    members = make.members(branch, 3)
    election = start(meet(branch, secretary, 3), secretary, members[:1], "secretary", 1)
    election = count(election, secretary, {members[0].pk: 3})
    there = reverse("party:election_detail", args=[election.pk])
    client.force_login(secretary)
    form = {"issued": "3", "returned": "3", "spoiled": "0", f"sum_{members[0].pk}": "2", "reason": "误写为三票"}
    assert client.post(reverse("party:election_correct", args=[election.pk]), form).status_code == 302
    text = client.get(there).content.decode()
    assert "更正前的票数" in text and "误写为三票" in text
    client.force_login(make.secretary(branch, "second"))
    text = client.get(there).content.decode()
    assert "误写为三票" not in text and "***" in text and "人数少，只给计票人和上级看" in text
    client.force_login(head)
    assert "误写为三票" in client.get(there).content.decode(), "who approves the result sees its totals"
    elections.confirm(election=election, approval="1号", approved_on=ON, by=head, at=LATER, confirmed=True)
    assert "撤销批复" in client.get(there).content.decode()
    assert client.post(reverse("party:election_revoke", args=[election.pk]), {"reason": "得票有误"}).status_code == 302
    assert not Officer.objects.now_open().filter(party_organization=branch).exists()
    client.force_login(secretary)
    assert client.post(reverse("party:election_withdraw", args=[election.pk]), {"reason": "重数"}).status_code == 302
