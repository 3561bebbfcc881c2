"""Monthly logs: handed in by the body from its records, returned by the office with a new day."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering, work
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.running import LogState
from liaoyuan.funding.models import MonthlyLog, Project
from liaoyuan.funding.queries import months, running
from liaoyuan.funding.rules.running import last_of
from liaoyuan.kit.findings import refuse_if_blocked


@transaction.atomic
def hand_in(
    *, project: Project, month: date, note: str = "", confirmed: bool = False, version: int | None = None,
    on_behalf: str = "", by: Actor, at: datetime,
) -> MonthlyLog:  # fmt: skip
    """Hand in the log of a month (its first day) that is over: the figures of its records are kept as they stand.

    What the rules say of its records (GV-EXE-01, -03) asks for a note; so does a month without records.
    """
    if not work.may_enter(by, project):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    row = entering.living_project(project)
    agreement, today = running.agreement_of(row), localdate(at)
    one = running.of(row, today)
    found = next((each for each in one.months if each.first == month), None)
    if agreement is None or found is None or row.state not in running.OWING:
        raise entering.refusal("MONTH-UNKNOWN", _("这个月没有月报要交。"))
    if today < min(last_of(month), agreement.ends_on):
        raise entering.refusal("MONTH-EARLY", _("这个月还没有结束，{day} 起可以交。"), day=last_of(month).isoformat())
    held = found.log
    if held is not None and held.state == LogState.HANDED:
        raise entering.refusal("MONTH-HANDED", _("这个月的月报已交。"))
    if held is not None and version is not None and held.version != version:
        raise entering.refusal("MONTH-STALE", _("您打开页面之后，月报有变化。请核对后再交。"))
    told = months.findings(row, month, every=access.covers(by, Permission.VIEW, row, write=False))
    if (told or not found.records) and len(note.strip()) < 2:
        why = _("有提醒，请在“本月情况”里说明。") if told else _("这个月没有工作记录，请在“本月情况”里说明。")
        raise entering.refusal("MONTH-NOTE", why, "note")
    refuse_if_blocked(told, confirmed=True)
    if held is None:
        held = MonthlyLog(project=row, month=month, due_on=found.due_on)
    else:
        held.version += 1
    held.state, held.note = str(LogState.HANDED), note.strip()[:500]
    held.figures = months.figures(row, month)
    held.findings = [finding.as_dict() for finding in told]
    held.handed_at, held.handed_by = at, entering.recorder(by)
    held.save()
    payload = {"month": f"{month:%Y-%m}", "figures": held.figures, "note": held.note}
    events.record(Event.MONTH_HANDED, row, by=by, at=at, findings=told, payload=payload, on_behalf=on_behalf)
    return held


@transaction.atomic
def give_back(
    *, log: MonthlyLog, reason: str, due_on: date, version: int | None = None, by: Actor, at: datetime
) -> MonthlyLog:
    """Return a log that does not hold, with the day by which it is handed in again."""
    access.require(by, Permission.EDIT, log.project)
    entering.living_project(log.project)
    row = MonthlyLog.objects.select_for_update(of=("self",)).select_related("project").get(pk=log.pk)
    if row.state != LogState.HANDED or (version is not None and row.version != version):
        raise entering.refusal("MONTH-STALE", _("您打开页面之后，月报有变化。请核对后再办。"))
    if len(reason.strip()) < 2:
        raise entering.refusal("MONTH-REASON", _("请写明退回的原因。"), "reason")
    if due_on < localdate(at):
        raise entering.refusal("MONTH-DUE", _("重新交的期限不能早于今天。"), "due_on")
    row.state, row.due_on, row.returned_because = str(LogState.RETURNED), due_on, reason.strip()[:200]
    row.returned_at, row.returned_by = at, entering.recorder(by)
    entering.touched(row, "state", "due_on", "returned_because", "returned_at", "returned_by")
    payload = {"month": f"{row.month:%Y-%m}", "due": due_on.isoformat(), "note": row.returned_because}
    events.record(Event.MONTH_RETURNED, log.project, by=by, at=at, payload=payload)
    return row
