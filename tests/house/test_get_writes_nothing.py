"""A page that is merely opened changes no row: every address is asked under a guard that refuses writing SQL.

Exactly these may be touched: the session's row (at most every five minutes) and a read event made by `core.reads`. The
login library's challenge is kept in the session.
"""

import re
import sys
from collections import Counter
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.urls import reverse

from liaoyuan.core import reads
from liaoyuan.core.models import SavedFilter
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.house import matrix

CASES = matrix.cases()
_VERBS = r"INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|COPY|CREATE|ALTER|DROP|CALL|REINDEX|VACUUM"
_WRITING = re.compile(
    rf"^\s*(?:{_VERBS})\b|^\s*WITH\b.*\b(?:INSERT|UPDATE|DELETE)\b|\b(?:nextval|setval)\s*\(", re.I | re.S
)
_TABLE = re.compile(r'(?:INTO|UPDATE|FROM)\s+"?(\w+)"?', re.I)
SESSION, EVENTS = "django_session", "core_auditevent"


class WroteOnRead(AssertionError):
    """A page that was opened wrote something."""


@contextmanager
def read_only(written: Counter):
    """Refuse writing SQL; what may be written is counted by table."""

    def refuse(execute, sql, params, many, context):
        if _WRITING.search(sql):
            named = _TABLE.search(sql)
            table = named.group(1) if named else ""
            lawful = table == SESSION or (table == EVENTS and sql.lstrip()[:6].upper() == "INSERT" and _from_reads())
            if not lawful:
                raise WroteOnRead(sql[:300])
            written[table] += 1
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(refuse):
        yield


def _from_reads() -> bool:
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") == reads.__name__:
            return True
        frame = frame.f_back
    return False


@pytest.mark.parametrize("role", matrix.WHO)
def test_opening_pages_writes_nothing(role, ground):
    """Each role opens every page that it may open, and one that it may not; the session is written once at most."""
    client = ground.client(role)
    written: Counter = Counter()
    refused = False
    with read_only(written):
        for case in CASES:
            expected = case.expected[role]
            if case.post is not None or (expected in ("403", "login") and refused):
                continue
            refused = refused or expected in ("403", "login")
            response = client.get(case.address(ground), headers=case.headers(ground, role))
            assert response.status_code < 500, case
            matrix.text_of(response)  # a file is written while it is read
    assert written[SESSION] <= 1, "the session's row is touched at most every five minutes"


def test_pages_for_posting_write_nothing_when_opened(ground):
    """The address of a form's POST, typed into the browser, is refused or shows the form."""
    written: Counter = Counter()
    for case in CASES:
        role = next((role for role, told in case.expected.items() if told in ("200", "302", "422")), None)
        if case.post is None or role is None:
            continue
        client = ground.client(role)
        with read_only(written):
            assert client.get(case.address(ground), headers=case.headers(ground, role)).status_code < 500, case


def test_a_planted_write_is_refused(ground):
    with read_only(Counter()):
        for planted in (
            lambda: Organization.objects.update(live=False),
            lambda: SavedFilter.objects.all().delete(),
            lambda: SavedFilter.objects.create(user=ground.users["leadership"], page="x", name="x", query=""),
        ):
            with pytest.raises(WroteOnRead), transaction.atomic():
                planted()
        assert Organization.objects.exists()


def test_an_event_is_written_through_reads_only(ground):
    from liaoyuan.core import events
    from liaoyuan.core.choices import Event

    by = ground.users["registry_officer"]
    written: Counter = Counter()
    with read_only(written):
        reads.exported("organization", rows=3, by=by, at=AT)
        assert written[EVENTS] == 1
        with pytest.raises(WroteOnRead), transaction.atomic():
            events.record(Event.LOGIN, by, by=by, at=AT)


def test_the_login_page_makes_no_session(client, ground):
    written: Counter = Counter()
    with read_only(written):
        client.get(reverse("core:login"))
    assert not written
    assert not client.cookies.get("sessionid")
