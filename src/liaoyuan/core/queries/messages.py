"""Reading messages: one's own by state, and those that wait for a person in 待办."""

from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.models import Message
from liaoyuan.core.models.messages import MessageQuerySet
from liaoyuan.core.queries.outlets import STATE_TITLES
from liaoyuan.core.registries import DueItem, DueSource


def own(user: Any, state: str = "") -> MessageQuerySet:
    """The user's messages, newest first; `state` narrows."""
    rows = Message.objects.visible_to(user).select_related("made_by", "call_list")
    return rows.filter(state=state) if state in STATE_TITLES else rows


def counts(user: Any) -> dict[str, int]:
    """The user's messages by state."""
    found = dict(Message.objects.visible_to(user).order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in STATE_TITLES}


def troubled(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """待办: messages that were not sent, or of which nobody knows; one line for each, however many."""
    found = dict(
        Message.objects.troubled().filter(keeper_id=user.pk).order_by().values_list("state").annotate(Count("pk"))
    )
    told = {"failed": _("{n} 条消息没有发出"), "unsure": _("{n} 条消息可能已发出，请核实")}
    items = [
        DueItem(told[state].format(n=found[state]), None, f"{reverse('core:message_list')}?state={state}", _("去处理"),
                code="message")
        for state in told
        if found.get(state)
    ]  # fmt: skip
    return items[:limit], len(items)


def count_open(user: Any) -> int:
    """How many messages of the user are not sent yet."""
    return Message.objects.filter(keeper_id=user.pk).exclude(state__in=("sent", "dropped")).count()


SOURCE = DueSource("core.messages", "消息", "", troubled)
