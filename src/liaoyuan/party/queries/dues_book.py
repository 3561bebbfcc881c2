"""What pages and sheets of dues show: a branch's month, its members' bases, a year in totals, branches side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext as _

from liaoyuan.kit.text import half_width
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.dues import DUES_TITLES, DuesCategory
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Due, DuesBase, DuesExtra, DuesUse, Formation, MemberRecord, PartyOrganization
from liaoyuan.party.queries import dues as queries
from liaoyuan.party.queries.names import member_names

#: States of a branch's month, of the list of branches.
LINE_TITLES: dict[str, str] = {"unpaid": "未交", "paid": "已交"}
BRANCH_TITLES: dict[str, str] = {
    "unbuilt": "本月未核定", "unpaid": "本月有未交", "late": "有长期欠交",
}  # fmt: skip


def percent(rate: int | None) -> str:
    """A rate in 1/10000 as people write it: 50 → 0.5%, 150 → 1.5%, 100 → 1%."""
    return "" if rate is None else f"{rate / 100:g}%"


def category_word(code: str) -> str:
    """The category in words."""
    return _(DUES_TITLES[DuesCategory(code)]) if code else ""


@dataclass(slots=True)
class Line:
    """One member's month. Amounts are None in zone internet; `late` counts his unpaid past months."""

    pk: int
    member: int
    name: str
    category: str
    rate: str
    due_fen: int | None
    paid_fen: int | None
    paid_on: date | None
    payee: str
    waiver: str
    late: int
    hint: str
    state: tuple[str, str]


class Month:
    """A branch's month: lines by name, in slices; totals; who has no base.

    Without `arrears` (for whoever is not the branch itself) nobody's past months are counted, and of a month gone by
    only those are named who have paid.
    """

    ordered = True

    def __init__(
        self, party: PartyOrganization, month: date, on: date, state: str = "", *, arrears: bool = True
    ) -> None:
        self.party, self.month, self.on = party, month, on
        rows = Due.objects.current().filter(party_organization=party, month=month)
        self.every = rows
        if not arrears and month < queries.first_day(on):
            rows = rows.filter(paid_on__isnull=False)
        if state in LINE_TITLES:
            rows = rows.filter(paid_on__isnull=state == "unpaid")
        self.rows = rows
        self._late = queries.arrears(party, on) if arrears else {}

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds, by name."""
        named = Subquery(_names())
        found = list(self.rows.annotate(who=named).order_by("who", "pk").select_related("waiver")[part])
        return self.lines(found)

    def lines(self, found: Sequence[Due]) -> list[Line]:
        """Rows as the page shows them."""
        names = member_names(row.member_id for row in found)
        limits = queries.late_months(queries.limits(self.party, self.month))
        return [
            Line(
                pk=row.pk, member=row.member_id, name=names.get(row.member_id, ""),
                category=category_word(row.category), rate=percent(row.rate), due_fen=row.due_fen,
                paid_fen=row.paid_fen, paid_on=row.paid_on, payee=row.payee,
                waiver=row.waiver.approval if row.waiver else "", late=self._late.get(row.member_id, 0),
                hint=late_word(self._late.get(row.member_id, 0), limits),
                state=("ok", _("已交")) if row.paid_on else ("review", _("未交")),
            )
            for row in found
        ]  # fmt: skip

    def totals(self) -> dict[str, int | None]:
        """How many owe and have paid, what was due and paid; sums are None where no row has an amount."""
        return self.every.aggregate(
            owing=Count("pk"), paid=Count("pk", filter=Q(paid_on__isnull=False)), due_fen=Sum("due_fen"),
            paid_fen=Sum("paid_fen"),
        )  # fmt: skip

    def unreckoned(self) -> list[tuple[int, str]]:
        """Members who owe the month but have no row yet: (member, name)."""
        known = set(Due.objects.current().filter(month=self.month).values_list("member_id", flat=True))
        return [(p.member, p.record.name) for p in queries.payers(self.party, self.month) if p.member not in known]


def _names() -> Any:
    return MemberRecord.objects.current().filter(member=OuterRef("member")).values("name")[:1]


def late_word(months: int, limits: tuple[int, int]) -> str:
    """What the branch should do about so many unpaid months; it is a person who does it."""
    talk, study = limits
    if months >= study:
        return _("连续或累计 {n} 个月未交，请由支部研究，按党章第九条核实情况；本系统不作认定").format(n=months)
    if months >= talk:
        return _("{n} 个月未交，请支部谈话").format(n=months)
    return _("{n} 个月未交，请提醒").format(n=months) if months else ""


@dataclass(slots=True)
class BaseLine:
    """A member with the base that holds; `base` is masked."""

    pk: int
    name: str
    category: str
    base: str
    since: date | None
    set_on: date | None
    signed_on: date | None
    findings: list[Any]


def base_lines(party: PartyOrganization, on: date) -> list[BaseLine]:
    """The members who owe the branch the day's month with their bases."""
    month = queries.first_day(on)
    payers = queries.payers(party, month)
    rows = {r.member_id: r for r in DuesBase.objects.now_open().filter(member__in=[p.member for p in payers])}
    limits = queries.limits(party, on)
    told = []
    for payer in payers:
        row = rows.get(payer.member)
        told.append(BaseLine(
            pk=payer.member, name=payer.record.name, category=category_word(row.category) if row else "",
            base="***" if row is not None and row.base else "", since=row.valid_from if row else None,
            set_on=row.set_on if row else None, signed_on=row.signed_on if row else None,
            findings=queries.base_findings(row, limits, on),
        ))  # fmt: skip
    return told


@dataclass(frozen=True, slots=True)
class Year:
    """A branch's year in totals, as it is published: income, use, no member."""

    collected_fen: int
    extra_fen: int
    handed_up_fen: int
    used_fen: int
    months: list[tuple[date, int, int, int]]
    uses: list[DuesUse]


def year(party: PartyOrganization, told: int) -> Year:
    """The totals of a year by the day of payment; `months` are (month, owing, paid, collected in the month)."""
    first, end = date(told, 1, 1), date(told + 1, 1, 1)
    paid = Due.objects.current().filter(party_organization=party, paid_on__gte=first, paid_on__lt=end)
    extras = DuesExtra.objects.current().filter(party_organization=party, on__gte=first, on__lt=end)
    uses = list(DuesUse.objects.current().filter(party_organization=party, on__gte=first, on__lt=end)
                .order_by("on", "pk"))  # fmt: skip
    owing = _by_month(Due.objects.current().filter(party_organization=party, month__gte=first, month__lt=end))
    by_day = dict(paid.values_list("paid_on__month").annotate(n=Sum("paid_fen")).order_by())
    months = [(date(told, n, 1), *owing.get(n, (0, 0)), by_day.get(n) or 0) for n in range(1, 13)]
    return Year(
        collected_fen=paid.aggregate(n=Sum("paid_fen"))["n"] or 0,
        extra_fen=extras.aggregate(n=Sum("amount_fen"))["n"] or 0,
        handed_up_fen=extras.filter(handed_up_on__isnull=False).aggregate(n=Sum("amount_fen"))["n"] or 0,
        used_fen=sum(row.amount_fen for row in uses), months=months, uses=uses,
    )  # fmt: skip


def _by_month(rows: Any) -> dict[int, tuple[int, int]]:
    found = rows.values_list("month__month").annotate(n=Count("pk"), paid=Count("paid_on")).order_by()
    return {month: (n, paid) for month, n, paid in found}


@dataclass(slots=True)
class BranchLine:
    """One branch's month in totals: no member, no base."""

    pk: int
    name: str
    owing: int
    paid: int
    unpaid: int
    due_fen: int | None
    paid_fen: int | None
    behind: int
    late: int
    roster: bool


class Branches:
    """Branches whose dues the user may see in totals, with a month's figures."""

    ordered = True

    def __init__(self, user: Any, month: date, on: date, q: str = "", state: str = "") -> None:
        self.user, self.month, self.on = user, month, on
        keys = PartyOrganization.objects.living().reached_by(user, Permission.STATS).values("pk")
        own = PartyOrganization.objects.living().reached_by(user, Permission.LIFE_EDIT).values("pk")
        rows = Formation.objects.now_open().filter(form=Form.BRANCH.value)
        rows = rows.filter(Q(party_organization__in=keys) | Q(party_organization__in=own))
        if q:
            rows = rows.filter(name__icontains=half_width(q).strip())
        here = Due.objects.current().filter(party_organization=OuterRef("party_organization"))
        if state == "unbuilt":
            rows = rows.filter(~Exists(here.filter(month=month)))
        elif state == "unpaid":
            rows = rows.filter(Exists(here.unpaid().filter(month=month)))
        elif state == "late":
            rows = rows.filter(party_organization__in=self._late_keys(rows))
        self.rows = rows

    def _late_keys(self, rows: Any) -> list[int]:
        keys = list(rows.values_list("party_organization", flat=True))
        return [key for key, (_behind, late) in self._behind(keys).items() if late]

    def _behind(self, keys: Iterable[int]) -> dict[int, tuple[int, int]]:
        """By branch: members with unpaid past months, and those with so many that the branch talks with them."""
        parties = {p.pk: p for p in PartyOrganization.objects.filter(pk__in=list(keys)).select_related("area")}
        most: dict[str, int] = {}
        found: dict[int, tuple[int, int]] = {}
        for key, rows in queries.months_owed(parties, self.on).items():
            path = parties[key].area.path
            if path not in most:
                most[path] = queries.late_months(queries.limits(parties[key], self.on))[0]
            counted: dict[int, int] = {}
            for member, _month in rows:
                counted[member] = counted.get(member, 0) + 1
            found[key] = (len(counted), sum(n >= most[path] for n in counted.values()))
        return found

    def count(self) -> int:
        """How many there are."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[BranchLine]:
        """The lines of a slice with plain bounds, by name."""
        found = list(self.rows.order_by("name", "pk").values_list("party_organization_id", "name")[part])
        keys = [key for key, _name in found]
        rows = Due.objects.current().filter(party_organization__in=keys, month=self.month).order_by()
        sums = {
            key: told
            for key, *told in rows.values_list("party_organization").annotate(
                n=Count("pk"), done=Count("paid_on"), due=Sum("due_fen"), got=Sum("paid_fen")
            )
        }
        behind, seen = self._behind(keys), queries.with_roster(self.user, keys)
        return [
            BranchLine(
                pk=key, name=name, owing=told[0], paid=told[1], unpaid=told[0] - told[1], due_fen=told[2],
                paid_fen=told[3], behind=behind.get(key, (0, 0))[0], late=behind.get(key, (0, 0))[1],
                roster=key in seen,
            )
            for key, name in found
            for told in [sums.get(key, [0, 0, None, None])]
        ]  # fmt: skip


def collected(party: PartyOrganization, first: date, end: date) -> Any:
    """Months of a branch that were paid in [first, end), and those of that span that are not paid."""
    rows = Due.objects.current().filter(party_organization=party)
    asked = Q(paid_on__gte=first, paid_on__lt=end) | Q(month__gte=first, month__lt=end)
    return rows.filter(asked).annotate(who=Subquery(_names()), made_up=F("month")).order_by("month", "who", "pk")
