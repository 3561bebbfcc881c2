"""HiGHS, silent and repeatable: one thread, a fixed seed, no clock.

Huangfu & Hall 2018, "Parallelizing the dual revised simplex method".
"""

import highspy


class _Silent(highspy.Highs):
    """HiGHS without the callbacks of its Python face: entering them prints a banner on standard output."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


def quiet() -> highspy.Highs:
    """A HiGHS that prints nothing, uses one thread and no chance."""
    made = _Silent()
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("parallel", "off")):
        made.setOptionValue(name, value)
    return made
