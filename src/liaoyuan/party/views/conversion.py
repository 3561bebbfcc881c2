"""双隶属转接进度: figures per party organization and quarter, and the rows behind each."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from liaoyuan.core import clock, doors
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import STAGE_TITLES
from liaoyuan.party.models import PartyOrganization
from liaoyuan.party.queries import conversion as queries
from liaoyuan.party.queries.conversion import SORT_TITLES, Detail, Quarter
from liaoyuan.party.views import steps
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

_QUARTER = re.compile(r"(20\d\d)Q([1-4])")
PAGE = "party:conversion"


def _quarter(request: HttpRequest) -> Quarter:
    match = _QUARTER.fullmatch(request.GET.get("quarter", ""))
    return Quarter(int(match[1]), int(match[2])) if match else queries.quarter_of(clock.today())


def percent(part: int, whole: int) -> str:
    """A share with one decimal; without a whole there is none."""
    return f"{(part * 1000 + whole // 2) // whole / 10:.1f}%" if whole else "—"


def _title(quarter: Quarter) -> str:
    return _("{year} 年第 {n} 季度").format(year=quarter.year, n=quarter.number)


def _count(sort: str, quarter: Quarter) -> Column:
    def link(line: Any) -> str | None:
        if not line.counts[sort]:
            return None
        return f"{reverse('party:conversion_lines')}?quarter={quarter.code}&sort_of={sort}&party={line.pk}"

    return Column(sort, _(SORT_TITLES[sort]), kind="number", value=lambda line: line.counts[sort], link=link)


def _cards(total: Any, quarter: Quarter) -> list[tuple[str, Any, str, str, str]]:
    """The totals, each with its list, and the share that is moved."""
    lines = f"{reverse('party:conversion_lines')}?quarter={quarter.code}"
    counts = [(_(title), total.counts[sort], _("人"), f"{lines}&sort_of={sort}" if total.counts[sort] else "", "")
              for sort, title in SORT_TITLES.items()]  # fmt: skip
    return [*counts, (_("逐步转入率"), percent(*total.rate), "", "", "")]


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """How many of those in dual affiliation are moved, due, ahead or stay apart, at the end of the quarter."""
    quarter = _quarter(request)
    lines, total = queries.progress(request.user, quarter, clock.today())
    columns = (
        Column("name", _("党组织"), fixed=True),
        *(_count(sort, quarter) for sort in SORT_TITLES),
        Column("rate", _("逐步转入率"), kind="short", value=lambda line: percent(*line.rate)),
    )
    state = TableState.from_request(request, columns, per_page=50)
    return render(
        request,
        "party/conversion.html",
        {
            "title": _("双隶属转接进度"),
            "table": state.table(lines),
            "cards": _cards(total, quarter),
            "quarter": quarter,
            "quarters": [(one.code, _title(one)) for one in queries.quarters(clock.today())],
            "heading": _title(quarter),
            "day": min(quarter.last, clock.today()),
        },
    )


def _member(line: Detail) -> str | None:
    return steps.there(line.member) if line.member is not None else None


DETAILS = (
    Column("name", gettext_lazy("姓名"), fixed=True, link=_member,
           value=lambda line: line.name if line.member is not None else _("已离开（不显示姓名）")),
    Column("party", gettext_lazy("党组织")),
    Column("since", gettext_lazy("起日"), kind="date"),
    Column("consented", gettext_lazy("书面同意"), kind="date"),
    Column("due", gettext_lazy("应转入日期"), kind="date"),
    Column("stage", gettext_lazy("现在的阶段"), value=lambda line: _(STAGE_TITLES[line.stage])),
    Column("stage_on", gettext_lazy("自"), kind="date"),
)  # fmt: skip


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """The rows behind one figure: `quarter`, `sort_of`, `party` (none = all)."""
    quarter, sort = _quarter(request), request.GET.get("sort_of", "")
    key, party = request.GET.get("party", ""), None
    if sort not in SORT_TITLES:
        raise Http404
    if key not in ("", "0"):
        known = PartyOrganization.objects.visible_to(request.user)
        party = known.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 16 else None
        if party is None:
            raise Http404
    state = TableState.from_request(request, DETAILS, per_page=50)
    title = _(SORT_TITLES[sort])
    found = queries.details(request.user, quarter, clock.today(), sort, party)
    return render(
        request,
        "party/conversion_lines.html",
        {
            "title": f"{_title(quarter)} {title}",
            "crumbs": [(_("双隶属转接进度"), f"{reverse(PAGE)}?quarter={quarter.code}"), (title, "")],
            "table": state.table(found),
            "back": f"{reverse(PAGE)}?quarter={quarter.code}",
        },
    )
