"""The ground of the house's page tests, laid once for a module and taken up again with it."""

import pytest
from django.db import transaction

from tests.house import ground as laying


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
