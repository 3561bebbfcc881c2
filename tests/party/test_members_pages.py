"""The pages of members: a desk's work, masks until a reason is given, reads that are logged, one's own page."""

from datetime import date

import pytest
from django.urls import reverse

from liaoyuan.core import clock
from liaoyuan.core.models import AuditEvent
from liaoyuan.party.models import Affiliation, Member, MemberAccount, VotingPause
from liaoyuan.party.queries import members as reading
from tests.core.factories import user
from tests.party import factories as make
from tests.people import factories as people

NUMBER = people.ric("19900307", 1)
ENTRY = {"name": "演示党员甲", "gender": "m", "admitted_on": "2015-06", "confirmed_on": "2016.6", "kind": "formal",
         "id_number": NUMBER, "birth": "1990-03", "mobile": "13900001234", "evidence": "党员档案"}  # fmt: skip


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def branch(areas, committee):
    return make.party("演示甲党支部", area=areas["district"], superior=committee)


@pytest.fixture
def desk(client, branch):
    client.force_login(make.secretary(branch))
    return client


def test_a_member_is_entered_on_the_page(desk, branch, centre):
    assert desk.get(reverse("party:member_choose")).url == reverse("party:member_new", args=[branch.pk])
    url = reverse("party:member_new", args=[branch.pk])
    page = desk.post(url, {**ENTRY, "evidence": "", "birth": "1990-13", "mobile": "12", "admitted_on": "去年"})
    assert page.status_code == 422 and not Member.objects.exists()
    for told in ("请写成 1990-03", "不像一个电话号码", "请写成 2015-06-01"):
        assert told in text(page)
    page = desk.post(url, {**ENTRY, "body": "没有这家"})
    assert page.status_code == 422 and "登记库里没有这个组织" in text(page) and not Member.objects.exists()
    answer = desk.post(url, {**ENTRY, "body": "滨湖区甲示例服务中心"}, follow=True)
    page = text(answer)
    assert NUMBER not in page and "13900001234" not in page
    assert "329911********" in page and "139****1234" in page and "19**-**" in page
    record = reading.current(Member.objects.get())
    assert (record.admitted_on, record.precision) == (date(2015, 6, 1), {"admitted_on": "M", "confirmed_on": "M"})
    assert Affiliation.objects.get().organization == centre


def test_a_doubt_is_confirmed_on_the_page(desk, branch):
    url = reverse("party:member_new", args=[branch.pk])
    given = {**ENTRY, "gender": "f"}
    refused = desk.post(url, given)
    assert refused.status_code == 422 and "已核对，确认办理" in text(refused)
    assert desk.post(url, {**given, "confirmed": "1"}).status_code == 302


def test_opening_a_dossier_is_logged_and_a_value_is_shown_for_a_reason_only(desk, branch):
    desk.post(reverse("party:member_new", args=[branch.pk]), ENTRY)
    who = Member.objects.get()
    read = AuditEvent.objects.filter(code="read.opened", subject_kind="member", subject_id=str(who.pk))
    before = read.count()
    desk.get(reverse("party:member_detail", args=[who.pk]))
    assert read.count() == before + 1
    url = reverse("party:member_reveal", args=[who.pk, "mobile"])
    assert "13900001234" not in text(desk.post(url, {"reason": ""}))
    assert "13900001234" in text(desk.post(url, {"reason": "通知开会"}))
    assert desk.post(reverse("party:member_reveal", args=[who.pk, "id_number"]), {"reason": "核对"}).status_code == 403
    assert desk.post(reverse("party:member_reveal", args=[who.pk, "nothing"]), {"reason": "核对"}).status_code == 404


def test_a_correction_on_an_old_page_is_refused(desk, branch):
    desk.post(reverse("party:member_new", args=[branch.pk]), ENTRY)
    who = Member.objects.get()
    url = reverse("party:member_correct", args=[who.pk])
    page = text(desk.get(url))
    assert 'value="2015-06"' in page and NUMBER not in page and "13900001234" not in page
    given = {"name": "演示党员甲", "admitted_on": "2015-06", "confirmed_on": "2016-06-20", "evidence": "党员档案"}
    assert desk.post(url, {**given, "version": who.version}).status_code == 302
    assert reading.current(who).precision == {"admitted_on": "M"}
    refused = desk.post(url, {**given, "job": "社工", "version": who.version})
    assert refused.status_code == 422 and "别人修改了这名党员" in text(refused)


def test_joining_advancing_ending_on_the_pages(client, areas, committee, branch, lead):
    who = make.member("演示党员乙")
    make.affiliate(who, branch)
    host = make.party("演示乙党支部", area=areas["district"], superior=committee)
    client.force_login(lead)
    url = reverse("party:member_join", args=[who.pk])
    bad = client.post(url, {"party": host.pk, "kind": "floating", "consented_on": "2026-05-01"})
    assert bad.status_code == 422 and "只有临时双隶属、双重管理" in text(bad)
    client.post(url, {"party": host.pk, "kind": "temporary", "start": "2026-05-01", "consented_on": "2026-05-01"})
    row = Affiliation.objects.now_open().get(party_organization=host)
    assert row.transfer_due_on == date(2026, 11, 1)
    page = text(client.get(reverse("party:member_detail", args=[who.pk]) + "?tab=ledger"))
    assert reverse("party:affiliation_advance", args=[row.pk]) in page
    bad = client.post(reverse("party:affiliation_advance", args=[row.pk]), {"stage": "moved", "on": "2026-06-01"})
    assert bad.status_code == 422
    client.post(reverse("party:affiliation_advance", args=[row.pk]), {"stage": "dual", "on": "2026-06-01"})
    row = Affiliation.objects.now_open().get(party_organization=host)
    assert (row.stage, row.stage_on) == ("dual", date(2026, 6, 1))
    formal = Affiliation.objects.now_open().get(party_organization=branch)
    refused = client.post(reverse("party:affiliation_end", args=[formal.pk]), {"on": "2026-07-01", "reason": "误"})
    assert refused.status_code == 422 and "只能经转接变更" in text(refused)
    assert client.get(reverse("party:affiliation_advance", args=[formal.pk])).status_code == 404
    client.post(reverse("party:affiliation_end", args=[row.pk]), {"on": "2026-07-01", "reason": "离职"})
    assert not Affiliation.objects.now_open().filter(party_organization=host).exists()


def test_votes_leaving_and_the_account(desk, branch, client):
    who = make.member("演示党员丙")
    make.affiliate(who, branch)
    voting = reverse("party:member_voting", args=[who.pk])
    assert "暂停表决权" in text(desk.get(voting))
    desk.post(voting, {"on": "2026-10-01"})
    assert VotingPause.objects.now_open().count() == 1
    assert "恢复表决权" in text(desk.get(voting))
    user("own")
    account = reverse("party:member_account", args=[who.pk])
    assert "没有这个登录名" in text(desk.post(account, {"username": "nobody"}))
    desk.post(account, {"username": "own"})
    assert MemberAccount.objects.get().user.username == "own"
    desk.post(account, {})
    assert not MemberAccount.objects.exists()
    leave = reverse("party:member_leave", args=[who.pk])
    assert desk.post(leave, {"on": "2026-10-20", "reason": "other", "evidence": ""}).status_code == 422
    assert desk.post(leave, {"on": "2026-10-20", "reason": "other", "evidence": "批复"}).status_code == 302
    assert desk.get(reverse("party:member_detail", args=[who.pk])).status_code == 404
    assert "演示党员丙" not in text(desk.get(reverse("party:member_list")))


def test_one_s_own_page_and_who_read(client, branch):
    own, by = user("own"), make.secretary(branch)
    who = make.member("演示党员丁")
    make.affiliate(who, branch)
    make.affiliate(who, make.committee(branch.area, "演示丙党委"), "floating")
    make.transfer(who, None, branch, "issued", number="某介〔2026〕1号", issued_on=date(2026, 1, 1), valid_days=30,
                  expires_on=date(2026, 1, 31))  # fmt: skip
    client.force_login(own)
    assert "没有关联党员资料" in text(client.get(reverse("party:me")))
    assert client.post(reverse("party:me_reveal", args=["mobile"])).status_code == 404
    from liaoyuan.party.actions import accounts

    accounts.link(member=who, username="own", by=by, at=clock.now())
    page = text(client.get(reverse("party:me")))
    for shown in ("演示党员丁", "演示甲党支部", "演示丙党委", "某介〔2026〕1号"):
        assert shown in page
    client.force_login(by)
    client.get(reverse("party:member_detail", args=[who.pk]))
    client.force_login(own)
    page = text(client.get(reverse("core:about_me")))
    assert "党员资料一份，组织关系 2 条，转接 1 件" in page and "secretary" in page


def test_the_list_asks_sorts_and_keeps_its_state(client, areas, committee, branch, lead, centre):
    below = make.party("演示丁党支部", area=areas["district"], superior=committee)
    full, fresh, hosted = make.member("赵演示"), make.member("钱演示", confirmed_on=None), make.member("孙演示")
    make.affiliate(full, branch, organization=centre)
    make.affiliate(fresh, below)
    make.affiliate(hosted, below, "double", transfer_due_on=date(2026, 12, 1), consented_on=date(2026, 6, 1))
    client.force_login(lead)

    def names(**query):
        page = text(client.get(reverse("party:member_list"), query))
        return {name for name in ("赵演示", "钱演示", "孙演示") if name in page}

    every = {"赵演示", "钱演示", "孙演示"}
    assert names() == every == names(party=committee.pk) == names(q="演示")
    assert names(q="zys") == {"赵演示"} and names(q="赵 演示") == {"赵演示"}
    assert names(party=below.pk) == {"钱演示", "孙演示"} == names(q="演示丁党支部")
    assert names(kind="double") == {"孙演示"} == names(stage="dual")
    assert names(status="probationary") == {"钱演示"} and names(status="unknown") == set()
    assert names(body="甲示例服务") == {"赵演示"} == names(body=centre.code)
    assert names(party="x", kind="y") == every
    assert names(sort="-admitted", cols="name,seniority", per="20") == every
