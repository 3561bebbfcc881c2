"""The planner's ids of our rows: a body is its key, a party organization its key behind a letter."""

_PARTY = "p"


def branch_id(key: int) -> str:
    """A branch or host."""
    return f"{_PARTY}{key}"


def key_of(given: str) -> int:
    """The key behind an id of either kind."""
    return int(given.removeprefix(_PARTY))
