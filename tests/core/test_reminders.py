"""催办: who owes, call lists that shrink as bodies comply, texts of names and days only, calls noted in two taps."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.core import clock, registries
from liaoyuan.core.actions import reminders as actions
from liaoyuan.core.models import AuditEvent, CallList, Contact, Message
from liaoyuan.core.outlets import folder, webhook
from liaoyuan.core.queries import reminders as queries
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import contacts
from tests.core.jobs_ground import work_off
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


@pytest.fixture(autouse=True)
def own_outbox(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "place", lambda: tmp_path / "outbox")


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def ground(today):
    """Three certificates that are over, one that ends soon, one elsewhere."""
    areas = make.binhu()
    end = {"late1": -40, "late2": -3, "late3": -1, "soon": 10}
    bodies = {
        name: make.organization(f"甲{name}中心", street=areas["heli"], phone=PHONE, legal_representative="张某某",
                                certificate_to=today + timedelta(days=days))
        for name, days in end.items()
    }  # fmt: skip
    bodies["away"] = make.organization("邻区中心", street=areas["other_street"], registrar_area=areas["other"],
                                       certificate_to=today - timedelta(days=5))  # fmt: skip
    return bodies


@pytest.fixture
def officer(ground):
    return make.user("dj", ("registry_officer", "area", "320211"), is_demo=True)


def source():
    return registries.reminders["registry.certificate"]


def made(officer, today, span="late"):
    return actions.make(source=source(), rows=queries.owing(source(), officer, today, span), by=officer, at=make.AT)


def renew(body, today):
    make.changed(body, today, certificate_to=today + timedelta(days=1500))


def test_who_owes_in_each_span(ground, officer, today):
    assert [row.name for row in queries.owing(source(), officer, today, "late")] == [
        "甲late1中心", "甲late2中心", "甲late3中心"]  # fmt: skip
    assert [row.name for row in queries.owing(source(), officer, today, "30")] == ["甲soon中心"]
    found = {one.code: told for one, told in queries.counts(officer, today)}
    assert found["registry.certificate"] == {"late": 3, "30": 1, "90": 1}


def test_who_has_complied_drops_out_and_is_counted(ground, officer, today):
    row = made(officer, today)
    assert (queries.opened(row, officer, today).total, queries.opened(row, officer, today).done) == (3, 0)
    renew(ground["late2"], today)
    found = queries.opened(row, officer, today)
    assert [one.name for one in found.rows] == ["甲late1中心", "甲late3中心"] and found.done == 1


def test_the_text_holds_names_and_days_only(ground, officer, today, client):
    row = made(officer, today)
    client.force_login(officer)
    page = client.get(reverse("core:call_list", args=[row.pk])).content.decode()
    chat = page.split("<textarea")[1].split("</textarea>")[0]
    assert "1. 甲late1中心" in chat and (today - timedelta(days=40)).isoformat() in chat
    assert "张某某" not in chat and "138" not in chat
    assert "138****5678" in page and PHONE not in page and "张某某" in page


def test_from_the_list_of_organizations_to_the_call_list(ground, officer, today, client):
    client.force_login(officer)
    ids = [ground["late1"].pk, ground["away"].pk]
    answer = client.post(reverse("registry:organization_calls"), {"ids": ids})
    row = CallList.objects.get()
    assert answer.status_code == 302 and answer["Location"] == reverse("core:call_list", args=[row.pk])
    page = client.get(answer["Location"]).content.decode()
    assert "甲late1中心" in page and "邻区中心" not in page
    renew(ground["late1"], today)
    assert "都已办完" in client.get(answer["Location"]).content.decode()
    assert client.post(reverse("registry:organization_calls"), {"ids": [ground["away"].pk]}).status_code == 302
    assert CallList.objects.count() == 1


def test_the_late_bodies_call_list_is_three_clicks_from_login(ground, officer, client):
    """Login, 催办, the number under 已逾期: the list stands there with telephones; a fourth makes it a call list."""
    client.force_login(officer)
    home = client.get("/").content.decode()
    assert reverse("core:reminder_home") in home
    page = client.get(reverse("core:reminder_home")).content.decode()
    address = re.search(r'href="(/reminders/of/registry\.certificate/\?span=late)">3<', page)
    assert address
    late = client.get(address[1]).content.decode()
    assert late.count("138****5678") == 3 and "甲late1中心" in late
    answer = client.post(address[1], {"all_matching": "1"})
    assert client.get(answer["Location"]).content.decode().count("记电话") == 3


def test_sending_is_one_job_and_each_body_hears_of_it_once_a_day(ground, officer, today, tmp_path):
    row = made(officer, today)
    renew(ground["late1"], today)
    sent = actions.send(call_list=row, outlet="file", by=officer, at=make.AT)
    assert sorted(m.subject_label for m in sent) == ["甲late2中心", "甲late3中心"]
    assert actions.send(call_list=row, outlet="file", by=officer, at=make.AT) == []
    assert work_off() == 1
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    texts = "".join(path.read_text() for path in (tmp_path / "outbox").iterdir())
    assert PHONE not in texts and "138****5678" in texts
    codes = AuditEvent.objects.filter(subject_kind="organization", subject_id=str(ground["late2"].pk))
    assert list(codes.order_by("pk").values_list("code", flat=True)) == ["message.asked", "message.sent"]
    assert actions.send(call_list=row, outlet="file", by=officer, at=make.AT + timedelta(days=1))


def test_a_group_gets_few_texts_that_name_everybody_once(ground, officer, today, monkeypatch):
    monkeypatch.setattr(webhook, "MOST_BYTES", 200)
    row = made(officer, today)
    drafts = actions._together(row, source(), queries.opened(row, officer, today).rows, "2026-11-29")
    assert [len(draft.covers) for draft in drafts] == [2, 1] and all(len(d.text.encode()) <= 200 for d in drafts)
    assert [label for draft in drafts for _k, _i, label in draft.covers] == [
        "甲late1中心", "甲late2中心", "甲late3中心"]  # fmt: skip
    monkeypatch.setattr(webhook, "MOST_BYTES", 2000)
    [one] = actions._together(row, source(), queries.opened(row, officer, today).rows, "2026-11-29")
    assert len(one.covers) == 3


def test_telling_the_group_stands_on_each_timeline_once_a_day(ground, officer, today):
    row = made(officer, today)
    assert actions.tell(call_list=row, by=officer, at=make.AT) == 3
    with pytest.raises(Refused):
        actions.tell(call_list=row, by=officer, at=make.AT)
    assert AuditEvent.objects.filter(code="reminder.told").count() == 3


def test_telephones_whole_for_a_reason_and_each_reading_is_an_event(ground, officer, today, client):
    row = made(officer, today)
    client.force_login(officer)
    url = reverse("core:call_list_do", args=[row.pk])
    assert PHONE not in client.post(url, {"do": "reveal", "reason": ""}, follow=True).content.decode()
    assert client.post(url, {"do": "reveal", "reason": "打电话催办"}).content.decode().count(f"tel:{PHONE}") == 3
    assert AuditEvent.objects.filter(code="read.revealed").count() == 3
    head = make.user("head", ("registry_head", "area", "320211"), is_demo=True)
    with pytest.raises(PermissionDenied):
        actions.reveal(call_list=row, reason="看看", by=head, at=make.AT)


def test_anothers_list_is_not_mine(ground, officer, today, client):
    row = made(officer, today)
    other = make.user("dj2", ("registry_officer", "area", "320211"), is_demo=True)
    client.force_login(other)
    assert client.get(reverse("core:call_list", args=[row.pk])).status_code == 404
    assert client.post(reverse("core:call_list_do", args=[row.pk]), {"do": "tell"}).status_code == 404
    with pytest.raises(CallList.DoesNotExist):
        actions.tell(call_list=row, by=other, at=make.AT)


def test_a_call_in_two_taps_is_the_last_contact_of_the_call_list(ground, officer, today, client):
    row = made(officer, today)
    client.force_login(officer)
    there = reverse("core:call_list", args=[row.pk])
    address = re.search(r'href="([^"]+/note/\?next=[^"]+)"', client.get(there).content.decode())[1]
    assert "promised" in client.get(address).content.decode()  # the first tap
    answer = client.post(address, {"outcome": "promised", "promised_on": (today + timedelta(days=7)).isoformat()})
    assert (answer.status_code, answer["Location"]) == (302, there)  # the second
    page = client.get(there).content.decode()
    assert f"承诺办理：{(today + timedelta(days=7)).isoformat()} 前" in page
    event = AuditEvent.objects.get(code="organization.note")
    assert event.payload["outcome"] == "promised" and event.subject_id == str(ground["late1"].pk)
    assert Contact.objects.get().promised_on == today + timedelta(days=7)


@pytest.mark.parametrize("given", [
    {"outcome": "promised"}, {"outcome": "promised", "promised_on": "2020-01-01"}, {"outcome": "liked"},
    {"outcome": "told", "text": "好" * 101}, {"outcome": "told", "kind": "dream"},
    {"outcome": "promised", "promised_on": "soon"},
])  # fmt: skip
def test_a_faulty_call_is_refused_and_nothing_is_written(ground, officer, client, given):
    client.force_login(officer)
    url = reverse("registry:organization_note", args=[ground["soon"].pk])
    assert client.post(url, given).status_code == 422
    assert not Contact.objects.exists()


def test_a_call_leads_back_to_our_own_pages_only(ground, officer, client):
    client.force_login(officer)
    url = reverse("registry:organization_note", args=[ground["soon"].pk])
    for bad in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = client.post(f"{url}?next={bad}", {"outcome": "told"})
        assert answer["Location"] == reverse("registry:organization_detail", args=[ground["soon"].pk])


def test_who_may_not_write_the_body_notes_no_call(ground):
    street = make.user("jd", ("street_office", "area", "320211001"), is_demo=True)
    with pytest.raises(PermissionDenied):
        contacts.add(organization=ground["soon"], outcome="told", by=street, at=make.AT)


def test_the_month_shows_everything_that_ends_in_it(ground, officer, today, client):
    client.force_login(officer)
    for body, days in (("late1", -40), ("soon", 10)):
        month = (today + timedelta(days=days)).strftime("%Y-%m")
        assert f"甲{body}中心" in client.get(f"{reverse('core:reminder_month')}?month={month}").content.decode()
    for bad in ("2026-13", "x", "9999-99", "0001-01"):
        assert client.get(f"{reverse('core:reminder_month')}?month={bad}").status_code == 200


def test_ends_of_ratings_terms_and_filings_that_are_over_are_found_too(ground, officer, today):
    areas = make.binhu()
    rated = make.organization("乙评中心", street=areas["heli"])
    make.rating(rated, "3A", date(2015, 1, 1), today - timedelta(days=20))
    make.organization("丙届中心", street=areas["heli"], term_to=today - timedelta(days=400))
    make.organization("丁备队", "BA", street=areas["heli"], filing_to=today - timedelta(days=2))
    from liaoyuan.core.actions import parameters

    parameters.sync_shipped(at=make.AT)
    told = {}
    for code in ("rating", "term", "filing"):
        rows = queries.owing(registries.reminders[f"registry.{code}"], officer, today, "late")
        told[code] = [(row.name, row.due_on) for row in rows]
    assert told["rating"] == [("乙评中心", today - timedelta(days=21))]
    assert ("丙届中心", today - timedelta(days=400)) in told["term"]
    assert told["filing"] == [("丁备队", today - timedelta(days=2))]
