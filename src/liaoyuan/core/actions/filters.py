"""Saved filters: a query kept under a name by one user for one page. A convenience, so it writes no event."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core.models import SavedFilter, User
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity

#: How many a user may keep for one page.
MOST = 30
_LONGEST = 1000


@transaction.atomic
def save(*, by: User, page: str, name: str, query: str) -> SavedFilter:
    """Keep a query string under a name; the same name is written over. Page number and empty values are left out.

    Refused without a name, with a query longer than a field holds, and past `MOST` filters for the page.
    """
    name = name.strip()[:40]
    kept = urlencode([(k, v) for k, v in parse_qsl(query.lstrip("?")) if k != "page" and v])
    if not name:
        raise Refused([note("FILTER-NAME", Severity.BLOCK, _("请给这个查询起一个名称。"), field_name="name")])
    if len(kept) > _LONGEST:
        raise Refused([note("FILTER-LONG", Severity.BLOCK, _("查询条件太长，无法保存。"), field_name="name")])
    own = SavedFilter.objects.select_for_update().filter(user=by, page=page)
    if not own.filter(name=name).exists() and own.count() >= MOST:
        raise Refused([note("FILTER-MANY", Severity.BLOCK, _("最多保存 {most} 个查询，请先删掉不用的。"), most=MOST)])
    saved, _made = SavedFilter.objects.update_or_create(user=by, page=page, name=name, defaults={"query": kept})
    return saved


@transaction.atomic
def delete(*, by: User, pk: int) -> None:
    """Drop one of one's own saved filters; another's or a missing one is left alone."""
    SavedFilter.objects.filter(user=by, pk=pk).delete()
