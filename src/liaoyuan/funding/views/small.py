"""What the pages of this floor share: who is seen, the way to a page, short forms."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.funding.models import Round
from liaoyuan.funding.params.application_form import DEFAULT_FIELDS
from liaoyuan.funding.queries import limits
from liaoyuan.ui import entries

METHODS = entries.METHODS


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of this floor."""
    return [(_("公益创投"), reverse("funding:round_list")), *steps]


def seen(request: HttpRequest, pk: int) -> Round:
    """The round, if the user may see it; else 404."""
    rows = Round.objects.visible_to(request.user).select_related("programme__area")
    return get_object_or_404(rows, pk=pk)


def there(round_: Round) -> str:
    """The address of its page."""
    return reverse("funding:round_detail", args=[round_.pk])


def entered(
    request: HttpRequest, title: str, form: Any, write: Callable[[], Any], *, back: str,
    steps: Iterable[tuple[str, str]] = (), **more: Any,
) -> HttpResponse:  # fmt: skip
    """A short form of this floor: see `ui.entries.entered`."""
    return entries.entered(request, title, form, write, back=back, crumbs=crumbs(*steps, (title, "")), **more)


def fields(round_: Round) -> list[tuple[str, str]]:
    """The fields of projects that a round takes."""
    named = limits.limits_of(round_).get("gv.fields") or DEFAULT_FIELDS
    return [(name, _(name)) for name in named]


def posted(request: HttpRequest) -> Any:
    """What was posted, even nothing at all; None when the form is only shown."""
    return request.POST if request.method == "POST" else None
