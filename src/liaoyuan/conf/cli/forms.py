"""Commands about forms that are filled outside of the product."""

import argparse
from pathlib import Path
from typing import Any

from liaoyuan.conf.cli.common import DONE, Unusable, answer


def add_commands(commands: Any) -> None:
    """Enter the commands of this module."""
    parser = commands.add_parser("form", help="空表：带本届限额公式的预算表")
    parser.add_argument("what", choices=["budget"], metavar="budget")
    parser.add_argument("--round", required=True, metavar="届", help="届的编号或名称")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE.xlsx")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(handler=write)


def write(args: argparse.Namespace) -> int:
    """`liaoyuan form budget`: the budget workbook that carries the round's limits as formulas."""
    from liaoyuan.funding.exports import budget
    from liaoyuan.funding.models import Round
    from liaoyuan.funding.queries import limits

    given = args.round.strip()
    rows = Round.objects.select_related("programme__area")
    found = rows.filter(pk=int(given)) if given.isdecimal() and len(given) < 10 else rows.filter(title=given)
    if found.count() != 1:
        raise Unusable(f"没有“{given}”这一届，或不止一个。请写编号。")
    if args.output.suffix.lower() != ".xlsx" or not args.output.parent.is_dir():
        raise Unusable("请给出 .xlsx 文件名，所在的文件夹须已存在。")
    row = found.get()
    checks = budget.write_budget(args.output, limits.limits_of(row))
    answer(args, {"round": row.pk, "title": row.title, "output": str(args.output), "checks": [c.code for c in checks]},
           [f"已写出 {row.title} 的预算表：{args.output}"])  # fmt: skip
    return DONE
