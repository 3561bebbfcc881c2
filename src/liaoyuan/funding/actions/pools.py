"""Money and quotas of a round. A pool is never set below what agreements have taken of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.models import Area
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.rounds import PoolSource, QuotaKind, RoundState
from liaoyuan.funding.models import Pool, Round, RoundQuota

_OPEN = (RoundState.PLANNED, RoundState.OPEN)


def _round(round_: Round, by: Actor) -> Round:
    access.require(by, Permission.EDIT, round_)
    entering.lock(rounds=[round_.pk])
    row = entering.living_round(round_)
    if row.state not in _OPEN:
        raise entering.refusal("ROUND-STATE", _("这一届已经结束，不能再改资金和名额。"))
    return row


@transaction.atomic
def set_pool(
    *, round_: Round, source: str, title: str, ceiling_fen: int, street: Area | None = None, document: str = "",
    by: Actor, at: datetime,
) -> Pool:  # fmt: skip
    """Enter a pool, or change the one of this title."""
    row = _round(round_, by)
    if source not in {str(s) for s in PoolSource}:
        raise entering.refusal("POOL-SOURCE", _("请选择资金来源。"), "source")
    held = Pool.objects.select_for_update().filter(round=row, title=title.strip()).first()
    used = held.committed_fen if held is not None else 0
    if ceiling_fen < used or ceiling_fen < 0:
        told = _("总额不能低于协议已用的 {used} 元。")
        raise entering.refusal("POOL-USED", told, "ceiling_fen", used=f"{used / 100:.2f}")
    before = held.ceiling_fen if held is not None else None
    made = held or Pool(round=row, title=title.strip())
    made.source, made.ceiling_fen, made.street, made.document = source, ceiling_fen, street, document.strip()[:80]
    made.save()
    payload = {"pool": made.pk, "title": made.title, "changes": {"ceiling_fen": [before, ceiling_fen]}}
    events.record(Event.POOL_SET, row, by=by, at=at, payload=payload)
    return made


@transaction.atomic
def drop_pool(*, pool: Pool, by: Actor, at: datetime) -> None:
    """Take away a pool of which nothing was used, before the round is opened."""
    row = _round(pool.round, by)
    held = Pool.objects.select_for_update().get(pk=pool.pk)
    if row.state != RoundState.PLANNED or held.committed_fen:
        raise entering.refusal("POOL-KEPT", _("发布以后，或者已有协议使用，资金池不能删除。"))
    payload = {"title": held.title, "changes": {"ceiling_fen": [held.ceiling_fen, None]}}
    held.delete()
    events.record(Event.POOL_SET, row, by=by, at=at, payload=payload)


@transaction.atomic
def set_quotas(*, round_: Round, lines: Sequence[Mapping[str, Any]], by: Actor, at: datetime) -> list[RoundQuota]:
    """Set all quotas of a round at once. A line: kind, value, least, most (projects), most_fen."""
    row = _round(round_, by)
    seen = set()
    for line in lines:
        key = (line["kind"], line.get("value", ""))
        if line["kind"] not in {str(kind) for kind in QuotaKind}:
            raise entering.refusal("QUOTA-KIND", _("请选择名额的口径。"), "kind")
        if key in seen:
            raise entering.refusal("QUOTA-TWICE", _("同一个对象有两行名额。"), "value")
        seen.add(key)
        least, most = line.get("least"), line.get("most")
        if least is not None and most is not None and most < least:
            raise entering.refusal("QUOTA-ORDER", _("名额的“至多”不能少于“至少”。"), "most")
    row.quotas.all().delete()
    made = [RoundQuota(round=row, **{name: line.get(name) for name in ("kind", "least", "most", "most_fen")},
                  value=line.get("value", "")) for line in lines]  # fmt: skip
    RoundQuota.objects.bulk_create(made)
    events.record(Event.QUOTA_SET, row, by=by, at=at, payload={"lines": len(made)})
    return made
