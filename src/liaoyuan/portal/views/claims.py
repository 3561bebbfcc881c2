"""Claiming a body's account (认领): a form for everybody, and the code that its sender keeps.

The page and its answer are the same whether the body has an account or not.
"""

from typing import Any

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import clock, sensitive
from liaoyuan.kit.findings import Refused
from liaoyuan.portal.forms.claims import ClaimForm
from liaoyuan.portal.queries import organizations as queries
from liaoyuan.portal.views.frame import form_page, show
from liaoyuan.registry.actions import claims
from liaoyuan.registry.params.claims import CLAIM_DAYS, CLAIM_WORKDAYS, NOTICE_MESSAGES
from liaoyuan.registry.queries.claims import answer_by
from liaoyuan.ui.forms import describe, problems


@form_page
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the account of a live body. Sending is slowed down by address and by body."""
    found = queries.public(pk, clock.today()) if pk < 2**63 else None
    if found is None or not found.is_live:
        raise Http404
    form = ClaimForm(request.POST or None, mobile=sensitive.may_be_filled(clock.today()))
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        if not ratelimit.consume(request, app="allauth.account", action="claim", key=str(pk)):
            return HttpResponse(status=429)
        try:
            receipt = claims.submit(organization=pk, told=form.told(), at=clock.now())
        except Refused as refused:
            told = refused.findings
        else:
            return _done(request, found.standing.name, receipt)
    return show(
        request,
        "portal/claim.html",
        {
            "title": _("申请开通账号"),
            "name": found.standing.name,
            "office": found.standing.registrar,
            "back": reverse("portal:organization", args=[pk]),
            "here": request.path,
            "fields": describe(form, told),
            "problems": problems(form, told),
            "notice": [_(sentence) for sentence in NOTICE_MESSAGES],
            "days": CLAIM_WORKDAYS,
            "indexed": False,
        },
        status=422 if request.method == "POST" else 200,
    )


def _done(request: HttpRequest, name: str, receipt: claims.Receipt) -> HttpResponse:
    """The only page that ever shows the code."""
    return show(
        request,
        "portal/claim_done.html",
        {
            "title": _("申请已提交"),
            "name": name,
            "code": receipt.code,
            "number": receipt.claim.pk,
            "last": answer_by(receipt.claim),
            "workdays": CLAIM_WORKDAYS,
            "days": CLAIM_DAYS,
            "there": request.build_absolute_uri(reverse("core:invitation_accept")),
            "indexed": False,
        },
    )
