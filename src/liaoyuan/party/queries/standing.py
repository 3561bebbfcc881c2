"""What the rules say of a branch as it stands on a day (moment party_daily: PB-FORM-03, -05, -09, -10, PB-TMP-02)."""

from datetime import date

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.kit.findings import Finding
from liaoyuan.party.choices.organizations import BranchKind, Form, FoundingState, OfficerKind
from liaoyuan.party.choices.reorganizing import ChangeState
from liaoyuan.party.models import (
    Affiliation,
    Formation,
    Founding,
    Officer,
    PartyOrganization,
    Reorganization,
    Term,
)
from liaoyuan.party.queries import counts
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.rules.facts.formation import FormationFacts

#: PB-FORM-01 is about a body, PB-FORM-08 about an application.
_OTHERS = ("PB-FORM-01", "PB-FORM-08")


def facts_of(party: PartyOrganization, row: Formation, heads: counts.Heads, on: date) -> FormationFacts:
    """The branch as the rules read it."""
    founding = Founding.objects.filter(party_organization=party).select_related("case", "ceremony").first()
    moving = row.form == Form.BRANCH and (party.regular_on is None or party.regular_on > on)
    units = reading.units_on(party, on) if row.branch_kind == BranchKind.JOINT else []
    of_unit = counts.of_bodies([unit.organization_id for unit, _n in units if unit.organization_id], on)
    told = [of_unit.get(unit.organization_id or 0, counts.Heads()) for unit, _n in units]
    replied, met, filed = _course(party, founding)
    return FormationFacts(
        formal=heads.formal, committed=heads.committed, dual=heads.dual, members=heads.formal + heads.probationary,
        branch_kind=row.branch_kind, units=tuple(name for _u, name in units),
        unit_formal=tuple(head.formal for head in told), unit_committed=tuple(head.committed for head in told),
        replied_on=replied, elected_on=met, filed_on=filed, in_transfer=moving,
        transfer_due_on=row.transfer_due_on, below_since=below_since(party, heads, on) if not moving else None,
        ends_on=row.task_ends_on,
    )  # fmt: skip


def _course(party: PartyOrganization, founding: Founding | None) -> tuple[date | None, date | None, date | None]:
    """(approved, elected or appointed, filed) of the adjustment that is not filed yet, else of the founding."""
    rows = Reorganization.objects.filter(party_organization=party, state=ChangeState.CARRIED.value)
    open_one = rows.order_by("-carried_on").first()
    if open_one is not None:
        since = open_one.carried_on
        if open_one.officers:
            post = Officer.objects.now_open().filter(
                party_organization=party, kind=OfficerKind.SECRETARY.value, valid_from__gte=since
            )
            since = post.values_list("valid_from", flat=True).first()
        return open_one.carried_on, since, None
    if founding is None:
        return None, None, None
    met = founding.ceremony.on if founding.ceremony is not None else None
    return (founding.case.decided_on if founding.case is not None else None), met, founding.filed_on


def below_since(party: PartyOrganization, heads: counts.Heads, on: date) -> date | None:
    """Since when a regular branch has had too few formal full members: since the last one left, else its beginning."""
    least = int(reading.limits(party, on)["pb.form.min_formal"])
    if heads.formal >= least:
        return None
    ended = Affiliation.objects.current().formal().filter(party_organization=party, valid_to__lte=on)
    last = ended.order_by("-valid_to").values_list("valid_to", flat=True).first()
    return last or party.regular_on or party.established_on


def findings(party: PartyOrganization, row: Formation, heads: counts.Heads, on: date) -> list[Finding]:
    """Ask the rules about a branch; of a general branch only its size is asked, of a committee nothing."""
    if row.form == Form.COMMITTEE or party.dissolved_on is not None:
        return []
    if row.form == Form.GENERAL:
        below = counts.of_branches(reading.below(party).values_list("pk", flat=True), on)
        size = FormationFacts(form=row.form, members=sum(one.formal + one.probationary for one in below.values()))
        told = policy.evaluate(Moment.PARTY_DAILY, size, reading.limits(party, on), on)
        return [finding for finding in told if finding.code == "PB-FORM-03"]
    facts = facts_of(party, row, heads, on)
    told = policy.evaluate(Moment.PARTY_DAILY, facts, reading.limits(party, on), on)
    return [finding for finding in told if finding.code not in _OTHERS]


def term_due(party: PartyOrganization) -> date | None:
    """The last day of the running term, as extended."""
    row = Term.objects.current().filter(party_organization=party, ended_on__isnull=True).order_by("-number").first()
    return (row.extended_to or row.due_on) if row is not None else None


def unfinished(party: PartyOrganization) -> Founding | None:
    """The founding that is not filed yet."""
    return Founding.objects.filter(party_organization=party).exclude(state=FoundingState.FILED.value).first()
