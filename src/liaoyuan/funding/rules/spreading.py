"""Money over several pools and instalments: whole fen, nothing lost, nobody beyond his room. Pure arithmetic."""

from collections.abc import Sequence


def spread(amount_fen: int, rooms: Sequence[int]) -> list[int]:
    """`amount_fen` over rooms in proportion to them: whole fen, none above its room, together exactly the amount.

    What proportion leaves over goes to the first rooms that still hold some. Raises ValueError when the rooms together
    are too small.
    """
    whole = sum(rooms)
    if not 0 <= amount_fen <= whole:
        raise ValueError(f"{amount_fen} fen do not fit into {whole}")
    parts = [amount_fen * room // whole if whole else 0 for room in rooms]
    left = amount_fen - sum(parts)
    for place, room in enumerate(rooms):
        more = min(left, room - parts[place])
        parts[place] += more
        left -= more
    return parts


def replanned(amount_fen: int, percents: Sequence[int]) -> list[int]:
    """What is left of an agreement over its unpaid instalments by their shares; the last one takes the odd fen."""
    whole = sum(percents)
    if not percents or not whole:
        return [*[0] * (len(percents) - 1), amount_fen] if percents else []
    parts = [amount_fen * percent // whole for percent in percents[:-1]]
    return [*parts, amount_fen - sum(parts)]
