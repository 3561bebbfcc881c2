"""The store: one file per content, never half a one, sealed where it must be, with hashes that others compute too."""

import hashlib
import io
import multiprocessing
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from liaoyuan.core.files import sealed, store

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES = tmp_path / "files"
    return settings.FILES


def kept(folder) -> list[str]:
    return sorted(path.name for path in folder.glob("??/*"))


def arriving(folder) -> list[Path]:
    return list((folder / ".arriving").glob("*"))


def test_hashes_are_those_of_the_standards():
    """SHA-256 and SM3 of "abc" as FIPS 180-4 and GB/T 32905-2016 (A.1) print them."""
    arrived = store.receive([b"a", b"bc"], limit=10)
    assert arrived.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert arrived.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert arrived.size == 3


def test_sm3_of_many_bytes_is_openssl_s(tmp_path):
    data = os.urandom(300_001)
    (tmp_path / "x").write_bytes(data)
    told = subprocess.run(["openssl", "dgst", "-sm3", tmp_path / "x"], capture_output=True, text=True, check=False)
    if told.returncode:
        pytest.skip("no openssl with SM3 here")
    assert store.receive([data[:7], data[7:]], limit=10**6).sm3 == told.stdout.split()[-1]


def test_the_same_content_lies_there_once(folder):
    names = {store.keep(store.receive([b"same"], limit=10)) for _ in range(3)}
    assert names == {hashlib.sha256(b"same").hexdigest()}
    assert kept(folder) == sorted(names)
    assert arriving(folder) == []
    mode = store.path_of(names.pop()).stat().st_mode & 0o777
    assert mode == 0o600


def test_too_large_leaves_nothing(folder):
    with pytest.raises(store.TooLarge):
        store.receive(iter([b"x" * 6, b"x" * 6]), limit=10)
    assert arriving(folder) == [] and kept(folder) == []


def test_a_source_that_breaks_off_leaves_nothing(folder):
    def broken():
        yield b"x"
        raise OSError("the line is dead")

    with pytest.raises(OSError, match="line"):
        store.receive(broken(), limit=10)
    assert arriving(folder) == []


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "-x", "a" * 64 + "/x"])
def test_only_names_of_the_store_are_paths(name):
    with pytest.raises(ValueError, match=r"^"):
        store.path_of(name)


def test_damage_is_seen():
    name = store.keep(store.receive([b"content"], limit=10))
    sha = hashlib.sha256(b"content").hexdigest()
    assert store.faults(name, sha, 7) == ""
    store.path_of(name).write_bytes(b"contenT")
    assert store.faults(name, sha, 7) == "changed"
    store.path_of(name).unlink()
    assert store.faults(name, sha, 7) == "missing"


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 131072, 200_001])
def test_sealed_contents_are_read_in_any_part(size, folder):
    data = os.urandom(size)
    name = store.keep(store.receive([data], limit=size), KEY)
    raw = store.path_of(name).read_bytes()
    assert name.startswith(hashlib.sha256(data).hexdigest() + "-")
    assert arriving(folder) == []
    if size > 40:
        assert data[:40] not in raw and data[-40:] not in raw
    assert store.faults(name, hashlib.sha256(data).hexdigest(), size, KEY) == ""
    with store.open_content(name, size, KEY) as file:
        for first, count in ((0, 10), (65530, 20), (size - 5, 50), (size, 1)):
            file.seek(max(0, first))
            assert file.read(count) == data[max(0, first) : max(0, first) + count]


def sealed_bytes(data: bytes) -> bytearray:
    out = io.BytesIO()
    sealed.seal(io.BytesIO(data), out, KEY)
    return bytearray(out.getvalue())


@pytest.mark.parametrize("how", ["a bit", "cut", "cut at a piece", "exchanged", "another key"])
def test_a_changed_sealed_content_is_not_given_out(how):
    data = os.urandom(65536 * 3)
    raw, key, size = sealed_bytes(data), KEY, len(data)
    piece = 65536 + 16
    if how == "a bit":
        raw[500] ^= 1
    elif how == "cut":
        del raw[-1:]
    elif how == "cut at a piece":
        del raw[12 + 2 * piece :]
        size = 65536 * 2
    elif how == "exchanged":
        raw[12 : 12 + piece], raw[12 + piece : 12 + 2 * piece] = raw[12 + piece : 12 + 2 * piece], raw[12 : 12 + piece]
    else:
        key = bytes(32)
    with pytest.raises(sealed.Damaged):
        sealed.Reader(io.BytesIO(bytes(raw)), size, key).read()


def _keep_many(folder: str, start) -> None:
    import django
    from django.conf import settings

    django.setup()
    settings.FILES = Path(folder)
    start.wait()
    for number in range(40):
        store.keep(store.receive([b"content %d" % (number % 8)], limit=100))


def test_several_processes_keep_the_same_contents(folder):
    context = multiprocessing.get_context("fork")
    start = context.Barrier(3)
    workers = [context.Process(target=_keep_many, args=(str(folder), start)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert kept(folder) == sorted(hashlib.sha256(b"content %d" % n).hexdigest() for n in range(8))
    for name in kept(folder):
        assert hashlib.sha256(store.path_of(name).read_bytes()).hexdigest() == name
    assert arriving(folder) == []


_DYING = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "liaoyuan.conf.settings"
django.setup()
from liaoyuan.core.files import store
point = int(sys.argv[1])
passed = 0
def die(*_):
    global passed
    passed += 1
    if passed == point:
        os.kill(os.getpid(), 9)
def chunks():
    for n in range(4):
        die()
        yield bytes([n]) * 100_000
real = os.fsync
def fsync(handle):
    die(); real(handle); die()
os.fsync = fsync
arrived = store.receive(chunks(), limit=10**6)
die()
store.keep(arrived, bytes(32) if sys.argv[2] == "sealed" else None)
"""


@pytest.mark.parametrize("form", ["open", "sealed"])
def test_kill_at_every_point_leaves_no_half_file_under_a_final_name(form, folder):
    """SIGKILL before each chunk, around each flush, before the renaming; then the same again must come through."""
    whole = b"".join(bytes([n]) * 100_000 for n in range(4))
    sha = hashlib.sha256(whole).hexdigest()
    environment = {**os.environ, "LIAOYUAN_FILES": str(folder), "PYTHONPATH": str(ROOT / "src")}
    died = 0
    for point in range(1, 30):
        done = subprocess.run([sys.executable, "-c", _DYING, str(point), form], env=environment, check=False)
        for name in kept(folder):
            assert store.faults(name, sha, len(whole), bytes(32) if form == "sealed" else None) == ""
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        died += 1
    assert died >= 7 and kept(folder)
    assert arriving(folder), "the dead left something to sweep"
    assert store.sweep(datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert store.sweep(datetime(2200, 1, 1, tzinfo=UTC)) > 0
    assert arriving(folder) == []
    assert kept(folder), "what was kept is not swept"
