"""Rendering: one function for whole pages and their fragments, and the frame around them (`Shell`).

This floor knows no model. What the frame shows of the floors above hangs on the request, put there by their middleware;
each may be absent: `permissions` (a set of codes), `bell` (a function: how many things wait for this user), `banners`
(objects with kind and text; kinds: demo, trial, clock), `large_text` (a flag), `remember` (a function that keeps
`language` or `large_text` with the account).
"""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages import get_messages
from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.template.loader import get_template
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from jinja2 import Template

from liaoyuan.ui.pager import Query

TEXT_COOKIE = "large_text"
_LEVELS = {"debug": "info", "info": "info", "success": "success", "warning": "warn", "error": "error"}


class MenuLink(NamedTuple):
    """One line of the menu as this user sees it."""

    title: str
    href: str
    icon: str
    current: bool


class MenuGroup(NamedTuple):
    """A business area with the lines this user may open."""

    title: str
    links: list[MenuLink]


class Crumb(NamedTuple):
    """A step of the way to the page; the last has no address."""

    title: str
    href: str


@lru_cache(maxsize=512)
def _path(url_name: str) -> str:
    return reverse(url_name)


class Shell:
    """Everything the frame shows, computed when asked for: a fragment pays for none of it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def language(self) -> str:
        """`zh-CN` or `en`, for the `lang` attribute."""
        return "en" if (get_language() or "").startswith("en") else "zh-CN"

    @cached_property
    def user(self) -> Any:
        """Who is logged in, or None."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def large_text(self) -> bool:
        """Whether everything is shown larger: the account's wish, else this browser's."""
        wished = getattr(self.request, "large_text", None)
        return self.request.COOKIES.get(TEXT_COOKIE) == "1" if wished is None else bool(wished)

    @cached_property
    def csrf_token(self) -> str:
        """The token for forms and scripts."""
        return get_token(self.request)

    @property
    def path(self) -> str:
        """The present address with its query, to come back to."""
        return self.request.get_full_path()

    @property
    def search_text(self) -> str:
        """What was searched for, kept in the box on the result page."""
        return self.request.GET.get("q", "") if self.request.path.startswith("/search") else ""

    @property
    def bell(self) -> int:
        """How many things wait for this user."""
        count = getattr(self.request, "bell", None)
        return count() if count is not None and self.user else 0

    @property
    def banners(self) -> Sequence[Any]:
        """Lines above the page with kind (demo, trial, clock) and text; they stay in print."""
        return getattr(self.request, "banners", ())

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Flash messages as pairs of kind and sentence; showing them uses them up."""
        return [(_LEVELS.get(m.level_tag, "info"), str(m)) for m in get_messages(self.request)]

    @cached_property
    def menu(self) -> list[MenuGroup]:
        """The menu tree, only with what the user may open; the longest fitting path is the present one."""
        if self.user is None:
            return []
        held: frozenset[str] = getattr(self.request, "permissions", frozenset())
        wide: frozenset[str] = getattr(self.request, "area_permissions", held)

        def opens(entry: Any) -> bool:
            return not entry.permissions or any(p in (wide if p in entry.area else held) for p in entry.permissions)

        groups = [(section.title, [e for e in section.entries if opens(e)]) for section in import_string(settings.MENU)]
        here = self.request.path
        paths = [_path(e.url_name) for _title, entries in groups for e in entries]
        present = max((p for p in paths if here == p or (p != "/" and here.startswith(p))), key=len, default="")
        return [
            MenuGroup(
                _(str(title)),
                [MenuLink(_(str(e.title)), _path(e.url_name), e.icon, _path(e.url_name) == present) for e in entries],
            )
            for title, entries in groups
            if entries
        ]

    def trail(self, crumbs: Sequence[tuple[str, str]], title: str) -> list[Crumb]:
        """The breadcrumb: 首页, then the given steps or else the menu's, then the page's own title."""
        steps = [Crumb(str(text), href) for text, href in crumbs]
        if not steps:
            steps = [
                step
                for group in self.menu
                for link in group.links
                if link.current
                for step in (Crumb(group.title, ""), Crumb(link.title, link.href))
            ]
        if title and (not steps or steps[-1].title != title):
            steps.append(Crumb(title, ""))
        return [Crumb(_("首页"), "/"), *steps]


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page. Going back in the history asks for the whole page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    block: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with a page, or with one block of it when `block` is named and htmx asked.

    Beside the context a template has `request`, `user`, `title`, `crumbs`, `query`, `current_path`, `csrf_input` and
    `csrf_token`; the frame takes the rest from `Shell`. Answers to a logged-in user are not kept by browsers.
    """
    page: Template = get_template(template).template  # type: ignore[attr-defined]  # the backend's wrapper
    user = getattr(request, "user", None)
    names = {
        "request": request,
        "user": user,
        "title": "",
        "crumbs": (),
        "query": Query(request),
        "current_path": request.get_full_path(),
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
        **(context or {}),
    }
    fragment = bool(block) and wants_fragment(request)
    response = HttpResponse(render_block(page, block, names) if fragment else page.render(names), status=status)
    if block:
        patch_vary_headers(response, ["HX-Request"])
    if user is not None and user.is_authenticated:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def render_block(page: Template, block: str, names: Mapping[str, Any]) -> str:
    """One block of a template, with what the template imports and sets at its top. KeyError for an unknown block.

    The body of a template runs as a generator: up to its first piece of output it has done its imports and settings
    and met its parents, and nothing has been printed yet. A page's layout therefore imports before it prints.
    """
    context = page.new_context(dict(names))
    next(iter(page.root_render_func(context)), None)
    return "".join(context.blocks[block][0](context))


#: Seconds after which a writer whose turn did not come should try again.
RETRY_AFTER = "10"


def busy(error: BaseException | None) -> bool:
    """Whether a statement failed because others were writing: nothing was stored, and trying again helps."""
    return isinstance(error, OperationalError) and any(word in str(error) for word in ("locked", "deadlock"))


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """The page of an error with a way on. 500 and 503 stand alone: they need neither database nor session."""
    if status in (500, 503):
        told = {"language": Shell(request).language, "code": status}
        return HttpResponse(get_template("ui/500.html").render(told), status=status)
    layout = "ui/base.html" if Shell(request).user is not None else "ui/public.html"
    known = status if status in (400, 403, 404, 405, 413, 429) else 400
    return render(request, "ui/error.html", {"layout": layout, "code": known, "title": ""}, status=status)
