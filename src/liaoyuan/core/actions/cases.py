"""The acts of a case up to the decision: hand in, receive, edit, take papers, ask for a supplement, sign an opinion.

Each writes one step of the case's course and one event: of the case's subject where there is one, so that it stands in
that record's timeline, else of the case itself.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks, policy, registries, sensitive, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import case_letters
from liaoyuan.core.casekinds import CaseMoment, StepKind
from liaoyuan.core.choices import CaseDecision, CaseState, Event
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, Case, CaseMaterial, CaseStep, CaseStop, User
from liaoyuan.core.queries import calendar
from liaoyuan.core.queries import cases as queries
from liaoyuan.core.registries import CaseField, CaseKind
from liaoyuan.core.rules import cases as rules
from liaoyuan.core.rules.cases import refusal
from liaoyuan.kit.findings import Finding, Refused, refuse_if_blocked

_EVENTS = {
    StepKind.APPLIED: Event.CASE_APPLIED,
    StepKind.RECEIVED: Event.CASE_RECEIVED,
    StepKind.EDITED: Event.CASE_EDITED,
    StepKind.MATERIAL: Event.CASE_MATERIAL,
    StepKind.SUPPLEMENT: Event.CASE_SUPPLEMENT,
    StepKind.RESUMED: Event.CASE_RESUMED,
    StepKind.OPINION: Event.CASE_EXAMINED,
    StepKind.DECIDED: Event.CASE_DECIDED,
    StepKind.DELIVERED: Event.CASE_DELIVERED,
    StepKind.ARCHIVED: Event.CASE_ARCHIVED,
    StepKind.WITHDRAWN: Event.CASE_WITHDRAWN,
    StepKind.HANDED_OVER: Event.CASE_HANDED_OVER,
}


def person(by: Actor) -> User | None:
    """The account; the command line's operator has none."""
    return by if isinstance(by, User) else None


def subject(case: Case) -> tuple[str, str, str]:
    """What events of a case are about."""
    if case.subject_id:
        return case.subject_kind, case.subject_id, case.label[:120]
    return "case", str(case.pk), case.label[:120]


def note(
    case: Case,
    kind: StepKind,
    *,
    by: Actor,
    at: datetime,
    on: date | None = None,
    text: str = "",
    outcome: str = "",
    findings: Iterable[Finding] = (),
    changes: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
    quiet: bool = False,
) -> CaseStep:
    """Write a step and its event. `quiet` leaves the words out of the event: what officers say to each other."""
    day = on or localdate(at)
    step = CaseStep.objects.create(
        case=case, kind=str(kind), on=day, outcome=outcome, text=text[:4000], recorded_at=at, recorded_by=person(by)
    )
    title = registries.case_kinds[case.kind].title
    told = "：".join(word for word in (" ".join(filter(None, (title, case.number))), "" if quiet else text) if word)
    payload: dict[str, Any] = {"case": case.pk, "note": told[:300], "on": day.isoformat(), **(more or {})}
    if changes:
        payload["changes"] = dict(changes)
    events.record(
        _EVENTS[kind], subject(case), by=by, at=at, payload=payload, findings=findings, on_behalf=case.on_behalf
    )
    return step


def locked(case: Case, act: str, *, version: int | None = None) -> Case:
    """The case's row under its lock, refused in a state in which the act is not possible, or when somebody was faster.

    Lock order: the case, then the numbers, then the subject.
    """
    locks.one_at_a_time("case", case.pk)
    row = Case.objects.select_for_update(of=("self",)).select_related("area").get(pk=case.pk)
    if version is not None and row.version != version:
        last = row.steps.select_related("recorded_by").order_by("-pk").first()
        who = str(last.recorded_by) if last is not None and last.recorded_by is not None else _("别人")
        raise Refused([refusal("stale", who=who)])
    kind = queries.kind_of(row)
    if not rules.may(act, row.state, direct=kind.direct):
        state = _(rules.CASE_STATE_TITLES[row.state])
        raise Refused([refusal("state", state=state, what=_(rules.ACT_TITLES[act]))])
    return row


def require(by: Actor, case: Case) -> None:
    """Refuse who may not handle the case."""
    if not queries.may_handle(by, case):
        raise PermissionDenied(case.kind)


def _require_hand(by: Actor, case: Case) -> None:
    """Refuse who neither handles the case nor hands it in for its body."""
    own = case.subject_id and queries.may_apply(by, queries.kind_of(case), case.subject_id)
    if not own and not queries.may_handle(by, case):
        raise PermissionDenied(case.kind)


def touch(case: Case, *fields: str) -> Case:
    """Save the fields with the next version."""
    case.version += 1
    case.save(update_fields=[*fields, "version"])
    return case


def wind(case: Case) -> None:
    """Set the clock anew: the last day from receipt, term and stops."""
    if case.received_on is None or case.term_days is None:
        case.due_on, case.due_provisional = None, False
        return
    found = rules.due(
        case.received_on, case.term_days, workdays=case.term_workdays, stops=queries.stops_of(case),
        calendar=calendar.workdays(),
    )  # fmt: skip
    case.due_on, case.due_provisional = found.due_on, found.provisional


def sealed(fields: tuple[CaseField, ...], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with C3 values as ciphertext; those that are ciphertext already stay."""
    purposes = {entry.name: entry.purpose for entry in fields if entry.purpose}
    return {
        name: vault.encrypt(value, purpose=purposes[name])
        if name in purposes and isinstance(value, str) and value and not vault.is_sealed(value)
        else value
        for name, value in facts.items()
    }


def _titles(fields: tuple[CaseField, ...]) -> dict[str, str]:
    return {entry.name: entry.title for entry in fields}


def _plan(
    kind: CaseKind, subject_id: str, area: Area | None, label: str, facts: Mapping[str, Any], by: Actor
) -> tuple[Case, bool]:
    """A case in memory with its office, and whether its own people hand it in."""
    case = Case(kind=kind.code, subject_kind=kind.subject_kind, subject_id=subject_id, label=label[:200])
    own = False
    if kind.subject_kind:
        record = queries.subject_of(case)
        if record is None or kind.area is None or (kind.may_open is not None and not kind.may_open(record)):
            raise Refused([refusal("subject")])
        case.area = area if kind.begin and area is not None else Area.objects.get(pk=kind.area(record))
        own = queries.may_apply(by, kind, subject_id)
    elif area is not None:
        case.area = area
    else:
        raise Refused([refusal("subject")])
    if not own and not queries.may_handle(by, case):
        raise PermissionDenied(kind.code)
    return case, own and not queries.may_handle(by, case)


@transaction.atomic
def submit(
    *,
    kind: str,
    facts: Mapping[str, Any],
    label: str,
    by: Actor,
    at: datetime,
    subject_id: str = "",
    area: Area | None = None,
    received_on: date | None = None,
    applicant: str = "",
    on_behalf: str = "",
    passes_through: bool = False,
    confirmed: bool = False,
) -> Case:
    """Hand in a case. A body's own people hand it in to be received; an officer receives it with that.

    Refused by the floor's rules at submission, and while a case of the same kind about the same record is open.
    """
    entry = registries.case_kinds[kind]
    if entry.subject_kind and subject_id:
        locks.one_at_a_time("case.subject", kind, subject_id)
    case, own = _plan(entry, subject_id, area, label, facts, by)
    case.facts = dict(facts)
    case.passes_through = passes_through and not own
    fields = queries.fields_of(case)
    today = localdate(at)
    told = sensitive.findings(facts, _titles(fields), today)
    twice = Case.objects.pending().filter(kind=kind, subject_kind=entry.subject_kind, subject_id=subject_id).first()
    if subject_id and twice is not None:
        told.append(refusal("twice", title=_(entry.title), number=twice.number or twice.pk))
    day = received_on or today
    told += rules.day_findings(day, today=today, not_before=None, what="", field="received_on")
    case.received_on = None if own else day
    told += queries.findings_of(case, CaseMoment.SUBMIT, day)
    told = refuse_if_blocked(told, confirmed=confirmed)
    case.received_on = None
    case.facts = sealed(fields, facts)
    case.state, case.applied_at, case.applied_by = str(CaseState.APPLIED), at, person(by)
    case.applicant, case.on_behalf = applicant[:80], on_behalf[:120]
    case.save()
    _list_papers(case, today)
    note(case, StepKind.APPLIED, by=by, at=at, findings=told)
    return case if own else take(case, day, by=by, at=at)


def _list_papers(case: Case, on: date) -> None:
    kind = queries.kind_of(case)
    key = kind.materials(case) if kind.materials is not None else ""
    names = policy.limits(on, policy.chain(case.area.path)).get(key, ()) if key else ()
    CaseMaterial.objects.bulk_create(
        [CaseMaterial(case=case, name=str(name)[:60], place=place) for place, name in enumerate(dict.fromkeys(names))]
    )


def take(case: Case, on: date, *, by: Actor, at: datetime) -> Case:
    """Number, clock and handler; the caller holds the case."""
    locks.one_at_a_time("case.number", case.area_id, on.year)
    case.year, case.seq = on.year, queries.last_number(case.area, on.year) + 1
    case.number = f"{case.area.code}-{on.year}-{case.seq:04d}"
    case.state, case.received_on = str(CaseState.RECEIVED), on
    case.handler = person(by)
    kind = queries.kind_of(case)
    limits = policy.limits(on, policy.chain(case.area.path))
    term = kind.term(case, limits) if kind.term is not None and not case.passes_through else None
    if term is not None:
        case.term_days, case.term_workdays, case.term_key = term.days, term.workdays, term.key
    wind(case)
    touch(
        case, "year", "seq", "number", "state", "received_on", "handler", "term_days", "term_workdays", "term_key",
        "due_on", "due_provisional",
    )  # fmt: skip
    note(case, StepKind.RECEIVED, by=by, at=at, on=on)
    return case


@transaction.atomic
def receive(*, case: Case, on: date, by: Actor, at: datetime, version: int | None = None) -> Case:
    """收件: the case gets its number, its handler and its clock. Refused for a day before it was handed in."""
    require(by, case)
    row = locked(case, "receive", version=version)
    refuse_if_blocked(rules.day_findings(on, today=localdate(at), not_before=localdate(row.applied_at), what=_("提交")))
    return take(row, on, by=by, at=at)


@transaction.atomic
def edit(
    *,
    case: Case,
    changes: Mapping[str, Any],
    version: int,
    by: Actor,
    at: datetime,
    set_aside: Mapping[str, Any] | None = None,
    confirmed: bool = False,
) -> Case:
    """Change fields before the decision. `set_aside`: texts of two who wrote at once that were not taken; they are kept
    in the case's course. Refused when somebody was faster (CASE.stale).
    """
    _require_hand(by, case)
    row = locked(case, "edit", version=version)
    if not queries.may_handle(by, row) and row.state == CaseState.RECEIVED:
        raise Refused([refusal("state", state=_(rules.CASE_STATE_TITLES[row.state]), what=_("修改"))])
    if not changes and not set_aside:
        raise Refused([refusal("nothing")])
    fields = queries.fields_of(row)
    open_now = {entry.name for entry in fields if rules.editable(row.state, after=entry.after)}
    if not set(changes) <= open_now or not (open_now and (changes or set_aside)):
        raise Refused([refusal("state", state=_(rules.CASE_STATE_TITLES[row.state]), what=_("修改"))])
    told = sensitive.findings(changes, _titles(fields), localdate(at))
    before = dict(row.facts)
    row.facts = {**before, **changes}
    if row.open:
        told += queries.findings_of(row, CaseMoment.SUBMIT, row.received_on or localdate(at))
    told = refuse_if_blocked(told, confirmed=confirmed)
    row.facts = sealed(fields, row.facts)
    known = {entry.name: entry for entry in fields}
    told_text = [
        _("未采用“{title}”：{text}").format(title=_(known[name].title), text=queries.shown(known[name], value))
        for name, value in (set_aside or {}).items()
        if name in known
    ]
    touch(row, "facts")
    diff = {name: [before.get(name), row.facts[name]] for name in changes if before.get(name) != row.facts[name]}
    note(row, StepKind.EDITED, by=by, at=at, text="；".join(told_text), findings=told, changes=diff)
    return row


@transaction.atomic
def take_papers(*, case: Case, names: Collection[str], on: date, by: Actor, at: datetime) -> Case:
    """Note which papers are there on paper; those not named any more are not."""
    require(by, case)
    row = locked(case, "material")
    refuse_if_blocked(rules.day_findings(on, today=localdate(at), not_before=None, what=""))
    new: list[str] = []
    gone: list[str] = []
    for paper in row.materials.all():
        if (paper.name in names) == (paper.received_on is not None):
            continue
        paper.received_on = on if paper.name in names else None
        paper.save(update_fields=["received_on"])
        (new if paper.received_on else gone).append(paper.name)
    if not new and not gone:
        raise Refused([refusal("nothing")])
    text = "、".join(new) + (_("（退回：{names}）").format(names="、".join(gone)) if gone else "")
    touch(row)
    note(row, StepKind.MATERIAL, by=by, at=at, on=on, text=text)
    return row


@transaction.atomic
def ask_supplement(
    *, case: Case, text: str, on: date, by: Actor, at: datetime, version: int | None = None, letter: bool = False
) -> Case:
    """补正: tell once and whole what is missing; the clock stands still from that day. `letter` drafts the notice."""
    require(by, case)
    row = locked(case, "supplement", version=version)
    _worded(text, _("需要补正的内容"))
    refuse_if_blocked(rules.day_findings(on, today=localdate(at), not_before=row.received_on, what=_("收件")))
    CaseStop.objects.create(case=row, since=on, reason=text.strip()[:500])
    row.state = str(CaseState.SUPPLEMENT)
    wind(row)
    touch(row, "state", "due_on", "due_provisional")
    note(row, StepKind.SUPPLEMENT, by=by, at=at, on=on, text=text.strip())
    if letter:
        case_letters.draft_supplement(case=row, needed=text.strip(), by=by, at=at)
    return row


@transaction.atomic
def resume(*, case: Case, on: date, by: Actor, at: datetime, text: str = "", version: int | None = None) -> Case:
    """What was asked for has come: the clock goes on the day after."""
    require(by, case)
    row = locked(case, "resume", version=version)
    stop = queries.open_stop(row)
    if stop is not None:
        refuse_if_blocked(rules.day_findings(on, today=localdate(at), not_before=stop.since, what=_("通知补正")))
        stop.until = on
        stop.save(update_fields=["until"])
    row.state = str(CaseState.RECEIVED)
    wind(row)
    touch(row, "state", "due_on", "due_provisional")
    note(row, StepKind.RESUMED, by=by, at=at, on=on, text=text.strip())
    return row


@transaction.atomic
def opine(*, case: Case, outcome: str, text: str, by: Actor, at: datetime, version: int | None = None) -> Case:
    """审查: sign an opinion. The case then waits for who decides."""
    require(by, case)
    row = locked(case, "opine", version=version)
    if outcome not in ("agree", "disagree"):
        raise Refused([refusal("decision", "outcome")])
    _worded(text, _("审查意见"))
    row.state = str(CaseState.EXAMINED)
    touch(row, "state")
    note(row, StepKind.OPINION, by=by, at=at, outcome=outcome, text=text.strip(), quiet=True)
    return row


def _worded(text: str, what: str, field: str = "text") -> None:
    if len(text.strip()) < 2:
        raise Refused([refusal("text", field, what=what)])


def worded_decision(decision: str, text: str) -> CaseDecision:
    """The decision, with the reasons that a refusal needs."""
    if decision not in set(CaseDecision):
        raise Refused([refusal("decision", "decision")])
    if decision == CaseDecision.REFUSED:
        _worded(text, _("不予的理由"))
    return CaseDecision(decision)
