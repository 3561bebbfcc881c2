"""Letters of a case: issued with the decision, in the name of who examined, signed by who decides; or not at all."""

from datetime import date

import pytest
from django.urls import reverse

from liaoyuan.core.actions import case_letters, cases, deciding, document_numbers, documents
from liaoyuan.core.actions import parameters as shipped
from liaoyuan.core.models import AuditEvent, Document, DocumentNumber, SeparationSetting
from liaoyuan.core.queries import documents as document_queries
from tests.core import case_ground as ground
from tests.registry import factories as make

AT = make.AT
TODAY = date(2026, 10, 26)


@pytest.fixture(autouse=True)
def kinds():
    with ground.entered():
        yield


@pytest.fixture
def people(db):
    areas = make.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    shipped.sync_shipped(at=AT)
    document_numbers.open_issuer(
        area=areas["district"], name="无锡市滨湖区民政局", mark="滨民许", by=make.OPERATOR, at=AT
    )
    return make.officer("jia"), make.officer("ke", role="registry_head")


@pytest.fixture
def body(people):
    return make.organization("甲服务中心", street=make.binhu()["heli"])


def case_of(officer, body, kind="registry.charter"):
    facts = {"summary": "修改宗旨", "charter_clause": True}
    case = cases.submit(
        kind=kind, facts=facts, label="甲服务中心", subject_id=str(body.pk), received_on=TODAY, by=officer, at=AT
    )
    return cases.opine(case=case, outcome="agree", text="建议准予", by=officer, at=AT)


def test_the_letter_is_issued_with_the_decision(people, body):
    officer, head = people
    case = case_of(officer, body)
    assert case_letters.may_issue(head, case) and not case_letters.may_issue(officer, case)
    done = deciding.decide(
        case=case, decision="approved", on=TODAY, text="材料齐全", by=head, at=AT, confirmed=True, letter=True
    )
    row = Document.objects.get(subject_kind="case", subject_id=str(case.pk))
    assert (row.code, row.state, row.drafted_by, row.issued_by) == ("case_approved", "issued", officer, head)
    assert done.decision_no == row.number and row.number.startswith("滨民许〔2026〕")
    snapshot = document_queries.snapshot_of(row)
    assert (snapshot["name"], snapshot["matter"], snapshot["case_no"], snapshot["reason"]) == (
        "甲服务中心", "章程核准", case.number, "材料齐全",
    )  # fmt: skip
    assert row.pdf is not None and row.docx is not None
    own = make.head_of(body)
    assert document_queries.find(own, str(row.pk)) == row, "the body reads its own decision"
    assert document_queries.find(make.head_of(make.organization("乙"), "lin"), str(row.pk)) is None


def test_a_refusal_has_its_letter_too(people, body):
    officer, head = people
    case = case_of(officer, body)
    deciding.decide(case=case, decision="refused", on=TODAY, text="未经表决", by=head, at=AT, letter=True)
    assert Document.objects.get().code == "case_refused"


def test_when_the_letter_fails_nothing_is_decided(people, body, monkeypatch):
    officer, head = people
    case = case_of(officer, body)

    def fails(*args, **more):
        raise RuntimeError("no paper")

    monkeypatch.setattr("liaoyuan.core.documents.making.make", fails)
    with pytest.raises(RuntimeError):
        deciding.decide(case=case, decision="approved", on=TODAY, by=head, at=AT, confirmed=True, letter=True)
    case.refresh_from_db()
    assert case.state == "examined" and not Document.objects.exists() and not DocumentNumber.objects.exists()


def test_the_page_offers_it_where_it_can_be_done(client, people, body):
    officer, head = people
    case = case_of(officer, body)
    client.force_login(head)
    text = client.get(reverse("core:case_detail", args=[case.pk])).content.decode()
    assert "同时制发决定书" in text
    told = {"do": "decide", "on": "2026-11-29", "decision": "approved", "confirmed": "on", "letter": "on"}
    assert client.post(reverse("core:case_act", args=[case.pk]), told).status_code == 302
    number = Document.objects.get().number
    assert number in client.get(reverse("core:case_detail", args=[case.pk])).content.decode()


def test_a_notice_of_what_is_missing_is_drafted(client, people, body):
    officer, head = people
    facts = {"summary": "修改宗旨", "charter_clause": True}
    case = cases.submit(
        kind="registry.charter",
        facts=facts,
        label="甲服务中心",
        subject_id=str(body.pk),
        received_on=TODAY,
        by=officer,
        at=AT,
    )
    client.force_login(officer)
    told = {"do": "supplement", "on": "2026-10-26", "text": "缺会议决议", "letter": "on"}
    assert client.post(reverse("core:case_act", args=[case.pk]), told).status_code == 302
    row = Document.objects.get()
    assert (row.code, row.state) == ("case_supplement", "draft")
    assert document_queries.values_of(row)["needed"] == "缺会议决议"
    panel = client.get(reverse("core:document_panel", args=["case", case.pk]))
    assert panel.status_code == 200 and "补正通知书" in panel.content.decode()
    client.force_login(head)
    assert client.get(reverse("core:document_detail", args=[row.pk])).status_code == 200


def test_without_an_office_s_sign_nothing_is_offered(client, people, body):
    officer, head = people
    case = case_of(officer, body)
    from liaoyuan.core.models import Issuer

    Issuer.objects.all().delete()
    assert not case_letters.may_issue(head, case)
    client.force_login(head)
    assert "同时制发决定书" not in client.get(reverse("core:case_detail", args=[case.pk])).content.decode()


def decided(people, body):
    officer, head = people
    case = case_of(officer, body)
    deciding.decide(case=case, decision="approved", on=TODAY, by=head, at=AT, confirmed=True, letter=True)
    return case, Document.objects.get(subject_id=str(case.pk), code="case_approved")


def served(letter, by, result="signed", signed_on=TODAY):
    return documents.deliver(document=letter, way="post", sent_on=TODAY, result=result, signed_on=signed_on,
                             receiver="孙收件", by=by, at=AT)  # fmt: skip


def test_the_receipt_of_the_letter_delivers_its_case(client, people, body):
    officer, _head = people
    case, letter = decided(people, body)
    for result in ("waiting", "unsigned"):
        served(letter, officer, result, None)
        case.refresh_from_db()
        assert case.state == "decided" and case.delivered_on is None
    served(letter, officer)
    case.refresh_from_db()
    assert (case.state, case.delivered_on) == ("delivered", TODAY)
    assert case.delivery == f"邮寄 已签收 {letter.number}"
    step = case.steps.latest("pk")
    assert (step.kind, step.on, step.recorded_by) == ("delivered", TODAY, officer)
    event = AuditEvent.objects.filter(code="case.delivered").get()
    assert event.actor == officer and "孙收件" not in str(event.payload)
    client.force_login(officer)
    text = client.get(reverse("core:case_detail", args=[case.pk])).content.decode()
    assert f"邮寄 已签收 {letter.number}" in text and TODAY.isoformat() in text


def test_a_receipt_changes_no_case_that_was_delivered_by_hand_or_not_decided(people, body):
    officer, _head = people
    case, letter = decided(people, body)
    deciding.deliver(case=case, on=TODAY, how="当面领取", by=officer, at=AT)
    served(letter, officer)
    case.refresh_from_db()
    assert (case.state, case.delivery) == ("delivered", "当面领取")
    assert case.steps.filter(kind="delivered").count() == 1


def test_when_the_case_cannot_follow_the_delivery_is_not_recorded_either(people, body, monkeypatch):
    officer, _head = people
    _case, letter = decided(people, body)

    def fails(**more):
        raise RuntimeError("no case")

    monkeypatch.setattr(deciding, "receipt", fails)
    with pytest.raises(RuntimeError):
        served(letter, officer)
    assert not letter.deliveries.exists()
