"""The daily life of a branch: groups, the yearly plan, talks (never what was said), training, the yearly review."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import events, vault, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.party.actions import entering
from liaoyuan.party.actions.entering import end_row
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.life import Duty, Grade, Pair
from liaoyuan.party.models import (
    GroupMember,
    LifePlan,
    Member,
    MemberReview,
    PartyGroup,
    PartyOrganization,
    Talk,
    TrainingRecord,
)
from liaoyuan.party.queries import reviews, voters
from liaoyuan.registry.models import OPEN


def _party(party: PartyOrganization, by: Actor) -> PartyOrganization:
    entering.require(by, Permission.LIFE_EDIT, party)
    entering.lock(parties=[party.pk])
    return entering.living(party)


def _past(on: date, at: datetime, field: str = "on") -> None:
    if on > localdate(at):
        raise entering.refusal("LIFE-FUTURE", _("日期不能晚于今天。"), field)


def _here(party: PartyOrganization, members: Sequence[Member], on: date, field: str) -> None:
    there = set(voters.formal(party.pk, on))
    if any(member.pk not in there for member in members):
        raise entering.refusal("LIFE-MEMBER", _("有人这一天不是本支部的党员。"), field)


@transaction.atomic
def set_group(
    *, party: PartyOrganization, name: str, leader: Member, members: Sequence[Member], on: date,
    group: PartyGroup | None = None, by: Actor, at: datetime,
) -> PartyGroup:  # fmt: skip
    """Set up a group, or say anew who leads and belongs to it from the day `on`. Its leader belongs to it.

    Who belonged to another group moves over. Refused before the day on which the group, or what is known of a member,
    began, and while somebody who moves over leads the other group.
    """
    party = _party(party, by)
    _past(on, at)
    chosen = {member.pk: member for member in (*members, leader)}
    _here(party, list(chosen.values()), on, "members")
    if not name.strip():
        raise entering.refusal("GROUP-NAME", _("请写党小组的名称。"), "name")
    if group is not None:
        group = _open_group(group, on)
    others = PartyGroup.objects.filter(party_organization=party, name=name.strip(), valid_to__gt=on)
    if (others.exclude(pk=group.pk) if group is not None else others).exists():
        raise entering.refusal("GROUP-TWICE", _("本支部已有同名的党小组。"), "name")
    if group is None:
        group = PartyGroup(party_organization=party, valid_from=on)
    group.name, group.leader = name.strip()[:60], leader
    group.save()
    _belong(group, chosen, leader, on, by=by, at=at)
    told = {"group": group.pk, "on": on.isoformat(), "members": len(chosen), "note": group.name}
    events.record(Event.GROUP_SET, entering.subject(party), by=by, at=at, payload=told)
    return group


def _open_group(group: PartyGroup, on: date) -> PartyGroup:
    """The group again, under the branch's lock. Refused when it was dissolved, or for a day before it began."""
    found = PartyGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if found.valid_to != OPEN:
        raise entering.refusal("GROUP-GONE", _("这个党小组已撤销，请刷新后再试。"), "name")
    if on < found.valid_from:
        told = _("日期不能早于党小组的设立日期 {first}。")
        raise entering.refusal("GROUP-DAY", told, "on", first=found.valid_from.isoformat())
    return found


def _belong(
    group: PartyGroup, chosen: Mapping[int, Member], leader: Member, on: date, *, by: Actor, at: datetime
) -> None:
    """From the day on exactly these belong to the group; who stays as he was is left alone."""
    rows = GroupMember.objects.now_open().filter(Q(member__in=chosen) | Q(group=group)).select_related("group")
    staying = set()
    for row in rows.order_by("pk"):
        if row.group_id == group.pk and row.member_id in chosen and row.leads == (row.member_id == leader.pk):
            staying.add(row.member_id)
            continue
        if row.valid_from > on:
            told = _("有组员在 {first} 才编入现在的党小组，日期不能早于这一天。")
            raise entering.refusal("GROUP-MEMBER-DAY", told, "on", first=row.valid_from.isoformat())
        if row.leads and row.group_id != group.pk:
            told = _("“{name}”的组长不能直接编入别的党小组，请先换组长。")
            raise entering.refusal("GROUP-LEADER", told, "members", name=row.group.name)
        end_row(row, on, at, by)
    GroupMember.objects.bulk_create(
        GroupMember(group=group, member=member, leads=key == leader.pk, valid_from=on, recorded_at=at,
                    recorded_by=entering.recorder(by))
        for key, member in sorted(chosen.items()) if key not in staying
    )  # fmt: skip


@transaction.atomic
def end_group(*, group: PartyGroup, on: date, by: Actor, at: datetime) -> PartyGroup:
    """The group exists no more from the day `on`."""
    party = _party(group.party_organization, by)
    _past(on, at)
    group = _open_group(group, on)
    if on <= group.valid_from:
        told = _("撤销日期须晚于 {first}。")
        raise entering.refusal("GROUP-DAY", told, "on", first=group.valid_from.isoformat())
    _end_group(group, on, by=by, at=at)
    told_so = {"group": group.pk, "on": on.isoformat(), "ended": True, "note": group.name}
    events.record(Event.GROUP_SET, entering.subject(party), by=by, at=at, payload=told_so)
    return group


def _end_group(group: PartyGroup, on: date, *, by: Actor, at: datetime) -> None:
    for row in GroupMember.objects.now_open().filter(group=group):
        end_row(row, on, at, by)
    group.valid_to = on
    group.save(update_fields=["valid_to"])


def end_groups(party: PartyOrganization, on: date, *, by: Actor, at: datetime) -> None:
    """End all groups of a branch that is dissolved; the caller holds the transaction, the locks and the event."""
    for group in PartyGroup.objects.filter(party_organization=party, valid_to=OPEN):
        _end_group(group, max(on, group.valid_from + timedelta(days=1)), by=by, at=at)


def leave_groups(member: Member, party: PartyOrganization | None, on: date, *, by: Actor, at: datetime) -> None:
    """A member who left the branch (None = all) belongs to none of its groups any more; as `end_groups`."""
    rows = GroupMember.objects.now_open().filter(member=member)
    for row in rows if party is None else rows.filter(group__party_organization=party):
        end_row(row, on, at, by)


@transaction.atomic
def save_plan(
    *, party: PartyOrganization, year: int, lines: Sequence[Mapping[str, Any]], by: Actor, at: datetime
) -> int:
    """The yearly plan is exactly these lines: `duty`, `month`, `kind` (of a meeting, may be empty), `what`, `who`.

    Lines that stay are left alone; the others are superseded. Returns how many there are.
    """
    party = _party(party, by)
    wished = [
        (str(Duty(one["duty"])), int(one["month"]), str(one.get("kind") or ""), str(one["what"]).strip()[:200],
         str(one.get("who") or "").strip()[:60])
        for one in lines if str(one["what"]).strip()
    ]  # fmt: skip
    present = list(LifePlan.objects.current().filter(party_organization=party, year=year))
    for row in present:
        key = (row.duty, row.month, row.kind, row.what, row.who)
        if key in wished:
            wished.remove(key)
        else:
            LifePlan.objects.filter(pk=row.pk).update(superseded_at=at)
    LifePlan.objects.bulk_create(
        LifePlan(party_organization=party, year=year, duty=duty, month=month, kind=kind, what=what, who=who,
                 recorded_at=at, recorded_by=entering.recorder(by))
        for duty, month, kind, what, who in wished
    )  # fmt: skip
    count = LifePlan.objects.current().filter(party_organization=party, year=year).count()
    events.record(Event.PLAN_SAVED, entering.subject(party), by=by, at=at, payload={"year": year, "lines": count})
    return count


@transaction.atomic
def note_talk(
    *, party: PartyOrganization, on: date, kind: str, one: Member, other: Member, by: Actor, at: datetime
) -> Talk:
    """A talk took place: the day, the kind of pair, the pair. There is no place for what was said."""
    party = _party(party, by)
    _past(on, at)
    if one.pk == other.pk:
        raise entering.refusal("TALK-TWO", _("请选择两个人。"), "other")
    _here(party, [one, other], on, "other")
    talk = Talk.objects.create(
        party_organization=party, on=on, kind=str(Pair(kind)), one=one, other=other, recorded_at=at,
        recorded_by=entering.recorder(by),
    )  # fmt: skip
    told = {"talk": talk.pk, "on": on.isoformat(), "kind": talk.kind}
    events.record(Event.TALK_NOTED, entering.subject(party), by=by, at=at, payload=told)
    return talk


@transaction.atomic
def note_training(
    *, party: PartyOrganization, members: Sequence[Member], on: date, what: str, spent: int, rotation: bool = False,
    by: Actor, at: datetime,
) -> int:  # fmt: skip
    """Members studied `spent` minutes of the same thing; `rotation` at a county or above. Returns for how many it was
    entered.
    """
    party = _party(party, by)
    _past(on, at)
    _here(party, members, on, "members")
    if not 0 < spent <= 200 * 60:
        raise entering.refusal("TRAINING-HOURS", _("学时须大于 0、不超过 200。"), "hours")
    if not what.strip() or not members:
        raise entering.refusal("TRAINING-WHAT", _("请写明内容，并选择参加的党员。"), "what")
    TrainingRecord.objects.bulk_create(
        TrainingRecord(party_organization=party, member=member, on=on, what=what.strip()[:120], spent=spent,
                       rotation=rotation, recorded_at=at, recorded_by=entering.recorder(by))
        for member in sorted(members, key=lambda m: m.pk)
    )  # fmt: skip
    told = {"on": on.isoformat(), "members": len(members), "minutes": spent, "note": what.strip()[:120]}
    events.record(Event.TRAINING_NOTED, entering.subject(party), by=by, at=at, payload=told)
    return len(members)


@transaction.atomic
def note_reviews(*, party: PartyOrganization, year: int, grades: Mapping[int, str], by: Actor, at: datetime) -> int:
    """Results of 民主评议 by member. Kept sealed (C4), in zone gov only, by the branch itself.

    Returns how many changed.
    """
    party = _party(party, by)
    if not zones.allowed(settings.ZONE, reviews.FIELD, zones.Op.STORE):
        raise entering.refusal("ZONE", _("互联网区不存储民主评议结果，请在政务外网录入。"))
    if not reviews.branch_itself(by, party):
        raise PermissionDenied
    if year > localdate(at).year:
        raise entering.refusal("LIFE-FUTURE", _("年度不能晚于今年。"), "year")
    here = set(voters.formal(party.pk, min(localdate(at), date(year, 12, 31))))
    if set(grades) - here:
        raise entering.refusal("LIFE-MEMBER", _("有人这一年不是本支部的党员。"))
    present = {row.member_id: row for row in MemberReview.objects.current().filter(party_organization=party, year=year)}
    changed = 0
    for key, grade in sorted(grades.items()):
        row = present.get(key)
        if row is not None and reviews.clear(row) == grade:
            continue
        if row is not None:
            MemberReview.objects.filter(pk=row.pk).update(superseded_at=at)
        if grade:
            sealed = vault.encrypt(str(Grade(grade)), purpose=reviews.PURPOSE)
            MemberReview.objects.create(
                party_organization=party, member_id=key, year=year, review_grade=sealed, recorded_at=at,
                recorded_by=entering.recorder(by),
            )  # fmt: skip
        changed += 1
    told = {"year": year, "members": changed}
    events.record(Event.REVIEW_NOTED, entering.subject(party), by=by, at=at, payload=told)
    return changed
