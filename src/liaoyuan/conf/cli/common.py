"""What every command shares: exit statuses, the unusable call, output, and who acts."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

DONE, REFUSED, UNUSABLE = 0, 1, 2


class Unusable(Exception):
    """The call or the file cannot be used; the message is the one clear sentence."""


def say(text: str) -> None:
    """A line for the operator, on standard error, so that `--json` stays alone on standard output."""
    print(text, file=sys.stderr)


def answer(args: argparse.Namespace, result: Any, lines: Sequence[str] = ()) -> None:
    """The result: one JSON object with `--json`, else readable lines."""
    if getattr(args, "json", False):
        print(json.dumps(result, ensure_ascii=False, indent=1, default=str))
    else:
        for line in lines:
            print(line)


def day(text: str) -> date:
    """A day of an option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2026-10-26 的样子") from None


def actor(args: argparse.Namespace) -> Any:
    """Who acts: the account of `--as`, else `operator:<OS user>`."""
    from liaoyuan.core.access import Operator
    from liaoyuan.core.models import User

    if args.login:
        found = User.objects.filter(username__iexact=args.login, is_active=True).first()
        if found is None:
            raise Unusable(f"没有启用的账号“{args.login}”。")
        return found
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = str(os.getuid())
    return Operator(name)
