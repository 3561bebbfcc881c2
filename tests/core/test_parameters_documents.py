"""The shapes of `rules list|show|check` (design: command line)."""

import json
from datetime import date

import pytest

from liaoyuan.core import registries
from liaoyuan.core.exports import rules

ON = date(2026, 10, 26)
pytestmark = pytest.mark.django_db


def test_the_list_names_every_rule():
    found = rules.rules_list()
    assert [r["id"] for r in found] == list(registries.rules)
    first = found[0]
    assert set(first) == {
        "id", "title", "statement", "entity", "moments", "jurisdiction", "asked", "severity", "status",
    }  # fmt: skip
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
    waiting = {r["id"] for r in found if not r["asked"]}
    assert waiting == {"PB-FORM-11", "PB-RED-01"}, "these two wait for projects"


@pytest.mark.parametrize("code", list(registries.rules))
def test_show_gives_parameters_facts_and_examples(code):
    shown = rules.rules_show(code)
    assert json.loads(json.dumps(shown, ensure_ascii=False)) == shown
    assert shown["rule"] == code
    assert any(row["key"] == code for row in shown["parameters"])
    assert all(row["source"] and row["valid_from"] and row["status"] for row in shown["parameters"])
    assert date.fromisoformat(shown["version"])
    for example in shown["examples"]:
        assert sorted({f["code"] for f in example["findings"]}) == sorted(example["expected"]) or code == "CRD-01"
        assert example["result"] in {"pass", "info", "warn", "confirm", "block"}
    assert bool(shown["examples"]) == bool(shown["facts"]) == shown["asked"]


def test_check_gives_findings_and_the_parameters_used():
    result = rules.rules_check("ORG-REG-01", {"kind": "ST", "members_person": 49}, on=ON)
    assert set(result) == {
        "rule", "version", "on", "profile", "switched_on", "result", "findings", "params_used",
    }  # fmt: skip
    assert (result["rule"], result["on"], result["profile"], result["result"]) == (
        "ORG-REG-01", "2026-10-26", "national", "block",
    )  # fmt: skip
    assert result["version"] == "2016-02-06"
    assert result["params_used"] == {"st.members_person": 50, "st.members_unit": 30, "st.members_mixed": 50}
    assert result["findings"][0]["code"] == "ORG-REG-01"
    assert "第十条" in result["findings"][0]["source"]
    assert rules.rules_check("ORG-REG-01", {"kind": "ST", "members_person": 50}, on=ON)["result"] == "pass"


def test_the_day_before_its_first_a_rule_is_off():
    result = rules.rules_check("ORG-NAME-02", {"name": "中国太湖协会"}, on=date(2024, 4, 30))
    assert (result["result"], result["switched_on"], result["version"]) == ("pass", False, "")
    assert rules.rules_check("ORG-NAME-02", {"name": "中国太湖协会"}, on=date(2024, 5, 1))["result"] == "block"


@pytest.mark.parametrize(
    ("code", "facts", "profile", "told"),
    [
        ("NO-1", {}, "national", "没有这条规则"),
        ("VOL-06", {"consented_on": 3}, "national", "consented_on"),
        ("ORG-REG-01", {"members": 3}, "national", "不认识的事实"),
        ("ORG-REG-01", {"members_person": "3"}, "national", "members_person"),
        ("ORG-REG-01", [1], "national", "JSON 对象"),
        ("ORG-REG-01", {}, "mars", "没有这个参数方案"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(code, facts, profile, told):
    with pytest.raises(ValueError, match=told):
        rules.rules_check(code, facts, on=ON, profile=profile)


def test_profiles_differ_by_their_places():
    facts = {"kind": "BA", "filing_no": "1", "member_count": 3}
    assert rules.rules_check("FIL-01", facts, on=ON, profile="national")["result"] == "pass"
    assert rules.rules_check("FIL-01", facts, on=ON, profile="binhu")["result"] == "warn"
    assert rules.rules_check("FIL-01", {**facts, "member_count": 20}, on=ON, profile="321002")["result"] == "info"
