"""What an adjustment must say and do beside the rules of formation (支部工作条例 art. 7): pure, no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.party.choices.organizations import TASK_KINDS, BranchKind, Form

ADJUSTING_MESSAGES: dict[str, str] = {
    "PARTY-ADJUST-NOTHING": "没有写明要调整什么。",
    "PARTY-ADJUST-BELOW": "党支部之下不能再设党组织：还有 {count} 个下级党组织，请先调整它们的上级。",
    "PARTY-ADJUST-FEW": "联合党支部须有两个以上成员单位，调整后只有 {count} 个，请改为单独组建，或申请撤销。",
    "PARTY-ADJUST-MANY": "单独组建的党支部一般只有一个单位，调整后有 {count} 个。",
    "PARTY-ADJUST-LEAVING": "退出的{unit}还有 {count} 名党员的组织关系在本支部，批复后请办理转接。",
    "PARTY-ADJUST-JOINING": "加入的{unit}有正式党员 {count} 名，批复后请办理转入或编入。",
    "PARTY-ADJUST-DIRECT": "有 {count} 名党员的组织关系直接在这里，改设以后请设立下属党支部并转接。",
    "PARTY-ADJUST-TASK": "还有 {count} 名党员的组织关系在这里；临时、功能型党支部不转组织关系，请先转出。",
    "PARTY-ADJUST-OFFICERS": "批复以后须选举或任命班子，再报备案。",
}


@dataclass(frozen=True, slots=True)
class AdjustingFacts:
    """An adjustment as it would be. `form`, `branch_kind` are those it would have, `units` how many it would cover,
    `below` the party organizations beneath it, `direct` the members formally here. `leaving` and `joining` are units
    with their members: those formally in the branch, and full members at the body.
    """

    changes: bool = True
    form: str = str(Form.BRANCH)
    branch_kind: str = ""
    reshaped: bool = False
    officers: bool = False
    units: int = 0
    below: int = 0
    direct: int = 0
    leaving: Sequence[tuple[str, int]] = ()
    joining: Sequence[tuple[str, int]] = ()


def new_officers(before: tuple[str, str], after: tuple[str, str]) -> bool:
    """Whether officers are elected or appointed anew: another form, or a branch that begins or ends to be for a task.

    `before` and `after` are (form, kind of branch).
    """
    tasks = {str(kind) for kind in TASK_KINDS}
    return before[0] != after[0] or (before[1] in tasks) != (after[1] in tasks)


def adjusting(facts: AdjustingFacts) -> list[Finding]:
    """What is wrong with the adjustment or follows from it, worst first."""
    return list(_adjusting(facts))


def _told(code: str, severity: Severity, field: str = "", **args: object) -> Finding:
    return Finding(code, severity, ADJUSTING_MESSAGES[code], field=field, args=args)


def _adjusting(facts: AdjustingFacts) -> Iterator[Finding]:
    if not facts.changes:
        yield _told("PARTY-ADJUST-NOTHING", Severity.BLOCK)
    if facts.form == Form.BRANCH and facts.below:
        yield _told("PARTY-ADJUST-BELOW", Severity.BLOCK, "form", count=facts.below)
    if facts.branch_kind == BranchKind.JOINT and facts.units < 2:
        yield _told("PARTY-ADJUST-FEW", Severity.BLOCK, "leaving", count=facts.units)
    if facts.reshaped and facts.branch_kind in {str(kind) for kind in TASK_KINDS} and facts.direct:
        yield _told("PARTY-ADJUST-TASK", Severity.BLOCK, "branch_kind", count=facts.direct)
    if facts.branch_kind == BranchKind.INDEPENDENT and facts.units > 1:
        yield _told("PARTY-ADJUST-MANY", Severity.WARN, "joining", count=facts.units)
    for unit, count in facts.leaving:
        if count:
            yield _told("PARTY-ADJUST-LEAVING", Severity.WARN, "leaving", unit=unit, count=count)
    for unit, count in facts.joining:
        if count:
            yield _told("PARTY-ADJUST-JOINING", Severity.INFO, "joining", unit=unit, count=count)
    if facts.form != Form.BRANCH and facts.reshaped and facts.direct:
        yield _told("PARTY-ADJUST-DIRECT", Severity.INFO, "form", count=facts.direct)
    if facts.officers:
        yield _told("PARTY-ADJUST-OFFICERS", Severity.INFO)
