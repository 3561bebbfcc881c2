"""What the demo's other invented branches have: groups, dues, an election that waits, instructors, a room, the plan of
the year, and a member with an account of his own.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from liaoyuan.core import clock
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import demo as grounds
from liaoyuan.core.models import Area, User
from liaoyuan.kit.dates import add_months
from liaoyuan.party.actions import (
    accounts,
    attending,
    dues,
    elections,
    instructors,
    life,
    meetings,
    quotas,
    venues,
)
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.choices.life import MeetingKind, MeetingState, Presence
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.choices.organizations import OfficerKind
from liaoyuan.party.models import Affiliation, Attendance, Member, PartyOrganization, Term
from liaoyuan.registry.models import Organization
from liaoyuan.registry.models import Standing as BodyStanding

MEMBER = "dangyuan1"
#: A group has a leader and two others at least.
_GROUP = 3
_BASES = (300000, 480000, 520000, 760000, 1050000)


def members_of(party: PartyOrganization, on: date) -> list[Member]:
    """Full members of a branch, in order."""
    rows = Affiliation.objects.active(on).filter(party_organization=party, kind=AffiliationKind.FORMAL.value)
    full = Member.objects.known().full(on).filter(pk__in=rows.values("member"))
    return list(full.order_by("pk"))


def pay_dues(party: PartyOrganization, members: Sequence[Member], today: date, by: Actor, at: datetime) -> None:
    """Bases of the year, three months reckoned, two of them paid. Who came lately has no base yet."""
    first = min(date(today.year, 1, 1), add_months(today.replace(day=1), -2))
    there = Affiliation.objects.active(first).filter(party_organization=party, kind=AffiliationKind.FORMAL.value)
    here = set(there.values_list("member", flat=True))
    for number, member in enumerate(one for one in members if one.pk in here):
        dues.set_base(
            party=party, member=member, category="monthly", base_fen=_BASES[number % len(_BASES)], start=first,
            set_on=first, signed_on=first, by=by, at=at,
        )  # fmt: skip
    for back in (2, 1, 0):
        month = add_months(today.replace(day=1), -back)
        dues.build(party=party, month=month, by=by, at=at)
        if back:
            rows = party.dues.filter(month=month, superseded_at__isnull=True).values_list("pk", flat=True)
            dues.pay(party=party, keys=list(rows), on=month + timedelta(days=20), payee="演示收款人", by=by, at=at)


def furnish(
    made: Sequence[PartyOrganization], bodies: Iterator[BodyStanding], area: Area, committee: PartyOrganization,
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    """Give the other branches what their pages show; `bodies` are bodies that no branch covers."""
    today = clock.localdate(at)
    for party in made[1:4]:
        pay_dues(party, members_of(party, today), today, by, at)
    big = max(made[1:], key=lambda party: (len(members_of(party, today)), -party.pk))
    _groups(big, today, by, at)
    _room(made[2], "党员活动中心", today, by, at)
    _election(made[1:], today, by)
    quotas.set_quota(party=committee, year=today.year, number=6, evidence="滨组〔演示〕计划1号", by=by, at=at)
    _instructors(area, bodies, today, by, at)
    _street_helpers(area, by, at)
    _own(members_of(made[0], today)[2], area, by, at)


def _groups(party: PartyOrganization, today: date, by: Actor, at: datetime) -> None:
    """Two groups of the largest branch."""
    on, now = add_months(today, -1), set(members_of(party, today))
    members = [member for member in members_of(party, on) if member in now]
    for number, first in enumerate(range(0, len(members) - _GROUP + 1, _GROUP)):
        part = members[first : first + _GROUP]
        life.set_group(party=party, name=f"第{'一二三四五'[number]}党小组", leader=part[0], members=part,
                       on=on, by=by, at=at)  # fmt: skip


def _room(party: PartyOrganization, name: str, today: date, by: Actor, at: datetime) -> None:
    made = venues.enter(
        party=party, by=by, at=at,
        fields={"name": name, "address": "演示路 88 号", "square_metres": 120, "hours": "每天 9:00–20:00",
                "keeper": "演示管理员", "equipment": "投影、音响、图书", "is_open": True,
                "signs": ["有场所", "有设施", "有标志", "有党旗", "有书报", "有制度"]},
    )  # fmt: skip
    day = today + timedelta(days=3)
    venues.book(
        venue=made, party=party, starts_at=clock.moment(day, 9), ends_at=clock.moment(day, 11), purpose="主题党日",
        by=by, at=at,
    )  # fmt: skip


def _election(made: Sequence[PartyOrganization], today: date, by: Actor) -> None:
    """The branch whose term ends first has elected its secretary last week; the superior has yet to approve."""
    terms = Term.objects.current().filter(party_organization__in=made, ended_on__isnull=True).order_by("due_on", "pk")
    chosen = [term.party_organization for term in terms if len(members_of(term.party_organization, today)) in (4, 5, 6)]
    if not chosen:
        return
    party, on = chosen[0], today - timedelta(days=6)
    at = clock.moment(on, 19)
    meeting = meetings.plan(
        party=party, kind=str(MeetingKind.MEMBERS), held_on=on, by=by, at=at,
        fields={"topic": "支部换届选举", "starts": time(14), "ends": time(16),
                "place": "本单位会议室", "host": "演示主持人",
                "recorder": "演示记录人", "content": "听取工作报告，选举支部书记"},
    )  # fmt: skip
    meeting = attending.begin(meeting=meeting, by=by, at=at)
    keys = list(Attendance.objects.filter(meeting=meeting).order_by("member").values_list("member", flat=True))
    meeting = attending.save(meeting=meeting, marks={key: Mark(str(Presence.PRESENT)) for key in keys}, by=by, at=at)
    one, two = members_of(party, on)[:2]
    row = elections.start(meeting=meeting, post=str(OfficerKind.SECRETARY), seats=1, candidates=[one, two],
                          tellers="演示监票人、演示计票人", by=by, at=at, confirmed=True)  # fmt: skip
    papers = meeting.present or 0
    sums = {one.pk: papers - 1, two.pk: 1}
    elections.count(election=row, issued=papers, returned=papers, spoiled=0, sums=sums, by=by, at=at)
    meeting.refresh_from_db()
    words = f"{on:%Y年%m月%d日}，到会党员听取工作报告，以无记名投票选举支部书记，结果报上级党委批复。"
    meeting = meetings.save_minutes(meeting=meeting, minutes=words, signed=True, confirmed=True, by=by, at=at)
    if meeting.state == MeetingState.HELD:
        meetings.close(meeting=meeting, by=by, at=at)


_LETTERS = "丁戊己庚辛壬癸子丑寅卯辰"
_HELPERS = (("演示指导员乙", "street", "街道党建办"), ("演示指导员丙", "retired", "退休干部"))


def _instructors(area: Area, bodies: Iterator[BodyStanding], today: date, by: Actor, at: datetime) -> None:
    """Two more instructors, each with bodies without members, visited lately; something is still to be done."""
    lead = User.objects.get(username="dangjian")
    first = add_months(today, -5)
    for number, (name, source, unit) in enumerate(_HELPERS):
        made = instructors.enter(
            area=area, by=by, at=at,
            fields={"name": name, "source": source, "unit": unit, "sender": "滨湖区委社会工作部（演示）"},
        )  # fmt: skip
        for place in range(3):
            body: Organization = next(bodies).organization
            instructors.assign(
                instructor=made, organization=body, kind="instructor", letter=f"滨社工聘〔演示〕{number + 2}号",
                letter_from=first, letter_until=add_months(first, 12) - timedelta(days=1), start=first, by=by, at=at,
            )  # fmt: skip
            on = today - timedelta(days=3 + 8 * place)
            asks = place == 1
            instructors.visit(
                organization=body, on=on, looked=["organization", "activists", "needs"],
                findings="还没有党员，愿意先确定培养对象。", by=lead, at=clock.moment(on, 17),
                follow_up="协助联系社区共用活动场地" if asks else "",
                follow_due_on=today + timedelta(days=14) if asks else None,
            )  # fmt: skip


def _street_helpers(area: Area, by: Actor, at: datetime) -> None:
    """An instructor of each street with all his places free: whom coverage planning may send."""
    streets = Area.objects.within(area.path).live().filter(level="street").order_by("code")
    for letter, street in zip(_LETTERS, streets, strict=False):
        fields = {"name": f"演示指导员{letter}", "source": "street", "unit": f"{street.name}党建工作办公室",
                  "sender": street.name}  # fmt: skip
        instructors.enter(area=area, by=by, at=at, fields=fields)


def _own(member: Member, area: Area, by: Actor, at: datetime) -> None:
    """A member of the first branch has an account, without any role: it opens his own page."""
    grounds.plain_account(username=MEMBER, name="党员（演示）", label=area.name, by=by, at=at)
    accounts.link(member=member, username=MEMBER, by=by, at=at)
