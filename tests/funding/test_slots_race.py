"""Sixteen writers at once: whoever tries three or more ends with exactly three; nothing is refused without cause."""

import threading

import pytest
from django.db import connection

from liaoyuan.core.actions import parameters
from liaoyuan.core.models import User
from liaoyuan.funding.actions import handing_in
from liaoyuan.funding.models import Project, Round, Slot
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT
from tests.funding import ground
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 16


def together(works):
    """Run the works at once; what each came to: its state, or the codes it was refused with."""
    gate, told = threading.Barrier(len(works)), [None] * len(works)

    def one(place, work):
        try:
            gate.wait(30)
            told[place] = work().state
        except Refused as refused:
            told[place] = tuple(sorted({finding.code for finding in refused.findings if finding.severity == "block"}))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return told


def handing(row, by):
    return lambda: handing_in.submit(
        project=Project.objects.select_related("round__programme__area", "organization").get(pk=row.pk),
        confirmed=True, by=User.objects.get(pk=by.pk), at=AT,
    )  # fmt: skip


def test_sixteen_at_once_end_with_exactly_three_each():
    areas = registry.binhu()
    parameters.sync_shipped(at=AT)
    round_ = ground.opened(areas["district"], ground.office())
    works, wished = [], {}
    for place, tries in enumerate((7, 5, 2, 2)):
        body = ground.body(f"滨湖区第{place}示例服务中心", street=areas["heli"])
        head = ground.head(body, f"fuze{place}")
        wished[body.pk] = tries
        for n in range(tries):
            row = ground.certified(ground.written(round_, body, head, title=f"项目{place}{n}"), head)
            works.append(handing(row, head))
    assert len(works) == WRITERS
    told = together(works)
    for body, tries in wished.items():
        states = list(Project.objects.filter(organization=body).values_list("state", flat=True))
        assert states.count("submitted") == min(tries, 3)
        assert states.count("draft") == max(tries - 3, 0)
        taken = list(Slot.objects.filter(organization=body).order_by("slot").values_list("slot", flat=True))
        assert taken == list(range(1, min(tries, 3) + 1))
    assert told.count("submitted") == 10
    assert told.count(("GV-APP-01",)) == 6
    numbers = sorted(Project.objects.exclude(number="").values_list("number", flat=True))
    assert numbers == [f"2026-{n:03d}" for n in range(1, 11)]
    assert Round.objects.get(pk=round_.pk).last_number == 10
