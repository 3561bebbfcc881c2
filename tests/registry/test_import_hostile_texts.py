"""Formulas and scripts in cells arrive as texts, are shown as texts, leave as texts, and come back unchanged.

Beside it: really issued codes that fail a check digit wait for a person, and are stored when he confirms.
"""

import csv
import io
import json
import zipfile
from html.parser import HTMLParser

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liaoyuan.conf.cli import main
from liaoyuan.core import search
from liaoyuan.core.models import ImportBatch
from liaoyuan.registry.models import Organization, Standing
from tests.api.conftest import Caller, token_of
from tests.kit.sheets import files
from tests.kit.test_identifiers import VECTORS
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
CODE = make.code("MF", 720001)
#: field → (column, the text). Each begins with a sign of a formula, or holds markup.
TEXTS = {
    "name": ("名称", "<script>alert(1)</script>示例中心"),
    "registrar": ("登记管理机关", "<img src=x onerror=alert(2)>局"),
    "supervisor": ("业务主管单位", "+1+cmd|' /C calc'!A0"),
    "industry_regulator": ("行业管理部门", "@SUM(1+1)"),
    "party_lead": ("党建领导机关", "＝1+1"),
    "legal_representative": ("法定代表人", "-2+3"),
    "address": ("住所", '=HYPERLINK("http://192.0.2.1/x","点我")'),
    "scope": ("业务范围", '\'=已有撇号" onmouseover="alert(3)'),
    "note": ("备注", "</textarea></td><svg/onload=alert(4)>{{ 7*7 }}"),
}
HEAD = [column for column, _text in TEXTS.values()] + ["统一社会信用代码", "类型", "所属街道", "成立日期"]
ROW = [text for _column, text in TEXTS.values()] + [CODE, "民办非企业单位", "河埒街道", "2015-03-01"]


@pytest.fixture(autouse=True)
def ordinary_day(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T12:00:00")
    monkeypatch.setattr("django.setup", lambda: None)


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def client(officer):
    client = Client()
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


class Page(HTMLParser):
    """The elements and the texts of a page, as a browser takes them."""

    def __init__(self, html):
        super().__init__()
        self.bad, self.texts, self.values = [], [], []
        self.in_script = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.bad += [(tag, name, value) for name, value in attrs if "alert(" in (value or "") and name.startswith("on")]
        self.bad += [(tag, name, value) for name, value in attrs if name == "onload"]
        self.values += [value or "" for _name, value in attrs]
        self.in_script = tag == "script"

    def handle_endtag(self, tag):
        self.in_script = False

    def handle_data(self, data):
        if self.in_script and "alert(" in data:
            self.bad.append(("script", data))
        self.texts.append(data)

    def shows(self, text):
        return text in "".join(self.texts) or text in self.values


def test_a_planted_script_is_seen():
    for planted in ("<p><script>alert(1)</script>", '<img src="x" onerror="alert(2)">', "<svg/onload=alert(4)>"):
        assert Page(planted).bad
        page = Page(planted.replace("<", "&lt;"))
        assert page.bad == [] and page.shows(planted)


def xlsx(path):
    return files.shared_xlsx(path, [HEAD, ROW])


def plain_csv(path):
    """As another program writes it: nothing is marked."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, ROW])
    return path


def upload(client, path):
    answer = client.post("/imports/", {
        "kind": "organizations", "area": "320211", "as_of": "2026-10-26", "pledge": "on",
        "file": SimpleUploadedFile(path.name, path.read_bytes()),
    })  # fmt: skip
    assert answer.status_code == 302, Page(answer.content.decode()).texts
    return ImportBatch.objects.latest("pk")


def stored():
    row = Standing.objects.now_open().get()
    return {name: getattr(row, name) for name in TEXTS}


#: In CSV an apostrophe before a sign of a formula is the mark of a text and goes: whoever writes two keeps one.
def expected(path):
    told = {name: text for name, (_column, text) in TEXTS.items()}
    return told | ({"scope": told["scope"][1:]} if path.suffix == ".csv" else {})


@pytest.mark.parametrize("write", [xlsx, plain_csv])
def test_from_the_sheet_through_every_page_and_back(write, client, officer, tmp_path):
    path = write(tmp_path / ("台账.xlsx" if write is xlsx else "台账.csv"))
    wanted = expected(path)
    batch = upload(client, path)
    preview = [f"/imports/{batch.pk}/", f"/imports/{batch.pk}/2/"]
    for address in preview:
        page = Page(client.get(address).content.decode())
        assert page.bad == [] and page.shows(wanted["name"]), address
    client.post(f"/imports/{batch.pk}/decide/", {"do": "confirm", "ids": [row.pk for row in batch.rows.all()]})
    client.post(f"/imports/{batch.pk}/decide/", {"do": "apply"})
    assert stored() == wanted
    search.refresh("organization")
    pk = Organization.objects.get().pk
    for address, names in {
        "/registry/": ("name",), "/registry/?q=示例中心": ("name",), f"/registry/{pk}/": tuple(TEXTS),
        f"/registry/{pk}/change/": tuple(TEXTS), f"/registry/{pk}/correct/": tuple(TEXTS),
        f"/registry/{pk}/close/": ("name",), "/search/?q=示例中心": ("name",), "/search/suggest/?q=示例中心": ("name",),
        f"/imports/{batch.pk}/": ("name",), f"/directory/{pk}/": ("name", "scope"), "/directory/?q=示例": ("name",),
        "/baseline/lines/": (), "/todo/": (), "/": (),
    }.items():  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = Page(answer.content.decode())
        assert page.bad == [], address
        assert [name for name in names if not page.shows(wanted[name])] == [], address
    program = Caller(token_of(officer))
    line = program.get("/organizations")["items"][0]
    assert {name: line[name] for name in ("name", "registrar", "supervisor", "address")} == {
        name: wanted[name] for name in ("name", "registrar", "supervisor", "address")}  # fmt: skip
    detail = program.get(f"/organizations/{pk}")
    assert {name: detail[name] for name in TEXTS} == wanted
    assert program.get("/search?q=示例中心")["hits"][0]["name"] == wanted["name"]
    comes_back(client, wanted, tmp_path)


def comes_back(client, wanted, tmp_path):
    """Both exports hold no formula, and change nothing when they are imported again."""
    for form in ("xlsx", "csv"):
        answer = client.post("/registry/export/", {"form": form, "all_matching": "1"})
        path = tmp_path / f"导出.{form}"
        path.write_bytes(b"".join(answer.streaming_content))
        if form == "xlsx":
            cells = [cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
            assert not any(cell.data_type == "f" for cell in cells)
            assert set(wanted.values()) <= {cell.value for cell in cells}
            with zipfile.ZipFile(path) as book:
                assert not any(b"<f>" in book.read(n) or "externalLink" in n or b"<hyperlink" in book.read(n)
                               for n in book.namelist())  # fmt: skip
        else:
            with path.open(encoding="utf-8-sig", newline="") as file:
                told = [cell for row in csv.reader(file) for cell in row]
            assert not any(
                cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠") for cell in told if cell
            )
            assert "'" + wanted["address"] in told
        before = list(Standing.objects.order_by("pk").values())
        batch = upload(client, path)
        assert {(row.action, row.verdict) for row in batch.rows.all()} == {("unchanged", "accept")}, [
            (row.before, row.findings) for row in batch.rows.all()]  # fmt: skip
        client.post(f"/imports/{batch.pk}/decide/", {"do": "apply"})
        assert list(Standing.objects.order_by("pk").values()) == before


def test_the_workbook_of_refused_rows_and_what_is_typed_by_hand(client, tmp_path):
    """A row without a type comes back in a workbook as it was, as texts; mended there it is read again the same."""
    row = [cell if column != "类型" else "什么都不是" for column, cell in zip(HEAD, ROW, strict=True)]
    batch = upload(client, files.shared_xlsx(tmp_path / "a.xlsx", [HEAD, row]))
    answer = client.get(f"/imports/{batch.pk}/errors.xlsx")
    data = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert not any(cell.data_type == "f" for cell in cells)
    assert {text for _column, text in TEXTS.values()} <= {cell.value for cell in cells}
    for cell in cells:
        if cell.value == "什么都不是":
            cell.value = "民办非企业单位"
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    again = upload(client, files.shared_xlsx(tmp_path / "b.xlsx", lines))
    fields = again.rows.exclude(verdict="skip").get().fields
    assert {name: fields[name] for name in TEXTS} == expected(tmp_path / "b.xlsx")


def command(path, capsys, *more):
    capsys.readouterr()
    argv = ["import", "organizations", str(path), "--area", "320211", "--as-of", "2026-10-26", "--json", *more]
    status = main.run(main.parser().parse_args(argv))
    return status, json.loads(capsys.readouterr().out)


def test_issued_codes_that_fail_a_check_digit(tmp_path, capsys):
    """The published ones that were really issued, and two of social organizations: they wait, then are stored."""
    make.binhu()
    right, other = make.code("MF", 720101), make.code("ST", 720102)
    wrong_last = right[:17] + ("7" if right[17] != "7" else "8")
    wrong_body = other[:16] + ("5" if other[16] != "5" else "6") + other[17]
    issued = [row["value"] for row in VECTORS if row["expected"] == "issued_nonconforming"]
    assert len(issued) == 4
    codes = {wrong_last: "民办非企业单位", wrong_body: "社会团体", **dict.fromkeys(issued, "民办非企业单位")}
    rows = [
        [f"滨湖示例{n}号中心", code, kind, "河埒街道", "2015-03-01"] for n, (code, kind) in enumerate(codes.items())
    ]
    path = files.xlsx(tmp_path / "台账.xlsx", [["名称", "统一社会信用代码", "类型", "所属街道", "成立日期"], *rows])
    status, report = command(path, capsys)
    assert (status, report["verdicts"]["review"], report["verdicts"]["reject"]) == (1, 6, 0), report["lines"]
    assert not Organization.objects.exists()
    for line in report["lines"]:
        assert "ORG-ID-02" in {finding["code"] for finding in line["findings"]}, line
    status, report = command(path, capsys, "--confirm-review")
    assert status == 0
    assert set(Organization.objects.values_list("code", flat=True)) == set(codes)
    _status, report = command(path, capsys)
    assert {line["action"] for line in report["lines"]} == {"unchanged"}
    assert Organization.objects.count() == 6 == Standing.objects.count()
