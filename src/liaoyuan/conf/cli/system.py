"""Commands about the installation: init, serve, worker, check, accounts."""

import argparse
import gc
import multiprocessing
import signal
import socket
import sys
import time
from importlib import import_module
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from liaoyuan.conf.cli import worker as shared
from liaoyuan.conf.cli.common import DONE, REFUSED, Unusable, actor, answer, say

#: Forked processes share the memory of what was imported before; macOS and Windows start theirs afresh.
_FORK: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def add_commands(commands: Any) -> None:
    """Enter the commands of this module."""
    init = commands.add_parser("init", help="建立或升级数据库和密钥（可重复执行）")
    init.set_defaults(handler=initialise)

    serve = commands.add_parser("serve", help="启动网页和后台任务")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2)
    serve.set_defaults(handler=serve_pages)

    check = commands.add_parser("check", help="检查安装，说明毛病和修法")
    check.add_argument("--deploy", action="store_true", help="连同正式使用的要求一起检查")
    check.add_argument("--json", action="store_true")
    check.set_defaults(handler=check_installation)

    accounts = commands.add_parser("accounts", help="账号")
    accounts.add_argument("what", choices=["create", "reset", "list", "invite"])
    accounts.add_argument("name", nargs="?", help="登录名；invite 时为组织的统一社会信用代码或备案号")
    accounts.add_argument("--display-name", default="")
    accounts.add_argument("--json", action="store_true")
    accounts.set_defaults(handler=manage_accounts)


def initialise(args: argparse.Namespace) -> int:
    """`liaoyuan init`: keys, tables, areas, calendar, parameters, search; prints the bootstrap login once."""
    from django.conf import settings
    from django.core.management import call_command

    from liaoyuan.core import clock
    from liaoyuan.core.actions import install
    from liaoyuan.core.backup import keys
    from liaoyuan.core.migrating import new_models_alone

    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    made = install.make_home()
    with new_models_alone():
        call_command("migrate", interactive=False, verbosity=0)
    at = clock.real_now()
    for line in install.bring_up(at=at):
        print(line)
    if made:
        print(f"已在 {settings.HOME} 建立密钥：{'、'.join(made)}。请备份 keys 文件夹，丢失后加密数据无法恢复。")
    code = keys.make_code()
    if code:
        print(f"备份恢复码 {code}（只显示这一次，请抄下来另存：换机器恢复备份时要用）。")
    print("初始化完成。")
    return DONE


def _port_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def serve_pages(args: argparse.Namespace) -> int:
    """`liaoyuan serve`: granian with the pages and one background worker; both end together."""
    if not _port_free(args.host, args.port):
        raise Unusable(f"端口 {args.port} 已被占用。请加 --port 换一个端口。")
    shared.require_tables()
    shared.require_shared()
    _preload()
    pages = _FORK.Process(target=_pages, args=(args.host, args.port, args.workers), name="pages")
    worker = _FORK.Process(target=_worker, name="worker")
    for child in (pages, worker):
        child.start()
    _wait_until_open(args.host, args.port, pages)
    say(f"燎原已启动：http://{args.host}:{args.port}/ （按 Ctrl+C 停止）")

    def stop(*_: Any) -> None:
        for child in (pages, worker):
            if child.is_alive():
                child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while pages.is_alive() and worker.is_alive():
        time.sleep(0.3)
    stop()
    for child in (pages, worker):
        child.join(timeout=15)
    return DONE if pages.exitcode in (0, -signal.SIGTERM, None) else REFUSED


def _preload() -> None:
    """Import the pages once, here: what is forked from this process shares their memory and starts at once."""
    from django.db import connections
    from django.urls import get_resolver

    gc.disable()
    import_module("granian")
    import_module("liaoyuan.conf.wsgi")
    get_resolver()._populate()  # Django has no public word for it
    connections.close_all()  # a connection must not pass a fork
    gc.freeze()
    gc.enable()


def _pages(host: str, port: int, workers: int) -> None:
    """The server of pages with its workers, in a process of its own."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "liaoyuan.conf.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def _worker() -> None:
    """The background worker, in a process of its own."""
    import django

    django.setup()
    raise SystemExit(shared.work(argparse.Namespace()))


def _wait_until_open(host: str, port: int, pages: "BaseProcess") -> None:
    """Return when the pages answer, or their process has ended."""
    while pages.is_alive():
        with socket.socket() as probe:
            if probe.connect_ex((host if host != "0.0.0.0" else "127.0.0.1", port)) == 0:  # noqa: S104 - a comparison
                return
        time.sleep(0.05)


def check_installation(args: argparse.Namespace) -> int:
    """`liaoyuan check`: every fault with its mend; exit 1 when one is found."""
    from liaoyuan.core.queries import health

    checks = health.examine(deploy=args.deploy)
    result = {"ok": all(c["ok"] for c in checks), "checks": checks}
    lines = [
        f"{'✓' if c['ok'] else '✗'} {c['name']}：{c['detail']}{'' if c['ok'] else '。修法：' + c['fix']}"
        for c in checks
    ]
    answer(args, result, lines)
    return DONE if result["ok"] else REFUSED


def manage_accounts(args: argparse.Namespace) -> int:
    """`liaoyuan accounts create|reset|list|invite`."""
    from liaoyuan.core import clock
    from liaoyuan.core.actions import accounts, invitations
    from liaoyuan.core.models import User
    from liaoyuan.registry.queries import counts

    if args.what == "list":
        rows: list[dict[str, Any]] = [
            {
                "login": u.username,
                "name": u.display_name,
                "office": u.office,
                "active": u.is_active,
                "roles": sorted({g.role for g in u.grants.filter(ended_at__isnull=True)}),
            }
            for u in User.objects.order_by("username")
        ]
        answer(
            args,
            {"accounts": rows},
            [
                f"{r['login']}\t{r['name']}\t{'、'.join(r['roles']) or '—'}{'' if r['active'] else '\t已停用'}"
                for r in rows
            ],
        )
        return DONE
    if not args.name:
        raise Unusable("请写明登录名（invite 时为组织的代码）。")
    by, at = actor(args), clock.now()
    if args.what == "create":
        user, password = accounts.create_user(
            username=args.name, display_name=args.display_name or args.name, by=by, at=at
        )
        answer(
            args,
            {"login": user.username, "password": password},
            [f"账号 {user.username} 已建立，一次性密码：{password}（首次登录须修改）"],
        )
    elif args.what == "reset":
        known = User.objects.filter(username__iexact=args.name).first()
        if known is None:
            raise Unusable(f"没有账号“{args.name}”。")
        user, password = known, accounts.reset_password(user=known, by=by, at=at)
        answer(
            args,
            {"login": user.username, "password": password},
            [f"账号 {user.username} 的一次性密码：{password}（首次登录须修改）"],
        )
    else:
        found = counts.by_code(args.name)
        if found is None:
            raise Unusable(f"没有代码或备案号为“{args.name}”的组织。")
        slip = invitations.invite(subject=found.organization, label=found.name, by=by, at=at)
        answer(
            args,
            {"organization": found.organization_id, "code": slip.code},
            [f"{found.name} 的邀请码：{slip.code}（30 天内有效，只显示一次）"],
        )
    return DONE
