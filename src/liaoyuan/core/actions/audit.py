"""Sealing the chain of events, its signed heads, its verification and its export.

What the worker, the pages and the command line call. The chain's rule is in `core.chain.links`; verdicts tell
integrity from completeness (`core.chain.report`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from liaoyuan.core import bulk, clock, locks
from liaoyuan.core import seal as seals
from liaoyuan.core.chain import files
from liaoyuan.core.chain.heads import Head, outside_head
from liaoyuan.core.chain.links import GENESIS, digest, moment
from liaoyuan.core.chain.report import Evidence, verdict
from liaoyuan.core.models import AuditHead
from liaoyuan.core.queries import events as reading

#: Events sealed in one transaction, under one head: short enough that other writers hardly wait.
BATCH = 5000
_PLACES = {
    "postgresql": "UPDATE core_auditevent AS e SET seq = n.seq, prev_hash = n.prev, hash = n.hash"
    " FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS n(seq, id, prev, hash)"
    " WHERE e.id = n.id AND e.seq IS NULL",
    "sqlite": "UPDATE core_auditevent SET seq = %s, prev_hash = %s, hash = %s WHERE id = %s AND seq IS NULL",
}


def seal(at: datetime) -> int:
    """Number, chain and sign what may be sealed; returns how many events were.

    One sealer at a time. Each batch is one transaction with its own head, so a sealer that is killed leaves a chain on
    which the next one builds. Called by the worker at least every five seconds, and by commands; never inside a
    transaction. Raises `seal.SealError` without a key.
    """
    seals.public_key()
    total = 0
    while True:
        count = _seal_batch(at)
        total += count
        if count < BATCH:
            return total


def _seal_batch(at: datetime) -> int:
    with transaction.atomic(durable=True):
        locks.one_at_a_time("audit.seal")
        rows = reading.sealable(BATCH)
        if not rows:
            return 0
        seq, tip = _base()
        algorithm = seals.algorithm()
        placed: list[tuple[int, int, str, str]] = []
        for key, content in rows:
            seq += 1
            value = digest(content, seq, tip, algorithm)
            placed.append((seq, key, tip, value))
            tip = value
        _write(placed)
        signed = seals.signed(seq=seq, value=tip, at=moment(at), with_algorithm=algorithm)
        AuditHead.objects.create(
            seq=seq, hash=tip, algorithm=algorithm, at=at, key_id=signed.key_id, signature=signed.signature
        )
        transaction.on_commit(lambda: _log(signed))
    return len(placed)


def _base() -> tuple[int, str]:
    """From where the chain goes on: never from a row that no head vouches for.

    Numbers that stand above the last head were put there by somebody else; they are passed over, and the next event is
    tied to the head, so that they stay visible. Heads deleted in the database are still in the log.
    """
    head, link = reading.last_head(), reading.last_link()
    if link is not None and (head is None or link[0] > head.seq):
        logged = max(seals.logged(), key=lambda entry: entry.seq, default=None)
        if logged is not None and (head is None or logged.seq > head.seq):
            head = logged
    if head is None:
        return link if link is not None else (0, GENESIS)
    return max(head.seq, link[0] if link is not None else 0), head.hash


def _write(placed: Sequence[tuple[int, int, str, str]]) -> None:
    statement = _PLACES[connection.vendor]
    if connection.vendor == "postgresql":
        bulk.run_many(statement, [[list(column) for column in zip(*placed, strict=True)]])
    else:
        bulk.run_many(statement, ((seq, before, value, key) for seq, key, before, value in placed))


def _log(signed: Head) -> None:
    """Append the new head to the log, and what a crash kept from it."""

    def choose(last: Head | None) -> Iterable[Head]:
        if last is None or reading.has_head(last):
            return reading.heads(after=last.seq if last is not None else 0)
        return [signed]  # the log knows a head that the database has lost: say what is true now, hide nothing

    seals.append(choose)


def unsealed() -> int:
    """How many events wait for the sealer."""
    return reading.unsealed()


def head() -> dict[str, Any] | None:
    """The newest signed head as plain JSON, with the public key; None while nothing is sealed."""
    newest = reading.last_head()
    return newest.as_dict(seals.public_key()) if newest is not None else None


def verify(head_file: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Check the whole chain against the heads in the database, in the log and, if given, kept elsewhere.

    `head_file` is one head kept outside, or several. Reads only; flat memory; may run beside the sealer. Raises
    `HeadError` for a head file that is none, and `seal.SealError` without a key.
    """
    given = [head_file] if isinstance(head_file, Mapping) else list(head_file or ())
    outside = [outside_head(told) for told in given]
    public = seals.public_key()
    # The order matters while a sealer runs: what is in the log was committed before, and so was all up to `newest`.
    logged = seals.logged()
    whole = reading.beyond_heads()
    counts = reading.counts()
    newest = reading.last_head()
    upto = newest.seq if newest is not None else 0
    evidence = Evidence(
        public_key=public,
        local=[logged, reading.heads(upto=upto)],
        outside=outside,
        half_sealed=counts["half_sealed"],
        traces=reading.removal_traces(),
    )
    found = verdict(reading.links(None if whole else upto), evidence)
    return {
        "ok": found["ok"],
        "events": counts["events"],
        "sealed": counts["sealed"],
        "unsealed": counts["events"] - counts["sealed"],
        "head": newest.as_dict(public) if newest is not None else None,
        **found,
        "guarded": reading.guarded(),
    }


def export(path: Path) -> dict[str, Any]:
    """Write heads, events and the public key as one JSON-lines file that can be checked alone; returns the counts."""
    public = seals.public_key()
    whole = reading.beyond_heads()
    newest = reading.last_head()
    upto = newest.seq if newest is not None else 0
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        counts = files.write(
            file,
            at=moment(clock.real_now()),
            public_key=public,
            heads=reading.heads(upto=upto),
            links=reading.links(None if whole else upto),
            unsealed=reading.unsealed_contents(2**63 - 1 if whole else upto),
        )
    part.replace(path)
    return counts


def verify_export(path: Path, head_file: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Check an exported file alone; the shape of `verify`. Raises `files.ExportError` and `HeadError`."""
    return files.verify_export(path, [outside_head(head_file)] if head_file is not None else [])
