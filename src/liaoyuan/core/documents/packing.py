"""The signed letters of a batch as one archive: a PDF each, and a list of them."""

import csv
import io
import zipfile
from pathlib import Path

from liaoyuan.core.choices import DocumentState
from liaoyuan.core.models import DocumentBatch
from liaoyuan.core.queries import files

_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNFIT = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))


def pack(batch: DocumentBatch, path: Path) -> int:
    """Write the archive; returns how many letters it holds."""
    rows = batch.documents.filter(state=DocumentState.ISSUED).select_related("pdf").order_by("pk")
    lines: list[tuple[str, ...]] = [("文号", "对象", "文件", "核验码", "SHA-256")]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for row in rows.iterator():
            if row.pdf is None:
                continue
            name = f"{row.number} {row.subject_label}".translate(_UNFIT)[:80] + ".pdf"
            content, size = files.content(row.pdf, "original")
            with content:
                archive.writestr(zipfile.ZipInfo(name, _MOMENT), content.read(size))
            lines.append((row.number, row.subject_label, name, row.check_code, row.pdf.sha256))
        told = io.StringIO()
        csv.writer(told).writerows(lines)
        archive.writestr(zipfile.ZipInfo("清单.csv", _MOMENT), "\ufeff" + told.getvalue())
    return len(lines) - 1
