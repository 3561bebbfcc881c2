"""The weights of the planner and their words; loads neither numpy nor HiGHS, so that pages may name them."""

from typing import Final

#: Everything in `Params` that is a price, not a limit.
WEIGHTS: Final = (
    "dist_factor", "w_field", "w_street", "w_unit", "f_new", "f_keep", "move", "attach", "p_member", "p_none",
)  # fmt: skip
WEIGHT_TITLES: Final[dict[str, str]] = {
    "dist_factor": "路程系数",
    "w_field": "领域不同",
    "w_street": "街道不同",
    "w_unit": "主管单位不同",
    "f_new": "新建支部",
    "f_keep": "沿用支部",
    "move": "离开现有支部",
    "attach": "挂靠",
    "p_member": "有党员而未覆盖",
    "p_none": "没有党员而未覆盖",
}
"""The weights in words."""
