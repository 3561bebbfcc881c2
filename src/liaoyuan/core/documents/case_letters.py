"""Letters of a case: 准予, 不予, 补正通知. Shipped templates that staff may replace; a case knows all they say."""

from datetime import date

from liaoyuan.core.models import Case
from liaoyuan.core.queries import cases
from liaoyuan.core.registries import DocumentField, DocumentKind

#: Which letter goes with which decision, and with a supplement.
LETTERS = {"approved": "case_approved", "refused": "case_refused", "supplement": "case_supplement"}
#: The letters that tell a decision.
DECISIONS = (LETTERS["approved"], LETTERS["refused"])

_ABOUT = (
    DocumentField("matter", "事项", "变更登记", filled=True),
    DocumentField("case_no", "事项编号", "320211-2026-0001", filled=True),
    DocumentField("received", "收件日期", "2026年10月26日", filled=True),
)
_TAIL = (("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"))
_HEAD = (("head", "{{ office }}"), ("number", "{{ number }}"), ("title", "{{ title }}"), ("to", "{{ name }}："))


def _title(text: str) -> DocumentField:
    return DocumentField("title", "标题", text, default=text)


def facts(case: Case, on: date) -> dict[str, str]:
    """Texts of the places that a case fills by itself."""
    stop = cases.open_stop(case)
    received = case.received_on
    return {
        "name": case.label,
        "matter": str(cases.kind_of(case).title),
        "case_no": case.number,
        "received": f"{received.year}年{received.month}月{received.day}日" if received else "",
        "reason": case.decision_text,
        "needed": stop.reason if stop is not None else "",
    }


_REASON = DocumentField("reason", "理由", "申请材料齐全，符合法定条件", "long", required=False, given=True)
_GROUNDS = DocumentField("reason", "不予的理由", "会员数不足", "long", given=True)
_NEEDED = DocumentField("needed", "需要补正的内容", "缺少住所证明", "long", given=True)
_ASKED = "你单位申请的{{ matter }}（{{ case_no }}），本机关于{{ received }}收件。经审查，"
_REMEDY = "如不服本决定，可以自收到本决定书之日起六十日内申请行政复议，或者六个月内提起行政诉讼。"

KINDS: tuple[DocumentKind, ...] = (
    DocumentKind(
        LETTERS["approved"], "准予决定书", "case", (_title("准予行政许可决定书"), _REASON, *_ABOUT),
        (
            *_HEAD, ("body", _ASKED + "决定准予。"), ("tag", "{%p if reason %}"), ("body", "{{ reason }}"),
            ("tag", "{%p endif %}"), *_TAIL,
        ),
        facts=facts, reviewed=False, hint="决定准予以后，发给申请人。",
    ),
    DocumentKind(
        LETTERS["refused"], "不予决定书", "case", (_title("不予行政许可决定书"), _GROUNDS, *_ABOUT),
        (*_HEAD, ("body", _ASKED + "决定不予，理由如下："), ("body", "{{ reason }}"), ("body", _REMEDY), *_TAIL),
        facts=facts, reviewed=False, hint="决定不予以后，发给申请人；写明理由和救济途径。",
    ),
    DocumentKind(
        LETTERS["supplement"], "补正通知书", "case", (_title("补正通知书"), _NEEDED, *_ABOUT),
        (
            *_HEAD, ("body", _ASKED + "需要补正下列内容："), ("body", "{{ needed }}"),
            ("body", "补正期间不计入办理期限。"), *_TAIL,
        ),
        facts=facts, reviewed=False, hint="一次写全需要补正的内容。",
    ),
)  # fmt: skip
