"""The command `liaoyuan`: the machine-readable face (docs/guide/cli.md). It calls the same actions as the pages.

Exit status: 0 done; 1 done, but something was refused or a check failed; 2 the call or the file is unusable. With
`--json` exactly one JSON object goes to standard output and everything else to standard error.
"""

import argparse
import errno
import gc
import os
from collections.abc import Callable, Sequence
from typing import Any

from liaoyuan.conf.cli import backup, data, forms, messages, plan, system, trust, vault, worker
from liaoyuan.conf.cli.common import DONE, REFUSED, UNUSABLE, Unusable, say

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.conf.settings")


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="liaoyuan", description="燎原：区域社会组织工作平台的命令行")
    top.add_argument("--as", dest="login", metavar="LOGIN", help="以某个账号的身份执行（需要本人时）")
    commands = top.add_subparsers(dest="command", required=True, metavar="命令")
    for module in (system, worker, data, trust, backup, vault, messages, forms, plan):
        module.add_commands(commands)
    return top


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    args = parser().parse_args(argv)
    raise SystemExit(run(args))


def run(args: argparse.Namespace) -> int:
    """Run the parsed command; every expected failure becomes one sentence on standard error."""
    import django
    from django.core.exceptions import PermissionDenied
    from django.db.utils import OperationalError, ProgrammingError

    from liaoyuan.kit.findings import Refused
    from liaoyuan.kit.sheets.refusal import Unreadable

    gc.disable()  # imports leave little to collect; a tenth of the start
    django.setup()
    from liaoyuan.core import clock, events, staging
    from liaoyuan.core.choices import Channel
    from liaoyuan.core.vault import VaultError

    gc.enable()
    events.set_channel(Channel.CLI)
    handler: Callable[[argparse.Namespace], int] = args.handler
    try:
        _load_clock(args, clock)
        return handler(args)
    except (Unusable, Unreadable, staging.NoHeader, VaultError) as error:
        say(str(error))
        return UNUSABLE
    except Refused as error:
        for finding in error.findings:
            say(finding.text)
        return REFUSED
    except PermissionDenied:
        say("没有执行这个操作的权限。")
        return REFUSED
    except (OperationalError, ProgrammingError) as error:
        if "full" in str(error) or "disk I/O" in str(error):  # SQLite has rolled the transaction back
            say("磁盘已满或写不进去，没有写入。请清理磁盘空间后再运行同一条命令。")
            return UNUSABLE
        if "locked" in str(error):
            say("同时写入的程序太多，没有排上，没有写入。请稍后再运行同一条命令。")
            return UNUSABLE
        say(f"数据库不可用：{_first_line(error)}。请先运行 liaoyuan init，或用 liaoyuan check 查看原因。")
        return UNUSABLE
    except BrokenPipeError:
        return DONE
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        say(f"磁盘已满或写不进去，文件没有写成：{error.filename or ''}。请清理磁盘空间后再运行同一条命令。")
        return UNUSABLE
    except KeyboardInterrupt:
        say("已中断。")
        return REFUSED


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _load_clock(args: argparse.Namespace, clock: Any) -> None:
    """A practice database's moved clock holds for commands too; before `init` there is none."""
    from django.db import DatabaseError

    from liaoyuan.core.models import PracticeClock

    if args.command in ("init", "check") or getattr(args, "what", "") == "restore":
        return
    try:
        row = PracticeClock.objects.first()
    except DatabaseError:
        return
    clock.set_offset(row.offset_seconds if row else 0)


if __name__ == "__main__":
    main()
