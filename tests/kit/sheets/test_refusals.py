"""Every file that is no table is refused with its own reason, before it costs memory or time."""

import struct
import tracemalloc
import zipfile

import openpyxl
import pytest
import xlwt

from liaoyuan.kit.sheets.compound import MAGIC
from liaoyuan.kit.sheets.reading import MESSAGES, ReadLimits, Unreadable, open_table
from tests.kit.sheets import files


def refusal(path, **options) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        list(open_table(path, **options).rows())
    sentence = str(refused.value)
    assert "{" not in sentence
    assert sentence.endswith("。")
    return refused.value


def put(path, data: bytes):
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"", "empty", "空"),
        (b" \r\n\t\n", "empty", "空"),
        (b"\xef\xbb\xbf", "empty", "空"),
        (b",,,\n,,\n", "empty", "空"),
        (b"%PDF-1.7\n", "wrong_type", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "wrong_type", "图片"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "wrong_type", "图片"),
        (b"MZ\x90\0\x03\0", "wrong_type", "程序"),
        (b"\x1f\x8b\x08\0", "wrong_type", "压缩包"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "wrong_type", "网页"),
        (b"<?xml version='1.0'?><Workbook/>", "wrong_type", "XML"),
        (b'{"a": 1}', "wrong_type", "JSON"),
        (b"a,b\n\x01\x02\x03", "binary", "扩展名"),
        (bytes(range(256)) * 4, "binary", "扩展名"),
        (b"PK\x03\x04" + b"\0" * 50, "damaged", "损坏"),
        (MAGIC, "damaged", "损坏"),
        (MAGIC + b"\0" * 2000, "damaged", "损坏"),
        (b'a,"b\nc,d\n', "quotes", "引号"),
        (b'a,"b"c\n', "quotes", "引号"),
        (b'a,"' + b"x" * 200_000 + b'"\n', "quotes", "引号"),
    ],
)
def test_what_is_no_table(data, code, word, tmp_path):
    refused = refusal(put(tmp_path / "台账.csv", data))
    assert refused.code == code
    assert word in str(refused)


def test_a_missing_file(tmp_path):
    assert refusal(tmp_path / "没有.xlsx").code == "missing"
    assert refusal(tmp_path).code == "missing"


def test_a_large_file_is_refused_unread(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(500 * 2**20)
    refused = refusal(path)
    assert refused.code == "too_large"
    assert "500 MB" in str(refused)
    assert "100 MB" in str(refused)


@pytest.mark.parametrize("keep", [100, 0.3, 0.5, 0.7, 0.85])
def test_a_truncated_workbook(keep, tmp_path):
    for write in (files.xlsx, files.xls):
        data = write(tmp_path / "t", [["名称", "街道"]] + [[f"名{i}", f"街{i}"] for i in range(300)]).read_bytes()
        size = keep if isinstance(keep, int) else int(len(data) * keep)
        assert refusal(put(tmp_path / "c", data[:size])).code == "damaged"


def test_other_office_files(tmp_path):
    types = {"[Content_Types].xml": files.CONTENT_TYPES}
    assert "Word" in str(refusal(files.archive(tmp_path / "a", types | {"word/document.xml": "<a/>"})))
    assert "PowerPoint" in str(refusal(files.archive(tmp_path / "b", types | {"ppt/presentation.xml": "<a/>"})))
    assert refusal(files.archive(tmp_path / "c", types | {"xl/workbook.bin": "x"})).code == "xlsb"
    assert "压缩包" in str(refusal(files.archive(tmp_path / "d", {"台账.csv": "a,b"})))
    assert "压缩包" in str(refusal(files.archive(tmp_path / "e", {})))
    text = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}
    assert refusal(files.archive(tmp_path / "f", text)).code == "wrong_type"


def test_macros(tmp_path):
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    path = files.raw_xlsx(tmp_path / "a.xlsx", sheet, xl__vbaProject_dot_bin=b"x")
    assert refusal(path).code == "macros"
    kinds = files.CONTENT_TYPES.replace(
        "</Types>",
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>',
    )
    path = files.archive(
        tmp_path / "b.xlsx",
        {
            "[Content_Types].xml": kinds,
            "_rels/.rels": files.ROOT_RELATIONS,
            "xl/workbook.xml": files.BOOK,
            "xl/_rels/workbook.xml.rels": files.BOOK_RELATIONS,
            "xl/worksheets/sheet1.xml": "<worksheet/>",
        },
    )
    assert refusal(path).code == "macros"


def compound(path, streams: dict[str, bytes]):
    """A small compound file of 512-byte sectors with every stream in sectors of its own."""
    sectors: list[bytes] = []
    table: list[int] = []

    def chain(data: bytes) -> int:
        pieces = [data[i : i + 512].ljust(512, b"\0") for i in range(0, len(data), 512)] or [b"\0" * 512]
        first = len(sectors)
        for i, piece in enumerate(pieces):
            sectors.append(piece)
            table.append(first + i + 1 if i + 1 < len(pieces) else 0xFFFFFFFE)
        return first

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        label = (name + "\0").encode("utf-16-le")
        return label.ljust(64, b"\0") + struct.pack("<HBB12x24xIIIII", len(label), kind, 1, 0, 0, 0, start, size)[:64]

    entries = [(name, 2, chain(data), max(len(data), 4096)) for name, data in streams.items()]
    listing = b""
    for name, kind, start, size in [("Root Entry", 5, 0xFFFFFFFE, 0), *entries]:
        label = (name + "\0").encode("utf-16-le")
        listing += label.ljust(64, b"\0") + struct.pack("<HB49xIII", len(label), kind, start, size, 0)
    directory = chain(listing)
    table += [0xFFFFFFFD]
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    header = (
        MAGIC
        + b"\0" * 16
        + struct.pack("<HHHHH6xIII4xIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, directory, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    )
    header += struct.pack("<I", len(sectors)) + b"\xff" * (512 - len(header) - 4)
    return put(path, header + b"".join(sectors) + fat)


def test_passwords(tmp_path):
    locked = compound(tmp_path / "a.xlsx", {"EncryptionInfo": b"x" * 5000, "EncryptedPackage": b"y" * 9000})
    assert refusal(locked).code == "password"
    record = struct.pack("<HHHH12x", 0x0809, 16, 0x0600, 5) + struct.pack("<HH6x", 0x002F, 6)
    assert refusal(compound(tmp_path / "b.xls", {"Workbook": record.ljust(5000, b"\0")})).code == "password"
    entry = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert refusal(files.ods(tmp_path / "c.ods", "", manifest=entry)).code == "password"
    plain = files.xlsx(tmp_path / "d.xlsx", [["a"]]).read_bytes()
    flagged = bytearray(plain)
    at = flagged.find(b"PK\x01\x02")
    while at >= 0:
        flagged[at + 8] |= 1
        at = flagged.find(b"PK\x01\x02", at + 4)
    assert refusal(put(tmp_path / "e.xlsx", bytes(flagged))).code == "password"


def test_old_and_foreign_compound_files(tmp_path):
    assert refusal(compound(tmp_path / "a", {"Book": b"x" * 5000})).code == "old_excel"
    assert "Word" in str(refusal(compound(tmp_path / "b", {"WordDocument": b"x" * 5000})))
    assert refusal(compound(tmp_path / "c", {"Workbook": b"x" * 5000})).code == "old_excel"
    looping = bytearray(compound(tmp_path / "d", {"Workbook": b"x" * 5000}).read_bytes())
    fat = len(looping) - 512
    looping[fat : fat + 4] = struct.pack("<I", 0)
    assert refusal(put(tmp_path / "e", bytes(looping))).code == "damaged"


def test_bombs_cost_nothing(tmp_path):
    sheet = f'<worksheet xmlns="{files.MAIN}"><sheetData>'.encode() + b" " * (100 * 2**20)
    path = files.raw_xlsx(tmp_path / "bomb.xlsx", sheet)
    assert path.stat().st_size < 2**20
    tracemalloc.start()
    assert refusal(path).code == "zip_bomb"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * 2**20


def test_a_directory_that_lies_about_sizes(tmp_path):
    """The declared size is smaller than what would come out: nothing beyond it is inflated, and the file is damaged."""
    path = files.raw_xlsx(tmp_path / "l.xlsx", b"<a>" + b" " * (40 * 2**20))
    data = bytearray(path.read_bytes())
    at = data.find(b"xl/worksheets/sheet1.xml", data.find(b"PK\x01\x02")) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    assert refusal(put(path, bytes(data))).code == "damaged"


def test_total_size_and_text_limits(tmp_path):
    strings = "".join(f"<si><t>{'字' * 1000}{i}</t></si>" for i in range(100))
    sheet = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'
    path = files.raw_xlsx(tmp_path / "a.xlsx", sheet, strings=strings)
    assert refusal(path, limits=ReadLimits(max_inflated=10_000)).code == "zip_bomb"
    assert refusal(path, limits=ReadLimits(max_text=100_000)).code == "too_much_text"


LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]
)
def test_document_types_in_small_parts(part, tmp_path):
    good = files.raw_xlsx(
        tmp_path / "g.xlsx", '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>', styles="<cellXfs/>"
    )
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert refusal(files.archive(tmp_path / "b.xlsx", parts | {part: LAUGHS + parts[part]})).code == "xml_entities"


def test_document_types_in_large_parts(tmp_path):
    body = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'
    sheet = f'{LAUGHS}<worksheet xmlns="{files.MAIN}">{body}</worksheet>'.encode()
    assert refusal(files.raw_xlsx(tmp_path / "a.xlsx", sheet)).code == "xml_entities"
    wide = f'<?xml version="1.0" encoding="utf-16"?>{sheet.decode()}'.encode("utf-16")
    assert refusal(files.raw_xlsx(tmp_path / "b.xlsx", wide)).code == "xml_entities"
    strings = f'{LAUGHS}<sst xmlns="{files.MAIN}"><si><t>&b;</t></si></sst>'
    path = files.raw_xlsx(tmp_path / "c.xlsx", body, xl__sharedStrings_dot_xml=strings)
    assert refusal(path).code == "xml_entities"
    assert refusal(files.ods(tmp_path / "d.ods", "", doctype=LAUGHS)).code == "xml_entities"
    undefined = files.raw_xlsx(tmp_path / "e.xlsx", body, strings="<si><t>&b;</t></si>")
    assert refusal(undefined).code == "damaged"


def test_too_many_columns(tmp_path):
    wide = '<sheetData><row r="1">' + "<c><v>1</v></c>" * 2_000_000 + "</row></sheetData>"
    loose = ReadLimits(max_ratio=2_000)
    assert refusal(files.raw_xlsx(tmp_path / "a.xlsx", wide), limits=loose).code == "too_many_columns"
    declared = '<dimension ref="A1:DUQUX1"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    refused = refusal(files.raw_xlsx(tmp_path / "b.xlsx", declared))
    assert refused.code == "declared_columns"
    for reference in ("ALM1", "XFD1", "ZZZZZ1"):
        sheet = f'<sheetData><row r="1"><c r="{reference}"><v>1</v></c></row></sheetData>'
        assert refusal(files.raw_xlsx(tmp_path / "c.xlsx", sheet)).code == "too_many_columns"
    edge = '<sheetData><row r="1"><c r="ALL1"><v>1</v></c><c r="XFD1" s="1"/></row></sheetData>'
    assert len(next(open_table(files.raw_xlsx(tmp_path / "d.xlsx", edge)).rows())[1]) == 1_000
    assert refusal(put(tmp_path / "e.csv", b"a," * 2_000_000 + b"b")).code == "too_many_columns"
    cells = f'<table:table-row>{files.NUMBER_CELL} table:number-columns-repeated="16000"/></table:table-row>'
    assert (
        refusal(files.ods(tmp_path / "f.ods", f'<table:table table:name="a">{cells}</table:table>')).code
        == "too_many_columns"
    )


def test_an_old_workbook_with_a_cell_far_out(tmp_path):
    """The column number of one cell changed to 65,535: the rectangle would take 137 GB."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, 1.5)
    sheet.write(65535, 1, 2.25)
    book.save(str(tmp_path / "h.xls"))
    data = bytearray((tmp_path / "h.xls").read_bytes())
    at = data.find(struct.pack("<HHHH", 0x027E, 10, 65535, 1))
    data[at + 6 : at + 8] = struct.pack("<H", 65535)
    assert refusal(put(tmp_path / "h2.xls", bytes(data))).code == "too_many_columns"


def test_too_many_rows(tmp_path):
    few = ReadLimits(max_rows=100)
    rows = [[i] for i in range(101)]
    assert refusal(files.xlsx(tmp_path / "a", rows), limits=few).code == "too_many_rows"
    assert refusal(files.xls(tmp_path / "b", rows), limits=few).code == "too_many_rows"
    assert refusal(put(tmp_path / "c", b"1\n" * 101), limits=few).code == "too_many_rows"
    assert len(list(open_table(files.xlsx(tmp_path / "d", rows[:100]), limits=few).rows())) == 100
    far = '<sheetData><row r="9999999"><c r="A9999999"><v>1</v></c></row></sheetData>'
    assert refusal(files.raw_xlsx(tmp_path / "e", far)).code == "too_many_rows"
    cells = f'<table:table-row table:number-rows-repeated="99999999999">{files.NUMBER_CELL}/></table:table-row>'
    assert (
        refusal(files.ods(tmp_path / "f.ods", f'<table:table table:name="a">{cells}</table:table>')).code
        == "too_many_rows"
    )


def test_rows_and_cells_out_of_order(tmp_path):
    rows = '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
    assert refusal(files.raw_xlsx(tmp_path / "a", f"<sheetData>{rows}</sheetData>")).code == "damaged"
    cells = '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'
    assert refusal(files.raw_xlsx(tmp_path / "b", f"<sheetData>{cells}</sheetData>")).code == "damaged"
    missing = '<row r="1"><c r="A1" t="s"><v>7</v></c></row>'
    assert (
        refusal(files.raw_xlsx(tmp_path / "c", f"<sheetData>{missing}</sheetData>", strings="<si/>")).code == "damaged"
    )


def test_sheets_by_name(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "空"
    book.create_sheet("人员").append(["甲"])
    book.save(tmp_path / "s.xlsx")
    refused = refusal(tmp_path / "s.xlsx", sheet="台账")
    assert refused.code == "no_such_sheet"
    assert "空、人员" in str(refused)
    assert refusal(tmp_path / "s.xlsx", sheet="空").code == "empty_sheet"
    assert open_table(tmp_path / "s.xlsx").sheet == "人员"
    book.remove(book["人员"])
    book.save(tmp_path / "e.xlsx")
    assert refusal(tmp_path / "e.xlsx").code == "empty"


def test_many_merges(tmp_path):
    merges = "".join(f'<mergeCell ref="A{i}:B{i}"/>' for i in range(1, 12))
    sheet = f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>{merges}</mergeCells>'
    assert refusal(files.raw_xlsx(tmp_path / "m", sheet), limits=ReadLimits(max_merges=10)).code == "too_many_merges"


def test_the_checksum_is_of_the_whole_file(tmp_path):
    path = put(tmp_path / "a.csv", b"a,b\n")
    # printf 'a,b\n' | sha256sum
    assert open_table(path).sha256 == "5be08c9684a1d25efcee09318204824278b08bbfb4aef973ffefd0b9d7478313"


def test_every_sentence_is_whole():
    assert all(sentence.endswith("。") for sentence in MESSAGES.values())
