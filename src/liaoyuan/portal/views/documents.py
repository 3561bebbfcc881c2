"""Checking an issued document by its code, and the notices that stand (公示): for everybody, nothing of class C3."""

from typing import Any

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from liaoyuan.core import clock
from liaoyuan.core.models import Document
from liaoyuan.core.queries import documents as queries
from liaoyuan.core.registries import DocumentKind
from liaoyuan.funding.queries import publicity
from liaoyuan.portal.forms.documents import CheckForm
from liaoyuan.portal.queries import annual
from liaoyuan.portal.views.annual import title_of
from liaoyuan.portal.views.frame import form_page, public_page, show
from liaoyuan.ui.forms import describe
from liaoyuan.ui.pager import Query, paginate, whole_number

_PER_PAGE = 20


@form_page
def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """What the office registered under a check code: number, title, office, day, hash, and whether it still holds.

    A wrong code, one of a draft and one that never was get the same answer. Asking is slowed down by address.
    """
    given = (code or request.GET.get("code", ""))[:40].strip()
    if not given:
        return _page(request, "", None)
    if not ratelimit.consume(request, app="allauth.account", action="verify", limit_get=True):
        return HttpResponse(status=429)
    return _page(request, given, queries.checked(given))


def _page(request: HttpRequest, given: str, row: Document | None) -> HttpResponse:
    return show(
        request,
        "portal/verify.html",
        {
            "title": _("文书核验"),
            "fields": list(describe(CheckForm(initial={"code": given})).values()),
            "given": given,
            "row": row,
            "facts": _facts(row) if row is not None else [],
            "withdrawn": row is not None and row.state == "withdrawn",
            "action": reverse("portal:verify_form"),
            "indexed": False,
        },
        status=200 if row is not None or not given else 404,
    )  # fmt: skip


def _facts(row: Document) -> list[tuple[str, Any, str]]:
    kind = queries.kind_of(row.code)
    sealed = queries.is_sealed(row)
    return [
        (_("标题"), (_(kind.title) if kind else "") if sealed else row.title, ""),
        (_("文号"), row.number, ""),
        (_("发文机关"), row.issuer.name, ""),
        (_("成文日期"), row.dated_on, ""),
        (_("对象"), "" if sealed else row.subject_label, ""),
        (_("PDF 文件的 SHA-256"), row.pdf.sha256 if row.pdf else "", _("与手里的文件的散列相同，内容就没有改动")),
        (_("PDF 文件的 SM3"), row.pdf.sm3 if row.pdf else "", ""),
    ]


@public_page
def notices(request: HttpRequest) -> HttpResponse:
    """The notices that stand today, those that end first before the others."""
    found = queries.notices(clock.today())
    page = paginate(found, Query(request), whole_number(request.GET.get("page"), 1), _PER_PAGE)
    return show(
        request,
        "portal/notice_list.html",
        {
            "title": _("公示"),
            "page": page,
            "notices": [(row, queries.term_of(row)) for row in page.items],
            "rounds": [(row, title_of(row)) for row in annual.standing(clock.today())],
            "awards": publicity.standing(clock.today()),
            "today": clock.today(),
        },
    )


@public_page
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice, while it stands."""
    row = next((row for row in queries.notices(clock.today()) if row.document_id == pk), None)
    if row is None:
        raise Http404
    document = row.document
    kind = queries.kind_of(document.code)
    told = {} if queries.is_sealed(document) else queries.snapshot_of(document)
    return show(
        request,
        "portal/notice.html",
        {
            "title": document.title,
            "document": document,
            "span": queries.term_of(row),
            "workdays": row.workdays,
            "paragraphs": _paragraphs(kind, told),
            "facts": [
                (_("异议受理人"), told.get("receiver", ""), ""),
                (_("电话"), told.get("office_phone", ""), ""),
                (_("异议渠道"), told.get("mail", ""), ""),
            ],
            "check": f"{reverse('portal:verify_form')}?{urlencode({'code': document.check_code})}",
        },
    )


def _paragraphs(kind: DocumentKind | None, told: dict[str, Any]) -> list[str]:
    """The long texts of the notice, paragraph by paragraph."""
    names = [field.name for field in kind.fields if field.kind == "long"] if kind is not None else []
    return [line for name in names for line in str(told.get(name, "")).splitlines() if line.strip()]
