"""A page that is merely opened changes no row: every address is asked under a guard that refuses writing SQL.

Each role opens each page in test_access.py, under the same guard and without the frame; here are the frame, the session
over several pages, the addresses of forms, and the guard itself. The session's row may be touched at most every five
minutes; the login library's challenge is kept in the session.
"""

from collections import Counter

import pytest
from django.db import transaction
from django.urls import reverse

from liaoyuan.conf.roles import ROLES
from liaoyuan.core import reads
from liaoyuan.core.models import SavedFilter
from liaoyuan.core.queries import due
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.house import matrix
from tests.house.guard import EVENTS, SESSION, WroteOnRead, read_only

CASES = matrix.cases()


@pytest.mark.parametrize("role", matrix.WHO)
def test_opening_pages_writes_nothing(role, ground):
    """Pages with their whole frame, bell and messages, refused and missing ones too; the session is written once."""
    client = ground.client(role)
    due.forget()
    asked = [("/", 302 if role == "anonymous" else 200), ("/no-such-page/", 404)]
    refused = next((case for case in CASES if case.post is None and case.expected[role] == "403"), None)
    asked += [(refused.address(ground), 403)] if refused else []
    asked += [] if role == "anonymous" else [(ROLES[role].home, 200), ("/account/", 200), ("/todo/", 200)]
    written: Counter = Counter()
    with read_only(written):
        for address, status in asked:
            response = client.get(address, follow=status == 200)
            assert response.status_code == status, address
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
