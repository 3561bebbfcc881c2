"""The suite's ground: keys, SQLite in a file, nothing remembered between tests, no network. See `tests.home`."""

import os
import shutil
import socket
from pathlib import Path

import hypothesis
import pytest

from liaoyuan.core import clock, events, seal, vault
from liaoyuan.core.choices import Channel
from tests import tables
from tests.core import audit_ground
from tests.home import HOME, SHARED

# No example fails because a machine was slow: speed belongs in bench/.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True, scope="session")
def keys():
    """The data key and the audit's signing key of the suite's home."""
    vault.make_key()
    seal.make_key()
    audit_ground.allow_flush()


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords():
    """The product's own hash with the least of memory and time: hundreds of accounts are made and logged in."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1


@pytest.fixture(autouse=True)
def forget_policy():
    """What the process remembers of parameters and calendar ends with the test whose rows it was."""
    from liaoyuan.core import policy
    from liaoyuan.core.queries import calendar

    policy.forget()
    calendar.forget()


@pytest.fixture(autouse=True)
def forget_bell():
    """What the bell counted is trusted within a test, as in a process; see `bell_anew` for tests of the number."""
    from liaoyuan.core.queries import due

    due.forget()


@pytest.fixture
def bell_anew(monkeypatch):
    """The bell counts for every page anew."""
    from liaoyuan.core.queries import due

    monkeypatch.setattr(due, "_KEPT_SECONDS", 0)


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
    embedded = "sqlite" in database["ENGINE"]
    database.setdefault("TEST", {})["NAME"] = str(HOME / f"test-{worker}.sqlite3") if embedded else f"test_{worker}"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings):
    """The worker's database is a copy of the migrated one; it goes with the suite's home or its server."""
    from django.conf import settings

    name = settings.DATABASES["default"]["TEST"]["NAME"]
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        shutil.copy(tables.file(), name)
    else:
        import psycopg

        url = os.environ["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name}")
            server.execute(f"CREATE DATABASE {name} TEMPLATE {tables.template(url, SHARED)}")
    return True


#: Files of tests that take four seconds of CPU or more, as measured; `--quick` leaves them out.
SLOW = {
    "api": "annual api_door api_imports",
    "core": "accounts_actions accounts_pages areas_actions areas_pages audit_chain audit_pages backup_whole "
    "cases_actions cases_letters cases_pages documents documents_pages files_store login_pages messages "
    "mfa_pages notices parameters_pages reminders seal_chain search_find separation_actions vault_rewrap",
    "house": "access fuzzed_forms get_writes_nothing query_counts sealed zones",
    "kit": "files/photos",
    "party": "state_machine state_race",
    "people": "demo pages workforce zones",
    "portal": "claim_pages portal_pages",
    "registry": "annual_late annual_reports annual_rounds annual_year compare concurrent_edits demo demo_bodies "
    "disk_and_clock document_kills files_pages filing_cases forms_pages head_change import_bad_files "
    "import_batches import_hostile_texts import_kills import_truth job_kills listing_letters "
    "listing_proposals listing_queries procedures rating_rounds rating_sheet_import record_pages round_pages",
    "reports": "demo_desk demo_history due_statements statistics_past",
    "truth": "truth_table",
    "ui": "house",
}


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items):
    """Mark the slow files. A name of the list that is no file any more is told."""
    root = Path(__file__).parent
    names = [Path(floor, name) for floor, told in SLOW.items() for name in told.split()]
    slow = {root / name.parent / f"test_{name.name}.py" for name in names}
    gone = sorted(str(path) for path in slow if not path.is_file())
    if gone:
        raise pytest.UsageError(f"SLOW names what is not there: {gone}")
    for item in items:
        if item.path in slow:
            item.add_marker("slow")
