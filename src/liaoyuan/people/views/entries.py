"""Entering posts, work, certificates, education and service of a person."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from liaoyuan.core import clock, doors
from liaoyuan.people.actions import posts, volunteers, work
from liaoyuan.people.forms import entries as forms
from liaoyuan.people.forms.persons import PersonForm
from liaoyuan.people.models import Certificate, Employment, Post, Volunteer
from liaoyuan.people.queries import bodies, panel
from liaoyuan.people.queries.posts import term_last
from liaoyuan.people.views import small
from liaoyuan.registry.models import Standing

_POST_RULES = {
    "ST": {"kind": "GOV-01", "age_approval": "GOV-06", "cadre_approval": "GOV-07"},
    "JJ": {"kind": "GOV-02", "is_relative": "GOV-04", "until": "GOV-03", "is_state_staff": "GOV-08"},
}
_POST_SECTIONS = (
    ("", ("kind", "start", "until", "term_no", "elected_on", "evidence")),
    (gettext_lazy("回避和报酬"), ("is_paid", "is_relative", "relative_note")),
    (gettext_lazy("资格"), ("is_state_staff", "is_retired_cadre", "cadre_approval", "age_approval", "no_capacity",
            "sentence_ended_on", "cleared_on")),
)  # fmt: skip


def _sections() -> list[tuple[str, tuple[str, ...]]]:
    return [(str(head), names) for head, names in _POST_SECTIONS]


def _rules(row: Standing) -> dict[str, str]:
    codes = dict(_POST_RULES.get(row.kind, {}))
    if row.is_charity:
        codes["no_capacity"] = "GOV-10"
    return small.statements(row, codes)


def _about(request: HttpRequest, pk: int, organization: int, tab: str) -> tuple[Any, Any, Standing, dict[str, Any]]:
    person, body, told = small.writable(request, pk, organization)
    row = bodies.standing(body)
    back = small.there(pk, body.pk, tab)
    return person, body, row, {"name": f"{told.name} · {row.name}", "back": back, "steps": [(told.name, back)]}


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def post_new(request: HttpRequest, pk: int, organization: int) -> HttpResponse:
    """Appoint the person."""
    person, body, row, frame = _about(request, pk, organization, "posts")
    form = forms.PostForm(request.POST or None, initial=_term(row))

    def write() -> Any:
        return posts.appoint(
            person=person, organization=body, fields=form.told(), start=form.cleaned_data["start"],
            end=forms.after(form.cleaned_data["until"]), by=doors.person(request), at=clock.now(),
            confirmed=small.confirmed(request),
        )  # fmt: skip

    return small.entered(request, _("任职"), form, write, rules=_rules(row), sections=_sections(), **frame)


def _term(row: Standing) -> dict[str, Any]:
    """The term that the register declares, or five years from a beginning."""
    if row.kind == "BA" or row.term_from is None:
        return {}
    return {"start": row.term_from, "until": row.term_to or term_last(row.term_from, 5)}


def _post(request: HttpRequest, key: int) -> tuple[Post, dict[str, Any]]:
    post = get_object_or_404(Post.objects.current().visible_to(request.user).select_related("organization"), pk=key)
    if not bodies.may_write(request.user, post.organization):
        raise PermissionDenied
    _person, _body, _row, frame = _about(request, post.person_id, post.organization_id, "posts")
    return post, frame


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def post_end(request: HttpRequest, key: int) -> HttpResponse:
    """Let a post end."""
    post, frame = _post(request, key)
    form = forms.EndForm(request.POST or None, initial={"on": clock.today().isoformat()})

    def write() -> Any:
        return posts.end(post=post, **form.cleaned_data, by=doors.person(request), at=clock.now())

    return small.entered(request, _("离任"), form, write, button=_("办理离任"), **frame)


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def post_correct(request: HttpRequest, key: int) -> HttpResponse:
    """Correct a post."""
    post, frame = _post(request, key)
    shown: dict[str, Any] = {name: getattr(post, name) for name in ("kind", *posts.FIELDS)}
    for name in ("is_paid", "is_relative", "is_retired_cadre", "is_state_staff"):
        shown[name] = {True: "1", False: "0"}.get(shown[name], "")
    initial = {**shown, "start": post.valid_from, "until": panel.until(post)}
    form = forms.PostForm(request.POST or None, initial=initial)

    def write() -> Any:
        return posts.correct(
            post=post, fields=form.told(), start=form.cleaned_data["start"],
            end=forms.after(form.cleaned_data["until"]), by=doors.person(request), at=clock.now(),
            confirmed=small.confirmed(request),
        )  # fmt: skip

    rules = _rules(bodies.standing(post.organization))
    return small.entered(request, _("更正任职"), form, write, rules=rules, sections=_sections(), **frame)


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def link(request: HttpRequest, organization: int) -> HttpResponse:
    """Link the declared representative to a person."""
    body = bodies.visible(request.user).filter(pk=organization).first()
    if body is None:
        raise Http404
    if not bodies.may_write(request.user, body):
        raise PermissionDenied
    row = bodies.standing(body)
    form = forms.LinkForm(request.POST or None, initial={"name": row.legal_representative, "basis": "duty"})

    def write() -> Any:
        given = form.cleaned_data["start"]
        start = given or body.registered_on or row.valid_from
        return posts.link_declared(
            organization=body, fields=form.told(), start=start, end=forms.after(form.cleaned_data["until"]),
            assumed=given is None, by=doors.person(request), at=clock.now(), confirmed=small.confirmed(request),
        )  # fmt: skip

    back = f"{reverse('registry:organization_detail', args=[body.pk])}?tab=people#tab"
    who = (_("人员"), tuple(name for name in PersonForm.base_fields if name in form.fields))
    rest = [(head, tuple(n for n in names if n != "kind")) for head, names in _sections()]
    return small.entered(
        request, _("关联法定代表人或负责人"), form, write, name=row.name, back=back, steps=[(row.name, back)],
        rules={**_rules(row), **small.statements(row, {"basis": "PRI-01"})},
        sections=[who, (_("任职"), rest[0][1]), *rest[1:]],
    )  # fmt: skip


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def employment_new(request: HttpRequest, pk: int, organization: int) -> HttpResponse:
    """The person takes up work."""
    person, body, _row, frame = _about(request, pk, organization, "work")
    form = forms.EmploymentForm(request.POST or None)

    def write() -> Any:
        return work.employ(
            person=person, organization=body, fields=form.told(), start=form.cleaned_data["start"],
            end=forms.after(form.cleaned_data["until"]), by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return small.entered(request, _("入职"), form, write, **frame)


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def employment_change(request: HttpRequest, key: int) -> HttpResponse:
    """Correct an employment or let it end."""
    rows = Employment.objects.current().visible_to(request.user).select_related("organization", "person")
    row = get_object_or_404(rows, pk=key)
    if not bodies.may_write(request.user, row.organization):
        raise PermissionDenied
    _person, _body, _standing, frame = _about(request, row.person_id, row.organization_id, "work")
    shown: dict[str, Any] = {name: getattr(row, name) for name in work.EMPLOYMENT}
    shown["insured"] = {True: "1", False: "0"}.get(shown["insured"], "")
    initial = {**shown, "start": row.valid_from, "until": panel.until(row)}
    form = forms.EmploymentForm(request.POST or None, initial=initial)

    def write() -> Any:
        return work.change_employment(
            row=row, fields=form.told(), start=form.cleaned_data["start"], end=forms.after(form.cleaned_data["until"]),
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    return small.entered(request, _("更正从业或离职"), form, write, **frame)


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def certificate(request: HttpRequest, pk: int, organization: int) -> HttpResponse:
    """Enter, renew or correct a certificate; `?level=` shows what is stored of that level."""
    person, body, row, frame = _about(request, pk, organization, "cards")
    known = Certificate.objects.current().filter(person=person, organization=body, level=request.GET.get("level", ""))
    shown = known.values(*work.CERTIFICATE).first() or {}
    form = forms.CertificateForm(request.POST or None, initial=shown)

    def write() -> Any:
        return work.certify(
            person=person, organization=body, fields=form.cleaned_data, by=doors.person(request), at=clock.now(),
            confirmed=small.confirmed(request),
        )  # fmt: skip

    title = _("变更或再登记证书") if shown else _("登记社工证书")
    return small.entered(
        request, title, form, write, rules=small.statements(row, {"registered_until": "SW-01"}), **frame
    )


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def education(request: HttpRequest, pk: int, organization: int) -> HttpResponse:
    """Enter continuing education."""
    person, body, _row, frame = _about(request, pk, organization, "lessons")
    form = forms.EducationForm(request.POST or None)

    def write() -> Any:
        return work.train(
            person=person, organization=body, **form.cleaned_data, by=doors.person(request), at=clock.now()
        )

    return small.entered(request, _("登记继续教育"), form, write, **frame)


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def volunteer(request: HttpRequest, pk: int, organization: int) -> HttpResponse:
    """Register as a volunteer, or change what is told of him as one."""
    person, body, row, frame = _about(request, pk, organization, "service")
    known = (
        Volunteer.objects.current().filter(person=person, organization=body).values(*volunteers.VOLUNTEER).first() or {}
    )
    shown = {("fields_" if n == "fields" else n): v for n, v in known.items()}
    form = forms.VolunteerForm(request.POST or None, initial=shown)

    def write() -> Any:
        return volunteers.register(
            person=person, organization=body, fields=form.told(), by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    rules = small.statements(row, {"consented_on": "VOL-06"})
    return small.entered(request, _("志愿者注册"), form, write, rules=rules, **frame)


@doors.needs(*small.WRITERS)
@require_http_methods(small.METHODS)
def service(request: HttpRequest, pk: int, organization: int) -> HttpResponse:
    """Record a service."""
    person, body, row, frame = _about(request, pk, organization, "service")
    form = forms.ServiceForm(request.POST or None)

    def write() -> Any:
        return volunteers.serve(
            person=person, organization=body, on=form.cleaned_data["on"], fields=form.told(), by=doors.person(request),
            at=clock.now(),
        )  # fmt: skip

    return small.entered(
        request, _("记录志愿服务"), form, write, rules=small.statements(row, {"hours": "VOL-03"}), **frame
    )
