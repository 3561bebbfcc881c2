"""The words of attachments: without names for an expert while names are hidden, and for the office what names are
written in them, in the document's properties, or cannot be looked for.
"""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from liaoyuan.core.models import Attachment, StoredFile
from liaoyuan.core.queries import files
from liaoyuan.core.vault import VaultError
from liaoyuan.funding.models import Project
from liaoyuan.funding.queries import blind, papers
from liaoyuan.funding.rules import hiding
from liaoyuan.kit.files import texts


@dataclass(frozen=True, slots=True)
class Words:
    """What a content says: its words (None: they cannot be read), and what its properties tell."""

    text: str | None
    properties: str = ""


def words_of(file: StoredFile) -> Words:
    """Read a kept content. What the store has lost cannot be read either."""
    try:
        content, _size = files.content(file, "original")
    except (OSError, ValueError, VaultError):
        return Words(None)
    with content, tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "content"
        with path.open("wb") as copy:
            shutil.copyfileobj(content, copy)
        return Words(texts.words(path, file.kind), texts.properties(path, file.kind))


def without_names(project: Project, row: Attachment) -> str | None:
    """The words of an attachment with every name and number hidden; None when they cannot be read."""
    told = words_of(row.file).text
    return None if told is None else hiding.hide(told, blind.terms(project)).text


@dataclass(frozen=True, slots=True)
class Named:
    """An attachment as the office checks it: the words that name somebody; whether experts read its words at all."""

    row: Attachment
    words: tuple[str, ...]
    legible: bool


def named(projects: Iterable[Project]) -> dict[int, list[Named]]:
    """The attachments of projects (read with what `blind.terms_of` needs): those that name somebody, and those whose
    words cannot be read. Each content is read once.
    """
    rows = list(projects)
    hidden = blind.terms_of(rows)
    found: dict[int, list[Named]] = {}
    for row in papers.of_projects(hidden).order_by("pk"):
        key = int(row.subject_id)
        told = words_of(row.file)
        said = [*hiding.hide(told.text or "", hidden[key]).found, *hiding.named(told.properties, hidden[key])]
        if said or told.text is None:
            found.setdefault(key, []).append(Named(row, tuple(dict.fromkeys(said)), told.text is not None))
    return found
