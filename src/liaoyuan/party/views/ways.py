"""The usual way of a short form about a meeting or a branch: valid → one action → back; refused → the form again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import Meeting, Member, PartyOrganization
from liaoyuan.party.queries import meetings, organizations, voters
from liaoyuan.party.views import placing
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

METHODS = ["GET", "HEAD", "POST"]


def there(meeting: Meeting) -> str:
    """The address of a meeting."""
    return reverse("party:meeting_detail", args=[meeting.pk])


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of meetings."""
    return [(_("会议"), reverse("party:meeting_list")), *steps]


def seen(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, if the user may see it; else 404."""
    rows = Meeting.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("party_organization__area", "group", "similar"), pk=pk)


def writable(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, if the user keeps it; 404 and 403 otherwise."""
    meeting = seen(request, pk)
    if not meetings.may_write(request.user, meeting.party_organization):
        raise PermissionDenied
    return meeting


def branch(request: HttpRequest, pk: int, permission: str = Permission.LIFE_EDIT) -> PartyOrganization:
    """The party organization, if the user holds the permission over it; 404 where he does not even see it."""
    rows = PartyOrganization.objects.reached_by(request.user, Permission.VIEW).select_related("area")
    party = get_object_or_404(rows, pk=pk)
    if not PartyOrganization.objects.reached_by(request.user, permission).filter(pk=pk).exists():
        raise PermissionDenied
    return party


def people(party: PartyOrganization, on: Any) -> list[tuple[int, str]]:
    """Members of a branch on the day, for choosing."""
    keys = voters.formal(party.pk, on)
    names = voters.names(keys)
    return [(key, names.get(key, "")) for key in keys]


def member(key: int | None) -> Member | None:
    """The member of a choice."""
    return Member.objects.known().filter(pk=key).first() if key else None


def chosen(keys: Iterable[int]) -> list[Member]:
    """The members of several choices."""
    return list(Member.objects.known().filter(pk__in=list(keys)).order_by("pk"))


def page(
    request: HttpRequest, title: str, form: Any, told: Sequence[Finding], *, name: str, back: str,
    steps: Iterable[tuple[str, str]] = (), button: str = "", danger: bool = False, note: str = "",
    version: int | None = None, groups: Sequence[tuple[str, Sequence[str]]] = (), template: str = "",
    rules: Mapping[str, str] | None = None, confirm: str = "", **more: Any,
) -> HttpResponse:  # fmt: skip
    """A page with one form."""
    fields = describe(form, told, rules=rules)
    return render(
        request,
        template or "party/meeting_form.html",
        {
            "title": title,
            "crumbs": crumbs(*steps, (title, "")),
            "name": name,
            "fields": fields,
            "groups": [(head, [fields[n] for n in names if n in fields]) for head, names in groups]
            or [("", list(fields.values()))],
            "asks": any(f.severity == Severity.CONFIRM for f in told),
            "confirm": confirm,
            "problems": problems(form, told),
            "loose": [f for f in told if f.field not in form.fields and f.severity in (Severity.WARN, Severity.INFO)],
            "back": back,
            "button": button or _("保存"),
            "danger": danger,
            "note": note,
            "version": request.POST.get("version", version) if version is not None else None,
            **more,
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def entered(
    request: HttpRequest, title: str, form: Any, write: Callable[[], Any], *, name: str, back: str,
    onward: Callable[[Any], str] | None = None, told: Callable[[list[Finding]], dict[str, Any]] | None = None,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """The form, and when it is valid the action. `told` gives further parts of the page from the refusal's findings."""
    said: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            done = write()
        except Refused as refused:
            said = placing.placed(form, refused.findings)
        else:
            messages.success(request, _("已保存。"))
            return redirect(onward(done) if onward else back)
    return page(request, title, form, said, name=name, back=back, **(told(said) if told else {}), **more)


def acted(request: HttpRequest, back: str, write: Callable[[], Any], done: str = "") -> HttpResponse:
    """A button: the action, then back with a sentence, whether it did or refused."""
    try:
        write()
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, _(finding.message).format(**finding.args))
    else:
        messages.success(request, done or _("已保存。"))
    return redirect(back)


def version(request: HttpRequest) -> int | None:
    """The version that the form was opened with."""
    told = request.POST.get("version", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None


def number(request: HttpRequest, name: str) -> int | None:
    """A key of the address."""
    told = request.GET.get(name, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else None


def name_of(party: PartyOrganization) -> str:
    """The present name."""
    return organizations.names([party.pk]).get(party.pk, "")
