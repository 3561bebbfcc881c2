"""The timeline of one record: its events and the rows of imports that touched it, newest first.

An import writes one event for its whole batch; what it changed in one record stands in the batch's rows and is shown
here as if it had been entered by hand. C3/C4 values are never shown, only that they changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, events, registries
from liaoyuan.core.choices import BatchState, Channel, Event, Permission
from liaoyuan.core.models import AuditEvent, ImportRow

#: What stands for a value that must not be shown.
MASK = "••••••"
#: Events of reading, shown to auditors only: a record's timeline tells what was done to it.
_READS = (Event.REVEALED, Event.OPENED, Event.DOWNLOADED)
_CHANNELS = {
    Channel.WEB: "网页",
    Channel.API: "接口",
    Channel.CLI: "命令行",
    Channel.TASK: "后台任务",
    Channel.SYSTEM: "系统",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after. A masked one shows only that there was or is a value."""

    field: str
    title: str
    old: str
    new: str
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline.

    `happened_on` is the day from which it holds; `recorded_at` the moment it was entered, by business time like that of
    an import; `late` marks an entry made after the fact. `on_behalf` says on whose word. `cursor` goes into `before` to
    read on behind this entry.
    """

    code: str
    title: str
    happened_on: date
    recorded_on: date
    recorded_at: datetime
    actor: str
    channel: str
    on_behalf: str = ""
    deputy_for: str = ""
    note: str = ""
    differences: Sequence[Difference] = field(default_factory=tuple)
    findings: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    batch: int | None = None
    cursor: str = ""

    kind: str = ""
    href: str = ""

    @property
    def late(self) -> bool:
        """Whether it was entered on a later day than it happened."""
        return self.happened_on < self.recorded_on

    # What the macro `timeline` asks of an item.

    @property
    def on(self) -> date:
        """The day it happened."""
        return self.happened_on

    @property
    def recorded(self) -> date | None:
        """The day it was entered, for a late entry."""
        return self.recorded_on if self.late else None

    @property
    def what(self) -> str:
        """Title and note in one line."""
        return f"{self.title}：{self.note}" if self.note else self.title

    @property
    def who(self) -> str:
        """Who entered it, through which door, on whose word."""
        told = [self.actor, self.channel]
        if self.deputy_for:
            told.append(_("代理 {name}").format(name=self.deputy_for))
        if self.on_behalf:
            told.append(_("代填：{word}").format(word=self.on_behalf))
        return " · ".join(told)


def channel_title(code: str) -> str:
    """The words of a channel."""
    return _(_CHANNELS[Channel(code)]) if code in list(Channel) else code


def channels() -> list[tuple[str, str]]:
    """All channels with their words."""
    return [(str(code), channel_title(code)) for code in Channel]


def event_title(code: str) -> str:
    """The words of an event code; a code without words stands for itself."""
    return _(registries.event_titles[code]) if code in registries.event_titles else code


def timeline(
    subject_kind: str, subject_id: Any, user: Any, limit: int = 30, before: str = "", also: Sequence[int] = ()
) -> list[Entry]:
    """The newest `limit` entries about one record, or those behind the entry whose cursor is `before`.

    `also` are records that were merged into it: what was done to them belongs to its story. The caller has checked that
    `user` may see the record. Raises ValueError for a cursor that is none.
    """
    keys = [str(subject_id), *(str(pk) for pk in also)]
    seen = access.has(user, Permission.AUDIT_VIEW)
    mark = _mark(before)
    found = [*_events(subject_kind, keys, seen, mark, limit), *_imported(subject_kind, keys, mark, limit)]
    found.sort(key=lambda entry: _mark(entry.cursor) or (), reverse=True)
    return found[:limit]


def _mark(cursor: str) -> tuple[datetime, str, int] | None:
    """(moment, source, key) of a cursor; sources are `e` (event) and `i` (row of an import)."""
    if not cursor:
        return None
    at, source, key = cursor.split("~")
    return datetime.fromisoformat(at), source, int(key)


def _cursor(at: datetime, source: str, key: int) -> str:
    return f"{at.astimezone(clock.SHANGHAI).isoformat()}~{source}~{key}"


def _behind(name: str, source: str, mark: tuple[datetime, str, int] | None) -> Q:
    """Rows behind a mark, in the order (moment, source, key) falling."""
    if mark is None:
        return Q()
    at, marked, key = mark
    same = Q(**{name: at})
    if source == marked:
        same &= Q(pk__lt=key)
    elif source > marked:
        same &= Q(pk__isnull=True)
    return Q(**{f"{name}__lt": at}) | same


def _events(
    kind: str, keys: list[str], seen: bool, mark: tuple[datetime, str, int] | None, limit: int
) -> Iterator[Entry]:
    about = {"subject_id": keys[0]} if len(keys) == 1 else {"subject_id__in": keys}
    rows = AuditEvent.objects.filter(subject_kind=kind, **about).select_related("actor")
    if not seen:
        rows = rows.exclude(code__in=_READS)
    for row in rows.filter(_behind("at", "e", mark)).order_by("-at", "-pk")[:limit]:
        payload = row.payload if isinstance(row.payload, dict) else {}
        yield Entry(
            code=row.code,
            title=event_title(row.code),
            happened_on=_day(payload.get("on")) or clock.localdate(row.at),
            recorded_on=clock.localdate(row.at),
            recorded_at=row.at,
            actor=str(row.actor) if row.actor is not None else actor_title(row.actor_name),
            channel=channel_title(row.channel),
            on_behalf=row.on_behalf,
            deputy_for=str(payload.get("deputy_for") or ""),
            note=str(payload.get("note") or payload.get("text") or payload.get("reason") or ""),
            differences=differences(kind, payload.get("changes") or {}),
            findings=payload.get("findings") or (),
            cursor=_cursor(row.at, "e", row.pk),
        )


def actor_title(name: str) -> str:
    """Who acted, where it was no account: the system or the command line's operator."""
    if name == "system":
        return _("系统")
    return _("操作员 {name}").format(name=name.removeprefix("operator:")) if name.startswith("operator:") else name


def _imported(kind: str, keys: list[str], mark: tuple[datetime, str, int] | None, limit: int) -> Iterator[Entry]:
    kinds = [name for name, entry in registries.import_kinds.items() if _subject_of(name, entry) == kind]
    if not kinds or not all(key.isdecimal() for key in keys):
        return
    rows = (
        ImportRow.objects.of_records(int(key) for key in keys)
        .filter(batch__kind__in=kinds)
        .filter(batch__state__in=[BatchState.APPLIED, BatchState.UNDONE], batch__applied_at__isnull=False)
        .filter(_behind("batch__applied_at", "i", mark))
        .select_related("batch", "batch__applied_by")
        .order_by("-batch__applied_at", "-pk")
    )
    for row in rows[:limit]:
        batch = row.batch
        at = batch.applied_at
        if at is None:
            continue  # asked for above; said again for the type
        note = _("{file} 第 {row} 行").format(file=batch.file_name, row=row.number)
        if batch.state == BatchState.UNDONE:
            note += _("（已撤销）")
        yield Entry(
            code=Event.IMPORT_APPLIED,
            title=event_title(Event.IMPORT_APPLIED),
            happened_on=batch.as_of,
            recorded_on=clock.localdate(at),
            recorded_at=at,
            actor=str(batch.applied_by) if batch.applied_by is not None else _("系统"),
            channel=_("导入"),
            note=note,
            differences=differences(kind, _changes(row), batch.kind),
            findings=row.findings or (),
            batch=batch.pk,
            cursor=_cursor(at, "i", row.pk),
        )


def _subject_of(name: str, entry: Any) -> str:
    """Of which kind of record an import writes rows; without a word of its own the singular of its name."""
    return getattr(entry, "subject_kind", "") or name.removesuffix("s")


def _changes(row: ImportRow) -> dict[str, list[Any]]:
    """{field: [old, new]} of one row of an applied batch. Names beginning with "_" serve the undo."""
    before = {name: value for name, value in (row.before or {}).items() if not name.startswith("_")}
    if not before and row.action == "create":
        return {name: [None, value] for name, value in row.fields.items()}
    told = {}
    for name, old in before.items():
        paired = isinstance(old, list) and len(old) == 2
        told[name] = old if paired else [old, row.fields.get(name)]
    return told


def differences(kind: str, changes: Mapping[str, Any], import_kind: str = "") -> list[Difference]:
    """The lines of a diff, in the order of the sheet that knows the fields, else by name (stored JSON keeps no order).

    What is not a pair of old and new is shown as new; equal pairs are left out.
    """
    known = _titles(kind, import_kind)
    places = {name: place for place, name in enumerate(known)}
    told = []
    for name in sorted(changes, key=lambda name: (places.get(name, len(places)), name)):
        pair = changes[name]
        old, new = pair if isinstance(pair, list | tuple) and len(pair) == 2 else (None, pair)
        title = _(known[name]) if name in known else name
        if events.is_sensitive(name, old, new):
            told.append(Difference(name, title, MASK if old else "", MASK if new else "", masked=True))
        elif old != new:
            told.append(Difference(name, title, shown(old), shown(new)))
    return told


def _titles(kind: str, import_kind: str) -> dict[str, str]:
    """Chinese titles of the fields of a kind of record: as its import calls them, or all imports of the kind."""
    kinds = registries.import_kinds
    if import_kind in kinds:
        return {name: str(title) for name, title in kinds[import_kind].fields.items()}
    told: dict[str, str] = {}
    for name, entry in kinds.items():
        if _subject_of(name, entry) == kind:
            told = {**{field: str(title) for field, title in entry.fields.items()}, **told}
    return told or dict(registries.field_titles.get(kind, {}))


def shown(value: Any) -> str:
    """A stored value as text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dict):
        return "；".join(f"{name} {shown(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return "、".join(shown(item) for item in value)
    return str(value)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
