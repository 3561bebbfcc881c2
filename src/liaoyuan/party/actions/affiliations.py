"""The ledger of affiliations: one formal at a time, participations beside it, the stages of sorting out (§2.8)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.kit.dates import add_months
from liaoyuan.party.actions import entering, life
from liaoyuan.party.actions.organizations import end_row
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.members import AFFILIATION_TITLES, SORTED, STAGE_STEPS, STAGE_TITLES, AffiliationKind, Stage
from liaoyuan.party.models import Affiliation, Member, PartyOrganization
from liaoyuan.party.queries import counts
from liaoyuan.party.queries import members as asking
from liaoyuan.party.queries import organizations as reading
from liaoyuan.registry.models import BEGINNING, OPEN, Organization

_TOLD = ("full_time", "purpose", "planned_end", "consented_on", "transfer_due_on", "home_contact", "evidence")


def covers(by: Actor, permission: Permission, party: PartyOrganization) -> bool:
    """Whether a grant of `by` with the permission covers the party organization."""
    return access.covers(by, permission, party, write=False)


def write(
    *, member: Member, party: PartyOrganization | None, kind: str, organization: Organization | None, start: date,
    assumed: bool, fields: Mapping[str, Any], outside_name: str = "", by: Actor, at: datetime,
) -> Affiliation:  # fmt: skip
    """Write one row; the caller holds the locks and the permission. Refused when it would overlap (PB-REL-01)."""
    left = entering.record_of(member).left_on
    if left is not None:
        sentence = _("这名党员 {left} 已登记离开党组织，须先重新录入。")
        raise entering.refusal("MEMBER-LEFT", sentence, "party", left=left.isoformat())
    rows = Affiliation.objects.overlapping(start, OPEN).filter(member=member)
    if kind == AffiliationKind.FORMAL:
        other = rows.formal().order_by("valid_from").last()
        if other is not None:
            seen = other.party_organization is None or covers(by, Permission.MEMBERS_VIEW, other.party_organization)
            if not seen:  # whoever does not see that roster is not told where he belongs
                raise entering.refusal("PB-REL-01", _("这名党员已有正式组织关系，须先办理转接。"), "party")
            where = reading.name_of(other.party_organization, other.outside_name)
            told = _("这名党员的组织关系自 {since} 在“{where}”，须先转出。")
            raise entering.refusal("PB-REL-01", told, "party", since=other.valid_from.isoformat(), where=where)
    twice = rows.filter(party_organization=party, organization=organization) if party is not None else rows.none()
    if twice.exists():
        raise entering.refusal("MEMBER-TWICE", _("这名党员在这个党组织已有一条现行关系。"), "party")
    staged = kind in SORTED
    row = Affiliation(
        member=member, party_organization=party, outside_name=outside_name.strip()[:120], kind=kind,
        organization=organization, valid_from=start, assumed=assumed, recorded_at=at,
        recorded_by=entering.recorder(by), stage=str(fields.get("stage") or Stage.SURVEYED) if staged else "",
        stage_on=(fields.get("stage_on") or start) if staged else None, began_on=None if assumed else start,
        **{name: fields[name] for name in _TOLD if fields.get(name) not in (None, "")},
    )  # fmt: skip
    row.save(force_insert=True)
    return row


@transaction.atomic
def join(
    *, member: Member, party: PartyOrganization | None, kind: str, organization: Organization | None = None,
    start: date | None = None, fields: Mapping[str, Any] | None = None, outside_name: str = "", by: Actor,
    at: datetime, on_behalf: str = "", permission: Permission = Permission.MEMBERS_EDIT,
) -> Affiliation:  # fmt: skip
    """Enter that a member belongs to a party organization since `start` (None = not known).

    A participation is asked over its host, an outside formal affiliation over any party organization of his. Refused
    for a second formal affiliation (PB-REL-01), before he was a member, in the future.
    """
    told = dict(fields or {})
    if party is not None:
        entering.require(by, permission, party)
    else:
        entering.require(by, permission, *_present(member))
    entering.lock(parties=[party.pk if party else None], members=[member.pk])
    member = entering.living_member(member)
    if party is not None:
        party = entering.living(party)
    if start is not None and start > localdate(at):
        raise entering.refusal("MEMBER-FUTURE", _("起日不能晚于今天。"), "start")
    admitted = entering.record_of(member).admitted_on
    if start is not None and admitted is not None and start < admitted:
        raise entering.refusal("MEMBER-BEFORE", _("组织关系的起日不能早于入党时间。"), "start")
    if told.get("consented_on") and (kind not in SORTED or told["consented_on"] > localdate(at)):
        sentence = _("只有临时双隶属、双重管理才填书面同意转入的日期，不晚于今天。")
        raise entering.refusal("MEMBER-CONSENT", sentence, "consented_on")
    told = with_due(told, party, kind, start or localdate(at))
    since = start or asking.begin(member, party, kind) or BEGINNING
    row = write(
        member=member, party=party, kind=kind, organization=organization, start=since, assumed=start is None,
        fields=told, outside_name=outside_name, by=by, at=at,
    )  # fmt: skip
    entering.touched(member)
    events.record(
        Event.JOINED, entering.member_subject(member), by=by, at=at, on_behalf=on_behalf,
        payload={"party": party.pk if party else None, "affiliation": row.pk, "on": entering.day(start),
                 "note": f"{reading.name_of(party, outside_name)} {_(AFFILIATION_TITLES[AffiliationKind(kind)])}"},
    )  # fmt: skip
    return row


def with_due(told: Mapping[str, Any], party: PartyOrganization | None, kind: str, on: date) -> dict[str, Any]:
    """What is told of an affiliation, with the day by which it is to be transferred where a consent sets it."""
    due = add_months(told["consented_on"], _months(party, on)) if told.get("consented_on") else None
    return {**told, "transfer_due_on": due} if due and kind in SORTED and not told.get("transfer_due_on") else {**told}


def _months(party: PartyOrganization | None, on: date) -> int:
    return int(reading.limits(party, on).get("pb.rel.dual_months", 6)) if party is not None else 6


def _present(member: Member) -> list[PartyOrganization]:
    keys = Affiliation.objects.now_open().filter(member=member, party_organization__isnull=False)
    return list(PartyOrganization.objects.filter(pk__in=keys.values("party_organization")).select_related("area"))


def locked(row: Affiliation, by: Actor, permission: Permission = Permission.MEMBERS_EDIT) -> tuple[Affiliation, Member]:
    """The open row and its member under their locks. Refused when somebody changed it."""
    if row.party_organization is not None:
        entering.require(by, permission, row.party_organization)
    else:
        entering.require(by, permission, *_present(row.member))
    entering.lock(parties=[row.party_organization_id], members=[row.member_id])
    found = (
        Affiliation.objects.now_open().filter(pk=row.pk).select_related("party_organization__area", "member").first()
    )
    if found is None:
        raise entering.refusal("MEMBER-ROW-STALE", _("这条组织关系已被修改，请刷新后再试。"))
    return found, entering.living_member(found.member)


@transaction.atomic
def advance(
    *, row: Affiliation, stage: str, on: date, fields: Mapping[str, Any] | None = None, by: Actor, at: datetime
) -> Affiliation:
    """Move a participation to the next stage of sorting out. 已转入 is reached by an accepted transfer only."""
    row, member = locked(row, by)
    told = {name: value for name, value in (fields or {}).items() if name in _TOLD}
    if row.kind not in SORTED or stage not in STAGE_STEPS[Stage(row.stage)] or stage == Stage.MOVED:
        now = _(STAGE_TITLES[Stage(row.stage)]) if row.stage else _("没有阶段")
        raise entering.refusal("STAGE-ORDER", _("现在是“{now}”，不能这样变更。"), "stage", now=now)
    if (row.stage_on is not None and on < row.stage_on) or on > localdate(at):
        told_day = _("日期须在 {first} 至今天之间。")
        raise entering.refusal("STAGE-DAY", told_day, "on", first=entering.day(row.stage_on))
    was = row.stage
    row = set_stage(row, Stage(stage), on, at, by, **told)
    entering.touched(member)
    events.record(
        Event.STAGE_CHANGED, entering.member_subject(member), by=by, at=at,
        payload={"party": row.party_organization_id, "affiliation": row.pk, "on": on.isoformat(),
                 "changes": {"stage": [was, stage]}},
    )  # fmt: skip
    return row


def set_stage(row: Affiliation, stage: Stage, on: date, at: datetime, by: Actor, **told: Any) -> Affiliation:
    """The next stage from the day `on`: the row ends there and another begins; the caller holds the locks."""
    end_row(row, on, at, by)
    row.pk, row._state.adding, row.stage, row.stage_on = None, True, str(stage), on
    row.valid_from, row.valid_to = max(on, row.valid_from), OPEN
    row.recorded_at, row.recorded_by, row.superseded_at = at, entering.recorder(by), None
    for name, value in told.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


@transaction.atomic
def leave(*, row: Affiliation, on: date, reason: str, by: Actor, at: datetime) -> None:
    """A participation ends. A formal affiliation ends by an accepted transfer, or with the membership."""
    row, member = locked(row, by)
    if row.kind == AffiliationKind.FORMAL:
        raise entering.refusal("MEMBER-FORMAL", _("正式组织关系只能经转接变更。"))
    if not row.valid_from < on <= localdate(at):
        told = _("结束日期须晚于 {first}，不晚于今天。")
        raise entering.refusal("MEMBER-LEAVE-DAY", told, "on", first=row.valid_from.isoformat())
    key, party = row.pk, row.party_organization_id
    if row.party_organization is not None:
        life.leave_groups(member, row.party_organization, on, by=by, at=at)
    end_row(row, on, at, by, end_reason=reason.strip()[:100])
    entering.touched(member)
    events.record(
        Event.LEFT, entering.member_subject(member), by=by, at=at,
        payload={"party": party, "affiliation": key, "on": on.isoformat(), "reason": reason.strip()[:100]},
    )  # fmt: skip


def settle(party: PartyOrganization, on: date) -> None:
    """A branch founded with transfers in progress becomes regular on the day its formal full members suffice (§2.8)."""
    if party.regular_on is not None or party.dissolved_on is not None:
        return
    least = int(reading.limits(party, on).get("pb.form.min_formal", 3))
    if counts.of_branches([party.pk], on)[party.pk].formal >= least:
        party.regular_on = on
        party.save(update_fields=["regular_on"])
