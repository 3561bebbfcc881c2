"""The database engine `liaoyuan.conf.sqlite`: Django's, whose transactions begin when it is their turn."""

from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from liaoyuan.conf.sqlite import queue


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that queues before it begins a transaction; single statements outside rely on SQLite's wait."""

    _turn: queue.Turn | None = None  # the types of Django name none of the methods that are extended here

    def _start_transaction_under_autocommit(self) -> None:
        if self.is_in_memory_db():
            return super()._start_transaction_under_autocommit()  # type: ignore[misc]
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        try:
            self._turn = queue.of(str(self.settings_dict["NAME"])).enter(patience)
        except queue.Overdue:
            raise OperationalError("database is locked") from None
        except OSError as error:
            raise OperationalError(f"unable to open the queue of writers: {error}") from error
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._over()
            raise

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
