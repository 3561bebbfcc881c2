"""The outline of an area: uploaded, replaced, taken away; what is wrong with a file is told in one sentence."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import areas
from liaoyuan.core.models import AreaOutline, AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions.demo_words import outline as demo_outline
from tests.core.factories import AT, binhu, user

BY = Operator("tests")
PAGE = "/areas/320211/outline/"
RING = [[120.1, 31.4], [120.5, 31.4], [120.5, 31.7], [120.1, 31.7], [120.1, 31.4]]


@pytest.fixture
def tree(db, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    return binhu()


@pytest.fixture
def officer(tree, client):
    who = user("officer", ("registry_officer", "area", "320211"), is_demo=True)
    client.force_login(who)
    return who


def content(ring=RING):
    return json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()


def upload(data, name="边界.geojson"):
    return {"file": SimpleUploadedFile(name, data), "datum": "wgs84", "source": "区民政局 2026"}


def test_an_officer_uploads_replaces_and_deletes(officer, client, tree):
    assert "还没有边界" in client.get("/areas/320211/").text
    assert client.post(PAGE, upload(content())).status_code == 302
    row = AreaOutline.objects.get()
    assert (row.area, row.rings, row.set_by, row.source) == (tree["district"], [[RING]], officer, "区民政局 2026")
    text = client.get("/areas/320211/").text
    assert "区民政局 2026" in text and "删除边界" in text and "WGS-84" in text
    smaller = [[120.2, 31.4], *RING[1:-1], [120.2, 31.4]]
    assert client.post(PAGE, upload(content(smaller))).status_code == 302
    assert AreaOutline.objects.get().rings == [[smaller]]
    assert client.post("/areas/320211/outline/drop/").status_code == 302
    assert not AreaOutline.objects.exists()
    assert "还没有边界" in client.get("/areas/320211/").text
    assert client.post("/areas/320211/outline/drop/").status_code == 302, "nothing to take away is told, not an error"
    assert AuditEvent.objects.filter(code="area.edited").count() == 3


@pytest.mark.parametrize(("data", "sentence"), [
    (b"not json", "不是 GeoJSON"), (b"{}", "没有完整的面"), (content([[y, x] for x, y in RING]), "颠倒"),
    (content([[x - 90, y] for x, y in RING]), "不在中国范围"), (b" " * (2 * 1024 * 1024 + 1), "文件太大"),
    (demo_outline().replace("滨湖区".encode(), "某某区".encode()), None),
])  # fmt: skip
def test_a_bad_file_leaves_one_sentence_and_nothing_else(officer, client, data, sentence):
    answer = client.post(PAGE, upload(data))
    if sentence is None:  # the only feature of a file is taken, whatever it is called
        assert answer.status_code == 302
        return
    assert answer.status_code == 422 and sentence in answer.text and "{" not in sentence
    assert not AreaOutline.objects.exists() and not AuditEvent.objects.filter(code="area.edited").exists()


def test_the_page_asks_for_a_file_and_a_source(officer, client):
    assert "不作划界依据" in client.get(PAGE).text
    answer = client.post(PAGE, {"datum": "wgs84", "source": ""})
    assert answer.status_code == 422 and not AreaOutline.objects.exists()


def test_an_outline_elsewhere_must_be_confirmed(officer, client, tree):
    far = content([[x - 10, y] for x, y in RING])
    answer = client.post(PAGE, upload(far))
    assert answer.status_code == 422 and "不在" in answer.text and 'name="confirmed"' in answer.text
    areas.place(area=tree["district"], point=(120.9, 31.5), by=BY, at=AT)
    with pytest.raises(Refused, match="不在这条边界以内"):
        areas.set_outline(area=tree["district"], content=content(), source="某处", by=BY, at=AT)
    assert client.post(PAGE, {**upload(far), "confirmed": "on"}).status_code == 302
    assert AreaOutline.objects.count() == 1


def test_who_may_and_for_which_areas(tree, client):
    given = {"content": content(), "source": "某处", "by": BY, "at": AT}
    with pytest.raises(Refused, match="区县和街道"):
        areas.set_outline(area=tree["district"].parent, **given)
    with pytest.raises(PermissionDenied):
        areas.set_outline(
            area=tree["district"], **{**given, "by": user("street", ("street_office", "area", "320211001"))}
        )
    with pytest.raises(Refused, match="来源"):
        areas.set_outline(area=tree["district"], **{**given, "source": " "})
    areas.set_outline(area=tree["heli"], **given)
    stranger = user("zhang", ("registry_officer", "area", "320213"), is_demo=True)
    client.force_login(stranger)
    assert client.get(PAGE).status_code == 403 and client.post("/areas/320211/outline/drop/").status_code == 403
    assert client.get("/areas/3202/outline/").status_code in (403, 404)
