"""The dossier of one person on the way into the party: a Word document a paper, and all of them as one archive.

The same facts and templates give the same bytes: fixed order, fixed document time. Birth dates and identity numbers are
not in it; places without a fact hold a marked blank.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx

from liaoyuan.core import reads, sessions
from liaoyuan.core.access import Actor
from liaoyuan.core.documents import making, shipped, words
from liaoyuan.core.models import DocumentTemplate
from liaoyuan.core.queries import documents as letters
from liaoyuan.core.rules.documents import refusal
from liaoyuan.kit.files.kinds import MEDIA_TYPES, FileKind
from liaoyuan.kit.findings import Refused
from liaoyuan.party.params.dossier import KINDS
from liaoyuan.party.params.dossier_facts import FACT_TITLES, OPTIONAL
from liaoyuan.party.queries import applicants
from liaoyuan.party.queries.development_dossier import STATE_TITLES, Dossier, Line
from liaoyuan.party.rules.steps import STEPS

DOCX = MEDIA_TYPES[FileKind.DOCX]
FIXED = datetime(2026, 1, 1, tzinfo=UTC)
_EPOCH = (1980, 1, 1, 0, 0, 0)
#: Columns of the index.
INDEX_TITLES = ("编号", "材料", "步骤", "日期", "情况", "空缺", "文件")
MANIFEST_TITLES = ("文件", "字节", "SHA-256")
#: A place without a fact.
BLANK = "〔待填：{title}〕"
_DEMO = "演示数据"


def paper(found: Dossier, line: Line, template: DocumentTemplate | None = None, *, demo: bool = False) -> bytes:
    """One paper as a Word document. Refused when a replaced template cannot be filled."""
    kind = KINDS[line.paper.code]
    known = {**found.facts, **line.facts}
    shown = {name: known.get(name) or _blank(name) for name in FACT_TITLES}
    common = {field.name: "" for field in making.COMMON if field.name not in shown}
    data = making.template_bytes(kind, template)
    values = {**common, **shown, "office": known["committee"]}
    try:
        made = words.fill(data, values, title=line.paper.title, author="", at=FIXED)
    except ValueError as error:
        raise Refused([refusal("render", what=str(error)[:120])]) from error
    return _marked(made) if demo else made


def _blank(name: str) -> str:
    """A marked blank; what is merely told where it is known stays empty."""
    return "" if name in OPTIONAL else BLANK.format(title=FACT_TITLES[name])


def _marked(data: bytes) -> bytes:
    """The document of a practice database says so on every page."""
    document = docx.Document(io.BytesIO(data))
    document.sections[0].footer.paragraphs[0].text = _DEMO
    out = io.BytesIO()
    document.save(out)
    return words.steady(out.getvalue())


def write(
    found: Dossier, path: Path, *, on: date, tell: Callable[[int, int], None] | None = None
) -> int:  # fmt: skip
    """The archive to `path`: papers by stage, the index as Word and CSV, a manifest of hashes; how many papers."""
    demo = sessions.read_installation().offset is not None
    printed = [line for line in found.lines if line.printed]
    area = found.course.applicant.party_organization.area
    templates = letters.templates_for([KINDS[line.paper.code].code for line in printed], area)
    manifest: list[tuple[str, int, str]] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:

        def put(name: str, data: bytes) -> None:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            out.writestr(info, data)
            manifest.append((name, len(data), hashlib.sha256(data).hexdigest()))

        for number, line in enumerate(printed, 1):
            put(line.path, paper(found, line, templates.get(KINDS[line.paper.code].code), demo=demo))
            if tell is not None:
                tell(number, len(printed))
        rows = index(found)
        put("目录.docx", _index_docx(found, rows, on, demo=demo))
        put("目录.csv", _csv(INDEX_TITLES, rows))
        put("说明.txt", _about(found, on, demo=demo).encode())
        put("清单.csv", _csv(MANIFEST_TITLES, list(manifest)))
    return len(printed)


def index(found: Dossier) -> list[tuple[Any, ...]]:
    """The index in the columns of `INDEX_TITLES`; Chinese, whatever the reader's language."""
    rows = []
    for line in found.lines:
        step = STEPS[line.paper.step]
        nth = f"（第 {line.nth} 次）" if line.nth else ""
        rows.append((
            f"{line.number:02d}", f"{line.paper.title}{nth}", f"{step.number} {step.title}",
            line.on.isoformat() if line.on else "", STATE_TITLES[line.state], "、".join(line.blanks),
            line.path if line.printed else "",
        ))  # fmt: skip
    return rows


def _csv(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    told = io.StringIO()
    csv.writer(told).writerows([titles, *rows])
    return ("\ufeff" + told.getvalue()).encode()


def _index_docx(found: Dossier, rows: Sequence[Sequence[Any]], on: date, *, demo: bool) -> bytes:
    document = shipped.blank_page()
    document.add_paragraph("发展党员材料目录", style=shipped.LOOKS["title"].style)
    facts: Mapping[str, str] = found.facts
    head = f"{facts['name']}　{facts['branch']}　截至 {on.isoformat()}"
    document.add_paragraph(head, style=shipped.LOOKS["cell"].style)
    table = shipped.bordered(document, len(rows) + 1, len(INDEX_TITLES) - 1)
    shipped.repeat_head(table.rows[0])
    for row, cells in zip(table.rows, [INDEX_TITLES, *rows], strict=True):
        for cell, text in zip(row.cells, cells[:-1], strict=True):
            cell.paragraphs[0].text = str(text)
            cell.paragraphs[0].style = shipped.LOOKS["cell"].style
    made = shipped.saved(document, title="发展党员材料目录", at=FIXED)
    return _marked(made) if demo else made


def _about(found: Dossier, on: date, *, demo: bool) -> str:
    counts = found.counts
    told = "，".join(f"{STATE_TITLES[state]} {count} 份" for state, count in counts.items() if count)
    lines = [
        _DEMO if demo else "", f"{found.facts['name']}发展党员材料，截至 {on.isoformat()}：{told}。",
        "材料按步骤日期自动填写；〔待填〕处由填写单位补齐，签名盖章后归档。",
        "出生日期和身份证号不写入材料，由经办人核对证件后填写。不写谈话、思想汇报和政治审查的内容。",
        "清单.csv 是各文件的 SHA-256，用来核对是否被改动。", "",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line or line is lines[-1])


def log(found: Dossier, *, papers: int, by: Actor, at: datetime) -> None:
    """The read event: whose dossier left the house, and who took it."""
    applicant = found.course.applicant
    subject = (applicants.SUBJECT, str(applicant.pk), f"{found.course.record.name[:1]}*")
    reads.opened(subject, by=by, at=at)
    reads.exported("dossier", rows=papers, by=by, at=at, sensitive=True, filters={"applicant": applicant.pk})
