"""Commands about data: import, export, stats, search, demo."""

import argparse
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from liaoyuan.conf.cli.common import DONE, REFUSED, Unusable, actor, answer, day, say


def add_commands(commands: Any) -> None:
    """Enter the commands of this module."""
    load = commands.add_parser("import", help="导入表格")
    load.add_argument("kind", help="organizations、filings、people、members …")
    load.add_argument("file", type=Path)
    load.add_argument("--sheet")
    load.add_argument("--area", help="登记机关所在区划的代码")
    load.add_argument("--map", action="append", default=[], metavar="列名=字段", help="指定列对应关系，可重复")
    load.add_argument("--unit", choices=["万元", "元"], help="金额列的单位")
    load.add_argument("--as-of", type=day, metavar="YYYY-MM-DD", help="数据日期，默认今天")
    load.add_argument("--dry-run", action="store_true", help="只读取和比对，不写入")
    load.add_argument("--confirm-review", action="store_true", help="连同待核的行一起导入，疑点记录在案")
    load.add_argument("--report", type=Path, metavar="FILE.json")
    load.add_argument("--errors", type=Path, metavar="FILE.xlsx", help="把没有直接接受的行连同说明写成表格")
    load.add_argument("--json", action="store_true")
    load.set_defaults(handler=import_file)

    against = commands.add_parser("compare", help="对账：把另一个系统导出的表与本库逐格比对")
    against.add_argument("kind", help="organizations、filings、members …")
    against.add_argument("file", type=Path)
    against.add_argument("--as-of", type=day, required=True, metavar="YYYY-MM-DD", help="对方数据的日期")
    against.add_argument("--sheet")
    against.add_argument("--area", help="区划代码")
    against.add_argument("--map", action="append", default=[], metavar="列名=字段", help="指定列对应关系，可重复")
    against.add_argument("--unit", choices=["万元", "元"], help="金额列的单位")
    against.add_argument("--json", action="store_true")
    against.set_defaults(handler=compare)

    out = commands.add_parser("export", help="导出")
    out.add_argument("kind")
    out.add_argument("--output", type=Path, required=True, metavar="FILE.xlsx|.csv|.json")
    out.add_argument("--as-of", type=day, metavar="YYYY-MM-DD")
    out.add_argument("--area")
    out.add_argument("--filter", action="append", default=[], metavar="k=v")
    out.set_defaults(handler=export)

    numbers = commands.add_parser("stats", help="统计")
    numbers.add_argument("name", help="registry、workforce、coverage …")
    numbers.add_argument("--as-of", type=day, metavar="YYYY-MM-DD")
    numbers.add_argument("--area")
    numbers.add_argument("--by", default="", metavar="dim,dim")
    numbers.add_argument("--json", action="store_true")
    numbers.set_defaults(handler=stats)

    find = commands.add_parser("search", help="检索")
    find.add_argument("query")
    find.add_argument("--kind")
    find.add_argument("--limit", type=int, default=20)
    find.add_argument("--json", action="store_true")
    find.set_defaults(handler=search)

    demo = commands.add_parser("demo", help="在空库里建立演示区")
    demo.add_argument("--scale", type=int, default=1)
    demo.add_argument("--seed", type=int, default=1026)
    demo.add_argument("--if-empty", action="store_true", help="库里已有账号或组织时什么也不做")
    demo.set_defaults(handler=make_demo)


def _area(code: str | None) -> Any:
    """The area of `--area`; without it the only district that has organizations, else the installation's own."""
    from liaoyuan.core.models import Area
    from liaoyuan.registry.queries import counts

    if code:
        area = Area.objects.filter(code=code).first()
        if area is None:
            raise Unusable(f"没有代码为“{code}”的区划。")
        return area
    area = counts.home_area()
    if area is None:
        raise Unusable("请用 --area 指明区划代码，例如 --area 320211。")
    return area


def import_file(args: argparse.Namespace) -> int:
    """`liaoyuan import`: stage, report, and unless `--dry-run` apply what may be applied."""
    from liaoyuan.core import clock, registries, staging
    from liaoyuan.core.actions import imports
    from liaoyuan.core.choices import BatchState
    from liaoyuan.core.queries import batches

    if args.kind not in registries.import_kinds:
        raise Unusable(f"不能导入“{args.kind}”。可以导入：{'、'.join(sorted(registries.import_kinds))}。")
    by, at = actor(args), clock.now()
    order = _order(args, clock.localdate(at))
    batch = staging.stage(order, by=by, at=at)
    try:
        report = batches.report_head(batch)
        if args.errors:
            batches.write_errors(batch, args.errors)
        waiting = 0 if args.confirm_review else batches.waiting(batch)
        if not args.dry_run:
            batch = registries.import_kinds[args.kind].apply(
                batch=batch, confirm_review=args.confirm_review, by=by, at=clock.now()
            )
        report["batch"] = str(batch.pk) if not args.dry_run else None
        if args.report:
            with args.report.open("w", encoding="utf-8") as file:
                file.writelines(batches.report_pieces(batch, report))
        if args.json:
            sys.stdout.writelines(batches.report_pieces(batch, report))
            print()
        else:
            for line in _summary(report, args.dry_run, waiting, batches.causes(batch)):
                print(line)
    finally:
        if args.dry_run and batch.state == BatchState.STAGED:
            imports.discard(batch=batch, by=by, at=clock.now())
    return REFUSED if report["verdicts"]["reject"] or waiting else DONE


def _order(args: argparse.Namespace, today: date) -> Any:
    """The file and how to read it, as the call names them."""
    from liaoyuan.core import registries, staging

    mapping = {}
    for pair in args.map:
        label, sign, name = pair.partition("=")
        if not sign or name not in registries.import_kinds[args.kind].fields:
            raise Unusable(f"“--map {pair}”不对：应写成 列名=字段，字段名见 docs/guide/fields.md。")
        mapping[label] = name
    return staging.Order(
        kind=args.kind,
        path=args.file,
        file_name=args.file.name,
        area=_area(args.area),
        as_of=args.as_of or today,
        sheet=args.sheet,
        mapping=mapping,
        unit=args.unit,
    )


def compare(args: argparse.Namespace) -> int:
    """`liaoyuan compare`: what differs and nobody has decided; the comparison stands on the page 对账 as well."""
    from liaoyuan.core import clock, registries
    from liaoyuan.core.actions import comparing
    from liaoyuan.core.queries import comparing as queries

    if args.kind not in registries.compare_kinds:
        raise Unusable(f"不能对账“{args.kind}”。可以对账：{'、'.join(sorted(registries.compare_kinds))}。")
    by, at = actor(args), clock.now()
    made, _result = comparing.compare_file(order=_order(args, clock.localdate(at)), by=by, at=at)
    told = queries.report(made)
    known = made.differences.exclude(decision=None).count()
    lines = [
        f"{made.file_name}（{made.as_of}）：只有对方有 {len(told['only_there'])}，只有我方有 {len(told['only_here'])}，"
        f"内容不同 {len(told['differing'])} 处，相同 {told['same']} 家。",
        *([f"另有 {known} 处以前已经决定，没有再列。"] if known else []),
        *(f"  只有对方有：{one['name']}（{one['key']}）" for one in told["only_there"]),
        *(f"  只有我方有：{one['name']}（{one['key']}）" for one in told["only_here"]),
        *(f"  {one['key']} {one['field']}：对方 {one['there']}，我方 {one['here']}" for one in told["differing"]),
    ]
    for text in made.notes:
        say(text)
    answer(args, told, lines)
    return DONE


def _summary(report: dict[str, Any], dry_run: bool, waiting: int, causes: Counter[str]) -> list[str]:
    told = report["verdicts"]
    lines = [
        f"{report['file']}：{report['rows']} 行，接受 {told['accept']}，待核 {told['review']}，退回 {told['reject']}，"
        f"重复 {told['duplicate']}，跳过 {told['skip']}。",
        f"{'将' if dry_run else '已'}新增 {report['created']}，更新 {report['updated']}，"
        f"无变化 {report['unchanged']}。",
        *report["notes"],
    ]
    if waiting:
        lines.append(f"有 {waiting} 行待核，没有写入：请在页面上逐行处理，或加 --confirm-review。")
    lines += [f"  {code}：{n} 处" for code, n in causes.most_common(10)]
    return lines


def export(args: argparse.Namespace) -> int:
    """`liaoyuan export`: streamed to a temporary name, renamed at the end."""
    from liaoyuan.core import clock, registries

    maker = registries.export_kinds.get(args.kind)
    if maker is None:
        raise Unusable(f"不能导出“{args.kind}”。可以导出：{'、'.join(sorted(registries.export_kinds))}。")
    form = args.output.suffix.lower().lstrip(".")
    if form not in ("xlsx", "csv", "json"):
        raise Unusable("输出文件的扩展名只能是 .xlsx、.csv 或 .json。")
    filters = {}
    for pair in args.filter:
        name, sign, value = pair.partition("=")
        if not sign:
            raise Unusable(f"“--filter {pair}”不对：应写成 k=v。")
        filters[name] = value
    at = clock.now()
    area = _area(args.area) if args.area else None
    count = maker(
        path=args.output,
        form=form,
        by=actor(args),
        at=at,
        as_of=args.as_of or clock.localdate(at),
        area=area,
        filters=filters,
    )
    say(f"已导出 {count} 行到 {args.output}。")
    return DONE


def stats(args: argparse.Namespace) -> int:
    """`liaoyuan stats`: a published figure with its definition, as of a date and as known now."""
    from liaoyuan.core import clock, registries

    maker = registries.stats_kinds.get(args.name)
    if maker is None:
        raise Unusable(f"没有统计“{args.name}”。可以统计：{'、'.join(sorted(registries.stats_kinds))}。")
    dims = [d.strip() for d in args.by.split(",") if d.strip()]
    if len(dims) != len(set(dims)):
        raise Unusable(f"“--by {args.by}”里同一项写了两次。")
    at = clock.now()
    try:
        result = maker(
            by=actor(args), as_of=args.as_of or clock.localdate(at), known_at=at, area=_area(args.area), dims=dims
        )
    except ValueError as error:
        raise Unusable(str(error)) from error
    lines = [f"{result['definition']}（{result['as_of']}）", f"合计 {result['total']}"]
    lines += ["\t".join([*(str(row[d]) for d in result["dims"]), str(row["count"])]) for row in result["rows"]]
    answer(args, result, lines)
    return DONE


def search(args: argparse.Namespace) -> int:
    """`liaoyuan search`: the index, then what is looked for in tables of its own, for whoever may see it."""
    from liaoyuan.core import access, registries
    from liaoyuan.core import search as engine

    live = registries.live_searches
    if args.kind and args.kind not in {**registries.searchables, **live}:
        raise Unusable(f"没有种类“{args.kind}”。可以检索：{'、'.join(sorted({**registries.searchables, **live}))}。")
    by, limit = actor(args), max(1, min(args.limit, 500))
    total, hits = 0, []
    if args.kind not in live:
        found = engine.find(args.query, user=by, kind=args.kind, limit=limit)
        total = found.total
        hits = [{"kind": h.kind, "id": h.object_id, "name": h.title, "code": h.code} for h in found.hits]
    for code, source in live.items():
        if args.kind in (None, code) and access.has(by, source.permission):
            count, more = source.find(by, args.query, limit)
            total += count
            hits += [{"kind": code, "id": h.key, "name": h.title, "code": ""} for h in more]
    answer(
        args,
        {"total": total, "hits": hits[:limit]},
        [f"共 {total} 条", *(f"{h['name']}\t{h['code']}" for h in hits[:limit])],
    )
    return DONE


def make_demo(args: argparse.Namespace) -> int:
    """`liaoyuan demo`: the model district in an empty database."""
    from liaoyuan.core import clock
    from liaoyuan.funding.actions import demo as funding
    from liaoyuan.party.actions import demo as party
    from liaoyuan.people.actions import demo as people
    from liaoyuan.registry.actions import demo

    if args.if_empty and not demo.is_empty():
        return DONE
    if not demo.is_empty():
        raise Unusable("数据库里已有账号或组织，演示数据只能建在空库里。请换一个 LIAOYUAN_HOME 或 DATABASE_URL。")
    by, at = actor(args), clock.now()
    told = demo.build(scale=args.scale, seed=args.seed, by=by, at=at, say=say)
    told = [*people.build(seed=args.seed, by=by, at=at, say=say), *told]
    told += party.build(seed=args.seed, scale=args.scale, by=by, at=at, say=say)
    for line in [*told, *funding.build(seed=args.seed, by=by, at=at, say=say)]:
        print(line)
    return DONE
