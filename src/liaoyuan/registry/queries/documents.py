"""What organizations are found by: present and former names and codes; readings are added by the search itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
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
    merged = absorbed(ids)
    for pk, rows_of in groupby(found.iterator(chunk_size=5000), key=itemgetter(0)):
        kept = list(rows_of)
        _pk, _name, end, code, given, filing_no, live, external, registrar, street, community = kept[0]
        yield document(
            pk, [row[1] for row in kept], (code, given, filing_no), live=live, external=external,
            still=end == OPEN, areas=(registrar, street, community), also=merged.get(pk),
        )  # fmt: skip


def absorbed(ids: Sequence[int] | None) -> dict[int, tuple[list[str], list[str]]]:
    """Names and codes of records that were merged into a body, by the body that stays: it is found by them too."""
    merged = Organization.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into")
    into = {pk: stays for pk, stays in merged if stays is not None}
    if not into:
        return {}
    wanted = None if ids is None else set(ids)
    found: dict[int, tuple[list[str], list[str]]] = {}
    rows = Standing.objects.filter(organization__in=into, superseded_at=F("organization__voided_at"))
    for pk, name, *codes in rows.order_by("organization_id", "-valid_from").values_list(
        "organization_id", "name", "organization__code", "organization__code_as_given", "organization__filing_no"
    ):
        last = pk
        while last in into:
            last = into[last]
        if wanted is None or last in wanted:
            names, numbers = found.setdefault(last, ([], []))
            names.append(name)
            numbers += [code for code in codes if code]
    return found


def document(
    pk: int,
    names: Iterable[str],
    codes: tuple[str, str, str],
    *,
    live: bool,
    external: bool,
    still: bool,
    areas: tuple[str | None, str | None, str | None],
    also: tuple[list[str], list[str]] | None = None,
) -> Mapping[str, Any]:
    """The document of one organization: names from the latest back, code, code as given and filing number, `still` =
    its latest facts have no end, paths of registrar, street and community. `also`: names and codes of records that were
    merged into it.
    """
    more, numbers = also or ([], [])
    known = list(dict.fromkeys([*names, *more]))
    code, given, filing_no = codes
    registrar, street, community = areas
    return {
        "object_id": pk,
        "title": known[0],
        "names": known,
        "code": code or filing_no or given,
        "codes": list(dict.fromkeys(c for c in (code, given, filing_no, *numbers) if c)),
        "registrar_path": registrar or "",
        "domicile_path": _domicile(street, community),
        "is_public": bool(live and not external and still),
        "weight": (2 if live else 0) + (1 if code else 0),
    }


def _domicile(street: str | None, community: str | None) -> str:
    """The path of the community, unless it lies in another street than the one given."""
    if community and (not street or community.startswith(street)):
        return community
    return street or ""
