"""Bulk import through the interface: the report of the staging, one door for area and kind, apply, undo, discard."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaoyuan.api import params
from liaoyuan.core import staging
from liaoyuan.core.actions import install
from liaoyuan.core.models import Area, AuditEvent, ImportBatch, ImportRow
from liaoyuan.core.queries import batches
from liaoyuan.registry.models import Organization, Standing
from tests.api.conftest import AT, PHONE, Caller, token_of
from tests.core.factories import user
from tests.registry import factories
from tests.truth.build import build

HEAD = "名称,统一社会信用代码,类型,所属街道,成立日期,联系电话,注册资金\n"
ROW = "滨湖演示甲服务中心,52329911MJ100001XH,民办非企业单位,蠡园街道,2015-03-01,13951510773,3万元\n"
DOUBT = "滨湖演示乙服务中心,5232991lMJ1000028W,民办非企业单位,蠡园街道,2015-03,,3万元\n"


def file(text: str | bytes, name: str = "台账.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode("utf-8-sig"))


def asked(text: str | bytes = HEAD + ROW, **more):
    return {
        "kind": "organizations",
        "area": "320211",
        "as_of": "2026-10-26",
        "pledge": "true",
        "file": file(text),
        **more,
    }


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory):
    return build(Path(tmp_path_factory.mktemp("truth")))


@pytest.mark.django_db
@pytest.mark.parametrize("index", [0, 8])
def test_the_report_is_that_of_the_staging(fixtures, index, monkeypatch):
    monkeypatch.setattr(params, "REPORT_LINES", 10_000)
    monkeypatch.setattr("liaoyuan.api.queries.imports.REPORT_LINES", 10_000)
    install.load_areas(at=AT)
    program = Caller(token_of(user("officer", ("registry_officer", "area", "320211"), is_demo=True)))
    fixture = fixtures[index]
    options = {k: v for k, v in fixture.options.items() if k in ("sheet", "unit")}
    told = program.post("/imports", 201, asked(fixture.path.read_bytes(), **options) | {
        "file": file(fixture.path.read_bytes(), fixture.path.name)})  # fmt: skip
    order = staging.Order(
        kind="organizations", path=fixture.path, file_name=fixture.path.name, area=Area.objects.get(code="320211"),
        as_of=date(2026, 10, 26), sheet=fixture.options.get("sheet"), unit=fixture.options.get("unit"),
    )  # fmt: skip
    ImportBatch.objects.filter(pk=told["batch"]).update(file_key="set aside")
    batch = staging.stage(order, by=user("other", is_demo=True), at=AT)
    assert str(batch.pk) != told["batch"]
    expected = json.loads(json.dumps(batches.report(batch), default=str))
    assert len(expected["lines"]) == told["lines_total"] == told["rows"] > 40
    assert {key: told[key] for key in expected if key != "batch"} == {k: v for k, v in expected.items() if k != "batch"}


@pytest.mark.django_db
def test_upload_apply_undo(ground, officer):
    told = officer.post("/imports", 201, asked(HEAD + ROW + DOUBT))
    assert (told["state"], told["rows"], told["verdicts"]["accept"], told["waiting"]) == ("staged", 2, 1, 1)
    assert told["lines"][0]["fields"]["phone"] == "139****0773" and PHONE not in json.dumps(told)
    assert Organization.objects.count() == 4
    again = officer.post("/imports", 201, asked(HEAD + ROW + DOUBT))
    assert again["batch"] == told["batch"]
    batch = told["batch"]
    assert officer.get(f"/imports/{batch}") == again
    assert officer.get(f"/imports/{batch}/lines?verdict=review")["items"] == told["lines"][1:]
    assert officer.get("/imports?state=staged")["items"][0]["batch"] == batch
    written = officer.post(f"/imports/{batch}/apply")
    assert written == {"batch": batch, "state": "applied", "created": 1, "updated": 0, "work": None}
    assert officer.get("/organizations?q=滨湖演示")["total"] == 1
    assert officer.post(f"/imports/{batch}/apply", 409)["findings"][0]["code"] == "IMP-STATE"
    assert officer.send("delete", f"/imports/{batch}").status_code == 409
    assert officer.post(f"/imports/{batch}/undo")["state"] == "undone"
    assert officer.get("/organizations?q=滨湖演示")["total"] == 0
    assert officer.post(f"/imports/{batch}/undo", 409)["message"]
    event = AuditEvent.objects.get(code="import.applied")
    assert (event.actor, event.channel) == (ground.officer, "api")


@pytest.mark.django_db
def test_review_rows_go_in_when_asked(officer):
    batch = officer.post("/imports", 201, asked(HEAD + ROW + DOUBT))["batch"]
    written = officer.post(f"/imports/{batch}/apply?confirm_review=true")
    assert written["created"] == 2


@pytest.mark.django_db
def test_discard(officer):
    batch = officer.post("/imports", 201, asked())["batch"]
    answer = officer.send("delete", f"/imports/{batch}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert officer.get(f"/imports/{batch}")["state"] == "discarded"
    assert not ImportRow.objects.exists() and Organization.objects.count() == 4


@pytest.mark.django_db
def test_a_changed_register_refuses(ground, officer):
    code = ground.inside.code
    row = f"甲内福利服务中心,{code},民办非企业单位,河埒街道,2015-05-04,13800000000,5万元\n"
    batch = officer.post("/imports", 201, asked(HEAD + row))["batch"]
    factories.changed(ground.inside, date(2026, 10, 1), full_time=7)
    Organization.objects.filter(pk=ground.inside.pk).update(version=99)
    assert officer.post(f"/imports/{batch}/apply", 409)["findings"][0]["code"] == "IMP-STALE"
    assert Standing.objects.now_open().get(organization=ground.inside).capital_fen == 3_000_000


@pytest.mark.django_db
def test_the_area_and_the_kind_are_judged(ground, officer, street):
    assert street.post("/imports", 403, asked())["code"] == "forbidden"
    assert officer.post("/imports", 403, asked(area="320213"))["code"] == "forbidden"
    assert officer.post("/imports", 403, asked(area="3202"))["code"] == "forbidden"
    mine = street.post("/imports", 201, asked(area="320211001"))["batch"]
    theirs = officer.post("/imports", 201, asked())["batch"]
    for method, path in (("get", ""), ("get", "/lines"), ("post", "/apply"), ("post", "/undo"), ("delete", "")):
        assert street.send(method, f"/imports/{theirs}{path}").status_code == 404
    assert [b["batch"] for b in street.get("/imports")["items"]] == [mine]
    assert street.get("/imports")["total"] == 1
    assert ImportBatch.objects.get(pk=theirs).state == "staged"
    filing = Caller(token_of(ground.officer, "registry.filing.edit"))
    filing.post("/imports", 403, asked())
    assert filing.get("/imports")["total"] == 0
    filing.get(f"/imports/{theirs}", 404)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "nothing"}, "kind"),
        ({"area": "999999"}, "area"),
        ({"area": ""}, "area"),
        ({"pledge": "false"}, "pledge"),
        ({"as_of": "2026.10.26"}, "as_of"),
        ({"unit": "美元"}, "unit"),
        ({"map": ["名称"]}, "map"),
        ({"map": ["名称=nothing"]}, "map"),
        ({"file": file(b"", "空.csv")}, "file"),
        ({"file": file("没有表头\n", "无.csv")}, "file"),
        ({"file": file(b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, "图.xlsx")}, "file"),
        ({"file": file(b"PK\x03\x04" + b"\x00" * 99, "坏.xlsx")}, "file"),
        ({"sheet": "没有这张", "file": file(HEAD + ROW)}, ""),
    ],
)
def test_bad_uploads(officer, more, field):
    answer = officer.send("post", "/imports", data=asked(**more))
    told = json.loads(answer.content)
    if not field and answer.status_code == 201:
        return
    assert answer.status_code == 422, told
    assert field in [f["field"] for f in told["fields"]] or not field
    assert not ImportBatch.objects.exclude(state="staged").exists()


@pytest.mark.django_db
def test_without_a_file_and_too_large_a_file(officer, settings):
    missing = asked()
    del missing["file"]
    assert officer.post("/imports", 422, missing)["fields"] == [{"field": "file", "message": "必须填写。"}]
    settings.UPLOAD_MAX_BYTES = 10
    assert officer.post("/imports", 413, asked())["code"] == "too_large"
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    assert officer.post("/imports", 413, asked(map=["a=b"] * 5))["code"] == "too_large"
    broken = officer.send("post", "/imports", data=b"--x\r\n", content_type="multipart/form-data; boundary=")
    assert broken.status_code in (400, 422)


@pytest.mark.django_db
def test_columns_named_by_the_caller(officer):
    text = HEAD.replace("名称", "机构全名称呼") + ROW
    told = officer.post("/imports", 201, asked(text, map=["机构全名称呼=name"]))
    assert told["mapping"]["机构全名称呼"] == "name"
    assert told["lines"][0]["fields"]["name"] == "滨湖演示甲服务中心"


@pytest.mark.django_db
def test_long_reports_are_cut_into_pages(officer, monkeypatch):
    monkeypatch.setattr("liaoyuan.api.queries.imports.REPORT_LINES", 3)
    text = io.StringIO()
    text.write(HEAD)
    for number in range(8):
        text.write(
            ROW.replace("甲服务", f"{number}服务").replace("52329911MJ100001XH", factories.code("MF", 9000 + number))
        )
    told = officer.post("/imports", 201, asked(text.getvalue()))
    assert (told["lines_total"], [line["row"] for line in told["lines"]]) == (8, [2, 3, 4])
    pages = [officer.get(f"/imports/{told['batch']}/lines?per=5&page={n}") for n in (1, 2, 3)]
    assert [line["row"] for page in pages for line in page["items"]] == list(range(2, 10))
    assert [page["pages"] for page in pages] == [2, 2, 2]
