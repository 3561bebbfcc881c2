"""Walking the columns that hold ciphertext: what stands under old keys, what cannot be read, whether the mark fits."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from liaoyuan.core import registries, vault
from liaoyuan.core.models import LegalHold, VaultMark
from liaoyuan.core.registries import SealedField

#: Purpose under which the probe file holds the installation's name.
PROBE_PURPOSE = "probe"


def model_of(entry: SealedField) -> type[models.Model]:
    """The model of a registered column."""
    return apps.get_model(entry.model)


def is_json(entry: SealedField) -> bool:
    """Whether ciphertext stands inside a JSON column."""
    return isinstance(model_of(entry)._meta.get_field(entry.column), models.JSONField)


def _as_text(entry: SealedField, rows: models.QuerySet[Any]) -> tuple[models.QuerySet[Any], str]:
    if not is_json(entry):
        return rows, entry.column
    return rows.annotate(_sealed_text=Cast(entry.column, TextField())), "_sealed_text"


def _old(entry: SealedField, name: str) -> Q:
    """Rows that hold ciphertext under a key that is not the active one."""
    found = vault.ring()
    if not is_json(entry):
        version = vault.VERSIONS[found.keys[found.active].profile]
        return ~Q(**{name: ""}) & ~Q(**{f"{name}__startswith": f"{version}.{found.active}."})
    condition = Q(pk__in=[])
    for key in found.old:
        condition |= Q(**{f"{name}__contains": f'"{vault.VERSIONS[found.keys[key].profile]}.{key}.'})
    return condition


def stale(entry: SealedField) -> models.QuerySet[Any]:
    """Rows of a column that wait to be encrypted again, in the order of their keys."""
    rows, name = _as_text(entry, model_of(entry)._default_manager.all())
    return rows.filter(_old(entry, name)).order_by("pk")


def remaining() -> dict[str, int]:
    """How many rows of each registered column stand under old keys."""
    return {f"{entry.model}.{entry.column}": stale(entry).count() for entry in registries.sealed_fields}


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside a JSON value with the nearest key above it."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from strings(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, name)


def mapped(value: Any, change: Callable[[str, str], str], name: str = "") -> Any:
    """The same JSON value with every ciphertext in it replaced by `change(nearest key, ciphertext)`."""
    if vault.is_sealed(value):
        return change(name, value)
    if isinstance(value, Mapping):
        return {key: mapped(inner, change, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [mapped(inner, change, name) for inner in value]
    return value


def values(entry: SealedField, row: models.Model) -> Iterator[tuple[str, str]]:
    """(name, text) of what one row holds in the column; of a JSON column only what is ciphertext."""
    held = getattr(row, entry.column)
    if not is_json(entry):
        if held:
            yield entry.column, held
        return
    for name, text in strings(held):
        if vault.is_sealed(text):
            yield name, text


def opened(entry: SealedField, name: str, text: str) -> tuple[str, str]:
    """(clear text, purpose) of ciphertext in the column. Raises VaultError when no purpose of that name fits."""
    purposes = entry.purposes_of(name)
    for purpose in purposes[:-1]:
        try:
            return vault.decrypt(text, purpose=purpose), purpose
        except vault.VaultError:
            continue
    if not purposes:
        raise vault.VaultError(f"{entry.model}.{entry.column} 里的“{name}”没有登记用途，无法读取。")
    return vault.decrypt(text, purpose=purposes[-1]), purposes[-1]


def rows_of(entry: SealedField, kind: str, key: str) -> models.QuerySet[Any]:
    """The rows of a registered column that hold values of one subject."""
    rows = model_of(entry)._default_manager.all()
    if entry.subject_kind == registries.STAGED:
        kinds = [k.kind for k in registries.import_kinds.values() if k.subject_kind == kind]
        parent = "comparison" if entry.model == "core.Difference" else "batch"
        return rows.filter(**{entry.subject: key, f"{parent}__kind__in": kinds}) if kinds else rows.none()
    return rows.filter(**{entry.subject: key}) if entry.subject_kind == kind else rows.none()


@dataclass(slots=True)
class Sample:
    """What a look at some rows of every column showed."""

    read: int = 0
    unreadable: list[str] = field(default_factory=list)
    clear: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)


def sample(size: int = 20) -> Sample:
    """Read the newest `size` rows of every registered column: unreadable, clear where ciphertext belongs, index astray.

    Each list names columns, never values.
    """
    told = Sample()
    for entry in registries.sealed_fields:
        title = f"{entry.model}.{entry.column}"
        rows = model_of(entry)._default_manager.exclude(**{entry.column: {} if is_json(entry) else ""})
        for row in rows.order_by("-pk")[:size]:
            for name, text in values(entry, row):
                _judge(told, title, entry, row, name, text)
    return told


def _judge(told: Sample, title: str, entry: SealedField, row: models.Model, name: str, text: str) -> None:
    if not vault.is_sealed(text):
        told.clear.append(title)
        return
    try:
        clear, purpose = opened(entry, name, text)
    except vault.VaultError:
        told.unreadable.append(title)
        return
    told.read += 1
    if entry.index and getattr(row, entry.index) not in vault.blind_indexes(clear, purpose=purpose):
        told.astray.append(title)


def probe_path() -> Path:
    """The probe file: in the folder of files that all machines of an installation share."""
    return Path(settings.FILES) / "probe"


def probe_text(installation: str) -> str:
    """What the probe file holds."""
    found = vault.ring()
    sealed = vault.encrypt(installation, purpose=PROBE_PURPOSE)
    return json.dumps({"key": found.active, "index": found.index, "check": sealed}, indent=1) + "\n"


def mark_faults() -> list[str]:
    """Why this machine must not serve this database; nothing when key ring, probe file and zone fit the mark."""
    mark = VaultMark.objects.first()
    if mark is None:
        return ["数据库还没有密钥标记，请运行 liaoyuan init。"]
    found = vault.ring()
    if mark.key_id not in found.keys:
        return [f"密钥文件与数据库不符：数据库用密钥 {mark.key_id}，这台机器的 {vault.key_path()} 里没有。"
                "请从主机拷来同一份 keys 文件夹。"]  # fmt: skip
    told = []
    if (mark.key_id, mark.index_id) != (found.active, found.index):
        told.append(f"密钥文件与数据库不符：数据库用密钥 {mark.key_id}，这台机器用 {found.active}。"
                    "请统一 keys 文件夹；若刚更换密钥时中断，运行 liaoyuan init 接续。")  # fmt: skip
    if mark.zone != settings.ZONE:
        told.append(f"数据分区与初装时不符：初装为 {mark.zone}，现在 LIAOYUAN_ZONE 是 {settings.ZONE}。")
    return told + _probe_faults(mark)


def _probe_faults(mark: VaultMark) -> list[str]:
    where = probe_path()
    try:
        told = json.loads(where.read_text(encoding="utf-8"))
        same = vault.decrypt(told["check"], purpose=PROBE_PURPOSE) == mark.installation
        if same and told["key"] == mark.key_id and told["index"] == mark.index_id:
            return []
    except FileNotFoundError:
        return [f"没有探针文件 {where}：文件夹没有挂载，或不是同一个。"]
    except (OSError, ValueError, KeyError, TypeError, vault.VaultError):
        pass
    return [f"探针文件 {where} 与数据库不符：文件夹或密钥属于另一套安装。若刚更换密钥时中断，运行 liaoyuan init 接续。"]


def held(kind: str, key: str) -> LegalHold | None:
    """The open legal hold on a subject."""
    return LegalHold.objects.filter(subject_kind=kind, subject_id=key, lifted_at__isnull=True).first()
