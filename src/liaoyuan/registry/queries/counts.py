"""Small counts and look-ups that commands and pages share."""

from django.db.models import Q

from liaoyuan.core.models import Area
from liaoyuan.registry.models import Standing


def home_area() -> Area | None:
    """The installation's own district: the one under which all live organizations are registered, if there is one."""
    paths = set(Standing.objects.now_open().live().order_by().values_list("registrar_area__path", flat=True).distinct())
    districts = {path.split("/")[2] for path in paths if len(path.split("/")) > 3}
    if len(districts) != 1:
        return None
    return Area.objects.filter(code=districts.pop()).first()


def in_area(path: str) -> int:
    """How many live bodies are registered, filed or have their domicile in the area with this path or below."""
    here = Area.objects.within(path)
    rows = Standing.objects.now_open().filter(organization__live=True)
    return rows.filter(Q(registrar_area__in=here) | Q(street__in=here) | Q(community__in=here)).count()


def by_code(number: str) -> Standing | None:
    """The present standing of the live body with this credit code or filing number."""
    return (
        Standing.objects.now_open()
        .filter(Q(organization__code=number.upper()) | Q(organization__filing_no=number), organization__live=True)
        .select_related("organization")
        .first()
    )
