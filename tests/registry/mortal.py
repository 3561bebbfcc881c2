"""A process whose children run commands of the product and are killed by SIGKILL at a chosen point.

`python -m tests.registry.mortal` reads one job per line (JSON) and answers each with one line. It starts Django once
and forks for every job, so that a death costs milliseconds. A job names the database, the command, and when to die: at
the n-th point (before a writing statement, before and after a commit) or after some seconds. Steps are made small, so
that even a short import has many points.
"""

import json
import os
import resource
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.conf.settings")

_WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "COPY")


def die() -> None:
    """As if the power were cut: no handler, no clean-up."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


class Points:
    """Counts the points passed, and dies at one of them."""

    def __init__(self, fatal: int | None, stop: int | None = None) -> None:
        self.passed, self.fatal = 0, fatal
        self.commits, self.stop = 0, stop

    def pass_one(self) -> None:
        """One more point."""
        self.passed += 1
        if self.passed == self.fatal:
            die()

    def watch(self) -> None:
        """Pass a point before every writing statement, and on both sides of every commit of the default database and
        of every renaming of a finished file.
        """
        from django.db import connection

        def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.lstrip()[:7].upper().startswith(_WRITING):
                self.pass_one()
            return execute(sql, params, many, context)

        connection.execute_wrappers.append(wrapper)
        commit = connection._commit

        def committing() -> None:
            self.pass_one()
            commit()
            self.pass_one()
            self.commits += 1
            if self.commits == self.stop:
                os.kill(os.getpid(), signal.SIGSTOP)  # holding no lock, as a machine that hangs between two chunks
                time.sleep(0.5)  # begin nothing until the signal, which another thread may take, holds this one too

        connection._commit = committing  # type: ignore[method-assign]
        replace = Path.replace

        def replacing(path: Path, target: Any) -> Path:
            self.pass_one()
            done = replace(path, target)
            self.pass_one()
            return done

        Path.replace = replacing  # type: ignore[method-assign]


def small_steps() -> None:
    """Let staging and loading go ten rows at a time."""
    from liaoyuan.core import bulk, staging
    from liaoyuan.core.actions import imports
    from liaoyuan.registry.actions import preparing

    staging.CHUNK = 20
    imports.READ_AT_ONCE = imports.APPLY_AT_ONCE = 0
    bulk._CHUNK = 10
    preparing.PORTION = 10


def copy_tables() -> None:
    """Let an empty SQLite database be filled from `LIAOYUAN_TABLES`; the migrations then find nothing left to do."""
    from django.conf import settings
    from django.db.migrations.executor import MigrationExecutor

    given = os.environ.get("LIAOYUAN_TABLES", "")
    real = MigrationExecutor.migrate

    def migrate(self: Any, *targets: Any, **more: Any) -> Any:
        here = self.connection
        if here.vendor == "sqlite" and not here.introspection.table_names():
            with closing(sqlite3.connect(given)) as made:
                made.backup(here.connection)
            self.loader.build_graph()
        return real(self, *targets, **more)

    if given:
        MigrationExecutor.migrate = migrate  # type: ignore[method-assign]
        settings.COMMAND = ["-m", "tests.registry.mortal"]


def little_room(pages: int) -> None:
    """The disk is full: SQLite's file may grow by so many pages of 4 KB, then it says so."""
    from django.db.backends.signals import connection_created

    def limit(connection: Any, **_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {limits.setdefault('pages', cursor.fetchone()[0] + pages)}")

    limits: dict[str, int] = {}
    connection_created.connect(limit, weak=False)


def set_clock(seconds: int) -> None:
    """The machine's clock goes wrong by so many seconds."""
    from datetime import timedelta

    from liaoyuan.core import clock

    real = clock.real_now
    clock.real_now = lambda: real() + timedelta(seconds=seconds)


def undo() -> int:
    """What the page does: take the newest applied batch back. 3 when there is none any more."""
    from liaoyuan.core import clock, registries
    from liaoyuan.core.access import Operator
    from liaoyuan.core.models import ImportBatch

    batch = ImportBatch.objects.filter(state="applied").order_by("-pk").first()
    if batch is None or ImportBatch.objects.filter(state="undone").exists():
        return 3
    registries.import_kinds[batch.kind].undo(batch=batch, by=Operator("mortal"), at=clock.now())
    return 0


def ask(what: str, given: str = "") -> int:
    """What the pages do: an officer asks for an export (form), for reading (path), or for writing the staged batch."""
    from datetime import date

    from liaoyuan.core import clock, staging
    from liaoyuan.core.actions import imports
    from liaoyuan.core.models import Area, ImportBatch, User
    from liaoyuan.registry.actions import exports
    from liaoyuan.registry.queries.listing import Criteria
    from tests.core.factories import user

    by = User.objects.filter(username="officer").first()
    by = by or user("officer", ("registry_officer", "area", "320211"))
    at = clock.now()
    if what == "export":
        criteria = Criteria(on=date(2026, 10, 26), status="all")
        exports.ask(kind="organizations", form=given, name=f"台账.{given}", criteria=criteria, filters={}, by=by, at=at)
    elif what == "read":
        order = staging.Order(kind="organizations", path=Path(given), file_name=Path(given).name,
                              area=Area.objects.get(code="320211"), as_of=date(2026, 10, 26))  # fmt: skip
        imports.receive(order=order, by=by, at=at)
    else:
        batch = ImportBatch.objects.get(state="staged")
        imports.bring_in(batch=batch, confirm_review=True, by=by, at=at)
    return 0


def drain() -> int:
    """A worker that ends when no job is left unfinished; only what was asked for is done, nothing by the clock."""
    from liaoyuan.core import jobs, registries

    registries.scheduled.clear()
    jobs.Worker().work(until_idle=True)
    return 0


def fetch(path: str) -> int:
    """Write the result of the only export in clear."""
    from liaoyuan.core import shelf
    from liaoyuan.core.models import Job

    with Path(path).open("wb") as file:
        file.writelines(shelf.pieces(Job.objects.exclude(result_file="").get().result_file))
    return 0


def letters(what: str, count: str = "3") -> int:
    """What the pages do: an office with drafts that were read over, then signing them one after the other.

    Each acknowledged number is written behind the others into `LETTERS_TOLD`, as a person would have seen it.
    """
    from liaoyuan.core import clock
    from liaoyuan.core.access import Operator
    from liaoyuan.core.actions import document_numbers, documents
    from liaoyuan.core.models import Area, Document, User
    from liaoyuan.registry.models import Organization
    from tests.core.factories import user

    if what == "prepare":
        by = user("officer", ("registry_officer", "area", "320211"))
        head = user("chief", ("registry_head", "area", "320211"))
        document_numbers.open_issuer(
            area=Area.objects.get(code="320211"), name="某区民政局", mark="某民", by=Operator("x"), at=clock.now()
        )
        fields = {"matter": "年度工作报告", "due_on": "2026-12-31"}
        for body in Organization.objects.order_by("pk")[: int(count)]:
            row = documents.draft(code="reminder", subject=body, fields=fields, by=by, at=clock.now())
            documents.review(document=row, by=head, at=clock.now())
        return 0
    head = User.objects.get(username="chief")
    for row in Document.objects.filter(state="reviewed").order_by("pk"):
        made = documents.issue(document=row, by=head, at=clock.now())
        with Path(count).open("a") as file:
            file.write(f"{made.pk} {made.number}\n")
            file.flush()
            os.fsync(file.fileno())
    return 0


def applications(what: str, told: str = "") -> int:
    """Applications that are handed in, for tests/funding/test_application_kills.py."""
    from tests.funding import mortal_applications

    return mortal_applications.run(what, told)


def payments(what: str, told: str = "") -> int:
    """What the pages of grants do: instalments are approved, put into a payment file, paid."""
    from tests.funding import mortal_payments

    return mortal_payments.run(what, told)


def archives(what: str, path: str = "") -> int:
    """What workers do for grants: archives are packed, parameters tried."""
    from tests.funding import mortal_archives

    return mortal_archives.run(what, path)


def planned(what: str, stages: str = "1") -> int:
    """What the pages and workers of coverage planning do."""
    from tests.planning import mortal_plans

    return mortal_plans.run(what, stages)


OWN = {
    "planned": planned,
    "payments": payments,
    "applications": applications,
    "archives": archives,
    "letters": letters,
    "undo": undo,
    "ask": ask,
    "drain": drain,
    "fetch": fetch,
}


def run(job: dict[str, Any]) -> int:
    """Do the job in this process, which may not survive it; returns the exit status."""
    from django.conf import settings
    from django.db import connections

    if job.get("home"):
        settings.HOME, settings.FILES = Path(job["home"]), Path(job["home"]) / "files"
    settings.DATABASES["default"]["NAME"] = job["database"]
    connections["default"].settings_dict["NAME"] = job["database"]
    if job.get("stop"):  # a second thread that is stopped while it beats would hold a lock for ever
        settings.JOB_BEAT_SECONDS = 3600
    settings.FILES = job.get("files") or settings.FILES
    if job.get("room") is not None:
        little_room(job["room"])
    if job.get("limit") is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["limit"], job["limit"]))
    if job.get("shift"):
        set_clock(job["shift"])
    small_steps()
    if not job.get("migrate"):
        copy_tables()
    points = Points(job.get("point"), job.get("stop"))
    points.watch()
    if job.get("seconds") is not None:
        threading.Timer(job["seconds"], die).start()
    from liaoyuan.conf.cli import main

    verb, *given = job["argv"]
    status = OWN[verb](*given) if verb in OWN else main.run(main.parser().parse_args(job["argv"]))
    Path(job["told"]).write_text(str(points.passed))
    return status


def serve() -> None:
    """Answer jobs until the input ends: {"status": exit status or minus the signal}."""
    import django

    django.setup()
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            if job.get("pid"):
                Path(job["pid"]).write_text(str(os.getpid()))
            silent = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            status = 70
            try:
                status = run(job)
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                sys.stdout.flush()
                os._exit(status)
        _pid, ended = os.waitpid(child, 0)
        status = -os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else os.WEXITSTATUS(ended)
        sys.stdout.write(json.dumps({"status": status}) + "\n")
        sys.stdout.flush()


def command(words: list[str]) -> int:
    """One command of the product, as `liaoyuan` runs it."""
    import django

    from liaoyuan.conf.cli import main

    django.setup()
    copy_tables()
    return main.main(words)


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:])) if sys.argv[1:] else serve()
