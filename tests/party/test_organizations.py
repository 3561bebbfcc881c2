"""Party organizations: entered, adjusted, dissolved; who sees and writes them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core import access, search
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import affiliations, organizations
from liaoyuan.party.models import Affiliation, Formation, Officer, PartyOrganization, Unit
from liaoyuan.registry.models import OPEN
from tests.core.factories import AT, user
from tests.party import factories as make

JOINT = {"name": "演示联合党支部", "form": "branch", "branch_kind": "joint", "evidence": "滨社工〔2026〕8号"}


def test_a_superior_enters_a_branch_with_its_units(areas, committee, lead, centre):
    made = organizations.enter(
        area=areas["district"], fields={**JOINT, "carrier_name": "演示发展中心"}, superior=committee,
        units=[centre, "演示街道办事处"], start=date(2026, 10, 26), by=lead, at=AT,
    )  # fmt: skip
    assert made.path == f"p/{committee.pk}/{made.pk}/"
    row = Formation.objects.now_open().get(party_organization=made)
    assert (row.superior, row.carrier_name, row.valid_to) == (committee, "演示发展中心", OPEN)
    units = list(Unit.objects.active(date(2026, 10, 26)).filter(party_organization=made).order_by("pk"))
    assert [(u.organization, u.outside_name, u.joint) for u in units] == [
        (centre, "", True),
        (None, "演示街道办事处", True),
    ]
    assert not Unit.objects.active(date(2026, 10, 25)).exists()
    below, beside = (
        make.secretary(committee, "below"),
        make.secretary(make.committee(areas["district"], "旁"), "beside"),
    )
    for who, hits in ((lead, ["演示联合党支部"]), (below, ["演示联合党支部"]), (beside, [])):
        assert [hit.title for hit in search.find("演示联合", user=who).hits] == hits


def test_nothing_stands_below_a_branch_and_a_branch_has_a_superior(areas, committee, lead):
    branch = make.party(area=areas["district"], superior=committee)
    for superior, field in ((branch, "superior"), (None, "superior")):
        with pytest.raises(Refused) as told:
            organizations.enter(area=areas["district"], fields=JOINT, superior=superior, start=date(2026, 1, 1),
                                by=lead, at=AT)  # fmt: skip
        assert [f.field for f in told.value.findings] == [field]
    assert PartyOrganization.objects.count() == 2


def test_an_adjustment_keeps_what_was(areas, committee, lead):
    branch = make.party("演示甲党支部", area=areas["district"], superior=committee)
    organizations.change(party=branch, fields={"name": "演示乙党支部"}, on=date(2026, 3, 1), by=lead, at=AT)
    rows = Formation.objects.current().filter(party_organization=branch).order_by("valid_from")
    assert [(r.name, r.valid_from, r.valid_to) for r in rows] == [
        ("演示甲党支部", make.START, date(2026, 3, 1)), ("演示乙党支部", date(2026, 3, 1), OPEN),
    ]  # fmt: skip
    assert Formation.objects.filter(party_organization=branch).count() == 3


def test_moving_below_another_superior_moves_all_below(areas, committee, lead):
    general = make.party("演示党总支", "general", area=areas["district"], superior=committee)
    branch = make.party(area=areas["district"], superior=general)
    other = make.committee(areas["district"], "演示第二党委")
    organizations.change(party=general, fields={}, superior=other, on=date(2026, 3, 1), by=lead, at=AT)
    branch.refresh_from_db()
    assert branch.path == f"p/{other.pk}/{general.pk}/{branch.pk}/"
    with pytest.raises(Refused):
        organizations.change(party=other, fields={}, superior=general, on=date(2026, 3, 2), by=lead, at=AT)


def test_a_branch_with_members_is_not_dissolved(areas, committee, head, lead):
    branch = make.party(area=areas["district"], superior=committee)
    (who,) = make.members(branch, 1)
    make.post(branch, who)
    with pytest.raises(Refused) as told:
        organizations.dissolve(party=branch, on=date(2026, 10, 20), reason="不再具备条件", by=head, at=AT)
    assert "1 名党员" in str(told.value)
    Affiliation.objects.all().delete()
    with pytest.raises(PermissionDenied):
        organizations.dissolve(party=branch, on=date(2026, 10, 20), reason="不再具备条件", by=lead, at=AT)
    organizations.dissolve(party=branch, on=date(2026, 10, 20), reason="不再具备条件", by=head, at=AT)
    assert not Officer.objects.active(date(2026, 10, 20)).exists()
    assert Officer.objects.active(date(2026, 10, 19)).exists()
    assert not PartyOrganization.objects.living().filter(pk=branch.pk).exists()


def test_a_grant_over_a_party_organization_covers_all_below_it(areas, committee):
    branch = make.party(area=areas["district"], superior=committee)
    other = make.party(area=areas["district"], superior=committee)
    clerk = make.secretary(branch)
    above = user("above", ("branch_secretary", "party", str(committee.pk)))
    assert set(PartyOrganization.objects.visible_to(clerk)) == {branch}
    assert set(PartyOrganization.objects.visible_to(above)) == {committee, branch, other}
    mine, theirs = make.members(branch, 1)[0], make.members(other, 1)[0]
    from liaoyuan.party.models import Member

    assert set(Member.objects.visible_to(clerk)) == {mine}
    assert set(Member.objects.visible_to(above)) == {mine, theirs}
    assert access.covers(clerk, "party.life.edit", branch, write=True)
    assert not access.covers(clerk, "party.life.edit", other, write=True)


def test_a_second_formal_affiliation_is_refused(areas, committee, lead):
    branch = make.party(area=areas["district"], superior=committee)
    other = make.party(area=areas["district"], superior=committee)
    (who,) = make.members(branch, 1)
    with pytest.raises(Refused) as told:
        affiliations.join(member=who, party=other, kind="formal", start=date(2026, 5, 1), by=lead, at=AT)
    assert [f.code for f in told.value.findings] == ["PB-REL-01"]
    affiliations.join(member=who, party=other, kind="temporary", start=date(2026, 5, 1), by=lead, at=AT,
                      fields={"consented_on": date(2026, 5, 1), "full_time": True})  # fmt: skip
    row = Affiliation.objects.now_open().get(party_organization=other)
    assert (row.stage, row.transfer_due_on) == ("surveyed", date(2026, 11, 1))


def test_stages_follow_their_order(areas, committee, lead):
    branch = make.party(area=areas["district"], superior=committee)
    who = make.member()
    row = make.affiliate(who, branch, "temporary", stage="surveyed", start=date(2026, 5, 1))
    row = affiliations.advance(row=row, stage="dual", on=date(2026, 6, 1), by=lead, at=AT)
    for stage in ("moved", "surveyed", "dual"):
        with pytest.raises(Refused):
            affiliations.advance(row=row, stage=stage, on=date(2026, 7, 1), by=lead, at=AT)
    with pytest.raises(Refused):
        affiliations.advance(row=row, stage="moving", on=date(2026, 5, 31), by=lead, at=AT)
    row = affiliations.advance(row=row, stage="kept", on=date(2026, 7, 1), by=lead, at=AT)
    assert Affiliation.objects.now_open().get(member=who).stage == "kept"
