"""The state of an installation: each check says what is wrong and how to mend it."""

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from liaoyuan.core import vault
from liaoyuan.core.models import Area, CalendarDay, Parameter, SeparationSetting, User
from liaoyuan.core.queries import jobs

type Check = dict[str, Any]


def _check(name: str, ok: bool, detail: str, fix: str = "") -> Check:
    return {"name": name, "ok": ok, "detail": detail, "fix": fix}


def examine(*, deploy: bool) -> list[Check]:
    """All checks; with `deploy` also what production asks for."""
    checks = [_home(), _keys(), _database()]
    if checks[-1]["ok"]:
        checks += [_tables()]
    if checks[-1]["ok"]:
        checks += [_seeds(), _assets(), _jobs(deploy=deploy)]
        if deploy:
            checks += _deploy()
    return checks


def _home() -> Check:
    home = Path(settings.HOME)
    if not home.is_dir():
        return _check("数据文件夹", False, f"{home} 不存在", "运行 liaoyuan init")
    if not os.access(home, os.W_OK):
        return _check("数据文件夹", False, f"{home} 不可写", "检查文件夹的属主和权限")
    free = shutil.disk_usage(home).free // 2**20
    return _check("数据文件夹", free > 500, f"{home}，剩余 {free} MB", "清理磁盘空间")


def _keys() -> Check:
    path = vault.key_path()
    if not path.is_file():
        return _check("密钥", False, "没有数据密钥", "运行 liaoyuan init；若是迁移，请把原来的 keys 文件夹拷回")
    loose = path.stat().st_mode & 0o077
    return _check("密钥", not loose, "数据密钥就绪" if not loose else "密钥文件他人可读", f"chmod 600 {path}")


def _database() -> Check:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        told = str(error).splitlines()
        return _check(
            "数据库", False, told[0] if told else type(error).__name__, "检查 DATABASE_URL，或运行 liaoyuan init"
        )
    return _check("数据库", True, "SQLite（内置）" if connection.vendor == "sqlite" else "PostgreSQL")


def _tables() -> Check:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _check(
        "数据表", not waiting, "最新" if not waiting else f"有 {len(waiting)} 步升级没有执行", "运行 liaoyuan init"
    )


def _seeds() -> Check:
    areas, days, parameters = Area.objects.count(), CalendarDay.objects.count(), Parameter.objects.count()
    ok = areas > 40000 and days > 0 and parameters > 0
    return _check("基础数据", ok, f"区划 {areas}，工作日历 {days} 天，政策参数 {parameters} 行", "运行 liaoyuan init")


def _assets() -> Check:
    built = (settings.PACKAGE / "ui" / "static" / "ui" / "build" / "app.css").is_file()
    return _check(
        "页面样式",
        built,
        "已构建" if built else "没有构建",
        "在源码目录运行 python3 dev.py setup，或安装正式的 wheel 包",
    )


def _jobs(*, deploy: bool) -> Check:
    """A missing worker is a fault where something waits for it, and in production."""
    alive = sum(ok for _worker, ok in jobs.workers())
    waiting, left = jobs.overdue()
    told = f"{alive} 个后台进程在运行" if alive else "没有后台进程在运行"
    if waiting or left:
        told += f"，{waiting} 项任务等了五分钟以上，{left} 项中断后没有接手"
    ok = not (waiting or left) and bool(alive or not deploy)
    return _check("后台任务", ok, told, "启动 liaoyuan serve 或 liaoyuan worker；已在运行的，看它的运行日志")


def _deploy() -> list[Check]:
    offices = set(User.objects.filter(is_active=True).exclude(office="").values_list("office", flat=True))
    separation = SeparationSetting.objects.first()
    return [
        _check(
            "HTTPS",
            settings.HTTPS,
            "已启用" if settings.HTTPS else "没有启用",
            "设置 LIAOYUAN_HTTPS=1，并由反向代理提供证书",
        ),
        _check(
            "访问域名",
            bool(os.environ.get("LIAOYUAN_HOSTS")),
            os.environ.get("LIAOYUAN_HOSTS", "只允许本机"),
            "设置 LIAOYUAN_HOSTS",
        ),
        _check(
            "演示账号",
            not User.objects.filter(is_demo=True, is_active=True).exists(),
            "检查演示账号",
            "正式使用请另建空库",
        ),
        _check(
            "职责分离",
            separation is not None and separation.level != "trial",
            separation.level if separation else "没有设定",
            "由安全管理员设定为 small_office 或 three_offices",
        ),
        _check(
            "管理员",
            {"system", "audit"} <= offices,
            f"在岗：{'、'.join(sorted(offices)) or '无'}",
            "用初装账号建立系统、安全、审计管理员",
        ),
    ]
