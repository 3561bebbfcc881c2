"""Mid-term and final reports: written and handed in by the body, assessed by the evaluator, decided by the host."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import agreements, ending, entering, moving, work
from liaoyuan.funding.choices.awards import AgreementState
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.money import FinalGrade, TrancheTrigger
from liaoyuan.funding.choices.running import ReportKind, ReportState
from liaoyuan.funding.choices.states import Actor as Who
from liaoyuan.funding.choices.states import Requirement
from liaoyuan.funding.models import Project, ProjectReport
from liaoyuan.funding.params.report_form import REPORT_TEXTS
from liaoyuan.funding.queries import consequences, reports, running
from liaoyuan.kit.findings import refuse_if_blocked

_MOST = 10_000


@transaction.atomic
def write(
    *, project: Project, kind: str, values: Mapping[str, Any], version: int | None = None, by: Actor, at: datetime
) -> ProjectReport:
    """Write the texts of a report and its survey (`asked`, `satisfaction` in hundredths); the first time begins it.

    `values` may be incomplete: a report is a draft until it is handed in.
    """
    row = _writable(project, by)
    held = _draft(row, kind, by=by, at=at)
    if version is not None and held.version != version:
        raise entering.refusal(
            "REPORT-STALE", _("您打开页面之后，别人修改了这份报告。您填写的内容还在，请核对后再保存。")
        )
    texts = {text.key: str(values.get(text.key) or "").strip()[: text.most] for text in REPORT_TEXTS[kind]}
    satisfaction = values.get("satisfaction")
    if satisfaction is not None and not 0 <= satisfaction <= _MOST:
        raise entering.refusal("REPORT-SURVEY", _("满意度在 0 至 100 分之间。"), "satisfaction")
    held.texts, held.asked, held.satisfaction = texts, values.get("asked"), satisfaction
    entering.touched(held, "texts", "asked", "satisfaction")
    events.record(Event.REPORT_CHANGED, row, by=by, at=at, payload={"kind": kind, "number": held.number})
    return held


def _writable(project: Project, by: Actor) -> Project:
    if not work.may_enter(by, project):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    row = entering.living_project(project)
    if not running.at_work(row):
        raise entering.refusal("REPORT-STATE", _("项目不在实施中，不能填写报告。"))
    return row


def _draft(row: Project, kind: str, *, by: Actor, at: datetime) -> ProjectReport:
    """The draft of a report; a new attempt begins with the texts of the returned one."""
    if kind not in {str(one) for one in ReportKind}:
        raise entering.refusal("REPORT-KIND", _("没有这种报告。"))
    last = reports.last_of(row, kind)
    if last is not None and last.state == ReportState.DRAFT:
        return ProjectReport.objects.select_for_update(of=("self",)).get(pk=last.pk)
    if last is not None and last.state != ReportState.RETURNED:
        raise entering.refusal("REPORT-HANDED", _("这份报告已提交。"))
    due = last.again_by if last is not None else running.of(row, localdate(at)).due.get(kind)
    return ProjectReport.objects.create(
        project=row, kind=kind, number=last.number + 1 if last is not None else 1, due_on=due,
        texts=last.texts if last is not None else {}, asked=last.asked if last is not None else None,
        satisfaction=last.satisfaction if last is not None else None, begun_at=at, begun_by=entering.recorder(by),
    )  # fmt: skip


@transaction.atomic
def hand_in(
    *, project: Project, kind: str, values: Mapping[str, Any] | None = None, version: int | None = None,
    on_behalf: str = "", by: Actor, at: datetime,
) -> ProjectReport:  # fmt: skip
    """Hand a report in, with what was typed last (`values`); its figures are frozen. The final one is the head's,
    unless the office has it on paper. What is refused is not saved either.
    """
    if values is not None:
        version = write(project=project, kind=kind, values=values, version=version, by=by, at=at).version
    row = _writable(project, by)
    held = reports.last_of(row, kind)
    if held is None or held.state != ReportState.DRAFT:
        raise entering.refusal("REPORT-DRAFT", _("请先填写报告。"))
    if version is not None and held.version != version:
        raise entering.refusal(
            "REPORT-STALE", _("您打开页面之后，别人修改了这份报告。您填写的内容还在，请核对后再保存。")
        )
    missing = [_(text.title) for text in REPORT_TEXTS[kind] if text.needed and not held.texts.get(text.key)]
    if missing:
        raise entering.refusal("REPORT-MISSING", _("还没有填写：{texts}。"), texts="、".join(missing))
    if kind == ReportKind.FINAL and held.satisfaction is None:
        raise entering.refusal("REPORT-SURVEY", _("结项报告须填写满意度调查的人数和平均分。"), "satisfaction")
    final = kind == ReportKind.FINAL
    need = Requirement.FINAL_REPORT if final else Requirement.MID_REPORT
    also = (Who.HEAD,) if on_behalf.strip() and access.covers(by, Permission.EDIT, row, write=True) else ()
    moving.move(row, "finish" if final else "check", by=by, met=(need,), also=also)
    entering.touched(row, "state")
    held.figures = reports.figures(row, localdate(at))
    held.state, held.handed_at, held.handed_by = str(ReportState.HANDED), at, entering.recorder(by)
    found = reports.daily(row, localdate(at))
    held.findings = [one.as_dict() for one in found]
    entering.touched(held, "figures", "state", "handed_at", "handed_by", "findings")
    payload = {"kind": kind, "number": held.number, "rate": held.figures["rate"]}
    events.record(Event.REPORT_HANDED, row, by=by, at=at, findings=found, payload=payload, on_behalf=on_behalf)
    return held


def locked(report: ProjectReport, *states: ReportState) -> tuple[ProjectReport, Project]:
    """The report and its project under the lock; refused in another state."""
    row = entering.living_project(report.project)
    held = ProjectReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if held.state not in states:
        raise entering.refusal("REPORT-DECIDED", _("这份报告没有提交，或已有结论。"))
    held.project = row
    return held, row


def _decided(held: ProjectReport, state: ReportState, decision: str, *, by: Actor, at: datetime) -> None:
    held.state, held.decision = str(state), decision.strip()[:500]
    held.decided_at, held.decided_by = at, entering.recorder(by)
    entering.touched(held, "state", "decision", "decided_at", "decided_by", "again_by")


@transaction.atomic
def pass_(*, report: ProjectReport, by: Actor, at: datetime) -> ProjectReport:
    """The mid check is passed: the project runs on, and the instalment that waits for it may be prepared."""
    held, row = locked(report, ReportState.HANDED)
    sheet = reports.sheet_of(held)
    if held.kind != ReportKind.MID or (sheet is not None and sheet.grade == FinalGrade.FAILED):
        raise entering.refusal("REPORT-SHEET", _("评估表的总分不到合格，请要求整改。"))
    moving.move(row, "pass", by=by, met=(Requirement.MID_SHEET,) if sheet is not None else ())
    entering.touched(row, "state")
    _decided(held, ReportState.PASSED, sheet.opinion if sheet is not None else "", by=by, at=at)
    _met(row, TrancheTrigger.MID_PASSED, _("中期评估合格"), by=by, at=at)
    payload = {"kind": held.kind, "number": held.number, "total": sheet.total if sheet is not None else 0}
    events.record(Event.REPORT_PASSED, row, by=by, at=at, payload=payload)
    return held


def _met(row: Project, trigger: TrancheTrigger, evidence: str, *, by: Actor, at: datetime) -> None:
    agreement = running.agreement_of(row)
    if agreement is not None and agreement.state == AgreementState.SIGNED:
        agreement.project = row
        agreements.note(agreement, trigger, localdate(at), evidence, by=by, at=at)


@transaction.atomic
def give_back(*, report: ProjectReport, reason: str, again_by: date, by: Actor, at: datetime) -> ProjectReport:
    """Ask for a rectification (mid) or return the final papers, with the reason and the day for the next attempt."""
    held, row = locked(report, ReportState.HANDED)
    if len(reason.strip()) < 2:
        raise entering.refusal("REPORT-REASON", _("请写明原因和要改的地方。"), "reason")
    if again_by < localdate(at):
        raise entering.refusal("REPORT-DUE", _("期限不能早于今天。"), "again_by")
    code = "rectify" if held.kind == ReportKind.MID else "reopen"
    moving.move(row, code, by=by, met=(Requirement.REASON, Requirement.DEADLINE))
    entering.touched(row, "state")
    held.again_by = again_by
    _decided(held, ReportState.RETURNED, reason, by=by, at=at)
    payload = {"kind": held.kind, "number": held.number, "due": again_by.isoformat(), "note": held.decision[:200]}
    events.record(Event.REPORT_RETURNED, row, by=by, at=at, payload=payload)
    return held


@transaction.atomic
def close(*, report: ProjectReport, by: Actor, at: datetime) -> ProjectReport:
    """The host accepts the project on the evaluator's sheet; the rules are asked again (GV-FIN-02, GV-FIN-03)."""
    held, row = locked(report, ReportState.HANDED)
    sheet = reports.sheet_of(held)
    if sheet is not None and sheet.grade == FinalGrade.FAILED:
        raise entering.refusal("REPORT-SHEET", _("评估为不合格，不能按合格结项。"))
    if sheet is not None and sheet.signed_by_id is not None and sheet.signed_by_id == by.pk:
        raise entering.refusal("REPORT-SECOND", _("结项须由评估人以外的人决定。"))
    if consequences.audit_owed(row):
        raise entering.refusal("REPORT-AUDIT", _("资助金额超过规定，请先登记审计报告，再结项。"))
    met = [Requirement.FINAL_SHEET, Requirement.RULES] if sheet is not None else []
    found = []
    if sheet is not None:
        today = localdate(at)
        found = refuse_if_blocked(
            [*reports.accept_findings(row, sheet.grade, sheet.reason, today),
             *reports.settled_findings(row, sheet.settled, today)], confirmed=True,
        )  # fmt: skip
    moving.move(row, "close", by=by, met=met)
    entering.touched(row, "state")
    _decided(held, ReportState.PASSED, sheet.opinion if sheet is not None else "", by=by, at=at)
    _met(row, TrancheTrigger.ACCEPTED, _("结项评估合格"), by=by, at=at)
    payload = {"grade": sheet.grade if sheet is not None else "", "total": sheet.total if sheet is not None else 0,
               "settled_fen": sum(sheet.settled.values()) if sheet is not None else 0}  # fmt: skip
    events.record(Event.PROJECT_ACCEPTED, row, by=by, at=at, findings=found, payload=payload)
    return held


@transaction.atomic
def fail(*, report: ProjectReport, reason: str, by: Actor, at: datetime) -> ProjectReport:
    """The host decides that the project has failed, with the reason; the sheet stays as it is. Nothing more is paid:
    what is left of the agreement goes back to its pools.
    """
    held, row = locked(report, ReportState.HANDED)
    if len(reason.strip()) < 2:
        raise entering.refusal("REPORT-REASON", _("请写明理由。"), "reason")
    sheet = reports.sheet_of(held)
    if sheet is not None and sheet.signed_by_id is not None and sheet.signed_by_id == by.pk:
        raise entering.refusal("REPORT-SECOND", _("结项须由评估人以外的人决定。"))
    met = [Requirement.REASON, *([Requirement.FINAL_SHEET] if sheet is not None else [])]
    moving.move(row, "fail", by=by, met=met)
    entering.touched(row, "state")
    agreement = running.agreement_of(row)
    if agreement is not None and agreement.state == AgreementState.SIGNED:
        ending.end(agreement, note=_("结项不合格"), reason=reason.strip(), by=by, at=at)
    _decided(held, ReportState.FAILED, reason, by=by, at=at)
    events.record(Event.PROJECT_FAILED, row, by=by, at=at, payload={"note": held.decision[:200]})
    return held
