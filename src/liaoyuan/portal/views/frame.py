"""The frame of the public pages: no cookie, no session, no token; language and text size stand in the address.

Thus a page is the same for everybody who asks for its address, and may be kept by what stands between.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import doors
from liaoyuan.ui import pages
from liaoyuan.ui.pager import Query

#: For how long a copy may be kept, in seconds.
KEEP = 300
#: Names of the address that every link carries on.
TASTES = ("lang", "text")

type Page = Callable[..., HttpResponseBase]


class PublicShell(pages.Shell):
    """The frame without whatever belongs to one person."""

    @property
    def csrf_token(self) -> str:
        """None: public pages post nothing, and asking for a token would set a cookie."""
        return ""

    @property
    def large_text(self) -> bool:
        """As the address says, else as this browser was told elsewhere."""
        asked = self.request.GET.get("text", "")
        return asked == "large" if asked in ("large", "normal") else pages.Shell(self.request).large_text

    @property
    def messages(self) -> list[tuple[str, str]]:
        """None: they would be read from the session."""
        return []


def public_page(view: Page) -> Page:
    """A page for everybody, in the language of the address."""

    @doors.public
    @require_safe
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = _language(request)
        with translation.override(language):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = language
        if not request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", f"public, max-age={KEEP}")
        patch_vary_headers(response, ["Cookie"])
        return response

    return inner


def form_page(view: Page) -> Page:
    """A form for everybody: in the language of the address too, but kept by nobody, since its token sets a cookie."""

    @doors.public
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(_language(request)):
            return view(request, *args, **kwargs)

    return inner


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer with a page in the public frame. Search engines keep the plain address only, not each query."""
    query = Query(request)
    frame = {"shell_of": PublicShell, "tastes": tastes(query), "address": address(request), "indexed": not query.pairs}
    return pages.render(request, template, {**frame, **context}, status=status)


def tastes(query: Query) -> str:
    """`?lang=en&text=large` of the present address, or nothing."""
    kept = query(**dict.fromkeys(name for name, _value in query.pairs if name not in TASTES))
    return "" if kept == "?" else kept


def address(request: HttpRequest) -> str:
    """The page's own address without a query, as a stranger would type it."""
    return request.build_absolute_uri(request.path)
