"""Volunteers are named in public by a consent that holds: at the action, on the page, in what everybody reads."""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from liaoyuan.core import zones
from liaoyuan.core.models import AuditEvent
from liaoyuan.core.zones import Op, Say, Zone
from liaoyuan.kit.findings import Refused
from liaoyuan.people.actions import honours, joining, volunteers
from liaoyuan.people.exports import rosters
from liaoyuan.people.imports import people as people_import
from liaoyuan.people.imports import volunteers as volunteer_import
from liaoyuan.people.models import Volunteer, VolunteerHonour
from tests.people import factories as people
from tests.registry import bites
from tests.registry import factories as make

TODAY = make.AT.date()
LIST = {"title": "年度优秀志愿者", "since": "2026-01-01", "until": TODAY.isoformat()}
CONSENT = {"consented_on": date(2026, 2, 1), "consent_evidence": "同意书7号"}


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", make.AT.isoformat())


@pytest.fixture
def serving(centre):
    """Two volunteers of the centre: the first consented, the second did not. 150 and 60 minutes this year."""
    yes, no = people.person(centre, "赵甲一"), people.person(centre, "钱乙二")
    people.volunteer(yes, centre, **CONSENT)
    people.volunteer(no, centre)
    people.service(yes, centre, date(2026, 3, 5), 90)
    people.service(yes, centre, date(2026, 4, 5), 60)
    people.service(yes, centre, date(2025, 12, 31), 600)
    people.service(no, centre, date(2026, 3, 5), 60)
    return yes, no


def public(client, body) -> str:
    client.logout()
    return client.get(f"/directory/{body.pk}/").content.decode()


def publish(officer, centre, *persons, **more):
    given = {"title": "年度优秀志愿者", "since": date(2026, 1, 1), "until": TODAY, **more}
    return honours.publish(organization=centre, persons=[p.pk for p in persons], by=officer, at=make.AT, **given)


def test_who_consented_is_named_with_his_hours_and_who_did_not_is_refused_by_masked_name(
    client, officer, centre, serving
):
    yes, no = serving
    client.force_login(officer)
    url = f"/people/organizations/{centre.pk}/honours/new/"
    form = client.get(url).content.decode()
    assert "未经志愿者同意，不公开其个人信息。" in form and "未同意公开" in form
    refused = client.post(url, {**LIST, "persons": [yes.pk, no.pk]})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "VOL-06" in page and "钱* 没有同意公开" in page and "赵* 没有同意公开" not in page
    assert not VolunteerHonour.objects.exists()
    assert "赵甲一" not in public(client, centre)
    client.force_login(officer)
    assert client.post(url, {**LIST, "persons": [yes.pk]}).status_code == 302
    shown = public(client, centre)
    assert "赵甲一：2.5 小时" in shown and "钱乙二" not in shown
    event = AuditEvent.objects.get(code="person.honours_published")
    told = json.dumps([event.payload, event.subject_label], ensure_ascii=False)
    assert event.payload == {"persons": [yes.pk]} and "赵甲一" not in told


def test_the_parameter_flips_the_action_and_never_what_everybody_reads(client, officer, centre, serving):
    _yes, no = serving
    with pytest.raises(Refused, match="钱"):
        publish(officer, centre, no)
    bites.store({"VOL-06": False}, editor=officer, confirmer=make.officer("second"))
    publish(officer, centre, no)
    assert "钱乙二" not in public(client, centre)


def test_a_withdrawn_consent_takes_the_name_off_at_once(client, officer, centre, serving):
    yes, _no = serving
    publish(officer, centre, yes)
    assert "赵甲一" in public(client, centre)
    assert "public" not in client.get(f"/directory/{centre.pk}/")["Cache-Control"]
    fields = {"number": "V1", **CONSENT, "withdrawn_on": TODAY}
    volunteers.register(person=yes, organization=centre, fields=fields, by=officer, at=make.AT)
    page = public(client, centre)
    assert "赵甲一" not in page and "年度优秀志愿者" not in page
    assert "public" in client.get(f"/directory/{centre.pk}/")["Cache-Control"]
    with pytest.raises(Refused, match=f"赵\\* 已于 {TODAY} 撤回同意"):
        publish(officer, centre, yes, title="另一份名单")
    client.force_login(officer)
    assert "另有 1 人现在没有有效的同意" in client.get(f"/people/organizations/{centre.pk}/panel/").content.decode()


@pytest.mark.parametrize(("days", "shown"), [(-1, False), (0, False), (1, True)])
def test_a_consent_holds_up_to_the_day_before_its_withdrawal(centre, serving, days, shown):
    yes, _no = serving
    Volunteer.objects.filter(person=yes).update(withdrawn_on=TODAY + timedelta(days))
    assert Volunteer.objects.consenting(TODAY).filter(person=yes).exists() == shown


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"consented_on": date(2026, 2, 1)}, "日期和凭据"),
        ({"consent_evidence": "同意书7号"}, "日期和凭据"),
        ({"consented_on": TODAY + timedelta(1), "consent_evidence": "同意书7号"}, "不能晚于今天"),
        ({**CONSENT, "withdrawn_on": TODAY + timedelta(1)}, "不能晚于今天"),
        ({**CONSENT, "withdrawn_on": date(2026, 1, 31)}, "不能早于同意日期"),
        ({"withdrawn_on": TODAY}, "不能早于同意日期"),
    ],
)
def test_a_consent_has_its_day_and_evidence(officer, centre, fields, told):
    one = people.person(centre, "孙丙三")
    with pytest.raises(Refused, match=told):
        volunteers.register(person=one, organization=centre, fields=fields, by=officer, at=make.AT)
    assert not Volunteer.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"consented_on": date(2026, 2, 1)},
        {"consent_evidence": "同意书7号"},
        {**CONSENT, "withdrawn_on": date(2026, 1, 31)},
        {"withdrawn_on": TODAY},
    ],
)
def test_the_database_keeps_consents_in_order_too(centre, fields):
    one = people.person(centre, "孙丙三")
    with pytest.raises(IntegrityError), transaction.atomic():
        people.volunteer(one, centre, **fields)


def test_a_consent_is_none_by_default_and_its_evidence_never_stands_in_an_event(officer, centre):
    one = people.person(centre, "孙丙三")
    volunteers.register(person=one, organization=centre, fields={}, by=officer, at=make.AT)
    assert Volunteer.objects.get().consented_on is None
    fields = {**CONSENT, "consent_evidence": "孙丙三签的纸"}
    volunteers.register(person=one, organization=centre, fields=fields, by=officer, at=make.AT)
    events = AuditEvent.objects.filter(code="person.volunteered")
    assert events.count() == 2
    assert "孙丙三" not in json.dumps([e.payload for e in events], ensure_ascii=False)


def test_a_list_is_refused_for_strangers_idle_ones_and_days_to_come(officer, centre, association, serving):
    yes, _no = serving
    stranger = people.person(association, "李丁四")
    for persons, more, told in (
        ([stranger], {}, "本组织的志愿者"),
        ([], {}, "本组织的志愿者"),
        ([yes], {"since": date(2026, 5, 1)}, "赵\\* 在这段时间没有服务记录"),
        ([yes], {"until": TODAY + timedelta(1)}, "晚于今天"),
        ([yes], {"since": TODAY + timedelta(1)}, "晚于今天"),
    ):
        with pytest.raises(Refused, match=told):
            publish(officer, centre, *persons, **more)
    publish(officer, centre, yes)
    with pytest.raises(Refused, match="已有同名的名单"):
        publish(officer, centre, yes)


def test_a_head_publishes_for_his_own_body_and_takes_the_list_down(client, centre, association, serving):
    yes, _no = serving
    client.force_login(make.head_of(centre))
    assert client.get(f"/people/organizations/{association.pk}/honours/new/").status_code == 404
    url = f"/people/organizations/{centre.pk}/honours/new/"
    assert client.post(url, {**LIST, "persons": [yes.pk]}).status_code == 302
    key = VolunteerHonour.objects.get().pk
    panel = client.get(f"/people/organizations/{centre.pk}/panel/").content.decode()
    assert "赵甲一：2.5 小时" in panel and f"/people/honours/{key}/withdraw/" in panel
    assert "将从公开页面撤下" in client.get(f"/people/honours/{key}/withdraw/").content.decode()
    assert client.post(f"/people/honours/{key}/withdraw/", {}).status_code == 302
    assert client.get(f"/people/honours/{key}/withdraw/").status_code == 404
    assert AuditEvent.objects.filter(code="person.honours_withdrawn").count() == 1
    assert "赵甲一" not in public(client, centre)


def test_merged_bodies_keep_the_honours_and_no_one_stands_twice(officer, centre, association, serving):
    yes, _no = serving
    publish(officer, centre, yes)
    people.tell(yes, association, "赵甲一")
    joining.carry(gone=centre.pk, kept=association.pk, by=officer, at=make.AT)
    [row] = VolunteerHonour.objects.current()
    assert (row.organization_id, row.title) == (association.pk, "年度优秀志愿者")
    assert [h.pk for h in VolunteerHonour.objects.public(TODAY)] == [row.pk]


@pytest.mark.parametrize("code", ["person.publicity_consent", "person.honour"])
@pytest.mark.parametrize("zone", list(Zone))
def test_consents_and_honours_are_kept_and_shown_and_go_in_no_sheet(zone, code):
    told = {op: zones.say(zone, code, op) for op in Op}
    assert (told[Op.STORE], told[Op.SHOW]) == (Say.YES, Say.YES)
    assert {told[op] for op in (Op.EXPORT, Op.IMPORT, Op.SEARCH)} == {Say.NO}
    names = set(zones.FIELDS[code].names)
    columns = {c.key for c in (*rosters.PEOPLE, *rosters.SERVICE)}
    assert not names & (columns | set(people_import.KIND.fields) | set(volunteer_import.KIND.fields))
