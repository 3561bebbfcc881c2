"""The pages of areas: everybody reads, drills and searches; who may edits, and sees what he does wrong."""

from datetime import date

import pytest

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import areas
from liaoyuan.core.models import Area
from tests.core.factories import AT, area, binhu, user
from tests.registry import factories as make

PAGE = "/areas/"


@pytest.fixture
def tree(db, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    return binhu()


@pytest.fixture
def officer(tree, client):
    who = user("officer", ("registry_officer", "area", "320211"), is_demo=True)
    client.force_login(who)
    return who


def text(response, status=200) -> str:
    assert response.status_code == status
    return response.content.decode()


def test_the_list_begins_at_home_and_is_drilled(officer, client):
    page = text(client.get(PAGE))
    assert "河埒街道" in page and "蠡园街道" in page and "崇安寺街道" not in page
    assert "惠河社区居委会" in text(client.get(PAGE + "?under=320211001"))
    everywhere = text(client.get(PAGE + "?under=all"))
    assert 'href="/areas/32/"' in everywhere and 'href="/areas/320211001/"' not in everywhere
    assert client.get(PAGE + "?under=999999").status_code == 404


def test_the_list_is_searched_by_name_former_name_and_code(officer, client, tree):
    areas.rename(area=tree["liyuan"], name="太湖街道", on=date(2026, 3, 1), by=Operator("t"), at=AT)
    for given, code in (
        ("崇安寺", "320213001"),
        ("蠡园", "320211004"),
        ("太湖", "320211004"),
        ("3202130", "320213001"),
    ):
        page = text(client.get(PAGE, {"q": given}))
        assert f'href="/areas/{code}/"' in page, given
        assert 'href="/areas/320211001/"' not in page
    assert "没有符合条件的区划" in text(client.get(PAGE, {"q": "没有这里"}))
    assert "崇安寺街道" not in text(client.get(PAGE, {"q": "街道", "under": "320211"}))


def test_the_list_is_narrowed_by_state_and_point(officer, client, tree):
    areas.place(area=tree["heli"], point=(120.27, 31.56), by=Operator("t"), at=AT)
    gone = area("320211099", "旧街道", tree["district"])
    areas.abolish(area=gone, on=date(2026, 1, 1), by=Operator("t"), at=AT)
    for given, there in (({"point": "yes"}, ["320211001"]), ({"point": "no"}, ["320211004", "320211099"]),
                         ({"state": "abolished"}, ["320211099"]), ({"state": "live"}, ["320211001", "320211004"]),
                         ({"level": "community"}, [])):  # fmt: skip
        page = text(client.get(PAGE, given))
        found = [code for code in ("320211001", "320211004", "320211099") if f'<a href="/areas/{code}/">' in page]
        assert found == there, given
    assert "已撤销" in text(client.get(f"{PAGE}320211099/"))


def test_the_page_of_an_area(officer, client, tree):
    make.organization("甲中心", street=tree["heli"])
    areas.place(area=tree["heli"], point=(120.268, 31.564), datum="gcj02", by=officer, at=AT)
    page = text(client.get(f"{PAGE}320211001/"))
    assert "120.268000, 31.564000" in page  # as entered
    assert "WGS-84" in page and "BD-09" in page
    assert "惠河社区居委会" in page
    assert '<a href="/registry/?street=320211001">存续的社会组织</a>：1' in page
    assert "坐标（WGS-84）" in page and "gcj02" in page  # the event's fields by their titles
    assert "改名" in page
    assert "改名" not in text(client.get(f"{PAGE}320213001/"))
    assert client.get(f"{PAGE}999/").status_code == 404


def test_edits_by_their_pages(officer, client):
    there = f"{PAGE}320211001/"
    assert client.post(there + "rename/", {"name": "新街道", "on": "2026年3月1日"}).status_code == 302
    assert client.post(there + "point/", {"point": "31.564，120.268", "datum": "wgs84"}).status_code == 302
    assert client.post(there + "add/", {"name": "新社区", "code": ""})["Location"] == f"{PAGE}320211001900/"
    assert client.post(f"{PAGE}320211001900/abolish/", {"on": "2026-10-26", "reason": "试"}).status_code == 302
    assert client.post(f"{PAGE}320211001900/restore/", {"reason": "误"}).status_code == 302
    heli = Area.objects.get(code="320211001")
    assert (heli.name, heli.point, heli.edited_by) == ("新街道", (120.268, 31.564), officer)
    page = text(client.get(there))
    assert "曾用名：河埒街道（至 2026-03-01）" in page
    assert "暂编代码" in text(client.get(f"{PAGE}320211001900/"))


def test_what_is_wrong_is_told_beside_its_field(officer, client):
    there = f"{PAGE}320211001/"
    assert "读不出坐标" in text(client.post(there + "point/", {"point": "湖滨路", "datum": "gcj02"}), 422)
    assert "不在中国范围内" in text(client.post(there + "point/", {"point": "0, 0", "datum": "gcj02"}), 422)
    far = {"point": "116.404, 39.915", "datum": "gcj02"}
    page = text(client.post(there + "point/", far), 422)
    assert "不在江苏省范围内" in page and 'name="confirmed"' in page
    assert client.post(there + "point/", {**far, "confirmed": "on"}).status_code == 302
    assert "没有找到" in text(client.post(there + "abolish/", {"on": "2026-10-26", "successor": "99"}), 422)
    assert "已属于" in text(client.post(there + "add/", {"name": "某社区", "code": "320211001004"}), 422)
    assert "不能晚于今天" in text(client.post(there + "rename/", {"name": "某街道", "on": "2027-01-01"}), 422)


def test_outside_the_grant_it_is_forbidden(officer, client, tree):
    for page in ("rename", "point", "add", "abolish", "restore"):
        assert client.get(f"{PAGE}320213001/{page}/").status_code == 403
        assert client.post(f"{PAGE}320213001/{page}/", {"name": "某", "on": "2026-10-26"}).status_code == 403
    assert client.get(f"{PAGE}320211001004/add/").status_code == 404
    client.force_login(user("street", ("street_office", "area", "320211001"), is_demo=True))
    assert client.get(f"{PAGE}320211001/").status_code == 200
    assert client.get(f"{PAGE}320211001/point/").status_code == 403
