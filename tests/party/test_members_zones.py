"""Every cell of the table zone × field × operation (core.zones) for the fields of a member, asked of this floor."""

import json

import pytest
from django.urls import reverse

from liaoyuan.core import search, zones
from liaoyuan.core.models import ImportRow
from liaoyuan.core.zones import Op, Say, Zone
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import members
from liaoyuan.party.exports import members as exports
from liaoyuan.party.models import Affiliation, Member, MemberRecord
from liaoyuan.party.queries import secrets
from tests.core.factories import AT, user
from tests.party import factories as make
from tests.party.test_members_import import apply, stage, workbook
from tests.people import factories as people

NAME = "演示甲党支部"
FIELD = {
    "person.id_number": "id_number", "person.birth_date": "birth", "person.mobile": "mobile",
    "person.home_address": "home_address", "party.origin": "native_place", "party.profile": "school",
    "party.membership": "admitted_on",
}  # fmt: skip
CLEAR = {
    "person.id_number": people.ric("19900307", 1), "person.birth_date": "1990-03-07", "person.mobile": "13900001234",
    "person.home_address": "江苏省无锡市某路1号", "party.origin": "江苏宜兴", "party.profile": "某某大学法学",
    "party.membership": "2015-06-01",
}  # fmt: skip
CELLS = [(zone, code, op) for zone in Zone for code in CLEAR for op in Op]
BASE = {"name": "演示党员甲", "evidence": "党员档案"}
TITLE = {"person.id_number": "身份证号", "person.birth_date": "出生年月", "person.mobile": "手机",
         "person.home_address": "现住址", "party.origin": "籍贯", "party.profile": "毕业院校及专业",
         "party.membership": "入党时间"}  # fmt: skip


def value(code):
    from datetime import date

    return date(2015, 6, 1) if code == "party.membership" else CLEAR[code]


def stored(code) -> str:
    record = MemberRecord.objects.current().select_related("member__person").first()
    if record is None:
        return ""
    if code in ("party.origin", "party.profile"):
        return getattr(record, FIELD[code])
    if code == "party.membership":
        return record.admitted_on.isoformat() if record.admitted_on else ""
    return secrets.clear(FIELD[code], secrets.stored(record, FIELD[code]))


@pytest.fixture
def branch(areas, committee):
    return make.party(NAME, area=areas["district"], superior=committee)


def tell(branch, code, by):
    return members.enter(party=branch, kind="formal", fields={**BASE, FIELD[code]: value(code)}, by=by, at=AT,
                         confirmed=True)  # fmt: skip


def planted(branch):
    """A member with every field, whatever the zone says: as if it had come from elsewhere."""
    from liaoyuan.people.queries import secrets as numbers

    number = CLEAR["person.id_number"]
    who = make.member("演示党员甲", birth=secrets.seal("birth", CLEAR["person.birth_date"]), numbered=True,
                      mobile=secrets.seal("mobile", CLEAR["person.mobile"]), school=CLEAR["party.profile"],
                      address=secrets.seal("home_address", CLEAR["person.home_address"]),
                      native_place=CLEAR["party.origin"])  # fmt: skip
    who.person.id_number, who.person.id_index = numbers.seal("id_number", number), numbers.index(number)
    who.person.save()
    make.affiliate(who, branch)
    return who


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: "-".join(map(str, c)))
def test_a_cell(cell, branch, lead, client, settings, tmp_path):
    zone, code, op = cell
    settings.ZONE = zone
    by = make.secretary(branch)
    {Op.STORE: store, Op.SHOW: show, Op.EXPORT: export, Op.IMPORT: brought, Op.SEARCH: find}[op](
        code, zones.say(zone, code, op), branch, by, lead, client, tmp_path
    )


def store(code, told, branch, by, lead, client, tmp_path):
    client.force_login(by)
    page = client.get(reverse("party:member_new", args=[branch.pk])).content.decode()
    assert (f'name="{FIELD[code]}"' in page) == (told is not Say.NO)
    if told is Say.NO:
        with pytest.raises(Refused, match="不存储"):
            tell(branch, code, by)
        who = members.enter(party=branch, kind="formal", fields=BASE, by=by, at=AT, confirmed=True)
        with pytest.raises(Refused, match="不存储"):
            members.correct(member=who, fields={FIELD[code]: value(code)}, by=by, at=AT)
        assert stored(code) == ""
    else:
        tell(branch, code, by)
        assert stored(code) == CLEAR[code]


def show(code, told, branch, by, lead, client, tmp_path):
    who = planted(branch)
    client.force_login(by)
    page = client.get(reverse("party:member_detail", args=[who.pk])).content.decode()
    url = reverse("party:member_reveal", args=[who.pk, FIELD[code]])
    if told is Say.NO:
        assert TITLE[code] not in page and CLEAR[code] not in page and url not in page
        if FIELD[code] in secrets.STAGED:
            assert client.post(url, {"reason": "核对证件"}).status_code == 403
    elif told is Say.MASKED:
        assert CLEAR[code] not in page and zones.mask(code, CLEAR[code]) in page
        client.force_login(lead)
        shown = client.post(url, {"reason": "核对证件"})
        assert (CLEAR[code] in shown.content.decode()) == (shown.status_code == 200)
    else:
        assert CLEAR[code] in page
    if code == "party.membership":  # 只限本支部: a superior's grant shows no roster there
        client.force_login(lead)
        seen = client.get(reverse("party:member_detail", args=[who.pk])).status_code
        assert seen == (404 if told is Say.OWN else 200)
        above = user("above", ("branch_secretary", "party", str(branch.formations.get().superior_id)))
        assert Member.objects.visible_to(above).exists() == (told is not Say.OWN)
        assert Affiliation.objects.visible_to(above).exists() == (told is not Say.OWN)


def export(code, told, branch, by, lead, client, tmp_path):
    planted(branch)
    path = tmp_path / "out.json"
    if zones.say(_zone(), "party.membership", Op.EXPORT) is Say.NO:
        with pytest.raises(Refused, match="不导出"):
            exports.export_members(path=path, form="json", by=lead, at=AT, as_of=AT.date())
        assert not path.exists()
        return
    exports.export_members(path=path, form="json", by=lead, at=AT, as_of=AT.date())
    [line] = json.loads(path.read_text())
    if told is Say.NO:
        assert not line.get(FIELD[code]) and CLEAR[code] not in path.read_text()
    elif told is Say.MASKED:
        assert line[FIELD[code]] == zones.mask(code, CLEAR[code]) != CLEAR[code]
    else:
        assert line[FIELD[code]] == CLEAR[code]


def _zone():
    from django.conf import settings

    return settings.ZONE


def brought(code, told, branch, by, lead, client, tmp_path):
    head = ("姓名", "所在党支部", "组织关系状态", "转正时间", TITLE[code])
    batch = stage(workbook(tmp_path / "in.xlsx", [("演示党员甲", NAME, "已转入", "", CLEAR[code])], head))
    staged = json.dumps(list(ImportRow.objects.values_list("fields", "before")), ensure_ascii=False)
    apply(batch, confirm_review=True)
    if told is Say.NO:
        assert any(TITLE[code] in note and "互联网" in note for note in batch.notes) or _zone() == Zone.GOV
        assert FIELD[code] not in batch.mapping.values() and CLEAR[code] not in staged and stored(code) == ""
    elif _zone() == Zone.GOV:
        assert stored(code) == CLEAR[code]
        assert (CLEAR[code] in staged) == (FIELD[code] not in secrets.STAGED)
    if _zone() == Zone.INTERNET:  # who belongs to which branch does not come in by a sheet there
        assert not Member.objects.exists() and any("所在党支部" in note for note in batch.notes)


def find(code, told, branch, by, lead, client, tmp_path):
    planted(branch)
    assert told is Say.NO
    for who in (by, lead):
        assert not search.find(CLEAR[code], user=who).hits and not search.find("演示党员甲", user=who).hits
    client.force_login(by)
    page = client.get(reverse("party:member_list"), {"q": CLEAR[code]}).content.decode()
    assert ">演示党员甲</a>" not in page


def test_on_the_internet_a_name_is_not_searched(branch, client, settings):
    planted(branch)
    client.force_login(make.secretary(branch))
    told = {}
    for settings.ZONE in ("gov", "internet"):
        page = client.get(reverse("party:member_list"), {"q": "演示党员"}).content.decode()
        told[settings.ZONE] = ">演示党员甲</a>" in page
    assert told == {"gov": True, "internet": False}


def test_at_trial_nothing_sensitive_is_filled(branch, tmp_path, monkeypatch):
    from liaoyuan.core import sensitive

    monkeypatch.setattr(sensitive, "may_be_filled", lambda on: False)
    by = make.secretary(branch)
    given = {**BASE, **{name: CLEAR[code] for code, name in FIELD.items() if name in secrets.STAGED}}
    with pytest.raises(Refused) as refused:
        members.enter(party=branch, kind="formal", fields=given, by=by, at=AT, confirmed=True)
    assert {f.code for f in refused.value.findings} == {"SEC-04"} and len(refused.value.findings) == 4
    head = ("姓名", "所在党支部", "组织关系状态", "身份证号", "手机", "现住址", "出生年月")
    cells = ("演示党员乙", NAME, "已转入", CLEAR["person.id_number"], "13900001234", "某路1号", "1990-03-07")
    apply(stage(workbook(tmp_path / "in.xlsx", [cells], head)), confirm_review=True)
    record = MemberRecord.objects.get(name="演示党员乙")
    assert not record.mobile and not record.address and not record.birth and not record.member.person.id_number
