"""The database engine `liaoyuan.conf.sqlite`: Django's, whose writers begin when it is their turn."""

import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from liaoyuan.conf.sqlite import queue

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_LONGEST = max(map(len, _WRITES))


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that queues for a statement that writes on its own, outside a transaction."""

    def __init__(self, wrapper: "DatabaseWrapper", *args: Any) -> None:
        super().__init__(*args)
        self._wrapper = wrapper

    def execute(self, query: str, params: Any = None) -> Any:
        """Execute, in its turn."""
        with self._wrapper.turn_for(query):
            return super().execute(query, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that queues before it begins a transaction or writes without one."""

    _turn: queue.Turn | None = None  # the types of Django name none of the methods that are extended here

    def create_cursor(self, name: Any = None) -> Any:
        """A cursor that knows its connection."""
        return self.connection.cursor(factory=partial(Cursor, self))

    def turn_for(self, query: str) -> contextlib.AbstractContextManager[None]:
        """The turn of one statement: none for reading, none within a transaction, which has its own."""
        if self._turn or self.connection.in_transaction or not query.lstrip()[:_LONGEST].upper().startswith(_WRITES):
            return contextlib.nullcontext()
        return self._in_turn()

    @contextlib.contextmanager
    def _in_turn(self) -> Iterator[None]:
        self._enter()
        try:
            yield
        finally:
            self._over()

    def _start_transaction_under_autocommit(self) -> None:
        self._enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._over()
            raise

    def _enter(self) -> None:
        if self.is_in_memory_db():
            return
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        try:
            self._turn = queue.of(str(self.settings_dict["NAME"])).enter(patience)
        except queue.Overdue:
            raise OperationalError("database is locked") from None
        except OSError as error:
            raise OperationalError(f"unable to open the queue of writers: {error}") from error

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            if self.connection is None or not self.connection.in_transaction:
                self._over()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._over()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._over()

    def _over(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.over()
