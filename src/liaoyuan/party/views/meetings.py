"""Meetings: the list, one meeting with its steps, planning and changing, minutes, tasks."""

from functools import partial
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.queries import files
from liaoyuan.core.queries.timeline import timeline
from liaoyuan.party.actions import attending
from liaoyuan.party.actions import meetings as actions
from liaoyuan.party.actions import notices as telling
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import (
    DECISION_TITLES,
    ELECTED_TITLES,
    ELECTION_STATE_TITLES,
    MEETING_STATE_TITLES,
    MEETING_TITLES,
    METHOD_TITLES,
    PRESENCE_TITLES,
    MeetingKind,
    MeetingState,
    NoticeWay,
    Presence,
)
from liaoyuan.party.forms import meetings as forms
from liaoyuan.party.models import (
    Attendance,
    Decision,
    Election,
    Formation,
    Meeting,
    MeetingNotice,
    MeetingTask,
    PartyGroup,
)
from liaoyuan.party.queries import corrections, meetings, notices, organizations, voters
from liaoyuan.party.views import ways
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

COLUMNS = (
    Column("topic", gettext_lazy("议题"), fixed=True, link=link_to("party:meeting_detail")),
    Column("branch", gettext_lazy("党支部"), sortable=True),
    Column("kind", gettext_lazy("会议类型"), value=lambda m: _(MEETING_TITLES[MeetingKind(m.kind)])),
    Column("number", gettext_lazy("编号"), kind="number", default=False),
    Column("held_on", gettext_lazy("日期"), kind="date", sortable=True),
    Column("state", gettext_lazy("状态"), value=lambda m: _(MEETING_STATE_TITLES[MeetingState(m.state)])),
    Column("expected", gettext_lazy("应到"), kind="number"),
    Column("present", gettext_lazy("实到"), kind="number"),
    Column("place", gettext_lazy("地点"), default=False),
    Column("late", gettext_lazy("补录"), value=lambda m: _("补录") if m.late else "", default=False),
)


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Meetings of the branches within reach, newest first."""
    today = clock.today()
    form = forms.ListForm(request.GET, years=range(today.year + 1, today.year - 6, -1))
    form.is_valid()
    told = form.cleaned_data
    name = Formation.objects.now_open().filter(party_organization=OuterRef("party_organization")).values("name")[:1]
    rows: Any = Meeting.objects.visible_to(request.user).annotate(branch=Subquery(name))
    if told.get("q"):
        rows = rows.filter(Q(topic__icontains=told["q"]) | Q(branch__icontains=told["q"]))
    for field in ("kind", "state", "year"):
        if told.get(field):
            rows = rows.filter(**{field: told[field]})
    branch = ways.number(request, "branch")
    if branch is not None:
        rows = rows.filter(party_organization=branch)
    state = TableState.from_request(request, COLUMNS, default_sort="-held_on", per_page=20)
    order = [*state.order_by(), "-pk"]
    fields = describe(form)
    return render(
        request,
        "party/meeting_list.html",
        {
            "title": _("会议"),
            "fields": list(fields.values()),
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*fields),
            "clear": state.query(**dict.fromkeys([*fields, "branch"])),
            "table": state.table(rows.order_by(*order), live=True),
            "branch": branch,
            "may_plan": access.has(request.user, Permission.LIFE_EDIT),
        },
        block="list",
    )


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def new(request: HttpRequest, party: int) -> HttpResponse:
    """Plan a meeting of a branch, or enter a past one late. `kind` = which."""
    branch = ways.branch(request, party)
    today = clock.today()
    groups = [(group.pk, group.name) for group in voters.groups(branch.pk, today)]
    asked = request.GET.get("kind", "")
    first = {"kind": asked if asked in list(MeetingKind) else MeetingKind.MEMBERS.value, "held_on": today.isoformat()}
    form = forms.MeetingForm(entries.data(request), groups=groups, initial=first)
    back = f"{reverse('party:life_home')}?branch={branch.pk}"

    def write() -> Any:
        told = dict(form.cleaned_data)
        group = PartyGroup.objects.filter(pk=told.pop("group", None) or 0).first()
        return actions.plan(
            party=branch, kind=told.pop("kind"), held_on=told.pop("held_on"), group=group, fields=told,
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    note = _("过去的会议也可以补录，会标明“补录”。应到会人数在召开时按会议当天的名册算出。")
    return ways.entered(
        request, _("安排会议"), form, write, name=ways.name_of(branch), back=back, onward=ways.there, note=note
    )


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the arrangement."""
    meeting = ways.writable(request, pk)
    first = {name: getattr(meeting, name) for name in actions.FIELDS}
    first |= {"held_on": meeting.held_on.isoformat(), "steps": [s for s in meeting.steps.split(",") if s]}
    form = forms.MeetingForm(entries.data(request), kind=meeting.kind, initial=first)

    def write() -> Any:
        told = dict(form.cleaned_data)
        return actions.change(
            meeting=meeting, held_on=told.pop("held_on"), fields=told, version=ways.version(request),
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return ways.entered(
        request, _("修改会议安排"), form, write, name=meetings.title(meeting), back=ways.there(meeting),
        version=meeting.version, steps=[(meetings.title(meeting), ways.there(meeting))],
    )  # fmt: skip


#: Button → what it does and the sentence after it.
_BUTTONS: dict[str, tuple[Any, Any]] = {
    "notice": (partial(telling.tell, way=str(NoticeWay.GROUP)), gettext_lazy("已记为全体在群里通知。")),
    "begin": (attending.begin, gettext_lazy("会议已召开，应到会人数已锁定。")),
    "close": (actions.close, gettext_lazy("会议已办结。")),
}


@doors.needs(Permission.LIFE_EDIT)
@require_POST
def step(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """A step of a meeting: notice, begin, close."""
    meeting = ways.writable(request, pk)
    action, done = _BUTTONS[what]
    return ways.acted(
        request, ways.there(meeting), lambda: action(meeting=meeting, by=doors.person(request), at=clock.now()),
        str(done),
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It does not take place."""
    meeting = ways.writable(request, pk)
    form = forms.ReasonForm(entries.data(request))

    def write() -> Any:
        return actions.cancel(meeting=meeting, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return ways.entered(
        request, _("取消会议"), form, write, name=meetings.title(meeting), back=ways.there(meeting), danger=True,
        button=_("取消这次会议"), steps=[(meetings.title(meeting), ways.there(meeting))],
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the minutes; those that are mostly another meeting's are shown beside it first."""
    meeting = ways.writable(request, pk)
    first = {name: getattr(meeting, name) for name in ("minutes", "resolution", "signed")}
    form = forms.MinutesForm(entries.data(request), initial=first)

    def write() -> Any:
        return actions.save_minutes(
            meeting=meeting, **form.cleaned_data, version=ways.version(request), confirmed="alike" in request.POST,
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    def beside(said: Any) -> dict[str, Any]:
        if not any(f.code == "MINUTES-ALIKE" for f in said):
            return {}
        found = meetings.alike(meeting, form.cleaned_data["minutes"])
        return {"alike": found, "alike_title": meetings.title(found.meeting)} if found is not None else {}

    return ways.entered(
        request, _("会议记录"), form, write, name=f"{meetings.title(meeting)} · {meeting.topic}",
        back=ways.there(meeting), version=meeting.version, told=beside, template="party/meeting_minutes.html",
        steps=[(meetings.title(meeting), ways.there(meeting))],
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def task_new(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be done after the meeting."""
    meeting = ways.writable(request, pk)
    form = forms.TaskForm(entries.data(request))

    def write() -> Any:
        return actions.set_task(meeting=meeting, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return ways.entered(
        request, _("落实事项"), form, write, name=meetings.title(meeting), back=ways.there(meeting),
        steps=[(meetings.title(meeting), ways.there(meeting))],
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_POST
def task_done(request: HttpRequest, key: int) -> HttpResponse:
    """It was done today."""
    rows = MeetingTask.objects.visible_to(request.user).select_related("meeting__party_organization__area")
    task = get_object_or_404(rows, pk=key)
    ways.writable(request, task.meeting_id)
    return ways.acted(
        request, ways.there(task.meeting),
        lambda: actions.finish_task(task=task, on=clock.today(), by=doors.person(request), at=clock.now()),
        _("已登记完成。"),
    )  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: what it is, what comes next, who was there, what was decided, its minutes and tasks."""
    meeting = ways.seen(request, pk)
    party = meeting.party_organization
    write = meetings.may_write(request.user, party)
    named = access.covers(request.user, Permission.MEMBERS_VIEW, party, write=False)
    sheet = list(Attendance.objects.visible_to(request.user).filter(meeting=meeting)) if named else []
    place = files.place_of(request.user, meetings.SUBJECT, str(meeting.pk))
    held = meeting.state in (MeetingState.HELD, MeetingState.CLOSED)
    return render(
        request,
        "party/meeting_detail.html",
        {
            "title": meetings.title(meeting),
            "crumbs": ways.crumbs((meetings.title(meeting), "")),
            "meeting": meeting,
            "branch": ways.name_of(party),
            "state": _(MEETING_STATE_TITLES[MeetingState(meeting.state)]),
            "facts": _facts(meeting),
            "write": write,
            "held": held,
            "track": _track(meeting),
            "missing": meetings.missing(meeting) if meeting.state == MeetingState.HELD else (),
            "notice": notices.text_of(meeting, ways.name_of(party)) if meeting.state in notices.COMING else "",
            "told": _told(meeting) if write and named and meeting.state in notices.COMING else (),
            "notices_log": write and held and MeetingNotice.objects.filter(meeting=meeting).exists(),
            "superior": meetings.superior(request.user, party),
            "sheet": _sheet(sheet),
            "decides": bool(meetings.DECIDES.get(MeetingKind(meeting.kind))),
            "elects": meeting.kind in meetings.ELECTS,
            "decisions": _decisions(request, meeting),
            "elections": [
                (e, _(ELECTED_TITLES[e.post]), _(ELECTION_STATE_TITLES[e.state]))  # type: ignore[index]
                for e in Election.objects.filter(meeting=meeting).order_by("pk")
            ],
            "tasks": list(MeetingTask.objects.filter(meeting=meeting)),
            "files": len([row for row in files.listing(place) if row.removed_at is None]) if place else 0,
            "entries": timeline(meetings.SUBJECT, meeting.pk, request.user, 50) if write else [],
            "today": clock.today(),
        },
    )  # fmt: skip


def _facts(meeting: Meeting) -> list[tuple[str, Any, str]]:
    times = "–".join(t.strftime("%H:%M") for t in (meeting.starts, meeting.ends) if t)
    told: list[tuple[str, Any, str]] = [
        (_("日期"), f"{meeting.held_on.isoformat()} {times}".strip(), _("补录") if meeting.late else ""),
        (_("地点"), meeting.place, ""), (_("主持人"), meeting.host, ""), (_("记录人"), meeting.recorder, ""),
        (_("议题"), meeting.topic, ""), (_("学习内容"), meeting.content, ""),
    ]  # fmt: skip
    if meeting.group is not None:
        told.append((_("党小组"), meeting.group.name, ""))
    if meeting.expected is not None:
        told.append((_("应到"), meeting.expected, _("有表决权，按会议当天名册，已锁定")))
    if meeting.present is not None:
        told += [(_("实到"), meeting.present, ""), (_("缺席"), meeting.absent, "")]
    if meeting.observers or meeting.observed:
        told.append((_("列席的非党员"), meeting.observers or _("{n} 人").format(n=meeting.observed), ""))
    if meeting.kind == MeetingKind.THEME_DAY:
        told.append((_("成效"), meeting.effect, ""))
    return told


def _track(meeting: Meeting) -> list[tuple[str, bool]]:
    order = [MeetingState.PLANNED, MeetingState.NOTICED, MeetingState.HELD, MeetingState.CLOSED]
    if meeting.state == MeetingState.CANCELLED:
        return [(_(MEETING_STATE_TITLES[MeetingState.CANCELLED]), True)]
    now = order.index(MeetingState(meeting.state))
    return [(_(MEETING_STATE_TITLES[state]), n <= now) for n, state in enumerate(order)]


def _told(meeting: Meeting) -> tuple[int, int]:
    """How many the notice is for, and how many of them were told."""
    every = notices.roster(meeting)
    return len(every), len(notices.told_keys(meeting) & set(every))


def _sheet(rows: list[Attendance]) -> list[tuple[str, list[str]]]:
    """Names by how they stand, in the roster's order; reasons beside."""
    names = voters.names(row.member_id for row in rows)
    found: dict[str, list[str]] = {}
    for row in rows:
        if not row.voting and row.status == Presence.ABSENT:
            continue
        word = names.get(row.member_id, "") + (f"（{row.reason}）" if row.reason else "")
        found.setdefault(row.status, []).append(word + (_("〔书面意见〕") if row.written else ""))
    return [(_(title), found[status]) for status, title in PRESENCE_TITLES.items() if status in found]


def _decisions(request: HttpRequest, meeting: Meeting) -> list[dict[str, Any]]:
    limits = organizations.limits(meeting.party_organization, meeting.held_on)
    found = Decision.objects.filter(meeting=meeting).select_related("meeting__party_organization__area")
    rows = list(found.order_by("number"))
    before = corrections.of_meeting(rows, "decision")
    return [
        {
            "row": row, "kind": _(DECISION_TITLES[row.kind]), "method": _(METHOD_TITLES[row.method]),  # type: ignore[index]
            "shown": meetings.totals_shown(request.user, row, limits), "corrections": before.get(row.pk, ()),
            "correct": row.closed_at is not None and corrections.may_correct(request.user, row),
        }
        for row in rows
    ]  # fmt: skip
