"""How days, figures, money and masked values are written on a page. Filters of the templates, and cells of the tables.

Each writer takes None for "not known" and writes nothing; the amounts are integer fen.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from liaoyuan.kit import identifiers
from liaoyuan.kit.facts import told
from liaoyuan.kit.findings import Finding
from liaoyuan.kit.money import format_wan, format_yuan

#: A day, a moment (aware; shown in China's time) or ISO text, which may lack the day or the month.
type Day = date | datetime | str | None


def date_long(day: Day) -> str:
    """2018年10月26日; of text without a day 2018年10月."""
    parts = [part.lstrip("0") for part in date_short(day).split("-")]
    if parts == [""]:
        return ""
    if len(parts) == 1:
        return _("%(year)s年") % {"year": parts[0]}
    if len(parts) == 2:
        return _("%(year)s年%(month)s月") % {"year": parts[0], "month": parts[1]}
    return _("%(year)s年%(month)s月%(day)s日") % {"year": parts[0], "month": parts[1], "day": parts[2]}


def date_short(day: Day) -> str:
    """2018-10-26."""
    if isinstance(day, datetime):
        day = localtime(day).date()
    if isinstance(day, date):
        return day.isoformat()
    return day or ""


def datetime_long(at: datetime | None) -> str:
    """2018年10月26日 14:05, in China's time."""
    return f"{date_long(at)} {localtime(at):%H:%M}" if at else ""


def datetime_short(at: datetime | None) -> str:
    """2018-10-26 14:05, in China's time."""
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""


def number(value: float | None) -> str:
    """1,572; a whole number has no decimals."""
    if value is None:
        return ""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def yuan(fen: int | None) -> str:
    """300,000.00: yuan, without a sign for the currency."""
    return "" if fen is None else format_yuan(fen)


def wan(fen: int | None) -> str:
    """3.5: 万元, exact."""
    return "" if fen is None else format_wan(fen)


def percent(part: int, total: int) -> str:
    """37.5%: for the eye only; a rule compares by cross-multiplication. Of nothing there is no share: —."""
    return f"{100 * part / total:.1f}%" if total else "—"


def dash(value: object) -> object:
    """The value, or — where there is none."""
    return "—" if value is None or value == "" else value


def yes_no(value: bool | None) -> str:
    """是 or 否."""
    return "" if value is None else _("是") if value else _("否")


def translated(words: object) -> str:
    """Words that a table of the code holds (a rule's title), in the reader's language; plain text, to be escaped."""
    return _(str(words)) if words else ""


def sentence(finding: Finding) -> str:
    """What a finding says, in the reader's language and with its arguments; plain text, to be escaped."""
    return _(finding.message).format(**finding.args)


#: How a figure that a finding was judged by is told, by the beginning of its key; floors with figures enter theirs.
figure_words: dict[str, Callable[[str, Any], str]] = {}


def figure(key: str, value: Any) -> str:
    """A figure in words; its key where no floor has any for it."""
    fitting = [start for start in figure_words if key.startswith(start)]
    return figure_words[max(fitting, key=len)](key, value) if fitting else f"{key} {told(value)}"


def _masked(mask: Callable[[str], str]) -> Callable[[str | None], str]:
    return lambda value: mask(value) if value else ""


FILTERS: dict[str, Callable[..., object]] = {
    "plain": told,
    "date": date_long,
    "date_short": date_short,
    "datetime": datetime_long,
    "datetime_short": datetime_short,
    "number": number,
    "yuan": yuan,
    "wan": wan,
    "dash": dash,
    "yes_no": yes_no,
    "sentence": sentence,
    "figure": figure,
    "translated": translated,
    "mask_mobile": _masked(identifiers.mask_mobile),
    "mask_ric": _masked(identifiers.mask_ric),
    "mask_name": _masked(identifiers.mask_name),
    "mask_address": _masked(identifiers.mask_address),
    "mask_birth": _masked(identifiers.mask_birth),
}
