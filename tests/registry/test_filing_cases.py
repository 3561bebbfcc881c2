"""备案 and 慈善组织认定 as cases, driven through the pages: rules bite there, decisions are carried out."""

from datetime import date

import pytest
from django.urls import reverse

from liaoyuan.core import clock, policy, vault
from liaoyuan.core.actions import deciding
from liaoyuan.core.actions import parameters as shipped
from liaoyuan.core.models import AuditEvent, Case, SeparationSetting
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.params import procedures as params
from tests.registry import bites
from tests.registry import factories as make
from tests.registry.test_procedures import act, start

AT = make.AT
FILED = {
    "name": "惠河社区书画社", "category": "culture_sports", "street": "河埒街道", "community": "惠河社区居委会",
    "legal_representative": "赵某", "phone": "13912345678", "member_count": "5", "address": "惠河社区活动室",
    "outside_area": "no", "charges_fees": "no", "for_profit": "no", "received_on": "2026-10-20",
}  # fmt: skip
WORTHY = {
    "reason": "扶老助残", "charity_purpose": "yes", "ratios_kept": "yes", "no_distribution": "yes",
    "remainder_clause": "yes", "finance_rules": "yes", "received_on": "2026-10-20",
}  # fmt: skip


@pytest.fixture
def areas(db):
    found = make.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    shipped.sync_shipped(at=AT)
    return found


@pytest.fixture
def street(areas):
    return make.user("jiedao", ("street_office", "area", "320211001"), is_demo=True)


@pytest.fixture
def officer(areas):
    return make.officer("jia")


@pytest.fixture
def head_of_section(areas):
    return make.officer("ke", role="registry_head")


@pytest.fixture
def body(areas):
    return make.organization("无锡市滨湖区甲福利服务中心", street=areas["heli"], legal_representative="钱某")


def _local(values):
    bites.store(values, editor=make.user("bian"), confirmer=make.user("que"))


def _confirm(client, who, case, **data):
    act(client, who, case, "opine", outcome="agree", text="社区已核实，建议确认")
    return act(client, who, case, "decide", decision="approved", confirmed="on", **data)


def _told():
    """Codes of the findings that the last application kept with its event."""
    payload = AuditEvent.objects.filter(code="case.applied").order_by("-pk")[0].payload
    return [found["code"] for found in payload.get("findings", [])]


def test_a_confirmed_filing_becomes_a_filed_body_of_the_street(client, street, areas):
    case = start(client, street, params.FILE, {**FILED, "field": "06"})
    assert (case.state, case.area, case.handler) == ("received", areas["heli"], street)
    assert (case.term_days, case.term_workdays, case.due_on) == (10, True, date(2026, 11, 3))
    assert [paper.name for paper in case.materials.all()][:2] == ["备案申请表", "发起人名单"]
    assert vault.is_sealed(case.facts["phone"]) and _told() == []
    _confirm(client, street, case)
    row = Standing.objects.now_open().select_related("organization", "street", "community").get()
    assert (row.kind, row.status, row.name, row.members_person) == ("BA", "active", "惠河社区书画社", 5)
    assert (row.filing_category, row.field, row.district_field) == ("culture_sports", "06", "culture")
    assert (row.registrar_area, row.street, row.community) == (areas["heli"], areas["heli"], areas["huihe"])
    assert (row.organization.registered_on, row.organization.code) == (clock.today(), "")
    assert row.organization.filing_no == "BA-320211-001-2026-0001"
    assert vault.decrypt(row.phone, purpose="organization.phone") == "13912345678"
    assert (case.subject_kind, case.subject_id) == ("organization", str(row.organization_id))
    made = AuditEvent.objects.get(code="organization.created")
    assert (made.actor, made.subject_id) == (street, str(row.organization_id))
    record = client.get(f"{reverse('registry:organization_detail', args=[row.organization_id])}?tab=cases")
    assert record.status_code == 200 and "惠河社区书画社" in record.content.decode()


def test_the_numbers_of_a_street_go_on_from_the_highest(client, street, areas):
    make.organization("甲队", "BA", street=areas["heli"], filing_no="BA-320211-001-2026-0009")
    make.organization("乙队", "BA", street=areas["liyuan"], filing_no="BA-320211-004-2026-0020")
    make.organization("丙队", "BA", street=areas["heli"], filing_no="BA-320211-001-2025-0030")
    for name, day, number in (("丁队", "2026-10-01", "2026-0010"), ("戊队", "2026-10-02", "2026-0011"),
                              ("己队", "2025-12-31", "2025-0031")):  # fmt: skip
        _confirm(client, street, start(client, street, params.FILE, {**FILED, "name": name, "registered_on": day}))
        assert Organization.objects.filter(filing_no=f"BA-320211-001-{number}").exists(), name


def test_a_number_that_is_told_is_kept_and_is_nobody_else_s(client, street, areas):
    make.organization("甲队", "BA", street=areas["heli"], filing_no="BA-320211-001-2026-0009")
    text = start(client, street, params.FILE, {**FILED, "filing_no": "ba-320211-001-2026-0009"}, code=422)
    assert "ORG-ID-05" in text and "甲队" in text and 'href="#id_filing_no"' in text
    case = start(client, street, params.FILE, {**FILED, "filing_no": "河社备〔2026〕7号"})
    _confirm(client, street, case)
    assert Organization.objects.get(pk=int(case.subject_id)).filing_no == "河社备〔2026〕7号"


@pytest.mark.parametrize(
    ("rule", "step", "loosened"),
    [
        ("FIL-01", {"member_count": "4"}, {"filing.members_min": 4}),
        ("FIL-02", {"outside_area": "yes"}, {"FIL-02": False}),
        ("FIL-02", {"charges_fees": "yes"}, {"FIL-02": False}),
        ("FIL-02", {"for_profit": "yes"}, {"FIL-02": False}),
        ("FIL-04", {"name": "惠河苑业主委员会"}, {"filing.excluded_words": ["业主大会"]}),
    ],
)
def test_the_rules_of_a_filing_are_told(client, street, areas, rule, step, loosened):
    case = start(client, street, params.FILE, {**FILED, **step})
    assert _told() == [rule]
    assert rule in client.get(reverse("core:case_detail", args=[case.pk])).content.decode(), "who confirms reads it"
    deciding.withdraw(case=case, reason="重新申请", by=street, at=clock.now())
    _local(loosened)
    start(client, street, params.FILE, {**FILED, **step})
    assert _told() == []


def test_a_filing_ends_not_before_it_begins(client, street, areas):
    given = {**FILED, "registered_on": "2026-10-20"}
    text = start(client, street, params.FILE, {**given, "filing_until": "2026-10-19"}, code=422)
    assert "不能早于备案日期 2026-10-20" in text and not Case.objects.exists()
    assert start(client, street, params.FILE, {**given, "filing_until": "2026-10-20"}).state == "received"


def test_what_is_missing_is_told_beside_the_field(client, street, areas):
    text = start(client, street, params.FILE, {}, code=422)
    for name in ("name", "category", "legal_representative", "member_count", "street"):
        assert f'href="#id_{name}"' in text, name
    client.force_login(street)
    fresh = client.get(reverse("core:case_new", args=[params.FILE])).content.decode()
    assert '<option value="河埒街道" selected>' in fresh, "a street's office files in its own street"
    assert "蠡园街道" not in fresh and "由外部系统办理" not in fresh


def test_a_street_files_in_its_own_area_only(client, street, officer, areas):
    assert "street" in start(client, street, params.FILE, {**FILED, "street": "蠡园街道", "community": ""}, code=422)
    case = start(client, officer, params.FILE, {**FILED, "street": "蠡园街道", "community": ""})
    assert case.area == areas["district"]
    client.force_login(street)
    assert client.get(reverse("core:case_detail", args=[case.pk])).status_code == 404
    _confirm(client, officer, case)
    row = Standing.objects.now_open().select_related("organization").get()
    assert (row.registrar_area, row.street) == (areas["liyuan"], areas["liyuan"]), "the body is the street's"
    assert row.organization.filing_no == "BA-320211-004-2026-0001"


def test_without_a_local_term_no_clock_runs(client, street, areas):
    _local({"procedure.days.file": None})
    case = start(client, street, params.FILE, FILED)
    assert (case.term_days, case.due_on) == (None, None)


def test_a_refused_and_a_withdrawn_filing_create_nothing(client, street, areas):
    case = start(client, street, params.FILE, FILED)
    act(client, street, case, "opine", outcome="disagree", text="活动场所不实")
    act(client, street, case, "decide", decision="refused", text="活动场所不实")
    other = start(client, street, params.FILE, {**FILED, "name": "另一队"})
    act(client, street, other, "withdraw", text="发起人撤回")
    assert (case.state, case.decision, other.state) == ("decided", "refused", "withdrawn")
    assert not Organization.objects.exists() and not case.subject_id


def test_who_does_not_file_does_not_open_the_form(client, body, head_of_section):
    for who in (make.head_of(body), head_of_section):
        client.force_login(who)
        assert client.get(reverse("core:case_new", args=[params.FILE])).status_code == 403


def test_a_recognised_body_is_a_charity_from_the_decision(client, officer, head_of_section, body):
    head = make.head_of(body)
    given = {name: value for name, value in WORTHY.items() if name != "received_on"}
    case = start(client, head, params.RECOGNISE, given, body)
    assert case.state == "applied" and case.subject_id == str(body.pk)
    act(client, officer, case, "receive")
    assert (case.term_days, case.term_workdays, case.term_key) == (20, False, "procedure.days.recognise")
    assert (case.due_on - case.received_on).days == 20
    act(client, officer, case, "opine", outcome="agree", text="建议准予")
    assert "审查人和决定人" in act(client, officer, case, "decide", 422, decision="approved", confirmed="on")
    act(client, head_of_section, case, "decide", decision="approved", decision_no="滨民慈〔2026〕1号", confirmed="on")
    row = Standing.objects.now_open().get(organization=body)
    assert (row.is_charity, row.public_fundraising, row.valid_from) == (True, False, clock.today())
    assert Standing.objects.active(date(2020, 1, 1)).get(organization=body).is_charity is None
    told = AuditEvent.objects.get(code="charity.recognised")
    assert (told.actor, told.payload["evidence"]) == (head_of_section, "滨民慈〔2026〕1号")
    client.force_login(officer)
    begin = client.get(reverse("core:case_of", args=["organization", body.pk])).content.decode()
    assert reverse("core:case_new", args=[params.CHANGE]) in begin
    assert reverse("core:case_new", args=[params.RECOGNISE]) not in begin, "it is one already"


@pytest.mark.parametrize(
    ("rule", "field", "step"),
    [
        ("CHA-04", "charity_purpose", {"charity_purpose": "no"}),
        ("CHA-04", "ratios_kept", {"ratios_kept": ""}),
        ("CHA-04", "no_distribution", {"no_distribution": "no"}),
        ("CHA-04", "remainder_clause", {"remainder_clause": "no"}),
        ("CHA-04", "finance_rules", {"finance_rules": "no"}),
        ("CHA-01", "penalised_on", {"penalised_on": "2024-10-21"}),
    ],
)
def test_the_rules_of_a_recognition_bite_on_the_page(client, officer, body, rule, field, step):
    text = start(client, officer, params.RECOGNISE, {**WORTHY, **step}, body, code=422)
    assert rule in text and f'href="#id_{field}"' in text and not Case.objects.exists()
    lawful = {**WORTHY, "penalised_on": "2024-10-20"}  # two years before the receipt
    assert start(client, officer, params.RECOGNISE, lawful, body).state == "received"


def test_a_listed_body_is_not_recognised_when_it_is_decided(client, officer, head_of_section, body):
    case = start(client, officer, params.RECOGNISE, WORTHY, body)
    act(client, officer, case, "opine", outcome="agree", text="建议准予")
    entry = make.credit(body, "abnormal")
    text = act(client, head_of_section, case, "decide", 422, decision="approved", confirmed="on")
    assert "在活动异常名录或严重违法失信名单上，不予认定" in text and case.state == "examined"
    assert not Standing.objects.now_open().get(organization=body).is_charity
    entry.delete()
    act(client, head_of_section, case, "decide", decision="approved", confirmed="on")
    assert Standing.objects.now_open().get(organization=body).is_charity


def test_a_body_in_liquidation_and_a_filed_one_do_not_apply(client, officer, areas):
    ending = make.organization("无锡市滨湖区书法协会", "ST", street=areas["heli"], status="liquidating")
    assert "清算期间" in start(client, officer, params.RECOGNISE, WORTHY, ending, code=422)
    filed = make.organization("甲邻里互助社", "BA", street=areas["heli"])
    client.force_login(officer)
    page = reverse("core:case_new", args=[params.RECOGNISE])
    assert client.get(f"{page}?subject={filed.pk}").status_code == 404


def test_a_recognition_of_another_system_is_recorded(client, officer, body):
    _local({"procedure.mode.recognise": True})
    given = {"reason": "扶老助残", "passes_through": "on", "received_on": "2026-10-20"}
    case = start(client, officer, params.RECOGNISE, given, body)
    assert case.term_days is None
    act(client, officer, case, "record", outside_number="慈2026-9", decision="approved")
    assert Standing.objects.now_open().get(organization=body).is_charity
    assert AuditEvent.objects.get(code="charity.recognised").payload["evidence"] == "慈2026-9"


def test_the_eighty_percent_reminder_speaks_of_registration_only(client, street, areas):
    from liaoyuan.registry.queries import procedures as queries

    case = start(client, street, params.FILE, FILED)
    assert queries.findings(case, "daily", date(2027, 3, 1)) == []
    assert policy.readers("procedure.days.file") == []
