"""A full member's vote is suspended, and given back (选举工作条例 art. 5). Nothing else is kept of it, not even why."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.party.actions import entering, members
from liaoyuan.party.actions.organizations import end_row
from liaoyuan.party.choices.codes import Event
from liaoyuan.party.choices.members import MemberStatus
from liaoyuan.party.models import Member, VotingPause


def held() -> bool:
    """Whether this zone holds pauses at all."""
    return zones.allowed(settings.ZONE, "party.discipline", zones.Op.STORE)


@transaction.atomic
def pause(*, member: Member, on: date, version: int | None = None, by: Actor, at: datetime) -> VotingPause:
    """No vote from the day `on`. Refused on the internet, for who is no full member then, and while one is open."""
    if not held():
        raise entering.refusal("PRIVACY-ZONE", _("互联网区不保存这一项。"))
    member, keeper = members.kept(member, by, version)
    record = entering.record_of(member)
    if on > localdate(at) or record.status(on) != MemberStatus.FULL:
        raise entering.refusal("PAUSE-DAY", _("那一天他还不是正式党员，或日期晚于今天。"), "on")
    if VotingPause.objects.overlapping(on, date.max).filter(member=member).exists():
        raise entering.refusal("PAUSE-TWICE", _("这段时间已在暂停表决权期间。"), "on")
    row = VotingPause.objects.create(
        member=member, valid_from=on, recorded_at=at, recorded_by=entering.recorder(by)
    )  # fmt: skip
    entering.touched(member)
    events.record(
        Event.VOTING_PAUSED, entering.member_subject(member, record.name), by=by, at=at,
        payload={"party": keeper.pk, "on": on.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def resume(*, member: Member, on: date, version: int | None = None, by: Actor, at: datetime) -> None:
    """The vote is back from the day `on`."""
    member, keeper = members.kept(member, by, version)
    row = VotingPause.objects.now_open().filter(member=member).first()
    if row is None:
        raise entering.refusal("PAUSE-NONE", _("现在没有暂停表决权。"))
    if not row.valid_from < on <= localdate(at):
        told = _("恢复日期须晚于 {first}，不晚于今天。")
        raise entering.refusal("PAUSE-DAY", told, "on", first=row.valid_from.isoformat())
    end_row(row, on, at, by)
    entering.touched(member)
    events.record(
        Event.VOTING_RESUMED, entering.member_subject(member), by=by, at=at,
        payload={"party": keeper.pk, "on": on.isoformat()},
    )  # fmt: skip
