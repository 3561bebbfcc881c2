"""The usual way of a short form about members: valid → one action → back; refused → the form with its findings."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, sensitive
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import Affiliation, Member
from liaoyuan.party.queries import dossier
from liaoyuan.party.queries import members as reading
from liaoyuan.party.views import placing
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

METHODS = ["GET", "HEAD", "POST"]
LIST = "party:member_list"


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page about members."""
    return [(_("党员名册"), reverse(LIST)), *steps]


def there(member: int, tab: str = "") -> str:
    """The address of a member's page."""
    return reverse("party:member_detail", args=[member]) + (f"?tab={tab}#tab" if tab else "")


def seen(request: HttpRequest, pk: int) -> Member:
    """The member, if he stands in a roster the user sees; else 404."""
    found = Member.objects.visible_to(request.user).filter(pk=pk).select_related("person").first()
    if found is None:
        raise Http404
    return found


def kept(request: HttpRequest, pk: int) -> Member:
    """The member, if the user keeps his file: 404 for who does not see him, 403 for who may not write."""
    member = seen(request, pk)
    if not reading.keeps(request.user, member):  # type: ignore[arg-type]
        raise PermissionDenied
    return member


def row(request: HttpRequest, key: int) -> Affiliation:
    """The open affiliation, if the user may write it: 404 for who does not see it, 403 for who may not."""
    found = dossier.open_row(key, request.user)
    if found is None or found.party_organization is None:
        raise Http404
    if not access.covers(request.user, Permission.MEMBERS_EDIT, found.party_organization, write=True):
        raise PermissionDenied
    return found


def body_of(form: Any, text: str) -> Organization | None:
    """The one body of the register with this name or number; an error of the form when there is none, or several."""
    text = text.strip()
    if not text:
        return None
    known = Organization.objects.known()
    found = list((known.filter(code=text.upper()) | known.filter(filing_no=text))[:2])
    if not found:
        rows = Standing.objects.now_open().filter(name=text)
        found = list(known.filter(pk__in=rows.values("organization"))[:2])
    if len(found) != 1:
        told = _("有几个同名组织，请填写信用代码或备案号。") if found else _("登记库里没有这个组织，请写全称或代码。")
        form.add_error("body", told)
        return None
    return found[0]


def page(
    request: HttpRequest, title: str, form: Any, told: Sequence[Finding], *, name: str, back: str,
    steps: Iterable[tuple[str, str]] = (), button: str = "", danger: bool = False, note: str = "",
    version: int | None = None, sections: Sequence[tuple[str, Sequence[str]]] = (),
) -> HttpResponse:  # fmt: skip
    """A page with one form."""
    rules = dict.fromkeys(sensitive.withheld(form.fields, clock.today()), _("试用级别不能填写敏感信息，请留空。"))
    fields = describe(form, told, rules=rules)
    groups = [(head, [fields[n] for n in names if n in fields]) for head, names in sections]
    return render(
        request,
        "party/member_entry.html",
        {
            "title": title,
            "crumbs": crumbs(*steps, (title, "")),
            "name": name,
            "groups": groups or [("", list(fields.values()))],
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
    request: HttpRequest, title: str, form: Any, write: Callable[[], Any], *, back: str,
    onward: Callable[[Any], str] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """The form, and when it is valid the action; `write` reads the form's cleaned data and may add an error."""
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            done = write()
        except Refused as refused:
            told = placing.placed(form, refused.findings)
        else:
            if form.is_valid():
                messages.success(request, _("已保存。"))
                return redirect(onward(done) if onward else back)
    return page(request, title, form, told, back=back, **more)


def confirmed(request: HttpRequest) -> bool:
    """Whether the person has ticked that the doubts were looked into."""
    return "confirmed" in request.POST


def version(request: HttpRequest) -> int | None:
    """The version of the page that was posted."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def posted(request: HttpRequest) -> Any:
    """What was posted, be it nothing at all; None for a page that is merely opened."""
    return request.POST if request.method == "POST" else None
