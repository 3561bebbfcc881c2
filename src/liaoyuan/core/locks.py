"""Locks: one writer at a time per name, on both databases.

SQLite's IMMEDIATE transactions already let one writer in; PostgreSQL takes a transaction-level advisory lock.
"""

import hashlib

from django.db import connection


def one_at_a_time(*names: object) -> None:
    """Wait until no other transaction holds the same name; released at the end of the transaction.

    Must run inside a transaction. Names are hashed to 63 bits; a collision only makes two writers wait.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock needs a transaction")
    if connection.vendor != "postgresql":
        return
    digest = hashlib.sha256(":".join(map(str, names)).encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big") >> 1])
