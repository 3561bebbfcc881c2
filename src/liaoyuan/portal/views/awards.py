"""Lists of proposed projects while they are published (公示): for everybody; objecting without an account, following
an objection by its query number. Nothing of who objected is ever shown.
"""

from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from liaoyuan.core import clock, sensitive, zones
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import objections as actions
from liaoyuan.funding.models import AwardList, AwardObjection
from liaoyuan.funding.queries import awards, objecting, secrets
from liaoyuan.kit.findings import Refused
from liaoyuan.portal.forms.objections import NumberForm, ObjectForm
from liaoyuan.portal.views.frame import form_page, public_page, show
from liaoyuan.ui.forms import describe, problems


def _found(pk: int) -> AwardList:
    row = awards.public(pk, clock.today())
    if row is None:
        raise Http404
    return row


@public_page
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """One list, on the days of its publicity; before and after there is no such page."""
    row, today = _found(pk), clock.today()
    document = row.document
    check = document.check_code if document is not None else ""
    return show(request, "portal/award.html", {
        "title": row.title, "list": row, "shown": awards.shown(row, today),
        "left": (row.closes_on - today).days if row.closes_on is not None else 0,
        "check": f"{reverse('portal:verify_form')}?{urlencode({'code': check})}" if check else "", "indexed": False,
    })  # fmt: skip


def _named() -> bool:
    """Whether name and contact may be kept here and now."""
    kept = all(zones.allowed(settings.ZONE, one, zones.Op.STORE) for one in (secrets.OBJECTOR, secrets.CONTACT))
    return kept and sensitive.may_be_filled(clock.today())


@form_page
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to a list, or to one project on it. Sending is slowed down by address and by list."""
    row = _found(pk)
    lines = list(row.lines.all())
    named = _named()
    form = ObjectForm(request.POST or None, lines=lines, named=named, initial={"line": request.GET.get("line", "")})
    told: Any = ()
    if request.method == "POST" and form.is_bound and form.is_valid():
        if not ratelimit.consume(request, app="allauth.account", action="objection", key=str(pk)):
            return _slow(request)
        line = next((one for one in lines if one.pk == form.cleaned_data["line"]), None)
        try:
            made = actions.lodge(award_list=row, line=line, **form.told(), by=None, at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            return _done(request, row, made)
    return show(request, "portal/object.html", {
        "title": _("提出异议"), "list": row, "named": named, "fields": describe(form, told),
        "problems": problems(form, told), "back": reverse("portal:award", args=[pk]), "here": request.path,
        "indexed": False,
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


def _slow(request: HttpRequest) -> HttpResponse:
    """Too many in a short time, said in a sentence."""
    return show(request, "portal/too_many.html", {"title": _("请稍后再试"), "indexed": False}, status=429)


def _done(request: HttpRequest, row: AwardList, made: AwardObjection) -> HttpResponse:
    """The only page that shows the query number."""
    return show(request, "portal/object_done.html", {
        "title": _("异议已提交"), "list": row, "number": objecting.number_of(made), "due_on": made.due_on,
        "there": request.build_absolute_uri(reverse("portal:objection")), "indexed": False,
    })  # fmt: skip


@form_page
def objection(request: HttpRequest) -> HttpResponse:
    """Where an objection stands, by its query number. A wrong number and one that never was get the same answer."""
    if request.method != "POST":
        return _follow(request, NumberForm())
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _follow(request, form, status=422)
    if not ratelimit.consume(request, app="allauth.account", action="objection_query"):
        return _slow(request)
    row = objecting.by_number(form.cleaned_data["code"])
    if row is None:
        form.add_error("code", _("没有这个查询码。请核对提交异议时显示的查询码。"))
        return _follow(request, form, status=422)
    return _follow(request, form, row)


def _follow(
    request: HttpRequest, form: NumberForm, row: AwardObjection | None = None, *, status: int = 200
) -> HttpResponse:
    return show(request, "portal/objection.html", {
        "title": _("查询异议"), "fields": list(describe(form).values()), "problems": problems(form),
        "here": request.path, "row": row, **(_told(row) if row is not None else {}), "indexed": False,
    }, status=status)  # fmt: skip


def _told(row: AwardObjection) -> dict[str, Any]:
    """What whoever has the number may read: not who objected, for a number may be lost."""
    answered = row.answered_at is not None
    facts = [
        (_("名单"), row.award_list.title, ""), (_("对哪个项目"), objecting.about(row), ""),
        (_("内容"), objecting.kind_word(row), ""), (_("收到"), row.received_on, ""),
        (_("答复期限"), row.due_on, ""),
    ]  # fmt: skip
    if row.answered_at is not None:
        facts.append((_("答复日期"), localdate(row.answered_at), ""))
        if row.document is not None:
            facts.append((_("答复文号"), row.document.number, ""))
    issuer = row.award_list.document.issuer if row.award_list.document is not None else None
    return {
        "facts": facts, "state": objecting.state_words(row), "answer": row.answer if answered else "",
        "remedy": objecting.remedy_words(row) if answered else "", "appeal_due": objecting.appeal_due(row),
        "receiver": row.award_list.receiver, "phone": issuer.phone if issuer is not None else "",
    }  # fmt: skip
