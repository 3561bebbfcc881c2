"""Members of the demo at bodies that no branch covers: what coverage planning has to work with.

One or two at each body, fewer than a branch of its own needs, as a survey finds them; formally they belong to the
district's committee. The ordinary ledger rows, with invented names that go on counting.
"""

from collections.abc import Callable
from datetime import date, datetime

from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.models import Affiliation, Founding, Member, PartyOrganization, ReorganizationUnit, Unit
from liaoyuan.registry.choices import Status
from liaoyuan.registry.models import Standing

#: So many bodies, for each time the district is repeated.
_BODIES = 64
#: A street beyond the planner's radius of all others: so few members there that no group comes about.
_FAR, _FEW = "320211009", 2
_ADMITTED, _CONFIRMED = date(2012, 7, 1), date(2013, 7, 1)


def scatter(
    committee: PartyOrganization, member: Callable[..., Member], *, scale: int, start: date, at: datetime
) -> int:  # fmt: skip
    """Give bodies in free places one or two members each; returns how many bodies. `member` makes the next one."""
    bodies = _free()[: _BODIES * scale]
    rows = [
        Affiliation(
            member=member(_ADMITTED, _CONFIRMED, work_time="full", category="社会组织从业人员"),
            party_organization=committee, kind=AffiliationKind.FORMAL.value, organization_id=body, valid_from=start,
            began_on=start, recorded_at=at, evidence="演示数据",
        )
        for number, (body, far) in enumerate(bodies) for _again in range(1 if far else 1 + number % 2)
    ]  # fmt: skip
    Affiliation.objects.bulk_create(rows)
    return len(bodies)


def _free() -> list[tuple[int, bool]]:
    """Live registered bodies with a street that nothing of the party's names yet, and whether that is the far one; by
    code, so across the streets.
    """
    taken = set(Unit.objects.values_list("organization", flat=True))
    taken |= set(Founding.objects.values_list("applicant", flat=True))
    taken |= set(ReorganizationUnit.objects.values_list("organization", flat=True))
    taken |= set(Affiliation.objects.values_list("organization", flat=True))
    rows = Standing.objects.now_open().live().filter(status=Status.ACTIVE.value, kind__in=["MF", "ST"])
    rows = rows.filter(street__isnull=False).order_by("organization__code")
    told = rows.values_list("organization_id", "street__code")
    free = [(key, street == _FAR) for key, street in told if key not in taken]
    far = [key for key, is_far in free if is_far][:_FEW]
    return [(key, is_far) for key, is_far in free if not is_far or key in far]
