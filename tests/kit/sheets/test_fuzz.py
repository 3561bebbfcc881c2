"""Broken bytes of every format: a table or `Unreadable`, never another exception, and never without an end."""

import random
import zipfile

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.kit.sheets.compound import MAGIC
from liaoyuan.kit.sheets.headers import find_header
from liaoyuan.kit.sheets.model import Merge
from liaoyuan.kit.sheets.reading import ReadLimits, Unreadable, open_table
from liaoyuan.kit.sheets.rows import walk
from liaoyuan.kit.sheets.writing import Column, write_xlsx
from tests.kit.sheets import files

LIMITS = ReadLimits(max_inflated=20 * 2**20, max_rows=70_000)
ROWS = [["名称", "代码", "日期"]] + [[f"名{i}&<", i * 1.5, "x" * i] for i in range(40)]


def survives(path) -> bool:
    """Whether the file could be read; anything but `Unreadable` fails the test."""
    try:
        for number, cells in open_table(path, limits=LIMITS).rows():
            assert number >= 1
            assert isinstance(cells, list)
    except Unreadable as refused:
        assert str(refused)
        return False
    return True


def make(kind: str, folder) -> bytes:
    path = folder / kind
    if kind == "shared.xlsx":
        files.shared_xlsx(path, ROWS)
    elif kind == "ours.xlsx":
        write_xlsx(path, [Column("a"), Column("b"), Column("c")], ROWS)
    elif kind == "a.xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("a")
        for r, row in enumerate(ROWS):
            for c, cell in enumerate(row):
                sheet.write(
                    r,
                    c,
                    cell,
                    xlwt.easyxf(num_format_str="yyyy-mm-dd") if c == 1 and r < 20 else xlwt.Style.default_style,
                )
        sheet.write_merge(50, 52, 0, 2, "并")
        book.save(str(path))
    elif kind == "a.ods":
        cells = "".join(
            f'<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="{i}"/>'
            f'{files.NUMBER_CELL} table:number-columns-repeated="3"/></table:table-row>'
            for i in range(1, 20)
        )
        files.ods(path, f'<table:table table:name="a">{cells}</table:table>')
    else:
        encoding = kind.partition(".")[2]
        path.write_bytes("\n".join(f'"{a}",{b}\t{c}' for a, b, c in ROWS).encode(encoding))
    return path.read_bytes()


KINDS = ["shared.xlsx", "ours.xlsx", "a.xls", "a.ods", "c.utf-8", "c.gbk", "c.utf-16", "c.utf-16-be"]


@pytest.mark.parametrize("kind", KINDS)
def test_broken_files(kind, tmp_path):
    good = make(kind, tmp_path)
    path = tmp_path / "broken"
    path.write_bytes(good)
    assert survives(path)
    dice = random.Random(kind)
    for _ in range(150):
        data = bytearray(good)
        for _ in range(dice.choice([1, 1, 1, 3, 20])):
            data[dice.randrange(len(data))] = dice.randrange(256)
        if dice.random() < 0.3:
            data = data[: dice.randrange(len(data))]
        if dice.random() < 0.1:
            start = dice.randrange(len(data) + 1)
            data[start : start + dice.randrange(64)] = dice.randbytes(dice.randrange(64))
        path.write_bytes(data)
        survives(path)


@pytest.mark.parametrize("kind", ["shared.xlsx", "a.ods"])
def test_broken_markup_in_a_whole_container(kind, tmp_path):
    """Flips behind the checksums of the container, which stop everything else before the parsers see it."""
    make(kind, tmp_path)
    with zipfile.ZipFile(tmp_path / kind) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    dice = random.Random(kind)
    for _ in range(300):
        broken = dict(parts)
        name = dice.choice(sorted(parts))
        data = bytearray(parts[name])
        for _ in range(dice.choice([1, 1, 2, 10])):
            data[dice.randrange(len(data))] = dice.choice(b"<>&\"'/=0123456789AZaz \0\xff\n!-[]")
        if dice.random() < 0.2:
            data = data[: dice.randrange(len(data))]
        broken[name] = bytes(data)
        survives(files.archive(tmp_path / "broken", broken))


@pytest.mark.parametrize("field", range(0, 128, 4))
def test_numbers_of_an_old_header_at_their_limits(field, tmp_path):
    data = bytearray(make("a.xls", tmp_path))
    for value in (0, 1, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF):
        data[field : field + 4] = value.to_bytes(4, "little")
        (tmp_path / "broken").write_bytes(data)
        survives(tmp_path / "broken")


STARTS = [b"", b"PK\x03\x04", MAGIC, b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"a,b\n", "名称,".encode("gbk")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(STARTS), st.binary(max_size=2_000))
def test_any_bytes(tmp_path, start, rest):
    path = tmp_path / "any"
    path.write_bytes(start + rest)
    survives(path)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_any_text(tmp_path, text, encoding):
    path = tmp_path / "any"
    path.write_bytes(text.encode(encoding, "replace"))
    survives(path)


CELLS = st.one_of(
    st.none(),
    st.sampled_from(["名称", "代码", "会员数", "单位", "个人", "合计", "一、社会团体", "填表人：", "A-1234567", " "]),
    st.text(max_size=5),
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
)
SYNONYMS = {"name": ["名称"], "code": ["代码"], "unit": ["会员数(单位)"], "person": ["会员数(个人)"]}
MERGES = st.builds(
    lambda row, column, height, width: Merge(row, column, row + height, column + width),
    st.integers(1, 12),
    st.integers(0, 5),
    st.integers(0, 4),
    st.integers(0, 5),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=12), st.lists(MERGES, max_size=6))
def test_any_rows(rows, merged):
    """Any cells and any merged ranges have a header or none, and every row below it is something."""
    numbered = list(enumerate(rows, 1))
    header = find_header(numbered, SYNONYMS, merged=merged)
    if header is None:
        return
    below = [(number, cells) for number, cells in numbered if number > header.header_rows[-1]]
    choices = {"kind": {"社会团体": "ST"}}
    lines = list(walk(below, header, merged=merged, choices=choices, above=["unit"]))
    assert [line.number for line in lines] == [number for number, _ in below]
    for line, (_, cells) in zip(lines, below, strict=True):
        for index, cell in enumerate(cells):
            if not (cell is None or (isinstance(cell, str) and not cell.strip())):
                assert line.cells[index] == cell  # what stands in a cell is never overwritten
