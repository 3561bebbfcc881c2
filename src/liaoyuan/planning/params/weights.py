"""Limits and weights of the coverage planner as dated parameters, and the presets that staff may choose from.

Costs are metre-equivalents: what one more branch, one more moved unit is worth in metres of way. They are a choice of
this product, no text gives them; limits are those of the branch rules (支部工作条例 arts. 4, 5).
"""

from collections.abc import Mapping
from typing import Any, Final

from liaoyuan.party.params.table import BR, BRANCH_RULE, OWN, row

KEY: Final = "pb.plan."
PLAN_PARAMETERS: tuple[Mapping[str, Any], ...] = (
    row("pb.plan.max_units", 5, BRANCH_RULE, since=BR, note="第五条：一般不超过 5 个单位"),
    row("pb.plan.max_members", 50, BRANCH_RULE, since=BR, note="第四条：党支部党员人数一般不超过 50 人"),
    row("pb.plan.radius_m", 8000, OWN, since=BR, mark="D"),
    row("pb.plan.dist_percent", 130, OWN, since=BR, mark="D"),
    row("pb.plan.w_field", 1500, OWN, since=BR, mark="D"),
    row("pb.plan.w_street", 800, OWN, since=BR, mark="D"),
    row("pb.plan.w_unit", 200, OWN, since=BR, mark="D"),
    row("pb.plan.f_new", 4000, OWN, since=BR, mark="D"),
    row("pb.plan.f_keep", 2500, OWN, since=BR, mark="D"),
    row("pb.plan.move", 1500, OWN, since=BR, mark="D"),
    row("pb.plan.attach", 2500, OWN, since=BR, mark="D"),
    row("pb.plan.p_member", 60000, OWN, since=BR, mark="D"),
    row("pb.plan.p_none", 2500, OWN, since=BR, mark="D"),
)
PLAN_PARAMETER_TITLES: dict[str, str] = {
    "pb.plan.max_units": "编组：一组最多几个单位",
    "pb.plan.max_members": "编组：一组最多几名党员",
    "pb.plan.radius_m": "编组：直线距离不超过（米）",
    "pb.plan.dist_percent": "编组：路程是直线距离的百分之几",
    "pb.plan.w_field": "编组：领域不同折合（米）",
    "pb.plan.w_street": "编组：街道不同折合（米）",
    "pb.plan.w_unit": "编组：主管单位不同折合（米）",
    "pb.plan.f_new": "编组：多建一个支部折合（米）",
    "pb.plan.f_keep": "编组：沿用一个支部折合（米）",
    "pb.plan.move": "编组：一个单位离开现有支部折合（米）",
    "pb.plan.attach": "编组：挂靠一个单位折合（米）",
    "pb.plan.p_member": "编组：有党员的单位没有覆盖折合（米）",
    "pb.plan.p_none": "编组：没有党员的单位没有覆盖折合（米）",
}
#: What one may change in a scenario, in the order of its form; the smallest number of members comes from the branch
#: rules (`pb.form.min_formal`) and is not a matter of taste.
WEIGHTS: Final = tuple(entry["key"].removeprefix(KEY) for entry in PLAN_PARAMETERS)
LEAST: Final = "pb.form.min_formal"

PRESET_TITLES: dict[str, str] = {
    "balanced": "兼顾（按本区参数）",
    "fewer": "少建支部：多建一个支部相当于多走 8 公里",
    "near": "就近：同街道优先，4 公里以内",
    "alike": "同领域优先：领域不同相当于多走 4 公里",
    "stable": "少变动：离开现有支部相当于多走 6 公里",
}
#: What a preset changes; everything else is the area's own parameters.
PRESETS: Mapping[str, Mapping[str, int]] = {
    "balanced": {},
    "fewer": {"f_new": 8000, "f_keep": 5000},
    "near": {"radius_m": 4000, "w_street": 3000},
    "alike": {"w_field": 4000},
    "stable": {"move": 6000, "f_keep": 1000},
}
