"""Documents of the procedures about lists: letters, the notice of the right to be heard, decisions (handbook §1.8).

All facts are `filled` from the proposal or from the list; an officer may correct title and basis and add a word.
"""

from liaoyuan.core.registries import DocumentField, DocumentKind
from liaoyuan.registry.params.letters import ABOUT, BODY, CONTACT, HEAD, TAIL, TO
from liaoyuan.registry.params.table import CREDIT_RULE

_TITLE = DocumentField("title", "标题", "拟列入活动异常名录告知书", given=True)
_BASIS = DocumentField("basis", "依据", CREDIT_RULE, given=True)
_MORE = DocumentField("more", "补充的话", "请携带登记证书副本。", "long", required=False)
#: What every document of a proposal knows.
_PROPOSAL = (
    DocumentField("ground", "事由类别", "未按规定报送年度报告", filled=True),
    DocumentField("reason", "事由", "未报送 2025 年度工作报告", filled=True),
    DocumentField("arisen", "信息产生日期", "2026年6月1日", filled=True),
    DocumentField("matter", "拟作出或者作出的决定", "将你单位列入活动异常名录", filled=True),
    DocumentField("unreachable", "以住所无法联系为由的写“是”，否则空白", "是", filled=True),
    DocumentField("letters", "寄过的信函（日期、文号、签收情况）", "2026年7月1日（某民社〔2026〕12号）", filled=True),
    *ABOUT,
)
_FOUND = (
    ("tag", "{%p if unreachable %}"),
    ("body", "经查，通过你单位登记的住所（{{ address }}）无法与你单位取得联系：{{ reason }}。"),
    ("tag", "{%p else %}"),
    ("body", "经查，你单位存在下列情形：{{ ground }}（{{ reason }}；信息产生于{{ arisen }}）。"),
    ("tag", "{%p endif %}"), ("tag", "{%p if letters %}"),
    ("body", "本机关先后向你单位登记的住所寄送信函：{{ letters }}。"), ("tag", "{%p endif %}"),
)  # fmt: skip
_ADD = (("tag", "{%p if more %}"), ("body", "{{ more }}"), ("tag", "{%p endif %}"))
_WHO = ("note", "（你单位统一社会信用代码：{{ code }}　负责人：{{ head }}）")
_REMEDY = ("body", "如不服本决定，可以自收到本决定书之日起六十日内申请行政复议，或者六个月内提起行政诉讼。")
_END = (("gap", ""), ("sign", "{{ office }}"), ("date", "{{ dated }}"))

LETTER = DocumentKind(
    "listing_letter", "专用信函", BODY,
    (
        _TITLE, _BASIS, _MORE, CONTACT, *_PROPOSAL,
        DocumentField("which", "第几次寄送", "第一次", filled=True),
        DocumentField("earlier", "第二次寄送时，第一次的情况", "2026年7月1日（某民社〔2026〕12号）", filled=True),
    ),
    (
        *HEAD, TO, ("tag", "{%p if unreachable %}"),
        ("body", "本机关通过你单位登记的住所（{{ address }}）无法与你单位取得联系：{{ reason }}。现依照"
                 "{{ basis }}，向你单位登记的住所{{ which }}寄送专用信函，请你单位收到后立即与本机关联系。"),
        ("tag", "{%p else %}"),
        ("body", "经查，你单位存在下列情形：{{ ground }}（{{ reason }}；信息产生于{{ arisen }}）。"
                 "现{{ which }}函告你单位，请立即改正，并将改正情况书面报告本机关。"),
        ("tag", "{%p endif %}"), ("tag", "{%p if earlier %}"),
        ("body", "本机关曾向你单位寄送信函：{{ earlier }}。"), ("tag", "{%p endif %}"),
        ("tag", "{%p if unreachable %}"),
        ("body", "两次邮寄均无人签收的，视为通过登记的住所无法取得联系，本机关将依照{{ basis }}{{ matter }}。"),
        ("tag", "{%p else %}"), ("body", "逾期不改正的，本机关将依照{{ basis }}{{ matter }}。"),
        ("tag", "{%p endif %}"), *_ADD, _WHO, *TAIL,
    ),
    panel=False, hint="向登记的住所寄送；第一封还是第二封，按建议办到哪一步自动写明。",
)  # fmt: skip

NOTICE = DocumentKind(
    "listing_notice", "列入告知书", BODY,
    (
        _TITLE, _BASIS, _MORE, CONTACT, *_PROPOSAL,
        DocumentField("hearing_days", "陈述申辩几个工作日", "10", filled=True),
        DocumentField("served", "签发当日", "2026年9月21日", filled=True),
        DocumentField("heard_until", "签发当日送达时，陈述申辩的最后一日", "2026年10月12日", filled=True),
    ),
    (
        *HEAD, TO, *_FOUND, ("body", "上述情形，依照{{ basis }}，本机关拟{{ matter }}。"),
        ("body", "对上述事实、理由和依据，你单位享有陈述、申辩的权利。自收到本告知书之日起 {{ hearing_days }} "
                 "个工作日内，你单位可以向本机关提出书面的陈述、申辩；逾期没有提出的，视为放弃。"),
        ("body", "本告知书于{{ served }}送达的，提出陈述、申辩的最后一日为{{ heard_until }}；在此之后送达的，"
                 "自送达之次日起按工作日计算。"),
        ("tag", "{%p if office_address %}"),
        ("body", "书面意见请送：{{ office_address }}，电话：{{ office_phone }}。"),
        ("tag", "{%p endif %}"), *_ADD, _WHO, *TAIL,
    ),
    panel=False, hint="写明事实、理由、依据和陈述申辩的权利；登记签收之后，陈述申辩期自签收日起算。",
)  # fmt: skip

DECISION = DocumentKind(
    "listing_decision", "列入决定书", BODY,
    (
        _TITLE, _BASIS,
        DocumentField("answer", "对陈述申辩的答复", "所述情况经核实不能成立，不予采纳。", "long", required=False),
        _MORE, *_PROPOSAL,
        DocumentField("notice_no", "告知书文号", "某民社〔2026〕30号", filled=True),
        DocumentField("notice_day", "告知书送达日期", "2026年9月21日", filled=True),
        DocumentField("heard", "收到陈述申辩的日期", "2026年9月25日", filled=True),
        DocumentField("heard_words", "陈述申辩要点", "正在补报", filled=True),
        DocumentField("unheard", "期限内没有陈述申辩时的一句话", "你单位在规定的期限内没有提出。", filled=True),
        DocumentField("abnormal", "列入活动异常名录的写“是”，否则空白", "是", filled=True),
    ),
    (
        *HEAD, TO, *_FOUND,
        ("body", "本机关于{{ notice_day }}向你单位送达告知书（{{ notice_no }}），"
                 "告知了事实、理由、依据和陈述、申辩的权利。"),
        ("tag", "{%p if heard %}"), ("body", "你单位于{{ heard }}提出陈述、申辩：{{ heard_words }}。"),
        ("tag", "{%p endif %}"), ("tag", "{%p if unheard %}"), ("body", "{{ unheard }}"), ("tag", "{%p endif %}"),
        ("tag", "{%p if answer %}"), ("body", "{{ answer }}"), ("tag", "{%p endif %}"),
        ("body", "依照{{ basis }}，本机关决定自{{ dated }}起{{ matter }}。"), ("tag", "{%p if abnormal %}"),
        ("body", "你单位按照规定履行义务或者完成整改要求的，可以向本机关申请移出活动异常名录。"),
        ("tag", "{%p endif %}"), *_ADD, _REMEDY, _WHO, *_END,
    ),
    panel=False, hint="签发即作出决定：签发之日列入名单，文号记为列入依据。",
)  # fmt: skip

REMOVAL = DocumentKind(
    "removal_decision", "移出决定书", BODY,
    (
        DocumentField("title", "标题", "移出活动异常名录决定书", given=True), _BASIS,
        DocumentField("reason", "移出事由", "已补报 2025 年度工作报告", "long"), _MORE,
        DocumentField("list", "名单", "活动异常名录", filled=True),
        DocumentField("listed", "列入日期", "2026年10月13日", filled=True),
        DocumentField("evidence", "列入决定书的文号", "（某民社〔2026〕41号）", filled=True),
        DocumentField("listed_because", "列入的事由", "未报送 2025 年度工作报告", filled=True),
        DocumentField("complied", "已履行义务或者改正的写“是”，否则空白", "是", filled=True), *ABOUT,
    ),
    (
        *HEAD, TO, ("body", "你单位因{{ listed_because }}，于{{ listed }}被列入{{ list }}{{ evidence }}。"),
        ("tag", "{%p if complied %}"),
        ("body", "经查，你单位已经履行义务或者完成整改：{{ reason }}。"), ("tag", "{%p else %}"),
        ("body", "经查：{{ reason }}。"), ("tag", "{%p endif %}"),
        ("body", "依照{{ basis }}，本机关决定自{{ dated }}起将你单位移出{{ list }}。"), *_ADD, _WHO, *_END,
    ),
    panel=False, hint="签发即移出：签发之日移出名单。",
)  # fmt: skip

KINDS = (LETTER, NOTICE, DECISION, REMOVAL)
#: Kinds that may go to many proposals at once.
BATCH_TITLES: dict[str, str] = {
    "listing_letter": "起草信函", "listing_notice": "起草告知书", "listing_decision": "起草列入决定书",
}  # fmt: skip
