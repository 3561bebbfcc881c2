"""What organizations are found by: present and former names, codes, street; pinyin is added by the search itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from liaoyuan.registry.models import OPEN, Standing


def documents(ids: Sequence[int] | None) -> Iterator[Mapping[str, Any]]:
    """One document for each organization that is not void: `names` in order of importance, `codes`, areas, weight."""
    rows = Standing.objects.current()
    if ids is not None:
        rows = rows.filter(organization__in=ids)
    rows = rows.order_by("organization_id", "-valid_from").values_list(
        "organization_id",
        "name",
        "valid_to",
        "organization__code",
        "organization__code_as_given",
        "organization__filing_no",
        "organization__live",
        "organization__is_external",
        "registrar_area__path",
        "street__path",
    )
    current: dict[str, Any] | None = None
    for pk, name, end, code, given, filing_no, live, external, registrar, domicile in rows.iterator(chunk_size=5000):
        if current is None or current["object_id"] != pk:
            if current is not None:
                yield current
            current = {
                "object_id": pk,
                "title": name,
                "names": [name],
                "code": code or filing_no or given,
                "codes": [c for c in (code, given, filing_no) if c],
                "words": "",
                "registrar_path": registrar or "",
                "domicile_path": domicile or "",
                "is_public": bool(live and not external and end == OPEN),
                "weight": (2 if live else 0) + (1 if code else 0),
            }
        elif name not in current["names"]:
            current["names"].append(name)
    if current is not None:
        yield current
