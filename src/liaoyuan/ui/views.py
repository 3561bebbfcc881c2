"""Error pages, language and text size, and the gallery of the components.

`core.doors` stands above this floor, so each view names its door itself.
"""

import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from liaoyuan.ui import pages, samples

_YEAR = 365 * 24 * 3600


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; 413 when more was sent than is taken."""
    too_big = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    return pages.error_page(request, 413 if too_big else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return pages.error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for rows outside the scope: what one may not see is not there."""
    return pages.error_page(request, 404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429."""
    return pages.error_page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 for a writer whose turn did not come; without database or session."""
    if not pages.busy(sys.exception()):
        return pages.error_page(request, 500)
    response = pages.error_page(request, 503)
    response["Retry-After"] = pages.RETRY_AFTER
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or old: nothing was stored, the way is back and again."""
    layout = "ui/base.html" if pages.Shell(request).user is not None else "ui/public.html"
    return pages.render(request, "ui/error.html", {"layout": layout, "code": 419}, status=403)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language with the account and this browser, and go back to the page one came from."""
    wished = request.POST.get("language", "")
    if wished in dict(settings.LANGUAGES):
        _remember(request, language=wished)
    return set_language(request)


@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Keep the text size with the account and this browser, and go back."""
    large = request.POST.get("large") == "1"
    _remember(request, large_text=large)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        pages.TEXT_COOKIE,
        "1" if large else "0",
        max_age=_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _remember(request: HttpRequest, **wishes: Any) -> None:
    """Hand the wish to the floor that knows accounts."""
    remember = getattr(request, "remember", None)
    if remember is not None:
        remember(**wishes)


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with invented data, in its usual, empty and wrong state."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    part = "line" if request.GET.get("part") == "line" else "list"
    return pages.render(request, "ui/gallery.html", samples.gallery(request), block=part)


language.door = text_size.door = "public"  # type: ignore[attr-defined]
gallery.door = "login"  # type: ignore[attr-defined]
