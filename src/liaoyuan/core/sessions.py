"""Sessions: idle time-out and the channel of a request. One of the two places that may write on a GET."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from liaoyuan.core import clock, events
from liaoyuan.core.choices import Channel

_TOUCH_SECONDS = 300


class SessionMiddleware:
    """Ends sessions idle longer than `IDLE_MINUTES`; touches the session row at most every five minutes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        events.set_channel(Channel.API if request.path.startswith("/api/") else Channel.WEB)
        if request.user.is_authenticated:
            seen = request.session.get("seen", 0)
            now = int(clock.real_now().timestamp())
            if seen and now - seen > settings.IDLE_MINUTES * 60:
                logout(request)
            elif now - seen > _TOUCH_SECONDS:
                request.session["seen"] = now
        return self.get_response(request)
