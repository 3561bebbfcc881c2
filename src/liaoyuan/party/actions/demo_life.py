"""A year of life of the demo's invented branches: meetings, dues, an activist, visits, a venue, so that every page has
something to show. The article's three branches stay as the article tells of them.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from liaoyuan.core import clock
from liaoyuan.core.access import Actor
from liaoyuan.core.models import Area, Grant, User
from liaoyuan.kit.dates import add_months
from liaoyuan.party.actions import (
    applicants,
    attending,
    deciding,
    declarations,
    development,
    instructors,
    life,
    meetings,
    steps,
    venues,
)
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.actions.demo_more import members_of, pay_dues
from liaoyuan.party.choices.life import DecisionKind, Duty, MeetingKind, Method, Presence
from liaoyuan.party.models import Applicant, Attendance, Member, PartyOrganization, Unit
from liaoyuan.registry.models import Organization

INSTRUCTOR = "zhidao"
_TOPICS = (
    "学习党的二十大精神", "社区敬老服务", "环湖清洁志愿服务", "参观红色教育基地", "安全生产学习", "重温入党誓词",
    "七一主题党日", "防汛志愿服务", "法律进社区", "国庆升旗", "冬季送温暖", "年度总结交流",
)  # fmt: skip
_QUARTERS = "一二三四"


def live(made: Sequence[PartyOrganization], area: Area, by: Actor, at: datetime) -> None:
    """A year of the first branch, some months of others."""
    own, today = made[0], clock.localdate(at)
    _year(own, today, by)
    for branch in made[1:7:2]:
        _months(branch, today, by)
    for number, branch in enumerate(made[2:7:2]):
        day = add_months(today.replace(day=1), -1 - number) + timedelta(days=11)
        _held(branch, MeetingKind.MEMBERS, day, f"{_quarter(day)}支部党员大会", by)
    later = today + timedelta(days=6)
    meetings.plan(party=own, kind=str(MeetingKind.MEMBERS), held_on=later, by=by, at=at,
                  fields={"topic": f"{_quarter(later)}支部党员大会", "place": "本单位会议室"})  # fmt: skip
    members = members_of(own, today)
    life.save_plan(party=own, year=today.year, by=by, at=at, lines=[
        {"duty": str(duty), "what": what, "month": month}
        for duty, what, month in (*_PLAN, (Duty.SERVE, "为社区老人上门服务", today.month))
    ])  # fmt: skip
    life.note_training(
        party=own, members=members, on=today - timedelta(days=90), what="党员轮训", spent=16 * 60,
        rotation=True, by=by, at=at,
    )  # fmt: skip
    if len(members) > 1:
        life.note_talk(party=own, on=today - timedelta(days=50), kind="mixed", one=members[0],
                       other=members[1], by=by, at=at)  # fmt: skip
    pay_dues(own, members, today, by, at)
    _activists(own, members, today, by)
    _visits(area, own, today, by, at)
    _venue(own, today, by, at)
    _declared(made[:3], today, by, at)
    _pilots(area, made, today, by, at)


def _quarter(day: date) -> str:
    return f"{_QUARTERS[(day.month - 1) // 3]}季度"


def _year(party: PartyOrganization, today: date, by: Actor) -> None:
    """Eleven months and what has been of this one: a theme day a month, meeting and lecture a quarter, 组织生活会."""
    for back in range(11, -1, -1):
        month = add_months(today.replace(day=1), -back)
        days = [(9, MeetingKind.THEME_DAY, _TOPICS[month.month - 1])]
        if month.month == 1:
            days.append((16, MeetingKind.LIFE, f"{month.year - 1}年度组织生活会"))
        if month.month % 3 == 0:
            days += [(14, MeetingKind.MEMBERS, f"{_quarter(month)}支部党员大会"),
                     (20, MeetingKind.LECTURE, f"{_quarter(month)}党课")]  # fmt: skip
        for later, kind, topic in days:
            if month + timedelta(days=later) < today:
                _held(party, kind, month + timedelta(days=later), topic, by, votes=kind == MeetingKind.MEMBERS)


def _months(party: PartyOrganization, today: date, by: Actor) -> None:
    """The last three months and this one: what is asked of every month and quarter is done."""
    for back in range(3, -1, -1):
        month = add_months(today.replace(day=1), -back)
        days = [(9, MeetingKind.THEME_DAY, _TOPICS[month.month - 1])]
        if month.month % 3 == 1:
            days += [(12, MeetingKind.MEMBERS, f"{_quarter(month)}支部党员大会"),
                     (18, MeetingKind.LECTURE, f"{_quarter(month)}党课")]  # fmt: skip
        for later, kind, topic in days:
            if month + timedelta(days=later) < today:
                _held(party, kind, month + timedelta(days=later), topic, by)


_PLAN = (
    (Duty.GUIDE, "对照章程检查内部治理和财务公开", 3), (Duty.UNITE, "全年学习计划，每人不少于 32 学时", 1),
    (Duty.SERVE, "结对社区，每月一次志愿服务", 2),
)  # fmt: skip


def _held(
    party: PartyOrganization, kind: MeetingKind, day: date, topic: str, by: Actor, *, votes: bool = False,
    about: Applicant | None = None,
) -> None:  # fmt: skip
    """One meeting from plan to closed minutes, entered in the evening of its day."""
    at = clock.moment(day, 19)
    fields = {
        "topic": topic, "starts": time(14), "ends": time(16), "place": "本单位会议室", "host": "演示主持人",
        "recorder": "演示记录人", "content": topic,
    }  # fmt: skip
    meeting = meetings.plan(party=party, kind=str(kind), held_on=day, fields=fields, by=by, at=at)
    meeting = attending.begin(meeting=meeting, by=by, at=at)
    keys = list(Attendance.objects.filter(meeting=meeting).order_by("member").values_list("member", flat=True))
    marks = {key: Mark(str(Presence.PRESENT)) for key in keys}
    if len(keys) > 3 and day.month % 2:
        marks[keys[-1]] = Mark(str(Presence.ABSENT), "出差")
    meeting = attending.save(meeting=meeting, marks=marks, by=by, at=at)
    if votes and meeting.present:
        vote = deciding.put(
            meeting=meeting, kind=str(DecisionKind.ORDINARY), subject="" if about else "支部下季度工作安排",
            method=str(Method.HANDS), applicant=about, step=3 if about else None, by=by, at=at,
        )  # fmt: skip
        deciding.close(decision=vote, yes=meeting.present, no=0, abstain=0, by=by, at=at)
    words = f"{day:%Y年%m月%d日}，{topic}。与会党员交流了学习体会，明确了下一步分工。"
    meeting = meetings.save_minutes(meeting=meeting, minutes=words, signed=True, confirmed=True, by=by, at=at)
    meetings.close(meeting=meeting, by=by, at=at)


def _activists(party: PartyOrganization, members: Sequence[Member], today: date, by: Actor) -> None:
    """One activist who may become a candidate in a month or so, and one fresh application."""

    def day(days: int) -> date:
        return today - timedelta(days=days)

    body = Unit.objects.active(today).filter(party_organization=party).get().organization
    one = applicants.apply(
        party=party, organization=body, on=day(400), by=by,
        fields={"name": "演示申请人甲", "birth": date(1994, 5, 4), "job": "社工"},
        at=clock.moment(day(400)),
    )  # fmt: skip
    for step, days in ((2, 385), (3, 340), (4, 335)):
        if step == 3:  # the branch keeps its meetings here: one of them decides it
            _held(party, MeetingKind.MEMBERS, day(days), "确定入党积极分子", by, votes=True, about=one)
        development.record(applicant=one, step=step, on=day(days), by=by, at=clock.moment(day(days), 20))
    development.set_mentors(
        applicant=one, kind="contact", members=members[:2], on=day(330), by=by, at=clock.moment(day(330))
    )
    development.examine(applicant=one, on=day(150), result="continue", by=by, at=clock.moment(day(150)))
    applicants.apply(
        party=party, organization=body, on=day(20), by=by,
        fields={"name": "演示申请人乙", "birth": date(1998, 9, 12), "job": "项目专员"},
        at=clock.moment(day(20)),
    )  # fmt: skip


def _visits(area: Area, party: PartyOrganization, today: date, by: Actor, at: datetime) -> None:
    """The instructor whose account is there to try looks after the bodies it may see, and has visited them."""
    user = User.objects.get(username=INSTRUCTOR)
    made = instructors.enter(
        area=area, user=user, by=by, at=at,
        fields={"name": "演示指导员", "source": "retired", "unit": "退休干部", "sender": "滨湖区委社会工作部（演示）"},
    )  # fmt: skip
    keys = Grant.objects.filter(user=user, scope_kind="organization").values_list("scope_id", flat=True)
    first = add_months(today, -8)
    for body in Organization.objects.filter(pk__in=[int(key) for key in keys]).order_by("pk"):
        instructors.assign(
            instructor=made, organization=body, kind="instructor", letter="滨社工聘〔演示〕1号", letter_from=first,
            letter_until=add_months(first, 24) - timedelta(days=1), start=first, by=by, at=at,
        )  # fmt: skip
        for days in (33, 4):
            on = today - timedelta(days=days)
            instructors.visit(
                organization=body, on=on, looked=["organization", "meetings", "place"], findings="按时开展组织生活。",
                by=user, at=clock.moment(on, 17),
            )  # fmt: skip


def _declared(parties: Sequence[PartyOrganization], today: date, by: Actor, at: datetime) -> None:
    """What some bodies declare of mass organizations and money."""
    for number, party in enumerate(parties):
        units = Unit.objects.active(today).filter(party_organization=party, organization__isnull=False)
        told = {"has_union": True, "has_youth": number == 0, "has_women": number == 1,
                "funds_fen": 800_000 + 350_000 * number, "funds_year": today.year}  # fmt: skip
        for body in Organization.objects.filter(pk__in=units.values("organization")).order_by("pk")[:2]:
            declarations.declare(organization=body, start=date(today.year, 1, 1), fields=told, by=by, at=at)


def _pilots(area: Area, made: Sequence[PartyOrganization], today: date, by: Actor, at: datetime) -> None:
    """One pilot that may spread, and one of the next wave."""
    first = steps.choose_pilot(
        area=area, party=made[0], wave=1, criteria="组织生活正常、场所具备、自愿", chosen_on=add_months(today, -10),
        tried="党员亮身份、认领社区微心愿", by=by, at=at,
    )  # fmt: skip
    steps.close_pilot(
        pilot=first, state="spread", on=add_months(today, -4), result="半年认领微心愿 36 个，做法可以推开。",
        evidence="滨社工〔演示〕试点总结", by=by, at=at,
    )  # fmt: skip
    steps.choose_pilot(
        area=area, party=made[1], wave=2, criteria="邻近第一批试点、自愿", chosen_on=add_months(today, -2),
        tried="照第一批的做法推开", by=by, at=at,
    )  # fmt: skip


def _venue(party: PartyOrganization, today: date, by: Actor, at: datetime) -> None:
    """An activity room, booked next week."""
    made = venues.enter(
        party=party, by=by, at=at,
        fields={"name": "党群活动室", "address": "演示路 1 号", "square_metres": 60, "hours": "工作日 9:00–17:00",
                "keeper": "演示管理员", "equipment": "投影、音响", "is_open": True,
                "signs": ["有场所", "有设施", "有标志", "有党旗", "有书报"]},
    )  # fmt: skip
    day = today + timedelta(days=6)
    venues.book(
        venue=made, party=party, starts_at=clock.moment(day, 14), ends_at=clock.moment(day, 16), purpose="支部党员大会",
        by=by, at=at,
    )  # fmt: skip
