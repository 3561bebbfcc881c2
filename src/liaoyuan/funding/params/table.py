"""Sources of the figures of grants and the shape of a statement of this floor (handbook §3, §9.3).

Amounts are fen, shares whole percent, durations in the unit that the key names. null says that a place sets no limit.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from liaoyuan.registry.params.table import ALWAYS, CREDIT, OWN, Statement, row

__all__ = [
    "ALWAYS",
    "CREDIT",
    "CREDIT_RULE",
    "OWN",
    "PRIVACY_LAW",
    "PRIVACY_SINCE",
    "Statement",
    "default_row",
    "row",
    "rule",
]

CREDIT_RULE = "《社会组织信用信息管理办法》（民政部令第60号）"
PRIVACY_LAW = "《个人信息保护法》"
PRIVACY_SINCE = "2021-11-01"
#: Where most figures of the table were seen: the measures of single places, cited in full in their own rows.
PLACES = "各地公益创投办法（见各地参数）"

#: A statement of the funding floor: the round's place and programme decide which parameters hold.
rule = partial(Statement, jurisdiction="round")


def default_row(key: str, value: Any, *, mark: str = "D", note: str = "") -> Mapping[str, Any]:
    """A working default for a place that has set nothing of its own: this product's choice."""
    return row(key, value, OWN, since=ALWAYS, mark=mark, note=note)
