"""Documents of proposals: one kind for all that were ticked, and the decision that takes a body off a list."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.core import access, clock, doors, policy, registries
from liaoyuan.core.actions import document_batches
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.queries import documents as document_queries
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.actions import listing_letters as actions
from liaoyuan.registry.choices import CreditStatus, Permission
from liaoyuan.registry.forms.notes import RemovalLetterForm
from liaoyuan.registry.models import CreditEntry, ListingProposal, Organization, Standing
from liaoyuan.registry.params.listing_letters import BATCH_TITLES
from liaoyuan.registry.queries import annual_late
from liaoyuan.registry.views import records
from liaoyuan.registry.views.entries import small_form
from liaoyuan.registry.views.letters import batch_form
from liaoyuan.registry.views.proposals import asked


@doors.needs(Permission.CREDIT_EDIT)
@require_POST
def letters(request: HttpRequest, code: str) -> HttpResponse:
    """From the ticked proposals to the form, to the job that drafts a document for each."""
    kind = document_queries.kind_of(code)
    if kind is None or code not in BATCH_TITLES:
        raise Http404
    if not access.has(request.user, Core.DOCUMENT_DRAFT):
        raise PermissionDenied
    back = f"{reverse('registry:proposal_list')}?{request.GET.urlencode()}"
    chosen = _chosen(request)
    if not 0 < len(chosen) <= document_batches.MOST:
        messages.warning(request, _("请先勾选没有办结的建议，一次最多 {n} 件。").format(n=document_batches.MOST))
        return redirect(back)
    action = f"{reverse('registry:proposal_letters', args=[code])}?{request.GET.urlencode()}"
    return batch_form(request, kind, chosen, back, action, crumb=_("列入名单的建议"))


def _chosen(request: HttpRequest) -> list[int]:
    """The bodies of the ticked proposals that are open, or of all that the query finds; of those the user may see."""
    given = request.POST.get("chosen", "").split(",") if request.POST.get("do") == "draft" else None
    if given is not None:
        keys = [int(pk) for pk in given if pk.isascii() and pk.isdigit() and len(pk) < 16]
        rows = ListingProposal.objects.visible_to(request.user).filter(organization__in=keys)
    elif request.POST.get("all_matching"):
        rows = asked(request)[1]
    else:
        keys = [int(pk) for pk in request.POST.getlist("ids") if pk.isascii() and pk.isdigit() and len(pk) < 16]
        rows = ListingProposal.objects.visible_to(request.user).filter(pk__in=keys)
    return sorted(rows.open().order_by().values_list("organization", flat=True)[: document_batches.MOST + 1])


@doors.needs(Permission.CREDIT_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Draft the decision that takes a body off a list."""
    organization: Organization = records.seen_by(request.user, pk)
    covered = access.covers(request.user, Permission.CREDIT_EDIT, organization, write=True)
    if not covered or not access.has(request.user, Core.DOCUMENT_DRAFT):
        raise PermissionDenied
    entry = get_object_or_404(CreditEntry.objects.current(), pk=key, organization=organization)
    row = Standing.objects.now_open().select_related("registrar_area").get(organization=organization)
    form = RemovalLetterForm(request.POST if request.method == "POST" else None, initial=annual_late.proof_of(entry))
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        try:
            made = actions.draft_removal(
                entry=entry, by=doors.person(request), at=clock.now(), confirmed=bool(request.POST.get("confirmed")),
                **form.cleaned_data,
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已起草，等待核稿。"))
            return redirect("core:document_detail", made.pk)
    code = "CRD-03" if entry.list_kind == CreditStatus.SERIOUS else "LST-03"
    limits = policy.limits(clock.today(), policy.chain(row.registrar_area.path))
    rules = {"reason": _(registries.rules[code].statement)} if limits.is_on(code) else {}
    return small_form(
        request, _("起草移出决定书"), form, told, row.name, pk, button=_("起草"), rules=rules,
        asks=any(finding.severity == Severity.CONFIRM for finding in told),
    )  # fmt: skip
