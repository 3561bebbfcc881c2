"""What the rows of this floor share: money follows the round's area."""

from typing import Any

from django.db.models import Q

from liaoyuan.core import access
from liaoyuan.core.models import Area


def within_reach(user: Any, permission: str, field: str) -> Q | None:
    """The condition under which `field`, a path to an area, lies where a permission reaches; None = everywhere.

    Grants over one's own body reach no area.
    """
    allowed = access.reach(user, permission)
    if allowed.everything:
        return None
    found = Q(pk__in=[])
    for path in allowed.paths:
        found |= Q(**{f"{field}__in": Area.objects.within(path)})
    return found


def areas_above(user: Any, permission: str) -> list[str]:
    """Codes of the areas in which the user's own areas for a permission lie, themselves too."""
    return sorted({code for path in access.reach(user, permission).paths for code in path.strip("/").split("/")})


def own_bodies(user: Any, permission: str) -> list[int]:
    """Keys of the bodies over which the user holds the permission."""
    return access.reach(user, permission).organizations


def paired(moment: str, person: str) -> Q:
    """A person stands only beside a moment: the operator of the command line is no account."""
    return Q(**{f"{person}__isnull": True}) | Q(**{f"{moment}__isnull": False})
