"""Members: entered, tied, corrected, gone; voting pauses, accounts, what follows merges."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import accounts, affiliations, members, pauses
from liaoyuan.party.models import Affiliation, Member, MemberAccount, MemberRecord, Officer, VotingPause
from liaoyuan.party.queries import members as reading
from liaoyuan.party.queries import secrets
from liaoyuan.people.actions import merging
from liaoyuan.people.models import Person
from liaoyuan.registry.models import BEGINNING, OPEN
from tests.core.factories import AT, user
from tests.party import factories as make
from tests.people import factories as people
from tests.registry import factories as registry

NUMBER = people.ric("19900307", 1)
TOLD = {"name": "演示党员甲", "gender": "m", "admitted_on": date(2015, 6, 1), "confirmed_on": date(2016, 6, 1),
        "evidence": "党员档案"}  # fmt: skip


@pytest.fixture
def branch(areas, committee):
    return make.party("演示甲党支部", area=areas["district"], superior=committee)


@pytest.fixture
def other(areas, committee):
    return make.party("演示乙党支部", area=areas["district"], superior=committee)


def enter(branch, by, kind="formal", confirmed=False, start=None, tie=None, outside_name="", **told):
    return members.enter(party=branch, kind=kind, fields={**TOLD, **told}, start=start, tie=tie,
                         outside_name=outside_name, by=by, at=AT, confirmed=confirmed)  # fmt: skip


def codes(refused):
    return [f.code for f in refused.value.findings]


def test_a_secretary_enters_a_member_and_secrets_are_sealed(branch):
    by = make.secretary(branch)
    who = enter(branch, by, id_number=NUMBER, birth="1990-03", mobile="13900001234", home_address="江苏省无锡市某路1号")
    record = MemberRecord.objects.get(member=who)
    assert secrets.opened(record) == {
        "birth": "1990-03", "mobile": "13900001234", "home_address": "江苏省无锡市某路1号",
    }  # fmt: skip
    assert not {"1990-03", "13900001234"} & {record.birth, record.mobile} and record.numbered
    row = Affiliation.objects.get(member=who)
    assert (row.party_organization, row.kind, row.valid_from, row.valid_to, row.assumed) == (
        branch, "formal", BEGINNING, OPEN, True,
    )  # fmt: skip


def test_only_over_ones_own_party_organization_and_with_a_document(branch, other):
    by = make.secretary(branch)
    with pytest.raises(PermissionDenied):
        enter(other, by)
    with pytest.raises(Refused) as told:
        enter(branch, by, evidence="")
    assert codes(told) == ["MEMBER-EVIDENCE"] and not Member.objects.exists() and not Person.objects.exists()


def test_a_known_number_links_silently(branch, centre):
    known = people.person(centre, "演示党员甲", number=NUMBER)
    who = enter(branch, make.secretary(branch), id_number=NUMBER)
    assert who.person == known and Person.objects.count() == 1


def test_a_number_under_another_name_is_refused_without_saying_whose(branch, other):
    enter(branch, make.secretary(branch), id_number=NUMBER)
    with pytest.raises(Refused) as told:
        enter(other, make.secretary(other, "b"), kind="temporary", id_number=NUMBER, name="演示党员乙",
              outside_name="某支部")  # fmt: skip
    assert codes(told) == ["MEMBER-NAME"] and "甲" not in str(told.value)
    assert Affiliation.objects.count() == 1


def test_a_second_formal_one_is_refused_and_a_stranger_is_not_told_where(branch, other, lead):
    enter(branch, make.secretary(branch), id_number=NUMBER, start=date(2020, 1, 1))
    with pytest.raises(Refused) as told:
        enter(other, make.secretary(other, "b"), id_number=NUMBER)
    assert codes(told) == ["PB-REL-01"] and "甲党支部" not in str(told.value) and "2020" not in str(told.value)
    with pytest.raises(Refused) as told:
        enter(other, lead, id_number=NUMBER)
    assert "演示甲党支部" in str(told.value)


def test_the_same_name_in_the_branch_is_a_doubt_unless_birth_tells_apart(branch):
    by = make.secretary(branch)
    enter(branch, by, birth="1990-03")
    with pytest.raises(Refused) as told:
        enter(branch, by)
    assert codes(told) == ["MEMBER-SAME"]
    enter(branch, by, birth="1985-01")
    assert Member.objects.count() == 2
    enter(branch, by, confirmed=True)
    assert Member.objects.count() == 3


def test_a_host_comes_with_the_outside_branch_and_tells_nothing_of_another_s_member(branch, other):
    by = make.secretary(branch)
    who = enter(branch, by, kind="temporary", outside_name="演示外地党支部", id_number=NUMBER, mobile="13900001234",
                tie={"full_time": True, "consented_on": date(2026, 5, 1)})  # fmt: skip
    rows = {r.kind: r for r in Affiliation.objects.filter(member=who)}
    assert rows["formal"].outside_name == "演示外地党支部" and rows["formal"].party_organization is None
    assert (rows["temporary"].stage, rows["temporary"].transfer_due_on) == ("surveyed", date(2026, 11, 1))
    later = make.secretary(other, "b")
    assert enter(other, later, kind="floating", id_number=NUMBER, mobile="13911112222") == who
    assert secrets.opened(reading.current(who))["mobile"] == "13900001234"
    assert reading.keeper(who) == branch and not reading.keeps(later, who)
    assert accounts.revealable(later, who) == set() and "mobile" in accounts.revealable(by, who)
    with pytest.raises(PermissionDenied):
        members.correct(member=who, fields={"name": "演示党员乙"}, by=later, at=AT)


def test_a_host_without_a_known_home_is_a_doubt(branch):
    with pytest.raises(Refused) as told:
        enter(branch, make.secretary(branch), kind="double")
    assert codes(told) == ["MEMBER-HOME"]
    who = enter(branch, make.secretary(branch, "b"), kind="double", confirmed=True)
    assert Affiliation.objects.get(member=who).kind == "double"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"confirmed_on": date(2015, 5, 31)}, "MEMBER-DAYS"),
        ({"confirmed_on": date(2016, 5, 31)}, "MEMBER-PROBATION"),
        ({"admitted_on": date(2026, 10, 27), "confirmed_on": None}, "MEMBER-FUTURE"),
        ({"admitted_on": None}, "MEMBER-ADMITTED"),
        ({"birth": "1997-06-02"}, "MEMBER-AGE"),
        ({"id_number": NUMBER, "birth": "1991-03"}, "PER-BIRTH"),
    ],
)
def test_days_that_cannot_be(branch, fields, code):
    with pytest.raises(Refused) as told:
        enter(branch, make.secretary(branch), **fields)
    assert codes(told) == [code]


def test_lawful_days_pass(branch):
    by = make.secretary(branch)
    enter(branch, by, birth="1997-06-01")
    enter(branch, by, name="演示党员乙", admitted_on=date(1978, 6, 1), confirmed_on=date(1978, 6, 1))


def test_a_correction_keeps_what_was_and_only_the_difference(branch):
    by = make.secretary(branch)
    who = enter(branch, by, mobile="13900001234", degree="学士")
    who.refresh_from_db()
    members.correct(member=who, fields={"degree": "", "job": "社工"}, version=who.version, by=by, at=AT)
    record = reading.current(who)
    assert (record.degree, record.job, secrets.opened(record)["mobile"]) == ("", "社工", "13900001234")
    assert MemberRecord.objects.filter(member=who).count() == 2
    with pytest.raises(Refused) as told:
        members.correct(member=who, fields={"job": "主任"}, version=who.version, by=by, at=AT)
    assert codes(told) == ["MEMBER-STALE"]
    from liaoyuan.core.models import AuditEvent

    changes = AuditEvent.objects.filter(code="member.corrected").get().payload["changes"]
    assert changes == {"degree": ["学士", ""], "job": ["", "社工"]}
    assert "13900001234" not in str(list(AuditEvent.objects.values()))


def test_a_new_number_moves_the_member_and_leaves_others_alone(branch, centre):
    by = make.secretary(branch)
    who = enter(branch, by)
    first = who.person
    members.correct(member=who, fields={"id_number": NUMBER}, by=by, at=AT)
    first.refresh_from_db()
    assert first.id_index == secrets.persons.index(NUMBER)
    known = people.person(centre, "演示党员甲", number=people.ric("19900307", 3))
    members.correct(member=who, fields={"id_number": people.ric("19900307", 3)}, by=by, at=AT)
    who.refresh_from_db()
    first.refresh_from_db()
    assert who.person == known and first.voided_at is not None and first.id_number == ""
    enter(branch, by, name="演示党员丙", id_number=people.ric("19850101", 1))
    with pytest.raises(Refused) as told:
        members.correct(member=who, fields={"id_number": people.ric("19850101", 1)}, by=by, at=AT)
    assert codes(told) == ["MEMBER-NUMBER"] and "丙" not in str(told.value)


def test_who_leaves_is_seen_by_nobody_and_may_come_back(branch, committee, lead):
    by = make.secretary(branch)
    who = enter(branch, by, start=date(2020, 1, 1), id_number=NUMBER)
    make.post(branch, who, "vice")
    accounts.link(member=who, username=user("someone").username, by=by, at=AT)
    pauses.pause(member=who, on=date(2026, 1, 1), by=by, at=AT)
    for day, reason, evidence, code in (
        (date(2026, 10, 27), "moved", "介绍信", "MEMBER-LEFT-DAY"),
        (date(2015, 6, 1), "moved", "介绍信", "MEMBER-LEFT-DAY"),
        (date(2026, 10, 1), "expelled", "介绍信", "MEMBER-LEFT-REASON"),
        (date(2026, 10, 1), "died", "", "MEMBER-EVIDENCE"),
    ):  # fmt: skip
        with pytest.raises(Refused) as told:
            members.leave(member=who, on=day, reason=reason, evidence=evidence, by=by, at=AT)
        assert codes(told) == [code]
    transfer = make.transfer(who, branch, None)
    with pytest.raises(Refused, match="转接"):
        members.leave(member=who, on=date(2026, 10, 1), reason="moved", evidence="介绍信", by=by, at=AT)
    transfer.delete()
    members.leave(member=who, on=date(2026, 10, 1), reason="moved", evidence="介绍信", by=by, at=AT)
    assert not Member.objects.visible_to(by).exists() and not Member.objects.visible_to(lead).exists()
    for model in (Affiliation, Officer, VotingPause):
        assert not model.objects.active(date(2026, 10, 1)).exists(), model
        assert model.objects.active(date(2026, 9, 30)).exists(), model
    assert not MemberAccount.objects.exists()
    assert reading.current(who).status(date(2026, 10, 1)) is None
    assert enter(branch, by, id_number=NUMBER) == who
    assert reading.current(who).left_on is None
    assert Affiliation.objects.now_open().get(member=who).valid_from == date(2026, 10, 1)


def test_a_pause_takes_the_vote_for_its_days(branch, settings):
    from liaoyuan.party.queries import counts

    by = make.secretary(branch)
    who = enter(branch, by, start=date(2020, 1, 1))
    pauses.pause(member=who, on=date(2026, 3, 1), by=by, at=AT)
    with pytest.raises(Refused) as told:
        pauses.pause(member=who, on=date(2026, 4, 1), by=by, at=AT)
    assert codes(told) == ["PAUSE-TWICE"]
    pauses.resume(member=who, on=date(2026, 9, 1), by=by, at=AT)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 8, 31), date(2026, 9, 1)]
    assert [counts.voters(branch.pk, day).count() for day in days] == [1, 0, 0, 1]
    settings.ZONE = "internet"
    with pytest.raises(Refused) as told:
        pauses.pause(member=who, on=date(2026, 9, 5), by=by, at=AT)
    assert codes(told) == ["PRIVACY-ZONE"]


def test_a_probationary_member_has_no_vote_to_pause(branch):
    by = make.secretary(branch)
    who = enter(branch, by, confirmed_on=None)
    with pytest.raises(Refused) as told:
        pauses.pause(member=who, on=date(2026, 3, 1), by=by, at=AT)
    assert codes(told) == ["PAUSE-DAY"]


def test_an_account_is_linked_once_on_either_side(branch):
    by = make.secretary(branch)
    one, two = enter(branch, by), enter(branch, by, name="演示党员乙")
    own = user("own")
    accounts.link(member=one, username=" own ", by=by, at=AT)
    assert reading.account_of(own) == one
    for member, name, code in ((one, "secretary", "ACCOUNT-TWICE"), (two, "own", "ACCOUNT-TAKEN"),
                               (two, "nobody", "ACCOUNT-NONE")):  # fmt: skip
        with pytest.raises(Refused) as told:
            accounts.link(member=member, username=name, by=by, at=AT)
        assert codes(told) == [code]
    assert accounts.revealable(own, one) == {"id_number", "birth", "mobile", "home_address"}
    assert accounts.revealable(own, two) == set()
    accounts.unlink(member=one, by=by, at=AT)
    assert reading.account_of(own) is None


def test_merging_persons_carries_the_member_and_says_nothing_when_both_are(branch, centre):
    officer = registry.officer()
    kept = people.person(centre, "演示党员甲", number=NUMBER)
    gone = people.person(centre, "演示党员甲")
    who = make.member("演示党员甲", person=gone)
    make.affiliate(who, branch)
    merging.merge(kept=kept, gone=gone, reason="同一人", by=officer, at=AT)
    who.refresh_from_db()
    assert who.person == kept
    third = people.person(centre, "演示党员甲")
    make.affiliate(make.member("演示党员甲", person=third), branch)
    with pytest.raises(Refused) as told:
        merging.merge(kept=kept, gone=third, reason="同一人", by=officer, at=AT)
    assert codes(told) == ["PER-MERGE-OTHER"] and "党" not in str(told.value)


def test_seniority_counts_from_the_day_of_confirmation():
    record = MemberRecord(admitted_on=date(2015, 6, 1), confirmed_on=date(2016, 6, 1))
    days = [date(2016, 5, 31), date(2016, 6, 1), date(2017, 5, 31), date(2017, 6, 1), date(2026, 5, 31)]
    assert [reading.seniority(record, day) for day in days] == [None, 0, 0, 1, 9]


def test_a_participation_may_begin_again_after_it_ended(branch, lead):
    who = make.member()
    make.affiliate(who, None)
    row = make.affiliate(who, branch, "floating", start=date(2025, 1, 1))
    affiliations.leave(row=row, on=date(2025, 6, 1), reason="返回", by=lead, at=AT)
    again = affiliations.join(member=who, party=branch, kind="floating", by=lead, at=AT)
    assert again.valid_from == date(2025, 6, 1) and again.assumed
