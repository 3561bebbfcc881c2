"""F04 as a workbook, and the pack for an inspection: index, what is missing, tables and the documents of all claims."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.queries import cases, files
from liaoyuan.kit.sheets import writing
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import coverage_stats as stats
from liaoyuan.party.queries import covering, statutory
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.party.queries.covering import Claim
from liaoyuan.party.queries.panel import HOW_TITLES

#: The index of a pack, and its list of what is missing.
INDEX_TITLES = ("组织", "方式", "党组织或指导员", "自", "有效期至", "依据", "依据日期", "文件")
MISSING_TITLES = ("组织", "党组织或指导员", "依据", "缺什么")


def write(asked: Asked, path: Path, *, by: Actor, tell: Callable[[int, int], None] | None = None) -> int:
    """F04 to `path`; returns the number of bodies. Numbers of members for whoever sees the roster of the area."""
    exactly = stats.exact(by, asked.area)
    count = 0

    def rows() -> Iterator[list[Any]]:
        nonlocal count
        for row in statutory.every(asked, exactly=exactly, tell=tell):
            count += 1
            yield row

    columns = [
        writing.Column(title, kind="number" if key in statutory.NUMBERS else "text", width=30 if key == "name" else 12)
        for key, title in statutory.COLUMN_TITLES.items()
    ]
    writing.write_xlsx(path, columns, rows())
    return count - 1


def log(asked: Asked, what: str, *, rows: int, by: Actor, at: datetime) -> None:
    """The line of an export in the log."""
    payload = {"what": what, "rows": rows, "on": asked.on.isoformat(), "area": asked.area.code}
    events.record(Event.TABLE_EXPORTED, None, by=by, at=at, payload=payload)


def pack(asked: Asked, path: Path, *, by: Actor, tell: Callable[[int, int], None] | None = None) -> int:
    """The ZIP of an area and day to `path`; returns how many documents are missing.

    Names in it are numbers and headings, so that it opens on any system. A picture goes in as its copy without EXIF,
    never as the original.
    """
    keys = list(figures.base(asked).order_by("name", "organization_id").values_list("organization_id", "name"))
    names = dict(keys)
    claims = [claim for told in covering.claims(asked, list(names)).values() for claim in told]
    kept = {kind: files.of_subjects(kind, {c.key for c in claims if c.subject == kind})
            for kind in {claim.subject for claim in claims}}  # fmt: skip
    opens = set(cases.visible(by).filter(pk__in={c.case for c in claims if c.case}).values_list("pk", flat=True))
    index, missing, packed = [], [], {}
    with TemporaryDirectory(prefix="liaoyuan-") as folder, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for number, claim in enumerate(claims, 1):
            told = []
            for row in kept.get(claim.subject, {}).get(str(claim.key), []):
                if row.pk not in packed:
                    packed[row.pk] = f"文件/{row.pk:06d}_{row.name}"
                    _put(out, packed[row.pk], row)
                told.append(packed[row.pk])
            if not told and not (claim.case and claim.case in opens):
                missing.append([names[claim.organization], claim.name, claim.document, _("没有上传批复文件或聘书")])
            index.append(_line(names[claim.organization], claim, "；".join(told)))
            if tell is not None:
                tell(number, len(claims))
        for key in names.keys() - {claim.organization for claim in claims}:
            missing.append([names[key], "", "", _("没有党组织覆盖，也没有指导员、联络员")])
        _sheet(out, Path(folder), "目录", INDEX_TITLES, index)
        _sheet(out, Path(folder), "缺项清单", MISSING_TITLES, sorted(missing))
        table = Path(folder) / "f04.xlsx"
        write(asked, table, by=by)
        out.write(table, "社会组织党建统计表.xlsx")
        out.writestr("说明.txt", _about(asked, len(index), len(missing)))
    return len(missing)


def _line(name: str, claim: Claim, told: str) -> list[Any]:
    until = claim.until.isoformat() if claim.until else ""
    dated = claim.document_on.isoformat() if claim.document_on else ""
    document = claim.document or (_("申请事项 {n}").format(n=claim.case) if claim.case else "")
    return [name, _(HOW_TITLES[claim.how]), claim.name, claim.since.isoformat(), until, document, dated, told]


def _put(out: zipfile.ZipFile, name: str, row: Any) -> None:
    """One file into the pack: of a picture its copy, for the original carries where it was taken."""
    content, _size = files.content(row.file, "copy" if row.file.copy_name else "original")
    with closing(content), out.open(name, "w") as target:
        while piece := content.read(1 << 20):
            target.write(piece)


def _sheet(out: zipfile.ZipFile, folder: Path, name: str, titles: tuple[str, ...], rows: list[list[Any]]) -> None:
    for form, write_ in (("xlsx", writing.write_xlsx), ("csv", writing.write_csv)):
        path = folder / f"sheet.{form}"
        write_(path, [writing.Column(title) for title in titles], iter(rows))
        out.write(path, f"{name}.{form}")


def _about(asked: Asked, claims: int, missing: int) -> str:
    return "\n".join([
        _("{area}党建迎检包，{day} 的情况").format(area=asked.area.name, day=asked.on.isoformat()),
        _("覆盖依据 {n} 条，缺项 {m} 条。").format(n=claims, m=missing),
        _(figures.DEFINITION), "",
    ])  # fmt: skip


def may_fetch(user: Any, job: Any) -> bool:
    """Whether the requester may still have the result: he still exports."""
    return access.has(user, Permission.EXPORT)
