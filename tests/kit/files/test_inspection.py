"""What a file is by its bytes, and what is refused: every kind made here, random and truncated bytes too."""

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.kit.files import inspection, secrecy
from liaoyuan.kit.files.inspection import inspect
from liaoyuan.kit.files.kinds import KIND_TITLES, MEDIA_TYPES, FileKind
from liaoyuan.kit.files.refusal import MESSAGES, NOTE_MESSAGES, Unwanted
from tests.core import file_ground as make

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
GOOD = {
    "章程.pdf": (make.pdf(), "pdf"),
    "照片.jpg": (make.photo(), "jpg"),
    "照片.png": (make.photo(form="PNG"), "png"),
    "照片.webp": (make.photo(form="WEBP"), "webp"),
    "照片.heic": (HEIC, "heic"),
    "a.docx": (make.office("docx"), "docx"),
    "a.xlsx": (make.office("xlsx"), "xlsx"),
    "a.pptx": (make.office("pptx"), "pptx"),
    "a.doc": (make.compound({"WordDocument": make.word()}), "doc"),
    "a.xls": (make.compound({"Workbook": make.book()}), "xls"),
    "a.ppt": (make.compound({"PowerPoint Document": b"x"}), "ppt"),
    "a.ofd": (make.zipped({"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<x/>"}), "ofd"),
    "a.txt": ("活动记录\n第一行".encode(), "txt"),
    "gbk.txt": ("活动记录，第一行没有别的".encode("gb18030"), "txt"),
    "u16.txt": ("活动记录".encode("utf-16"), "txt"),
    "a.csv": ("姓名,项目\n甲,乙\n丙,丁\n".encode(), "csv"),
    "a.zip": (make.zipped({"a.txt": "a"}), "zip"),
}
EXTERNAL = (
    '<Relationships><Relationship Type="x/attachedTemplate" Target="http://x/a" TargetMode="External"/></Relationships>'
)
HYPERLINK = (
    '<Relationships><Relationship Type="x/hyperlink" Target="http://x/a" TargetMode="External"/></Relationships>'
)
BAD = {
    "empty.pdf": (b"", "empty"),
    "a.exe": (b"MZ\x90\x00" + bytes(200), "program"),
    "elf": (b"\x7fELF" + bytes(200), "program"),
    "run.txt": (b"#!/bin/sh\nrm -rf /\n", "program"),
    "run.bat": (b"dir\r\n", "program"),
    "batch.txt": (b"@echo off\r\ndel *.*\r\n", "program"),
    "照片.jpg.exe": (make.photo(), "program"),
    "a.html": (b"<!DOCTYPE html><html></html>", "web_page"),
    "page.txt": (b"  \n<script>alert(1)</script>", "web_page"),
    "u16page.txt": ("<html><body></body></html>".encode("utf-16"), "web_page"),
    "a.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "web_page"),
    "pic.jpg": (b'<?xml version="1.0"?><svg/>', "web_page"),
    "a.rar": (b"Rar!\x1a\x07\x00" + bytes(50), "archive"),
    "a.7z": (b"7z\xbc\xaf\x27\x1c" + bytes(50), "archive"),
    "a.gif": (b"GIF89a" + bytes(50), "other_picture"),
    "a.tif": (b"II*\x00" + bytes(50), "other_picture"),
    "a.rtf": (b"{\\rtf1 x}", "other_office"),
    "a.odt": (make.zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "other_office"),
    "a.xlsb": (make.zipped({"[Content_Types].xml": make.TYPES, "xl/workbook.bin": b"x"}), "other_office"),
    "macro.docx": (make.office("docx", {"word/vbaProject.bin": b"x"}), "macros"),
    "macro2.docx": (make.office("docx", {"word/VBAPROJECT.BIN": b"x"}), "macros"),
    "a.docm": (make.office("docx", types='<Override ContentType="x/ms-word.document.macroEnabled"/>'), "macros"),
    "x4.xlsx": (make.office("xlsx", {"xl/macrosheets/sheet1.xml": "x"}), "macros"),
    "ax.docx": (make.office("docx", {"word/activeX/activeX1.xml": "x"}), "macros"),
    "macro.doc": (make.compound({"WordDocument": make.word(), "VBA": b"x", "_VBA_PROJECT": b"x"}), "macros"),
    "macro.xls": (make.compound({"Workbook": make.book(), "_VBA_PROJECT_CUR": b"x"}), "macros"),
    "x4.xls": (make.compound({"Workbook": make.book(macro_sheet=True)}), "macros"),
    "locked.docx": (make.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "password"),
    "locked.doc": (make.compound({"WordDocument": make.word(password=True)}), "password"),
    "locked.xls": (make.compound({"Workbook": make.book(password=True)}), "password"),
    "locked.zip": (make.zipped({"a.txt": "a"}, flags=1), "password"),
    "mail.msg": (make.compound({"__properties": b"x"}), "unknown"),
    "a.jar": (make.zipped({"META-INF/MANIFEST.MF": "x"}), "program"),
    "a.bin": (bytes(range(1, 32)) * 20, "unknown"),
    "cut.docx": (make.office("docx")[:-30], "damaged"),
    "cut.xls": (make.compound({"Workbook": make.book()})[:600], "damaged"),
    "机密文件.pdf": (make.pdf(), "mark_in_name"),
    "marked.txt": ("秘密★1年\n\n关于……的通知".encode(), "mark_in_text"),
    "marked.docx": (make.office("docx", text="机密 ★ 10年"), "mark_in_text"),
    "marked.xlsx": (make.office("xlsx", text="内部资料"), "mark_in_text"),
    "marked.pdf": (make.pdf(b"<FEFF" + "秘密★".encode("utf-16-be").hex().encode() + b">"), "mark_in_text"),
}  # fmt: skip


def at(folder, data: bytes):
    path = folder / "upload"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", GOOD)
def test_known_by_content_alone(name, tmp_path):
    data, kind = GOOD[name]
    for told in (name, "随便.bin", "没有扩展名"):
        assert inspect(at(tmp_path, data), told).kind == kind


@pytest.mark.parametrize("name", BAD)
def test_refused_with_its_reason(name, tmp_path):
    data, code = BAD[name]
    with pytest.raises(Unwanted) as refused:
        inspect(at(tmp_path, data), name)
    assert refused.value.code == code
    assert "{" not in str(refused.value)


def test_every_reason_but_those_of_the_caller_is_reached():
    callers = {"too_large", "not_here", "bomb", "pixels"}
    assert {code for _data, code in BAD.values()} | callers == set(MESSAGES)
    assert set(KIND_TITLES) == set(MEDIA_TYPES) == set(FileKind)


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        (make.office("docx", {"word/_rels/settings.xml.rels": EXTERNAL}), ("links",)),
        (make.office("docx", {"word/_rels/document.xml.rels": HYPERLINK}), ()),
        (make.office("xlsx", {"xl/externalLinks/externalLink1.xml": "<x/>"}), ("links",)),
        (make.office("docx", {"word/embeddings/oleObject1.bin": b"x"}), ("objects",)),
        (make.compound({"WordDocument": make.word(), "ObjectPool": b"x"}), ("objects",)),
        (HEIC, ("heic",)),
    ],
)
def test_links_and_objects_are_noted(data, notes, tmp_path):
    found = inspect(at(tmp_path, data), "a")
    assert found.notes == notes
    assert set(notes) <= set(NOTE_MESSAGES)


def bomb(parts: int, size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(parts):
            with archive.open(f"{number}.xml", "w", force_zip64=True) as part:
                for _ in range(size // 2**20):
                    part.write(bytes(2**20))
    return out.getvalue()


@pytest.mark.parametrize("form", ["dense", "many", "directory"])
def test_bombs_are_refused_in_bounded_memory(form, tmp_path):
    if form == "dense":
        data = bomb(1, 64 * 2**20)
    elif form == "many":
        data = make.zipped({f"{n:05}": "" for n in range(10_050)})
    else:
        data = make.zipped({f"{n:05}" + "x" * 400: "" for n in range(12_000)})
    path = at(tmp_path, data)
    tracemalloc.start()
    with pytest.raises(Unwanted) as refused:
        inspect(path, "a.docx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == "bomb"
    assert peak < 24 * 2**20


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=4000), st.text(max_size=40))
def test_random_bytes_end_in_a_kind_or_a_sentence(tmp_path, data, name):
    try:
        assert inspect(at(tmp_path, data), name).kind in FileKind
    except Unwanted as refused:
        assert refused.code in MESSAGES


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_cut_and_spoilt_files_end_in_a_kind_or_a_sentence(tmp_path, data):
    whole = bytearray(data.draw(st.sampled_from([d for d, _k in GOOD.values()] + [d for d, _c in BAD.values()])))
    del whole[data.draw(st.integers(0, len(whole))) :]
    for _ in range(data.draw(st.integers(0, 6))):
        if whole:
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert inspect(at(tmp_path, bytes(whole)), "a").kind in FileKind
    except Unwanted as refused:
        assert refused.code in MESSAGES


@pytest.mark.parametrize(
    ("name", "kind", "right"),
    [
        ("证照.png", FileKind.PDF, "证照.pdf"), ("证照", FileKind.PDF, "证照.pdf"), ("a.JPEG", FileKind.JPEG, "a.JPEG"),
        ("a.b.docx", FileKind.DOCX, "a.b.docx"), (".pdf", FileKind.TEXT, ".pdf.txt"), ("a.wps", FileKind.DOC, "a.wps"),
    ],
)  # fmt: skip
def test_the_ending_is_put_right(name, kind, right):
    assert inspection.right_name(name, kind) == right


MARKED = ["绝密.pdf", "关于某事的机密文件.docx", "秘密★1年.pdf", "（内部）名单.xlsx", "内部资料.pdf",
          "【内部】会议.docx", "名单_秘密.pdf", "会议纪要 内部.docx"]  # fmt: skip
UNMARKED = ["内部管理制度.docx", "内部治理结构.pdf", "商业秘密保护办法.pdf", "保守秘密承诺书.pdf", "章程.pdf",
            "内部审计报告.pdf", "机密性评估.pdf"]  # fmt: skip


@pytest.mark.parametrize("name", MARKED)
def test_marks_in_names(name):
    assert secrecy.in_name(name)


@pytest.mark.parametrize("name", UNMARKED)
def test_words_in_names_are_no_marks(name):
    assert not secrecy.in_name(name)


@pytest.mark.parametrize(
    "text", ["秘密★1年", "000123\n机 密\n标题", "密级：内部", "【内部】\n通知", "内部资料 注意保存\n", "绝密★"]
)
def test_marks_in_texts(text):
    assert secrecy.in_text(text)


@pytest.mark.parametrize(
    "text", ["本单位内部管理制度", "应当保守秘密。", "第三条 涉及商业秘密的", "内部机构设置", "x" * 700 + "\n机密\n"]
)
def test_words_in_texts_are_no_marks(text):
    assert not secrecy.in_text(text)
