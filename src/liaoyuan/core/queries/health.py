"""The state of an installation: each check says what is wrong and how to mend it."""

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from liaoyuan.core import clock, vault
from liaoyuan.core.files import store
from liaoyuan.core.models import Area, CalendarDay, Parameter, SeparationSetting, StoredFile, User
from liaoyuan.core.queries import backups, files, jobs, sealed

type Check = dict[str, Any]


def _check(name: str, ok: bool, detail: str, fix: str = "") -> Check:
    return {"name": name, "ok": ok, "detail": detail, "fix": fix}


def examine(*, deploy: bool) -> list[Check]:
    """All checks; with `deploy` also what production asks for."""
    checks = [_home(), _keys(), _database()]
    if checks[-1]["ok"]:
        checks += [_tables()]
    if checks[-1]["ok"]:
        checks += [_seeds(), _assets(), _files(), _jobs(deploy=deploy)]
        if checks[1]["ok"]:
            checks += [_mark(), _old_keys(), _sealed()]
        if deploy:
            checks += [*_backups(), *_deploy()]
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
    try:
        found = vault.ring()
    except vault.VaultError as error:
        return _check("密钥", False, str(error), "从备份恢复 keys 文件夹")
    loose = path.stat().st_mode & 0o077
    told = f"数据密钥 {found.active}（{found.keys[found.active].profile}），另有旧密钥 {len(found.old)} 把只用于解密"
    return _check("密钥", not loose, told if not loose else "密钥文件他人可读", f"chmod 600 {path}")


def _mark() -> Check:
    faults = sealed.mark_faults()
    return _check("密钥与数据库", not faults, "；".join(faults) or "相符", "按提示处理；单机安装可运行 liaoyuan init")


def _old_keys() -> Check:
    waiting = sum(sealed.remaining().values())
    told = f"还有 {waiting} 行用旧密钥加密" if waiting else "全部用现行密钥加密"
    return _check("重新加密", not waiting, told, "运行 liaoyuan vault rewrap（可随时中断再运行）")


def _sealed() -> Check:
    told = sealed.sample()
    faults = [
        *(f"{name} 有读不出的密文" for name in sorted(set(told.unreadable))),
        *(f"{name} 有未加密的内容" for name in sorted(set(told.clear))),
        *(f"{name} 的检索散列不符" for name in sorted(set(told.astray))),
    ]
    return _check(
        "加密数据", not faults, "；".join(faults) or f"抽查 {told.read} 个值，均可读出",
        "密文读不出：从备份恢复 keys 文件夹；检索散列不符：运行 liaoyuan vault rewrap",
    )  # fmt: skip


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


def _files() -> Check:
    """The store of contents can be written, and a sample of it still has its hashes."""
    folder = store.folder()
    above = next(path for path in (folder, *folder.parents) if path.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        return _check("文件存放处", False, f"{folder} 不可写", "检查 LIAOYUAN_FILES 指向的文件夹及其属主和权限")
    try:
        looked = files.sample(_SAMPLE)
    except vault.VaultError as error:
        return _check("文件存放处", False, str(error), "把原来的 keys 文件夹拷回")
    wrong = [f"{row.sha256[:12]}（{_FAULTS[fault]}）" for row, fault in looked if fault]
    if wrong:
        return _check("文件存放处", False, "、".join(wrong), "从备份恢复这些文件，或重新上传同一文件")
    count, uncited = StoredFile.objects.count(), StoredFile.objects.uncited().count()
    return _check("文件存放处", True, f"{folder}，{count} 份内容（{uncited} 份没有引用），抽查 {len(looked)} 份无误")


_SAMPLE = 20
_FAULTS = {"missing": "缺失", "changed": "已被改动"}


def _jobs(*, deploy: bool) -> Check:
    """A missing worker is a fault where something waits for it, and in production."""
    alive = sum(ok for _worker, ok in jobs.workers())
    waiting, left = jobs.overdue()
    told = f"{alive} 个后台进程在运行" if alive else "没有后台进程在运行"
    if waiting or left:
        told += f"，{waiting} 项任务等了五分钟以上，{left} 项中断后没有接手"
    ok = not (waiting or left) and bool(alive or not deploy)
    return _check("后台任务", ok, told, "启动 liaoyuan serve 或 liaoyuan worker；已在运行的，看它的运行日志")


def _backups() -> list[Check]:
    told = backups.state(clock.real_now())
    made = f"最近一次 {told.made.done_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" if told.made else "还没有备份"
    drilled = (
        f"最近一次通过 {told.drilled.done_at.astimezone(clock.SHANGHAI):%Y-%m-%d}" if told.drilled else "还没有做过"
    )
    return [
        _check(
            "备份", told.made_ok, made, "启动 liaoyuan worker（每天 02:30 自动备份），或运行 liaoyuan backup create"
        ),
        _check("恢复演练", told.drilled_ok, drilled, "在“系统管理—备份”演练，或运行 liaoyuan backup verify"),
    ]


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
