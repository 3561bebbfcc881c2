"""What an applicant reads of the review of its own project."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liaoyuan.core import doors
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import EligibilityOutcome
from liaoyuan.funding.queries import outcomes as queries
from liaoyuan.funding.rules.shares import number
from liaoyuan.funding.views import projects, small, tabs
from liaoyuan.ui.pages import render


@doors.needs(Permission.OWN_VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Own means, about where the project stands, the written reason; nothing of anybody else."""
    row = projects.seen(request, pk)
    told = queries.for_applicant(row, request.user)
    return render(request, "funding/project_outcome.html", {
        "title": _("评审结果"), "crumbs": small.crumbs(*projects.steps(row), (_("评审结果"), "")), "project": row,
        "told": told, "word": queries.words(told.outcome) if told is not None else None,
        "mean": number(told.mean) if told is not None and told.mean is not None else "",
        "items": queries.items(told) if told is not None else [],
        "band": queries.band_words(told.band) if told is not None and told.band is not None else "",
        "barred": told is not None and told.outcome == EligibilityOutcome.INELIGIBLE,
        **tabs.of_project(request, row, "outcome"),
    })  # fmt: skip
