"""What organizations are found by: present and former names and codes; readings are added by the search itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from liaoyuan.registry.models import OPEN, Standing


def documents(ids: Sequence[int] | None) -> Iterator[Mapping[str, Any]]:
    """One document for each organization that is not void: `names` present first, `codes`, areas, weight.

    Live bodies stand before closed ones, those with a code before the rest. Public are the live bodies of the own
    district.
    """
    rows = Standing.objects.current()
    if ids is not None:
        rows = rows.filter(organization__in=ids)
    found = rows.order_by("organization_id", "-valid_from").values_list(
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
        "community__path",
    )
    last: int | None = None
    names: list[str] = []
    present: dict[str, Any] = {}
    for pk, name, end, code, given, filing_no, live, external, registrar, street, community in found.iterator(
        chunk_size=5000
    ):
        if pk == last:
            if name not in names:
                names.append(name)
            continue
        if last is not None:
            yield present
        last, names = pk, [name]
        present = {
            "object_id": pk,
            "title": name,
            "names": names,
            "code": code or filing_no or given,
            "codes": [c for c in (code, given, filing_no) if c],
            "registrar_path": registrar or "",
            "domicile_path": _domicile(street, community),
            "is_public": bool(live and not external and end == OPEN),
            "weight": (2 if live else 0) + (1 if code else 0),
        }
    if last is not None:
        yield present


def _domicile(street: str | None, community: str | None) -> str:
    """The path of the community, unless it lies in another street than the one given."""
    if community and (not street or community.startswith(street)):
        return community
    return street or ""
