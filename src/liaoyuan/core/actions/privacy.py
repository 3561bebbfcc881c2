"""What a person may ask of us about his own data: requests and their answers; erasing, and holding it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, locks, policy, registries, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Event, Permission, RequestKind, RequestState
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import LegalHold, PersonalRequest, User
from liaoyuan.core.queries import privacy, sealed
from liaoyuan.kit.findings import Finding, Refused, Severity

#: Purpose under which requests and answers are kept.
PURPOSE = "request.text"
_LONGEST = 500
type Subject = tuple[str, str, str]


def refusal(code: str, message: str, field: str = "", **args: Any) -> Refused:
    """One sentence why not."""
    return Refused([Finding(code, Severity.BLOCK, message, field=field, args=args)])


@transaction.atomic
def ask(*, user: User, kind: RequestKind, subject: Subject, text: str, at: datetime) -> PersonalRequest:
    """A person asks for a correction or an erasure of what is stored of him; the clock of 15 working days begins.

    Refused without words, for a subject that does not speak of him, and while the same request is open.
    """
    text = text.strip()
    if len(text) < 2:
        raise refusal("PRIVACY-TEXT", _("请写明要更正或删除什么。"), "text")
    if subject[:2] not in {known[:2] for known in privacy.subjects(user)}:
        raise PermissionDenied("subject")
    locks.one_at_a_time("privacy.request", user.pk)
    same = PersonalRequest.objects.open().filter(user=user, kind=kind, subject_kind=subject[0], subject_id=subject[1])
    if same.exists():
        raise refusal("PRIVACY-OPEN", _("同样的请求正在办理，请等候答复。"), "text")
    on = localdate(at)
    limits = policy.limits(on, policy.chain("national"))
    row = PersonalRequest.objects.create(
        user=user, kind=str(kind), subject_kind=subject[0], subject_id=subject[1], subject_label=subject[2][:120],
        area_path=privacy.holder_path(subject), text=vault.encrypt(text[:_LONGEST], purpose=PURPOSE), asked_at=at,
        due_on=limits.calendar.add_workdays(on, limits["privacy.request_workdays"]).date,
    )  # fmt: skip
    events.record(Event.REQUEST_MADE, subject, by=user, at=at,
                  payload={"request": row.pk, "kind": row.kind, "due_on": row.due_on.isoformat()})  # fmt: skip
    return row


@transaction.atomic
def decide(*, request: PersonalRequest, granted: bool, answer: str, by: User, at: datetime) -> PersonalRequest:
    """An officer of the office that holds the data answers; a granted erasure of a subject's C3/C4 values is done here.

    Refused without reasons, for what is answered already, and for one's own request.
    """
    if not privacy.may_decide(by, request):
        raise PermissionDenied(str(Permission.REQUEST_DECIDE))
    row = PersonalRequest.objects.select_for_update().get(pk=request.pk)
    answer = answer.strip()
    if row.state != RequestState.OPEN:
        raise refusal("PRIVACY-DONE", _("这份请求已经答复。"))
    if row.user_id == by.pk:
        raise refusal("PRIVACY-OWN", _("不能答复自己的请求，请由同事办理。"))
    if len(answer) < 2:
        raise refusal("PRIVACY-ANSWER", _("请写明怎样处理、理由是什么。"), "answer")
    subject = (row.subject_kind, row.subject_id, row.subject_label)
    if granted and row.kind == RequestKind.ERASE and row.subject_kind != "user":
        erase(subject=subject, reason=_("本人请求删除"), by=by, at=at)
    row.state = str(RequestState.GRANTED if granted else RequestState.REFUSED)
    row.answer = vault.encrypt(answer[:_LONGEST], purpose=PURPOSE)
    row.decided_at, row.decided_by = at, by
    row.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    events.record(Event.REQUEST_DECIDED, subject, by=by, at=at, payload={"request": row.pk, "state": row.state})
    return row


@transaction.atomic
def erase(*, subject: Subject, reason: str, by: Actor, at: datetime) -> dict[str, int]:
    """Empty every C3/C4 value of a subject and destroy its event key; returns how many rows of each column.

    The events stay and the chain stays valid; nobody can read the values in them again. Refused under a legal hold.
    """
    if not privacy.may_erase(by, subject):
        raise PermissionDenied(str(Permission.REQUEST_DECIDE))
    if len(reason.strip()) < 2:
        raise refusal("PRIVACY-REASON", _("请写明删除的事由。"), "reason")
    kind, key, _label = subject
    locks.one_at_a_time(kind, key)
    held = sealed.held(kind, key)
    if held is not None:
        raise refusal("PRIVACY-HELD", _("数据已冻结（{reason}），解除前不能删除。"), reason=held.reason)
    emptied = {}
    for entry in registries.sealed_fields:
        count = _empty(entry, kind, key)
        if count:
            emptied[f"{entry.model}.{entry.column}"] = count
    events.record(
        Event.ERASED, (kind, key, ""), by=by, at=at, payload={"rows": emptied, "reason": reason.strip()[:200]}
    )
    events.forget((kind, key, ""), by=by, at=at)
    return emptied


def _empty(entry: registries.SealedField, kind: str, key: str) -> int:
    """Take the subject's values out of one column; returns how many rows held some."""
    rows = sealed.rows_of(entry, kind, key)
    if not sealed.is_json(entry):
        columns = {entry.column: "", **({entry.index: ""} if entry.index else {})}
        return rows.exclude(**{entry.column: ""}).update(**columns)
    changed = []
    for row in rows:
        held = getattr(row, entry.column)
        bare = sealed.mapped(held, lambda _name, _text: "")
        if bare != held:
            setattr(row, entry.column, bare)
            changed.append(row)
    sealed.model_of(entry)._default_manager.bulk_update(changed, [entry.column], batch_size=200)
    return len(changed)


@transaction.atomic
def hold(*, subject: Subject, reason: str, by: Actor, at: datetime) -> LegalHold:
    """Keep a subject's data from being erased, by request or by retention, until the hold is lifted."""
    if not privacy.may_erase(by, subject):
        raise PermissionDenied(str(Permission.REQUEST_DECIDE))
    if len(reason.strip()) < 2:
        raise refusal("PRIVACY-REASON", _("请写明冻结的事由。"), "reason")
    kind, key, _label = subject
    locks.one_at_a_time(kind, key)
    if sealed.held(kind, key) is not None:
        raise refusal("PRIVACY-HELD-ALREADY", _("这个对象的数据已经冻结。"))
    try:
        row = LegalHold.objects.create(
            subject_kind=kind, subject_id=key, reason=reason.strip()[:200], held_at=at,
            held_by=by if isinstance(by, User) else None,
        )  # fmt: skip
    except IntegrityError as error:
        raise refusal("PRIVACY-HELD-ALREADY", _("这个对象的数据已经冻结。")) from error
    events.record(Event.HELD, subject, by=by, at=at, payload={"reason": row.reason})
    return row


@transaction.atomic
def release(*, subject: Subject, by: Actor, at: datetime) -> LegalHold:
    """Lift the hold on a subject. Refused when there is none."""
    if not privacy.may_erase(by, subject):
        raise PermissionDenied(str(Permission.REQUEST_DECIDE))
    row = sealed.held(subject[0], subject[1])
    if row is None:
        raise refusal("PRIVACY-NOT-HELD", _("这个对象的数据没有冻结。"))
    row.lifted_at, row.lifted_by = at, by if isinstance(by, User) else None
    row.save(update_fields=["lifted_at", "lifted_by"])
    events.record(Event.RELEASED, subject, by=by, at=at)
    return row


def told(row: PersonalRequest) -> Mapping[str, str]:
    """The words of a request and its answer, in clear: for the person himself and who answers it."""
    return {
        "text": vault.decrypt(row.text, purpose=PURPOSE),
        "answer": vault.decrypt(row.answer, purpose=PURPOSE),
    }
