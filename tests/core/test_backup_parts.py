"""The parts of a backup: recovery codes, wrapped keys, and rows as text that does not depend on the database."""

import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.core.backup import keys, tables
from liaoyuan.core.backup.failure import BackupError

SECRETS = st.binary(min_size=20, max_size=20)
FILES = {"data": b"\x00\x01key", "audit": b"another"}


@given(SECRETS, st.sampled_from(["{}", " {} ", "{}\n"]), st.booleans())
def test_a_code_is_read_as_people_write_it(secret, form, low):
    told = form.format(keys.written(secret))
    assert keys.read(told.lower() if low else told) == secret
    assert keys.read(told.replace("-", " ")) == secret


@given(SECRETS, st.integers(0, 43), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_wrong_sign_is_noticed(secret, place, sign):
    told = keys.written(secret)
    wrong = told[:place] + sign + told[place + 1 :]
    if told[place] in ("-", sign):
        return
    with pytest.raises(BackupError, match="恢复码不对"):
        keys.read(wrong)


@pytest.mark.parametrize("text", ["", "ABCD", "不是恢复码", "A" * 36, "-" * 40])
def test_what_is_no_code_is_said_so(text):
    with pytest.raises(BackupError, match="恢复码不对"):
        keys.read(text)


def test_keys_open_by_code_and_by_passphrase_and_by_nothing_else():
    code = bytes(range(20))
    content, wrapped = keys.wrap(FILES, code=code, passphrase="长一点的口令")
    stored = json.dumps(wrapped)
    assert "another" not in stored
    for opened in (keys.unwrap(wrapped, code=code), keys.unwrap(wrapped, passphrase="长一点的口令")):
        assert opened == (content, FILES)
    for wrong in ({"code": b"x" * 20}, {"passphrase": "别的口令"}, {}):
        with pytest.raises(BackupError):
            keys.unwrap(wrapped, **wrong)
    with pytest.raises(BackupError, match="没有设口令"):
        keys.unwrap(keys.wrap(FILES, code=code)[1], passphrase="x")


#: Without a negative nought: it is written as nought.
CELLS = {
    "plain": st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))),
    "bool": st.sampled_from([None, 0, 1]),
    "moment": st.one_of(st.none(), st.datetimes().map(str)),
    "float": st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0)),
    "decimal:1": st.one_of(st.none(), st.decimals(-9999, 9999, places=1, allow_nan=False).map(lambda x: str(x + 0))),
    "time": st.one_of(st.none(), st.times().map(str)),
    "uuid": st.one_of(st.none(), st.uuids().map(lambda u: u.hex)),
    "json": st.one_of(st.none(), st.dictionaries(st.text(max_size=4), st.text(max_size=4)).map(json.dumps)),
}
TABLE = tables.Table("t", tuple(CELLS), tuple(CELLS), "plain")


@given(st.tuples(*CELLS.values()))
def test_a_row_of_sqlite_comes_back_as_it_was(row):
    line = tables.line_of(TABLE, row)
    assert b"\n" not in line
    back = tables.values_of(TABLE, line)
    assert [str(v) if v is not None else None for v in back] == [str(v) if v is not None else None for v in row]


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(1, 7), st.booleans())
def test_lines_do_not_depend_on_where_the_stream_is_cut(parts, size, ended):
    wanted = [part.replace(b"\n", b"") for part in parts]
    whole = b"".join(part + b"\n" for part in wanted)
    if wanted and wanted[-1] and not ended:
        whole = whole[:-1]
    pieces = [whole[i : i + size] for i in range(0, len(whole), size)]
    assert list(tables.lines(pieces)) == wanted


def test_json_is_equal_whatever_the_order_of_its_keys():
    table = tables.Table("t", ("a", "b"), ("plain", "json"), "a")

    def digest(cell: str) -> str:
        counted = tables.Counted(table)
        counted.add(b"1\t" + cell.encode())
        return counted.digest

    assert digest('{"b": [1, 2], "a": "\\\\u4e2d"}') == digest('{"a":"中","b":[1,2]}')
    assert digest('{"a": 1}') != digest('{"a": 2}')
    assert digest(r"\N") != digest('""')


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own COPY is the judge")
def test_our_text_is_what_copy_writes():
    texts = ["a\tb", "a\nb", "a\\b", "\\N", "", "中\r文\v\f\b", "\\t"]
    moments = ["2026-10-26 01:00:00", "2026-10-26 01:00:00.500000", "2026-10-26 01:00:00.000001"]
    floats = [0.1, 120.0, -3.5, 1e-7, 31.123456789012345, 0.0]

    @given(st.one_of(st.sampled_from(texts), CELLS["plain"].filter(bool)), st.sampled_from(moments),
           st.one_of(st.sampled_from(floats), st.floats(-1e9, 1e9)), st.booleans())  # fmt: skip
    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    def check(text, moment, number, flag):
        table = tables.Table("t", tuple("abcd"), ("plain", "moment", "float", "bool"), "a")
        sql = "COPY (SELECT %s::text, (%s || '+00')::timestamptz, %s::float8, %s::boolean) TO STDOUT"
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
            with cursor.copy(sql, [text, moment, number + 0.0, flag]) as copy:
                told = b"".join(map(bytes, copy))
            assert told == tables.line_of(table, (text, moment, number + 0.0, int(flag))) + b"\n"

    check()


def test_every_table_of_the_product_has_a_form():
    names = [table.name for table in tables.tables()]
    assert names == sorted(names) and "core_auditevent" in names and "registry_standing" in names
    assert "django_session" not in names
    event = next(t for t in tables.tables() if t.name == "core_auditevent")
    assert "txid" not in event.columns and event.key == "id"
