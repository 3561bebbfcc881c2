"""Two bodies side by side, for whoever merges them; merges already done; where an old address leads."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from liaoyuan.core import access
from liaoyuan.registry.choices import Kind, Permission
from liaoyuan.registry.models import Merge, Organization, Standing
from liaoyuan.registry.queries import record
from liaoyuan.registry.queries.standings import POINT

#: Columns of the identity that may come from either record.
IDENTITY = ("code", "code_as_given", "filing_no", "registered_on")
_DATED = (
    "name", "registrar", "supervisor", "industry_regulator", "party_lead", "guidance_unit", "filing_category",
    "capital_fen", "field", "district_field", "scope", "legal_representative", "representative_id", "phone",
    "full_time", "part_time", "party_members_declared", "council_count", "supervisors_count", "members_unit",
    "members_person", "term_from", "term_to", "address", "certificate_from", "certificate_to", "filing_to",
    "is_charity", "public_fundraising", "tax_deductible", "note",
)  # fmt: skip
#: What is chosen → the columns that go with it.
CHOICES: dict[str, tuple[str, ...]] = {
    "code": ("code", "code_as_given"), "filing_no": ("filing_no",), "registered_on": ("registered_on",),
    **{name: (name,) for name in _DATED},
    "street_id": ("street_id", "street_as_given"), "community_id": ("community_id", "community_as_given"),
    "point": POINT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One field of two bodies, in words; secrets masked."""

    name: str
    label: str
    one: str
    other: str


def may_edit(user: Any, kind: str, path: str) -> bool:
    """Whether the user may change bodies of this kind that an office of this area registers."""
    reach = access.reach(user, Permission.FILING_EDIT if kind == Kind.BA else Permission.EDIT)
    return reach.everything or any(path.startswith(own) for own in reach.paths)


def pair(user: Any, low: int, high: int) -> tuple[Standing, Standing] | None:
    """The present standings of two bodies, if the user may edit both."""
    rows = Standing.objects.now_open().filter(organization__in=[low, high])
    found = {
        row.organization_id: row for row in rows.select_related("organization", "registrar_area", "street", "community")
    }
    if len(found) != 2 or not all(may_edit(user, row.kind, row.registrar_area.path) for row in found.values()):
        return None
    return found[low], found[high]


def sides(one: Standing, other: Standing) -> list[Side]:
    """The fields in which two bodies differ, in the order of the record page."""
    found = []
    for name, columns in CHOICES.items():
        values = [[_value(row, column) for column in columns] for row in (one, other)]
        if values[0] == values[1] or not any(v not in (None, "", {}) for side in values for v in side):
            continue
        label = str(record.LABELS["number" if name == "code" else name])
        words = [_words(row, name) for row in (one, other)]
        if words[0] != words[1] or name in ("phone", "representative_id"):
            found.append(Side(name, label, *words))
    return found


def _value(row: Standing, column: str) -> Any:
    return getattr(row.organization if column in IDENTITY else row, column)


def _words(row: Standing, name: str) -> str:
    if name == "code":
        return row.organization.code or row.organization.code_as_given
    if name in IDENTITY:
        value = getattr(row.organization, name)
        return value.isoformat() if hasattr(value, "isoformat") else str(value or "")
    return record.words(row, name)


def done(user: Any) -> QuerySet[Merge]:
    """Merges that the user may see, the newest first."""
    return Merge.objects.visible_to(user).select_related("kept", "merged_by", "undone_by")


def names_of(keys: list[int]) -> dict[int, str]:
    """Present names of bodies."""
    rows = Standing.objects.now_open().filter(organization__in=keys)
    return dict(rows.values_list("organization_id", "name"))


def successor(pk: int) -> int | None:
    """The body that a merged one stands in now; None when it was not merged."""
    seen: set[int] = set()
    found = Organization.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
    while found is not None and found not in seen:
        seen.add(found)
        further = Organization.objects.filter(pk=found).values_list("merged_into", flat=True).first()
        if further is None:
            return found
        found = further
    return None


def absorbed(pk: int) -> list[int]:
    """Bodies that were merged into this one, directly or through others."""
    found: list[int] = []
    wave = [pk]
    while wave:
        wave = list(Organization.objects.filter(merged_into__in=wave).values_list("pk", flat=True))
        found += wave
    return found
