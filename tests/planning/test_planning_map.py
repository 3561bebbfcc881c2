"""The map of a plan: what it is told, to whom, where points lie, the tile server and the policy of its pages."""

import math

import pytest
from django.urls import reverse

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import areas as core_areas
from liaoyuan.kit import geo
from liaoyuan.planning.models import PlanGroup, PlanInput, PlanUnit
from liaoyuan.planning.rules import places
from liaoyuan.registry.models import Standing
from liaoyuan.ui import maps
from tests.core.factories import AT
from tests.planning import planning_ground as ground

pytestmark = pytest.mark.django_db
TILES = "https://tiles.example.gov.cn/{z}/{x}/{y}.png"
SQUARE = (
    '{"type": "Polygon", "coordinates": [[[120.1, 31.4], [120.5, 31.4], [120.5, 31.7], [120.1, 31.7], [120.1, 31.4]]]}'
)


@pytest.fixture
def plan(district, lead):
    return ground.planned(district, lead)


def told(client, plan):
    answer = client.get(reverse("planning:plan_map", args=[plan.pk]))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json"
    return answer.json()


def points_of(data):
    """Name → (latitude, longitude) of every sign."""
    found = {name: at for group in data["groups"] for at, name, _seat, _rough in group["units"]}
    return found | {other["title"]: other["at"] for other in data["others"]}


def test_every_sign_stands_where_the_register_says(client, plan, lead, district):
    client.force_login(lead)
    data = told(client, plan)
    points = points_of(data)
    rows = PlanUnit.objects.filter(plan=plan, fallback="").exclude(place__in=["independent", "fixed"])
    assert rows.count() > 10
    for row in rows:
        body = Standing.objects.now_open().get(organization=row.organization_id)
        at = points[body.name]
        assert geo.metres((at[1], at[0]), (body.longitude, body.latitude)) < 0.2, body.name
    lost = Standing.objects.now_open().get(organization=district.lost).name
    assert lost not in points, "no point, not drawn at all"
    assert not any(abs(lat) < 1 or abs(lon) < 1 for lat, lon in points.values())
    near = Standing.objects.now_open().get(organization=district.near).name
    assert any(name.startswith(f"{near}（用所在街道的坐标") for name in points) or near in points
    text = client.get(reverse("planning:plan_detail", args=[plan.pk])).text
    assert lost in text.split("没有坐标、图上没有的")[1][:400]
    assert near in text.split("距离不知道的")[1][:400]


def test_groups_their_seats_and_links(client, plan, lead):
    client.force_login(lead)
    data = told(client, plan)
    groups = {row.number: row for row in PlanGroup.objects.filter(plan=plan)}
    assert {group["number"] for group in data["groups"]} == set(groups)
    for group in data["groups"]:
        row = groups[group["number"]]
        assert group["href"] == reverse("planning:group_detail", args=[row.pk])
        seats = [at for at, _name, is_seat, _rough in group["units"] if is_seat]
        assert seats == [group["seat"]] and f"党员 {row.members} 名" in group["lines"][0]
    text = client.get(reverse("planning:plan_detail", args=[plan.pk])).text
    for number in groups:
        assert f'<g id="map-group-{number}">' in text and f'href="#map-group-{number}"' in text
    uncovered = PlanUnit.objects.filter(plan=plan, place="uncovered").exclude(fallback="none").count()
    assert sum(other["state"] == "open" for other in data["others"]) == uncovered
    hosts = [other for other in data["others"] if other["state"] == "worked"]
    assert hosts and all("挂靠" in other["lines"][0] for other in hosts)


def test_a_street_is_told_its_own_part(client, plan, street, areas):
    client.force_login(street)
    data = told(client, plan)
    names = {name.split("（")[0] for name in points_of(data)}
    mine = PlanUnit.objects.filter(plan=plan, street=areas["heli"])
    theirs = PlanUnit.objects.filter(plan=plan).exclude(street=areas["heli"])
    known = {row.organization_id: row.name for row in Standing.objects.now_open()}
    assert names <= {known[row.organization_id] for row in mine}
    assert not names & {known[row.organization_id] for row in theirs}
    for group in data["groups"]:
        row = PlanGroup.objects.get(plan=plan, number=group["number"])
        if row.bodies.exclude(street=areas["heli"]).exists():
            assert "党员 * 名" in group["lines"][0]


def test_metres_come_back_as_degrees():
    for origin in ((120.27, 31.53), (87.6, 43.8), (110.3, 20.0)):
        for x, y in ((0.0, 0.0), (12_345.6, -9_876.5), (-30_000.0, 25_000.0)):
            there = places.metres(origin, places.degrees(origin, x, y))
            assert math.dist(there, (x, y)) < 0.1


def test_the_outline_is_laid_under_in_the_same_datum(client, plan, lead, areas, settings):
    client.force_login(lead)
    page = reverse("planning:plan_detail", args=[plan.pk])
    assert told(client, plan)["outline"] is None
    assert "示意图，非标准地图，不作划界依据" in client.get(page).text
    core_areas.set_outline(area=areas["district"], content=SQUARE.encode(), datum="gcj02", source="区民政局 2026",
                           by=Operator("x"), at=AT)  # fmt: skip
    text = client.get(page).text
    assert "示意图，不作划界依据。边界来源：区民政局 2026" in text and "坐标系：WGS-84" in text
    assert "plan-map__outline" in text
    (ring,) = told(client, plan)["outline"]["coordinates"][0]
    assert tuple(ring[0]) == pytest.approx(geo.to_wgs84((120.1, 31.4), "gcj02"))
    plain = points_of(told(client, plan))
    settings.TILES, settings.TILES_DATUM = TILES, "gcj02"
    (ring,) = told(client, plan)["outline"]["coordinates"][0]
    assert ring[0] == pytest.approx([120.1, 31.4], abs=2e-6), "points and outline follow the tiles"
    for name, at in points_of(told(client, plan)).items():
        there = geo.wgs84_to_gcj02((plain[name][1], plain[name][0]))
        assert (at[1], at[0]) == pytest.approx(there, abs=2e-6)
    assert "坐标系：GCJ-02" in client.get(page).text


def test_without_tiles_nothing_leaves_and_with_them_one_host_may_be_asked(client, plan, lead, settings):
    client.force_login(lead)
    page, other = reverse("planning:plan_detail", args=[plan.pk]), reverse("planning:scenario_list")
    plain = client.get(page)["Content-Security-Policy"]
    assert "img-src 'self' data:;" in f"{plain};" and told(client, plan)["tiles"] is None
    settings.TILES, settings.TILES_CREDIT = TILES, "示例底图 <b>"
    policy = client.get(page)["Content-Security-Policy"]
    assert policy == plain.replace("img-src 'self' data:", "img-src 'self' data: https://tiles.example.gov.cn")
    assert client.get(other)["Content-Security-Policy"] == plain
    assert told(client, plan)["tiles"] == {"url": TILES, "credit": "示例底图 <b>"}


@pytest.mark.parametrize("url", [
    "ftp://a.cn/{z}/{x}/{y}", "https://{s}.a.cn/{z}/{x}/{y}", "https://a.cn/{z}/{x}", "//a.cn/{z}/{x}/{y}",
    "https://*.a.cn/{z}/{x}/{y}", "https://a.cn;script-src/{z}/{x}/{y}", "https://me:pw@a.cn/{z}/{x}/{y}",
    "https://a.cn 'unsafe-inline'/{z}/{x}/{y}",
])  # fmt: skip
def test_a_setting_that_names_no_one_host_is_refused(settings, url):
    settings.TILES = url
    with pytest.raises(ValueError, match="LIAOYUAN_TILES"):
        maps.tiles()


def test_a_datum_that_tiles_do_not_have_is_refused(settings):
    settings.TILES, settings.TILES_DATUM = TILES, "bd09"
    with pytest.raises(ValueError, match="TILES_DATUM"):
        maps.tiles()
    settings.TILES = ""
    assert maps.tiles() is None and maps.datum() == "wgs84"


def test_a_plan_from_before_keeps_its_drawing(client, plan, lead):
    """Nobody kept where its metres are counted from: the page has the drawing, and asks for no map."""
    PlanInput.objects.filter(plan=plan).update(east=None, north=None)
    client.force_login(lead)
    text = client.get(reverse("planning:plan_detail", args=[plan.pk])).text
    assert "data-map-src" not in text and "map.js" not in text and "<svg viewBox" in text
    assert told(client, plan)["groups"] == []


def test_a_bent_plan_keeps_the_origin(client, plan, lead):
    from liaoyuan.planning.actions import scenarios

    bent = scenarios.ask(scenario=plan.scenario, earlier=plan, by=lead, at=AT)
    ground.work()
    bent.refresh_from_db()
    assert (bent.input.east, bent.input.north) == (plan.input.east, plan.input.north) != (None, None)
