"""Kits of letters about one social organization: fields and words of the shipped templates (handbook §8, F23).

Words in double braces are places; a line `{%p if … %}` is a paragraph of its own. Staff replace the Word template, not
this table.
"""

from liaoyuan.core.registries import DocumentField, DocumentKind

BODY = "organization"
HEAD = (("head", "{{ office }}"), ("number", "{{ number }}"), ("title", "{{ title }}"))
TO = ("to", "{{ name }}：")
TAIL = (
    ("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"), ("tag", "{%p if contact %}"),
    ("note", "联系人：{{ contact }}　电话：{{ office_phone }}"), ("tag", "{%p endif %}"),
)  # fmt: skip
ABOUT = (
    DocumentField("code", "统一社会信用代码或备案号", "52329911MJ0000000X", filled=True),
    DocumentField("head", "法定代表人或负责人", "某某", filled=True),
    DocumentField("address", "住所", "某街道某路 1 号", filled=True),
    DocumentField("type", "类型", "民办非企业单位", filled=True),
)
CONTACT = DocumentField("contact", "联系人", "某某", required=False)


def _title(text: str) -> DocumentField:
    return DocumentField("title", "标题", text, default=text)


NOTICE = DocumentKind(
    "notice", "通知", BODY,
    (
        DocumentField("title", "标题", "关于报送年度工作报告的通知"),
        DocumentField("content", "正文", "现将有关事项通知如下：……", "long"),
        DocumentField("due_on", "办理期限", "2026-12-31", "date", required=False),
        CONTACT, *ABOUT,
    ),
    (
        *HEAD, TO, ("body", "{{ content }}"), ("tag", "{%p if due_on %}"),
        ("body", "请于{{ due_on }}前办理完毕。"), ("tag", "{%p endif %}"), ("body", "特此通知。"), *TAIL,
    ),
    hint="一般事项的通知。",
)  # fmt: skip

REMINDER = DocumentKind(
    "reminder", "催报通知", BODY,
    (
        _title("关于催报年度工作报告的通知"),
        DocumentField("matter", "催报的事项", "2025 年度工作报告"),
        DocumentField("basis", "依据", "《民办非企业单位登记管理暂行条例》第二十三条", given=True, required=False),
        DocumentField("due_on", "最后期限", "2026-12-31", "date"),
        DocumentField(
            "effect", "逾期的后果", "逾期仍未报送的，将依法列入活动异常名录。", "long", required=False,
            default="逾期仍未报送的，将依照《社会组织信用信息管理办法》处理。",
        ),
        CONTACT, *ABOUT,
    ),
    (
        *HEAD, TO, ("tag", "{%p if basis %}"), ("body", "依照{{ basis }}的规定，你单位应当按时报送{{ matter }}。"),
        ("tag", "{%p else %}"), ("body", "你单位应当按时报送{{ matter }}。"), ("tag", "{%p endif %}"),
        ("body", "经查，你单位至今尚未报送。请于{{ due_on }}前报送。"), ("tag", "{%p if effect %}"),
        ("body", "{{ effect }}"), ("tag", "{%p endif %}"), ("body", "特此通知。"), *TAIL,
    ),
    hint="没有按时报送年度工作报告等材料的，书面催报；可对选中的组织一并发出。",
)  # fmt: skip

TALK = DocumentKind(
    "talk", "约谈通知书", BODY,
    (
        _title("行政约谈通知书"),
        DocumentField("reason", "约谈事由", "未按规定报送年度工作报告", "long"),
        DocumentField("talk_on", "约谈日期", "2026-12-10", "date"),
        DocumentField("talk_time", "时间", "上午 9 时 30 分"),
        DocumentField("talk_place", "地点", "某区民政局 301 会议室"),
        DocumentField("papers", "携带的材料", "登记证书副本、法定代表人身份证明", "long", required=False),
        CONTACT, *ABOUT,
    ),
    (
        *HEAD, TO, ("body", "因{{ reason }}，现决定对你单位进行约谈。"),
        ("body", "请你单位法定代表人或负责人（{{ head }}）于{{ talk_on }}{{ talk_time }}到{{ talk_place }}接受约谈。"),
        ("tag", "{%p if papers %}"), ("body", "请携带下列材料：{{ papers }}"), ("tag", "{%p endif %}"), *TAIL,
    ),
    hint="请负责人到场说明情况。",
)  # fmt: skip

RECTIFY = DocumentKind(
    "rectify", "责令限期整改通知书", BODY,
    (
        _title("责令限期整改通知书"),
        DocumentField("facts", "查明的问题", "未按章程规定召开理事会。", "long"),
        DocumentField("basis", "依据", "《社会团体登记管理条例》第十四条"),
        DocumentField("demands", "整改要求", "一、……\n二、……", "long"),
        DocumentField("due_on", "整改期限", "2026-12-31", "date"),
        CONTACT, *ABOUT,
    ),
    (
        *HEAD, TO, ("body", "经查，你单位存在下列问题："), ("body", "{{ facts }}"),
        ("body", "依照{{ basis }}，现责令你单位于{{ due_on }}前完成下列整改："), ("body", "{{ demands }}"),
        ("body", "请在期限届满前书面报告整改情况。逾期不整改或者整改不到位的，将依法处理。"), *TAIL,
    ),
    hint="查明问题后责令整改，写明要求和期限。",
)  # fmt: skip

PUBLICITY = DocumentKind(
    "publicity", "公示", BODY,
    (
        DocumentField("title", "公示标题", "关于某某中心评估等级的公示"),
        DocumentField("content", "公示事项", "经评审，拟确定下列评估等级。", "long"),
        DocumentField("names", "名单", "某某社会工作服务中心　4A", "long", required=False),
        DocumentField("days", "公示几个工作日", "5", "days", default="5"),
        DocumentField("receiver", "异议受理人", "社会组织科"),
        DocumentField("mail", "异议渠道（邮箱、信箱）", "某区民政局信箱", required=False),
        *ABOUT,
    ),
    (
        *HEAD, ("body", "{{ content }}"), ("tag", "{%p if names %}"), ("body", "{{ names }}"),
        ("tag", "{%p endif %}"),
        ("body", "公示期 {{ days }} 个工作日，自{{ opens_on }}起至{{ closes_on }}止。公示期内如有异议，请以书面或者"
                 "口头形式向{{ receiver }}反映，电话：{{ office_phone }}。"),
        ("tag", "{%p if mail %}"), ("body", "异议渠道：{{ mail }}"), ("tag", "{%p endif %}"),
        ("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"),
    ),
    notice_days="days",
    hint="签发后在公开页面挂出，到期自动撤下；期间收到的异议在文书页登记。不要写身份证号、电话等个人信息。",
)  # fmt: skip

NO_OBJECTION = DocumentKind(
    "no_objection", "公示无异议证明", BODY,
    (
        _title("公示无异议证明"),
        DocumentField("purpose", "用途", "办理评估等级授予手续", required=False),
        *ABOUT,
    ),
    (
        *HEAD,
        ("body", "{{ office }}于{{ opens_on }}至{{ closes_on }}就“{{ notice_title }}”（{{ notice_number }}）进行了"
                 "公示。公示期满，没有收到异议，或者收到的异议经核查不成立。"),
        ("tag", "{%p if purpose %}"), ("body", "本证明用于{{ purpose }}。"), ("tag", "{%p endif %}"),
        ("body", "特此证明。"), ("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"),
    ),
    follows="publicity",
    hint="公示期满、异议都处理完后出具。",
)  # fmt: skip

APPOINTMENT = DocumentKind(
    "appointment", "聘书", BODY,
    (
        _title("聘　书"),
        DocumentField("person", "受聘人", "某某"),
        DocumentField("post", "聘为", "社会组织评估专家"),
        DocumentField("term_from", "聘期起", "2026-12-01", "date"),
        DocumentField("term_to", "聘期止", "2027-11-30", "date"),
        *ABOUT,
    ),
    (
        ("gap", ""), ("title", "{{ title }}"), ("to", "{{ person }}："),
        ("body", "兹聘请您（{{ name }}）为{{ post }}，聘期自{{ term_from }}至{{ term_to }}。"),
        ("body", "此聘。"), ("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"), ("note", "{{ number }}"),
    ),
    hint="聘请评估专家、社会监督员等。",
)  # fmt: skip

INTRODUCTION = DocumentKind(
    "introduction", "介绍信", BODY,
    (
        _title("介 绍 信"),
        DocumentField("destination", "前往单位", "某区行政审批局"),
        DocumentField("bearer", "持信人", "某某"),
        DocumentField("count", "人数", "2"),
        DocumentField("matter", "联系事项", "办理变更登记事宜", "long"),
        DocumentField("valid_days", "有效天数", "15", "days", default="15"),
        *ABOUT,
    ),
    (
        ("title", "{{ title }}"), ("number", "{{ number }}"), ("to", "{{ destination }}："),
        ("body", "兹介绍{{ name }}{{ bearer }}等 {{ count }} 人，前往你处{{ matter }}。请予接洽。"),
        ("body", "此致"), ("to", "敬礼"), ("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"),
        ("note", "（有效期 {{ valid_days }} 天）"),
    ),
    hint="介绍组织的人员到其他单位办事。",
)  # fmt: skip

#: Kinds that may go to many organizations at once.
BATCH_KINDS = ("reminder", "notice")
KINDS = (NOTICE, REMINDER, TALK, RECTIFY, PUBLICITY, NO_OBJECTION, APPOINTMENT, INTRODUCTION)
