"""Keys: a new active key, everything encrypted again under it, and the mark that ties database and home together."""

import os
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from liaoyuan.core import clock, events, keyring, locks, registries, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Event
from liaoyuan.core.models import VaultMark
from liaoyuan.core.queries import sealed
from liaoyuan.core.registries import SealedField

#: Rows encrypted again in one transaction: short enough that other writers hardly wait.
CHUNK = 200


def rotate(*, index: bool = False, by: Actor, at: datetime) -> keyring.Ring:
    """Make a new active data key, with `index` a new key of the blind index too; old keys go on to decrypt.

    The ring is written first: what a crash leaves behind is a key that nothing needs yet; `init` brings the mark in
    step.
    """
    before = vault.ring().active
    found = keyring.rotate(clock.localdate(at), index=index)
    with transaction.atomic():
        set_mark(at=at)
        events.record(Event.KEY_ROTATED, None, by=by, at=at, payload={
            "from": before, "to": found.active, "index": found.index, "profile": found.keys[found.active].profile,
        })  # fmt: skip
    return found


@transaction.atomic
def set_mark(*, at: datetime) -> bool:
    """Bring the database's mark and the probe file in step with the key ring; returns whether anything changed.

    Raises VaultError when the ring does not hold the key that the database is marked with: it belongs to another home.
    """
    locks.one_at_a_time("vault.mark")
    found = vault.ring()
    mark = VaultMark.objects.select_for_update().first()
    if mark is not None and mark.key_id not in found.keys:
        raise vault.VaultError(sealed.mark_faults()[0])
    fresh = mark is None
    mark = mark or VaultMark(installation=uuid.uuid4().hex, zone=settings.ZONE)
    same = (mark.key_id, mark.index_id) == (found.active, found.index)
    if fresh or not same:
        mark.key_id, mark.index_id, mark.set_at = found.active, found.index, at
        mark.save()
    if fresh or not same or not sealed.probe_path().exists():
        _write_probe(sealed.probe_path(), sealed.probe_text(mark.installation))
        return True
    return False


def _write_probe(where: Path, text: str) -> None:
    where.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = where.with_name("probe.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    part.replace(where)


def rewrap(*, by: Actor, at: datetime) -> dict[str, Any]:
    """Encrypt what stands under an old key again under the active one, column by column, in short steps.

    May be killed at any point and run again; running it twice changes nothing the second time. What cannot be read
    stays and is counted. Returns {"done", "unreadable", "remaining"} by column. Never inside a transaction.
    """
    done: dict[str, int] = {}
    unreadable: dict[str, int] = {}
    for entry in registries.sealed_fields:
        title = f"{entry.model}.{entry.column}"
        done[title], unreadable[title] = _rewrap_column(entry)
    if any(done.values()):
        with transaction.atomic():
            counts = {title: n for title, n in done.items() if n}
            events.record(Event.REWRAPPED, None, by=by, at=at, payload={"rows": counts, "key": vault.ring().active})
    return {"done": done, "unreadable": unreadable, "remaining": sealed.remaining()}


def _rewrap_column(entry: SealedField) -> tuple[int, int]:
    """(rows changed, rows that cannot be read) of one column."""
    done = unreadable = last = 0
    moving = bool(entry.index) and len(vault.ring().indexes) > 1
    while True:
        with transaction.atomic():
            rows = sealed.stale(entry) if not moving else _with_value(entry)
            part = list(rows.filter(pk__gt=last).select_for_update(of=("self",))[:CHUNK])
            if not part:
                return done, unreadable
            changed = []
            for row in part:
                try:
                    changed += [row] if _again(entry, row) else []
                except vault.VaultError:
                    unreadable += 1
            columns = [entry.column, *([entry.index] if entry.index else [])]
            type(part[0])._default_manager.bulk_update(changed, columns, batch_size=CHUNK)
            done, last = done + len(changed), part[-1].pk


def _with_value(entry: SealedField) -> Any:
    """All rows with a value: a rotated index cannot be told from its look."""
    return sealed.model_of(entry)._default_manager.exclude(**{entry.column: ""}).order_by("pk")


def _again(entry: SealedField, row: Model) -> bool:
    """Put the row's values under the active keys; returns whether that changed it."""
    held = getattr(row, entry.column)

    def fresh(name: str, text: str) -> str:
        told = vault.parts(text)
        if told is not None and told.key_id == vault.ring().active:
            return text
        clear, purpose = sealed.opened(entry, name, text)
        return vault.encrypt(clear, purpose=purpose)

    changed = {entry.column: sealed.mapped(held, fresh) if sealed.is_json(entry) else fresh(entry.column, held)}
    if entry.index:
        clear, purpose = sealed.opened(entry, entry.column, changed[entry.column])
        changed[entry.index] = vault.blind_index(clear, purpose=purpose)
    different = [name for name, value in changed.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, changed[name])
    return bool(different)


def status() -> dict[str, Any]:
    """The ring, what stands under old keys, and whether database and home fit; no key is shown."""
    found = vault.ring()
    return {
        "active": found.active,
        "index": found.index,
        "profile": found.keys[found.active].profile,
        "keys": [{"id": k.id, "created_on": k.created_on, "profile": k.profile, "active": k.id == found.active}
                 for k in found.keys.values()],
        "remaining": sealed.remaining(),
        "faults": sealed.mark_faults(),
    }  # fmt: skip
