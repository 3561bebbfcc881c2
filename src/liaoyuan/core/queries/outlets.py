"""Reading outlets: how each is set up, which are open, how their messages fare. Their secrets leave only to send."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, Q

from liaoyuan.core import clock, vault
from liaoyuan.core.choices import MessageState, OutletKind
from liaoyuan.core.models import Job, Message, Outlet
from liaoyuan.core.outlets.parcels import Setup

PURPOSE = "outlet.secret"
KIND_TITLES: dict[str, str] = {
    OutletKind.FILE: "发件箱文件夹",
    OutletKind.WEBHOOK: "群机器人",
    OutletKind.SMTP: "邮件",
}
STATE_TITLES: dict[str, str] = {
    "queued": "等候发送", "sending": "正在发送", "sent": "已发出", "failed": "没有发出", "unsure": "可能已发出",
    "dropped": "已放弃",
}  # fmt: skip
MARKS = {"sent": "ok", "failed": "reject", "unsure": "review", "dropped": "closed"}


class Shown(NamedTuple):
    """An outlet as the console shows it."""

    kind: str
    active: bool
    row: Outlet | None
    counts: dict[str, int]
    problems: list[Message]


def row_of(kind: str) -> Outlet | None:
    """The outlet's row; None while it was never set up."""
    return Outlet.objects.filter(kind=kind).first()


def is_open(kind: str) -> bool:
    """Whether messages may leave by it. The folder is open until it is closed."""
    row = row_of(kind)
    return row.is_active if row is not None else kind == OutletKind.FILE


def active() -> list[str]:
    """The kinds of outlets that are open."""
    rows = dict(Outlet.objects.values_list("kind", "is_active"))
    return [str(kind) for kind in OutletKind if rows.get(kind, kind == OutletKind.FILE)]


def setup_of(kind: str) -> Setup:
    """Options and secret in clear, for a sending."""
    row = row_of(kind)
    return Setup() if row is None else Setup(dict(row.options), vault.decrypt(row.secret, purpose=PURPOSE))


def console() -> list[Shown]:
    """All outlets with their messages by state and the latest problems, without names and texts."""
    rows = {row.kind: row for row in Outlet.objects.select_related("changed_by")}
    found = Message.objects.order_by().values_list("outlet", "state").annotate(Count("pk"))
    counts = {(outlet, state): n for outlet, state, n in found}
    troubled = Message.objects.troubled().order_by("-ended_at", "-pk").defer("text", "title", "covers", "subject_label")
    return [
        Shown(
            str(kind),
            rows[kind].is_active if kind in rows else kind == OutletKind.FILE,
            rows.get(kind),
            {state: counts.get((str(kind), state), 0) for state in STATE_TITLES},
            list(troubled.filter(outlet=kind)[:5]),
        )
        for kind in OutletKind
    ]


def stranded() -> tuple[list[int], list[int]]:
    """Messages that wait with no job to come for them, and such as a job that is over was sending."""
    live = list(Job.objects.unfinished().filter(code="core.messages").values_list("pk", "args", "state", "token"))
    coming = {pk for _job, args, _state, _token in live for pk in args}
    claims = {f"{pk}.{token}" for pk, _args, state, token in live if state == "running"}
    old = clock.real_now() - timedelta(minutes=5)
    queued = Message.objects.filter(Q(next_at__isnull=True) | Q(next_at__lt=old), state=MessageState.QUEUED)
    sending = Message.objects.filter(state=MessageState.SENDING).values_list("pk", "claim")
    return (
        [pk for pk in queued.order_by("pk").values_list("pk", flat=True) if pk not in coming],
        [pk for pk, claim in sending.order_by("pk") if claim not in claims and pk not in coming],
    )
