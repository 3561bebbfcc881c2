"""An expert's remark: the amount he suggests stands as its first line, as it is read on paper; his comment follows."""

import re
from dataclasses import dataclass

_LINE = re.compile(r"建议资助 ([0-9]{1,12})(?:\.([0-9]{2}))? 元。(?:\n|$)")
#: The longest remark, with the line of the amount.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Remark:
    """What an expert says of a project besides his points: a suggested amount (fen, None = none), a comment."""

    amount_fen: int | None
    comment: str


def written(remark: Remark) -> str:
    """The remark as it is kept: a line for the amount, then the comment."""
    fen, text = remark.amount_fen, remark.comment.replace("\r\n", "\n").strip()
    if fen is None:
        return text
    yuan = f"{fen // 100}.{fen % 100:02}" if fen % 100 else str(fen // 100)
    return f"建议资助 {yuan} 元。\n{text}".rstrip()


def read(text: str) -> Remark:
    """A kept remark in its two parts."""
    found = _LINE.match(text)
    if found is None:
        return Remark(None, text)
    return Remark(int(found[1]) * 100 + int(found[2] or 0), text[found.end() :])
