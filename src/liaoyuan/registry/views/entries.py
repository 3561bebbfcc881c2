"""Entering and changing a body: new, changed from a day on, corrected, closed, registered after having been filed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.core import clock, doors, policy, registries, sensitive
from liaoyuan.core.choices import Moment
from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.registry.actions import organizations, secrets
from liaoyuan.registry.choices import REGISTERED, Kind, Permission, Status
from liaoyuan.registry.forms import organizations as forms
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries import lookup, matching
from liaoyuan.registry.queries.record import words
from liaoyuan.registry.queries.standings import COLUMN_OF, SECRET
from liaoyuan.registry.views import concurrent, records
from liaoyuan.ui.conflicts import Conflict
from liaoyuan.ui.forms import describe, problems
from liaoyuan.ui.pages import render

_METHODS = ["GET", "HEAD", "POST"]
#: Rules told before one types, by the field they speak of.
_RULES = {
    "name": ("ORG-NAME-01", "ORG-NAME-02"), "code": ("ORG-ID-01", "ORG-ID-05"), "kind": ("ORG-ID-03",),
    "filing_no": ("ORG-ID-06",), "capital_fen": ("ORG-REG-02", "ORG-REG-03"), "members_person": ("ORG-REG-01",),
    "council_count": ("GOV-03",), "member_count": ("FIL-01",),
}  # fmt: skip


@dataclass(slots=True)
class Sheet:
    """One form on its page: what it says of itself and where it goes."""

    title: str
    form: forms.FactsForm
    check: str
    back: str
    area: Area | None
    told: list[Finding] = field(default_factory=list)
    effect: forms.EffectForm | None = None
    crumbs: Sequence[tuple[str, str]] = ()
    note: str = ""
    conflict: Conflict | None = None

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page; 422 when what was typed came back with faults."""
        form, told = self.form, self.told
        wide = ("address", "scope", "note")
        fields = describe(form, told, rules=_rules(self.area), wide=wide)
        sections = [(title, [fields[name] for name in names if name in fields]) for title, names in form.section_names]
        found = problems(form, told)
        if self.effect is not None:
            fields |= describe(self.effect, told)
            found = [*problems(self.effect), *found]
        return render(
            request,
            "registry/organization_form.html",
            {
                "title": self.title,
                "crumbs": self.crumbs,
                "note": self.note,
                "fields": fields,
                "sections": sections,
                "problems": found,
                "conflict": self.conflict,
                "loose": [f for f in told if f.field not in fields and f.severity in (Severity.WARN, Severity.INFO)],
                "asks": any(f.severity == Severity.CONFIRM for f in told),
                "check": self.check,
                "back": self.back,
            },
            status=422 if form.is_bound else 200,
        )


def _rules(area: Area | None) -> dict[str, str]:
    """The statements of the rules in force, by field."""
    limits = policy.limits(clock.today(), policy.chain(area.path if area else "national"))
    told = {}
    for name, codes in _RULES.items():
        statements = [_(registries.rules[code].statement) for code in codes if limits.is_on(code)]
        if statements:
            told[name] = "\n".join(statements)
    return told | dict.fromkeys(sensitive.withheld(SECRET, clock.today()), _("试用级别不能填写敏感信息，请留空。"))


def _options(places: lookup.FormPlaces, **more: Any) -> dict[str, Any]:
    return {**places._asdict(), **more}


def _list_crumb() -> tuple[str, str]:
    return _("社会组织"), reverse("registry:organization_list")


@doors.needs(Permission.EDIT)
@require_http_methods(_METHODS)
def create(request: HttpRequest) -> HttpResponse:
    """Enter a registered body."""
    places = lookup.form_places(request.user, Permission.EDIT)
    if not places.registrars:
        raise PermissionDenied
    sheet = Sheet(
        _("新增登记的组织"), forms.RegisteredForm(request.POST or None, **_options(places)),
        reverse("registry:organization_check"), reverse("registry:organization_list"), places.registrars[0],
        crumbs=[_list_crumb(), (_("新增登记的组织"), "")],
        note=_("带 * 的必填，其余以后可以补。规则写在框下，边填边查。"),
    )  # fmt: skip
    return _created(request, sheet, None)


@doors.needs(Permission.FILING_EDIT)
@require_http_methods(_METHODS)
def create_filing(request: HttpRequest) -> HttpResponse:
    """File a community body: its street is where it is filed."""
    places = lookup.form_places(request.user, Permission.FILING_EDIT)
    sheet = Sheet(
        _("新增备案组织"), _filing_form(request, places), reverse("registry:filing_check"),
        reverse("registry:organization_list"), places.registrars[0] if places.registrars else None,
        crumbs=[_list_crumb(), (_("新增备案组织"), "")],
        note=_("带 * 的必填，其余以后可以补。规则写在框下，边填边查。"),
    )  # fmt: skip
    return _created(request, sheet, None)


def _filing_form(request: HttpRequest, places: lookup.FormPlaces) -> forms.FilingForm:
    posted = request.POST if request.method == "POST" else None
    form = forms.FilingForm(posted, streets=places.streets, communities=places.communities)
    form.fields["street"].required = True
    if len(places.streets) == 1:
        form.initial["street"] = places.streets[0].code
    return form


def _area_of(form: forms.FactsForm) -> Area:
    """Registered bodies are the registrar's, filed ones the street's."""
    if isinstance(form, forms.FilingForm):
        return form.places[form.cleaned_data["street"]]
    return form.registered_by()


def _created(request: HttpRequest, sheet: Sheet, filed: Organization | None) -> HttpResponse:
    form = sheet.form
    if form.is_bound and form.is_valid():
        area, by, at = _area_of(form), request.user, clock.now()
        given: dict[str, Any] = {
            "fields": secrets.sealed(_with_phone(form.new_facts(), filed)), "by": by, "at": at, "area": area,
            "places": {**form.place_ids(), "registrar_area_id": area.pk}, "confirmed": form.cleaned_data["confirmed"],
        }  # fmt: skip
        try:
            if filed is None:
                made = organizations.create(**given, on_behalf=form.on_behalf())
            else:
                on = date.fromisoformat(form.cleaned_data["registered_on"])
                made = organizations.succeed(filed=filed, on=on, **given)
        except Refused as refused:
            sheet.told = refused.findings
        else:
            messages.success(request, _("已登记。"))
            return redirect("registry:organization_detail", made.pk)
    return sheet.answer(request)


def _with_phone(fields: dict[str, Any], filed: Organization | None) -> dict[str, Any]:
    """The filed body's telephone number goes over to the registered one, unless another was typed or none may be."""
    if filed is None or fields.get("phone") or not sensitive.may_be_filled(clock.today()):
        return fields
    kept = _stored(filed, _row(filed)).fields.get("phone")
    return {**fields, "phone": kept} if kept else fields


def _row(organization: Organization) -> Standing:
    rows = Standing.objects.now_open().select_related("registrar_area", "street", "community")
    return rows.get(organization=organization)


def _stored(organization: Organization, row: Standing) -> matching.Stored:
    return matching.stored([organization.pk], clock.today(), row.registrar_area)[organization.pk]


def _writable(request: HttpRequest, pk: int) -> tuple[Organization, Standing]:
    organization = records.seen_by(request.user, pk)
    row = _row(organization)
    if not records.may_write(request.user, organization, row.kind):
        raise PermissionDenied
    return organization, row


_SEEN = (Permission.EDIT, Permission.FILING_EDIT)


@doors.needs(*_SEEN)
@require_http_methods(_METHODS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change facts from a day on."""
    return _changed(request, pk, correction=False)


@doors.needs(*_SEEN)
@require_http_methods(_METHODS)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was never true."""
    return _changed(request, pk, correction=True)


def _form_of(row: Standing, stored: Mapping[str, Any], data: Any, *, correction: bool) -> forms.FactsForm:
    """The form of a stored body, with what it shows and what the user is going to have seen."""
    registered = row.kind != Kind.BA
    classes = {
        (True, False): forms.RegisteredForm, (True, True): forms.CorrectRegisteredForm,
        (False, False): forms.FilingForm, (False, True): forms.CorrectFilingForm,
    }  # fmt: skip
    place = row.registrar_area
    if not registered and place.parent is not None:  # a filed body may move to another street of the district
        place = place.parent
    places = lookup.around([place])
    given = {name: stored.get(name, "") for name, there in (("street", row.street), ("community", row.community))
             if there is None}  # fmt: skip
    form = classes[registered, correction](data, **_options(places, given=given))
    form.initial.update(forms.initial_of(stored, row.street, row.community))
    form.initial["version"] = row.organization.version
    form.initial["seen"] = concurrent.mark_secrets(form, row, stored)
    for name in SECRET:
        if name in form.fields:
            column = COLUMN_OF.get(name, name)
            masked = words(row, column)
            form.fields[name].help_text = (
                _("现为 {masked}，不改请留空，填“无”删除").format(masked=masked) if masked else ""
            )
    return form


def _changed(request: HttpRequest, pk: int, *, correction: bool) -> HttpResponse:
    organization, row = _writable(request, pk)
    row.organization = organization
    stored = _stored(organization, row).fields
    form = _form_of(row, stored, request.POST or None, correction=correction)
    effect = forms.EffectForm(request.POST or None, initial={"on": clock.today().isoformat()})
    if correction:
        effect.fields["on"].label = _("更正哪一天的记录")
        effect.fields["on"].help_text = _("这一天所在的那一段记录从头到尾都会更正")
    there = reverse("registry:organization_detail", args=[pk])
    title = _("更正录入错误") if correction else _("变更登记事项")
    sheet = Sheet(
        title, form, reverse("registry:organization_change_check", args=[pk]), there, row.registrar_area, effect=effect,
        crumbs=[_list_crumb(), (row.name, there), (title, "")],
        note=_("{name}：录入错误用更正，真实发生的变化用变更。").format(name=row.name),
    )  # fmt: skip
    if form.is_bound and form.is_valid() and effect.is_valid():
        conflict = concurrent.of(form, row, stored, form.changed(), request.POST)
        fields, aside = concurrent.taken(conflict, form.changed()), concurrent.set_aside(conflict)
        if conflict.undecided:
            return _side_by_side(request, sheet, pk, correction=correction)
        if not fields and not aside:
            messages.info(request, _("没有改动。"))
            return redirect(there)
        try:
            changed = organizations.change(
                organization=organization, fields=secrets.sealed(fields), places=_places(form, fields, row),
                before=stored, on=date.fromisoformat(effect.cleaned_data["on"]), correction=correction,
                version=form.cleaned_data["version"], by=request.user, at=clock.now(),  # type: ignore[arg-type]
                confirmed=form.cleaned_data["confirmed"], on_behalf=form.on_behalf(), set_aside=aside,
            )  # fmt: skip
        except Refused as refused:
            sheet.told = refused.findings
            if any(finding.code == "ORG-STALE" for finding in refused.findings):
                return _side_by_side(request, sheet, pk, correction=correction)
        else:
            messages.success(request, _("已保存。"))
            _tell_heads(request, changed)
            return redirect(there)
    return sheet.answer(request)


def _side_by_side(request: HttpRequest, sheet: Sheet, pk: int, *, correction: bool) -> HttpResponse:
    """Somebody was faster: both texts beside each other; what was typed stays, the next try has the new version."""
    organization, row = _writable(request, pk)
    row.organization = organization
    stored = _stored(organization, row).fields
    data = request.POST.copy()
    data["version"] = str(organization.version)
    sheet.form = _form_of(row, stored, data, correction=correction)
    sheet.form.is_valid()
    sheet.conflict = concurrent.of(sheet.form, row, stored, sheet.form.changed(), data)
    return sheet.answer(request)


def _tell_heads(request: HttpRequest, changed: Organization) -> None:
    """Whose access ended with a change of head, and whose did not."""
    told = changed.head_change
    if told is not None and told.ended:
        names = "、".join(told.ended)
        told_ended = _("负责人已变更，原负责人账号对本组织的授权到变更之日为止：{names}。")
        messages.info(request, told_ended.format(names=names))
    if told is not None and told.kept:
        names = "、".join(told.kept)
        messages.info(request, _("变更之日以后开通的账号没有收回：{names}。").format(names=names))


def _places(form: forms.FactsForm, fields: Mapping[str, Any], row: Standing) -> dict[str, Any]:
    """Resolved areas; a filed body that moves is filed with its new street."""
    ids = form.place_ids()
    if row.kind == Kind.BA and fields.get("street") and ids["street_id"]:
        ids["registrar_area_id"] = ids["street_id"]
    return ids


@doors.needs(Permission.EDIT)
@require_http_methods(_METHODS)
def succeed(request: HttpRequest, pk: int) -> HttpResponse:
    """A filed body registers: a new entity; the filed one ends on the day of registration."""
    filed, row = _writable(request, pk)
    places = lookup.form_places(request.user, Permission.EDIT)
    if row.kind != Kind.BA or not filed.live or not places.registrars:
        raise PermissionDenied
    stored = _stored(filed, row).fields
    shown = forms.initial_of(stored, row.street, row.community)
    kept = ("name", "street", "community", "address", "point", "point_datum",
            "legal_representative", "party_members_declared")  # fmt: skip
    initial = {name: shown.get(name) for name in kept} | {"registered_on": clock.today().isoformat(), "kind": "MF"}
    form = forms.RegisteredForm(request.POST or None, **_options(places), initial=initial)
    phone = words(row, "phone")
    form.fields["phone"].help_text = _("不填则沿用备案时的 {masked}").format(masked=phone) if phone else ""
    there = reverse("registry:organization_detail", args=[pk])
    sheet = Sheet(
        _("备案转登记"), form, reverse("registry:organization_check"), there, places.registrars[0],
        crumbs=[_list_crumb(), (row.name, there), (_("备案转登记"), "")],
        note=_("登记后成为新的组织，{name}的备案在成立之日终止，两份档案互相链接。").format(name=row.name),
    )  # fmt: skip
    return _created(request, sheet, filed)


@doors.needs(*_SEEN)
@require_http_methods(_METHODS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Deregister a body, or let it end in another way."""
    organization, row = _writable(request, pk)
    form = forms.CloseForm(
        request.POST or None, initial={"on": clock.today().isoformat(), "version": organization.version}
    )
    told: list[Finding] = []
    there = reverse("registry:organization_detail", args=[pk])
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            closed = organizations.close(
                organization=organization, status=Status(given["status"]), on=date.fromisoformat(given["on"]),
                reason=given["reason"], version=given["version"], by=request.user, at=clock.now(),  # type: ignore[arg-type]
            )  # fmt: skip
        except Refused as refused:
            told = refused.findings
        else:
            messages.success(request, _("已办理。"))
            if closed.head_change is not None and closed.head_change.ended:
                names = "、".join(closed.head_change.ended)
                messages.info(request, _("组织已终止，负责人账号对本组织的授权随之终止：{names}。").format(names=names))
            return redirect(there)
    return small_form(request, _("注销或其他终止"), form, told, row.name, pk, button=_("办理"), danger=True)


def small_form(
    request: HttpRequest,
    title: str,
    form: Any,
    told: Sequence[Finding],
    name: str,
    pk: int,
    *,
    button: str = "",
    danger: bool = False,
    asks: bool = False,
    rules: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A page with one short form about a body."""
    there = reverse("registry:organization_detail", args=[pk])
    return render(
        request,
        "registry/organization_entry.html",
        {
            "title": title,
            "crumbs": [_list_crumb(), (name, there), (title, "")],
            "name": name,
            "fields": list(describe(form, told, rules=rules).values()),
            "asks": asks,
            "problems": problems(form, told),
            "loose": [f for f in told if f.field not in form.fields and f.severity in (Severity.WARN, Severity.INFO)],
            "back": there,
            "button": button or _("保存"),
            "danger": danger,
        },
        status=422 if form.is_bound else 200,
    )


@doors.needs(Permission.EDIT)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with a field of a new registered body. Writes nothing."""
    places = lookup.form_places(request.user, Permission.EDIT)
    form = forms.RegisteredForm(request.POST, **_options(places))
    form.is_valid()
    area = form.registered_by() if places.registrars else None
    moments: tuple[Moment, ...] = (Moment.SAVE, Moment.NAMING, Moment.REGISTRATION)
    fields = form.new_facts()
    if fields.get("kind") not in REGISTERED:
        moments = (Moment.SAVE,)
    return _told(request, form, fields, area, moments)


@doors.needs(Permission.FILING_EDIT)
@require_POST
def check_filing(request: HttpRequest) -> HttpResponse:
    """What is wrong with a field of a new filed body. Writes nothing."""
    form = _filing_form(request, lookup.form_places(request.user, Permission.FILING_EDIT))
    form.is_valid()
    area = form.places.get(form.cleaned_data.get("street") or "")
    return _told(request, form, form.new_facts(), area, (Moment.SAVE,))


def _told(
    request: HttpRequest,
    form: forms.FactsForm,
    fields: Mapping[str, Any],
    area: Area | None,
    moments: tuple[Moment, ...],
) -> HttpResponse:
    told = []
    if area is not None:
        told = organizations.asked(fields, area=area, moments=moments, on=clock.today(), organization=None)
    return _fragment(request, form, told)


@doors.needs(*_SEEN)
@require_POST
def check_change(request: HttpRequest, pk: int) -> HttpResponse:
    """What a change would bring about in one field. Writes nothing."""
    organization, row = _writable(request, pk)
    row.organization = organization
    stored = _stored(organization, row).fields
    form = _form_of(row, stored, request.POST, correction="status" in request.POST)
    form.is_valid()
    told = organizations.brought_about(organization, row, stored, form.changed(), clock.today())
    return _fragment(request, form, told)


def _fragment(request: HttpRequest, form: forms.FactsForm, told: Sequence[Finding]) -> HttpResponse:
    """Errors and findings of the field that asked; a field left empty is not scolded."""
    name = request.headers.get("HX-Trigger-Name", "")
    filled = bool(request.POST.get(name))
    errors = list(form.errors.get(name, [])) if filled else []
    found = [finding for finding in told if finding.field == name] if filled and not errors else []
    return render(request, "registry/organization_check.html", {"errors": errors, "found": found})
