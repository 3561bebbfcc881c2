"""Areas edited by hand: names from a day on, points, provisional codes, abolition; upgrades leave the edits alone."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from liaoyuan.core import registries
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import areas, install
from liaoyuan.core.models import Area, AuditEvent, FormerName
from liaoyuan.core.queries import areas as queries
from liaoyuan.core.rules import areas as rules
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT, binhu, user
from tests.registry import factories as make

BY = Operator("tests")
LATER = datetime(2026, 10, 27, 2, 0, tzinfo=UTC)
TODAY = date(2026, 10, 26)


@pytest.fixture
def tree(db):
    return binhu()


def refused(act, **given):
    """Messages of a refusal, with their arguments; nothing is written."""
    before = (AuditEvent.objects.count(), list(Area.objects.order_by("pk").values()))
    with pytest.raises(Refused) as caught:
        act(**{"by": BY, "at": AT, **given})
    assert (AuditEvent.objects.count(), list(Area.objects.order_by("pk").values())) == before
    return [finding.text for finding in caught.value.findings]


def test_a_new_name_holds_from_its_day_and_the_old_one_is_remembered(tree):
    areas.rename(area=tree["liyuan"], name=" 蠡湖街道 ", on=date(2026, 3, 1), by=BY, at=AT)
    areas.rename(area=tree["liyuan"], name="太湖镇", on=date(2026, 6, 1), by=BY, at=LATER)
    area = Area.objects.get(code="320211004")
    assert (area.name, area.is_town, area.edited_at) == ("太湖镇", True, LATER)
    days = [(date(2020, 1, 1), "蠡园街道"), (date(2026, 2, 28), "蠡园街道"), (date(2026, 3, 1), "蠡湖街道"),
            (date(2026, 5, 31), "蠡湖街道"), (date(2026, 6, 1), None), (TODAY, None)]  # fmt: skip
    for day, name in days:
        assert queries.names_on([area.pk], day).get(area.pk) == name, day
    event = AuditEvent.objects.filter(code="area.edited", subject_id=str(area.pk)).order_by("pk").last()
    assert event.payload["changes"] == {"name": ["蠡湖街道", "太湖镇"]} and event.payload["on"] == "2026-06-01"


def test_a_correction_leaves_no_former_name(tree):
    areas.rename(area=tree["heli"], name="河埒口街道", on=TODAY, correction=True, by=BY, at=AT)
    assert not FormerName.objects.exists()
    assert Area.objects.get(code="320211001").name == "河埒口街道"


def test_what_keeps_a_name_from_being_changed(tree):
    heli = tree["heli"]
    assert refused(areas.rename, area=heli, name="河埒街道", on=TODAY) == ["与现在的相同，没有改动。"]
    assert refused(areas.rename, area=heli, name="蠡园街道", on=TODAY) == ["滨湖区已有一个没有撤销的“蠡园街道”。"]
    assert refused(areas.rename, area=heli, name=" ", on=TODAY) == ["请填写名称，不超过 60 个字。"]
    assert refused(areas.rename, area=heli, name="新街道", on=date(2026, 10, 27)) == ["日期不能晚于今天。"]
    areas.rename(area=heli, name="新街道", on=date(2026, 5, 1), by=BY, at=AT)
    told = refused(areas.rename, area=heli, name="又新街道", on=date(2026, 5, 1))
    assert told == ["日期须晚于上一次更名的日期 2026-05-01。"]


def test_older_sheets_find_an_area_by_its_former_name(tree):
    areas.rename(area=tree["liyuan"], name="蠡湖街道", on=date(2026, 3, 1), by=BY, at=AT)
    names = queries.AreaNames(tree["district"])
    assert names.street("蠡园街道") == names.street("蠡湖") == (tree["liyuan"], True)
    areas.add(parent=tree["district"], name="蠡园街道", by=BY, at=LATER)  # who bears it now goes first
    found, sure = queries.AreaNames(tree["district"]).street("蠡园")
    assert (found.code, sure) == ("320211900", True)


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_a_point_is_stored_as_wgs84(tree, datum):
    areas.place(area=tree["heli"], point=(120.2680, 31.5640), datum=datum, by=BY, at=AT)
    area = Area.objects.get(code="320211001")
    # published figures of the shift there: some 0.0045° east, 0.0020° south for GCJ-02; BD-09 0.0065° and 0.006° more
    east, north = {"wgs84": (0, 0), "gcj02": (0.0045, -0.0021), "bd09": (0.0110, 0.0037)}[datum]
    assert area.longitude == pytest.approx(120.2680 - east, abs=0.0006)
    assert area.latitude == pytest.approx(31.5640 - north, abs=0.0006)
    assert area.datum == datum
    assert refused(areas.place, area=area, point=(120.2680, 31.5640), datum=datum) == ["与现在的相同，没有改动。"]
    areas.place(area=area, point=None, by=BY, at=LATER)
    area.refresh_from_db()
    assert (area.longitude, area.latitude, area.datum) == (None, None, "wgs84")


def test_a_point_in_another_province_is_confirmed(tree):
    far = {"area": tree["heli"], "point": (116.404, 39.915), "datum": "gcj02"}
    assert refused(areas.place, **far) == ["这个点不在江苏省范围内，请核对经度、纬度和坐标系。"]
    areas.place(**far, confirmed=True, by=BY, at=AT)
    event = AuditEvent.objects.filter(code="area.edited").get()
    assert event.payload["findings"][0]["severity"] == "confirm"


def test_every_province_has_its_box_and_capitals_lie_inside():
    assert len(rules.PROVINCE_BOXES) == 31
    capitals = {"11": (116.4, 39.9), "31": (121.47, 31.23), "32": (118.8, 32.06), "46": (110.2, 20.04),
                "54": (91.1, 29.65), "65": (87.6, 43.8), "23": (126.6, 45.8), "15": (111.7, 40.8)}  # fmt: skip
    for code, point in capitals.items():
        assert not rules.point_findings(point, code, "")
        assert any(rules.point_findings(point, other, "") for other in capitals if other != code)


def test_an_official_code_is_checked(tree):
    heli = {"parent": tree["heli"], "name": "新社区"}
    assert refused(areas.add, **heli, code="320211001") == ["社区、村的代码是 12 位数字，没有代码时请留空。"]
    assert refused(areas.add, **heli, code="3202110010ab") == ["社区、村的代码是 12 位数字，没有代码时请留空。"]
    assert refused(areas.add, **heli, code="320211004010") == ["代码的前 9 位须与上级的代码 320211001 相同。"]
    assert refused(areas.add, **heli, code="320211001004") == ["代码 320211001004 已属于“惠河社区居委会”。"]
    assert "暂编" in refused(areas.add, **heli, code="320211001900")[0]
    assert refused(areas.add, parent=tree["heli"], name="惠河社区居委会") == [
        "河埒街道已有一个没有撤销的“惠河社区居委会”。"
    ]
    for parent in ("city", "huihe"):
        assert "只能在" in refused(areas.add, parent=tree[parent], name="某地")[0]
    made = areas.add(**heli, code="320211001099", by=BY, at=AT)
    assert (made.level, made.provisional, made.path) == ("community", False, "32/3202/320211/320211001/320211001099/")


def test_without_a_code_it_is_provisional(tree):
    street = areas.add(parent=tree["district"], name="湖滨镇", by=BY, at=AT)
    second = areas.add(parent=tree["district"], name="湖东街道", by=BY, at=AT)
    below = areas.add(parent=street, name="湖滨社区", by=BY, at=AT)
    assert [(a.code, a.provisional, a.is_town) for a in (street, second, below)] == [
        ("320211900", True, True), ("320211901", True, False), ("320211900900", True, False),
    ]  # fmt: skip
    assert below in Area.objects.within(tree["district"].path)
    assert below not in Area.objects.within(tree["heli"].path)


def test_no_shipped_code_lies_in_the_provisional_range():
    codes = [row["code"] for level in install._levels() for row in level]
    assert len(codes) > 40_000
    assert [code for code in codes if rules.is_provisional(code)] == []


def test_an_area_in_use_is_not_abolished(tree):
    make.organization("甲中心", street=tree["heli"])
    make.organization("乙中心", street=tree["heli"], closed_on=date(2024, 1, 1))
    make.organization("丙队", "BA", street=tree["heli"])
    told = refused(areas.abolish, area=tree["heli"], on=TODAY)
    assert told == [
        "还有 1 个没有撤销的下级区划，请先撤销或改设。",
        "还有 2 个存续的社会组织在这个区划，请先改到别的区划。",
    ]
    assert registries.area_uses["organization"].count(tree["district"].path) == 2


def test_abolished_and_restored(tree):
    area = tree["other_street"]
    for code, told in (("999", "没有找到"), ("320213001", "不能并入自己")):
        assert told in refused(areas.abolish, area=area, on=TODAY, successor=code)[0]
    assert refused(areas.abolish, area=area, on=date(2026, 10, 27)) == ["日期不能晚于今天。"]
    areas.abolish(area=area, on=date(2026, 9, 1), successor="320211001", reason="并街道", by=BY, at=AT)
    area.refresh_from_db()
    assert (area.abolished, area.abolished_on, area.successor) == (True, date(2026, 9, 1), tree["heli"])
    assert area not in Area.objects.live()
    assert "已撤销" in refused(areas.abolish, area=area, on=TODAY)[0]
    assert "只能在" in refused(areas.add, parent=area, name="某社区")[0]
    areas.restore(area=area, reason="误操作", by=BY, at=LATER)
    area.refresh_from_db()
    assert (area.abolished, area.abolished_on, area.successor) == (False, None, None)
    assert "没有撤销" in refused(areas.restore, area=area)[0]
    events = AuditEvent.objects.filter(code="area.edited").order_by("pk")
    assert [e.payload["reason"] for e in events] == ["并街道", "误操作"]
    assert events[1].payload["changes"]["successor"] == ["河埒街道（320211001）", ""]


def test_a_grant_that_covers_the_area_is_needed(tree):
    officer = user("officer", ("registry_officer", "area", "320211"))
    street = user("street", ("street_office", "area", "320211001"))
    areas.rename(area=tree["heli"], name="新河埒街道", on=TODAY, by=officer, at=AT)
    assert Area.objects.get(code="320211001").edited_by == officer
    for who, area in ((officer, "other_street"), (officer, "city"), (street, "heli")):
        for act, more in (
            (areas.rename, {"area": tree[area], "name": "某", "on": TODAY}),
            (areas.place, {"area": tree[area], "point": None}),
            (areas.add, {"parent": tree[area], "name": "某"}), (areas.abolish, {"area": tree[area], "on": TODAY}),
            (areas.restore, {"area": tree[area]}),
        ):  # fmt: skip
            with pytest.raises(PermissionDenied):
                act(**more, by=who, at=AT)


def test_an_upgrade_leaves_edited_names_alone(tree):
    Area.objects.filter(code="320211004").update(name="旧版名称街道")
    areas.rename(area=tree["heli"], name="新河埒街道", on=TODAY, by=BY, at=AT)
    areas.place(area=tree["district"], point=(120.28, 31.53), by=BY, at=AT)
    made = areas.add(parent=tree["heli"], name="新社区", by=BY, at=AT)
    install.load_areas(at=LATER)
    changed, conflicts = install.renamed_areas(at=LATER)
    assert Area.objects.get(code="320211004").name == "蠡湖街道"  # as the release calls it
    assert changed >= 1
    assert conflicts == ["320211001 新河埒街道（河埒街道）"]
    assert Area.objects.get(code="320211001").name == "新河埒街道"
    assert Area.objects.get(code="320211").longitude == 120.28
    assert Area.objects.filter(pk=made.pk, name="新社区").exists()
    assert install.renamed_areas(at=LATER)[0] == 0


def test_the_database_keeps_edits_whole(tree):
    officer = user("officer", ("registry_officer", "area", "320211"))
    for wrong in ({"edited_by": officer}, {"datum": "xian80"}, {"abolished_on": TODAY}, {"longitude": 120.0},
                  {"successor": tree["liyuan"]}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Area.objects.filter(code="320211001").update(**wrong)
