"""A calendar of whole days as RFC 5545 wants it: CRLF, lines of at most 75 octets, texts escaped, ends exclusive."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_MOST = 75
_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n"))


@dataclass(frozen=True, slots=True)
class DayEvent:
    """One event that takes a whole day. `uid` is the same however often the calendar is made; a provisional one says so
    by its status.
    """

    uid: str
    on: date
    title: str
    provisional: bool = False
    category: str = ""


def escape(text: str) -> str:
    """A text value: backslash, semicolon, comma and line ends escaped, other control characters left out."""
    for plain, told in _ESCAPES:
        text = text.replace(plain, told)
    return "".join(c for c in text if c == "\t" or (ord(c) >= 32 and ord(c) != 127))


def fold(line: str) -> str:
    """A content line in pieces of at most 75 octets, never within a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _MOST:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + char, size + width
    return "\r\n".join([*pieces, piece])


def calendar(events: Iterable[DayEvent], *, name: str, made_at: datetime, product: str) -> bytes:
    """The whole calendar. `made_at` stamps every event."""
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{escape(product)}//ZH", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{escape(name)}"]  # fmt: skip
    for event in events:
        lines += [
            "BEGIN:VEVENT", f"UID:{escape(event.uid)}", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}", f"SUMMARY:{escape(event.title)}",
            *([f"CATEGORIES:{escape(event.category)}"] if event.category else []),
            f"STATUS:{'TENTATIVE' if event.provisional else 'CONFIRMED'}", "TRANSP:TRANSPARENT", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines).encode()
