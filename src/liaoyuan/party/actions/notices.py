"""Telling members of a meeting: by their own accounts, in the group, by telephone, by an outlet; each telling is kept.

What leaves the house speaks of the branch and the meeting, never of a member or a topic (product.md 3).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import messages
from liaoyuan.core.actions.messages import Draft
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Message
from liaoyuan.core.outlets.table import WAYS
from liaoyuan.party.actions import accounts, entering, meetings
from liaoyuan.party.choices.codes import Event
from liaoyuan.party.choices.life import NOTICE_TITLES, MeetingState, NoticeWay
from liaoyuan.party.models import Meeting, MeetingNotice, Member, MemberAccount
from liaoyuan.party.queries import meetings as reading
from liaoyuan.party.queries import notices, organizations, own, voters


@transaction.atomic
def tell(*, meeting: Meeting, way: str, members: Iterable[int] | None = None, by: Actor, at: datetime) -> int:
    """Members of the roster are told by one way; None = all of it. Returns to how many it was new.

    `site` reaches those with an account; `group` and `phone` write down what was done outside; an outlet sends. Who was
    told of the same arrangement by the same way is not told again. Refused for a meeting that is over.
    """
    meeting = meetings.held(meeting, by, MeetingState.PLANNED, MeetingState.NOTICED)
    if way not in list(NoticeWay):
        raise meetings.refuse("NOTICE-WAY", _("请选择通知方式。"), "way")
    asked = NoticeWay(way)
    if asked not in (NoticeWay.GROUP, NoticeWay.PHONE) and meeting.held_on < localdate(at):
        raise meetings.refuse("NOTICE-OVER", _("会议日期已过，不再发送通知。"), "way")
    on_roster = notices.roster(meeting)
    wanted = set(on_roster) if members is None else set(members)
    if wanted - set(on_roster):
        raise meetings.refuse("NOTICE-ROSTER", _("有人不在这次会议的名单上，请刷新后再试。"))
    known = notices.told_keys(meeting, str(asked))
    keys = [key for key in on_roster if key in wanted and key not in known]
    if asked == NoticeWay.SITE:
        linked = MemberAccount.objects.filter(member__in=keys, user__is_active=True)
        there = set(linked.values_list("member", flat=True))
        keys = [key for key in keys if key in there]
    sent = _send(meeting, asked, keys, by, at) if asked in notices.OUTLETS and keys else {}
    now = notices.arrangement(meeting)
    MeetingNotice.objects.bulk_create(
        MeetingNotice(meeting=meeting, member_id=key, way=str(asked), arrangement=now, message=sent.get(key),
                      told_at=at, told_by=entering.recorder(by))
        for key in keys
    )  # fmt: skip
    if keys:
        meetings.noticed(meeting, by=by, at=at)
        note = _("{way}，{n} 人").format(way=_(NOTICE_TITLES[asked]), n=len(keys))
        told = {"way": str(asked), "members": len(keys), "on": localdate(at).isoformat(), "note": note}
        events.record(Event.MEETING_TOLD, reading.subject(meeting), by=by, at=at, payload=told)
    return len(keys)


def _send(meeting: Meeting, way: NoticeWay, keys: Sequence[int], by: Actor, at: datetime) -> dict[int, Message]:
    """Messages of the outlet by member: one for the group, or one each. Their keys make a second asking harmless."""
    party = meeting.party_organization
    text, title = notices.text_of(meeting, organizations.name_of(party)), _("会议通知")
    mark = f"meeting:{meeting.pk}:{way}:{meeting.version}"
    if WAYS[way].together:
        drafts = {key: Draft(mark, reading.subject(meeting), title, text) for key in keys}
    else:
        names = voters.names(keys)
        drafts = {
            key: Draft(f"{mark}:{key}", ("member", str(key), f"{names.get(key, '')[:1]}*"), title, text) for key in keys
        }
    messages.ask(drafts=list({d.key: d for d in drafts.values()}.values()), outlet=str(way), reason="notice", by=by,
                 at=at)  # fmt: skip
    rows = {row.key: row for row in Message.objects.filter(key__in={draft.key for draft in drafts.values()})}
    return {key: rows[draft.key] for key, draft in drafts.items()}


@transaction.atomic
def seen(*, meeting: Meeting, member: Member, by: Actor, at: datetime) -> None:
    """The member says by his own account that he knows of the meeting. Saying so twice changes nothing."""
    if not own.is_member(by, member):
        raise PermissionDenied
    meeting = meetings.locked(meeting)
    rows = MeetingNotice.objects.filter(meeting=meeting, member=member, way=NoticeWay.SITE.value, seen_at__isnull=True)
    if not MeetingNotice.objects.filter(meeting=meeting, member=member, way=NoticeWay.SITE.value).exists():
        raise PermissionDenied
    if rows.update(seen_at=at):
        events.record(Event.NOTICE_SEEN, reading.subject(meeting), by=by, at=at)


@transaction.atomic
def reveal(*, meeting: Meeting, reason: str, by: Actor, at: datetime) -> dict[int, str]:
    """Telephones, whole and for a reason, of those who were not told yet: a read event on each member.

    A member whose file another party organization keeps stays masked. Refused for more than an export may show.
    """
    meeting = meetings.held(meeting, by, MeetingState.PLANNED, MeetingState.NOTICED)
    reached = notices.told_keys(meeting)
    keys = [key for key in notices.roster(meeting) if key not in reached]
    most = int(policy.limits(localdate(at), policy.chain("national"))["privacy.export_rows"])
    if len(keys) > most:
        raise meetings.refuse("NOTICE-MANY", _("一次最多显示 {n} 个号码，请分批通知。"), n=most)
    shown = notices.masked_phones(keys)
    for member in Member.objects.known().filter(pk__in=list(shown)).order_by("pk"):
        if "mobile" in accounts.revealable(by, member):
            shown[member.pk] = accounts.reveal(member=member, field="mobile", reason=reason, by=by, at=at)
    return shown
