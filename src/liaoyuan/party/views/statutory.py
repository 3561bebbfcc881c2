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
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.party.actions import packs
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.exports import statutory as exports
from liaoyuan.party.forms.coverage import AreaForm
from liaoyuan.party.forms.declarations import CellForm
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import coverage_stats as stats
from liaoyuan.party.queries import statutory as queries
from liaoyuan.party.queries import statutory_cells as cells
from liaoyuan.party.queries import statutory_checks as checking
from liaoyuan.party.queries import uncovered
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.party.queries.organizations import body_names, opened
from liaoyuan.party.views.coverage import asked_of
from liaoyuan.ui import forms as shown
from liaoyuan.ui import texts
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

#: A larger table is written by a job.
MOST = 2000


class _Lines:
    """The lines of F04, a page at a time."""

    ordered = True

    def __init__(self, asked: Asked, exactly: bool, user: Any) -> None:
        self.asked, self.exactly, self.user = asked, exactly, user
        self.rows = figures.base(asked).order_by("name", "organization_id")

    def count(self) -> int:
        """How many bodies there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        """The lines of a slice."""
        found = queries.lines(self.asked, list(self.rows[part]), exactly=self.exactly)
        seen = opened(self.user, [line.party for line in found])
        return [{"pk": line.pk, "party_key": line.party if line.party in seen else None, **line.cells}
                for line in found]  # fmt: skip


def _columns(asked: Asked, exactly: bool) -> tuple[Column, ...]:
    day = urlencode({"as_of": asked.on.isoformat()})

    def records(key: str) -> Any:
        return lambda line: _cell(asked, key, line["pk"]) if line[key] not in (0, None, "") else body(line)

    def body(line: Any) -> str:
        return f"{reverse('party:organization_panel', args=[line['pk']])}?{day}"

    def party(line: Any) -> str:
        return f"{reverse('party:organization_detail', args=[line['party_key']])}?{day}" if line["party_key"] else ""

    of_party = ("party", "evidence", "established", "secretary", "secretary_from", "term", "form")
    register = ("staff", "full_time", "kind")
    opens = [name for name in cells.COLUMNS if exactly or name not in queries.OF_MEMBERS]
    found = []
    for key, title in queries.COLUMN_TITLES.items():
        link = party if key in of_party else _register if key in register else body
        if key in opens and key not in of_party:
            link = records(key)
        kind: Any = _KINDS.get(key, "text")
        found.append(Column(key, _(title), kind=kind, fixed=key == "name", link=link))
    return tuple(found)


_KINDS = {"established": "date", "term": "date", "budget": "wan"}


def _cell(asked: Asked, column: str, body: int | None = None) -> str:
    told = {"column": column, "body": body, "area": asked.area.code, "as_of": asked.on.isoformat()}
    return f"{reverse('party:statutory_cell')}?{urlencode({n: v for n, v in told.items() if v})}"


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
    state = TableState.from_request(request, _columns(asked, exactly), per_page=50)
    told = queries.totals(asked, exactly=exactly)
    whole, _cells = figures.figures(asked)
    return render(request, "party/statutory.html", {
        "title": _("社会组织党建统计表"), "form": shown.describe(form), "problems": shown.problems(form),
        "asked": asked,
        "table": state.table(_Lines(asked, exactly, request.user)), "exactly": exactly,
        "totals": [(_(queries.COLUMN_TITLES[name]), _shown(name, told[name]), _behind(asked, name, exactly))
                   for name in queries.NUMBERS],
        "groups": (queries.group_words(told), _behind(asked, "groups", exactly)),
        "checks": checking.checks(asked, told, whole),
        "year": [(title, text, _behind(asked, name, exactly)) for title, text, name in
                 checking.year(asked, told, whole)],
        "notes": [(_(queries.COLUMN_TITLES[name]), _(note)) for name, note in queries.NOTE_TITLES.items()],
        "exports": access.has(request.user, Permission.EXPORT),
        "large": told["rows"] > MOST,
    }, status=200 if form.is_valid() else 422)  # fmt: skip


def _shown(name: str, value: Any) -> str:
    return texts.wan(value) if name == "budget" else value if value == "*" else texts.number(value)


def _behind(asked: Asked, name: str, exactly: bool) -> str:
    """Where the records of a total open: its own list, else the bodies that were counted."""
    if name in cells.COLUMNS and (exactly or name not in queries.OF_MEMBERS):
        return _cell(asked, name)
    shown_ = name if name in uncovered.SHOWN_TITLES else "base"
    told = {"shown": shown_, "area": asked.area.code, "as_of": asked.on.isoformat()}
    return f"{reverse('party:coverage_bodies')}?{urlencode(told)}"


CELL_COLUMNS = (
    Column("name", gettext_lazy("名称"), fixed=True, link=lambda line: line.href),
    Column("party", gettext_lazy("党组织")),
    Column("body", gettext_lazy("所在组织")),
    Column("words", gettext_lazy("情况")),
    Column("on", gettext_lazy("日期"), kind="date"),
)


@doors.needs(Permission.STATS)
@require_safe
def cell(request: HttpRequest) -> HttpResponse:
    """The records behind a cell of F04, of one body or of all. Whoever sees no roster is refused those of persons."""
    form, asked = asked_of(request, CellForm, column="members")
    chosen = form.cleaned_data if form.is_valid() else {}
    column = chosen.get("column") or "place"
    if column in queries.OF_MEMBERS and not stats.exact(request.user, asked.area):
        raise PermissionDenied(str(Permission.MEMBERS_VIEW))
    listing = cells.Listing(request.user, asked, column, chosen.get("body"))
    state = TableState.from_request(request, CELL_COLUMNS, per_page=50)
    table = state.table(listing)
    fields = shown.describe(form)
    back = f"{reverse('party:statutory')}?{urlencode({'area': asked.area.code, 'as_of': asked.on.isoformat()})}"
    title = cells.title(column)
    return render(request, "party/statutory_cell.html", {
        "title": title, "crumbs": [(_("党建统计表"), back), (title, "")], "asked": asked, "table": table,
        "fields": [fields[name] for name in ("column", "as_of", "area")], "problems": shown.problems(form),
        "hidden": state.query.hidden(*(name for name in fields if name != "body")), "whole": listing.whole,
        "unseen": listing.whole - listing.count(),
        "note": _(queries.NOTE_TITLES[column]) if column in queries.NOTE_TITLES else "",
        "name": body_names([chosen["body"]]).get(chosen["body"], "") if chosen.get("body") else "",
    }, status=200 if form.is_valid() else 422)  # fmt: skip


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
