"""Annual rounds and reports at the interface: the rows of the pages, nothing of persons."""

from datetime import date, timedelta

import pytest

from liaoyuan.api.models import ApiToken
from liaoyuan.api.queries import tokens
from liaoyuan.core import clock
from liaoyuan.core.actions import parameters
from liaoyuan.registry.models import AnnualReport
from tests.registry import factories as make
from tests.registry.test_annual_rounds import AT, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(client):
    areas = make.binhu()
    parameters.sync_shipped(at=AT)
    make.organization("甲中心", street=areas["heli"], phone="13912345678", legal_representative="赵某某",
                      supervisor="滨湖区教育局")  # fmt: skip
    make.organization("乙协会", "ST", street=areas["liyuan"])
    make.organization("外区中心", registrar_area=areas["other"])
    round_ = opened(areas)
    owner = make.officer()
    now = clock.now()
    ApiToken.objects.create(
        user=owner, name="每日同步", token_hash=tokens.hash_of("lyt_a"), hint="lyt_a", permissions=["registry.view"],
        created_at=now, expires_at=now + timedelta(days=3),
    )  # fmt: skip

    def ask(path: str, **query):
        return client.get(f"/api/v1/annual{path}", query, headers={"Authorization": "Bearer lyt_a"})

    return ask, round_


def test_the_rounds(door):
    ask, round_ = door
    (told,) = ask("").json()["items"]
    assert (told["id"], told["year"], told["bodies"], told["filed"], told["closed"]) == (round_.pk, 2025, 2, 0, False)
    assert {t["kind"]: t["registrar_due"] for t in told["terms"]} == {
        "ST": "2026-05-31", "MF": "2026-05-31", "JJ": "2026-03-31",
    }  # fmt: skip


def test_the_reports_are_those_of_the_page_and_name_no_person(door):
    ask, round_ = door
    answer = ask(f"/{round_.pk}/reports")
    assert [row["name"] for row in answer.json()["items"]] == ["乙协会", "甲中心"]
    assert "赵某某" not in answer.text
    assert "139" not in answer.text
    AnnualReport.objects.filter(organization__standings__name="甲中心").update(
        state="submitted", submitted_on=date(2026, 3, 1), submitted_at=AT
    )
    told = ask(f"/{round_.pk}/reports", state="submitted").json()
    assert (told["total"], told["items"][0]["submitted_on"], told["items"][0]["next_due"]) == (
        1, "2026-03-01", "2026-05-31",
    )  # fmt: skip
    assert ask(f"/{round_.pk}/reports", per=1, page=2).json()["items"][0]["name"] == "甲中心"
    assert ask(f"/{round_.pk}/reports", state="沒有").status_code == 422
    assert ask("/999999/reports").status_code == 404
