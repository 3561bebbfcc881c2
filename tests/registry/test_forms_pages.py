"""The forms: what is told before and while one types, what is refused; nothing typed is lost, no secret printed."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from liaoyuan.core.models import AuditEvent
from liaoyuan.registry.choices import Event
from liaoyuan.registry.models import CreditEntry, Honour, Organization, Rating, Standing
from liaoyuan.registry.queries.standings import history, standing_at
from tests.core.factories import user
from tests.registry import factories as make

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def areas(db, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    return make.binhu()


@pytest.fixture
def officer(areas, client):
    who = make.officer()
    client.force_login(who, backend=BACKEND)
    return who


NEW = {
    "name": "无锡市滨湖区示例社会工作服务中心", "kind": "MF", "code": "", "registered_on": "2026年9月1日",
    "street": "320211001", "community": "320211001004", "capital_fen": "3", "legal_representative": "张某",
    "phone": "13800001234",
}  # fmt: skip
TODAY = date(2026, 10, 26)


def values(page) -> dict[str, str]:
    """What a browser would send back."""
    text = page.content.decode()
    form = re.search(r'<form method="post" novalidate.*?</form>', text, re.S)[0]
    told = {}
    for tag in re.findall(r"<input[^>]*>", form):
        got = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if got.get("type") not in ("checkbox", "radio", "submit") and "name" in got:
            told[got["name"]] = unescape(got.get("value", ""))
    for name, body in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        told[name] = unescape(body)
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected>', body)
        told[name] = unescape(chosen[1]) if chosen else ""
    told.pop("csrfmiddlewaretoken", None)
    return told


def test_doors(areas, client):
    made = make.organization("甲示例中心", street=areas["heli"])
    filed = make.organization("丙示例队", "BA", street=areas["heli"])
    pages = [reverse("registry:organization_create"), reverse("registry:filing_create")]
    names = ("organization_change", "organization_correct", "organization_close", "organization_note", "honour_add",
             "rating_add", "credit_add", "organization_succeed")  # fmt: skip
    urls = {name: [reverse(f"registry:{name}", args=[pk]) for pk in (made.pk, filed.pk)] for name in names}
    for url in [*pages, *(u for pair in urls.values() for u in pair)]:
        assert client.get(url).status_code == 302
    client.force_login(user("leader", ("leadership", "area", "320211"), is_demo=True), backend=BACKEND)
    for url in [*pages, *(u for pair in urls.values() for u in pair)]:
        assert client.get(url).status_code == 403, url
    client.force_login(user("s", ("street_office", "area", "320211001"), is_demo=True), backend=BACKEND)
    assert [client.get(url).status_code for url in pages] == [403, 200]
    told = {name: [client.get(url).status_code for url in pair] for name, pair in urls.items()}
    assert told["organization_change"] == told["organization_note"] == told["organization_close"] == [403, 200]
    assert told["honour_add"] == [403, 200]
    assert told["credit_add"] == told["rating_add"] == told["organization_succeed"] == [403, 403]
    client.force_login(user("far", ("registry_officer", "area", "320213"), is_demo=True), backend=BACKEND)
    for url in (u for pair in urls.values() for u in pair):
        assert client.get(url).status_code == 404, url


def test_rules_stand_beside_the_fields_before_one_types(officer, client):
    text = client.get(reverse("registry:organization_create")).content.decode()
    rule = re.search(r'id="id_code-rule">([^<]+)<', text)
    assert rule and "18" in rule[1]
    assert 'id="id_capital_fen-rule"' in text and 'hx-post="/registry/new/check/"' in text


def test_a_registered_body_is_entered(officer, client, areas):
    code = make.code("MF", 5001)
    answer = client.post(reverse("registry:organization_create"), {**NEW, "code": f" {code.lower()} "})
    made = Organization.objects.get(code=code)
    assert answer["Location"] == reverse("registry:organization_detail", args=[made.pk])
    row = standing_at(made, TODAY)
    assert (row.name, row.kind, row.street, row.community) == (NEW["name"], "MF", areas["heli"], areas["huihe"])
    assert (row.capital_fen, row.registrar_area, made.registered_on) == (3_000_000, areas["district"], date(2026, 9, 1))
    assert row.phone.startswith("v1.")


def test_faults_are_told_beside_their_fields_and_nothing_typed_is_lost(officer, client):
    given = {**NEW, "code": "5232", "registered_on": "去年秋天", "capital_fen": "三万左右", "name": "中国第一示例中心"}
    page = client.post(reverse("registry:organization_create"), given)
    text = page.content.decode()
    assert page.status_code == 422 and not Organization.objects.exists()
    kept = values(page)
    assert {name: kept[name] for name in ("registered_on", "capital_fen", "name", "street")} == {
        name: given[name] for name in ("registered_on", "capital_fen", "name", "street")
    }
    assert "error-summary" in text and 'href="#id_registered_on"' in text
    given |= {"registered_on": "2026-09-01", "capital_fen": "3"}
    page = client.post(reverse("registry:organization_create"), given)
    text = page.content.decode()
    assert page.status_code == 422 and "ORG-NAME-02" in text and "id_name-findings" in text
    assert re.search(r'id="id_name-findings">.*?finding--block', text, re.S)


def test_a_finding_that_asks_is_confirmed_by_a_tick(officer, client):
    code = make.code("MF", 5002)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    url = reverse("registry:organization_create")
    page = client.post(url, {**NEW, "code": wrong})
    text = page.content.decode()
    assert page.status_code == 422 and 'name="confirmed"' in text and "ORG-ID-02" in text
    assert not Organization.objects.exists()
    assert client.post(url, {**NEW, "code": wrong, "confirmed": "on"}).status_code == 302
    assert Organization.objects.get().code == wrong


def test_checks_while_one_types_write_nothing(officer, client):
    taken = make.organization("甲示例中心", code=make.code("MF", 5003))
    before = (Organization.objects.count(), AuditEvent.objects.count())
    url = reverse("registry:organization_check")

    def asked(field, **given):
        headers = {"HX-Request": "true", "HX-Trigger-Name": field}
        return client.post(url, {**NEW, **given}, headers=headers).content.decode()

    assert "ORG-ID-05" in asked("code", code=taken.code)
    assert "finding" not in asked("code", code=make.code("MF", 5004))
    assert "finding" not in asked("code", code="")
    assert "ORG-NAME-02" in asked("name", name="中国示例服务中心")
    assert "读不出日期" in asked("registered_on", registered_on="去年秋天")
    given = {"name": "示例队", "street": "320211001", "member_count": "2"}
    answer = client.post(reverse("registry:filing_check"), given, headers={"HX-Trigger-Name": "member_count"})
    assert "FIL-01" in answer.content.decode()
    url = reverse("registry:organization_change_check", args=[taken.pk])
    answer = client.post(
        url, {"name": "中国示例中心", "seen": '{"name": "甲示例中心"}'}, headers={"HX-Trigger-Name": "name"}
    )
    assert "ORG-NAME-02" in answer.content.decode()
    assert before == (Organization.objects.count(), AuditEvent.objects.count())


def test_a_street_files_a_body_of_its_own(areas, client):
    client.force_login(user("s", ("street_office", "area", "320211001"), is_demo=True), backend=BACKEND)
    url = reverse("registry:filing_create")
    given = {"name": "惠河社区示例合唱队", "filing_no": "BA-320211-001-2026-0009", "category": "culture_sports",
             "registered_on": "2026-09-01", "street": "320211001", "member_count": "12", "legal_representative": "李某",
             "id_number": "", "word_via": "phone", "word_by": "李某"}  # fmt: skip
    assert client.post(url, {**given, "street": "320211004"}).status_code == 422, "another street is not offered"
    assert client.post(url, {**given, "filing_no": ""}).status_code == 422
    assert client.post(url, given).status_code == 302
    made = Organization.objects.get(filing_no="BA-320211-001-2026-0009")
    row = standing_at(made, TODAY)
    assert (row.kind, row.registrar_area, row.members_person) == ("BA", areas["heli"], 12)
    assert AuditEvent.objects.get(code=Event.CREATED).on_behalf == "电话：李某"
    assert client.post(url, {**given, "filing_no": "BA-320211-001-2026-0010", "word_by": ""}).status_code == 422


def test_a_change_holds_from_its_day_and_leaves_the_rest(areas, officer, client):
    made = make.organization(
        "甲示例中心", street=areas["heli"], legal_representative="张某", phone="13800001234", capital_fen=3_000_000,
        full_time=5, is_charity=True, certificate_to=date(2027, 1, 31),
    )  # fmt: skip
    url = reverse("registry:organization_change", args=[made.pk])
    page = client.get(url)
    assert "13800001234" not in page.content.decode() and "138****1234" in page.content.decode()
    given = values(page)
    assert given["on"] == "2026-10-26" and given["capital_fen"] == "3" and given["is_charity"] == "yes"
    answer = client.post(url, given)
    assert answer.status_code == 302 and Standing.objects.filter(organization=made).count() == 1, "nothing was changed"
    answer = client.post(url, {**given, "legal_representative": "李某", "on": "2026年3月1日"})
    assert answer.status_code == 302
    first, second = history(made)
    assert (first.legal_representative, second.legal_representative) == ("张某", "李某")
    assert second.valid_from == date(2026, 3, 1) and second.phone == first.phone and second.full_time == 5
    event = AuditEvent.objects.get(code=Event.FACTS_CHANGED)
    assert event.payload["changes"] == {"legal_representative": ["张某", "李某"]}


def test_a_masked_value_is_replaced_or_taken_away_on_purpose_only(areas, officer, client):
    made = make.organization("甲示例中心", street=areas["heli"], phone="13800001234")
    url = reverse("registry:organization_change", args=[made.pk])
    client.post(url, {**values(client.get(url)), "note": "改说明"})
    assert standing_at(made, TODAY).phone
    client.post(url, {**values(client.get(url)), "phone": "13900005678"})
    assert "139****5678" in client.get(url).content.decode()
    client.post(url, {**values(client.get(url)), "phone": "无"})
    assert standing_at(made, TODAY).phone == ""
    assert "13900005678" not in str(list(AuditEvent.objects.values_list("payload", flat=True)))


def test_the_slower_keeps_what_he_typed_and_overwrites_nothing_else(areas, officer, client):
    made = make.organization("甲示例中心", street=areas["heli"], note="旧", full_time=5)
    url = reverse("registry:organization_change", args=[made.pk])
    mine, other = values(client.get(url)), values(client.get(url))
    assert client.post(url, {**other, "note": "别人的说明"}).status_code == 302
    page = client.post(url, {**mine, "full_time": "9"})
    text = page.content.decode()
    assert page.status_code == 422 and "别人修改了这个组织" in text and "别人的说明" in text
    again = values(page)
    assert again["full_time"] == "9"
    assert client.post(url, again).status_code == 302
    row = standing_at(made, TODAY)
    assert (row.note, row.full_time) == ("别人的说明", 9)


def test_a_correction_reaches_back(areas, officer, client):
    made = make.organization("错名示例中心", street=areas["heli"], registered_on=date(2015, 5, 4))
    url = reverse("registry:organization_correct", args=[made.pk])
    given = {**values(client.get(url)), "name": "正名示例中心", "registered_on": "2015-06-04"}
    assert client.post(url, given).status_code == 302
    (row,) = history(made)
    assert (row.name, row.valid_from) == ("正名示例中心", date(2015, 6, 4))
    assert AuditEvent.objects.filter(code=Event.FACTS_CORRECTED).count() == 1


def test_a_place_that_no_table_knows_stays_as_it_was_written(areas, officer, client):
    made = make.organization("甲示例中心", street=None, street_as_given="老街道")
    url = reverse("registry:organization_change", args=[made.pk])
    given = values(client.get(url))
    assert given["street"] == "given:老街道"
    client.post(url, {**given, "note": "改"})
    assert standing_at(made, TODAY).street_as_given == "老街道"
    client.post(url, {**values(client.get(url)), "street": "320211004"})
    row = standing_at(made, TODAY)
    assert (row.street, row.street_as_given) == (areas["liyuan"], "")


def test_a_filed_body_moves_to_another_street(areas, officer, client):
    made = make.organization("丙示例队", "BA", street=areas["heli"], registered_on=date(2022, 1, 1))
    url = reverse("registry:organization_change", args=[made.pk])
    assert client.post(url, {**values(client.get(url)), "street": "320211004"}).status_code == 302
    row = standing_at(made, TODAY)
    assert (row.street, row.registrar_area) == (areas["liyuan"], areas["liyuan"])


def test_a_filed_body_registers(areas, officer, client):
    filed = make.organization(
        "惠河社区示例队", "BA", street=areas["heli"], registered_on=date(2022, 1, 1), phone="13800001234"
    )
    url = reverse("registry:organization_succeed", args=[filed.pk])
    given = values(client.get(url))
    assert given["street"] == "320211001" and "13800001234" not in str(given)
    code = make.code("MF", 5009)
    given |= {"name": NEW["name"], "code": code, "capital_fen": "3", "registered_on": "2026-10-01"}
    answer = client.post(url, given)
    assert answer.status_code == 302
    made = Organization.objects.get(code=code)
    filed.refresh_from_db()
    assert made.predecessor == filed and filed.closed_on == date(2026, 10, 1)
    assert "138****1234" in client.get(answer["Location"]).content.decode()
    assert client.get(url).status_code == 403, "it has ended"


def test_closing(areas, officer, client):
    made = make.organization("甲示例中心", street=areas["heli"])
    url = reverse("registry:organization_close", args=[made.pk])
    given = {**values(client.get(url)), "status": "deregistered", "on": "2027-01-01", "reason": "自行解散"}
    assert client.post(url, given).status_code == 422
    assert client.post(url, {**given, "on": "2026-10-01"}).status_code == 302
    made.refresh_from_db()
    assert not made.live and made.closed_on == date(2026, 10, 1)


def test_a_telephone_note_in_two_taps(areas, officer, client):
    made = make.organization("甲示例中心", street=areas["heli"])
    url = reverse("registry:organization_note", args=[made.pk])
    assert 'name="outcome" value="no_answer"' in client.get(url).content.decode()
    assert client.post(url, {"outcome": "no_answer"}).status_code == 302
    event = AuditEvent.objects.get(code=Event.NOTE)
    told = event.payload
    assert (told["kind"], told["outcome"], told["text"]) == ("call", "no_answer", "电话：未接")
    assert client.post(url, {"kind": "visit", "text": ""}).status_code == 422
    assert client.post(url, {"kind": "nonsense", "text": "x"}).status_code == 422


def test_records_are_entered_and_taken_back_by_their_pages(areas, officer, client):
    made = make.organization("甲示例中心", street=areas["heli"])
    url = reverse("registry:rating_add", args=[made.pk])
    assert client.post(url, {"level": "4A", "rated_on": "2023-06-01"}).status_code == 302
    assert client.post(url, {"level": "4A", "rated_on": "2023-06-01"}).status_code == 422
    row = Rating.objects.get()
    assert client.post(reverse("registry:rating_remove", args=[made.pk, row.pk])).status_code == 302
    assert not Rating.objects.current().exists()
    assert client.post(reverse("registry:rating_remove", args=[made.pk, row.pk])).status_code == 404
    url = reverse("registry:honour_add", args=[made.pk])
    assert client.post(url, {"title": "示例荣誉", "level": "city", "given_on": "2024-03-05"}).status_code == 302
    assert client.post(reverse("registry:honour_remove", args=[made.pk, Honour.objects.get().pk])).status_code == 302
    url = reverse("registry:credit_add", args=[made.pk])
    given = {"list_kind": "serious", "listed_on": "2025-10-26", "reason": "严重违法"}
    assert client.post(url, given).status_code == 302
    assert client.post(url, given).status_code == 422
    entry = CreditEntry.objects.get()
    url = reverse("registry:credit_remove", args=[made.pk, entry.pk])
    page = client.post(url, {"removed_on": "2026-10-26", "reason": "已整改"})
    assert page.status_code == 422 and "CRD-03" in page.content.decode()
    other = make.organization("乙示例中心", street=areas["heli"])
    assert client.get(reverse("registry:credit_remove", args=[other.pk, entry.pk])).status_code == 404


@pytest.mark.parametrize("junk", ["\x00", "'\"><script>", "9" * 4000, "given:" + "x" * 500, "😀", "-1", "1e309"])
def test_fuzzed_input_never_breaks_a_form(areas, officer, client, junk):
    made = make.organization("甲示例中心", street=areas["heli"])
    filed = make.organization("丙示例队", "BA", street=areas["heli"])
    urls = [reverse("registry:organization_create"), reverse("registry:filing_create")]
    for pk in (made.pk, filed.pk):
        names = ("organization_change", "organization_correct", "organization_close", "organization_note", "honour_add")
        urls += [reverse(f"registry:{name}", args=[pk]) for name in names]
    urls += [reverse(f"registry:{name}", args=[made.pk]) for name in ("rating_add", "credit_add")]
    for url in urls:
        given = dict.fromkeys(values(client.get(url)), junk)
        page = client.post(url, given)
        assert page.status_code in (200, 302, 400, 422), url
        assert "<script>" not in page.content.decode().replace('<script src="', "")
    listing = reverse("registry:organization_list")
    names = ("q", "kind", "street", "area", "community", "since", "as_of", "sort", "page", "per", "cols", "traits")
    assert client.get(listing, dict.fromkeys(names, junk)).status_code == 200
