"""Trying parameters: asking for it, and writing down what came out. No application is ever touched."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, jobs
from liaoyuan.core.models import User
from liaoyuan.core.rules.parameters import SHAPE_TITLES, fits
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.trials import TrialKind
from liaoyuan.funding.models import Round, Trial, TrialLine
from liaoyuan.funding.models.trials import TRIES
from liaoyuan.funding.queries import figures, trials

JOB = "funding.trial"
SUBJECT = "trial"


@transaction.atomic
def ask(
    *, rounds: Sequence[Round], values: Mapping[str, Any], place: str = "", place_on: date | None = None,
    note: str = "", by: User, at: datetime,
) -> Trial:  # fmt: skip
    """Have the applications of some rounds judged with other values; a job does it. Refused without a round, or without
    anything that is changed.
    """
    if not rounds:
        raise entering.refusal("TRIAL-ROUNDS", _("请选择至少一届。"), "rounds")
    if not values and not place:
        raise entering.refusal("TRIAL-VALUES", _("请填写至少一个试算的值，或者选择换用哪里的参数。"), "lines")
    area = trials.common(rounds)
    if not may_try(by, area.path):
        told = _("所选的几届不都在您管理的区划内，请分开试算。")
        raise entering.refusal("TRIAL-AREA", told, "rounds")
    _check(values)
    made = Trial.objects.create(
        area=area, rounds=sorted(row.pk for row in rounds), values=dict(values), place=place,
        place_on=place_on if place else None, note=note.strip()[:200], asked_at=at, asked_by=by,
    )  # fmt: skip
    payload = {"rounds": made.rounds, "values": made.values, "place": place}
    events.record(Event.TRIAL_ASKED, (SUBJECT, str(made.pk), str(made)), by=by, at=at, payload=payload)
    label = made.note or _("参数试算 {number}").format(number=made)
    jobs.enqueue_on_commit(JOB, made.pk, key=f"{JOB}:{made.pk}", by=by, at=at, label=label, subject=(SUBJECT, made.pk))
    return made


def may_try(by: User, path: str) -> bool:
    """Whether the user drafts or confirms parameters of grants in the area and sees its grants."""

    def allowed(permission: Permission) -> bool:
        try:
            access.require_area(by, permission, path)
        except PermissionDenied:
            return False
        return True

    return any(map(allowed, TRIES)) and allowed(Permission.VIEW)


def _check(values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if key not in trials.tryable():
            raise entering.refusal("TRIAL-KEY", _("这个参数不能试算：{key}。"), "lines", key=figures.title(key))
        nullable = any(sample is None for sample in figures.samples(key))
        if not fits(value, figures.shape(key), nullable=nullable):
            told = _("{title}的值不对，应为{shape}。")
            raise entering.refusal("TRIAL-VALUE", told, "lines", title=figures.title(key),
                                   shape=_(SHAPE_TITLES[figures.shape(key)]))  # fmt: skip


def keep(*, trial: Trial, lines: Sequence[TrialLine]) -> None:
    """Write down the lines of one chunk; called inside the job's transaction."""
    TrialLine.objects.bulk_create(lines)


def finish(*, trial: Trial, judged: int, at: datetime) -> None:
    """Say that all is judged; called inside the job's last transaction."""
    trial.judged, trial.finished_at = judged, at
    trial.changed = {str(kind): trial.lines.filter(kind=str(kind)).count() for kind in TrialKind}
    trial.save(update_fields=["judged", "finished_at", "changed"])
