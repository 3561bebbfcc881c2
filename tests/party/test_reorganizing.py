"""Adjusting and dissolving by application: what the rules say, what the approval carries out, what follows (art. 7)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.actions import cases, deciding
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import officers, organizations, reorganizing
from liaoyuan.party.models import (
    Affiliation,
    Formation,
    GroupMember,
    Officer,
    PartyOrganization,
    Reorganization,
    Term,
    Unit,
)
from liaoyuan.party.queries import changing, counts, due, standing
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import reorganizing as queries
from liaoyuan.party.rules.adjusting import AdjustingFacts, adjusting, new_officers
from liaoyuan.party.rules.ending import EndingFacts, hanging
from liaoyuan.registry.models import OPEN
from tests.core.factories import AT
from tests.party import factories as make
from tests.party.test_meetings_actions import refused
from tests.registry import factories as registry

TODAY = AT.date()
APPROVED = date(2026, 10, 20)
NUMBER = "滨社工〔2026〕31号"


@pytest.fixture
def third_centre(areas):
    return registry.organization("滨湖区丙示例服务中心", "MF", street=areas["heli"])


@pytest.fixture
def joint(areas, committee, centre, other_centre):
    """A joint branch of two units with two full members each."""
    branch = make.party("演示联合党支部", area=areas["district"], superior=committee, kind="joint")
    for body in (centre, other_centre):
        make.unit(branch, body, joint=True)
        make.members(branch, 2, organization=body)
    return branch


def ask(branch, by, what="adjust", origin="superior", *, joining=(), leaving=(), applicant=None, **fields):
    row = reorganizing.draft(
        party=branch, what=what, origin=origin, fields={"reason": "工作需要", **fields}, joining=joining,
        leaving=leaving, applicant=applicant, by=by, at=AT,
    )  # fmt: skip
    return reorganizing.submit(row=row, by=by, at=AT, received_on=date(2026, 10, 8))


def decide(row, lead, head, **told):
    """Papers, opinion and approval by two persons."""
    case = row.case
    names = list(case.materials.values_list("name", flat=True))
    if names:
        cases.take_papers(case=case, names=names, on=date(2026, 10, 9), by=lead, at=AT)
    cases.opine(case=case, outcome="agree", text="符合条件，建议同意。", by=lead, at=AT)
    deciding.decide(case=case, decision="approved", on=APPROVED, decision_no=NUMBER, by=head, at=AT, **told)
    return queries.find(str(row.pk))


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"changes": False}, ["NOTHING"]),
        ({"below": 1}, ["BELOW"]),
        ({"form": "general", "below": 1}, []),
        ({"branch_kind": "joint", "units": 2}, []),
        ({"branch_kind": "joint", "units": 1}, ["FEW"]),
        ({"branch_kind": "independent", "units": 1}, []),
        ({"branch_kind": "independent", "units": 2}, ["MANY"]),
        ({"branch_kind": "temporary", "reshaped": True}, []),
        ({"branch_kind": "temporary", "reshaped": True, "direct": 1}, ["TASK"]),
        ({"branch_kind": "temporary", "direct": 1}, []),
        ({"leaving": [("甲", 0), ("乙", 1)]}, ["LEAVING"]),
        ({"joining": [("甲", 2)]}, ["JOINING"]),
        ({"form": "general", "reshaped": True, "direct": 3}, ["DIRECT"]),
        ({"officers": True}, ["OFFICERS"]),
    ],
)
def test_what_an_adjustment_must_say(facts, codes):
    found = adjusting(AdjustingFacts(**facts))
    assert [f.code.removeprefix("PARTY-ADJUST-") for f in found] == codes
    assert all(f.text.endswith("。") and "{" not in f.text for f in found)
    blocks = {"NOTHING", "BELOW", "FEW", "TASK"}
    assert [f.severity == "block" for f in found] == [code in blocks for code in codes]


@pytest.mark.parametrize("name", [f for f in EndingFacts.__slots__ if f not in ("task", "term")])
def test_whatever_hangs_blocks_a_dissolution_and_says_what_to_do(name):
    (found,) = hanging(EndingFacts(**{name: 2}))
    assert found.severity == "block"
    assert "请" in found.text
    assert "{" not in found.text


def test_a_task_branch_ends_with_its_participants_and_a_running_term_is_only_told():
    assert hanging(EndingFacts(dual=3, task=True)) == []
    assert [str(f.severity) for f in hanging(EndingFacts(term=2))] == ["info"]


@pytest.mark.parametrize(
    ("before", "after", "anew"),
    [
        (("branch", "independent"), ("branch", "joint"), False),
        (("branch", "joint"), ("general", ""), True),
        (("general", ""), ("committee", ""), True),
        (("branch", "functional"), ("branch", "joint"), True),
        (("branch", "functional"), ("branch", "temporary"), False),
    ],
)
def test_when_officers_follow(before, after, anew):
    assert new_officers(before, after) is anew


def test_a_unit_joins_a_joint_branch_from_the_application_to_the_filing(
    areas, committee, joint, lead, head, centre, other_centre, third_centre
):
    secretary = make.secretary(joint)
    row = reorganizing.draft(
        party=joint, what="adjust", origin="branch", joining=[third_centre], by=secretary, at=AT,
        fields={"reason": "邻近单位要求加入", "name": "演示三家联合党支部"},
    )  # fmt: skip
    assert (row.approver, row.area) == (committee, areas["district"])
    assert [f.severity for f in queries.asked(row, TODAY) if f.severity == "block"] == []
    row = reorganizing.submit(row=row, by=secretary, at=AT)
    case = row.case
    assert (case.state, case.applicant, case.kind) == ("applied", "演示联合党支部", "party.adjust")
    assert "加入：滨湖区丙示例服务中心" in case.facts["changes"]
    assert not Unit.objects.now_open().filter(organization=third_centre).exists(), "nothing before the approval"
    cases.receive(case=case, on=TODAY, by=lead, at=AT)
    names = list(case.materials.values_list("name", flat=True))
    assert "关于调整党组织的请示" in names
    cases.take_papers(case=case, names=names, on=TODAY, by=lead, at=AT)
    cases.opine(case=case, outcome="agree", text="同意", by=lead, at=AT)
    with pytest.raises(PermissionDenied):
        deciding.decide(case=case, decision="approved", on=TODAY, by=secretary, at=AT)
    deciding.decide(case=case, decision="approved", on=TODAY, decision_no=NUMBER, by=head, at=AT)
    row = queries.find(str(row.pk))
    assert (row.state, row.carried_on, row.officers) == ("carried", TODAY, False)
    old, new = Formation.objects.current().filter(party_organization=joint).order_by("valid_from")
    assert (old.name, old.valid_to) == ("演示联合党支部", TODAY)
    assert (new.name, new.valid_from, new.valid_to) == ("演示三家联合党支部", TODAY, OPEN)
    assert (new.evidence, new.approved_on, new.case_id) == (NUMBER, TODAY, case.pk)
    unit = Unit.objects.now_open().get(organization=third_centre)
    assert (unit.party_organization, unit.valid_from, unit.evidence, unit.joint) == (joint, TODAY, NUMBER, True)
    assert {u.organization for u, _n in reading.units_on(joint, APPROVED)} == {centre, other_centre}
    told = changing.facts_for("party_change_reply")(row, TODAY)
    assert told["title"] == "关于同意调整演示联合党支部的批复"
    assert "名称由“演示联合党支部”改为“演示三家联合党支部”" in told["changes"]
    row = reorganizing.file(row=row, on=TODAY, number="备7", by=lead, at=AT)
    assert (row.state, row.filing_no) == ("filed", "备7")


def test_a_unit_with_three_members_is_told_and_leaves_with_a_reminder(
    committee, joint, lead, head, centre, third_centre
):
    make.members(joint, 1, organization=centre)
    make.unit(joint, third_centre, joint=True)
    row = reorganizing.draft(
        party=joint, what="adjust", origin="unit", applicant=centre, fields={"reason": "本单位单独组建"},
        leaving=[centre], by=registry.head_of(centre, "boss"), at=AT,
    )  # fmt: skip
    codes = {f.code: f for f in queries.asked(row, TODAY)}
    assert codes["PARTY-ADJUST-LEAVING"].text.startswith("退出的滨湖区甲示例服务中心还有 3 名党员")
    assert "PB-FORM-06" in codes, "two full members are left"
    assert "PB-FORM-05" not in codes, "the unit that could have its own leaves"
    stay = reorganizing.draft(
        party=joint,
        what="adjust",
        origin="superior",
        fields={"reason": "改名", "name": "演示新名党支部"},
        by=lead,
        at=AT,
    )
    assert queries.asked(stay, TODAY) == [], "a new name asks no rule of formation"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"branch_kind": "independent"}, None),
        ({"branch_kind": "temporary"}, "PARTY-TASK-END"),
        ({"form": "general", "branch_kind": "joint"}, "ADJUST-KIND"),
        ({"reason": " "}, "ADJUST-REASON"),
        ({}, "PARTY-ADJUST-NOTHING"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(joint, lead, wish, code):
    if code is None:
        assert ask(joint, lead, **wish).state == "applied"
        return
    refused(code, ask, branch=joint, by=lead, **wish)


def test_rules_of_formation_block_the_application(areas, committee, lead, centre):
    small = make.party(area=areas["district"], superior=committee, kind="joint")
    make.unit(small, centre, joint=True)
    make.members(small, 2, organization=centre)
    told = refused("PB-FORM-02", ask, branch=small, by=lead, branch_kind="independent")
    assert "现为 2 名" in told.text
    other = make.party(area=areas["district"], superior=committee, kind="joint")
    with pytest.raises(Refused) as caught:
        ask(other, lead, joining=[centre, registry.organization(street=areas["heli"])])
    assert "PB-FORM-07" in {f.code for f in caught.value.findings}


def test_a_branch_becomes_a_general_branch_and_elects_before_it_is_filed(areas, committee, joint, lead, head):
    members = make.members(joint, 47)
    make.post(joint, members[0])
    make.term(joint)
    row = ask(joint, lead, form="general")
    assert {f.code for f in queries.asked(row, TODAY)} == {"PARTY-ADJUST-DIRECT", "PARTY-ADJUST-OFFICERS"}
    row = decide(row, lead, head)
    now = reading.formation(joint)
    assert (now.form, now.branch_kind, row.officers) == ("general", "", True)
    refused("ADJUST-OFFICERS", reorganizing.file, row=row, on=TODAY, by=lead, at=AT)
    old = Officer.objects.now_open().get(party_organization=joint)
    officers.end(row=old, on=APPROVED, reason="改设党总支", by=lead, at=AT)
    officers.appoint(party=joint, member=members[1], kind="secretary", on=APPROVED, by=lead, at=AT)
    assert reorganizing.file(row=row, on=TODAY, by=lead, at=AT).state == "filed"
    few = make.party(area=areas["district"], superior=committee)
    make.members(few, 4)
    told = queries.asked(ask(few, lead, form="general"), TODAY)
    assert ("PB-FORM-03", "warn") in {(f.code, str(f.severity)) for f in told}


def test_moving_below_another_superior_is_decided_by_the_committee_above_both(areas, committee, lead, head):
    local = make.committee(areas["heli"], "演示街道党工委", superior=committee)
    other = make.committee(areas["liyuan"], "演示第二街道党工委", superior=committee)
    branch = make.party(area=areas["heli"], superior=local)
    row = ask(branch, lead, superior_id=other.pk)
    assert (row.approver, row.area) == (committee, areas["district"])
    decide(row, lead, head)
    branch.refresh_from_db()
    assert branch.path == f"{other.path}{branch.pk}/"
    alone = ask(branch, make.lead("clerk", "street_office", "320211001"), name="演示改名党支部")
    assert alone.approver == other


def test_a_dissolution_waits_until_nothing_hangs(areas, committee, joint, lead, head, centre):
    members = list(Affiliation.objects.filter(party_organization=joint).order_by("pk"))
    make.post(joint, members[0].member)
    make.term(joint)
    row = ask(joint, lead, "dissolve", members_to="转入演示第二党支部")
    assert {str(f.severity) for f in queries.warned(row, queries.asked(row, TODAY))} == {"warn", "info"}
    with pytest.raises(Refused) as caught:
        decide(row, lead, head)
    assert "4 名党员" in str(caught.value)
    assert reading.formation(joint).valid_to == OPEN
    Affiliation.objects.filter(party_organization=joint).delete()
    deciding.decide(case=row.case, decision="approved", on=APPROVED, decision_no=NUMBER, by=head, at=AT)
    row = queries.find(str(row.pk))
    joint.refresh_from_db()
    assert (row.state, joint.dissolved_on) == ("carried", APPROVED)
    assert not Unit.objects.active(APPROVED).filter(party_organization=joint).exists()
    assert Unit.objects.active(date(2026, 10, 19)).filter(party_organization=joint).count() == 2
    assert not Officer.objects.active(APPROVED).filter(party_organization=joint).exists()
    assert Term.objects.current().get(party_organization=joint).ended_on == APPROVED
    refused("ADJUST-HANDOVER", reorganizing.file, row=row, on=TODAY, by=lead, at=AT)
    refused("ADJUST-DAY", reorganizing.hand_over, row=row, on=date(2026, 10, 19), to="演示区委", by=lead, at=AT)
    row = reorganizing.hand_over(row=row, on=TODAY, to="演示区社会组织综合党委", note="印章一枚", by=lead, at=AT)
    assert reorganizing.file(row=row, on=TODAY, by=lead, at=AT).state == "filed"
    assert organizations.PartyOrganization.objects.living().filter(pk=joint.pk).exists() is False


def test_a_temporary_branch_ends_with_its_task(areas, committee, lead, head):
    branch = make.party(area=areas["district"], superior=committee, kind="temporary", task_ends_on=date(2026, 10, 1))
    who = make.member()
    make.affiliate(who, None)
    make.affiliate(who, branch, "temporary")
    row = decide(ask(branch, lead, "dissolve"), lead, head)
    assert row.state == "carried"
    assert not Affiliation.objects.active(APPROVED).filter(party_organization=branch).exists()
    assert Affiliation.objects.active(APPROVED).formal().filter(member=who).exists()


def test_one_application_at_a_time_and_again_after_a_withdrawal(joint, lead):
    first = ask(joint, lead, name="演示甲名联合党支部")
    for what in ("adjust", "dissolve"):
        refused("ADJUST-TWICE", ask, branch=joint, by=lead, what=what, name="演示乙名联合党支部")
    deciding.withdraw(case=first.case, reason="重新研究", by=lead, at=AT)
    assert ask(joint, lead, "dissolve").state == "applied"


def test_who_may_apply(areas, committee, joint, lead, centre, third_centre):
    other = make.party(area=areas["district"], superior=committee)
    secretary, stranger = make.secretary(joint), make.secretary(other, "other")
    boss, outsider = registry.head_of(centre, "boss"), registry.head_of(third_centre, "outsider")
    street = make.lead("street", "street_office", "320211001")
    told = {"party": joint, "what": "adjust", "fields": {"reason": "改名", "name": "演示新名党支部"}, "at": AT}
    for by, more in (
        (stranger, {"origin": "branch"}), (secretary, {"origin": "superior"}), (boss, {"origin": "branch"}),
        (outsider, {"origin": "unit", "applicant": third_centre}), (street, {"origin": "superior"}),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            reorganizing.draft(by=by, **more, **told)
    mine = reorganizing.draft(by=secretary, origin="branch", **told)
    units = reorganizing.draft(by=boss, origin="unit", applicant=centre, **told)
    assert set(Reorganization.objects.visible_to(secretary)) == {mine, units}
    assert set(Reorganization.objects.visible_to(boss)) == {mine, units}
    for by in (stranger, outsider, street):
        assert not Reorganization.objects.visible_to(by).exists()
    for by, row in ((secretary, units), (boss, mine)):
        with pytest.raises(PermissionDenied):
            reorganizing.save(row=row, fields={"reason": "不同意"}, by=by, at=AT)


def test_what_was_written_down_late_is_checked_as_well(joint, head):
    """The direct entry of a dissolution asks what hangs, as the application does."""
    with pytest.raises(Refused) as caught:
        organizations.dissolve(party=joint, on=APPROVED, reason="单位注销", by=head, at=AT)
    assert [f.code for f in caught.value.findings if f.severity == "block"] == ["PARTY-END-MEMBERS"]
    assert PartyOrganization.objects.living().filter(pk=joint.pk).exists()
    assert not GroupMember.objects.exists()


def test_what_is_approved_and_what_ends_stands_in_the_list_of_work(areas, committee, joint, lead, head):
    make.party("演示临时党支部", area=areas["district"], superior=committee, kind="temporary",
               task_ends_on=date(2026, 11, 20))  # fmt: skip
    later = make.party(area=areas["district"], superior=committee, kind="temporary", task_ends_on=date(2027, 3, 1))
    row = decide(ask(joint, lead, name="演示新名联合党支部"), lead, head)
    items, total = due.changes(user=lead, on=TODAY, limit=20)
    assert [(i.title, i.due_on) for i in items] == [("演示新名联合党支部的调整已批复，待备案", date(2026, 11, 19))]
    tasks, number = due.tasks(user=lead, on=TODAY, limit=20)
    assert [(i.title, i.due_on) for i in tasks] == [("演示临时党支部的任务到期，随之撤销", date(2026, 11, 20))]
    assert (total, number) == (1, 1)
    for source in (due.changes, due.tasks):
        assert source(user=make.secretary(later, f"s{source.__name__}"), on=TODAY, limit=20) == ([], 0)
    reorganizing.file(row=row, on=TODAY, by=lead, at=AT)
    assert due.changes(user=lead, on=TODAY, limit=20) == ([], 0)


def test_daily_questions_follow_an_adjustment_and_a_general_branch(areas, committee, joint, lead, head):
    def told(party, day):
        row = reading.formation(party)
        heads = counts.of_branches([party.pk], day)[party.pk]
        return {f.code for f in standing.findings(party, row, heads, day)}

    decide(ask(joint, lead, branch_kind="attached", name="演示新名党支部"), lead, head)
    assert "PB-FORM-09" not in told(joint, date(2026, 11, 19))
    assert "PB-FORM-09" in told(joint, date(2026, 11, 20)), "not filed after 30 days"
    general = make.party("演示党总支", "general", area=areas["district"], superior=committee)
    below = make.party(area=areas["district"], superior=general)
    assert told(general, TODAY) == {"PB-FORM-03"}, "far too few for a general branch"
    make.members(below, 51)
    assert told(general, TODAY) == set()
