"""The facts of one person on the way into the party (PB-DEV)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kit import facts as plain
from liaoyuan.party.rules.facts.reading import read


@dataclass(frozen=True, slots=True)
class DevelopmentFacts:
    """Where one person stands. `step` (1-25) is the step that is being made, on `step_on`; without it the day is asked.

    Days `<step>_on` are those of the steps made before (`rules.steps.STEPS` names them); a political review is known by
    its day alone, never by its contents. None and empty mean unknown, for a day: not made.
    """

    step: int | None = None
    step_on: date | None = None
    applied_on: date | None = None
    talked_on: date | None = None
    activist_on: date | None = None
    activist_filed_on: date | None = None
    contacts_on: date | None = None
    cultivated_on: date | None = None
    candidate_on: date | None = None
    candidate_filed_on: date | None = None
    introduced_on: date | None = None
    reviewed_on: date | None = None
    trained_on: date | None = None
    examined_on: date | None = None
    prereviewed_on: date | None = None
    form_filled_on: date | None = None
    meeting_on: date | None = None
    interviewed_on: date | None = None
    approved_on: date | None = None
    filed_on: date | None = None
    assigned_on: date | None = None
    oath_on: date | None = None
    probation_on: date | None = None
    confirm_applied_on: date | None = None
    confirm_meeting_on: date | None = None
    confirm_approved_on: date | None = None
    archived_on: date | None = None
    birth: date | None = None
    last_review_on: date | None = None
    contacts: int | None = None
    contacts_not_full: int | None = None
    contact_is_self: bool | None = None
    introducers: int | None = None
    introducers_not_full: int | None = None
    introducers_barred: int | None = None
    introducers_same: bool | None = None
    training_days: int | None = None
    training_hours: int | None = None
    training_exception: str = ""
    leaves_on: date | None = None
    publicity_on: date | None = None
    received_on: date | None = None
    special_reason: str = ""
    outcome: str = ""
    extensions: int | None = None
    extend_months: int | None = None
    extended_months: int | None = None
    confirm_received_on: date | None = None
    quota: int | None = None
    quota_used: int | None = None

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "DevelopmentFacts":
        """Read facts from plain JSON: ISO days, whole numbers, true/false, null for unknown.

        Raises ValueError with a Chinese sentence for an unknown name or a value that cannot be.
        """
        found = cls(**read(given, SHAPES, TITLES))
        if found.step is not None and not 1 <= found.step <= 25:
            raise ValueError(f"事实“step”（{TITLES['step']}）的值不对：{found.step}。")
        return found


SHAPES: dict[str, str] = plain.shapes_of(DevelopmentFacts)

#: Chinese titles of the facts, as help pages and schemas show them.
TITLES: dict[str, str] = {
    "step": "正在办理的步骤（1 至 25）",
    "step_on": "正在办理的步骤的日期",
    "applied_on": "递交入党申请书的日期",
    "talked_on": "派人谈话的日期",
    "activist_on": "确定入党积极分子的日期",
    "activist_filed_on": "积极分子备案的日期",
    "contacts_on": "指定培养联系人的日期",
    "cultivated_on": "培养教育考察的日期",
    "candidate_on": "确定发展对象的日期",
    "candidate_filed_on": "发展对象备案的日期",
    "introduced_on": "确定入党介绍人的日期",
    "reviewed_on": "政治审查的日期",
    "trained_on": "集中培训的日期",
    "examined_on": "支部委员会审查的日期",
    "prereviewed_on": "上级党委预审的日期",
    "form_filled_on": "填写志愿书的日期",
    "meeting_on": "接收的支部大会的日期",
    "interviewed_on": "审批前谈话的日期",
    "approved_on": "党委审批的日期",
    "filed_on": "组织部门备案的日期",
    "assigned_on": "编入支部、小组的日期",
    "oath_on": "入党宣誓的日期",
    "probation_on": "预备期考察的日期",
    "confirm_applied_on": "转正申请的日期",
    "confirm_meeting_on": "转正的支部大会的日期",
    "confirm_approved_on": "转正审批的日期",
    "archived_on": "材料归档的日期",
    "birth": "出生日期",
    "last_review_on": "最近一次考察的日期",
    "contacts": "培养联系人数",
    "contacts_not_full": "不是正式党员的联系人数",
    "contact_is_self": "联系人中有本人",
    "introducers": "入党介绍人数",
    "introducers_not_full": "不是正式党员的介绍人数",
    "introducers_barred": "留党察看或尚未恢复权利的介绍人数",
    "introducers_same": "介绍人重复，或者是本人",
    "training_days": "集中培训天数",
    "training_hours": "集中培训学时",
    "training_exception": "经批准不参加培训的理由",
    "leaves_on": "将离开单位的日期",
    "publicity_on": "本次公示的起日",
    "received_on": "上级党委收到接收决议的日期",
    "special_reason": "延长审批的特殊情况",
    "outcome": "转正讨论的结果（confirm 按期转正，extend 延长，cancel 取消）",
    "extensions": "此前延长的次数",
    "extend_months": "此次延长的月数",
    "extended_months": "已延长的月数",
    "confirm_received_on": "上级党委收到转正决议的日期",
    "quota": "当年发展计划数",
    "quota_used": "当年已用计划数",
}


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the facts with these names; none is required, an absent one is unknown."""
    return plain.schema_of(names, SHAPES, TITLES)
