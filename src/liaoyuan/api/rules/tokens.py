"""Pure rules of tokens: what may be handed to a machine, and for how long."""

from dataclasses import dataclass

from liaoyuan.api.params import GRANTABLE, MESSAGES, TOKEN_DAYS, TOKENS_HELD
from liaoyuan.kit.findings import Finding, Severity

NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Wish:
    """A token as wished. `held` are the permissions of its owner today, `live` the tokens he holds already."""

    name: str
    permissions: frozenset[str]
    days: int
    held: frozenset[str]
    live: int


def refusal(variant: str, field: str = "", **args: object) -> Finding:
    """A blocking finding about a token."""
    return Finding("API-TOKEN", Severity.BLOCK, MESSAGES[f"API-TOKEN.{variant}"], field=field, args=args)


def may_create(wish: Wish) -> list[Finding]:
    """Refused: no name, nothing or more than one's own permissions, longer than the longest life, too many."""
    told = []
    if not wish.name.strip() or len(wish.name) > NAME_LENGTH:
        told.append(refusal("name", "name", most=NAME_LENGTH))
    if not wish.permissions:
        told.append(refusal("permissions", "permissions"))
    told += [
        refusal("held", "permissions", word=code)
        for code in sorted(wish.permissions)
        if code not in wish.held or code not in {str(one) for one in GRANTABLE}
    ]
    if not 1 <= wish.days <= TOKEN_DAYS:
        told.append(refusal("days", "days", most=TOKEN_DAYS))
    if wish.live >= TOKENS_HELD:
        told.append(refusal("many", most=TOKENS_HELD))
    return told
