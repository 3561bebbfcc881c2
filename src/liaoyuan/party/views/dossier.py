"""The papers of one person on the way into the party: which there are, one of them, all of them as an archive."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import clock, doors, sessions
from liaoyuan.core.queries import documents as letters
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import dossiers
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.exports import dossier as exports
from liaoyuan.party.forms.development import DossierForm
from liaoyuan.party.params.dossier import KINDS
from liaoyuan.party.queries import development_dossier as queries
from liaoyuan.party.rules.steps import STEPS
from liaoyuan.party.views import small
from liaoyuan.party.views.development import seen, steps, there
from liaoyuan.party.views.development_steps import WRITERS
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

#: An archive of more papers is made by a job.
MOST = 12
COLUMNS = (
    Column("number", gettext_lazy("编号"), kind="short", value=lambda line: f"{line.number:02d}"),
    Column("title", gettext_lazy("材料"), fixed=True),
    Column("step", gettext_lazy("步骤"), value=lambda line: f"{line.paper.step} {_(STEPS[line.paper.step].title)}"),
    Column("on", gettext_lazy("日期"), kind="date"),
    Column("verdict", gettext_lazy("情况"), kind="verdict"),
    Column("blanks", gettext_lazy("空缺"), value=lambda line: "、".join(line.blanks)),
)  # fmt: skip


@doors.needs(Permission.MEMBERS_VIEW)
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The index: every paper with its state. On the internet the days alone."""
    applicant = seen(request, pk)
    today = clock.today()
    found = queries.read(applicant, today)
    form = DossierForm(request.GET)
    wanted = form.cleaned_data["state"] if form.is_valid() else ""
    lines = [line for line in found.lines if not wanted or line.state == wanted]
    here = queries.made_here()
    columns = COLUMNS if here else tuple(column for column in COLUMNS if column.key != "blanks")
    state = TableState.from_request(request, columns, per_page=50)
    name = found.course.record.name
    fields = describe(form)
    return render(
        request,
        "party/applicant_dossier.html",
        {
            "title": _("发展党员材料"),
            "crumbs": small.crumbs(*steps((name, there(applicant)), (_("发展党员材料"), ""))),
            "name": name,
            "applicant": applicant,
            "fields": list(fields.values()),
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*fields),
            "clear": state.query(**dict.fromkeys(fields)),
            "table": state.table(lines, live=True, row_id="key"),
            "counts": [(_(queries.STATE_TITLES[code]), n) for code, n in found.counts.items() if n],
            "here": here,
            "takes": here and queries.may_take(request.user, applicant, today),
            "papers": [line for line in lines if line.printed],
        },
        block="list",
    )


@doors.needs(*WRITERS)
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """One paper, or the archive: at once when it is small, else by a job."""
    applicant = seen(request, pk)
    by, at, today = doors.person(request), clock.now(), clock.today()
    back = redirect(reverse("party:applicant_dossier", args=[pk]))
    try:
        dossiers.permitted(applicant, by=by, on=today)
        found = queries.read(applicant, today)
        wanted = request.POST.get("paper", "")
        if wanted:
            return _paper(found, wanted, by=by, at=at)
        if sum(line.printed for line in found.lines) > MOST:
            return redirect("core:job_detail", dossiers.ask(applicant=applicant, by=by, at=at).pk)
        with tempfile.TemporaryDirectory(prefix="liaoyuan-") as folder:
            path = Path(folder) / "papers.zip"
            exports.log(found, papers=exports.write(found, path, on=today), by=by, at=at)
            name = f"{found.course.record.name}{_('发展党员材料')}.zip"
            return FileResponse(path.open("rb"), as_attachment=True, filename=name)
    except Refused as refused:
        messages.error(request, str(refused))
        return back


def _paper(found: queries.Dossier, key: str, *, by: Any, at: Any) -> FileResponse:
    line = next((line for line in found.lines if line.key == key and line.printed), None)
    if line is None:
        raise Http404
    code = KINDS[line.paper.code].code
    template = letters.template_for(code, found.course.applicant.party_organization.area)
    data = exports.paper(found, line, template, demo=sessions.read_installation().offset is not None)
    exports.log(found, papers=1, by=by, at=at)
    name = line.path.rpartition("/")[2]
    return FileResponse([data], as_attachment=True, filename=name, content_type=exports.DOCX)
