"""The files of issued documents among the attachments: one way out, as for every other file. Nobody changes them."""

from collections.abc import Sequence

from django.urls import reverse

from liaoyuan.core import policy
from liaoyuan.core.choices import Permission
from liaoyuan.core.models import Document
from liaoyuan.core.queries import documents
from liaoyuan.core.registries import FilePurpose, FileSubject
from liaoyuan.kit.files.kinds import FileKind

#: Titles as pages call them.
PURPOSE_TITLES: dict[str, str] = {"document_pdf": "签发的 PDF", "document_docx": "签发的 Word"}
_KINDS = {"document_pdf": FileKind.PDF, "document_docx": FileKind.DOCX}
_SEEN = (Permission.DOCUMENT_VIEW, Permission.DOCUMENT_OWN_VIEW)

PURPOSES: dict[str, FilePurpose] = {
    code: FilePurpose(code, title, ("document",), view=_SEEN, edit=(), kinds=frozenset({str(_KINDS[code])}))
    for code, title in PURPOSE_TITLES.items()
}


def _chain(document: Document) -> Sequence[str]:
    return policy.chain(document.area.path)


SUBJECT = FileSubject(
    kind="document",
    title="文书",
    find=documents.find,
    holder=lambda document: document,
    label=str,
    address=lambda document: reverse("core:document_detail", args=[document.pk]),
    papers=lambda document: "",
    chain=_chain,
)
