"""Reductions asked for, discussed and granted; arrears and what the branch looks into, told to the branch alone; the
member's own page.
"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.core import clock
from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import accounts, dues, dues_requests, life
from liaoyuan.party.models import Affiliation, Due, DuesRequest, DuesStudy, DuesWaiver, Meeting, TrainingRecord
from liaoyuan.party.queries import dues_due, dues_waiting
from tests.core.factories import user
from tests.party import factories as make
from tests.party.factories import AT
from tests.party.test_dues_actions import payer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)


@pytest.fixture(autouse=True)
def rules(areas):
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)


@pytest.fixture
def branch(areas, committee):
    return make.party("演示甲党支部", area=areas["district"], superior=committee)


@pytest.fixture
def secretary(branch):
    return make.secretary(branch)


def owed(branch, who, months, fen=1500):
    for n in months:
        Due.objects.create(party_organization=branch, member=who, month=date(2026, n, 1), category="monthly", rate=50,
                           due_fen=fen, recorded_at=AT)  # fmt: skip


def account(who, secretary, name="himself"):
    made = user(name, is_demo=True)
    accounts.link(member=who, username=name, by=secretary, at=AT)
    return made


def ask(branch, who, by, **told):
    told = {"first_month": date(2026, 10, 1), "last_month": date(2027, 3, 1), "wished_fen": 20, "applied_on": TODAY,
            **told}  # fmt: skip
    return dues_requests.ask(party=branch, member=who, by=by, at=AT, **told)


def test_a_reduction_goes_from_the_member_to_the_branch_to_the_committee(branch, secretary, lead):
    who = payer(branch)
    owed(branch, who, [10])
    mine = account(who, secretary)
    row = ask(branch, who, mine)
    assert (row.own, row.state) == (True, "asked")
    with pytest.raises(Refused, match="正在办理"):
        ask(branch, who, secretary)
    with pytest.raises(Refused, match="不能这样办理"):
        dues_requests.grant(row=row, approval="滨党〔2026〕3号", approved_on=TODAY, by=lead, at=AT)
    with pytest.raises(PermissionDenied):
        dues_requests.agree(row=row, on=TODAY, by=mine, at=AT)
    with pytest.raises(Refused, match="讨论日期"):
        dues_requests.agree(row=row, on=TODAY - timedelta(days=1), by=secretary, at=AT)
    row = dues_requests.agree(row=row, on=TODAY, version=1, by=secretary, at=AT)
    with pytest.raises(PermissionDenied):
        dues_requests.grant(row=row, approval="滨党〔2026〕3号", approved_on=TODAY, by=secretary, at=AT)
    with pytest.raises(PermissionDenied):
        dues_requests.refuse(row=row, on=TODAY, by=secretary, at=AT)
    with pytest.raises(Refused, match="批准"):
        dues_requests.grant(row=row, approval=" ", approved_on=TODAY, by=lead, at=AT)
    row = dues_requests.grant(row=row, approval="滨党〔2026〕3号", approved_on=TODAY, by=lead, at=AT)
    waiver = DuesWaiver.objects.get()
    assert (row.state, row.waiver, waiver.due_fen, waiver.agreed_on) == ("granted", waiver, 20, TODAY)
    assert Due.objects.current().get(member=who).due_fen == 20
    with pytest.raises(Refused, match="不能这样办理"):
        dues_requests.withdraw(row=row, by=mine, at=AT)


def test_a_reduction_is_refused_or_taken_back(branch, secretary, lead):
    first, second, third = payer(branch), payer(branch), payer(branch)
    mine = account(first, secretary)
    with pytest.raises(PermissionDenied):
        ask(branch, second, mine)
    dues_requests.withdraw(row=ask(branch, first, mine), by=mine, at=AT)
    ask(branch, first, mine)  # and once more
    row = dues_requests.refuse(row=ask(branch, second, secretary), on=TODAY, by=secretary, at=AT)
    assert (row.state, row.ended_on, row.own) == ("refused", TODAY, False)
    row = dues_requests.agree(row=ask(branch, third, secretary), on=TODAY, by=secretary, at=AT)
    assert dues_requests.refuse(row=row, on=TODAY, by=lead, at=AT).state == "refused"
    assert not DuesWaiver.objects.exists()
    with pytest.raises(Refused, match="截止月"):
        ask(branch, third, secretary, last_month=date(2026, 9, 1))
    with pytest.raises(Refused, match="每月交纳"):
        ask(branch, third, secretary, wished_fen=None)
    with pytest.raises(Refused, match="不在本支部"):
        ask(branch, make.member(), secretary)


def test_unpaid_months_lead_to_a_talk_then_a_person_may_open_the_matter(branch, secretary, lead):
    short, talk, long_ = payer(branch), payer(branch), payer(branch)
    owed(branch, short, [8, 9])
    owed(branch, talk, [7, 8, 9, 10])  # the present month does not count
    owed(branch, long_, range(4, 10))
    found = {one.member: one for one in dues_waiting.late(branch, TODAY)}
    assert set(found) == {talk.pk, long_.pk}
    assert (found[talk.pk].months, found[talk.pk].study) == (3, False)
    assert (found[long_.pk].months, found[long_.pk].study) == (6, True)
    items, _n = dues_due.months(user=secretary, on=TODAY, limit=20)
    assert [i.title for i in items if "待谈话" in i.title] == ["演示甲党支部：党费未交满规定月数，有 2 人待谈话"]
    boss = make.member()
    make.affiliate(boss, branch)
    life.note_talk(party=branch, on=date(2026, 10, 20), kind="members", one=talk, other=boss, by=secretary, at=AT)
    found = {one.member: one for one in dues_waiting.late(branch, TODAY)}
    assert (found[talk.pk].talked_on, found[long_.pk].talked_on) == (date(2026, 10, 20), None)
    assert not DuesStudy.objects.exists()  # nothing happens by itself
    told = {"party": branch, "on": TODAY, "at": AT}
    with pytest.raises(Refused, match="不满 6 个月"):
        dues_requests.open_study(member=talk, heard_on=TODAY, by=secretary, **told)
    with pytest.raises(Refused, match="听取本人说明"):
        dues_requests.open_study(member=long_, heard_on=date(2026, 3, 31), by=secretary, **told)
    with pytest.raises(PermissionDenied):
        dues_requests.open_study(member=long_, heard_on=TODAY, by=lead, **told)
    row = dues_requests.open_study(member=long_, heard_on=date(2026, 10, 25), by=secretary, **told)
    assert (row.months, row.outcome) == (6, "")
    with pytest.raises(Refused, match="正在研究"):
        dues_requests.open_study(member=long_, heard_on=TODAY, by=secretary, **told)
    before = list(Affiliation.objects.values_list("pk", "superseded_at"))
    with pytest.raises(Refused, match="文号"):
        dues_requests.end_study(row=row, outcome="upward", on=TODAY, by=secretary, at=AT)
    with pytest.raises(PermissionDenied):
        dues_requests.end_study(row=row, outcome="help", on=TODAY, by=lead, at=AT)
    dues_requests.end_study(row=row, outcome="upward", on=TODAY, document="支〔2026〕1号", by=secretary, at=AT)
    assert list(Affiliation.objects.values_list("pk", "superseded_at")) == before
    events = AuditEvent.objects.filter(code__startswith="dues.study")
    assert {(e.subject_kind, e.subject_id) for e in events} == {("partyorganization", str(branch.pk))}
    assert str(long_.pk) not in str([sorted(e.payload) for e in events])


def test_who_is_in_arrears_is_told_to_the_branch_alone(branch, client, secretary, lead):
    paid, late = payer(branch, name="演示按时"), payer(branch, name="演示迟交")
    owed(branch, late, range(3, 10))
    owed(branch, paid, [9])
    dues.pay(party=branch, keys=Due.objects.filter(member=paid).values_list("pk", flat=True), on=date(2026, 9, 9),
             by=secretary, at=AT)  # fmt: skip
    dues_requests.open_study(party=branch, member=late, heard_on=TODAY, on=TODAY, by=secretary, at=AT)
    here, asked = f"/party/dues/{branch.pk}/?month=2026-09", reverse("party:dues_requests", args=[branch.pk])
    row, study = Due.objects.filter(member=late).first(), DuesStudy.objects.get()
    client.force_login(secretary)
    page = client.get(here).text
    assert "演示迟交" in page and "7 个月未交" in page
    page = client.get(asked).text
    assert "演示迟交" in page and "党支部研究" in page
    client.force_login(lead)
    page = client.get(here).text
    assert "演示按时" in page and "演示迟交" not in page and "另有 1 人" in page and "往月欠交" not in page
    assert "演示迟交" not in client.get(f"{here}&state=unpaid").text
    assert "演示迟交" not in client.get(asked).text
    assert client.get(reverse("party:dues_pay_one", args=[row.pk])).status_code == 404
    assert client.get(reverse("party:dues_study_new", args=[branch.pk, late.pk])).status_code == 403
    assert client.get(reverse("party:dues_study_end", args=[study.pk])).status_code == 404
    where = f"{reverse('party:dues_export', args=[branch.pk, 'year'])}?month=2026-10"
    told = b"".join(client.post(where, {"form": "csv"}).streaming_content).decode()
    assert "演示按时" in told and "演示迟交" not in told
    client.force_login(secretary)
    told = b"".join(client.post(where, {"form": "csv"}).streaming_content).decode()
    assert "演示迟交" in told


def test_the_pages_of_a_request_and_a_study(branch, client, secretary, lead):
    who = payer(branch, name="演示困难")
    owed(branch, who, range(3, 11))
    client.force_login(secretary)
    new = reverse("party:dues_request_new", args=[branch.pk])
    told = {"member": who.pk, "first_month": "2026-10", "last_month": "2027-03", "wished_fen": "0.2",
            "applied_on": "2026-10-20"}  # fmt: skip
    page = client.post(new, told | {"first_month": "十月"})
    assert page.status_code == 422 and "月份" in page.text
    assert client.post(new, told).status_code == 302
    row = DuesRequest.objects.get()
    [item] = dues_due.discussed(user=secretary, on=TODAY, limit=20)[0]
    assert "待党支部讨论" in item.title and "演示困难" not in item.title
    act = lambda code: reverse("party:dues_request_act", args=[row.pk, code])  # noqa: E731
    assert client.get(act("grant")).status_code == 302
    assert client.post(act("agree"), {"on": "2026-10-21", "version": row.version}).status_code == 302
    client.force_login(lead)
    assert dues_due.decided(user=lead, on=TODAY, limit=20)[1] == 1
    page = client.get(act("grant"))
    assert page.status_code == 200 and "0.20" in page.text and "上级基层党委批准" in page.text
    assert client.post(act("grant"), {"approval": "", "approved_on": "2026-10-22", "due_fen": "0.2"}).status_code == 422
    told = {"approval": "滨党〔2026〕3号", "approved_on": "2026-10-22", "due_fen": "0.2"}
    assert client.post(act("grant"), told).status_code == 302
    assert "滨党〔2026〕3号" in client.get(reverse("party:dues_requests", args=[branch.pk])).text
    client.force_login(secretary)
    study = reverse("party:dues_study_new", args=[branch.pk, who.pk])
    assert "只有本党支部和本人看得到" in client.get(study).text
    assert client.post(study, {"heard_on": "2026-10-20", "on": "2026-10-26"}).status_code == 302
    end = reverse("party:dues_study_end", args=[DuesStudy.objects.get().pk])
    assert client.post(end, {"outcome": "x", "on": "2026-10-26"}).status_code == 422
    assert client.post(end, {"outcome": "help", "on": "2026-10-26"}).status_code == 302
    assert client.get(end).status_code == 404


def test_a_member_sees_his_own_dues_meetings_hours_and_readers(branch, client, secretary, areas):
    who, other = payer(branch, "5001", name="演示本人"), payer(branch, "9999", name="演示旁人")
    owed(branch, who, [8, 9, 10], 7502)
    owed(branch, other, [5], 14999)
    mine = account(who, secretary)
    dues.pay(party=branch, keys=[Due.objects.get(member=who, month=date(2026, 8, 1)).pk], on=date(2026, 8, 20),
             payee="演示组织委员", by=secretary, at=AT)  # fmt: skip
    today = clock.today()
    Meeting.objects.create(party_organization=branch, kind="lecture", year=today.year, number=1, created_at=AT,
                           held_on=today + timedelta(days=2), topic="演示党课", place="演示活动室")  # fmt: skip
    TrainingRecord.objects.create(party_organization=branch, member=who, on=today, what="演示培训", spent=150,
                                  recorded_at=AT)  # fmt: skip
    accounts.reveal(member=who, field="birth", reason="核对年龄", by=secretary, at=AT)
    client.force_login(mine)
    assert client.get("/")["Location"] == reverse("party:me")
    page = client.get(reverse("party:me")).text
    for words in (f"有 {1 + (today >= date(2026, 11, 1))} 个月", "2026-09", "演示党课", "演示活动室", "2.5 学时",
                  "32 学时", "演示培训", "核对年龄", secretary.display_name):  # fmt: skip
        assert words in page, words
    assert "演示旁人" not in page and "149.99" not in page
    own = reverse("party:me_dues")
    page = client.get(own)
    assert "75.02" in page.text and "演示组织委员" in page.text and "5,001" not in page.text
    shown = client.post(reverse("party:me_dues_base"))
    assert "5,001.00" in shown.text and "no-store" in shown["Cache-Control"]
    assert AuditEvent.objects.filter(code="read.revealed", payload__field="dues_base", actor=mine).count() == 1
    about = client.get(reverse("core:about_me")).text
    assert "应交 3 个月，已交 1 个月" in about and "党费基数一份" in about and "党费基数" in about
    ask_page = reverse("party:me_dues_ask")
    assert client.get(ask_page).status_code == 200
    month = f"{today:%Y-%m}"
    assert client.post(ask_page, {"first_month": month, "last_month": "x", "wished_fen": "0"}).status_code == 422
    assert client.post(ask_page, {"first_month": month, "last_month": month, "wished_fen": "0"}).status_code == 302
    row = DuesRequest.objects.get()
    assert (row.member, row.own) == (who, True)
    assert "待党支部讨论" in client.get(own).text
    stranger = account(other, secretary, "stranger")
    client.force_login(stranger)
    gone = reverse("party:me_dues_withdraw", args=[row.pk])
    assert client.post(gone).status_code == 404
    assert "待党支部讨论" not in client.get(own).text
    client.force_login(mine)
    assert client.post(gone).status_code == 302
    assert DuesRequest.objects.get().state == "withdrawn"


def test_an_account_without_a_member_finds_nothing(client, branch, secretary):
    client.force_login(user("nobody", is_demo=True))
    assert client.get(reverse("party:me_dues")).status_code == 404
    assert client.post(reverse("party:me_dues_base")).status_code == 404
    assert client.get(reverse("party:me_dues_ask")).status_code == 404
    assert "还没有可用的权限" in client.get("/").text


def test_on_the_internet_one_s_own_page_tells_paid_or_not(branch, client, secretary, settings):
    settings.ZONE = "internet"
    who = make.member()
    make.affiliate(who, branch)
    Due.objects.create(party_organization=branch, member=who, month=date(2026, 9, 1), recorded_at=AT)
    client.force_login(account(who, secretary))
    page = client.get(reverse("party:me_dues")).text
    assert "未交" in page and "应交（元）" not in page and "党费基数" not in page
    assert client.post(reverse("party:me_dues_base")).status_code == 404
    told = {"first_month": "2026-12", "last_month": "2027-03"}
    client.post(reverse("party:me_dues_ask"), told)
    assert DuesRequest.objects.get().wished_fen is None
