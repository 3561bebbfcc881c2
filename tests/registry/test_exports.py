"""Exports: what they hold, the same each time, coming back without a change, logged."""

import csv
import json
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.core import registries, staging
from liaoyuan.core.access import Operator
from liaoyuan.core.choices import Event
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.models import Standing
from tests.core.factories import user
from tests.registry import factories as make

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ON = date(2026, 10, 26)
F01 = [
    "名称", "统一社会信用代码", "备案号", "类型", "登记管理机关", "业务主管单位", "行业管理部门", "党建领导机关",
    "法定代表人/负责人", "联系电话", "住所", "所属街道", "所属社区", "经度", "纬度", "坐标系",
    "成立日期", "注册资金(万元)", "业务范围",
    "行业分类", "所属领域", "证书有效期起", "证书有效期止", "专职人数", "兼职人数", "会员数(单位)", "会员数(个人)",
    "理事数", "监事数", "党员数", "评估等级", "评估时间", "评估有效期至", "年检结论(近3年)", "是否慈善组织",
    "公开募捐资格", "税前扣除资格", "信用状态", "状态", "注销日期", "备注",
]  # fmt: skip


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def whole(areas):
    """One body with every field, a closed one, an association, a filed one, one with little known."""
    full = make.organization(
        "滨湖区示例陪伴服务中心", "MF", street=areas["heli"], community_id=areas["huihe"].pk,
        registered_on=date(2015, 5, 1), registrar="无锡市滨湖区民政局", supervisor="滨湖区教育局",
        industry_regulator="滨湖区卫健委", party_lead="滨湖区委社会工作部", legal_representative="张某",
        phone="13800001234", address="河埒街道示例路1号", capital_fen=3_500_000, scope="陪伴，服务", field="09",
        district_field="livelihood", certificate_from=date(2023, 1, 1), certificate_to=date(2027, 1, 1), full_time=5,
        part_time=0, council_count=7, supervisors_count=1, party_members_declared=3, is_charity=True,
        public_fundraising=False, longitude=120.2680312,
        latitude=31.5640771, point_datum="gcj02", note='=HYPERLINK("http://x")', precision={"registered_on": "M"},
    )  # fmt: skip
    make.rating(full, "4A", date(2023, 6, 1), date(2028, 6, 2))
    make.credit(full, "abnormal")
    for year, word in ((2022, "qualified"), (2023, "basically"), (2024, "missed"), (2025, "exempt")):
        make.result(full, year, word)
    make.organization("滨湖区示例旧协会", "ST", street=areas["liyuan"], closed_on=date(2024, 3, 1), members_person=60)
    make.organization(
        "惠河社区示例合唱队", "BA", street=areas["heli"], members_person=12, filing_category="culture_sports",
        filing_to=date(2027, 8, 1), guidance_unit="惠河社区", phone="0510-85101234",
        representative_id="11010519491231002X",
    )  # fmt: skip
    make.organization("滨湖区示例基金会", "JJ", street=None, registered_on=None, capital_fen=200_000_000)
    return full


def export(path, kind="organizations", by=None, **more):
    more.setdefault("as_of", ON)
    return registries.export_kinds[kind](
        path=path, form=path.suffix[1:], by=by or Operator("tests"), at=make.AT, **more
    )


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_f01_holds_every_field_in_the_forms_order(whole, tmp_path):
    path = tmp_path / "f01.csv"
    assert export(path) == 4
    rows = read(path)
    assert list(rows[0]) == F01
    row = next(row for row in rows if row["名称"] == "滨湖区示例陪伴服务中心")
    assert row == dict(zip(F01, [
        "滨湖区示例陪伴服务中心", whole.code, "", "民办非企业单位", "无锡市滨湖区民政局", "滨湖区教育局",
        "滨湖区卫健委", "滨湖区委社会工作部", "张某", "138****1234", "河埒街道示例路1号", "河埒街道",
        "惠河社区居委会", "120.2680312", "31.5640771", "WGS-84",
        "2015-05", "3.5", "陪伴，服务", "社会服务", "民生", "2023-01-01", "2027-01-01", "5", "0",
        "", "", "7", "1", "3", "4A", "2023-06-01", "2028-06-01", "2025免检、2024未参加、2023基本合格", "是", "否",
        "", "活动异常名录", "正常", "", "'=HYPERLINK(\"http://x\")",
    ], strict=True))  # fmt: skip
    closed = next(row for row in rows if row["名称"] == "滨湖区示例旧协会")
    assert (closed["状态"], closed["注销日期"], closed["会员数(个人)"]) == ("已注销", "2024-03-01", "60")
    assert [row["统一社会信用代码"] or row["备案号"] for row in rows] == sorted(
        [row["统一社会信用代码"] or row["备案号"] for row in rows], key=lambda code: (not code.startswith("BA"), code)
    )


def test_f02_holds_the_filed_bodies_without_identity_numbers(whole, tmp_path):
    path = tmp_path / "f02.csv"
    assert export(path, "filings") == 1
    (row,) = read(path)
    assert list(row) == [
        "名称", "备案号", "类别", "所属街道", "所属社区", "负责人", "身份证号", "电话", "成员数", "活动场所",
        "备案日期", "有效期", "指导单位", "党员数", "状态", "注销日期", "备注",
    ]  # fmt: skip
    assert (row["名称"], row["类别"], row["成员数"]) == ("惠河社区示例合唱队", "文体类", "12")
    assert row["有效期"] == "2027-08-01"
    assert row["身份证号"] == "" and "85101234" not in str(row)
    assert "11010519491231002X" not in path.read_text(encoding="utf-8-sig")


def test_json_holds_normalised_values(whole, tmp_path):
    path = tmp_path / "f01.json"
    export(path)
    row = next(row for row in json.loads(path.read_text()) if row["code"] == whole.code)
    assert (row["kind"], row["status"], row["credit_status"], row["field"]) == ("MF", "active", "abnormal", "09")
    assert (row["capital_fen"], row["is_charity"], row["public_fundraising"]) == (3_500_000, True, False)
    assert row["tax_deductible"] is None and row["rating_until"] == "2028-06-01" and row["registered_on"] == "2015-05"
    assert row["annual_results"] == {"2025": "exempt", "2024": "missed", "2023": "basically"}
    assert row["phone"] == "138****1234"
    assert (row["longitude"], row["latitude"], row["point_datum"]) == (120.2680312, 31.5640771, "gcj02")


def test_the_same_register_gives_the_same_bytes(whole, tmp_path):
    for form in ("xlsx", "csv", "json"):
        export(tmp_path / f"a.{form}")
        export(tmp_path / f"b.{form}")
        assert (tmp_path / f"a.{form}").read_bytes() == (tmp_path / f"b.{form}").read_bytes(), form


def test_a_formula_is_a_text_in_the_workbook(whole, tmp_path):
    path = tmp_path / "f01.xlsx"
    export(path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert '=HYPERLINK("http://x")' in {cell.value for cell in cells}
    with zipfile.ZipFile(path) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_a_past_day(whole, tmp_path):
    make.changed(whole, date(2026, 1, 1), name="滨湖区示例新名中心", at=make.AT + timedelta(hours=1))
    export(tmp_path / "then.csv", as_of=date(2024, 1, 1))
    rows = {row["名称"]: row for row in read(tmp_path / "then.csv")}
    assert set(rows) >= {"滨湖区示例陪伴服务中心", "滨湖区示例旧协会"}
    assert rows["滨湖区示例旧协会"]["状态"] == "正常" and rows["滨湖区示例陪伴服务中心"]["信用状态"] == "正常"
    export(tmp_path / "now.csv")
    assert "滨湖区示例新名中心" in {row["名称"] for row in read(tmp_path / "now.csv")}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["organizations", "filings"])
def test_an_export_imported_again_changes_nothing(whole, areas, tmp_path, kind, form):
    officer = make.officer()
    path = tmp_path / f"again.{form}"
    export(path, kind)
    before = list(Standing.objects.order_by("pk").values())
    order = staging.Order(kind=kind, path=path, file_name=path.name, area=areas["district"], as_of=ON)
    batch = staging.stage(order, by=officer, at=make.AT)
    told = [(row.label, row.action, row.before) for row in batch.rows.all() if row.action not in ("unchanged", "")]
    assert told == []
    registries.import_kinds[kind].apply(batch=batch, confirm_review=True, by=officer, at=make.AT)
    assert list(Standing.objects.order_by("pk").values()) == before
    export(tmp_path / f"third.{form}", kind)
    assert (tmp_path / f"third.{form}").read_bytes() == path.read_bytes()


def test_scope_area_and_filters(whole, areas, tmp_path):
    make.organization("邻区示例中心", "MF", street=areas["other_street"], registrar_area=areas["other"])
    path = tmp_path / "x.csv"
    street = user("street", ("street_office", "area", "320211001"))
    assert export(path, by=street) == 2
    assert export(path) == 5
    assert export(path, area=areas["district"]) == 4
    assert export(path, filters={"kind": "MF"}) == 2
    assert export(path, filters={"status": "deregistered"}) == 1
    assert export(path, filters={"street": "河埒街道", "group": "registered"}) == 1
    for wrong in ({"colour": "red"}, {"since": "gestern"}, {"street": "天上街道"}):
        with pytest.raises(Refused):
            export(path, filters=wrong)
    with pytest.raises(PermissionDenied):
        export(path, by=user("leader", ("leadership", "area", "320211")))


def test_an_export_is_logged(whole, tmp_path):
    export(tmp_path / "x.csv", filters={"kind": "MF"})
    event = AuditEvent.objects.get(code=Event.EXPORTED)
    assert event.payload["rows"] == 1
    assert event.payload["filters"] == {"kind": "MF", "as_of": "2026-10-26", "form": "csv"}


def test_the_download_holds_what_the_list_shows(whole, areas, client, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    url = reverse("registry:organization_export")
    assert client.post(url, {"form": "csv"}).status_code == 302
    client.force_login(user("leader", ("leadership", "area", "320211"), is_demo=True), backend=BACKEND)
    assert client.post(url, {"form": "csv"}).status_code == 403
    client.force_login(make.officer(), backend=BACKEND)
    assert client.get(url).status_code == 405

    def names(answer):
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return {row["名称"] for row in csv.DictReader(text.splitlines())}

    answer = client.post(f"{url}?kind=MF&q=示例", {"form": "csv"})
    assert names(answer) == {"滨湖区示例陪伴服务中心"} and "attachment" in answer["Content-Disposition"]
    other = make.organization("邻区示例中心", street=areas["other_street"], registrar_area=areas["other"])
    answer = client.post(url, {"form": "csv", "ids": [whole.pk, other.pk]})
    assert names(answer) == {"滨湖区示例陪伴服务中心"}
    answer = client.post(url, {"form": "csv", "kind": "filings"})
    assert names(answer) == {"惠河社区示例合唱队"}
    assert client.post(url, {"form": "exe"}).status_code == 302
    assert AuditEvent.objects.filter(code=Event.EXPORTED).count() == 3


def test_a_register_without_bodies_gives_an_empty_form(areas, tmp_path):
    path = tmp_path / "none.csv"
    assert export(path) == 0 and read(path) == []
    assert export(path, by=user("s", ("street_office", "area", "320211001"))) == 0
