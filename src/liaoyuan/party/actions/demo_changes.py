"""Adjustments of the demo's invented branches: one that is done (a unit joined a joint branch), one that waits."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from liaoyuan.core import clock
from liaoyuan.core.actions import cases, deciding
from liaoyuan.core.models import User
from liaoyuan.party.actions import reorganizing
from liaoyuan.party.choices.organizations import BranchKind
from liaoyuan.party.models import Founding, PartyOrganization, Reorganization, Unit
from liaoyuan.party.queries import organizations as reading
from liaoyuan.registry.models import Organization
from liaoyuan.registry.models import Standing as BodyStanding


def change(
    made: Sequence[PartyOrganization], bodies: Iterable[BodyStanding], first: date, lead: User, head: User
) -> None:
    """The first joint branch takes in a unit from the day `first` on; the last one has asked to be dissolved."""
    joint = [party for party in made if reading.formation(party).branch_kind == BranchKind.JOINT]
    body = _free(bodies)
    if len(joint) < 2 or body is None:
        return
    _joined(joint[0], body, first, lead, head)
    at = _at(first, 20)
    row = reorganizing.draft(
        party=joint[-1], what="dissolve", origin="branch", by=lead, at=at,
        fields={"reason": "成员单位业务调整，党员陆续转出，不再具备条件。", "members_to": "转入所在街道的党支部"},
    )  # fmt: skip
    reorganizing.submit(row=row, received_on=clock.localdate(at), by=lead, at=at)


def _at(first: date, days: int) -> datetime:
    return clock.moment(date.fromordinal(first.toordinal() + days))


def _joined(party: PartyOrganization, body: Organization, first: date, lead: User, head: User) -> None:
    day = [date.fromordinal(first.toordinal() + days) for days in (-20, -18, -10, 0, 6)]
    row = reorganizing.draft(
        party=party, what="adjust", origin="branch", joining=[body], by=lead, at=clock.moment(day[0]),
        fields={"reason": "邻近单位有党员，要求加入联合党支部。"},
    )  # fmt: skip
    row = reorganizing.submit(row=row, received_on=day[1], by=lead, at=clock.moment(day[1]), confirmed=True)
    case = row.case
    if case is None:
        raise ValueError("an application that was handed in has a case")
    names = list(case.materials.values_list("name", flat=True))
    cases.take_papers(case=case, names=names, on=day[1], by=lead, at=clock.moment(day[1]))
    cases.opine(case=case, outcome="agree", text="便于开展活动，建议同意。", by=lead, at=clock.moment(day[2]))
    deciding.decide(
        case=case, decision="approved", on=day[3], decision_no=f"滨社工〔{day[3].year}〕演21号", by=head,
        at=clock.moment(day[3]), confirmed=True,
    )  # fmt: skip
    deciding.deliver(case=case, on=day[3], how="演示：当面签收", by=lead, at=clock.moment(day[3]))
    reorganizing.file(row=Reorganization.objects.get(pk=row.pk), on=day[4], number="演备21", by=lead,
                      at=clock.moment(day[4]))  # fmt: skip


def _free(bodies: Iterable[BodyStanding]) -> Organization | None:
    """The first of the bodies that no branch covers and none is applied for."""
    taken = set(Unit.objects.current().values_list("organization", flat=True))
    taken |= set(Founding.objects.values_list("applicant", flat=True))
    return next((row.organization for row in bodies if row.organization_id not in taken), None)
