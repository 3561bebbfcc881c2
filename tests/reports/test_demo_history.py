"""The demo's own lists, imported as history into an empty register: 待办 stays short, the rest is 整理清单."""

import csv
import json
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from liaoyuan.core import registries, staging, vault
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import install, parameters
from liaoyuan.core.models import Area, ImportBatch
from liaoyuan.core.queries import due
from liaoyuan.registry.actions import demo
from liaoyuan.registry.choices import DISTRICT_FIELD_TITLES, FIELD_TITLES, FILING_CATEGORY_TITLES, KIND_TITLES
from liaoyuan.registry.queries import baseline
from tests.core.factories import user
from tests.reports.conftest import AT

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)
REGISTERED = {
    "名称": "name", "统一社会信用代码": "code", "类型": "kind", "登记管理机关": "registrar",
    "业务主管单位": "supervisor",
    "法定代表人": "legal_representative", "联系电话": "phone", "住所": "address", "所属街道": "street",
    "所属社区": "community", "成立日期": "registered_on", "业务范围": "scope", "行业分类": "field",
    "所属领域": "district_field", "证书有效期起": "certificate_from", "证书有效期止": "certificate_to",
    "专职人数": "full_time", "兼职人数": "part_time", "单位会员数": "members_unit", "个人会员数": "members_person",
    "评估等级": "level", "评估时间": "rated_on", "有效期至": "rated_to",
}  # fmt: skip
FILED = {
    "名称": "name", "备案号": "filing_no", "类别": "filing_category", "所属街道": "street", "所属社区": "community",
    "负责人": "legal_representative", "联系电话": "phone", "成员数": "members_person", "活动场所": "address",
    "备案日期": "registered_on", "有效期": "filing_to", "指导单位": "guidance_unit",
}  # fmt: skip
TITLES = {"kind": KIND_TITLES, "field": FIELD_TITLES, "district_field": DISTRICT_FIELD_TITLES,
          "filing_category": FILING_CATEGORY_TITLES}  # fmt: skip


def rows():
    """The demo's live bodies as plain dicts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.*, o.code, o.filing_no, o.registered_on, a.name AS street, c.name AS community, r.level, "
            "r.valid_from AS rated_from, r.valid_to AS rated_until, r.assumed AS guessed FROM registry_standing s "
            "JOIN registry_organization o ON o.id = s.organization_id LEFT JOIN core_area a ON a.id = s.street_id "
            "LEFT JOIN core_area c ON c.id = s.community_id LEFT JOIN registry_rating r ON r.id = (SELECT max(x.id) "
            "FROM registry_rating x WHERE x.organization_id = o.id) "
            "WHERE s.valid_to = '9999-12-31' AND s.status IN ('active', 'liquidating')"
        )
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        row["phone"] = vault.decrypt(row["phone"], purpose="organization.phone")
        if row["level"] and not row["guessed"]:
            end = date.fromisoformat(str(row["rated_until"])) - timedelta(days=1)
            row |= {"rated_on": row["rated_from"], "rated_to": end}
        for name, titles in TITLES.items():
            row[name] = titles.get(row[name], row[name])
    return found


def write(path, columns, found):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        out.writerows(
            [row.get(name) if row.get(name) is not None else "" for name in columns.values()] for row in found
        )


def load(kind, path):
    order = staging.Order(
        kind=kind, path=path, file_name=path.name, area=Area.objects.get(code="320211"), as_of=TODAY,
    )  # fmt: skip
    batch = staging.stage(order, by=Operator("tests"), at=AT)
    registries.import_kinds[kind].apply(batch=batch, confirm_review=True, by=Operator("tests"), at=AT)
    return ImportBatch.objects.get(pk=batch.pk)


def printed_ends(found):
    """(kind, last day, name) of what the sheets say ends within thirty days, and of what they say is over."""
    ends = set()
    for row in found:
        filed = row["kind"] == "备案社区社会组织"
        own = ("filing", row["filing_to"]) if filed else ("certificate", row["certificate_to"])
        for kind, day in (own, ("rating", row.get("rated_to"))):
            if day:
                ends.add((kind, date.fromisoformat(str(day)), row["name"]))
    return {e for e in ends if TODAY <= e[1] <= TODAY + timedelta(days=30)}, {e for e in ends if e[1] < TODAY}


def test_the_demos_lists_as_history(tmp_path, monkeypatch, client):
    monkeypatch.setenv("LIAOYUAN_NOW", AT.isoformat())
    install.load_areas(at=AT)
    parameters.sync_shipped(at=AT)
    with transaction.atomic():
        demo.build(scale=1, seed=1026, by=Operator("tests"), at=AT, say=lambda text: None)
        told = rows()
        transaction.set_rollback(True)
    write(tmp_path / "登记.csv", REGISTERED, [r for r in told if r["kind"] != "备案社区社会组织"])
    write(tmp_path / "备案.csv", FILED, [r for r in told if r["kind"] == "备案社区社会组织"])
    registered, filed = load("organizations", tmp_path / "登记.csv"), load("filings", tmp_path / "备案.csv")
    assert registered.counts["written:create"] == 513, json.dumps(registered.counts)
    assert filed.counts["written:create"] == 1059, json.dumps(filed.counts)
    officer = user("officer", ("registry_officer", "area", "320211"), is_demo=True)
    waiting = due.todo(officer, TODAY)
    assert 0 < waiting.total <= 20
    assert len(waiting.items) == waiting.total
    assert all(item.due_on is None or TODAY <= item.due_on <= TODAY + timedelta(days=30) for item in waiting.items)
    soon, past = printed_ends(told)
    assert waiting.total == len(waiting.items) >= len(soon) > 0
    assert soon <= {(item.code, item.due_on, item.title.split("”")[0][1:]) for item in waiting.items}
    assert len(past) > 20, "the list is short because what is over is kept apart, not because there is nothing"
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/todo/").content.decode()
    assert f"待办 {waiting.total} 件" in page
    assert all(item.title in page and item.url in page for item in waiting.items)
    found = baseline.baseline(officer, Area.objects.get(code="320211"), TODAY)
    assert found.bodies == 1572
    assert found.initial == len({(line.organization, line.code) for line in found.lines}) > 100
    assert (found.fixed, found.new) == (0, 0)
    past = {line.code for line in found.lines}
    assert {"RAT-03", "FIL-03", "DATA-CERTIFICATE", "DATA-STREET"} <= past
