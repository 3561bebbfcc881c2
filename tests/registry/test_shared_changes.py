"""批量修改: one field of many bodies, per row allowed, one event each, all or none, taken back as a whole."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import shared
from liaoyuan.registry.choices import MOST_AT_ONCE, SHARED_FIELD_TITLES, SHARED_FIELDS, Event, Kind
from liaoyuan.registry.forms.organizations import FilingForm, RegisteredForm
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries import shared as queries
from liaoyuan.registry.queries.standings import history, standing_at
from liaoyuan.registry.rules.facts import OrganizationFacts
from tests.core.factories import user
from tests.registry import factories as make

NOW = make.AT
DAY = date(2026, 3, 1)


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer()


@pytest.fixture
def bodies(areas):
    return [make.organization(f"滨湖区批改{n}中心", "MF", street=areas["heli"], party_lead="甲党委") for n in range(3)]


def versions(*bodies):
    return dict(Organization.objects.filter(pk__in=[b.pk for b in bodies]).values_list("pk", "version"))


def lead(body, on):
    return standing_at(body, on).party_lead


def known(bodies):
    return [(row.valid_from, row.valid_to, row.party_lead) for body in bodies for row in history(body)]


def test_a_change_holds_from_its_day_and_each_body_has_its_own_event(bodies, officer):
    told = shared.change(versions=versions(*bodies), field="party_lead", value="乙党委", on=DAY, by=officer, at=NOW)
    for body in bodies:
        assert (lead(body, date(2026, 2, 28)), lead(body, DAY)) == ("甲党委", "乙党委")
    assert sorted(int(e.subject_id) for e in told) == sorted(b.pk for b in bodies)
    assert {e.payload["set"] for e in told} == {told[0].payload["set"]}
    assert all(e.payload["changes"] == {"party_lead": ["甲党委", "乙党委"]} for e in told)


def test_taken_back_as_a_whole_with_the_very_history_of_before(bodies, officer):
    make.changed(bodies[1], date(2025, 6, 1), party_lead="丙党委")
    before = known(bodies)
    told = shared.change(versions=versions(*bodies), field="party_lead", value="乙党委", on=DAY, by=officer, at=NOW)
    assert known(bodies) != before
    assert shared.undo(first=told[0].pk, by=officer, at=NOW) == 3
    assert known(bodies) == before
    assert AuditEvent.objects.filter(code=Event.FACTS_CORRECTED, payload__undoes=told[0].payload["set"]).count() == 3
    with pytest.raises(Refused):
        shared.undo(first=told[0].pk, by=officer, at=NOW)


def test_not_taken_back_when_one_was_changed_since(bodies, officer):
    told = shared.change(versions=versions(*bodies), field="party_lead", value="乙党委", on=DAY, by=officer, at=NOW)
    shared.change(versions=versions(bodies[2]), field="supervisor", value="教育局", on=DAY, by=officer, at=NOW)
    after = known(bodies)
    with pytest.raises(Refused) as refused:
        shared.undo(first=told[0].pk, by=officer, at=NOW)
    assert "批改2中心" in str(refused.value)
    assert known(bodies) == after


def test_all_or_none_when_somebody_was_faster(bodies, officer):
    seen = versions(*bodies)
    shared.change(versions=versions(bodies[1]), field="supervisor", value="教育局", on=DAY, by=officer, at=NOW)
    before = known(bodies)
    with pytest.raises(Refused):
        shared.change(versions=seen, field="party_lead", value="乙党委", on=DAY, by=officer, at=NOW)
    assert known(bodies) == before


def test_each_row_needs_its_own_permission(bodies, areas):
    street = user("jiedao", ("street_office", "area", areas["heli"].code))
    filed = make.organization("滨湖区批改队", "BA", street=areas["heli"])
    with pytest.raises(PermissionDenied):
        shared.change(
            versions=versions(filed, bodies[0]), field="district_field", value="culture", on=DAY, by=street, at=NOW
        )
    assert not AuditEvent.objects.filter(code=Event.FACTS_CHANGED).exists()
    shared.change(versions=versions(filed), field="district_field", value="culture", on=DAY, by=street, at=NOW)
    assert standing_at(filed, DAY).district_field == "culture"
    told = queries.plan(street, versions(filed, bodies[0]), "district_field", "culture", DAY)
    assert {(one.pk, one.state) for one in told} == {(filed.pk, "same"), (bodies[0].pk, "forbidden")}


@pytest.mark.parametrize(
    ("field", "value", "on"),
    [("name", "甲", DAY), ("district_field", "nonsense", DAY), ("party_lead", "乙", date(2999, 1, 1))],
)
def test_what_no_body_could_take_is_refused(bodies, officer, field, value, on):
    with pytest.raises(Refused):
        shared.change(versions=versions(*bodies), field=field, value=value, on=on, by=officer, at=NOW)


def test_a_kind_without_the_field_and_an_ended_body_are_refused(bodies, officer, areas):
    filed = make.organization("滨湖区批改队", "BA", street=areas["heli"])
    ended = make.organization("滨湖区旧中心", "MF", closed_on=date(2020, 1, 1))
    told = queries.plan(officer, versions(filed, ended, bodies[0]), "party_lead", "乙", DAY)
    assert {one.pk: one.state for one in told} == {filed.pk: "unfit", ended.pk: "ended", bodies[0].pk: "change"}
    for body in (filed, ended):
        with pytest.raises(Refused):
            shared.change(versions=versions(body), field="party_lead", value="乙", on=DAY, by=officer, at=NOW)


def test_at_most_five_hundred(officer):
    with pytest.raises(Refused) as refused:
        shared.change(
            versions=dict.fromkeys(range(1, MOST_AT_ONCE + 2), 1), field="party_lead", value="乙", on=DAY, by=officer,
            at=NOW,
        )  # fmt: skip
    assert str(MOST_AT_ONCE) in str(refused.value)


def test_the_fields_are_those_of_the_forms_and_no_rule_reads_them():
    forms = {Kind.BA: FilingForm, Kind.MF: RegisteredForm}
    for name, kinds in SHARED_FIELDS.items():
        for kind, form in forms.items():
            # The district's field of a filed body comes by import only; here it may be set.
            assert (kind in kinds) == (name in form.base_fields) or (name, kind) == ("district_field", Kind.BA)
    assert SHARED_FIELDS.keys() == SHARED_FIELD_TITLES.keys()
    assert not SHARED_FIELDS.keys() & set(OrganizationFacts.__dataclass_fields__)


def test_from_the_list_over_the_preview_to_the_undo(client, bodies, officer):
    client.force_login(officer)
    make.organization("滨湖区旁观中心", "MF", party_lead="甲党委")
    change = reverse("registry:shared_change")
    page = client.post(change, {"ids": [b.pk for b in bodies]}).text
    assert "给选中的 3 家" in page and 'value="apply"' not in page
    chosen = ",".join(f"{pk}:{version}" for pk, version in versions(*bodies).items())
    given = {"chosen": chosen, "field": "party_lead", "name": "乙党委", "on": "2026-03-01"}
    page = client.post(change, {**given, "do": "preview"}).text
    assert page.count("<del>甲党委</del><ins>乙党委</ins>") == 3
    assert Standing.objects.filter(party_lead="乙党委").count() == 0
    answer = client.post(change, {**given, "do": "apply"})
    assert answer.status_code == 302
    assert Standing.objects.now_open().filter(party_lead="乙党委").count() == 3
    page = client.get(answer["Location"]).text
    assert "已修改 3 家" in page and "整批撤销" in page
    assert "已撤销" in client.post(f"{answer['Location']}undo/", follow=True).text
    assert Standing.objects.now_open().filter(party_lead="甲党委").count() == 4


def test_faults_are_told_beside_the_field_and_nothing_is_written(client, bodies, officer):
    client.force_login(officer)
    change = reverse("registry:shared_change")
    answer = client.post(change, {"chosen": f"{bodies[0].pk}:1", "field": "party_lead", "on": "昨天", "do": "apply"})
    assert answer.status_code == 422
    assert "请填写新的内容" in answer.text and "昨天" in answer.text
    stale = client.post(
        change, {"chosen": f"{bodies[0].pk}:99", "field": "party_lead", "name": "乙", "on": "2026-03-01", "do": "apply"}
    )
    assert "在此期间被修改过" in stale.text
    assert client.post(change, {}).status_code == 302
    assert client.post(change, {"chosen": "x:y,;", "do": "apply"}).status_code == 302
    assert not AuditEvent.objects.filter(code=Event.FACTS_CHANGED).exists()


def test_only_what_the_query_shows_is_chosen(client, bodies, officer, areas):
    outside = make.organization("别区中心", "MF", registrar_area=make.area("320206"), street=None)
    client.force_login(officer)
    page = client.post(f"{reverse('registry:shared_change')}?q=批改1", {"all_matching": "1"}).text
    assert "给选中的 1 家" in page
    page = client.post(reverse("registry:shared_change"), {"ids": [outside.pk, bodies[0].pk]}).text
    assert "给选中的 1 家" in page
