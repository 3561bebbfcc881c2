"""What is written down about a body: notes, ratings, honours, credit lists."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.core import access, clock, doors, policy, registries
from liaoyuan.core.models import Contact
from liaoyuan.core.queries import reminders
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.actions import contacts, credit, honours, organizations, ratings
from liaoyuan.registry.choices import MOST_AT_ONCE, CreditStatus, Ground, Permission
from liaoyuan.registry.exports import honours as sheets
from liaoyuan.registry.forms import notes as forms
from liaoyuan.registry.models import CreditEntry, Honour, Organization, Rating, Standing
from liaoyuan.registry.queries import annual_late
from liaoyuan.registry.views import records
from liaoyuan.registry.views.entries import small_form
from liaoyuan.registry.views.organizations import selection
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

_METHODS = ["GET", "HEAD", "POST"]
_WRITERS = (Permission.EDIT, Permission.FILING_EDIT)


def _writable(request: HttpRequest, pk: int, permission: Permission | None = None) -> tuple[Organization, Standing]:
    """The body, if the user may see and change it; 404 and 403 otherwise."""
    organization = records.seen_by(request.user, pk)
    row = Standing.objects.now_open().select_related("registrar_area").get(organization=organization)
    if permission is None:
        allowed = records.may_write(request.user, organization, row.kind)
    else:
        allowed = access.covers(request.user, permission, organization, write=True)
    if not allowed:
        raise PermissionDenied
    return organization, row


def _tab(pk: int, tab: str) -> HttpResponse:
    return redirect(f"{reverse('registry:organization_detail', args=[pk])}?tab={tab}#tab")


@doors.needs(*_WRITERS)
@require_http_methods(_METHODS)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """电话记录 in two taps: one opens the page, one says what came of the call. Beneath it a note in words."""
    organization, row = _writable(request, pk)
    back = _back(request, pk)
    word = request.POST.get("outcome", "")
    call = forms.CallForm(request.POST if word else None)
    form = forms.NoteForm(request.POST if request.method == "POST" and not word else None)
    if word and call.is_valid():
        try:
            contacts.add(organization=organization, by=doors.person(request), at=clock.now(), **call.cleaned_data)
        except Refused as refused:
            for finding in refused.findings:
                call.add_error(finding.field if finding.field in call.fields else None, finding.text)
        else:
            messages.success(request, _("已记下。"))
            return redirect(back)
    if form.is_bound and form.is_valid():
        organizations.add_note(
            organization=organization, text=form.cleaned_data["text"], kind=form.cleaned_data["kind"], by=request.user,  # type: ignore[arg-type]
            at=clock.now(),
        )  # fmt: skip
        messages.success(request, _("已记下。"))
        return redirect(back)
    bound = form if form.is_bound else call
    today = clock.today()
    return render(request, "registry/organization_note.html", {
        "title": _("电话记录"), "name": row.name, "back": back, "form": list(describe(form).values()),
        "crumbs": [(_("社会组织"), reverse("registry:organization_list")),
                   (row.name, reverse("registry:organization_detail", args=[pk])), (_("电话记录"), "")],
        "call": describe(call), "problems": problems(bound), "outcomes": forms.OUTCOMES, "open": form.is_bound,
        "days": [(word, (today + timedelta(days=n)).isoformat()) for word, n in forms.PROMISES],
        "last": last_contacts(organization),
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


def last_contacts(organization: Organization) -> list[tuple[Any, str]]:
    """The latest calls and visits with their words."""
    rows = Contact.objects.of("organization", [organization.pk]).select_related("made_by")[:5]
    return [(row, reminders.words_of(row)) for row in rows]


def _back(request: HttpRequest, pk: int) -> str:
    """Where one came from: an address of ours, else the record."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    fine = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if fine else reverse("registry:organization_detail", args=[pk])


def _entered(
    request: HttpRequest,
    pk: int,
    title: str,
    form: Any,
    write: Callable[..., Any],
    row: Standing,
    tab: str,
    *,
    confirms: bool = False,
    rules: dict[str, str] | None = None,
) -> HttpResponse:
    """The usual way of a short form: valid → one action → the tab; refused → the form with the findings."""
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        more = {"confirmed": "confirmed" in request.POST} if confirms else {}
        try:
            write(**form.cleaned_data, by=request.user, at=clock.now(), **more)
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已保存。"))
            return _tab(pk, tab)
    asks = any(finding.severity == Severity.CONFIRM for finding in told)
    return small_form(request, title, form, told, row.name, pk, asks=asks, rules=rules)


def _rule(row: Standing, code: str) -> str:
    """The statement of a rule in force for the body."""
    on = policy.limits(clock.today(), policy.chain(row.registrar_area.path)).is_on(code)
    return _(registries.rules[code].statement) if on else ""


@doors.needs(Permission.EDIT)
@require_http_methods(_METHODS)
def add_rating(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a rating."""
    organization, row = _writable(request, pk)

    def write(**given: Any) -> None:
        ratings.add(organization=organization, **given)

    form = forms.RatingForm(request.POST or None)
    rules = {"level": _rule(row, "CRD-04"), "until": _rule(row, "RAT-03")}
    return _entered(request, pk, _("登记评估等级"), form, write, row, "awards", confirms=True, rules=rules)


@doors.needs(Permission.EDIT)
@require_POST
def remove_rating(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Take back a rating entered by mistake."""
    organization, _row = _writable(request, pk)
    found = get_object_or_404(Rating.objects.current(), pk=key, organization=organization)
    return _removed(request, pk, lambda: ratings.remove(rating=found, by=request.user, at=clock.now()))  # type: ignore[arg-type]


@doors.needs(*_WRITERS)
@require_http_methods(_METHODS)
def add_honour(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an honour."""
    organization, row = _writable(request, pk)

    def write(**given: Any) -> None:
        honours.add(organization=organization, **given)

    return _entered(request, pk, _("登记荣誉"), forms.HonourForm(request.POST or None), write, row, "awards")


@doors.needs(*_WRITERS)
@require_POST
def remove_honour(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Take back an honour entered by mistake."""
    organization, _row = _writable(request, pk)
    found = get_object_or_404(Honour.objects.current(), pk=key, organization=organization)
    return _removed(request, pk, lambda: honours.remove(honour=found, by=request.user, at=clock.now()))  # type: ignore[arg-type]


@doors.needs(*_WRITERS)
@require_POST
def award(request: HttpRequest) -> HttpResponse:
    """One honour for the ticked bodies, or for all of the query: first which, then written for all or none."""
    listing = selection(request)
    given = [int(pk) for pk in request.POST.get("chosen", "").split(",") if pk.isascii() and pk.isdigit()]
    chosen = given[: MOST_AT_ONCE + 1] or (list(listing.ids()) if 0 < listing.count() <= MOST_AT_ONCE else [])
    back = f"{reverse('registry:organization_list')}?{request.GET.urlencode()}"
    if not 0 < len(chosen) <= MOST_AT_ONCE:
        messages.warning(request, _("请勾选受表彰的组织，一次最多 %(n)s 家。") % {"n": MOST_AT_ONCE})
        return redirect(back)
    form = forms.HonourForm(request.POST if request.POST.get("do") else None)
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        try:
            n = honours.award(organizations_=chosen, by=doors.person(request), at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已给 %(n)s 家登记荣誉，%(same)s 家早已有这一项。")
                             % {"n": n, "same": len(chosen) - n})  # fmt: skip
            return redirect(back)
    return render(
        request,
        "registry/honour_award.html",
        {
            "title": _("表彰一批组织"), "n": len(chosen), "chosen": ",".join(map(str, chosen)), "back": back,
            "crumbs": [(_("社会组织"), back), (_("表彰一批组织"), "")],
            "action": f"{reverse('registry:honour_award')}?{request.GET.urlencode()}",
            "fields": list(describe(form, told).values()), "problems": problems(form, told),
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _removed(request: HttpRequest, pk: int, remove: Callable[[], None]) -> HttpResponse:
    try:
        remove()
        messages.success(request, _("已删除。"))
    except Refused as refused:
        messages.error(request, str(refused))
    return _tab(pk, "awards")


@doors.needs(Permission.EXPORT)
@require_POST
def export_honours(request: HttpRequest) -> FileResponse:
    """Download all honours within one's reach as F25."""
    today = clock.today()
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:  # the open file outlives its name
        path = Path(folder) / "honours.xlsx"
        sheets.export_honours(path=path, form="xlsx", by=doors.person(request), at=clock.now(), as_of=today)
        name = f"{_('荣誉登记表')}{today.isoformat()}.xlsx"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@doors.needs(Permission.CREDIT_EDIT)
@require_http_methods(_METHODS)
def add_credit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a body on a credit list."""
    organization, row = _writable(request, pk, Permission.CREDIT_EDIT)

    def write(**given: Any) -> None:
        credit.enter(organization=organization, **given)

    form = forms.today(forms.CreditForm(request.POST or None), "listed_on", clock.today())
    rules = {"arisen_on": _rule(row, "CRD-01")}
    return _entered(request, pk, _("列入信用名单"), form, write, row, "credit", confirms=True, rules=rules)


@doors.needs(Permission.CREDIT_EDIT)
@require_http_methods(_METHODS)
def remove_credit(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Take a body off a credit list."""
    organization, row = _writable(request, pk, Permission.CREDIT_EDIT)
    entry = get_object_or_404(CreditEntry.objects.current(), pk=key, organization=organization)

    def write(**given: Any) -> None:
        credit.remove(entry=entry, **given)

    form = forms.today(forms.RemovalForm(request.POST or None), "removed_on", clock.today())
    serious = entry.list_kind == CreditStatus.SERIOUS
    rules = {"removed_on": _rule(row, "CRD-03" if serious else "LST-03")}
    if not serious and annual_late.ground_of(entry)[0] == Ground.ANNUAL:
        rules["complied"] = _rule(row, "LST-04")
        form.initial |= annual_late.proof_of(entry)
    return _entered(request, pk, _("移出信用名单"), form, write, row, "credit", confirms=True, rules=rules)
