"""Letters to the selected organizations as one batch, and blank forms of one organization."""

import secrets
from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.actions import document_batches
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.files import sending
from liaoyuan.core.queries import documents as queries
from liaoyuan.core.registries import DocumentKind
from liaoyuan.kit.files.kinds import MEDIA_TYPES
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.exports import blanks
from liaoyuan.registry.forms.letters import LettersForm
from liaoyuan.registry.models import Organization
from liaoyuan.registry.params.letters import BATCH_KINDS
from liaoyuan.registry.views.organizations import PAGE, selection
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render


@doors.needs(Core.DOCUMENT_DRAFT)
@require_POST
def letters(request: HttpRequest, code: str) -> HttpResponse:
    """From the ticked rows to the form, to the job that drafts a letter to each; `do` says that the form was sent."""
    kind = queries.kind_of(code)
    if kind is None or code not in BATCH_KINDS:
        raise Http404
    sent = request.POST.get("do") == "draft"
    back = f"{reverse(PAGE)}?{request.GET.urlencode()}"
    if sent:
        chosen = [int(pk) for pk in request.POST.get("chosen", "").split(",") if pk.isascii() and pk.isdigit()]
        chosen = list(Organization.objects.visible_to(request.user).filter(pk__in=chosen[: document_batches.MOST])
                      .order_by("pk").values_list("pk", flat=True))  # fmt: skip
    else:
        listing = selection(request)
        chosen = sorted(listing.ids()) if 0 < listing.count() <= document_batches.MOST else []
    if not chosen:
        messages.warning(request, _("请先勾选组织，一次最多 {n} 家。").format(n=document_batches.MOST))
        return redirect(back)
    action = f"{reverse('registry:letters', args=[code])}?{request.GET.urlencode()}"
    return batch_form(request, kind, chosen, back, action)


def batch_form(
    request: HttpRequest, kind: DocumentKind, chosen: Sequence[int], back: str, action: str, crumb: str = ""
) -> HttpResponse:  # fmt: skip
    """The form of a letter to each of the chosen bodies; sent, it asks for the job that drafts them."""
    sent = request.POST.get("do") == "draft"
    offices = list(queries.issuers(request.user))
    form = LettersForm(
        request.POST if sent else None, kind=kind, issuers=[(str(row.pk), str(row)) for row in offices],
        initial={field.name: field.default for field in kind.fields},
    )  # fmt: skip
    found: Sequence[Finding] = ()
    if sent and form.is_valid():
        try:
            _batch, job = document_batches.prepare(
                code=kind.code, keys=chosen, fields=form.values(),
                issuer=next(row for row in offices if str(row.pk) == form.cleaned_data["issuer"]),
                key=request.POST.get("key", "")[:40], by=doors.person(request), at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            found = refused.findings
        else:
            return redirect("core:job_detail", pk=job.pk)
    return render(
        request,
        "registry/letters_form.html",
        {
            "title": _(kind.title),
            "crumbs": [(crumb or _("社会组织"), back), (_(kind.title), "")],
            "fields": describe(form, found),
            "problems": problems(form, found),
            "n": len(chosen),
            "chosen": ",".join(map(str, chosen)),
            "key": request.POST.get("key", "")[:40] if sent else secrets.token_hex(16),
            "action": action,
            "back": back,
            "no_office": not offices,
        },
        status=422 if sent else 200,
    )


@doors.needs(Permission.VIEW, Permission.OWN_VIEW)
@require_safe
def blank(request: HttpRequest, pk: int, code: str, form: str) -> HttpResponseBase:
    """A paper form with what the register knows of the organization, as Word or PDF. It is kept nowhere."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    known = blanks.FORMS.get(code)
    if known is None or form not in ("docx", "pdf") or not known.fits(organization):
        raise Http404
    try:
        made = blanks.make(known, organization, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("registry:organization_detail", pk=pk)
    data = made.pdf if form == "pdf" else made.docx
    return sending.made(request, data, media_type=MEDIA_TYPES[form], name=f"{_(known.title)}.{form}")
