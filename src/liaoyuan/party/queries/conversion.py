"""双隶属转接进度: of those in dual affiliation who is moved and who is due, per party organization and quarter (§2.8).

Figures are as known now, for the last day of a quarter. A member counts once for each party organization.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from liaoyuan.party.choices import Permission, Stage
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


def sort_of(row: Affiliation, on: date) -> str:
    """Where a row stands at the end of the day `on`; empty when it had not begun or was over without a transfer."""
    if row.stage == Stage.MOVED and row.stage_on is not None and row.stage_on <= on:
        return MOVED
    if not row.valid_from <= on < row.valid_to:
        return ""
    if row.stage == Stage.KEPT and row.stage_on is not None and row.stage_on <= on:
        return KEPT
    return DUE if row.transfer_due_on is not None and row.transfer_due_on <= on else AHEAD


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


def _rows(user: Any) -> Iterable[Affiliation]:
    rows = Affiliation.objects.current().visible_to(user).sorted_out()
    rows = rows.filter(party_organization__isnull=False, member__voided_at__isnull=True)
    return rows.select_related("party_organization").order_by("party_organization__path", "pk")


def progress(user: Any, quarter: Quarter, today: date) -> tuple[list[Progress], Progress]:
    """Lines by party organization in the tree's order, and the sum. The running quarter ends today."""
    on, total = min(quarter.last, today), Progress(None, "")
    found: dict[int, Progress] = {}
    for row in _rows(user):
        sort, party = sort_of(row, on), row.party_organization
        if sort and party is not None:
            found.setdefault(party.pk, Progress(party, "")).counts[sort] += 1
            total.counts[sort] += 1
    named = organizations.names(found)
    for key, line in found.items():
        line.name = named.get(key, "")
    return list(found.values()), total


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
    rows = [r for r in _rows(user) if sort_of(r, on) == sort and party in (None, r.party_organization)]
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
