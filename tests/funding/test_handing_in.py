"""Handing in: three projects a body, half of the budget for pay to the fen, what the database holds by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from liaoyuan.funding.actions import handing_in, projects
from liaoyuan.funding.models import Project, Slot
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT
from tests.funding import ground

pytestmark = pytest.mark.django_db


def codes(refused):
    return {finding.code for finding in refused.value.findings if finding.severity == "block"}


def test_three_projects_and_no_fourth(round_, body, head):
    made = [ground.submitted(ground.written(round_, body, head, title=f"项目{n}"), head) for n in range(3)]
    assert [row.number for row in made] == ["2026-001", "2026-002", "2026-003"]
    fourth = ground.certified(ground.written(round_, body, head, title="项目四"), head)
    with pytest.raises(Refused) as refused:
        handing_in.submit(project=fourth, confirmed=True, by=head, at=AT)
    assert codes(refused) == {"GV-APP-01"}
    fourth.refresh_from_db()
    assert (fourth.state, fourth.number, Slot.objects.count()) == ("draft", "", 3)
    handing_in.withdraw(project=made[0], reason="改报其他项目", by=head, at=AT)
    again = handing_in.submit(project=fourth, confirmed=True, by=head, at=AT)
    assert again.number == "2026-004"
    assert sorted(Slot.objects.values_list("slot", flat=True)) == [1, 2, 3]


def test_what_is_withdrawn_after_the_window_counts_on(round_, body, head, office):
    made = [ground.submitted(ground.written(round_, body, head, title=f"项目{n}"), head) for n in range(3)]
    fourth = ground.certified(ground.written(round_, body, head, title="项目四"), head)
    late = AT + (round_.closes_on - AT.date()) + timedelta(days=1)
    handing_in.withdraw(project=made[0], reason="改报其他项目", by=head, at=late)
    assert Slot.objects.count() == 3
    with pytest.raises(Refused) as refused:
        handing_in.submit(project=fourth, confirmed=True, on_paper=round_.closes_on, late_reason="邮路延误", by=office,
                          at=late)  # fmt: skip
    assert codes(refused) == {"GV-APP-01"}


@pytest.mark.parametrize(("pay", "passes"), [(5_000_000, True), (5_000_001, False)])
def test_half_of_the_budget_to_the_fen(round_, body, head, pay, passes):
    row = ground.certified(ground.written(round_, body, head, total_fen=10_000_000, pay_fen=pay), head)
    if passes:
        assert handing_in.submit(project=row, confirmed=True, by=head, at=AT).state == "submitted"
        return
    with pytest.raises(Refused) as refused:
        handing_in.submit(project=row, confirmed=True, by=head, at=AT)
    assert codes(refused) == {"GV-BUD-01"}
    assert Slot.objects.count() == 0


def test_the_database_holds_share_and_quota_by_itself(round_, body, head):
    made = ground.submitted(ground.written(round_, body, head), head)
    assert (made.share_num, made.share_den) == (50, 100)
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=made.pk).update(pay_fen=made.total_fen // 2 + 1)
    slot = Slot.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(pk=slot.pk).update(slot=slot.cap + 1)
    other = ground.written(round_, body, head, title="另一个")
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(round=round_, organization=body, project=other, slot=slot.slot, cap=slot.cap)


def test_what_is_incomplete_or_not_certified_is_refused(round_, body, head):
    row = projects.begin(round_=round_, organization=body, title="空的", by=head, at=AT)
    with pytest.raises(Refused) as refused:
        handing_in.certify(project=row, by=head, at=AT)
    assert codes(refused) == {"APPLICATION-MISSING"}
    assert {f.field for f in refused.value.findings} >= {"basic", "content", "team", "plan", "budget"}
    whole = ground.written(round_, body, head)
    with pytest.raises(Refused) as refused:
        handing_in.submit(project=whole, confirmed=True, by=head, at=AT)
    assert codes(refused) == {"PROJECT-CERTIFY"}
    row = ground.certified(whole, head)
    projects.save_texts(project=row, values={"goals": "改了。"}, by=head, at=AT)
    row.refresh_from_db()
    with pytest.raises(Refused) as refused:
        handing_in.submit(project=row, confirmed=True, by=head, at=AT)
    assert codes(refused) == {"PROJECT-CERTIFY"}
