"""Whom the register's officers remind, and of what: certificates, filings, ratings, council terms; and where a body is
reached.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import vault
from liaoyuan.core.models import Grant, User
from liaoyuan.core.registries import Owing, Reminder
from liaoyuan.registry.choices import Kind, Permission
from liaoyuan.registry.models import Standing
from liaoyuan.registry.queries import due
from liaoyuan.registry.queries.standings import SECRET

SUBJECT = "organization"
_BOTH = f"{Permission.EDIT}|{Permission.FILING_EDIT}"
#: A body chosen from the list is told of its certificate or filing when that ends within so many days, or has ended.
_NEAR = timedelta(days=90)
_COLUMNS = ("organization_id", "name", "street__name", "street_as_given", "legal_representative", "phone")


def called(ids: Iterable[int]) -> dict[int, tuple[str, str, str, str]]:
    """Name, street, head and telephone (ciphertext) of bodies by key."""
    rows = Standing.objects.now_open().filter(organization__in=list(ids)).values_list(*_COLUMNS)
    return {pk: (name, street or given, head, phone) for pk, name, street, given, head, phone in rows}


def line(key: str, pk: int, told: tuple[str, str, str, str], what: str, due_on: date | None) -> Owing:
    """One line of a reminder about a body."""
    name, street, head, phone = told
    return Owing(
        key, (SUBJECT, str(pk)), name, what, due_on, street, head, phone,
        reverse("registry:organization_detail", args=[pk]), reverse("registry:organization_note", args=[pk]),
    )  # fmt: skip


def _of_kind(kind: str, among: Callable[[Any], Any] = due.workable) -> Callable[..., Sequence[Owing]]:
    def owing(user: Any, on: date, since: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
        wanted = None if keys is None else [int(key) for key in keys if key.isdecimal()]
        found = due.ends(user, on, (until - on).days, past=(on - since).days, of=wanted, among=among, kinds=[kind])
        ends = [end for end in found if since <= end.last <= until]
        told = called(end.organization for end in ends)
        return [
            line(str(end.organization), end.organization, told[end.organization], _what(end), end.last)
            for end in ends
            if end.organization in told
        ]

    return owing


def _what(end: due.End) -> str:
    word = _(due.TITLES[end.kind])
    return f"{end.detail} {word}" if end.detail else word


def chosen(user: Any, on: date, since: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
    """Live bodies that were chosen from the list, with the day of a certificate or filing that is near or past."""
    wanted = [int(key) for key in keys or () if key.isdecimal()]
    rows = Standing.objects.now_open().live().visible_to(user).filter(organization__in=wanted)
    days = rows.values_list("organization_id", "kind", "certificate_to", "filing_to")
    told = called(wanted)
    made = []
    for pk, kind, certificate, filing in days:
        last = filing if kind == Kind.BA else certificate
        what = "" if last is None or last > on + _NEAR else due.TITLES["filing" if kind == Kind.BA else "certificate"]
        made.append(line(str(pk), pk, told[pk], _(what) if what else "", last if what else None))
    return sorted(made, key=lambda one: (one.due_on or date.max, one.name))


def _reminder(kind: str, lead: str, permission: str = Permission.EDIT) -> Reminder:
    return Reminder(
        f"registry.{kind}", due.TITLES[kind], lead, permission, _of_kind(kind), "organization.phone", SECRET["phone"],
        own=_of_kind(kind, due.own),
    )  # fmt: skip


CHOSEN = Reminder(
    "registry.organizations", "社会组织", "请下列组织尽快与登记管理机关联系：", Permission.VIEW, chosen,
    "organization.phone", SECRET["phone"], listed=False,
)  # fmt: skip
LEAD_TITLES = {
    "certificate": "下列组织的登记证书快到期或已过期，请尽快办理换证：",
    "rating": "下列组织的评估等级快到期或已过期，请及时申报复评：",
    "term": "下列组织的理事会快届满或已届满，请按章程换届：",
    "filing": "下列社区社会组织的备案快到期或已过期，请尽快确认：",
}
REMINDERS = (
    CHOSEN,
    _reminder("certificate", LEAD_TITLES["certificate"]),
    _reminder("rating", LEAD_TITLES["rating"]),
    _reminder("term", LEAD_TITLES["term"]),
    _reminder("filing", LEAD_TITLES["filing"], _BOTH),
)


def addresses(ids: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
    """Name, telephone and mail of bodies in clear: the mail is that of an account that acts for the body."""
    told = called(int(key) for key in ids if key.isdecimal())
    grants = Grant.objects.filter(scope_kind="organization", scope_id__in=list(ids), ended_at__isnull=True)
    users = dict(grants.order_by("-pk").values_list("scope_id", "user_id"))
    mails = dict(User.objects.filter(pk__in=users.values(), is_active=True).values_list("pk", "email"))
    return {
        str(pk): (name, vault.decrypt(phone, purpose=SECRET["phone"]), mails.get(users.get(str(pk), 0), ""))
        for pk, (name, _street, _head, phone) in told.items()
    }
