"""Rows of the roster F03 as they are stored, by the importer's own field names; branches of an area by their names."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liaoyuan.core.models import Area
from liaoyuan.kit.text import match_key
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.models import Affiliation, Member, MemberRecord, PartyOrganization
from liaoyuan.party.queries import listing, members, organizations, secrets
from liaoyuan.people.queries import secrets as numbers
from liaoyuan.registry.models import OPEN

PLAIN = ("name", "gender", "ethnicity", "native_place", "education", "degree", "school", "job", "work_time",
         "category", "police_station", "skills", "floating_note", "note", "evidence")  # fmt: skip
SHORT_DAYS = ("worked_since", "admitted_on", "confirmed_on")
#: What a row says of the ledger, not of the member.
LEDGER = ("branch", "post", "home", "state", "home_contact", "joined_on", "organization")


@dataclass(slots=True)
class Stored:
    """What is told of a member and of his affiliation to one party organization. `home` names where the formal one is,
    empty when nobody told; `keeper` is the path of the area of who keeps his file, `places` are those of the areas in
    whose party organizations he stands now.
    """

    member: int
    version: int
    record: int | None = None
    row: int | None = None
    assumed: bool = False
    formal: int | None = None
    formal_here: bool = False
    home: str = ""
    keeper: str = ""
    places: tuple[str, ...] = ()
    left: bool = False
    fields: dict[str, Any] = field(default_factory=dict)


def by_number(ids: Iterable[str]) -> dict[str, int]:
    """Members by the present blind index of the identity number, whichever key his own is under."""
    present = {old: numbers.index(n) for n in dict.fromkeys(ids) if n for old in numbers.indexes(n)}
    rows = Member.objects.known().filter(person__id_index__in=list(present))
    return {present[index]: pk for index, pk in rows.values_list("person__id_index", "pk")}


def branches(area: Area) -> dict[str, list[PartyOrganization]]:
    """The living party organizations of an area and below, by their compared names."""
    rows = PartyOrganization.objects.living().filter(area__in=Area.objects.within(area.path)).select_related("area")
    named = organizations.names(row.pk for row in rows)
    found: dict[str, list[PartyOrganization]] = {}
    for row in rows:
        if row.pk in named:
            found.setdefault(match_key(named[row.pk]), []).append(row)
    return found


def namesakes(pairs: Iterable[tuple[int, str]]) -> dict[tuple[int, str], list[MemberRecord]]:
    """Members by party organization and compared name."""
    wanted = set(pairs)
    here = Affiliation.objects.now_open().filter(party_organization__in={p for p, _k in wanted})
    places: dict[int, list[int]] = {}
    for member, party in here.values_list("member_id", "party_organization_id"):
        places.setdefault(member, []).append(party or 0)
    rows = MemberRecord.objects.current().filter(
        name_key__in={k for _p, k in wanted}, member__in=list(places), member__voided_at__isnull=True
    )
    found: dict[tuple[int, str], list[MemberRecord]] = {}
    for record in rows.select_related("member__person").order_by("pk"):
        for party in places[record.member_id]:
            if (party, record.name_key) in wanted:
                found.setdefault((party, record.name_key), []).append(record)
    return found


def stored(pairs: Iterable[tuple[int, int]], on: date) -> dict[tuple[int, int], Stored]:
    """What is told for (member, party organization) pairs."""
    wanted = set(pairs)
    if not wanted:
        return {}
    keys = {m for m, _p in wanted}
    versions = dict(Member.objects.filter(pk__in=keys).values_list("pk", "version"))
    records = {
        r.member_id: r for r in MemberRecord.objects.current().filter(member__in=keys).select_related("member__person")
    }
    ledger: dict[int, list[Affiliation]] = {}
    ever: dict[tuple[int, int], int] = {}
    rows = Affiliation.objects.filter(member__in=keys).select_related("party_organization__area").order_by("pk")
    for row in rows:
        ever.setdefault((row.member_id, row.party_organization_id or 0), row.pk)
        if row.superseded_at is None and row.valid_to == OPEN:
            ledger.setdefault(row.member_id, []).append(row)
    names = organizations.names(r.party_organization_id for rs in ledger.values() for r in rs)
    bodies = organizations.body_names(r.organization_id for rs in ledger.values() for r in rs)
    posts = listing.posts_of(keys, {p for _m, p in wanted}, on)
    found = {}
    for member, party in wanted:
        here = Stored(member, versions.get(member, 0))
        record = records.get(member)
        if record is not None:
            here.record, here.left = record.pk, record.left_on is not None
            here.fields.update(_told(record))
        _ledger(here, ledger.get(member, []), party, names, bodies, ever)
        here.fields["post"] = posts.get((member, party), "")
        here.fields = {name: value for name, value in here.fields.items() if value not in ("", None)}
        found[member, party] = here
    return found


def _told(record: MemberRecord) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(record, name) for name in PLAIN}
    told |= {name: members.shown_day(record, name) for name in SHORT_DAYS}
    told |= secrets.opened(record)
    told["id_number"] = numbers.number_of(record.member.person) if record.numbered else ""
    return told


def _ledger(
    here: Stored, rows: list[Affiliation], party: int, names: dict[int, str], bodies: dict[int, str],
    ever: dict[tuple[int, int], int],
) -> None:  # fmt: skip
    """What the open rows say: the one to the party organization, the formal one, who keeps the file."""
    hosting = [row for row in rows if row.party_organization is not None]
    here.places = tuple(row.party_organization.area.path for row in hosting if row.party_organization is not None)
    formal = next((row for row in rows if row.kind == AffiliationKind.FORMAL), None)
    inside = formal if formal is not None and formal.party_organization is not None else None
    keeper = inside or min(hosting, key=lambda row: ever[row.member_id, row.party_organization_id or 0], default=None)
    if keeper is not None and keeper.party_organization is not None:
        here.keeper = keeper.party_organization.area.path
    if formal is not None:
        here.formal, here.formal_here = formal.pk, formal.party_organization_id == party
        here.home = names.get(formal.party_organization_id or 0, formal.outside_name)
    row = next((row for row in rows if row.party_organization_id == party), None)
    if row is not None:
        here.row, here.assumed = row.pk, row.assumed
        here.fields |= {
            "state": row.kind, "home_contact": row.home_contact, "branch": names.get(party, ""), "home": here.home,
            "joined_on": "" if row.assumed else row.valid_from.isoformat(),
            "organization": bodies.get(row.organization_id or 0, ""),
        }  # fmt: skip


def fresh(versions: dict[int, int]) -> list[int]:
    """Members whose version is no longer the given one, read under a row lock inside the writing transaction."""
    rows = Member.objects.select_for_update().known().filter(pk__in=versions).order_by("pk")
    now = dict(rows.values_list("pk", "version"))
    return [pk for pk, version in versions.items() if now.get(pk) != version]


def taken_indexes(indexes: Iterable[str]) -> list[str]:
    """Of blind indexes those whose person is a member."""
    rows = Member.objects.known().filter(person__id_index__in=[index for index in indexes if index])
    return list(rows.values_list("person__id_index", flat=True))


def alive(parties: Iterable[int]) -> list[int]:
    """Of party organizations those that are not dissolved."""
    return list(PartyOrganization.objects.living().filter(pk__in=list(parties)).values_list("pk", flat=True))
