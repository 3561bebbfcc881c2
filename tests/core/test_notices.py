"""通知公告: who sees which, drafts, withdrawals, reading marks, attachments; calendars; deputies, hand-over."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from liaoyuan.core import clock
from liaoyuan.core.actions import feeds, grants
from liaoyuan.core.actions import notices as actions
from liaoyuan.core.actions import reminders as reminding
from liaoyuan.core.models import Area, AuditEvent, CalendarFeed, CallList, Grant, Job, Message, Notice, NoticeRead
from liaoyuan.core.queries import feeds as calendars
from liaoyuan.core.queries import notices as queries
from liaoyuan.core.queries import timeline
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import contacts
from tests.kit.test_ics import read
from tests.registry import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_shelf(tmp_path, settings):
    settings.FILES = tmp_path / "shelf"


@pytest.fixture
def people():
    areas = make.binhu()
    inside = make.organization("甲中心", street=areas["heli"], certificate_to=clock.today() + timedelta(days=10))
    outside = make.organization("邻区中心", street=areas["other_street"], registrar_area=areas["other"])
    told = {
        "officer": ("registry_officer", "area", "320211"), "street": ("street_office", "area", "320211001"),
        "next": ("street_office", "area", "320211004"), "away": ("registry_officer", "area", "320213"),
        "body": ("organization_head", "organization", str(inside.pk)),
        "away_body": ("organization_head", "organization", str(outside.pk)),
        "system": ("system_administrator", "all", ""),
    }  # fmt: skip
    made = {name: make.user(name, grant, is_demo=True, office="system" if name == "system" else "")
            for name, grant in told.items()}  # fmt: skip
    return made | {"inside": inside, "outside": outside}


def notice(by, audience="all", area="320211", publish=True, **more):
    given = {"title": "关于年报", "text": "请按时报送。\n谢谢。", "valid_from": date(2026, 1, 1)} | more
    made = actions.save(
        notice=None, audience=audience, area=Area.objects.get(code=area), by=by, at=make.AT, **given
    )  # fmt: skip
    return actions.publish(notice=made, by=by, at=make.AT) if publish else made


@pytest.mark.parametrize(("audience", "area", "seen"), [
    ("all", "320211", {"officer", "street", "next", "body", "system"}),
    ("offices", "320211", {"officer", "street", "next", "system"}),
    ("bodies", "320211", {"body"}),
    ("offices", "320211001", {"officer", "street", "system"}),
    ("public", "320211", {"officer", "street", "next", "away", "body", "away_body", "system"}),
])  # fmt: skip
def test_who_sees_a_notice(people, audience, area, seen):
    made = notice(people["officer"], audience, area)
    told = {name for name, one in people.items() if name not in ("inside", "outside")
            and queries.visible(one, clock.today()).filter(pk=made.pk).exists()}  # fmt: skip
    assert told == seen


def test_roles_and_days_narrow_it(people):
    today = clock.today()
    made = notice(people["officer"], roles=["street_office"])
    assert not queries.visible(people["officer"], today).exists()
    assert queries.visible(people["street"], today).get() == made
    for first, last in ((today + timedelta(days=1), None), (date(2020, 1, 1), today - timedelta(days=1))):
        Notice.objects.update(valid_from=first, valid_until=last)
        assert not queries.visible(people["street"], today).exists()


def test_reading_is_marked_by_a_post_and_once(people, client):
    made = notice(people["officer"])
    client.force_login(people["body"])
    page = client.get(reverse("core:notice_list")).content.decode()
    assert "未读" in page and queries.unread(people["body"], clock.today()) == 1
    detail = client.get(reverse("core:notice", args=[made.pk])).content.decode()
    assert "<p>请按时报送。</p><p>谢谢。</p>" in detail and not NoticeRead.objects.exists()
    for _n in range(2):
        assert client.post(reverse("core:notice_decide", args=[made.pk]), {"do": "read"}).status_code == 302
    assert NoticeRead.objects.count() == 1 and queries.unread(people["body"], clock.today()) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeRead.objects.create(notice=made, user=people["body"], read_at=make.AT)
    client.force_login(people["away"])
    assert client.post(reverse("core:notice_decide", args=[made.pk]), {"do": "read"}).status_code == 404


def test_nothing_in_a_text_is_markup(people, client):
    made = notice(people["officer"], "public", title="<b>x</b>", text="<script>alert(1)</script>\n[a](b)")
    for url in (reverse("portal:bulletin", args=[made.pk]), reverse("core:notice", args=[made.pk])):
        client.force_login(people["officer"])
        page = client.get(url).content.decode()
        assert (
            "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<b>x</b>" not in page
        )


def test_a_draft_is_written_over_and_a_published_one_is_not(people, client):
    client.force_login(people["officer"])
    given = {"title": "停电", "text": "今晚。", "audience": "public", "area": "320211", "valid_from": "2026-01-01"}
    assert client.post(reverse("core:notice_new"), {**given, "text": ""}).status_code == 422
    assert client.post(reverse("core:notice_new"), {**given, "area": "320213"}).status_code == 422
    assert client.post(reverse("core:notice_new"), {**given, "valid_until": "2025-01-01"}).status_code == 422
    assert not Notice.objects.exists()
    assert client.post(reverse("core:notice_new"), given).status_code == 302
    made = Notice.objects.get()
    portal = reverse("portal:bulletin", args=[made.pk])
    assert client.get(portal).status_code == 404
    edit = reverse("core:notice_edit", args=[made.pk])
    assert client.post(edit, {**given, "title": "停水", "version": "1"}).status_code == 302
    assert client.post(edit, {**given, "title": "旧稿", "version": "1"}).status_code == 422  # changed meanwhile
    decide = reverse("core:notice_decide", args=[made.pk])
    client.post(decide, {"do": "publish"})
    assert "停水" in client.get(portal).content.decode()
    assert client.post(edit, {**given, "version": "2"}).status_code == 422
    client.post(decide, {"do": "withdraw", "reason": ""})
    assert client.get(portal).status_code == 200
    client.post(decide, {"do": "withdraw", "reason": "写错了"})
    assert client.get(portal).status_code == 404
    codes = list(AuditEvent.objects.filter(subject_kind="notice").order_by("pk").values_list("code", flat=True))
    assert codes == ["notice.saved", "notice.saved", "notice.published", "notice.withdrawn"]
    made.refresh_from_db()
    assert made.withdrawn_because == "写错了" and made.withdrawn_by == people["officer"]


def test_who_does_not_keep_the_place_changes_nothing(people):
    draft = notice(people["officer"], publish=False)
    for name in ("street", "away", "body", "system"):
        for act in (actions.publish, lambda **more: actions.withdraw(reason="x", **more)):
            with pytest.raises(PermissionDenied):
                act(notice=draft, by=people[name], at=make.AT)
    with pytest.raises(PermissionDenied):
        notice(people["street"], area="320211")
    assert notice(people["street"], area="320211001").state == "published"


def test_attachments_go_with_the_notice(people, client):
    draft = notice(people["officer"], "public", publish=False)
    client.force_login(people["officer"])
    upload = reverse("core:file_list", args=["notice", draft.pk])
    page = client.get(upload)
    assert page.status_code == 200
    paper = re.search(r'<option value="([^"]+)"', page.content.decode())[1]
    file = SimpleUploadedFile("说明.txt", "报送说明".encode())
    answer = client.post(upload, {"paper": paper, "uploads": file, "pledge": "on"})
    assert answer.status_code in (200, 302)
    [row] = queries.files_of(draft)
    address = reverse("portal:bulletin_file", args=[draft.pk, row.pk])
    client.logout()
    assert client.get(address).status_code == 404
    actions.publish(notice=draft, by=people["officer"], at=make.AT)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == "报送说明".encode()
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(reverse("portal:bulletin_file", args=[draft.pk, row.pk + 1])).status_code == 404
    client.force_login(people["officer"])
    assert client.get(upload).status_code == 404  # what is published gets nothing more


# Calendars


def test_a_calendar_is_read_by_its_address_alone_and_stops_when_revoked(people, client):
    officer = people["officer"]
    client.force_login(officer)
    page = client.post(reverse("core:calendar_feed")).content.decode()
    address = re.search(r"http://testserver(/calendar/[\w-]+\.ics)", page)[1]
    token = address.split("/")[2].removesuffix(".ics")
    assert (
        token not in str(list(CalendarFeed.objects.values())) and token not in client.get("/calendar/").content.decode()
    )
    client.logout()
    answer = client.get(address)
    [event] = read(answer.content)
    assert event["SUMMARY"] == "甲中心：登记证书到期" and answer["Content-Type"].startswith("text/calendar")
    day = clock.today() + timedelta(days=10)
    assert event["DTSTART;VALUE=DATE"] == f"{day:%Y%m%d}"
    assert read(client.get(address).content)[0]["UID"] == event["UID"] and not client.cookies
    make.changed(people["inside"], clock.today(), certificate_to=day + timedelta(days=30))
    [moved] = read(client.get(address).content)
    assert moved["UID"] == event["UID"] and moved["DTSTART;VALUE=DATE"] != event["DTSTART;VALUE=DATE"]
    second = feeds.make(by=officer, at=make.AT)
    assert client.get(address).status_code == 404
    there = reverse("core:calendar_ics", args=[second])
    assert client.get(there).status_code == 200
    client.force_login(officer)
    client.post(reverse("core:calendar_feed"), {"do": "revoke"})
    assert client.get(there).status_code == 404
    assert client.get(reverse("core:calendar_ics", args=["x" * 300])).status_code == 404


def test_a_closed_account_has_no_calendar(people, client):
    token = feeds.make(by=people["officer"], at=make.AT)
    people["officer"].is_active = False
    people["officer"].save()
    assert client.get(reverse("core:calendar_ics", args=[token])).status_code == 404


def test_each_sees_the_days_of_his_own_bodies(people, client):
    today = clock.today()
    assert [day.title for day in calendars.days(people["body"], today)] == ["甲中心：登记证书到期"]
    for name in ("away", "away_body", "system", "street"):
        assert calendars.days(people[name], today) == [], name
    client.force_login(people["body"])
    assert len(read(client.get(reverse("core:calendar_file")).content)) == 1


# Deputies and hand-over


@pytest.fixture
def security(people):
    return make.user("security", ("security_administrator", "all", ""), office="security", is_demo=True)


def test_a_deputy_acts_in_anothers_name_and_it_ends_by_itself(people, security):
    deputy = make.user("deputy", is_demo=True)
    today = clock.today()
    grants.give(
        user=deputy, role="registry_officer", scope_kind="area", scope_id="320211", valid_from=today,
        valid_to=today + timedelta(days=3), deputy_for=people["officer"], by=security, at=clock.now(),
    )  # fmt: skip
    contacts.add(organization=people["inside"], outcome="told", by=deputy, at=clock.now())
    event = AuditEvent.objects.get(code="organization.note")
    assert event.actor == deputy and event.payload["deputy_for"] == "officer"
    line = timeline.timeline("organization", people["inside"].pk, people["officer"])[0]
    assert "代理 officer" in line.who
    contacts.add(organization=people["inside"], outcome="told", by=people["officer"], at=clock.now())
    assert "deputy_for" not in AuditEvent.objects.order_by("-pk")[0].payload
    Grant.objects.filter(user=deputy).update(valid_from=today - timedelta(days=9), valid_to=today)
    fresh = type(deputy).objects.get(pk=deputy.pk)
    with pytest.raises(PermissionDenied):
        contacts.add(organization=people["inside"], outcome="told", by=fresh, at=clock.now())


def test_who_has_a_grant_of_his_own_acts_in_his_own_name(people, security):
    street = people["street"]
    grants.give(
        user=street, role="registry_officer", scope_kind="area", scope_id="320211",
        valid_to=clock.today() + timedelta(days=3), deputy_for=people["officer"], by=security, at=clock.now(),
    )  # fmt: skip
    filed = make.organization("乙备队", "BA", street=make.binhu()["heli"])
    street = type(street).objects.get(pk=street.pk)
    contacts.add(organization=filed, outcome="told", by=street, at=clock.now())
    contacts.add(organization=people["inside"], outcome="told", by=street, at=clock.now())
    told = AuditEvent.objects.filter(code="organization.note").order_by("pk").values_list("payload", flat=True)
    assert [payload.get("deputy_for") for payload in told] == [None, "officer"]


def test_all_open_work_is_handed_over_in_one_step(people, security, client, tmp_path, monkeypatch):
    from liaoyuan.core import registries
    from liaoyuan.core.outlets import folder

    monkeypatch.setattr(folder, "place", lambda: tmp_path / "outbox")
    officer, to = people["officer"], make.user("successor", is_demo=True)
    source = registries.reminders["registry.certificate"]
    rows = source.owing(officer, clock.today(), clock.today(), clock.today() + timedelta(days=30))
    row = reminding.make(source=source, rows=rows, by=officer, at=make.AT)
    reminding.send(call_list=row, outlet="file", by=officer, at=make.AT)
    client.force_login(security)
    page = client.get(reverse("core:grant_account", args=[officer.pk])).content.decode()
    assert "催办单 1" in page and "没有发出的消息 1" in page
    grants.hand_over(user=officer, to=to, by=security, at=clock.now())
    assert CallList.objects.get().keeper == Message.objects.get().keeper == Job.objects.get().requested_by == to
    assert CallList.objects.get().made_by == officer
    event = AuditEvent.objects.get(code="grant.handed_over")
    assert event.payload["moved"] == {"core.messages": 1, "core.jobs": 1, "core.call_lists": 1}
    client.force_login(to)
    assert client.get(reverse("core:call_list", args=[row.pk])).status_code == 200
    with pytest.raises(Refused):
        grants.hand_over(user=officer, to=to, by=security, at=clock.now())
