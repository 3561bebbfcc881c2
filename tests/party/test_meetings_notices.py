"""Notices of meetings: by account, group, telephone, outlet; who was told, who not yet; nothing leaks outside."""

import json
from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.core import clock
from liaoyuan.core.choices import Event
from liaoyuan.core.models import AuditEvent, Message
from liaoyuan.core.outlets import folder
from liaoyuan.core.queries import due
from liaoyuan.party.actions import accounts, meetings, notices
from liaoyuan.party.models import Meeting, MeetingNotice, MemberRecord
from liaoyuan.party.queries import notices as asking
from liaoyuan.party.queries import secrets
from tests.core.factories import AT, user
from tests.core.jobs_ground import work_off
from tests.party import factories as make
from tests.party.test_meetings_actions import refused

pytestmark = pytest.mark.django_db
TOPIC = "讨论接收演示申请人为预备党员"


@pytest.fixture
def branch(areas, committee):
    return make.party("演示第一党支部", area=areas["district"], superior=committee)


@pytest.fixture
def secretary(branch):
    return make.secretary(branch)


@pytest.fixture
def members(branch):
    made = make.members(branch, 4)
    for n, who in enumerate(made[:2]):
        phone = secrets.seal("mobile", f"1380000000{n}")
        MemberRecord.objects.filter(member=who).update(mobile=phone)
    return made


@pytest.fixture
def linked(members, secretary):
    account = user("yanshi01", email="yanshi01@example.cn")
    accounts.link(member=members[0], username="yanshi01", by=secretary, at=AT)
    return account


@pytest.fixture
def meeting(branch, secretary, members):
    today = clock.today()
    fields = {"topic": TOPIC, "place": "演示会议室", "starts": time(9)}
    return meetings.plan(party=branch, kind="members", held_on=today + timedelta(days=3), fields=fields, by=secretary,
                         at=clock.now())  # fmt: skip


def tell(meeting, by, way, members=None):
    return notices.tell(meeting=meeting, way=way, members=members, by=by, at=clock.now())


def states(meeting):
    return {line.name: line.state for line in asking.lines(meeting, asking.roster(meeting))}


def test_who_was_told_and_who_not_yet(meeting, secretary, members, linked):
    assert tell(meeting, secretary, "site") == 1, "one of four has an account"
    meeting.refresh_from_db()
    assert meeting.state == "noticed"
    assert tell(meeting, secretary, "phone", {members[1].pk}) == 1
    assert tell(meeting, secretary, "phone", {members[1].pk}) == 0, "nobody is told twice of the same"
    assert list(states(meeting).values()) == ["已通知", "已通知", "未通知", "未通知"]
    assert [k for k in asking.Listing(meeting, left=True).keys] == [members[2].pk, members[3].pk]
    stranger = make.member()
    refused("NOTICE-ROSTER", tell, meeting=meeting, by=secretary, way="phone", members={stranger.pk})
    refused("NOTICE-WAY", tell, meeting=meeting, by=secretary, way="pigeon")
    # Another day: whoever was told of the former one does not know; a later member is on the roster.
    meeting = meetings.change(meeting=meeting, fields={}, held_on=meeting.held_on + timedelta(days=1), by=secretary,
                              at=clock.now())  # fmt: skip
    assert set(states(meeting).values()) == {"未通知"}
    assert tell(meeting, secretary, "group") == 4
    assert set(states(meeting).values()) == {"已通知"}
    told = AuditEvent.objects.filter(code="meeting.told").values_list("payload", flat=True)
    assert not [p for p in told if "演示党员" in str(p)], "the log counts, it names nobody"


def test_a_late_meeting_sends_nothing(branch, secretary, members):
    past = meetings.plan(party=branch, kind="members", held_on=clock.today() - timedelta(days=9),
                         fields={"topic": "补录"}, by=secretary, at=clock.now())  # fmt: skip
    refused("NOTICE-OVER", tell, meeting=past, by=secretary, way="site")
    assert tell(past, secretary, "group") == 4


def test_an_outlet_carries_no_name_and_no_topic(meeting, secretary, members, linked, tmp_path, monkeypatch, settings):
    monkeypatch.setattr(folder, "place", lambda: tmp_path / "outbox")
    settings.FILES = tmp_path / "shelf"
    assert tell(meeting, secretary, "file") == 4
    assert set(states(meeting).values()) == {"正在发送"}
    work_off()
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert set(states(meeting).values()) == {"已通知"}
    sent = [json.loads(path.read_text()) for path in (tmp_path / "outbox").iterdir()]
    assert len(sent) == 4 and {one["text"] for one in sent} == {asking.text_of(meeting, "演示第一党支部")}
    assert not [one for one in sent if TOPIC in one["text"] or "演示党员" in one["text"]]
    assert sorted(one["phone"] for one in sent)[-1].startswith("138****"), "masked unless the administrator wants it"
    labels = set(Message.objects.values_list("subject_label", flat=True))
    assert labels == {"演*"}, "no name stands in the log of messages"
    assert tell(meeting, secretary, "file") == 0 and Message.objects.count() == 4


def test_a_message_that_did_not_leave_told_nobody(meeting, secretary, members):
    tell(meeting, secretary, "file")
    Message.objects.update(state="failed", ended_at=AT)
    assert set(states(meeting).values()) == {"未通知"}


def test_a_member_finds_it_and_says_that_he_knows(client, meeting, secretary, members, linked, branch):
    tell(meeting, secretary, "site")
    client.force_login(linked)
    assert client.get(reverse("reports:home")).url == reverse("party:me"), "a member's first page is his own"
    assert "会议通知：演示第一党支部" in client.get(reverse("reports:todo")).content.decode()
    text = client.get(reverse("party:me")).content.decode()
    assert TOPIC in text and "演示会议室" in text, "inside the house the member reads the topic"
    assert client.post(reverse("party:notice_seen", args=[meeting.pk])).status_code == 302
    assert MeetingNotice.objects.get().seen_at is not None
    due.forget()
    assert due.todo(linked, clock.today()).total == 0
    stranger = user("yanshi02")
    client.force_login(stranger)
    assert client.post(reverse("party:notice_seen", args=[meeting.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        notices.seen(meeting=meeting, member=members[0], by=stranger, at=AT)
    assert due.todo(stranger, clock.today()).total == 0


def test_telephones_are_masked_until_a_reason_and_never_those_of_another_s_file(
    client, areas, committee, meeting, secretary, members
):
    elsewhere = make.party("演示第二党支部", area=areas["district"], superior=committee)
    guest = make.member(mobile=secrets.seal("mobile", "13900000009"))
    make.affiliate(guest, elsewhere)
    make.affiliate(guest, meeting.party_organization, "temporary")
    client.force_login(secretary)
    there, act = (reverse(f"party:{name}", args=[meeting.pk]) for name in ("meeting_notices", "meeting_tell"))
    text = client.get(there).content.decode()
    assert "13800000000" not in text and "138****0000" in text
    assert "请写明查看的事由" in client.post(act, {"do": "reveal"}, follow=True).content.decode()
    text = client.post(act, {"do": "reveal", "reason": "通知开会"}).content.decode()
    assert "13800000000" in text and "13800000001" in text
    assert "13900000009" not in text, "another branch keeps his file"
    assert AuditEvent.objects.filter(code=Event.REVEALED).count() == 2


def test_the_page_tells_in_bulk_and_is_the_branch_s_own(client, areas, committee, meeting, secretary, members, lead):
    client.force_login(secretary)
    there, act = (reverse(f"party:{name}", args=[meeting.pk]) for name in ("meeting_notices", "meeting_tell"))
    assert "应通知 4 人，未通知 4 人" in client.get(there).content.decode()
    answer = client.post(act, {"do": "phone"}, follow=True)
    assert "请先勾选" in answer.content.decode()
    client.post(act, {"do": "phone", "ids": [members[0].pk, members[2].pk]})
    text = client.get(f"{there}?left=1").content.decode()
    assert "未通知 2 人" in text and str(make.MemberRecord.objects.get(member=members[1]).name) in text
    client.post(act, {"do": "group"})
    assert "都已通知" in client.get(f"{there}?left=1").content.decode()
    assert "应通知 4 人，已通知 4 人" in client.get(reverse("party:meeting_detail", args=[meeting.pk])).content.decode()
    other = make.party("演示第二党支部", area=areas["district"], superior=committee)
    client.force_login(make.secretary(other, "other"))
    assert client.get(there).status_code == client.post(act, {"do": "group"}).status_code == 404
    client.force_login(user("leader", ("leadership", "area", "320211")))
    assert client.get(there).status_code == 403
    text = client.get(reverse("party:meeting_detail", args=[meeting.pk])).content.decode()
    assert "演示党员" not in text, "who reads figures sees no member"
    assert Meeting.objects.get(pk=meeting.pk).noticed_by == secretary
