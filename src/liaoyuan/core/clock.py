"""The only reader of the clock. Views, tasks and commands ask here; below them time is an argument.

A practice database moves business time by `set_offset` (loaded once per request or command from `PracticeClock`), and
`LIAOYUAN_NOW` fixes it for tests. `real_now` is never moved: the audit keeps it beside business time.
"""

import os
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Days of the product are days in China.
SHANGHAI = ZoneInfo("Asia/Shanghai")
_offset: ContextVar[int] = ContextVar("practice_clock_offset", default=0)


def real_now() -> datetime:
    """The machine's own time, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Business time, aware, in UTC."""
    fixed = os.environ.get("LIAOYUAN_NOW")
    if fixed:
        given = datetime.fromisoformat(fixed)
        return given if given.tzinfo else given.replace(tzinfo=SHANGHAI)
    return real_now() + timedelta(seconds=_offset.get())


def today() -> date:
    """Today's date in China by business time."""
    return localdate(now())


def localdate(at: datetime) -> date:
    """The date in China on which the moment `at` falls."""
    return at.astimezone(SHANGHAI).date()


def set_offset(seconds: int) -> None:
    """Move business time of this context by `seconds` (0 = real time)."""
    _offset.set(seconds)


def moment(day: date, hour: int = 9) -> datetime:
    """An hour of a day in China, for what is entered afterwards or invented."""
    return datetime.combine(day, time(hour), SHANGHAI)
