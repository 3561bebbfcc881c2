"""Who owes what by when, over the sources of all floors; what a call list has come to; who was last called when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import access, registries, vault, zones
from liaoyuan.core.choices import ContactKind, Outcome
from liaoyuan.core.models import CallList, Contact
from liaoyuan.core.registries import Owing, Reminder
from liaoyuan.ui.texts import date_short

#: How far back what was missed is looked for, in days.
PAST = 3650
#: Spans of a source's page: days from and to, counted from today.
SPANS: dict[str, tuple[int, int]] = {"late": (-PAST, -1), "30": (0, 30), "90": (0, 90)}
SPAN_TITLES: dict[str, str] = {"late": "已逾期", "30": "30 日内", "90": "90 日内"}
OUTCOME_TITLES: dict[str, str] = {
    Outcome.TOLD: "已接，已告知",
    Outcome.PROMISED: "已接，承诺办理",
    Outcome.NO_ANSWER: "未接",
    Outcome.WRONG_NUMBER: "号码有误",
}
CONTACT_TITLES: dict[str, str] = {ContactKind.CALL: "电话", ContactKind.VISIT: "走访"}
#: So many lines a call list may have.
MOST = 1000


def of(user: Any) -> list[Reminder]:
    """The sources whose lists the user may open."""
    return [source for source in registries.reminders.values() if source.listed and may(user, source)]


def may(user: Any, source: Reminder) -> bool:
    """Whether the user works on the source's bodies."""
    return access.any_of(user, source.permission.split("|"))


def owing(source: Reminder, user: Any, on: date, span: str) -> list[Owing]:
    """Who owes within a span, earliest first."""
    first, last = SPANS[span]
    return list(source.owing(user, on, on + timedelta(days=first), on + timedelta(days=last)))


def counts(user: Any, on: date) -> list[tuple[Reminder, dict[str, int]]]:
    """For each source how many owe in each span, by one look at its widest."""
    told = []
    for source in of(user):
        rows = source.owing(user, on, on - timedelta(days=PAST), on + timedelta(days=90))
        days = [(row.due_on - on).days for row in rows if row.due_on is not None]
        told.append((source, {s: sum(a <= day <= b for day in days) for s, (a, b) in SPANS.items()}))
    return told


def within(user: Any, on: date, since: date, until: date) -> list[tuple[Reminder, list[Owing]]]:
    """All that owe with a day in the span, by source."""
    return [(source, list(source.owing(user, on, since, until))) for source in of(user)]


@dataclass(frozen=True, slots=True)
class Opened:
    """A call list as it stands today: the lines that still owe, and how many have complied."""

    rows: list[Owing]
    total: int

    @property
    def done(self) -> int:
        """How many have complied, or are no longer the user's to remind."""
        return self.total - len(self.rows)


def opened(call_list: CallList, user: Any, on: date) -> Opened:
    """Who still owes. A line has complied when it owes no more, or its day now lies later than it did."""
    source = registries.reminders.get(call_list.source)
    was = {str(key): date.fromisoformat(day) if day else None for key, day in call_list.entries}
    if source is None or not may(user, source):
        return Opened([], len(was))
    last = max([day for day in was.values() if day], default=on)
    found = source.owing(user, on, on - timedelta(days=PAST), max(last, on), list(was))
    return Opened([row for row in found if row.key in was and _still(was[row.key], row.due_on)], len(was))


def _still(then: date | None, now: date | None) -> bool:
    return then is None or (now is not None and now <= then)


def text_of(source: Reminder, rows: Sequence[Owing]) -> str:
    """What goes into a group chat: names and days, nothing else."""
    return "\n".join([_(source.lead), *(f"{place}. {sentence(row)}" for place, row in enumerate(rows, 1))])


def sentence(row: Owing) -> str:
    """One body with what it owes and by which day."""
    what = f"{row.what}（{_day(row)}）" if row.what and row.due_on else row.what or _day(row)
    return f"{row.name}：{what}" if what else row.name


def _day(row: Owing) -> str:
    if row.due_on is None:
        return ""
    return date_short(row.due_on) + (_("，暂定") if row.provisional else "")


def phone(source: Reminder, row: Owing, *, clear: bool = False) -> str:
    """The telephone of a line, masked unless a reason was given."""
    if not row.phone:
        return ""
    told = vault.decrypt(row.phone, purpose=source.phone_purpose)
    return told if clear else zones.mask(source.phone_field, told)


def last_contacts(subjects: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Contact]:
    """The latest call or visit with each subject, in one statement a kind."""
    found: dict[tuple[str, str], Contact] = {}
    for kind in {kind for kind, _key in subjects}:
        keys = [key for k, key in subjects if k == kind]
        for row in Contact.objects.of(kind, keys).order_by("made_at", "pk"):
            found[kind, row.subject_id] = row
    return found


def words_of(contact: Contact) -> str:
    """A contact in one line."""
    told = _(OUTCOME_TITLES[contact.outcome])
    if contact.promised_on is not None:
        told += _("：%(day)s 前") % {"day": date_short(contact.promised_on)}
    return f"{told}；{contact.contact_note}" if contact.contact_note else told


def lists_of(user: Any) -> Any:
    """The user's call lists that are not put away, newest first."""
    return CallList.objects.visible_to(user).filter(closed_at__isnull=True).select_related("made_by")


def count_open(user: Any) -> int:
    """How many call lists the user keeps that are not put away."""
    return CallList.objects.filter(keeper_id=user.pk, closed_at__isnull=True).count()
