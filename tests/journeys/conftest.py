"""A real installation for the journeys: `init`, `demo`, `serve` in a home of its own, and the system's Chromium."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Liaoyuan-1026"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
_COMMAND = [sys.executable, "-m", "liaoyuan.conf.cli.main"]


def _environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "LIAOYUAN_TESTING", "LIAOYUAN_SECRET_KEY"}}
    return {**kept, "LIAOYUAN_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), "LIAOYUAN_NOW": "2026-10-26T09:00:00"}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The address of a running demo district; ended with the session."""
    home = tmp_path_factory.mktemp("journeys")
    environment = _environment(home)
    for word in ("init", "demo"):
        subprocess.run([*_COMMAND, word], env=environment, check=True, capture_output=True, timeout=180)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (home / "serve.log").open("wb")
    server = subprocess.Popen([*_COMMAND, "serve", "--port", str(port), "--workers", "1"], env=environment, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(300):
        try:
            urlopen(f"{address}/login/", timeout=5).close()
            break
        except OSError:
            assert server.poll() is None, (home / "serve.log").read_text()
            time.sleep(0.2)
    yield address
    server.terminate()
    server.wait(timeout=20)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium without its own calls to the outside."""
    chromium = os.environ.get("LIAOYUAN_CHROMIUM") or "/usr/bin/chromium"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    there = {"executable_path": chromium} if Path(chromium).is_file() else {}
    return {**browser_type_launch_args, **there, "args": quiet}


@pytest.fixture(params=list(SIZES))
def size(request):
    """Each journey is made at a desk and on a phone."""
    return request.param


@pytest.fixture
def visitor(browser, size):
    """Open a page of a fresh visitor; console errors and blocked content fail the journey."""
    faults: list[str] = []
    contexts = []

    def open_page(*, script: bool = True):
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN",
                                      java_script_enabled=script, accept_downloads=True)  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: faults.append(f"{m.type}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def logged_in(visitor, site):
    """A page of somebody who has logged in."""

    def enter(name: str, *, script: bool = True):
        page = visitor(script=script)
        page.goto(f"{site}/login/")
        page.get_by_label("登录名").fill(name)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    return enter


@pytest.fixture
def picture(size):
    """Keep a screenshot for the README when LIAOYUAN_SCREENSHOTS is set (desk only)."""

    def keep(page, name: str) -> None:
        if os.environ.get("LIAOYUAN_SCREENSHOTS") and size == "desk":
            page.wait_for_timeout(400)
            page.screenshot(path=str(ROOT / "docs" / "screenshots" / f"{name}.png"))

    return keep


def no_sideways_scroll(page) -> bool:
    """Whether the page is no wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
