"""F04 on the page with totals, cross-checks and ways to the records; as a workbook; the pack for an inspection."""

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.party.actions import packs
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.exports import statutory as exports
from liaoyuan.party.forms.coverage import AreaForm
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import coverage_stats as stats
from liaoyuan.party.queries import statutory as queries
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.party.views.coverage import asked_of
from liaoyuan.ui import forms as shown
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

#: A larger table is written by a job.
MOST = 2000


class _Lines:
    """The lines of F04, a page at a time."""

    ordered = True

    def __init__(self, asked: Asked, exactly: bool) -> None:
        self.asked, self.exactly = asked, exactly
        self.rows = figures.base(asked).order_by("name", "organization_id")

    def count(self) -> int:
        """How many bodies there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        """The lines of a slice."""
        found = queries.lines(self.asked, list(self.rows[part]), exactly=self.exactly)
        return [{"pk": line.pk, "party_key": line.party, **line.cells} for line in found]


def _columns(asked: Asked) -> tuple[Column, ...]:
    day = urlencode({"as_of": asked.on.isoformat()})

    def body(line: Any) -> str:
        return f"{reverse('party:organization_panel', args=[line['pk']])}?{day}"

    def party(line: Any) -> str:
        return f"{reverse('party:organization_detail', args=[line['party_key']])}?{day}" if line["party_key"] else ""

    of_party = ("party", "evidence", "established", "secretary", "secretary_from", "term", "form")
    register = ("staff", "full_time", "kind")
    found = []
    for key, title in queries.COLUMN_TITLES.items():
        link = party if key in of_party else _register if key in register else body
        kind: Any = "date" if key in ("established", "term") else "text"
        found.append(Column(key, _(title), kind=kind, fixed=key == "name", link=link))
    return tuple(found)


def _register(line: Any) -> str:
    return reverse("registry:organization_detail", args=[line["pk"]])


@doors.needs(Permission.STATS)
@require_safe
def page(request: HttpRequest) -> HttpResponse | FileResponse:
    """F04 of an area on a day."""
    form, asked = asked_of(request, AreaForm)
    exactly = stats.exact(request.user, asked.area)
    if request.GET.get("format") == "xlsx":
        return _download(request, asked)
    state = TableState.from_request(request, _columns(asked), per_page=50)
    told = queries.totals(asked, exactly=exactly)
    whole, _cells = figures.figures(asked)
    return render(request, "party/statutory.html", {
        "title": _("社会组织党建统计表"), "form": shown.describe(form), "problems": shown.problems(form),
        "asked": asked,
        "table": state.table(_Lines(asked, exactly)), "exactly": exactly,
        "totals": [(_(queries.COLUMN_TITLES[name]), told[name], _total_href(asked)) for name in queries.NUMBERS],
        "checks": queries.checks(asked, told, whole),
        "exports": access.has(request.user, Permission.EXPORT),
        "large": told["rows"] > MOST,
    }, status=200 if form.is_valid() else 422)  # fmt: skip


def _total_href(asked: Asked) -> str:
    told = {"shown": "base", "area": asked.area.code, "as_of": asked.on.isoformat()}
    return f"{reverse('party:coverage_bodies')}?{urlencode(told)}"


def _name(asked: Asked, what: str, form: str) -> str:
    return f"{asked.area.name}{what}{asked.on.isoformat()}.{form}"


def _download(request: HttpRequest, asked: Asked) -> FileResponse:
    if not access.has(request.user, Permission.EXPORT):
        raise PermissionDenied(str(Permission.EXPORT))
    with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
        path = Path(folder) / "f04.xlsx"
        exports.write(asked, path, by=doors.person(request))
        return FileResponse(path.open("rb"), as_attachment=True, filename=_name(asked, "党建统计表", "xlsx"))


@doors.needs(Permission.EXPORT)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have F04 or the pack for an inspection made by a job."""
    _form, asked = asked_of(request, AreaForm, request.POST)
    pack = request.POST.get("kind") == "pack"
    name = _name(asked, "党建迎检包" if pack else "党建统计表", "zip" if pack else "xlsx")
    job = packs.ask(kind="party.pack" if pack else "party.statutory", area=asked.area, on=asked.on, name=name,
                    by=doors.person(request), at=clock.now())  # fmt: skip
    return redirect("core:job_detail", job.pk)
