"""The ledger of the pools: the only writer of what agreements take of them, what is paid and what comes back.

Everything here runs inside the transaction of its action and under the lock of the round (`entering.lock`).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.awards import EntryKind
from liaoyuan.funding.models import Agreement, AgreementShare, Pool, PoolEntry
from liaoyuan.funding.rules.spreading import spread
from liaoyuan.kit.money import format_yuan


def commit(
    agreement: Agreement, wanted: Sequence[tuple[Pool, int]], *, reason: str, by: Actor, at: datetime
) -> list[AgreementShare]:
    """Take money of pools for an agreement. Refused with the pool's name where too little is left."""
    made = []
    for pool, fen in wanted:
        held = Pool.objects.select_for_update().get(pk=pool.pk)
        if fen > held.left_fen:
            told = _("“{pool}”只剩 {left} 元，不够协议所要的 {amount} 元。")
            raise entering.refusal("POOL-SHORT", told, "shares", pool=held.title, left=format_yuan(held.left_fen),
                                   amount=format_yuan(fen))  # fmt: skip
        share = AgreementShare(agreement=agreement, pool=held, amount_fen=0)
        _write(share, EntryKind.COMMITTED, fen, reason=reason, by=by, at=at)
        made.append(share)
    return made


def release(agreement: Agreement, fen: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Give back to the pools what an agreement will not need, in proportion to what is not paid of each."""
    shares = _shares(agreement)
    _over(shares, [share.amount_fen - share.paid_fen for share in shares], EntryKind.RELEASED, fen, reason, by, at)


def pay(agreement: Agreement, fen: int, *, tranche_no: int, reason: str, by: Actor, at: datetime) -> None:
    """Enter a payment over the pools of the agreement."""
    shares = _shares(agreement)
    rooms = [share.amount_fen - share.paid_fen for share in shares]
    _over(shares, rooms, EntryKind.PAID, fen, reason, by, at, tranche_no=tranche_no)


def give_back(agreement: Agreement, fen: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Enter money that came back from the body."""
    shares = _shares(agreement)
    _over(shares, [share.paid_fen - share.returned_fen for share in shares], EntryKind.RETURNED, fen, reason, by, at)


def _shares(agreement: Agreement) -> list[AgreementShare]:
    return list(AgreementShare.objects.select_for_update().filter(agreement=agreement).order_by("pk"))


def _over(
    shares: Sequence[AgreementShare], rooms: Sequence[int], kind: EntryKind, fen: int, reason: str, by: Actor,
    at: datetime, *, tranche_no: int | None = None,
) -> None:  # fmt: skip
    if fen > sum(rooms):
        told = _("金额 {amount} 元超过这份协议还有的 {room} 元。")
        raise entering.refusal("LEDGER-ROOM", told, "amount_fen", amount=format_yuan(fen),
                               room=format_yuan(sum(rooms)))  # fmt: skip
    for share, part in zip(shares, spread(fen, rooms), strict=True):
        if part:
            share.pool = Pool.objects.select_for_update().get(pk=share.pool_id)
            _write(share, kind, part, reason=reason, by=by, at=at, tranche_no=tranche_no)


def _write(
    share: AgreementShare, kind: EntryKind, fen: int, *, reason: str, by: Actor, at: datetime,
    tranche_no: int | None = None,
) -> None:  # fmt: skip
    """One entry with the sums that it changes. The database refuses what goes below zero or above the ceiling."""
    pool = share.pool
    if kind in (EntryKind.COMMITTED, EntryKind.RELEASED):
        moved = fen if kind == EntryKind.COMMITTED else -fen
        pool.committed_fen += moved
        share.amount_fen += moved
    elif kind == EntryKind.PAID:
        pool.paid_fen += fen
        share.paid_fen += fen
    else:
        pool.returned_fen += fen
        share.returned_fen += fen
    try:
        with transaction.atomic():
            pool.save(update_fields=["committed_fen", "paid_fen", "returned_fen"])
            share.save()
    except IntegrityError as error:
        raise entering.refusal("POOL-SHORT", _("超出资金池“{pool}”的余额。"), "shares", pool=pool.title) from error
    PoolEntry.objects.create(
        pool=pool, agreement=share.agreement, kind=str(kind), amount_fen=fen, tranche_no=tranche_no,
        reason=reason.strip()[:120], entered_on=localdate(at), entered_at=at, entered_by=entering.recorder(by),
    )  # fmt: skip
