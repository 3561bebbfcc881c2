"""A real installation for the journeys: `init`, `demo`, `serve` in a home of its own, and the system's Chromium."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests import tables
from tests.home import SHARED

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Liaoyuan-1026"
NOW = "2026-10-26T09:00:00"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
_COMMAND = [sys.executable, "-m", "liaoyuan.conf.cli.main"]


def _environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "LIAOYUAN_TESTING", "LIAOYUAN_SECRET_KEY"}}
    return {**kept, "LIAOYUAN_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), "LIAOYUAN_NOW": NOW}


#: The conclusions of the demo's closed round are still being published: otherwise no public page would show any.
_PUBLISHED = """
import datetime, django
django.setup()
from liaoyuan.registry.models import AnnualRound
assert AnnualRound.objects.filter(closed_at__isnull=False).update(publicity_to=datetime.date(2026, 12, 31)) == 1
"""


def _answers(address: str) -> bool:
    try:
        urlopen(f"{address}/login/", timeout=10).close()
    except OSError:
        return False
    return True


def _built() -> Path:
    """The home of the demo district, made by the first worker that comes; each copies it and serves its own."""
    home = SHARED / "journeys"
    with (SHARED / "journeys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "whole").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            shutil.copy(tables.file(), home / "liaoyuan.sqlite3")  # `init` finds its migrations done
            environment = _environment(home)
            settings = {**environment, "DJANGO_SETTINGS_MODULE": "liaoyuan.conf.settings"}
            for words in ([*_COMMAND, "init"], [*_COMMAND, "demo"], [sys.executable, "-c", _PUBLISHED]):
                done = subprocess.run(words, env=settings, check=False, capture_output=True, text=True, timeout=300)
                assert done.returncode == 0, done.stderr
            (home / "whole").touch()
    return home


@contextmanager
def served(home: Path, *, now: str = NOW, before: str = ""):
    """The address of a demo district of its own; `now` empty leaves the time to the practice clock. `before` is a
    program that is run in it first.
    """
    shutil.copytree(_built(), home)
    environment = _environment(home)
    if before:
        settings = {**environment, "DJANGO_SETTINGS_MODULE": "liaoyuan.conf.settings"}
        done = subprocess.run([sys.executable, "-c", before], env=settings, check=False, capture_output=True, text=True,
                              timeout=120)  # fmt: skip
        assert done.returncode == 0, done.stderr
    if not now:
        del environment["LIAOYUAN_NOW"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (home / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [*_COMMAND, "serve", "--port", str(port), "--workers", "1"], env=environment, stdout=log, stderr=log
        )
        try:
            for _attempt in range(300):
                if _answers(address):
                    break
                try:  # its end is what is waited for, a fifth of a second long
                    server.wait(timeout=0.2)
                except subprocess.TimeoutExpired:
                    continue
                pytest.fail((home / "serve.log").read_text())
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The address of a running demo district; ended with the session."""
    with served(tmp_path_factory.mktemp("journeys") / "home") as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium without its own calls to the outside; skipping says in one sentence what is missing."""
    chromium = os.environ.get("LIAOYUAN_CHROMIUM") or "/usr/bin/chromium"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    if not Path(chromium).is_file():
        pytest.fail(
            f"The browser journeys need Chromium; there is none at {chromium}. "
            "Install it (Debian: apt install chromium fonts-noto-cjk) or name it in LIAOYUAN_CHROMIUM.",
            pytrace=False,
        )
    return {**browser_type_launch_args, "executable_path": chromium, "args": quiet}


@pytest.fixture(params=list(SIZES))
def size(request):
    """Each journey is made at a desk and on a phone."""
    return request.param


@pytest.fixture(scope="session")
def logins():
    """What the browser keeps of each account that has logged in: cookies, so that it need not log in for each test."""
    return {}


@pytest.fixture
def visit(browser):
    """Open a page of a fresh visitor of a given width and height; console errors and blocked content fail the test."""
    faults: list[str] = []
    contexts = []

    def heard(message) -> None:
        # The status of the page itself (a 404 that is looked at) is no fault of the page.
        if message.type == "error" and message.location.get("url") != message.page.url:
            faults.append(f"{message.text} {message.location.get('url')}")

    def open_page(width: int, height: int, *, script: bool = True, state=None):
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", storage_state=state,
                                      java_script_enabled=script, accept_downloads=True,
                                      reduced_motion="reduce")  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def visitor(visit, size):
    """A page of somebody without an account, at a desk or on a phone."""
    return lambda **options: visit(*SIZES[size], **options)


def log_in(page, site: str, name: str) -> None:
    """Fill in the form of the log-in page."""
    page.goto(f"{site}/login/")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)


@pytest.fixture
def entered(visit, site, logins):
    """A page of somebody who is logged in, of a given width and height, standing on the home page."""

    def enter(name: str, width: int, height: int, *, script: bool = True):
        page = visit(width, height, script=script, state=logins.get(name))
        if name in logins:
            page.goto(f"{site}/")
        else:
            log_in(page, site, name)
            logins[name] = page.context.storage_state()
        return page

    return enter


@pytest.fixture
def logged_in(entered, size):
    """A page of somebody who is logged in, at a desk or on a phone."""
    return lambda name, **options: entered(name, *SIZES[size], **options)


def keep_picture(page, name: str) -> None:
    """Keep a screenshot for the README when LIAOYUAN_SCREENSHOTS is set."""
    if os.environ.get("LIAOYUAN_SCREENSHOTS"):
        page.evaluate("scrollTo(0, 0); document.fonts.ready")
        path, part = ROOT / "docs" / "screenshots" / f"{name}.png", {"x": 0, "y": 0, "width": 1440, "height": 840}
        page.screenshot(path=path, clip=part)
        assert path.stat().st_size <= 250_000, f"{path.name} is too heavy for the README"


@pytest.fixture
def picture(size):
    """Keep a screenshot for the README, at a desk only."""

    def keep(page, name: str) -> None:
        if size == "desk":
            keep_picture(page, name)

    return keep


def no_sideways_scroll(page) -> bool:
    """Whether the page is no wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
