"""Measurements of party building that run with the product's modules in one home; each prints one JSON object.

`lay COUNT SEED` writes the ground, `figures` and `table` measure statistics, `queries LOGIN ADDRESS…` counts
statements.
"""

import base64
import json
import os
import sys
from collections import Counter
from typing import Any

from bench.ground import AREA
from bench.inside import backend
from bench.measure import cost_of
from bench.party_ground import ON, lay
from bench.party_truth import floor


def figures() -> dict[str, Any]:
    """The figures by street with members: the answer, milliseconds by the product and by one statement by hand."""
    from django.db import connection

    from liaoyuan.core import clock
    from liaoyuan.core.access import Operator
    from liaoyuan.core.models import Area
    from liaoyuan.party.queries import coverage_stats

    area, by = Area.objects.get(code=AREA), Operator("bench")

    def ask() -> dict[str, Any]:
        return coverage_stats.stats(by=by, as_of=ON, known_at=clock.now(), area=area, dims=("street",))

    driver = connection.connection
    mark = "?" if connection.vendor == "sqlite" else "%s"
    sql, params = floor(mark, ON.isoformat(), area.path)
    server = backend()
    return {
        "told": ask(),
        "cost": cost_of(ask, server=server),
        "floor": cost_of(lambda: driver.cursor().execute(sql, params).fetchall(), server=server),
    }


def table() -> dict[str, Any]:
    """Milliseconds of F04's sums by the product, and of the least that they ask: the statement by hand, then every
    formal member's birth read and deciphered.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from django.db import connection

    from liaoyuan.core import vault
    from liaoyuan.core.models import Area
    from liaoyuan.party.queries import statutory
    from liaoyuan.party.queries.coverage import Asked

    area, driver = Area.objects.get(code=AREA), connection.connection
    mark = "?" if connection.vendor == "sqlite" else "%s"
    sql, params = floor(mark, ON.isoformat(), area.path)
    births = (
        "SELECT a.organization_id, r.education, r.admitted_on, r.birth FROM party_affiliation a"
        " JOIN party_memberrecord r ON r.member_id = a.member_id AND r.superseded_at IS NULL"
        " WHERE a.superseded_at IS NULL AND a.kind = 'formal' AND a.organization_id IS NOT NULL"
    )
    ring = vault.ring()
    key = AESGCM(ring.keys[ring.active].raw)

    def by_hand() -> Counter[int]:
        driver.cursor().execute(sql, params).fetchall()
        young: Counter[int] = Counter()
        for body, _education, _admitted, birth in driver.cursor().execute(births).fetchall():
            if birth:
                raw = base64.urlsafe_b64decode(birth.rpartition(".")[2])
                young[body] += key.decrypt(raw[:12], raw[12:], b"member.birth") > b"1991-11-01"
        return young

    server = backend()
    told = statutory.totals(Asked(area, ON), exactly=True)
    return {
        "young": told["young"], "by_hand": by_hand(), "floor": cost_of(by_hand, server=server),
        "cost": cost_of(lambda: statutory.totals(Asked(area, ON), exactly=True), server=server),
    }  # fmt: skip


def queries(login: str, *paths: str) -> dict[str, int]:
    """How many statements each address asks for an account, opened for the second time."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from liaoyuan.core.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=login))
    found = {}
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as told:
            answer = client.get(path)
        found[path] = len(told) if answer.status_code == 200 else -answer.status_code
    return found


def main(words: list[str]) -> None:
    """Run one measurement."""
    import django

    django.setup()
    if words[0] == "lay":
        told: Any = lay(int(words[1]), int(words[2]))
    elif words[0] == "queries":
        told = queries(*words[1:])
    else:
        told = {"figures": figures, "table": table}[words[0]]()
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.conf.settings")
    main(sys.argv[1:])
