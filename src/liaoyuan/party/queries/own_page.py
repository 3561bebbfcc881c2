"""What a member's own page tells him: dues, meetings to come and attended, hours of study, letters, who read of him."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from liaoyuan.party.choices.dues import REQUEST_TITLES, RequestState
from liaoyuan.party.choices.life import MEETING_TITLES, PRESENCE_TITLES, MeetingKind, MeetingState, Presence
from liaoyuan.party.choices.members import TransferState
from liaoyuan.party.choices.organizations import OfficerKind
from liaoyuan.party.models import (
    Affiliation,
    Attendance,
    Due,
    DuesBase,
    DuesRequest,
    DuesStudy,
    DuesWaiver,
    Meeting,
    Member,
    Officer,
    TrainingRecord,
    Transfer,
)
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries import dues_book as book
from liaoyuan.party.queries import organizations as reading

#: How many lines a panel shows.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """One month of one's own dues; amounts are None in zone internet."""

    month: date
    branch: str
    category: str
    rate: str
    due_fen: int | None
    paid_fen: int | None
    paid_on: date | None
    payee: str
    waiver: str


class Months:
    """A member's months, latest first, in slices."""

    ordered = True

    def __init__(self, member: Member) -> None:
        self.rows = Due.objects.current().filter(member=member).order_by("-month", "-pk").select_related("waiver")

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[OwnMonth]:
        """The months of a slice with plain bounds."""
        found = list(self.rows[part])
        names = reading.names(row.party_organization_id for row in found)
        return [
            OwnMonth(
                row.month, names.get(row.party_organization_id, ""), book.category_word(row.category),
                book.percent(row.rate), row.due_fen, row.paid_fen, row.paid_on, row.payee,
                row.waiver.approval if row.waiver else "",
            )
            for row in found
        ]  # fmt: skip


@dataclass(slots=True)
class OwnDues:
    """What a member owes and how he stands. `unpaid` are his months before the present one that nobody entered."""

    this: OwnMonth | None = None
    unpaid: list[date] = field(default_factory=list)
    latest: list[OwnMonth] = field(default_factory=list)
    base: DuesBase | None = None
    category: str = ""
    waivers: list[DuesWaiver] = field(default_factory=list)
    requests: list[tuple[DuesRequest, str]] = field(default_factory=list)
    studies: list[DuesStudy] = field(default_factory=list)

    @property
    def unpaid_words(self) -> str:
        """The unpaid months one after the other."""
        return "、".join(f"{month:%Y-%m}" for month in self.unpaid)


def dues(member: Member, on: date) -> OwnDues:
    """A member's dues as he sees them."""
    month = queries.first_day(on)
    latest = Months(member)[0:SHOWN]
    base = DuesBase.objects.now_open().filter(member=member).first()
    unpaid = Due.objects.current().unpaid().filter(member=member, month__lt=month).order_by("month")
    asked = DuesRequest.objects.filter(member=member).order_by("-applied_on", "-pk")[:SHOWN]
    return OwnDues(
        this=next((row for row in latest if row.month == month), None),
        unpaid=list(unpaid.values_list("month", flat=True)), latest=latest, base=base,
        category=book.category_word(base.category) if base is not None else "",
        waivers=list(DuesWaiver.objects.current().filter(member=member).order_by("-first_month")[:SHOWN]),
        requests=[(row, _(REQUEST_TITLES[RequestState(row.state)])) for row in asked],
        studies=list(DuesStudy.objects.filter(member=member).order_by("-opened_on", "-pk")[:SHOWN]),
    )  # fmt: skip


def home(member: Member) -> Any:
    """The party organization to which the member formally belongs now, or None."""
    row = Affiliation.objects.now_open().formal().filter(member=member, party_organization__isnull=False)
    found = row.select_related("party_organization__area").first()
    return found.party_organization if found is not None else None


@dataclass(frozen=True, slots=True)
class OwnMeeting:
    """One meeting: day, what, where, with whom; for one that took place whether he was there."""

    on: date
    title: str
    topic: str
    place: str
    times: str
    branch: str
    presence: str = ""


def _meeting(row: Meeting, names: dict[int, str], presence: str = "") -> OwnMeeting:
    times = "–".join(t.strftime("%H:%M") for t in (row.starts, row.ends) if t)
    title = _(MEETING_TITLES[MeetingKind(row.kind)])
    return OwnMeeting(row.held_on, title, row.topic, row.place, times, names.get(row.party_organization_id, ""),
                      presence)  # fmt: skip


def coming(member: Member, on: date) -> list[OwnMeeting]:
    """Meetings to come of the party organizations to which he belongs, without those of committees and groups."""
    here = Affiliation.objects.active(on).filter(member=member, party_organization__isnull=False)
    rows = Meeting.objects.filter(
        party_organization__in=here.values("party_organization"), held_on__gte=on,
        state__in=[MeetingState.PLANNED.value, MeetingState.NOTICED.value],
    ).exclude(kind__in=[MeetingKind.COMMITTEE.value, MeetingKind.GROUP.value])  # fmt: skip
    found = list(rows.order_by("held_on", "starts", "pk")[:SHOWN])
    names = reading.names(row.party_organization_id for row in found)
    return [_meeting(row, names) for row in found]


def attended(member: Member) -> list[OwnMeeting]:
    """The latest meetings on whose sheet he stands."""
    rows = Attendance.objects.filter(member=member).select_related("meeting")
    found = list(rows.order_by("-meeting__held_on", "-pk")[:SHOWN])
    names = reading.names(row.meeting.party_organization_id for row in found)
    return [_meeting(row.meeting, names, _(PRESENCE_TITLES[Presence(row.status)])) for row in found]


@dataclass(frozen=True, slots=True)
class OwnStudy:
    """Hours of study of a year against what is asked, and the latest entries."""

    year: int
    spent: str
    asked: int
    enough: bool
    rows: Sequence[TrainingRecord]


def study(member: Member, on: date) -> OwnStudy | None:
    """His hours of the year; None when no branch has his formal affiliation."""
    party = home(member)
    if party is None:
        return None
    rows = TrainingRecord.objects.current().filter(member=member, on__year=on.year)
    minutes = rows.aggregate(n=Sum("spent"))["n"] or 0
    posts = Officer.objects.active(on).filter(member=member, kind=OfficerKind.SECRETARY.value)
    key, most = ("pb.trn.secretary_hours", 56) if posts.exists() else ("pb.trn.hours", 32)
    asked = int(reading.limits(party, on).get(key, most))
    latest = list(rows.order_by("-on", "-pk")[:SHOWN])
    return OwnStudy(on.year, f"{minutes / 60:g}", asked, minutes >= asked * 60, latest)


def letter_hint(member: Member, on: date) -> str:
    """What a member has to do about a letter that is out."""
    row = Transfer.objects.filter(member=member, state=TransferState.ISSUED.value).order_by("-pk").first()
    if row is None or row.expires_on is None:
        return ""
    if row.expires_on < on:
        return _("介绍信 {number} 已于 {day} 过期，请到转出党组织重开。").format(number=row.number, day=row.expires_on)
    told = _("介绍信 {number} 有效期至 {day}，请在此之前到转入党组织办理。")
    return told.format(number=row.number, day=row.expires_on)
