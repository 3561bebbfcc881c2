"""The usual way of a short form about a person: valid → one action → back; refused → the form with its findings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, doors, registries, sensitive
from liaoyuan.kit.findings import Finding
from liaoyuan.people.choices import Permission
from liaoyuan.people.models import Person, Profile
from liaoyuan.people.queries import bodies
from liaoyuan.registry.models import Organization
from liaoyuan.ui import entries

METHODS = entries.METHODS
SEEN = (Permission.VIEW, Permission.OWN_VIEW)
WRITERS = (Permission.EDIT, Permission.OWN_EDIT)


def crumbs(user: Any, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of this floor."""
    return [(_("人员"), reverse("people:person_list")), *steps]


def seen(request: HttpRequest, pk: int) -> Person:
    """The person, if the user may see him; an entry that was merged leads to where it went; else 404."""
    found = Person.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def writable(request: HttpRequest, person: int, organization: int) -> tuple[Person, Organization, Profile]:
    """The person and the body that tells of him, if the user may write that; 404 and 403 otherwise."""
    profile = (
        Profile.objects.current().visible_to(request.user)
        .filter(person_id=person, organization_id=organization, person__voided_at__isnull=True)
        .select_related("person", "organization").first()
    )  # fmt: skip
    if profile is None:
        raise Http404
    if not bodies.may_write(request.user, profile.organization):
        raise PermissionDenied
    return profile.person, profile.organization, profile


def there(person: int, organization: int | None = None, tab: str = "") -> str:
    """The address of a person's page."""
    told = "&".join(f"{name}={value}" for name, value in (("organization", organization), ("tab", tab)) if value)
    return reverse("people:person_detail", args=[person]) + (f"?{told}#tab" if told else "")


def statements(row: Any, codes: Mapping[str, str]) -> dict[str, str]:
    """Field → the sentence of a rule that is on for the body, told before one types."""
    limits = bodies.limits(row, clock.today())
    return {name: _(registries.rules[code].statement) for name, code in codes.items() if limits.is_on(code)}


def withheld(names: Iterable[str]) -> dict[str, str]:
    """What is told beside sensitive fields while they may not be filled."""
    return dict.fromkeys(sensitive.withheld(names, clock.today()), _("试用级别不能填写敏感信息，请留空。"))


def entered(
    request: HttpRequest, title: str, form: Any, write: Callable[[], Any], *, steps: Iterable[tuple[str, str]] = (),
    rules: Mapping[str, str] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """The form, and when it is valid the action: `ui.entries.entered` with the way to a page of this floor."""
    return entries.entered(
        request, title, form, write, crumbs=crumbs(request.user, *steps, (title, "")),
        rules={**(rules or {}), **withheld(form.fields)}, **more,
    )  # fmt: skip


def page(
    request: HttpRequest, title: str, form: Any, told: Sequence[Finding], *, steps: Iterable[tuple[str, str]] = (),
    rules: Mapping[str, str] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """A page with one form: `ui.entries.page` with the way to a page of this floor."""
    return entries.page(
        request, title, form, told, crumbs=crumbs(request.user, *steps, (title, "")),
        rules={**(rules or {}), **withheld(form.fields)}, **more,
    )  # fmt: skip


confirmed = entries.confirmed


def officer(request: HttpRequest) -> bool:
    """Whether the user works over an area, not for one body."""
    return access.has(request.user, Permission.EDIT)


door = doors.needs
