"""Why an instance or a plan cannot be used: one exception with a code and one Chinese sentence that names the ids.

The sentences are message ids: a caller that wants another language looks `MESSAGES[code]` up in its catalogue and fills
in `args_of`. `CHEAPEST_MESSAGES` stand beside what a plan leaves uncovered.
"""

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "json": "不是有效的 JSON 文件：{detail}。",
    "shape": "{place}应为{wanted}。",
    "missing": "{place}缺少“{name}”。",
    "unknown_key": "params 里没有“{name}”这个参数。",
    "number": "{place}的“{name}”应为{wanted}，现为 {value}。",
    "not_finite": "{place}的坐标或数值“{name}”不是有限的数（NaN 或无穷大）。",
    "half_place": "{place}只有一个坐标，请同时给出 x 和 y，或都写 null。",
    "limits": "参数互相矛盾：{detail}。",
    "too_rich": "每组单位数和最低人数太大，组合有 {count} 种，超过 {limit} 种，规划不了。",
    "duplicate": "{place}的编号“{id}”重复。",
    "unknown_branch": "组织“{id}”的现有支部“{branch}”不在 branches 里。",
    "lock_kind": "第 {number} 条锁定的种类“{kind}”不认识，只能是 together、apart、group、seat、not_seat 或 allow。",
    "lock_ids": "第 {number} 条锁定（{kind}）至少要点名 {least} 个组织。",
    "lock_twice": "第 {number} 条锁定（{kind}）把“{id}”写了两次。",
    "lock_unknown": "第 {number} 条锁定（{kind}）点名的“{id}”不存在。",
    "lock_independent": "第 {number} 条锁定（{kind}）点名的“{id}”党员已达单独建支部的人数，不参加编组。",
    "lock_idle": "第 {number} 条锁定（{kind}）点名的“{id}”没有党员，在只编有党员单位的方式下不参加编组。",
    "lock_small": "第 {number} 条锁定（group）的 {ids} 合计只有 {members} 名党员，不足 {least} 名，不能成组。",
    "lock_large": "第 {number} 条锁定（group）的 {ids} 有 {units} 个单位、{members} 名党员，超过上限又没有 allow。",
    "lock_seatless": "第 {number} 条锁定（seat）点名的“{id}”没有党员，不能作为所在单位。",
    "no_seat_left": "第 {number} 条锁定（group）的 {ids} 里没有可以作为所在单位的组织。",
    "conflict": "锁定互相矛盾：{ids}（{detail}）。",
}
"""Code → Chinese sentence with named places."""

CONFLICT_TITLES: Final[dict[str, str]] = {
    "groups": "同时被锁定在两个不同的组",
    "group_together": "锁定成组，又要求与组外的单位在一起",
    "apart": "既要求在一起，又要求分开",
    "seats": "要求在同一组，又各自要作为所在单位",
    "seat_not_seat": "既要求又禁止作为所在单位",
}
"""What contradicts what, inside of the sentence `conflict`."""

SHAPE_TITLES: Final[dict[str, str]] = {
    "object": "对象",
    "list": "列表",
    "text": "非空文字",
    "text_or_null": "文字或 null",
    "integer": "不小于 {least} 的整数",
    "real": "不小于 0 的数",
    "place": "绝对值不超过 10 亿米的数",
    "mode": "members 或 fill",
}
"""What was wanted, inside of the sentences `shape` and `number`."""

CHEAPEST_MESSAGES: Final[dict[str, str]] = {
    "locate": "补录地址坐标后重新编组",
    "radius": "把半径从 {now} 米放宽到 {wanted} 米，可与“{other}”同组或挂靠",
    "instructor": "选派党建工作指导员",
    "allow": "允许“{seat}”所在的组再加 1 个单位，增加费用 {cost}",
    "join": "加入“{seat}”所在的组，费用 {cost}，不编组为 {price}",
    "attach": "挂靠到“{host}”，费用 {cost}，不编组为 {price}",
    "slots": "给“{host}”增加 1 个挂靠名额，费用 {cost}",
    "unlock": "放宽与它有关的锁定",
}
"""Code → the cheapest way to cover a unit; metres and cost units are whole numbers."""


class UnusableInstance(Exception):
    """The file cannot be solved or verified; nothing is written. `str()` is the Chinese sentence."""

    def __init__(self, code: str, **args: object) -> None:
        """Take a code of `MESSAGES` and the values of its places."""
        super().__init__(code, args)
        self.code = code
        self.args_of = args

    def __str__(self) -> str:
        return MESSAGES[self.code].format(**self.args_of)


def named(ids: object) -> str:
    """Ids in a row as a sentence names them, at most eight of them."""
    told = [str(one) for one in ids] if isinstance(ids, list | tuple | set | frozenset) else [str(ids)]
    return "、".join(f"“{one}”" for one in told[:8]) + ("等" if len(told) > 8 else "")
