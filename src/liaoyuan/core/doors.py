"""The doors of the pages: every view says who may open it. A house test refuses a URL whose view has no door.

`needs()` lets in whoever holds one of the permissions over any scope; which rows are seen is the QuerySet's work
(`visible_to`), and a row outside the scope is a 404.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from liaoyuan.core import access, registries
from liaoyuan.core.models import User

type View = Callable[..., HttpResponseBase]

PUBLIC = "public"
LOGIN = "login"
#: A permission that nobody holds: a door without permissions would stand open.
_NOBODY = "nobody"


def person(request: HttpRequest) -> User:
    """Who is logged in, behind a door that lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def public(view: View) -> View:
    """Open to everybody, without login: C1 facts only."""
    view.door = PUBLIC  # type: ignore[attr-defined]
    return view


def login(view: View) -> View:
    """Open to everybody who is logged in."""
    return _guarded(view, LOGIN, ())


def needs(*permissions: str) -> Callable[[View], View]:
    """Open to holders of at least one of the permissions; others get 403, the anonymous the login page."""

    def decorate(view: View) -> View:
        return _guarded(view, "|".join(str(p) for p in permissions), permissions)

    return decorate


def needs_parameter(*steps: str) -> Callable[[View], View]:
    """Open to holders of the permission of at least one owner of parameters for one of the steps "edit" and "confirm"
    (owners are entered by the floors above); which key he may touch is asked behind the door.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            permissions = tuple(str(getattr(owner, step)) for owner in registries.owners() for step in steps)
            return _guarded(view, "", permissions)(request, *args, **kwargs)

        inner.door = "parameter"  # type: ignore[attr-defined]
        return inner

    return decorate


def needs_import(view: View) -> View:
    """Open to holders of the permission of at least one kind of import (kinds are entered by the floors above)."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        permissions = tuple(kind.permission for kind in registries.import_kinds.values())
        return _guarded(view, "", permissions)(request, *args, **kwargs)

    inner.door = "import"  # type: ignore[attr-defined]
    return inner


def needs_case(view: View) -> View:
    """Open to whoever hands in, handles, decides or reads cases of at least one kind (entered by the floors above)."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kinds = registries.case_kinds.values()
        permissions = tuple({p for kind in kinds for p in (*kind.apply, *kind.handle, *kind.decide, *kind.view)})
        return _guarded(view, "", permissions or (_NOBODY,))(request, *args, **kwargs)

    inner.door = "case"  # type: ignore[attr-defined]
    return inner


def _guarded(view: View, door: str, permissions: tuple[str, ...]) -> View:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "POST" and "HX-Request" in request.headers:
                return HttpResponse(status=401)  # a script's form stays on the page with what was typed
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if permissions and not access.any_of(request.user, permissions):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    inner.door = door  # type: ignore[attr-defined]
    return inner
