"""What waits of dues: a secretary's 待办 (months, bases of the year), a superior's 催办. Branches, never persons."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.registries import DueItem, DueSource, Owing, Reminder
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Due, DuesBase, Formation, PartyOrganization
from liaoyuan.party.queries import dues
from liaoyuan.party.queries import organizations as reading


def _mine(user: Any) -> list[PartyOrganization]:
    """Branches of a secretary that collect dues."""
    rows = Formation.objects.now_open().filter(form=Form.BRANCH.value)
    found = dues.collecting(user).filter(pk__in=rows.values("party_organization")).select_related("area")
    return list(found.order_by("path"))


def months(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """The present month not settled yet, months before it that are not paid, bases of the year not settled."""
    month = dues.first_day(on)
    parties = [party for party in _mine(user) if not dues.collects(party, month)]
    names = reading.names(party.pk for party in parties)
    late = dues.months_owed([party.pk for party in parties], on)
    items: list[DueItem] = []
    for party in parties:
        name, there = names.get(party.pk, ""), reverse("party:dues_month", args=[party.pk])
        keys = [payer.member for payer in dues.payers(party, month)]
        known = Due.objects.current().filter(member__in=keys, month=month).count()
        if len(keys) > known:
            told = _("{branch}：{month} 党费有 {n} 人未核定").format(
                branch=name, month=f"{month:%Y-%m}", n=len(keys) - known
            )
            items.append(DueItem(told, dues.last_day(month), there, _("核定"), code="PB-FEE-01"))
        rows = late.get(party.pk, [])
        if rows:
            first = min(earliest for _member, earliest in rows)
            told = _("{branch}：往月党费 {n} 人未交").format(branch=name, n=len({member for member, _m in rows}))
            items.append(DueItem(told, dues.last_day(first), f"{there}?month={first:%Y-%m}&state=unpaid", _("登记")))
        if dues.amounts() and on.month == 1:
            settled = DuesBase.objects.active(on).filter(member__in=keys, set_on__year__gte=on.year)
            left = len(keys) - settled.values("member").distinct().count()
            if left:
                told = _("{branch}：{year} 年党费基数有 {n} 人未核定").format(branch=name, year=on.year, n=left)
                items.append(DueItem(
                    told, date(on.year, 1, 31), reverse("party:dues_bases", args=[party.pk]), _("核定"),
                    code="PB-FEE-02",
                ))  # fmt: skip
    items.sort(key=lambda item: (item.due_on or date.max, item.title))
    return items[:limit], len(items)


def owing(user: Any, on: date, since: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
    """Branches within reach where members have not paid past months; the day is the end of the last such month."""
    rows = PartyOrganization.objects.living().reached_by(user, Permission.EDIT)
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    owed = dues.months_owed(rows.values_list("pk", flat=True), on)
    names = reading.names(owed)
    found = []
    for pk, told in owed.items():
        last = dues.last_day(max(month for _member, month in told))
        if since <= last <= until:
            what = _("往月党费 {n} 人未交").format(n=len({member for member, _month in told}))
            found.append(Owing(
                key=str(pk), subject=(reading.SUBJECT, str(pk)), name=names.get(pk, ""), what=what, due_on=last,
                url=reverse("party:dues_month", args=[pk]),
            ))  # fmt: skip
    return sorted(found, key=lambda line: (line.due_on or date.max, line.name))


SOURCES = (DueSource("party.dues", "党费", Permission.LIFE_EDIT, months),)
REMINDER = Reminder(
    "party.dues", "党费未交", "下列党支部有党员往月的党费未交，请支部提醒本人：", Permission.EDIT, owing
)  # fmt: skip
