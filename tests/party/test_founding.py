"""The founding of 26 October as the article tells it, and the rules on its way (handbook §2.1, §2.8)."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.actions import case_letters, cases, deciding, document_numbers, documents
from liaoyuan.core.models import Document, Parameter
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import ceremonies, founding, transfers
from liaoyuan.party.models import Affiliation, Formation, Founding, Officer, PartyOrganization, Term, Unit
from liaoyuan.party.queries import counts
from liaoyuan.party.queries import organizations as reading
from tests.core.factories import AT
from tests.party import factories as make
from tests.registry import factories as registry

DAY = date(2026, 10, 26)
SURVEYED = date(2026, 9, 1)
AGREED = date(2026, 9, 20)
DUE = date(2027, 3, 20)


def surveyed(committee, body, count, *, agreed=True):
    """Members found at a body, whose formal affiliation is elsewhere; with consent to transfer or without."""
    made = []
    for _ in range(count):
        who = make.member()
        make.affiliate(who, None)
        make.affiliate(
            who, committee, "temporary", organization=body, start=SURVEYED, stage="surveyed", full_time=True,
            consented_on=AGREED if agreed else None, transfer_due_on=DUE if agreed else None,
        )  # fmt: skip
        made.append(who)
    return made


def listed(members, body, standing="committed"):
    more = {"consented_on": AGREED, "transfer_due_on": DUE} if standing == "committed" else {}
    return [founding.Listed(who, standing, body, full_time=True, **more) for who in members]


def apply(committee, applicant, name, kind, roster, lead, *, units=(), carrier=None, carrier_name=""):
    row = founding.draft(
        superior=committee, applicant=applicant, carrier=carrier, units=list(units) or [applicant], by=lead, at=AT,
        fields={"name": name, "branch_kind": kind, "carrier_name": carrier_name, "transfer_due_on": DUE},
    )  # fmt: skip
    row = founding.set_roster(founding=row, roster=roster, by=lead, at=AT)
    return founding.submit(founding=row, by=lead, at=AT, received_on=date(2026, 10, 8))


def approve(row, lead, head, number):
    case = row.case
    names = list(case.materials.values_list("name", flat=True))
    cases.take_papers(case=case, names=names, on=date(2026, 10, 9), by=lead, at=AT)
    cases.opine(case=case, outcome="agree", text="符合条件，建议批准。", by=lead, at=AT)
    deciding.decide(case=case, decision="approved", on=date(2026, 10, 20), decision_no=number, by=head, at=AT)
    return Founding.objects.select_related("party_organization__area", "area", "ceremony").get(pk=row.pk)


@pytest.fixture
def article(areas, committee, lead, head):
    """Three bodies and their members: a joint branch below a carrier, two branches of their own."""
    centre = registry.organization("滨湖区社会组织发展中心", "MF", street=areas["heli"])
    jiuse = registry.organization("九色公益服务中心", "MF", street=areas["heli"])
    hede = registry.organization("合德婚姻家庭心理服务中心", "MF", street=areas["heli"])
    home = registry.organization("蓝天养老院", "MF", street=areas["liyuan"])
    jinxi = registry.organization("金夕延年", "MF", street=areas["liyuan"])
    return {
        "centre": centre, "jiuse": jiuse, "hede": hede, "home": home, "jinxi": jinxi,
        "members": {
            "jiuse": surveyed(committee, jiuse, 2), "hede": surveyed(committee, hede, 1),
            "home": surveyed(committee, home, 3), "jinxi": surveyed(committee, jinxi, 3),
        },
    }  # fmt: skip


def applications(article, committee, lead):
    told = article["members"]
    joint = apply(
        committee, article["jiuse"], "社会组织发展中心联合党支部", "joint",
        [*listed(told["jiuse"], article["jiuse"]), *listed(told["hede"], article["hede"])], lead,
        units=[article["jiuse"], article["hede"]], carrier=article["centre"],
    )  # fmt: skip
    home = apply(
        committee, article["home"], "蓝天养老院党支部", "independent", listed(told["home"], article["home"]), lead
    )
    jinxi = apply(
        committee, article["jinxi"], "金夕延年党支部", "independent", listed(told["jinxi"], article["jinxi"]), lead
    )
    return joint, home, jinxi


def test_the_founding_of_26_october_is_entered_without_override(areas, committee, lead, head, article):
    rows = applications(article, committee, lead)
    meeting = ceremonies.convene(area=areas["district"], fields={"title": "党支部成立大会", "on": DAY}, by=lead, at=AT)
    done = []
    for number, applied in enumerate(rows, 1):
        row = approve(applied, lead, head, f"滨社工〔2026〕{number}号")
        first = row.members.first().member
        ceremonies.found(founding=row, ceremony=meeting, secretary=first, how="appointed", by=lead, at=AT)
        done.append(ceremonies.file(founding=row, on=DAY, number=f"备{number}", by=lead, at=AT))
    assert [row.state for row in done] == ["filed"] * 3
    assert set(meeting.foundings.all()) == set(done)
    branches = [row.party_organization for row in done]
    heads = counts.of_branches([b.pk for b in branches], DAY)
    assert [(heads[b.pk].formal, heads[b.pk].committed, heads[b.pk].dual) for b in branches] == [(0, 3, 0)] * 3
    assert all(b.established_on == DAY and b.regular_on is None for b in branches)
    joint = Formation.objects.now_open().get(party_organization=branches[0])
    assert (joint.branch_kind, joint.carrier, joint.evidence) == ("joint", article["centre"], "滨社工〔2026〕1号")
    covered = Unit.objects.active(DAY).values_list("party_organization", "organization")
    assert set(covered) == {
        (branches[0].pk, article["jiuse"].pk), (branches[0].pk, article["hede"].pk),
        (branches[1].pk, article["home"].pk), (branches[2].pk, article["jinxi"].pk),
    }  # fmt: skip
    assert not Unit.objects.active(date(2026, 10, 25)).exists()
    dual = Affiliation.objects.active(DAY).exclude(kind="formal")
    assert set(dual.values_list("kind", "stage", "transfer_due_on")) == {("temporary", "dual", DUE)}
    assert dual.count() == 9
    assert Affiliation.objects.active(DAY).formal().count() == 9  # each still counts at home, and nowhere twice
    assert set(Officer.objects.active(DAY).values_list("kind", "how")) == {("secretary", "appointed")}
    assert set(Term.objects.values_list("number", "began_on", "due_on")) == {(1, DAY, date(2029, 10, 26))}


def national(monkeypatch, areas):
    """The same office under the national parameters: the district's own row is withdrawn."""
    from liaoyuan.core import policy, registries

    kept = [row for row in registries.parameters
            if not (row["key"] == "pb.form.count_committed" and row.get("jurisdiction") == "320211")]  # fmt: skip
    monkeypatch.setattr(registries, "parameters", kept)
    Parameter.objects.filter(key="pb.form.count_committed", jurisdiction="320211").delete()
    policy.forget()


def test_under_the_national_parameters_the_independent_ones_are_refused_and_the_joint_one_warns(
    areas, committee, lead, article, monkeypatch
):
    national(monkeypatch, areas)
    told = article["members"]
    for body in ("home", "jinxi"):
        with pytest.raises(Refused) as refused:
            apply(committee, article[body], f"{body}党支部", "independent", listed(told[body], article[body]), lead)
        (found,) = refused.value.findings
        assert (found.code, str(found.severity)) == ("PB-FORM-02", "block")
        assert "3 名" in found.text
        assert "书面同意转入 3 名" in found.text
    row = apply(
        committee, article["jiuse"], "社会组织发展中心联合党支部", "joint",
        [*listed(told["jiuse"], article["jiuse"]), *listed(told["hede"], article["hede"])], lead,
        units=[article["jiuse"], article["hede"]], carrier=article["centre"],
    )  # fmt: skip
    assert row.state == "applied"
    from liaoyuan.party.queries import founding as queries

    assert [(f.code, str(f.severity)) for f in queries.asked(row, DAY, row.case)] == [("PB-FORM-06", "warn")]


def test_while_transfers_are_in_progress_nobody_is_elected(areas, committee, lead, head, article):
    row = approve(applications(article, committee, lead)[1], lead, head, "滨社工〔2026〕9号")
    meeting = ceremonies.convene(area=areas["district"], fields={"title": "大会", "on": DAY}, by=lead, at=AT)
    first = row.members.first().member
    for secretary, how, code in ((first, "elected", "FOUNDING-NO-ELECTION"), (None, "appointed", "FOUNDING-SECRETARY")):
        with pytest.raises(Refused) as told:
            ceremonies.found(founding=row, ceremony=meeting, secretary=secretary, how=how, by=lead, at=AT)
        assert [f.code for f in told.value.findings] == [code]
    assert not Unit.objects.exists(), "nothing is half-written"
    assert Founding.objects.get(pk=row.pk).state == "approved"


def test_the_branch_becomes_regular_with_its_third_formal_member(areas, committee, lead, head, article):
    row = approve(applications(article, committee, lead)[1], lead, head, "滨社工〔2026〕9号")
    meeting = ceremonies.convene(area=areas["district"], fields={"title": "大会", "on": DAY}, by=lead, at=AT)
    who = [line.member for line in row.members.all()]
    row = ceremonies.found(founding=row, ceremony=meeting, secretary=who[0], how="appointed", by=lead, at=AT)
    branch = row.party_organization
    later = datetime(2026, 12, 1, 2, tzinfo=UTC)
    for number, member in enumerate(who, 1):
        planned = transfers.plan(member=member, target=branch, by=lead, at=later, on=date(2026, 11, 18 + number))
        assert Affiliation.objects.now_open().get(member=member, party_organization=branch).stage == "moving"
        letter = transfers.issue(
            row=planned, on=date(2026, 11, 20), valid_days=30, number=f"外{number}", by=lead, at=later
        )
        transfers.accept(row=letter, on=date(2026, 11, 24 + number), by=lead, at=later)
        branch.refresh_from_db()
        assert (branch.regular_on == date(2026, 11, 27)) == (number == 3)
    for day, formal, committed in ((date(2026, 11, 24), 0, 3), (date(2026, 11, 26), 2, 1), (date(2026, 11, 27), 3, 0)):
        heads = counts.of_branches([branch.pk], day)[branch.pk]
        assert (heads.formal, heads.committed) == (formal, committed)
    for member in who:
        rows = Affiliation.objects.current().filter(member=member, kind="formal").order_by("valid_from")
        assert [r.valid_to for r in rows][:-1] == [r.valid_from for r in rows][1:], (
            "each member counts once on every day"
        )


def test_who_examined_does_not_approve_and_an_organization_head_applies_for_his_own_only(
    areas, committee, lead, article
):
    row = applications(article, committee, lead)[1]
    with pytest.raises(PermissionDenied):
        deciding.decide(case=row.case, decision="approved", on=DAY, by=lead, at=AT)
    boss = registry.head_of(article["home"], "boss")
    with pytest.raises(PermissionDenied):
        founding.draft(superior=committee, applicant=article["jinxi"], by=boss, at=AT,
                       fields={"name": "x", "branch_kind": "independent"})  # fmt: skip
    with pytest.raises(PermissionDenied):
        founding.set_roster(founding=row, roster=[], by=boss, at=AT)
    assert set(Founding.objects.visible_to(boss)) == {row}


def test_a_body_in_a_joint_branch_does_not_join_another(areas, committee, lead, head, article):
    branch = make.party("演示联合党支部", area=areas["district"], superior=committee, kind="joint")
    make.unit(branch, article["hede"], joint=True)
    told = article["members"]
    with pytest.raises(Refused) as refused:
        apply(
            committee, article["jiuse"], "社会组织发展中心联合党支部", "joint",
            [*listed(told["jiuse"], article["jiuse"]), *listed(told["hede"], article["hede"])], lead,
            units=[article["jiuse"], article["hede"]],
        )  # fmt: skip
    assert [f.code for f in refused.value.findings] == ["PB-FORM-07"]
    assert PartyOrganization.objects.count() == 2


def test_the_approval_is_a_reply_of_the_superior_not_a_licence(areas, committee, lead, head):
    """批复: in the committee's name with its own number, on which the branch rests; its receipt delivers the case."""
    body = registry.organization("云岭服务中心", "MF", street=areas["heli"])
    entered = {"area": areas["district"], "by": registry.OPERATOR, "at": AT}
    document_numbers.open_issuer(name="无锡市滨湖区民政局", mark="滨民", **entered)
    row = apply(committee, body, "云岭党支部", "independent", listed(surveyed(committee, body, 3), body), lead)
    case = cases.opine(case=row.case, outcome="agree", text="同意", by=lead, at=AT)
    assert not case_letters.may_issue(head, case)  # the bureau's sign is not the committee's
    name = reading.name_of(committee)
    document_numbers.open_issuer(name=name, mark="滨社党", **entered)
    assert case_letters.may_issue(head, case)
    deciding.decide(case=case, decision="approved", on=date(2026, 10, 20), by=head, at=AT, confirmed=True, letter=True)
    letter = Document.objects.get(mark=f"case:{case.pk}:decision")
    row = Founding.objects.select_related("case", "party_organization").get(pk=row.pk)
    assert (letter.code, letter.subject_kind, letter.subject_id) == ("party_reply", "founding", str(row.pk))
    assert (letter.number, letter.title) == ("滨社党〔2026〕1号", "关于同意设立云岭党支部的批复")
    assert row.case.decision_no == letter.number == reading.formation(row.party_organization).evidence
    documents.deliver(
        document=letter, way="direct", sent_on=date(2026, 10, 21), receiver="演示", result="signed",
        signed_on=date(2026, 10, 22), by=lead, at=AT,
    )  # fmt: skip
    row.case.refresh_from_db()
    assert (row.case.state, row.case.delivered_on) == ("delivered", date(2026, 10, 22))
