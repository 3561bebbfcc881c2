"""The daily life of a branch: the secretary's home, the yearly plan, groups, talks, training, the yearly review."""

import tempfile
from collections import defaultdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.party.actions import life as actions
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import DUTY_TITLES, MEETING_TITLES, PAIR_TITLES, Duty, MeetingState, Pair
from liaoyuan.party.exports import life as exports
from liaoyuan.party.forms import life as forms
from liaoyuan.party.forms.meetings import DayForm
from liaoyuan.party.models import LifePlan, Meeting, MeetingTask, PartyGroup, PartyOrganization, Talk
from liaoyuan.party.queries import groups as grouping
from liaoyuan.party.queries import life, life_due, life_home, organizations, plans, reviews, training, voters
from liaoyuan.party.views import small, ways
from liaoyuan.ui import entries, marks
from liaoyuan.ui.forms import describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState


@doors.needs(Permission.LIFE_EDIT)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A secretary's first page: meetings and tasks that wait, what the branch owes, plan, dues, applicants' next days.

    Without an own branch a superior is sent to the list of frequencies.
    """
    today = clock.today()
    mine = life_due.mine(request.user)
    asked = ways.number(request, "branch")
    if asked is not None:
        party = ways.branch(request, asked)
    elif mine:
        party = mine[0]
    else:
        return redirect("party:frequency")
    limits = organizations.limits(party, today)
    needs = life.needs(party, life.facts([party], today)[party.pk], today, limits)
    names = organizations.names(one.pk for one in mine)
    waiting = Meeting.objects.filter(party_organization=party).exclude(
        state__in=[MeetingState.CLOSED.value, MeetingState.CANCELLED.value]
    )
    tasks = MeetingTask.objects.filter(meeting__party_organization=party, done_on__isnull=True)
    plan = LifePlan.objects.current().filter(party_organization=party, year=today.year, month=today.month)
    applicants, count = life_home.applicants_of(request.user, party, today)
    return render(
        request,
        "party/life_home.html",
        {
            "title": _("本月组织生活"),
            "crumbs": ways.crumbs((_("本月组织生活"), "")),
            "party": party,
            "branch": ways.name_of(party),
            "others": [(names.get(one.pk, ""), one.pk) for one in mine if one.pk != party.pk],
            "needs": needs,
            "waiting": [(one, *life_home.step_of(one, today)) for one in waiting.order_by("held_on", "pk")[:20]],
            "tasks": list(tasks.select_related("meeting").order_by("until", "pk")[:20]),
            "plan": list(plan.order_by("pk")),
            "today": today,
            "regular": party.regular_on is not None,
            "own": reviews.branch_itself(request.user, party),
            "dues": life_home.dues_of(party, today),
            "applicants": applicants,
            "applicants_count": count,
            "year": today.year,
        },
    )


def _back(party: PartyOrganization) -> str:
    return f"{reverse('party:life_home')}?branch={party.pk}"


def _year(request: HttpRequest, today: date) -> int:
    year = ways.number(request, "year")
    return year if year is not None and today.year - 10 <= year <= today.year + 1 else today.year


def _years(today: date) -> range:
    return range(today.year + 1, today.year - 6, -1)


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def plan(request: HttpRequest, party: int) -> HttpResponse:
    """The yearly plan under the three duties; a year without one begins with the template."""
    branch, today = ways.branch(request, party), clock.today()
    year = _year(request, today)
    rows = list(LifePlan.objects.current().filter(party_organization=branch, year=year))
    lines: dict[Duty, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        lines[Duty(row.duty)].append({"month": row.month, "what": row.what, "kind": row.kind, "who": row.who})
    fresh = not rows
    if fresh:
        lines.update(plans.template())
    form = forms.PlanForm(entries.data(request), lines=lines)

    def write() -> Any:
        return actions.save_plan(party=branch, year=year, lines=form.lines(), by=doors.person(request), at=clock.now())

    groups = [
        (_(title), [f"{name}_{part}" for duty_, name in form.places if duty_ == duty
                    for part in ("month", "what", "kind", "who")])
        for duty, title in DUTY_TITLES.items()
    ]  # fmt: skip
    note = _("这一年还没有计划，以下是模板，按本支部实际修改后保存。") if fresh else _("空行不保存。")
    return ways.entered(
        request, _("{year} 年工作计划").format(year=year), form, write, name=ways.name_of(branch), back=_back(branch),
        note=note, groups=groups, template="party/life_plan.html",
        years=[(y, f"?year={y}", y == year) for y in _years(today)],
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_safe
def groups(request: HttpRequest, party: int) -> HttpResponse:
    """Groups of a branch with their members, on any day."""
    branch, today = ways.branch(request, party), clock.today()
    on, wrong = small.day(request.GET.get("as_of", ""), today)
    return render(
        request, "party/life_groups.html",
        {"title": _("党小组"), "crumbs": ways.crumbs((ways.name_of(branch), _back(branch)), (_("党小组"), "")),
         "party": branch, "branch": ways.name_of(branch), "groups": grouping.of_branch(branch, on), "on": on,
         "today": today, "wrong": wrong},
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def group_set(request: HttpRequest, party: int) -> HttpResponse:
    """Set up a group, or change one (`group` = which)."""
    branch, today = ways.branch(request, party), clock.today()
    asked = ways.number(request, "group")
    rows = PartyGroup.objects.active(today).filter(party_organization=branch)
    group = get_object_or_404(rows, pk=asked) if asked is not None else None
    first: dict[str, Any] = {"on": today.isoformat()}
    if group is not None:
        keys = voters.open_group_members(branch.pk).get(group.pk, [])
        first |= {"name": group.name, "leader": group.leader_id, "members": keys}
    form = forms.GroupForm(entries.data(request), people=ways.people(branch, today), initial=first)
    back = reverse("party:group_list", args=[branch.pk])

    def write() -> Any:
        told = form.cleaned_data
        return actions.set_group(
            party=branch, group=group, name=told["name"], leader=ways.chosen([told["leader"]])[0],
            members=ways.chosen(told["members"]), on=told["on"], by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return ways.entered(request, _("党小组"), form, write, name=ways.name_of(branch), back=back)


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def group_end(request: HttpRequest, key: int) -> HttpResponse:
    """The group exists no more."""
    group = get_object_or_404(PartyGroup.objects.visible_to(request.user), pk=key)
    branch = ways.branch(request, group.party_organization_id)
    form = DayForm(entries.data(request), initial={"on": clock.today().isoformat()})
    back = reverse("party:group_list", args=[branch.pk])

    def write() -> Any:
        return actions.end_group(group=group, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return ways.entered(
        request, _("撤销党小组"), form, write, name=group.name, back=back, danger=True, button=_("撤销")
    )


TALKS = (
    Column("on", gettext_lazy("日期"), kind="date", fixed=True),
    Column("kind", gettext_lazy("类别"), value=lambda t: _(PAIR_TITLES[Pair(t.kind)])),
    Column("pair", gettext_lazy("双方")),
)


@doors.needs(Permission.LIFE_EDIT)
@require_safe
def talks(request: HttpRequest, party: int) -> HttpResponse:
    """Talks of a branch: the day, the kind, the pair."""
    branch = ways.branch(request, party, Permission.MEMBERS_VIEW)
    state = TableState.from_request(request, TALKS, per_page=20)
    rows = Talk.objects.current().visible_to(request.user).filter(party_organization=branch)
    page = state.page_of(rows.order_by("-on", "-pk"))
    names = voters.names({key for row in page.items for key in (row.one_id, row.other_id)})
    for row in page.items:
        row.pair = f"{names.get(row.one_id, '')}、{names.get(row.other_id, '')}"
    return render(
        request, "party/life_talks.html",
        {"title": _("谈心谈话"), "crumbs": ways.crumbs((ways.name_of(branch), _back(branch)), (_("谈心谈话"), "")),
         "party": branch, "branch": ways.name_of(branch), "table": state.table(page)},
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def talk_new(request: HttpRequest, party: int) -> HttpResponse:
    """A talk took place."""
    branch, today = ways.branch(request, party), clock.today()
    first = {"on": today.isoformat()}
    form = forms.TalkForm(entries.data(request), people=ways.people(branch, today), initial=first)

    def write() -> Any:
        told = dict(form.cleaned_data)
        one, other = (ways.chosen([told.pop(name)])[0] for name in ("one", "other"))
        return actions.note_talk(party=branch, one=one, other=other, **told, by=doors.person(request), at=clock.now())

    note = _("只记日期、类别和双方，不记谈话内容。")
    back = reverse("party:talk_list", args=[branch.pk])
    return ways.entered(request, _("登记谈心谈话"), form, write, name=ways.name_of(branch), back=back, note=note)


@doors.needs(Permission.LIFE_EDIT)
@require_safe
def training_list(request: HttpRequest, party: int) -> HttpResponse:
    """Hours of each member in a year, in the order of the roster: nobody is ranked."""
    branch, today = ways.branch(request, party, Permission.MEMBERS_VIEW), clock.today()
    year = _year(request, today)
    return render(
        request, "party/life_training.html",
        {"title": _("学习培训学时"), "party": branch, "branch": ways.name_of(branch), "year": year,
         "crumbs": ways.crumbs((ways.name_of(branch), _back(branch)), (_("学习培训学时"), "")),
         "lines": training.lines(branch, year, today), "years": [(y, f"?year={y}", y == year) for y in _years(today)]},
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def training_new(request: HttpRequest, party: int) -> HttpResponse:
    """Members studied."""
    branch, today = ways.branch(request, party), clock.today()
    first = {"on": today.isoformat()}
    form = forms.TrainingForm(entries.data(request), people=ways.people(branch, today), initial=first)

    def write() -> Any:
        told = form.cleaned_data
        return actions.note_training(
            party=branch, members=ways.chosen(told["members"]), on=told["on"], what=told["what"], spent=form.minutes,
            rotation=told["rotation"],
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    back = reverse("party:training_list", args=[branch.pk])
    return ways.entered(request, _("登记学习培训"), form, write, name=ways.name_of(branch), back=back)


@doors.needs(Permission.LIFE_EDIT)
@require_POST
def export(request: HttpRequest, party: int, kind: str) -> HttpResponse | FileResponse:
    """F05, F06 or F10 of a branch's year."""
    branch, today = ways.branch(request, party), clock.today()
    if kind not in exports.KINDS:
        raise Http404
    year = _year(request, today)
    told = f"{ways.name_of(branch)}{year}{_(exports.KINDS[kind][1])}.xlsx"
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:  # the open file outlives its name
        path = Path(folder) / "export.xlsx"
        exports.write(kind=kind, party=branch, year=year, path=path, by=doors.person(request), at=clock.now())
        return FileResponse(path.open("rb"), as_attachment=True, filename=told)


_MARKS = {"done": "ok", "short": "review", "none": "skip"}


def _cell(n: int, line: life.Frequency) -> Any:
    text, state = line.cells[n]
    return marks.verdict(_MARKS[state], text)


FREQUENCY = (
    Column("name", gettext_lazy("党支部"), fixed=True, link=lambda f: f"{reverse('party:meeting_list')}?branch={f.pk}"),
    *(
        Column(str(duty.kind), gettext_lazy(MEETING_TITLES[duty.kind]), kind="markup", value=partial(_cell, n))
        for n, duty in enumerate(life.DUTIES)
    ),
)  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def frequency(request: HttpRequest) -> HttpResponse:
    """How often each branch met in a quarter, for superiors; what does not apply says so. No person stands here."""
    today = clock.today()
    form = forms.FrequencyForm(request.GET, years=_years(today))
    form.is_valid()
    told = form.cleaned_data
    year, quarter = told.get("year") or today.year, told.get("quarter") or (today.month + 2) // 3
    state = TableState.from_request(request, FREQUENCY, per_page=50)
    rows = PartyOrganization.objects.known().reached_by(request.user, Permission.VIEW)
    listing = life.FrequencyList(rows, year, quarter, told.get("q") or "")
    fields = describe(forms.FrequencyForm({"year": year, "quarter": quarter, "q": told.get("q", "")},
                                          years=_years(today)))  # fmt: skip
    return render(
        request,
        "party/life_frequency.html",
        {
            "title": _("组织生活情况"),
            "crumbs": ways.crumbs((_("组织生活情况"), "")),
            "fields": list(fields.values()),
            "hidden": state.query.hidden(*fields),
            "clear": reverse("party:frequency"),
            "table": state.table(listing, live=True),
            "first": listing.first,
            "last": listing.last,
        },
        block="list",
    )
