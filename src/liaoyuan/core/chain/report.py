"""The verdict over a chain, from the database or from an exported file alone.

Integrity and completeness are told apart: that nothing inside was touched can be proven from inside; that nothing was
cut off at the end, or made anew as a whole, only against a head that was kept elsewhere. Without one completeness reads
"not provable".
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from liaoyuan.core.chain import faults as kinds
from liaoyuan.core.chain.faults import Fault
from liaoyuan.core.chain.heads import Head, is_signed, rising
from liaoyuan.core.chain.links import Link
from liaoyuan.core.chain.walk import Outcome, Walk

PROVEN = "proven"
NOT_PROVABLE = "not provable"
CUT_OFF = "cut"


@dataclass(slots=True)
class Evidence:
    """What stands beside the rows.

    `local` are the heads of the database and of the log (each in order), `outside` those kept elsewhere.
    `half_sealed` counts rows with a hash but no number; `traces` are signs inside the database that rows were removed.
    """

    public_key: str
    local: Sequence[Iterable[Head]]
    outside: Sequence[Head] = ()
    half_sealed: int = 0
    traces: Sequence[str] = ()
    forged: list[int] = field(default_factory=list)

    def heads(self) -> Iterator[Head]:
        """All heads that may be trusted, in order of their numbers; numbers of unsigned ones go to `forged`."""
        streams = [rising(stream) for stream in self.local]
        kept = sorted(self.outside, key=lambda head: head.seq)
        last: Head | None = None
        for head in heapq.merge(*streams, kept, key=lambda head: head.seq):
            if head.outside or head == last or is_signed(head, self.public_key):
                last = head if not head.outside else last
                yield head
            elif len(self.forged) < kinds.TOLD:
                self.forged.append(head.seq)


def check(links: Iterable[Link], evidence: Evidence) -> tuple[Outcome, list[Fault]]:
    """Walk the chain; returns the outcome and all faults."""
    outcome = Walk(links, evidence.heads()).run()
    found = list(outcome.faults)
    if evidence.forged and not any(fault.kind == kinds.REWRITTEN for fault in found):
        found.append(Fault(kinds.REWRITTEN, evidence.forged[0]))
    found.sort(key=lambda fault: fault.seq or 0)
    found.extend(Fault(kinds.INSERTED, None) for _ in range(min(evidence.half_sealed, kinds.TOLD)))
    return outcome, found


def verdict(links: Iterable[Link], evidence: Evidence) -> dict[str, Any]:
    """The machine-readable verdict, without the counts of events.

    `ok` is false when anything was found, or when traces say that something is gone. `faults_more` counts faults beyond
    the first thousand. `proven_through` is the last number an outside head vouches for.
    """
    outcome, found = check(links, evidence)
    cut = any(fault.kind == kinds.CUT for fault in found)
    proven = bool(evidence.outside) and outcome.outside_matched > 0
    completeness = CUT_OFF if cut else PROVEN if proven and not evidence.traces else NOT_PROVABLE
    return {
        "ok": not found and not outcome.more and not evidence.traces,
        "integrity": "faulty" if found else "ok",
        "completeness": completeness,
        "proven_through": outcome.outside_matched,
        "outside_head": "checked" if evidence.outside else "not given",
        "traces": list(evidence.traces),
        "faults": [fault.as_dict() for fault in found],
        "faults_more": outcome.more,
    }
