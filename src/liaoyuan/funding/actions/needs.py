"""Needs of communities: collected by streets, published or not taken up by the office."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.rounds import NeedState, RoundState
from liaoyuan.funding.models import Need, Round

FIELDS = ("title", "text", "field", "beneficiaries", "persons", "origin", "collected_on")


def _may_enter(by: Actor, round_: Round, area: Area) -> None:
    """The office of the round for all its area, a street for its own."""
    if not access.covers(by, Permission.EDIT, round_, write=True):
        access.require_area(by, Permission.NEED_EDIT, area.path)


@transaction.atomic
def enter(*, round_: Round, area: Area, fields: Mapping[str, Any], by: Actor, at: datetime) -> Need:
    """Collect a need for a round that is not over."""
    _may_enter(by, round_, area)
    entering.lock(rounds=[round_.pk])
    row = entering.living_round(round_)
    if row.state not in (RoundState.PLANNED, RoundState.OPEN):
        raise entering.refusal("ROUND-STATE", _("这一届已经结束，不再收集需求。"))
    if not area.path.startswith(row.programme.area.path):
        raise entering.refusal("NEED-AREA", _("社区不在这一届的区域内。"), "area")
    if fields["collected_on"] > localdate(at):
        raise entering.refusal("NEED-DAY", _("收集日期不能晚于今天。"), "collected_on")
    _once(row, area, str(fields["title"]), None)
    made = Need.objects.create(
        round=row, area=area, created_at=at, created_by=entering.recorder(by),
        **{name: fields[name] for name in FIELDS if fields.get(name) is not None},
    )  # fmt: skip
    events.record(Event.NEED_ENTERED, made, by=by, at=at, payload={"round": row.pk})
    return made


def _once(round_: Round, area: Area, title: str, own: int | None) -> None:
    rows = Need.objects.filter(round=round_, area=area, title=title).exclude(state=str(NeedState.DROPPED))
    if rows.exclude(pk=own or 0).exists():
        raise entering.refusal("NEED-ONCE", _("这个社区已提出同样的需求。"), "title")


def _living(need: Need, version: int | None) -> Need:
    rows = Need.objects.select_for_update(of=("self",)).select_related("round__programme__area", "area")
    found = rows.get(pk=need.pk)
    if version is not None and found.version != version:
        raise entering.refusal("NEED-STALE", _("您打开页面之后，别人修改了这条需求。请核对最新内容后再保存。"))
    return found


@transaction.atomic
def change(*, need: Need, fields: Mapping[str, Any], version: int | None = None, by: Actor, at: datetime) -> Need:
    """Correct a need; a street only until it was published."""
    _may_enter(by, need.round, need.area)
    entering.lock(rounds=[need.round_id])
    row = _living(need, version)
    office = access.covers(by, Permission.EDIT, row.round, write=True)
    if row.state == NeedState.DROPPED or (row.state == NeedState.PUBLISHED and not office):
        raise entering.refusal("NEED-STATE", _("这条需求已经处理，不能再改。"))
    _once(row.round, row.area, str(fields.get("title", row.title)), row.pk)
    told = {name: fields[name] for name in FIELDS if name in fields}
    before = {name: getattr(row, name) for name in told}
    for name, value in told.items():
        setattr(row, name, value)
    entering.touched(row, *told)
    was, now = entering.plain(before), entering.plain(told)
    changes = {name: [was[name], now[name]] for name in told if was[name] != now[name]}
    events.record(Event.NEED_CHANGED, row, by=by, at=at, payload={"changes": changes})
    return row


def _decided(need: Need, state: NeedState, event: Event, reason: str, by: Actor, at: datetime) -> Need:
    access.require(by, Permission.EDIT, need.round)
    entering.lock(rounds=[need.round_id])
    row = _living(need, None)
    if row.state != NeedState.COLLECTED:
        raise entering.refusal("NEED-STATE", _("这条需求已经处理。"))
    row.state, row.reason, row.decided_at = str(state), reason, at
    row.decided_by = entering.recorder(by)
    entering.touched(row, "state", "reason", "decided_at", "decided_by")
    events.record(event, row, by=by, at=at, payload={"round": row.round_id, "note": reason})
    return row


@transaction.atomic
def publish(*, need: Need, by: Actor, at: datetime) -> Need:
    """Let applicants take it up."""
    return _decided(need, NeedState.PUBLISHED, Event.NEED_PUBLISHED, "", by, at)


@transaction.atomic
def drop(*, need: Need, reason: str, by: Actor, at: datetime) -> Need:
    """Not taken up, with the reason that its community is told."""
    if not reason.strip():
        raise entering.refusal("NEED-REASON", _("请写明未采用的原因。"), "reason")
    return _decided(need, NeedState.DROPPED, Event.NEED_DROPPED, reason.strip()[:200], by, at)
