"""Dues: who owes a month and where, by what they are reckoned, what is in arrears (党费规定; handbook §2.9).

A month is told by its first day. The branch in which a member's month began collects it; whoever is admitted within the
month owes it to the admitting branch (PB-FEE-04). Who merely takes part owes nothing here (PB-REL-06).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from liaoyuan.core import access, policy, vault, zones
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.registries import SealedField
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.dues import DuesCategory
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Affiliation, Due, DuesBase, DuesWaiver, MemberRecord, PartyOrganization
from liaoyuan.party.models.base import roster_reach
from liaoyuan.party.queries import counts
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.rules import dues as rules
from liaoyuan.party.rules.facts.dues import DuesFacts
from liaoyuan.party.rules.facts.formation import FormationFacts

#: Purpose of the base in the vault; what `core.zones` calls it, and whether a month is paid.
PURPOSE = "party.dues_base"
BASE, PAID = "party.dues_base", "party.dues_paid"
SEALED = (SealedField("party.DuesBase", "base", PURPOSE, subject_kind="member", subject="member_id", personal=BASE),)
#: Categories without a base.
FLAT = (DuesCategory.FARMER, DuesCategory.NONE)


def amounts() -> bool:
    """Whether this zone holds bases and amounts of persons."""
    return zones.allowed(settings.ZONE, BASE, zones.Op.STORE)


def first_day(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def last_day(month: date) -> date:
    """The last day of a month."""
    return add_months(month, 1) - timedelta(days=1)


def sealed(fen: int) -> str:
    """The ciphertext of a base."""
    return vault.encrypt(str(fen), purpose=PURPOSE)


def clear(row: DuesBase) -> int | None:
    """A base in fen; None where the category has none. Callers keep it from pages."""
    return int(vault.decrypt(row.base, purpose=PURPOSE)) if row.base else None


@dataclass(frozen=True, slots=True)
class Payer:
    """A member who owes a branch a month."""

    member: int
    record: MemberRecord


def _in_party(record: MemberRecord, month: date) -> bool:
    """Whether he is a member on a day of the month: from that of the admitting meeting on (PB-FEE-04)."""
    since = record.admitted_on or record.confirmed_on
    return since is not None and since <= last_day(month) and (record.left_on is None or record.left_on > month)


def payers(party: PartyOrganization, month: date) -> list[Payer]:
    """The members who owe the branch the month, by name."""
    return payers_of([party.pk], month)[party.pk]


def payers_of(parties: Iterable[int], month: date) -> dict[int, list[Payer]]:
    """The same by branch for several, in two statements."""
    found: dict[int, list[Payer]] = {key: [] for key in parties}
    formal = Affiliation.objects.overlapping(month, add_months(month, 1)).filter(kind=AffiliationKind.FORMAL.value)
    here = formal.filter(party_organization__in=list(found))
    home: dict[int, int | None] = {}
    rows = formal.filter(member__in=here.order_by().values("member")).order_by("valid_from", "pk")
    for member, where in rows.values_list("member_id", "party_organization_id"):
        home.setdefault(member, where)
    records = MemberRecord.objects.current().filter(member__in=[key for key, where in home.items() if where in found])
    for record in records.order_by("name", "member_id"):
        if _in_party(record, month):
            found[home[record.member_id] or 0].append(Payer(record.member_id, record))
    return found


def bases(members: Iterable[int], on: date) -> dict[int, DuesBase]:
    """The base of each member that holds on the day."""
    rows = DuesBase.objects.active(on).filter(member__in=list(members))
    return {row.member_id: row for row in rows}


def waivers(members: Iterable[int], month: date) -> dict[int, DuesWaiver]:
    """The reduction of each member that covers the month."""
    rows = DuesWaiver.objects.current().filter(member__in=list(members), first_month__lte=month, last_month__gte=month)
    return {row.member_id: row for row in rows.order_by("pk")}


def limits(party: PartyOrganization, month: date) -> Limits:
    """The parameters by which a month is reckoned: those of its first day."""
    return reading.limits(party, month)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a member owes for a month; amounts are None in zone internet."""

    category: str
    rate: int | None
    due_fen: int | None
    waiver: DuesWaiver | None


def reckon(base: DuesBase | None, waiver: DuesWaiver | None, by: Limits) -> Reckoned | None:
    """The month's dues; None when there is no base to reckon by. A reduction never raises what is due."""
    if not amounts():
        return Reckoned("", None, None, waiver)
    if base is None or (not base.base and base.category not in FLAT):
        return None
    return reckon_by(base.category, clear(base) or 0, waiver, by)


def reckon_by(category: str, fen: int, waiver: DuesWaiver | None, by: Limits) -> Reckoned:
    """The same by a category and a base in fen that stand in no row yet."""
    kind = DuesCategory(category)
    due = rules.due(fen, kind, by)
    if waiver is not None and waiver.due_fen is not None:
        due = min(due, waiver.due_fen)
    return Reckoned(category, rules.rate(fen, kind, by), due, waiver)


def anew(row: Due) -> dict[str, Any]:
    """The columns of a month as the present base and reduction give them; nothing where they give what stands there."""
    base = bases([row.member_id], row.month).get(row.member_id)
    waiver = waivers([row.member_id], row.month).get(row.member_id)
    found = reckon(base, waiver, limits(row.party_organization, row.month))
    if found is None:
        return {}
    told = columns_of(found)
    return {} if all(getattr(row, name) == value for name, value in told.items()) else told


def columns_of(found: Reckoned) -> dict[str, Any]:
    """What is reckoned as the columns of a month's row."""
    return {"category": found.category, "rate": found.rate, "due_fen": found.due_fen,
            "waiver_id": found.waiver.pk if found.waiver else None}  # fmt: skip


def told_of(payer: Payer, base: DuesBase | None, found: Reckoned, month: date) -> DuesFacts:
    """One member's month as the rules read it."""
    return DuesFacts(
        category=found.category, base_fen=clear(base) if base is not None else None, due_fen=found.due_fen,
        waived=found.waiver is not None, affiliation=str(AffiliationKind.FORMAL),
        admitted_on=payer.record.admitted_on, month=month,
    )  # fmt: skip


def collects(party: PartyOrganization, month: date) -> list[Finding]:
    """What keeps a branch from collecting a month (PB-TMP-01): temporary, functional, transfers in progress."""
    return kept_from([party], month)[party.pk]


def kept_from(parties: Sequence[PartyOrganization], month: date) -> dict[int, list[Finding]]:
    """The same by branch for several with their areas. Heads are counted in branches that are in transfer only: of the
    others the rule does not ask how many are here.
    """
    day = last_day(month)
    told = reading.formations((party.pk for party in parties), day)
    by = reading.limits_by_area((party.area for party in parties), month)
    moving = {party.pk for party in parties if party.regular_on is None or party.regular_on > day}
    heads = counts.of_branches(moving, day) if moving else {}
    found: dict[int, list[Finding]] = {}
    for party in parties:
        key, row = party.pk, told[party.pk]
        facts = FormationFacts(
            branch_kind=row.branch_kind, act="dues", in_transfer=key in moving,
            formal=heads[key].formal if key in heads else None,
        )  # fmt: skip
        said = policy.evaluate(Moment.PARTY_ACT, facts, by[party.area_id], month) if row.form == Form.BRANCH else []
        found[key] = [finding for finding in said if finding.code == "PB-TMP-01"]
    return found


def months_owed(parties: Iterable[int], on: date) -> dict[int, list[tuple[int, date]]]:
    """By branch: (member, month) of months before the day's own that are not paid, the earliest first."""
    rows = Due.objects.current().unpaid().filter(party_organization__in=list(parties), month__lt=first_day(on))
    found: dict[int, list[tuple[int, date]]] = {}
    for party, member, month in rows.order_by("month", "pk").values_list("party_organization_id", "member_id", "month"):
        found.setdefault(party, []).append((member, month))
    return found


def arrears(party: PartyOrganization, on: date) -> dict[int, int]:
    """How many past months each member of the branch has not paid."""
    found: dict[int, int] = {}
    for member, _month in months_owed([party.pk], on).get(party.pk, []):
        found[member] = found.get(member, 0) + 1
    return found


def late_months(by: Mapping[str, Any] | Limits) -> tuple[int, int]:
    """After how many unpaid months the branch talks with the member, and looks into the matter."""
    talk, study = by.get("pb.fee.late_months", [3, 6])
    return int(talk), int(study)


def base_findings(row: DuesBase | None, by: Limits, on: date) -> list[Finding]:
    """What the rules say of a member's base on the day (PB-FEE-02)."""
    facts = DuesFacts(
        category=row.category if row is not None else str(DuesCategory.MONTHLY),
        base_set_on=row.set_on if row is not None else None,
        base_signed=row.signed_on is not None if row is not None else None,
    )  # fmt: skip
    return policy.evaluate(Moment.DUES_DAILY, facts, by, on)


def collecting(user: Any, permission: Permission = Permission.LIFE_EDIT) -> Any:
    """Branches whose dues the user keeps by a grant over the branch itself: a secretary's, not a superior's."""
    paths = access.reach(user, permission).parties
    return PartyOrganization.objects.living().filter(path__in=paths)


def keeps_itself(user: Any, party: PartyOrganization) -> bool:
    """Whether the user keeps this branch by a grant over it alone. Who is in arrears is told to nobody else."""
    allowed = access.reach(user, Permission.LIFE_EDIT)
    return allowed.everything or party.path in allowed.parties


def with_roster(user: Any, keys: Iterable[int]) -> set[int]:
    """Of these party organizations those whose roster the user may see: on the internet his own branch only."""
    condition = roster_reach(user, Permission.MEMBERS_VIEW)
    rows = PartyOrganization.objects.known().filter(pk__in=list(keys))
    return set((rows if condition is None else rows.filter(condition)).values_list("pk", flat=True))


def bases_before(before: datetime) -> list[int]:
    """Keys of bases that were replaced, or ended, before the moment and are still held."""
    gone = Q(superseded_at__lt=before) | Q(superseded_at__isnull=True, valid_to__lt=localdate(before))
    return list(DuesBase.objects.filter(gone).exclude(base="").order_by("pk").values_list("pk", flat=True))
