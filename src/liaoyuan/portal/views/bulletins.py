"""Public notices and their attachments."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from liaoyuan.core import clock
from liaoyuan.core.files import sending
from liaoyuan.core.models import Notice
from liaoyuan.core.queries import notices as queries
from liaoyuan.portal.views.frame import public_page, show
from liaoyuan.ui.pager import Page, Query, paginate, whole_number


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """What is announced to everybody."""
    page: Page[Notice] = paginate(
        queries.public(clock.today()).select_related("area"), Query(request), whole_number(request.GET.get("page"), 1),
        20,
    )  # fmt: skip
    return show(request, "portal/bulletins.html", {"title": _("通知公告"), "page": page})


def _find(pk: int) -> Notice:
    found = queries.public(clock.today()).select_related("area").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@public_page
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice to everybody."""
    notice = _find(pk)
    return show(request, "portal/bulletin.html", {
        "title": notice.title, "notice": notice, "paragraphs": queries.paragraphs(notice.text),
        "files": queries.files_of(notice),
    })  # fmt: skip


@public_page
def file(request: HttpRequest, pk: int, key: int) -> HttpResponseBase:
    """An attachment of a notice to everybody."""
    found = queries.content(_find(pk), key)
    if found is None:
        raise Http404
    return sending.send(request, found.content, found.size, media_type=found.media_type, name=found.name, inline=False,
                        mark=found.mark)  # fmt: skip
