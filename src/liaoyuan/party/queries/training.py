"""Training hours of a branch's members in a year against what is asked (党员教育管理工作条例)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from liaoyuan.kit.dates import add_months
from liaoyuan.party.choices.organizations import OfficerKind
from liaoyuan.party.models import Officer, PartyOrganization, TrainingRecord
from liaoyuan.party.queries import organizations, voters


@dataclass(frozen=True, slots=True)
class Line:
    """A member's year: hours spent, hours asked. `rotation`, of a secretary: when he was last at one, or by when he
    should have been; whether that is in order.
    """

    name: str
    post: str
    spent: str
    asked: int
    enough: bool
    rotation: tuple[str, bool] | None = None


def lines(party: PartyOrganization, year: int, today: date) -> list[Line]:
    """One line a member, as the roster has them."""
    on = min(today, date(year, 12, 31))
    keys = voters.formal(party.pk, on)
    names = voters.names(keys)
    rows = TrainingRecord.objects.current().filter(party_organization=party, on__year=year).order_by()
    minutes = dict(rows.values_list("member").annotate(n=Sum("spent")))
    leading = Officer.objects.active(on).filter(party_organization=party, kind=OfficerKind.SECRETARY)
    secretaries = dict(leading.order_by("-valid_from").values_list("member", "valid_from"))
    limits = organizations.limits(party, on)
    each, more = int(limits.get("pb.trn.hours", 32)), int(limits.get("pb.trn.secretary_hours", 56))
    been = _rotations(secretaries, on)
    a_year, new = (int(n) for n in limits.get("pb.trn.rotation_months", [12, 6]))
    found = []
    for key in keys:
        asked = more if key in secretaries else each
        spent = minutes.get(key, 0)
        post = _("书记") if key in secretaries else ""
        told = rotation(been.get(key), secretaries[key], on, a_year, new) if key in secretaries else None
        found.append(Line(names.get(key, ""), post, f"{spent / 60:g}", asked, spent >= asked * 60, told))
    return found


def _rotations(members: Iterable[int], on: date) -> dict[int, date]:
    """By member the day of the last training at a county or above."""
    rows = TrainingRecord.objects.current().filter(member__in=list(members), rotation=True, on__lte=on)
    return dict(rows.order_by("on").values_list("member", "on"))


def rotation(last: date | None, since: date, on: date, a_year: int, new: int) -> tuple[str, bool]:
    """What is told of a secretary's training at a county or above: one a year, a new one's within half a year."""
    due = add_months(since, new) if last is None else max(add_months(last, a_year), add_months(since, new))
    if last is not None and last >= since and on <= due:
        return last.isoformat(), True
    told = _("{day} 前应参加") if on <= due else _("{day} 已到期，应参加")
    return told.format(day=due.isoformat()), on <= due
