"""Results of 民主评议: entered by the branch's secretary, read by its committee, by nobody else."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.core import access, clock, doors, zones
from liaoyuan.party.actions import life as actions
from liaoyuan.party.actions import reviewing
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import GRADE_TITLES, Grade
from liaoyuan.party.forms import life as forms
from liaoyuan.party.models import PartyOrganization
from liaoyuan.party.queries import reviews
from liaoyuan.party.views import ways
from liaoyuan.ui.pages import render


def _branch(request: HttpRequest, pk: int, on: date) -> tuple[PartyOrganization, bool]:
    """The branch, and whether the user enters its grades; 404 and 403 for who is neither secretary nor committee."""
    rows = PartyOrganization.objects.known().select_related("area")
    found = rows.filter(pk=pk).first()
    if found is not None and reviews.branch_itself(request.user, found):
        return found, True
    if found is not None and reviews.on_committee(request.user, found, on):
        return found, False
    if access.has(request.user, Permission.LIFE_EDIT):
        get_object_or_404(PartyOrganization.objects.reached_by(request.user, Permission.VIEW), pk=pk)
    raise PermissionDenied


@doors.login
@require_http_methods(ways.METHODS)
def review(request: HttpRequest, party: int) -> HttpResponse:
    """Grades of a year. Shown after a POST that says so; the secretary may change them, the committee reads."""
    today = clock.today()
    branch, edits = _branch(request, party, today)
    if not zones.allowed(settings.ZONE, reviews.FIELD, zones.Op.SHOW):
        raise Http404
    asked = ways.number(request, "year")
    year = asked if asked is not None and today.year - 10 <= asked <= today.year else today.year
    title = _("{year} 年民主评议党员").format(year=year)
    years = [(y, f"?year={y}", y == year) for y in range(today.year, today.year - 6, -1)]
    people = ways.people(branch, min(today, date(year, 12, 31)))
    opened = request.POST.get("what") == "open"
    grades: dict[int, str] = {}
    if opened:
        grades = reviewing.opened(party=branch, year=year, by=doors.person(request), at=clock.now())
    if not edits:
        if request.method == "POST" and not opened:
            raise PermissionDenied
        lines = [(name, _(GRADE_TITLES[Grade(grades[k])]) if k in grades else "") for k, name in people]
        told = {"title": title, "name": ways.name_of(branch), "years": years, "opened": opened, "lines": lines,
                "crumbs": [(_("我的党员信息"), reverse("party:me")), (title, "")]}  # fmt: skip
        return render(request, "party/review_read.html", told)
    more: dict[str, Any] = {
        "name": ways.name_of(branch), "back": f"{reverse('party:life_home')}?branch={branch.pk}",
        "template": "party/life_review.html", "party": branch, "years": years, "year": year,
    }  # fmt: skip
    if opened:
        return ways.page(request, title, forms.GradesForm(people=people, grades=grades), [], opened=True, **more)
    if request.method != "POST":
        return ways.page(request, title, forms.GradesForm(people=[], grades={}), [], opened=False, **more)
    form = forms.GradesForm(request.POST, people=people, grades={})

    def write() -> Any:
        return actions.note_reviews(
            party=branch, year=year, grades=form.grades(), by=doors.person(request), at=clock.now()
        )

    return ways.entered(request, title, form, write, opened=True, **more)
