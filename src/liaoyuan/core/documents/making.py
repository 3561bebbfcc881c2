"""From a kind, its template and the values to the two files of a document: Word and PDF of the same words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from liaoyuan.core.documents import pdf, reading, shipped, words
from liaoyuan.core.models import DocumentTemplate
from liaoyuan.core.queries import files
from liaoyuan.core.registries import DocumentField, DocumentKind
from liaoyuan.core.rules.documents import refusal
from liaoyuan.kit.findings import Refused

#: Places of every kind that come from its issuing: (name, Chinese meaning, example).
COMMON = (
    DocumentField("office", "发文机关", "某区民政局", filled=True),
    DocumentField("number", "文号", "某民社〔2026〕12号", filled=True),
    DocumentField("dated", "落款日期", "2026年11月29日", filled=True),
    DocumentField("office_phone", "发文机关电话", "0510-00000000", filled=True),
    DocumentField("office_address", "发文机关地址", "某路 1 号", filled=True),
    DocumentField("name", "对象名称", "某某社会工作服务中心", filled=True),
)
#: Besides them those of a notice, and of what certifies one.
NOTICE = (
    DocumentField("opens_on", "公示起", "2026年12月1日", filled=True),
    DocumentField("closes_on", "公示止", "2026年12月7日", filled=True),
)
FOLLOWS = (
    DocumentField("notice_title", "公示标题", "关于某事项的公示", filled=True),
    DocumentField("notice_number", "公示文号", "某民社〔2026〕10号", filled=True),
    *NOTICE,
)


class Made(NamedTuple):
    """The two files."""

    docx: bytes
    pdf: bytes


def places(kind: DocumentKind) -> list[DocumentField]:
    """Every place a template of the kind may use, its own fields first."""
    more = NOTICE if kind.notice_days else FOLLOWS if kind.follows else ()
    own = {field.name for field in kind.fields}
    return [*kind.fields, *(field for field in (*COMMON, *more) if field.name not in own)]


def examples(kind: DocumentKind) -> dict[str, str]:
    """An example for each place, for previews and trials."""
    return {field.name: field.example for field in places(kind)}


def template_bytes(kind: DocumentKind, row: DocumentTemplate | None) -> bytes:
    """The Word template in force: a replaced one from the store, else the shipped one."""
    if row is None:
        return shipped.template(kind.layout)
    content, _size = files.content(row.file, "original")
    with content:
        return content.read()


def make(template: bytes, values: Mapping[str, Any], frame: pdf.Frame, *, at: datetime) -> Made:
    """Both files. Refused with a sentence when the template misses a value or the server has no Chinese font."""
    try:
        filled = words.fill(template, values, title=frame.title, author=frame.office, at=at)
    except ValueError as error:
        raise Refused([refusal("render", what=str(error)[:120])]) from error
    return Made(filled, printed(filled, frame, at=at))


def printed(data: bytes, frame: pdf.Frame, *, at: datetime) -> bytes:
    """The PDF of a Word document. Refused when the server has no Chinese font."""
    try:
        return pdf.render(reading.blocks(data), frame, at=at)
    except pdf.NoFont as error:
        raise Refused([refusal("font")]) from error
