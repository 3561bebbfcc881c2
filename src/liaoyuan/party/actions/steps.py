"""Answers of the checks in step (N同步, PB-COV-06), and pilots."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor, require_area
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.choices.coverage import ANSWER_TITLES, PilotState
from liaoyuan.party.models import PartyOrganization, Pilot, SyncAnswer
from liaoyuan.party.queries import instructors as reading
from liaoyuan.party.queries.sync import limits_of
from liaoyuan.registry.models import Organization


@transaction.atomic
def answer(
    *, organization: Organization, point: str, on: date, answers: Mapping[str, str], note: str = "", by: Actor,
    at: datetime, on_behalf: str = "",
) -> SyncAnswer:  # fmt: skip
    """Keep what a body answers at a point of checking; the same day again corrects it.

    The body's own head answers, or the party lead for it. An answer bars nothing (依法自治). Refused for an unknown
    point, question or word, in the future, and without any answer.
    """
    if not access.covers(by, Permission.OWN_APPLY, organization, write=True):
        if not access.covers(by, Permission.EDIT, organization, write=False):
            access.require(by, Permission.EDIT, organization)
        on_behalf = on_behalf or _("党建部门代填")
    limits = limits_of(organization, on)
    if on > localdate(at):
        raise entering.refusal("SYNC-FUTURE", _("日期不能晚于今天。"), "on")
    if point not in limits["pb.sync.points"]:
        raise entering.refusal("SYNC-POINT", _("没有这个同步检查的环节。"), "point")
    told = {name: word for name, word in answers.items() if word}
    strange = [name for name, word in told.items() if name not in limits["pb.sync.questions"]
               or word not in ANSWER_TITLES]  # fmt: skip
    if strange or not told:
        raise entering.refusal("SYNC-ANSWER", _("请至少填写一项；每项只能选有、没有或正在办理。"), "members")
    entering.lock(bodies=[organization.pk])
    SyncAnswer.objects.current().filter(organization=organization, point=point, on=on).update(superseded_at=at)
    made = SyncAnswer.objects.create(
        organization=organization, point=point, on=on, answers=told, note=note.strip()[:200], recorded_at=at,
        recorded_by=entering.recorder(by),
    )  # fmt: skip
    events.record(
        Event.SYNC_ANSWERED, reading.body_subject(organization), by=by, at=at, on_behalf=on_behalf,
        payload={"point": point, "on": on.isoformat(), "answers": told, "note": made.note},
    )  # fmt: skip
    return made


@transaction.atomic
def choose_pilot(
    *, area: Area, organization: Organization | None = None, party: PartyOrganization | None = None, wave: int,
    criteria: str, chosen_on: date, tried: str, by: Actor, at: datetime,
) -> Pilot:  # fmt: skip
    """Choose a body or a party organization as a pilot. Refused without exactly one, twice at once, in the future."""
    require_area(by, Permission.EDIT, area.path)
    if (organization is None) == (party is None):
        raise entering.refusal("PILOT-ONE", _("试点是一个组织或一个党组织，请写明其中一个。"), "organization")
    if chosen_on > localdate(at):
        raise entering.refusal("PILOT-FUTURE", _("选定日期不能晚于今天。"), "chosen_on")
    entering.lock(parties=[party.pk if party else None], bodies=[organization.pk if organization else None])
    running = Pilot.objects.filter(organization=organization, party_organization=party, state=PilotState.TRYING.value)
    if running.exists():
        raise entering.refusal("PILOT-TWICE", _("它已是试点，还没有结果。"), "organization")
    made = Pilot.objects.create(
        area=area, organization=organization, party_organization=party, wave=wave, criteria=criteria.strip()[:300],
        chosen_on=chosen_on, tried=tried.strip()[:2000], made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    events.record(
        Event.PILOT_CHOSEN, ("pilot", str(made.pk), made.criteria[:120]), by=by, at=at,
        payload={"on": chosen_on.isoformat(), "wave": wave, "organization": organization.pk if organization else None,
                 "party": party.pk if party else None},
    )  # fmt: skip
    return made


@transaction.atomic
def close_pilot(
    *, pilot: Pilot, state: str, on: date, result: str, evidence: str, version: int | None = None, by: Actor,
    at: datetime,
) -> Pilot:  # fmt: skip
    """A pilot has a result: it may spread, or stops. Refused without result and evidence, and before it was chosen."""
    require_area(by, Permission.EDIT, pilot.area.path)
    row: Any = Pilot.objects.select_for_update(of=("self",)).get(pk=pilot.pk)
    if row.state != PilotState.TRYING or (version is not None and row.version != version):
        raise entering.refusal("PILOT-STALE", _("这个试点已被修改，请刷新后再试。"))
    if not row.chosen_on <= on <= localdate(at):
        told = _("日期须在 {first} 至今天之间。")
        raise entering.refusal("PILOT-DAY", told, "on", first=row.chosen_on.isoformat())
    if len(result.strip()) < 2 or not evidence.strip():
        raise entering.refusal("PILOT-RESULT", _("请写明结果和依据。"), "result")
    row.state, row.closed_on, row.result = PilotState(state).value, on, result.strip()[:2000]
    row.evidence, row.version = evidence.strip()[:120], row.version + 1
    row.save()
    events.record(
        Event.PILOT_CLOSED, ("pilot", str(row.pk), row.criteria[:120]), by=by, at=at,
        payload={"on": on.isoformat(), "state": row.state, "note": row.evidence},
    )  # fmt: skip
    return row
