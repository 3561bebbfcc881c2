"""Which party organizations grants may rest on (asked by `core.actions.grants`)."""

from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import PartyOrganization
from liaoyuan.party.queries import organizations as reading

GRANTING_MESSAGES: dict[str, str] = {
    "GRANT-PARTY": "没有这个党组织，或者已经撤销。",
    "GRANT-COMMITTEE": "批复党组织的角色只能授予党委（党工委）范围，不能授予党总支、党支部。",
}


def _refused(code: str) -> list[Finding]:
    return [Finding(code, Severity.BLOCK, GRANTING_MESSAGES[code], field="scope_id")]


def living(key: int) -> list[Finding]:
    """The party organization stands."""
    return [] if PartyOrganization.objects.living().filter(pk=key).exists() else _refused("GRANT-PARTY")


def committee(key: int) -> list[Finding]:
    """Who approves does so for a committee: 基层党委 approves, no general branch and no branch (arts. 6, 7)."""
    party = PartyOrganization.objects.living().filter(pk=key).first()
    if party is None or reading.formation(party).form == Form.COMMITTEE:
        return []
    return _refused("GRANT-COMMITTEE")
