"""The roster of members: one line for each affiliation within reach, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from liaoyuan.core import zones
from liaoyuan.kit.pinyin import initials
from liaoyuan.kit.text import half_width, match_key
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import MemberStatus
from liaoyuan.party.choices.organizations import OFFICER_TITLES, OfficerKind
from liaoyuan.party.models import Affiliation, Formation, MemberRecord, Officer, PartyOrganization
from liaoyuan.party.models.base import roster_reach
from liaoyuan.party.queries import members, organizations, secrets
from liaoyuan.registry.models import Standing

#: Members of whom neither admission nor confirmation is known.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of the list. Empty asks nothing. `party` with all below it; `body` the key of an organization."""

    on: date
    q: str = ""
    party: PartyOrganization | None = None
    kind: str = ""
    status: str = ""
    stage: str = ""
    body: str = ""


@dataclass(slots=True)
class Line:
    """A member in one affiliation. `pk` is the affiliation's key; sensitive values are masked."""

    pk: int
    member: int
    name: str
    gender: str
    status: str
    seniority: int | None
    kind: str
    stage: str
    party: str
    body: str
    posts: str
    since: date | None
    admitted: str
    confirmed: str
    due: date | None
    full_time: bool | None
    birth: str
    education: str
    job: str
    mobile: str


#: Sort key → what to order by.
ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("told_name", "pk"),
    "party": ("party_name", "told_name", "pk"),
    "admitted": ("told_admitted", "told_name", "pk"),
    "due": ("transfer_due_on", "told_name", "pk"),
}


def rows_of(user: Any) -> Any:
    """Affiliations open now within reach."""
    return Affiliation.objects.now_open().visible_to(user).filter(
        party_organization__isnull=False, member__voided_at__isnull=True
    )  # fmt: skip


def told(rows: Any) -> Any:
    """The affiliations with what is told of their members, to ask and sort by: one record holds of each."""
    if "told_name" in rows.query.annotations:
        return rows
    record = "member__records__"
    return rows.filter(**{f"{record}superseded_at__isnull": True}).annotate(
        told_name=F(f"{record}name"), told_key=F(f"{record}name_key"), told_admitted=F(f"{record}admitted_on"),
        told_confirmed=F(f"{record}confirmed_on"),
    )  # fmt: skip


def placed(rows: Any) -> Any:
    """The affiliations with the name of their party organization, to ask and sort by."""
    if "party_name" in rows.query.annotations:
        return rows
    named = Formation.objects.now_open().filter(party_organization=OuterRef("party_organization"))
    return rows.annotate(party_name=Subquery(named.values("name")[:1]))


class Listing:
    """Lines that fulfil the criteria and that the user may see: a total and slices."""

    ordered = True

    def __init__(self, user: Any, criteria: Criteria, order: str = "name") -> None:
        self.criteria = criteria
        names = ORDERS.get(order.lstrip("-"), ORDERS["name"])
        falling = order.startswith("-")
        self._by_party = "party_name" in names
        self._order: list[Any] = [
            (F(n).desc(nulls_last=True) if falling else F(n).asc(nulls_last=True)) if n != "pk" else n for n in names
        ]
        self.rows = self._rows(user)
        self._total: int | None = None

    def _rows(self, user: Any) -> Any:
        asked = self.criteria
        rows = rows_of(user)
        if asked.party is not None:
            rows = rows.filter(party_organization__path__startswith=asked.party.path)
        if asked.kind:
            rows = rows.filter(kind=asked.kind)
        if asked.stage:
            rows = rows.filter(stage=asked.stage)
        if asked.status:
            rows = told(rows).filter(_status(asked.status, asked.on))
        if asked.body:
            text = half_width(asked.body).strip()
            bodies = Standing.objects.now_open().filter(Q(name__icontains=text) | Q(organization__code=text.upper()))
            rows = rows.filter(organization__in=bodies.values("organization"))
        return self._named(placed(told(rows)), asked.q) if asked.q else rows

    @staticmethod
    def _named(rows: Any, q: str) -> Any:
        """A name or a part of it, or the initials of its pinyin; never a number. Party organizations by their name."""
        text = half_width(q).strip()
        found = Q(party_name__icontains=text)
        if zones.allowed(settings.ZONE, "person.name", zones.Op.SEARCH):
            found |= Q(told_key__contains=match_key(text)) if match_key(text) else Q(pk__in=[])
            if text.isascii() and text.isalpha():
                names = rows.order_by().values_list("pk", "told_name")
                found |= Q(pk__in=[pk for pk, name in names if text.lower() in initials(name or "")])
        return rows.filter(found)

    def count(self) -> int:
        """How many there are."""
        if self._total is None:
            self._total = self.rows.count()
        return self._total

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        rows = told(self.rows)
        if self._by_party:
            rows = placed(rows)
        keys = list(rows.order_by(*self._order).values_list("pk", flat=True)[part])  # sorted without wide rows
        found = Affiliation.objects.in_bulk(keys)
        return lines([found[key] for key in keys], self.criteria.on)


def _status(status: str, on: date) -> Q:
    full = Q(told_confirmed__lte=on)
    here = Q(told_admitted__lte=on) & (Q(told_confirmed__isnull=True) | Q(told_confirmed__gt=on))
    return {MemberStatus.FULL: full, MemberStatus.PROBATIONARY: here}.get(status, ~full & ~here)  # type: ignore[call-overload]


def lines(rows: Sequence[Any], on: date) -> list[Line]:
    """The affiliations with what is shown beside them, by one query a kind."""
    if not rows:
        return []
    keys = {row.member_id for row in rows}
    records = {r.member_id: r for r in MemberRecord.objects.current().filter(member__in=keys)}
    parties = organizations.names(row.party_organization_id for row in rows)
    bodies = organizations.body_names(row.organization_id for row in rows)
    posts = posts_of(keys, {row.party_organization_id for row in rows}, on)
    out = []
    for row in rows:
        record = records[row.member_id]
        out.append(Line(
            pk=row.pk, member=row.member_id, name=record.name, gender=record.gender,
            status=str(record.status(on) or UNKNOWN), seniority=members.seniority(record, on), kind=row.kind,
            stage=row.stage, party=parties.get(row.party_organization_id, ""),
            body=bodies.get(row.organization_id or 0, ""),
            posts=posts.get((row.member_id, row.party_organization_id), ""),
            since=None if row.assumed else row.valid_from, admitted=members.shown_day(record, "admitted_on"),
            confirmed=members.shown_day(record, "confirmed_on"), due=row.transfer_due_on, full_time=row.full_time,
            birth=secrets.masked("birth", record.birth) if secrets.allowed("birth", zones.Op.SHOW) else "",
            education=record.education if secrets.allowed("education", zones.Op.SHOW) else "",
            job=record.job if secrets.allowed("job", zones.Op.SHOW) else "",
            mobile=secrets.masked("mobile", record.mobile),
        ))  # fmt: skip
    return out


def posts_of(keys: Any, parties: Any, on: date) -> dict[tuple[int, int], str]:
    """The posts of the day by member and party organization, in words."""
    found: dict[tuple[int, int], list[str]] = {}
    rows = Officer.objects.active(on).filter(member__in=keys, party_organization__in=parties)
    for member, party, kind in rows.order_by("valid_from", "pk").values_list("member", "party_organization", "kind"):
        found.setdefault((member, party), []).append(_(OFFICER_TITLES[OfficerKind(kind)]))
    return {key: "、".join(titles) for key, titles in found.items()}


def parties(user: Any, permission: str = Permission.MEMBERS_VIEW) -> list[tuple[PartyOrganization, str]]:
    """The living party organizations whose roster the user may see or write, with their names, in the tree's order."""
    condition = roster_reach(user, permission)
    rows = PartyOrganization.objects.living().select_related("area").order_by("path")
    found = list(rows if condition is None else rows.filter(condition))
    named = organizations.names([party.pk for party in found])
    return [(party, named.get(party.pk, "")) for party in found]
