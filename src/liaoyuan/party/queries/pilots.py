"""Pilots as their list shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.party.choices.coverage import PILOT_TITLES, PilotState
from liaoyuan.party.models import Pilot
from liaoyuan.party.queries import organizations as reading

_SIGNS = {PilotState.TRYING: "review", PilotState.SPREAD: "ok", PilotState.STOPPED: "closed"}


@dataclass(slots=True)
class Line:
    """One pilot."""

    pk: int
    name: str
    href: str
    wave: int
    criteria: str
    chosen_on: date
    tried: str
    state: tuple[str, str]
    result: str
    evidence: str
    closed_on: date | None
    open: bool


class Listing:
    """Pilots in the order of their waves: a total and slices of lines."""

    ordered = True

    def __init__(self, rows: Any) -> None:
        self.rows = rows.order_by("wave", "chosen_on", "pk")

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice."""
        return lines(list(self.rows[part]))


def lines(found: Sequence[Pilot]) -> list[Line]:
    """The pilots with the names of their bodies or party organizations."""
    bodies = reading.body_names(row.organization_id for row in found)
    parties = reading.names(row.party_organization_id for row in found)
    made = []
    for row in found:
        state = PilotState(row.state)
        body = row.organization_id
        href = (reverse("party:organization_panel", args=[body]) if body
                else reverse("party:organization_detail", args=[row.party_organization_id]))  # fmt: skip
        made.append(Line(
            pk=row.pk, name=bodies.get(body, "") if body else parties.get(row.party_organization_id or 0, ""),
            href=href, wave=row.wave, criteria=row.criteria, chosen_on=row.chosen_on, tried=row.tried,
            state=(_SIGNS[state], _(PILOT_TITLES[state])), result=row.result, evidence=row.evidence,
            closed_on=row.closed_on, open=state == PilotState.TRYING,
        ))  # fmt: skip
    return made
