"""The rules of grants on their pages, at the command line and by place."""

from datetime import date

import pytest

from liaoyuan.core.actions import parameters
from liaoyuan.core.exports import rules
from liaoyuan.core.queries.parameters import place_names, writable_places
from liaoyuan.funding.params.shipped import STATEMENTS
from tests.core.factories import AT, user
from tests.funding.bites import IN_GUANGZHOU, line
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", list(STATEMENTS))
def test_the_page_of_a_rule_tells_it_all(code: str, client):
    registry.binhu()
    client.force_login(user("officer", ("registry_officer", "area", "320211"), is_demo=True))
    page = client.get(f"/policy/rules/{code}/").content.decode()
    assert STATEMENTS[code].statement in page
    assert "与随版参数的结果不同" not in page
    assert "尚未提问" not in page
    assert "{&#39;" not in page  # a record of facts is told as name = value, never as code
    if code == "GV-BUD-01":
        assert "lines.amount_fen" in page
        assert "budget_class = B01" in page


def test_a_place_is_asked_by_its_profile():
    facts = {"total_fen": 100_000_000, "grant_fen": 65_000_000, "own_fen": 35_000_000,
             "lines": [line("B06", 100_000_000, 65_000_000)]}  # fmt: skip
    told = rules.rules_check("GV-BUD-03", facts, on=IN_GUANGZHOU, profile="guangzhou")
    assert (told["result"], len(told["findings"])) == ("block", 2)
    assert told["params_used"]["gv.cap_project_fen"] == 50_000_000
    assert rules.rules_check("GV-BUD-04", facts, on=IN_GUANGZHOU, profile="guangzhou")["result"] == "block"
    assert rules.rules_check("GV-BUD-04", facts, on=IN_GUANGZHOU, profile="national")["result"] == "pass"
    with pytest.raises(ValueError, match="没有这个参数方案"):
        rules.rules_check("GV-BUD-03", facts, on=IN_GUANGZHOU, profile="atlantis")


def test_a_district_writes_its_own_programme_and_no_other():
    registry.binhu()
    officer = user("officer", ("registry_officer", "area", "320211"), is_demo=True)
    places = writable_places(officer, "core.parameter.edit")
    assert [place for place in places if place.startswith("programme:")] in ([], ["programme:320211-venture"])
    assert place_names(["programme:4401-venture"]) == {"programme:4401-venture": "广州市 公益创投（2014、2019、2023）"}


def test_shipped_rows_with_an_end_reach_the_database():
    parameters.sync_shipped(at=AT)
    from liaoyuan.core.models import Parameter

    row = Parameter.objects.get(key="gv.cap_project_fen", valid_from=date(2019, 7, 16))
    assert (row.value, row.valid_to, row.jurisdiction) == (50_000_000, date(2024, 7, 16), "programme:4401-venture")
