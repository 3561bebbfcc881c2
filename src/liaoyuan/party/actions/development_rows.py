"""One row of F07 carried out: which of its cells say something new, and the actions that make it so, one after another.

The same actions as on the pages, so the same rules: what a page refuses, a sheet is refused. A row is tried in a
transaction that is rolled back (`attempt`) before it is written (`carry_out`).
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.access import Actor, Operator
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import admissions, applicants, development, entering
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import DecisionKind
from liaoyuan.party.models import Affiliation, Applicant, DevelopmentVote, Member, PartyOrganization
from liaoyuan.party.params import development_sheet as sheet
from liaoyuan.party.params.way import ConfirmOutcome, ExaminationKind, MentorKind
from liaoyuan.party.queries import applicants as reading
from liaoyuan.party.queries import courses
from liaoyuan.party.queries.courses import Course
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.rules.steps import STEPS
from liaoyuan.registry.models import Organization

_MENTORS = {5: (MentorKind.CONTACT, ("contact_1", "contact_2")), 9: (MentorKind.INTRODUCER, ("introducer_1",
            "introducer_2"))}  # fmt: skip
_VOTES = {15: (DecisionKind.ADMISSION, "votes"), 23: (DecisionKind.CONFIRMATION, "confirm_votes")}
_EVIDENCE = {14: "form_no", 17: "approved_no", 24: "confirm_no"}
#: Which publicity or receipt is entered before a step.
_BEFORE = {15: "publicity", 17: "received", 23: "confirm_publicity", 24: "confirm_received"}


@dataclass(slots=True)
class Op:
    """One thing that a row says and that is not told yet. `cell` is the field that is told when it is refused."""

    cell: str
    step: int
    on: date
    made: bool = True
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What a row would do: its operations in order, and what is said of cells that are left as they are."""

    ops: list[Op] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def tell(self, code: str, severity: Severity, sentence: str, cell: str, **args: Any) -> None:
        """A finding about a cell."""
        self.findings.append(Finding(code, severity, sentence, field=cell, args=args))


def day(value: Any) -> date:
    """The day of a normalised cell."""
    return date.fromisoformat(str(value))


def plan(fields: Mapping[str, Any], course: Course | None) -> Plan:
    """Compare a row with what is told. What differs is said and never overwritten; an empty cell says nothing."""
    found = Plan()
    if course is None and not fields.get("applied_on"):
        found.tell(
            "IMP-APPLIED-MISSING", Severity.BLOCK, _("没有申请日期：凭本人写明日期的入党申请书才能登记。"), "applied_on"
        )
        return found
    candidate = fields.get("candidate_on") or (course and course.steps[7].on.isoformat() if course and 7 in course.steps
                                               else "9999-12-31")  # fmt: skip
    exams = _exams(fields, course, sheet.EXAMS, ExaminationKind.CULTIVATION, 6, found)
    for number in STEPS:
        if number == 6:
            found.ops += [op for op in exams if op.on.isoformat() <= str(candidate)]
        elif number == 21:
            found.ops += _exams(fields, course, sheet.PROBATION_EXAMS, ExaminationKind.PROBATION, 21, found)
        else:
            if number == 8:
                found.ops += [op for op in exams if op.on.isoformat() > str(candidate)]
            _mark(number, fields, course, found)
            _step(number, fields, course, found)
    return found


def _exams(
    fields: Mapping[str, Any],
    course: Course | None,
    cells: Sequence[str],
    kind: ExaminationKind,
    step: int,
    found: Plan,
) -> list[Op]:
    known = {row.on.isoformat(): row.result for row in course.examined(kind)} if course else {}
    ops = []
    for cell in cells:
        for on, result in fields.get(cell) or ():
            if on not in known:
                ops.append(Op(cell, step, day(on), more={"result": result}))
            elif known[on] != result:
                sentence = _("{day} 的考察已登记为另一个结论，这一格没有导入。")
                found.tell("IMP-EXAM-DIFFERS", Severity.WARN, sentence, cell, day=on)
    return sorted(ops, key=lambda op: op.on)


def _mark(number: int, fields: Mapping[str, Any], course: Course | None, found: Plan) -> None:
    cell = _BEFORE.get(number, "")
    if not cell or not fields.get(cell):
        return
    kind, on = str(sheet.MARK_OF[cell]), day(fields[cell])
    row = course.marks.get(kind) if course else None
    if row is not None and row.on != on:
        _differs(found, cell, row.on, fields[cell])
    elif row is None and not (course and number in course.steps) and not _over(number, fields, course):
        found.ops.append(Op(cell, number, on, made=False))


def _step(number: int, fields: Mapping[str, Any], course: Course | None, found: Plan) -> None:
    cell = f"{STEPS[number].key}_on"
    if not fields.get(cell):
        return
    on = day(fields[cell])
    row = course.steps.get(number) if course else None
    if row is not None:
        if row.on != on:
            _differs(found, cell, row.on, fields[cell])
        else:
            _papers(number, fields, course, found)
        return
    if _over(number, fields, course):
        return
    if course is not None and number in reading.DECIDED:
        sentence = _("预审和审批由上级党委负责人在页面上办理，已登记的人不用表导入，这一格没有导入。")
        found.tell("IMP-DECIDED", Severity.WARN, sentence, cell)
        return
    found.ops.append(Op(cell, number, on))


def _over(number: int, fields: Mapping[str, Any], course: Course | None) -> bool:
    """Whether a meeting or approval of the row was about an extension that is told already."""
    if course is None or number not in (23, 24):
        return False
    on = fields.get("confirm_meeting_on")
    return any(row.on.isoformat() == on for row in course.extensions)


def _differs(found: Plan, cell: str, kept: date, given: Any) -> None:
    sentence = _("已登记的是 {kept}，表里是 {given}，没有改动；确实登记错了的，请在页面上更正。")
    found.tell("IMP-STEP-DIFFERS", Severity.WARN, sentence, cell, kept=kept.isoformat(), given=str(given))


def _papers(number: int, fields: Mapping[str, Any], course: Course | None, found: Plan) -> None:
    """Of a step that is made: a number or a mentor that differs is said."""
    cell = _EVIDENCE.get(number, "")
    kept = course.steps[number].evidence if course and cell else ""
    if cell and fields.get(cell) and kept != fields[cell]:
        found.tell("IMP-NUMBER-DIFFERS", Severity.WARN, _("编号与登记的不同，没有改动。"), cell)
    if number in _MENTORS and course is not None:
        kind, cells = _MENTORS[number]
        named = {match_key(name) for name in member_names(m.member_id for m in course.mentors_now(kind)).values()}
        told = [name for name in cells if fields.get(name)]
        for name in told:
            if match_key(str(fields[name])) not in named:
                found.tell("IMP-MENTOR-DIFFERS", Severity.WARN, _("与登记的不是同一人，没有改动。"), name)


# Carrying out


@dataclass(slots=True)
class Run:
    """Who carries out which row, when; `branch` and `body` are found already."""

    fields: Mapping[str, Any]
    branch: PartyOrganization
    body: Organization | None
    by: Actor
    at: datetime
    birth: date | None = None


def carry_out(run: Run, applicant: Applicant | None, ops: Sequence[Op]) -> Applicant:
    """Make everything in order. Raises Refused with the finding on the cell that was refused."""
    for op in ops:
        with _lent(run, op):
            try:
                applicant = _make(run, applicant, op, confirmed=True)
            except Refused as refused:
                raise Refused(_placed(refused, op)) from refused
    return _kept(applicant)


def attempt(run: Run, applicant: Applicant | None, ops: Sequence[Op]) -> list[Finding]:
    """What would be said of each operation, were they made one after another. Nothing stays.

    After a refusal what rests on the refused step is not tried; what asks for a confirmation is tried as confirmed.
    """
    told: list[Finding] = []
    failed: set[int] = set()
    with transaction.atomic():
        for op in ops:
            if (applicant is None and op.step != 1) or _rests(op, failed):
                failed.add(op.step)
                continue
            for confirmed in (False, True):
                try:
                    applicant = _make(run, applicant, op, confirmed=confirmed)
                except Refused as refused:
                    worst = [f for f in refused.findings if f.severity in (Severity.BLOCK, Severity.CONFIRM)]
                    told += _placed(Refused(worst), op)
                    if any(f.severity == Severity.BLOCK for f in worst):
                        failed.add(op.step)
                        break
                else:
                    break
        transaction.set_rollback(True)
    return told


def _rests(op: Op, failed: set[int]) -> bool:
    if not op.made:
        return bool(failed & {courses.MARK_STEPS[sheet.MARK_OF[op.cell]][0]})
    return op.step in failed or bool(failed & set(STEPS[op.step].needs))


def _placed(refused: Refused, op: Op) -> list[Finding]:
    """The findings on the cell of the operation."""
    votes = {"present": "votes", "written": "votes", "yes": "votes", "outcome": "outcome", "months": "outcome",
             "extend_months": "outcome"}  # fmt: skip
    found = []
    for one in refused.findings:
        cell = op.cell
        if op.step == 1 and one.field in ("birth", "name"):
            cell = one.field
        elif op.step in _VOTES and one.field in votes:
            cell = votes[one.field] if one.field in ("outcome", "months", "extend_months") else _VOTES[op.step][1]
        elif op.step in _MENTORS and one.field in ("members", "contacts", "introducers"):
            cell = _MENTORS[op.step][1][0]
        elif op.step == 11 and one.field == "training_days":
            cell = "training_days"
        found.append(Finding(one.code, one.severity, one.message, field=cell, args=one.args))
    return found


def _lent(run: Run, op: Op) -> Any:
    """Whoever may import enters what papers of the past say of people who are new here, each step by itself."""
    if isinstance(run.by, Operator):
        return nullcontext()
    permission, over = reading.authority(run.branch, op.step, op.on)
    wanted = {str(permission), str(Permission.MEMBERS_EDIT)}
    return access.mandate(run.by, wanted, over.area.path)


def _kept(applicant: Applicant | None) -> Applicant:
    if applicant is None:
        raise ValueError("a row without an application")
    return applicant


def _make(run: Run, applicant: Applicant | None, op: Op, *, confirmed: bool) -> Applicant:
    """One operation through its action; a savepoint, so that a refusal leaves nothing."""
    fields = run.fields
    common: dict[str, Any] = {"by": run.by, "at": run.at}
    with transaction.atomic():
        if op.step == 1:
            told = {name: fields[name] for name in ("name", "gender", "education", "job") if fields.get(name)}
            return applicants.apply(party=run.branch, fields={**told, "birth": run.birth}, on=op.on,
                                    organization=run.body, confirmed=confirmed, **common)  # fmt: skip
        common["applicant"] = Applicant.objects.select_related("party_organization__area").get(pk=_kept(applicant).pk)
        if not op.made:
            development.mark(kind=str(sheet.MARK_OF[op.cell]), on=op.on, **common)
        elif op.step in (6, 21):
            development.examine(on=op.on, result=op.more["result"], **common)
        else:
            _made(run, op, common, confirmed)
        return _kept(applicant)


def _made(run: Run, op: Op, common: Mapping[str, Any], confirmed: bool) -> None:
    fields, given = run.fields, {**common, "on": op.on, "confirmed": confirmed}
    if op.step in _MENTORS:
        kind, cells = _MENTORS[op.step]
        development.set_mentors(kind=str(kind), members=_members(run, common["applicant"], cells, op.on), **given)
    elif op.step in _VOTES:
        _vote(op.step, fields, given)
    elif op.step == 17:
        admissions.approve(evidence=fields.get("approved_no", ""), special_reason=fields.get("special_reason", ""),
                           **given)  # fmt: skip
    elif op.step == 19:
        admissions.assign(**given)
    elif op.step == 24:
        admissions.decide(evidence=fields.get("confirm_no", ""), **given)
    elif op.step == 11:
        development.record(step=11, training_days=fields.get("training_days"),
                           training_hours=fields.get("training_hours"), reason=fields.get("training_reason", ""),
                           **given)  # fmt: skip
    else:
        development.record(step=op.step, evidence=fields.get(_EVIDENCE.get(op.step, ""), ""), **given)


def _vote(step: int, fields: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    kind, cell = _VOTES[step]
    totals = dict(fields.get(cell) or {})
    if not totals:
        raise entering.refusal("IMP-VOTES-MISSING", _("没有票数：支部大会的表决须写明实到和赞成。"), "yes")
    expected = totals.pop("expected", None)
    more: dict[str, Any] = {}
    if step == 23:
        outcome, months = fields.get("outcome") or [str(ConfirmOutcome.CONFIRM), None]
        more = {"outcome": outcome, "months": months}
    row: DevelopmentVote = admissions.vote(kind=str(kind), **totals, **more, **given)
    if expected is not None and row.expected != expected:
        told = _("应到 {given} 名，与当天名册算出的 {roster} 名不一致。")
        raise entering.refusal("PB-DEV-11", told, "present", given=expected, roster=row.expected)
    if not row.carried:
        raise entering.refusal("IMP-NOT-CARRIED", _("按这些票数没有通过，这一步没有办成。"), "yes")


def _members(run: Run, applicant: Applicant, cells: Sequence[str], on: date) -> list[Member]:
    """The members of the branch with the names of the cells. Refused where none or several have the name."""
    branch = reading.place_on(applicant, on)
    here = Affiliation.objects.active(on).formal().filter(party_organization=branch)
    named: dict[str, list[int]] = {}
    for pk, name in member_names(here.values_list("member_id", flat=True)).items():
        named.setdefault(match_key(name), []).append(pk)
    found = []
    for cell in cells:
        name = str(run.fields.get(cell) or "")
        keys = named.get(match_key(name), []) if name else []
        if name and len(keys) != 1:
            told = _("本支部当天的党员中没有“{name}”，或有几名同名，请在页面上选择。")
            raise entering.refusal("IMP-MENTOR", told, "members", name=name)
        found += keys
    members = Member.objects.known().in_bulk(found)
    return [members[key] for key in found]
