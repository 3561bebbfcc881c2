"""Training hours of a branch's members in a year against what is asked (党员教育管理工作条例)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from liaoyuan.party.choices.organizations import OfficerKind
from liaoyuan.party.models import Officer, PartyOrganization, TrainingRecord
from liaoyuan.party.queries import organizations, voters


@dataclass(frozen=True, slots=True)
class Line:
    """A member's year: hours spent, hours asked."""

    name: str
    post: str
    spent: str
    asked: int
    enough: bool


def lines(party: PartyOrganization, year: int, today: date) -> list[Line]:
    """One line a member, as the roster has them."""
    on = min(today, date(year, 12, 31))
    keys = voters.formal(party.pk, on)
    names = voters.names(keys)
    rows = TrainingRecord.objects.current().filter(party_organization=party, on__year=year).order_by()
    minutes = dict(rows.values_list("member").annotate(n=Sum("spent")))
    leading = Officer.objects.active(on).filter(party_organization=party, kind=OfficerKind.SECRETARY)
    secretaries = set(leading.values_list("member", flat=True))
    limits = organizations.limits(party, on)
    each, more = int(limits.get("pb.trn.hours", 32)), int(limits.get("pb.trn.secretary_hours", 56))
    found = []
    for key in keys:
        asked = more if key in secretaries else each
        spent = minutes.get(key, 0)
        post = _("书记") if key in secretaries else ""
        found.append(Line(names.get(key, ""), post, f"{spent / 60:g}", asked, spent >= asked * 60))
    return found
