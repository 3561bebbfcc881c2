"""The jobs of this floor: computing a plan or a proposal of instructors, weighing a plan anew; from what is kept."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock
from liaoyuan.core.jobs import Failed, Progress
from liaoyuan.core.registries import JobKind
from liaoyuan.planning.actions import cores, proposing, scenarios
from liaoyuan.planning.actions import plans as actions
from liaoyuan.planning.choices.codes import Permission
from liaoyuan.planning.choices.words import STAGE_TITLES
from liaoyuan.planning.models import InstructorProposal, Plan, PlanInput
from liaoyuan.planning.queries import inputs, instructing, results, solving
from liaoyuan.solvers.coverage.refusal import UnusableInstance


def words(stage: str, cost: int, bound: int | None) -> str:
    """How far the planner is, in words."""
    told = _(STAGE_TITLES.get(stage, "逐片改进"))
    if bound is None or cost <= 0:
        return _("{stage}，费用 {cost}").format(stage=told, cost=f"{cost:,}")
    share = f"{max(0, cost - bound) * 100 / cost:.2f}%"
    return _("{stage}，费用 {cost}，已证明与最优相差不超过 {share}").format(stage=told, cost=f"{cost:,}", share=share)


def solve(progress: Progress, pk: int) -> None:
    """Compute a plan. What it is computed from is written down first, so that a later attempt computes the same."""
    plan = Plan.objects.select_related("scenario__area", "earlier").get(pk=pk)
    try:
        access.require_area(progress.person, Permission.EDIT, plan.scenario.area.path)
        raw = _input(progress, plan)
        earlier = results.as_json(plan.earlier) if plan.earlier is not None else None
        found = solving.plan_of(
            raw, earlier=earlier, told=lambda stage, cost, bound: progress.at(0, None, words(stage, cost, bound))
        )
    except UnusableInstance as error:
        raise _lost(progress, plan, str(error)) from error
    except solving.CheckFailed as error:
        raise _lost(progress, plan, _("核对程序没有通过：{told}").format(told=error)) from error
    except PermissionDenied as error:
        raise _lost(progress, plan, _("您已没有这项权限，任务没有执行。")) from error
    with progress.finish(_("共 {n} 组").format(n=len(found["groups"])), notice=True):
        made = actions.keep(plan=plan, found=found, digest=actions.digest_of(raw), by=progress.person, at=clock.now())
        if made.group_count and made.units <= cores.BY_ITSELF:
            cores.ask(plan=made, by=progress.person, at=clock.now())


def weigh(progress: Progress, pk: int) -> None:
    """The stable core of a plan: it is solved anew for each weight halved and raised by half."""
    plan = Plan.objects.select_related("scenario__area", "input").get(pk=pk)
    try:
        access.require_area(progress.person, Permission.EDIT, plan.scenario.area.path)
    except PermissionDenied as error:
        raise Failed(_("您已没有这项权限，任务没有执行。")) from error

    def told(done: int, total: int) -> None:
        progress.at(done, total, _("正在按增减后的权重重算"))

    progress.at(0, None, _("正在按增减后的权重重算"))
    found = solving.core_of(plan.input.instance, results.as_json(plan), told)
    with progress.finish(_("共重算 {n} 次").format(n=len(found["variants"]))):
        cores.keep(plan=plan, found=found, by=progress.person, at=clock.now())


def _input(progress: Progress, plan: Plan) -> Mapping[str, Any]:
    kept = PlanInput.objects.filter(plan=plan).first()
    if kept is not None:
        return kept.instance
    progress.at(0, None, _("正在读取登记和党员情况"))
    told = inputs.of(plan)
    with progress.commit():
        return actions.keep_input(
            plan=plan, raw=told.raw, kept=told.kept, fallbacks=told.fallbacks, origin=told.origin
        ).instance


def _lost(progress: Progress, plan: Plan, sentence: str) -> Failed:
    with progress.commit():
        actions.give_up(plan=plan, sentence=sentence)
    return Failed(sentence)


def instruct(progress: Progress, pk: int) -> None:
    """Compute a proposal of instructors, from what is written down first, as a plan is."""
    row = InstructorProposal.objects.select_related("plan__scenario__area__parent").get(pk=pk)
    try:
        access.require_area(progress.person, Permission.EDIT, row.plan.scenario.area.path)
    except PermissionDenied as error:
        sentence = _("您已没有这项权限，任务没有执行。")
        with progress.commit():
            proposing.give_up(proposal=row, sentence=sentence)
        raise Failed(sentence) from error
    if not row.input_hash:
        progress.at(0, None, _("正在读取登记和指导员情况"))
        raw = instructing.read(row)
        with progress.commit():
            proposing.keep_input(proposal=row, raw=raw)
    progress.at(0, None, _("正在计算"))
    found = instructing.answer(row.instance)
    placed = sum(1 for pair in found.pairs if pair.instructor is not None)
    with progress.finish(_("排定 {n} 家").format(n=placed), notice=True):
        proposing.keep(proposal=row, found=found, by=progress.person, at=clock.now())


INSTRUCT = JobKind(proposing.JOB, "编排指导员", instruct)
SOLVE = JobKind(scenarios.JOB, "覆盖编组", solve)
CORE = JobKind(cores.JOB, "稳定核心", weigh)
