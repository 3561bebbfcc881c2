"""Reading an organization's history: periods of facts, as of a date, as known at a moment."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from liaoyuan.kit.periods import Period
from liaoyuan.registry.models import Organization, Standing

#: Bookkeeping columns of a standing; every other column is a fact.
BOOKKEEPING = frozenset(
    {
        "id",
        "organization_id",
        "valid_from",
        "valid_to",
        "recorded_at",
        "recorded_by_id",
        "superseded_at",
        "assumed",
    }
)
#: The facts of a standing, by column name (foreign keys as `street_id`).
FACTS: tuple[str, ...] = tuple(f.attname for f in Standing._meta.concrete_fields if f.attname not in BOOKKEEPING)
#: Import and form fields that stand in the standing under another column.
COLUMN_OF = {
    "category": "filing_category",
    "member_count": "members_person",
    "filing_until": "filing_to",
    "id_number": "representative_id",
}
#: A point is one fact in three columns: they hold over one run and change together.
POINT = ("longitude", "latitude", "point_datum")
#: Declared facts hold from the day they were told, never from the registration (decisions.md, "Time").
DECLARED = frozenset(
    {
        "legal_representative",
        "phone",
        "representative_id",
        "full_time",
        "part_time",
        "members_unit",
        "members_person",
        "council_count",
        "supervisors_count",
        "party_members_declared",
    }
)
#: Fields kept as vault ciphertext, with their purpose; they never stand in clear in staging or events.
SECRET = {
    "phone": "organization.phone",
    "id_number": "organization.representative_id",
    "representative_id": "organization.representative_id",
}
#: Their Chinese names, for sentences that name the field.
SECRET_TITLES = {"phone": "联系电话", "id_number": "身份证号", "representative_id": "身份证号"}
#: Fields of persons, with their place in the table of `core.zones`; what a zone refuses is neither read nor stored.
PERSONAL = {
    "phone": "organization.phone",
    "id_number": "organization.representative_id",
    "representative_id": "organization.representative_id",
    "legal_representative": "organization.legal_representative",
}
#: Fields that are not facts of the standing: identity, dated records, or written through their own action.
ELSEWHERE = frozenset(
    {
        "code",
        "code_as_given",
        "filing_no",
        "registered_on",
        "closed_on",
        "rating",
        "rated_on",
        "rating_until",
        "annual_results",
        "credit_status",
        "street",
        "community",
    }
)
EMPTY: dict[str, Any] = {
    f.attname: (None if f.null else f.get_default())
    for f in Standing._meta.concrete_fields
    if f.attname not in BOOKKEEPING
}


def values_of(standing: Standing) -> dict[str, Any]:
    """The facts of one standing as a plain dict."""
    return {name: getattr(standing, name) for name in FACTS}


def periods_of(rows: Iterable[Standing]) -> list[Period]:
    """Rows of one organization, in order of time, as periods."""
    return [Period(row.valid_from, row.valid_to, values_of(row)) for row in rows]


def history(organization: Organization, *, known_at: datetime | None = None) -> list[Standing]:
    """All standings of an organization in order of time, as known now or as recorded by `known_at`."""
    rows = Standing.objects.filter(organization=organization).select_related("street", "community", "registrar_area")
    rows = rows.known_by(known_at) if known_at else rows.filter(superseded_at__isnull=True)
    return list(rows.order_by("valid_from"))


def standing_at(organization: Organization, on: date, *, known_at: datetime | None = None) -> Standing | None:
    """The standing valid on `on`; None before the beginning."""
    return next((row for row in history(organization, known_at=known_at) if row.valid_from <= on < row.valid_to), None)


def former_names(rows: Sequence[Standing]) -> list[tuple[str, date, date]]:
    """Names that are not the latest one, with the period in which they were borne, oldest first."""
    out: list[tuple[str, date, date]] = []
    for row in rows:
        if out and out[-1][0] == row.name:
            out[-1] = (row.name, out[-1][1], row.valid_to)
        else:
            out.append((row.name, row.valid_from, row.valid_to))
    return out[:-1]


def scope_of(organization: Organization) -> tuple[list[str], list[str], str]:
    """Which grants cover an organization: paths that may write it, paths that may read it, its own key."""
    rows = Standing.objects.now_open().filter(organization=organization)
    found = rows.values_list("registrar_area__path", "street__path", "community__path").first()
    if found is None:
        return [], [], str(organization.pk)
    return [found[0]], [path for path in found[1:] if path], str(organization.pk)
