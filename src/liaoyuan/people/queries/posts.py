"""Posts of bodies: the council on a day, what it amounts to beside what was declared, facts for the rules."""

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from liaoyuan.kit import identifiers
from liaoyuan.kit.dates import add_years
from liaoyuan.people.choices import OFFICERS, SUPERVISORS, PostKind
from liaoyuan.people.models import Employment, Person, Post, Profile
from liaoyuan.people.queries import secrets
from liaoyuan.people.rules.facts import PersonFacts
from liaoyuan.people.rules.posts import sits
from liaoyuan.registry.models import OPEN, Organization, Standing

#: Mark of a standing that says that a foundation was set up with private money.
PRIVATE_MONEY = "private_money"
_GONE = ("certificate_revoked", "banned")


def counted(posts: Sequence[Post], body_kind: str) -> dict[str, set[int]]:
    """Persons on the council, among the supervisors, and of the council those related and those paid."""
    council = [p for p in posts if sits(p.kind, body_kind)]
    return {
        "council": {p.person_id for p in council},
        "supervisors": {p.person_id for p in posts if p.kind in SUPERVISORS},
        "related": {p.person_id for p in council if p.is_relative},
        "paid": {p.person_id for p in council if p.is_paid},
    }


def latest_birth(text: str) -> date | None:
    """The latest day that a told birth can mean: in doubt a person is the younger one."""
    if len(text) == 10:
        return date.fromisoformat(text)
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        return date(year, month, calendar.monthrange(year, month)[1])
    return date(int(text), 12, 31) if len(text) == 4 else None


def facts(
    person: Person | None, organization: Organization, standing: Standing, told: Mapping[str, Any], *, on: date,
    end: date = OPEN, birth: str = "", without: Post | None = None, council_min: int = 0,
) -> PersonFacts:  # fmt: skip
    """The facts of an appointment as it would be. `told` are the fields of the post with `kind`, `no_capacity` and
    `sentence_ended_on`; `without` is the row that it replaces.

    While a council is being entered post by post its size counts as what was declared, or the least the law asks for.
    """
    kind = str(told.get("kind", ""))
    key = person.pk if person else 0
    here = Post.objects.overlapping(on, end).filter(organization=organization)
    mine = Post.objects.overlapping(on, end).filter(person_id=key).exclude(organization=organization)
    if without is not None:
        here = here.exclude(pk=without.pk)
    found = counted(list(here), standing.kind)
    on_council = key in found["council"]
    size: dict[str, Any] = {}
    if sits(kind, standing.kind):
        council = found["council"] | {key}
        size = {
            "council_count": max(len(council), standing.council_count or 0, council_min),
            "relatives_count": len(found["related"] | ({key} if told.get("is_relative") else set())),
            "paid_count": len(found["paid"] | ({key} if told.get("is_paid") else set())),
        }
    heads: dict[str, list[str]] = {"ST": [], "JJ": [], "": []}
    associations: set[int] = set()
    for post, name, body_kind in _elsewhere(list(mine)):
        if post.kind == PostKind.LEGAL:
            heads[""].append(name)
            if body_kind in heads:
                heads[body_kind].append(name)
        if body_kind == "ST":
            associations.add(post.organization_id)
    staff = Employment.objects.overlapping(on, end).filter(organization=organization, person_id=key, is_finance=True)
    traits = standing.traits or []
    return PersonFacts(
        post=kind, body_kind=standing.kind, is_charity=standing.is_charity,
        public_fundraising=standing.public_fundraising,
        private_money=True if PRIVATE_MONEY in traits else None,
        other_associations=tuple(sorted(heads["ST"])), other_foundations=tuple(sorted(heads["JJ"])),
        other_bodies=tuple(sorted(heads[""])), birth=latest_birth(birth),
        age_approval=told.get("age_approval") or "", retired_cadre=told.get("is_retired_cadre"),
        cadre_approval=told.get("cadre_approval") or "", cadre_posts=len(associations), term_no=told.get("term_no"),
        paid=told.get("is_paid"), state_staff=told.get("is_state_staff"), no_capacity=told.get("no_capacity"),
        sentence_ended_on=told.get("sentence_ended_on"), closed_head_on=closed_head(key, on),
        on_council=on_council, is_relative=told.get("is_relative"), finance_staff=staff.exists() if key else None,
        **size,
    )  # fmt: skip


def _elsewhere(posts: Sequence[Post]) -> list[tuple[Post, str, str]]:
    bodies = {p.organization_id for p in posts}
    rows = Standing.objects.now_open().filter(organization__in=bodies)
    known = {pk: (name, kind) for pk, name, kind in rows.values_list("organization_id", "name", "kind")}
    return [(post, *known[post.organization_id]) for post in posts if post.organization_id in known]


def closed_head(person: int, on: date) -> date | None:
    """The last day on which a body of which the person was an officer lost its certificate or was banned."""
    if not person:
        return None
    posts = Post.objects.current().filter(person_id=person, kind__in=[str(k) for k in OFFICERS], valid_from__lte=on)
    gone = Standing.objects.current().filter(
        organization__in=posts.values("organization"), status__in=_GONE, valid_from__lte=on
    )
    days = []
    for organization, since in gone.order_by("organization_id", "valid_from").values_list(
        "organization_id", "valid_from"
    ):
        if any(p.organization_id == organization and p.valid_from <= since <= p.valid_to for p in posts):
            days.append(since)
    return max(days, default=None)


def council_facts(posts: Sequence[Post], standing: Standing, *, least: int = 0) -> dict[str, Any]:
    """Counted facts of a council for the register's own rules (GOV-03, GOV-05): size and term as the posts say them.

    A council smaller than `least` is not counted: it is being entered.
    """
    council = counted(posts, standing.kind)["council"]
    ends = [p.valid_to for p in posts if sits(p.kind, standing.kind) and p.valid_to != OPEN]
    begins = [p.valid_from for p in posts if sits(p.kind, standing.kind) and not p.assumed]
    last = max(ends, default=None)
    return {
        "kind": standing.kind,
        "council_count": len(council) if len(council) >= max(least, 1) else None,
        "term_from": max(begins, default=None) if last else None,
        "term_to": date.fromordinal(last.toordinal() - 1) if last else None,
    }


def term_last(start: date, years: int) -> date:
    """The last day of a term of so many years that begins on `start`."""
    return date.fromordinal(add_years(start, years).toordinal() - 1)


def birth_told(person: Person, organization: Organization) -> str:
    """The birth that this body told of the person, else the one in the identity number that it told."""
    told = Profile.objects.current().filter(person=person, organization=organization).first()
    if told is None:
        return ""
    if told.birth or not told.numbered:
        return secrets.birth_of(told)
    born = identifiers.ric_birth(secrets.number_of(person))
    return born.isoformat() if born else ""
