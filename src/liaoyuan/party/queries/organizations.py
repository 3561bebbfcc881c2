"""Party organizations as actions and pages read them: their formation on a day, names, limits, scope, search."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy
from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Limits
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Formation, PartyOrganization, Unit
from liaoyuan.registry.choices import FIELD_TITLES
from liaoyuan.registry.models import Standing

SUBJECT = "partyorganization"


def formation(party: PartyOrganization, on: date | None = None) -> Formation:
    """The formation valid on the day, or the latest where the day has none."""
    rows = Formation.objects.current().filter(party_organization=party).select_related("superior", "party_organization")
    here = rows.filter(valid_from__lte=on, valid_to__gt=on).first() if on else None
    return here or rows.order_by("valid_from").last()  # type: ignore[return-value]


def formations(keys: Iterable[int], on: date) -> dict[int, Formation]:
    """`formation` of many on a day, by key, in one statement."""
    told: dict[int, Formation] = {}
    for row in Formation.objects.current().filter(party_organization__in=list(keys)).order_by("valid_from", "pk"):
        held = told.get(row.party_organization_id)
        if held is None or not held.valid_from <= on < held.valid_to:
            told[row.party_organization_id] = row
    return told


def names(keys: Iterable[int | None], on: date | None = None) -> dict[int, str]:
    """Names by key, those of the day `on` or the present ones."""
    wanted = [key for key in keys if key]
    rows = Formation.objects.current().filter(party_organization__in=wanted).order_by("valid_from")
    told: dict[int, str] = {}
    for key, name, start in rows.values_list("party_organization_id", "name", "valid_from"):
        if on is None or start <= on or key not in told:
            told[key] = name
    return told


def opened(user: Any, keys: Iterable[int | None]) -> set[int]:
    """Those of the keys whose page the user may open."""
    wanted = [key for key in keys if key]
    rows = PartyOrganization.objects.visible_to(user).filter(pk__in=wanted) if wanted else []
    return {row.pk for row in rows}


def name_of(party: PartyOrganization | None, outside: str = "") -> str:
    """The present name, or the name of one outside this register."""
    return names([party.pk]).get(party.pk, "") if party is not None else outside


def limits(party: PartyOrganization, on: date) -> Limits:
    """The parameters that hold for a party organization on the day: those of its superior's area."""
    return policy.limits(on, policy.chain(party.area.path))


def limits_of(area: Area, on: date) -> Limits:
    """The parameters that hold in an area on the day."""
    return policy.limits(on, policy.chain(area.path))


def stands(name: str) -> bool:
    """Whether a living party organization of this register has the name."""
    rows = Formation.objects.now_open().filter(name=name.strip(), party_organization__dissolved_on__isnull=True)
    return rows.filter(party_organization__voided_at__isnull=True).exists()


def limits_by_area(areas: Iterable[Area], on: date) -> dict[int, Limits]:
    """The same by area's key for many, in one statement a district: below it nothing has parameters of its own."""
    found: dict[tuple[str, ...], Limits] = {}
    told = {}
    for area in areas:
        chain = tuple(policy.chain(area.path))
        if chain not in found:
            found[chain] = policy.limits(on, chain)
        told[area.pk] = found[chain]
    return told


def path_of(party: PartyOrganization, superior: PartyOrganization | None) -> str:
    """The path below a superior."""
    return f"{superior.path if superior is not None else 'p/'}{party.pk}/"


def below(party: PartyOrganization) -> Any:
    """All party organizations below one, itself too."""
    return PartyOrganization.objects.known().filter(path__startswith=party.path)


def beneath(party: PartyOrganization) -> int:
    """How many living party organizations stand below one."""
    return PartyOrganization.objects.living().filter(path__startswith=party.path).exclude(pk=party.pk).count()


def leads(user: Any, permission: str, party: PartyOrganization) -> bool:
    """Whether the user holds the permission over the superior of a party organization: over its area, or over one
    above it in the tree. A grant over itself is none over its superior.
    """
    allowed = access.reach(user, permission)
    return (
        allowed.everything
        or any(party.area.path.startswith(path) for path in allowed.paths)
        or any(party.path.startswith(path) and party.path != path for path in allowed.parties)
    )


def approver(party: PartyOrganization, target: PartyOrganization | None = None) -> PartyOrganization | None:
    """The nearest committee above a party organization, which also stands above or is the `target` it moves below;
    None where none of this register does (基层党委, 支部工作条例 arts. 6, 7).
    """
    keys = [int(key) for key in party.path.strip("/").split("/")[1:-1]]
    committees = Formation.objects.now_open().filter(party_organization__in=keys, form=Form.COMMITTEE.value)
    rows = PartyOrganization.objects.living().filter(pk__in=committees.values("party_organization"))
    found = [row for row in rows.select_related("area") if target is None or target.path.startswith(row.path)]
    return max(found, key=lambda row: len(row.path), default=None)


def superiors(area: Area) -> Any:
    """Committees and general branches that may take a new branch in: of the area, its superiors, and below it."""
    codes = area.path.strip("/").split("/")
    above = Area.objects.filter(code__in=codes)
    open_rows = Formation.objects.now_open().filter(form__in=[Form.COMMITTEE.value, Form.GENERAL.value])
    return (
        PartyOrganization.objects.living()
        .filter(Q(area__in=above) | Q(area__in=Area.objects.within(area.path)))
        .filter(pk__in=open_rows.values("party_organization"))
    )


def units_on(party: PartyOrganization, on: date) -> list[tuple[Unit, str]]:
    """The units of a day with their names."""
    rows = list(Unit.objects.active(on).filter(party_organization=party).select_related("organization"))
    told = body_names(row.organization_id for row in rows)
    return [(row, told.get(row.organization_id or 0, row.outside_name)) for row in rows]


def body_names(keys: Iterable[int | None]) -> dict[int, str]:
    """Names of social organizations by key."""
    wanted = {key for key in keys if key}
    rows = Standing.objects.now_open().filter(organization__in=wanted) if wanted else Standing.objects.none()
    return dict(rows.values_list("organization_id", "name"))


def places(bodies: Iterable[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(streets, fields) of bodies, each once and in order: what "near in place, alike in trade" is judged by (art. 5).

    Empty where one of them is not known, so that nobody is told what may not be so.
    """
    rows = Standing.objects.now_open().filter(organization__in=bodies).select_related("street").order_by("pk")
    found = list(rows)
    streets = tuple(dict.fromkeys(row.street.name for row in found if row.street is not None))
    known = [row.field for row in found if row.field in FIELD_TITLES]
    fields = tuple(dict.fromkeys(_(FIELD_TITLES[field]) for field in known))
    whole = len(known) == len(found) and all(row.street is not None for row in found)
    return (streets, fields) if whole else ((), ())


def scope_of(party: PartyOrganization) -> tuple[list[str], list[str], str]:
    """Which grants cover a party organization: those over its area, and those over it or a superior of it."""
    return [party.area.path, party.path], [], ""


def scope_paths(keys: Iterable[str]) -> Mapping[str, str]:
    """The paths on which grants over party organizations rest; a dissolved one gives none."""
    wanted = [int(key) for key in keys if key.isdecimal()]
    rows = PartyOrganization.objects.living().filter(pk__in=wanted).values_list("pk", "path")
    return {str(key): path for key, path in rows}


def find(key: str) -> PartyOrganization | None:
    """The party organization with this key."""
    return PartyOrganization.objects.select_related("area").filter(pk=int(key)).first() if key.isdecimal() else None


def documents(ids: Sequence[int] | None) -> Iterator[dict[str, Any]]:
    """Search documents of party organizations that are alive. Where a body's document has its domicile stands the path
    of superiors, so that a grant over a party organization finds what is below it.
    """
    rows = PartyOrganization.objects.living().select_related("area").order_by("pk")
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    former: dict[int, list[str]] = {}
    present: dict[int, str] = {}
    told = Formation.objects.current().order_by("valid_from")
    if ids is not None:
        told = told.filter(party_organization__in=list(ids))
    for key, name in told.values_list("party_organization_id", "name"):
        if key in present and present[key] != name:
            former.setdefault(key, []).append(present[key])
        present[key] = name
    for row in rows.iterator(chunk_size=2000):
        if row.pk in present:
            yield {
                "object_id": row.pk, "title": present[row.pk], "code": "", "codes": (), "weight": 0,
                "names": [present[row.pk], *reversed(former.get(row.pk, []))], "registrar_path": row.area.path,
                "domicile_path": row.path, "is_public": False,
            }  # fmt: skip
