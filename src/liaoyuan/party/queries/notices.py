"""Notices of meetings: what the text says, who is on the roster, who was told by which way, who not yet.

Computed from state when shown: whoever was told of another day, time or place, or whose message did not leave, was not
told. What leaves the house names the branch, the meeting and its time and place; its topic and the members stay here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.choices import MessageState
from liaoyuan.core.models import User
from liaoyuan.core.queries.outlets import STATE_TITLES
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.party.choices.life import MEETING_TITLES, NOTICE_TITLES, MeetingKind, MeetingState, NoticeWay
from liaoyuan.party.models import Meeting, MeetingNotice, MemberAccount, MemberRecord
from liaoyuan.party.queries import organizations, secrets, voters
from liaoyuan.ui.texts import date_short

#: States in which a notice still says something.
COMING = (MeetingState.PLANNED, MeetingState.NOTICED)
#: Ways that leave through an outlet.
OUTLETS = (NoticeWay.FILE, NoticeWay.WEBHOOK, NoticeWay.SMTP)


def arrangement(meeting: Meeting) -> str:
    """Day, time and place, as a member is told them."""
    times = meeting.starts.strftime("%H:%M") if meeting.starts else ""
    return " ".join(part for part in (meeting.held_on.isoformat(), times, meeting.place) if part)[:160]


def text_of(meeting: Meeting, branch: str) -> str:
    """What goes into a group chat or a message: the branch, the meeting, time and place. No topic, no name."""
    told = _(
        "【会议通知】{branch}定于 {day} {time}{place}召开{kind}。"
        "请准时参加；不能到会的请提前向书记说明原因。议题请登录查看或询问书记。"
    )
    return told.format(
        branch=branch, day=meeting.held_on.isoformat(),
        time=f"{meeting.starts:%H:%M} " if meeting.starts else "",
        place=_("在{place}").format(place=meeting.place) if meeting.place else "",
        kind=_(MEETING_TITLES[MeetingKind(meeting.kind)]),
    )  # fmt: skip


def roster(meeting: Meeting) -> list[int]:
    """Whom the notice is for, in a fixed order: who should attend on the meeting's day, and who may come."""
    found = voters.of(meeting, meeting.held_on)
    return sorted([*found.voting, *(found.others if meeting.kind in voters.FOR_ALL else ())])


@dataclass(slots=True)
class Line:
    """One member of the roster: whether he has an account, by which ways he was told.

    `mark` and `state` say it in one word: told, on its way, not told.
    """

    pk: int
    name: str
    account: bool
    phone: str
    told: list[str] = field(default_factory=list)
    mark: str = "review"
    state: str = ""


def _reached(row: MeetingNotice) -> bool:
    return row.message is None or row.message.state == MessageState.SENT


def _word(row: MeetingNotice, now: str) -> str:
    """One telling in words: the way, the day, what became of it."""
    word = f"{_(NOTICE_TITLES[NoticeWay(row.way)])} {date_short(row.told_at)}"
    if row.arrangement != now:
        return _("{told}（时间地点已改）").format(told=word)
    if row.message is not None and row.message.state != MessageState.SENT:
        return f"{word}（{_(STATE_TITLES[row.message.state])}）"
    return _("{told}，本人已知悉").format(told=word) if row.seen_at else word


def _rows(meeting: Meeting) -> list[MeetingNotice]:
    return list(MeetingNotice.objects.filter(meeting=meeting).select_related("message").order_by("told_at", "pk"))


def told_keys(meeting: Meeting, way: str = "") -> set[int]:
    """Members who were told of the meeting as it is arranged now; by one way, however far its message has come."""
    now = arrangement(meeting)
    rows = [row for row in _rows(meeting) if row.arrangement == now]
    return {row.member_id for row in rows if (row.way == way if way else _reached(row))}


class Listing:
    """The roster of a notice: all, or those who were not told yet; a total and slices."""

    ordered = True

    def __init__(self, meeting: Meeting, *, left: bool, clear: Mapping[int, str] | None = None) -> None:
        self.meeting, self.clear = meeting, clear
        self.every = roster(meeting)
        reached = told_keys(meeting)
        self.left = [key for key in self.every if key not in reached]
        self.keys = self.left if left else self.every

    def count(self) -> int:
        """How many there are."""
        return len(self.keys)

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice."""
        return lines(self.meeting, self.keys[part], self.clear)


def lines(meeting: Meeting, keys: Sequence[int], clear: Mapping[int, str] | None = None) -> list[Line]:
    """These members with what they were told; telephones masked, or as `clear` gives them."""
    now = arrangement(meeting)
    names = voters.names(keys)
    linked = set(MemberAccount.objects.filter(member__in=keys, user__is_active=True).values_list("member", flat=True))
    phones = clear if clear is not None else masked_phones(keys)
    found = {k: Line(k, names.get(k, ""), k in linked, phones.get(k, "")) for k in keys}
    current: dict[int, list[MeetingNotice]] = {}
    for row in _rows(meeting):
        line = found.get(row.member_id)
        if line is not None:
            line.told.append(_word(row, now))
            if row.arrangement == now:
                current.setdefault(row.member_id, []).append(row)
    for key, line in found.items():
        line.mark, line.state = _verdict(current.get(key, []))
    return list(found.values())


def _verdict(rows: Sequence[MeetingNotice]) -> tuple[str, str]:
    if any(_reached(row) for row in rows):
        return "ok", _("已通知")
    on_way = (MessageState.QUEUED, MessageState.SENDING)
    if any(row.message is not None and row.message.state in on_way for row in rows):
        return "info", _("正在发送")
    return "review", _("未通知")


def masked_phones(keys: Iterable[int]) -> dict[int, str]:
    """Masked telephones of members, as far as the zone holds them."""
    rows = MemberRecord.objects.current().filter(member__in=list(keys)).exclude(mobile="")
    return {row.member_id: secrets.masked("mobile", row.mobile) for row in rows}


def addresses(ids: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
    """Name, telephone and mail of members in clear, for a sending: the mail is that of the member's own account."""
    rows = MemberRecord.objects.current().filter(member__in=[int(key) for key in ids if key.isdecimal()])
    mails = dict(
        MemberAccount.objects.filter(member__in=rows.values("member"), user__is_active=True).values_list(
            "member", "user__email"
        )
    )
    return {
        str(row.member_id): (row.name, secrets.clear("mobile", row.mobile), mails.get(row.member_id, ""))
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Own:
    """A notice as the member himself reads it: with the topic."""

    meeting: Meeting
    title: str
    branch: str
    seen_at: datetime | None


def own(user: User, on: date) -> list[Own]:
    """Notices to the account's member about meetings to come, the nearest first."""
    rows = _waiting(user, on)
    names = organizations.names({row.meeting.party_organization_id for row in rows})
    return [
        Own(row.meeting, _(MEETING_TITLES[MeetingKind(row.meeting.kind)]),
            names.get(row.meeting.party_organization_id, ""), row.seen_at)
        for row in rows
    ]  # fmt: skip


def _waiting(user: Any, on: date) -> list[MeetingNotice]:
    """Notices to the account's member of meetings to come, as they are arranged now."""
    rows = MeetingNotice.objects.filter(
        member__account__user=user.pk, member__voided_at__isnull=True, way=NoticeWay.SITE.value,
        meeting__state__in=[str(state) for state in COMING], meeting__held_on__gte=on,
    )  # fmt: skip
    found = rows.select_related("meeting").order_by("meeting__held_on", "pk")
    return [row for row in found if row.arrangement == arrangement(row.meeting)]


def items(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """待办 of a member: meetings that he was told of and has not said that he knows."""
    found = [row for row in _waiting(user, on) if row.seen_at is None]
    names = organizations.names({row.meeting.party_organization_id for row in found[:limit]}) if found[:limit] else {}
    told = [
        DueItem(
            _("会议通知：{branch}{kind}").format(
                branch=names.get(row.meeting.party_organization_id, ""),
                kind=_(MEETING_TITLES[MeetingKind(row.meeting.kind)]),
            ),
            row.meeting.held_on, reverse("party:me"), _("查看"), code="party.notice",
        )
        for row in found[:limit]
    ]  # fmt: skip
    return told, len(found)


SOURCE = DueSource("party.notice", "会议通知", "", items)
