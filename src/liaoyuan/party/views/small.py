"""What the pages of this floor share: who is seen, the way to a page, short forms."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries
from liaoyuan.core.models import Area
from liaoyuan.kit.dates import parse_date
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import PartyOrganization
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.views import placing
from liaoyuan.ui import entries

METHODS = entries.METHODS
SEEN = (Permission.VIEW, Permission.OWN_VIEW)


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of this floor."""
    return [(_("党组织"), reverse("party:organization_list")), *steps]


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, even nothing at all; None when the form is only shown."""
    return request.POST if request.method == "POST" else None


def seen(request: HttpRequest, pk: int) -> PartyOrganization:
    """The party organization, if the user may see it; else 404."""
    rows = PartyOrganization.objects.visible_to(request.user).select_related("area")
    return get_object_or_404(rows, pk=pk)


def there(party: PartyOrganization) -> str:
    """The address of its page."""
    return reverse("party:organization_detail", args=[party.pk])


def entered(
    request: HttpRequest, title: str, form: Any, write: Callable[[], Any], *, back: str,
    steps: Iterable[tuple[str, str]] = (), **more: Any,
) -> HttpResponse:  # fmt: skip
    """A short form of this floor: see `ui.entries.entered`."""
    return entries.entered(
        request, title, form, write, back=back, crumbs=crumbs(*steps, (title, "")), place=placing.placed, **more
    )


def statements(limits: Any, codes: dict[str, str]) -> dict[str, str]:
    """Field → the sentence of a rule that is on, told before one types."""
    known = {name: registries.rules.get(code) for name, code in codes.items()}
    return {name: _(rule.statement) for name, rule in known.items() if rule is not None and limits.is_on(rule.code)}


def office(request: HttpRequest, permission: Permission, code: str = "") -> Area | None:
    """The area for which the user works with the permission: the one with the code, else his widest."""
    reach = access.reach(request.user, permission)
    rows = Area.objects.live()
    if reach.everything:
        rows = rows.filter(level="district")
    else:
        wanted = Area.objects.none()
        for path in reach.paths:
            wanted = wanted | Area.objects.within(path)
        rows = rows.filter(pk__in=wanted.values("pk"))
    return rows.filter(code=code).first() if code else rows.order_by("path").first()


def superiors(area: Area) -> list[tuple[int, str]]:
    """The superiors that an area offers, by name."""
    keys = list(reading.superiors(area).values_list("pk", flat=True))
    return sorted(reading.names(keys).items(), key=lambda pair: pair[1])


def chosen(key: str) -> PartyOrganization | None:
    """The party organization of a choice."""
    return reading.find(key) if key else None


def given(request: HttpRequest) -> Any:
    """What a form was posted with, empty or not; None when nothing was posted."""
    return request.POST if request.method == "POST" else None


def day(given: str, today: date) -> tuple[date, str]:
    """The day an address asks for, and what is wrong with it."""
    if not given:
        return today, ""
    read = parse_date(given[:20])
    if read.value is None or read.code or len(read.value) != 10:
        return today, _("“{given}”不是明确的日期，请写成 2018-10-26 的样子。").format(given=given[:20])
    return date.fromisoformat(read.value), ""
