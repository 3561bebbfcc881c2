"""Text tables in every encoding and with every separator that offices send."""

import codecs

import pytest

from liaoyuan.kit.sheets.reading import Unreadable, open_table

ROWS = [
    ["无锡市滨湖区社会组织台账", None, None],
    ["名称", "统一社会信用代码", "备注"],
    ["蠡园街道“乐龄”服务中心", "52320211MJ00000001", "说,明;在\t此"],
    ["换\r\n行", '引"号', None],
    [],
    ["末", "0012", " 留白 "],
]


def text(delimiter: str, newline: str = "\r\n") -> str:
    def quoted(cell):
        cell = cell or ""
        return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',;\t"\r\n') else cell

    return newline.join(delimiter.join(map(quoted, row)) for row in ROWS) + newline


ENCODINGS = [
    ("utf-8", b"", "utf-8"),
    ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
    ("gbk", b"", "gbk"),
    ("gb18030", b"", "gbk"),
    ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
    ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
    ("utf-16-le", b"", "utf-16-le"),
    ("utf-16-be", b"", "utf-16-be"),
]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize(("encoding", "bom", "found"), ENCODINGS)
def test_encoding_and_separator_are_found(encoding, bom, found, delimiter, tmp_path):
    path = tmp_path / "t.xlsx"  # a lying extension
    path.write_bytes(bom + text(delimiter).encode(encoding))
    table = open_table(path)
    assert (table.kind, table.encoding, table.delimiter) == ("csv", found, delimiter)
    trimmed = [row[:1] if not any(row[1:]) else row[: 2 if row[-1] is None else 3] for row in ROWS]
    assert list(table.rows()) == list(enumerate(trimmed, 1))
    assert table.sheets[0].rows == 5
    assert table.merged == ()


def test_characters_outside_gbk(tmp_path):
    path = tmp_path / "g.csv"
    path.write_bytes("姓名,街道\n㐂𠮷某,蠡园街道\n".encode("gb18030"))
    table = open_table(path)
    assert table.encoding == "gb18030"
    assert list(table.rows()) == [(1, ["姓名", "街道"]), (2, ["㐂𠮷某", "蠡园街道"])]


def test_a_large_file_in_gbk_across_every_buffer_border(tmp_path):
    """A two-byte character on each border of any block of a power of two, with one odd byte in front."""
    path = tmp_path / "b.csv"
    cells = ["滨湖区" * 30 for _ in range(6_000)]
    path.write_bytes(("a" + "\n".join(cells)).encode("gbk"))
    assert [row for _, row in open_table(path).rows()] == [["a" + cells[0]], *([cell] for cell in cells[1:])]


def test_two_letters_that_are_also_utf8(tmp_path):
    path = tmp_path / "l.csv"
    path.write_bytes("1,联通\n".encode("gbk"))
    assert list(open_table(path).rows()) == [(1, ["1", "联通"])]


def test_plain_ascii_and_old_line_ends(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\rc,d\r")
    assert list(open_table(path).rows()) == [(1, ["a", "b"]), (2, ["c", "d"])]


def test_a_declared_separator(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("sep=;\n甲;乙,丙\n", encoding="utf-8")
    assert list(open_table(path).rows()) == [(1, ["甲", "乙,丙"])]


def test_texts_marked_against_formulas_lose_the_mark(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text('\'=1+1,\'-,"=""0012""",\'甲\',"=""\n', encoding="utf-8")
    with pytest.raises(Unreadable) as refused:
        open_table(path)
    assert refused.value.code == "quotes"
    path.write_text("'=1+1,'-,=\"0012\",'甲',''+1\n", encoding="utf-8")
    assert list(open_table(path).rows()) == [(1, ["=1+1", "-", "0012", "'甲'", "'+1"])]


BROKEN = "名称,街道\n" + "蠡园街道服务中心,蠡园街道\n" * 50


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (BROKEN.encode() + b"\xe8\xa0", 52),
        (BROKEN.encode()[:60] + b"\xff" + BROKEN.encode()[60:], 3),
        (BROKEN.encode() + "蠡园".encode("gbk") + b"\n" + BROKEN.encode(), 52),
        (BROKEN.encode("gbk") + b"\x81\xff", 52),
        (codecs.BOM_UTF8 + BROKEN.encode("gbk"), 1),
        (codecs.BOM_UTF16_LE + BROKEN.encode("utf-16-le") + b"\x61", 52),
        ("ÄÖÜ,Größe;Straße\n".encode("latin-1"), 1),
    ],
)
def test_text_that_cannot_be_read_is_refused_with_its_place(data, line, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as refused:
        list(open_table(path).rows())
    assert refused.value.code == "undecodable"
    assert refused.value.args_of["line"] == line
    assert f"第 {line} 行" in str(refused.value)
