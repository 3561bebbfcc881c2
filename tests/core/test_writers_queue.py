"""Writers of the embedded database get in by order of asking, and whoever dies or tires gives the turn up."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from liaoyuan.conf.sqlite import queue
from liaoyuan.conf.sqlite.queue import Overdue, Queue
from liaoyuan.core.models import Area

_LONG = 30

_HOLDER = """
import sys, time
from liaoyuan.conf.sqlite import queue
from liaoyuan.conf.sqlite.queue import Queue
turn = Queue(sys.argv[1]).enter(9)
print("held", flush=True)
time.sleep(600)
"""


def _until(what) -> None:
    end = time.monotonic() + _LONG
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.002)


def test_threads_come_in_the_order_in_which_they_asked(tmp_path: Path) -> None:
    line, came = Queue(str(tmp_path / "file")), []

    def write(name: int) -> None:
        turn = line.enter(_LONG)
        came.append(name)
        turn.over()

    first = line.enter(_LONG)
    threads = []
    for name in range(16):
        threads.append(threading.Thread(target=write, args=(name,)))
        threads[-1].start()
        _until(lambda: line.waiting() == len(threads))
    assert came == []
    first.over()
    for thread in threads:
        thread.join(_LONG)
    assert came == list(range(16))


def test_who_tires_steps_out_and_the_others_go_on(tmp_path: Path) -> None:
    line = Queue(str(tmp_path / "file"))
    first = line.enter(_LONG)
    with pytest.raises(Overdue):
        line.enter(0.01)
    assert line.waiting() == 0
    first.over()
    first.over()  # a turn is given back once, however often it is said
    second = line.enter(0.01)
    with pytest.raises(Overdue):
        line.enter(0.01)
    second.over()


def test_a_process_that_is_killed_gives_the_turn_up(tmp_path: Path) -> None:
    path = str(tmp_path / "file")
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, path], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    came = threading.Event()

    def write() -> None:
        turn = Queue(path).enter(_LONG)
        came.set()
        turn.over()

    thread = threading.Thread(target=write)
    thread.start()
    assert not came.wait(0.2), "two processes held the turn at once"
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert came.wait(_LONG)
    thread.join(_LONG)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs no queue")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a database left open is the point
def test_a_thread_that_ends_within_its_transaction_leaves_nothing_locked() -> None:
    def begin_and_go() -> None:
        transaction.atomic().__enter__()
        Area.objects.create(code="320299", name="半途", level="county")

    thread = threading.Thread(target=begin_and_go)
    thread.start()
    thread.join(_LONG)
    gc.collect()  # the connection is in a circle of references
    with transaction.atomic():
        assert not Area.objects.filter(code="320299").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs no queue")
def test_a_single_statement_waits_its_turn_as_well_and_reading_waits_for_nobody() -> None:
    row = Area.objects.create(code="320299", name="0", level="county")
    line, came = queue.of(str(connection.settings_dict["NAME"])), threading.Event()

    def write() -> None:
        Area.objects.filter(pk=row.pk).update(name="1")
        came.set()
        connection.close()

    first = line.enter(_LONG)
    assert Area.objects.get(pk=row.pk).name == "0"
    thread = threading.Thread(target=write)
    thread.start()
    _until(lambda: line.waiting() == 1)
    assert not came.is_set()
    first.over()
    thread.join(_LONG)
    row.refresh_from_db()
    assert row.name == "1"
    line.enter(0.01).over()  # the statement gave its turn back


@pytest.mark.django_db(transaction=True)
def test_many_short_writers_are_all_served() -> None:
    row = Area.objects.create(code="320299", name="0", level="county")
    faults: list[BaseException] = []

    def write() -> None:
        try:
            for _n in range(10):
                with transaction.atomic():
                    seen = Area.objects.select_for_update().get(pk=row.pk)
                    seen.name = str(int(seen.name) + 1)
                    seen.save(update_fields=["name"])
        except BaseException as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_LONG)
    row.refresh_from_db()
    assert (faults, row.name) == ([], "120")
