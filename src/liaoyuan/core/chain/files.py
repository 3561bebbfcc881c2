"""The exported chain: one JSON-lines file that can be checked alone, without database and without our server.

Line 1 names the format, the moment and the public key; then one line per head, one per event in order of number,
events not yet sealed last, and a closing line with the counts.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from liaoyuan.core.chain.heads import Head, from_line
from liaoyuan.core.chain.links import FIELDS, Link, canonical
from liaoyuan.core.chain.report import Evidence, verdict

FORMAT = "liaoyuan-audit-export"


class ExportError(ValueError):
    """The file cannot be used. The message is a sentence for people."""


def write(
    file: TextIO, *, at: str, public_key: str, heads: Iterable[Head], links: Iterable[Link], unsealed: Iterable[Any]
) -> dict[str, int]:
    """Write the file; `unsealed` are contents without number. Returns the counts of the closing line."""
    counts = {"heads": 0, "sealed": 0, "unsealed": 0}

    def put(told: dict[str, Any]) -> None:
        file.write(canonical(told).decode("utf-8", "surrogatepass") + "\n")

    put({"format": FORMAT, "version": 1, "exported_at": at, "public_key": public_key})
    for head in heads:
        put({"head": head.as_dict(public_key)})
        counts["heads"] += 1
    for link in links:
        put({"event": {**link.content, "seq": link.seq, "prev_hash": link.prev_hash, "hash": link.hash}})
        counts["sealed"] += 1
    for content in unsealed:
        put({"event": {**content, "seq": None, "prev_hash": "", "hash": ""}})
        counts["unsealed"] += 1
    put({"end": counts})
    return counts


def verify_export(path: Path, outside: Sequence[Head] = ()) -> dict[str, Any]:
    """Check an exported file alone. The verdict has the shape of `audit verify`; raises ExportError."""
    header = _header(path)
    counts = {"events": 0, "sealed": 0}
    last: list[Head] = []

    def links() -> Iterator[Link]:
        for told in _lines(path, "event"):
            counts["events"] += 1
            if isinstance(told.get("seq"), int):
                counts["sealed"] += 1
                content = {name: told.get(name) for name in FIELDS}
                yield Link(told["seq"], str(told.get("prev_hash")), str(told.get("hash")), content)

    def heads() -> Iterator[Head]:
        for told in _lines(path, "head"):
            head = from_line(json.dumps(told))
            if head is not None:
                last[:] = [head]
                yield head

    found = verdict(links(), Evidence(public_key=header, local=[heads()], outside=outside))
    head = last[0].as_dict(header) if last else None
    return {"ok": found["ok"], **counts, "unsealed": counts["events"] - counts["sealed"], "head": head, **found}


def _header(path: Path) -> str:
    """The public key of the first line."""
    try:
        with path.open(encoding="utf-8", errors="surrogatepass") as file:
            told = json.loads(file.readline(10_000))
        if told["format"] == FORMAT and told["version"] == 1:
            return str(told["public_key"])
    except OSError as error:
        raise ExportError(f"无法读取文件：{path}。") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ExportError("这不是燎原导出的审计日志文件。") from error
    raise ExportError("这份审计日志文件的格式版本不认识。")


def _lines(path: Path, kind: str) -> Iterator[dict[str, Any]]:
    """The objects of one kind, in the file's order. Heads stand before all events, so reading stops early for them."""
    with path.open(encoding="utf-8", errors="surrogatepass") as file:
        for number, line in enumerate(file, start=1):
            try:
                told = json.loads(line)
            except ValueError as error:
                raise ExportError(f"审计日志文件第 {number} 行损坏，无法读取。") from error
            if not isinstance(told, dict):
                raise ExportError(f"审计日志文件第 {number} 行损坏，无法读取。")
            if kind in told and isinstance(told[kind], dict):
                yield told[kind]
            elif kind == "head" and "event" in told:
                return
