"""Members as actions and pages read them: who keeps the file, namesakes, status and seniority, scope."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import ForeignObjectRel, Q, QuerySet

from liaoyuan.core import access
from liaoyuan.core.access import Actor
from liaoyuan.kit.text import match_key
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.models import Affiliation, Member, MemberAccount, MemberRecord, PartyOrganization
from liaoyuan.party.queries import secrets
from liaoyuan.registry.models import OPEN


def current(member: Member) -> MemberRecord:
    """What is told of the member now."""
    return MemberRecord.objects.current().select_related("member__person").get(member=member)


def hosts(member: Member) -> list[PartyOrganization]:
    """The party organizations of this register to which he belongs now, in whichever way."""
    rows = Affiliation.objects.now_open().filter(member=member, party_organization__isnull=False)
    return list(PartyOrganization.objects.filter(pk__in=rows.values("party_organization")).select_related("area"))


def keeper(member: Member) -> PartyOrganization | None:
    """Who keeps his file: where his formal affiliation is; where that is outside this register, who hosted him first.

    Another host that ties him later gets no hold on what was told before.
    """
    rows = Affiliation.objects.now_open().filter(member=member, party_organization__isnull=False)
    formal = rows.formal().select_related("party_organization__area").first()
    if formal is not None:
        return formal.party_organization
    ever = Affiliation.objects.filter(member=member, party_organization__in=rows.values("party_organization"))
    first = ever.order_by("pk").select_related("party_organization__area").first()
    return first.party_organization if first is not None else None


def keeps(by: Actor, member: Member, permission: str = Permission.MEMBERS_EDIT) -> bool:
    """Whether `by` may write the member's file."""
    party = keeper(member)
    return party is not None and access.covers(by, permission, party, write=True)


def account_of(user: Any) -> Member | None:
    """The member whose own account this is."""
    link = MemberAccount.objects.filter(user=user.pk).select_related("member__person").first()
    return link.member if link is not None and link.member.voided_at is None else None


def namesakes(party: PartyOrganization, name: str) -> list[MemberRecord]:
    """Members of the party organization with this name, as told now."""
    here = Affiliation.objects.now_open().filter(party_organization=party)
    rows = MemberRecord.objects.current().filter(
        name_key=match_key(name), member__in=here.values("member"), member__voided_at__isnull=True
    )
    return list(rows.select_related("member__person").order_by("pk"))


def may_be(record: MemberRecord, indexes: Iterable[str], birth: str) -> bool:
    """Whether somebody with this number and birth may be the member: neither of the two says otherwise."""
    wanted, known = list(indexes), record.member.person.id_index
    if wanted and known:
        return known in wanted
    born = secrets.clear("birth", record.birth)
    return not birth or not born or birth.startswith(born) or born.startswith(birth)


def seniority(record: MemberRecord, on: date) -> int | None:
    """党龄 in whole years on the day, from the day he became a full member (党章 art. 7); None when he is none."""
    start = record.confirmed_on
    if start is None or start > on:
        return None
    end = min(on, record.left_on) if record.left_on else on
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def shown_day(record: MemberRecord, name: str) -> str:
    """A day of the record as ISO text, as short as it is known."""
    value = getattr(record, name)
    if value is None:
        return ""
    length = {"M": 7, "Y": 4}.get(record.precision.get(name, ""), 10)
    return str(value.isoformat())[:length]


def begin(member: Member, party: PartyOrganization | None, kind: str) -> date | None:
    """From when a row without a known beginning may stand: the end of the last one beside which it cannot."""
    return begin_at(member, party.pk if party is not None else None, kind)


def begin_at(member: Member, party: int | None, kind: str) -> date | None:
    """The same, for the key of a party organization."""
    rows = Affiliation.objects.current().filter(member=member).exclude(valid_to=OPEN)
    same = Q(kind=AffiliationKind.FORMAL.value) if kind == AffiliationKind.FORMAL else Q(pk__in=[])
    if party is not None:
        same |= Q(party_organization=party)
    return rows.filter(same).order_by("-valid_to").values_list("valid_to", flat=True).first()


def last_change(member: Member) -> date | None:
    """The last day on which one of his affiliations began or ended; None when no such day is known."""
    rows = Affiliation.objects.current().filter(member=member)
    days = [*rows.exclude(valid_to=OPEN).values_list("valid_to", flat=True)]
    days += rows.filter(valid_to=OPEN, assumed=False).values_list("valid_from", flat=True)
    return max(days, default=None)


def told_of(member: int) -> list[QuerySet[Any]]:
    """Every row of this floor that names the member, besides what is told of him and his affiliations."""
    found = []
    for relation in Member._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model not in (MemberRecord, Affiliation):
            rows = relation.related_model._base_manager
            found.append(rows.filter(**{relation.field.name: member}))
    return found


def find(key: str) -> Member | None:
    """The member with this key."""
    return Member.objects.known().filter(pk=int(key)).first() if key.isdecimal() else None


def scope_of(member: Member) -> tuple[list[str], list[str], str]:
    """Which grants cover a member: writing those over who keeps his file, reading those over whoever hosts him."""
    party = keeper(member)
    writing = [party.area.path, party.path] if party is not None else []
    return writing, [path for party in hosts(member) for path in (party.area.path, party.path)], ""
