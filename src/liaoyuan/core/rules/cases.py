"""Pure rules of cases: in which state what may be done, the clock with its stops, who may decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from liaoyuan.core.casekinds import StepKind
from liaoyuan.core.choices import CaseDecision, CaseState
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.kit.workdays import Calendar

CASE_STATE_TITLES: dict[str, str] = {
    CaseState.APPLIED: "待收件",
    CaseState.RECEIVED: "审查中",
    CaseState.SUPPLEMENT: "待补正",
    CaseState.EXAMINED: "待决定",
    CaseState.DECIDED: "已决定",
    CaseState.DELIVERED: "已送达",
    CaseState.ARCHIVED: "已归档",
    CaseState.WITHDRAWN: "已撤回",
}
CASE_DECISION_TITLES: dict[str, str] = {CaseDecision.APPROVED: "准予", CaseDecision.REFUSED: "不予"}
CASE_STEP_TITLES: dict[str, str] = {
    StepKind.APPLIED: "提交",
    StepKind.RECEIVED: "收件",
    StepKind.EDITED: "修改内容",
    StepKind.MATERIAL: "收到材料",
    StepKind.SUPPLEMENT: "通知补正",
    StepKind.RESUMED: "收到补正",
    StepKind.OPINION: "审查意见",
    StepKind.DECIDED: "决定",
    StepKind.DELIVERED: "送达",
    StepKind.ARCHIVED: "归档",
    StepKind.WITHDRAWN: "撤回",
    StepKind.HANDED_OVER: "移交",
}
CASE_OUTCOME_TITLES: dict[str, str] = {
    "agree": "建议准予", "disagree": "建议不予",
    CaseDecision.APPROVED: "准予", CaseDecision.REFUSED: "不予",
}  # fmt: skip

#: What cases refuse; `{…}` are a finding's arguments.
CASE_MESSAGES: dict[str, str] = {
    "CASE.state": "事项现在是“{state}”，不能{what}。",
    "CASE.stale": "您打开页面之后，{who}修改了这个事项。请核对两份内容后再保存。",
    "CASE.subject": "没有这个办理对象，或者不在您的权限内。",
    "CASE.twice": "这个组织已有一件未办结的“{title}”（{number}）。",
    "CASE.future": "日期不能晚于今天。",
    "CASE.early": "日期不能早于{what}的日期 {day}。",
    "CASE.text": "请写明{what}。",
    "CASE.papers": "还缺 {count} 份材料：{names}。",
    "CASE.person": "审查人和决定人须是两个人：{name}已签署审查意见。",
    "CASE.opinion": "还没有审查意见。",
    "CASE.pass": "这个事项由外部系统办理，请登记受理号、日期和结果。",
    "CASE.not_pass": "这个事项在本系统办理，请按步骤收件、审查、决定。",
    "CASE.number": "请填写外部系统的受理号或决定文号。",
    "CASE.decision": "请选择准予或不予。",
    "CASE.handler": "接办人须有办理这个事项的权限。",
    "CASE.same": "接办人就是现在的经办人。",
    "CASE.nothing": "没有改动。",
    "CASE.partly": "请至少采纳一项，或者不予采纳。",
}
#: In which states an act is possible.
ACTS: dict[str, tuple[CaseState, ...]] = {
    "receive": (CaseState.APPLIED,),
    "edit": (CaseState.APPLIED, CaseState.RECEIVED, CaseState.SUPPLEMENT, CaseState.EXAMINED, CaseState.DECIDED,
             CaseState.DELIVERED),
    "material": (CaseState.APPLIED, CaseState.RECEIVED, CaseState.SUPPLEMENT, CaseState.EXAMINED),
    "supplement": (CaseState.RECEIVED, CaseState.EXAMINED),
    "resume": (CaseState.SUPPLEMENT,),
    "opine": (CaseState.RECEIVED, CaseState.EXAMINED),
    "decide": (CaseState.EXAMINED,),
    "record": (CaseState.APPLIED, CaseState.RECEIVED, CaseState.EXAMINED),
    "deliver": (CaseState.DECIDED,),
    "archive": (CaseState.DELIVERED,),
    "withdraw": (CaseState.APPLIED, CaseState.RECEIVED, CaseState.SUPPLEMENT, CaseState.EXAMINED),
    "hand_over": (CaseState.APPLIED, CaseState.RECEIVED, CaseState.SUPPLEMENT, CaseState.EXAMINED, CaseState.DECIDED,
                  CaseState.DELIVERED),
}  # fmt: skip
ACT_TITLES: dict[str, str] = {
    "receive": "收件", "edit": "修改", "material": "收取材料", "supplement": "通知补正", "resume": "收到补正",
    "opine": "签署意见", "decide": "决定", "record": "登记结果", "deliver": "送达", "archive": "归档",
    "withdraw": "撤回", "hand_over": "移交",
}  # fmt: skip
_DAY = timedelta(days=1)
#: No term is counted further than this: a calendar without working days must not run for ever.
_FURTHEST = 4000


def refusal(variant: str, field: str = "", severity: Severity = Severity.BLOCK, **args: object) -> Finding:
    """A finding about cases."""
    return Finding(f"CASE.{variant}", severity, CASE_MESSAGES[f"CASE.{variant}"], field=field, args=args)


def may(act: str, state: str, *, direct: bool = False) -> bool:
    """Whether the act is possible in the state; a `direct` kind is decided as soon as it is handed in."""
    if direct and act in ("decide", "opine", "supplement"):
        return act == "decide" and state in (CaseState.APPLIED, CaseState.RECEIVED)
    return state in {str(s) for s in ACTS[act]}


def editable(state: str, *, after: bool) -> bool:
    """Whether a field may be changed in the state: before the opinion, or one of those that come after the decision."""
    late = state in (CaseState.DECIDED, CaseState.DELIVERED)
    return late if after else state in (CaseState.APPLIED, CaseState.RECEIVED, CaseState.SUPPLEMENT)


@dataclass(frozen=True, slots=True)
class Stop:
    """The days after `since` up to and with `until` do not count; `until` None: the clock still stands."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day does not count."""
        return day > self.since and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a term stands on a day: its last day (None while it stands still), days used and stopped."""

    due_on: date | None
    provisional: bool
    used: int
    days: int
    stopped: int
    standing: bool

    def share(self) -> int:
        """How much of the term is used, in whole percent."""
        return self.used * 100 // self.days if self.days else 100


def clock(
    received_on: date, days: int, *, workdays: bool, stops: Sequence[Stop], calendar: Calendar, on: date
) -> Clock:
    """The clock of a term of `days` (working) days that begins the day after receipt. Stopped days do not count."""
    standing = any(stop.until is None for stop in stops)
    day, counted, used, stopped, provisional = received_on, 0, 0, 0, False
    last: date | None = received_on if days == 0 else None
    for _step in range(_FURTHEST):
        if last is not None and day >= on:
            break
        if standing and day >= on:
            break
        day += _DAY
        if workdays:
            known = calendar.is_workday(day)
            provisional = provisional or (known is None and last is None)
            if not (known if known is not None else day.weekday() < 5):
                continue
        if any(stop.holds(day) for stop in stops):
            stopped += day <= on and last is None
            continue
        if last is None:
            counted += 1
            if counted == days:
                last = day
        if day <= on:
            used += 1
    return Clock(None if standing else last, provisional and not standing, used, days, stopped, standing)


def due(received_on: date, days: int, *, workdays: bool, stops: Sequence[Stop], calendar: Calendar) -> Clock:
    """The clock as it is stored: the last day, whatever today is."""
    return clock(received_on, days, workdays=workdays, stops=stops, calendar=calendar, on=received_on)


def may_decide(
    *, two_persons: bool, trial: bool, decider: object, examiners: Iterable[object], name: str, opinions: int
) -> list[Finding]:
    """Who examined does not decide, above the level trial; without an opinion nothing is decided."""
    found = []
    if opinions == 0:
        found.append(refusal("opinion"))
    if two_persons and not trial and decider in set(examiners):
        found.append(refusal("person", name=name))
    return found


def day_findings(on: date, *, today: date, not_before: date | None, what: str, field: str = "on") -> list[Finding]:
    """A day that is told: not after today, not before the day it must follow."""
    if on > today:
        return [refusal("future", field)]
    if not_before is not None and on < not_before:
        return [refusal("early", field, what=what, day=not_before.isoformat())]
    return []
