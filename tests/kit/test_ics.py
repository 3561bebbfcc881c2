"""Calendars by RFC 5545, read back by a reader of the test's own."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.kit import ics

AT = datetime(2026, 11, 29, 1, 2, 3, tzinfo=UTC)


def read(raw: bytes) -> list[dict[str, str]]:
    """The events of a calendar: unfolded, split, unescaped; everything the RFC forbids fails."""
    assert raw.endswith(b"\r\n")
    lines = raw.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    whole: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            whole[-1] += line[1:]
        else:
            whole.append(line)
    texts = [line.decode() for line in whole]
    for line in lines:
        line.decode()  # no character is cut
    assert texts[0] == "BEGIN:VCALENDAR" and texts[-1] == "END:VCALENDAR" and texts[1] == "VERSION:2.0"
    events, now = [], None
    for text in texts:
        if text == "BEGIN:VEVENT":
            now = {}
        elif text == "END:VEVENT":
            events.append(now)
            now = None
        elif now is not None:
            name, _colon, value = text.partition(":")
            now[name] = unescape(value)
    return events


def unescape(text: str) -> str:
    told, chars = [], iter(text)
    for char in chars:
        if char == "\\":
            follows = next(chars)
            assert follows in "\\;,n"
            told.append("\n" if follows == "n" else follows)
        else:
            assert char not in ";,"
            told.append(char)
    return "".join(told)


def made(*events):
    return read(ics.calendar(events, name="期限", made_at=AT, product="燎原"))


def test_a_day_ends_before_the_next_one():
    [event] = made(ics.DayEvent("a-1@x", date(2026, 12, 31), "甲中心：证书到期"))
    assert event["DTSTART;VALUE=DATE"] == "20261231" and event["DTEND;VALUE=DATE"] == "20270101"
    assert event["DTSTAMP"] == "20261129T010203Z" and event["UID"] == "a-1@x" and event["STATUS"] == "CONFIRMED"


def test_a_provisional_day_says_so():
    assert made(ics.DayEvent("a", date(2028, 1, 3), "x", True))[0]["STATUS"] == "TENTATIVE"


def test_an_empty_calendar_is_whole():
    assert made() == []


@given(st.text(max_size=300))
def test_any_title_comes_back(title):
    kept = "".join(c for c in title.replace("\r\n", "\n").replace("\r", "\n")
                   if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127))  # fmt: skip
    [event] = made(ics.DayEvent("u", date(2026, 1, 1), title))
    assert event["SUMMARY"] == kept
