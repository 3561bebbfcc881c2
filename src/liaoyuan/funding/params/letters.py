"""Kits of the documents of a round: notice (F23), approval, answer to an objection, agreement, approval sheet (F22).

Words in double braces are places; staff replace the Word template, not this table. Who drafts and who signs follows the
permissions of this floor; each is signed by another than its drafter.
"""

from functools import partial

from liaoyuan.core.registries import DocumentField, DocumentKind
from liaoyuan.funding.choices.codes import Permission

LIST, OBJECTION, AGREEMENT, TRANCHE = "awardlist", "awardobjection", "agreement", "tranche"
#: The columns of a published list: nothing personal stands among them (GV-PUB-03).
COLUMNS = ("序号", "项目编号", "项目名称", "申报组织", "落地街道", "拟资助金额")

_HEAD = (("head", "{{ office }}"), ("number", "{{ number }}"), ("title", "{{ title }}"))
_TAIL = (("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"))
_kit = partial(
    DocumentKind, draft_permission=str(Permission.EDIT), issue_permission=str(Permission.CONFIRM), reviewed=False,
    panel=False,
)  # fmt: skip


def _title(text: str) -> DocumentField:
    return DocumentField("title", "标题", text, default=text)


def _filled(name: str, title: str, example: str, kind: str = "text") -> DocumentField:
    return DocumentField(name, title, example, kind, filled=True)


_NAMES = "1. 2026-001 银发陪伴（某某社会工作服务中心，某街道）　100,000.00 元"

NOTICE = _kit(
    "award_notice", "拟立项公示", LIST,
    (
        _title("关于公益创投拟立项项目的公示"),
        DocumentField("text", "说明", "经评审，拟对下列项目予以立项。", "long", required=False),
        _filled("round", "届", "2026 年公益创投"), _filled("names", "名单", _NAMES, "long"),
        _filled("total", "合计", "100,000.00"), _filled("days", "公示期", "5 个工作日"),
        _filled("first", "起", "2026年4月10日"), _filled("last", "止", "2026年4月17日"),
        _filled("receiver", "异议受理", "社会组织科"), _filled("channel", "异议渠道", "某区民政局信箱"),
    ),
    (
        *_HEAD, ("tag", "{%p if text %}"), ("body", "{{ text }}"), ("tag", "{%p endif %}"), ("body", "{{ names }}"),
        ("body", "拟资助金额合计 {{ total }} 元。"),
        ("body", "公示期 {{ days }}，自{{ first }}起至{{ last }}二十四时止。公示期内如有异议，请以书面或者口头形式向"
                 "{{ receiver }}反映，电话：{{ office_phone }}；可以不署名。"),
        ("tag", "{%p if channel %}"), ("body", "异议渠道：{{ channel }}"), ("tag", "{%p endif %}"), *_TAIL,
    ),
    hint="签发后名单即公示。名单上只有项目、组织和金额，不写任何人的信息。",
)  # fmt: skip

APPROVAL = _kit(
    "award_approval", "立项批复", LIST,
    (
        _title("关于公益创投项目立项的批复"),
        _filled("round", "届", "2026 年公益创投"), _filled("names", "名单", _NAMES, "long"),
        _filled("total", "合计", "100,000.00"), _filled("notice_number", "公示文号", "某民〔2026〕1号"),
        _filled("first", "起", "2026年4月10日"), _filled("last", "止", "2026年4月17日"),
    ),
    (
        *_HEAD,
        ("body", "{{ round }}拟立项名单（{{ notice_number }}）于{{ first }}至{{ last }}公示期满，没有未答复的异议。"
                 "现批准下列项目立项："),
        ("body", "{{ names }}"), ("body", "资助金额合计 {{ total }} 元。"),
        ("body", "请承办单位组织签订协议，按协议拨付和监督使用资金。"), *_TAIL,
    ),
    hint="公示期满、异议答复完后签发；签发即立项。",
)  # fmt: skip

ANSWER = _kit(
    "award_answer", "异议答复书", OBJECTION,
    (
        _title("关于公益创投公示异议的答复"),
        DocumentField("answer", "答复", "经复核，……", "long"),
        _filled("about", "异议所对", "2026-001 银发陪伴"), _filled("received", "收到日期", "2026年4月13日"),
        _filled("kind", "异议的内容", "申报内容不实"), _filled("result", "结论", "异议不成立"),
        _filled("appeal_days", "申诉期限", "5 个工作日"),
    ),
    (
        *_HEAD, ("to", "异议人："),
        ("body", "您（单位）于{{ received }}就“{{ about }}”提出的异议（{{ kind }}）已收悉。"),
        ("body", "{{ answer }}"), ("body", "结论：{{ result }}。"),
        ("body", "对本答复不服的，可以自收到之日起 {{ appeal_days }}内书面申诉。"), *_TAIL,
    ),
    hint="答复人不是公示的发布人。答复书不写异议人的姓名。",
)  # fmt: skip

CONTRACT = _kit(
    "grant_agreement", "公益创投项目协议书", AGREEMENT,
    (
        _title("公益创投项目资助协议书"),
        DocumentField("terms", "其他约定", "……", "long", required=False),
        _filled("round", "届", "2026 年公益创投"), _filled("host", "主办单位", "某区民政局"),
        _filled("organizer", "承办单位", "某社会组织服务中心"), _filled("project", "项目", "银发陪伴"),
        _filled("project_number", "项目编号", "2026-001"), _filled("amount", "金额", "100,000.00"),
        _filled("capitals", "大写", "壹拾万元整"), _filled("pools", "资金来源", "区级财政 100,000.00 元"),
        _filled("first", "起", "2026年5月1日"), _filled("last", "止", "2027年4月30日"),
        _filled("places", "地点", "某街道"), _filled("account_name", "户名", "某某社会工作服务中心"),
        _filled("account_bank", "开户银行", "某银行某支行"), _filled("account_number", "账号", "0000 0000 0000"),
        _filled("tranches", "分期", "第 1 期 50%，协议已签订，50,000.00 元", "long"),
        _filled("targets", "指标", "服务人次 600 人次", "long"),
    ),
    (
        ("title", "{{ title }}"), ("number", "{{ number }}"),
        ("body", "甲方（主办单位）：{{ host }}"), ("tag", "{%p if organizer %}"),
        ("body", "丙方（承办单位）：{{ organizer }}"), ("tag", "{%p endif %}"), ("body", "乙方：{{ name }}"),
        ("body", "一、甲方资助乙方实施{{ round }}项目“{{ project }}”（{{ project_number }}），资助金额 {{ amount }} 元"
                 "（大写：{{ capitals }}），其中：{{ pools }}。"),
        ("body", "二、实施期限自{{ first }}至{{ last }}，地点：{{ places }}。"),
        ("body", "三、乙方应当完成下列指标："), ("body", "{{ targets }}"),
        ("body", "四、资金分期拨付："), ("body", "{{ tranches }}"),
        ("body", "五、收款账户为乙方自己的账户。户名：{{ account_name }}；开户银行：{{ account_bank }}；账号："
                 "{{ account_number }}。"),
        ("body", "六、资金专款专用，支出须有凭证；变更负责人、期限、指标、预算、地点须经甲方批准；没有用完的资金应当"
                 "退回。"),
        ("tag", "{%p if terms %}"), ("body", "七、{{ terms }}"), ("tag", "{%p endif %}"),
        ("body", "甲方（盖章）：　　　　　　乙方（盖章）：　　　　　　丙方（盖章）："), *_TAIL,
    ),
    sensitivity="C3",
    hint="各方签署以后签发登记；含账号，加密保存。",
)  # fmt: skip

SHEET = _kit(
    "tranche_sheet", "资金拨付审批表", TRANCHE,
    (
        _title("公益创投资金拨付审批表"),
        DocumentField("evidence", "佐证", "协议已签订", "long"),
        _filled("project", "项目", "银发陪伴"), _filled("project_number", "项目编号", "2026-001"),
        _filled("body", "收款组织", "某某社会工作服务中心"), _filled("contract", "合同金额", "100,000.00"),
        _filled("paid", "累计已拨", "0.00"), _filled("no", "期次", "1"), _filled("percent", "本次比例", "50"),
        _filled("amount", "本次金额", "50,000.00"), _filled("capitals", "大写", "伍万元整"),
        _filled("trigger", "触发条件", "协议已签订"), _filled("met", "具备日期", "2026年5月1日"),
        _filled("account", "账户", "某某社会工作服务中心，某银行某支行，尾号 0000"),
        _filled("preparer", "承办经办人", "某某"),
    ),
    (
        ("title", "{{ title }}"), ("body", "项目编号：{{ project_number }}　项目：{{ project }}"),
        ("body", "收款组织：{{ body }}"), ("body", "合同金额：{{ contract }} 元　累计已拨：{{ paid }} 元"),
        ("body", "本次：第 {{ no }} 期，比例 {{ percent }}%，金额 {{ amount }} 元（大写：{{ capitals }}）"),
        ("body", "触发条件：{{ trigger }}（{{ met }}具备）"), ("body", "佐证：{{ evidence }}"),
        ("body", "账户：{{ account }}"), ("body", "承办意见：同意拨付。经办人：{{ preparer }}"),
        ("body", "主办意见：同意拨付。"), ("body", "财务意见：　　　　　　　　　　付款人："), *_TAIL,
    ),
    numbered=False,
    hint="经办人起草，主办审批；付款由财务办理。",
)  # fmt: skip
