"""Measurements that run with the product's modules in one home; each prints one JSON object. Started by `Home.inside`.

`verify COUNT SEED` compares the register with the truth of the imported file, `search` and `stats` measure queries.
"""

import json
import sys
from datetime import date
from typing import Any

from bench.ground import AREA, AS_OF
from bench.measure import cost_of

_TEXTS = (
    "name", "kind", "registrar", "supervisor", "industry_regulator", "party_lead", "legal_representative", "address",
    "scope", "field", "district_field", "status", "note",
)  # fmt: skip
_NUMBERS = (
    "capital_fen", "full_time", "part_time", "members_unit", "members_person", "council_count", "supervisors_count",
    "party_members_declared",
)  # fmt: skip
_DAYS = ("certificate_from", "certificate_to")
_FLAGS = ("is_charity", "public_fundraising", "tax_deductible")
_PLAIN = (*_TEXTS, *_NUMBERS, *_DAYS, *_FLAGS)


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _iso(value: Any) -> str | None:
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _told(pk: int, row: tuple[Any, ...]) -> dict[str, Any]:
    from liaoyuan.core import vault

    code, given, filing_no, registered, closed, phone, street, community, *plain = row
    found: dict[str, Any] = dict(zip(_PLAIN, plain, strict=True))
    found.update({name: _iso(found[name]) for name in _DAYS})
    found.update({name: None if found[name] is None else bool(found[name]) for name in _FLAGS})
    found.update(
        code=code, code_as_given=given, filing_no=filing_no, registered_on=_iso(registered), closed_on=_iso(closed),
        phone=vault.decrypt(phone, purpose="organization.phone"), street=street, community=community,
    )  # fmt: skip
    return found


def verify(count: int, seed: int) -> dict[str, Any]:
    """How many rows differ from the truth of the file in any cell, or are not there, or should not be."""
    from tests.truth.clean import clean_rows

    stored: dict[str, tuple[Any, ...]] = {}
    sql = (
        "SELECT o.id, o.code, o.code_as_given, o.filing_no, o.registered_on, o.closed_on, s.phone,"
        " coalesce(st.name, s.street_as_given), coalesce(cm.name, s.community_as_given), "
        + ", ".join(f"s.{name}" for name in _PLAIN)
        + " FROM registry_organization o JOIN registry_standing s ON s.organization_id = o.id"
        " LEFT JOIN core_area st ON st.id = s.street_id LEFT JOIN core_area cm ON cm.id = s.community_id"
        " WHERE s.superseded_at IS NULL AND s.valid_to = %s AND o.voided_at IS NULL"
    )
    for row in _rows(sql, "9999-12-31"):
        stored[row[1] or row[3]] = row
    records: dict[int, dict[str, Any]] = {}
    for pk, level, begin, end in _rows("SELECT organization_id, level, valid_from, valid_to FROM registry_rating"):
        last = date.fromordinal(date.fromisoformat(str(end)).toordinal() - 1)
        records.setdefault(pk, {}).update(rating=level, rated_on=_iso(begin), rating_until=last.isoformat())
    for pk, year, result in _rows("SELECT organization_id, year, result FROM registry_annualresult"):
        records.setdefault(pk, {}).setdefault("annual_results", {})[str(year)] = result
    for pk, kind in _rows("SELECT organization_id, list_kind FROM registry_creditentry"):
        records.setdefault(pk, {})["credit_status"] = kind
    faults, seen, first = 0, 0, ""
    for row in clean_rows(count, seed):
        seen += 1
        here = stored.get(str(row.key))
        told = {**_told(here[0], here[1:]), **records.get(here[0], {})} if here else {}
        truth = {name: value for name, value in row.fields.items() if value not in ("", None)}
        if truth.get("credit_status") == "normal":
            truth.pop("credit_status")
        found = {name: value for name, value in told.items() if value not in ("", None)}
        if found != truth:
            faults += 1
            first = first or f"{row.key}: {sorted(set(map(str, truth.items())) ^ set(map(str, found.items())))}"
    faults += abs(len(stored) - seen)
    if first:
        print(first, file=sys.stderr)
    return {"rows": seen, "faults": faults}


def backend() -> int | None:
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    return int(_rows("SELECT pg_backend_pid()")[0][0])


def _officer() -> Any:
    from liaoyuan.core.models import User

    return User.objects.get(username="dengji")


def search() -> dict[str, Any]:
    """Queries of one, two and more characters and initials: right or wrong, milliseconds of page, page and total."""
    from liaoyuan.core import search as engine
    from liaoyuan.kit import pinyin
    from liaoyuan.kit.text import match_key

    names: dict[int, tuple[set[str], set[str]]] = {}
    for pk, name, *codes in _rows(
        "SELECT o.id, s.name, o.code, o.code_as_given, o.filing_no FROM registry_organization o"
        " JOIN registry_standing s ON s.organization_id = o.id WHERE s.superseded_at IS NULL"
    ):
        texts, sounds = names.setdefault(pk, (set(), set()))
        texts.update([match_key(name), *(match_key(code) for code in codes if code)])
        sounds.update(text for pair in pinyin.readings(match_key(name)) for text in pair)
    server, user, found = backend(), _officer(), []
    for kind, query in (
        ("two characters", "养老"), ("two characters", "书法"), ("one character", "社"), ("one character", "琴"),
        ("three and more", "俱乐部"), ("three and more", "健康促进中心"), ("initials", "yl"), ("initials", "yyjlb"),
    ):  # fmt: skip
        word = match_key(query)
        han = not word.isascii()
        truth = sum(
            any(word in text for text in texts) or (not han and any(word in text for text in sounds))
            for texts, sounds in names.values()
        )
        answer = engine.find(query, user=user)
        good = answer.total == truth and len(answer.hits) == min(20, truth)
        good = good and all(
            any(word in text for text in (*names[hit.object_id][0], *(() if han else names[hit.object_id][1])))
            for hit in answer.hits
        )
        found.append(
            {
                "kind": kind,
                "query": query,
                "hits": truth,
                "right": good,
                "page": cost_of(lambda q=query: engine.first(q, user=user, limit=20), server=server),
                "both": cost_of(lambda q=query: engine.find(q, user=user), server=server),
                "floor": cost_of(_replay(lambda q=query: engine.first(q, user=user, limit=20)), server=server),
                "floor_both": cost_of(_replay(lambda q=query: engine.find(q, user=user)), server=server),
            }
        )
    return {"queries": found}


def _replay(work: Any) -> Any:
    """The statements that `work` runs, as a function that runs them again by the driver alone."""
    from django.db import connection

    kept: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        kept.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    driver = connection.connection
    sqlite = connection.vendor == "sqlite"
    plain = [(sql.replace("%s", "?") if sqlite else sql, params or ()) for sql, params in kept]

    def again() -> None:
        cursor = driver.cursor()
        for sql, params in plain:
            cursor.execute(sql, params)
            cursor.fetchall()
        cursor.close()

    return again


def stats() -> dict[str, Any]:
    """Type × field × street: right or wrong, milliseconds by the product and by one statement written by hand."""
    from django.db import connection

    from liaoyuan.core.models import Area
    from liaoyuan.registry.queries import statistics

    area, on = Area.objects.get(code=AREA), date.fromisoformat(AS_OF)
    dims = ("type", "field", "street")
    table = statistics.registry_table(area, on, dims)
    told = {tuple(r[d] for d in dims): r["count"] for r in (*table["rows"], *table["filed_rows"])}
    areas = {pk: (path, name) for pk, path, name in _rows("SELECT id, path, name FROM core_area")}
    outside = {pk for (pk,) in _rows("SELECT id FROM registry_organization WHERE is_external")}
    truth: dict[tuple[str, ...], int] = {}
    for body, begin, end, gone, status, registrar, kind, field, street in _rows(
        "SELECT organization_id, valid_from, valid_to, superseded_at, status, registrar_area_id, kind, field, street_id"
        " FROM registry_standing"
    ):
        counted = gone is None and str(begin) <= AS_OF < str(end) and status in ("active", "liquidating")
        if counted and body not in outside and areas[registrar][0].startswith(area.path):
            path, name = areas.get(street, ("", ""))
            word = "（未填）" if not street else name if path.startswith(area.path) else "（区外）"
            key = (kind, field or "（未填）", word)
            truth[key] = truth.get(key, 0) + 1
    by_hand = (
        "SELECT s.kind, s.field, st.name, count(*) FROM registry_standing s LEFT JOIN core_area st"
        " ON st.id = s.street_id WHERE s.superseded_at IS NULL AND s.valid_from <= %s AND s.valid_to > %s"
        " AND s.status IN ('active', 'liquidating') AND s.registrar_area_id IN"
        " (SELECT id FROM core_area WHERE path LIKE %s) GROUP BY s.kind, s.field, st.name"
    )
    params = (AS_OF, AS_OF, area.path + "%")
    driver = connection.connection
    sql = by_hand.replace("%s", "?") if connection.vendor == "sqlite" else by_hand
    server = backend()
    return {
        "right": told == truth,
        "groups": len(truth),
        "cost": cost_of(lambda: statistics.registry_table(area, on, dims), server=server),
        "floor": cost_of(lambda: driver.cursor().execute(sql, params).fetchall(), server=server),
    }


def export_kinds() -> dict[str, Any]:
    """What can be exported."""
    from liaoyuan.core import registries

    return {"kinds": sorted(registries.export_kinds)}


def main(words: list[str]) -> None:
    """Run one measurement."""
    import django

    django.setup()
    jobs = {"verify": verify, "search": search, "stats": stats, "export_kinds": export_kinds}
    print(json.dumps(jobs[words[0]](*map(int, words[1:])), ensure_ascii=False))


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.conf.settings")
    main(sys.argv[1:])
