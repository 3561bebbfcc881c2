"""Shares of amounts in fen: compared by cross-multiplication, told in percent, never divided to decide."""

from liaoyuan.kit.money import share_exceeds

_HUNDRED = 100


def over(part: int, whole: int, percent: int) -> bool:
    """Whether `part` is more than `percent` of `whole`."""
    return share_exceeds(part, whole, percent, _HUNDRED)


def most(whole: int, percent: int) -> int:
    """The largest amount that is not more than `percent` of `whole`, in fen."""
    return whole * percent // _HUNDRED


def least(whole: int, percent: int) -> int:
    """The smallest amount that is not less than `percent` of `whole`, in fen."""
    return -(-whole * percent // _HUNDRED)


def told(part: int, whole: int) -> str:
    """A share in percent as a sentence tells it: two decimals, rounded up, so that what exceeds a cap looks it."""
    if whole <= 0:
        return "100"
    hundredths = -(-part * 10_000 // whole)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def number(hundredths: int) -> str:
    """Hundredths as a plain number without trailing zeros: 1850 → 18.5, 2000 → 20."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)
