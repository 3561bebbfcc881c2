"""The usual way of a short form about a person: valid → one action → back; refused → the form with its findings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, doors, registries, sensitive
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.people.choices import Permission
from liaoyuan.people.models import Person, Profile
from liaoyuan.people.queries import bodies
from liaoyuan.registry.models import Organization
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

METHODS = ["GET", "HEAD", "POST"]
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


def page(
    request: HttpRequest, title: str, form: Any, told: Sequence[Finding], *, name: str, back: str,
    steps: Iterable[tuple[str, str]] = (), button: str = "", danger: bool = False,
    rules: Mapping[str, str] | None = None,
    note: str = "", version: int | None = None, sections: Sequence[tuple[str, Sequence[str]]] = (),
) -> HttpResponse:  # fmt: skip
    """A page with one form."""
    fields = describe(form, told, rules={**(rules or {}), **withheld(form.fields)})
    groups = [(head, [fields[n] for n in names]) for head, names in sections] or [("", list(fields.values()))]
    return render(
        request,
        "people/entry.html",
        {
            "title": title,
            "crumbs": crumbs(request.user, *steps, (title, "")),
            "name": name,
            "groups": groups,
            "asks": any(f.severity == Severity.CONFIRM for f in told),
            "problems": problems(form, told),
            "loose": [f for f in told if f.field not in form.fields and f.severity in (Severity.WARN, Severity.INFO)],
            "back": back,
            "button": button or _("保存"),
            "danger": danger,
            "note": note,
            "version": request.POST.get("version", version) if version is not None else None,
        },
        status=422 if form.is_bound else 200,
    )


def entered(
    request: HttpRequest, title: str, form: Any, write: Callable[[], Any], *, name: str, back: str,
    steps: Iterable[tuple[str, str]] = (), onward: Callable[[Any], str] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """The form, and when it is valid the action; `write` reads the form's cleaned data."""
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            done = write()
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已保存。"))
            return redirect(onward(done) if onward else back)
    return page(request, title, form, told, name=name, back=back, steps=steps, **more)


def confirmed(request: HttpRequest) -> bool:
    """Whether the person has ticked that the doubts were looked into."""
    return "confirmed" in request.POST


def officer(request: HttpRequest) -> bool:
    """Whether the user works over an area, not for one body."""
    return access.has(request.user, Permission.EDIT)


door = doors.needs
