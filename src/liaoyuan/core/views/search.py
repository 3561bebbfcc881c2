"""The one search box: the page of results with exact totals, and the suggestions while one types."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from liaoyuan.core import access, doors, registries, search
from liaoyuan.ui.pager import Query, paginate, whole_number
from liaoyuan.ui.pages import render
from liaoyuan.ui.texts import translated

PER_PAGE = 20
#: So many hits of a search in tables of its own are shown on the page, and below the box.
LIVE, SUGGESTED = 10, 4
#: Longer texts are cut: nobody types them, and what was pasted by mistake need not be looked for.
LONGEST = 100


class _Hits(Sequence[Any]):
    """The hits as the pager wants them: a total and slices."""

    def __init__(self, request: HttpRequest, text: str, kind: str | None) -> None:
        self.user, self.text, self.kind = request.user, text, kind
        self.total = search.find(text, user=self.user, kind=kind, limit=1).total if text else 0

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, part: Any) -> Any:
        return search.find(
            self.text, user=self.user, kind=self.kind, limit=part.stop - part.start, offset=part.start
        ).hits


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST]


def _line(hit: search.Hit) -> dict[str, str]:
    entry = registries.searchables[hit.kind]
    return {
        "title": hit.title,
        "code": hit.code,
        "matched": hit.matched,
        "kind": str(entry.title),
        "href": reverse(entry.url_name, args=[hit.object_id]),
    }


def _live(request: HttpRequest, text: str, kind: str | None, limit: int) -> list[dict[str, Any]]:
    """Hits of the searches in tables of their own; one whose permission the user lacks is not asked at all."""
    if not text or kind:
        return []
    found = []
    for source in registries.live_searches.values():
        if access.has(request.user, source.permission):
            total, hits = source.find(request.user, text, limit)
            if total:
                found.append({"title": source.title, "total": total, "hits": hits, "href": source.listed(text)})
    return found


@doors.login
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Everything the user may see that holds the text: names, former names, codes, pinyin, initials."""
    text = _asked(request)
    kind = request.GET.get("kind") if request.GET.get("kind") in registries.searchables else None
    page = paginate(_Hits(request, text, kind), Query(request), whole_number(request.GET.get("page"), 1), PER_PAGE)
    title = _("搜索“%(text)s”") % {"text": text} if text else _("搜索")
    return render(
        request,
        "core/search_results.html",
        {
            "title": title,
            "text": text,
            "page": page,
            "hits": [_line(hit) for hit in page.items],
            "live": _live(request, text, kind, LIVE),
        },
    )


@doors.login
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """The first hits as links below the box; nothing for an empty text."""
    text = _asked(request)
    hits = search.first(text, user=request.user) if text else []
    lines = [_line(hit) for hit in hits]
    for section in _live(request, text, None, SUGGESTED):
        word = translated(section["title"])
        lines += [{"title": hit.title, "code": f"{word} {hit.note}", "matched": "", "kind": section["title"],
                   "href": hit.url} for hit in section["hits"]]  # fmt: skip
    return render(request, "core/search_suggest.html", {"hits": lines, "title": ""})
