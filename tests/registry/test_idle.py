"""长期无活动: who is found, who is not, once; the answer of an officer; nobody outside of his office."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from liaoyuan.core.actions import parameters as shipped
from liaoyuan.core.models import AuditEvent
from liaoyuan.registry.actions import idle
from liaoyuan.registry.models import IdleFinding
from liaoyuan.registry.queries import idle as queries
from tests.people import factories as people
from tests.registry import factories as make

AT = make.AT
TODAY = date(2026, 10, 26)
YEAR_AGO = TODAY - timedelta(365)


@pytest.fixture
def areas(db):
    shipped.sync_shipped(at=AT)
    return make.binhu()


def names():
    return {row.name for row in IdleFinding.objects.with_names()}


def test_who_is_found(areas):
    make.organization("闲协会", "ST", street=areas["heli"])
    make.organization("闲基金会", "JJ", street=areas["heli"])
    make.organization("民非中心", "MF", street=areas["heli"])
    make.organization("备案队", "BA", street=areas["heli"])
    make.organization("新协会", "ST", registered_on=YEAR_AGO + timedelta(1))
    make.organization("满年协会", "ST", registered_on=YEAR_AGO)
    make.organization("注销协会", "ST", closed_on=date(2020, 1, 1))
    make.organization("外区协会", "ST", is_external=True)
    make.rating(make.organization("有评估协会", "ST"), start=date(2026, 1, 1))
    make.honour(make.organization("旧荣誉协会", "ST"), valid_from=YEAR_AGO)
    make.result(make.organization("有年报协会", "ST"), 2025)
    make.result(make.organization("未年报协会", "ST"), 2025, "missed")
    serving = make.organization("有服务协会", "ST")
    people.service(people.person(serving, "赵某"), serving, on=date(2026, 9, 1))
    assert idle.check(on=TODAY, at=AT) == 5
    assert names() == {"闲协会", "闲基金会", "满年协会", "旧荣誉协会", "未年报协会"}
    assert IdleFinding.objects.with_names().get(name="旧荣誉协会").last_on == YEAR_AGO
    assert idle.check(on=TODAY, at=AT) == 0, "a second run finds nothing new"


def test_a_whole_district_is_checked_in_few_queries(areas, django_assert_max_num_queries):
    make.many(1, registrar=areas["district"], streets=[areas["heli"], areas["liyuan"]])
    with django_assert_max_num_queries(20):
        found = queries.idle_on(TODAY)
    assert found


def test_answers(client, areas):
    one, two = make.organization("甲协会", "ST"), make.organization("乙协会", "ST")
    other = make.organization("外协会", "ST", registrar_area=areas["other"], street=areas["other_street"])
    idle.check(on=TODAY, at=AT)
    keys = {row.organization_id: row.pk for row in IdleFinding.objects.all()}
    client.force_login(make.officer())
    text = client.get(reverse("registry:idle_list")).content.decode()
    assert "甲协会" in text and "乙协会" in text and "外协会" not in text
    told = {"ids": [keys[one.pk], keys[other.pk]], "do": "active"}
    client.post(reverse("registry:idle_answer"), {**told, "note": ""})
    assert IdleFinding.objects.open().count() == 3, "without words nothing is answered"
    client.post(reverse("registry:idle_answer"), {**told, "note": "电话核实，每月有活动"})
    assert {row.organization_id for row in IdleFinding.objects.open()} == {two.pk, other.pk}
    event = AuditEvent.objects.get(code="idle.answered")
    assert (event.subject_id, event.payload["note"]) == (str(one.pk), "电话核实，每月有活动")
    assert client.post(reverse("registry:idle_answer"), {"do": "nonsense"}).status_code == 400
    assert idle.check(on=TODAY + timedelta(30), at=AT) == 0, "who was answered is not asked about again within a year"
    assert "甲协会" in client.get(f"{reverse('registry:idle_list')}?state=active").content.decode()
    client.force_login(make.officer("ling", role="leadership"))
    shown = client.get(reverse("registry:idle_list"))
    assert shown.status_code == 200 and "确有活动</button>" not in shown.content.decode()
    assert client.post(reverse("registry:idle_answer"), {"do": "idle"}).status_code == 403


def test_the_empty_list(client, areas):
    client.force_login(make.officer())
    assert "没有待核实的组织" in client.get(reverse("registry:idle_list")).content.decode()
