"""The rules that need persons, ready to be entered: the floor's own, and the functions of the register's GOV rules."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from liaoyuan.core.registries import RuleSpec
from liaoyuan.kit.findings import Finding
from liaoyuan.people.params.social import STATEMENTS
from liaoyuan.people.rules import posts, workforce
from liaoyuan.people.rules.facts import PersonFacts, schema
from liaoyuan.registry.params.shipped import STATEMENTS as REGISTRY

_ON = "2026-10-26"


class Asked(NamedTuple):
    """What makes a statement live. Examples are (facts, day, codes of the findings)."""

    function: Callable[..., Iterable[Finding]]
    reads: tuple[str, ...]
    examples: tuple[tuple[Mapping[str, Any], str, tuple[str, ...]], ...]


_CERTIFICATE = {"level": "worker", "number": "20230320001", "approved_on": "2023-06-01"}

ASKED: dict[str, Asked] = {
    "GOV-01": Asked(posts.association_head, ("post", "body_kind", "other_associations"), (
        ({"post": "legal", "body_kind": "ST"}, _ON, ()),
        ({"post": "legal", "body_kind": "ST", "other_associations": ["滨湖区美术家协会"]}, _ON, ("GOV-01",)),
        ({"post": "director", "body_kind": "ST", "other_associations": ["滨湖区美术家协会"]}, _ON, ()),
    )),
    "GOV-02": Asked(posts.foundation_head, ("post", "body_kind", "other_bodies", "other_foundations"), (
        ({"post": "legal", "body_kind": "JJ"}, _ON, ()),
        ({"post": "legal", "body_kind": "JJ", "other_bodies": ["滨湖区示例服务中心"]}, _ON, ("GOV-02",)),
        ({"post": "legal", "body_kind": "MF", "other_foundations": ["太湖公益基金会"]}, _ON, ("GOV-02",)),
    )),
    "GOV-04": Asked(
        posts.foundation_relatives,
        ("post", "body_kind", "public_fundraising", "private_money", "council_count", "relatives_count", "paid_count",
         "on_council", "is_relative", "finance_staff"), (
            ({"body_kind": "JJ", "post": "director", "council_count": 6, "relatives_count": 2, "paid_count": 2}, _ON,
             ()),
            ({"body_kind": "JJ", "post": "director", "council_count": 6, "relatives_count": 3}, _ON, ("GOV-04",)),
            ({"body_kind": "JJ", "post": "supervisor", "on_council": True}, _ON, ("GOV-04",)),
        )),
    "GOV-06": Asked(posts.officer_age, ("post", "body_kind", "birth", "age_approval"), (
        ({"post": "chair", "body_kind": "ST", "birth": "1956-10-26"}, _ON, ()),
        ({"post": "chair", "body_kind": "ST", "birth": "1956-10-25"}, _ON, ("GOV-06",)),
        ({"post": "chair", "body_kind": "ST", "birth": "1950-01-01", "age_approval": "滨民〔2026〕3号"}, _ON, ()),
    )),
    "GOV-07": Asked(
        posts.retired_cadre,
        ("body_kind", "retired_cadre", "cadre_approval", "cadre_posts", "term_no", "birth", "paid"), (
            ({"body_kind": "ST", "retired_cadre": True, "cadre_approval": "滨组〔2026〕3号"}, _ON, ()),
            ({"body_kind": "ST", "retired_cadre": True}, _ON, ("GOV-07",)),
            ({"body_kind": "ST", "retired_cadre": True, "cadre_approval": "滨组〔2026〕3号", "paid": True}, _ON,
             ("GOV-07",)),
        )),
    "GOV-08": Asked(posts.state_staff, ("post", "body_kind", "state_staff"), (
        ({"post": "chair", "body_kind": "JJ", "state_staff": False}, _ON, ()),
        ({"post": "chair", "body_kind": "JJ", "state_staff": True}, _ON, ("GOV-08",)),
        ({"post": "director", "body_kind": "JJ", "state_staff": True}, _ON, ()),
    )),
    "GOV-10": Asked(posts.charity_bars, ("post", "is_charity", "no_capacity", "sentence_ended_on", "closed_head_on"), (
        ({"post": "legal", "is_charity": True, "sentence_ended_on": "2021-10-26"}, _ON, ()),
        ({"post": "legal", "is_charity": True, "sentence_ended_on": "2021-10-27"}, _ON, ("GOV-10",)),
        ({"post": "legal", "is_charity": True, "closed_head_on": "2024-01-01"}, _ON, ("GOV-10",)),
    )),
    "SW-01": Asked(workforce.certificate, ("level", "number", "approved_on", "registered_on", "registered_until"), (
        ({**_CERTIFICATE, "registered_on": "2024-10-27", "registered_until": "2027-10-27"}, _ON, ()),
        ({**_CERTIFICATE, "registered_on": "2024-10-27", "registered_until": "2027-10-28"}, _ON, ("SW-01",)),
        ({**_CERTIFICATE, "registered_until": "2027-01-24"}, _ON, ("SW-01",)),
        ({"level": "worker", "approved_on": "2023-06-01"}, _ON, ("SW-01",)),
    )),
    "SW-02": Asked(workforce.exam, ("level", "education", "social_work", "years", "held"), (
        ({"level": "worker", "education": "bachelor", "social_work": True, "years": 3}, _ON, ()),
        ({"level": "worker", "education": "bachelor", "social_work": False, "years": 4}, _ON, ("SW-02",)),
        ({"level": "senior", "education": "college", "years": 20}, _ON, ("SW-02",)),
    )),
    "VOL-03": Asked(workforce.service_hours, ("served_on", "day_minutes", "overlapping"), (
        ({"served_on": "2026-10-01", "day_minutes": 1440}, _ON, ()),
        ({"served_on": "2026-10-01", "day_minutes": 1441}, _ON, ("VOL-03",)),
    )),
    "VOL-06": Asked(workforce.publicity, ("volunteer", "consented_on", "withdrawn_on"), (
        ({"volunteer": "赵*", "consented_on": "2026-10-26"}, _ON, ()),
        ({"volunteer": "赵*"}, _ON, ("VOL-06",)),
        ({"volunteer": "赵*", "consented_on": "2026-03-05", "withdrawn_on": "2026-10-26"}, _ON, ("VOL-06",)),
    )),
    "PRI-01": Asked(workforce.grounds, ("sensitive", "basis", "consent_no"), (
        ({"sensitive": ["身份证号"], "basis": "contract"}, _ON, ()),
        ({"sensitive": ["身份证号"]}, _ON, ("PRI-01",)),
        ({"sensitive": ["手机"], "basis": "consent"}, _ON, ("PRI-01",)),
    )),
}  # fmt: skip


def _spec(statement: Any) -> RuleSpec:
    asked = ASKED.get(statement.code)
    return RuleSpec(
        code=statement.code,
        title=statement.title,
        statement=statement.statement,
        entity=statement.entity,
        moments=statement.moments,
        jurisdiction=statement.jurisdiction,
        messages=statement.messages,
        params=statement.params,
        function=asked.function if asked else None,
        facts=schema(asked.reads) if asked else {},
        examples=asked.examples if asked else (),
        parse=PersonFacts.from_dict if asked else None,
    )


def specs() -> list[RuleSpec]:
    """The floor's own rules in the handbook's order."""
    return [_spec(statement) for statement in STATEMENTS]


def asked_of_registry() -> list[RuleSpec]:
    """The register's rules whose functions need persons."""
    return [_spec(statement) for code, statement in REGISTRY.items() if code in ASKED]
