"""PDF by typst: the blocks of a filled document, with seal, check code and QR. The same input gives the same bytes.

The texts reach the typesetter as data, never as its source. Fonts are those of the folder `LIAOYUAN_FONTS` and of the
system; which Chinese one is taken is decided once per process from a list of names.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

_SOURCE = Path(__file__).with_name("letter.typ")
#: The first family that is there is taken: what Chinese offices have, then what Debian and Windows bring.
_KNOWN = (
    "FangSong_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Songti SC",
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "WenQuanYi Zen Hei",
)  # fmt: skip


class NoFont(Exception):
    """There is no Chinese font to set a document in."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the words. Without a `code` there is no check panel, without a `seal` no seal."""

    title: str
    office: str
    seal: str = ""
    code: str = ""
    address: str = ""
    number: str = ""
    dated: str = ""
    demo: str = ""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    given = settings.FONTS
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[given] if given else [])


@lru_cache(maxsize=1)
def family() -> str:
    """The Chinese font that is used. Raises `NoFont`."""
    there = _fonts().families()
    known = {name.casefold(): name for name in there}
    found = next((known[name.casefold()] for name in (settings.FONT, *_KNOWN) if name.casefold() in known), None)
    if found is None:
        raise NoFont
    return found


def has_font() -> bool:
    """Whether documents can be printed on this server."""
    try:
        family()
    except NoFont:
        return False
    return True


def render(blocks: Sequence[dict[str, Any]], frame: Frame, *, at: datetime) -> bytes:
    """The PDF (PDF/A-2b) of the blocks, dated `at`."""
    qr = ""
    if frame.code:
        qr = segno.make(frame.address, error="m", micro=False).svg_inline(scale=4, border=1, omitsize=True)
        qr = qr.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    told = json.dumps({**asdict(frame), "blocks": list(blocks), "qr": qr, "font": family()}, ensure_ascii=False)
    compiler = typst.Compiler(_SOURCE.read_bytes(), font_paths=_fonts(), sys_inputs={"data": told})
    made = compiler.compile(format="pdf", timestamp=at.astimezone(UTC).replace(microsecond=0), pdf_standards=["a-2b"])
    return bytes(made)  # type: ignore[arg-type]
