"""文书模板: the kinds with the template in force, its fields, upload of a replacement, preview, and the way back."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, registries
from liaoyuan.core.actions import document_templates as actions
from liaoyuan.core.choices import Permission
from liaoyuan.core.documents import making, pdf
from liaoyuan.core.files import sending
from liaoyuan.core.forms.documents import TemplateForm
from liaoyuan.core.models import Area, DocumentTemplate
from liaoyuan.core.queries import documents as queries
from liaoyuan.core.registries import DocumentKind
from liaoyuan.core.rules import documents as rules
from liaoyuan.kit.files.kinds import MEDIA_TYPES
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render
from liaoyuan.ui.texts import sentence

_DOORS = (Permission.DOCUMENT_SETUP, Permission.DOCUMENT_DRAFT, Permission.DOCUMENT_ISSUE)


@doors.needs(*_DOORS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every kind with the replaced templates that are in force."""
    rows = DocumentTemplate.objects.filter(ended_at__isnull=True).select_related("area")
    mine: dict[str, list[DocumentTemplate]] = {}
    for row in rows.order_by("area__path"):
        mine.setdefault(row.code, []).append(row)
    return render(
        request,
        "core/template_list.html",
        {
            "title": _("文书模板"),
            "crumbs": [(_("文书"), reverse("core:document_list")), (_("文书模板"), "")],
            "kinds": [(kind, mine.get(kind.code, [])) for kind in registries.document_kinds.values()],
        },
    )


def _kind(code: str) -> DocumentKind:
    kind = queries.kind_of(code)
    if kind is None:
        raise Http404
    return kind


@doors.needs(*_DOORS)
@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One kind: fields, versions, the upload."""
    return _page(request, _kind(code), TemplateForm(initial={"area": _own_area(request)}))


def _own_area(request: HttpRequest) -> str:
    reach = access.reach(request.user, Permission.DOCUMENT_SETUP)
    return reach.paths[0].rstrip("/").rpartition("/")[2] if reach.paths else ""


def _page(request: HttpRequest, kind: DocumentKind, form: TemplateForm, found: Sequence[Finding] = ()) -> HttpResponse:
    writes = access.has(request.user, Permission.DOCUMENT_SETUP)
    rows = list(queries.templates(kind.code))
    return render(
        request,
        "core/template_detail.html",
        {
            "title": _(kind.title),
            "crumbs": [(_("文书模板"), reverse("core:template_list")), (_(kind.title), "")],
            "kind": kind,
            "places": [(f"{{{{ {field.name} }}}}", field) for field in making.places(kind)],
            "rows": [
                (row, writes and row.ended_at is None and _covers(request, row.area)) for row in rows
            ],
            "fields": describe(form, found) if writes else None,
            "problems": problems(form, found),
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _covers(request: HttpRequest, area: Area) -> bool:
    reach = access.reach(request.user, Permission.DOCUMENT_SETUP)
    return reach.everything or any(area.path.startswith(path) for path in reach.paths)


@doors.needs(Permission.DOCUMENT_SETUP)
@require_POST
def replace(request: HttpRequest, code: str) -> HttpResponse:
    """Upload a replacement: judged beside the server, then in force from today."""
    kind = _kind(code)
    form = TemplateForm(request.POST, request.FILES)
    found: Sequence[Finding] = ()
    if form.is_valid():
        upload = form.cleaned_data["file"]
        area = Area.objects.live().filter(code=form.cleaned_data["area"].strip()).first()
        if area is None:
            form.add_error("area", _("没有这个区划，或已撤销。"))
        elif upload.size > making.words.MOST_BYTES:
            found = [rules.refusal("too_big", "file", family="TEMPLATE", limit=1)]
        else:
            data = upload.read()
            try:
                actions.judge(code, upload.name, data)
                actions.replace(
                    code=code, area=area, name=upload.name, data=data, by=doors.person(request), at=clock.now()
                )
            except Refused as refused:
                found = refused.findings
            else:
                messages.success(request, _("模板已启用。已签发的文书不变。"))
                return redirect("core:template_detail", code=code)
    return _page(request, kind, form, found)


@doors.needs(Permission.DOCUMENT_SETUP)
@require_POST
def restore(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """End a replaced template."""
    row = queries.templates(_kind(code).code).filter(pk=pk).first()
    if row is None:
        raise Http404
    try:
        actions.restore(template=row, by=doors.person(request), at=clock.now())
        messages.success(request, _("已停用这一版，恢复随版或上级的模板。"))
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, sentence(finding))
    return redirect("core:template_detail", code=code)


@doors.needs(*_DOORS)
@require_http_methods(["GET", "HEAD"])
def show(request: HttpRequest, code: str, which: str, form: str) -> HttpResponseBase:
    """The template itself (`docx`), or filled with the examples (`pdf`); `which` is a version's key or `shipped`."""
    kind = _kind(code)
    row = None
    if which != "shipped":
        row = queries.templates(code).filter(pk=int(which)).first() if which.isdigit() and len(which) < 19 else None
        if row is None:
            raise Http404
    template = making.template_bytes(kind, row)
    name = f"{_(kind.title)}{_('模板')}"
    if form == "docx":
        return sending.made(request, template, media_type=MEDIA_TYPES["docx"], name=f"{name}.docx")
    shown = {
        field.name: rules.shown_value(field.kind, field.example) for field in making.places(kind)
    }  # fmt: skip
    frame = pdf.Frame(title=_(kind.title), office=shown["office"], seal=shown["office"], demo=_("样　例"))
    try:
        made = making.make(template, shown, frame, at=clock.now())
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, sentence(finding))
        return redirect("core:template_detail", code=code)
    return sending.made(request, made.pdf, media_type=MEDIA_TYPES["pdf"], name=f"{name}（{_('样例')}）.pdf")
