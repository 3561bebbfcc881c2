"""Accepting a group or an attachment of an approved plan: the application that the superior will decide on.

Nothing is invented: the roster takes the members that are known at the units and that the plan counted; secretary,
founding meeting and papers stay to be filled in on the application's own pages.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.kit.dates import add_months
from liaoyuan.party.actions import entering as party_entering
from liaoyuan.party.actions import founding, reorganizing
from liaoyuan.party.choices.organizations import BranchKind, Standing
from liaoyuan.party.choices.reorganizing import Change, Origin
from liaoyuan.party.models import Founding, PartyOrganization, Reorganization
from liaoyuan.party.queries import founding as foundings
from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.actions import entering
from liaoyuan.planning.choices.codes import Event
from liaoyuan.planning.choices.states import PlanState
from liaoyuan.planning.choices.words import Count
from liaoyuan.planning.models import Plan, PlanGroup, PlanUnit
from liaoyuan.planning.queries import snapshot
from liaoyuan.registry.models import Organization

_MONTHS = "pb.rel.dual_months"


def approved(plan: Plan, by: Actor, bodies: Sequence[int]) -> Plan:
    """The plan under its lock, with the bodies it writes about; refused unless it is approved."""
    plan = entering.living_plan(plan, by)
    party_entering.lock(bodies=bodies)
    if plan.state != PlanState.APPROVED:
        raise entering.refusal("PLAN-UNAPPROVED", _("方案批准以后才能采纳。"))
    return plan


def _free(bodies: Sequence[int]) -> None:
    """Refuse bodies that an application under way names already."""
    waiting = snapshot.waiting_bodies() & set(bodies)
    if waiting:
        names = "、".join(parties.body_names(sorted(waiting)).values())
        raise entering.refusal("PLAN-WAITING", _("{names}已有一件没有办结的设立或调整申请。"), names=names)


@transaction.atomic
def accept_group(
    *, group: PlanGroup, superior: PartyOrganization | None, name: str, submit: bool, by: Actor, at: datetime,
    confirmed: bool = False,
) -> PlanGroup:  # fmt: skip
    """Take a group: an application to found its branch below `superior`, or to adjust the present branch it goes on
    with. With `submit` the application is handed in at once, where the rules let it.
    """
    bodies = sorted(group.bodies.values_list("organization_id", flat=True))
    plan = approved(group.plan, by, bodies)
    row = PlanGroup.objects.select_for_update(of=("self",)).select_related("seat", "label").get(pk=group.pk)
    if row.accepted_at is not None:
        raise entering.refusal("PLAN-TAKEN", _("这一组已经采纳。"))
    _free(bodies)
    units = list(Organization.objects.filter(pk__in=bodies).order_by("pk"))
    if row.label is None:
        if superior is None:
            raise entering.refusal("PLAN-SUPERIOR", _("请选择上级党组织。"), "superior")
        row.founding = _found(row, plan, superior, name, units, submit=submit, by=by, at=at, confirmed=confirmed)
    else:
        row.change = _adjust(row.label, plan, units, submit=submit, by=by, at=at, confirmed=confirmed)
    row.accepted_at, row.accepted_by = at, entering.recorder(by)
    row.save(update_fields=["founding", "change", "accepted_at", "accepted_by"])
    events.record(Event.GROUP_ACCEPTED, entering.plan_subject(plan), by=by, at=at, payload={
        "group": row.number, "bodies": bodies, "founding": row.founding_id, "change": row.change_id,
    })  # fmt: skip
    return row


def _found(
    row: PlanGroup, plan: Plan, superior: PartyOrganization, name: str, units: Sequence[Organization], *,
    submit: bool, by: Actor, at: datetime, confirmed: bool,
) -> Founding:  # fmt: skip
    purpose = _("覆盖编组“{name}”方案 {number} 第 {group} 组：单位就近联合组建。").format(
        name=plan.scenario.name, number=plan.number, group=row.number
    )
    made = founding.draft(
        superior=superior, applicant=row.seat, units=units, by=by, at=at,
        fields={"name": name, "branch_kind": str(BranchKind.JOINT), "purpose": purpose[:400]},
    )  # fmt: skip
    made = founding.set_roster(founding=made, roster=_roster(made, plan, by, at), by=by, at=at)
    return founding.submit(founding=made, by=by, at=at, confirmed=confirmed) if submit else made


def _roster(made: Founding, plan: Plan, by: Actor, at: datetime) -> list[founding.Listed]:
    """The members at the units that the plan counted, each as what he is; due days as the affiliation tells them."""
    on = localdate(at)
    months = int(parties.limits(made.superior, on).get(_MONTHS, 6))
    counted = [Standing.FORMAL] if plan.scenario.count == Count.FORMAL else [Standing.FORMAL, Standing.COMMITTED]
    found = []
    for record, link, _listed in foundings.offered(made, by, on):
        standing = foundings.as_whom(link)
        if standing not in counted or record.status(on) != "full":
            continue
        agreed = link.consented_on if standing == Standing.COMMITTED else None
        due = (link.transfer_due_on or add_months(agreed, months)) if agreed else None
        found.append(founding.Listed(
            member=record.member, standing=str(standing), organization=link.organization, consented_on=agreed,
            full_time=bool(link.full_time), transfer_due_on=due,
        ))  # fmt: skip
    return found


def _adjust(
    party: PartyOrganization, plan: Plan, units: Sequence[Organization], *, submit: bool, by: Actor, at: datetime,
    confirmed: bool,
) -> Reorganization:  # fmt: skip
    """The present branch with other units: who joins, who leaves."""
    now = {unit.organization_id: unit.organization for unit, _name in parties.units_on(party, localdate(at))}
    joining = [unit for unit in units if unit.pk not in now]
    wanted = {unit.pk for unit in units}
    leaving = [unit for key, unit in now.items() if unit is not None and key not in wanted]
    if not joining and not leaving:
        raise entering.refusal("PLAN-SAME", _("这一组和现有支部一样，不须办理。"))
    reason = _("覆盖编组“{name}”方案 {number}").format(name=plan.scenario.name, number=plan.number)
    made = reorganizing.draft(
        party=party, what=Change.ADJUST, origin=Origin.SUPERIOR, fields={"reason": reason[:400]}, joining=joining,
        leaving=leaving, by=by, at=at,
    )  # fmt: skip
    return reorganizing.submit(row=made, by=by, at=at, confirmed=confirmed) if submit else made


@transaction.atomic
def accept_unit(*, unit: PlanUnit, submit: bool, by: Actor, at: datetime, confirmed: bool = False) -> PlanUnit:
    """Take an attachment: an application to adjust the host, which the unit joins."""
    plan = approved(unit.plan, by, [unit.organization_id])
    row = PlanUnit.objects.select_for_update(of=("self",)).select_related("organization", "host").get(pk=unit.pk)
    if row.accepted_at is not None or row.host is None:
        raise entering.refusal("PLAN-TAKEN", _("这个单位不在挂靠之列，或已经采纳。"))
    _free([row.organization_id])
    now = [told.organization for told, _name in parties.units_on(row.host, localdate(at)) if told.organization]
    row.change = _adjust(row.host, plan, [*now, row.organization], submit=submit, by=by, at=at, confirmed=confirmed)
    row.accepted_at, row.accepted_by = at, entering.recorder(by)
    row.save(update_fields=["change", "accepted_at", "accepted_by"])
    events.record(Event.UNIT_ACCEPTED, entering.plan_subject(plan), by=by, at=at, payload={
        "body": row.organization_id, "host": row.host_id, "change": row.change_id,
    })  # fmt: skip
    return row
