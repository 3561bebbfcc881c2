"""The yearly plan (指导性计划): which quotas hold for a branch, how much of them is used (PB-DEV-17)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from liaoyuan.party.models import DevelopmentStep, PartyOrganization, Quota
from liaoyuan.party.params.way import DevelopmentStage
from liaoyuan.party.queries import organizations as reading

#: The step that takes a place of the quota.
TAKES = 13
_OUT = [DevelopmentStage.APPLICANT.value, DevelopmentStage.ACTIVIST.value, DevelopmentStage.CANDIDATE.value]


@dataclass(frozen=True, slots=True)
class Line:
    """A quota with its use."""

    pk: int
    party: int
    name: str
    year: int
    number: int
    used: int
    evidence: str

    @property
    def left(self) -> int:
        """How many may still be brought to the 预审."""
        return self.number - self.used


def used(path: str, year: int) -> int:
    """Who was at the 预审 in the year below the path. Whoever left the way before admission gives the place back."""
    rows = DevelopmentStep.objects.current().filter(
        number=TAKES, on__year=year, party_organization__path__startswith=path, applicant__voided_at__isnull=True
    )
    return rows.exclude(Q(applicant__closed_on__isnull=False) & Q(applicant__stage__in=_OUT)).count()


def tightest(party: PartyOrganization, on: date) -> tuple[int | None, int]:
    """(number, used) of the quota with the least left among those of the party organization and its superiors."""
    keys = [int(key) for key in party.path.strip("/").split("/")[1:]]
    rows = Quota.objects.current().filter(party_organization__in=keys, year=on.year)
    told = [(row.number, used(row.party_organization.path, on.year))
            for row in rows.select_related("party_organization")]  # fmt: skip
    return min(told, key=lambda pair: pair[0] - pair[1], default=(None, 0))


def lines(user: Any, year: int) -> list[Line]:
    """The quotas of a year that the user sees, with their use."""
    rows = list(Quota.objects.current().visible_to(user).filter(year=year).select_related("party_organization"))
    named = reading.names(row.party_organization_id for row in rows)
    told = [
        Line(row.pk, row.party_organization_id, named.get(row.party_organization_id, ""), row.year, row.number,
             used(row.party_organization.path, year), row.evidence)
        for row in rows
    ]  # fmt: skip
    return sorted(told, key=lambda line: line.name)
