"""The suite's ground: keys, SQLite in a file, nothing remembered between tests, no network. See `tests.home`."""

import os
import socket

import pytest

from liaoyuan.core import clock, events, seal, vault
from liaoyuan.core.choices import Channel
from tests.core import audit_ground
from tests.home import HOME


@pytest.fixture(autouse=True, scope="session")
def keys():
    """The data key and the audit's signing key of the suite's home."""
    vault.make_key()
    seal.make_key()
    audit_ground.allow_flush()


@pytest.fixture(autouse=True)
def forget_policy():
    """What the process remembers of parameters and calendar ends with the test whose rows it was."""
    from liaoyuan.core import policy
    from liaoyuan.core.queries import calendar

    policy.forget()
    calendar.forget()


@pytest.fixture(autouse=True)
def ordinary_context():
    """Each test begins in Chinese, in real time and at no door: a request leaves its language with the thread."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)
    clock.set_offset(0)
    with events.through(Channel.SYSTEM):
        yield


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch, request):
    """Only loopback may be connected to; anything else fails the test."""
    real = socket.socket.connect

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in {"127.0.0.1", "localhost", "::1"}:
            raise AssertionError(f"a test opened a socket to {address}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """SQLite tests run on a file, so that threads and processes share it; each worker has a database of its own."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    embedded = "sqlite3" in database["ENGINE"]
    database.setdefault("TEST", {})["NAME"] = str(HOME / f"test-{worker}.sqlite3") if embedded else f"test_{worker}"
