"""Reading policy rows for pages and actions."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries
from liaoyuan.core.choices import ParameterStatus
from liaoyuan.core.models import Area, Parameter
from liaoyuan.core.models.policy import ParameterQuerySet
from liaoyuan.core.params import NATIONAL, OWNER_TITLES, PROFILES, PROGRAMME
from liaoyuan.core.registries import ParameterOwner
from liaoyuan.core.rules.parameters import Shape, shape_of, written

_DISTRICT_DIGITS = 6


def samples(key: str) -> list[Any]:
    """The values that the release gives a key; empty for an unknown key."""
    return [entry["value"] for entry in registries.parameters if entry["key"] == key]


def weighs(key: str) -> bool:
    """Whether the severity of a key's rows means anything: a rule's own row, its variants' and moments'."""
    return key.partition(".")[0].partition("@")[0] in registries.rules


def title_of(key: str) -> str:
    """What people call a parameter; a rule's own row bears the rule's title, with its variant or moment."""
    if key in registries.parameter_titles:
        return _(registries.parameter_titles[key])
    code = key.partition(".")[0].partition("@")[0]
    spec = registries.rules.get(code)
    tail = key[len(code) + 1 :]
    return (f"{_(spec.title)}（{tail}）" if tail else _(spec.title)) if spec else key


@cache
def _shape(key: str) -> Shape:
    return shape_of(key, samples(key))


def told(key: str, value: Any) -> str:
    """A parameter with its value as people read them."""
    return f"{title_of(key)} {written(value, _shape(key))}"


def keys_of_family(family: str) -> list[str]:
    """Keys of the rules of a family and of the parameters they read."""
    found: set[str] = set()
    for spec in registries.rules.values():
        if spec.code.startswith(f"{family}-"):
            own = (spec.code + ".", spec.code + "@")
            found.update(e["key"] for e in registries.parameters if e["key"] == spec.code or e["key"].startswith(own))
            found.update(spec.params)
    return sorted(found)


def listing(
    *,
    text: str = "",
    titled: Sequence[str] = (),
    family: str = "",
    jurisdiction: str = "",
    status: str = "",
    origin: str = "",
) -> ParameterQuerySet:
    """Rows in force by part of the key (or the keys `titled`), family of rules, jurisdiction, status and origin."""
    found = Parameter.objects.in_force()
    if text:
        found = found.filter(Q(key__icontains=text) | Q(key__in=titled))
    if family:
        found = found.filter(key__in=keys_of_family(family))
    if jurisdiction:
        found = found.filter(jurisdiction=jurisdiction)
    if status:
        found = found.filter(status=status)
    if origin:
        found = found.filter(origin=origin)
    return found


def history(key: str) -> list[Parameter]:
    """All rows a key ever had, withdrawn ones too, by jurisdiction and first day."""
    rows = Parameter.objects.filter(key=key).select_related("edited_by", "confirmed_by", "withdrawn_by")
    return list(rows.order_by("jurisdiction", "valid_from", "pk"))


def drafts() -> ParameterQuerySet:
    """Local rows that wait for a second person."""
    return Parameter.objects.in_force().local().filter(status=ParameterStatus.DRAFT)


def owned(rows: ParameterQuerySet, owner: ParameterOwner) -> ParameterQuerySet:
    """Of these rows those whose keys the owner owns."""
    entered = registries.parameter_owners.values()
    prefixes = owner.prefixes or tuple(prefix for other in entered for prefix in other.prefixes)
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(key__startswith=prefix)
    return rows.filter(condition) if owner.prefixes else rows.exclude(condition)


def hands(key: str) -> dict[str, str]:
    """Who owns a key, and which roles draft and confirm it, in words."""
    owner = registries.owner_of(key)
    held = {step: [role.title for role in access.roles().values() if getattr(owner, step) in role.permissions]
            for step in ("edit", "confirm")}  # fmt: skip
    return {"title": _(OWNER_TITLES.get(owner.code, owner.title))} | {
        step: "、".join(_(title) for title in titles) for step, titles in held.items()
    }


def place_names(jurisdictions: Iterable[str]) -> dict[str, str]:
    """What people call the jurisdictions."""
    asked = set(jurisdictions)
    names = dict(Area.objects.filter(code__in=asked).values_list("code", "name"))
    names |= {entry.chain[-1]: _(entry.title) for entry in registries.profiles.values()}
    return {
        code: _("全国") if code == NATIONAL
        else names.get(code) or (f"项目 {code.removeprefix(PROGRAMME)}" if code.startswith(PROGRAMME) else code)
        for code in asked
    }  # fmt: skip


def jurisdictions() -> list[str]:
    """The jurisdictions that have rows, widest first."""
    found = Parameter.objects.in_force().values_list("jurisdiction", flat=True).order_by("jurisdiction").distinct()
    return sorted(found, key=lambda code: (code != NATIONAL, code.startswith(PROGRAMME), len(code), code))


def _chains() -> list[tuple[str, ...]]:
    return [*PROFILES.values(), *(profile.chain for profile in registries.profiles.values())]


def writable_places(user: Any, permission: str) -> list[str]:
    """Jurisdictions over which a grant of the user holds the permission: districts and above, and their programmes."""
    found = access.reach(user, permission)
    programmes = {code for chain in _chains() for code in chain if code.startswith(PROGRAMME)}
    if found.everything:
        return sorted({NATIONAL, *jurisdictions(), *(c for chain in _chains() for c in chain)}, key=_rank)
    codes = {path.strip("/").rsplit("/", 1)[-1] for path in found.paths}
    own = {code for code in codes if len(code) <= _DISTRICT_DIGITS}
    return sorted({*own, *(p for p in programmes if owner(p) in own)}, key=_rank)


def _rank(code: str) -> tuple[bool, bool, int, str]:
    return (code != NATIONAL, code.startswith(PROGRAMME), len(code), code)


def owner(jurisdiction: str) -> str:
    """The area code that a jurisdiction belongs to: a programme's district, "" for the whole country."""
    if jurisdiction == NATIONAL:
        return ""
    return jurisdiction.removeprefix(PROGRAMME).partition("-")[0]


def path_of(jurisdiction: str) -> str | None:
    """Path of the area that a jurisdiction belongs to; "" for the whole country, None for an unknown one."""
    code = owner(jurisdiction)
    if not code:
        return "" if jurisdiction == NATIONAL else None
    if len(code) > _DISTRICT_DIGITS:
        return None
    return Area.objects.filter(code=code).values_list("path", flat=True).first()


def shadowing(keys: Iterable[str]) -> dict[str, list[Parameter]]:
    """Local rows in force by key: what an upgrade of the shipped rows of these keys may conflict with."""
    asked, found = set(keys), dict[str, list[Parameter]]()
    for row in Parameter.objects.in_force().local():
        if row.key in asked:
            found.setdefault(row.key, []).append(row)
    return found
