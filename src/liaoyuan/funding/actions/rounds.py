"""Programmes and their rounds: plan, figures of a round alone (two persons), open, extend, cancel, end."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.rounds import ProgrammeKind, RoundState
from liaoyuan.funding.models import Programme, Project, Round
from liaoyuan.funding.queries import figures, limits

#: What a round is planned with.
FIELDS = (
    "year", "title", "practice", "place", "call", "opens_on", "closes_on", "eligible_by", "review_by",
    "publicity_from", "publicity_to", "sign_by", "runs_from", "runs_to",
)  # fmt: skip
#: The days of a round in the order in which they must lie.
DAYS = (
    "opens_on", "closes_on", "eligible_by", "review_by", "publicity_from", "publicity_to", "sign_by", "runs_from",
    "runs_to",
)  # fmt: skip


@transaction.atomic
def enter_programme(*, area: Area, code: str, fields: Mapping[str, Any], by: Actor, at: datetime) -> Programme:
    """Set up a standing programme. `code` names its policy parameters and is never changed."""
    access.require_area(by, Permission.EDIT, area.path)
    entering.lock(rounds=[0])
    code = code.strip()
    if not code or not code.replace("-", "").isalnum() or not code.isascii():
        raise entering.refusal("PROGRAMME-CODE", _("代号只用字母、数字和连字符，如 320211-venture。"), "code")
    if Programme.objects.filter(code=code).exists():
        raise entering.refusal("PROGRAMME-CODE", _("这个代号已经用过。"), "code")
    row = Programme.objects.create(
        area=area, code=code, kind=str(ProgrammeKind.VENTURE), created_at=at, created_by=entering.recorder(by),
        **{name: str(fields.get(name, "")).strip() for name in ("name", "host", "organizer", "basis")},
    )  # fmt: skip
    events.record(Event.PROGRAMME_ENTERED, row, by=by, at=at)
    return row


def _in_order(fields: Mapping[str, Any]) -> None:
    """Refuse days of a round that do not follow each other, naming the first that does not."""
    last: date | None = None
    for name in DAYS:
        given = fields.get(name)
        if given is None:
            continue
        if last is not None and given < last:
            told = _("这一天早于前面的安排 {last}。")
            raise entering.refusal("ROUND-DAYS", told, name, last=last.isoformat())
        last = given


@transaction.atomic
def plan(*, programme: Programme, fields: Mapping[str, Any], by: Actor, at: datetime) -> Round:
    """Plan a round. Nobody outside the office sees it before it is opened."""
    access.require(by, Permission.EDIT, programme)
    entering.lock(rounds=[0])
    _in_order(fields)
    _named_once(programme, str(fields["title"]), None)
    row = Round.objects.create(
        programme=programme, state=str(RoundState.PLANNED), created_at=at, created_by=entering.recorder(by),
        **{name: fields[name] for name in FIELDS if fields.get(name) is not None},
    )  # fmt: skip
    events.record(Event.ROUND_PLANNED, row, by=by, at=at, payload={"on": row.opens_on.isoformat()})
    return row


def _named_once(programme: Programme, title: str, own: int | None) -> None:
    rows = Round.objects.filter(programme=programme, title=title).exclude(state=str(RoundState.CANCELLED))
    if rows.exclude(pk=own or 0).exists():
        raise entering.refusal("ROUND-TITLE", _("这个计划已有同名的一届。"), "title")


def _writable(round_: Round, version: int | None, by: Actor, *states: RoundState) -> Round:
    access.require(by, Permission.EDIT, round_)
    entering.lock(rounds=[round_.pk])
    row = entering.living_round(round_, version)
    if row.state not in states:
        raise entering.refusal("ROUND-STATE", _("这一届现在不能这样办理。"))
    return row


@transaction.atomic
def change(*, round_: Round, fields: Mapping[str, Any], version: int | None = None, by: Actor, at: datetime) -> Round:
    """Change the plan of a round. Once it is open only the days after the window and the text of the call change."""
    row = _writable(round_, version, by, RoundState.PLANNED, RoundState.OPEN)
    open_now = row.state == RoundState.OPEN
    fixed = ("year", "practice", "place", "opens_on", "closes_on") if open_now else ()
    told = {name: fields[name] for name in FIELDS if name in fields and name not in fixed}
    _in_order({**{name: getattr(row, name) for name in DAYS}, **told})
    _named_once(row.programme, str(told.get("title", row.title)), row.pk)
    before = {name: getattr(row, name) for name in told}
    for name, value in told.items():
        setattr(row, name, value)
    if "place" in told and before["place"] != row.place:
        row.confirmed_at = row.confirmed_by = None
    entering.touched(row, *told, "confirmed_at", "confirmed_by")
    shown = {name: (entering.plain({name: before[name]})[name], entering.plain({name: value})[name])
             for name, value in told.items() if before[name] != value and name != "call"}  # fmt: skip
    events.record(Event.ROUND_CHANGED, row, by=by, at=at, payload={"changes": {k: list(v) for k, v in shown.items()}})
    return row


@transaction.atomic
def propose_figures(
    *, round_: Round, values: Mapping[str, Any], reason: str, version: int | None = None, by: Actor, at: datetime
) -> Round:
    """Draft figures of this round alone; they hold after somebody else has confirmed them. No values take them off.

    Refused for keys that a round does not have, and for values of another shape.
    """
    row = _writable(round_, version, by, RoundState.PLANNED)
    figures.check(row, values)
    if values and not reason.strip():
        raise entering.refusal("ROUND-REASON", _("请写明本届参数的依据（会议纪要、文件）。"), "reason")
    row.own_figures, row.own_reason = limits.told(values), reason.strip()[:200] if values else ""
    row.figures_at, row.figures_by = (at, entering.recorder(by)) if values else (None, None)
    row.confirmed_at = row.confirmed_by = None
    entering.touched(row, "own_figures", "own_reason", "figures_at", "figures_by", "confirmed_at", "confirmed_by")
    events.record(Event.ROUND_FIGURES_PROPOSED, row, by=by, at=at, payload={"keys": sorted(values)})
    return row


@transaction.atomic
def confirm_figures(*, round_: Round, version: int | None = None, by: Actor, at: datetime) -> Round:
    """A second person confirms the figures of this round alone."""
    access.require(by, Permission.CONFIRM, round_)
    entering.lock(rounds=[round_.pk])
    row = entering.living_round(round_, version)
    if row.state != RoundState.PLANNED or not row.own_figures or row.confirmed_at is not None:
        raise entering.refusal("ROUND-STATE", _("没有要确认的本届参数。"))
    if entering.recorder(by) is None or row.figures_by_id == by.pk:
        raise entering.refusal("ROUND-SECOND", _("本届参数须由起草人以外的人确认。"))
    row.confirmed_at, row.confirmed_by = at, entering.recorder(by)
    entering.touched(row, "confirmed_at", "confirmed_by")
    events.record(Event.ROUND_FIGURES_CONFIRMED, row, by=by, at=at, payload={"keys": sorted(row.own_figures)})
    return row


@transaction.atomic
def open_round(*, round_: Round, version: int | None = None, by: Actor, at: datetime) -> Round:
    """Publish the call. From now on the round is judged by the parameters of its first day, copied here.

    Refused without a call, without money, after its window, and while its own figures wait for a second person.
    """
    row = _writable(round_, version, by, RoundState.PLANNED)
    today = localdate(at)
    if not row.call.strip():
        raise entering.refusal("ROUND-CALL", _("请先写好征集公告。"), "call")
    if row.closes_on < today:
        raise entering.refusal("ROUND-LATE", _("申报截止已过，请先改申报截止。"), "closes_on")
    if row.own_figures and row.confirmed_at is None:
        raise entering.refusal("ROUND-FIGURES", _("本届参数还没有由第二人确认。"))
    if not row.pools.exists():
        raise entering.refusal("ROUND-POOL", _("请先设定资金池。"))
    row.figures = limits.snapshot(limits.planned(row, row.opens_on), row.opens_on)
    row.state, row.opened_at, row.opened_by = str(RoundState.OPEN), at, entering.recorder(by)
    entering.touched(row, "figures", "state", "opened_at", "opened_by")
    events.record(Event.ROUND_OPENED, row, by=by, at=at, payload={"on": row.opens_on.isoformat()})
    return row


@transaction.atomic
def extend(
    *, round_: Round, closes_on: date, reason: str, version: int | None = None, by: Actor, at: datetime
) -> Round:
    """Take applications longer. A window is never made shorter."""
    row = _writable(round_, version, by, RoundState.OPEN)
    if closes_on <= row.closes_on:
        raise entering.refusal("ROUND-SHORTER", _("新的截止日期须晚于 {last}。"), "closes_on",
                               last=row.closes_on.isoformat())  # fmt: skip
    if closes_on < localdate(at):
        raise entering.refusal("ROUND-LATE", _("截止日期不能早于今天。"), "closes_on")
    if not reason.strip():
        raise entering.refusal("ROUND-REASON", _("请写明延长的原因。"), "reason")
    if row.eligible_by is not None and closes_on > row.eligible_by:
        raise entering.refusal("ROUND-DAYS", _("新的截止日期晚于资格审查完成 {last}，请先改安排。"), "closes_on",
                               last=row.eligible_by.isoformat())  # fmt: skip
    before, row.closes_on = row.closes_on, closes_on
    entering.touched(row, "closes_on")
    payload = {"changes": {"closes_on": [before.isoformat(), closes_on.isoformat()]}, "note": reason.strip()[:200]}
    events.record(Event.ROUND_EXTENDED, row, by=by, at=at, payload=payload)
    return row


@transaction.atomic
def cancel(*, round_: Round, reason: str, version: int | None = None, by: Actor, at: datetime) -> Round:
    """Cancel a round that nobody has applied in; one with applications is ended, not cancelled."""
    row = _writable(round_, version, by, RoundState.PLANNED, RoundState.OPEN)
    if not reason.strip():
        raise entering.refusal("ROUND-REASON", _("请写明取消的原因。"), "reason")
    if Project.objects.handed_in().filter(round=row).exists():
        raise entering.refusal("ROUND-APPLIED", _("已有组织提交了申报，不能取消。"))
    row.state, row.ended_at, row.ended_by = str(RoundState.CANCELLED), at, entering.recorder(by)
    row.ended_reason = reason.strip()[:200]
    entering.touched(row, "state", "ended_at", "ended_by", "ended_reason")
    events.record(Event.ROUND_CANCELLED, row, by=by, at=at, payload={"note": row.ended_reason})
    return row
