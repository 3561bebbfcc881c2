"""The guard under which pages are opened: writing SQL is refused.

Exactly these may be touched: the session's row and a read event made by `core.reads`.
"""

import re
import sys
from collections import Counter
from contextlib import contextmanager

from django.db import connection, transaction

from liaoyuan.core import reads

_VERBS = r"INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|COPY|CREATE|ALTER|DROP|CALL|REINDEX|VACUUM"
_WRITING = re.compile(
    rf"^\s*(?:{_VERBS})\b|^\s*WITH\b.*\b(?:INSERT|UPDATE|DELETE)\b|\b(?:nextval|setval)\s*\(", re.I | re.S
)
_TABLE = re.compile(r'(?:INTO|UPDATE|FROM)\s+"?(\w+)"?', re.I)
SESSION, EVENTS = "django_session", "core_auditevent"


class WroteOnRead(AssertionError):
    """A page that was opened wrote something."""


@contextmanager
def read_only(written: Counter):
    """Refuse writing SQL; what may be written is counted by table."""

    def refuse(execute, sql, params, many, context):
        if _WRITING.search(sql):
            named = _TABLE.search(sql)
            table = named.group(1) if named else ""
            lawful = table == SESSION or (table == EVENTS and sql.lstrip()[:6].upper() == "INSERT" and _from_reads())
            if not lawful:
                raise WroteOnRead(sql[:300])
            written[table] += 1
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(refuse):
        yield


def _from_reads() -> bool:
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") == reads.__name__:
            return True
        frame = frame.f_back
    return False
