"""The demo's decisions and letters: printed where the server has a Chinese font, and no refusal is swallowed."""

from datetime import UTC, datetime

import pytest

from liaoyuan.core.access import Operator
from liaoyuan.core.documents import pdf
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.registry.actions import demo_cases

AT = datetime(2026, 10, 26, 2, tzinfo=UTC)


@pytest.fixture
def asked(monkeypatch):
    """What the demo asks of the deciding action."""
    told: list[dict] = []
    monkeypatch.setattr(demo_cases.deciding, "decide", lambda **given: told.append(given))
    return told


@pytest.mark.parametrize("font", [True, False])
@pytest.mark.parametrize(("until", "shown"), [("decided", True), ("delivered", True), ("refused", False)])
def test_a_decision_has_its_letter_where_there_is_a_font(monkeypatch, asked, font, until, shown):
    def family():
        if not font:
            raise pdf.NoFont
        return "Noto Serif CJK SC"

    monkeypatch.setattr(pdf, "family", family)
    demo_cases._decided(None, until, Operator("tests"), AT)
    assert [given["letter"] for given in asked] == [shown and font]


def test_any_other_refusal_is_heard(monkeypatch):
    def refuse(**_given):
        raise Refused([Finding("CASE.closed", Severity.BLOCK, "这件事项已办结。")])

    monkeypatch.setattr(pdf, "family", lambda: "Noto Serif CJK SC")
    monkeypatch.setattr(demo_cases.deciding, "decide", refuse)
    with pytest.raises(Refused):
        demo_cases._decided(None, "decided", Operator("tests"), AT)
