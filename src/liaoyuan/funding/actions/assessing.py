"""The evaluator's sheet of a report: signed once, annulled with a reason and written anew."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering, reports
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.money import FinalGrade, MidOutcome
from liaoyuan.funding.choices.review import ACCEPT_ITEM_TITLES
from liaoyuan.funding.choices.running import ReportKind, ReportState
from liaoyuan.funding.models import Assessment, ProjectReport
from liaoyuan.funding.queries import reports as reading
from liaoyuan.kit.findings import refuse_if_blocked

_WHOLE = 100


@transaction.atomic
def sign(
    *, report: ProjectReport, points: Mapping[str, int], opinion: str, reason: str = "",
    settled: Mapping[str, int] | None = None, by: Actor, at: datetime,
) -> Assessment:  # fmt: skip
    """Sign the sheet: `points` in hundredths by item, each within its item; the grade follows from their sum.

    Of a final report `settled` gives fen by class; more than the rules allow is refused (GV-FIN-03). A grade above
    failed with an indicator that falls short asks for a reason (GV-FIN-02).
    """
    access.require(by, Permission.EVALUATE, report.project)
    held, row = reports.locked(report, ReportState.HANDED)
    if reading.sheet_of(held) is not None:
        raise entering.refusal("SHEET-SIGNED", _("评估表已签字；要改，先写明理由作废。"))
    most = reading.items(row)
    for item, top in most.items():
        given = points.get(item)
        if given is None or not 0 <= given <= top * _WHOLE:
            told = _("“{item}”应在 0 至 {most} 分之间。")
            raise entering.refusal("SHEET-POINTS", told, f"item_{item}", item=_(ACCEPT_ITEM_TITLES[item]), most=top)
    if len(opinion.strip()) < 2:
        raise entering.refusal("SHEET-OPINION", _("请写评估意见。"), "opinion")
    kept = {item: points[item] for item in most}
    total, today = sum(kept.values()), localdate(at)
    grade, final = reading.grade(row, total), held.kind == ReportKind.FINAL
    given_settled = dict(settled or {}) if final else {}
    if any(fen < 0 for fen in given_settled.values()):
        raise entering.refusal("SHEET-SETTLED", _("核定的金额不能为负。"))
    found = []
    if final:
        short = reading.accept_findings(row, grade, reason.strip(), today)
        if short:
            raise entering.refusal("SHEET-REASON", short[0].text, "reason")
        found = refuse_if_blocked(reading.settled_findings(row, given_settled, today), confirmed=True)
    outcome = "" if final else str(MidOutcome.RECTIFY if grade == FinalGrade.FAILED else MidOutcome.PASSED)
    made = Assessment.objects.create(
        report=held, points=kept, total=total, grade=grade, outcome=outcome, opinion=opinion.strip()[:1000],
        reason=reason.strip()[:500], settled=given_settled, findings=[one.as_dict() for one in found], signed_at=at,
        signed_by=entering.recorder(by),
    )  # fmt: skip
    payload = {"kind": held.kind, "number": held.number, "total": total, "grade": grade}
    events.record(Event.REPORT_ASSESSED, row, by=by, at=at, findings=found, payload=payload)
    return made


@transaction.atomic
def annul(*, assessment: Assessment, reason: str, by: Actor, at: datetime) -> Assessment:
    """Take a signed sheet back, with the reason, before the report has its result."""
    access.require(by, Permission.EVALUATE, assessment.report.project)
    held, row = reports.locked(assessment.report, ReportState.HANDED)
    if len(reason.strip()) < 2:
        raise entering.refusal("SHEET-ANNUL", _("请写明作废的理由。"), "reason")
    sheet = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if sheet.annulled_at is not None:
        raise entering.refusal("SHEET-ANNULLED", _("这份评估表已作废。"))
    sheet.annulled_at, sheet.annulled_by = at, entering.recorder(by)
    sheet.annulled_because = reason.strip()[:200]
    sheet.save(update_fields=["annulled_at", "annulled_by", "annulled_because"])
    payload = {"kind": held.kind, "number": held.number, "note": sheet.annulled_because}
    events.record(Event.ASSESSMENT_ANNULLED, row, by=by, at=at, payload=payload)
    return sheet
