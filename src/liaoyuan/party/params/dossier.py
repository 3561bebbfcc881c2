"""The papers of the way into the party: which there are, on which step each rests, what each tells (handbook §2.6).

They are printed from the days of the steps and never issued here: who writes a paper signs and seals it. No paper has a
place for what was said in a talk, for a report on somebody's thoughts, or for what a political review found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from liaoyuan.core.registries import DocumentField, DocumentKind
from liaoyuan.party.params.dossier_facts import FACT_TITLES
from liaoyuan.party.params.dossier_layouts import LAYOUTS
from liaoyuan.party.params.way import ExaminationKind, MarkKind

SUBJECT = "applicant"
_DAY, _WORD = "2026年1月5日", "某某"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. It rests on `step`, or on `mark` (the first day of a publicity); `each` is made once an examination.

    `when` is a further condition: `extended` (probation was extended), `confirmed` (not cancelled or extended).
    """

    code: str
    step: int
    mark: MarkKind | None = None
    each: ExaminationKind | None = None
    when: str = ""

    @property
    def title(self) -> str:
        """Its heading."""
        return PAPER_TITLES[self.code]


PAPER_TITLES: dict[str, str] = {
    "cover": "入党申请书封面",
    "receipt": "入党申请书收件回执",
    "talk": "派人谈话登记表",
    "recommend": "推荐入党积极分子登记表",
    "activist": "确定入党积极分子的决议",
    "activist_request": "确定入党积极分子的备案报告",
    "activist_form": "入党积极分子备案表",
    "contacts": "指定培养联系人通知",
    "examination": "入党积极分子考察登记表",
    "heard": "发展对象听取意见登记表",
    "candidate": "确定发展对象的决议",
    "candidate_request": "确定发展对象的备案报告",
    "candidate_form": "发展对象备案表",
    "introducers": "入党介绍人确定书",
    "review": "政治审查结论封面",
    "training": "短期集中培训证明",
    "committee": "支部委员会审查登记表",
    "pre_request": "接收预备党员的预审请示",
    "pre_reply": "接收预备党员的预审批复",
    "form_issued": "入党志愿书领取登记表",
    "notice": "接收预备党员公示",
    "notice_result": "接收预备党员公示结果报告",
    "count": "接收预备党员计票单",
    "resolution": "接收预备党员的支部大会决议",
    "request": "接收预备党员的审批请示",
    "interview": "审批前谈话登记表",
    "approval": "接收预备党员的审批批复",
    "told": "接收预备党员通知书",
    "filing": "组织部门备案表",
    "assigned": "编入党支部和党小组通知",
    "oath": "入党宣誓登记表",
    "probation": "预备党员考察登记表",
    "confirm_cover": "转正申请书封面",
    "confirm_notice": "预备党员转正公示",
    "confirm_result": "预备党员转正公示结果报告",
    "confirm_count": "预备党员转正计票单",
    "confirm_resolution": "预备党员转正的支部大会决议",
    "confirm_request": "预备党员转正的审批请示",
    "confirm_approval": "预备党员转正的审批批复",
    "extension": "延长预备期通知书",
    "archive": "材料归档目录",
}

PAPERS: tuple[Paper, ...] = (
    Paper("cover", 1), Paper("receipt", 1), Paper("talk", 2),
    Paper("recommend", 3), Paper("activist", 3), Paper("activist_request", 3), Paper("activist_form", 4),
    Paper("contacts", 5), Paper("examination", 6, each=ExaminationKind.CULTIVATION),
    Paper("heard", 7), Paper("candidate", 7), Paper("candidate_request", 7), Paper("candidate_form", 8),
    Paper("introducers", 9), Paper("review", 10), Paper("training", 11),
    Paper("committee", 12), Paper("pre_request", 12), Paper("pre_reply", 13), Paper("form_issued", 14),
    Paper("notice", 15, mark=MarkKind.PUBLICITY), Paper("notice_result", 15), Paper("count", 15),
    Paper("resolution", 15), Paper("request", 15), Paper("interview", 16), Paper("approval", 17), Paper("told", 17),
    Paper("filing", 18),
    Paper("assigned", 19), Paper("oath", 20), Paper("probation", 21, each=ExaminationKind.PROBATION),
    Paper("confirm_cover", 22), Paper("confirm_notice", 23, mark=MarkKind.CONFIRM_PUBLICITY),
    Paper("confirm_result", 23), Paper("confirm_count", 23), Paper("confirm_resolution", 23),
    Paper("confirm_request", 23), Paper("confirm_approval", 24), Paper("extension", 24, when="extended"),
    Paper("archive", 25),
)  # fmt: skip
HINT_MESSAGES = "按步骤日期自动填写，缺的留空并标出；由填写单位签名盖章。不写谈话、思想汇报和审查的内容。"


def _kind(paper: Paper, layout: Sequence[tuple[str, str]]) -> DocumentKind:
    fields = tuple(
        DocumentField(name, title, _DAY if name.endswith(("_on", "_until")) else _WORD, filled=True)
        for name, title in FACT_TITLES.items()
    )
    return DocumentKind(
        f"development_{paper.code}", paper.title, SUBJECT, fields, tuple(layout), numbered=False, reviewed=False,
        sensitivity="C3", panel=False, printed=True, hint=HINT_MESSAGES,
    )  # fmt: skip


#: The templates that staff may replace, by the paper's code.
KINDS: dict[str, DocumentKind] = {paper.code: _kind(paper, LAYOUTS[paper.code]) for paper in PAPERS}
