"""The sealer on a real database: order, lateness, kills, guards, and the six manipulations by SQL."""

import json
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from liaoyuan.core import events, seal
from liaoyuan.core.actions import audit
from liaoyuan.core.chain.files import ExportError
from liaoyuan.core.chain.heads import HeadError
from liaoyuan.core.choices import Event
from liaoyuan.core.models import AuditEvent, AuditHead
from tests.core import factories
from tests.core.audit_ground import forget_traces, unguarded

AT = factories.AT
TRANSACTIONAL = pytest.mark.django_db(transaction=True)


def write(count: int, start: int = 1) -> None:
    with transaction.atomic():
        for number in range(start, start + count):
            payload = {"n": number, "share": 0.25, "名称": "蠡园街道"}
            events.record(Event.LOGIN, ("user", str(number), f"第 {number} 人"), by=None, at=AT, payload=payload)


def sql(statement: str, *params) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def kinds(result) -> set:
    return {fault["kind"] for fault in result["faults"]}


def kept() -> dict:
    """A head as the auditor keeps it: written out and read back."""
    return json.loads(json.dumps(audit.head()))


@pytest.fixture(autouse=True)
def fresh_traces(db):
    forget_traces()


@TRANSACTIONAL
def test_events_are_numbered_in_order_and_tied():
    write(25)
    assert audit.unsealed() == 25
    assert audit.seal(AT) == 25
    assert audit.unsealed() == 0 and audit.seal(AT) == 0
    rows = list(AuditEvent.objects.order_by("seq"))
    assert [row.seq for row in rows] == list(range(1, 26)) and [row.pk for row in rows] == sorted(r.pk for r in rows)
    assert [row.prev_hash for row in rows[1:]] == [row.hash for row in rows[:-1]] and rows[0].prev_hash == "0" * 64
    told = audit.head()
    assert told["seq"] == 25 and told["hash"] == rows[-1].hash
    lines = seal.log_path().read_text().splitlines()
    assert [json.loads(line) for line in lines] == [told]
    result = audit.verify()
    assert result["ok"] and result["events"] == result["sealed"] == 25 and result["head"] == told
    assert result["outside_head"] == "not given" and result["completeness"] == "not provable" and result["guarded"]
    assert audit.verify(kept())["completeness"] == "proven"


@TRANSACTIONAL
def test_nothing_recorded_is_sound_and_has_no_head():
    assert audit.seal(AT) == 0 and audit.head() is None
    assert audit.verify()["ok"]


@TRANSACTIONAL
def test_several_batches_each_leave_a_head(monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 10)
    write(35)
    assert audit.seal(AT) == 35
    assert list(AuditHead.objects.values_list("seq", flat=True)) == [10, 20, 30, 35]
    assert len(seal.log_path().read_text().splitlines()) == 4
    assert audit.verify()["ok"]


@TRANSACTIONAL
def test_the_gm_profile_ties_with_sm3_and_the_chain_goes_on(monkeypatch):
    write(5)
    audit.seal(AT)
    monkeypatch.setenv("LIAOYUAN_CRYPTO", "gm")
    write(5, 6)
    audit.seal(AT)
    assert audit.head()["algorithm"] == "sm3"
    assert audit.verify(kept())["ok"]
    monkeypatch.setenv("LIAOYUAN_CRYPTO", "rot13")
    with pytest.raises(seal.SealError):
        seal.algorithm()


@TRANSACTIONAL
def test_a_sealer_inside_a_transaction_is_refused():
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.seal(AT)


@TRANSACTIONAL
def test_the_database_refuses_to_change_or_delete():
    write(3)
    audit.seal(AT)
    write(1, 4)
    loose = AuditEvent.objects.get(seq__isnull=True)
    refused = [
        lambda: AuditEvent.objects.filter(seq=1).update(code="x"),
        lambda: AuditEvent.objects.filter(seq=1).update(seq=9),
        lambda: AuditEvent.objects.filter(seq=1).update(hash="0" * 64),
        lambda: AuditEvent.objects.filter(seq=1).update(seq=None, hash="", prev_hash=""),
        lambda: AuditEvent.objects.filter(seq=1).delete(),
        lambda: AuditEvent.objects.filter(pk=loose.pk).update(payload={}),
        lambda: AuditEvent.objects.filter(pk=loose.pk).update(seq=9),
        lambda: AuditEvent.objects.filter(pk=loose.pk).update(seq=9, hash="0" * 64, actor_name="x"),
        lambda: AuditEvent.objects.filter(pk=loose.pk).delete(),
        lambda: AuditHead.objects.update(hash="0" * 64),
        lambda: AuditHead.objects.all().delete(),
    ]
    for attempt in refused:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    if connection.vendor == "postgresql":
        for table in ("core_auditevent", "core_audithead"):
            with pytest.raises(DatabaseError), connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {table}")
    assert audit.seal(AT) == 1 and audit.verify()["ok"]


@TRANSACTIONAL
def test_odd_contents_do_not_stop_the_sealer(tmp_path):
    """Numbers beyond measure, halves of characters: what the database takes, the chain takes."""
    texts = ['{"n": 1e999}', '{"n": -1e-999, "m": 2.50}', '{"n": 1e22, "deep": [[[{"x": 1.0}]]]}']
    if connection.vendor == "sqlite":
        texts.append('{"n": "\\ud800"}')
    else:
        texts[0] = '{"n": 1e300}'
    for text in texts:
        sql(
            "INSERT INTO core_auditevent (code, at, recorded_at, actor_name, channel, on_behalf, subject_kind,"
            " subject_id, subject_label, payload, prev_hash, hash) VALUES ('x', %s, %s, 'x', 'web', '', '', '', '',"
            " %s, '', '')",
            "2026-10-26 02:00:00+00" if connection.vendor == "postgresql" else "2026-10-26 02:00:00",
            "2026-10-26 02:00:00.5+00" if connection.vendor == "postgresql" else "2026-10-26 02:00:00.500000",
            text,
        )
    assert audit.seal(AT) == len(texts) and audit.verify()["ok"]
    audit.export(tmp_path / "x")
    assert audit.verify_export(tmp_path / "x")["ok"]


# -- lateness and kills ------------------------------------------------------------------------------------------------


def in_thread(work):
    caught = []

    def run():
        try:
            work()
        except BaseException as error:
            caught.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, caught


@TRANSACTIONAL
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_an_event_that_commits_late_never_breaks_the_chain():
    """A takes a low id and stays open; B commits higher ids. Nothing at or behind A may be sealed before A ends."""
    write(4)
    opened, go = threading.Event(), threading.Event()

    def late():
        with transaction.atomic():
            events.record(Event.LOGIN, ("user", "late", "late"), by=None, at=AT)
            opened.set()
            assert go.wait(30)

    thread, caught = in_thread(late)
    assert opened.wait(30)
    write(5, 100)
    assert audit.seal(AT) == 4, "only what was written before the open transaction began"
    assert audit.unsealed() == 5 and audit.verify()["ok"]
    go.set()
    thread.join(30)
    assert not caught
    assert audit.seal(AT) == 6
    late_row = AuditEvent.objects.get(subject_id="late")
    assert late_row.seq == 5, "the late one keeps its place in the order of ids"
    assert audit.verify(kept())["ok"]


@TRANSACTIONAL
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_a_transaction_that_only_then_takes_its_number_comes_later():
    """A reads, B writes and is sealed, A writes: A's event has the higher number and the chain holds."""
    begun, go = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            assert AuditEvent.objects.count() == 0
            begun.set()
            assert go.wait(30)
            events.record(Event.LOGIN, ("user", "slow", ""), by=None, at=AT)

    thread, caught = in_thread(slow)
    assert begun.wait(30)
    write(3)
    assert audit.seal(AT) == 3
    go.set()
    thread.join(30)
    assert not caught and audit.seal(AT) == 1
    assert AuditEvent.objects.get(subject_id="slow").seq == 4 and audit.verify()["ok"]


@TRANSACTIONAL
def test_writers_and_sealers_side_by_side():
    """Three writers and two sealers at once: every event is sealed once, the chain is whole at every look."""
    stop, looks = threading.Event(), []

    def writer(name):
        def work():
            for number in range(30):
                with transaction.atomic():
                    events.record(Event.LOGIN, ("user", f"{name}-{number}", ""), by=None, at=AT)
                    if number % 7 == 3:
                        events.record(Event.LOGOUT, ("user", f"{name}-{number}", ""), by=None, at=AT)

        return work

    def sealer():
        while not stop.is_set():
            audit.seal(AT)
            stop.wait(0.01)

    def checker():
        while not stop.is_set():
            looks.append(audit.verify())
            stop.wait(0.02)

    writers = [in_thread(writer(name)) for name in "abc"]
    others = [in_thread(work) for work in (sealer, sealer, checker)]
    for thread, _ in writers:
        thread.join(60)
    stop.set()
    for thread, _ in others:
        thread.join(60)
    assert [caught for _, caught in (*writers, *others) if caught] == []
    audit.seal(AT)
    total = 3 * (30 + 4)
    assert AuditEvent.objects.count() == total
    assert sorted(AuditEvent.objects.values_list("seq", flat=True)) == list(range(1, total + 1))
    assert looks and all(look["ok"] for look in looks), [look for look in looks if not look["ok"]][:1]
    logged = [json.loads(line)["seq"] for line in seal.log_path().read_text().splitlines()]
    assert logged == sorted(logged) and set(logged) == set(AuditHead.objects.values_list("seq", flat=True))
    assert audit.verify(kept())["ok"]


class Killed(BaseException):
    pass


@TRANSACTIONAL
@pytest.mark.parametrize("point", ["after rows", "before head", "before log"])
def test_a_sealer_killed_midway_leaves_a_chain_to_build_on(monkeypatch, point):
    monkeypatch.setattr(audit, "BATCH", 10)
    write(35)
    calls = []

    def dying(real):
        def inner(*args, **kwargs):
            calls.append(1)
            if len(calls) == 2:
                if point == "after rows":
                    real(*args, **kwargs)
                raise Killed
            return real(*args, **kwargs)

        return inner

    target = {"after rows": (audit, "_write"), "before head": (seal, "signed"), "before log": (seal, "append")}[point]
    with monkeypatch.context() as patch:
        patch.setattr(*target, dying(getattr(*target)))
        with pytest.raises(Killed):
            audit.seal(AT)
    done = 20 if point == "before log" else 10
    assert AuditEvent.objects.filter(seq__isnull=False).count() == done
    assert audit.verify()["ok"]
    audit.seal(AT)
    assert audit.unsealed() == 0 and audit.verify(kept())["ok"]
    assert [json.loads(line)["seq"] for line in seal.log_path().read_text().splitlines()] == [10, 20, 30, 35]


@TRANSACTIONAL
def test_a_torn_line_in_the_log_spoils_only_itself():
    write(3)
    audit.seal(AT)
    with seal.log_path().open("a") as log:
        log.write('{"seq": 99, "ha')
    write(3, 4)
    audit.seal(AT)
    assert audit.verify()["ok"]
    lines = seal.log_path().read_text().splitlines()
    assert len(lines) == 3 and json.loads(lines[0])["seq"] == 3 and json.loads(lines[2])["seq"] == 6


# -- the six manipulations, by SQL, with and without an outside head --------------------------------------------------

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
