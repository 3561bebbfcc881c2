"""Commands of the coverage planner: solve an instance, verify a plan, without a database (docs/guide/planner.md)."""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

from liaoyuan.conf.cli import coverage_plan
from liaoyuan.conf.cli.common import DONE, REFUSED, Unusable, say

_STAGES = {"greedy": "初步方案", "blocks": "分片求解", "bound": "已得下界", "dive": "取整", "improve": "改进"}


def add_commands(commands: Any) -> None:
    """Enter the commands of this module."""
    parser = commands.add_parser("plan", help="组织覆盖编组：求解实例、核对方案")
    what = parser.add_subparsers(dest="what", required=True, metavar="coverage|solve|verify")
    coverage_plan.add_command(what)
    solve = what.add_parser("solve", help="求解一个实例，写出方案")
    solve.add_argument("instance", type=Path, metavar="INSTANCE.json")
    solve.add_argument("--output", type=Path, required=True, metavar="PLAN.json")
    solve.add_argument(
        "--from", dest="earlier", type=Path, metavar="PLAN.json", help="在原方案上只重新编排受影响的部分"
    )
    solve.add_argument("--json", action="store_true", help="总是输出 JSON，可省略")
    solve.set_defaults(handler=solve_file)
    verify = what.add_parser("verify", help="用独立的核对程序检查方案")
    verify.add_argument("instance", type=Path, metavar="INSTANCE.json")
    verify.add_argument("plan", type=Path, metavar="PLAN.json")
    verify.add_argument("--json", action="store_true", help="总是输出 JSON，可省略")
    verify.set_defaults(handler=verify_file)


def solve_file(args: argparse.Namespace) -> int:
    """`liaoyuan plan solve`: progress on standard error, a summary on standard output, the plan in a file."""
    from liaoyuan.solvers.coverage import checker, instance, solving
    from liaoyuan.solvers.coverage.refusal import UnusableInstance

    raw = _json(args.instance)
    if not args.output.parent.is_dir():
        raise Unusable(f"没有文件夹“{args.output.parent}”，方案没有写出。")
    if args.output.is_dir() or not os.access(args.output if args.output.exists() else args.output.parent, os.W_OK):
        raise Unusable(f"不能写入“{args.output}”，方案没有写出。")
    begin = time.perf_counter()

    def told(progress: solving.Progress) -> None:
        share = "" if progress.bound is None else f"，与下界相差 {_share(progress.cost, progress.bound)}"
        say(f"{time.perf_counter() - begin:.1f} 秒：{_STAGES[progress.stage]}，费用 {progress.cost}{share}")

    try:
        given = instance.parse(raw)
        if args.earlier is not None:
            earlier = _json(args.earlier)
            if not checker.can_be_bent(earlier):
                raise Unusable(f"“{args.earlier}”不是方案文件。")
            plan = solving.resolve(given, earlier, told=told)
        else:
            plan = solving.solve(given, told=told)
    except UnusableInstance as error:
        raise Unusable(f"“{args.instance}”用不了：{error}") from None
    checked = checker.verify(raw, plan)
    plan["seconds"] = round(time.perf_counter() - begin, 3)
    args.output.write_text(json.dumps(plan, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    told_of = {name: plan[name] for name in ("cost", "bound", "gap", "certified", "hash", "seconds")}
    counts = {name: len(plan[name]) for name in ("independent", "groups", "attached", "uncovered", "fixed")}
    result = {"ok": checked["ok"], **told_of, **counts, "output": str(args.output), "violations": checked["violations"]}
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return DONE if checked["ok"] else REFUSED


def verify_file(args: argparse.Namespace) -> int:
    """`liaoyuan plan verify`: what the independent checker says."""
    from liaoyuan.solvers.coverage import checker, instance
    from liaoyuan.solvers.coverage.refusal import UnusableInstance

    raw = _json(args.instance)
    try:
        instance.parse(raw)
    except UnusableInstance as error:
        raise Unusable(f"“{args.instance}”用不了：{error}") from None
    plan = _json(args.plan)
    if not checker.is_plan(plan):
        raise Unusable(f"“{args.plan}”不是方案文件。")
    result = checker.verify(raw, plan)
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return DONE if result["ok"] else REFUSED


def _json(path: Path) -> Any:
    from liaoyuan.solvers.coverage import instance
    from liaoyuan.solvers.coverage.refusal import UnusableInstance

    try:
        return instance.decoded(path.read_bytes())
    except OSError:
        raise Unusable(f"读不了文件“{path}”，请检查路径和权限。") from None
    except UnusableInstance as error:
        raise Unusable(f"“{path}”用不了：{error}") from None


def _share(cost: int, bound: int) -> str:
    return f"{(cost - bound) / cost:.2%}" if cost else "0%"
