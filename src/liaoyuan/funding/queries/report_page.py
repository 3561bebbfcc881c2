"""Words of reports and sheets as pages show them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.choices.money import FINAL_GRADE_TITLES, FinalGrade
from liaoyuan.funding.choices.review import ACCEPT_ITEM_TITLES
from liaoyuan.funding.choices.running import SANCTION_STATE_TITLES, SanctionState
from liaoyuan.funding.models import Assessment, ProjectReport, ProjectSanction
from liaoyuan.funding.params.report_form import REPORT_TEXTS
from liaoyuan.funding.queries.reports import ClassMoney
from liaoyuan.funding.rules import shares
from liaoyuan.kit.money import format_yuan

_STATES = {
    SanctionState.PROPOSED: "review", SanctionState.DROPPED: "closed", SanctionState.DECIDED: "reject",
    SanctionState.APPEALED: "review", SanctionState.KEPT: "reject", SanctionState.LIFTED: "closed",
}  # fmt: skip
_MARKS = {FinalGrade.EXCELLENT: "ok", FinalGrade.PASSED: "ok", FinalGrade.FAILED: "reject"}


def points(hundredths: int) -> str:
    """Points as people write them."""
    return shares.number(hundredths)


def grade_words(sheet: Assessment | None) -> tuple[str, str]:
    """Mark and word of the grade on a sheet."""
    if sheet is None:
        return "review", _("待评估")
    grade = FinalGrade(sheet.grade)
    return _MARKS[grade], _(FINAL_GRADE_TITLES[grade])


def sanction_words(sanction: ProjectSanction) -> tuple[str, str]:
    """Mark and word of a sanction's state."""
    state = SanctionState(sanction.state)
    return _STATES[state], _(SANCTION_STATE_TITLES[state])


def shown(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of a report with the titles of its classes, and the sums of the money."""
    rows: list[tuple[Any, ...]] = [
        (_(BUDGET_CLASS_TITLES.get(code, code)), approved, spent, spent - approved, granted,
         shares.told(abs(spent - approved), approved) if approved else "")
        for code, approved, _grant, spent, granted in figures.get("money", ())
    ]  # fmt: skip
    sums = [sum(row[place] for row in rows) for place in (1, 2, 3, 4)]
    return {**figures, "classes": rows, "sums": sums}


def texts(report: ProjectReport) -> list[tuple[str, str]]:
    """Heading and text of what was written."""
    told = [(_(text.title), report.texts.get(text.key, "")) for text in REPORT_TEXTS[report.kind]]
    if report.asked is not None or report.satisfaction is not None:
        mean = points(report.satisfaction) if report.satisfaction is not None else "—"
        told.append((_("满意度"), _("调查 {n} 人，平均 {mean} 分").format(n=report.asked or "—", mean=mean)))
    return [(head, text) for head, text in told if text]


def items(sheet: Assessment) -> list[tuple[str, str]]:
    """Items of a sheet with their points."""
    return [(_(ACCEPT_ITEM_TITLES.get(item, item)), points(given)) for item, given in sheet.marks.items()]


def settled(sheet: Assessment) -> list[tuple[str, int]]:
    """Classes with what is settled of them, in fen."""
    return [
        (_(title), sheet.settled[code]) for code, title in BUDGET_CLASS_TITLES.items() if code in sheet.settled
    ]  # fmt: skip


def hints(rows: Iterable[ClassMoney]) -> dict[str, str]:
    """What was approved and spent of each class, beside the field of what is settled."""
    return {
        row.code: _("预算 {approved} 元，实际支出 {spent} 元").format(
            approved=format_yuan(row.approved_fen), spent=format_yuan(row.spent_fen)
        )
        for row in rows
    }
