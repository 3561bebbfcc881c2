"""A body's point: one fact in three columns, by form, import and export; a page of the past names old areas."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from liaoyuan.core import registries, staging
from liaoyuan.core.actions import areas as area_actions
from liaoyuan.core.models import Area
from liaoyuan.kit import geo
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.periods import Period
from liaoyuan.kit.sheets import writing
from liaoyuan.registry.actions import batches
from liaoyuan.registry.models import OPEN, Organization, Standing
from tests.registry import factories as make
from tests.registry.test_forms_pages import BACKEND, NEW, values

AT, BY = make.AT, make.OPERATOR
GCJ = (120.2680, 31.5640)


@pytest.fixture
def areas(db, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    return make.binhu()


@pytest.fixture
def officer(areas, client):
    who = make.officer()
    client.force_login(who, backend=BACKEND)
    return who


def now(made) -> tuple:
    row = Standing.objects.now_open().get(organization=made)
    return row.longitude, row.latitude, row.point_datum


def test_the_form_enters_changes_and_clears_a_point(officer, client):
    typed = {**NEW, "point": "31.5640，120.2680", "point_datum": "gcj02", "confirmed": "on"}
    page = client.post(reverse("registry:organization_create"), typed)
    assert page.status_code == 302, page.content.decode()
    made = Organization.objects.get()
    assert now(made) == (*geo.to_wgs84(GCJ, "gcj02"), "gcj02")
    record = client.get(reverse("registry:organization_detail", args=[made.pk])).content.decode()
    assert "由 GCJ-02 的 120.268000, 31.564000 换算" in record
    there = reverse("registry:organization_change", args=[made.pk])
    shown = values(client.get(there))
    assert (shown["point"], shown["point_datum"]) == ("120.268000, 31.564000", "gcj02")
    stored = now(made)
    client.post(there, {**shown, "full_time": "9", "confirmed": "on"})  # the point untouched stays to the last decimal
    assert now(made) == stored
    assert Standing.objects.now_open().get().full_time == 9
    shown = values(client.get(there))
    client.post(there, {**shown, "point_datum": "wgs84", "confirmed": "on"})
    assert now(made) == (120.268, 31.564, "wgs84")
    shown = values(client.get(there))
    client.post(there, {**shown, "point": "", "confirmed": "on"})
    assert now(made) == (None, None, "")


def test_the_form_refuses_what_is_no_point_and_asks_for_one_far_away(officer, client):
    there = reverse("registry:organization_create")
    page = client.post(there, {**NEW, "point": "某路", "point_datum": "gcj02", "confirmed": "on"})
    assert page.status_code == 422 and "读不出坐标" in page.content.decode()
    far = {**NEW, "point": "116.404, 39.915", "point_datum": "gcj02"}
    page = client.post(there, far)
    assert page.status_code == 422 and "不在江苏省范围内" in page.content.decode()
    assert not Organization.objects.exists()


def test_a_point_changes_as_one_fact():
    """The latitude of two places may be the same: a change of the first does not reach into the second."""
    first = {"longitude": 120.1, "latitude": 31.5, "point_datum": "wgs84"}
    second = {**first, "longitude": 120.2}
    history = [Period(date(2010, 1, 1), date(2020, 1, 1), first), Period(date(2020, 1, 1), OPEN, second)]
    new = {"longitude": 120.3, "latitude": 31.6, "point_datum": "wgs84"}
    changed = arithmetic.change_as_one(history, new, on=date(2015, 1, 1))
    assert [(p.start, dict(p.values)) for p in changed] == [
        (date(2010, 1, 1), first), (date(2015, 1, 1), new), (date(2020, 1, 1), second),
    ]  # fmt: skip
    corrected = arithmetic.change_as_one(history, new, on=date(2015, 1, 1), backwards=True)
    assert [(p.start, dict(p.values)) for p in corrected] == [(date(2010, 1, 1), new), (date(2020, 1, 1), second)]


@pytest.mark.parametrize(
    "wrong",
    [{"longitude": 120.0}, {"longitude": 120.0, "latitude": 31.0}, {"point_datum": "gcj02"},
     {"longitude": 31.0, "latitude": 120.0, "point_datum": "wgs84"},
     {"longitude": 120.0, "latitude": 31.0, "point_datum": "xian80"}],
)  # fmt: skip
def test_half_a_point_is_not_stored(areas, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.organization("甲中心", **wrong)


HEAD = ["名称", "备案号", "类型", "所属街道", "成立日期", "经度", "纬度", "坐标系"]


def staged(tmp_path, *rows, head=HEAD, name="a.csv"):
    path = tmp_path / name
    writing.write_csv(path, [writing.Column(h) for h in head], iter(rows))
    order = staging.Order(kind="organizations", path=path, file_name=name, area=Area.objects.get(code="320211"),
                          as_of=date(2026, 10, 26))  # fmt: skip
    return staging.stage(order, by=BY, at=AT)


def row(name, *point):
    return [
        name,
        f"BA-320211-001-2020-{ord(name[0]) % 10000:04d}",
        "备案社区社会组织",
        "河埒街道",
        "2020-05-01",
        *point,
    ]


def told(batch) -> dict[str, tuple]:
    return {
        r.label: (r.verdict, r.fields.get("longitude"), r.fields.get("latitude"), r.fields.get("point_datum"),
                  sorted(f["code"] for f in r.findings if f["code"].startswith(("IMP-", "AREA"))))
        for r in batch.rows.exclude(verdict="skip")
    }  # fmt: skip


def test_points_of_a_sheet(areas, tmp_path):
    x, y = geo.to_wgs84(GCJ, "gcj02")
    found = told(staged(
        tmp_path, row("甲队", "120.2680", "31.5640", "高德地图"), row("乙队", "120.2680", "31.5640", ""),
        row("丙队", "120.2680", "", "WGS-84"), row("丁队", "31.5640", "120.2680", "WGS-84"),
        row("戊队", "116.404", "39.915", "WGS-84"), row("己队", "", "", ""), row("庚队", "120.268", "31.564", "西安80"),
    ))  # fmt: skip
    nothing = (None, None, None)
    assert {name: line[1:] for name, line in found.items()} == {
        "甲队": (x, y, "gcj02", []),
        "乙队": (120.268, 31.564, "wgs84", ["IMP-POINT-DATUM"]),
        "丙队": (*nothing, ["IMP-POINT-HALF"]),
        "丁队": (*nothing, ["IMP-LATITUDE-OUTSIDE", "IMP-LONGITUDE-OUTSIDE"]),
        "戊队": (116.404, 39.915, "wgs84", ["AREA"]),
        "己队": (*nothing, []),
        "庚队": (*nothing, ["IMP-CHOICE-UNKNOWN"]),
    }
    assert {name: line[0] for name, line in found.items()} == {
        "甲队": "accept", "乙队": "accept", "丙队": "review", "丁队": "reject", "戊队": "review", "己队": "accept",
        "庚队": "reject",
    }  # fmt: skip


def test_one_column_with_both(areas, tmp_path):
    head = [*HEAD[:5], "坐标", "坐标系"]
    found = told(staged(tmp_path, row("甲队", "31.5640, 120.2680", "GCJ-02"), head=head))
    assert found["甲队"][1:4] == (*geo.to_wgs84(GCJ, "gcj02"), "gcj02")


def test_import_changes_a_point_and_undo_brings_it_back(areas, tmp_path):
    batch = staged(tmp_path, row("甲队", "120.2680", "31.5640", "WGS-84"))
    batches.apply_batch(batch=batch, confirm_review=True, by=BY, at=AT)
    made = Organization.objects.get()
    assert now(made) == (120.268, 31.564, "wgs84")
    second = staged(tmp_path, row("甲队", "120.2680", "31.5700", "高德"), name="b.csv")
    batches.apply_batch(batch=second, confirm_review=True, by=BY, at=AT)
    assert now(made) == (*geo.to_wgs84((120.268, 31.57), "gcj02"), "gcj02")
    batches.undo_batch(batch=second, by=BY, at=AT)
    assert now(made) == (120.268, 31.564, "wgs84")


def test_an_export_is_imported_without_a_change(areas, tmp_path):
    x, y = geo.to_wgs84(GCJ, "bd09")
    make.organization("甲中心", street=areas["heli"], longitude=x, latitude=y, point_datum="bd09")
    path = tmp_path / "f01.xlsx"
    registries.export_kinds["organizations"](path=path, form="xlsx", by=BY, at=AT, as_of=date(2026, 10, 26))
    order = staging.Order(kind="organizations", path=path, file_name="f01.xlsx",
                          area=Area.objects.get(code="320211"), as_of=date(2026, 10, 26))  # fmt: skip
    batch = staging.stage(order, by=BY, at=AT)
    assert [r.action for r in batch.rows.exclude(verdict="skip")] == ["unchanged"]


def test_a_day_of_the_past_names_the_street_as_it_was_called(officer, client, areas):
    made = make.organization("甲中心", street=areas["heli"])
    area_actions.rename(area=areas["heli"], name="新河街道", on=date(2026, 3, 1), by=BY, at=AT)
    there = reverse("registry:organization_detail", args=[made.pk])
    for query, name, other in (("", "新河街道", "河埒街道"), ("?as_of=2026-03-01", "新河街道", "河埒街道"),
                               ("?as_of=2026-02-28", "河埒街道", "新河街道")):  # fmt: skip
        page = client.get(there + query).content.decode()
        facts = page[page.index("所属街道") : page.index("所属社区")]
        assert name in facts and other not in facts, query
