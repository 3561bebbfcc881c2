"""The ground of the house's page tests, laid once for a module and taken up again with it."""

import pytest
from django.db import transaction

from tests.house import ground as laying

#: The working day of the house's tests: what a page asks and shows may depend on the day of the month.
DAY = "2026-11-12T10:00:00"


@pytest.fixture(scope="module", autouse=True)
def working_day():
    """One moment for a whole module, so that it answers alike on every day it is run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LIAOYUAN_NOW", DAY)
        yield


@pytest.fixture(scope="module")
def db(django_db_setup, django_db_blocker):
    """One transaction for all tests of a module, rolled back at its end. Not to be mixed with the mark `django_db`."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def forget_bell():
    """The bell is trusted for a module here: its rows are those of the ground until the end."""


@pytest.fixture(scope="module")
def ground(db, tmp_path_factory):
    """One account per role, and rows inside and outside its scope."""
    from liaoyuan.core import policy
    from liaoyuan.core.queries import calendar, due

    due.forget()
    policy.forget()
    calendar.forget()
    return laying.lay(tmp_path_factory.mktemp("ground"))
