"""Small makers of party rows for tests. Members are invented: 演示党员01 and so on."""

from datetime import date
from decimal import Decimal
from typing import Any

from liaoyuan.core import search
from liaoyuan.core.models import Area, User
from liaoyuan.kit.text import match_key
from liaoyuan.party.choices.members import AffiliationKind, Stage
from liaoyuan.party.models import (
    Affiliation,
    Ceremony,
    DuesBase,
    Formation,
    Founding,
    FoundingMember,
    FoundingUnit,
    Member,
    MemberRecord,
    Officer,
    PartyOrganization,
    Reorganization,
    ReorganizationUnit,
    Term,
    Transfer,
    Unit,
    VotingPause,
)
from liaoyuan.party.queries import dues
from liaoyuan.people.models import Person
from liaoyuan.registry.models import Organization
from tests.core.factories import AT, user

__all__ = ["AT"]
START = date(2024, 1, 1)
_count = [0]


def party(name: str = "", form: str = "branch", *, area: Area, superior: PartyOrganization | None = None,
          start: date = START, kind: str = "independent", regular_on: date | None = START, at: Any = AT,
          **told: Any) -> PartyOrganization:  # fmt: skip
    """A party organization with one open formation."""
    made = PartyOrganization.objects.create(area=area, established_on=start, regular_on=regular_on, created_at=at)
    made.path = f"{superior.path if superior else 'p/'}{made.pk}/"
    made.save(update_fields=["path"])
    Formation.objects.create(
        party_organization=made, name=name or f"演示党组织{made.pk:02d}", form=form, superior=superior,
        branch_kind=kind if form == "branch" else "", valid_from=start, recorded_at=at, **told,
    )  # fmt: skip
    search.refresh("partyorganization", [made.pk])
    return made


def committee(area: Area, name: str = "演示区社会组织综合党委", **told: Any) -> PartyOrganization:
    """A committee that may approve probationers and issue letters."""
    return party(name, "committee", area=area, may_transfer=True, **told)


def unit(branch: PartyOrganization, organization: Organization | None = None, *, joint: bool = False,
         start: date = START, outside_name: str = "", **told: Any) -> Unit:  # fmt: skip
    """A body that the branch covers."""
    told = {"evidence": "滨社工〔2026〕1号", "evidence_on": start, **told}
    return Unit.objects.create(party_organization=branch, organization=organization, outside_name=outside_name,
                               joint=joint, valid_from=start, recorded_at=told.pop("at", AT), **told)  # fmt: skip


def member(name: str = "", *, admitted_on: date | None = date(2015, 6, 1), confirmed_on: date | None = date(2016, 6, 1),
           person: Person | None = None, at: Any = AT, **told: Any) -> Member:  # fmt: skip
    """A member told of with a name; full since 2016 unless said otherwise."""
    _count[0] += 1
    name = name or f"演示党员{_count[0]:02d}"
    person = person or Person.objects.create(created_at=at)
    made = Member.objects.create(person=person, created_at=at)
    MemberRecord.objects.create(member=made, name=name, name_key=match_key(name), admitted_on=admitted_on,
                                confirmed_on=confirmed_on, recorded_at=at, **told)  # fmt: skip
    return made


def affiliate(who: Member, branch: PartyOrganization | None, kind: str = "formal", *, start: date = START,
              organization: Organization | None = None, at: Any = AT, **told: Any) -> Affiliation:  # fmt: skip
    """The member belongs to the branch; without one to 演示外地党支部."""
    if kind in (AffiliationKind.TEMPORARY, AffiliationKind.DOUBLE):
        told = {"stage": str(Stage.DUAL), "stage_on": start, **told}
    if branch is None:
        told = {"outside_name": "演示外地党支部", **told}
    return Affiliation.objects.create(member=who, party_organization=branch, kind=kind, valid_from=start,
                                      organization=organization, recorded_at=at, **told)  # fmt: skip


def members(branch: PartyOrganization, count: int, **told: Any) -> list[Member]:
    """So many full members whose formal affiliation is to the branch."""
    made = [member() for _ in range(count)]
    for one in made:
        affiliate(one, branch, **told)
    return made


def pause(who: Member, start: date, end: date) -> VotingPause:
    """A stretch without a vote."""
    return VotingPause.objects.create(member=who, valid_from=start, valid_to=end, recorded_at=AT)


def post(branch: PartyOrganization, who: Member, kind: str = "secretary", start: date = START, **told: Any) -> Officer:
    """The member holds a post of the branch."""
    told = {"how": "elected", **told}
    return Officer.objects.create(party_organization=branch, member=who, kind=kind, valid_from=start, recorded_at=AT,
                                  **told)  # fmt: skip


def term(branch: PartyOrganization, number: int = 1, began_on: date = START, due_on: date = date(2026, 12, 31),
         **told: Any) -> Term:  # fmt: skip
    """A term of the branch's committee."""
    return Term.objects.create(party_organization=branch, number=number, began_on=began_on, due_on=due_on,
                               recorded_at=AT, **told)  # fmt: skip


def founding(superior: PartyOrganization, applicant: Organization, name: str = "演示党支部", kind: str = "independent",
             units: Any = (), roster: Any = (), **told: Any) -> Founding:  # fmt: skip
    """A draft of an application with units, and members as (member, standing, more)."""
    made = Founding.objects.create(area=superior.area, name=name, branch_kind=kind, superior=superior,
                                   applicant=applicant, made_at=AT, **told)  # fmt: skip
    for one in units or [applicant]:
        FoundingUnit.objects.create(founding=made, organization=one)
    for who, standing, more in roster:
        FoundingMember.objects.create(founding=made, member=who, standing=standing, **more)
    return made


def ceremony(area: Area, on: date = date(2026, 10, 26), title: str = "演示成立大会") -> Ceremony:
    """A founding meeting."""
    return Ceremony.objects.create(area=area, title=title, on=on, made_at=AT)


def change(branch: PartyOrganization, what: str = "adjust", origin: str = "superior", *, joining: Any = (),
           leaving: Any = (), approver: PartyOrganization | None = None, **told: Any) -> Reorganization:  # fmt: skip
    """A draft of an application to adjust or dissolve a branch; units are bodies."""
    told = {"reason": "演示理由", "area": branch.area, **told}
    made = Reorganization.objects.create(party_organization=branch, what=what, origin=origin, approver=approver,
                                         made_at=AT, **told)  # fmt: skip
    for joins, units in ((True, joining), (False, leaving)):
        for one in units:
            ReorganizationUnit.objects.create(reorganization=made, organization=one, joins=joins)
    return made


def transfer(who: Member, source: PartyOrganization | None, target: PartyOrganization | None, state: str = "draft",
             **told: Any) -> Transfer:  # fmt: skip
    """A transfer in a state."""
    if source is None:
        told = {"source_name": "演示外地党支部", **told}
    if target is None:
        told = {"target_name": "演示外地党支部", **told}
    return Transfer.objects.create(member=who, source=source, target=target, state=state, made_at=AT, **told)


def lead(username: str = "lead", role: str = "party_lead", area: str = "320211") -> User:
    """A party lead officer of an area."""
    return user(username, (role, "area", area), is_demo=True)


def secretary(branch: PartyOrganization, username: str = "secretary") -> User:
    """The account of a branch's secretary."""
    return user(username, ("branch_secretary", "party", str(branch.pk)), is_demo=True)


def dues_base(who: Member, yuan: int | str | None = 3000, category: str = "monthly", *, start: date = START,
              set_on: date = date(2026, 1, 8), signed_on: date | None = date(2026, 1, 8)) -> DuesBase:  # fmt: skip
    """By what the member's dues are reckoned; yuan None for those without a base."""
    fen = None if yuan is None else int(Decimal(yuan) * 100)
    return DuesBase.objects.create(member=who, category=category, base="" if fen is None else dues.sealed(fen),
                                   valid_from=start, set_on=set_on, signed_on=signed_on, recorded_at=AT)  # fmt: skip
