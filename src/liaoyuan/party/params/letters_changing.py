"""The kit of documents of adjusting and dissolving a party organization (art. 7): request, reply, notice, report."""

from liaoyuan.core.registries import DocumentField, DocumentKind
from liaoyuan.party.choices.codes import Permission

SUBJECT = "reorganization"
_OFFICE = (("head", "{{ office }}"), ("number", "{{ number }}"), ("title", "{{ title }}"))
_SIGNED = (("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"))
_THEIRS = (("gap", ""), ("sign", "{{ writer }}"), ("date", "{{ dated }}"))


def _filled(*pairs: tuple[str, str, str]) -> tuple[DocumentField, ...]:
    return tuple(DocumentField(name, title, example, filled=True) for name, title, example in pairs)


_ABOUT = _filled(
    ("branch", "党组织名称", "某某中心党支部"), ("superior", "批准的党委", "某区社会组织综合党委"),
    ("applicant", "申请人", "某某中心党支部"), ("changes", "调整内容", "加入某某协会"),
    ("formal", "正式党员数", "5"), ("units", "现有成员单位", "某某中心、某某协会"),
    ("where", "党员去向", "转入某某党支部"),
    ("reply_no", "批复文号", "某社工〔2026〕12号"), ("reply_on", "批复日期", "2026年10月20日"),
    ("done", "办理结果", "撤销"), ("handed", "移交情况", "2026年10月25日移交某某"),
)  # fmt: skip


def _title(example: str) -> DocumentField:
    return DocumentField("title", "标题", example, given=True)


def _kind(
    code: str, title: str, fields: tuple[DocumentField, ...], layout: tuple[tuple[str, str], ...], hint: str, *,
    official: bool,
) -> DocumentKind:  # fmt: skip
    return DocumentKind(
        f"party_{code}", title, SUBJECT, (*fields, *_ABOUT), layout, numbered=official, reviewed=official, hint=hint,
        view_permission=Permission.VIEW,
    )  # fmt: skip


REQUEST = _kind(
    "change_request", "关于调整、撤销党组织的请示", (
        _title("关于调整某某党支部的请示"), DocumentField("reason", "理由", "成员单位变化……", "long", given=True),
        DocumentField("writer", "落款", "某某中心党支部", given=True),
    ),
    (
        ("title", "{{ title }}"), ("to", "{{ superior }}："), ("body", "{{ reason }}"),
        ("body", "{{ branch }}现有正式党员 {{ formal }} 名，成员单位：{{ units }}。"),
        ("tag", "{%p if changes %}"), ("body", "拟作如下调整：{{ changes }}。"), ("tag", "{%p endif %}"),
        ("tag", "{%p if where %}"), ("body", "党员去向：{{ where }}。"), ("tag", "{%p endif %}"),
        ("body", "妥否，请批示。"), *_THEIRS,
    ),
    "由党组织或成员单位盖章后报批准的党委；上级直接决定的不用。", official=False,
)  # fmt: skip

REPLY = _kind(
    "change_reply", "关于调整、撤销党组织的批复", (
        _title("关于同意调整某某党支部的批复"),
        DocumentField("words", "批复内容", "经研究，同意调整。", "long", given=True),
    ),
    (
        *_OFFICE, ("to", "{{ applicant }}："), ("body", "关于{{ branch }}的请示收悉。{{ words }}"),
        ("tag", "{%p if changes %}"), ("body", "{{ changes }}。"), ("tag", "{%p endif %}"),
        ("tag", "{%p if where %}"), ("body", "党员去向：{{ where }}。"), ("tag", "{%p endif %}"),
        ("body", "此复。"), *_SIGNED,
    ),
    "党委会议研究决定后签发；文号填入事项的决定文号。", official=True,
)  # fmt: skip

NOTICE = _kind(
    "change_notice", "关于调整、撤销党组织的通知", (
        _title("关于调整某某党支部的通知"),
        DocumentField("words", "其他事项", "原印章即日起停用。", "long", required=False),
    ),
    (
        *_OFFICE, ("to", "各有关单位："),
        ("body", "经研究（{{ reply_no }}），自{{ reply_on }}起，{{ branch }}{{ done }}。"),
        ("tag", "{%p if words %}"), ("body", "{{ words }}"), ("tag", "{%p endif %}"), ("body", "特此通知。"), *_SIGNED,
    ),
    "批复以后印发；上级直接决定的以此告知。", official=True,
)  # fmt: skip

REPORT = _kind(
    "change_report", "关于调整、撤销党组织的备案报告", (
        _title("关于调整某某党支部的备案报告"), DocumentField("receiver", "主送", "区委组织部"),
        DocumentField("outcome", "选举、任命或移交情况", "某某同志任书记。", "long", given=True, required=False),
    ),
    (
        *_OFFICE, ("to", "{{ receiver }}："), ("body", "{{ branch }}{{ done }}（{{ reply_no }}，{{ reply_on }}）。"),
        ("tag", "{%p if outcome %}"), ("body", "{{ outcome }}"), ("tag", "{%p endif %}"),
        ("tag", "{%p if handed %}"), ("body", "材料和印章已移交：{{ handed }}。"), ("tag", "{%p endif %}"),
        ("body", "特此报备。"), *_SIGNED,
    ),
    "选举、任命或移交以后报组织部门备案。", official=True,
)  # fmt: skip

KINDS = (REQUEST, REPLY, NOTICE, REPORT)
