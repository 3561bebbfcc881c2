"""Search: one box for everything, by any substring of one character or more, by pinyin and by initials."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from liaoyuan.core import bulk, registries
from liaoyuan.core.models import SearchDocument

_COLUMNS = (
    "kind",
    "object_id",
    "title",
    "code",
    "words",
    "grams",
    "registrar_path",
    "domicile_path",
    "is_public",
    "weight",
)
_CHUNK = 500


def refresh(kind: str, ids: Sequence[int] | None = None) -> int:
    """Write the documents of these records anew (None = of all); a record without a document is dropped."""
    source = registries.searchables.get(kind)
    if source is None:
        return 0
    count = 0
    with transaction.atomic():
        if ids is None:
            SearchDocument.objects.filter(kind=kind).delete()
            return _write(kind, source.documents(None))
        for start in range(0, len(ids), _CHUNK):
            part = ids[start : start + _CHUNK]
            SearchDocument.objects.filter(kind=kind, object_id__in=part).delete()
            count += _write(kind, source.documents(part))
    return count


def _write(kind: str, documents: Iterable) -> int:
    return bulk.load(
        SearchDocument,
        _COLUMNS,
        (
            (
                kind,
                d["object_id"],
                d["title"],
                d["code"],
                d["words"],
                d.get("grams", ""),
                d["registrar_path"],
                d["domicile_path"],
                d["is_public"],
                d["weight"],
            )
            for d in documents
        ),
    )
