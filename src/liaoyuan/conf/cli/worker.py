"""The command `worker`: jobs, one after the other, and beside them the sealing of the audit chain."""

import argparse
import logging
import os
import signal
import threading
from typing import Any

from liaoyuan.conf.cli.common import DONE, Unusable

#: Seconds between two rounds of the sealer; the chain lags five at most (docs/adr/0008).
SEAL_SECONDS = 3
log = logging.getLogger("liaoyuan.worker")


def add_commands(commands: Any) -> None:
    """Enter the command of this module."""
    worker = commands.add_parser("worker", help="再启动一个后台任务进程，在这台或另一台机器上")
    worker.set_defaults(handler=work)


def require_tables() -> None:
    """Refuse to start before `init` has brought the tables up, and while a restore is not complete."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from liaoyuan.core.backup import restore

    if restore.marker().is_file():
        raise Unusable("这里有一次没有完成的恢复，请先用同一份备份再运行 liaoyuan backup restore。")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unusable("数据库还没有建立或需要升级，请先运行 liaoyuan init。")


def require_shared() -> None:
    """Refuse to run on a machine whose key ring, files folder or zone is not this database's."""
    from liaoyuan.core.queries import sealed

    faults = sealed.mark_faults()
    if faults:
        raise Unusable("".join(faults))


def work(args: argparse.Namespace) -> int:
    """`liaoyuan worker`: until told to stop, or until the process that started it is gone."""
    from liaoyuan.core import jobs

    require_tables()
    require_shared()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    sealer = threading.Thread(target=_seal, args=(stopping, os.getppid()), name="seal")
    sealer.start()
    try:
        jobs.Worker(stopping).work()
    finally:
        stopping.set()
        sealer.join()
    return DONE


def _seal(stopping: threading.Event, parent: int) -> None:
    """Seal every few seconds, however long a job takes; the end of the parent process is the end of this one."""
    from django.db import DatabaseError, close_old_connections, connection

    from liaoyuan.core import clock
    from liaoyuan.core.actions import audit

    while not stopping.is_set():
        try:
            close_old_connections()
            audit.seal(clock.real_now())
        except DatabaseError as error:
            log.warning("sealing failed, it is tried again: %s", error)
            connection.close()
        if os.getppid() != parent:
            stopping.set()
        stopping.wait(SEAL_SECONDS)
    connection.close()
