"""Requests and templates for the tests of the ui floor, without a database."""

from types import SimpleNamespace
from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from jinja2 import Environment


class Somebody:
    """A logged-in user as the frame sees one."""

    is_authenticated = True

    def __init__(self, name: str = "王某某") -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name


def request(
    path: str = "/ui/gallery/", *, user: Any = None, permissions=(), banners=(), bell=0, **headers
) -> HttpRequest:
    """A GET as it arrives in a view; `user` None = a logged-in somebody."""
    made: Any = RequestFactory().get(path, headers=headers)
    made.user = Somebody() if user is None else user
    made.permissions = frozenset(permissions)
    made.banners = [SimpleNamespace(kind=kind, text=text) for kind, text in banners]
    made.bell = lambda: bell
    made._messages = CookieStorage(made)
    return made


def environment() -> Environment:
    """The environment of the product's pages."""
    return engines["jinja2"].env  # type: ignore[attr-defined]


def render(source: str, **names: Any) -> str:
    """A template written in the test, with every macro imported."""
    macros = "{% import 'ui/macros.html' as ui %}"
    return environment().from_string(macros + source).render(**names)
