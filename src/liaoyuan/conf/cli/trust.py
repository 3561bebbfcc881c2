"""Commands about trust: rules and the audit chain."""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from liaoyuan.conf.cli.common import DONE, REFUSED, Unusable, answer


def add_commands(commands: Any) -> None:
    """Enter the commands of this module."""
    rules = commands.add_parser("rules", help="规则：列出、说明、试算")
    rules.add_argument("what", choices=["list", "show", "check"])
    rules.add_argument("id", nargs="?")
    rules.add_argument("--facts", type=Path, metavar="FILE.json")
    rules.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD")
    rules.add_argument("--profile", default="national")
    rules.add_argument("--json", action="store_true")
    rules.set_defaults(handler=rule_commands)

    audit = commands.add_parser("audit", help="审计日志链")
    audit.add_argument("what", choices=["verify", "head", "export"])
    audit.add_argument("file", nargs="?", type=Path)
    audit.add_argument("--head", type=Path, metavar="FILE", help="在别处保存的链头，用来比对")
    audit.add_argument("--json", action="store_true")
    audit.set_defaults(handler=audit_commands)


#: What each manipulation is called.
FAULTS = {
    "changed": "内容被改",
    "deleted": "被删",
    "inserted": "被插入",
    "reordered": "次序被换",
    "cut": "尾部被截",
    "rewritten": "整链被重写",
}


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Unusable(f"读不出 {path}：不是 UTF-8 的 JSON 文件。") from error


def rule_commands(args: argparse.Namespace) -> int:
    """`liaoyuan rules list|show|check`."""
    from liaoyuan.core import clock
    from liaoyuan.core.exports import rules

    if args.what == "list":
        found = rules.rules_list()
        answer(args, {"rules": found}, [f"{r['id']}\t{r['title']}" for r in found])
        return DONE
    if not args.id:
        raise Unusable("请写明规则编号，例如 ORG-ID-02。")
    try:
        if args.what == "show":
            shown = rules.rules_show(args.id)
            answer(args, shown, [json.dumps(shown, ensure_ascii=False, indent=1, default=str)])
            return DONE
        if args.facts is None:
            raise Unusable("请用 --facts 给出事实文件。")
        result = rules.rules_check(args.id, _load(args.facts), on=args.on or clock.today(), profile=args.profile)
    except (KeyError, ValueError, TypeError) as error:
        raise Unusable(str(error).strip("'\"")) from error
    answer(args, result, [result["result"], *(f["message"] for f in result["findings"])])
    return REFUSED if result["result"] == "block" else DONE


def audit_commands(args: argparse.Namespace) -> int:
    """`liaoyuan audit verify|head|export`."""
    from liaoyuan.core import clock
    from liaoyuan.core.actions import audit
    from liaoyuan.core.chain.files import ExportError
    from liaoyuan.core.chain.heads import HeadError
    from liaoyuan.core.seal import SealError

    outside = _load(args.head) if args.head else None
    if args.what == "head":
        audit.seal(clock.real_now())
        head = audit.head()
        answer(args, head, [json.dumps(head, ensure_ascii=False)])
        return DONE
    if args.what == "export":
        if args.file is None:
            raise Unusable("请写明输出文件。")
        counts = audit.export(args.file)
        answer(args, {**counts, "file": str(args.file)}, [f"已导出到 {args.file}：{counts}"])
        return DONE
    try:
        result = audit.verify_export(args.file, outside) if args.file else audit.verify(outside)
    except (HeadError, ExportError, SealError) as error:
        raise Unusable(str(error)) from error
    lines = [f"已封存 {result['sealed']} 条，共 {result['events']} 条。"]
    if not result["ok"]:
        lines.append("日志链有问题：")
    elif result["outside_head"] == "checked":
        lines.append("日志链完整：与在别处保存的链头一致。")
    else:
        lines.append("没有发现改动。没有给出在别处保存的链头，尾部截断和整链重写无法证明。")
    lines += [f"  {FAULTS.get(fault['kind'], fault['kind'])}：第 {fault['seq']} 条" for fault in result["faults"]]
    lines += [f"  {trace}" for trace in result.get("traces") or ()]
    answer(args, result, lines)
    return DONE if result["ok"] else REFUSED
