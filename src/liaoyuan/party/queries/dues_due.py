"""What waits of dues: a secretary's 待办 (months, bases of the year), a superior's 催办. Branches, never persons."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.registries import DueItem, DueSource, Owing, Reminder
from liaoyuan.kit.dates import add_months
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.dues import RequestState
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Due, DuesBase, DuesRequest, Formation, PartyOrganization
from liaoyuan.party.queries import dues, dues_waiting
from liaoyuan.party.queries import organizations as reading


def _mine(user: Any) -> list[PartyOrganization]:
    """Branches of a secretary that collect dues."""
    rows = Formation.objects.now_open().filter(form=Form.BRANCH.value)
    found = dues.collecting(user).filter(pk__in=rows.values("party_organization")).select_related("area")
    return list(found.order_by("path"))


def months(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """The present month not settled yet, months before it that are not paid, bases of the year not settled."""
    month = dues.first_day(on)
    mine = _mine(user)
    kept = dues.kept_from(mine, month) if mine else {}
    parties = [party for party in mine if not kept[party.pk]]
    if not parties:
        return [], 0
    every = [party.pk for party in parties]
    names, owed, payers = reading.names(every), dues.months_owed(every, on), dues.payers_of(every, month)
    keys = {payer.member for told in payers.values() for payer in told}
    known = set(Due.objects.current().filter(member__in=keys, month=month).values_list("member_id", flat=True))
    settled = _settled(keys, on) if dues.amounts() and on.month == 1 else keys
    limits = reading.limits_by_area((party.area for party in parties), month)
    waits = dues_waiting.untalked(owed, {party.pk: limits[party.area_id] for party in parties})
    items: list[DueItem] = []
    for party in parties:
        name, here = names.get(party.pk, ""), {payer.member for payer in payers[party.pk]}
        items += _present(party, name, on, len(here - known), len(here - settled))
        items += _past(party, name, on, owed.get(party.pk, []), waits.get(party.pk, 0))
    items.sort(key=lambda item: (item.due_on or date.max, item.title))
    return items[:limit], len(items)


def _settled(members: Iterable[int], on: date) -> set[int]:
    """Members whose base of the day's year is settled."""
    rows = DuesBase.objects.active(on).filter(member__in=members, set_on__year__gte=on.year)
    return set(rows.values_list("member_id", flat=True))


def _present(party: PartyOrganization, name: str, on: date, unknown: int, unsettled: int) -> list[DueItem]:
    """Lines of the present month and year of a branch: how many members are not reckoned, have no base."""
    month, items = dues.first_day(on), []
    if unknown:
        told = _("{branch}：{month} 党费有 {n} 人未核定").format(branch=name, month=f"{month:%Y-%m}", n=unknown)
        there = reverse("party:dues_month", args=[party.pk])
        items.append(DueItem(told, dues.last_day(month), there, _("核定"), code="PB-FEE-01"))
    if unsettled:
        told = _("{branch}：{year} 年党费基数有 {n} 人未核定").format(branch=name, year=on.year, n=unsettled)
        there = reverse("party:dues_bases", args=[party.pk])
        items.append(DueItem(told, date(on.year, 1, 31), there, _("核定"), code="PB-FEE-02"))
    return items


def _past(
    party: PartyOrganization, name: str, on: date, owed: Sequence[tuple[int, date]], waits: int
) -> list[DueItem]:  # fmt: skip
    """Lines of months that are not paid, and of talks to hold; how many, not who."""
    items = []
    if waits:
        told = _("{branch}：党费未交满规定月数，有 {n} 人待谈话").format(branch=name, n=waits)
        there = reverse("party:dues_requests", args=[party.pk])
        items.append(DueItem(told, dues.last_day(dues.first_day(on)), there, _("查看")))
    if owed:
        first = min(month for _member, month in owed)
        told = _("{branch}：往月党费 {n} 人未交").format(branch=name, n=len({member for member, _month in owed}))
        there = f"{reverse('party:dues_month', args=[party.pk])}?month={first:%Y-%m}&state=unpaid"
        items.append(DueItem(told, dues.last_day(first), there, _("登记")))
    return items


def _asked(rows: Any, sentence: str, limit: int) -> tuple[list[DueItem], int]:
    found = list(rows.order_by("applied_on", "pk")[:limit])
    names = reading.names(row.party_organization_id for row in found)
    return [
        DueItem(
            sentence.format(branch=names.get(row.party_organization_id, "")), add_months(row.applied_on, 1),
            reverse("party:dues_requests", args=[row.party_organization_id]), _("办理"), code="PB-FEE-03",
        )
        for row in found
    ], rows.count()  # fmt: skip


def discussed(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Applications for a reduction that the user's own branch discusses."""
    rows = DuesRequest.objects.visible_to(user).filter(
        state=RequestState.ASKED.value, party_organization__in=dues.collecting(user)
    )
    return _asked(rows, _("{branch}：减免党费的申请待党支部讨论"), limit)


def decided(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Applications that the basic committee decides."""
    leads = PartyOrganization.objects.living().reached_by(user, Permission.EDIT).values("pk")
    rows = DuesRequest.objects.visible_to(user).filter(state=RequestState.AGREED.value, party_organization__in=leads)
    return _asked(rows, _("{branch}：减免党费的申请待批准"), limit)


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


SOURCES = (
    DueSource("party.dues", "党费", Permission.LIFE_EDIT, months),
    DueSource("party.dues_request", "党费减免申请", Permission.LIFE_EDIT, discussed),
    DueSource("party.dues_grant", "党费减免批准", Permission.EDIT, decided),
)
REMINDER = Reminder(
    "party.dues", "党费未交", "下列党支部有党员往月的党费未交，请支部提醒本人：", Permission.EDIT, owing
)  # fmt: skip
