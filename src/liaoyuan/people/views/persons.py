"""The list of persons, one person's page, entering and correcting what a body tells, revealing masked values."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.models import Area
from liaoyuan.core.queries.timeline import timeline
from liaoyuan.kit.findings import Refused
from liaoyuan.people.actions import persons, secrets
from liaoyuan.people.choices import (
    EDUCATION_TITLES,
    GENDER_TITLES,
    LEVEL_TITLES,
    POST_TITLES,
    WORK_TIME_TITLES,
    Permission,
)
from liaoyuan.people.forms import persons as forms
from liaoyuan.people.models import Profile
from liaoyuan.people.queries import bodies, panel, record, services
from liaoyuan.people.queries import secrets as sealed
from liaoyuan.people.queries.listing import Criteria, Line, Listing
from liaoyuan.people.views import small
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

PAGE = "people:person_list"


def _titled(titles: Any, name: str) -> Any:
    return lambda line: _(titles[getattr(line, name)]) if getattr(line, name) else ""


def _person(line: Line) -> str:
    return f"{reverse('people:person_detail', args=[line.person])}?organization={line.organization}"


COLUMNS = (
    Column("name", gettext_lazy("姓名"), sortable=True, fixed=True, link=_person),
    Column("gender", gettext_lazy("性别"), default=False, value=_titled(GENDER_TITLES, "gender")),
    Column("body", gettext_lazy("组织"), sortable=True),
    Column("street", gettext_lazy("街道"), default=False),
    Column("posts", gettext_lazy("职务")),
    Column("work_time", gettext_lazy("专/兼职"), value=_titled(WORK_TIME_TITLES, "work_time")),
    Column("job", gettext_lazy("岗位")),
    Column("since", gettext_lazy("入职"), kind="date", default=False),
    Column("birth", gettext_lazy("出生年月"), default=False, kind="short"),
    Column("education", gettext_lazy("学历"), sortable=True, default=False,
           value=_titled(EDUCATION_TITLES, "education")),
    Column("major", gettext_lazy("专业"), default=False),
    Column("level", gettext_lazy("社工证书"), value=_titled(LEVEL_TITLES, "level")),
    Column("registered_until", gettext_lazy("登记有效期至"), kind="date"),
    Column("mobile", gettext_lazy("手机"), default=False, kind="short",
           value=lambda line: sealed.masked("mobile", line.mobile)),
)  # fmt: skip


def streets(user: Any) -> Any:
    """Streets within the user's reach, for the query form."""
    reach = access.reach(user, Permission.VIEW)
    found = Area.objects.none()
    for path in reach.paths:
        found = found | Area.objects.within(path).filter(level="street", abolished=False)
    return found.order_by("code")


def criteria_of(request: HttpRequest, form: forms.ListForm) -> Criteria:
    """What the address asks. Faulty values ask nothing."""
    form.is_valid()
    told = form.cleaned_data
    body = request.GET.get("organization", "")
    return Criteria(
        on=told.get("as_of") or clock.today(), q=told.get("q", ""), street=told.get("street"),
        organization=int(body) if body.isascii() and body.isdigit() and len(body) < 16 else None,
        state=told.get("state", ""), work_time=told.get("work_time", ""), level=told.get("level", ""),
        post=told.get("post", ""), expires=told.get("expires"),
    )  # fmt: skip


@doors.needs(*small.SEEN)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Persons of the bodies within reach, a line for each body; sensitive values masked."""
    form = forms.ListForm(request.GET, streets=streets(request.user))
    criteria = criteria_of(request, form)
    state = TableState.from_request(request, COLUMNS, default_sort="name", per_page=50)
    order = f"-{state.sort}" if state.descending else state.sort
    fields = describe(form)
    if not small.officer(request):
        fields.pop("street") if not access.has(request.user, Permission.VIEW) else None
    body = None
    if criteria.organization is not None:
        body = bodies.visible(request.user).filter(pk=criteria.organization).first()
    may = access.permissions_of(request.user)
    return render(
        request,
        "people/person_list.html",
        {
            "title": _("人员") if Permission.VIEW in may else _("本组织人员"),
            "fields": [fields[name] for name in forms.MAIN],
            "more": [field for name, field in fields.items() if name not in forms.MAIN],
            "problems": [(form[name].label, form.errors[name]) for name in form.errors if name in fields],
            "chips": chips(form, state.query),
            "hidden": state.query.hidden(*fields),
            "clear": state.query(**dict.fromkeys([*fields, "organization"])),
            "table": state.table(Listing(request.user, criteria, order), live=True),
            "body": (body.pk, bodies.names([body.pk]).get(body.pk, "")) if body else None,
            "without_body": state.query(organization=None),
            "as_of": criteria.on if criteria.on != clock.today() else None,
            "may_enter": bool(may & {Permission.EDIT, Permission.OWN_EDIT}),
            "may_import": Permission.IMPORT in may,
            "export": f"{reverse('people:person_export')}{state.query()}",
            "may_export": Permission.EXPORT in may,
        },
        block="list",
    )


@doors.needs(*small.SEEN)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: facts at left, what happened, tabs. `organization` = whose telling, `tab`."""
    return _page(request, pk, {})


def _page(
    request: HttpRequest, pk: int, clear: dict[str, str], organization: int | None = None, **more: Any
) -> HttpResponse:
    person = small.seen(request, pk)
    asked = request.GET.get("organization", "")
    chosen = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else organization
    found = record.read(person, request.user, chosen)
    if found is None:
        raise Http404
    told = found.profile
    tabs = [("story", _("大事记"), None), ("posts", _("任职"), len(found.posts)),
            ("work", _("从业"), len(found.employments)),
            ("cards", _("证书"), len(found.certificates)),
            ("lessons", _("继续教育"), len(found.educations)),
            ("service", _("志愿服务"), found.service_count)]  # fmt: skip
    if found.whole and access.has(request.user, Permission.VIEW):
        tabs.append(("events", _("操作记录"), None))
    tab = next((code for code, _title, _n in tabs if code == request.GET.get("tab")), "story")
    write = bodies.may_write(request.user, told.organization)
    merges = found.whole and all(
        access.covers(request.user, Permission.EDIT, p.organization, write=True) for p in found.profiles
    )
    return render(
        request,
        "people/person_detail.html",
        {
            "title": told.name,
            "crumbs": small.crumbs(request.user, (told.name, "")),
            "record": found,
            "person": person,
            "profile": told,
            "body": found.names.get(told.organization_id, ""),
            "facts": record.facts(found),
            "clear": clear,
            "revealable": secrets.revealable(doors.person(request), told),
            "write": write,
            "merges": merges,
            "others": [(p, found.names.get(p.organization_id, "")) for p in found.profiles],
            "tab": tab,
            "tabs": [(title, small.there(pk, told.organization_id, code), code == tab, n) for code, title, n in tabs],
            "story": record.story(found) if tab == "story" else [],
            "entries": timeline("person", pk, request.user, 50) if tab == "events" else [],
            "educations": record.education_sums(found) if tab in ("cards", "lessons") else [],
            "hours": services.hours(found.service_minutes),
            "words": _WORDS,
            "since": panel.since,
            "until": panel.until,
            "spent": services.hours,
            "today": clock.today(),
            **more,
        },
    )


_WORDS = {"post": POST_TITLES, "time": WORK_TIME_TITLES, "level": LEVEL_TITLES}


@doors.needs(*small.SEEN)
@require_POST
def reveal(request: HttpRequest, pk: int, organization: int, field: str) -> HttpResponse:
    """Show a masked value for a reason; it stands in this answer only."""
    person = small.seen(request, pk)
    told = (
        Profile.objects.current().visible_to(request.user).filter(person=person, organization_id=organization)
        .select_related("person", "organization").first()
    )  # fmt: skip
    if told is None or field not in sealed.PURPOSES:
        raise Http404
    try:
        value = secrets.reveal(
            profile=told, field=field, reason=request.POST.get("reason", ""), by=doors.person(request), at=clock.now()
        )  # fmt: skip
    except Refused as refused:
        return _page(request, pk, {}, organization, refused=str(refused))
    return _page(request, pk, {field: value}, organization)


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def choose_body(request: HttpRequest) -> HttpResponse:
    """Which body a new person belongs to; whoever writes for one body only goes on at once."""
    allowed = bodies.writable(request.user)
    if not small.officer(request):
        mine = list(allowed.values_list("pk", flat=True)[:2])
        if len(mine) == 1:
            return redirect("people:person_new", mine[0])
    form = forms.BodyForm(request.POST or None)
    if form.is_bound and form.is_valid():
        found = _bodies(allowed, form.cleaned_data["organization"])
        if len(found) == 1:
            return redirect("people:person_new", found[0])
        form.add_error("organization", _("找到 {n} 个组织，请写完整的名称或代码。").format(n=len(found)) if found else
                       _("您能编辑的范围里没有这个组织。"))  # fmt: skip
    return small.page(
        request, _("新增人员"), form, [], name=_("先选择所属组织"), back=reverse(PAGE), button=_("下一步")
    )


def _bodies(allowed: Any, text: str) -> list[int]:
    exact = allowed.filter(code=text.strip().upper()) | allowed.filter(filing_no=text.strip())
    found = list(exact.values_list("pk", flat=True)[:2])
    if found:
        return found
    rows = Standing.objects.now_open().filter(organization__in=allowed)
    same = list(rows.filter(name=text.strip()).values_list("organization_id", flat=True)[:2])
    return same or list(rows.filter(name__icontains=text.strip()).values_list("organization_id", flat=True)[:100])


def _body(request: HttpRequest, pk: int) -> Organization:
    organization = bodies.visible(request.user).filter(pk=pk).first()
    if organization is None:
        raise Http404
    if not bodies.may_write(request.user, organization):
        raise PermissionDenied
    return organization


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def create(request: HttpRequest, organization: int) -> HttpResponse:
    """Enter a person for a body."""
    body = _body(request, organization)
    row = bodies.standing(body)
    form = forms.PersonForm(request.POST or None, initial={"basis": "duty" if small.officer(request) else "contract"})

    def write() -> Any:
        return persons.enter(
            organization=body, fields=form.cleaned_data, by=doors.person(request), at=clock.now(),
            confirmed=small.confirmed(request),
        )  # fmt: skip

    back = f"{reverse(PAGE)}?organization={body.pk}"
    return small.entered(
        request, _("新增人员"), form, write, name=row.name, back=back, steps=[(row.name, back)],
        onward=lambda person: small.there(person.pk, body.pk), rules=small.statements(row, {"basis": "PRI-01"}),
        note=_("不收集政治面貌、民族和宗教信仰。"),
    )  # fmt: skip


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def correct(request: HttpRequest, pk: int, organization: int) -> HttpResponse:
    """Correct what the body tells of the person."""
    person, body, told = small.writable(request, pk, organization)
    shown = {name: getattr(told, name) for name in persons.FIELDS if name not in ("birth", "mobile", "numbered")}
    form = forms.CorrectForm(request.POST or None, initial=shown)

    def write() -> Any:
        given = {n: v for n, v in form.cleaned_data.items() if n not in sealed.PURPOSES or v}
        version = request.POST.get("version", "")
        return persons.correct(
            person=person, organization=body, fields=given, version=int(version) if version.isdigit() else None,
            by=doors.person(request), at=clock.now(), confirmed=small.confirmed(request),
        )  # fmt: skip

    row = bodies.standing(body)
    return small.entered(
        request, _("更正资料"), form, write, name=f"{told.name} · {row.name}", back=small.there(pk, body.pk),
        version=person.version,
        steps=[(told.name, small.there(pk, body.pk))], onward=lambda found: small.there(found.pk, body.pk),
        rules=small.statements(row, {"basis": "PRI-01"}),
    )  # fmt: skip
