"""What ends with a party organization: posts, the term, units, groups, participations. Called when it is dissolved."""

from datetime import date, datetime

from liaoyuan.core.access import Actor
from liaoyuan.party.actions import life, officers
from liaoyuan.party.actions.entering import end_row
from liaoyuan.party.models import Affiliation, PartyOrganization, Unit


def end_all(party: PartyOrganization, on: date, reason: str, *, by: Actor, at: datetime) -> None:
    """End on the day what hangs on it; the caller holds the transaction, the locks, the permission and the event."""
    officers.vacate(party, on, reason, by=by, at=at)
    officers.close_term(party, on, by=by, at=at)
    life.end_groups(party, on, by=by, at=at)
    for unit in Unit.objects.current().filter(party_organization=party, valid_to__gt=on):
        end_row(unit, on, at, by)
    for row in Affiliation.objects.current().filter(party_organization=party, valid_to__gt=on):
        end_row(row, on, at, by, end_reason=reason)
