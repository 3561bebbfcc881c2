"""What the register holds of persons: its columns of ciphertext, what is due to go, what it stores about an account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, zones
from liaoyuan.core.models import LegalHold
from liaoyuan.core.registries import AboutMe, SealedField
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries import claims
from liaoyuan.registry.queries.standings import PERSONAL, SECRET

SUBJECT = "organization"
SEALED = (
    SealedField(
        "registry.Standing", "phone", SECRET["phone"], subject_kind=SUBJECT, subject="organization_id",
        personal="organization.phone",
    ),
    SealedField(
        "registry.Standing", "representative_id", SECRET["representative_id"], subject_kind=SUBJECT,
        subject="organization_id", personal="organization.representative_id",
    ),
)  # fmt: skip
CLAIMS = SealedField(
    "registry.Claim", "mobile", claims.PURPOSE, subject_kind=SUBJECT, subject="organization_id", personal="claim.mobile"
)
_FILLED = ~Q(phone="") | ~Q(representative_id="")


def closed_before(before: datetime) -> list[int]:
    """Bodies that ended before the moment's day and still hold a telephone or an identity number in some standing."""
    ended = Organization.objects.filter(closed_on__lt=clock.localdate(before), live=False)
    rows = Standing.objects.filter(_FILLED, organization__in=ended)
    return list(rows.order_by("organization_id").values_list("organization_id", flat=True).distinct())


def superseded_before(before: datetime) -> list[int]:
    """Standings that were replaced before the moment and still hold one."""
    rows = Standing.objects.filter(_FILLED, superseded_at__lt=before)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def not_held(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    """Those whose body is under no legal hold."""
    held = LegalHold.objects.filter(subject_kind=SUBJECT, lifted_at__isnull=True).values_list("subject_id", flat=True)
    return rows.annotate(_body=Cast("organization_id", TextField())).exclude(_body__in=list(held))


def find(key: str) -> Organization | None:
    """The body with this key."""
    return Organization.objects.filter(pk=int(key)).first() if key.isdigit() else None


def _own(user: Any) -> list[Standing]:
    keys = access.reach(user, Permission.OWN_VIEW).organizations
    return list(Standing.objects.now_open().filter(organization__in=keys).order_by("organization_id")) if keys else []


def about(user: Any) -> Sequence[tuple[str, str, str]]:
    """The bodies in whose name the account acts, and which fields of persons they hold."""
    lines = []
    for row in _own(user):
        kept = [
            str(_(zones.FIELDS[code].title))
            for column, code in PERSONAL.items()
            if zones.is_secret(code) and getattr(row, column, None)
        ]
        told = _("存有：{fields}").format(fields="、".join(kept)) if kept else _("没有存敏感信息")
        lines.append((row.name, told, reverse("registry:organization_detail", args=[row.organization_id])))
    return lines


def subjects(user: Any) -> Sequence[tuple[str, str, str]]:
    """The bodies themselves: who had their telephone number shown is told to their own people."""
    return [(SUBJECT, str(row.organization_id), row.name) for row in _own(user)]


ABOUT_ME = AboutMe("registry", "社会组织登记", about, subjects)
