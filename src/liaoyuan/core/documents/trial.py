"""A template's first run, beside the server: a second process with bounds on time and memory reads and fills it.

`python -m liaoyuan.core.documents.trial` reads a JSON line (template in base64, places, wanted names, examples) and
answers with its faults. What it refuses, or does not finish, never runs inside a request.
"""

import base64
import json
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from liaoyuan.core.documents import reading, words
from liaoyuan.core.documents.words import Fault

SECONDS = 20
_MEMORY = 1 << 30
_MOST_BLOCKS = 5000


def run(
    template: bytes, places: Mapping[str, str], wanted: Sequence[str], examples: Mapping[str, Any]
) -> list[Fault]:  # fmt: skip
    """Judge a template in a process of its own."""
    told = json.dumps(
        {"template": base64.b64encode(template).decode(), "places": dict(places), "wanted": list(wanted),
         "examples": dict(examples)}
    )  # fmt: skip
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "liaoyuan.core.documents.trial"], input=told.encode(), capture_output=True,
            timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [Fault("slow", {"seconds": str(SECONDS)})]
    try:
        return [Fault(code, args) for code, args in json.loads(ended.stdout)]
    except ValueError:
        return [Fault("unreadable")]


def judge(told: Mapping[str, Any]) -> list[Fault]:
    """The work itself: check, fill with the examples, read back as the PDF would."""
    template = base64.b64decode(told["template"])
    found = words.check(template, told["places"], wanted=told["wanted"])
    if found:
        return found
    try:
        filled = words.fill(template, told["examples"], title="", author="", at=datetime(2000, 1, 1, tzinfo=UTC))
        if len(reading.blocks(filled)) > _MOST_BLOCKS:
            return [Fault("too_big", {"limit": "1"})]
    except Exception:
        return [Fault("unreadable")]
    return []


def main() -> None:
    """Read, judge, answer."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    found = judge(json.load(sys.stdin))
    json.dump([[fault.code, dict(fault.args)] for fault in found], sys.stdout)


if __name__ == "__main__":
    main()
