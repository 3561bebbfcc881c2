"""Cells of the table zone × field × operation for what this floor seals: objectors, accounts."""

import pytest

from liaoyuan.core import registries, vault, zones
from liaoyuan.core.models import SeparationSetting
from liaoyuan.core.zones import FIELDS, Op, Say, Zone
from liaoyuan.funding.actions import objections
from liaoyuan.funding.models import Agreement, AwardObjection
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT
from tests.funding import granting

pytestmark = pytest.mark.django_db
CODES = [code for code in FIELDS if code.startswith(("award_objection.", "agreement."))]
WAN = granting.WAN
GIVEN = {
    "anonymous": False,
    "objector": "钱某",
    "contact": "13812345678",
    "kind": "other",
    "text": "程序有误，请核查。",
}


@pytest.fixture(params=list(Zone), ids=str)
def zone(request, settings):
    settings.ZONE = request.param
    return request.param


def test_stored_as_ciphertext_in_both_zones_and_shown_to_nobody_in_clear(zone, desk, round_, proposed):
    assert all(zones.say(zone, code, Op.STORE) is Say.YES for code in CODES)
    assert all(zones.say(zone, code, Op.SHOW) is Say.MASKED for code in CODES)
    row = granting.listed(desk, round_, [(proposed, WAN)])
    made = objections.lodge(award_list=row, by=None, at=AT, **GIVEN)
    stored = AwardObjection.objects.values_list("objector", "contact").get(pk=made.pk)
    assert all(vault.is_sealed(text) for text in stored)


def test_an_account_is_stored_as_ciphertext(zone, desk, round_, proposed):
    (line,), at = granting.approved(desk, round_, [(proposed, 10 * WAN)])
    granting.drafted(desk, line.project, [(granting.pool(round_), 10 * WAN)], at=at)
    assert vault.is_sealed(Agreement.objects.values_list("account_number", flat=True).get())


@pytest.mark.parametrize("code", CODES)
def test_neither_imported_nor_searched(zone, code):
    names = set(FIELDS[code].names)
    assert zones.say(zone, code, Op.IMPORT) is Say.NO
    for kind in registries.import_kinds.values():
        assert not names & set(kind.fields)
    assert zones.say(zone, code, Op.SEARCH) is Say.NO
    assert not {"awardobjection", "agreement"} & set(registries.searchables)


def test_while_one_person_holds_all_offices_nobody_is_named(round_, desk, proposed):
    row = granting.listed(desk, round_, [(proposed, WAN)])
    SeparationSetting.objects.update(level="trial")
    with pytest.raises(Refused) as refused:
        objections.lodge(award_list=row, by=None, at=AT, **GIVEN)
    assert {finding.code for finding in refused.value.findings} == {"SEC-04"}
    told = {**GIVEN, "anonymous": True, "contact": ""}
    assert objections.lodge(award_list=row, by=None, at=AT, **told).objector == ""
