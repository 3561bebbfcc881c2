"""Bad files at the three doors — the page, the interface, the command line: one clear sentence, and nothing stays.

What each file is refused for is proved in tests/kit/sheets; here the doors count: status, sentence, no traceback, no
row and no batch left behind, memory within bounds.
"""

import io
import json
import logging
import tracemalloc
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liaoyuan.conf.cli import main
from liaoyuan.core.models import AuditEvent, ImportBatch, ImportMapping, ImportRow
from liaoyuan.kit.sheets.compound import MAGIC
from liaoyuan.registry.models import Organization
from tests.api.conftest import Caller, token_of
from tests.kit.sheets import files
from tests.kit.sheets.test_refusals import LAUGHS, compound, put
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
HEAD = ["名称", "统一社会信用代码", "类型", "所属街道", "成立日期"]
ROW = ["滨湖示例甲服务中心", make.code("MF", 700001), "民办非企业单位", "河埒街道", "2015-03-01"]
ROWS = [HEAD, *([f"滨湖示例{n}服务中心", make.code("MF", 700100 + n), *ROW[2:]] for n in range(400))]
TEXT = "\n".join(",".join(row) for row in ROWS)


def cut(path, share=0.6):
    """The first part of a good file."""
    data = path.read_bytes()
    return put(path, data[: int(len(data) * share)])


def docx(path):
    return files.archive(path, {"[Content_Types].xml": files.CONTENT_TYPES, "word/document.xml": "<a/>"})


def nested(path):
    """Zeros in a zip in a zip in a zip."""
    data = b"\0" * (20 * 2**20)
    for name in ("c", "b", "a"):
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as book:
            for number in range(8):
                book.writestr(f"{name}{number}.zip", data)
        data = kept.getvalue()
    return put(path, data)


def bomb(path):
    sheet = f'<worksheet xmlns="{files.MAIN}"><sheetData>'.encode() + b" " * (120 * 2**20)
    return files.raw_xlsx(path, sheet)


def table_ods(path):
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>' for v in HEAD
    )
    return files.ods(path, f'<table:table table:name="a"><table:table-row>{cells}</table:table-row></table:table>')


def wide_xlsx(path):
    cells = "".join("<c><v>1</v></c>" for _ in range(20_000))
    head = "".join(f'<c t="inlineStr"><is><t>{v}</t></is></c>' for v in HEAD)
    return files.raw_xlsx(path, f'<sheetData><row r="1">{head}</row><row r="2">{cells}</row></sheetData>')


def great_cell(path, shared):
    """A workbook in which one cell holds forty million letters."""
    text = "x" * (40 * 2**20)
    cell = '<c t="s"><v>0</v></c>' if shared else f'<c t="inlineStr"><is><t>{text}</t></is></c>'
    head = "".join(f'<c t="inlineStr"><is><t>{v}</t></is></c>' for v in HEAD)
    sheet = f'<sheetData><row r="1">{head}</row><row r="2">{cell}</row></sheetData>'
    path = files.raw_xlsx(path, sheet, strings=f"<si><t>{text}</t></si>" if shared else "")
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as book:  # packed it would count as a bomb
        for name, data in parts.items():
            book.writestr(name, data)
    return path


def macro(path):
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    return files.raw_xlsx(path, sheet, xl__vbaProject_dot_bin=b"x")


#: name → (file name, maker of the file, a word of the sentence)
BAD = {
    "png": ("台账.png", lambda p: put(p, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "图片"),
    "pdf named xlsx": ("台账.xlsx", lambda p: put(p, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), "PDF"),
    "docx": ("通知.docx", docx, "Word"),
    "exe named xlsx": ("台账.xlsx", lambda p: put(p, b"MZ\x90\0\x03\0\0\0" + b"\0" * 200), "程序"),
    "truncated xlsx": ("台账.xlsx", lambda p: cut(files.xlsx(p, ROWS)), "损坏"),
    "truncated xls": ("台账.xls", lambda p: cut(files.xls(p, ROWS)), "损坏"),
    "truncated ods": ("台账.ods", lambda p: cut(table_ods(p), 0.9), "损坏"),
    "bytes lost in the middle": ("台账.xlsx", lambda p: hole(files.xlsx(p, ROWS)), "损坏"),
    "encrypted xlsx": ("台账.xlsx", lambda p: compound(
        p, {"EncryptionInfo": b"x" * 900, "EncryptedPackage": b"y" * 900}), "密码"),
    "password xls": ("台账.xls", lambda p: compound(p, {"Workbook": bytes.fromhex(
        "0908100000060500000000000000000000000000" "2f000600000000000000").ljust(5000, b"\0")}), "密码"),
    "damaged compound": ("台账.xls", lambda p: put(p, MAGIC + b"\0" * 3000), "损坏"),
    "two million columns": ("台账.csv", lambda p: put(p, b"\xe5\x90\x8d" + b",1" * 2_000_000 + b"\n"), "超过 1000 列"),
    "many columns below": ("台账.xlsx", wide_xlsx, "第 2 行超过 1000 列"),
    "flat bomb": ("台账.xlsx", bomb, "解压后过大"),
    "nested bomb": ("台账.zip", nested, "压缩包"),
    "bomb named csv": ("台账.csv", bomb, "解压后过大"),
    "empty": ("台账.csv", lambda p: put(p, b""), "空"),
    "blank": ("台账.csv", lambda p: put(p, b" \r\n,,\r\n"), "没有找到表头"),
    "binary named csv": ("台账.csv", lambda p: put(p, bytes(range(1, 256)) * 40), "扩展名"),
    "NUL in the text": ("台账.csv", lambda p: put(p, (TEXT[:3000] + "\0" + TEXT[3000:]).encode()), "控制字符"),
    "NUL far down": ("台账.csv", lambda p: put(p, (TEXT * 40 + "\n甲\0乙").encode()), "第 16002 行"),
    "only a header": ("台账.xlsx", lambda p: files.xlsx(p, [HEAD]), "只有表头"),
    "only two headers": ("台账.csv", lambda p: put(p, ",".join(HEAD).encode() + b"\n" + ",".join(HEAD).encode()),
                         "只有表头"),
    "no header": ("台账.csv", lambda p: put(p, b"1,2\n3,4\n"), "没有找到表头"),
    "quotes open for 40 MB": ("台账.csv", lambda p: put(p, (",".join(HEAD) + '\n"').encode() + b"x" * (40 * 2**20)),
                              "引号"),
    "a cell of 40 MB": ("台账.xlsx", lambda p: great_cell(p, False), "第 2 行有一格的文字超过"),
    "a shared text of 40 MB": ("台账.xlsx", lambda p: great_cell(p, True), "有一格的文字超过"),
    "a plain cell of 40 MB": ("台账.csv", lambda p: put(p, (",".join(HEAD) + "\n").encode() + b"x" * (40 * 2**20)),
                              "第 2 行"),
    "macros": ("台账.xlsx", macro, "宏"),
    "entities": ("台账.xlsx", lambda p: files.raw_xlsx(
        p, f'{LAUGHS}<worksheet xmlns="{files.MAIN}"><sheetData><row r="1"/></sheetData></worksheet>'.encode()),
        "外部引用"),
    "broken encoding far down": ("台账.csv", lambda p: put(p, (TEXT * 3).encode() + b"\n\xff\xfe\xff\n"), "编码"),
}  # fmt: skip


def hole(path):
    """A good workbook whose sheet lost some bytes: the container still opens."""
    with zipfile.ZipFile(path) as book:
        info = next(i for i in book.infolist() if "worksheets/" in i.filename)
    data = bytearray(path.read_bytes())
    middle = info.header_offset + 200 + info.compress_size // 2
    data[middle : middle + 40] = b"\xff" * 40
    return put(path, bytes(data))


@pytest.fixture(autouse=True)
def ordinary_day(monkeypatch):
    """Tokens hold; the command runs in this process, which is set up already."""
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T12:00:00")
    monkeypatch.setattr("django.setup", lambda: None)


@pytest.fixture
def officer():
    return make.officer()


def at_the_page(officer, path):
    """(status, text of the answer) of an upload by the page."""
    client = Client(raise_request_exception=True)
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/imports/", {
        "kind": "organizations", "area": "320211", "as_of": "2026-10-26", "pledge": "on",
        "file": SimpleUploadedFile(path.name, path.read_bytes()),
    })  # fmt: skip
    return answer.status_code, answer.content.decode()


def at_the_interface(officer, path):
    """(status, the JSON) of an upload by the interface."""
    answer = Caller(token_of(officer)).send("post", "/imports", data={
        "kind": "organizations", "area": "320211", "as_of": "2026-10-26", "pledge": "true",
        "file": SimpleUploadedFile(path.name, path.read_bytes()),
    })  # fmt: skip
    return answer.status_code, json.loads(answer.content)


def at_the_command(path, capsys, *more):
    """(exit status, standard output, lines of standard error) of the command."""
    capsys.readouterr()
    argv = ["import", "organizations", str(path), "--area", "320211", "--as-of", "2026-10-26", "--json", *more]
    status = main.run(main.parser().parse_args(argv))
    out, err = capsys.readouterr()
    return status, out, err.strip().splitlines()


def nothing_stays():
    """No batch, no row, no remembered mapping, no organization, no event of an import."""
    return not any(
        rows.exists()
        for rows in (ImportBatch.objects, ImportRow.objects, ImportMapping.objects, Organization.objects,
                     AuditEvent.objects.filter(code__startswith="import."))
    )  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_one_sentence_at_every_door(name, officer, tmp_path, capsys, caplog):
    file_name, make_file, word = BAD[name]
    path = make_file(tmp_path / file_name)
    with caplog.at_level(logging.ERROR):
        code, out, told = at_the_command(path, capsys)
        assert (code, out) == (2, ""), told
        (sentence,) = told
        assert word in sentence and sentence.endswith("。")
        status, answer = at_the_interface(officer, path)
        assert (status, answer["code"]) == (422, "invalid"), answer
        status, html = at_the_page(officer, path)
        assert status == 422
        assert "Traceback" not in html
        if path.stat().st_size:  # of an empty file page and interface speak by themselves
            assert answer["message"] == sentence and answer["fields"][0]["field"] == "file"
            assert sentence in html
        else:
            assert "空" in html and answer["message"]
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []
    assert nothing_stays()


@pytest.mark.parametrize(
    "name",
    [
        "two million columns",
        "flat bomb",
        "nested bomb",
        "a plain cell of 40 MB",
        "a cell of 40 MB",
        "a shared text of 40 MB",
    ],
)
def test_memory_stays_small(name, officer, tmp_path):
    file_name, make_file, _word = BAD[name]
    path = make_file(tmp_path / file_name)
    at_the_page(officer, put(tmp_path / "warm.csv", b"1,2\n"))
    tracemalloc.start()
    try:
        assert at_the_page(officer, path)[0] == 422
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 32 * 2**20 + 6 * path.stat().st_size  # this test itself holds four copies of the upload


@pytest.mark.parametrize(
    "column", ["名称", "业务范围", "住所", "备注", "法定代表人", "登记管理机关", "行业分类", "评估等级"]
)
def test_a_cell_of_three_megabytes(column, officer, tmp_path, capsys):
    """What the reader lets pass is refused or cut by the row's own rules, by name, and no page is drowned in it."""
    head = [*HEAD, *([column] if column not in HEAD else [])]
    row = [*ROW, ""][: len(head)]
    row[head.index(column)] = "字" * 2**20
    path = files.raw_xlsx(tmp_path / "台账.xlsx", "<sheetData>" + "".join(
        f'<row r="{n}">' + "".join(f'<c t="inlineStr"><is><t>{v}</t></is></c>' for v in cells) + "</row>"
        for n, cells in enumerate((head, row), 1)) + "</sheetData>")  # fmt: skip
    code, out, _told = at_the_command(path, capsys)
    report = json.loads(out)
    line = report["lines"][0]
    assert code == 1 and report["verdicts"]["reject"] == 1, line["findings"]
    assert any(f["field"] and len(f["message"]) < 100 for f in line["findings"])
    assert len(json.dumps(line, ensure_ascii=False)) < 25_000
    assert not Organization.objects.exists()
    assert at_the_page(officer, path)[0] == 302
    client = Client()
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    batch = ImportBatch.objects.latest("pk")
    for address in (f"/imports/{batch.pk}/", f"/imports/{batch.pk}/2/", f"/imports/{batch.pk}/errors.xlsx"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert len(b"".join(answer.streaming_content) if answer.streaming else answer.content) < 2**20, address


class Stream(io.RawIOBase):
    """A body of any length that counts what is taken of it."""

    def __init__(self, head, size):
        self.head, self.size, self.taken = head, size, 0

    def readable(self):
        return True

    def read(self, size=-1):
        size = min(size if size >= 0 else self.size, self.size - self.taken, 2**20)
        piece = self.head[self.taken : self.taken + size].ljust(size, b"x")
        self.taken += size
        return piece


@pytest.mark.parametrize("door", ["page", "interface"])
def test_five_hundred_megabytes_are_refused_unread(officer, door):
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body = Stream(head, 500 * 2**20)
    client = Client()
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = "/imports/" if door == "page" else "/api/v1/imports"
    answer = client.post(
        address, b"x", content_type="multipart/form-data; boundary=b",
        headers={} if door == "page" else {"Authorization": f"Bearer {token_of(officer)}"},
        **{"wsgi.input": body, "CONTENT_LENGTH": str(body.size)},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "提交的内容太大" in answer.content.decode()
    assert body.taken == 0
    assert nothing_stays()


def test_a_file_above_the_limit(officer, tmp_path, settings, capsys):
    """Little above the limit the form itself speaks; the command judges by the size on disk."""
    settings.UPLOAD_MAX_BYTES = 2**20
    path = put(tmp_path / "大.csv", TEXT.encode() + b"\n" * (2**20 + 2**19))
    status, html = at_the_page(officer, path)
    assert status == 422 and "文件超过 1 MB" in html
    status, answer = at_the_interface(officer, path)
    assert status == 413 and "文件超过 1 MB" in answer["message"]
    with path.open("wb") as file:
        file.truncate(500 * 2**20)
    code, out, told = at_the_command(path, capsys)
    assert (code, out) == (2, "") and told == ["文件有 500 MB，超过上限 100 MB。请拆分后分次导入。"]
    assert nothing_stays()


def test_what_looks_bad_and_is_read(officer, tmp_path, capsys):
    """A header in the middle again, a workbook with links to another: read, and nothing outside is opened."""
    twice = files.xlsx(tmp_path / "a.xlsx", [HEAD, ROW, HEAD, [ROW[0] + "分", make.code("MF", 700002), *ROW[2:]]])
    code, out, _told = at_the_command(twice, capsys, "--dry-run")
    report = json.loads(out)
    assert (code, report["verdicts"]["accept"], report["verdicts"]["skip"]) == (0, 2, 1)
    path = files.xlsx(tmp_path / "b.xlsx", [HEAD, ROW])
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/externalLinks/externalLink1.xml", f'<externalLink xmlns="{files.MAIN}"/>')
        book.writestr(
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            '<Relationships><Relationship Id="rId1" Target="http://192.0.2.1/x.xlsx" TargetMode="External"/>'
            "</Relationships>",
        )
    code, out, _told = at_the_command(path, capsys, "--dry-run")
    assert (code, json.loads(out)["verdicts"]["accept"]) == (0, 1)
    status, _html = at_the_page(officer, path)
    assert status == 302


def test_a_failure_while_rows_are_written_leaves_none(officer, tmp_path, capsys, monkeypatch):
    """The file breaks off after two thousand rows stand in the staging: they go too."""
    from liaoyuan.core import staging
    from liaoyuan.kit.sheets.reading import Unreadable

    real = staging.interpret

    def breaking(*args):
        for number, row in enumerate(real(*args)):
            if number == 2300:
                assert ImportRow.objects.count() == 2000
                raise Unreadable("damaged")
            yield row

    monkeypatch.setattr(staging, "interpret", breaking)
    rows = [[f"滨湖示例{n}服务中心", make.code("MF", 710000 + n), *ROW[2:]] for n in range(2500)]
    path = files.xlsx(tmp_path / "台账.xlsx", [HEAD, *rows])
    assert at_the_page(officer, path)[0] == 422
    assert at_the_command(path, capsys)[0] == 2
    assert nothing_stays()
