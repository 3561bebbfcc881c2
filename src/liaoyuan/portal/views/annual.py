"""The conclusions of a year's annual reports while they are published (公示): for everybody, nothing of persons."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.core import clock
from liaoyuan.portal.forms.annual import ConclusionForm
from liaoyuan.portal.queries import annual as queries
from liaoyuan.portal.views.frame import public_page, show, tastes
from liaoyuan.registry.choices import ANNUAL_RESULT_TITLES, KIND_TITLES, REGISTERED
from liaoyuan.registry.models import AnnualReport, AnnualRound
from liaoyuan.registry.params.annual_words import TRACK_TITLES
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pager import Query
from liaoyuan.ui.tables import Column, TableState, link_to

_ASKED = ("q", "result")
_MARKS = {"qualified": "ok", "exempt": "ok", "basically": "review"}
_KINDS = {str(kind): KIND_TITLES[kind] for kind in REGISTERED}


def title_of(round_: AnnualRound) -> str:
    """What the published list of a round is called."""
    return _("{area}{year}年度年检年报结论").format(area=round_.area.name, year=round_.year)


def _result(report: AnnualReport) -> tuple[str, str]:
    return _MARKS.get(report.result, "reject"), _(ANNUAL_RESULT_TITLES[report.result])


def _late(report: AnnualReport) -> str:
    late = report.late
    if late is None or not late.result or late.filed_on is None:
        return ""
    return _("{day} 补报，{result}").format(day=late.filed_on.isoformat(), result=_(ANNUAL_RESULT_TITLES[late.result]))


def _columns(carried: str) -> tuple[Column, ...]:
    there = link_to("portal:organization", "organization_id")
    return (
        Column("name", gettext_lazy("名称"), fixed=True, link=lambda row: there(row) + carried),
        Column("organization.code", gettext_lazy("统一社会信用代码")),
        Column("kind", gettext_lazy("类型"), value=lambda row: _(_KINDS[row.kind])),
        Column("track", gettext_lazy("种类"), value=lambda row: _(TRACK_TITLES[row.track])),
        Column("result", gettext_lazy("结论"), kind="verdict", value=_result),
        Column("late", gettext_lazy("补报"), value=_late),
    )


@public_page
def conclusions(request: HttpRequest, pk: int) -> HttpResponse:
    """The conclusions of one round, on the days of its publicity; before and after there is no such page."""
    on = clock.today()
    round_ = next((row for row in queries.standing(on) if row.pk == pk), None)
    if round_ is None:
        raise Http404
    form = ConclusionForm(request.GET)
    form.full_clean()
    wish = queries.Asked(**{name: form.cleaned_data.get(name, "") for name in _ASKED})
    query = Query(request)
    state = TableState.from_request(request, _columns(tastes(query)))
    fields = describe(form)
    counts: dict[str, Any] = {} if wish != queries.Asked() else queries.by_result(round_)
    return show(request, "portal/conclusions.html", {
        "title": title_of(round_),
        "round": round_,
        "fields": list(fields.values()),
        "chips": chips(form, query),
        "hidden": query.hidden(*_ASKED),
        "clear": query(**dict.fromkeys(_ASKED)),
        "table": state.table(queries.asked(round_, wish)),
        "cards": [(_(ANNUAL_RESULT_TITLES[code]), n, _("家"), query(result=code), "") for code, n in counts.items()],
        "any_asked": wish != queries.Asked(),
        "indexed": False,
    })  # fmt: skip
