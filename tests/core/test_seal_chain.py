"""The sealer on a real database: order, lateness, kills, guards."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from liaoyuan.core import events, seal
from liaoyuan.core.actions import audit
from liaoyuan.core.choices import Event
from liaoyuan.core.models import AuditEvent, AuditHead
from tests.core.audit_ground import AT, forget_traces, kept, sql, write

TRANSACTIONAL = pytest.mark.django_db(transaction=True)


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


#: A sealer of its own process that kills itself (-9) when it comes to the given call for the given time.
SEALER = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["SEALER_DATABASE"]
django.setup()
from liaoyuan.core import clock, locks, seal
from liaoyuan.core.actions import audit
audit.BATCH = 5
module, name, left = {"audit": audit, "seal": seal}[sys.argv[1]], sys.argv[2], int(sys.argv[3])
real = getattr(module, name)
def dying(*args, **kwargs):
    global left
    left -= 1
    if left == 0:
        if sys.argv[4] == "after":
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **kwargs)
setattr(module, name, dying)
audit.seal(clock.real_now())
"""


@TRANSACTIONAL
def test_kill_9_at_every_point_leaves_a_sound_chain(settings):
    """Sealers are killed one by one, each at another point; every time the chain is sound, at the end whole."""
    write(60)
    connection.close()
    name = str(settings.DATABASES["default"]["NAME"])
    for module, call, count, when in (
        ("audit", "_write", 1, "before"), ("audit", "_write", 2, "after"), ("seal", "signed", 1, "after"),
        ("seal", "append", 1, "before"), ("seal", "append", 2, "before"), ("audit", "_log", 1, "after"),
        ("audit", "_base", 2, "after"),
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", SEALER, module, call, str(count), when],
            env={**os.environ, "SEALER_DATABASE": name, "PYTHONPATH": os.pathsep.join(sys.path),
                 "DJANGO_SETTINGS_MODULE": "liaoyuan.conf.settings"},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        result = audit.verify()
        assert result["ok"] and result["sealed"] % 5 == 0, (module, call, count, when, result)
    left = audit.unsealed()
    assert 0 < left < 60
    assert audit.seal(AT) == left
    assert audit.verify(kept())["ok"]
    logged = [json.loads(line)["seq"] for line in seal.log_path().read_text().splitlines()]
    assert logged == list(AuditHead.objects.order_by("seq").values_list("seq", flat=True))


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
