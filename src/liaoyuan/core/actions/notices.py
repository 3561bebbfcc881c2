"""通知公告: drafted, published, pinned, withdrawn by who keeps the place; marked as read by the reader."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.actions.accounts import person
from liaoyuan.core.choices import Audience, Event, NoticeState, Permission
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, Notice, NoticeRead, User
from liaoyuan.core.queries import notices
from liaoyuan.core.registries import FilePurpose, FileSubject
from liaoyuan.kit.findings import Finding, Refused, Severity


def _refuse(code: str, sentence: str, field: str = "") -> Refused:
    return Refused([Finding(code, Severity.BLOCK, sentence, field=field)])


def _held(notice: Notice, by: Actor) -> Notice:
    """The notice under lock, for who keeps its place."""
    row = Notice.objects.select_for_update(of=("self",)).select_related("area").get(pk=notice.pk)
    access.require_area(by, Permission.NOTICE_EDIT, row.area.path)
    return row


@transaction.atomic
def save(
    *, notice: Notice | None, title: str, text: str, audience: str, area: Area, valid_from: date, by: Actor,
    at: datetime, valid_until: date | None = None, roles: Sequence[str] = (), pinned: bool = False, version: int = 0,
) -> Notice:  # fmt: skip
    """Write a draft, or write it over. `version` is the one the form was opened with."""
    access.require_area(by, Permission.NOTICE_EDIT, area.path)
    row = _held(notice, by) if notice is not None else Notice(made_at=at, made_by=person(by), version=0)
    if row.state != NoticeState.DRAFT:
        raise _refuse("NOTICE-STATE", _("已发布的通知不能修改，请撤回后另发。"))
    if notice is not None and row.version != version:
        raise _refuse("NOTICE-STALE", _("有人刚刚改过这份通知，请重新打开后再改。"))
    if not title.strip() or not notices.paragraphs(text):
        raise _refuse("NOTICE-EMPTY", _("请写标题和内容。"), "text")
    if valid_until is not None and valid_until < valid_from:
        raise _refuse("NOTICE-DATES", _("止日不能早于起日。"), "valid_until")
    unknown = set(roles) - set(access.roles())
    if unknown or audience not in list(Audience):
        raise _refuse("NOTICE-AUDIENCE", _("请选择发给谁。"), "audience")
    row.title, row.text, row.audience, row.area = title.strip(), text.strip(), audience, area
    row.roles = f",{','.join(sorted(roles))}," if roles and audience != Audience.PUBLIC else ""
    row.valid_from, row.valid_until, row.pinned, row.version = valid_from, valid_until, pinned, row.version + 1
    row.save()
    events.record(Event.NOTICE_SAVED, row, by=by, at=at, payload={"audience": audience, "area": area.code})
    return row


@transaction.atomic
def publish(*, notice: Notice, by: Actor, at: datetime) -> Notice:
    """Let a draft be seen from its first day on."""
    row = _held(notice, by)
    if row.state != NoticeState.DRAFT:
        raise _refuse("NOTICE-STATE", _("只有草稿才能发布。"))
    if row.valid_until is not None and row.valid_until < localdate(at):
        raise _refuse("NOTICE-OVER", _("止日已过，请改后再发布。"), "valid_until")
    row.state, row.published_at, row.published_by = NoticeState.PUBLISHED, at, person(by)
    row.save(update_fields=["state", "published_at", "published_by"])
    told = {"audience": row.audience, "area": row.area.code, "version": row.version}
    events.record(Event.NOTICE_PUBLISHED, row, by=by, at=at, payload=told)
    return row


@transaction.atomic
def withdraw(*, notice: Notice, reason: str, by: Actor, at: datetime) -> Notice:
    """Take a published notice back, for a reason; it stays with those who keep it."""
    row = _held(notice, by)
    if row.state != NoticeState.PUBLISHED:
        raise _refuse("NOTICE-STATE", _("只有已发布的通知才能撤回。"))
    if not reason.strip():
        raise _refuse("NOTICE-REASON", _("请写明撤回的事由。"), "reason")
    row.state, row.withdrawn_at, row.withdrawn_by = NoticeState.WITHDRAWN, at, person(by)
    row.withdrawn_because = reason.strip()[:100]
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_because"])
    events.record(Event.NOTICE_WITHDRAWN, row, by=by, at=at, payload={"reason": row.withdrawn_because})
    return row


@transaction.atomic
def mark_read(*, notice: Notice, by: User, at: datetime) -> None:
    """The reader has read it. A convenience of his own, so it writes no event."""
    if not notices.visible(by, localdate(at)).filter(pk=notice.pk).exists():
        raise Notice.DoesNotExist
    NoticeRead.objects.get_or_create(notice=notice, user=by, defaults={"read_at": at})


#: What the files of a draft need to know of it.
SUBJECT = FileSubject(
    kind=notices.KIND, title="通知公告", find=notices.to_file, holder=lambda notice: notice,
    label=lambda notice: notice.title,
    address=lambda notice: reverse("core:notice", args=[notice.pk]), papers=lambda notice: "",
    chain=lambda notice: policy.chain(notice.area.path),
)  # fmt: skip
PURPOSE_TITLES = {notices.PURPOSE: "通知附件"}
FILES = FilePurpose(
    notices.PURPOSE, PURPOSE_TITLES[notices.PURPOSE], (notices.KIND,), view=(Permission.NOTICE_EDIT,),
    edit=(Permission.NOTICE_EDIT,), sensitivity="C1", general=True,
)  # fmt: skip
