"""Bodies merged and taken back with their party rows; what is told of a member ends years after he left."""

from datetime import date, timedelta

import pytest

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import retention
from liaoyuan.core.retention import TABLE
from liaoyuan.kit.findings import Refused
from liaoyuan.party.models import Affiliation, Founding, FoundingUnit, MemberRecord, Transfer, Unit
from liaoyuan.party.queries import secrets
from liaoyuan.registry.actions import merging
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.party import factories as make

BY = Operator("tests")


def merge(kept, gone):
    versions = dict(Organization.objects.filter(pk__in=[kept.pk, gone.pk]).values_list("pk", "version"))
    return merging.merge(kept=kept.pk, gone=gone.pk, reason="电话核实", versions=versions, by=BY, at=AT)


@pytest.fixture
def branch(areas, committee):
    return make.party("演示甲党支部", area=areas["district"], superior=committee)


def test_party_rows_follow_and_come_back(branch, committee, centre, other_centre):
    make.unit(branch, other_centre)
    who = make.member()
    make.affiliate(who, branch, organization=other_centre)
    founding = make.founding(committee, other_centre, carrier=other_centre, roster=[(who, "formal", {})])
    letter = make.transfer(who, branch, None, organization=other_centre)
    made = merge(centre, other_centre)
    assert Unit.objects.now_open().get().organization == centre
    assert Affiliation.objects.now_open().get().organization == centre
    founding.refresh_from_db()
    letter.refresh_from_db()
    assert founding.applicant == founding.carrier == letter.organization == centre
    assert FoundingUnit.objects.get().organization == centre
    merging.undo(merge=made, by=BY, at=AT)
    assert Unit.objects.now_open().get().organization == other_centre
    assert Affiliation.objects.now_open().get().organization == other_centre
    assert Founding.objects.get().applicant == other_centre and Transfer.objects.get().organization == other_centre
    assert FoundingUnit.objects.get().organization == other_centre


def test_two_branches_refuse_and_one_branch_does_not(branch, areas, committee, centre, other_centre):
    second = make.party("演示乙党支部", area=areas["district"], superior=committee)
    make.unit(branch, centre)
    there = make.unit(second, other_centre)
    with pytest.raises(Refused) as told:
        merge(centre, other_centre)
    assert "演示甲党支部" in str(told.value) and "演示乙党支部" in str(told.value)
    assert Organization.objects.known().count() == 2
    Unit.objects.filter(pk=there.pk).update(party_organization=branch)
    made = merge(centre, other_centre)
    assert Unit.objects.now_open().count() == 1
    merging.undo(merge=made, by=BY, at=AT)
    assert Unit.objects.now_open().count() == 2


def test_a_merge_is_not_taken_back_over_a_later_change(branch, centre, other_centre):
    make.unit(branch, other_centre)
    made = merge(centre, other_centre)
    Unit.objects.now_open().update(superseded_at=AT)
    with pytest.raises(Refused):
        merging.undo(merge=made, by=BY, at=AT)


def test_what_is_told_of_a_member_ends_years_after_he_left(branch):
    days = TABLE["members_left"].days
    sealed = {"mobile": secrets.seal("mobile", "13900001234"), "native_place": "江苏无锡", "left_reason": "moved"}
    old = make.member("演示党员甲", left_on=AT.date() - timedelta(days + 1), **sealed)
    young = make.member("演示党员乙", left_on=AT.date() - timedelta(days - 1), **sealed)
    here = make.member("演示党员丙", mobile=sealed["mobile"])
    make.affiliate(old, branch, valid_to=date(2024, 6, 1), home_contact="某人")
    told = {line["code"]: line["ended"] for line in retention.run(at=AT, by=BY)}
    assert told["members_left"] == 1
    record = MemberRecord.objects.get(member=old)
    assert (record.name, record.mobile, record.native_place, record.evidence) == ("*", "", "", "")
    assert record.admitted_on == date(2015, 6, 1) and Affiliation.objects.get().home_contact == ""
    for who in (young, here):
        assert secrets.clear("mobile", MemberRecord.objects.get(member=who).mobile) == "13900001234"
    assert {line["code"]: line["due"] for line in retention.run(at=AT, by=BY)}["members_left"] == 0
