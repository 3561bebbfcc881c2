"""The shape of the register's rule table: a statement in Chinese beside its dated, cited parameters.

Marks say how a figure was verified. `V`: seen in a copy of the text; `SEED`: the district's own published measure; `D`:
a choice of this product, no legal rule; `K`: from knowledge, shipped as a draft that warns at most until an officer
confirms it with its source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Days from which the texts apply.
ST = "2016-02-06"
MF = "1998-10-25"
JJ = "2004-06-01"
CHARITY = "2024-09-05"
CREDIT = "2018-01-24"
RATING = "2011-03-01"
NAMING = "2024-05-01"
USCC = "2015-10-01"
FILING = "2017-12-27"
ALWAYS = "1998-10-25"  # the product's own rules: as far back as the oldest text in the table

ST_LAW = "《社会团体登记管理条例》（2016年修订）"
MF_LAW = "《民办非企业单位登记管理暂行条例》"
JJ_LAW = "《基金会管理条例》"
CHARITY_LAW = "《慈善法》（2023年修正）"
CREDIT_RULE = "《社会组织信用信息管理办法》（民政部令第60号）"
RATING_RULE = "《社会组织评估管理办法》（民政部令第39号）"
RECOGNITION = "《慈善组织认定办法》（民政部令第73号）"
NAME_RULE = "《社会组织名称管理办法》（民政部令第69号）"
USCC_RULE = "GB 32100-2015《法人和其他组织统一社会信用代码编码规则》"
OWN = "本系统约定"

_NOTES = {
    "V": "已见于文本副本",
    "SEED": "已见于本区公开材料",
    "D": "本系统的约定，不是法规条文",
    "K": "凭经验，未见原文，待本地确认",
}


def row(
    key: str,
    value: Any,
    source: str,
    *,
    since: str,
    severity: str = "warn",
    mark: str = "V",
    jurisdiction: str = "national",
    note: str = "",
) -> Mapping[str, Any]:
    """One shipped parameter row; the mark decides whether it is confirmed."""
    return {
        "key": key,
        "jurisdiction": jurisdiction,
        "valid_from": since,
        "valid_to": None,
        "value": value,
        "severity": severity,
        "status": "draft" if mark == "K" else "confirmed",
        "source": source,
        "note": note or _NOTES[mark],
    }


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of the handbook's table. `rows` are its own severity, those of its variants, and its parameters."""

    code: str
    title: str
    statement: str
    entity: str
    moments: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    messages: Mapping[str, str] = field(default_factory=dict)
    jurisdiction: str = "registrar"
    reads: tuple[str, ...] = ()

    @property
    def params(self) -> tuple[str, ...]:
        """Keys of the parameters proper that this rule reads, its own and those named in `reads`."""
        own = [r["key"] for r in self.rows if not r["key"].startswith(self.code)]
        return tuple(dict.fromkeys([*own, *self.reads]))
