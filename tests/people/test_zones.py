"""Every cell of the table zone × field × operation (core.zones) for the fields of a person, asked of this floor."""

import json

import pytest
from django.conf import settings as django_settings

from liaoyuan.core import search, zones
from liaoyuan.core.choices import Separation
from liaoyuan.core.models import ImportRow
from liaoyuan.core.zones import Op, Say, Zone
from liaoyuan.kit.findings import Refused
from liaoyuan.people.actions import persons
from liaoyuan.people.exports import rosters
from liaoyuan.people.models import Person, Profile
from liaoyuan.people.queries import secrets
from tests.people import factories as people
from tests.people.test_import_truth import apply, stage, workbook
from tests.registry import factories as make

NUMBER, MOBILE, BIRTH, NAME = people.ric("19900307", 1), "13900001234", "1990-03-07", "赵甲一"
CLEAR = {"person.name": NAME, "person.mobile": MOBILE, "person.id_number": NUMBER, "person.birth_date": BIRTH}
FIELD = {
    "person.name": "name",
    "person.mobile": "mobile",
    "person.id_number": "id_number",
    "person.birth_date": "birth",
}
CELLS = [(zone, code, op) for zone in Zone for code in CLEAR for op in Op]


def stored(code: str) -> str:
    """What stands in the database for the field, in clear."""
    told = Profile.objects.current().first()
    if told is None:
        return ""
    return {"person.name": told.name, "person.id_number": secrets.number_of(told.person),
            "person.birth_date": secrets.birth_of(told),
            "person.mobile": secrets.clear("mobile", told.mobile) if told.mobile else ""}[code]  # fmt: skip


@pytest.fixture
def body(areas):
    return make.organization("滨湖区丙示例社会工作服务中心", street=areas["heli"])


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: "-".join(map(str, c)))
def test_a_cell(cell, body, officer, client, settings, tmp_path):
    zone, code, op = cell
    settings.ZONE = zone
    told = zones.say(zone, code, op)
    client.force_login(officer)
    {Op.STORE: store, Op.SHOW: show, Op.EXPORT: export, Op.IMPORT: brought, Op.SEARCH: find}[op](
        code, told, body, officer, client, tmp_path
    )


def lawful(**more) -> dict:
    """What the zone of the test lets be stored."""
    given = {"name": NAME, "id_number": NUMBER, "birth": BIRTH, "mobile": MOBILE, "basis": "duty", **more}
    gone = zones.refused(django_settings.ZONE, secrets.PERSONAL, Op.STORE)
    return {name: value for name, value in given.items() if name not in gone}


def store(code, told, body, officer, client, tmp_path):
    page = client.get(f"/people/organizations/{body.pk}/new/").content.decode()
    assert (f'name="{FIELD[code]}"' in page) == (told is not Say.NO)
    given = {"name": NAME, FIELD[code]: CLEAR[code], "basis": "duty"}
    if told is Say.NO:
        with pytest.raises(Refused, match="不存储"):
            persons.enter(organization=body, fields=given, by=officer, at=make.AT)
        one = persons.enter(organization=body, fields={"name": NAME}, by=officer, at=make.AT, confirmed=True)
        with pytest.raises(Refused, match="不存储"):
            persons.correct(person=one, organization=body, fields=given, by=officer, at=make.AT)
        assert stored(code) == ""
    else:
        persons.enter(organization=body, fields=given, by=officer, at=make.AT)
        assert stored(code) == CLEAR[code]


def show(code, told, body, officer, client, tmp_path):
    one = people.person(body, NAME, number=NUMBER, birth=BIRTH, mobile=MOBILE)
    page = client.get(f"/people/{one.pk}/").content.decode()
    url = f"/people/{one.pk}/at/{body.pk}/reveal/{FIELD[code]}/"
    if told is Say.NO:
        assert url not in page and CLEAR[code] not in page
        assert zones.mask(code, CLEAR[code]) not in page
        assert client.post(url, {"reason": "核对证件"}).status_code == 403
    elif told is Say.MASKED:
        assert CLEAR[code] not in page and zones.mask(code, CLEAR[code]) in page and url in page
        assert CLEAR[code] in client.post(url, {"reason": "核对证件"}).content.decode()
    else:
        assert CLEAR[code] in page


def export(code, told, body, officer, client, tmp_path):
    one = people.person(body, NAME, number=NUMBER, birth=BIRTH, mobile=MOBILE)
    people.employment(one, body)
    path = tmp_path / "out.json"
    rosters.export_people(path=path, form="json", by=officer, at=make.AT, as_of=make.AT.date())
    [line] = json.loads(path.read_text())
    if told is Say.NO:
        assert not line.get(FIELD[code]) and CLEAR[code] not in path.read_text()
    elif told is Say.MASKED:
        assert line[FIELD[code]] == zones.mask(code, CLEAR[code]) != CLEAR[code]
    else:
        assert line[FIELD[code]] == CLEAR[code]


def brought(code, told, body, officer, client, tmp_path):
    head = ("姓名", "身份证号", "出生年月", "手机", "机构")
    batch = stage(workbook(tmp_path / "in.xlsx", [(NAME, NUMBER, BIRTH, MOBILE, "滨湖区丙示例社会工作服务中心")], head))
    staged = json.dumps(list(ImportRow.objects.values_list("fields", "before")), ensure_ascii=False)
    apply(batch, confirm_review=True)
    if told is Say.NO:
        assert FIELD[code] not in batch.mapping.values() and FIELD[code] not in staged
        assert stored(code) == ""
    else:
        assert stored(code) == CLEAR[code]
        assert (CLEAR[code] in staged) == (not zones.is_secret(code))


def find(code, told, body, officer, client, tmp_path):
    people.person(body, NAME, number=NUMBER, birth=BIRTH, mobile=MOBILE)
    page = client.get("/people/", {"q": CLEAR[code]}).content.decode()
    assert (f">{NAME}</a>" in page) == (told is not Say.NO)
    assert not search.find(CLEAR[code], user=officer).hits


def test_at_trial_nothing_sensitive_is_filled(body, officer, client, tmp_path, monkeypatch):
    from liaoyuan.core import sensitive

    monkeypatch.setattr(sensitive, "may_be_filled", lambda on: False)
    assert Separation.TRIAL
    with pytest.raises(Refused) as refused:
        persons.enter(organization=body, fields=lawful(), by=officer, at=make.AT)
    assert {f.code for f in refused.value.findings} == {"SEC-04"}
    persons.enter(organization=body, fields={"name": NAME}, by=officer, at=make.AT)
    client.force_login(officer)
    assert "试用级别不能填写敏感信息" in client.get(f"/people/organizations/{body.pk}/new/").content.decode()
    head = ("姓名", "身份证号", "手机", "机构", "备注")
    batch = stage(
        workbook(tmp_path / "in.xlsx", [("钱乙二", NUMBER, MOBILE, "滨湖区丙示例社会工作服务中心", "好")], head)
    )
    apply(batch, confirm_review=True)
    assert Profile.objects.get(name="钱乙二").mobile == ""
    assert not Person.objects.exclude(id_number="").exists()


def test_after_the_index_key_is_rotated_the_person_is_still_found(body, officer, monkeypatch):
    """A search asks for the hashes under every index key."""
    first = persons.enter(organization=body, fields=lawful(), by=officer, at=make.AT)
    present = secrets.index(NUMBER)
    monkeypatch.setattr(secrets, "index", lambda number: "f" * 64 if number else "")
    monkeypatch.setattr(secrets, "indexes", lambda number: ["f" * 64, present] if number else [])
    other = make.organization("滨湖区丁示例中心")
    assert persons.enter(organization=other, fields=lawful(), by=officer, at=make.AT).pk == first.pk


def test_erasing_a_person_is_asked_of_an_officer_over_all_bodies(areas, body, officer):
    from liaoyuan.core import access

    outside = make.organization("梁溪区戊示例中心", registrar_area=areas["other"])
    one = people.person(body, NAME, number=NUMBER)
    assert access.covers(officer, "people.edit", one, write=True)
    people.tell(one, outside, NAME)
    assert not access.covers(officer, "people.edit", one, write=True)
