"""Steps that would have led out of the law, one by one: each is refused with its sentence and changes nothing."""

from datetime import date, time

import pytest

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import (
    affiliations,
    attending,
    deciding,
    founding,
    meetings,
    members,
    organizations,
    transfers,
)
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.models import Affiliation, Member, MemberRecord, PartyOrganization, Transfer
from liaoyuan.party.queries import counts
from liaoyuan.party.queries import transfers as queries
from tests.core.factories import AT
from tests.party import factories as make
from tests.party import truth
from tests.party.test_members_import import apply, stage, undo, workbook

TODAY = AT.date()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(areas):
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)


@pytest.fixture
def branch(areas, committee):
    return make.party("演示甲党支部", area=areas["district"], superior=committee)


@pytest.fixture
def other(areas, committee):
    return make.party("演示乙党支部", area=areas["district"], superior=committee)


def refused(code, call, **told):
    with pytest.raises(Refused) as caught:
        call(**told, at=AT)
    found = caught.value.findings
    assert [f.code for f in found] == [code] and found[0].text.strip()


def letter(who, target, lead, on=date(2026, 10, 1)):
    row = transfers.plan(member=who, target=target, by=lead, at=AT)
    return transfers.issue(row=row, on=on, valid_days=30, by=lead, at=AT)


def test_who_belongs_formally_is_not_counted_as_agreed_too(branch, other, centre):
    (who,) = make.members(branch, 1, organization=centre)
    make.affiliate(who, other, "temporary", organization=centre, full_time=True, consented_on=date(2026, 1, 5))
    told = counts.of_bodies([centre.pk], TODAY)[centre.pk]
    assert (told.formal, told.committed, told.dual, told.counted()) == (1, 0, 0, 1)
    told = counts.of_branches([other.pk], TODAY)[other.pk]
    assert (told.formal, told.committed) == (0, 1)


def test_a_letter_rests_on_where_he_is(branch, other, areas, committee, lead):
    third = make.party("演示丙党支部", area=areas["district"], superior=committee)
    (who,) = make.members(branch, 1)
    row = letter(who, other, lead)
    row = transfers.refuse(row=row, on=date(2026, 10, 5), reason="材料不全", by=lead, at=AT)
    moved = transfers.accept(row=letter(who, third, lead), on=date(2026, 10, 10), by=lead, at=AT)
    refused("TRANSFER-MOVED", transfers.again, row=row, by=lead)
    assert Transfer.objects.count() == 2 and moved.state == "accepted"
    draft = make.transfer(who, branch, other)
    refused("TRANSFER-MOVED", transfers.issue, row=draft, on=TODAY, valid_days=30, by=lead)


def test_no_letter_is_issued_anew_to_a_branch_that_is_no_more(branch, other, lead, head):
    (who,) = make.members(branch, 1)
    row = transfers.refuse(row=letter(who, other, lead), on=date(2026, 10, 5), reason="材料不全", by=lead, at=AT)
    organizations.dissolve(party=other, on=TODAY, reason="不再具备条件", by=head, at=AT)
    refused("PARTY-GONE", transfers.again, row=row, by=lead)


def test_a_plan_made_on_an_old_page_is_refused(branch, other, areas, committee, lead, monkeypatch):
    third = make.party("演示丙党支部", area=areas["district"], superior=committee)
    (who,) = make.members(branch, 1)
    old = queries.formal_of(who.pk)
    transfers.accept(row=letter(who, third, lead), on=TODAY, by=lead, at=AT)
    monkeypatch.setattr(queries, "formal_of", lambda member: old)
    refused("TRANSFER-MOVED", transfers.plan, member=who, target=other, by=lead)


def test_days_of_letters(branch, other, areas, lead):
    (who,) = make.members(branch, 1, start=date(2026, 9, 1))
    row = transfers.plan(member=who, target=other, by=lead, at=AT)
    refused("TRANSFER-DAY", transfers.issue, row=row, on=date(2026, 8, 31), valid_days=30, by=lead)
    committee = make.committee(areas["district"], "演示旧党委", start=date(2010, 1, 1))
    branch = make.party(area=areas["district"], superior=committee, start=date(2010, 1, 1))
    (old,) = make.members(branch, 1, start=date(2010, 1, 1))
    row = transfers.plan(member=old, target=other, by=lead, at=AT)
    refused("PB-REL-03", transfers.issue, row=row, on=date(2015, 3, 2), valid_days=91, by=lead)
    row = transfers.issue(row=row, on=date(2015, 3, 2), valid_days=30, by=lead, at=AT)
    assert (row.number, row.expires_on) == ("2015-0001", date(2015, 4, 1))
    assert transfers.accept(row=row, on=date(2015, 3, 20), by=lead, at=AT).state == "accepted"


def test_from_outside_to_outside_is_not_done_here(branch, lead):
    who = make.member()
    make.affiliate(who, None)
    make.affiliate(who, branch, "floating")
    refused("TRANSFER-OUTSIDE", transfers.plan, member=who, target=None, target_name="某支部", by=lead)


def test_nobody_leaves_before_what_happened_to_him(branch, other, lead):
    (who,) = make.members(branch, 1)
    transfers.accept(row=letter(who, other, lead), on=date(2026, 10, 10), by=lead, at=AT)
    told = {"member": who, "reason": "other", "evidence": "证明", "by": lead}
    refused("MEMBER-LEFT-DAY", members.leave, on=date(2026, 10, 9), **told)
    members.leave(on=date(2026, 10, 10), **told, at=AT)
    assert not Affiliation.objects.active(date(2026, 10, 10)).filter(member=who).exists()


def test_who_may_be_joined(branch, other, lead):
    (who,) = make.members(branch, 1)
    told = {"member": who, "party": other, "by": lead}
    refused("MEMBER-BEFORE", affiliations.join, kind="floating", start=date(2015, 5, 31), **told)
    consent = {"consented_on": date(2026, 5, 1)}
    refused("MEMBER-CONSENT", affiliations.join, kind="floating", fields=consent, **told)
    later = {"consented_on": date(2026, 10, 27)}
    refused("MEMBER-CONSENT", affiliations.join, kind="double", fields=later, **told)
    members.leave(member=who, on=TODAY, reason="other", evidence="证明", by=lead, at=AT)
    refused("MEMBER-LEFT", affiliations.join, kind="formal", **told)


def test_an_import_is_not_undone_below_a_meeting_or_a_letter(branch, other, lead, tmp_path):
    rows = [truth.clean(n, "演示甲党支部").cells.values() for n in (0, 4, 8)]
    batch = apply(stage(workbook(tmp_path / "a.xlsx", rows)))
    batch.refresh_from_db()
    meeting = meetings.plan(party=branch, kind="members", held_on=TODAY, fields={"topic": "学习"}, by=lead, at=AT)
    attending.begin(meeting=meeting, by=lead, at=AT)
    with pytest.raises(Refused) as told:
        undo(batch)
    assert {f.code for f in told.value.findings} == {"IMP-UNDO"} and Member.objects.known().count() == 3


def test_an_import_of_a_known_member_is_not_undone_below_his_letter(branch, other, lead, tmp_path):
    one = truth.clean(0, "演示甲党支部")
    one.cells |= {"组织关系状态": "流动", "组织关系所在地": ""}
    apply(stage(workbook(tmp_path / "a.xlsx", [one.cells.values()])), confirm_review=True)
    one.cells |= {"组织关系状态": "已转入", "所在党支部": "演示乙党支部"}
    batch = apply(stage(workbook(tmp_path / "b.xlsx", [one.cells.values()])), confirm_review=True)
    who = Member.objects.known().get()
    assert queries.formal_of(who.pk).party_organization == other
    row = transfers.plan(member=who, target=branch, by=lead, at=AT)
    with pytest.raises(Refused) as told:
        undo(batch)
    assert {f.code for f in told.value.findings} == {"IMP-UNDO"}
    transfers.cancel(row=row, reason="不转", by=lead, at=AT)
    undo(batch)
    assert queries.formal_of(who.pk) is None


def test_one_member_comes_with_one_row_at_a_time(branch, other, tmp_path):
    here, there = truth.clean(0, "演示甲党支部"), truth.clean(0, "演示乙党支部")
    there.cells |= {"组织关系状态": "双管", "组织关系所在地": "演示外地党支部"}
    sheet = [here.cells.values(), there.cells.values()]
    batch = stage(workbook(tmp_path / "a.xlsx", sheet))
    found = list(batch.rows.exclude(verdict="skip").order_by("number"))
    assert [row.verdict for row in found] == ["accept", "reject"]
    assert [f["code"] for f in found[1].findings if f["severity"] == "block"] == ["IMP-PERSON-TWICE"]
    apply(batch)
    apply(stage(workbook(tmp_path / "b.xlsx", sheet)))
    kinds = Affiliation.objects.now_open().order_by("party_organization").values_list("kind", flat=True)
    assert list(kinds) == ["formal", "double"] and MemberRecord.objects.current().count() == 1


def test_a_home_of_this_register_is_entered_there_first(branch, other, lead, tmp_path):
    guest = truth.clean(0, "演示乙党支部")
    guest.cells |= {"组织关系状态": "双管", "组织关系所在地": "演示甲党支部"}
    here = truth.clean(0, "演示甲党支部")
    batch = stage(workbook(tmp_path / "a.xlsx", [guest.cells.values(), here.cells.values()]))
    found = list(batch.rows.exclude(verdict="skip").order_by("number"))
    assert [row.verdict for row in found] == ["reject", "accept"]
    assert "IMP-HOME-INSIDE" in [f["code"] for f in found[0].findings]
    apply(batch)
    apply(stage(workbook(tmp_path / "b.xlsx", [guest.cells.values(), here.cells.values()])))
    rows = Affiliation.objects.now_open().order_by("party_organization").values_list("kind", "outside_name")
    assert list(rows) == [("formal", ""), ("double", "")]
    told = {"name": "演示党员甲", "evidence": "档案", "admitted_on": date(2015, 6, 1)}
    refused("MEMBER-HOME-INSIDE", members.enter, party=other, kind="double", fields=told, by=lead,
            outside_name="演示甲党支部 ", confirmed=True)  # fmt: skip


def closed_meeting(branch, lead, on):
    told = {
        "topic": "学习",
        "host": "演示甲",
        "recorder": "演示乙",
        "place": "演示室",
        "starts": time(9),
        "ends": time(10),
    }
    meeting = meetings.plan(party=branch, kind="members", held_on=on, fields=told, by=lead, at=AT)
    meeting = attending.begin(meeting=meeting, by=lead, at=AT)
    meeting = attending.save(meeting=meeting, marks={}, by=lead, at=AT)
    meeting = meetings.save_minutes(meeting=meeting, minutes="学习。", signed=True, by=lead, at=AT)
    return meetings.close(meeting=meeting, by=lead, at=AT)


def test_no_branch_ended_before_its_last_meeting(branch, lead, head):
    closed_meeting(branch, lead, date(2026, 9, 10))
    told = {"party": branch, "reason": "不再具备条件", "by": head}
    refused("PARTY-END-HELD", organizations.dissolve, on=date(2026, 9, 10), **told)
    organizations.dissolve(on=date(2026, 9, 11), **told, at=AT)


def test_no_meeting_of_a_branch_that_is_approved_and_not_founded(areas, committee, lead):
    branch = make.party(area=areas["district"], superior=committee, start=date(2026, 3, 2))
    PartyOrganization.objects.filter(pk=branch.pk).update(established_on=None)
    branch.refresh_from_db()
    told = {"party": branch, "kind": "members", "fields": {"topic": "学习"}, "by": lead}
    refused("MEETING-DAY", meetings.plan, held_on=date(2026, 3, 1), **told)
    meetings.plan(held_on=date(2026, 3, 2), **told, at=AT)


def present(branch, lead, on, count):
    who = make.members(branch, count, start=on)
    meeting = meetings.plan(party=branch, kind="members", held_on=on, fields={"topic": "学习"}, by=lead, at=AT)
    meeting = attending.begin(meeting=meeting, by=lead, at=AT)
    marks = {one.pk: Mark("present") for one in who}
    return attending.save(meeting=meeting, marks=marks, by=lead, at=AT), who


def test_a_branch_votes_about_its_own(branch, other, lead):
    meeting, _who = present(branch, lead, TODAY, 3)
    stranger = make.member(confirmed_on=None)
    make.affiliate(stranger, other)
    told = {"meeting": meeting, "kind": "confirmation", "subject": "转正", "method": "secret", "by": lead}
    refused("VOTE-MEMBER", deciding.put, member=stranger, **told)


@pytest.mark.parametrize(("what", "code"), [("moved", "FOUNDING-MOVED"), ("letter", "FOUNDING-TRANSFER"),
                                            ("left", "FOUNDING-MOVED")])  # fmt: skip
def test_a_founding_takes_only_who_is_still_there(branch, other, areas, committee, lead, centre, what, code):
    (who,) = make.members(branch, 1, organization=centre)
    listed = [(who, "formal", {"organization": centre})]
    row = make.founding(committee, centre, roster=listed)
    row = founding.Founding.objects.get(pk=row.pk)
    if what == "left":
        members.leave(member=who, on=TODAY, reason="other", evidence="证明", by=lead, at=AT)
    else:
        sent = letter(who, other, lead)
        if what == "moved":
            transfers.accept(row=sent, on=TODAY, by=lead, at=AT)
    new = make.party(area=areas["district"], superior=committee, start=TODAY)
    with pytest.raises(Refused) as told:
        founding.join_members(row, new, TODAY, by=lead, at=AT)
    assert [f.code for f in told.value.findings] == [code]
    assert not Affiliation.objects.filter(party_organization=new).exists()


def test_who_left_does_not_come_with_a_founding(areas, committee, lead, centre):
    who = make.member(left_on=date(2026, 5, 1), left_reason="other")
    row = make.founding(committee, centre, roster=[(who, "committed", {
        "organization": centre, "consented_on": date(2026, 4, 1), "transfer_due_on": date(2026, 11, 1),
        "full_time": True})])  # fmt: skip
    new = make.party(area=areas["district"], superior=committee, start=TODAY)
    with pytest.raises(Refused) as told:
        founding.join_members(row, new, TODAY, by=lead, at=AT)
    assert [f.code for f in told.value.findings] == ["MEMBER-LEFT"]
