"""Deciding differences of a comparison, and bringing what was decided for the other side into one import batch.

A difference is decided once: who comes second is told by whom and how. To decide otherwise one names the decision that
is to be replaced. Nothing of ours is overwritten here: the batch is previewed, imported and undone as any other.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, locks, registries, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.actions.comparing import RAW
from liaoyuan.core.choices import CompareState, DifferenceOutcome, DifferenceSort, Event
from liaoyuan.core.models import Comparison, Difference, DifferenceDecision, ImportBatch, User
from liaoyuan.core.queries import comparing as queries
from liaoyuan.core.staging import ReadRow, note
from liaoyuan.kit.findings import Refused, Severity

#: So many differences are decided in one step at most.
MOST_AT_ONCE = 500
#: So many at most when all that a list shows are decided together.
MOST_MATCHING = 20_000


@dataclass(slots=True)
class Decided:
    """What became of the chosen differences: how many were decided, which somebody else had decided, which cannot be
    decided so."""

    done: int = 0
    taken: list[Difference] = field(default_factory=list)
    unfit: list[Difference] = field(default_factory=list)


@transaction.atomic
def decide(
    *, comparison: Comparison, chosen: Mapping[int, int], outcome: str, note_text: str = "", by: Actor, at: datetime
) -> Decided:
    """Decide differences: {difference: the decision one saw on it, 0 for none}.

    Those whose decision is another one by now are left alone and told. Refused for an unknown outcome, for too many,
    and when nothing could be decided although something was chosen that somebody else had decided.
    """
    access.require_area(by, registries.import_kinds[comparison.kind].permission, comparison.area.path)
    if outcome not in set(DifferenceOutcome):
        raise Refused([note("CMP-OUTCOME", Severity.BLOCK, _("请选择处理办法。"), field_name="outcome")])
    if not chosen or len(chosen) > MOST_AT_ONCE:
        message = _("请先勾选差异。") if not chosen else _("一次最多处理 {n} 处。")
        raise Refused([note("CMP-CHOSEN", Severity.BLOCK, message, n=MOST_AT_ONCE)])
    locks.one_at_a_time("compare.decide", comparison.kind, comparison.area_id)
    rows = list(
        Difference.objects.select_for_update(of=("self",))
        .filter(comparison=comparison, pk__in=chosen)
        .select_related("decision__decided_by")
        .order_by("pk")
    )
    told = Decided()
    fresh: list[Difference] = []
    for row in rows:
        if (row.decision_id or 0) != chosen[row.pk]:
            told.taken.append(row)
        elif outcome == DifferenceOutcome.THEIRS and not fits(row):
            told.unfit.append(row)
        else:
            fresh.append(row)
    if fresh:
        _write(comparison, fresh, outcome, note_text, by=by, at=at)
        told.done = len(fresh)
    return told


@transaction.atomic
def decide_matching(
    *, comparison: Comparison, asked: queries.Asked, seen: str, outcome: str, note_text: str = "", by: Actor,
    at: datetime,
) -> Decided:  # fmt: skip
    """Decide every difference that a list shows, each with a decision of its own that can be taken back by itself.

    `seen` is the stamp of what the person saw (`queries.stamp`): refused when anybody has decided one of them since.
    Those that cannot be decided for the other side are left alone and told.
    """
    access.require_area(by, registries.import_kinds[comparison.kind].permission, comparison.area.path)
    if outcome not in (DifferenceOutcome.THEIRS, DifferenceOutcome.OURS):
        raise Refused([note("CMP-OUTCOME", Severity.BLOCK, _("请选择处理办法。"), field_name="outcome")])
    locks.one_at_a_time("compare.decide", comparison.kind, comparison.area_id)
    matching = queries.matching(comparison, asked)
    if queries.stamp(matching).text != seen:
        message = _("您打开页面之后，其中有差异已被处理或条件变了，没有改动。请核对现在的清单再处理。")
        raise Refused([note("CMP-STALE", Severity.BLOCK, message)])
    rows = list(matching.select_related(None).select_for_update(of=("self",))[: MOST_MATCHING + 1])
    if not rows or len(rows) > MOST_MATCHING:
        message = _("一次最多处理 {n} 处，请缩小条件。") if rows else _("没有符合条件的差异。")
        raise Refused([note("CMP-CHOSEN", Severity.BLOCK, message, n=MOST_MATCHING)])
    fresh = rows if outcome == DifferenceOutcome.OURS else [row for row in rows if fits(row)]
    if fresh:
        _write(comparison, fresh, outcome, note_text, by=by, at=at, asked=asked)
    kept = {row.pk for row in fresh}
    return Decided(done=len(fresh), unfit=[row for row in rows if row.pk not in kept])


def fits(row: Difference) -> bool:
    """Whether the other side's word could be brought in: it says something, and it was read."""
    if row.sort == DifferenceSort.THERE:
        return True
    return row.sort == DifferenceSort.CELL and any(
        value not in (None, "", {}) for name, value in row.there.items() if name != RAW
    )


def _write(
    comparison: Comparison, rows: list[Difference], outcome: str, note_text: str, *, by: Actor, at: datetime,
    asked: queries.Asked | None = None,
) -> None:  # fmt: skip
    """One decision each, in place of those that stood; earlier comparisons with the same differences learn of them."""
    text = note_text.strip()[:200]
    alike = {"kind": comparison.kind, "area": comparison.area}
    last = DifferenceDecision.objects.filter(**alike).aggregate(last=Max("pk"))["last"] or 0
    user = by if isinstance(by, User) else None
    for part in batched(rows, MOST_AT_ONCE):
        replaced = [row.decision_id for row in part if row.decision_id]
        DifferenceDecision.objects.filter(pk__in=replaced).update(superseded_at=at)
        DifferenceDecision.objects.bulk_create(
            DifferenceDecision(**alike, mark=row.mark, outcome=outcome, note=text, decided_at=at, decided_by=user)
            for row in part
        )
    made = DifferenceDecision.objects.filter(**alike, pk__gt=last, mark=OuterRef("mark"), superseded_at__isnull=True)
    shown = Comparison.objects.filter(**alike).values("pk")
    Difference.objects.filter(Exists(made), comparison__in=shown).update(decision=made.values("pk")[:1])
    told: dict[str, Any] = {
        "outcome": outcome, "count": len(rows), "note": text,
        "differences": [[row.key, row.field] for row in rows[:50]],
    }  # fmt: skip
    if asked is not None:
        told["asked"] = {name: value for name, value in asked._asdict().items() if value}
    events.record(Event.DIFFERENCES_DECIDED, comparison, by=by, at=at, payload=told)


@transaction.atomic
def bring_in(*, comparison: Comparison, by: Actor, at: datetime) -> ImportBatch:
    """Stage what was decided for the other side as one import batch; importing and undoing it is the importer's work.

    Refused when nothing was decided so. The same decisions give the same batch as long as it waits.
    """
    kind = registries.import_kinds[comparison.kind]
    access.require_area(by, kind.permission, comparison.area.path)
    comparison = Comparison.objects.select_for_update(of=("self",)).select_related("area").get(pk=comparison.pk)
    rows = queries.decided(comparison, DifferenceOutcome.THEIRS)
    if not rows or comparison.state != CompareState.DONE:
        raise Refused([note("CMP-NOTHING", Severity.BLOCK, _("还没有决定“以对方为准”的差异。"))])
    session = kind.session(area=comparison.area, as_of=comparison.as_of, at=at, unit=comparison.unit or None)
    book = registries.compare_kinds[comparison.kind].book(area=comparison.area, as_of=comparison.as_of)
    book.load([row.object_id for row in rows if row.object_id])
    keys = "\x1f".join(f"{row.pk}:{row.decision_id}" for row in rows)
    batch = staging.stage_rows(
        kind, _read(rows, session, book), session, area=comparison.area, as_of=comparison.as_of,
        file_name=_("对账：{name}").format(name=comparison.file_name),
        file_key=hashlib.sha256(f"compare:{comparison.pk}:{keys}".encode()).hexdigest(),
        notes=[_("由对账中决定“以对方为准”的差异组成。")], by=by, at=at,
    )  # fmt: skip
    comparison.batch = batch
    comparison.save(update_fields=["batch"])
    return batch


def _read(rows: list[Difference], session: Any, book: Any) -> list[ReadRow]:
    """One row per record: what is stored with the decided cells; a row we do not have as it was read."""
    groups: dict[tuple[int | None, str], list[Difference]] = {}
    for row in rows:
        groups.setdefault((row.object_id, "" if row.object_id else row.mark), []).append(row)
    found = []
    for number, ((pk, _mark), group) in enumerate(groups.items(), 1):
        fields: dict[str, Any] = dict(book.basis(pk, [row.field for row in group])) if pk else {}
        doubts: list[Any] = []
        for row in group:
            for name, value in session.opened(row.there).items():
                kept = fields.get(name)
                fields[name] = {**kept, **value} if isinstance(kept, dict) and isinstance(value, dict) else value
            doubts += queries.doubts_of(row)
        made = session.again(number, fields, object_id=pk)
        made.findings = [*doubts, *made.findings]
        found.append(made)
    return found
