"""What a plain refusal looks like to a person: empty error answers become pages, and htmx is led to the log-in page."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from liaoyuan.ui import pages

_PAGES = frozenset({405, 413, 429})


class PageMiddleware:
    """Stands after the session's middleware, outside the views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, and put a page in the place of an empty refusal."""
        response = self.get_response(request)
        if response.status_code in _PAGES and not response.streaming and not response.content:
            page = pages.error_page(request, response.status_code)
            for name, value in response.headers.items():
                if name not in ("Content-Type", "Content-Length"):
                    page.headers[name] = value
            return page
        if response.status_code == 302 and pages.wants_fragment(request):
            return self._whole_page(request, response)
        return response

    @staticmethod
    def _whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A fragment that turns out to need a log-in: the browser goes there and comes back to the page it stood on."""
        if urlsplit(response["Location"]).path != str(settings.LOGIN_URL):
            return response
        stood_on = request.headers.get("HX-Current-URL", "")
        own = url_has_allowed_host_and_scheme(stood_on, {request.get_host()}, require_https=request.is_secure())
        parts = urlsplit(stood_on if own else "")
        back = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        target = f"{settings.LOGIN_URL}?{urlencode({'next': back})}"
        return HttpResponse(status=204, headers={"HX-Redirect": target, "Cache-Control": "no-store"})
