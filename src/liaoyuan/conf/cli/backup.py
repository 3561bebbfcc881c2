"""Commands about backups: create, verify, restore."""

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import Any

from liaoyuan.conf.cli.common import DONE, REFUSED, Unusable, actor, answer


def add_commands(commands: Any) -> None:
    """Enter the commands of this module."""
    backup = commands.add_parser("backup", help="备份：制作、演练、恢复")
    backup.add_argument("what", choices=["create", "verify", "restore"])
    backup.add_argument("file", type=Path)
    backup.add_argument("--passphrase", action="store_true", help="另设（或使用）口令，从终端输入")
    backup.add_argument("--code-file", type=Path, metavar="FILE", help="写有恢复码的文件；不给则从终端输入")
    backup.add_argument("--secret-from-stdin", action="store_true", help=argparse.SUPPRESS)
    backup.add_argument("--json", action="store_true")
    backup.set_defaults(handler=backup_commands)


def _secrets(args: argparse.Namespace) -> dict[str, str]:
    """Code and passphrase, from where the call says. For `verify` none is needed on the machine that made it."""
    if args.secret_from_stdin:
        try:
            told = json.loads(sys.stdin.read())
            return {"code": str(told.get("code", "")), "passphrase": str(told.get("passphrase", ""))}
        except (ValueError, AttributeError) as error:
            raise Unusable('标准输入须为 JSON：{"code": …} 或 {"passphrase": …}。') from error
    if args.passphrase:
        return {"code": "", "passphrase": getpass.getpass("备份口令：")}
    if args.code_file:
        try:
            return {"code": args.code_file.read_text(encoding="utf-8").strip(), "passphrase": ""}
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable(f"读不出恢复码文件 {args.code_file}。") from error
    if args.what == "restore":
        if not sys.stdin.isatty():
            raise Unusable("请用 --code-file 给出恢复码，或在终端里运行。")
        return {"code": getpass.getpass("备份恢复码（九组）："), "passphrase": ""}
    return {"code": "", "passphrase": ""}


def backup_commands(args: argparse.Namespace) -> int:
    """`liaoyuan backup create|verify|restore`."""
    from liaoyuan.core import clock
    from liaoyuan.core.actions import backups
    from liaoyuan.core.backup.failure import BackupError

    try:
        secrets = _secrets(args) if args.what != "create" or args.passphrase else {}
        if args.what == "create":
            made = backups.create_backup(
                path=args.file, by=actor(args), at=clock.real_now(), passphrase=secrets.get("passphrase", "")
            )
            answer(args, _summary(made), [f"已备份到 {args.file}：{_words(made)}"])
            return DONE
        if args.what == "verify":
            result = backups.verify_backup(path=args.file, by=actor(args), at=clock.real_now(), **secrets)
            lines = [f"{'✓' if c['ok'] else '✗'} {c['name']}：{c['detail']}" for c in result["checks"]]
            answer(args, result, lines)
            return DONE if result["ok"] else REFUSED
        done = backups.restore_backup(path=args.file, by=actor(args), at=clock.real_now(), **secrets)
        answer(args, _summary(done), [f"已恢复：{_words(done)}"])
        return DONE
    except BackupError as error:
        raise Unusable(str(error)) from error


def _summary(manifest: dict[str, Any]) -> dict[str, Any]:
    tables = {name: told["rows"] for name, told in manifest["tables"].items()}
    return {
        "ok": True, "made_at": manifest["made_at"], "database": manifest["database"], "tables": tables,
        "files": len(manifest["files"]), "detail": _words(manifest),
    }  # fmt: skip


def _words(manifest: dict[str, Any]) -> str:
    rows = sum(told["rows"] for told in manifest["tables"].values())
    return f"{len(manifest['tables'])} 张表、{rows} 行、{len(manifest['files'])} 个文件"
