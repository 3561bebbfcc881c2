"""What every request carries: channel, practice clock, language, idle time-out, permissions, bell and banners.

One of the two places that may write on a GET: the session row, at most every five minutes. `Installation` keeps the few
facts every page needs (practice clock, separation level) for some seconds, so that they cost no query per request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, events
from liaoyuan.core.choices import Channel, Separation
from liaoyuan.core.models import PracticeClock, SeparationSetting, User
from liaoyuan.core.rules.accounts import is_aged

_TOUCH_SECONDS = 300
#: For how long a process trusts what it read; tests change these rows between requests.
_KEEP_SECONDS = 0 if settings.TESTING else 5
#: How the session was opened, kept in it by the login page. Absent: opened by other means (tests, command line).
FACTOR = "factor"
PASSWORD_ONLY = "password"  # noqa: S105 - the name of a way in
SECOND_FACTOR = "second"
#: Pages that stay open while a password or a second factor is due.
_OPEN = ("core:logout", "core:password", "core:totp", "core:setup", "ui:language", "ui:text_size")


class Banner(NamedTuple):
    """One line above every page. `kind` ∈ demo, trial, clock; styled by `banner--<kind>`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Installation:
    """What every page needs to know of this database: practice clock or None, separation levels by date."""

    offset: int | None
    levels: tuple[tuple[date, Separation], ...]

    def level(self, on: date) -> Separation:
        """The separation level in force on the day; without a setting the small office's."""
        return next((level for start, level in self.levels if start <= on), Separation.SMALL_OFFICE)


_kept: dict[str, tuple[float, Installation]] = {}


def read_installation() -> Installation:
    """Read the facts from the database; latest level first."""
    offset = PracticeClock.objects.order_by("pk").values_list("offset_seconds", flat=True).first()
    rows = SeparationSetting.objects.binding().order_by("-valid_from", "-pk").values_list("valid_from", "level")
    return Installation(offset, tuple((start, Separation(level)) for start, level in rows))


def installation() -> Installation:
    """The facts, at most a few seconds old."""
    now = clock.real_now().timestamp()
    known = _kept.get("installation")
    if known is not None and 0 <= now - known[0] < _KEEP_SECONDS:
        return known[1]
    found = read_installation()
    _kept["installation"] = (now, found)
    return found


def forget_installation() -> None:
    """Read anew at the next request of this process; called on commit by the actions that change the facts."""
    _kept.clear()


def load_clock() -> None:
    """Set business time of this context from the practice clock: requests, commands and workers call it."""
    clock.set_offset(installation().offset or 0)


_counters: list[Callable[[HttpRequest], int]] = []


def add_bell(counter: Callable[[HttpRequest], int]) -> None:
    """Enter what the bell counts; called in `ready()` of the app that owns 待办."""
    _counters.append(counter)


def bell(request: HttpRequest) -> int:
    """How many things wait for this user."""
    return sum(counter(request) for counter in _counters) if request.user.is_authenticated else 0


def banners(request: HttpRequest) -> list[Banner]:
    """The lines above the page: demo data, trial level, moved clock."""
    facts = installation()
    told = []
    if facts.offset is not None:
        told.append(Banner("demo", _("演示数据：本库为练习库，内容均为虚构或示例。")))
    if facts.level(clock.today()) == Separation.TRIAL:
        told.append(Banner("trial", _("试用：职责未分离，不得填写敏感信息，不得用于正式业务。")))
    if facts.offset:
        told.append(Banner("clock", _("练习时钟已调整，当前业务日期：{day}").format(day=clock.today().isoformat())))
    return told


def remember(user: Any, **tastes: str | bool) -> None:
    """Keep `language` or `large_text` with the account: a taste of its owner, so no event."""
    kept = {name: value for name, value in tastes.items() if name in {"language", "large_text"}}
    User.objects.filter(pk=user.pk).update(**kept)
    for name, value in kept.items():
        setattr(user, name, value)


def needs_second_factor(user: Any) -> bool:
    """SEC-03: whether a role of the user asks for a second factor. Demo accounts and the trial level are exempt."""
    if not user.is_authenticated or user.is_demo or user.is_bootstrap:
        return False
    table = access.roles()
    if not any(table[grant.role].second_factor for grant in access.grants_of(user)):
        return False
    return installation().level(clock.today()) != Separation.TRIAL


def password_is_due(user: Any) -> bool:
    """Whether the user must choose a new password first: a one-time password, or one older than 90 days."""
    if user.is_demo:
        return False
    return user.must_change_password or is_aged(user.password_changed_at, clock.now())


def _due_page(request: HttpRequest) -> str:
    """The page a user must pass before any other, or ""."""
    user: Any = request.user
    if user.is_bootstrap:
        return "core:setup"
    if password_is_due(user):
        return "core:password"
    if request.session.get(FACTOR) == PASSWORD_ONLY and needs_second_factor(user) and not is_mfa_enabled(user):
        return "core:totp"
    return ""


class SessionMiddleware:
    """Prepares the request, ends idle sessions, and holds back who owes a password or a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or hold it back."""
        with events.through(Channel.API if request.path.startswith("/api/") else Channel.WEB):
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        load_clock()
        held = self._idle(request) if request.user.is_authenticated else None
        self._prepare(request)
        if held is None and request.user.is_authenticated:
            held = self._hold(request)
        if held is not None:
            return held
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

    @staticmethod
    def _prepare(request: HttpRequest) -> None:
        """Language (the account's wish, else this browser's, else Chinese), text size, permissions, bell, banners."""
        user: Any = request.user
        known = {code for code, _title in settings.LANGUAGES}
        wished = getattr(user, "language", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wished if wished in known else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        if user.is_authenticated:
            request.large_text = user.large_text  # type: ignore[attr-defined]
            request.remember = partial(remember, user)  # type: ignore[attr-defined]
        request.permissions = SimpleLazyObject(partial(access.permissions_of, user))  # type: ignore[attr-defined]
        over_areas = partial(access.permissions_of, user, area=True)
        request.area_permissions = SimpleLazyObject(over_areas)  # type: ignore[attr-defined]
        request.bell = partial(bell, request)  # type: ignore[attr-defined]
        request.banners = SimpleLazyObject(partial(banners, request))  # type: ignore[attr-defined]

    @staticmethod
    def _idle(request: HttpRequest) -> HttpResponse | None:
        """End a session idle longer than `IDLE_MINUTES`; else touch it at most every five minutes."""
        seen = request.session.get("seen", 0)
        now = int(clock.real_now().timestamp())
        if seen and now - seen > settings.IDLE_MINUTES * 60:
            logout(request)
            back = {"next": request.get_full_path()} if request.method == "GET" else {}
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'idle': '1', **back})}")
        if now - seen > _TOUCH_SECONDS:
            request.session["seen"] = now
        return None

    @staticmethod
    def _hold(request: HttpRequest) -> HttpResponse | None:
        """Send who owes a password or a second factor to its page; those pages themselves stay open."""
        due = _due_page(request)
        if not due or request.path in {reverse(name) for name in _OPEN}:
            return None
        return HttpResponseRedirect(reverse(due))
