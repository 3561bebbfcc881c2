"""Agreements: the list of a round, the tab of a project, drafting one or many, signing, beginning, giving up."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.queries import documents, files
from liaoyuan.funding.actions import agreement_batches
from liaoyuan.funding.actions import agreements as actions
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.forms import agreements as forms
from liaoyuan.funding.forms import projects as budgets
from liaoyuan.funding.forms.awards import ReasonForm
from liaoyuan.funding.models import Agreement, Project
from liaoyuan.funding.queries import agreed as queries
from liaoyuan.funding.queries import bodies, publicity
from liaoyuan.funding.queries import projects as reading
from liaoyuan.funding.queries import rounds as held
from liaoyuan.funding.views import awards, projects, rounds, small, tabs
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui import entries
from liaoyuan.ui.forms import chips, describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to
from liaoyuan.ui.texts import sentence


def there(row: Project) -> str:
    """The address of the tab."""
    return reverse("funding:agreement", args=[row.pk])


def steps(row: Project) -> tuple[tuple[str, str], ...]:
    """The way to a page of the agreement."""
    return (*projects.steps(row), (_("协议"), there(row)))


def _days(row: Any, sign_by: Any, on: date) -> tuple[str, str] | None:
    told = queries.days_words(row.agreed_on, sign_by, on)
    return told if told[1] else None


def _columns(sign_by: Any) -> tuple[Column, ...]:
    today = clock.today()
    return (
        Column("title", lazy("项目"), sortable=True, fixed=True, link=link_to("funding:agreement")),
        Column("number", lazy("编号"), sortable=True, kind="short"),
        Column("body_name", lazy("组织")),
        Column("approved_fen", lazy("批准金额（元）"), sortable=True, kind="yuan"),
        Column("agreed_state", lazy("协议"), kind="verdict", value=queries.agreed_words),
        Column("agreed_on", lazy("签订"), sortable=True, kind="date"),
        Column("days", lazy("签约时限"), kind="verdict",
               value=lambda row: _days(row, sign_by, today)),
        Column("state", lazy("项目状态"), kind="verdict", value=reading.state_words),
    )  # fmt: skip


@doors.needs(Permission.VIEW)
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has signed, who has not, how many days are left."""
    row = awards.of_round(request, pk)
    form = forms.AgreementsForm(request.GET)
    form.is_valid()
    state = TableState.from_request(request, _columns(row.sign_by), default_sort="number")
    rows = queries.listed(row, form.cleaned_data.get("state") or "")
    return render(request, "funding/agreement_list.html", {
        "title": _("签约"), "crumbs": small.crumbs((row.title, small.there(row)), (_("签约"), "")), "round": row,
        "table": state.table(rows.order_by(*state.order_by())), "tally": queries.tally(row),
        "fields": list(describe(form).values()), "chips": chips(form, state.query),
        "hidden": state.query.hidden(*form.fields), "clear": state.query(**dict.fromkeys(form.fields)),
        "runs": held.runs(request.user, row), "days": queries.days_words(None, row.sign_by, clock.today()),
        **tabs.of_round(request, row, "agreements"),
    })  # fmt: skip


@doors.needs(*projects.SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement of a project: what stands in it, its files, who has signed, what is to be done."""
    row = projects.seen(request, pk)
    made = queries.living(row)
    may = queries.may(request.user, row, made)
    line = made.award if made is not None else publicity.approved_line(row)
    document = made.document if made is not None else None
    place = files.place_of(request.user, "agreement", str(made.pk)) if made is not None else None
    return render(request, "funding/agreement_detail.html", {
        "title": _("协议"), "crumbs": small.crumbs(*projects.steps(row), (_("协议"), "")), "project": row,
        "agreement": made, "may": may, "line": line, "document": document,
        "state": queries.agreed_words(_Words(made)), "facts": _facts(row, made) if made is not None else [],
        "shares": list(made.shares.select_related("pool")) if made is not None else [],
        "instalments": queries.instalments(made) if made is not None else [],
        "word": documents.state_of(document) if document is not None else None,
        "scans": [one for one in files.listing(place) if one.removed_at is None] if place is not None else [],
        "days": queries.days_words(made.signed_on if made is not None else None, row.round.sign_by, clock.today()),
        "own_draft": document is not None and document.drafted_by_id == request.user.pk,
        "cancelled": queries.cancelled(row), "organizer": row.round.programme.organizer or row.round.programme.host,
        **tabs.of_project(request, row, "agreement"),
    })  # fmt: skip


class _Words:
    """A row as `agreed_words` reads it."""

    def __init__(self, made: Agreement | None) -> None:
        self.agreed_state = made.state if made is not None else ""


def _facts(row: Project, made: Agreement) -> list[tuple[str, Any, str]]:
    programme = row.round.programme
    told = [
        (_("甲方（主办）"), programme.host, ""), (_("乙方"), made.body_name, ""),
        (_("丙方（承办）"), programme.organizer, ""),
        (_("实施期限"), f"{made.starts_on} — {made.ends_on}", ""), (_("地点"), "、".join(made.places), ""),
        (_("户名"), made.account_name, ""), (_("开户银行"), made.account_bank, ""),
        (_("账号"), _("尾号 {tail}").format(tail=made.account_tail), ""),
        (_("签订日期"), made.signed_on or "", ""), (_("开始实施"), made.started_on or "", ""),
    ]  # fmt: skip
    if made.ended_reason:
        told.append((_("结束原因"), made.ended_reason, ""))
    return told


def _office(request: HttpRequest, pk: int) -> Project:
    row = projects.seen(request, pk)
    if not reading.is_office(request.user, row):
        raise PermissionDenied(str(Permission.EDIT))
    return row


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the agreement of an approved project; where less was approved, with its new budget."""
    row = _office(request, pk)
    line = publicity.approved_line(row)
    if line is None or line.approved_fen is None or not queries.may(request.user, row, queries.living(row)).drafts:
        messages.error(request, _("只有已立项、还没有协议的项目可以起草协议。"))
        return redirect(there(row))
    approved, pools = line.approved_fen, queries.pools(row.round)
    data = small.posted(request)
    form = forms.AgreementForm(data, pools=pools, initial=_initial(row, approved, pools))
    lines = None
    if approved != row.grant_fen:
        lines = budgets.SETS["budget"](
            data, initial=reading.lines_of(row, "budget"), prefix="line",
            form_kwargs={"members": [(one.pk, one.name) for one in row.team.all()]},
        )  # fmt: skip
    told: Sequence[Finding] = ()
    if data is not None and form.is_valid() and (lines is None or lines.is_valid()):
        given = form.cleaned_data
        try:
            actions.draft(
                project=row, shares=form.shares(), account=form.account(), starts_on=given["starts_on"],
                ends_on=given["ends_on"], places=form.place_names(), terms=given["terms"],
                lines=_lines(lines), version=entries.version(request), by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已起草协议，资金已从资金池占用。请打印，各方签署。"))
            return redirect(there(row))
    return _form_page(request, row, form, lines, told, approved)


def _lines(lines: Any) -> list[dict[str, Any]] | None:
    if lines is None:
        return None
    return [forms.priced(one.cleaned_data) for one in lines
            if one.cleaned_data and not one.cleaned_data.get("DELETE")]  # fmt: skip


def _initial(row: Project, approved: int, pools: Sequence[Any]) -> dict[str, Any]:
    body = row.sponsor_id or row.organization_id
    told: dict[str, Any] = {
        "starts_on": row.starts_on or row.round.runs_from, "ends_on": row.ends_on or row.round.runs_to,
        "places": row.area.name if row.area is not None else "", "account_name": bodies.names([body]).get(body, ""),
    }  # fmt: skip
    enough = next((pool for pool in pools if pool.left_fen >= approved), None)
    if enough is not None:
        told[f"pool_{enough.pk}"] = approved
    return told


def _form_page(
    request: HttpRequest, row: Project, form: Any, lines: Any, told: Sequence[Finding], approved: int
) -> HttpResponse:
    fields, bound = describe(form, told), request.method == "POST"
    title = _("起草协议")
    money = [fields[f"pool_{pool.pk}"] for pool in form.pools]
    names = ("starts_on", "ends_on", "places", "terms")
    return render(request, "funding/agreement_new.html", {
        "title": title, "crumbs": small.crumbs(*steps(row), (title, "")), "project": row, "approved": approved,
        "groups": [(_("从哪个资金池"), money),
                   (_("收款账户"), [fields[name] for name in ("account_name", "account_bank", "account_number")]),
                   (_("实施"), [fields[name] for name in names])],
        "management": list(describe(lines.management_form).values()) if lines is not None else [],
        "lines": [list(describe(one).values()) for one in lines] if lines is not None else [],
        "problems": [*problems(form, told), *(p for one in lines or () for p in problems(one))], "back": there(row),
        "version": request.POST.get("version", row.version) if bound else row.version,
    }, status=422 if bound else 200)  # fmt: skip


def _agreement(request: HttpRequest, key: int) -> Agreement:
    row = queries.visible(request.user, key)
    if row is None:
        raise Http404
    return row


@doors.needs(Permission.CONFIRM)
@require_http_methods(small.METHODS)
def sign(request: HttpRequest, key: int) -> HttpResponse:
    """All parties have signed: the document takes its number, the instalments are planned."""
    row = _agreement(request, key)
    form = forms.SignForm(small.posted(request), initial={"signed_on": clock.today()})

    def write() -> Agreement:
        return actions.sign(agreement=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("登记签订"), form, write, name=row.project.title, back=there(row.project),
        steps=steps(row.project), button=_("登记签订"), done=_("已登记签订，分期拨付计划已排好。"),
        note=_("请先核对各方都已签字盖章，并把扫描件传到协议的文件里。登记以后，协议按终止办理，不能取消。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def start(request: HttpRequest, key: int) -> HttpResponse:
    """The project begins to run."""
    row = _agreement(request, key)
    form = forms.StartForm(small.posted(request), initial={"started_on": clock.today()})

    def write() -> Agreement:
        return actions.start(agreement=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("开始实施"), form, write, name=row.project.title, back=there(row.project),
        steps=steps(row.project), button=_("开始实施"), done=_("项目已开始实施。"),
        note=_("首期资金安排好以后才能开始；首期以开始实施为条件的，可以先开始。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def cancel(request: HttpRequest, key: int) -> HttpResponse:
    """Give a draft up."""
    row = _agreement(request, key)
    form = ReasonForm(small.posted(request))

    def write() -> Agreement:
        return actions.cancel(agreement=row, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(
        request, _("取消协议"), form, write, name=row.project.title, back=there(row.project),
        steps=steps(row.project), danger=True, button=_("取消协议"), done=_("已取消，资金退回资金池。"),
        note=_("取消以后可以重新起草。"),
    )  # fmt: skip


@doors.needs(Permission.OWN_CERTIFY)
@require_http_methods(small.METHODS)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """The body gives its award up before it has signed."""
    row = projects.seen(request, pk)
    form = forms.DeclineForm(small.posted(request))

    def write() -> Project:
        return actions.decline(project=row, **form.cleaned_data, version=entries.version(request),
                               by=doors.person(request), at=clock.now())  # fmt: skip

    return small.entered(
        request, _("放弃立项"), form, write, name=row.title, back=there(row), steps=steps(row), danger=True,
        button=_("放弃立项"), done=_("已放弃立项，名额和资金已退回。"), version=row.version,
        onward=lambda made: projects.there(row), note=_("放弃以后不能恢复，资金留给候补的项目。"),
    )  # fmt: skip


@doors.needs(Permission.EDIT)
@require_http_methods(small.METHODS)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft many agreements: one row a project whose approved amount is what its budget asks for."""
    row = rounds.run_by(request, pk)
    waiting: list[Any] = list(queries.listed(row, "none").filter(state="approved").select_related("round", "sponsor"))
    rows = [one for one in waiting if one.approved_fen == one.grant_fen]
    pools, bound = queries.pools(row), small.posted(request)
    names = bodies.names(one.sponsor_id or one.organization_id for one in rows)
    form = forms.BatchForm(
        bound, projects=rows, pools=pools,
        names={one.pk: names.get(one.sponsor_id or one.organization_id, "") for one in rows},
        initial={"starts_on": row.runs_from, "ends_on": row.runs_to},
    )  # fmt: skip
    kept: dict[int, str] = {}
    if bound is not None and form.is_valid():
        kept = _draft_many(request, form)
        if not kept:
            return redirect("funding:agreement_list", pk=row.pk)
    fields, title = describe(form), _("批量起草协议")
    back = reverse("funding:agreement_list", args=[row.pk])
    return render(request, "funding/agreement_batch.html", {
        "title": title, "round": row, "back": back,
        "crumbs": small.crumbs((row.title, small.there(row)), (_("签约"), back), (title, "")),
        "head": [fields["starts_on"], fields["ends_on"]],
        "rows": [(one, one.approved_fen, [fields[f"{name}_{one.pk}"] for name in ("pool", "name", "bank", "number")],
                  kept.get(one.pk, "")) for one in rows if bound is None or not kept or one.pk in kept],
        "others": [one for one in waiting if one.approved_fen != one.grant_fen], "problems": problems(form),
        "left": len(kept),
    }, status=422 if bound is not None else 200)  # fmt: skip


def _draft_many(request: HttpRequest, form: forms.BatchForm) -> dict[int, str]:
    """Draft the chosen ones; gives what keeps some back, by project."""
    wanted = []
    for one in form.chosen():
        pool, account = form.told(one)
        wanted.append(agreement_batches.Wanted(one, pool, one.grant_fen, account))
    told = form.cleaned_data
    done = agreement_batches.draft_many(wanted=wanted, starts_on=told["starts_on"], ends_on=told["ends_on"],
                                        by=doors.person(request), at=clock.now())  # fmt: skip
    made = sum(one.agreement is not None for one in done)
    if made:
        messages.success(request, _("已起草 {n} 份协议。").format(n=made))
    return {one.project.pk: "；".join(sentence(f) for f in one.findings) for one in done if one.agreement is None}
