"""The end of a case: decide, record another system's result, deliver, archive, withdraw, hand over."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import case_letters
from liaoyuan.core.actions.cases import locked, note, person, require, take, touch, wind, worded_decision
from liaoyuan.core.casekinds import CaseMoment, StepKind
from liaoyuan.core.choices import CaseDecision, CaseState, Separation
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Case, User
from liaoyuan.core.models.cases import OPEN_STATES, PENDING
from liaoyuan.core.queries import accounts
from liaoyuan.core.queries import cases as queries
from liaoyuan.core.rules import cases as rules
from liaoyuan.core.rules.cases import refusal
from liaoyuan.kit.findings import Finding, Refused, Severity, refuse_if_blocked


@transaction.atomic
def decide(
    *,
    case: Case,
    decision: str,
    on: date,
    by: Actor,
    at: datetime,
    text: str = "",
    decision_no: str = "",
    accepted: Collection[str] | None = None,
    version: int | None = None,
    confirmed: bool = False,
    letter: bool = False,
) -> Case:
    """决定: approve or refuse; an approval is carried out in the same transaction by the floor whose procedure it is.

    Refused to who signed an opinion (above the level trial), without an opinion, with papers missing unless confirmed,
    and by the floor's rules. `accepted`: the fields that are taken, where the kind is decided field by field. With
    `letter` the decision's document is issued in the same transaction and its number is the decision's.
    """
    if not queries.may_decide(by, case):
        raise PermissionDenied(case.kind)
    row = locked(case, "decide", version=version)
    kind = queries.kind_of(row)
    if row.passes_through:
        raise Refused([refusal("pass")])
    verdict = worded_decision(decision, text)
    told: list[Finding] = []
    if not kind.direct:
        told += _persons(row, two_persons=kind.two_persons, by=by, on=localdate(at))
    if kind.direct and row.received_on is None:
        row = take(row, on, by=by, at=at)
    told += rules.day_findings(on, today=localdate(at), not_before=row.received_on, what=_("收件"))
    if verdict == CaseDecision.APPROVED:
        told += _papers(row)
        told += queries.findings_of(row, CaseMoment.DECIDE, on)
        if kind.per_field:
            row.accepted = [name for name in row.facts if name in (accepted or ())]
            if not row.accepted:
                told.append(refusal("partly", "accepted"))
    told = refuse_if_blocked(told, confirmed=confirmed)
    return _decided(row, verdict, on, text, decision_no, told, by=by, at=at, letter=letter)


def _persons(row: Case, *, two_persons: bool, by: Actor, on: date) -> list[Finding]:
    trial = accounts.effective_level(on) == Separation.TRIAL
    signed = queries.examiners(row)
    return rules.may_decide(
        two_persons=two_persons, trial=trial, decider=by.pk, examiners=[user.pk for user in signed],
        name=str(by), opinions=queries.opinions(row),
    )  # fmt: skip


def _papers(row: Case) -> list[Finding]:
    names = queries.missing(row)
    if not names:
        return []
    return [refusal("papers", severity=Severity.CONFIRM, count=len(names), names="、".join(names))]


def _decided(
    row: Case, verdict: CaseDecision, on: date, text: str, number: str, told: list[Finding], *, by: Actor, at: datetime,
    letter: bool = False,
) -> Case:  # fmt: skip
    row.state, row.decision, row.decided_on = str(CaseState.DECIDED), str(verdict), on
    row.decided_at, row.decided_by = at, person(by)
    row.decision_no, row.decision_text = number.strip()[:80], text.strip()[:1000]
    kind = queries.kind_of(row)
    if letter and not kind.licence:  # what is carried out rests on the reply's number
        row = _lettered(row, on, by, at)
    if verdict == CaseDecision.APPROVED and kind.on_decided is not None:
        with access.mandate(by, kind.handle, row.area.path):
            made = kind.on_decided(case=row, by=by, at=at)
        if made is not None:
            row.subject_kind, row.subject_id, row.label = made[0], made[1], made[2][:200]
    touch(
        row, "state", "decision", "decided_on", "decided_at", "decided_by", "decision_no", "decision_text", "accepted",
        "subject_kind", "subject_id", "label",
    )  # fmt: skip
    if letter and kind.licence:
        row = _lettered(row, on, by, at)
        row.save(update_fields=["decision_no"])
    more = {"decision": str(verdict), "decision_no": row.decision_no}
    note(
        row, StepKind.DECIDED, by=by, at=at, on=on, text=row.decision_text, outcome=str(verdict), findings=told,
        more=more,
    )  # fmt: skip
    return row


def _lettered(row: Case, on: date, by: Actor, at: datetime) -> Case:
    """The case with the number of its letter."""
    made = case_letters.issue(case=row, on=on, by=by, at=at)
    if made is not None:
        row.decision_no = made.number
    return row


@transaction.atomic
def record(
    *,
    case: Case,
    outside_number: str,
    decision: str,
    on: date,
    by: Actor,
    at: datetime,
    text: str = "",
    decision_no: str = "",
    version: int | None = None,
    confirmed: bool = False,
) -> Case:
    """Pass-through: number, date and result of a case that another system runs. An approval is carried out here."""
    require(by, case)
    row = locked(case, "record", version=version)
    if not row.passes_through:
        raise Refused([refusal("not_pass")])
    verdict = worded_decision(decision, text)
    told = rules.day_findings(on, today=localdate(at), not_before=row.received_on, what=_("收件"))
    if not outside_number.strip():
        told.append(refusal("number", "outside_number"))
    if verdict == CaseDecision.APPROVED:
        told += queries.findings_of(row, CaseMoment.DECIDE, on)
    told = refuse_if_blocked(told, confirmed=confirmed)
    row.outside_number = outside_number.strip()[:80]
    row.save(update_fields=["outside_number"])
    return _decided(row, verdict, on, text, decision_no, told, by=by, at=at)


@transaction.atomic
def deliver(*, case: Case, on: date, how: str, by: Actor, at: datetime, version: int | None = None) -> Case:
    """送达: on which day and how the decision reached the applicant."""
    require(by, case)
    row = locked(case, "deliver", version=version)
    if len(how.strip()) < 2:
        raise Refused([refusal("text", "how", what=_("送达方式"))])
    refuse_if_blocked(rules.day_findings(on, today=localdate(at), not_before=row.decided_on, what=_("决定")))
    return _delivered(row, on, how, by=by, at=at)


def receipt(*, case: Case, on: date, how: str, by: Actor, at: datetime) -> Case:
    """送达 as the letter's own record of delivery tells it, inside the transaction that records it."""
    return _delivered(locked(case, "deliver"), on, how, by=by, at=at)


def _delivered(row: Case, on: date, how: str, *, by: Actor, at: datetime) -> Case:
    row.state, row.delivered_on, row.delivery = str(CaseState.DELIVERED), on, how.strip()[:120]
    touch(row, "state", "delivered_on", "delivery")
    note(row, StepKind.DELIVERED, by=by, at=at, on=on, text=row.delivery)
    return row


@transaction.atomic
def archive(*, case: Case, by: Actor, at: datetime, version: int | None = None) -> Case:
    """归档: nothing of the case changes any more."""
    require(by, case)
    row = locked(case, "archive", version=version)
    row.state = str(CaseState.ARCHIVED)
    touch(row, "state")
    note(row, StepKind.ARCHIVED, by=by, at=at)
    return row


@transaction.atomic
def withdraw(*, case: Case, reason: str, by: Actor, at: datetime, version: int | None = None) -> Case:
    """撤回 before the decision, by the body's own people or, on their word, by the office. The number stays taken."""
    own = case.subject_id and queries.may_apply(by, queries.kind_of(case), case.subject_id)
    if not own:
        require(by, case)
    row = locked(case, "withdraw", version=version)
    if len(reason.strip()) < 2:
        raise Refused([refusal("text", "text", what=_("撤回的理由"))])
    stop = queries.open_stop(row)
    if stop is not None:
        stop.until = max(stop.since, localdate(at))
        stop.save(update_fields=["until"])
    row.state, row.due_on, row.due_provisional = str(CaseState.WITHDRAWN), None, False
    touch(row, "state", "due_on", "due_provisional")
    note(row, StepKind.WITHDRAWN, by=by, at=at, text=reason.strip())
    return row


@transaction.atomic
def hand_over(*, case: Case, to: User, by: Actor, at: datetime) -> Case:
    """移交: another officer who may handle the case becomes its handler."""
    require(by, case)
    row = locked(case, "hand_over")
    if row.handler_id == to.pk:
        raise Refused([refusal("same", "to")])
    if not to.is_active or not queries.may_handle(to, row):
        raise Refused([refusal("handler", "to")])
    return _handed(row, to, by=by, at=at)


def _handed(row: Case, to: User, *, by: Actor, at: datetime) -> Case:
    was = str(row.handler) if row.handler else ""
    row.handler = to
    touch(row, "handler")
    text = _("{was} → {now}").format(was=was or "—", now=to)
    note(row, StepKind.HANDED_OVER, by=by, at=at, text=text, quiet=True)
    return row


def hand_over_all(user: User, to: User, by: Actor, at: datetime) -> int:
    """交接: all open cases of one account go to another, inside the transaction that gives him the roles.

    Cases that he may not handle lose their handler: they wait for the office.
    """
    rows = Case.objects.select_for_update(of=("self",)).select_related("area", "handler").order_by("pk")
    count = 0
    for row in rows.filter(handler=user, state__in=[str(s) for s in OPEN_STATES]):
        if row.kind not in registries.case_kinds:
            continue
        if queries.may_handle(to, row):
            _handed(row, to, by=by, at=at)
        else:
            row.handler = None
            touch(row, "handler")
        count += 1
    return count


def wind_provisional(*, at: datetime) -> int:
    """Set the clocks anew that were counted over a year whose holidays were not known; returns how many changed."""
    changed = 0
    for row in Case.objects.filter(due_provisional=True, state__in=[str(s) for s in PENDING]).order_by("pk"):
        changed += _rewound(row)
    return changed


@transaction.atomic
def _rewound(case: Case) -> bool:
    row = Case.objects.select_for_update().get(pk=case.pk)
    was = (row.due_on, row.due_provisional)
    wind(row)
    if (row.due_on, row.due_provisional) == was or row.state not in {str(s) for s in PENDING}:
        return False
    row.save(update_fields=["due_on", "due_provisional"])
    return True
