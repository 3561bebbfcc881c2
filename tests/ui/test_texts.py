"""How days, figures and masked values are written."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.ui import marks, texts
from tests.ui.pages import render


@pytest.mark.parametrize(
    ("filter_", "value", "written"),
    [
        ("date", date(2018, 10, 6), "2018年10月6日"),
        ("date", "2018-10", "2018年10月"),
        ("date", "2018", "2018年"),
        ("date", None, ""),
        ("date", datetime(2018, 12, 31, 16, 0, tzinfo=UTC), "2019年1月1日"),
        ("date_short", date(2018, 10, 6), "2018-10-06"),
        ("datetime", datetime(2018, 12, 31, 16, 5, tzinfo=UTC), "2019年1月1日 00:05"),
        ("datetime_short", datetime(2018, 12, 31, 16, 5, tzinfo=UTC), "2019-01-01 00:05"),
        ("datetime", None, ""),
        ("number", 94320, "94,320"),
        ("number", 1.5, "1.5"),
        ("number", 0, "0"),
        ("number", None, ""),
        ("yuan", -123456, "-1,234.56"),
        ("yuan", None, ""),
        ("wan", 1, "0.000001"),
        ("dash", "", "—"),
        ("dash", 0, "0"),
        ("yes_no", False, "否"),
        ("translated", "占50%<", "占50%&lt;"),
        ("translated", None, ""),
        ("mask_mobile", "13800001234", "138****1234"),
        ("mask_name", "张三", "张*"),
        ("mask_ric", None, ""),
    ],
)
def test_filters(filter_, value, written):
    assert render("{{ v|" + filter_ + " }}", v=value) == written


def test_shares_are_for_the_eye():
    assert texts.percent(3, 8) == "37.5%"
    assert texts.percent(0, 0) == "—"


def test_a_sentence_may_hold_percent_signs():
    told = Finding("X", Severity.WARN, "占{share}%，上限50%", args={"share": 51})
    assert render("{{ f|sentence }}", f=told) == "占51%，上限50%"


def test_texts_take_variables_and_escape_them():
    assert render("{{ _('共 %(n)s 条', n='<b>') }}") == "共 &lt;b&gt; 条"
    assert render("{{ _('占 50%%') }}") == "占 50%"
    with override("en"):
        assert render("{{ _('没有这句话的译文') }}") == "没有这句话的译文"


def test_marks():
    assert marks.diff("a", "a") == '<span class="diff__same">a</span>'
    assert marks.diff("<", None) == '<span class="diff__cell"><del>&lt;</del></span>'
    assert marks.diff(None, 3) == '<span class="diff__cell"><ins>3</ins></span>'
    with pytest.raises(KeyError):
        marks.verdict("fine", "好")
