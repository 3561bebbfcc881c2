"""The kinds of files that may be kept: what they are called, sent as and end with."""

from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    """What a file is by its content."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    OFD = "ofd"
    TEXT = "txt"
    CSV = "csv"
    ZIP = "zip"


KIND_TITLES: dict[str, str] = {
    FileKind.PDF: "PDF 文件",
    FileKind.JPEG: "JPG 图片",
    FileKind.PNG: "PNG 图片",
    FileKind.WEBP: "WebP 图片",
    FileKind.HEIC: "HEIC 照片",
    FileKind.DOCX: "Word 文档",
    FileKind.XLSX: "Excel 工作簿",
    FileKind.PPTX: "PPT 演示文稿",
    FileKind.DOC: "Word 97 文档",
    FileKind.XLS: "Excel 97 工作簿",
    FileKind.PPT: "PPT 97 演示文稿",
    FileKind.OFD: "OFD 文件",
    FileKind.TEXT: "文本文件",
    FileKind.CSV: "CSV 表格",
    FileKind.ZIP: "ZIP 压缩包",
}

#: What is recognised in order to be refused by its name.
OTHER_TITLES: dict[str, str] = {
    "gif": "GIF",
    "bmp": "BMP",
    "tiff": "TIFF",
    "rtf": "RTF 文档",
    "odt": "ODT 文档",
    "ods": "ODS 表格",
    "odp": "ODP 演示文稿",
    "xlsb": "二进制工作簿（.xlsb）",
}

_OFFICE = "application/vnd.openxmlformats-officedocument."
#: Only these are ever sent; what a browser said when uploading is not looked at.
MEDIA_TYPES: dict[str, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.WEBP: "image/webp",
    FileKind.HEIC: "image/heic",
    FileKind.DOCX: _OFFICE + "wordprocessingml.document",
    FileKind.XLSX: _OFFICE + "spreadsheetml.sheet",
    FileKind.PPTX: _OFFICE + "presentationml.presentation",
    FileKind.DOC: "application/msword",
    FileKind.XLS: "application/vnd.ms-excel",
    FileKind.PPT: "application/vnd.ms-powerpoint",
    FileKind.OFD: "application/ofd",
    FileKind.TEXT: "text/plain; charset=utf-8",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.ZIP: "application/zip",
}

#: Pictures of which copies without EXIF are made; HEIC has no decoder here.
PICTURES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.WEBP})
PHOTOS = PICTURES | {FileKind.HEIC}
DOCUMENTS = frozenset(FileKind) - {FileKind.ZIP}
#: Further endings that mean the same.
ALSO: dict[str, str] = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "heif": "heic", "text": "txt", "md": "txt",
                        "log": "txt", "tsv": "csv", "wps": "doc", "et": "xls", "dps": "ppt"}  # fmt: skip
#: Endings that make a file run when it is opened, whatever is in it.
RUNNING = frozenset(
    {
        "exe", "com", "scr", "pif", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "jse", "mjs", "wsf", "wsh", "hta",
        "msi", "msp", "dll", "cpl", "jar", "sh", "bash", "py", "pl", "rb", "php", "lnk", "reg", "apk", "ipa", "app",
        "svg", "svgz", "html", "htm", "xhtml", "mht", "mhtml", "shtml", "xml", "xsl", "url", "desktop",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is, and what must be said about it (codes of `refusal.NOTE_MESSAGES`)."""

    kind: FileKind
    notes: tuple[str, ...] = ()
