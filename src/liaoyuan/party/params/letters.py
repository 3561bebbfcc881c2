"""The kit of documents of a founding (handbook §2.1, §2.3), and the quarterly report of a committee on coverage."""

from collections.abc import Sequence

from liaoyuan.core.registries import DocumentField, DocumentKind
from liaoyuan.party.choices.codes import Permission

SUBJECT = "founding"
_OFFICE = (("head", "{{ office }}"), ("number", "{{ number }}"), ("title", "{{ title }}"))
_SIGNED = (("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"))
#: Papers that the branch or the applicant writes: drafted here, signed and sealed by them.
_THEIRS = (("gap", ""), ("sign", "{{ writer }}"), ("date", "{{ dated }}"))


def _filled(*pairs: tuple[str, str, str]) -> tuple[DocumentField, ...]:
    return tuple(DocumentField(name, title, example, filled=True) for name, title, example in pairs)


ABOUT = _filled(
    ("branch", "党支部名称", "某某中心党支部"), ("superior", "上级党组织", "某区社会组织综合党委"),
    ("applicant", "申请单位", "某某中心"), ("kind", "组建形式", "单独组建"), ("units", "成员单位", "某某中心"),
    ("carrier", "依托单位", ""), ("formal", "组织关系在本组织的正式党员数", "3"),
    ("committed", "书面同意转入的正式党员数", "0"), ("due", "转接到期日", "2027年3月20日"),
    ("reply_no", "批复文号", "某社工〔2026〕1号"), ("reply_on", "批复日期", "2026年10月20日"),
    ("met_on", "成立大会日期", "2026年10月26日"), ("secretary", "书记", "某某"), ("how", "产生方式", "任命"),
)  # fmt: skip


def _title(text: str) -> DocumentField:
    return DocumentField("title", "标题", text, default=text)


def _writer(example: str) -> DocumentField:
    return DocumentField("writer", "落款", example, given=True)


def _kind(
    code: str, title: str, fields: Sequence[DocumentField], layout: Sequence[tuple[str, str]], hint: str, *,
    official: bool,
) -> DocumentKind:  # fmt: skip
    return DocumentKind(
        f"party_{code}", title, SUBJECT, (*fields, *ABOUT), tuple(layout), numbered=official, reviewed=official,
        hint=hint, view_permission=Permission.VIEW,
    )  # fmt: skip


REQUEST = _kind(
    "request", "关于设立党支部的请示", (
        DocumentField("title", "标题", "关于设立某某中心党支部的请示", given=True),
        DocumentField("reason", "设立理由", "为加强党的建设……", "long", given=True), _writer("某某中心"),
    ),
    (
        ("title", "{{ title }}"), ("to", "{{ superior }}："), ("body", "{{ reason }}"),
        ("body", "现有组织关系在本组织的正式党员 {{ formal }} 名，书面同意转入的正式党员 {{ committed }} 名，"
                 "拟以{{ kind }}形式设立{{ branch }}，覆盖{{ units }}。"),
        ("tag", "{%p if due %}"), ("body", "党员组织关系于{{ due }}前转入。"), ("tag", "{%p endif %}"),
        ("body", "妥否，请批示。"), *_THEIRS,
    ),
    "申请单位的请示，由单位盖章后报上级党委。", official=False,
)  # fmt: skip

REPLY = _kind(
    "reply", "关于同意设立党支部的批复", (
        DocumentField("title", "标题", "关于同意设立某某中心党支部的批复", given=True),
        DocumentField("words", "批复内容", "经研究，同意设立。", "long", given=True),
    ),
    (
        *_OFFICE, ("to", "{{ applicant }}："), ("body", "你单位关于设立{{ branch }}的请示收悉。{{ words }}"),
        ("body", "{{ branch }}隶属{{ superior }}，覆盖{{ units }}。"),
        ("tag", "{%p if due %}"),
        ("body", "党员组织关系于{{ due }}前转入；转接期间由上级任命书记，不接收党员，不收缴党费。"),
        ("tag", "{%p endif %}"), ("body", "此复。"), *_SIGNED,
    ),
    "上级党委会议研究决定后签发；文号填入事项的决定文号。", official=True,
)  # fmt: skip

METHOD = _kind(
    "method", "选举办法", (
        DocumentField("title", "标题", "某某中心党支部选举办法（草案）", given=True),
        DocumentField("seats", "应选名额", "3"), DocumentField("candidates", "候选人数", "4"),
        _writer("某某中心党支部"),
    ),
    (
        ("title", "{{ title }}"),
        ("body", "一、本次选举由{{ branch }}党员大会进行，应选 {{ seats }} 名，候选人 {{ candidates }} 名，"
                 "差额不少于应选名额的百分之二十。"),
        ("body", "二、有选举权的到会人数不少于应到会人数的五分之四，会议有效。"
                 "预备党员和被停止党员权利的党员没有选举权。"),
        ("body", "三、选举采用无记名投票。收回的选票等于或者少于发出的选票，选举有效；"
                 "多于发出的选票，选举无效，重新选举。"),
        ("body", "四、得到的赞成票超过实到会有选举权的党员的半数，始得当选。"),
        ("body", "五、设监票人、计票人；候选人不得担任监票人、计票人。"),
        ("body", "六、本办法经党员大会通过后施行。"), *_THEIRS,
    ),
    "按《中国共产党基层组织选举工作条例》起草，提请党员大会通过。", official=False,
)  # fmt: skip

CANDIDATES = _kind(
    "candidates", "关于候选人预备人选的请示", (
        DocumentField("title", "标题", "关于某某中心党支部委员候选人预备人选的请示", given=True),
        DocumentField("names", "预备人选", "某某、某某", "long"), _writer("某某中心党支部"),
    ),
    (
        ("title", "{{ title }}"), ("to", "{{ superior }}："),
        ("body", "{{ branch }}拟召开党员大会进行选举，提出下列候选人预备人选："), ("body", "{{ names }}"),
        ("body", "妥否，请批示。"), *_THEIRS,
    ),
    "选举前报上级党委同意。", official=False,
)  # fmt: skip

TALLY = _kind(
    "tally", "监票计票单", (
        DocumentField("title", "标题", "选举监票计票单", default="选举监票计票单"),
        DocumentField("expected", "应到会有选举权人数", "5"), DocumentField("present", "实到会有选举权人数", "5"),
        DocumentField("issued", "发出选票", "5"), DocumentField("returned", "收回选票", "5"),
        DocumentField("totals", "各候选人得票合计", "某某：5 票", "long"), _writer("监票人　　　　　计票人"),
    ),
    (
        ("title", "{{ title }}"), ("body", "党支部：{{ branch }}"),
        ("body", "应到会有选举权的党员 {{ expected }} 名，实到 {{ present }} 名；"
                 "发出选票 {{ issued }} 张，收回 {{ returned }} 张。"),
        ("body", "得票合计（只记总数）："), ("body", "{{ totals }}"), *_THEIRS,
    ),
    "只记总数，不记谁投了谁；应到会不足 5 名的，得票数只给监票、计票人员和上级看。", official=False,
)  # fmt: skip

RESULT = _kind(
    "result", "关于选举（任命）结果的报告", (
        DocumentField("title", "标题", "关于某某中心党支部选举结果的报告", given=True),
        DocumentField("outcome", "结果", "某某当选书记。", "long", given=True), _writer("某某中心党支部"),
    ),
    (
        ("title", "{{ title }}"), ("to", "{{ superior }}："),
        ("body", "{{ branch }}于{{ met_on }}召开成立大会，书记以{{ how }}方式产生。"), ("body", "{{ outcome }}"),
        ("body", "特此报告。"), *_THEIRS,
    ),
    "成立大会后报上级党委，上级批复后连同设立情况报组织部门备案。", official=False,
)  # fmt: skip

FOUNDED = _kind(
    "founded", "关于成立党支部的通知", (
        DocumentField("title", "标题", "关于成立某某中心党支部的通知", given=True),
        DocumentField("words", "其他事项", "印章自即日起启用。", "long", required=False),
    ),
    (
        *_OFFICE, ("to", "各有关单位："),
        ("body", "经研究（{{ reply_no }}），{{ branch }}已于{{ met_on }}成立，隶属{{ superior }}，覆盖{{ units }}。"),
        ("tag", "{%p if secretary %}"), ("body", "{{ secretary }}同志任书记。"), ("tag", "{%p endif %}"),
        ("tag", "{%p if words %}"), ("body", "{{ words }}"), ("tag", "{%p endif %}"), ("body", "特此通知。"), *_SIGNED,
    ),
    "成立以后印发。", official=True,
)  # fmt: skip

KINDS = (REQUEST, REPLY, METHOD, CANDIDATES, TALLY, RESULT, FOUNDED)

REPORT = DocumentKind(
    "coverage_report", "党建覆盖情况季报", "partyorganization",
    (
        DocumentField("title", "标题", "关于社会组织党建覆盖情况的报告", default="关于社会组织党建覆盖情况的报告"),
        DocumentField("receiver", "主送", "区委社会工作部"),
        DocumentField("figures", "覆盖情况", "截至 2026 年 9 月 30 日，应统计组织 6 家。", "long", given=True),
        DocumentField("change", "与上季末相比", "组织覆盖增加 1 家。", "long", given=True, required=False),
        DocumentField("work", "主要做法", "选派指导员，成立联合党支部。", "long", required=False),
        DocumentField("plan", "下一步打算", "推进应建未建的组织组建党支部。", "long", required=False),
        DocumentField("definition", "统计口径", "按正式组织关系统计。", "long", filled=True),
        DocumentField("contact", "联系人", "某某", required=False),
    ),
    (
        ("head", "{{ office }}"), ("number", "{{ number }}"), ("title", "{{ title }}"), ("to", "{{ receiver }}："),
        ("body", "现将{{ name }}所属社会组织党的组织覆盖和工作覆盖情况报告如下。"), ("body", "{{ figures }}"),
        ("tag", "{%p if change %}"), ("body", "{{ change }}"), ("tag", "{%p endif %}"),
        ("tag", "{%p if work %}"), ("body", "主要做法：{{ work }}"), ("tag", "{%p endif %}"),
        ("tag", "{%p if plan %}"), ("body", "下一步打算：{{ plan }}"), ("tag", "{%p endif %}"),
        ("note", "统计口径：{{ definition }}"), ("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"),
        ("tag", "{%p if contact %}"), ("note", "联系人：{{ contact }}　电话：{{ office_phone }}"),
        ("tag", "{%p endif %}"),
    ),
    view_permission=Permission.VIEW,
    hint="数字按上季末从台账算出，可以核对后修改说明；正式、同意转入、双隶属不相加。",
)  # fmt: skip
