"""Which fields may be filled when: nothing of class C3 and C4 at level trial, told by the field's name."""

from datetime import date, timedelta

import pytest

from liaoyuan.core import sensitive
from liaoyuan.core.choices import Separation
from liaoyuan.core.models import SeparationSetting
from tests.core.factories import AT

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)
NAMES = ("name", "phone", "id_number", "street")


def level(wanted, start=date(2020, 1, 1), **more):
    SeparationSetting.objects.create(level=wanted, valid_from=start, set_at=AT, **more)


@pytest.mark.parametrize("wanted", [None, *Separation])
def test_only_trial_withholds(wanted):
    if wanted:
        level(wanted)
    expected = ["phone", "id_number"] if wanted == "trial" else []
    assert sensitive.withheld(NAMES, TODAY) == expected
    assert sensitive.may_be_filled(TODAY) == (wanted != "trial")


def test_the_level_of_the_day_counts_and_an_unsigned_lowering_does_not():
    level(Separation.TRIAL, TODAY - timedelta(days=1))
    level(Separation.SMALL_OFFICE, TODAY + timedelta(days=1))
    assert not sensitive.may_be_filled(TODAY)
    assert sensitive.may_be_filled(TODAY + timedelta(days=1))
    level(Separation.TRIAL, TODAY + timedelta(days=2), lowers=True)
    assert sensitive.may_be_filled(TODAY + timedelta(days=3))


def test_the_finding_names_the_field_and_an_empty_one_is_left_alone():
    level(Separation.TRIAL)
    given = {"phone": "13912345678", "id_number": "", "name": "示例"}
    told = sensitive.findings(given, {"phone": "联系电话"}, TODAY)
    assert [(f.code, f.field, f.severity) for f in told] == [("SEC-04", "phone", "block")]
    assert "“联系电话”" in told[0].text


def test_nothing_sensitive_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert sensitive.findings({"name": "示例", "phone": ""}, {}, TODAY) == []
