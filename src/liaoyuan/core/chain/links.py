"""One link of the audit chain: an event's stored fields, its number, and the hash that ties it to the one before.

The rule a third party can repeat without our code: take one JSON object with every name of `FIELDS` and `seq` and
`prev_hash`; keys sorted, no blanks, characters as they are (UTF-8), whole floats written as integers; hash it with
SHA-256, in the gm profile with SM3; write lower-case hex. The first event's `prev_hash` is 64 zeros. Moments are UTC
texts with six decimals (`2026-10-26T02:00:00.000000Z`). The database's transaction number is left out: it only tells
the sealer when an event may be numbered, and another database gives another one.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes

#: What stands before the first event.
GENESIS = "0" * 64
#: Every stored field of an event that the hash covers, besides `seq` and `prev_hash`.
FIELDS = (
    "id",
    "code",
    "at",
    "recorded_at",
    "actor",
    "actor_name",
    "channel",
    "on_behalf",
    "subject_kind",
    "subject_id",
    "subject_label",
    "payload",
)
SHA256 = "sha256"
SM3 = "sm3"
ALGORITHMS = (SHA256, SM3)
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


@dataclass(slots=True)
class Link:
    """One numbered event as it is stored now. `content` holds the names of `FIELDS`, moments as texts."""

    seq: int
    prev_hash: str
    hash: str
    content: dict[str, Any]


def moment(at: datetime) -> str:
    """A moment as the chain writes it: UTC, six decimals, `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _number(text: str) -> int | float | str:
    """A JSON number with a point or an exponent: a whole one as an integer, for the two databases write the same number
    differently; one beyond all measure stays a text, so that it cannot stop the sealer.
    """
    value = float(text)
    if math.isinf(value):
        return text
    return int(value) if value.is_integer() else value


def payload(stored: Any) -> Any:
    """A stored JSON text as the chain reads it. A text that is no JSON any more stays the text it is."""
    if not isinstance(stored, str):
        return stored
    try:
        return json.loads(stored, parse_float=_number, parse_constant=str)
    except ValueError:
        return stored


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one spelling of a JSON object. Raises ValueError for NaN and infinity."""
    return _encode(value).encode("utf-8", "surrogatepass")


def digest(content: Mapping[str, Any], seq: int, prev_hash: str, algorithm: str = SHA256) -> str:
    """Hash of an event with this content at place `seq` after `prev_hash`: 64 hex digits."""
    body = canonical({**content, "seq": seq, "prev_hash": prev_hash})
    if algorithm == SHA256:
        return hashlib.sha256(body).hexdigest()
    if algorithm == SM3:
        engine = hashes.Hash(hashes.SM3())
        engine.update(body)
        return engine.finalize().hex()
    raise ValueError(f"unknown hash algorithm {algorithm!r}")


class Fitting:
    """Asks whether a content belongs to a place. Remembers which algorithm fitted last: a profile may change once."""

    def __init__(self) -> None:
        self._order = list(ALGORITHMS)

    @property
    def likely(self) -> str:
        """The algorithm that fitted last."""
        return self._order[0]

    def __call__(self, content: Mapping[str, Any], seq: int, prev_hash: str, expected: str) -> bool:
        """Whether an event with this content, at this place, after this hash, has the expected hash."""
        if len(expected) != len(GENESIS):
            return False
        for algorithm in self._order:
            try:
                found = digest(content, seq, prev_hash, algorithm)
            except ValueError:
                return False  # no JSON that we ever wrote
            if found == expected:
                if algorithm != self._order[0]:
                    self._order.reverse()
                return True
        return False
