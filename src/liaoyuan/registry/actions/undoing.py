"""Preparing the undo of an import batch of organizations: as `preparing`, the other way round.

Bodies that the batch made become void, of those that it changed each fact gets back what it was; a body of which
somebody changed one of the same facts since is touched, and then nothing is undone.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from liaoyuan.core import bulk, search
from liaoyuan.core.access import Actor
from liaoyuan.core.models import ImportBatch
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.periods import Period
from liaoyuan.registry.actions import preparing, records, values
from liaoyuan.registry.actions.preparing import SAID, plain
from liaoyuan.registry.models import Organization
from liaoyuan.registry.queries.standings import periods_of

type Meta = Mapping[str, Any]
_READ = ("pk", "number", "record", "action", "fields", "before")


class Undoing(preparing.Work):
    """What taking a batch back will write."""

    def __init__(self, batch: ImportBatch, spool: bulk.Spool, *, by: Actor, at: datetime) -> None:
        super().__init__(batch, spool, by=by, at=at)
        spool.table("voided", Organization, ("id",))
        #: How many rows are taken back.
        self.count = 0
        self._touched: set[int] = set()
        digest = hashlib.sha256()
        for part in preparing.portions(batch.rows.with_record(), *_READ):
            made, changed = [], {}
            for _pk, number, key, action, fields, before in part:
                digest.update(preparing.digest_line((number, key, action, fields, before)))
                meta = (before or {}).get("_", {})
                if action == "create":
                    made.append(key)
                elif action == "update" and "columns" in meta:
                    changed[key] = meta
            self.spool.add("voided", ((key,) for key in made))
            search.drop(self.spool, made)
            if changed:
                self._restore(changed)
            self.count += len(made) + len(changed)
        #: SHA-256 over the change table.
        self.digest = digest.hexdigest()
        spool.settled()

    def touched(self) -> set[int]:
        """Under the lock: bodies of which a fact that the batch wrote does not stand as it was written."""
        found = self._touched | set(self.moved())
        if self.spool.has("voided"):
            rows = self.spool.ask(
                "SELECT o.id FROM registry_organization o WHERE o.id IN (SELECT id FROM {voided})"
                " AND (o.version <> 1 OR o.voided_at IS NOT NULL)"
            )
            found |= {key for (key,) in rows}
        return found

    def void(self) -> None:
        """The bodies that the batch made count no more; before `write`, which may give their codes back."""
        if not self.spool.has("voided"):
            return
        self.spool.run(
            "UPDATE registry_standing SET superseded_at = %s WHERE superseded_at IS NULL"
            " AND organization_id IN (SELECT id FROM {voided})",
            [self.at],
        )
        self.spool.run(
            "UPDATE registry_organization SET voided_at = %s, voided_by_id = %s, live = %s, version = 2"
            " WHERE id IN (SELECT id FROM {voided})",
            [self.at, self.user_id, False],
        )

    def _restore(self, changed: dict[int, Meta]) -> None:
        ids = list(changed)
        organizations, kept = Organization.objects.in_bulk(ids), self.histories(ids)
        current = records.current_of([change for meta in changed.values() for change in meta.get("records", [])])
        back: list[records.Change] = []
        self.begin()
        for key, meta in changed.items():
            organization, old = organizations[key], kept.get(key, [])
            history, told = periods_of(old), meta.get("records", [])
            still = all(new is None or new in current[kind] for kind, _old, new in told)
            if not history or not still or not _untouched(meta, organization, history):
                self._touched.add(key)
                continue
            back += told
            self.rewrite(organization, old, _before(meta, organization, history))
        self.end()
        self._take_back(back)

    def _take_back(self, changes: list[records.Change]) -> None:
        """End the records that the batch wrote, and write again what they replaced."""
        for kind, model in records.MODELS.items():
            mine = [change for change in changes if change[0] == kind]
            self.spool.add(f"{kind}_ended", ((new, self.at) for _kind, _old, new in mine if new is not None))
            columns = ("pk", "organization_id", *SAID[kind])
            again = [old for _kind, old, _new in mine if old is not None]
            stored = {row[0]: row for row in model._default_manager.filter(pk__in=again).values_list(*columns)}
            rows = (stored[key] for key in again)
            self.spool.add(f"{kind}_first", ((row[1], self.at, self.user_id, *row[2:]) for row in rows))


def _before(meta: Meta, organization: Organization, history: list[Period]) -> list[Period]:
    """The history as it was before the batch; the body's numbers are set back."""
    for name, (was, _new) in meta["identity"].items():
        setattr(organization, name, values.day(was) if name.endswith("_on") and was else was)
    if "start" in meta:
        history = [Period(values.day(meta["start"][0]), history[0].end, history[0].values), *history[1:]]
    for name, (was, _new, start, end) in meta["columns"].items():
        value = values.day(was) if name in values.DATES and was else was
        history = arithmetic.put(history, {name: value}, start=values.day(start), end=values.day(end))
    return history


def _untouched(meta: Meta, organization: Organization, history: list[Period]) -> bool:
    """Whether every fact that the row wrote still stands as it was written."""
    if any(plain(getattr(organization, name)) != new for name, (_was, new) in meta["identity"].items()):
        return False
    if "start" in meta and history[0].start.isoformat() != meta["start"][1]:
        return False
    for name, (_was, new, start, end) in meta["columns"].items():
        begin, stop = max(values.day(start), history[0].start), values.day(end)
        span = [p for p in history if p.start < stop and p.end > begin]
        if any(plain(p.values[name]) != new for p in span):
            return False
    return True
