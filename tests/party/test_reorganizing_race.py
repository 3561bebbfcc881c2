"""Two at once: officers who approve one adjustment, applications for one branch, a unit wanted by two branches."""

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.actions import cases, deciding
from liaoyuan.core.models import AuditEvent, Case
from liaoyuan.party.actions import reorganizing
from liaoyuan.party.models import Formation, Reorganization, Unit
from tests.core.factories import AT
from tests.party import factories as make
from tests.party.test_meetings_race import again, together
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db(transaction=True)
DAY = AT.date()


@pytest.fixture
def ground():
    areas = registry.binhu()
    committee = make.committee(areas["district"])
    branches = []
    for _n in range(2):
        branch = make.party(area=areas["district"], superior=committee, kind="joint")
        for _m in range(2):
            body = registry.organization(street=areas["heli"])
            make.unit(branch, body, joint=True)
            make.members(branch, 2, organization=body)
        branches.append(branch)
    return branches, registry.organization(street=areas["heli"]), make.lead()


def examined(branch, lead, **told):
    row = reorganizing.draft(
        party=branch, what="adjust", origin="superior", fields={"reason": "工作需要"}, by=lead, at=AT, **told
    )
    row = reorganizing.submit(row=row, by=lead, at=AT)
    cases.opine(case=row.case, outcome="agree", text="同意", by=lead, at=AT)
    return row


def approving(row, head):
    return lambda: deciding.decide(
        case=Case.objects.get(pk=row.case_id), decision="approved", on=DAY, decision_no="滨社工〔2026〕1号",
        by=again(head), at=AT, confirmed=True,
    )  # fmt: skip


def test_of_two_who_approve_at_once_one_does(ground):
    (branch, _other), body, lead = ground
    row = examined(branch, lead, joining=[body])
    heads = [make.lead(name, "party_head") for name in ("head", "second")]
    told = together(*(approving(row, head) for head in heads))
    assert sorted(isinstance(one, Case) for one in told) == [False, True]
    assert "CASE.state" in told
    assert Unit.objects.now_open().filter(organization=body).count() == 1
    assert Formation.objects.now_open().filter(party_organization=branch).count() == 1
    assert AuditEvent.objects.filter(code="party.units_changed").count() == 1


def test_of_two_applications_for_one_branch_one_is_handed_in(ground):
    (branch, _other), body, lead = ground
    drafts = [
        reorganizing.draft(
            party=branch, what=what, origin="superior", fields={"reason": "工作需要"}, joining=joining, by=lead, at=AT
        )
        for what, joining in (("adjust", [body]), ("dissolve", []))
    ]

    def handing_in(row):
        return lambda: reorganizing.submit(row=Reorganization.objects.get(pk=row.pk), by=again(lead), at=AT)

    told = together(*(handing_in(row) for row in drafts))
    assert sorted(isinstance(one, Reorganization) for one in told) == [False, True]
    assert "ADJUST-TWICE" in told
    assert Case.objects.count() == 1


def test_a_unit_that_two_branches_want_comes_to_one(ground):
    branches, body, lead = ground
    rows = [examined(branch, lead, joining=[body]) for branch in branches]
    head = make.lead("head", "party_head")
    told = together(*(approving(row, head) for row in rows))
    assert sorted(isinstance(one, Case) for one in told) == [False, True]
    assert "PB-FORM-07" in told
    assert Unit.objects.now_open().filter(organization=body).count() == 1
    assert sorted(Reorganization.objects.values_list("state", flat=True)) == ["applied", "carried"]


def test_editing_while_it_is_decided_never_hangs(ground):
    (branch, _other), body, lead = ground
    row = examined(branch, lead, joining=[body])
    head = make.lead("head", "party_head")

    def edit():
        try:
            fresh = Reorganization.objects.select_related("case").get(pk=row.pk)
            return reorganizing.save(row=fresh, fields={"reason": "补充"}, joining=[body], by=again(lead), at=AT)
        except PermissionDenied:
            return "decided already"

    told = together(approving(row, head), edit)
    assert isinstance(told[0], Case), told
    assert told[1] in ("decided already", "CASE.state"), "what was examined is not written anew"
    row.refresh_from_db()
    assert (row.state, row.reason) == ("carried", "工作需要")
