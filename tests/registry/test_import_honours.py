"""F25: honours against the truth table; whose they are, what stands already, stale batches, undo, the way back."""

import json
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.conf.cli import main
from liaoyuan.core import registries, staging
from liaoyuan.core.models import Area, AuditEvent, ImportBatch
from liaoyuan.core.queries import batches
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import honours
from liaoyuan.registry.models import Honour
from tests.people.test_import_truth import workbook
from tests.registry import factories as make
from tests.truth import honours as truth

AS_OF = date(2026, 10, 26)
NAME = "滨湖区甲福利服务中心"


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def body(areas):
    return make.organization(NAME, street=areas["heli"])


@pytest.fixture
def line(body):
    return truth.clean(NAME, body.code)


def stage(path, area="320211"):
    order = staging.Order(kind="honours", path=path, file_name=path.name, area=Area.objects.get(code=area), as_of=AS_OF)
    return staging.stage(order, by=make.OPERATOR, at=make.AT)


def sheet(tmp_path, *rows, name="f25.xlsx", head=truth.HEAD):
    return workbook(tmp_path / name, rows, head)


def apply(batch, by=make.OPERATOR, **more):
    return registries.import_kinds[batch.kind].apply(batch=batch, by=by, at=make.AT, **more)


def undo(batch):
    return registries.import_kinds[batch.kind].undo(batch=batch, by=make.OPERATOR, at=make.AT)


def rows_of(batch):
    return list(batch.rows.exclude(verdict="skip").order_by("number"))


def told(row):
    """Codes of the findings with the field that they stand on."""
    return {(found["code"], found["field"]) for found in row.findings}


_FIELD = {"on": "given_on", "scan": "evidence"}


def test_every_line_of_the_truth_table_gives_what_it_must(body, line, tmp_path):
    """Each case on a body of its own, in one file: no wrong value is accepted."""
    bodies = [make.organization(f"滨湖区示例{n}号服务中心") for n in range(len(truth.CASES))]
    lines = [truth.cells({**line, "organization": f"滨湖区示例{n}号服务中心", "code": bodies[n].code}, **case.change)
             for n, case in enumerate(truth.CASES)]  # fmt: skip
    batch = stage(sheet(tmp_path, *lines))
    rows = rows_of(batch)
    assert len(rows) == len(truth.CASES)
    for case, row in zip(truth.CASES, rows, strict=True):
        assert row.verdict == case.verdict, (case.name, row.findings)
        if case.column:
            assert {field for _code, field in told(row)} == {_FIELD.get(case.column, case.column)}, case.name
        else:
            assert row.findings == [] and row.action == "create", case.name
    apply(batch)
    for case, made in zip(truth.CASES, bodies, strict=True):
        found = Honour.objects.current().filter(organization=made)
        if case.verdict != "accept":
            assert not found.exists(), case.name
            continue
        stored = {name: getattr(found.get(), name) for name in truth.VALUES}
        assert stored == {**truth.VALUES, **case.values}, case.name


@pytest.mark.parametrize("form", ["code", "small code", "filing number", "name"])
def test_the_body_is_found(body, line, areas, tmp_path, form):
    filed = make.organization("惠河社区书画社", "BA", street=areas["heli"], filing_no="BA-320211-001-2020-0077")
    change, wanted = {
        "code": ({"organization": ""}, body),
        "small code": ({"organization": "", "code": f" {body.code.lower()} "}, body),
        "filing number": ({"organization": "", "code": "ba－320211－001－2020－0077"}, filed),
        "name": ({"code": ""}, body),
    }[form]
    batch = stage(sheet(tmp_path, truth.cells(line, **change)))
    (row,) = rows_of(batch)
    assert (row.verdict, row.findings) == ("accept", [])
    apply(batch)
    assert Honour.objects.current().get().organization == wanted


def test_whose_it_is_is_never_guessed(body, line, areas, tmp_path):
    for _n in range(2):
        make.organization("滨湖区同名服务中心")
    other = make.organization("滨湖区乙服务中心")
    make.organization("梁溪区丙服务中心", registrar_area=areas["other"])
    batch = stage(sheet(
        tmp_path,
        truth.cells(line, organization="", code=""),
        truth.cells(line, organization="没有的中心", code=""),
        truth.cells(line, organization="滨湖区同名服务中心", code=""),
        truth.cells(line, organization="梁溪区丙服务中心", code=""),
        truth.cells(line, code=other.code),
        truth.cells(line, code=make.code("MF", 999_999)),
        truth.cells(line, organization="没有的中心", code=make.code("MF", 999_999)),
        truth.cells(line, title="另一项荣誉", code=5.2320211e17),
    ))  # fmt: skip
    assert [(row.verdict, told(row)) for row in rows_of(batch)] == [
        ("reject", {("IMP-ORG-MISSING", "organization")}),
        ("reject", {("IMP-ORG-UNKNOWN", "organization")}),
        ("reject", {("IMP-ORG-TWICE", "organization")}),
        ("reject", {("IMP-NOT-OWN", "organization")}),
        ("review", {("IMP-ORG-DIFFERS", "organization")}),
        ("review", {("IMP-CODE-UNKNOWN", "code")}),
        ("reject", {("IMP-ORG-UNKNOWN", "organization")}),
        ("reject", {("IMP-NUMBER-CELL-LOST-DIGITS", "code")}),
    ]
    apply(batch)
    assert not Honour.objects.exists(), "nothing is written that nobody confirmed"


def test_what_stands_already_is_unchanged_and_what_differs_is_mended(body, line, tmp_path):
    first = stage(sheet(tmp_path, truth.cells(line)))
    apply(first)
    honour = Honour.objects.get()
    again = stage(sheet(tmp_path, truth.cells(line, level="市", on="2025年3月5日"), name="again.xlsx"))
    assert [(row.verdict, row.action) for row in rows_of(again)] == [("accept", "unchanged")]
    silent = truth.cells(line, issuer="", until="", scan="", level="市级")
    assert [row.action for row in rows_of(stage(sheet(tmp_path, silent, name="s.xlsx")))] == ["unchanged"]
    mended = stage(sheet(tmp_path, truth.cells(line, level="省级", until="长期"), name="mended.xlsx"))
    (row,) = rows_of(mended)
    assert row.action == "update"
    assert {name: pair for name, pair in row.before.items() if name != "_"} == {
        "level": ["city", "province"], "until": ["2028-03-04", ""],
    }  # fmt: skip
    apply(mended)
    honour.refresh_from_db()
    assert (honour.level, honour.valid_to, honour.superseded_at) == ("province", truth.FOREVER, None)
    old = Honour.objects.exclude(pk=honour.pk).get()
    assert (old.level, old.valid_to, old.superseded_at) == ("city", date(2028, 3, 5), make.AT)
    undo(mended)
    honour.refresh_from_db()
    assert (honour.level, honour.valid_to) == ("city", date(2028, 3, 5)), "its scans still hang on it"
    undo(first)
    assert not Honour.objects.current().exists()
    assert ImportBatch.objects.filter(state="undone").count() == 2
    assert AuditEvent.objects.filter(code="import.undone").count() == 2


def test_other_honours_of_the_same_day_are_others(body, line, tmp_path):
    rows = (truth.cells(line), truth.cells(line, issuer="江苏省民政厅"), truth.cells(line, title="优秀志愿服务组织"),
            truth.cells(line, on="2024-03-05"), truth.cells(line))  # fmt: skip
    batch = stage(sheet(tmp_path, *rows))
    assert [row.verdict for row in rows_of(batch)] == ["accept"] * 4 + ["duplicate"]
    apply(batch)
    assert Honour.objects.current().count() == 4
    vague = stage(sheet(tmp_path, truth.cells(line, issuer=""), name="vague.xlsx"))
    (row,) = rows_of(vague)
    assert (row.verdict, told(row)) == ("reject", {("IMP-HONOUR-TWICE", "issuer")})


def test_an_honour_without_an_issuer_is_completed(body, line, tmp_path):
    make.honour(body, "先进社会组织", "city", valid_from=date(2025, 3, 5), issuer="")
    batch = stage(sheet(tmp_path, truth.cells(line, until="", scan="")))
    (row,) = rows_of(batch)
    assert (row.action, row.before["issuer"]) == ("update", ["", "无锡市民政局"])
    apply(batch)
    assert Honour.objects.current().get().issuer == "无锡市民政局"


def test_two_lines_that_differ_wait_for_a_person_and_the_last_confirmed_wins(body, line, tmp_path):
    batch = stage(sheet(tmp_path, truth.cells(line), truth.cells(line, level="省级")))
    assert [row.verdict for row in rows_of(batch)] == ["accept", "review"]
    apply(batch, confirm_review=True)
    assert Honour.objects.current().get().level == "province"


def test_a_month_alone_is_confirmed_once_and_marked_as_assumed(body, line, tmp_path):
    batch = stage(sheet(tmp_path, truth.cells(line, on="2025-03")))
    apply(batch)
    assert not Honour.objects.exists()
    batch = stage(sheet(tmp_path, truth.cells(line, on="2025年3月", until=""), name="b.xlsx"))
    apply(batch, confirm_review=True)
    honour = Honour.objects.get()
    assert (honour.valid_from, honour.assumed) == (date(2025, 3, 1), True)
    again = stage(sheet(tmp_path, truth.cells(line, on="2025-03", until=""), name="c.xlsx"))
    assert [(row.verdict, row.action) for row in rows_of(again)] == [("accept", "unchanged")]


def test_a_batch_is_stale_when_a_body_changed_meanwhile(body, line, tmp_path):
    batch = stage(sheet(tmp_path, truth.cells(line)))
    honours.add(organization=body, title="别的荣誉", level="city", issuer="", given_on=date(2024, 1, 1), until=None,
                evidence="", by=make.officer(), at=make.AT)  # fmt: skip
    with pytest.raises(Refused) as refused:
        apply(batch)
    assert [found.code for found in refused.value.findings] == ["IMP-STALE"]
    batch.refresh_from_db()
    assert batch.state == "staged" and Honour.objects.count() == 1
    version = type(body).objects.get(pk=body.pk).version
    fresh = stage(sheet(tmp_path, truth.cells(line), name="fresh.xlsx", head=(*truth.HEAD[:-1], "证书编号")))
    apply(fresh)
    assert type(body).objects.get(pk=body.pk).version == version + 1, "a comparison made before does not hold any more"
    with pytest.raises(Refused):
        apply(fresh)


def test_undo_refuses_after_a_later_change_and_undoes_nothing(body, line, tmp_path):
    other = make.organization("滨湖区乙服务中心")
    batch = stage(sheet(tmp_path, truth.cells(line), truth.cells(line, organization="滨湖区乙服务中心", code="")))
    apply(batch)
    honours.remove(honour=Honour.objects.get(organization=other), by=make.officer(), at=make.AT)
    with pytest.raises(Refused) as refused:
        undo(batch)
    (found,) = refused.value.findings
    assert (found.code, found.args["row"], found.args["name"]) == ("IMP-UNDO", 3, "滨湖区乙服务中心")
    assert Honour.objects.current().get().organization == body
    batch.refresh_from_db()
    assert batch.state == "applied"


def test_the_record_tells_where_it_came_from_and_only_of_what_was_written(client, body, line, tmp_path):
    batch = stage(sheet(tmp_path, truth.cells(line), truth.cells(line, title="")))
    apply(batch)
    client.force_login(make.officer())
    text = client.get(f"{reverse('registry:organization_detail', args=[body.pk])}?tab=timeline").content.decode()
    assert "f25.xlsx 第 2 行" in text and "第 3 行" not in text
    text = client.get(f"{reverse('registry:organization_detail', args=[body.pk])}?tab=awards").content.decode()
    assert "先进社会组织" in text and "市级" in text and "2028-03-04" in text


def test_a_street_imports_for_its_filed_bodies_only(body, line, areas, tmp_path):
    make.organization("惠河社区书画社", "BA", street=areas["heli"])
    street = make.user("jiedao", ("street_office", "area", "320211001"), is_demo=True)
    rows = (truth.cells(line), truth.cells(line, organization="惠河社区书画社", code=""))
    batch = stage(sheet(tmp_path, *rows), area="320211001")
    assert [row.verdict for row in rows_of(batch)] == ["reject", "accept"]
    apply(batch, by=street)
    assert Honour.objects.get().recorded_by == street
    district = stage(sheet(tmp_path, *rows, name="d.xlsx"))
    with pytest.raises(PermissionDenied):
        apply(district, by=street)


def test_what_was_refused_comes_back_with_comments_and_is_read_again(body, line, tmp_path):
    batch = stage(sheet(tmp_path, truth.cells(line), truth.cells(line, level="特级"), truth.cells(line, on="2025-03")))
    path = tmp_path / "back.xlsx"
    assert batches.write_errors(batch, path) == 2
    page = openpyxl.load_workbook(path).worksheets[0]
    head = next(row for row in page.iter_rows() if row[0].value == "组织")
    first = head[0].row + 1
    assert page.cell(first, 4).value == "特级" and page.cell(first, 4).comment is not None
    assert page.cell(first + 1, 6).comment is not None and page.cell(first + 1, 4).comment is None
    page.cell(first, 4).value, page.cell(first + 1, 6).value = "省级", "2025-03-06"
    page.parent.save(path)
    again = stage(path)
    assert [(row.verdict, row.action) for row in rows_of(again)] == [("accept", "create")] * 2


def test_a_row_is_corrected_on_the_page(client, body, line, tmp_path):
    officer = make.officer()
    batch = stage(sheet(tmp_path, truth.cells(line, level="特级")))
    client.force_login(officer)
    page = client.get(reverse("core:import_detail", args=[batch.pk])).content.decode()
    assert "荣誉登记表" in page and "退回" in page
    (row,) = rows_of(batch)
    address = reverse("core:import_row", args=[batch.pk, row.number])
    assert "特级" in client.get(address).content.decode()
    assert AuditEvent.objects.filter(code="import.staged").count() == 1


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_exported_comes_back_without_a_change(body, areas, tmp_path, form):
    filed = make.organization("惠河社区书画社", "BA", street=areas["heli"])
    make.honour(body, "=先进社会组织", "city", issuer="无锡市民政局", valid_to=date(2027, 3, 6), evidence="3号")
    make.honour(body, "先进社会组织", "national", valid_from=date(2023, 1, 1), assumed=True)
    make.honour(filed, "优秀社区社会组织", "district")
    make.honour(filed, "误录", "district", superseded_at=make.AT)
    make.honour(filed, "以后的", "district", valid_from=date(2026, 10, 27))
    path = tmp_path / f"out.{form}"
    export = registries.export_kinds["honours"]
    assert export(path=path, form=form, by=make.OPERATOR, at=make.AT, as_of=AS_OF) == 3
    batch = stage(path)
    assert [(row.verdict, row.action, row.findings) for row in rows_of(batch)] == [("accept", "unchanged", [])] * 3
    assert AuditEvent.objects.get(code="read.exported").payload["rows"] == 3


def test_an_export_holds_what_one_may_see(body, areas, tmp_path):
    filed = make.organization("惠河社区书画社", "BA", street=areas["heli"])
    far = make.organization("东苑社区舞蹈队", "BA", street=areas["liyuan"])
    for one in (filed, far):
        make.honour(one, "优秀社区社会组织")
    export = registries.export_kinds["honours"]
    street = make.user("jiedao", ("street_office", "area", "320211001"), is_demo=True)
    path = tmp_path / "out.json"
    assert export(path=path, form="json", by=street, at=make.AT, as_of=AS_OF) == 1
    assert [entry["organization"] for entry in json.loads(path.read_text())] == ["惠河社区书画社"]
    assert export(path=path, form="json", by=make.officer(), at=make.AT, as_of=AS_OF, area=areas["liyuan"]) == 1
    with pytest.raises(PermissionDenied):
        export(path=path, form="json", by=make.head_of(filed), at=make.AT, as_of=AS_OF)
    with pytest.raises(Refused):
        export(path=path, form="json", by=make.officer("b"), at=make.AT, as_of=AS_OF, filters={"x": "1"})


def test_the_command_line_imports_and_exports(body, line, tmp_path, capsys):
    def run(*argv):
        return main.run(main.parser().parse_args([*map(str, argv)]))

    path, out = sheet(tmp_path, truth.cells(line), truth.cells(line, title="")), tmp_path / "out.csv"
    assert (
        run("import", "honours", path, "--area", "320211", "--as-of", "2026-10-26", "--json") == 1
    )  # a row is refused
    report = json.loads(capsys.readouterr().out)
    assert (report["created"], report["verdicts"]["accept"], report["verdicts"]["reject"]) == (1, 1, 1)
    assert run("export", "honours", "--output", out, "--as-of", "2026-10-26", "--area", "320211") == 0
    assert out.read_text(encoding="utf-8-sig").count("\n") == 2
    assert "先进社会组织,市级,无锡市民政局,2025-03-05,2028-03-04" in out.read_text(encoding="utf-8-sig")


def test_a_body_that_was_voided_is_not_written_to(body, line, tmp_path):
    batch = stage(sheet(tmp_path, truth.cells(line)))
    type(body).objects.filter(pk=body.pk).update(voided_at=make.AT, live=False)
    with pytest.raises(Refused):
        apply(batch)
    assert not Honour.objects.exists()


def test_all_honours_are_downloaded_from_the_list(client, body, tmp_path):
    make.honour(body, "先进社会组织", "city", issuer="无锡市民政局")
    client.force_login(make.officer())
    listing = client.get(reverse("registry:organization_list")).content.decode()
    assert reverse("registry:honour_export") in listing
    answer = client.post(reverse("registry:honour_export"))
    path = tmp_path / "f25.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    page = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.value for cell in page[2]][:5] == [NAME, body.code, "先进社会组织", "市级", "无锡市民政局"]
    client.force_login(make.officer("ke", role="leadership"))
    assert reverse("registry:honour_export") not in client.get(reverse("registry:organization_list")).content.decode()
    assert client.post(reverse("registry:honour_export")).status_code == 403
