"""备案确认: filed bodies by community, confirmed by telephone one by one or many at once, taken back as a whole."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors, registries
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.registry.actions import filings as actions
from liaoyuan.registry.actions.filings import Told
from liaoyuan.registry.choices import CONFIRMATION_TITLES, Kind, Permission
from liaoyuan.registry.forms.filings import ConfirmForm, RoundQueryForm
from liaoyuan.registry.queries import filings as queries
from liaoyuan.registry.queries.record import words
from liaoyuan.registry.views import records
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

_METHODS = ["GET", "HEAD", "POST"]
PAGE = "registry:filing_round"


def _state(row: Any) -> tuple[str, str]:
    if row.is_confirmed:
        return "ok", _("{day} 已确认").format(day=row.confirmed.isoformat())
    if row.filing_to is not None and row.filing_to < clock.today():
        return "reject", _("有效期已过")
    return "review", _("未确认")


_DETAIL = link_to("registry:organization_detail", "organization_id")
COLUMNS = (
    Column("name", lazy("名称"), fixed=True, link=_DETAIL),
    Column("filing_no", lazy("备案号"), kind="short", value=lambda row: row.organization.filing_no),
    Column("street", lazy("街道"), kind="short", value=lambda row: row.street.name if row.street else ""),
    Column("community", lazy("社区"), kind="short", value=lambda row: row.community.name if row.community else ""),
    Column("legal_representative", lazy("负责人")),
    Column("phone", lazy("联系电话"), kind="short", value=lambda row: words(row, "phone")),
    Column("filing_to", lazy("备案有效期至"), kind="date"),
    Column("state", lazy("状态"), kind="verdict", value=_state),
)


def _operations(row: Any) -> list[tuple[str, str]]:
    if row.is_confirmed:
        return [(_("查看"), reverse("registry:filing_batch", args=[row.batch]))]
    there = reverse("registry:filing_confirm", args=[row.organization_id])
    return [(_("电话确认"), there), (_("注销"), reverse("registry:organization_close", args=[row.organization_id]))]


def _asked(request: HttpRequest) -> tuple[RoundQueryForm, dict[str, Any], int]:
    streets, communities = queries.places(request.user)
    form = RoundQueryForm(request.GET or None, streets=streets, communities=communities)
    told = form.cleaned_data if form.is_bound and form.is_valid() else {}
    year = told.get("year") or clock.today().year
    wish = {"street": told.get("street", ""), "community": told.get("community", ""), "state": told.get("state", ""),
            "text": told.get("q", "")}  # fmt: skip
    return form, wish, year


@doors.needs(Permission.FILING_EDIT)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The filed bodies that one keeps, by community, with this year's confirmation."""
    form, wish, year = _asked(request)
    state = TableState.from_request(request, COLUMNS, per_page=50)
    rows = queries.round_of(request.user, year, clock.today(), **wish)
    total, done = queries.counts(request.user, year)
    return render(
        request,
        "registry/filing_round.html",
        {
            "title": _("备案确认"), "fields": list(describe(form).values()), "year": year, "total": total, "done": done,
            "hidden": state.query.hidden("year", "street", "community", "state", "q"),
            "table": state.table(rows, row_id="organization_id", ops=_operations),
            "many": f"{reverse('registry:filing_many')}?{request.GET.urlencode()}",
            "rule": _(registries.rules["FIL-02"].statement),
        },
    )  # fmt: skip


def _told(form: ConfirmForm) -> Told:
    return Told(via=form.cleaned_data["via"], word_of=form.cleaned_data["word_of"], **form.declared())


def _statements() -> dict[str, str]:
    return {"outside_area": _(registries.rules["FIL-02"].statement)}


@doors.needs(Permission.FILING_EDIT)
@require_http_methods(_METHODS)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """One body, while one has it on the telephone: two taps, the first opens this page."""
    organization = records.seen_by(request.user, pk)
    row = queries.row_of(organization.pk)
    if row.kind != Kind.BA:
        raise Http404
    if not records.may_write(request.user, organization, row.kind):
        raise PermissionDenied
    year = clock.today().year
    initial = {"on": clock.today(), "word_of": _("负责人本人") if row.legal_representative else ""}
    form = ConfirmForm(request.POST or None, initial=initial)
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            key = actions.confirm(
                versions={pk: None}, year=form.cleaned_data["on"].year, told=_told(form), on=form.cleaned_data["on"],
                by=doors.person(request), at=clock.now(), confirmed="confirmed" in request.POST,
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("“{name}”已确认。").format(name=row.name))
            return redirect("registry:filing_batch", key)
    after = actions.next_end(row, clock.today())
    return render(
        request,
        "registry/filing_confirm.html",
        {
            "title": _("电话确认"), "crumbs": [(_("备案确认"), reverse(PAGE)), (row.name, "")], "row": row,
            "year": year,
            "fields": list(describe(form, told, rules=_statements()).values()), "problems": problems(form, told),
            "phone": words(row, "phone"), "after": after, "detail": reverse("registry:organization_detail", args=[pk]),
            "back": reverse(PAGE),
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@doors.needs(Permission.FILING_EDIT)
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """The ticked bodies, or all of the query: first how, then written as one batch that can be taken back."""
    _form, wish, year = _asked(request)
    rows = queries.round_of(request.user, year, clock.today(), **wish)
    rows = queries.unconfirmed(rows)
    if request.POST.get("chosen"):
        chosen = _versions(request)
    else:
        if not request.POST.get("all_matching"):
            ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isascii() and pk.isdigit() and len(pk) < 16]
            rows = rows.filter(organization__in=ids)
        chosen = {row.organization_id: row.organization.version for row in rows[: actions.MOST_AT_ONCE + 1]}
    back = f"{reverse(PAGE)}?{request.GET.urlencode()}"
    if not chosen or len(chosen) > actions.MOST_AT_ONCE:
        sentence = _("一次最多确认 {n} 家。") if chosen else _("请先勾选还没有确认的备案组织。")
        messages.warning(request, sentence.format(n=actions.MOST_AT_ONCE))
        return redirect(back)
    form = ConfirmForm(request.POST if request.POST.get("do") else None, initial={"on": clock.today(), "via": "visit"})
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            key = actions.confirm(versions=chosen, year=year, told=_told(form), on=form.cleaned_data["on"],
                                  by=doors.person(request), at=clock.now())  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已确认 {n} 家。").format(n=len(chosen)))
            return redirect("registry:filing_batch", key)
    return render(
        request,
        "registry/filing_many.html",
        {
            "title": _("批量确认"), "crumbs": [(_("备案确认"), back), (_("批量确认"), "")], "n": len(chosen),
            "year": year,
            "chosen": ",".join(f"{pk}:{version}" for pk, version in chosen.items()), "back": back,
            "action": f"{reverse('registry:filing_many')}?{request.GET.urlencode()}",
            "fields": list(describe(form, told, rules=_statements()).values()), "problems": problems(form, told),
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _versions(request: HttpRequest) -> dict[int, int | None]:
    """`chosen`: key:version of each body as it was shown."""
    pairs = [part.split(":") for part in request.POST.get("chosen", "").split(",")]
    return {
        int(pair[0]): int(pair[1])
        for pair in pairs
        if len(pair) == 2 and all(part.isascii() and part.isdigit() and len(part) < 16 for part in pair)
    }


@doors.needs(Permission.FILING_EDIT)
@require_safe
def batch(request: HttpRequest, key: str) -> HttpResponse:
    """What one step confirmed, with the way back."""
    found = queries.batch_of(request.user, key)
    if not found:
        raise Http404
    first = found[0][0]
    return render(
        request,
        "registry/filing_batch.html",
        {
            "title": _("备案确认的结果"), "crumbs": [(_("备案确认"), reverse(PAGE))], "rows": found, "first": first,
            "via": _(CONFIRMATION_TITLES[first.via]), "undone": first.undone_at is not None, "key": key,
        },
    )  # fmt: skip


@doors.needs(Permission.FILING_EDIT)
@require_POST
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take a batch back."""
    if not queries.batch_of(request.user, key):
        raise Http404
    try:
        n = actions.undo(batch=key, by=doors.person(request), at=clock.now())
        messages.success(request, _("已撤销 {n} 家的确认。").format(n=n))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("registry:filing_batch", key)
