"""Import batches as the interface tells them: the report of the command line, its lines cut into pages."""

from collections.abc import Iterable
from typing import Any

from liaoyuan.api.params import REPORT_LINES
from liaoyuan.core.choices import JobState, Verdict
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.core.queries import batches, jobs

_WRITTEN = {"create": "created", "update": "updated", "unchanged": "unchanged"}


def _verdicts(batch: ImportBatch) -> dict[str, int]:
    return {str(verdict): int(batch.counts.get(str(verdict), 0)) for verdict in Verdict}


def report(batch: ImportBatch) -> dict[str, Any]:
    """The report of `core.queries.batches` with at most `REPORT_LINES` lines, and where the batch stands."""
    verdicts = _verdicts(batch)
    rows = batch.rows.order_by("number")
    return {
        "batch": str(batch.pk),
        "state": batch.state,
        "area": batch.area.code,
        "as_of": batch.as_of,
        "kind": batch.kind,
        "file": batch.file_name,
        "sha256": batch.sha256,
        "encoding": batch.encoding or None,
        "sheet": batch.sheet or None,
        "header_rows": batch.header_rows,
        "mapping": batch.mapping,
        "rows": sum(verdicts.values()),
        "verdicts": verdicts,
        **{title: int(batch.counts.get(f"accept:{action}", 0)) for action, title in _WRITTEN.items()},
        "work": work(batch),
        "waiting": batches.waiting(batch),
        "notes": batch.notes,
        "lines_total": rows.count(),
        "lines": lines(batch, rows[:REPORT_LINES]),
    }


def work(batch: ImportBatch) -> dict[str, Any] | None:
    """The job at work on the batch, or what it failed of; None when nothing is under way."""
    job = jobs.of_subject("importbatch", batch.pk)
    if job is None or job.state == JobState.DONE:
        return None
    return {"state": job.state, "done": job.done, "total": job.total, "sentence": job.error or job.sentence}


def lines(batch: ImportBatch, rows: Iterable[ImportRow]) -> list[dict[str, Any]]:
    """Rows of the sheet as the report shows them: secrets masked, the sheet's own text left out."""
    session = batches.session_of(batch)
    return [
        {
            "row": row.number,
            "verdict": row.verdict,
            "action": row.action or None,
            "key": row.key,
            "fields": session.shown(row.fields),
            "findings": row.findings,
        }
        for row in rows
    ]


def line(batch: ImportBatch) -> dict[str, Any]:
    """One batch of the list."""
    verdicts = _verdicts(batch)
    return {
        "batch": str(batch.pk), "state": batch.state, "kind": batch.kind, "file": batch.file_name,
        "area": batch.area.code, "as_of": batch.as_of, "rows": sum(verdicts.values()), "verdicts": verdicts,
    }  # fmt: skip


def written(batch: ImportBatch) -> dict[str, Any]:
    """What applying did."""
    return {
        "batch": str(batch.pk), "state": batch.state, "created": int(batch.counts.get("written:create", 0)),
        "updated": int(batch.counts.get("written:update", 0)), "work": work(batch),
    }  # fmt: skip
