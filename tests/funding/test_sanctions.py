"""Sanctions: two persons, the body is heard, a ban bars later applications until it is over or lifted; praise."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from liaoyuan.core.models import Attachment
from liaoyuan.funding.actions import consequences
from liaoyuan.funding.models import Commendation, ProjectAudit, ProjectSanction, TrancheCondition
from liaoyuan.funding.queries import consequences as reading
from liaoyuan.funding.queries import facts
from liaoyuan.kit.findings import Refused
from tests.core.factories import user
from tests.funding import granting, ground

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
DAY = timedelta(1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"  # noqa: E501


def codes(refused):
    return {finding.code for finding in refused.value.findings}


@pytest.fixture
def contract(desk, round_, proposed):
    return granting.running(desk, proposed)


@pytest.fixture
def project(contract):
    return granting.project(contract[0].project)


def proposed_sanction(project, by, at, **told):
    given = {"grounds": ["diverted"], "found_on": granting.day(at), "measures": ["ban", "credit"],
             "facts": "演示：资金用于其他项目。", **told}  # fmt: skip
    return consequences.propose(project=project, **given, by=by, at=at)


def test_a_ban_lasts_as_the_table_says_and_bars_later_applications(project, contract, desk, head, body, round_):
    _row, at = contract
    one = proposed_sanction(project, desk.officer, at)
    day = granting.day(at)
    assert one.banned_until == date(day.year + 3, day.month, day.day) - DAY
    assert reading.barred_until(body, day) is None, "a proposal bars nobody"
    with pytest.raises(Refused) as refused:
        consequences.decide(sanction=one, agreed=True, opinion="同意", by=desk.host, at=at)
    assert codes(refused) == {"SANCTION-HEARING"}
    one = consequences.reply(sanction=one, text="是误付，已追回。", by=head, at=at)
    one = consequences.decide(sanction=one, agreed=True, opinion="事实清楚", by=desk.host, at=at)
    assert reading.barred_until(body, day) == one.banned_until
    assert reading.barred_until(body, one.banned_until) == one.banned_until
    assert reading.barred_until(body, one.banned_until + DAY) is None
    assert reading.barred_until(ground.body("滨湖区丁示例服务中心"), day) is None
    assert facts.of_application(project, day).banned_until == one.banned_until


def test_an_application_of_a_barred_body_is_refused(project, contract, desk, head, body, round_):
    """GV-APP-07 through the action of handing in, in the open round."""
    _row, at = contract
    one = proposed_sanction(project, desk.officer, at)
    one = consequences.reply(sanction=one, text="说明", by=head, at=at)
    draft = ground.written(round_, body, head, title="第二个项目")
    ProjectSanction.objects.filter(pk=one.pk).update(state="decided", decided_at=at, decided_by=desk.host,
                                                     banned_from=ground.TODAY)  # fmt: skip
    with pytest.raises(Refused) as refused:
        ground.submitted(draft, head)
    assert "GV-APP-07" in codes(refused)
    ProjectSanction.objects.filter(pk=one.pk).update(state="lifted", answered_at=at, answered_by=desk.other_host)
    draft.refresh_from_db()
    with pytest.raises(Refused) as refused:
        ground.submitted(draft, head)
    assert codes(refused) == {"GV-APP-03"}, "the same project was funded; the ban is gone"


def test_two_persons_decide_and_the_database_holds_it(project, contract, desk, head):
    _row, at = contract
    one = proposed_sanction(project, desk.host, at)
    one = consequences.reply(sanction=one, text="说明", by=head, at=at)
    with pytest.raises(Refused) as refused:
        consequences.decide(sanction=one, agreed=True, opinion="同意", by=desk.host, at=at)
    assert codes(refused) == {"SANCTION-SECOND"}
    with pytest.raises(PermissionDenied):
        consequences.decide(sanction=one, agreed=True, opinion="同意", by=desk.officer, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectSanction.objects.filter(pk=one.pk).update(decided_by=desk.host, decided_at=at)
    assert (
        consequences.decide(sanction=one, agreed=False, opinion="情节轻微", by=desk.other_host, at=at).state
        == "dropped"
    )


def test_an_appeal_is_answered_by_a_third_person(project, contract, desk, head, body):
    _row, at = contract
    one = consequences.reply(sanction=proposed_sanction(project, desk.officer, at), text="说明", by=head, at=at)
    one = consequences.decide(sanction=one, agreed=True, opinion="同意", by=desk.host, at=at)
    with pytest.raises(Refused) as refused:
        consequences.answer(sanction=one, lifted=False, answer="维持", by=desk.other_host, at=at)
    assert codes(refused) == {"SANCTION-APPEAL"}
    one = consequences.appeal(sanction=one, text="请复核", by=head, at=at)
    assert reading.barred_until(body, granting.day(at)) is not None, "an appeal does not stop it"
    with pytest.raises(Refused) as refused:
        consequences.answer(sanction=one, lifted=True, answer="撤销", by=desk.host, at=at)
    assert codes(refused) == {"SANCTION-SECOND"}
    one = consequences.answer(sanction=one, lifted=True, answer="误付已还", by=desk.other_host, at=at)
    assert one.state == "lifted" and reading.barred_until(body, granting.day(at)) is None


@pytest.mark.parametrize(
    ("told", "code"),
    [({"grounds": []}, "SANCTION-GROUNDS"), ({"measures": ["other"]}, "SANCTION-MEASURES"),
     ({"facts": ""}, "SANCTION-FACTS"), ({"found_on": date(2099, 1, 1)}, "SANCTION-DAY")],
)  # fmt: skip
def test_what_cannot_be_proposed(project, contract, desk, told, code):
    _row, at = contract
    with pytest.raises(Refused) as refused:
        proposed_sanction(project, desk.officer, at, **told)
    assert codes(refused) == {code}


def test_a_warning_bars_nobody_and_the_credit_record_is_asked_for(project, contract, desk, head, body):
    _row, at = contract
    one = proposed_sanction(project, desk.officer, at, measures=["warning"])
    one = consequences.reply(sanction=one, text="说明", by=head, at=at)
    one = consequences.decide(sanction=one, agreed=True, opinion="通报", by=desk.host, at=at)
    assert (one.banned_until, reading.barred_until(body, granting.day(at))) == (None, None)
    told = {"grounds": one.grounds, "since": one.found_on}
    assert len(reading.findings(project, told["grounds"], told["since"], credited=False)) == 2
    one = consequences.credited(sanction=one, credit_on=granting.day(at), by=desk.officer, at=at)
    assert len(reading.findings(project, told["grounds"], told["since"], credited=True)) == 1


def test_praise_is_confirmed_by_another(project, contract, desk):
    _row, at = contract
    told = {"title": "优秀项目", "reason": "居民满意", "given_on": granting.day(at)}
    one = consequences.commend(project=project, **told, by=desk.host, at=at)
    with pytest.raises(Refused) as refused:
        consequences.confirm_commendation(commendation=one, by=desk.host, at=at)
    assert codes(refused) == {"COMMENDATION-SECOND"}
    assert consequences.confirm_commendation(commendation=one, by=desk.other_host, at=at).confirmed_at == at
    with pytest.raises(Refused):
        consequences.commend(project=project, **told, by=desk.officer, at=at)
    assert Commendation.objects.count() == 1


def test_the_way_through_the_pages(client, project, contract, desk, head, monkeypatch):
    row, at = contract
    monkeypatch.setenv("LIAOYUAN_NOW", at.isoformat())
    client.force_login(desk.officer)
    there = reverse("funding:audit_new", args=[project.pk])
    posted = {
        "auditor": "演示会计师事务所",
        "reported_on": granting.day(at).isoformat(),
        "conclusion": "clean",
        "note": "",
    }
    refused = client.post(there, {**posted, "note": "写了很长的说明"})
    assert refused.status_code == 422 and "写了很长的说明" in refused.text
    file = SimpleUploadedFile("审计.pdf", PDF, "application/pdf")
    answer = client.post(there, {**posted, "file": file})
    assert answer.status_code == 302, answer.text
    audit = ProjectAudit.objects.get()
    assert Attachment.objects.get(subject_kind="projectaudit").subject_id == str(audit.pk)
    assert TrancheCondition.objects.filter(agreement=row, trigger="audited").exists()
    there = reverse("funding:sanction_new", args=[project.pk])
    told = {"grounds": ["breach"], "measures": ["ban"], "found_on": granting.day(at).isoformat(), "facts": "写好的事实"}
    refused = client.post(there, {**told, "grounds": []})
    assert refused.status_code == 422 and "写好的事实" in refused.text
    detail = client.post(there, told)["Location"]
    one = ProjectSanction.objects.get()
    client.force_login(head)
    assert "写好的事实" in client.get(detail).text
    there = reverse("funding:sanction_reply", args=[one.pk])
    assert client.post(there, {"text": "不是故意的", "version": "1"}).status_code == 302
    client.force_login(desk.host)
    there = reverse("funding:sanction_decide", args=[one.pk])
    assert client.post(there, {"agreed": "1", "opinion": "同意", "version": "1"}).status_code == 422, "stale"
    assert client.post(there, {"agreed": "1", "opinion": "同意", "version": "2"}).status_code == 302
    page = client.get(reverse("funding:project_reports", args=[project.pk])).text
    assert "违反协议" in page and "演示会计师事务所" in page
    client.force_login(user("pinggu", ("evaluator", "area", "320211")))
    assert client.get(there).status_code == 403
