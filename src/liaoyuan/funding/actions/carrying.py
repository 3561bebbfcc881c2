"""Rows of grants follow: projects and slots of a body when two bodies are merged, the team when two persons are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from liaoyuan.core.access import Actor
from liaoyuan.core.registries import Merger
from liaoyuan.funding.actions import entering
from liaoyuan.funding.models import Agreement, AwardLine, ExpertTie, Project, Slot, TeamMember, TrialLine

#: Columns of a project that name a body.
_COLUMNS = ("organization", "sponsor")
#: Further rows that merely name one.
_NAMED: dict[str, type[Any]] = {"award": AwardLine, "agreement": Agreement, "tie": ExpertTie,
                                "trial": TrialLine}  # fmt: skip


def knows(person: int) -> bool:
    """Whether an application names the person in its team."""
    return TeamMember.objects.filter(person=person).exists()


def carry_person(*, gone: int, kept: int, by: Actor, at: datetime) -> None:
    """Let the team members be entries of the person who stays. Refused when one team names both."""
    rows = TeamMember.objects.filter(person=gone)
    if TeamMember.objects.filter(person=kept, project__in=rows.values("project")).exists():
        raise entering.refusal("PER-MERGE-TEAM", _("两人在同一个申报项目的团队里，不能合并。"), "other")
    rows.update(person=kept)


def carry(*, gone: int, kept: int, by: Actor, at: datetime) -> dict[str, Any]:
    """Let the projects and slots of one body be those of the other. Refused when both stand in one project, and when
    both together take more slots of a round than one body may.

    Returns the keys of the projects by column, `slots` [key, number before], and `named` keys by kind of row.
    """
    slots = list(Slot.objects.filter(organization=gone).order_by("round", "slot"))
    rounds = {slot.round_id for slot in slots}
    for column in _COLUMNS:
        rounds |= set(Project.objects.filter(**{column: gone}).values_list("round", flat=True))
    entering.lock(bodies=[(round_, body) for round_ in rounds for body in (gone, kept)])
    if Project.objects.filter(organization__in=(gone, kept), sponsor__in=(gone, kept)).exclude(
        organization=F("sponsor")
    ).exists():  # fmt: skip
        raise entering.refusal("MRG-PROJECT", _("两条记录是同一个申报项目的申报组织和支持组织，不能合并。"))
    told: dict[str, Any] = {"kept": kept, "gone": gone, "slots": [[slot.pk, slot.slot] for slot in slots]}
    for column in _COLUMNS:
        rows = Project.objects.filter(**{column: gone})
        told[column] = sorted(rows.values_list("pk", flat=True))
        rows.update(**{column: kept})
    told["named"] = {}
    for name, model in _NAMED.items():
        rows = model.objects.filter(organization=gone)
        told["named"][name] = sorted(rows.values_list("pk", flat=True))
        rows.update(organization=kept)
    for slot in slots:
        taken = set(Slot.objects.filter(round=slot.round_id, organization=kept).values_list("slot", flat=True))
        free = next(number for number in range(1, len(taken) + 2) if number not in taken)
        if free > slot.cap:
            sentence = _("两家在“{round}”合计申报超过每个组织的上限，请先撤回多出的申报再合并。")
            raise entering.refusal("MRG-SLOTS", sentence, round=slot.round.title)
        Slot.objects.filter(pk=slot.pk).update(organization=kept, slot=free)
    return told


def untouched(*, told: Mapping[str, Any]) -> bool:
    """Whether every project and slot that was carried is still the other body's."""
    rows = [Project.objects.filter(pk__in=told[column], **{column: told["kept"]}).count() for column in _COLUMNS]
    slots = Slot.objects.filter(pk__in=[key for key, _number in told["slots"]], organization=told["kept"]).count()
    for name, keys in told["named"].items():
        if _NAMED[name].objects.filter(pk__in=keys, organization=told["kept"]).count() != len(keys):
            return False
    return rows == [len(told[column]) for column in _COLUMNS] and slots == len(told["slots"])


def take_back(*, told: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """Give the projects and slots back to the body that comes back."""
    for column in _COLUMNS:
        Project.objects.filter(pk__in=told[column]).update(**{column: told["gone"]})
    for name, keys in told["named"].items():
        _NAMED[name].objects.filter(pk__in=keys).update(organization=told["gone"])
    for key, number in told["slots"]:
        Slot.objects.filter(pk=key).update(organization=told["gone"], slot=number)


MODELS = ("funding.Project", "funding.Slot", *(f"funding.{model.__name__}" for model in _NAMED.values()))
MERGER = Merger("funding", MODELS, carry, untouched, take_back)
