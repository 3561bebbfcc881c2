"""The awarded projects for everybody, after their publicity; as open data too."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.core import clock
from liaoyuan.core.clock import localdate
from liaoyuan.funding.exports import open_grants as exports
from liaoyuan.funding.queries import open_grants as queries
from liaoyuan.portal.forms.grants import GrantsForm
from liaoyuan.portal.views.frame import public_page, show
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pager import Query
from liaoyuan.ui.tables import Column, TableState

_ASKED = ("q", "year")
COLUMNS = (
    Column("project_title", gettext_lazy("项目名称"), fixed=True),
    Column("number", gettext_lazy("编号"), kind="short"),
    Column("body_name", gettext_lazy("获资助组织")),
    Column("award_list.round.title", gettext_lazy("届")),
    Column("place", gettext_lazy("落地街道")),
    Column("approved_fen", gettext_lazy("资助金额（元）"), kind="yuan"),
    Column("approved_at", gettext_lazy("立项日期"), kind="date", value=lambda line: localdate(line.approved_at)),
)


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """The awarded projects."""
    on = clock.today()
    form = GrantsForm(request.GET, years=queries.years(on))
    form.full_clean()
    told = form.cleaned_data
    query = Query(request)
    state = TableState.from_request(request, COLUMNS)
    rows = queries.asked(on, told.get("q") or "", told.get("year"))
    return show(request, "portal/grants.html", {
        "title": _("公益创投资助项目"), "fields": list(describe(form).values()), "chips": chips(form, query),
        "hidden": query.hidden(*_ASKED), "clear": query(**dict.fromkeys(_ASKED)), "table": state.table(rows),
        "indexed": True,
    })  # fmt: skip


@public_page
def data(request: HttpRequest, form: str) -> HttpResponseBase:
    """All of them as open data: 360Giving JSON, or a Chinese CSV. There is none before the first award."""
    on = clock.today()
    rows = queries.awards(on)
    if not rows.exists():
        raise Http404
    lines = rows.iterator(chunk_size=500)
    pieces: Iterator[str] = exports.package(lines, on) if form == "json" else exports.lines_of_csv(lines)
    kind = "application/json" if form == "json" else "text/csv"
    answer = StreamingHttpResponse(pieces, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="grants.{form}"'
    return answer
