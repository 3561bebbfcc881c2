"""Awards as open data: valid against the published schema, the same in the CSV, and nothing before the publicity."""

import csv
import io
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from liaoyuan.core.access import Operator
from liaoyuan.funding.exports import open_grants as exports
from liaoyuan.funding.models import AwardLine, AwardList, Project
from liaoyuan.funding.queries import open_grants as queries
from tests.core.factories import AT
from tests.funding import granting, ground

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
WAN = 1_000_000
DATA = os.environ.get("LIAOYUAN_TEST_DATA", "")
FOLDER = Path(DATA) / "open_grants"


def validator():
    """The published schemas, the package pointing to the grant."""
    if not DATA or not FOLDER.is_dir():
        pytest.skip("LIAOYUAN_TEST_DATA names no folder with open_grants: the published schema is not ours to ship")
    import jsonschema_rs

    one = json.loads((FOLDER / "360-giving-schema.json").read_text(encoding="utf-8"))
    whole = json.loads((FOLDER / "360-giving-package-schema.json").read_text(encoding="utf-8"))
    named = whole["properties"]["grants"]["items"]["$ref"]
    registry = jsonschema_rs.Registry([(named, one), (one["$id"], one)])
    return jsonschema_rs.Draft202012Validator(whole, registry=registry, validate_formats=True)


@pytest.fixture
def held(desk, round_, body, head, areas):
    """Two approved projects, one of them signed; one that fell; the day after the publicity."""
    first = granting.proposed(round_, body, head)
    others = []
    for name in "乙丙":
        other = ground.body(f"滨湖区{name}示例服务中心", street=areas["heli"])
        others.append(granting.proposed(round_, other, ground.head(other, f"f{ord(name)}"), title=f"项目{name}"))
    rows = [(first, 10 * WAN), (others[0], 10 * WAN - 1), (others[1], 5 * WAN)]
    _lines, at = granting.approved(desk, round_, rows)
    granting.signed(desk, first, [(granting.pool(round_), 10 * WAN)], at=at)
    Project.objects.filter(pk=others[1].pk).update(state="withdrawn")
    return first, others, at


def package(on):
    return json.loads("".join(exports.package(queries.awards(on), on)))


def test_the_package_is_valid_and_says_what_was_approved(held):
    first, others, at = held
    on = granting.day(at)
    told = package(on)
    check = validator()
    assert [str(error) for error in check.iter_errors(told)] == []
    grants = {one["title"]: one for one in told["grants"]}
    assert set(grants) == {first.title, others[0].title}, "what was given up is no award"
    one = grants[first.title]
    assert (one["currency"], one["amountAwarded"]) == ("CNY", 100_000)
    assert grants[others[0].title]["amountAwarded"] == 99_999.99
    assert one["id"] == f"360G-320211-venture-{first.number}"
    assert one["recipientOrganization"] == [
        {"id": f"CN-USCI-{first.organization.code}", "name": "滨湖区甲示例服务中心"}
    ]  # fmt: skip
    line = AwardLine.objects.get(project=first)
    assert one["awardDate"] == granting.day(line.approved_at).isoformat()
    agreement = first.agreements.get()
    assert one["plannedDates"] == [
        {"startDate": agreement.starts_on.isoformat(), "endDate": agreement.ends_on.isoformat()}
    ]  # fmt: skip
    applied = grants[others[0].title]["plannedDates"][0]
    assert applied["startDate"] == others[0].starts_on.isoformat()


def test_the_schema_bites():
    """A package that the schema refuses, so that a valid one means something; the real publisher's passes."""
    check = validator()
    real = json.loads(next(FOLDER.glob("real_*.json")).read_text(encoding="utf-8"))
    assert check.is_valid(real)
    for name in ("currency", "awardDate", "recipientOrganization"):
        broken = {**real, "grants": [{k: v for k, v in real["grants"][0].items() if k != name}]}
        assert not check.is_valid(broken), name
    assert not check.is_valid({"grants": []})


def test_the_table_says_the_same(held):
    _first, _others, at = held
    on = granting.day(at)
    text = "".join(exports.lines_of_csv(queries.awards(on)))
    assert text.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    grants = {one["id"].rsplit("-", 1)[-1]: one for one in package(on)["grants"]}
    assert len(lines) == len(grants) == 2
    for line in lines:
        one = next(g for g in grants.values() if g["title"] == line["项目名称"])
        assert float(line["资助金额（元）"]) == one["amountAwarded"]
        assert (line["立项日期"], line["获资助组织"]) == (one["awardDate"], one["recipientOrganization"][0]["name"])
        assert line["计划开始"] == one["plannedDates"][0]["startDate"]


def test_nothing_before_the_days_are_over_nothing_withdrawn_nothing_of_practice(held, round_):
    first, _others, at = held
    row = AwardList.objects.get()
    assert not queries.awards(row.closes_on).exists() and queries.awards(row.closes_on + timedelta(days=1)).exists()
    on = granting.day(at)
    AwardLine.objects.filter(project=first).update(remedy="refused")
    assert [line.project_title for line in queries.awards(on)] == ["项目乙"]
    round_.practice = True
    round_.save()
    assert not queries.awards(on).exists()


def test_no_person_no_application_no_account_is_told(held):
    _first, _others, at = held
    on = granting.day(at)
    told = "".join(exports.package(queries.awards(on), on)) + "".join(exports.lines_of_csv(queries.awards(on)))
    for hidden in ("演示甲", "6222", "2345", "陪伴独居老人", "滨湖示例银行"):
        assert hidden not in told, hidden


def test_the_public_page_and_its_downloads(client, held, monkeypatch):
    first, _others, at = held
    row = AwardList.objects.get()
    there = reverse("portal:grant_list")
    monkeypatch.setenv("LIAOYUAN_NOW", AT.isoformat())
    assert "还没有公布的资助项目" in client.get(there).text
    assert client.get(reverse("portal:grant_data", args=["json"])).status_code == 404
    monkeypatch.setenv("LIAOYUAN_NOW", (at + timedelta(days=1)).isoformat())
    page = client.get(there)
    assert first.title in page.text and "100,000.00" in page.text and "Set-Cookie" not in page.headers
    assert "项目丙" not in page.text and row.title not in page.text
    assert first.title not in client.get(there, {"q": "项目乙"}).text
    assert "没有找到" in client.get(there, {"q": "没有的"}).text
    assert first.title in client.get(there, {"year": 2026}).text
    answer = client.get(reverse("portal:grant_data", args=["json"]))
    told = json.loads(b"".join(answer.streaming_content))
    assert len(told["grants"]) == 2 and "attachment" in answer["Content-Disposition"]
    assert b"".join(client.get(reverse("portal:grant_data", args=["csv"])).streaming_content)[:3] == b"\xef\xbb\xbf"


def test_the_command_writes_all_three_forms(held, tmp_path, areas):
    _first, _others, at = held
    told = {"by": Operator("x"), "at": at, "as_of": granting.day(at), "filters": {}}
    for form in ("json", "csv", "xlsx"):
        path = tmp_path / f"grants.{form}"
        assert exports.write(path=path, form=form, area=None, **told) == 2
        assert path.stat().st_size and not list(tmp_path.glob("*.part"))
    assert exports.write(path=tmp_path / "o.csv", form="csv", area=areas["other"], **told) == 0
    assert exports.write(path=tmp_path / "o.csv", form="csv", area=areas["district"], **told) == 2
