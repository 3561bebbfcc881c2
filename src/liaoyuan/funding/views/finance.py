"""资金拨付: the finance desk over all rounds, the money of one round, the ledger of one pool."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.funding.choices.awards import ENTRY_TITLES
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.words import POOL_SOURCE_TITLES
from liaoyuan.funding.exports import ledger as workbooks
from liaoyuan.funding.models import Pool, Round, Tranche
from liaoyuan.funding.queries import instalments, lateness, money, treasury
from liaoyuan.funding.queries import rounds as reading
from liaoyuan.funding.views import small, tabs
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to


def _payer(row: Tranche) -> str:
    if row.outside:
        return str(row.payer)
    return row.paid_by.display_name if row.paid_by is not None else ""


def _person(name: str) -> Any:
    return lambda row: person.display_name if (person := getattr(row, name)) is not None else ""


_NUMBER = Column("agreement.project.number", lazy("编号"), sortable=True, kind="short")
_TITLE = Column("agreement.project.title", lazy("项目"), sortable=True, fixed=True,
                link=link_to("funding:tranche_detail"))  # fmt: skip
_NO = Column("no", lazy("期次"), sortable=True, kind="number")
_AMOUNT = Column("amount_fen", lazy("金额（元）"), sortable=True, kind="yuan")
_STATE = Column("state", lazy("状态"), sortable=True, kind="verdict", value=instalments.state_words)
DESK = (
    _TITLE, _NUMBER, Column("agreement.project.round.title", lazy("届"), default=False), _NO, _AMOUNT,
    Column("agreement.body_name", lazy("收款组织")), _STATE,
    Column("approved_at", lazy("审批时间"), sortable=True, kind="date"),
    Column("batch", lazy("付款文件"), value=lambda row: row.batch.number if row.batch is not None else ""),
    Column("prepared_by", lazy("经办"), value=_person("prepared_by"), default=False),
    Column("approved_by", lazy("审批"), value=_person("approved_by"), default=False),
)  # fmt: skip
OF_ROUND = (
    _TITLE, _NUMBER, _NO, _AMOUNT, Column("agreement.body_name", lazy("收款组织")), _STATE,
    Column("prepared_by", lazy("经办"), value=_person("prepared_by")),
    Column("approved_by", lazy("审批"), value=_person("approved_by")),
    Column("payer", lazy("付款"), value=_payer), Column("paid_on", lazy("付款日期"), sortable=True, kind="date"),
    Column("voucher_no", lazy("凭证号"), kind="short", default=False),
)  # fmt: skip
ENTRIES = (
    Column("entered_on", lazy("日期"), sortable=("entered_on", "pk"), kind="date", fixed=True),
    Column("kind", lazy("类别"), value=lambda row: _(ENTRY_TITLES[row.kind])),
    Column("agreement.project.title", lazy("项目"),
           link=lambda row: reverse("funding:project_money", args=[row.agreement.project_id])),
    Column("tranche_no", lazy("期次"), kind="number"),
    Column("amount_fen", lazy("金额（元）"), sortable=True, kind="yuan"),
    Column("reason", lazy("事由")), Column("entered_by", lazy("记账人"), value=_person("entered_by")),
)  # fmt: skip


@doors.needs(Permission.PAY)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The finance desk: what waits to be paid over all rounds."""
    state = TableState.from_request(request, DESK, default_sort="approved_at")
    return render(request, "funding/finance.html", {
        "title": _("资金拨付"), "crumbs": small.crumbs((_("资金拨付"), "")),
        "rounds": list(treasury.rounds(request.user).order_by("-year", "-pk")),
        "table": state.table(treasury.waiting(request.user).order_by(*state.order_by())),
    })  # fmt: skip


def inside(request: HttpRequest, pk: int) -> Round:
    """The round, if the user sees its money; else 404."""
    row = small.seen(request, pk)
    if not reading.inside(request.user, row):
        raise Http404
    return row


def there(row: Round) -> str:
    """The address of the money of a round."""
    return reverse("funding:round_money", args=[row.pk])


@doors.needs(Permission.VIEW)
@require_safe
def round_money(request: HttpRequest, pk: int) -> HttpResponse:
    """The money of one round: pools, what is late, payment files, all instalments."""
    row = inside(request, pk)
    state = TableState.from_request(request, OF_ROUND, default_sort="agreement.project.number")
    pools = money.of_round(row)
    pays = access.covers(request.user, Permission.PAY, row, write=False)
    return render(request, "funding/round_money.html", {
        "title": row.title, "crumbs": small.crumbs((row.title, "")), "round": row,
        "phase": reading.phase_words(row, clock.today()), "pools": pools, "all": _total(pools),
        "sources": {code: _(word) for code, word in POOL_SOURCE_TITLES.items()},
        "late": lateness.of_round(row, clock.today()), "batches": list(treasury.batches(row)), "pays": pays,
        "approved": len(treasury.approved(row)) if pays else 0,
        "table": state.table(treasury.of_round(row).order_by(*state.order_by())), "faults": money.ledger_faults(row),
        **tabs.of_round(request, row, "money"),
    })  # fmt: skip


def _total(pools: list[money.PoolSums]) -> dict[str, int]:
    return {name: sum(getattr(one, name) for one in pools) for name in ("ceiling", "committed", "left", "paid",
                                                                        "returned")}  # fmt: skip


def _pool(request: HttpRequest, key: int) -> Pool:
    rows = Pool.objects.visible_to(request.user).select_related("round__programme__area")
    row = get_object_or_404(rows, pk=key)
    if not reading.inside(request.user, row.round):
        raise Http404
    return row


@doors.needs(Permission.VIEW)
@require_safe
def pool_entries(request: HttpRequest, key: int) -> HttpResponse:
    """The ledger of one pool; its sums are what every page says of the pool."""
    row = _pool(request, key)
    state = TableState.from_request(request, ENTRIES, default_sort="-entered_on")
    steps = ((row.round.title, small.there(row.round)), (_("资金"), there(row.round)), (row.title, ""))
    return render(request, "funding/pool_entries.html", {
        "title": row.title, "crumbs": small.crumbs(*steps), "pool": row, "name": row.round.title,
        "source": _(POOL_SOURCE_TITLES[row.source]), "ledger": treasury.ledger(row),
        "table": state.table(treasury.entries(row).order_by(*state.order_by())),
    })  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def pool_entries_file(request: HttpRequest, key: int) -> HttpResponseBase:
    """The ledger of one pool as a workbook."""
    row = _pool(request, key)
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "ledger.xlsx"
        workbooks.write(path, f"{row.round.title} {row.title}", treasury.entries(row).order_by("pk"))
        name = _("资金台账 {pool}").format(pool=row.title) + ".xlsx"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
