"""Roles, grants and scopes: who may do what to which row.

The table of roles stands in `conf.roles` (it names permissions of every floor); here is only the mechanism. Several
grants give the union; a write is checked against the one grant that covers the row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.module_loading import import_string

from liaoyuan.core import clock, registries
from liaoyuan.core.choices import Office, ScopeKind
from liaoyuan.core.models import Area, Grant, User


@dataclass(frozen=True, slots=True)
class Role:
    """One readable class of people. `reads`/`writes` are permission codes; `scopes` the kinds of scope it may have."""

    code: str
    title: str
    home: str
    permissions: frozenset[str]
    scopes: tuple[ScopeKind, ...] = (ScopeKind.AREA,)
    office: Office = Office.NONE
    second_factor: bool = True
    description: str = ""


@dataclass(frozen=True, slots=True)
class ActiveGrant:
    """A grant that holds today, with its role's permissions and, for an area or a party organization, its path."""

    role: str
    permissions: frozenset[str]
    scope_kind: str
    scope_id: str
    path: str = ""
    deputy_for: str = ""


@dataclass(slots=True)
class Reach:
    """The union of a user's grants for one permission: everything, area paths, organizations, paths in the tree of
    party organizations.
    """

    everything: bool = False
    paths: list[str] = field(default_factory=list)
    organizations: list[int] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.everything or bool(self.paths) or bool(self.organizations) or bool(self.parties)


class Operator:
    """The command line's actor: `operator:<OS user>`. May do everything, never counts as a second person."""

    pk = None
    is_authenticated = True
    is_active = True
    office = Office.NONE
    language = ""
    large_text = False
    is_demo = False

    def __init__(self, name: str) -> None:
        self.username = f"operator:{name}"
        self.display_name = self.username

    def __str__(self) -> str:
        return self.username


#: Who acts: a person's account or the command line's operator.
type Actor = User | Operator


#: Scopes that hold in a tree: whatever stands below their path is covered.
_WITH_PATH = (ScopeKind.AREA, ScopeKind.PARTY)
#: (key of the account, permissions, path of the area) of a decision that is being carried out.
_mandate: ContextVar[tuple[Any, frozenset[str], str] | None] = ContextVar("mandate", default=None)


@contextmanager
def mandate(by: "Actor", permissions: Iterable[str], path: str) -> Iterator[None]:
    """While a decided case is carried out, its decider holds these permissions over the case's area (docs/adr/0025).

    A decision carries the power to write what was decided, and nothing else. Ends with the block.
    """
    token = _mandate.set((by.pk, frozenset(permissions), path))
    try:
        yield
    finally:
        _mandate.reset(token)


def roles() -> Mapping[str, Role]:
    """All roles by code, from `conf.roles`."""
    return import_string(settings.ROLES)


def grants_of(user: Any, on: date | None = None) -> list[ActiveGrant]:
    """Today's grants of a user, kept on the user object for the length of the request."""
    if not getattr(user, "is_authenticated", False) or isinstance(user, Operator) or not user.is_active:
        return []
    on = on or clock.today()
    kept: tuple[date, list[ActiveGrant]] | None = user.__dict__.get("_active_grants")
    if kept is None or kept[0] != on:
        learn([user], on)
        kept = user.__dict__["_active_grants"]
    return kept[1]


def learn(users: Iterable[Any], on: date | None = None) -> None:
    """Read the grants of many users in as few statements as those of one, kept on each as `grants_of` keeps them."""
    on, asked = on or clock.today(), list(users)
    table = roles()
    keys = {user.pk for user in asked}
    rows = list(Grant.objects.active(on).filter(user__in=keys, ended_at__isnull=True).select_related("deputy_for"))
    codes = {g.scope_id for g in rows if g.scope_kind == ScopeKind.AREA}
    paths = dict(Area.objects.filter(code__in=codes).values_list("code", "path")) if codes else {}
    parties = {g.scope_id for g in rows if g.scope_kind == ScopeKind.PARTY}
    paths |= registries.scope_paths[ScopeKind.PARTY](parties) if parties else {}
    found: dict[int, list[ActiveGrant]] = {key: [] for key in keys}
    for g in rows:
        if g.role in table and (g.scope_kind not in _WITH_PATH or g.scope_id in paths):
            deputy = g.deputy_for.username if g.deputy_for is not None else ""
            found[g.user_id].append(
                ActiveGrant(g.role, table[g.role].permissions, g.scope_kind, g.scope_id,
                            paths.get(g.scope_id, ""), deputy)
            )  # fmt: skip
    for user in asked:
        user.__dict__["_active_grants"] = (on, found[user.pk])


def forget(user: Any) -> None:
    """Drop the grants kept on the user object after they changed."""
    user.__dict__.pop("_active_grants", None)


def has(user: Any, permission: str) -> bool:
    """Whether any grant of the user holds the permission, over whatever scope."""
    return isinstance(user, Operator) or any(permission in g.permissions for g in grants_of(user))


def reach(user: Any, permission: str) -> Reach:
    """Over which rows the user's grants hold the permission."""
    found = Reach(everything=isinstance(user, Operator))
    lent = _mandate.get()
    if lent is not None and lent[0] == getattr(user, "pk", None) and permission in lent[1]:
        found.paths.append(lent[2])
    for grant in grants_of(user):
        if permission not in grant.permissions:
            continue
        if grant.scope_kind == ScopeKind.ALL:
            found.everything = True
        elif grant.scope_kind == ScopeKind.AREA:
            found.paths.append(grant.path)
        elif grant.scope_kind == ScopeKind.PARTY:
            found.parties.append(grant.path)
        else:
            found.organizations.append(int(grant.scope_id))
    return found


def reach_told(user: Any, permission: str) -> dict[str, Any]:
    """The reach as plain JSON, kept beside an export's result."""
    found = reach(user, permission)
    return {"everything": found.everything, "paths": sorted(found.paths), "organizations": sorted(found.organizations),
            "parties": sorted(found.parties)}  # fmt: skip


def still_reaches(user: Any, permission: str, told: Mapping[str, Any]) -> bool:
    """Whether the user still reaches all that `reach_told` told."""
    now = reach(user, permission)
    if now.everything:
        return True
    return (
        not told["everything"]
        and all(any(path.startswith(own) for own in now.paths) for path in told["paths"])
        and set(told["organizations"]) <= set(now.organizations)
        and all(any(path.startswith(own) for own in now.parties) for path in told.get("parties", ()))
    )


def _holding(user: Any, permission: str) -> list[ActiveGrant]:
    """The grants with the permission, and what a decision that is being carried out lends."""
    held = [grant for grant in grants_of(user) if permission in grant.permissions]
    lent = _mandate.get()
    if lent is not None and lent[0] == getattr(user, "pk", None) and permission in lent[1]:
        held.append(ActiveGrant("", lent[1], ScopeKind.AREA, "", lent[2]))
    return held


def covers(user: Any, permission: str, subject: Any, *, write: bool) -> bool:
    """Whether one grant of the user with the permission covers the subject. `write` leaves the read-only paths out."""
    if isinstance(user, Operator):
        return True
    held = _holding(user, permission)
    if not held:
        return False
    if all(grant.scope_kind == ScopeKind.ALL for grant in held):
        _act(user, held)
        return True
    resolver = registries.scope_kinds[type(subject).__name__.lower()]
    writable, readable, own = resolver.resolve(subject)
    paths = [path for path in ([*writable] if write else [*writable, *readable]) if path]
    covering = [grant for grant in held if _covers(grant, paths, (own,) if isinstance(own, str) else own)]
    if write:
        _act(user, covering)
    return bool(covering)


def _covers(grant: ActiveGrant, paths: Sequence[str], organizations: Sequence[str]) -> bool:
    if grant.scope_kind in _WITH_PATH:
        return any(path.startswith(grant.path) for path in paths)
    return grant.scope_kind == ScopeKind.ALL or (grant.scope_id != "" and grant.scope_id in organizations)


def _act(user: Any, grants: Sequence[ActiveGrant]) -> None:
    """Remember in whose name the user acts: nobody's, if one grant of his own lets him."""
    own = not grants or any(not grant.deputy_for for grant in grants)
    user.__dict__["_acting_for"] = "" if own else grants[0].deputy_for


def acting_for(user: Any) -> str:
    """The login name of the person for whom a deputy did what was last asked of his grants; empty for oneself."""
    return "" if isinstance(user, Operator) else user.__dict__.get("_acting_for", "")


def require(by: Any, permission: str, subject: Any = None) -> None:
    """Refuse with PermissionDenied unless `by` holds the permission, and one grant covers the subject for writing."""
    allowed = has(by, permission) if subject is None else covers(by, permission, subject, write=True)
    if not allowed:
        raise PermissionDenied(str(permission))
    if subject is None and not isinstance(by, Operator):
        _act(by, [grant for grant in grants_of(by) if permission in grant.permissions])


def require_area(by: Any, permission: str, path: str) -> None:
    """Refuse unless a grant with the permission covers the area with this path."""
    if isinstance(by, Operator):
        return
    held = _holding(by, permission)
    covering = [grant for grant in held if _covers(grant, [path], ())]
    if not covering:
        raise PermissionDenied(str(permission))
    _act(by, covering)


def permissions_of(user: Any, *, area: bool = False) -> frozenset[str]:
    """All permissions of the user over any scope (`area`: over an area or everything); the menu is built of them."""
    if isinstance(user, Operator):
        return frozenset().union(*(r.permissions for r in roles().values()))
    wide = (ScopeKind.ALL, ScopeKind.AREA)
    return frozenset().union(*(g.permissions for g in grants_of(user) if not area or g.scope_kind in wide))


def any_of(user: Any, permissions: Iterable[str]) -> bool:
    """Whether the user holds at least one of the permissions."""
    return bool(permissions_of(user) & frozenset(permissions))
