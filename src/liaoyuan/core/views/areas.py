"""Areas: the list one drills down, one area's page, and its edits."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.core.actions import areas
from liaoyuan.core.choices import Level, Permission
from liaoyuan.core.forms import areas as forms
from liaoyuan.core.models import Area
from liaoyuan.core.params import LEVEL_TITLES
from liaoyuan.core.queries import areas as queries
from liaoyuan.core.queries.timeline import timeline
from liaoyuan.core.rules import areas as rules
from liaoyuan.core.rules.areas import CHILD
from liaoyuan.kit import geo, outlines
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.kit.geo import DATUM_NAMES, DATUM_TITLES, Datum
from liaoyuan.ui.forms import chips, describe, problems
from liaoyuan.ui.pager import Query
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState, link_to

_METHODS = ["GET", "HEAD", "POST"]
_LINES = 50
_EVERYWHERE = "all"


def _state(area: Area) -> tuple[str, str]:
    if area.abolished:
        return "closed", _("已撤销")
    return ("review", _("暂编代码")) if area.provisional else ("ok", _("在用"))


_DETAIL = link_to("core:area_detail", "code")
COLUMNS = (
    Column("name", gettext_lazy("名称"), sortable=True, fixed=True, link=_DETAIL),
    Column("code", gettext_lazy("代码"), sortable=True, kind="short"),
    Column("level", gettext_lazy("层级"), value=lambda area: _(LEVEL_TITLES[area.level])),
    Column("parent", gettext_lazy("上级"), value=lambda area: area.parent.name if area.parent else ""),
    Column("point", gettext_lazy("坐标"), value=lambda area: _("有") if area.point else _("无")),
    Column("state", gettext_lazy("状态"), kind="verdict", value=_state),
)


def _below(area: Area) -> list[tuple[str, str]]:
    return [(_("下级"), f"{reverse('core:area_list')}?under={area.code}")] if area.has_below else []  # type: ignore[attr-defined]


def _under(request: HttpRequest, text: str) -> Area | None:
    """Where the list stands: as the address says, else the reader's own area; a search alone goes everywhere."""
    code = request.GET.get("under", "")[:12]
    if code == _EVERYWHERE or (text and not code):
        return None
    return get_object_or_404(Area, code=code) if code else queries.own_area(request.user)


@doors.login
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Areas below one area, or all that a search finds; everybody may read them."""
    asked = forms.AreaQueryForm(request.GET)
    given = asked.cleaned_data if asked.is_valid() else {}
    text = given.get("q", "").strip()
    under = _under(request, text)
    rows = queries.listing(
        under=under, text=text, level=given.get("level", ""), state=given.get("state", ""),
        point=given.get("point", ""),
    )  # fmt: skip
    state = TableState.from_request(request, COLUMNS, default_sort="code", per_page=50)
    base = reverse("core:area_list")
    way = [*queries.above(under), under] if under is not None else []
    trail = [(_("全国"), f"{base}?under={_EVERYWHERE}", under is None, None)]
    trail += [(area.name, f"{base}?under={area.code}", area is under, None) for area in way]
    return render(
        request,
        "core/area_list.html",
        {
            "title": _("区划"),
            "fields": list(describe(asked).values()),
            "chips": chips(asked, Query(request)),
            "trail": trail,
            "under": under,
            "searching": bool(text),
            "table": state.table(rows.order_by(*state.order_by()), ops=_below),
        },
    )


def _crumbs(area: Area, last: str = "") -> list[tuple[str, str]]:
    base = reverse("core:area_list")
    told = [(_("区划"), f"{base}?under={_EVERYWHERE}")]
    told += [(one.name, reverse("core:area_detail", args=[one.code])) for one in queries.above(area)]
    told.append((area.name, reverse("core:area_detail", args=[area.code]) if last else ""))
    return [*told, (last, "")] if last else told


def _points(area: Area) -> list[tuple[str, str, str]]:
    """The point in each datum; the one it was entered in is marked."""
    if area.point is None:
        return []
    return [
        (_(DATUM_TITLES[datum]), geo.written(geo.from_wgs84(area.point, datum)),
         _("录入时用的坐标系") if datum == area.datum else "")
        for datum in Datum
    ]  # fmt: skip


@doors.login
@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One area: what it is, where it lies, what hangs on it, what lies below, who changed what."""
    area = get_object_or_404(Area.objects.select_related("parent", "successor", "edited_by"), code=code)
    may = queries.may_edit(request.user, area)
    state = TableState.from_request(request, COLUMNS, default_sort="code", per_page=50)
    below = queries.listing(under=area)
    child = CHILD.get(Level(area.level))
    outline = queries.outline_of(area)
    return render(
        request,
        "core/area_detail.html",
        {
            "title": area.name,
            "crumbs": _crumbs(area),
            "area": area,
            "level": _(LEVEL_TITLES[area.level]),
            "state": _state(area),
            "former": list(area.former_names.order_by("-valid_to")),
            "points": _points(area),
            "outline": outline,
            "outline_datum": DATUM_NAMES[Datum(outline.datum)] if outline is not None else "",
            "outlined": Level(area.level) in rules.OUTLINED,
            "uses": queries.uses(area, request.user),
            "table": state.table(below.order_by(*state.order_by()), ops=None if area.level == Level.STREET else _below),
            "entries": timeline("area", area.pk, request.user, _LINES),
            "may_edit": may,
            "child": _("新增街道、乡镇") if child == Level.STREET else _("新增社区、村") if child else "",
        },
    )


def _editable(request: HttpRequest, code: str) -> Area:
    """The area, if the user may edit it: everybody sees it, so that elsewhere it is forbidden, not missing."""
    area = get_object_or_404(Area.objects.select_related("parent"), code=code)
    if not queries.may_edit(request.user, area):
        raise PermissionDenied
    return area


def _edited(
    request: HttpRequest, area: Area, title: str, form: django_forms.Form, act: Callable[[dict[str, Any]], Area],
    *, button: str = "", danger: bool = False, note: str = "",
) -> HttpResponse:  # fmt: skip
    """A page with one short form about an area."""
    told: list[Finding] = []
    if form.is_bound and form.is_valid():
        try:
            done = act({**form.cleaned_data, "by": request.user, "at": clock.now()})
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已保存。"))
            return redirect("core:area_detail", done.code)
    asks = any(f.severity == Severity.CONFIRM for f in told)
    fields = describe(form, told)
    return render(
        request,
        "core/area_edit.html",
        {
            "title": title,
            "crumbs": _crumbs(area, title),
            "area": area,
            "note": note,
            "fields": [f for name, f in fields.items() if name != "confirmed"],
            "confirmed": fields["confirmed"] if asks else None,
            "problems": problems(form, told),
            "button": button or _("保存"),
            "danger": danger,
            "multipart": form.is_multipart(),
        },
        status=422 if form.is_bound else 200,
    )


@doors.needs(Permission.AREA_EDIT)
@require_http_methods(_METHODS)
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Another name from a day on."""
    area = _editable(request, code)
    form = forms.RenameForm(request.POST or None, initial={"name": area.name, "on": clock.today()})
    return _edited(request, area, _("改名"), form, lambda given: areas.rename(area=area, **given))


@doors.needs(Permission.AREA_EDIT)
@require_http_methods(_METHODS)
def point(request: HttpRequest, code: str) -> HttpResponse:
    """The point, in the datum of the map it is copied from."""
    area = _editable(request, code)
    initial: dict[str, Any] = {}
    note = _("还没有坐标。")
    if area.point is not None:
        initial = {"point": geo.from_wgs84(area.point, area.datum), "datum": area.datum}
        note = _("现在的坐标：{point}（WGS-84），录入时用 {datum}。").format(
            point=geo.written(area.point), datum=DATUM_NAMES[Datum(area.datum)]
        )
    form = forms.PointForm(request.POST or None, initial=initial)
    return _edited(request, area, _("坐标"), form, lambda given: areas.place(area=area, **given), note=note)


@doors.needs(Permission.AREA_EDIT)
@require_http_methods(_METHODS)
def outline(request: HttpRequest, code: str) -> HttpResponse:
    """The outline that maps of the area are drawn over, uploaded as GeoJSON."""
    area = _editable(request, code)
    if Level(area.level) not in rules.OUTLINED or area.abolished:
        raise Http404
    form = forms.OutlineForm(request.POST or None, request.FILES or None)

    def act(given: dict[str, Any]) -> Area:
        content = given.pop("file").read(outlines.MOST_BYTES + 1)
        return areas.set_outline(area=area, content=content, **given)

    note = _("边界只作示意图的底图，不作划界依据；请使用经审核的标准地图的边界。换一个文件即替换原来的边界。")
    return _edited(request, area, _("边界"), form, act, button=_("上传"), note=note)


@doors.needs(Permission.AREA_EDIT)
@require_POST
def drop_outline(request: HttpRequest, code: str) -> HttpResponse:
    """Take the outline away."""
    area = _editable(request, code)
    try:
        areas.drop_outline(area=area, by=doors.person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.findings[0].text)
    else:
        messages.success(request, _("已删除边界。"))
    return redirect("core:area_detail", area.code)


@doors.needs(Permission.AREA_EDIT)
@require_http_methods(_METHODS)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A new street below a district, a new community below a street."""
    area = _editable(request, code)
    child = CHILD.get(Level(area.level))
    if child is None or area.abolished:
        raise Http404
    title = _("新增街道、乡镇") if child == Level.STREET else _("新增社区、村")
    form = forms.NewAreaForm(request.POST or None)
    note = _("上级：{name}（{code}）").format(name=area.name, code=area.code)
    return _edited(request, area, title, form, lambda given: areas.add(parent=area, **given), note=note)


@doors.needs(Permission.AREA_EDIT)
@require_http_methods(_METHODS)
def abolish(request: HttpRequest, code: str) -> HttpResponse:
    """The end of an area; refused while something live hangs on it."""
    area = _editable(request, code)
    if area.abolished:
        return redirect("core:area_detail", area.code)
    form = forms.AbolishForm(request.POST or None, initial={"on": clock.today()})
    return _edited(
        request, area, _("撤销"), form, lambda given: areas.abolish(area=area, **given), button=_("撤销"), danger=True,
        note=_("撤销的区划不再供选择，过去的记录仍显示它。"),
    )  # fmt: skip


@doors.needs(Permission.AREA_EDIT)
@require_http_methods(_METHODS)
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Take an abolition back."""
    area = _editable(request, code)
    if not area.abolished:
        return redirect("core:area_detail", area.code)
    form = forms.RestoreForm(request.POST or None)
    return _edited(
        request, area, _("恢复"), form, lambda given: areas.restore(area=area, **given), button=_("恢复")
    )  # fmt: skip
