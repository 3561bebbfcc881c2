"""The yearly confirmation of filed bodies: one by telephone, many at once, taken back as a whole; what they declare."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import filings, organizations
from liaoyuan.registry.actions.filings import Told
from liaoyuan.registry.models import FilingConfirmation, Organization, Standing
from liaoyuan.registry.queries import filings as queries
from tests.registry import bites
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
ON = date(2026, 10, 26)
BY = make.OPERATOR


@pytest.fixture
def areas():
    calendar.sync_calendar(at=make.AT)
    parameters.sync_shipped(at=make.AT)
    return make.binhu()


def filed(areas, until: date | None = None, **more) -> Organization:
    more.setdefault("street", areas["heli"])
    return make.organization(kind="BA", filing_to=until, **more)


def confirm(*bodies: Organization, told: Told | None = None, by=BY, **more) -> str:
    told = told or Told(via="phone", word_of="负责人本人")
    return filings.confirm(versions={body.pk: body.version for body in bodies}, year=2026, told=told, on=ON, by=by,
                           at=make.AT, **more)  # fmt: skip


def until(body: Organization) -> date | None:
    return Standing.objects.now_open().get(organization=body).filing_to


@pytest.mark.parametrize(("before", "after"), [
    (None, None), (date(2026, 12, 31), date(2027, 12, 31)), (date(2026, 3, 1), date(2027, 10, 26)),
])  # fmt: skip
def test_a_printed_end_moves_on_by_a_year_and_an_open_filing_stays_open(areas, before, after):
    body = filed(areas, before)
    confirm(body)
    assert until(body) == after
    row = FilingConfirmation.objects.get()
    assert (row.until_before, row.until_after, row.year) == (before, after, 2026)


def test_a_local_figure_says_how_long(areas):
    editor, confirmer = make.officer("one"), make.officer("two")
    bites.store({"filing.valid_months": 36}, editor=editor, confirmer=confirmer)
    body = filed(areas)
    confirm(body)
    assert until(body) == date(2029, 10, 26)


def test_a_telephone_confirmation_says_on_whose_word(areas):
    body = filed(areas)
    with pytest.raises(Refused, match="电话确认要写明是谁说的"):
        confirm(body, told=Told(via="phone"))
    confirm(body)
    event = AuditEvent.objects.get(code="filing.confirmed")
    assert event.on_behalf == "电话确认：负责人本人"
    assert event.subject_id == str(body.pk)


def test_what_a_body_declares_warns_and_does_not_refuse(areas):
    body = filed(areas)
    confirm(body, told=Told("phone", "负责人本人", outside_area=True, charges_fees=False, for_profit=True))
    told = AuditEvent.objects.get(code="filing.confirmed").payload["findings"]
    assert [(f["code"], f["field"], f["severity"]) for f in told] == [
        ("FIL-02", "outside_area", "warn"), ("FIL-02", "for_profit", "warn"),
    ]  # fmt: skip


def test_a_body_is_confirmed_once_a_year_and_all_or_none(areas):
    one, two = filed(areas), filed(areas, date(2026, 12, 31))
    confirm(one)
    one.refresh_from_db()
    with pytest.raises(Refused, match="已经确认"):
        confirm(two, one)
    assert until(two) == date(2026, 12, 31)
    assert FilingConfirmation.objects.count() == 1


def test_only_live_filed_bodies_within_reach_are_confirmed(areas):
    with pytest.raises(Refused, match="不是存续的备案组织"):
        confirm(make.organization())
    ended = filed(areas)
    organizations.close(organization=ended, status="deregistered", on=ON, by=BY, at=make.AT)
    ended.refresh_from_db()
    with pytest.raises(Refused, match="不是存续的备案组织"):
        confirm(ended)
    street = make.officer("street", ("street_office", "area", "320211001"))
    with pytest.raises(PermissionDenied):
        confirm(filed(areas, street=areas["liyuan"]), by=street)
    confirm(filed(areas), by=street)


def test_a_batch_is_taken_back_as_a_whole_or_not_at_all(areas):
    one, two = filed(areas, date(2026, 12, 31)), filed(areas)
    key = confirm(one, two)
    assert filings.undo(batch=key, by=BY, at=make.AT) == 2
    assert until(one) == date(2026, 12, 31)
    with pytest.raises(Refused, match="已经撤销"):
        filings.undo(batch=key, by=BY, at=make.AT)
    one.refresh_from_db()
    two.refresh_from_db()
    again = confirm(one, two)
    two.refresh_from_db()
    make.changed(two, ON, legal_representative="新人")
    with pytest.raises(Refused, match="被修改过"):
        filings.undo(batch=again, by=BY, at=make.AT)
    assert until(one) == date(2027, 12, 31)
    assert FilingConfirmation.objects.filter(undone_at__isnull=True).count() == 2


def test_the_round_lists_by_state_and_counts(areas):
    bodies = [filed(areas, community_id=areas["huihe"].pk) for _n in range(3)]
    over = filed(areas, date(2026, 1, 1), street=areas["liyuan"], community_id=areas["dongyuan"].pk)
    confirm(bodies[0])
    officer = make.officer()
    assert queries.counts(officer, 2026) == (4, 1)

    def listed(**wish) -> set[int]:
        return {row.organization_id for row in queries.round_of(officer, 2026, ON, **wish)}

    assert listed(state="done") == {bodies[0].pk}
    assert listed(state="open") == {bodies[1].pk, bodies[2].pk, over.pk}
    assert listed(state="over") == {over.pk}
    assert listed(community="320211001004") == {body.pk for body in bodies}
    assert listed(street="320211004") == {over.pk}
