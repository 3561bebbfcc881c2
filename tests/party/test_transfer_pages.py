"""Letters through the pages: who may sign, refusal, issued anew, the sender's duty, reminders of 30 days, receipts."""

from datetime import date

import pytest

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.party.actions import transfers
from liaoyuan.party.models import Affiliation, Transfer
from liaoyuan.party.queries import counts, due, training, voters
from liaoyuan.party.queries import transfers as queries
from tests.party import factories as make
from tests.party.factories import AT

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)


@pytest.fixture(autouse=True)
def rules(areas):
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)


@pytest.fixture
def source(areas, committee):
    return make.party("演示甲党支部", area=areas["district"], superior=committee)


@pytest.fixture
def target(areas, committee):
    return make.party("演示乙党支部", area=areas["district"], superior=committee)


@pytest.fixture
def row(source, target, lead):
    (who,) = make.members(source, 1)
    return transfers.plan(member=who, target=target, on=date(2026, 9, 1), by=lead, at=AT)


def act(client, row, code, **told):
    row.refresh_from_db()
    return client.post(f"/party/transfers/{row.pk}/{code}/", {"version": str(row.version), **told})


def home(row):
    return Affiliation.objects.now_open().formal().get(member=row.member).party_organization


def test_only_a_committee_that_may_signs(client, row, source, target, areas):
    for party, name in ((source, "sender"), (target, "taker")):
        client.force_login(make.secretary(party, name))
        assert client.get(f"/party/transfers/{row.pk}/issue/").status_code == 302  # sent back: not theirs to do
        assert act(client, row, "issue", on="2026-10-01", valid_days="20").status_code == 403
    alone = make.party("演示丙党支部", area=areas["district"])
    (who,) = make.members(alone, 1)
    lead = make.lead("other_lead")
    draft = transfers.plan(member=who, target=target, by=lead, at=AT)
    client.force_login(lead)
    page = act(client, draft, "issue", on="2026-10-01", valid_days="20")
    assert page.status_code == 422 and "介绍信" in page.text
    assert Transfer.objects.exclude(number="").count() == 0


def test_validity_is_bounded_and_a_slow_acceptance_is_told(client, row, lead, source, target):
    client.force_login(lead)
    for days, status in (("0", 422), ("91", 422), ("x", 422), ("90", 302)):
        assert act(client, row, "issue", on="2026-07-28", valid_days=days).status_code == status, days
    row.refresh_from_db()
    assert row.expires_on == TODAY  # 2026-07-28 and ninety days
    told = [f.code for f in queries.findings(row, TODAY)]
    assert "PB-REL-04" in told  # out for long, not accepted: the sender keeps the duty
    assert home(row) == source and row.member_id in voters.formal(source.pk, TODAY)
    assert counts.of_branches([source.pk, target.pk], TODAY)[target.pk].formal == 0
    assert act(client, row, "accept", on="2026-10-26").status_code == 302
    assert home(row) == target and row.member_id not in voters.formal(source.pk, TODAY)


def test_a_refused_letter_leaves_the_sender_responsible_and_is_issued_anew(client, row, lead, source, target):
    client.force_login(lead)
    assert act(client, row, "issue", on="2026-10-01", valid_days="20").status_code == 302
    taker = make.secretary(target, "taker")
    client.force_login(taker)
    assert act(client, row, "refuse", on="2026-10-05", reason="").status_code == 422
    assert act(client, row, "refuse", on="2026-09-30", reason="材料不全").status_code == 422
    assert act(client, row, "refuse", on="2026-10-05", reason="材料不全").status_code == 302
    row.refresh_from_db()
    assert (row.state, home(row)) == ("refused", source)
    assert "材料不全" in client.get(f"/party/transfers/{row.pk}/").text
    assert act(client, row, "accept", on="2026-10-06").status_code == 422
    client.force_login(lead)
    assert act(client, row, "again", reason="补齐材料").status_code == 302
    new = Transfer.objects.get(replaces=row)
    assert (new.state, new.member, new.target) == ("draft", row.member, target)
    assert act(client, row, "again", reason="再来").status_code == 422
    assert act(client, new, "issue", on="2026-10-10", valid_days="30").status_code == 302
    new.refresh_from_db()
    assert new.number != row.number and "重开自" in client.get(f"/party/transfers/{new.pk}/").text


def test_an_expired_letter_is_issued_anew_and_a_valid_one_is_not(client, row, lead):
    client.force_login(lead)
    act(client, row, "issue", on="2026-10-01", valid_days="60")
    assert act(client, row, "again").status_code == 422
    Transfer.objects.filter(pk=row.pk).update(issued_on=date(2026, 8, 1), valid_days=20, expires_on=date(2026, 8, 21))
    assert act(client, row, "accept", on="2026-10-20").status_code == 422
    assert act(client, row, "again", reason="过期重开").status_code == 302
    row.refresh_from_db()
    assert row.state == "replaced" and Transfer.objects.get(replaces=row).state == "draft"


def test_what_is_reminded_of(client, row, lead, source):
    client.force_login(lead)
    assert act(client, row, "issue", on="2026-09-26", valid_days="90").status_code == 302
    keeper = make.secretary(source, "keeper")
    for on, waits in ((date(2026, 10, 25), 0), (date(2026, 10, 26), 1)):  # thirty days out
        assert due.letters(user=keeper, on=on, limit=20)[1] == waits, on
    act(client, row, "accept", on="2026-10-26")
    assert due.letters(user=keeper, on=TODAY, limit=20)[1] == 0
    for on, waits in ((date(2026, 11, 24), 0), (date(2026, 11, 25), 1)):
        items, count = due.receipts(user=keeper, on=on, limit=20)
        assert count == waits == len(items), on
    assert due.receipts(user=make.secretary(make.party(area=source.area), "far"), on=date(2026, 12, 1), limit=9)[1] == 0
    act(client, row, "receipt", on="2026-10-26")
    assert due.receipts(user=keeper, on=date(2026, 12, 1), limit=20) == ([], 0)
    old = Transfer.objects.filter(pk=row.pk)
    old.update(receipt_on=None, issued_on=date(2020, 1, 1), accepted_on=date(2020, 2, 1))
    assert due.receipts(user=keeper, on=date(2026, 12, 1), limit=20) == ([], 0)  # out of an old register


def test_a_secretary_attends_a_training_of_the_county_each_year():
    day = date
    for last, since, on, right in (
        (None, day(2026, 1, 10), day(2026, 7, 10), True), (None, day(2026, 1, 10), day(2026, 7, 11), False),
        (day(2026, 3, 1), day(2026, 1, 10), day(2027, 3, 1), True),
        (day(2026, 3, 1), day(2026, 1, 10), day(2027, 3, 2), False),
        (day(2025, 11, 1), day(2026, 1, 10), day(2026, 11, 1), True),
        (day(2025, 11, 1), day(2026, 1, 10), day(2026, 11, 2), False),
    ):  # fmt: skip
        assert training.rotation(last, since, on, 12, 6)[1] == right, (last, since, on)
    assert training.rotation(date(2026, 3, 1), date(2026, 1, 10), TODAY, 12, 6)[0] == "2026-03-01"
