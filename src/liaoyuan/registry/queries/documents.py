"""What organizations are found by: present and former names and codes; readings are added by the search itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F

from liaoyuan.registry.models import OPEN, Organization, Standing


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
    merged = _merged(ids)
    for pk, name, end, code, given, filing_no, live, external, registrar, street, community in found.iterator(
        chunk_size=5000
    ):
        if pk == last:
            if name not in names:
                names.append(name)
            continue
        if last is not None:
            yield _with(present, merged.get(last))
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
        yield _with(present, merged.get(last))


def _merged(ids: Sequence[int] | None) -> dict[int, tuple[list[str], list[str]]]:
    """Names and codes of records that were merged into a body, by the body that stays: it is found by them too."""
    into = dict(Organization.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into"))
    if not into:
        return {}
    found: dict[int, tuple[list[str], list[str]]] = {}
    rows = Standing.objects.filter(organization__in=into, superseded_at=F("organization__voided_at"))
    for pk, name, *codes in rows.order_by("organization_id", "-valid_from").values_list(
        "organization_id", "name", "organization__code", "organization__code_as_given", "organization__filing_no"
    ):
        last = pk
        while last in into:
            last = into[last]
        if ids is None or last in ids:
            names, numbers = found.setdefault(last, ([], []))
            names.append(name)
            numbers += [code for code in codes if code]
    return found


def _with(present: dict[str, Any], more: tuple[list[str], list[str]] | None) -> dict[str, Any]:
    if more is None:
        return present
    names, codes = (
        [*dict.fromkeys([*present[key], *told])] for key, told in zip(("names", "codes"), more, strict=True)
    )
    return {**present, "names": names, "codes": codes}


def _domicile(street: str | None, community: str | None) -> str:
    """The path of the community, unless it lies in another street than the one given."""
    if community and (not street or community.startswith(street)):
        return community
    return street or ""
