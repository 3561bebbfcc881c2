"""The usual way of a short form: valid → one action → back; refused → the form with its findings beside the fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

METHODS = ["GET", "HEAD", "POST"]


def page(
    request: HttpRequest, title: str, form: Any, told: Sequence[Finding], *, name: str, back: str,
    crumbs: Sequence[tuple[str, str]] = (), button: str = "", danger: bool = False,
    rules: Mapping[str, str] | None = None, note: str = "", version: int | None = None,
    sections: Sequence[tuple[str, Sequence[str]]] = (), template: str = "ui/entry.html", **more: Any,
) -> HttpResponse:  # fmt: skip
    """A page with one form. `sections` groups its fields under headings; `rules` are sentences told before one types;
    `version` is that of the record, to notice that somebody was faster.
    """
    fields = describe(form, told, rules=rules or {})
    groups = [(head, [fields[n] for n in names if n in fields]) for head, names in sections]
    return render(
        request,
        template,
        {
            "title": title,
            "crumbs": crumbs,
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
            "multipart": form.is_multipart(),
            **more,
        },
        status=422 if form.is_bound else 200,
    )


def entered(
    request: HttpRequest, title: str, form: Any, write: Callable[[], Any], *, back: str, done: str = "",
    onward: Callable[[Any], str] | None = None,
    place: Callable[[Any, Sequence[Finding]], Sequence[Finding]] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """The form, and when it is valid the action; `write` reads the form's cleaned data. `place` names the form's field
    of a finding that a rule gave under the name of a fact. `more` as for `page`.
    """
    told: Sequence[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            made = write()
        except Refused as refused:
            told = place(form, refused.findings) if place else refused.findings
        else:
            messages.success(request, done or _("已保存。"))
            return redirect(onward(made) if onward else back)
    return page(request, title, form, told, back=back, **more)


def data(request: HttpRequest) -> QueryDict | None:
    """What was posted, even nothing; None when the form is only shown."""
    return request.POST if request.method == "POST" else None


def confirmed(request: HttpRequest) -> bool:
    """Whether the person has ticked that the doubts were looked into."""
    return "confirmed" in request.POST


def version(request: HttpRequest) -> int | None:
    """The version that the page was opened with."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 12 else None
