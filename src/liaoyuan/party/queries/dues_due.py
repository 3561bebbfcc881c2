"""What waits of dues: a secretary's 待办 (months, bases of the year), a superior's 催办. Branches, never persons."""

from collections.abc import Sequence
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
        items += _talks(party, name, on)
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


def _talks(party: PartyOrganization, name: str, on: date) -> list[DueItem]:
    """A talk to hold with members who have not paid for months; how many, not who."""
    waits = sum(line.talked_on is None for line in dues_waiting.late(party, on))
    if not waits:
        return []
    told = _("{branch}：党费未交满规定月数，有 {n} 人待谈话").format(branch=name, n=waits)
    return [
        DueItem(told, dues.last_day(dues.first_day(on)), reverse("party:dues_requests", args=[party.pk]), _("查看"))
    ]


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
