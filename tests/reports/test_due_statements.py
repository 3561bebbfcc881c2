"""待办 and 催办 of every floor ask a fixed number of statements, however many bodies and lines there are."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.core import access, registries
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import parameters
from liaoyuan.core.models import Area, ImportBatch, SeparationSetting, User
from liaoyuan.core.queries import due
from liaoyuan.party.actions import demo as party
from tests.people import factories as people
from tests.registry import factories as make
from tests.reports import funding_crowd, party_crowd
from tests.reports.conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district", "on_the_day")]
TODAY = date(2026, 10, 26)
#: Statements of one source, and of all sources of one account, whatever they show (house.md: a page asks few).
MOST, MOST_IN_ALL = 20, 60
#: Sources of which neither the demo nor this test has three lines; each tells what would lie in it.
FEW = {
    "core.backups": "one line at most", "registry.annual": "one line a year and state",
    "registry.proposals": "the demo has two", "core.messages": "messages that were not sent",
    "registry.claims": "claims of accounts", "registry.annual_own": "one line a body and year",
    "registry.appeals": "appeals against a rating", "registry.levels": "causes to lower a rating",
    "registry.plaques": "plaques of a round", "registry.self": "one line a round", "registry.campaigns": "campaigns",
    "people.certificates": "the demo has one at a time", "core.requests": "requests of persons",
    "core.jobs": "jobs that ended badly",
    "core.documents": "the demo has two letters to read over, two to sign",
    "planning.follow": "accepted groups that nobody has moved for a quarter",
}  # fmt: skip


@pytest.fixture
def crowd(db):
    """Lines where the demo has none, so many that a statement for each would show."""
    officer, head = User.objects.get(username="dengji"), User.objects.get(username="kezhang")
    area = Area.objects.get(code="320211")
    for n in range(8):
        ImportBatch.objects.create(
            kind="organizations", file_name=f"{n}.xlsx", sha256=str(n), file_key=str(n), as_of=TODAY, area=area,
            state="staged", created_at=AT, created_by=officer,
        )  # fmt: skip
        parameters.edit(key="filing.members_min", jurisdiction="320211", valid_from=TODAY + timedelta(days=400 + n),
                        value=5, severity="warn", source="试", by=officer, at=AT)  # fmt: skip
        SeparationSetting.objects.create(
            level="small_office", valid_from=TODAY + timedelta(days=n), lowers=True, set_at=AT, set_by=head
        )
        body = make.organization(f"滨湖区人数{n}中心", street=Area.objects.filter(level="street", parent=area).first())
        other = make.organization(f"滨湖区另报{n}中心", street=Area.objects.filter(level="street", parent=area).first())
        number = people.ric(number=n + 1)
        people.person(body, "孙丙一", number=number)
        people.person(other, "孙丙二", number=number)
    party.build(seed=1026, scale=1, by=Operator("tests"), at=AT, say=lambda text: None)
    party_crowd.build(TODAY)
    funding_crowd.build(TODAY)


def asked(call):
    with CaptureQueriesContext(connection) as told:
        found = call()
    return found, len(told)


def accounts():
    return list(User.objects.filter(is_demo=True, is_active=True).order_by("pk"))


def test_a_source_asks_as_many_statements_for_twenty_lines_as_for_two(crowd):
    seen: dict[str, int] = {}
    for user in accounts():
        whole = 0
        for source in registries.due_sources.values():
            if source.permission and not access.has(user, source.permission):
                continue
            source.items(user=user, on=TODAY, limit=0)  # grants and parameters are remembered from now on
            (few, _total), two = asked(lambda source=source, user=user: source.items(user=user, on=TODAY, limit=2))
            (many, total), twenty = asked(lambda source=source, user=user: source.items(user=user, on=TODAY, limit=20))
            assert twenty <= MOST, (user.username, source.code, twenty)
            assert len(few) <= 2 and total >= len(many)
            if len(many) > 2:
                assert twenty <= two, (user.username, source.code, two, twenty)
            seen[source.code] = max(seen.get(source.code, 0), len(many))
            whole += twenty
        assert whole <= MOST_IN_ALL, (user.username, whole)
        told, count = asked(lambda user=user: due.todo(user, TODAY))
        assert count <= whole and len(told.items) <= due.LIMIT
    assert set(seen) == set(registries.due_sources), "every source is asked of somebody"
    lonely = {code for code, most in seen.items() if most < 3}
    assert lonely <= set(FEW), f"{lonely - set(FEW)}: give it three lines here, or say why there are none"


def test_the_statements_of_a_reminder_do_not_grow_with_who_owes():
    most = 0
    for user in accounts():
        for source in registries.reminders.values():
            if not access.any_of(user, tuple(source.permission.split("|"))) or not source.listed:
                continue
            since, until = TODAY - timedelta(days=700), TODAY + timedelta(days=700)
            source.owing(user, TODAY, since, until, None)  # what is remembered is not counted
            rows, many = asked(lambda s=source, u=user: list(s.owing(u, TODAY, since, until, None)))  # noqa: B023
            if not rows:
                assert many <= MOST
                continue
            one, few = asked(lambda s=source, u=user, k=rows[0].key: list(s.owing(u, TODAY, since, until, [k])))  # noqa: B023
            assert [row.key for row in one] == [rows[0].key]
            assert many <= few <= MOST, (user.username, source.code, few, many)
            most = max(most, len(rows))
    assert most >= 50
