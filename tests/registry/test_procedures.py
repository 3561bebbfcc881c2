"""Procedures of the register as cases, driven through the pages: rules bite there, decisions are carried out."""

import re
from datetime import date

import pytest
from django.urls import reverse

from liaoyuan.core import clock, vault
from liaoyuan.core.actions import cases, deciding
from liaoyuan.core.actions import parameters as shipped
from liaoyuan.core.models import AuditEvent, Case, SeparationSetting
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.params import procedures as params
from liaoyuan.registry.queries import procedures as queries
from tests.registry import bites
from tests.registry import factories as make

AT = make.AT
TODAY = date(2026, 10, 26)
_CLAUSE = "本会根据中国共产党章程的规定，设立中国共产党的组织，开展党的活动。"
LAWFUL_ST = {
    "name": "无锡市滨湖区书画协会", "kind": "ST", "members_person": "50", "capital_fen": "3", "party_pledge": "yes",
    "party_survey": "yes", "charter_text": _CLAUSE, "legal_representative": "赵某", "phone": "13912345678",
    "address": "梁清路1号", "street": "河埒街道", "received_on": "2026-10-20",
}  # fmt: skip


@pytest.fixture
def areas(db):
    found = make.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    shipped.sync_shipped(at=AT)
    return found


@pytest.fixture
def officer(areas):
    return make.officer("jia")


@pytest.fixture
def head_of_section(areas):
    return make.officer("ke", role="registry_head")


@pytest.fixture
def body(areas):
    return make.organization(
        "无锡市滨湖区甲福利服务中心", street=areas["heli"], legal_representative="钱某", address="旧址1号",
        phone="13800000000", full_time=3, capital_fen=3_000_000,
    )  # fmt: skip


def start(client, who, kind, data, body=None, code=302):
    client.force_login(who)
    query = f"?subject={body.pk}" if body is not None else ""
    answer = client.post(reverse("core:case_new", args=[kind]) + query, data)
    assert answer.status_code == code, answer.content.decode()
    return answer.content.decode() if code != 302 else Case.objects.order_by("-pk")[0]


def act(client, who, case, do, code=302, **data):
    client.force_login(who)
    answer = client.post(reverse("core:case_act", args=[case.pk]), {"do": do, "on": clock.today().isoformat(), **data})
    assert answer.status_code == code, answer.content.decode()
    case.refresh_from_db()
    return answer.content.decode()


def approve(client, officer, head, case, **data):
    act(client, officer, case, "opine", outcome="agree", text="建议准予")
    return act(client, head, case, "decide", decision="approved", confirmed="on", **data)


def test_a_set_up_becomes_an_organization(client, officer, head_of_section, areas):
    case = start(client, officer, params.SET_UP, LAWFUL_ST)
    assert (case.term_days, case.due_on, case.term_key) == (60, date(2026, 12, 19), "decision.days")
    assert [m.name for m in case.materials.all()][-2:] == ["支持党建工作承诺书", "从业人员党员情况调查表"]
    approve(client, officer, head_of_section, case, decision_no="滨民许〔2026〕1号")
    made = Standing.objects.now_open().select_related("organization", "street").get(name="无锡市滨湖区书画协会")
    assert (made.kind, made.members_person, made.capital_fen, made.street) == ("ST", 50, 3_000_000, areas["heli"])
    assert made.organization.registered_on == clock.today()
    assert vault.decrypt(made.phone, purpose="organization.phone") == "13912345678"
    assert (case.subject_kind, case.subject_id) == ("organization", str(made.organization_id))
    event = AuditEvent.objects.get(code="organization.created")
    assert event.actor == head_of_section, "the decision carries the power to write what was decided"
    client.force_login(head_of_section)
    assert client.get(reverse("registry:organization_change", args=[made.organization_id])).status_code == 403


@pytest.mark.parametrize(
    ("rule", "field", "step", "loosened"),
    [
        ("ORG-REG-01", "members_person", {"members_person": "49"}, {"st.members_person": 49}),
        ("ORG-REG-02", "capital_fen", {"capital_fen": "2.9999"}, {"st.funds_local_fen": 2_999_900}),
        ("ORG-REG-07", "party_survey", {"party_survey": "no"}, {"party_papers.count": 1}),
        ("ORG-REG-07", "party_pledge", {"party_pledge": ""}, {"party_papers.count": 1}),
        ("ORG-NAME-02", "name", {"name": "中国书画协会"}, {"name.forbidden_starts": []}),
    ],
)  # fmt: skip
def test_the_rules_of_a_set_up_bite_on_the_page(client, officer, areas, rule, field, step, loosened):
    text = start(client, officer, params.SET_UP, {**LAWFUL_ST, **step}, code=422)
    assert rule in text and f'href="#id_{field}"' in text and not Case.objects.exists()
    _local(loosened)
    assert start(client, officer, params.SET_UP, {**LAWFUL_ST, **step}).state == "received"


def _local(values):
    bites.store(values, editor=make.user("bian"), confirmer=make.user("que"))


def test_a_foundation_s_fund_is_paid_in(client, officer, areas):
    given = {
        **LAWFUL_ST,
        "kind": "JJ",
        "name": "无锡市滨湖区太湖公益基金会",
        "capital_fen": "200",
        "council_count": "5",
    }
    text = start(client, officer, params.SET_UP, {**given, "capital_paid_in": "no"}, code=422)
    assert "ORG-REG-03" in text
    assert "ORG-REG-03" in start(client, officer, params.SET_UP, {**given, "capital_fen": "199"}, code=422)
    case = start(client, officer, params.SET_UP, {**given, "capital_paid_in": "yes", "is_charity": "yes"})
    assert (case.term_days, case.term_key) == (30, "decision.charity_days")


def test_the_charter_without_the_clause_warns_and_is_kept_with_the_event(client, officer, areas):
    case = start(client, officer, params.SET_UP, {**LAWFUL_ST, "charter_text": "本会的宗旨是交流书画。"})
    told = AuditEvent.objects.filter(code="case.applied").order_by("-pk")[0].payload["findings"]
    assert [f["code"] for f in told] == ["GOV-09"] and case.state == "received"


def test_the_term_is_reminded_of_at_eighty_percent(client, officer, areas):
    case = start(client, officer, params.SET_UP, LAWFUL_ST)
    assert case.received_on == date(2026, 10, 20)
    assert [f.code for f in queries.findings(case, "daily", date(2026, 12, 6))] == []
    found = queries.findings(case, "daily", date(2026, 12, 7))  # 48 of 60 days
    assert [(f.code, str(f.severity)) for f in found] == [("ORG-REG-04", "warn")]
    assert "超过 80%" in found[0].text
    assert "已超过 1 日" in queries.findings(case, "daily", date(2026, 12, 20))[0].text
    cases.ask_supplement(case=case, text="缺材料", on=date(2026, 10, 22), by=officer, at=AT)
    cases.resume(case=case, on=date(2026, 10, 26), by=officer, at=AT)
    case.refresh_from_db()
    assert queries.findings(case, "daily", date(2026, 12, 10)) == []
    assert [f.code for f in queries.findings(case, "daily", date(2026, 12, 11))] == ["ORG-REG-04"]


def test_party_papers_are_forwarded_after_the_decision(client, officer, head_of_section, areas):
    _local({"ORG-REG-08": True, "party_papers.forward_workdays": 5})
    case = start(client, officer, params.SET_UP, LAWFUL_ST)
    approve(client, officer, head_of_section, case)
    client.force_login(officer)
    address = reverse("core:case_edit", args=[case.pk])
    form = client.get(address).content.decode()
    assert 'name="forwarded_on"' in form and 'name="members_person"' not in form
    assert [f.code for f in queries.findings(case, "daily", date(2099, 1, 1))] == ["ORG-REG-08"]
    assert (
        client.post(address, {"version": case.version, "seen": "{}", "forwarded_on": "2026-11-29"}).status_code == 302
    )
    case.refresh_from_db()
    assert case.facts["forwarded_on"] == "2026-11-29" and case.state == "decided"
    assert queries.findings(case, "daily", date(2099, 1, 1)) == []


def test_pass_through_is_the_default_and_the_parameter_switches_it(client, officer, areas):
    client.force_login(officer)
    address = reverse("core:case_new", args=[params.SET_UP])

    def ticked():
        text = client.get(address).content.decode()
        box = next(tag for tag in re.findall(r"<input[^>]*>", text) if 'name="passes_through"' in tag)
        return "checked" in box

    assert ticked()
    _local({"procedure.mode.set_up": False})
    assert not ticked()


def test_pass_through_records_and_changes_the_facts(client, officer, body):
    given = {"name": "无锡市滨湖区甲养老服务中心", "passes_through": "on", "received_on": "2026-10-20"}
    case = start(client, officer, params.CHANGE, given, body)
    act(client, officer, case, "record", outside_number="苏民变2026-9", decision="approved")
    assert case.state == "decided" and case.number == "320211-2026-0001"
    assert Standing.objects.now_open().get(organization=body).name == "无锡市滨湖区甲养老服务中心"


def test_a_change_is_written_from_its_day(client, officer, head_of_section, body):
    given = {
        "legal_representative": "孙某", "consented_on": "2026-10-01", "audited": "yes", "effective_on": "2026-10-10",
        "received_on": "2026-10-20",
    }  # fmt: skip
    text = start(client, officer, params.CHANGE, {**given, "audited": "no"}, body, code=422)
    assert "ORG-CHG-03" in text
    case = start(client, officer, params.CHANGE, given, body)
    client.force_login(officer)
    shown = client.get(reverse("core:case_detail", args=[case.pk])).content.decode()
    assert "钱某" in shown and "孙某" in shown
    approve(client, officer, head_of_section, case)
    rows = (
        Standing.objects.active(date(2026, 10, 9)).get(organization=body),
        Standing.objects.now_open().get(organization=body),
    )
    assert [row.legal_representative for row in rows] == ["钱某", "孙某"]
    assert rows[1].valid_from == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("kind", "rule", "given", "late"),
    [
        (params.CHANGE, "ORG-CHG-01", {"scope": "新的范围"}, {"consented_on": "2026-09-19"}),
        (params.CHARTER, "ORG-CHG-02", {"summary": "修改宗旨", "charter_clause": "yes"},
         {"charter_consented_on": "2026-09-19"}),
        (params.DEREGISTER, "ORG-DER-01", {"reason": "完成宗旨"}, {"liquidated_on": "2026-10-04"}),
    ],
)  # fmt: skip
def test_late_applications_are_warned_of(client, officer, body, kind, rule, given, late):
    start(client, officer, kind, {**given, **late, "received_on": "2026-10-20"}, body)
    told = AuditEvent.objects.filter(code="case.applied").order_by("-pk")[0].payload["findings"]
    assert [f["code"] for f in told] == [rule]
    deciding.withdraw(case=Case.objects.get(), reason="重新申请", by=officer, at=clock.now())
    ((name, day),) = late.items()
    on_time = {name: (date.fromisoformat(day).replace(day=date.fromisoformat(day).day + 1)).isoformat()}
    start(client, officer, kind, {**given, **on_time, "received_on": "2026-10-20"}, body)
    assert "findings" not in AuditEvent.objects.filter(code="case.applied").order_by("-pk")[0].payload


def test_a_deregistered_body_is_closed(client, officer, head_of_section, body):
    given = {
        "reason": "完成宗旨",
        "liquidated_on": "2026-10-15",
        "received_on": "2026-10-20",
        "closed_on": "2026-10-25",
    }
    case = start(client, officer, params.DEREGISTER, given, body)
    approve(client, officer, head_of_section, case)
    body.refresh_from_db()
    assert (body.live, body.closed_on) == (False, date(2026, 10, 25))
    assert Standing.objects.now_open().get(organization=body).status == "deregistered"


def test_branches(client, officer, head_of_section, body, areas):
    text = start(client, officer, params.BRANCH, {"branch_name": "甲分部"}, body, code=422)
    assert "ORG-REG-05" in text
    association = make.organization("无锡市滨湖区书法协会", "ST", street=areas["heli"])
    for step in ({"regional": "yes"}, {"below_branch": "yes"}):
        given = {"branch_name": "河埒分会", **step}
        assert "ORG-REG-06" in start(client, officer, params.BRANCH, given, association, code=422)
    case = start(client, officer, params.BRANCH, {"branch_name": "老年专业委员会", "regional": "no"}, association)
    approve(client, officer, head_of_section, case)
    told = AuditEvent.objects.get(code="organization.branch_recorded")
    assert (told.subject_id, told.payload["note"]) == (str(association.pk), "老年专业委员会")


def test_a_body_in_liquidation_applies_for_nothing_new(client, officer, areas):
    association = make.organization("无锡市滨湖区书法协会", "ST", street=areas["heli"], status="liquidating")
    text = start(client, officer, params.BRANCH, {"branch_name": "老年专业委员会"}, association, code=422)
    assert "清算期间不得开展清算以外的活动" in text
    assert [f.code for f in queries.may_apply(str(association.pk), TODAY)] == ["ORG-DER-02"]
    lively = make.organization("无锡市滨湖区象棋协会", "ST")
    assert queries.may_apply(str(lively.pk), TODAY) == []


def test_the_body_s_own_people_ask_and_the_officer_accepts_field_by_field(client, officer, body):
    head = make.head_of(body)
    given = {"phone": "13911112222", "address": "新址2号", "full_time": "5"}
    case = start(client, head, params.CORRECT, given, body)
    assert case.state == "applied" and vault.is_sealed(case.facts["phone"])
    client.force_login(officer)
    shown = client.get(reverse("core:case_detail", args=[case.pk])).content.decode()
    assert "旧址1号" in shown and "新址2号" in shown and "13911112222" not in shown and "13800000000" not in shown
    act(client, officer, case, "decide", decision="approved", accepted=["phone", "full_time"])
    row = Standing.objects.now_open().get(organization=body)
    assert (row.address, row.full_time) == ("旧址1号", 5)
    assert vault.decrypt(row.phone, purpose="organization.phone") == "13911112222"
    client.force_login(head)
    shown = client.get(reverse("core:case_detail", args=[case.pk])).content.decode()
    assert "已采纳" in shown and "未采纳" in shown


def test_who_has_no_account_is_written_for(client, areas):
    """A street takes a filed body's wish by telephone (代填) and accepts it; another street's body is not its own."""
    filed = make.organization("甲邻里互助社", "BA", street=areas["heli"], members_person=8)
    other = make.organization("乙邻里互助社", "BA", street=areas["liyuan"])
    street = make.user("jiedao", ("street_office", "area", "320211001"), is_demo=True)
    given = {"member_count": "12", "address": "惠河社区", "word_via": "phone", "word_by": "负责人李某"}
    case = start(client, street, params.CORRECT, given, filed)
    assert (case.state, case.on_behalf, case.handler) == ("received", "电话：负责人李某", street)
    act(client, street, case, "decide", decision="approved", accepted=["member_count"])
    assert Standing.objects.now_open().get(organization=filed).members_person == 12
    told = AuditEvent.objects.get(code="organization.facts_changed")
    assert told.on_behalf == "电话：负责人李某"
    assert (
        client.post(f"{reverse('core:case_new', args=[params.CORRECT])}?subject={other.pk}", given).status_code == 404
    )


def test_the_tab_of_a_body_offers_what_may_be_begun(client, officer, body):
    client.force_login(officer)
    record = client.get(f"{reverse('registry:organization_detail', args=[body.pk])}?tab=cases").content.decode()
    assert reverse("core:case_of", args=["organization", body.pk]) in record
    text = client.get(reverse("core:case_of", args=["organization", body.pk])).content.decode()
    for title in ("变更登记", "章程核准", "注销登记", "设立分支机构", "信息变更申请"):
        assert title in text
    gone = make.organization("已注销中心", closed_on=date(2025, 1, 1))
    text = client.get(reverse("core:case_of", args=["organization", gone.pk])).content.decode()
    assert "还没有事项" in text and "变更登记" not in text


def test_a_decision_that_the_register_refuses_is_not_taken(client, officer, head_of_section, body):
    """The code is another live body's: the approval is refused whole, with the sentence on the page."""
    case = start(client, officer, params.SET_UP, {**LAWFUL_ST, "kind": "MF", "name": "无锡市滨湖区新社工服务中心"})
    case.facts["code"] = body.code
    case.save()
    body_name = "无锡市滨湖区甲福利服务中心"
    act(client, officer, case, "opine", outcome="agree", text="建议准予")
    client.force_login(head_of_section)
    text = act(client, head_of_section, case, "decide", 422, decision="approved", confirmed="on")
    assert body_name in text, "who holds the code is told on the page"
    assert case.state == "examined" and Organization.objects.count() == 1


def test_the_mandate_ends_with_the_decision(client, officer, head_of_section, body):
    case = start(client, officer, params.CHANGE, {"scope": "新的范围", "audited": ""}, body)
    cases.opine(case=case, outcome="agree", text="建议准予", by=officer, at=clock.now())
    deciding.decide(
        case=case, decision="approved", on=clock.today(), by=head_of_section, at=clock.now(), confirmed=True
    )
    from liaoyuan.core import access
    from liaoyuan.registry.choices import Permission

    assert not access.reach(head_of_section, Permission.EDIT)
    with pytest.raises(Refused):
        deciding.decide(case=case, decision="approved", on=clock.today(), by=head_of_section, at=clock.now())
    assert not access.reach(head_of_section, Permission.EDIT), "nor after a refusal"
