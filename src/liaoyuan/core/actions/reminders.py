"""催办: choosing whom to remind, sending to them, writing down that the group was told, putting a list away."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, events, policy, reads, registries
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import messages
from liaoyuan.core.actions.accounts import person
from liaoyuan.core.actions.messages import Draft
from liaoyuan.core.choices import Event, Permission
from liaoyuan.core.models import AuditEvent, CallList, Message, User
from liaoyuan.core.outlets import webhook
from liaoyuan.core.outlets.table import WAYS
from liaoyuan.core.queries import reminders
from liaoyuan.core.registries import Owing, Reminder
from liaoyuan.kit.findings import Finding, Refused, Severity


def _refuse(code: str, sentence: str) -> Refused:
    return Refused([Finding(code, Severity.BLOCK, sentence)])


@transaction.atomic
def make(*, source: Reminder, rows: Sequence[Owing], by: Actor, at: datetime) -> CallList:
    """Keep who was chosen, with the day each owes now."""
    access.require(by, Permission.REMIND)
    if not reminders.may(by, source):
        access.require(by, source.permission)
    if not rows:
        raise _refuse("REMIND-NONE", _("请先勾选要催办的组织。"))
    if len(rows) > reminders.MOST:
        raise _refuse("REMIND-MANY", _("一次最多催办 %(n)s 家，请缩小条件。") % {"n": reminders.MOST})
    owner = person(by)
    label = _("%(title)s %(n)s 家") % {"title": _(source.title), "n": len(rows)}
    made = CallList.objects.create(
        source=source.code, label=label, made_at=at, made_by=owner, keeper=owner,
        entries=[[row.key, row.due_on.isoformat() if row.due_on else None] for row in rows],
    )  # fmt: skip
    events.record(Event.CALL_LIST_MADE, made, by=by, at=at, payload={"source": source.code, "rows": len(rows)})
    return made


def _open(call_list: CallList, by: Actor, at: datetime) -> tuple[CallList, Reminder, list[Owing]]:
    """The list under lock with who still owes, for who keeps it."""
    access.require(by, Permission.REMIND)
    row = CallList.objects.visible_to(by).select_for_update(of=("self",)).get(pk=call_list.pk)
    source = registries.reminders[row.source]
    return row, source, reminders.opened(row, by, clock.localdate(at)).rows


@transaction.atomic
def tell(*, call_list: CallList, by: Actor, at: datetime) -> int:
    """Write on each body's timeline that it was reminded in the group; once a day for each list."""
    row, _source, rows = _open(call_list, by, at)
    key = f"{row.pk}:{clock.localdate(at).isoformat()}"
    if row.entries and rows and _told(rows[0], key):
        raise _refuse("REMIND-TOLD", _("今天已经记过一次。"))
    for one in rows:
        events.record(
            Event.REMINDED, (*one.subject, one.name), by=by, at=at,
            payload={"list": key, "note": _("在群里催办：%(what)s") % {"what": reminders.sentence(one)}},
        )  # fmt: skip
    return len(rows)


def _told(one: Owing, key: str) -> bool:
    found = AuditEvent.objects.filter(subject_kind=one.subject[0], subject_id=one.subject[1], code=Event.REMINDED)
    return any(payload.get("list") == key for payload in found.order_by("-pk").values_list("payload", flat=True)[:20])


@transaction.atomic
def send(*, call_list: CallList, outlet: str, by: Actor, at: datetime) -> list[Message]:
    """Remind those who still owe by an outlet; the same list by the same outlet once a day. One job for all."""
    row, source, rows = _open(call_list, by, at)
    if outlet not in WAYS:
        raise _refuse("MESSAGE-OUTLET", _("请选择发送渠道。"))
    day = clock.localdate(at).isoformat()
    drafts = _together(row, source, rows, day) if WAYS[outlet].together else [
        Draft(
            f"list:{row.pk}:{one.key}:{outlet}:{day}", (*one.subject, one.name), _(source.title),
            f"{_(source.lead)}\n{reminders.sentence(one)}", [(*one.subject, one.name)],
        )
        for one in rows
    ]  # fmt: skip
    return messages.ask(drafts=drafts, outlet=outlet, reason="reminder", by=by, at=at, call_list=row)


def _together(call_list: CallList, source: Reminder, rows: Sequence[Owing], day: str) -> list[Draft]:
    """The rows in as few texts as a group takes, each within its bytes."""
    parts: list[list[Owing]] = []
    for row in rows:
        if parts and len(reminders.text_of(source, [*parts[-1], row]).encode()) <= webhook.MOST_BYTES:
            parts[-1].append(row)
        else:
            parts.append([row])
    told = []
    for part in parts:
        key = f"list:{call_list.pk}:group:{part[0].key}:{day}"
        subject = ("calllist", str(call_list.pk), call_list.label)
        covers = [(*row.subject, row.name) for row in part]
        told.append(Draft(key, subject, _(source.title), reminders.text_of(source, part), covers))
    return told


@transaction.atomic
def close(*, call_list: CallList, by: Actor, at: datetime) -> CallList:
    """Put a list away; it stays in the timelines."""
    row, _source, _rows = _open(call_list, by, at)
    if row.closed_at is None:
        row.closed_at, row.closed_by = at, person(by)
        row.save(update_fields=["closed_at", "closed_by"])
    return row


@transaction.atomic
def reveal(*, call_list: CallList, reason: str, by: Actor, at: datetime) -> list[tuple[Owing, str]]:
    """Those who still owe with their telephones whole, for a reason; a read event on each body."""
    access.require(by, Permission.REVEAL)
    _row, source, rows = _open(call_list, by, at)
    most = int(policy.limits(clock.localdate(at), policy.chain("national"))["privacy.export_rows"])
    if len(rows) > most:
        raise _refuse("REMIND-MANY", _("一次最多显示 %(n)s 个号码，请分批催办。") % {"n": most})
    for one in rows:
        find = registries.scope_kinds[one.subject[0]].find
        held = find(one.subject[1]) if find is not None else None
        if held is None or not access.covers(by, Permission.REVEAL, held, write=True):
            raise PermissionDenied(str(Permission.REVEAL))
        if one.phone:
            subject = (*one.subject, one.name)
            reads.revealed(subject, field=source.phone_field.split(".")[1], reason=reason, by=by, at=at)
    return [(one, reminders.phone(source, one, clear=True)) for one in rows]


def move(user: User, to: User, by: Actor, at: datetime) -> int:
    """交接: lists that are not put away go to another account."""
    return CallList.objects.filter(keeper=user, closed_at__isnull=True).update(keeper=to)
