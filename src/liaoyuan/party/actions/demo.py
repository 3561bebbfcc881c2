"""The party building of the demo: the founding of 26 October with the fewest invented members that the rules need, and
invented branches of invented bodies with a life of their own.

The article's organizations carry only the article's facts: three branches founded at one meeting, members in dual
affiliation to be transferred. Members are called 演示党员01 and so on; nobody of that name exists.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count, pairwise
from random import Random
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, events, search
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import cases, deciding, document_numbers, grants
from liaoyuan.core.actions import demo as grounds
from liaoyuan.core.choices import Event, ScopeKind
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, Grant, User
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import (
    ceremonies,
    demo_changes,
    demo_life,
    demo_more,
    demo_scattered,
    entering,
    founding,
    organizations,
    transfers,
)
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import AffiliationKind, Stage
from liaoyuan.party.choices.organizations import BranchKind, Form, OfficerKind, Standing
from liaoyuan.party.models import (
    Affiliation,
    Founding,
    Member,
    MemberRecord,
    Officer,
    PartyOrganization,
    Term,
    Unit,
)
from liaoyuan.party.queries import organizations as reading
from liaoyuan.people.models import Person
from liaoyuan.registry.actions.demo_words import words
from liaoyuan.registry.choices import Status
from liaoyuan.registry.models import Organization
from liaoyuan.registry.models import Standing as BodyStanding

LEAD, HEAD, SECRETARY, STREET_HEAD = "dangjian", "dangwei", "shuji", "jiedao"
DISTRICT, STREET = "320211", "320211004"
_COMMITTEE = "滨湖区社会组织综合党委（演示）"
_STREET_COMMITTEE = "蠡园街道社会组织党委（演示）"
_CENTRE = "社会组织发展中心"
#: So many invented branches, for each time the district is repeated.
_INDEPENDENT, _JOINT = 9, 4
_MOST = 60


class _Day:
    """Moments of the demo's past: nine in the morning of a day."""

    def __init__(self, founded: date) -> None:
        self.founded = founded

    def __call__(self, days: int) -> date:
        return self.founded + timedelta(days=days)

    def at(self, days: int) -> datetime:
        """The moment so many days after the founding."""
        return clock.moment(self(days))


def last_october(today: date) -> date:
    """The latest 26 October that is a week past."""
    here = date(today.year, 10, 26)
    return here if here + timedelta(days=7) <= today else date(today.year - 1, 10, 26)


class _People:
    """Invented members in order."""

    def __init__(self, at: datetime) -> None:
        self.numbers, self.at = count(1), at

    def member(self, admitted: date, confirmed: date | None, **told: Any) -> Member:
        """One member; the demo's names are numbers."""
        name = f"演示党员{next(self.numbers):02d}"
        person = Person.objects.create(created_at=self.at)
        made = Member.objects.create(person=person, created_at=self.at)
        MemberRecord.objects.create(
            member=made, name=name, name_key=match_key(name), admitted_on=admitted, confirmed_on=confirmed,
            evidence="演示数据", recorded_at=self.at, **told,
        )  # fmt: skip
        return made

    def belongs(self, member: Member, party: PartyOrganization | None, kind: AffiliationKind, start: date,
                organization: Organization | None = None, **told: Any) -> Affiliation:  # fmt: skip
        """A row of the ledger."""
        if party is None:
            told["outside_name"] = "演示外地党支部"
        return Affiliation.objects.create(
            member=member, party_organization=party, kind=str(kind), organization=organization, valid_from=start,
            began_on=start, recorded_at=self.at, evidence="演示数据", **told,
        )  # fmt: skip


@transaction.atomic
def build(*, seed: int, scale: int, by: Actor, at: datetime, say: Callable[[str], None]) -> list[str]:
    """Add party building to a demo that has just been built; returns the lines to print."""
    access.require(by, Permission.EDIT)
    say(_("正在写入党组织……"))
    district, street = Area.objects.get(code=DISTRICT), Area.objects.get(code=STREET)
    draw, today = Random(seed + 51), localdate(at)  # noqa: S311 - an invented district, no secret
    day, people = _Day(last_october(today)), _People(at)
    began = date(day.founded.year - 6, 3, 1)
    committee = organizations.enter(
        area=district, superior=None, start=began, established_on=began, regular_on=began, by=by, at=at,
        fields={"name": _COMMITTEE, "form": str(Form.COMMITTEE), "may_transfer": True, "evidence": "演示数据",
                "superior_name": "滨湖区委社会工作部（演示）"},
    )  # fmt: skip
    local = organizations.enter(
        area=street, superior=committee, start=began, established_on=began, regular_on=began, by=by, at=at,
        fields={"name": _STREET_COMMITTEE, "form": str(Form.COMMITTEE), "may_transfer": True, "evidence": "演示数据"},
    )  # fmt: skip
    grounds.extra_account(
        username=HEAD, name="党建负责人（演示）", role="party_head", scope_kind=ScopeKind.AREA, scope_id=DISTRICT,
        label=district.name, by=by, at=at,
    )  # fmt: skip
    grounds.extra_account(
        username=STREET_HEAD, name="街道党委负责人（演示）", role="party_head", scope_kind=ScopeKind.PARTY,
        scope_id=str(local.pk), label=_STREET_COMMITTEE, by=by, at=at,
    )  # fmt: skip
    document_numbers.open_issuer(area=district, name=_COMMITTEE, mark="滨社党", by=by, at=at)
    lead, head = User.objects.get(username=LEAD), User.objects.get(username=HEAD)
    _article(committee, people, day, lead, head)
    made = _invented(committee, local, people, day, draw, min(scale, 10), by=by, at=at)
    _under_way(committee, made, people, _Day(today), lead)
    demo_changes.change(made, _bodies(), today - timedelta(days=45), lead, head)
    own = made[0]
    demo_life.live(made, district, by, at)
    demo_more.furnish(made, _uncovered(), district, committee, by, at)
    demo_scattered.scatter(committee, people.member, scale=min(scale, 10), start=day(-56), at=at)
    grants.give(
        user=User.objects.get(username=SECRETARY), role="branch_secretary", scope_kind=ScopeKind.PARTY,
        scope_id=str(own.pk), by=by, at=at,
    )  # fmt: skip
    search.refresh(reading.SUBJECT)
    tally = {"parties": PartyOrganization.objects.count(), "members": Member.objects.count()}
    events.record(Event.DEMO_BUILT, None, by=by, at=at, payload={"seed": seed, "counts": tally})
    title = access.roles()["party_head"].title
    member = f"  {demo_more.MEMBER:<10}{_('党员本人的页面')}"
    lines = [f"  {HEAD:<10}{title}（{district.name}）", f"  {STREET_HEAD:<10}{title}（{_STREET_COMMITTEE}）", member]
    return [_("演示党组织 {parties} 个，党员 {members} 名（演示党员01 起，均为虚构）。").format(**tally), *lines]


def _bodies() -> Iterator[BodyStanding]:
    """Live registered bodies that are not the article's, by name."""
    named = [told["name"] for told in words()["article"]]
    rows = BodyStanding.objects.now_open().live().filter(status=Status.ACTIVE.value, kind__in=["MF", "ST"])
    return iter(rows.exclude(name__in=named).select_related("organization", "street").order_by("name", "pk"))


def _uncovered() -> Iterator[BodyStanding]:
    """Bodies that no branch covers and none is applied for, of streets where the demo leaves room."""
    taken = set(Unit.objects.current().values_list("organization", flat=True))
    taken |= set(Founding.objects.values_list("applicant", flat=True))
    return (row for row in _bodies() if row.organization_id not in taken and row.street_id is not None)


def _article(committee: PartyOrganization, people: _People, day: _Day, lead: User, head: User) -> None:
    """The founding as the article tells it."""
    body = {row.name: row.organization for row in BodyStanding.objects.now_open().filter(
        name__in=[told["name"] for told in words()["article"]]).select_related("organization")}  # fmt: skip
    units = (
        (f"{_CENTRE}联合党支部", BranchKind.JOINT, (("九色公益服务中心", 2), ("合德婚姻家庭心理服务中心", 1))),
        ("蓝天养老院党支部", BranchKind.INDEPENDENT, (("蓝天养老院", 3),)),
        ("金夕延年党支部", BranchKind.INDEPENDENT, (("金夕延年", 3),)),
    )
    meeting = ceremonies.convene(
        area=committee.area, by=lead, at=day.at(-3),
        fields={"title": "社会组织党支部成立大会", "on": day.founded, "place": "", "host": "", "note": ""},
    )  # fmt: skip
    for number, (name, kind, parts) in enumerate(units, 1):
        roster = [
            listed for unit, heads in parts for listed in _surveyed(committee, body[unit], heads, people, day)
        ]  # fmt: skip
        row = founding.draft(
            superior=committee, applicant=body[parts[0][0]], units=[body[unit] for unit, _n in parts], by=lead,
            at=day.at(-20),
            fields={"name": name, "branch_kind": str(kind), "transfer_due_on": add_months(day(-36), 6),
                    "carrier_name": _CENTRE if kind == BranchKind.JOINT else ""},
        )  # fmt: skip
        row = founding.set_roster(founding=row, roster=roster, by=lead, at=day.at(-20))
        row = _decided(row, f"滨社工〔{day.founded.year}〕演{number}号", day, lead, head)
        row = ceremonies.found(
            founding=row, ceremony=meeting, secretary=roster[0].member, how="appointed", by=lead, at=day.at(0)
        )
        ceremonies.file(founding=row, on=day(4), by=lead, at=day.at(4))


def _surveyed(
    committee: PartyOrganization, body: Organization, heads: int, people: _People, day: _Day
) -> list[founding.Listed]:
    """Members found at a body in the survey, who have agreed in writing to transfer."""
    told = []
    for _n in range(heads):
        member = people.member(date(2012, 7, 1), date(2013, 7, 1), work_time="full")
        people.belongs(member, None, AffiliationKind.FORMAL, date(2013, 7, 1))
        due = add_months(day(-36), 6)
        people.belongs(
            member, committee, AffiliationKind.TEMPORARY, day(-55), body, full_time=True, stage=str(Stage.SURVEYED),
            stage_on=day(-55), consented_on=day(-36), transfer_due_on=due,
        )  # fmt: skip
        told.append(founding.Listed(member, str(Standing.COMMITTED), body, True, day(-36), due))
    return told


def _decided(row: Founding, number: str, day: _Day, lead: User, head: User) -> Founding:
    """Submitted, examined and approved by two persons."""
    row = founding.submit(founding=row, by=lead, at=day.at(-18), received_on=day(-18))
    case = row.case
    if case is None:
        raise ValueError("an application that was handed in has a case")
    names = list(case.materials.values_list("name", flat=True))
    cases.take_papers(case=case, names=names, on=day(-18), by=lead, at=day.at(-18))
    cases.opine(case=case, outcome="agree", text="符合条件，建议批准设立。", by=lead, at=day.at(-12))
    deciding.decide(case=case, decision="approved", on=day(-6), decision_no=number, by=head, at=day.at(-6))
    deciding.deliver(case=case, on=day(-5), how="演示：当面签收", by=lead, at=day.at(-5))
    return Founding.objects.select_related("party_organization__area", "area").get(pk=row.pk)


def _invented(
    committee: PartyOrganization, local: PartyOrganization, people: _People, day: _Day, draw: Random, scale: int,
    *, by: Actor, at: datetime,
) -> list[PartyOrganization]:  # fmt: skip
    """Invented branches of invented bodies: the first covers the body whose head has an account."""
    accounts = set(Grant.objects.filter(scope_kind=ScopeKind.ORGANIZATION).values_list("scope_id", flat=True))
    rows = list(_bodies())
    own = [row for row in rows if str(row.organization_id) in accounts]
    rest = [row for row in rows if str(row.organization_id) not in accounts]
    draw.shuffle(rest)
    pool = iter([*own, *rest])
    made = []
    for number in range(min(_INDEPENDENT * scale, _MOST)):
        row = next(pool)
        superior = local if row.street is not None and row.street.code == STREET else committee
        started = max(date(day.founded.year - 5, 3, 1), row.organization.registered_on or date(2015, 1, 1))
        started = min(started + timedelta(days=draw.randrange(30, 400)), day(-400))
        made.append(_branch(
            f"{row.name}党支部", BranchKind.INDEPENDENT, superior, [row.organization], started, 4 + number % 5, people,
            draw, by=by, at=at,
        ))  # fmt: skip
    for number in range(min(_JOINT * scale, _MOST)):
        units = [next(pool) for _ in range(2 + number % 3)]
        name = f"{units[0].name}等{len(units)}家联合党支部"
        started = day(-300 - draw.randrange(900))
        made.append(_branch(
            name, BranchKind.JOINT, committee, [row.organization for row in units], started, 3 + number % 2, people,
            draw, by=by, at=at,
        ))  # fmt: skip
    return made


def _branch(
    name: str, kind: BranchKind, superior: PartyOrganization, units: Sequence[Organization], started: date,
    heads: int, people: _People, draw: Random, *, by: Actor, at: datetime,
) -> PartyOrganization:  # fmt: skip
    """A branch that has stood for a while: full members, now and then a probationer, officers, a term."""
    made = organizations.enter(
        area=superior.area, superior=superior, units=units, start=started, established_on=started, regular_on=started,
        by=by, at=at, confirmed=True,
        fields={"name": name, "form": str(Form.BRANCH), "branch_kind": str(kind),
                "evidence": f"滨社工〔{started.year}〕演{draw.randrange(10, 99)}号", "approved_on": started},
    )  # fmt: skip
    members = []
    for number in range(heads):
        admitted = date(1998 + draw.randrange(22), draw.randrange(1, 13), draw.randrange(1, 29))
        admitted = min(admitted, add_months(started, -30))
        member = people.member(
            admitted, add_months(admitted, 12), gender=draw.choice("mf"), work_time="full",
            education=draw.choice(("college", "bachelor", "master")), category="社会组织从业人员",
        )  # fmt: skip
        people.belongs(member, made, AffiliationKind.FORMAL, started, units[number % len(units)], full_time=True)
        members.append(member)
    if draw.random() < 0.5:
        admitted = localdate(at) - timedelta(days=draw.randrange(40, 300))
        member = people.member(admitted, None, work_time="full", category="社会组织从业人员")
        people.belongs(member, made, AffiliationKind.FORMAL, admitted, units[0], full_time=True)
    posts = [OfficerKind.SECRETARY]
    if heads >= 7:
        posts += [OfficerKind.ORGANIZATION, OfficerKind.PUBLICITY]
    term = _term(started, localdate(at))
    Term.objects.create(
        party_organization=made, number=term[0], began_on=term[1], due_on=term[2], recorded_at=at,
        recorded_by=entering.recorder(by),
    )  # fmt: skip
    for member, post in zip(members, posts, strict=False):
        Officer.objects.create(
            party_organization=made, member=member, kind=str(post), how="elected", valid_from=term[1],
            source="管理层" if post == OfficerKind.SECRETARY else "", evidence="演示数据", recorded_at=at,
            recorded_by=entering.recorder(by),
        )  # fmt: skip
    return made


def _term(started: date, today: date) -> tuple[int, date, date]:
    """The running term of three years: (number, first day, last day)."""
    number, began = 1, started
    while add_months(began, 36) <= today:
        number, began = number + 1, add_months(began, 36)
    return number, began, add_months(began, 36)


def _under_way(
    committee: PartyOrganization, made: Sequence[PartyOrganization], people: _People, day: _Day, lead: User
) -> None:
    """Work in progress: dual members, transfers in every state, an application that waits, one being written."""
    units = {party.pk: [unit.organization for unit, _n in reading.units_on(party, day(0)) if unit.organization]
             for party in made}  # fmt: skip
    for number, party in enumerate(made[:6]):
        member = people.member(date(2014, 6, 1), date(2015, 6, 1), work_time="full", category="社会组织从业人员")
        people.belongs(member, None, AffiliationKind.FORMAL, date(2015, 6, 1))
        stage = Stage.DUAL if number % 3 else Stage.KEPT
        agreed = {"consented_on": day(-60), "transfer_due_on": add_months(day(-60), 6)} if number % 3 else {}
        people.belongs(
            member, party, AffiliationKind.TEMPORARY, day(-80), units[party.pk][0], full_time=bool(number % 3),
            stage=str(stage), stage_on=day(-80), planned_end=add_months(day(-80), 6), purpose="逐步转入", **agreed,
        )  # fmt: skip
    for number, (source, target) in enumerate(pairwise(made[:5])):
        member = people.member(date(2010, 6, 1), date(2011, 6, 1), work_time="full", category="社会组织从业人员")
        people.belongs(member, source, AffiliationKind.FORMAL, day(-380), units[source.pk][0], full_time=True)
        row = transfers.plan(member=member, target=target, reason="工作单位变动", on=day(-30), by=lead, at=day.at(-30))
        if number:
            row = transfers.issue(row=row, on=day(-25), valid_days=60, dues_until=day(-40).replace(day=1), by=lead,
                                  at=day.at(-25))  # fmt: skip
        if number == 2:
            row = transfers.accept(row=row, on=day(-10), receipt_on=day(-8), by=lead, at=day.at(-8))
        if number == 3:
            transfers.refuse(row=row, on=day(-12), reason="介绍信抬头写错，请重开。", by=lead, at=day.at(-12))
    covered = {unit.pk for found in units.values() for unit in found}
    rows = [row.organization for row in _bodies() if row.organization_id not in covered]
    for number, body in enumerate(rows[-2:]):
        roster = _surveyed(committee, body, 3, people, day)
        name = BodyStanding.objects.now_open().get(organization=body).name
        begun = founding.draft(
            superior=committee, applicant=body, by=lead, at=day.at(-12),
            fields={"name": f"{name}党支部", "branch_kind": str(BranchKind.INDEPENDENT),
                    "transfer_due_on": add_months(day(-36), 6)},
        )  # fmt: skip
        begun = founding.set_roster(founding=begun, roster=roster, by=lead, at=day.at(-12))
        if number:
            founding.submit(founding=begun, by=lead, at=day.at(-6), received_on=day(-6))
