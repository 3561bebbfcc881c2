"""What the rules say of a party organization as it stands on a day (PB-FORM-03, -05, -09, -10, PB-TMP-02)."""

from datetime import date

from liaoyuan.kit.findings import Finding
from liaoyuan.party.models import Formation, PartyOrganization
from liaoyuan.party.queries import counts


def findings(party: PartyOrganization, row: Formation, heads: counts.Heads, on: date) -> list[Finding]:
    """Ask the rules of the moment party_daily."""
    return []
