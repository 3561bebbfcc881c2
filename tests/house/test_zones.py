"""Every cell of the table zone × field × operation (core.zones), asked of the product itself."""

import json
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.core import registries, search, vault, zones
from liaoyuan.core.access import Operator
from liaoyuan.core.models import ImportRow
from liaoyuan.core.zones import FIELDS, Op, Say, Zone
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import batches, organizations, secrets
from liaoyuan.registry.exports import organizations as exports
from liaoyuan.registry.models import Standing
from tests.house import ground as laying
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
BY, AT = Operator("house"), make.AT
ID, PHONE = "110101199003070011", "13987654321"
CELLS = [(zone, field.code, op) for zone in Zone for field in FIELDS.values() for op in Op]
HEAD = ("名称", "备案号", "街道", "备案日期", "负责人", "身份证号", "电话", "党员数", "活动场所")
ROW = ("甲邻里互助会", "滨备901", "河埒街道", "2020-03-05", "钱某", ID, PHONE, "4", "河埒口路9号")
CLEAR = {
    "organization.phone": PHONE, "organization.representative_id": ID, "organization.legal_representative": "钱某",
    "organization.party_members_declared": "4", "organization.address": "河埒口路9号",
}  # fmt: skip
COLUMN = {"organization.representative_id": "representative_id"}


def column(code: str) -> str:
    return COLUMN.get(code, code.split(".")[1])


@pytest.fixture
def filed(settings, tmp_path, request):
    """In the zone of the cell: a filed body imported from a sheet that has every column, and its officer."""
    zone, code, _op = request.node.callspec.params["cell"]
    settings.ZONE = zone
    if not FIELDS[code].built or not code.startswith("organization."):
        return None
    areas = make.binhu()
    search.refresh("organization")
    batch = laying.stage(laying.sheet(tmp_path / "f02.csv", ROW, head=HEAD), "filings", areas["heli"].code)
    row = batch.rows.get()
    staged = json.dumps([row.fields, row.before], ensure_ascii=False), row.verdict
    batch = batches.apply_batch(batch=batch, confirm_review=True, by=BY, at=AT)
    officer = make.user("streets", ("street_office", "area", areas["heli"].code),
                        ("registry_officer", "area", areas["heli"].code), is_demo=True)  # fmt: skip
    return Standing.objects.now_open().get(name=ROW[0]), officer, batch, staged


def clear_of(code: str, value: str) -> str:
    if not zones.is_secret(code):
        return str(value)
    return vault.decrypt(value, purpose=f"organization.{column(code)}")


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: "-".join(map(str, c)))
def test_a_cell(cell, filed, client, settings, tmp_path):
    zone, code, op = cell
    told = zones.say(zone, code, op)
    if not FIELDS[code].built:
        return nowhere(code)
    if code.startswith(("person.", "party.", "award_objection.", "agreement.")):
        return None  # test_zones.py of people and funding and party/test_members_zones.py ask those floors
    if filed is None:
        return own_data(code, op, told)
    return {
        Op.STORE: store, Op.SHOW: show, Op.EXPORT: export, Op.IMPORT: brought, Op.SEARCH: find,
    }[op](code, told, filed, client, tmp_path)  # fmt: skip


def nowhere(code: str) -> None:
    """A field of a floor that is not built: no model, form of import, or interface knows it under its names."""
    names = set(FIELDS[code].names)
    for model in apps.get_models():
        if model.__module__.startswith("liaoyuan."):
            assert not names & {f.name for f in model._meta.get_fields()}, f"{code} is built: say so in core.zones"
    for kind in registries.import_kinds.values():
        assert not names & set(kind.fields)


def own_data(code: str, op: Op, told: Say) -> None:
    """Accounts and requests: shown to their owner and holder, never imported, exported or searched."""
    assert (op in (Op.STORE, Op.SHOW)) == (told is not Say.NO)
    names = {"account.name": {"display_name", "email"}, "request.text": {"answer"}, "claim.mobile": {"mobile"},
             "contact.note": {"contact_note"}}[code]  # fmt: skip
    for kind in registries.import_kinds.values():
        assert not {n for n in names & set(kind.fields) if kind.personal.get(n) != "person.mobile"}
    assert not {c.key for c in (*exports.ORGANIZATION, *exports.FILING)} & names
    assert set(registries.searchables) == {"organization", "partyorganization"}, "say in core.zones who may be searched"


def store(code, told, filed, client, tmp_path) -> None:
    standing, officer, _batch, _staged = filed
    name = "id_number" if code == "organization.representative_id" else column(code)
    areas = make.binhu()
    fields = {
        "name": "乙邻里互助会",
        "kind": "BA",
        "filing_no": "滨备902",
        name: "5" if name.startswith("party") else "x",
    }
    given = {
        "fields": fields,
        "places": {"registrar_area_id": areas["heli"].pk},
        "area": areas["heli"],
        "by": BY,
        "at": AT,
    }
    if name.startswith("party"):
        fields[name] = 5
    if told is Say.NO:
        for secret in (name, column(code)):
            with pytest.raises(Refused, match="不存储"):
                organizations.create(**{**given, "fields": {**fields, secret: "v1.x"}})
        with pytest.raises(Refused, match="不存储"):
            organizations.change(organization=standing.organization, fields={name: "x"}, places={}, before={},
                                 on=date(2026, 1, 1), by=BY, at=AT)  # fmt: skip
        client.force_login(officer)
        page = client.get(reverse("registry:filing_create")).content.decode()
        assert f'name="{name}"' not in page and 'name="phone"' in page
        assert getattr(standing, column(code)) == ""
        return
    organizations.create(**{**given, "fields": secrets.sealed(fields), "confirmed": True})
    row = Standing.objects.now_open().get(name="乙邻里互助会")
    assert clear_of(code, getattr(row, column(code))) == str(fields[name])
    if zones.is_secret(code):
        assert vault.is_sealed(getattr(row, column(code)))


def show(code, told, filed, client, tmp_path) -> None:
    standing, officer, _batch, _staged = filed
    client.force_login(officer)
    page = client.get(reverse("registry:organization_detail", args=[standing.organization_id])).content.decode()
    reveal = reverse("registry:organization_reveal", args=[standing.organization_id, column(code)])
    if told is Say.NO:
        assert FIELDS[code].title not in page and ID not in page and "110101" not in page and reveal not in page
        assert client.post(reveal, {"reason": "核对身份"}).status_code == 404
        with pytest.raises(PermissionDenied):
            secrets.reveal(organization=standing.organization, field=column(code), reason="核对", by=BY, at=AT)
    elif told is Say.MASKED:
        assert CLEAR[code] not in page and zones.mask(code, CLEAR[code]) in page and reveal in page
        assert CLEAR[code] not in client.post(reveal, {"reason": ""}).content.decode()
        shown = client.post(reveal, {"reason": "核对身份"})
        assert CLEAR[code] in shown.content.decode() and "no-store" in shown["Cache-Control"]
        assert ("Refresh" in shown) == (FIELDS[code].cls is zones.Class.C4)
    else:
        assert CLEAR[code] in page and not zones.is_secret(code)


def export(code, told, filed, client, tmp_path) -> None:
    standing, officer, _batch, _staged = filed
    client.force_login(officer)
    name = "id_number" if code == "organization.representative_id" else column(code)
    answer = client.post(reverse("registry:organization_export"), {"form": "json", "kind": "filings"})
    [line] = json.loads(b"".join(answer.streaming_content))
    assert line["name"] == standing.name
    if told is Say.NO:
        assert not line.get(name)
        assert (name in line) == (zones.say(zones.Zone(_zone()), code, Op.STORE) is not Say.NO), "no column at all"
    elif told is Say.MASKED:
        assert line[name] == zones.mask(code, CLEAR[code]) != CLEAR[code]
        assert PHONE not in json.dumps(line)
    else:
        assert str(line[name]) == CLEAR[code]


def _zone() -> str:
    from django.conf import settings

    return settings.ZONE


def brought(code, told, filed, client, tmp_path) -> None:
    standing, _officer, batch, (staged, _verdict) = filed
    value = getattr(standing, column(code))
    raw = "".join(vault.decrypt(row.raw, purpose="import.raw") for row in ImportRow.objects.exclude(raw=""))
    if told is Say.NO:
        assert value == "" and "id_number" not in staged and ID not in raw
        assert [n for n in batch.notes if "身份证号" in n and "互联网" in n], batch.notes
        assert "id_number" not in batch.mapping.values()
    else:
        assert clear_of(code, value) == CLEAR[code]
        assert all("身份证号" in note for note in batch.notes if "不存储" in note)
        if zones.is_secret(code):
            assert CLEAR[code] not in staged


def find(code, told, filed, client, tmp_path) -> None:
    _standing, officer, _batch, _staged = filed
    assert told is Say.NO, "say here how it is found"
    words = CLEAR[code] if len(CLEAR[code]) > 1 else "党员4"
    assert not search.find(words, user=officer).hits
    assert search.find(ROW[0], user=officer).total == 1


def test_the_page_says_what_the_table_says(client):
    client.force_login(make.officer("seer"))
    page = client.get(reverse("core:zones")).content.decode()
    for field in FIELDS.values():
        assert field.title in page and field.why in page
    assert page.count("（尚无）") >= sum(not field.built for field in FIELDS.values())
    client.logout()
    assert client.get(reverse("core:zones")).status_code == 302


def test_what_the_decisions_forbid_on_the_internet_is_forbidden():
    """decisions.md: no ID number, address, dues base, 民主评议 grade, political review, discipline, family there."""
    for code in ("organization.representative_id", "person.id_number", "person.home_address", "party.dues_base",
                 "party.review_grade", "party.political_review", "party.discipline", "person.family"):  # fmt: skip
        assert {zones.say(Zone.INTERNET, code, op) for op in Op} == {Say.NO}, code
    assert zones.say(Zone.INTERNET, "party.membership", Op.SHOW) is Say.OWN
    assert zones.say(Zone.INTERNET, "party.dues_paid", Op.SHOW) is Say.PAID


def test_the_table_is_whole():
    for field in FIELDS.values():
        assert len(field.gov) == len(field.internet) == len(Op) and field.why and field.title
        if field.cls in zones.SENSITIVE:
            assert Say.YES not in (field.gov[1], field.internet[1]) or field.code.startswith("party."), field.code
        if field.cls is zones.Class.C4:
            assert field.gov[2] in (Say.NO, Say.OWN) and field.internet[2] is Say.NO, f"{field.code} is exported"
        for here, there in zip(field.gov, field.internet, strict=True):
            assert there is Say.NO or here is not Say.NO, f"{field.code}: more on the internet than inside"
    assert zones.mask("organization.phone", PHONE) == "139****4321"
    assert zones.mask("organization.representative_id", ID) == "110101********0011"
    assert zones.mask("party.discipline", "记过") == "***"
