"""Bringing an installation up: keys, areas, calendar, shipped parameters. Idempotent; an upgrade runs it again."""

import csv
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from liaoyuan.core import bulk, events, locks, shelf, vault
from liaoyuan.core.choices import Event, Level
from liaoyuan.core.models import Area, FilesProbe

_DATA = "liaoyuan.core"
_LEVELS = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.DISTRICT, 9: Level.STREET, 12: Level.COMMUNITY}
_COLUMNS = ("code", "name", "level", "parent_id", "path", "is_town", "provisional", "abolished", "datum", "source")


def make_home() -> list[str]:
    """Create the home with its secret and data key; returns what was made. Existing files are never touched."""
    home = Path(settings.HOME)
    keys = home / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / "static").mkdir(exist_ok=True)  # whitenoise looks there; the wheel brings its own assets
    made = []
    secret = keys / "secret"
    if not secret.exists():
        handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        made.append("keys/secret")
    if vault.make_key():
        made.append("keys/data")
    return made


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (resources.files(_DATA) / "data" / "divisions" / f"{name}.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load_areas(*, at: datetime) -> int:
    """Load the divisions that are missing: statistics bureau's 2023 edition and abolished codes (NOTICE).

    Returns how many were added. What stands there already stays: `renamed_areas` brings names up to the release.
    """
    known = set(Area.objects.values_list("code", flat=True))
    added = 0
    for level_rows in _levels():
        fresh = [row for row in level_rows if row["code"] not in known]
        parents = dict(Area.objects.filter(code__in={r["parent"] for r in fresh}).values_list("code", "pk"))
        paths = dict(Area.objects.filter(code__in=parents).values_list("code", "path"))
        added += bulk.load(Area, _COLUMNS, (_area(row, parents, paths) for row in fresh))
        known.update(row["code"] for row in fresh)
    if added:
        bulk.tell_planner(Area)
    return added


@transaction.atomic
def renamed_areas(*, at: datetime) -> tuple[int, list[str]]:
    """Give areas the names of this release, except those that an officer edited.

    Returns how many names were changed, and "code here（release）" for each edited one that differs.
    """
    locks.one_at_a_time("areas")
    wanted = {row["code"]: row["name"] for level_rows in _levels() for row in level_rows}
    stale, conflicts = [], []
    for area in Area.objects.only("code", "name", "level", "is_town", "edited_at").order_by("code").iterator():
        name = wanted.get(area.code, area.name)
        if name == area.name:
            continue
        if area.edited_at is not None:
            conflicts.append(f"{area.code} {area.name}（{name}）")
            continue
        area.name, area.is_town = name, area.level == Level.STREET and name.endswith("镇")
        stale.append(area)
    Area.objects.bulk_update(stale, ["name", "is_town"], batch_size=500)
    if stale:
        events.record(
            Event.AREA_EDITED, ("area", "shipped", "随版区划"), by=None, at=at,
            payload={"renamed": len(stale), "first": [a.code for a in stale[:100]], "conflicts": len(conflicts)},
        )  # fmt: skip
    return len(stale), conflicts


def _levels() -> Iterator[list[dict[str, Any]]]:
    """Rows level by level, so that parents exist before their children."""
    yield [{"code": r["code"], "name": r["name"], "parent": ""} for r in _rows("provinces")]
    yield [{"code": r["code"], "name": r["name"], "parent": r["province"]} for r in _rows("cities")]
    yield [{"code": r["code"], "name": r["name"], "parent": r["city"]} for r in _rows("areas")]
    yield [{"code": r["code"], "name": r["name"], "parent": r["area"]} for r in _rows("all_streets")]
    yield [{"code": r["code"], "name": r["name"], "parent": r["street"]} for r in _rows("wuxi_villages")]
    yield list(_abolished())


def _abolished() -> Iterator[dict[str, Any]]:
    """Codes of GB/T 2260 that are no longer in use, below the province that still exists."""
    live = {r["code"] for name in ("provinces", "cities", "areas") for r in _rows(name)}
    for row in _rows("abolished"):
        code = row["code"]
        short = code[:4] if code.endswith("00") else code
        if short in live or code.endswith("0000"):
            continue
        parent = code[:4] if code[:4] in live and len(short) == 6 else code[:2]
        if parent in live:
            yield {"code": short, "name": row["name"], "parent": parent, "abolished": True}


def _area(row: dict[str, Any], parents: dict[str, int], paths: dict[str, str]) -> tuple[Any, ...]:
    code, parent = row["code"], row["parent"]
    source = "GB/T 2260 历史" if row.get("abolished") else "统计用区划代码 2023"
    return (
        code,
        row["name"],
        str(_LEVELS[len(code)]),
        parents.get(parent),
        f"{paths.get(parent, '')}{code}/",
        row["name"].endswith("镇") and len(code) == 9,
        False,
        bool(row.get("abolished")),
        "wgs84",
        source,
    )


def bring_up(*, at: datetime) -> list[str]:
    """Everything after the tables: areas, calendar, parameters, audit key, first event, bootstrap account.

    Returns lines for the operator; the bootstrap password appears in them once.
    """
    from liaoyuan.core import seal
    from liaoyuan.core.actions import accounts, calendar, parameters
    from liaoyuan.core.models import AuditEvent

    told = []
    areas = load_areas(at=at)
    if areas:
        told.append(f"已载入区划 {areas} 条。")
    renamed, conflicts = renamed_areas(at=at)
    if renamed:
        told.append(f"按随版区划更新名称 {renamed} 个。")
    if conflicts:
        told.append(f"本地改过的区划名称与随版的不同，请核对：{'、'.join(conflicts[:20])}。")
    days = calendar.sync_calendar(at=at)
    if days:
        told.append(f"工作日历：{days}")
    report = parameters.sync_shipped(at=at)
    told.append(f"政策参数：{report}")
    seal.make_key()
    if not AuditEvent.objects.filter(code=Event.INSTALLED).exists():
        events.record(Event.INSTALLED, None, by=None, at=at, payload={"zone": settings.ZONE})
    password = accounts.make_bootstrap(at=at)
    if password:
        told.append(f"初装账号 bootstrap，密码 {password}（只显示这一次；只能用来建立三名管理员，建好后自动停用）。")
    return told


def compare_shared() -> str:
    """ "" when this machine shares files folder and data key with the installation; else a sentence for the operator.

    The first caller writes down what they are. Two machines with folders of their own would look for each other's
    uploads in vain; one with another key could not read a single encrypted value.
    """
    mark, key_id = shelf.mark(), vault.key_id()
    with transaction.atomic():
        locks.one_at_a_time("files.probe")
        known = FilesProbe.objects.first()
        if known is None:
            FilesProbe.objects.create(mark=mark, key_id=key_id)
            return ""
    if known.mark != mark:
        return f"文件夹 {shelf.root()} 不是这套安装共用的那一个。各台机器须用 LIAOYUAN_FILES 指向同一个共享文件夹。"
    if known.key_id != key_id:
        return "这台机器的数据密钥与数据库不符。请把原来的 keys 文件夹拷来。"
    return ""
