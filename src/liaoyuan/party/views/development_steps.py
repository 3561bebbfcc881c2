"""One form a kind of step: days and totals in, one action out; correcting and taking back; the days between steps."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.core import access, clock, doors
from liaoyuan.kit.findings import Limits, Refused
from liaoyuan.party.actions import admissions, development
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import DecisionKind
from liaoyuan.party.forms import development as forms
from liaoyuan.party.models import Applicant, Examination
from liaoyuan.party.params.way import MARK_TITLES, VOTED_STEPS, MarkKind, MentorKind
from liaoyuan.party.queries import applicants as queries
from liaoyuan.party.queries import courses, decided, development_lines, development_record
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.courses import Course
from liaoyuan.party.rules import votes
from liaoyuan.party.rules.steps import STEPS
from liaoyuan.party.views import small
from liaoyuan.party.views.development import seen, steps, there
from liaoyuan.ui import entries

#: Who records steps: the branch and the superior's staff, the head who decides.
WRITERS = (Permission.MEMBERS_EDIT, Permission.APPROVE)
#: The rule whose sentence stands beside a field of a step's form.
RULES = {
    5: {"members": "PB-DEV-03"}, 6: {"on": "PB-DEV-04"}, 7: {"on": "PB-DEV-05"}, 9: {"members": "PB-DEV-06"},
    10: {"on": "PB-DEV-07"}, 11: {"training_days": "PB-DEV-08"}, 13: {"leaves_on": "PB-DEV-09", "on": "PB-DEV-17"},
    15: {"on": "PB-DEV-10", "present": "PB-DEV-11"}, 17: {"on": "PB-DEV-12"}, 22: {"on": "PB-DEV-13"},
    23: {"on": "PB-DEV-14", "present": "PB-DEV-11", "months": "PB-DEV-15"}, 24: {"on": "PB-DEV-16"},
}  # fmt: skip
_KINDS = {15: DecisionKind.ADMISSION, 23: DecisionKind.CONFIRMATION}
_MENTORS = {5: MentorKind.CONTACT, 9: MentorKind.INTRODUCER}


def _recording(request: HttpRequest, pk: int, step: int, *, first: int = 2) -> tuple[Applicant, Course, Limits]:
    """The applicant for who records the step; else 404 or 403. The application itself, step 1, is only corrected."""
    applicant = seen(request, pk)
    if step not in STEPS or step < first:
        raise Http404
    if not queries.may_record(request.user, applicant.party_organization, step, clock.today()):
        raise PermissionDenied(str(Permission.MEMBERS_EDIT))
    return applicant, courses.of(applicant), reading.limits(applicant.party_organization, clock.today())


def _form(request: HttpRequest, course: Course, step: int) -> Any:
    """The form of the step."""
    applicant, today, given = course.applicant, clock.today(), small.given(request)
    papers = queries.holds(queries.PAPERS)
    if step in _MENTORS:
        now = [str(m.member_id) for m in course.mentors_now(_MENTORS[step])]
        offered = development_record.candidates(applicant, today)
        return forms.MentorsForm(given, members=offered, initial={"members": now, "on": today})
    if step in (6, 21):
        return forms.ExamineForm(given, initial={"on": today})
    if step in _KINDS:
        return forms.VoteForm(given, admission=step == 15, initial=_decided(course, step))
    if step in (17, 24):
        mark = course.marks.get({17: MarkKind.RECEIVED, 24: MarkKind.CONFIRM_RECEIVED}[step])
        return forms.ApproveForm(given, admission=step == 17, received=mark.on if mark else None, papers=papers)
    kind = {11: forms.TrainingForm, 13: forms.PrereviewForm}.get(step, forms.StepForm)
    return kind(given, papers=papers, initial={"on": today, **_decided(course, step)})


def _decided(course: Course, step: int) -> dict[str, Any]:
    """First values of a step that a meeting decided: its day and totals."""
    row = decided.closed(course.applicant, step) if step in VOTED_STEPS else None
    if row is None:
        return {}
    names = ("present", "written", "yes", "no", "abstain", "outcome", "months") if step in _KINDS else ()
    return {"on": row.meeting.held_on, **{name: getattr(row, name) for name in names}}


def _writer(request: HttpRequest, course: Course, step: int, form: Any) -> Callable[[], Any]:
    """What the step's form does when it is valid."""

    def write() -> Any:
        common: dict[str, Any] = {
            "applicant": course.applicant, "version": entries.version(request), "by": doors.person(request),
            "at": clock.now(),
        }  # fmt: skip
        told, sure = form.cleaned_data, entries.confirmed(request)
        if step in _MENTORS:
            return development.set_mentors(kind=str(_MENTORS[step]), members=form.chosen(), on=told["on"],
                                           confirmed=sure, **common)  # fmt: skip
        if step in (6, 21):
            return development.examine(**told, **common)
        if step in _KINDS:
            return admissions.vote(kind=str(_KINDS[step]), confirmed=sure, **form.told(), **common)
        if step == 17:
            return admissions.approve(confirmed=sure, **told, **common)
        if step == 19:
            return admissions.assign(confirmed=sure, **told, **common)
        if step == 24:
            return admissions.decide(confirmed=sure, **told, **common)
        return development.record(step=step, confirmed=sure, **told, **common)

    return write


def _note(course: Course, step: int, limits: Limits, today: date) -> str:
    """Told before one types: the lawful days, and for a vote E, quorum and majority of today's roster."""
    told = development_record.told_before(course, step, limits)
    if step in _KINDS:
        expected = development_record.expected(course.applicant, today)
        reckoned = votes.outcome(_KINDS[step], expected, 0, 0, limits)
        sentence = _("按今天的名册，应到会有表决权的党员 {n} 名；到会须 {quorum} 名以上，赞成须 {needed} 票以上。"
                     "会议当天的人数由系统按当天名册计算。只填总数，不记每个人怎么投票。")  # fmt: skip
        told += sentence.format(n=expected, quorum=reckoned.quorum, needed=reckoned.needed)
    if step in VOTED_STEPS and decided.kept(course.applicant.party_organization, step, today):
        told += _("本支部的会议在系统里登记：这一步凭会议上关于本人、已通过的表决办理，票数以会议登记的为准。")
    if step == 10:
        told += _("只登记形成结论的日期和编号，不登记审查的内容。")
    if step in (2, 16):
        told += _("只登记谈话的日期，不登记谈话的内容。")
    return told


@doors.needs(*WRITERS)
@require_http_methods(small.METHODS)
def step(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Record one step."""
    applicant, course, limits = _recording(request, pk, number)
    form = _form(request, course, number)
    title, name = development_lines.title_of(number), course.record.name
    return small.entered(
        request, title, form, _writer(request, course, number, form), name=name, back=there(applicant),
        version=applicant.version, steps=steps((name, there(applicant))),
        note=_note(course, number, limits, clock.today()), rules=small.statements(limits, RULES.get(number, {})),
    )  # fmt: skip


@doors.needs(*WRITERS)
@require_http_methods(small.METHODS)
def correct(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Correct the day or the number of a step."""
    applicant, course, _limits = _recording(request, pk, number, first=1)
    row = course.steps.get(number)
    if row is None:
        raise Http404
    form = forms.StepForm(small.given(request), papers=queries.holds(queries.PAPERS),
                          initial={"on": row.on, "evidence": row.evidence})  # fmt: skip

    def write() -> Any:
        return development.correct(
            applicant=applicant, step=number, **form.cleaned_data, version=entries.version(request),
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    title = _("更正：{step}").format(step=development_lines.title_of(number))
    return small.entered(
        request, title, form, write, name=course.record.name, back=there(applicant), version=applicant.version,
        steps=steps((course.record.name, there(applicant))),
        note=_("更正后，已办的各步都按规则重新核查；表决、审批的日期不能更正。"),
    )  # fmt: skip


@doors.needs(*WRITERS)
@require_POST
def back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take a mistaken step back."""
    applicant, _course, _limits = _recording(request, pk, number)
    return _done(request, applicant, lambda: development.take_back(
        applicant=applicant, step=number, version=entries.version(request), by=doors.person(request), at=clock.now(),
    ))  # fmt: skip


@doors.needs(Permission.MEMBERS_EDIT)
@require_POST
def examination_back(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Take a mistaken examination back."""
    applicant, _course, _limits = _recording(request, pk, 6)
    row = get_object_or_404(Examination.objects.current().select_related("applicant"), pk=key, applicant=applicant)
    return _done(request, applicant, lambda: development.take_back_examination(
        row=row, version=entries.version(request), by=doors.person(request), at=clock.now(),
    ))  # fmt: skip


def _done(request: HttpRequest, applicant: Applicant, write: Callable[[], Any]) -> HttpResponse:
    try:
        write()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已撤销。"))
    return redirect(there(applicant))


@doors.needs(Permission.MEMBERS_EDIT)
@require_http_methods(small.METHODS)
def mark(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The first day of a publicity, or the day on which the committee received a decision."""
    applicant = seen(request, pk)
    if kind not in list(MarkKind):
        raise Http404
    party = applicant.party_organization
    received = kind in (MarkKind.RECEIVED, MarkKind.CONFIRM_RECEIVED)
    over = queries.committee_of(party, clock.today()) if received else party
    if not access.covers(request.user, Permission.MEMBERS_EDIT, over, write=False):
        raise PermissionDenied(str(Permission.MEMBERS_EDIT))
    course = courses.of(applicant)
    row = course.marks.get(kind)
    form = forms.StepForm(small.given(request), papers=queries.holds(queries.PAPERS),
                          initial={"on": row.on, "evidence": row.evidence} if row else None)  # fmt: skip

    def write() -> Any:
        return development.mark(
            applicant=applicant, kind=kind, **form.cleaned_data, version=entries.version(request),
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    limits = reading.limits(party, clock.today())
    rules = small.statements(limits, {"on": "PB-DEV-12" if received else "PB-DEV-10"})
    return small.entered(
        request, _(MARK_TITLES[MarkKind(kind)]), form, write, name=course.record.name, back=there(applicant),
        version=applicant.version, steps=steps((course.record.name, there(applicant))), rules=rules,
    )  # fmt: skip
