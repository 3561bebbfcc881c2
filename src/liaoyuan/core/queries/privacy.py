"""What is stored about a person and who read it; whose office answers requests about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, registries, zones
from liaoyuan.core.choices import Event, Permission
from liaoyuan.core.models import Area, AuditEvent, PersonalRequest, User
from liaoyuan.core.models.privacy import PersonalRequestQuerySet
from liaoyuan.core.registries import DueItem

type Subject = tuple[str, str, str]

#: Events that say that somebody read something.
READS = (Event.REVEALED, Event.OPENED, Event.EXPORTED)
_LOGINS = (Event.LOGIN, Event.LOGIN_FAILED, Event.LOCKED, Event.PASSWORD_CHANGED, Event.PASSWORD_RESET)
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Read:
    """One reading: when, who, whose and which field, why."""

    at: datetime
    who: str
    what: str
    field: str
    reason: str


def subjects(user: User) -> list[Subject]:
    """The subjects that speak of this person: the account itself and what the floors entered."""
    found: list[Subject] = [("user", str(user.pk), str(user))]
    for entry in registries.about_me.values():
        found += [subject for subject in entry.subjects(user) if subject not in found]
    return found


def named(user: User) -> list[tuple[str, Sequence[tuple[str, str, str]]]]:
    """Rows in which this person is named, by floor: (title, lines)."""
    return [(_(entry.title), entry.rows(user)) for entry in registries.about_me.values()]


def readings(user: User, limit: int = _SHOWN) -> list[Read]:
    """Who read what of this person, newest first."""
    own = Q(pk__in=[])
    for kind, key, _label in subjects(user):
        own |= Q(subject_kind=kind, subject_id=key)
    rows = AuditEvent.objects.filter(own, code__in=[str(code) for code in READS]).select_related("actor")
    return [
        Read(row.recorded_at, _name(row), row.subject_label, field_title(row.payload.get("field", "")),
             str(row.payload.get("reason", "")))
        for row in rows.order_by("-pk")[:limit]
    ]  # fmt: skip


def _name(row: AuditEvent) -> str:
    return (
        f"{row.actor.display_name}（{row.actor.unit}）"
        if row.actor and row.actor.unit
        else str(row.actor.display_name if row.actor else row.actor_name)
    )


def field_title(name: str) -> str:
    """What people call a field that a read event names."""
    for entry in zones.FIELDS.values():
        if name and (name in entry.names or name == entry.code):
            return _(entry.title)
    return name


def sign_ins(user: User, limit: int = _SHOWN) -> list[AuditEvent]:
    """The account's latest sign-ins and what else happened at its door, newest first."""
    rows = AuditEvent.objects.filter(Q(subject_kind="user", subject_id=str(user.pk)) | Q(actor=user))
    return list(rows.filter(code__in=[str(code) for code in _LOGINS]).order_by("-pk")[:limit])


def sessions_of(user: User, at: datetime) -> list[datetime]:
    """Until when the open sessions of this account hold, latest first."""
    found = []
    for row in Session.objects.filter(expire_date__gt=at).order_by("-expire_date").iterator(chunk_size=500):
        if row.get_decoded().get("_auth_user_id") == str(user.pk):
            found.append(row.expire_date)
    return found


def holder_path(subject: Subject) -> str:
    """The area of the office that holds the subject's data; empty for an account."""
    resolver = registries.scope_kinds.get(subject[0])
    row = resolver.find(subject[1]) if resolver is not None and resolver.find is not None else None
    if resolver is None or row is None:
        return ""
    writable, _readable, _key = resolver.resolve(row)
    return writable[0] if writable else ""


def own_requests(user: User, limit: int = _SHOWN) -> list[PersonalRequest]:
    """One's own requests, latest first."""
    return list(PersonalRequest.objects.visible_to(user).order_by("-asked_at", "-pk")[:limit])


def to_decide(user: Any) -> PersonalRequestQuerySet:
    """Requests that this officer answers: those about his area's bodies; accounts are the system administrator's."""
    condition = Q(pk__in=[])
    if access.has(user, Permission.USER_MANAGE):
        condition |= Q(subject_kind="user")
    allowed = access.reach(user, Permission.REQUEST_DECIDE)
    if allowed.everything:
        condition |= ~Q(subject_kind="user")
    for path in allowed.paths:
        condition |= Q(area_path__startswith=path)
    return PersonalRequest.objects.filter(condition).select_related("user", "decided_by").order_by("due_on", "pk")


def may_decide(user: Any, request: PersonalRequest) -> bool:
    """Whether the officer's office holds the data that the request is about."""
    return to_decide(user).filter(pk=request.pk).exists()


def may_erase(by: Any, subject: Subject) -> bool:
    """Whether `by` may erase a subject's C3/C4 values: whose office holds them, and the operator."""
    if isinstance(by, access.Operator):
        return True
    path = holder_path(subject)
    found = access.reach(by, Permission.REQUEST_DECIDE)
    return bool(path) and (found.everything or any(path.startswith(own) for own in found.paths))


def office(request: PersonalRequest) -> str:
    """Who answers, in words."""
    if not request.area_path:
        return _("系统管理员")
    area = Area.objects.filter(path=request.area_path).first()
    return _("{area}登记管理机关").format(area=area.name) if area else ""


def requests_waiting(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Requests about personal data that this officer must answer."""
    if not access.any_of(user, (Permission.REQUEST_DECIDE, Permission.USER_MANAGE)):
        return [], 0
    rows = to_decide(user).open().exclude(user=user)
    total = rows.count()
    items = [
        DueItem(
            title=_("个人信息请求待答复：{subject}").format(subject=row.subject_label),
            due_on=row.due_on,
            url=reverse("core:request_detail", args=[row.pk]),
            button=_("去答复"),
            code="privacy",
        )
        for row in (rows[:limit] if total else ())
    ]
    return items, total
