"""The twenty-five steps of admitting a member, as data (handbook §2.6)."""

from dataclasses import dataclass

#: The five stages.
STAGE_TITLES: dict[int, str] = {
    1: "申请入党",
    2: "入党积极分子的确定和培养教育",
    3: "发展对象的确定和考察",
    4: "预备党员的接收",
    5: "预备党员的教育考察和转正",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `key` names its day (`<key>_on` in the facts), `needs` the steps that must have been made before.

    `who` is who must act. A step `repeated` goes on for a while: its day is the last one, and it is asked again.
    """

    number: int
    key: str
    title: str
    stage: int
    who: str
    needs: tuple[int, ...]
    repeated: bool = False


_STEP_TITLES = (
    Step(1, "applied", "递交入党申请书", 1, "申请人", ()),
    Step(2, "talked", "派人谈话", 1, "党支部", (1,)),
    Step(3, "activist", "推荐和确定入党积极分子", 2, "支部委员会（不设委员会的为支部大会）", (2,)),
    Step(4, "activist_filed", "上级党委备案", 2, "上级党委", (3,)),
    Step(5, "contacts", "指定培养联系人", 2, "党支部", (3,)),
    Step(6, "cultivated", "培养教育考察", 2, "党支部", (5,), repeated=True),
    Step(7, "candidate", "确定发展对象", 3, "支部委员会（不设委员会的为支部大会）", (4, 6)),
    Step(8, "candidate_filed", "报上级党委备案", 3, "上级党委", (7,)),
    Step(9, "introduced", "确定入党介绍人", 3, "党支部", (8,)),
    Step(10, "reviewed", "进行政治审查", 3, "党支部", (8,)),
    Step(11, "trained", "开展集中培训", 3, "上级党委", (8,)),
    Step(12, "examined", "支部委员会审查", 4, "支部委员会", (9, 10, 11)),
    Step(13, "prereviewed", "上级党委预审", 4, "上级党委", (12,)),
    Step(14, "form_filled", "填写入党志愿书", 4, "发展对象", (13,)),
    Step(15, "meeting", "支部大会讨论接收", 4, "支部大会", (14,)),
    Step(16, "interviewed", "上级党委派人谈话", 4, "上级党委", (15,)),
    Step(17, "approved", "上级党委审批", 4, "上级党委", (16,)),
    Step(18, "filed", "组织部门备案", 4, "上级党委组织部门", (17,)),
    Step(19, "assigned", "编入党支部和党小组", 5, "党支部", (17,)),
    Step(20, "oath", "入党宣誓", 5, "党支部", (19,)),
    Step(21, "probation", "继续教育考察", 5, "党支部", (19,), repeated=True),
    Step(22, "confirm_applied", "提出转正申请", 5, "预备党员", (20,)),
    Step(23, "confirm_meeting", "支部大会讨论转正", 5, "支部大会", (22,)),
    Step(24, "confirm_approved", "上级党委审批", 5, "上级党委", (23,)),
    Step(25, "archived", "材料归档", 5, "党支部", (18, 24)),
)

#: The steps by their number.
STEPS: dict[int, Step] = {step.number: step for step in _STEP_TITLES}
