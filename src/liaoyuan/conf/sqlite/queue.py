"""The queue of writers in front of a SQLite file.

SQLite lets one writer in and has the others sleep and try again, in no order: of sixteen who hand in at once, one may
be passed over until his patience ends. Here the threads of a process wait in a line of their own, and the first of
each line waits at a lock on a file beside the database, which the kernel hands on. A process that dies gives both up.
"""

import fcntl
import os
import threading
from collections import deque


class Overdue(Exception):
    """A writer's turn did not come in time."""


class Turn:
    """The right to write, held from the begin of a transaction to its end."""

    def __init__(self, queue: "Queue", handle: int) -> None:
        self._queue, self._handle = queue, handle

    def over(self) -> None:
        """Give the turn back, once; the next writer goes on."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)  # the last handle of a file gives its lock up
            self._queue.next()

    def __del__(self) -> None:
        """A thread that ended in the middle of its transaction gives its turn back with its connection."""
        self.over()


class Queue:
    """The line of this process's threads for one database file."""

    def __init__(self, path: str) -> None:
        self._path = f"{path}-turn"
        self._guard = threading.Lock()
        self._taken = False
        self._line: deque[threading.Event] = deque()

    def enter(self, seconds: float) -> Turn:
        """Wait for the turn, at most `seconds` in this process's line. Raises Overdue, and OSError without the file."""
        self._wait(seconds)
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except BaseException:
            self.next()
            raise
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except BaseException:
            os.close(handle)
            self.next()
            raise
        return Turn(self, handle)

    def waiting(self) -> int:
        """How many threads stand in the line."""
        with self._guard:
            return len(self._line)

    def next(self) -> None:
        """Let the next of the line go on."""
        with self._guard:
            if self._line:
                self._line.popleft().set()
            else:
                self._taken = False

    def _wait(self, seconds: float) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            called = threading.Event()
            self._line.append(called)
        try:
            if called.wait(seconds):
                return
        except BaseException:
            self._leave(called)
            raise
        self._leave(called)
        raise Overdue

    def _leave(self, called: threading.Event) -> None:
        """Step out of the line; whoever was called in the meantime passes the turn on."""
        with self._guard:
            if called in self._line:
                self._line.remove(called)
                return
        self.next()


_queues: dict[str, Queue] = {}


def of(path: str) -> Queue:
    """This process's queue for a database file."""
    return _queues.setdefault(path, Queue(path))  # one step of the interpreter, so two threads get the same


# a forked child has none of the threads that wait or write
os.register_at_fork(after_in_child=_queues.clear)
