"""What an officer decides: entries of one human being, names of one number; what ends soon; the helper for exams."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import access, clock, doors, policy
from liaoyuan.people.actions import merging
from liaoyuan.people.choices import Permission
from liaoyuan.people.forms import persons as forms
from liaoyuan.people.forms.entries import ExamForm
from liaoyuan.people.models import Person, Profile
from liaoyuan.people.queries import bodies, due, names
from liaoyuan.people.rules.facts import PersonFacts
from liaoyuan.people.views import small
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render


def _over_all(user: Any, person: Person) -> list[Profile]:
    """What all bodies tell of the person, if the user may decide for each of them; 403 otherwise."""
    told = list(Profile.objects.current().filter(person=person).select_related("organization").order_by("pk"))
    if not all(access.covers(user, Permission.EDIT, p.organization, write=True) for p in told):
        raise PermissionDenied
    return told


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Another entry of the same human being goes into this one."""
    person = small.seen(request, pk)
    told = _over_all(request.user, person)
    others = _alike(request.user, person, told)
    form = forms.MergeForm(request.POST or None, others=others)

    def write() -> Any:
        gone = Person.objects.visible_to(request.user).get(pk=form.cleaned_data["other"])
        return merging.merge(
            kept=person, gone=gone, reason=form.cleaned_data["reason"], by=doors.person(request), at=clock.now()
        )

    name, back = told[0].name, small.there(pk)
    if not others and not form.is_bound:
        note = _("您能编辑的范围里没有另一名同名人员。")
    else:
        note = _("所选记录的任职、从业、证书和服务全部转到本页人员，原记录保留备查。")
    return small.entered(request, _("合并人员"), form, write, name=name, back=back, steps=[(name, back)], note=note,
                         button=_("合并"), danger=True)  # fmt: skip


def _alike(user: Any, person: Person, told: list[Profile]) -> list[tuple[int, str]]:
    """Entries of other persons with one of the names, within the user's writing reach."""
    keys = {p.name_key for p in told}
    rows = Profile.objects.current().filter(organization__in=bodies.writable(user), name_key__in=keys)
    rows = rows.filter(person__merged_at__isnull=True, person__voided_at__isnull=True).exclude(person=person)
    found = list(rows.order_by("pk")[:50])
    words = bodies.names({p.organization_id for p in found})
    return [(p.person_id, f"{p.name}（{words.get(p.organization_id, '')}）") for p in found]


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def name_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about one identity number under several names."""
    person = small.seen(request, pk)
    _over_all(request.user, person)
    found = names.conflicts(request.user, person=pk)
    if not found:
        raise Http404
    told = [(profile, f"{name}（{body}）") for name, _key, body, profile in found[0].told]
    form = forms.ReviewForm(request.POST or None, told=told)

    def write() -> Any:
        profile = Profile.objects.current().filter(pk=form.cleaned_data["profile"] or 0).first()
        return merging.decide(
            person=person, outcome=form.cleaned_data["outcome"], profile=profile, reason=form.cleaned_data["reason"],
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    name = "、".join(found[0].names)
    note = "；".join(word for _pk, word in told)
    sentence = _("同一身份证号由不同组织报了不同的姓名：{told}。").format(told=note)
    back = small.there(pk)
    return small.entered(request, _("核定姓名"), form, write, name=name, back=back, steps=[(name, back)], note=sentence)


@doors.needs(*small.WRITERS)
@require_safe
def certificate_due(request: HttpRequest) -> HttpResponse:
    """Registrations of social workers that end within the days of the parameter, and those that have ended."""
    today = clock.today()
    days = due.remind_days(today)
    found = due.ends(request.user, today, days, past=365)
    return render(request, "people/certificate_due.html", {
        "title": _("证书登记到期"), "lines": found, "today": today, "days": days,
        "over": sum(end.last < today for end in found), "there": small.there,
    })  # fmt: skip


@doors.needs(*small.SEEN)
@require_safe
def exam(request: HttpRequest) -> HttpResponse:
    """The helper for the exams of social workers (SW-02). Nothing is stored."""
    form = ExamForm(request.GET or None)
    told, asked = [], False
    if form.is_bound and form.is_valid():
        facts = PersonFacts(**{name: value for name, value in form.cleaned_data.items() if value != ""})
        paths = access.reach(request.user, Permission.VIEW).paths
        limits = policy.limits(clock.today(), policy.chain(paths[0] if paths else "national"))
        told = policy.evaluate("SW-02", facts, limits, clock.today())
        asked = True
    return render(request, "people/exam.html", {
        "title": _("社工考试报考条件试算"), "crumbs": small.crumbs(request.user, (_("社工考试报考条件试算"), "")),
        "fields": list(describe(form, told).values()), "problems": problems(form), "asked": asked, "told": told,
        "back": reverse("people:person_list"),
    }, status=200 if not form.is_bound or form.is_valid() else 422)  # fmt: skip
