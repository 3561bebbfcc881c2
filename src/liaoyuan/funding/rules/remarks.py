"""What an expert says of a project besides his points."""

from dataclasses import dataclass

#: The longest comment.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Remark:
    """A suggested amount (fen, None = none) and a comment."""

    amount_fen: int | None
    comment: str


def words(remark: Remark) -> str:
    """The remark as it is printed: a sentence for the amount, then the comment."""
    fen = remark.amount_fen
    if fen is None:
        return remark.comment
    yuan = f"{fen // 100}.{fen % 100:02}" if fen % 100 else str(fen // 100)
    return f"建议资助 {yuan} 元。{remark.comment}"
