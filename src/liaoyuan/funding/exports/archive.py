"""The archive of projects as one ZIP that opens without the system: index, a PDF a paper, data, files, hashes.

The same facts give the same bytes: fixed order, fixed times. Files are streamed piece by piece. What there is and what
was left out stands in 目录.html; manifest.json tells SHA-256 and SM3 of every file.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.utils import translation

from liaoyuan.core import reads, sessions
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import moment
from liaoyuan.core.documents import pdf
from liaoyuan.core.models import StoredFile
from liaoyuan.core.queries import files
from liaoyuan.funding.choices.archive import PIECE_STATE_TITLES
from liaoyuan.funding.choices.states import PROJECT_STATE_TITLES
from liaoyuan.funding.models import Project, Round
from liaoyuan.funding.queries import archive, archive_whole, contents
from liaoyuan.funding.queries.archive_papers import Paper, Table
from liaoyuan.kit.sheets.escaping import escape_formula

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PIECE = 1 << 18
_UNFIT = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', "_"))
_SIZE, _SMALL = 12.0, 10.0
INDEX, MANIFEST, HOW = "目录.html", "manifest.json", "怎样核对.txt"
_STYLE = "body{font-family:serif;max-width:60em;margin:2em auto;padding:0 1em;line-height:1.6}table{border-collapse:" \
         "collapse;width:100%}th,td{border:1px solid #999;padding:.2em .5em;text-align:left}"  # fmt: skip


class Bundle:
    """An archive that is being written; remembers the hashes of what went into it."""

    def __init__(self, out: zipfile.ZipFile) -> None:
        self.out = out
        self.files: list[dict[str, Any]] = []
        self._names: set[str] = set()

    def put(self, name: str, pieces: Iterable[bytes], size: int = 0) -> str:
        """Write a file piece by piece; gives the name it got, another one than asked where two are the same."""
        name = self._free(name)
        sha, sm3, count = hashlib.sha256(), hashes.Hash(hashes.SM3()), 0
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
        with self.out.open(info, "w", force_zip64=size > 2**31 - 1) as entry:
            for piece in pieces:
                sha.update(piece)
                sm3.update(piece)
                count += len(piece)
                entry.write(piece)
        self.files.append(
            {"path": name, "bytes": count, "sha256": sha.hexdigest(), "sm3": sm3.finalize().hex()}
        )  # fmt: skip
        return name

    def _free(self, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        number, free = 1, name
        while free in self._names:
            number += 1
            free = f"{stem}（{number}）{dot}{ending}"
        self._names.add(free)
        return free


def write(
    round_: Round, projects: Sequence[Project], path: Path, *, on: date, tell: Callable[[int, int], None] | None = None
) -> int:
    """Write the archive of some projects of a round; returns the number of files in it. Raises `pdf.NoFont`."""
    index: list[str] = []
    with translation.override(settings.LANGUAGE_CODE), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        bundle = Bundle(out)
        for number, row in enumerate(projects, 1):
            index.append(_project(bundle, number, row))
            if tell is not None:
                tell(number, len(projects))
        bundle.put(INDEX, [_index(round_, index, on).encode()])
        bundle.put(HOW, [_HOW.format(manifest=MANIFEST, index=INDEX).encode("utf-8-sig")])
        told = {"title": round_.title, "on": on.isoformat(), "projects": [row.number for row in projects],
                "files": bundle.files}  # fmt: skip
        bundle.put(MANIFEST, [json.dumps(told, ensure_ascii=False, indent=1).encode()])
    return len(bundle.files)


def log(*, round_: Round, projects: Sequence[Project], count: int, by: Actor, at: datetime) -> None:
    """The line in the log: whose files left the house, and who took them."""
    told = {"round": round_.pk, "projects": [row.pk for row in projects]}
    reads.exported("grant_archive", rows=count, by=by, at=at, filters=told)


def _name(text: str, most: int = 60) -> str:
    return text.translate(_UNFIT).strip(" .")[:most] or "未命名"


def _project(bundle: Bundle, number: int, row: Project) -> str:
    """The folder of one project; gives its part of the index."""
    folder = f"{number:03d} {_name(f'{row.number} {row.title}')}/"
    at = row.submitted_at or moment(row.round.closes_on)
    papers = archive_whole.papers(row)
    rows = []
    for place, paper in enumerate(papers, 1):
        made = []
        if paper.pairs or paper.tables:
            made.append(bundle.put(f"{folder}{place:02d} {_name(paper.title)}.pdf", [_pdf(row, paper, at)]))
        for name, file in paper.files:
            target = f"{folder}{place:02d} {_name(paper.title)}/{_name(name, 90)}"
            made.append(bundle.put(target, _pieces(file), file.size))
        for table in paper.tables:
            made.append(bundle.put(f"{folder}数据/{_name(f'{paper.title} {table.title}')}.csv", [_csv(table)]))
        rows.append(_row(paper, made))
    told = {"project": _facts(row), "application": contents.content(contents.whole(row)),
            "papers": [_plain(paper) for paper in papers]}  # fmt: skip
    data = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
    made = [bundle.put(f"{folder}数据/项目.json", [data])]
    rows.append(f"<tr><td>全部数据</td><td>{_links(made)}</td></tr>")
    state = "".join(
        f"<tr><td>{escape(line.paper)}</td><td>{PIECE_STATE_TITLES[line.state]}"
        f"{'：' + escape(line.waiver.reason) if line.waiver else ''}</td></tr>"
        for line in archive.of(row).lines
    )  # fmt: skip
    return (
        f"<h2>{escape(row.number)} {escape(row.title)}</h2><p>{PROJECT_STATE_TITLES[row.state]}</p>"
        f"<table><tr><th>材料</th><th>文件</th></tr>{''.join(rows)}</table>"
        f"<h3>档案清单</h3><table><tr><th>材料</th><th>情况</th></tr>{state}</table>"
    )


def _row(paper: Paper, made: Sequence[str]) -> str:
    back = f"<p>没有收入（含敏感信息）：{escape('、'.join(paper.held_back))}</p>" if paper.held_back else ""
    return f"<tr><td>{escape(paper.title)}</td><td>{_links(made)}{back}</td></tr>"


def _links(names: Sequence[str]) -> str:
    return "<br>".join(f'<a href="{escape(name)}">{escape(name.partition("/")[2])}</a>' for name in names)


def _facts(row: Project) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in ("number", "title", "state", "total_fen", "grant_fen", "own_fen")}
    return {**own, "round": row.round.title, "year": row.round.year}


def _plain(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title, "pairs": [list(pair) for pair in paper.pairs],
        "tables": [{"title": t.title, "heads": list(t.heads), "rows": [list(r) for r in t.rows]} for t in paper.tables],
        "files": [name for name, _file in paper.files], "held_back": list(paper.held_back),
    }  # fmt: skip


def _csv(table: Table) -> bytes:
    told = io.StringIO()
    csv.writer(told).writerows([table.heads, *([escape_formula(cell) for cell in row] for row in table.rows)])
    return told.getvalue().encode("utf-8-sig")


def _pieces(file: StoredFile) -> Iterator[bytes]:
    content, _size = files.content(file, "original")
    with content:
        while piece := content.read(_PIECE):
            yield piece


# The PDF


def _pdf(row: Project, paper: Paper, at: datetime) -> bytes:
    blocks = [_paragraph(paper.title, 18.0, bold=True, align="center"),
              _paragraph(f"{row.number} {row.title}", align="center")]  # fmt: skip
    if paper.pairs:
        blocks.append(_grid([list(pair) for pair in paper.pairs], [1, 4], head=False))
    for table in paper.tables:
        blocks.append(_paragraph(table.title, bold=True))
        blocks.append(_grid([list(table.heads), *map(list, table.rows)], [1] * len(table.heads), head=True))
    return pdf.render(blocks, pdf.Frame(title=paper.title, office=row.round.programme.host), at=at)


def _paragraph(text: str, size: float = _SIZE, *, bold: bool = False, align: str = "left") -> dict[str, Any]:
    runs: list[dict[str, Any]] = []
    for number, line in enumerate(text.split("\n")):
        look = {"bold": bold, "size": size, "color": "#000000"}
        runs += [{"text": "\n", **look}] if number else []
        runs += [{"text": line, **look}] if line else []
    return {"kind": "paragraph", "runs": runs, "align": align, "first": 0.0, "left": 0.0, "before": 0.0, "after": 0.0,
            "seal": False, "size": size}  # fmt: skip


def _grid(rows: Sequence[Sequence[str]], widths: list[int], *, head: bool) -> dict[str, Any]:
    cells = [
        {"x": x, "y": y, "columns": 1, "rows": 1, "blocks": [_paragraph(text, _SMALL, bold=head and y == 0)]}
        for y, row in enumerate(rows) for x, text in enumerate(row)
    ]  # fmt: skip
    return {"kind": "table", "widths": widths, "cells": cells, "head": int(head)}


# The frame


def _index(round_: Round, parts: Sequence[str], on: date) -> str:
    """The page that opens without the system: no script, nothing from elsewhere."""
    demo = "<p>演示数据</p>" if sessions.read_installation().offset is not None else ""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(round_.title)} 档案目录</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(round_.title)} 项目档案</h1>{demo}"
        f"<p>主办单位：{escape(round_.programme.host)}。截至 {on.isoformat()}，共 {len(parts)} 个项目。"
        f"专家以编号表示，账号只写末四位，异议人和含敏感信息的文件不收入。</p>{''.join(parts)}</body></html>"
    )


_HOW = """怎样打开
解压以后打开“{index}”，里面列出每个项目的全部材料。PDF、表格（CSV）和图片用常见软件就能看，不需要本系统。

怎样核对有没有被改动
“{manifest}”列出每个文件的大小、SHA-256 和 SM3。重新计算一个文件的 SHA-256，与清单里的一致，就没有被改动。
Windows：在文件夹里按住 Shift 点右键打开 PowerShell，输入 Get-FileHash "文件名"
Linux、麒麟、统信：sha256sum "文件名"；SM3：openssl dgst -sm3 "文件名"
“{manifest}”自己的 SHA-256 由交付人另行告知。
"""
