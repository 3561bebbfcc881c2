"""What is settled at the end: no more than spent, than approved with its free margin, of full-time pay than its share.

Fen throughout (GV-FIN-03). This is only the proposal that stands in the form; the rule judges what is signed.
"""

from collections.abc import Collection, Mapping

from liaoyuan.funding.rules import shares

_WHOLE = 100


def settle(
    approved: Mapping[str, int], spent: Mapping[str, int], *, free: int | None, staff_percent: int | None,
    staff_classes: Collection[str],
) -> dict[str, int]:  # fmt: skip
    """The largest amount of each class that the rule lets stand."""
    found = {}
    for code in {*approved, *spent}:
        most = spent.get(code, 0)
        if free is not None:
            most = min(most, shares.most(approved.get(code, 0), _WHOLE + free))
        found[code] = most
    whole = sum(approved.values())
    if staff_percent is None or not whole:
        return found
    left = shares.most(whole, staff_percent)
    for code in sorted(code for code in found if code in staff_classes):
        found[code] = min(found[code], left)
        left -= found[code]
    return found


def grade(total: int, grades: Mapping[str, int]) -> str:
    """The grade of a total in hundredths of a point by the least points of each grade; the worst one below all."""
    for code, least in sorted(grades.items(), key=lambda pair: -pair[1]):
        if total >= least * _WHOLE:
            return code
    return "failed"
