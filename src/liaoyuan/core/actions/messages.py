"""Messages out: asked for once, sent by one attempt at a time, repeated by persons (docs/adr/0028).

A message is claimed in a transaction of its own before it is sent, and settled in another afterwards. Who dies between
them leaves it `sending`: the next attempt asks the outlet whether it went out, and where nobody can tell it is shown as
可能已发出 and left to a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, events, jobs, registries, vault
from liaoyuan.core.access import Actor, Operator
from liaoyuan.core.actions.accounts import person
from liaoyuan.core.choices import Event, MessageState, OutletKind, Permission
from liaoyuan.core.models import CallList, Message, Outlet, User
from liaoyuan.core.outlets import webhook
from liaoyuan.core.outlets.parcels import Address, MayBeSent, NotSent, Parcel
from liaoyuan.core.outlets.table import WAYS
from liaoyuan.core.queries import outlets
from liaoyuan.kit.findings import Finding, Refused, Severity

JOB = "core.messages"
MOST_ATTEMPTS = 3
#: How long after the first and the second failure the next attempt comes, in seconds.
BACKOFF = (60, 300)
_LIVE = (MessageState.QUEUED, MessageState.SENDING)
_AGAIN = (MessageState.FAILED, MessageState.UNSURE, MessageState.DROPPED)


class Draft(NamedTuple):
    """A message to be asked for: its key, its receiver, what it says, and the subjects it speaks of."""

    key: str
    subject: tuple[str, str, str]
    title: str
    text: str
    covers: Sequence[tuple[str, str, str]] = ()


def _refuse(code: str, sentence: str, field: str = "") -> Refused:
    return Refused([Finding(code, Severity.BLOCK, sentence, field=field)])


@transaction.atomic
def ask(
    *, drafts: Sequence[Draft], outlet: str, reason: str, by: Actor, at: datetime, call_list: CallList | None = None,
) -> list[Message]:  # fmt: skip
    """Have texts sent by an outlet, as one job. A draft whose key was asked for before is not sent again."""
    if reason != "test":
        access.require(by, Permission.REMIND)
    if outlet not in WAYS or not (outlets.is_open(outlet) or reason == "test"):
        raise _refuse("MESSAGE-OUTLET", _("这个发送渠道没有启用。"), "outlet")
    known = set(Message.objects.filter(key__in=[draft.key for draft in drafts]).values_list("key", flat=True))
    new = {draft.key: draft for draft in drafts if draft.key not in known}
    owner = person(by)
    Message.objects.bulk_create(
        [
            Message(
                key=draft.key, outlet=outlet, reason=reason, call_list=call_list, subject_kind=draft.subject[0],
                subject_id=draft.subject[1], subject_label=draft.subject[2][:120],
                covers=[list(subject) for subject in draft.covers], title=draft.title[:120], text=draft.text[:4000],
                made_at=at, made_by=owner, keeper=owner,
            )
            for draft in new.values()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    made = list(Message.objects.filter(key__in=list(new)).order_by("pk"))
    for message in made:
        _tell(Event.MESSAGE_ASKED, message, by=by, at=at)
    _enqueue([message.pk for message in made], by=by, at=at)
    return made


def _enqueue(ids: Sequence[int], *, by: Actor | None, at: datetime, after: datetime | None = None) -> None:
    if ids:
        label = _("发送 %(n)s 条消息") % {"n": len(ids)}
        key = f"messages:{ids[0]}:{len(ids)}:{at.isoformat()}"
        owner = by if isinstance(by, User) else None
        jobs.enqueue_on_commit(JOB, *ids, key=key, by=owner, at=at, label=label, after=after)


def _tell(code: Event, message: Message, *, by: Actor | None, at: datetime, note: str = "") -> None:
    """One event on each subject that the message speaks of; no address, no text of a refusal beyond our own."""
    way = _(outlets.KIND_TITLES[message.outlet])
    told = {"message": message.pk, "outlet": message.outlet, "note": f"{message.title}（{way}）{note}"}
    for kind, key, label in message.covers or [[message.subject_kind, message.subject_id, message.subject_label]]:
        events.record(code, (kind, key, label), by=by, at=at, payload=told)


# Sending, called by the job


def claim(*, pk: int, mark: str, at: datetime) -> Message | None:
    """Take one message for sending, inside the caller's transaction; None when there is nothing to send."""
    waiting = Message.objects.filter(pk=pk, state=MessageState.QUEUED)
    due = Q(next_at__isnull=True) | Q(next_at__lte=clock.real_now())
    if not waiting.filter(due).update(state=MessageState.SENDING, claim=mark, attempts=F("attempts") + 1):
        return None
    return Message.objects.select_related("keeper", "made_by").get(pk=pk)


def deliver(message: Message) -> None:
    """Send a claimed message, outside of any transaction. Raises NotSent and MayBeSent."""
    way = WAYS[message.outlet]
    if message.reason != "test" and not outlets.is_open(message.outlet):
        raise NotSent(_("这个发送渠道已停用。"))
    try:
        address = _address(message)
        setup = outlets.setup_of(message.outlet)
    except vault.VaultError as error:
        raise NotSent(_("地址或密钥读不出来，请联系系统管理员。")) from error
    way.send(Parcel(message.key, message.title, message.text, address), setup)


def _address(message: Message) -> Address:
    find = registries.addresses.get(message.subject_kind)
    found = find([message.subject_id]).get(message.subject_id) if find is not None else None
    return Address(*found) if found is not None else Address(message.subject_label)


@transaction.atomic
def settle(*, message: Message, at: datetime, failed: NotSent | MayBeSent | None) -> None:
    """Write down how a claimed sending ended. Not under the job's lease: who has sent it knows it best, even when his
    job was taken over meanwhile and the message called unsure.
    """
    known = (MessageState.SENDING, MessageState.UNSURE)
    row = Message.objects.select_for_update().filter(pk=message.pk, claim=message.claim, state__in=known).first()
    if row is None:
        return
    if failed is None:
        _end(row, MessageState.SENT, at=at)
    elif isinstance(failed, MayBeSent):
        _end(row, MessageState.UNSURE, at=at, error=str(failed))
    elif failed.again and row.attempts < MOST_ATTEMPTS:
        row.state, row.ended_at, row.error, row.claim = MessageState.QUEUED, None, str(failed)[:300], ""
        row.next_at = clock.real_now() + timedelta(seconds=BACKOFF[min(row.attempts, len(BACKOFF)) - 1])
        row.save()
    else:
        _end(row, MessageState.FAILED, at=at, error=str(failed))


_ENDS = {
    MessageState.SENT: Event.MESSAGE_SENT,
    MessageState.UNSURE: Event.MESSAGE_UNSURE,
    MessageState.FAILED: Event.MESSAGE_FAILED,
    MessageState.DROPPED: Event.MESSAGE_DROPPED,
}


def _end(row: Message, state: MessageState, *, at: datetime, error: str = "", by: Actor | None = None) -> None:
    row.state, row.ended_at, row.error, row.next_at = state, at, error[:300], None
    row.save()
    _tell(_ENDS[state], row, by=by, at=at, note=f"：{error}" if error else "")


@transaction.atomic
def recover(*, ids: Iterable[int], mark: str, at: datetime) -> int:
    """Settle what an attempt that died was sending: sent where the outlet knows it, else nobody knows. `mark` is the
    claim of the present attempt, whose own messages stay.
    """
    left = Message.objects.select_for_update().filter(pk__in=list(ids), state=MessageState.SENDING)
    rows = list(left.exclude(claim=mark).order_by("pk"))
    for row in rows:
        if WAYS[row.outlet].was_sent(row.key):
            _end(row, MessageState.SENT, at=at)
        else:
            _end(row, MessageState.UNSURE, at=at, error=_("发送时后台进程中断。"))
    return len(rows)


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Once a day: what no job will come for. Called as the system; returns how many messages were taken care of."""
    waiting, left = outlets.stranded()
    recover(ids=left, mark="", at=at)
    _enqueue(waiting, by=None, at=at)
    return len(waiting) + len(left)


def later(*, ids: Sequence[int], by: User | None, at: datetime) -> int:
    """Inside the job's last transaction: ask for another job for those that wait for their next attempt."""
    rows = Message.objects.filter(pk__in=ids, state=MessageState.QUEUED).order_by("next_at", "pk")
    waiting = list(rows.values_list("pk", "next_at"))
    if waiting:
        _enqueue([pk for pk, _next in waiting], by=by, at=at, after=max((n for _p, n in waiting if n), default=None))
    return len(waiting)


# What persons do with them


def _mine(by: Actor, ids: Iterable[int]) -> QuerySet[Message]:
    rows = Message.objects.all() if isinstance(by, Operator) else Message.objects.visible_to(by)
    return rows.filter(pk__in=list(ids))


@transaction.atomic
def repeat(*, ids: Iterable[int], by: Actor, at: datetime, unsure: bool = False) -> int:
    """Have failed and dropped messages sent again; `unsure` ones too, which may then arrive twice. Returns how many."""
    states = [MessageState.FAILED, MessageState.DROPPED, *([MessageState.UNSURE] if unsure else [])]
    return _repeat(_mine(by, ids).filter(state__in=states), by=by, at=at)


@transaction.atomic
def repeat_failed(*, outlet: str, by: Actor, at: datetime) -> int:
    """All failed messages of an outlet, whoever sent them: what its administrator does when it is mended."""
    access.require(by, Permission.OUTLET_SET)
    return _repeat(Message.objects.filter(outlet=outlet, state=MessageState.FAILED), by=by, at=at)


def _repeat(found: QuerySet[Message], *, by: Actor, at: datetime) -> int:
    rows = list(found.select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        row.state, row.attempts, row.claim, row.next_at, row.ended_at = MessageState.QUEUED, 0, "", None, None
        row.save()
        _tell(Event.MESSAGE_REPEATED, row, by=by, at=at)
    _enqueue([row.pk for row in rows], by=by, at=at)
    return len(rows)


@transaction.atomic
def drop(*, ids: Iterable[int], by: Actor, at: datetime) -> int:
    """Give messages up that were not sent, or of which nobody knows. Returns how many."""
    states = (MessageState.FAILED, MessageState.UNSURE, MessageState.QUEUED)
    rows = list(_mine(by, ids).select_for_update(of=("self",)).filter(state__in=states).order_by("pk"))
    for row in rows:
        _end(row, MessageState.DROPPED, at=at, error=row.error, by=by)
    return len(rows)


def move(user: User, to: User, by: Actor, at: datetime) -> int:
    """交接: what is not sent yet goes to another account."""
    open_ones = [state for state in MessageState if state not in (MessageState.SENT, MessageState.DROPPED)]
    return Message.objects.filter(keeper=user, state__in=open_ones).update(keeper=to)


# The outlets


@transaction.atomic
def set_outlet(
    *, kind: str, is_active: bool, options: Mapping[str, Any], by: Actor, at: datetime, secret: str | None = None,
    version: int | None = None,
) -> Outlet:  # fmt: skip
    """Set an outlet up. `secret` None keeps the present one; `version` is what the form was opened with."""
    access.require(by, Permission.OUTLET_SET)
    if kind not in WAYS:
        raise _refuse("OUTLET-KIND", _("没有这种发送渠道。"))
    row = Outlet.objects.select_for_update().filter(kind=kind).first()
    if version is not None and version != (row.version if row is not None else 0):
        raise _refuse("OUTLET-STALE", _("有人刚刚改过这个渠道，请重新打开后再改。"))
    clear = secret if secret is not None else outlets.setup_of(kind).secret
    if kind == OutletKind.WEBHOOK and is_active:
        wrong = webhook.fault(clear) if clear else _("请填写群机器人的地址。")
        if wrong:
            raise _refuse("OUTLET-ADDRESS", wrong, "secret")
    if kind == OutletKind.SMTP and is_active and not (options.get("host") and options.get("sender")):
        raise _refuse("OUTLET-SERVER", _("请填写邮件服务器和发件地址。"), "host")
    before = dict(row.options) if row is not None else {}
    if row is None:
        row = Outlet(kind=kind, version=0)
    row.is_active, row.options, row.changed_at, row.changed_by = is_active, dict(options), at, person(by)
    row.version += 1
    if secret is not None:
        row.secret = vault.encrypt(secret, purpose=outlets.PURPOSE)
    row.save()
    changes = {name: [before.get(name), options.get(name)] for name in {*before, *options}}
    told = {"active": is_active, "secret": secret is not None}
    events.record(
        Event.OUTLET_SET, ("outlet", kind, outlets.KIND_TITLES[kind]), by=by, at=at,
        payload={**told, "changes": {n: pair for n, pair in changes.items() if pair[0] != pair[1]}},
    )  # fmt: skip
    return row


@transaction.atomic
def send_test(*, kind: str, by: Actor, at: datetime) -> list[Message]:
    """A test to the group, the folder, or one's own mailbox; also by an outlet that is not open yet."""
    access.require(by, Permission.OUTLET_SET)
    owner = person(by)
    if kind == OutletKind.SMTP and (owner is None or not owner.email):
        raise _refuse("OUTLET-MAIL", _("您的账号没有登记邮箱，无处接收测试邮件。"))
    subject = ("user", str(owner.pk), str(owner)) if owner is not None else ("outlet", kind, kind)
    text = _("燎原发送渠道测试，收到即表示设置正确。")
    draft = Draft(f"test:{kind}:{at.isoformat()}", subject, _("发送渠道测试"), text, [("outlet", kind, kind)])
    return ask(drafts=[draft], outlet=kind, reason="test", by=by, at=at)
