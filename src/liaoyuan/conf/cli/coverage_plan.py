"""`liaoyuan plan coverage`: the register of an area as a plan, each district by itself (docs/guide/planner.md)."""

import argparse
import time
from typing import Any

from liaoyuan.conf.cli.common import DONE, Unusable, actor, answer, day, say


def add_command(what: Any) -> None:
    """Enter the command below `plan`."""
    coverage = what.add_parser("coverage", help="按登记库的情况编组，形成一个方案")
    coverage.add_argument("--area", metavar="CODE", help="区划代码；市、省按区县逐个编组（默认全部区县）")
    coverage.add_argument("--as-of", dest="as_of", type=day, metavar="DATE", help="哪一天的情况（默认今天）")
    coverage.add_argument("--count", choices=["formal", "committed"], default="committed", help="党员口径")
    coverage.add_argument("--mode", choices=["members", "fill"], default="members", help="编组范围")
    coverage.add_argument("--seed", type=int, default=1, help="随机种子，计入散列")
    coverage.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    coverage.set_defaults(handler=plan_coverage)


def plan_coverage(args: argparse.Namespace) -> int:
    """Plan each district of the area; the plans stand on the page 覆盖编组 as well."""
    from liaoyuan.core import clock

    if args.seed < 0:
        raise Unusable("--seed 不能是负数。")
    at = clock.now()
    on = args.as_of or clock.localdate(at)
    areas = _areas(args.area)
    plans = [_planned(args, area, on, at) for area in areas]
    result = {
        "area": args.area or "", "as_of": on.isoformat(), "known_at": at.isoformat(), "count": args.count,
        "mode": args.mode, "plans": plans,
    }  # fmt: skip
    lines = [
        f"{told['name']}：参加编组 {told['units']} 家，联合党支部 {told['group_count']} 个，"
        f"挂靠 {len(told['attached'])} 家，"
        f"没有覆盖 {len(told['uncovered'])} 家；费用 {told['cost']}，与最优相差不超过 {told['gap']:.2%}。"
        for told in plans
    ]
    answer(args, result, lines)
    return DONE


def _areas(code: str | None) -> list[Any]:
    """The districts of an area, or the street itself; without one those in which bodies are registered."""
    from liaoyuan.core.models import Area
    from liaoyuan.registry.models import Standing

    if code is None:
        used = Standing.objects.now_open().order_by().values("registrar_area").distinct()
        return list(Area.objects.live().filter(pk__in=used, level="district").order_by("code"))
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise Unusable(f"没有代码为“{code}”的区划。")
    if area.level in ("district", "street"):
        return [area]
    found = list(Area.objects.within(area.path).live().filter(level="district").order_by("code"))
    if not found:
        raise Unusable(f"“{area.name}”不能编组：请选择省、市、区县或街道。")
    return found


def _planned(args: argparse.Namespace, area: Any, on: Any, at: Any) -> dict[str, Any]:
    from liaoyuan.planning.actions import plans, scenarios
    from liaoyuan.planning.queries import inputs, results, solving
    from liaoyuan.solvers.coverage.refusal import UnusableInstance

    by, begin = actor(args), time.perf_counter()
    row = scenarios.begin(area=area, on=on, count=args.count, mode=args.mode, seed=args.seed, by=by, at=at)
    plan = scenarios.ask(scenario=row, later=False, by=by, at=at)
    told = inputs.of(plan)
    plans.keep_input(plan=plan, raw=told.raw, kept=told.kept, fallbacks=told.fallbacks, origin=told.origin)

    def say_how(stage: str, cost: int, bound: int | None) -> None:
        share = "" if bound is None or not cost else f"，与下界相差 {(cost - bound) / cost:.2%}"
        say(f"{area.name} {time.perf_counter() - begin:.1f} 秒：{stage}，费用 {cost}{share}")

    try:
        found = solving.plan_of(told.raw, told=say_how)
    except (UnusableInstance, solving.CheckFailed) as error:
        plans.give_up(plan=plan, sentence=str(error))
        raise Unusable(f"“{area.name}”没有编成：{error}") from None
    plan = plans.keep(plan=plan, found=found, digest=plans.digest_of(told.raw), by=by, at=at)
    return {
        "area": area.code, "name": area.name, "plan": str(plan), "input_hash": plan.input_hash,
        "now_branches": plan.now_branches, "now_covered": plan.now_covered, "units": plan.units,
        "members": plan.members, "covered": plan.covered, "members_covered": plan.members_covered,
        "moved": plan.moved, "group_count": plan.group_count, "new_count": plan.new_count, "kept": plan.kept_bodies,
        **results.as_json(plan),
    }  # fmt: skip
