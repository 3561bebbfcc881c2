"""Bodies that are reminded of their social workers' registrations; the text names the body, never a person."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.registries import Owing, Reminder
from liaoyuan.people.choices import Permission
from liaoyuan.people.queries import due
from liaoyuan.registry.queries import reminding
from liaoyuan.registry.queries.standings import SECRET


def owing(user: Any, on: date, since: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
    """One line a body: the earliest day, and of how many persons."""
    found = [end for end in due.ends(user, on, (until - on).days, past=(on - since).days) if since <= end.last <= until]
    if keys is not None:
        wanted = set(keys)
        found = [end for end in found if str(end.organization) in wanted]
    first: dict[int, date] = {}
    for end in found:
        first.setdefault(end.organization, end.last)
    counts = Counter(end.organization for end in found)
    told = reminding.called(first)
    return [
        reminding.line(str(pk), pk, told[pk], _("社工证书登记到期 %(n)s 人") % {"n": counts[pk]}, last)
        for pk, last in first.items()
        if pk in told
    ]


REMINDER = Reminder(
    "people.certificate", "社工证书登记到期", "下列组织有社会工作者的证书登记快到期或已到期，请提醒本人再登记：",
    Permission.EDIT, owing, "organization.phone", SECRET["phone"],
)  # fmt: skip
