"""The list of bodies behind every figure: by gap and area, each with why, which form is lawful, who acts next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.queries import cases, documents, files
from liaoyuan.kit.text import half_width
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.coverage import Gap
from liaoyuan.party.models import Founding
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import covering
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.party.queries.covering import Claim
from liaoyuan.party.queries.ending import OVER
from liaoyuan.party.rules import coverage as rules
from liaoyuan.party.rules.facts.coverage import CoverageFacts
from liaoyuan.registry.choices import KIND_TITLES, Kind
from liaoyuan.registry.models import Standing

#: What a list may show: gaps by letter, then the figures of the board by name.
SHOWN_TITLES: dict[str, str] = {
    "A": "应建未建", "B": "有党员未覆盖", "C": "无党员", "D": "形式覆盖", "base": "应统计组织", "covered": "组织覆盖",
    "uncovered": "没有党组织覆盖", "own": "单独组建", "joint": "联合组建", "area": "区域、行业党组织覆盖",
    "due": "应建党组织", "built": "应建已建", "worked": "工作覆盖", "instructed": "有指导员、联络员",
    "filed": "备案组织",
}  # fmt: skip
#: Who acts next, by what may be done (rules.coverage.Way) and the gap.
NEXT_TITLES: dict[str, str] = {
    "independent": "本组织申请，街道党工委指导",
    "transfer": "党员原支部和拟设支部的上级党组织办理转接",
    "joint": "街道党工委牵头联合组建",
    "instructor": "党建牵头部门选派指导员",
    "D": "党支部书记、指导员",
    "": "",
}
ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("name", "organization_id"), "street": ("street__name", "name", "organization_id"),
    "kind": ("kind", "name", "organization_id"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of the list; `shown` as in `SHOWN_TITLES`. Empty asks nothing."""

    asked: Asked
    shown: str = "base"
    q: str = ""
    kind: str = ""
    street: str = ""
    field: str = ""
    district_field: str = ""


@dataclass(slots=True)
class Line:
    """One body as on the day. Numbers are None for whoever does not see the roster."""

    pk: int
    name: str
    kind: str
    street: str
    gaps: list[str]
    why: str
    way: str
    acts: str
    ops: list[tuple[str, str]]
    claims: list[tuple[Claim, str]] = field(default_factory=list)
    heads: tuple[int, int, int, int] | None = None
    declared: int | None = None


class Listing:
    """Bodies that fulfil the criteria: a total and slices of lines."""

    ordered = True

    def __init__(self, user: Any, criteria: Criteria, order: str = "name") -> None:
        self.user, self.criteria = user, criteria
        falling = order.startswith("-")
        names = ORDERS.get(order.lstrip("-"), ORDERS["name"])
        self._order = [F(n).desc(nulls_last=True) if falling else F(n).asc(nulls_last=True) for n in names]
        self.rows = rows(criteria)

    @cached_property
    def _keys(self) -> list[int]:
        """Keys of all rows in their order: what a gap or a figure costs is paid once for the total and the page."""
        return list(self.rows.order_by(*self._order).values_list("pk", flat=True))

    def count(self) -> int:
        """How many there are."""
        return len(self._keys)

    def standings(self, part: slice) -> list[Standing]:
        """The bodies of a slice with plain bounds."""
        keys = self._keys[part]
        found = Standing.objects.filter(pk__in=keys).select_related("organization", "street").in_bulk()
        return [found[key] for key in keys]

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        return lines(self.user, self.criteria.asked, self.standings(part))


def rows(told: Criteria) -> Any:
    """Standings of the bodies."""
    found = figures.filed(told.asked) if told.shown == "filed" else figures.base(told.asked)
    if told.shown not in ("filed", "base"):
        found = found.filter(figures.gap_conditions(figures.conditions(told.asked))[told.shown])
    if told.q:
        found = found.filter(name__icontains=half_width(told.q).strip())
    for name, value in (("kind", told.kind), ("field", told.field), ("district_field", told.district_field)):
        if value:
            found = found.filter(**{name: "" if value == "-" else value})
    if told.street == figures.UNKNOWN:
        return found.filter(street__isnull=True)
    if told.street == figures.OUTSIDE:
        return found.filter(street__isnull=False).filter(~Q(street__path__startswith=told.asked.area.path))
    if told.street:
        return found.filter(street__name=told.street, street__path__startswith=told.asked.area.path)
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """One body on the day as the rules judge it: what covers it, its facts, its gaps, the form that is lawful."""

    row: Standing
    claims: list[Claim]
    facts: CoverageFacts
    said: list[rules.Verdict]
    way: rules.Verdict

    @property
    def gaps(self) -> list[str]:
        """Letters of the gaps, each once, the weightiest first."""
        return list(dict.fromkeys(str(verdict.kind) for verdict in self.said))

    @property
    def open(self) -> bool:
        """Whether a gap other than D asks for a party organization or an instructor."""
        return any(gap != Gap.D for gap in self.gaps)

    @property
    def heads(self) -> tuple[int, int, int, int]:
        """(formal, probationary, committed, dual)."""
        facts = self.facts
        return facts.formal or 0, facts.probationary or 0, facts.committed or 0, facts.dual or 0

    def reasons(self, *, exactly: bool) -> list[tuple[str, str, str]]:
        """Why, as (letter of the gap, code, sentence); a letter once and without a number for whoever does not see the
        roster.
        """
        if exactly:
            return [(str(verdict.kind), verdict.code, _told(verdict)) for verdict in self.said]
        return [(gap, gap, _(SHOWN_TITLES[gap])) for gap in self.gaps]

    def lawful(self, *, exactly: bool) -> str:
        """Which form is lawful; empty when nothing is asked for."""
        return (_told(self.way) if exactly else _(WAY_TITLES[str(self.way.kind)])) if self.open else ""

    def acts(self) -> str:
        """Who acts next."""
        return _(NEXT_TITLES[str(self.way.kind) if self.open else "D"]) if self.said else ""


def judge(asked: Asked, found: Sequence[Standing]) -> list[Judged]:
    """The bodies as the rules judge them, in a fixed number of queries."""
    keys = [row.organization_id for row in found]
    claims = covering.claims(asked, keys)
    facts = covering.facts_of(asked, keys, claims)
    return [
        Judged(row, claims[key], facts[key], rules.gaps(facts[key], asked.limits, on=asked.on),
               rules.way(facts[key], asked.limits))
        for key, row in zip(keys, found, strict=True)
    ]  # fmt: skip


def lines(user: Any, asked: Asked, found: list[Standing]) -> list[Line]:
    """The bodies with what covers them and what may be done, in a fixed number of queries."""
    judged = judge(asked, found)
    opens = addresses(user, [claim for one in judged for claim in one.claims])
    exactly = roster(user, asked)
    writes, applies = access.has(user, Permission.EDIT), access.any_of(user, (Permission.EDIT, Permission.OWN_APPLY))
    asks = under_way(user, [row.organization_id for row in found])
    visits = access.has(user, Permission.VISIT)
    return [
        Line(
            pk=one.row.organization_id, name=one.row.name, kind=_(KIND_TITLES[Kind(one.row.kind)]),
            street=one.row.street.name if one.row.street else "", gaps=one.gaps,
            why=" ".join(told for _gap, _code, told in one.reasons(exactly=exactly)),
            way=one.lawful(exactly=exactly), acts=one.acts(),
            ops=operations(one.row.organization_id, one.gaps, str(one.way.kind), writes=writes, applies=applies,
                           visits=visits, asked=asks.get(one.row.organization_id)),
            claims=[(claim, opens[claim]) for claim in one.claims], heads=one.heads if exactly else None,
            declared=one.row.party_members_declared if exactly else None,
        )
        for one in judged
    ]  # fmt: skip


#: The same without a number, for whoever does not see the roster.
WAY_TITLES: dict[str, str] = {
    "independent": "可以单独组建", "transfer": "先办理组织关系转接", "joint": "联合组建", "instructor": "选派指导员",
}  # fmt: skip


def _told(verdict: rules.Verdict) -> str:
    return _(verdict.message).format(**verdict.args)


def roster(user: Any, asked: Asked) -> bool:
    """Whether the user sees numbers of members in the area."""
    reach = access.reach(user, Permission.MEMBERS_VIEW)
    return reach.everything or any(asked.area.path.startswith(path) for path in reach.paths)


def under_way(user: Any, keys: Sequence[int]) -> dict[int, int]:
    """Body → the application to found that is under way for it, of those that the user sees."""
    rows = Founding.objects.visible_to(user).filter(party_organization__isnull=True).exclude(OVER)
    found = rows.filter(units__organization__in=keys).order_by("pk").values_list("units__organization", "pk")
    return {**dict(found), **dict(rows.filter(applicant__in=keys).order_by("pk").values_list("applicant", "pk"))}


def operations(
    pk: int, gaps: list[str], way: str, *, writes: bool, applies: bool, visits: bool, asked: int | None = None
) -> list[tuple[str, str]]:
    """The buttons of a line; `asked` is the application to found that is under way."""
    found = []
    if asked is not None:
        found.append((_("已申请，看进度"), reverse("party:founding_detail", args=[asked])))
    elif applies and way in ("independent", "joint") and {"A", "B"} & set(gaps):
        found.append((_("申请设立党支部"), f"{reverse('party:founding_new')}?subject={pk}"))
    if writes and ("C" in gaps or way == "instructor"):
        found.append((_("指派指导员"), f"{reverse('party:assignment_new')}?subject={pk}"))
    if visits and "D" in gaps:
        found.append((_("记录走访"), reverse("party:visit_new", args=[pk])))
    return found


def addresses(user: Any, claims: list[Claim]) -> dict[Claim, str]:
    """Where the document of each claim opens: the file of the approval, the issued document, the application, else the
    place where its files are kept. Everybody who may see the claim may open one of them; a body's own head, who holds
    nothing over the party organization, opens its page, which tells number and day of the approval.
    """
    official = access.has(user, Permission.VIEW)
    numbers = {claim.document for claim in claims if claim.document}
    issued = {}
    if numbers and access.any_of(user, (Core.DOCUMENT_VIEW, Core.DOCUMENT_OWN_VIEW)):
        seen = documents.visible(user).filter(number__in=numbers).exclude(number="")
        issued = {row.number: row.pk for row in seen.only("number", "pk").select_related(None)}
    asked = {claim.case for claim in claims if claim.case}
    opens = set(cases.visible(user).filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
    kept: dict[tuple[str, str], Any] = {}
    for kind in {claim.subject for claim in claims}:
        for key, told in files.of_subjects(kind, {c.key for c in claims if c.subject == kind}).items():
            kept[kind, key] = told[0]
    found = {}
    for claim in claims:
        file = kept.get((claim.subject, str(claim.key)))
        own = not official and claim.subject == "partyorganization"
        if file is not None and not own:
            found[claim] = reverse("core:file_open", args=[file.pk, "copy"])
        elif claim.document in issued:
            found[claim] = reverse("core:document_detail", args=[issued[claim.document]])
        elif claim.case in opens:
            found[claim] = reverse("core:case_detail", args=[claim.case])
        elif own:
            found[claim] = reverse("party:organization_detail", args=[claim.key])
        else:
            found[claim] = reverse("core:file_list", args=[claim.subject, claim.key])
    return found
