"""F24: the register of venues as workbook, CSV or JSON. The same rows give the same bytes, and come in unchanged."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import access, reads
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.queries import files
from liaoyuan.kit.sheets import writing
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.params.venue_sheets import VENUES
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import venues as queries

FORMS = ("xlsx", "csv", "json")


def write_venues(rows: Any, *, path: Path, form: str, by: Actor, at: datetime) -> int:
    """Write F24 of venues that `by` may see and log it; returns the number of rows."""
    access.require(by, Permission.EXPORT)
    found = list(rows.select_related("party_organization__area").order_by("name", "pk"))
    names = reading.names(row.party_organization_id for row in found)
    photos = files.of_subjects("venue", [row.pk for row in found])
    lines = [
        {
            "name": row.name, "party": names.get(row.party_organization_id, ""), "address": row.address,
            "square_metres": row.square_metres, "provider": row.provider,
            "shared_by": "、".join(line.strip() for line in row.shared_by.splitlines() if line.strip()),
            "hours": row.hours, "keeper": row.keeper, "equipment": row.equipment, "signs": "、".join(row.signs),
            "photos": len(photos.get(str(row.pk), ())), "is_open": _("可预约") if row.is_open else "",
        }
        for row in found
    ]  # fmt: skip
    on = localdate(at)
    notes = [[_("数据日期"), on.isoformat()]]
    count = writing.write_form(path, form, VENUES, lines, sheet=_("阵地登记表"), notes=notes)
    reads.exported("venues", rows=count, by=by, at=at, reason="", sensitive=False,
                   filters={"on": on.isoformat(), "form": form, "kind": queries.FILES.kind})  # fmt: skip
    return count
