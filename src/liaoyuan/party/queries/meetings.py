"""Meetings as actions and pages read them: titles, completeness, alike minutes, who may see small totals."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.models import User
from liaoyuan.kit.findings import Limits
from liaoyuan.kit.text import bigrams
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import DECISION_TITLES, MEETING_TITLES, DecisionKind, ElectionState, MeetingKind
from liaoyuan.party.models import Decision, Election, Meeting, PartyOrganization
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.rules import votes

SUBJECT = "meeting"
#: From this share (percent) on minutes are shown beside the earlier ones before they are saved.
ALIKE = 85
#: With so many earlier minutes of a branch new ones are compared.
COMPARED = 200
#: What may be decided at which meeting.
DECIDES: dict[MeetingKind, tuple[DecisionKind, ...]] = {
    MeetingKind.MEMBERS: (DecisionKind.ORDINARY, DecisionKind.ADMISSION, DecisionKind.CONFIRMATION),
    MeetingKind.COMMITTEE: (DecisionKind.COMMITTEE,),
}
#: Meetings at which somebody may be elected.
ELECTS = (MeetingKind.MEMBERS, MeetingKind.COMMITTEE)
#: Kinds of decisions that count written opinions handed in before (发展党员工作细则).
WRITTEN = (DecisionKind.ADMISSION, DecisionKind.CONFIRMATION)


def title(meeting: Meeting) -> str:
    """What a meeting is called: 2026 年第 3 次支部党员大会."""
    told = _("{year} 年第 {number} 次{kind}")
    return told.format(year=meeting.year, number=meeting.number, kind=_(MEETING_TITLES[MeetingKind(meeting.kind)]))


def subject(meeting: Meeting) -> tuple[str, str, str]:
    """The meeting as the subject of an event."""
    return SUBJECT, str(meeting.pk), title(meeting)[:120]


def find(key: str) -> Meeting | None:
    """The meeting with this key."""
    rows = Meeting.objects.select_related("party_organization__area")
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def scope_of(meeting: Meeting) -> tuple[list[str], list[str], str]:
    """Which grants cover a meeting: those that cover its party organization."""
    return reading.scope_of(meeting.party_organization)


def may_write(user: Any, party: PartyOrganization) -> bool:
    """Whether the user keeps the meetings of the party organization."""
    return access.covers(user, Permission.LIFE_EDIT, party, write=True)


def writable(user: Any) -> Any:
    """Party organizations whose meetings the user keeps."""
    return PartyOrganization.objects.living().reached_by(user, Permission.LIFE_EDIT)


def missing(meeting: Meeting) -> tuple[str, ...]:
    """What the minutes lack, in words (PB-MTG-10); empty when they are whole."""
    told: list[str] = []
    for lacking, word in (
        (not meeting.host, _("主持人")),
        (not meeting.recorder, _("记录人")),
        (not meeting.place, _("地点")),
        (meeting.starts is None or meeting.ends is None, _("起止时间")),
        (meeting.present is None, _("到会情况")),
        (not meeting.topic, _("议题")),
        (not meeting.minutes, _("会议记录")),
        (not meeting.signed, _("签名")),
    ):
        if lacking:
            told.append(word)
    if Decision.objects.filter(meeting=meeting, closed_at__isnull=True).exists():
        told.append(_("表决结果"))
    if Election.objects.filter(meeting=meeting, state=ElectionState.OPEN).exists():
        told.append(_("选举结果"))
    return tuple(told)


class Alike(NamedTuple):
    """Earlier minutes that have this share (percent) of their text in common with new ones."""

    meeting: Meeting
    percent: int


def alike(meeting: Meeting, text: str) -> Alike | None:
    """The earlier or later minutes of the same branch that are most like the text; None when none is at all."""
    ours = Counter(bigrams(text))
    size = ours.total()
    if not size:
        return None
    rows = Meeting.objects.filter(party_organization=meeting.party_organization_id).exclude(minutes="")
    best: Alike | None = None
    for other in rows.exclude(pk=meeting.pk).order_by("-held_on", "-pk")[:COMPARED]:
        theirs = Counter(bigrams(other.minutes))
        percent = 200 * (ours & theirs).total() // (size + theirs.total())
        if percent and (best is None or percent > best.percent):
            best = Alike(other, percent)
    return best


#: What makes somebody a superior of a branch: keeping its meetings, or approving what it elects, from above.
_ABOVE = (Permission.LIFE_EDIT, Permission.APPROVE)


def superior(user: Any, party: PartyOrganization) -> bool:
    """Whether the user stands above the party organization: a grant over it alone is its own secretary's."""
    for permission in _ABOVE:
        allowed = access.reach(user, permission)
        if allowed.everything or any(party.area.path.startswith(path) for path in allowed.paths):
            return True
        if any(party.path.startswith(path) and path != party.path for path in allowed.parties):
            return True
    return False


def above(user: Any, field: str = "") -> Q | None:
    """The same as a condition on a party organization, or on `field` that names one; None = above everything."""
    start, found = f"{field}__" if field else "", Q(pk__in=[])
    for permission in _ABOVE:
        allowed = access.reach(user, permission)
        if allowed.everything:
            return None
        for path in allowed.paths:
            found |= Q(**{f"{start}area__path__startswith": path})
        for path in allowed.parties:
            found |= Q(**{f"{start}path__startswith": path}) & ~Q(**{f"{start}path": path})
    return found


def totals_shown(user: Any, row: Decision | Election, limits: Limits) -> bool:
    """Whether the totals may be shown: with a small E to whoever counted and to the superior only (product.md 1)."""
    if votes.shown_widely(row.expected, limits):
        return True
    counted = row.closed_by_id if isinstance(row, Decision) else row.counted_by_id
    if isinstance(user, User) and (counted == user.pk or row.corrections.filter(counted_by=user).exists()):
        return True
    return superior(user, row.meeting.party_organization)


def decision_titles(kinds: Iterable[DecisionKind]) -> list[tuple[str, str]]:
    """Choices of a form."""
    return [(str(kind), _(DECISION_TITLES[kind])) for kind in kinds]
