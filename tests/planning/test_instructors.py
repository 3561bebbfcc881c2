"""Instructors for a plan: who needs one, the least way against trying all, pins, acceptance, scope, the sheet."""

import pytest

from liaoyuan.party.actions import instructors as appointing
from liaoyuan.planning.actions import proposing
from liaoyuan.planning.models import InstructorProposal
from tests.core.factories import AT
from tests.planning import planning_ground as ground

pytestmark = pytest.mark.django_db


def instructor(area, by, name, **told):
    fields = {"name": name, "source": "street", "unit": "", "sender": "", **told}
    return appointing.enter(area=area, fields=fields, by=by, at=AT)


@pytest.fixture
def plan(district, lead):
    return ground.planned(district, lead)


@pytest.fixture
def two(district, lead):
    area = district.areas["district"]
    first = instructor(area, lead, "甲指导员", unit="河埒街道党建办")
    return first, instructor(area, lead, "乙指导员", unit="退休干部")


def proposed(plan, by):
    made = proposing.ask(plan=plan, by=by, at=AT)
    ground.work()
    return InstructorProposal.objects.get(pk=made.pk)


def test_thin(client, plan, lead, two):
    client.force_login(lead)
    url = f"/planning/plans/{plan.pk}/instructors/"
    assert "还没有编排" in client.get(url).text
    assert client.post(f"{url}solve/").status_code == 302
    assert "已排队" in client.get(url).text
    ground.work()
    row = InstructorProposal.objects.get()
    assert row.state == "ready", row.note
    text = client.get(url).text
    assert "已证明为最小总路程" in text and "甲指导员" in text
    assert client.get(f"{url}loads/").status_code == 200
    assert "甲指导员" in b"".join(client.get(f"{url}instructors.csv").streaming_content).decode("utf-8-sig")
