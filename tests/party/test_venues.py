"""Venues: entered, changed, given up, booked without overlap, through actions and pages; F24; concurrent bookings."""

import json
import threading
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from liaoyuan.core import clock
from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.clock import SHANGHAI
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import venues
from liaoyuan.party.models import Venue, VenueBooking
from liaoyuan.party.queries import venues as queries
from tests.party import factories as make
from tests.party.factories import AT
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
TOLD = {"name": "演示红色驿站", "address": "河埒口路9号", "square_metres": 120, "signs": ["有场所"], "is_open": True}


def moment(hour: int, day: int = 28, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def rules(areas):
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)


@pytest.fixture
def branch(areas, committee):
    return make.party("演示甲党支部", area=areas["district"], superior=committee)


@pytest.fixture
def other(areas, committee):
    return make.party("演示乙党支部", area=areas["district"], superior=committee)


@pytest.fixture
def secretary(branch):
    return make.secretary(branch)


@pytest.fixture
def venue(branch, secretary):
    return venues.enter(party=branch, fields=TOLD, by=secretary, at=AT)


def book(venue, party, by, first, last, **told):
    told = {"purpose": "主题党日", "at": AT, **told}
    return venues.book(venue=venue, party=party, starts_at=first, ends_at=last, by=by, **told)


def test_bookings_touch_but_do_not_overlap(venue, branch, other, secretary):
    guest = make.secretary(other, "guest")
    row = book(venue, branch, secretary, moment(9), moment(11))
    for first, last in ((moment(10), moment(12)), (moment(8), moment(9, minute=1)), (moment(9), moment(11)),
                        (moment(8), moment(12)), (moment(10), moment(10, minute=30))):  # fmt: skip
        with pytest.raises(Refused, match="已有预约"):
            book(venue, other, guest, first, last)
    book(venue, other, guest, moment(11), moment(12))
    book(venue, other, guest, moment(8), moment(9))
    venues.cancel(booking=row, reason="改期", by=secretary, at=AT)
    book(venue, other, guest, moment(9), moment(10))
    assert VenueBooking.objects.standing().count() == 3
    with pytest.raises(Refused, match="已被取消"):
        venues.cancel(booking=row, reason="改期", by=secretary, at=AT)


def test_what_a_booking_needs(venue, branch, other, secretary):
    with pytest.raises(Refused, match="晚于开始"):
        book(venue, branch, secretary, moment(9), moment(9))
    with pytest.raises(Refused, match="已过"):
        book(venue, branch, secretary, AT - timedelta(minutes=1), AT + timedelta(hours=1))
    with pytest.raises(Refused, match="用途"):
        book(venue, branch, secretary, moment(9), moment(10), purpose=" ")
    with pytest.raises(PermissionDenied):
        book(venue, other, secretary, moment(9), moment(10))
    guest = make.secretary(other, "guest")
    row = book(venue, branch, secretary, moment(9), moment(10))
    with pytest.raises(PermissionDenied):
        venues.cancel(booking=row, reason="改期", by=guest, at=AT)
    venues.change(venue=venue, fields={"is_open": False}, by=secretary, at=AT)
    with pytest.raises(PermissionDenied):
        book(venue, other, guest, moment(14), moment(15))
    with pytest.raises(Refused, match="未到期的预约"):
        venues.close(venue=venue, on=date(2026, 10, 26), reason="搬迁", by=secretary, at=AT)
    with pytest.raises(Refused, match="已结束"):
        venues.cancel(booking=row, reason="改期", by=secretary, at=moment(10))
    venues.close(venue=venue, on=date(2026, 10, 28), reason="搬迁", by=secretary, at=moment(11))
    with pytest.raises(Refused, match="已停用"):
        book(venue, branch, secretary, moment(14, 29), moment(15, 29))


def test_a_venue_is_entered_and_changed_by_who_keeps_the_branch(venue, branch, other, secretary):
    with pytest.raises(PermissionDenied):
        venues.enter(party=other, fields=TOLD, by=secretary, at=AT)
    with pytest.raises(Refused, match="同名"):
        venues.enter(party=branch, fields=TOLD, by=secretary, at=AT)
    made = venues.change(venue=venue, fields={"keeper": "演示负责人"}, version=1, by=secretary, at=AT)
    assert made.version == 2
    with pytest.raises(Refused, match="别人修改了"):
        venues.change(venue=venue, fields={"keeper": "x"}, version=1, by=secretary, at=AT)
    event = AuditEvent.objects.get(code="venue.changed")
    assert event.payload["changes"] == {"keeper": ["", "演示负责人"]}


def test_a_week_shows_each_day_that_a_booking_touches(venue, branch, secretary):
    book(venue, branch, secretary, moment(22, 28), moment(2, 29))
    days = queries.week(venue, date(2026, 10, 26), secretary, AT)
    assert [d.on for d in days] == [date(2026, 10, 26) + timedelta(days=n) for n in range(7)]
    told = {d.on.day: [times for times, *_x in d.bookings] for d in days if d.bookings}
    assert told == {28: ["22:00–24:00"], 29: ["00:00–02:00"]}


def test_pages(client, venue, branch, other, secretary, lead):
    day = (clock.today() + timedelta(days=40)).isoformat()
    client.force_login(secretary)
    assert "演示红色驿站" in client.get("/party/venues/").text
    here = f"/party/venues/{venue.pk}/"
    page = client.get(here)
    assert "河埒口路9号" in page.text and "有党旗" in page.text
    told = {"party": branch.pk, "on": day, "starts": "9:00", "ends": "10点", "purpose": "支部党员大会"}
    page = client.post(f"{here}book/", told | {"starts": "上午"})
    assert page.status_code == 422 and "14:30" in page.text
    page = client.post(f"{here}book/", told)
    assert page["Location"] == f"{here}?week={day}"
    assert "09:00–10:00" in client.get(page["Location"]).text
    page = client.post(f"{here}book/", told)
    assert page.status_code == 422 and "已有预约：支部党员大会" in page.text
    key = VenueBooking.objects.get().pk
    client.force_login(make.secretary(other, "guest"))
    page = client.get(f"{here}?week={day}")
    assert "支部党员大会" in page.text and f"bookings/{key}/" not in page.text
    assert client.get(f"/party/venues/bookings/{key}/cancel/").status_code == 403
    assert client.get(f"{here}change/").status_code == 403
    client.force_login(secretary)
    client.post(f"/party/venues/bookings/{key}/cancel/", {"reason": "改期"})
    assert not VenueBooking.objects.standing().exists()
    told = {"name": "演示红色驿站", "address": "梁清路1号", "version": "1", "signs": ["有场所", "有党旗"]}
    assert client.post(f"{here}change/", told)["Location"] == here
    assert client.post(f"{here}change/", told).status_code == 422
    told = {"party": branch.pk, "name": "演示二站", "address": "x", "signs": []}
    assert client.post("/party/venues/new/", told).status_code == 302
    client.post(f"{here}close/", {"on": "2026-10-26", "reason": "搬迁"})
    assert "演示红色驿站" not in client.get("/party/venues/").text
    assert "演示红色驿站" in client.get("/party/venues/?state=closed").text
    assert client.get(f"{here}?week=9999-12-31").status_code == 200


def test_f24_and_scope(client, venue, areas, lead, secretary):
    hidden = make.party("演示外区党支部", area=areas["other"])
    Venue.objects.create(party_organization=hidden, name="演示外区驿站", address="x", is_open=True, made_at=AT)
    client.force_login(lead)
    assert "演示外区驿站" not in client.get("/party/venues/").text
    [line] = json.loads(b"".join(client.post("/party/venues/export/", {"form": "json"}).streaming_content))
    assert (line["name"], line["square_metres"], line["signs"], line["photos"]) == ("演示红色驿站", 120, "有场所", 0)
    client.force_login(secretary)
    assert client.post("/party/venues/export/", {"form": "json"}).status_code == 403
    client.force_login(make.secretary(hidden, "far"))
    assert client.get(f"/party/venues/{venue.pk}/").status_code == 404
    assert client.get(f"/party/venues/{venue.pk}/book/").status_code == 404


def test_photos_are_files_of_the_venue(client, venue, secretary, other):
    client.force_login(secretary)
    assert client.get(f"/files/of/venue/{venue.pk}/").status_code == 200
    client.force_login(registry.head_of(registry.organization("滨湖区丙示例服务中心", "MF")))
    assert client.get(f"/files/of/venue/{venue.pk}/").status_code in (403, 404)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_book_one_hour_at_once_one_gets_it(areas, committee):
    branch = make.party("演示甲党支部", area=areas["district"], superior=committee)
    venue = venues.enter(party=branch, fields=TOLD, by=registry.OPERATOR, at=AT)
    start, told = threading.Barrier(4), []

    def run(place: int) -> None:
        try:
            start.wait()
            book(venue, branch, registry.OPERATOR, moment(9, minute=place), moment(10, minute=place))
            told.append("done")
        except Refused as refused:
            told.append(refused.findings[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["BOOKING-TAKEN"] * 3 + ["done"]
    assert VenueBooking.objects.count() == 1


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.django_db(transaction=True)
def test_the_database_itself_keeps_bookings_apart(areas, committee):
    from django.db import IntegrityError

    branch = make.party("演示甲党支部", area=areas["district"], superior=committee)
    venue = venues.enter(party=branch, fields=TOLD, by=registry.OPERATOR, at=AT)
    told = {"venue": venue, "party_organization": branch, "purpose": "x", "made_at": AT}
    VenueBooking.objects.create(starts_at=moment(9), ends_at=moment(10), cancelled_at=AT, **told)
    VenueBooking.objects.create(starts_at=moment(9), ends_at=moment(10), **told)
    VenueBooking.objects.create(starts_at=moment(10), ends_at=moment(11), **told)
    with pytest.raises(IntegrityError):
        VenueBooking.objects.create(starts_at=moment(9, minute=59), ends_at=moment(11), **told)
