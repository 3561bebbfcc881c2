"""The floor of a web page: a WSGI function over SQLite with a signed cookie, no framework and no templates.

It filters, counts, sorts and writes 50 rows of the same register as HTML. `REF_DB` names its database.
"""

import hashlib
import hmac
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from urllib.parse import parse_qs

_SECRET = b"a secret of the benchmark alone"
_HEAD = "<!doctype html><html lang=zh><meta charset=utf-8><title>社会组织</title><h1>社会组织</h1>"
_here = threading.local()


def cookie(user: str) -> str:
    """A signed cookie for a user."""
    return f"{user}.{hmac.new(_SECRET, user.encode(), hashlib.sha256).hexdigest()}"


def _user(environ: dict[str, Any]) -> str | None:
    given = environ.get("HTTP_COOKIE", "").removeprefix("session=")
    user = given.partition(".")[0]
    return user if hmac.compare_digest(given.encode(), cookie(user).encode()) else None


def _connection() -> sqlite3.Connection:
    if not hasattr(_here, "connection"):
        _here.connection = sqlite3.connect(os.environ["REF_DB"])
    found: sqlite3.Connection = _here.connection
    return found


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One page of organizations of a type in a street, by name."""
    if environ["PATH_INFO"] == "/login/":
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [_HEAD.encode()]
    if _user(environ) is None:
        start_response("403 Forbidden", [("Content-Type", "text/plain")])
        return [b""]
    asked = parse_qs(environ["QUERY_STRING"])
    where = (asked["kind"][0], asked["street"][0])
    cursor = _connection().cursor()
    total = cursor.execute("SELECT count(*) FROM body WHERE kind = ? AND street = ?", where).fetchone()[0]
    parts = [_HEAD, f"<p>共 {total} 家</p><table>"]
    for row in cursor.execute(
        "SELECT id, name, code, kind, street, head, registered_on, status FROM body"
        " WHERE kind = ? AND street = ? ORDER BY name, id LIMIT 50",
        where,
    ):
        cells = "".join(f"<td>{escape(str(cell))}</td>" for cell in row[1:])
        parts.append(f'<tr><th><a href="/registry/{row[0]}/">{escape(row[1])}</a></th>{cells}</tr>')
    parts.append("</table>")
    body = "".join(parts).encode()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
