"""Files as other programs write them, made with libraries the product does not use, or by hand."""

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import xlsxwriter
import xlwt

OPENXML = "http://schemas.openxmlformats.org"
MAIN = f"{OPENXML}/spreadsheetml/2006/main"
CONTENT_TYPES = (
    f'<Types xmlns="{OPENXML}/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
ROOT_RELATIONS = (
    f'<Relationships xmlns="{OPENXML}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{OPENXML}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OPENXML}/officeDocument/2006/relationships"><sheets>'
    '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELATIONS = (
    f'<Relationships xmlns="{OPENXML}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{OPENXML}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OPENXML}/officeDocument/2006/relationships/sharedStrings" '
    'Target="sharedStrings.xml"/><Relationship Id="rId3" '
    f'Type="{OPENXML}/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'
)


def raw_xlsx(path: Path, sheet: str | bytes, *, strings: str = "", styles: str = "", **more: str | bytes) -> Path:
    """An xlsx whose sheet (what stands inside `<worksheet>`, or the whole part as bytes) is written by hand."""
    if isinstance(sheet, str):
        sheet = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">{sheet}</worksheet>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_RELATIONS,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELATIONS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    return archive(path, parts | {name.replace("__", "/").replace("_dot_", "."): data for name, data in more.items()})


def archive(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return path


def xlsx(path: Path, rows: Iterable[Sequence[object]], *, title: str = "台账") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def shared_xlsx(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    """With shared strings, as Excel and WPS keep texts; openpyxl writes them into the cells."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate(rows):
            sheet.write_row(r, 0, row)
    return path


def xls(path: Path, rows: Iterable[Sequence[object]], *, title: str = "台账") -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(title)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value)
    book.save(str(path))
    return path


NUMBER_CELL = '<table:table-cell office:value-type="float" office:value="1"'
"""An ods cell, to be closed."""
OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def ods(path: Path, tables: str, *, styles: str = "", doctype: str = "", manifest: str = "") -> Path:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content xmlns:office="{OASIS}:office:1.0" '
        f'xmlns:table="{OASIS}:table:1.0" xmlns:text="{OASIS}:text:1.0" xmlns:style="{OASIS}:style:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return archive(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0">{manifest}'
            "</manifest:manifest>",
            "content.xml": content,
        },
    )
