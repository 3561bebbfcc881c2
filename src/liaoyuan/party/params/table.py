"""Texts of party building, the days from which they apply, and the shape of a statement of this floor (handbook §2)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from liaoyuan.registry.params.table import ALWAYS, OWN, Statement, row

#: Days from which the texts apply.
FE = "2008-04-01"
DV = "2014-05-28"
OP = "2015-09-28"
BR = "2018-10-28"
ED = "2019-05-06"
EL = "2020-07-13"

BRANCH_RULE = "《中国共产党支部工作条例（试行）》"
ELECTION_RULE = "《中国共产党基层组织选举工作条例》"
DEVELOPMENT_RULE = "《中国共产党发展党员工作细则》"
EDUCATION_RULE = "《中国共产党党员教育管理工作条例》"
DUES_RULE = "《关于中国共产党党费收缴、使用和管理的规定》（中组发〔2008〕3号）"
OPINION = "《关于加强社会组织党的建设工作的意见（试行）》（中办发〔2015〕51号）"
CHARTER = "《中国共产党章程》"

#: A statement of the party floor: the superior party organization's place decides which parameters hold.
rule = partial(Statement, jurisdiction="superior")


def standing(key: str, value: Any, source: str, *, since: str, mark: str = "V") -> tuple[Mapping[str, Any], ...]:
    """A figure of pure arithmetic: by the text from its day on, and by our own choice for what happened before it."""
    return (
        row(key, value, OWN, since=ALWAYS, mark="D", note=f"{source}施行以前的事项照此计算"),
        row(key, value, source, since=since, mark=mark),
    )
