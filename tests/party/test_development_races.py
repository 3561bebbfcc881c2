"""The plan of a year with several branches at once, and one applicant handled twice at once. On both databases."""

from datetime import date

import pytest

from liaoyuan.core.models import Parameter
from liaoyuan.party.actions import development, quotas
from liaoyuan.party.models import Affiliation, DevelopmentStep
from tests.core.factories import user
from tests.party import factories as make
from tests.party.development import DAYS, way
from tests.registry import factories as registry
from tests.registry.test_rating_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
BEGAN = date(2020, 1, 1)


@pytest.fixture
def ways():
    """Four branches of one committee, each with somebody before the 预审, and a plan of two; PB-DEV-17 is confirmed."""
    areas = registry.binhu()
    Parameter.objects.create(
        key="PB-DEV-17", jurisdiction="320211", valid_from=date(2014, 5, 28), value=True, severity="block",
        status="confirmed", origin="local", source="演示", edited_by=user("editor"), edited_at=make.AT,
        confirmed_by=user("confirmer"), confirmed_at=make.AT,
    )  # fmt: skip
    committee = make.committee(areas["district"])
    lead, head = make.lead(), make.lead("head", "party_head")
    made = []
    for _n in range(4):
        branch = make.party(area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)
        one = way(branch, 3, lead=lead, head=head)
        Affiliation.objects.update(valid_from=BEGAN)
        made.append(one.apply().until(12))
    quotas.set_quota(party=committee, year=2023, number=2, by=lead, at=make.AT)
    return made


def test_the_plan_is_not_exceeded_by_branches_at_once(ways):
    queue = list(ways)
    done, refused = at_once(lambda: queue.pop().step(13))
    assert (done, refused) == (2, ["PB-DEV-17", "PB-DEV-17"])
    assert DevelopmentStep.objects.current().filter(number=13).count() == 2


def test_one_step_is_made_once(ways):
    one = ways[0]
    done, refused = at_once(
        lambda: development.record(applicant=one.applicant, step=13, on=DAYS[13], by=one.head, at=make.AT)
    )
    assert done == 1 and len(refused) == 3
    assert DevelopmentStep.objects.current().filter(applicant=one.applicant, number=13).count() == 1


def test_who_leaves_the_way_gives_the_place_back(ways):
    from liaoyuan.kit.findings import Refused
    from liaoyuan.party.actions import applicants

    for one in ways[:2]:
        one.step(13)
    with pytest.raises(Refused) as told:
        ways[2].step(13)
    assert [f.code for f in told.value.findings] == ["PB-DEV-17"]
    applicants.close(applicant=ways[0].applicant, on=date(2023, 10, 1), reason="withdrawn", by=ways[0].lead, at=make.AT)
    ways[2].step(13)
    with pytest.raises(Refused):
        ways[3].step(13)
    assert ways[3].step(13, date(2024, 1, 5)).on.year == 2024, "a year without a plan is not asked"
