"""双隶属转接进度: of those in dual affiliation who is moved and who is due, per party organization and quarter (§2.8).

Figures are as known now, for the last day of a quarter. A member counts once for each party organization.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import Stage
from liaoyuan.party.models import Affiliation, Member, MemberRecord, PartyOrganization
from liaoyuan.party.queries import organizations

MOVED, DUE, AHEAD, KEPT = "moved", "due", "ahead", "kept"
#: What the columns of the page say.
SORT_TITLES = {MOVED: "已转入", DUE: "到期未转", AHEAD: "未到期", KEPT: "不转（兼职）"}


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of a year."""

    year: int
    number: int

    @property
    def last(self) -> date:
        """Its last day."""
        year, month = (self.year + 1, 1) if self.number == 4 else (self.year, self.number * 3 + 1)
        return date(year, month, 1) - timedelta(days=1)

    @property
    def code(self) -> str:
        """As it stands in the address: 2026Q4."""
        return f"{self.year}Q{self.number}"

    def before(self) -> "Quarter":
        """The one before it."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)


def quarter_of(on: date) -> Quarter:
    """The quarter of a day."""
    return Quarter(on.year, (on.month + 2) // 3)


def quarters(on: date, count: int = 8) -> list[Quarter]:
    """The present quarter and those before it, newest first."""
    found = [quarter_of(on)]
    while len(found) < count:
        found.append(found[-1].before())
    return found


def _sorts(on: date) -> dict[str, Q]:
    """The condition under which a row stands in each column at the end of the day `on`: a row ended by a transfer is
    moved from that day; the others as they stand on it.
    """
    here = Q(valid_from__lte=on, valid_to__gt=on)
    kept = here & Q(stage=Stage.KEPT.value)
    due = here & ~Q(stage=Stage.KEPT.value) & Q(transfer_due_on__isnull=False, transfer_due_on__lte=on)
    ahead = here & ~Q(stage=Stage.KEPT.value) & (Q(transfer_due_on__isnull=True) | Q(transfer_due_on__gt=on))
    return {MOVED: Q(moved=True, valid_to__lte=on), DUE: due, AHEAD: ahead, KEPT: kept}


@dataclass(slots=True)
class Progress:
    """The counts of one party organization (or of all, without one)."""

    party: PartyOrganization | None
    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SORT_TITLES, 0))

    @property
    def pk(self) -> int:
        """The key of the party organization."""
        return self.party.pk if self.party is not None else 0

    @property
    def rate(self) -> tuple[int, int]:
        """逐步转入率 as (moved, moved + due)."""
        return self.counts[MOVED], self.counts[MOVED] + self.counts[DUE]


def _rows(user: Any) -> Any:
    rows = Affiliation.objects.current().visible_to(user).sorted_out()
    return rows.filter(party_organization__isnull=False, member__voided_at__isnull=True)


def progress(user: Any, quarter: Quarter, today: date) -> tuple[list[Progress], Progress]:
    """Lines by party organization in the tree's order, and the sum. The running quarter ends today."""
    on, total = min(quarter.last, today), Progress(None, "")
    counted = {name: Count("member", filter=asked, distinct=True) for name, asked in _sorts(on).items()}
    rows = _rows(user).order_by("party_organization__path").values("party_organization").annotate(**counted)
    told = {row.pop("party_organization"): row for row in rows if any(row[name] for name in counted)}
    parties = PartyOrganization.objects.in_bulk(told)
    named = organizations.names(told)
    found = [Progress(parties[key], named.get(key, ""), dict(row)) for key, row in told.items()]
    for line in found:
        for name, count in line.counts.items():
            total.counts[name] += count
    return found, total


@dataclass(frozen=True, slots=True)
class Detail:
    """One row behind a figure. `member` is None for somebody who is no longer in any roster the user sees."""

    pk: int
    member: int | None
    name: str
    party: str
    since: date | None
    consented: date | None
    due: date | None
    stage: str
    stage_on: date | None


def details(user: Any, quarter: Quarter, today: date, sort: str, party: PartyOrganization | None) -> list[Detail]:
    """The rows behind a figure, in the order of their due day."""
    on = min(quarter.last, today)
    asked = _sorts(on).get(sort, Q(pk__in=[]))
    if party is not None:
        asked &= Q(party_organization=party)
    rows = list(_rows(user).filter(asked))
    seen = set(Member.objects.reached_by(user, Permission.MEMBERS_VIEW)
               .filter(pk__in={r.member_id for r in rows}).values_list("pk", flat=True))  # fmt: skip
    named = dict(MemberRecord.objects.current().filter(member__in=seen).values_list("member_id", "name"))
    parties = organizations.names({r.party_organization_id for r in rows})
    found = [
        Detail(r.pk, r.member_id if r.member_id in seen else None, named.get(r.member_id, ""),
               parties.get(r.party_organization_id or 0, ""), None if r.assumed else r.valid_from, r.consented_on,
               r.transfer_due_on, r.stage, r.stage_on)
        for r in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.due or date.max, one.pk))
