"""Transfers: who may issue a letter, its number, what the rules say, the list, the lines of the register F08."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy
from liaoyuan.core.choices import Moment
from liaoyuan.kit.findings import Finding
from liaoyuan.kit.text import half_width
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import MEMBER_STATUS_TITLES, TRANSFER_TITLES, TransferState
from liaoyuan.party.models import Affiliation, Formation, MemberRecord, PartyOrganization, Transfer
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.rules import affiliation as rules
from liaoyuan.party.rules.facts.affiliation import AffiliationFacts
from liaoyuan.people.choices import GENDER_TITLES
from liaoyuan.ui.texts import date_short

#: States of the list besides those stored: a letter out past its validity.
EXPIRED = "expired"


def issuer_of(party: PartyOrganization | None, on: date) -> PartyOrganization | None:
    """The nearest superior, or the party organization itself, that may issue letters on the day."""
    if party is None:
        return None
    keys = [int(key) for key in party.path.strip("/").split("/")[1:]]
    able = Formation.objects.active(on).filter(party_organization__in=keys, may_transfer=True)
    found = set(able.values_list("party_organization_id", flat=True))
    nearest = next((key for key in reversed(keys) if key in found), None)
    return PartyOrganization.objects.select_related("area").get(pk=nearest) if nearest else None


def next_number(issuer: PartyOrganization, year: int) -> str:
    """The next number of an issuer's year, `2026-0001`; the caller holds the issuer's lock."""
    start = f"{year}-"
    taken = Transfer.objects.filter(issuer=issuer, number__startswith=start).values_list("number", flat=True)
    return (
        f"{start}{max((int(n.removeprefix(start)) for n in taken if n[len(start) :].isdecimal()), default=0) + 1:04d}"
    )


def formal_of(member: int) -> Affiliation | None:
    """The member's open formal affiliation."""
    rows = Affiliation.objects.now_open().formal().filter(member=member)
    return rows.select_related("party_organization__area").first()


def expired(row: Transfer, on: date) -> bool:
    """Whether its letter is out and no longer valid on the day."""
    return row.state == TransferState.ISSUED and row.expires_on is not None and row.expires_on < on


def home(row: Transfer) -> PartyOrganization | None:
    """The party organization by whose place the rules of the transfer are asked: the sender, else the receiver."""
    return row.source or row.target


def findings(row: Transfer, on: date) -> list[Finding]:
    """What the rules say of a transfer under way (PB-REL-03, -04)."""
    party = home(row)
    if party is None or row.state != TransferState.ISSUED:
        return []
    facts = AffiliationFacts(issued_on=row.issued_on, valid_days=row.valid_days)
    return policy.evaluate(Moment.TRANSFER_DAILY, facts, reading.limits(party, on), on)


def letter_end(issued_on: date, valid_days: int, party: PartyOrganization) -> date:
    """The last day on which a letter is valid."""
    return rules.letter_end(issued_on, valid_days, reading.limits(party, issued_on))


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of the list: a state (EXPIRED, "open"), a text in name or number, a year, a party organization."""

    on: date
    q: str = ""
    state: str = "open"
    year: int | None = None
    party: int | None = None


@dataclass(slots=True)
class Line:
    """One transfer as the list shows it."""

    pk: int
    name: str
    number: str
    source: str
    target: str
    issued_on: date | None
    expires_on: date | None
    receipt_on: date | None
    state: tuple[str, str]


ORDERS: dict[str, tuple[str, ...]] = {
    "issued_on": ("issued_on", "pk"), "number": ("number", "pk"), "expires_on": ("expires_on", "pk"),
}  # fmt: skip


class Listing:
    """Transfers that fulfil the criteria and that the user may see."""

    ordered = True

    def __init__(self, user: Any, criteria: Criteria, order: str = "-issued_on") -> None:
        self.criteria = criteria
        falling = order.startswith("-")
        names = ORDERS.get(order.lstrip("-"), ORDERS["issued_on"])
        self._order = [f"-{name}" if falling else name for name in names]
        self.rows = rows(user, criteria)
        self._total: int | None = None

    def count(self) -> int:
        """How many there are."""
        if self._total is None:
            self._total = self.rows.count()
        return self._total

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        return lines(list(self.rows.order_by(*self._order)[part]), self.criteria.on)


def rows(user: Any, asked: Criteria) -> Any:
    """The transfers that the user may see and the list asks for."""
    found = Transfer.objects.visible_to(user)
    if asked.state == "open":
        found = found.under_way()
    elif asked.state == EXPIRED:
        found = found.filter(state=TransferState.ISSUED.value, expires_on__lt=asked.on)
    elif asked.state in {str(state) for state in TransferState}:
        found = found.filter(state=asked.state)
    if asked.year:
        found = found.filter(issued_on__year=asked.year)
    if asked.party is not None:
        found = found.filter(Q(source=asked.party) | Q(target=asked.party))
    if asked.q:
        text = half_width(asked.q).strip()
        named = MemberRecord.objects.current().filter(name__icontains=text)
        found = found.filter(Q(number__icontains=text) | Q(member__in=named.values("member")))
    return found


def state_words(row: Transfer, on: date) -> tuple[str, str]:
    """(verdict, word)."""
    if expired(row, on):
        return "review", _("介绍信已过期")
    verdicts = {TransferState.ACCEPTED: "ok", TransferState.ISSUED: "review", TransferState.DRAFT: "review"}
    return verdicts.get(TransferState(row.state), "closed"), _(TRANSFER_TITLES[TransferState(row.state)])


def lines(found: Sequence[Transfer], on: date) -> list[Line]:
    """The transfers with names, by one query a kind."""
    named = member_names(row.member_id for row in found)
    parties = reading.names([key for row in found for key in (row.source_id, row.target_id)])
    return [
        Line(
            pk=row.pk, name=named.get(row.member_id, ""), number=row.number,
            source=parties.get(row.source_id or 0, row.source_name),
            target=parties.get(row.target_id or 0, row.target_name), issued_on=row.issued_on,
            expires_on=row.expires_on, receipt_on=row.receipt_on, state=state_words(row, on),
        )
        for row in found
    ]  # fmt: skip


def may(user: Any, permission: Permission, party: PartyOrganization | None) -> bool:
    """Whether the user holds the permission over the party organization."""
    return party is not None and access.covers(user, permission, party, write=False)


def targets(user: Any, member: int) -> list[tuple[int, str]]:
    """Party organizations that may take the member in, by name: those of the user's reach and those where the member
    takes part already. A branch's secretary asks for his own branch or for one outside.
    """
    found = PartyOrganization.objects.living().reached_by(user, Permission.MEMBERS_EDIT)
    here = Affiliation.objects.now_open().filter(member=member, party_organization__isnull=False)
    keys = {*found.values_list("pk", flat=True), *here.values_list("party_organization", flat=True)}
    formal = formal_of(member)
    if formal is not None:
        keys.discard(formal.party_organization_id)
    return sorted(reading.names(keys).items(), key=lambda pair: pair[1])


def wished(member: int) -> tuple[int | None, str]:
    """Where a member who has agreed to move is expected: (party organization, name of the body), or (None, "")."""
    rows = Affiliation.objects.now_open().sorted_out().filter(member=member, consented_on__isnull=False)
    row = rows.order_by("transfer_due_on", "pk").first()
    if row is None:
        return None, ""
    return row.party_organization_id, reading.body_names([row.organization_id]).get(row.organization_id or 0, "")


def facts(row: Transfer) -> list[tuple[str, str]]:
    """(title, text) of a transfer."""
    parties = reading.names([row.source_id, row.target_id, row.issuer_id])
    told = [
        (_("转出党组织"), parties.get(row.source_id or 0, row.source_name)),
        (_("转入党组织"), parties.get(row.target_id or 0, row.target_name)),
        (_("转入后所在组织"), reading.body_names([row.organization_id]).get(row.organization_id or 0, "")),
        (_("转接原因"), row.reason),
        (_("介绍信编号"), row.number),
        (_("开具介绍信的党委"), parties.get(row.issuer_id or 0, row.issuer_name)),
        (_("开具日期"), date_short(row.issued_on)),
        (_("有效期至"), date_short(row.expires_on)),
        (_("党费交至"), row.dues_until.strftime("%Y-%m") if row.dues_until else ""),
        (_("经办人"), row.handled_by),
        (_("接收日期"), date_short(row.accepted_on)),
        (_("回执日期"), date_short(row.receipt_on)),
        (_("退回日期"), date_short(row.refused_on)),
        (_("退回理由"), row.refused_reason),
        (_("备注"), row.note),
        (_("重开自"), row.replaces.number if row.replaces else ""),
    ]
    return [(title, text) for title, text in told if text]


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands on a letter; identity number and home address are written by hand."""

    name: str
    gender: str
    ethnicity: str
    status: str
    source: str
    target: str
    issuer: str
    number: str
    issued_on: date | None
    valid_days: int | None
    dues_until: str
    handled_by: str


def letter(row: Transfer) -> Letter:
    """The letter of a transfer."""
    record = MemberRecord.objects.current().get(member=row.member_id)
    parties = reading.names([row.source_id, row.target_id, row.issuer_id])
    status = record.status(row.issued_on) if row.issued_on else None
    return Letter(
        name=record.name, gender=_(GENDER_TITLES[record.gender]) if record.gender else "",
        ethnicity=record.ethnicity, status=_(MEMBER_STATUS_TITLES[status]) if status else "",
        source=parties.get(row.source_id or 0, row.source_name),
        target=parties.get(row.target_id or 0, row.target_name),
        issuer=parties.get(row.issuer_id or 0, row.issuer_name), number=row.number, issued_on=row.issued_on,
        valid_days=row.valid_days, dues_until=row.dues_until.strftime("%Y-%m") if row.dues_until else "",
        handled_by=row.handled_by,
    )  # fmt: skip
