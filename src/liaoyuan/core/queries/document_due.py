"""Documents as work that waits: one line for those to be read over, one for those to be signed."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries, sessions
from liaoyuan.core.access import Reach
from liaoyuan.core.choices import DocumentState, Permission, Separation
from liaoyuan.core.models import Document
from liaoyuan.core.registries import DueItem, DueSource


def waiting(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """What others drafted and this person may read over or sign; at the level trial one's own drafts, too.

    Asked in one statement: the bell asks it on every page.
    """
    drafts, signs = (access.reach(user, p) for p in (Permission.DOCUMENT_DRAFT, Permission.DOCUMENT_ISSUE))
    if not drafts and not signs:
        return [], 0
    reviewed = [kind.code for kind in registries.document_kinds.values() if kind.reviewed]
    may_sign, may_review = _within(signs), _within(drafts) | _within(signs)
    to_review = Q(state=DocumentState.DRAFT, code__in=reviewed) & may_review
    unread = Q(state=DocumentState.DRAFT) & ~Q(code__in=reviewed)
    to_sign = (Q(state=DocumentState.REVIEWED) | unread) & may_sign
    others = ~Q(drafted_by=user) | Q(drafted_by__isnull=True)
    told = Document.objects.filter(to_review | to_sign).aggregate(
        review=Count("pk", filter=to_review & others), sign=Count("pk", filter=to_sign & others),
        all_review=Count("pk", filter=to_review), all_sign=Count("pk", filter=to_sign),
    )  # fmt: skip
    own = (told["all_review"], told["all_sign"]) != (told["review"], told["sign"])
    if own and sessions.installation().level(on) == Separation.TRIAL:
        told |= {"review": told["all_review"], "sign": told["all_sign"]}
    items = []
    address = reverse("core:document_list")
    if told["sign"]:
        title = _("文书待签发：{n} 份").format(n=told["sign"])
        items.append(DueItem(title, None, f"{address}?state=reviewed", _("去签发"), code="document_sign"))
    if told["review"]:
        title = _("文书待核稿：{n} 份").format(n=told["review"])
        items.append(DueItem(title, None, f"{address}?state=draft", _("去核稿"), code="document_review"))
    return items[:limit], len(items)


def _within(reach: Reach) -> Q:
    """Documents of offices' areas that a permission covers."""
    found = Q(pk__isnull=False) if reach.everything else Q(pk__in=[])
    for path in reach.paths:
        found |= Q(area__path__startswith=path, issuer__area__path__startswith=path)
    return found


SOURCES = (DueSource("core.documents", "文书", "", waiting),)
