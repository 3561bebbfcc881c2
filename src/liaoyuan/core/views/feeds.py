"""The deadline calendar: to download, and as a private address that calendar programs ask by themselves."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.actions import feeds
from liaoyuan.core.models import User
from liaoyuan.core.queries import feeds as queries
from liaoyuan.kit import ics
from liaoyuan.ui.pages import render


def _calendar(user: User) -> HttpResponse:
    raw = ics.calendar(
        queries.days(user, clock.today()), name=_("燎原期限"), made_at=clock.now(), product=_("燎原")
    )  # fmt: skip
    answer = HttpResponse(raw, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="liaoyuan.ics"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@doors.login
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """One's calendar: download, open an address, stop it; a new address is shown this once."""
    by = doors.person(request)
    address = ""
    if request.method == "POST":
        if request.POST.get("do") == "revoke":
            feeds.revoke(by=by, at=clock.now())
            messages.success(request, _("订阅地址已停用。"))
            return redirect("core:calendar_feed")
        token = feeds.make(by=by, at=clock.now())
        address = request.build_absolute_uri(reverse("core:calendar_ics", args=[token]))
    today = clock.today()
    found = queries.days(by, today)
    return render(request, "core/calendar_feed.html", {
        "title": _("期限日历"), "feed": queries.own(by), "address": address, "count": len(found),
        "next": [day for day in found if day.on >= today][:10],
    })  # fmt: skip


@doors.login
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The calendar as a file."""
    return _calendar(doors.person(request))


@doors.public
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a private address: no session, no login; the token is the key. Writes nothing."""
    user = queries.user_of(token)
    if user is None:
        raise Http404
    with translation.override(user.language or translation.get_language()):
        return _calendar(user)
