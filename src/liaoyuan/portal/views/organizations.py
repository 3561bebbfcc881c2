"""The public page of one organization."""

from datetime import timedelta
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import clock
from liaoyuan.kit.identifiers import mask_name
from liaoyuan.portal.queries import organizations as queries
from liaoyuan.portal.views.frame import address, public_page, show
from liaoyuan.registry.choices import (
    CREDIT_TITLES,
    FIELD_TITLES,
    HONOUR_LEVEL_TITLES,
    KIND_TITLES,
    STATUS_TITLES,
    CreditStatus,
    Kind,
    Status,
)
from liaoyuan.registry.models import BEGINNING, OPEN
from liaoyuan.registry.queries.matching import dated
from liaoyuan.registry.queries.merging import successor

_STATES = {Status.ACTIVE: "ok", Status.LIQUIDATING: "review"}


@public_page
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Registry facts that everybody may read; a closed body's page says so."""
    found = queries.public(pk, clock.today()) if pk < 2**63 else None
    if found is None:
        into = successor(pk) if pk < 2**63 else None
        if into is not None and queries.public(into, clock.today()) is not None:
            return redirect("portal:organization", pk=into)
        raise Http404
    standing = found.standing
    code = segno.make(address(request), error="m", micro=False)
    response = show(request, "portal/organization.html", {
        "title": _("%(name)s - 社会组织名录") % {"name": standing.name},
        "name": standing.name,
        "found": found,
        "closed_on": _day(found, "closed_on"),
        "state": (_STATES.get(Status(standing.status), "closed"), _(STATUS_TITLES[Status(standing.status)])),
        "kind": _(KIND_TITLES[standing.kind]),  # type: ignore[index]
        "facts": [pair for pair in _facts(found) if pair[1]],
        "rating": _period(found.rating) if found.rating else None,
        "honours": [(h.title, _(HONOUR_LEVEL_TITLES[h.level]), h.issuer, h.valid_from) for h in found.honours],
        "credits": [
            (_(CREDIT_TITLES[CreditStatus(entry.list_kind)]), entry.valid_from, entry.reason)
            for entry in found.credits
        ],
        "former": [
            (name, "" if begin == BEGINNING else begin.isoformat(), end.isoformat())
            for name, begin, end in found.former
        ],
        "relatives": _relatives(found),
        "qr": code.svg_data_uri(scale=4, border=2),
        "today": clock.today(),
    })  # fmt: skip
    if found.volunteers:
        response.headers["Cache-Control"] = "no-cache"  # a consent that is withdrawn takes the name off at once
    return response


def _day(found: queries.Public, column: str) -> str:
    return dated(getattr(found.organization, column), found.standing.precision, column) or ""


def _facts(found: queries.Public) -> list[tuple[str, Any, str]]:
    """Registry facts in words. The head's name is masked, telephone and address are not public."""
    standing, filed = found.standing, found.standing.kind == Kind.BA
    place = " ".join(area.name for area in (standing.street, standing.community) if area)
    qualities = [
        word
        for word, held in ((_("慈善组织"), standing.is_charity), (_("公开募捐资格"), standing.public_fundraising))
        if held
    ]
    return [
        (_("统一社会信用代码"), found.organization.code, ""),
        (_("备案号"), found.organization.filing_no, ""),
        (_("类型"), _(KIND_TITLES[standing.kind]), ""),  # type: ignore[index]
        (_("登记管理机关"), standing.registrar, ""),
        (_("业务主管单位"), standing.supervisor, ""),
        (_("指导单位"), standing.guidance_unit, ""),
        (_("负责人") if filed else _("法定代表人"), mask_name(standing.legal_representative), ""),
        (_("所在街道和社区"), place, ""),
        (_("备案日期") if filed else _("成立日期"), _day(found, "registered_on"), ""),
        (_("终止日期"), _day(found, "closed_on"), ""),
        (_("证书有效期"), _span(standing.certificate_from, standing.certificate_to), ""),
        (_("备案有效期至"), standing.filing_to.isoformat() if standing.filing_to else "", ""),
        (_("行业"), _(FIELD_TITLES[standing.field]) if standing.field else "", ""),
        (_("资格"), "、".join(qualities), ""),
        (_("业务范围"), standing.scope, ""),
    ]


def _span(begin: Any, end: Any) -> str:
    if not (begin or end):
        return ""
    return _("%(begin)s 至 %(end)s") % {"begin": begin or "—", "end": end or "—"}


def _period(rating: Any) -> tuple[str, str]:
    """The level and how long it holds."""
    begin = "" if rating.assumed else rating.valid_from.isoformat()
    if rating.valid_to != OPEN:
        end = (rating.valid_to - timedelta(days=1)).isoformat()
        return rating.level, _("有效期 %(begin)s 至 %(end)s") % {"begin": begin or "—", "end": end}
    return rating.level, _("自 %(begin)s 起") % {"begin": begin} if begin else _("有效期未登记")


def _relatives(found: queries.Public) -> list[tuple[str, str, str]]:
    """(word, name, address) of the body before and those after."""
    told = []
    if found.predecessor:
        told.append((_("前身"), found.predecessor[1], reverse("portal:organization", args=[found.predecessor[0]])))
    told += [(_("后继"), name, reverse("portal:organization", args=[key])) for key, name in found.successors]
    return told
