"""The six manipulations on a real database, by SQL, with and without an outside head; and the exported file alone."""

import json

import pytest
from django.db import connection

from liaoyuan.core import seal
from liaoyuan.core.actions import audit
from liaoyuan.core.chain.files import ExportError
from liaoyuan.core.chain.heads import HeadError
from liaoyuan.core.models import AuditEvent
from tests.core.audit_ground import AT, forget_traces, kept, kinds, sql, write

TRANSACTIONAL = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh_traces(db):
    forget_traces()


COLUMNS = (
    "id, code, at, recorded_at, actor_id, actor_name, channel, on_behalf, subject_kind, subject_id, subject_label,"
    " payload, seq, prev_hash, hash"
)


def change_row():
    sql("UPDATE core_auditevent SET actor_name = 'somebody else' WHERE seq = 17")
    return {"changed"}, 17


def delete_row():
    sql("DELETE FROM core_auditevent WHERE seq = 17")
    return {"deleted"}, 17


def insert_row():
    fields = COLUMNS.split(", ")[1:12]
    listed = ", ".join(fields)
    sql("UPDATE core_auditevent SET seq = seq + 1000 WHERE seq >= 17")
    sql("UPDATE core_auditevent SET seq = seq - 999 WHERE seq > 1000")
    sql(
        f"INSERT INTO core_auditevent ({listed}, seq, prev_hash, hash)"
        f" SELECT {listed}, 17, (SELECT hash FROM core_auditevent WHERE seq = 16), %s FROM core_auditevent"
        " WHERE seq = 5",
        "ab" * 32,
    )
    return {"inserted"}, 17


def reorder_rows():
    for old, new in ((17, 5000), (18, 17), (5000, 18)):
        sql("UPDATE core_auditevent SET seq = %s WHERE seq = %s", new, old)
    return {"reordered"}, 17


def cut_tail():
    sql("DELETE FROM core_auditevent WHERE seq > 25")
    return {"cut"}, 26


def cut_tail_and_its_heads():
    sql("DELETE FROM core_auditevent WHERE seq > 20")
    sql("DELETE FROM core_audithead WHERE seq > 20")
    return {"cut"}, 21


def rewrite():
    """Somebody who owns database and server key makes history anew: rows, heads and log."""
    sql("UPDATE core_auditevent SET actor_name = 'somebody else' WHERE seq = 17")
    sql("UPDATE core_auditevent SET seq = NULL, prev_hash = '', hash = ''")
    sql("DELETE FROM core_audithead")
    seal.log_path().unlink()
    forget_traces()
    audit.seal(AT)
    return {"rewritten"}, 30


def prepared(monkeypatch) -> dict:
    monkeypatch.setattr(audit, "BATCH", 10)
    write(30)
    audit.seal(AT)
    return kept()


@TRANSACTIONAL
@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("manipulation", [change_row, delete_row, insert_row, reorder_rows, cut_tail])
def test_manipulations_are_found_and_named(monkeypatch, manipulation, outside):
    head = prepared(monkeypatch)
    assert audit.verify(head)["ok"]
    wanted, seq = manipulation()
    result = audit.verify(head if outside else None)
    assert not result["ok"] and kinds(result) == wanted and result["faults"][0]["seq"] == seq, result["faults"]
    assert result["outside_head"] == ("checked" if outside else "not given")
    # the sealer goes on afterwards and does not cover it up
    write(3, 31)
    audit.seal(AT)
    later = audit.verify(head if outside else None)
    assert not later["ok"] and later["faults"], later


@TRANSACTIONAL
def test_a_tail_cut_with_its_heads_is_given_away_by_the_log(monkeypatch):
    prepared(monkeypatch)
    _, seq = cut_tail_and_its_heads()
    result = audit.verify()
    assert [(f["kind"], f["seq"]) for f in result["faults"]] == [("cut", seq)]
    write(12, 31)
    audit.seal(AT)
    assert kinds(audit.verify()) == {"rewritten"}, "the log still knows the head that the new tail contradicts"


@TRANSACTIONAL
def test_a_tail_cut_everywhere_is_not_provable_and_never_ok(monkeypatch):
    """Rows, heads and log lines gone: without an outside head nothing proves it, but it does not read ok."""
    head = prepared(monkeypatch)
    _, seq = cut_tail_and_its_heads()
    log = seal.log_path().read_text().splitlines()
    seal.log_path().write_text("\n".join(log[:2]) + "\n")
    blind = audit.verify()
    assert not blind["ok"] and blind["completeness"] == "not provable" and blind["traces"] and not blind["faults"]
    result = audit.verify(head)
    assert [(f["kind"], f["seq"]) for f in result["faults"]] == [("cut", seq)] and result["completeness"] == "cut"
    forget_traces()
    wiped = audit.verify()
    assert wiped["completeness"] == "not provable" and wiped["outside_head"] == "not given"


@TRANSACTIONAL
def test_everything_deleted(monkeypatch):
    head = prepared(monkeypatch)
    sql("DELETE FROM core_auditevent")
    assert kinds(audit.verify()) == {"cut"}
    sql("DELETE FROM core_audithead")
    assert kinds(audit.verify()) == {"cut"}, "the log is left"
    seal.log_path().unlink()
    blind = audit.verify()
    assert not blind["ok"] and blind["completeness"] == "not provable"
    assert kinds(audit.verify(head)) == {"cut"}


@TRANSACTIONAL
def test_history_made_anew_by_the_owner_of_everything(monkeypatch):
    head = prepared(monkeypatch)
    wanted, seq = rewrite()
    blind = audit.verify()
    assert blind["completeness"] == "not provable" and not blind["faults"]
    result = audit.verify(head)
    assert not result["ok"] and kinds(result) == wanted and result["faults"][0]["seq"] == seq


@TRANSACTIONAL
def test_history_made_anew_without_the_key(monkeypatch, tmp_path):
    """Who owns only the database cannot sign: the old heads contradict, forged ones do not count."""
    prepared(monkeypatch)
    with monkeypatch.context() as other:
        other.setattr(seal, "key_path", lambda: tmp_path / "key")
        other.setattr(seal, "log_path", lambda: tmp_path / "log")
        seal.make_key()
        sql("UPDATE core_auditevent SET actor_name = 'x' WHERE seq = 17")
        sql("UPDATE core_auditevent SET seq = NULL, prev_hash = '', hash = ''")
        sql("DELETE FROM core_audithead")
        audit.seal(AT)
    forget_traces()
    result = audit.verify()
    assert not result["ok"] and kinds(result) == {"rewritten"}


@TRANSACTIONAL
def test_a_row_with_a_hash_but_no_number(monkeypatch):
    prepared(monkeypatch)
    sql("UPDATE core_auditevent SET seq = NULL WHERE seq = 30")
    assert kinds(audit.verify()) == {"cut", "inserted"}


@TRANSACTIONAL
def test_rows_forged_behind_the_last_head_are_not_taken_over_by_the_sealer(monkeypatch):
    prepared(monkeypatch)
    write(1, 31)
    last = AuditEvent.objects.get(seq=30)
    sql("UPDATE core_auditevent SET seq = 31, prev_hash = %s, hash = %s WHERE seq IS NULL", last.hash, "ab" * 32)
    assert kinds(audit.verify()) == {"inserted"}
    write(3, 32)
    audit.seal(AT)
    result = audit.verify()
    assert not result["ok"] and [(f["kind"], f["seq"]) for f in result["faults"]] == [("inserted", 31)]


@TRANSACTIONAL
def test_values_forced_into_columns_do_not_stop_the_check(monkeypatch):
    prepared(monkeypatch)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        sql("UPDATE core_auditevent SET recorded_at = 'never', payload = 'no json' WHERE seq = 4")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    else:
        sql("UPDATE core_auditevent SET recorded_at = 'infinity', payload = '[1]' WHERE seq = 4")
    result = audit.verify()
    assert [(f["kind"], f["seq"]) for f in result["faults"]] == [("changed", 4)]


@TRANSACTIONAL
def test_a_head_file_that_is_none_is_refused():
    with pytest.raises(HeadError):
        audit.verify({"seq": 1})


# -- export ------------------------------------------------------------------------------------------------------------


@TRANSACTIONAL
def test_the_export_is_checked_alone(monkeypatch, tmp_path):
    head = prepared(monkeypatch)
    write(2, 31)
    path = tmp_path / "audit.jsonl"
    assert audit.export(path) == {"heads": 3, "sealed": 30, "unsealed": 2}
    result = audit.verify_export(path)
    assert result["ok"] and result["events"] == 32 and result["sealed"] == 30 and result["head"] == head
    assert audit.verify_export(path, head)["completeness"] == "proven"
    again = tmp_path / "again.jsonl"
    audit.export(again)
    assert path.read_text().splitlines()[1:] == again.read_text().splitlines()[1:]

    lines = path.read_text().splitlines()

    def damaged(change):
        told = list(lines)
        change(told)
        other = tmp_path / "other.jsonl"
        other.write_text("\n".join(told) + "\n")
        return audit.verify_export(other, head)

    row = 4 + 16  # header, three heads, then event 1 at index 4: event 17
    assert json.loads(lines[row])["event"]["seq"] == 17
    assert kinds(damaged(lambda x: x.__setitem__(row, x[row].replace('"n":17', '"n":71')))) == {"changed"}
    assert kinds(damaged(lambda x: x.__delitem__(row))) == {"deleted"}
    assert kinds(damaged(lambda x: x.insert(row, x[row].replace('"n":17', '"n":71')))) == {"inserted"}
    assert kinds(damaged(lambda x: x.__setitem__(slice(row, row + 2), [x[row + 1], x[row]]))) == {"reordered"}
    assert kinds(damaged(lambda x: x.__delitem__(slice(row, None)))) == {"cut"}


def test_a_file_that_is_no_export_is_refused(tmp_path):
    path = tmp_path / "x.jsonl"
    for text in ("", "not json\n", '{"format": "other"}\n', '{"format": "liaoyuan-audit-export", "version": 2}\n'):
        path.write_text(text)
        with pytest.raises(ExportError):
            audit.verify_export(path)
    path.write_text('{"format": "liaoyuan-audit-export", "version": 1, "public_key": "x"}\nbroken\n')
    with pytest.raises(ExportError):
        audit.verify_export(path)
    with pytest.raises(ExportError):
        audit.verify_export(tmp_path / "missing")
