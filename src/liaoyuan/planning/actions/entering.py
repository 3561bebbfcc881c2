"""What every action of this floor does first: permission, locks, the row again under its lock."""

from liaoyuan.core import access, locks
from liaoyuan.core.access import Actor
from liaoyuan.people.actions.entering import recorder as recorder  # noqa: PLC0414 - offered here, too
from liaoyuan.people.actions.entering import refusal as refusal  # noqa: PLC0414 - offered here, too
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.models import Plan, Scenario


def living(scenario: Scenario, by: Actor, permission: Permission = Permission.EDIT) -> Scenario:
    """The scenario again, under its lock, for who may write it."""
    access.require_area(by, permission, scenario.area.path)
    locks.one_at_a_time("planning.scenario", scenario.pk)
    return Scenario.objects.select_for_update(of=("self",)).select_related("area").get(pk=scenario.pk)


def living_plan(
    plan: Plan, by: Actor, permission: Permission = Permission.EDIT, version: int | None = None
) -> Plan:  # fmt: skip
    """The plan again, under its scenario's lock. Refused when it changed since the page was opened."""
    living(plan.scenario, by, permission)
    found = Plan.objects.select_for_update(of=("self",)).select_related("scenario__area").get(pk=plan.pk)
    if version is not None and found.version != version:
        raise refusal("PLAN-STALE", "您打开页面之后，别人办理了这个方案。请核对最新内容后再办理。")
    return found


def touched(plan: Plan, *fields: str) -> None:
    """Save the named fields; an older page does not hold any more."""
    plan.version += 1
    plan.save(update_fields=[*fields, "version"])


def subject(scenario: Scenario) -> tuple[str, str, str]:
    """The scenario as the subject of an event."""
    return "scenario", str(scenario.pk), scenario.name[:120]


def plan_subject(plan: Plan) -> tuple[str, str, str]:
    """The plan as the subject of an event."""
    return "plan", str(plan.pk), f"{plan.scenario.name[:100]} {plan.number}"
