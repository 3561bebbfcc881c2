"""ORG-ID and ORG-NAME: numbers and names."""

from liaoyuan.registry.params.table import ALWAYS, NAME_RULE, NAMING, OWN, USCC, USCC_RULE, Statement, row

_SAVE_IMPORT = ("save", "import")
_ASK = "真实发放的代码也有不合规则的，故只请人核对，不拒收"

STATEMENTS = (
    Statement(
        "ORG-ID-01", "信用代码的位数和字符",
        "登记的社会组织有 18 位统一社会信用代码，只用数字和不含 I、O、S、V、Z 的大写字母。",
        "organization", _SAVE_IMPORT,
        (
            row("ORG-ID-01", True, USCC_RULE, since=USCC, severity="confirm", note=_ASK),
            row("uscc.len", 18, USCC_RULE, since=USCC),
            row("uscc.alphabet", "0123456789ABCDEFGHJKLMNPQRTUWXY", USCC_RULE, since=USCC),
        ),
        {
            "ORG-ID-01": "统一社会信用代码“{code}”有 {length} 位，应为 {expected} 位。",
            "ORG-ID-01.missing": "登记的社会组织应有统一社会信用代码，现为空。",
            "ORG-ID-01.given": "“{given}”不是完整的统一社会信用代码。",
            "ORG-ID-01.alphabet": "统一社会信用代码“{code}”含有不允许的字符：{characters}。",
        },
    ),
    Statement(
        "ORG-ID-02", "信用代码的校验码",
        "统一社会信用代码的末位校验码和其中组织机构代码的校验码都正确；不正确的请核对证书。",
        "organization", _SAVE_IMPORT,
        (
            row("ORG-ID-02", True, USCC_RULE + "；GB 11714", since=USCC, severity="confirm", note=_ASK),
            row(
                "uscc.weights",
                [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28],
                USCC_RULE,
                since=USCC,
                note="前十七位的加权因子：3 的乘方对 31 取余",
            ),
        ),
        {
            "ORG-ID-02": "统一社会信用代码“{code}”的末位校验码应为 {expected}，请对照证书核对。",
            "ORG-ID-02.organization": "统一社会信用代码“{code}”中组织机构代码的校验码应为 {expected}，请对照证书核对。",
        },
        reads=("uscc.alphabet",),
    ),
    Statement(
        "ORG-ID-03", "信用代码与组织类型相符",
        "统一社会信用代码以 51、52、53、59 开头，且与类型相符：51 社会团体，52 民办非企业单位，53 基金会。",
        "organization", _SAVE_IMPORT,
        (
            row("ORG-ID-03", True, USCC_RULE, since=USCC, severity="confirm", note=_ASK),
            row("uscc.map", {"51": "ST", "52": "MF", "53": "JJ"}, USCC_RULE, since=USCC),
            row("uscc.prefixes", ["51", "52", "53", "59"], USCC_RULE, since=USCC),
        ),
        {
            "ORG-ID-03": "统一社会信用代码以 {prefix} 开头，与类型“{kind}”不符，请核对类型或代码。",
            "ORG-ID-03.prefix": "统一社会信用代码以 {prefix} 开头，不是民政部门登记的社会组织代码（{allowed}）。",
        },
    ),
    Statement(
        "ORG-ID-04", "信用代码与登记机关相符",
        "统一社会信用代码第 3—8 位是登记机关的行政区划代码；区划合并前发放的代码不变。",
        "organization", ("save",),
        (
            row("ORG-ID-04", True, USCC_RULE, since=USCC),
            row(
                "registrar.divisions", {}, OWN, since=ALWAYS, mark="D",
                note="登记机关区划代码 → 另外承认的代码（撤并前的区、上级登记机关）",
            ),
        ),
        {"ORG-ID-04": "统一社会信用代码中的区划 {division} 不是登记机关的区划 {registrar}。"},
    ),
    Statement(
        "ORG-ID-05", "代码、备案号不重复",
        "存续组织之间统一社会信用代码、备案号不重复；名称相同而代码不同的，提示可能重复。",
        "organization", _SAVE_IMPORT,
        (
            row("ORG-ID-05", True, OWN, since=ALWAYS, severity="block", mark="D"),
            row(
                "ORG-ID-05@import", True, OWN, since=ALWAYS, severity="confirm", mark="D",
                note="导入时先核对：也许是同一组织改了名称",
            ),
            row("ORG-ID-05.same_name", True, OWN, since=ALWAYS, severity="warn", mark="D"),
        ),
        {
            "ORG-ID-05": "统一社会信用代码“{code}”已由存续组织“{holder}”使用。",
            "ORG-ID-05.filing": "备案号“{filing_no}”已由存续组织“{holder}”使用。",
            "ORG-ID-05.same_name": "已有同名的存续组织“{name}”（{other}），请核对是否重复。",
        },
    ),
    Statement(
        "ORG-ID-06", "备案组织有备案号、没有信用代码",
        "只备案的社区社会组织以备案号为标识，没有统一社会信用代码；有代码的应当是登记的组织。",
        "filing", _SAVE_IMPORT,
        (row("ORG-ID-06", True, "民发〔2017〕191号；" + OWN, since=ALWAYS, severity="block"),),
        {
            "ORG-ID-06": "备案的社区社会组织应有备案号，现为空。",
            "ORG-ID-06.code": "备案的社区社会组织没有统一社会信用代码，现填“{code}”；"
            "是否已登记？已登记的，请按登记组织录入并与备案关联。",
        },
    ),
    Statement(
        "ORG-NAME-01", "名称的组成",
        "社会团体名称：行政区划＋行业或会员组成＋组织形式；民办非企业单位、基金会名称：行政区划＋字号＋行业＋组织形式。",
        "organization", ("naming",),
        (
            row("ORG-NAME-01", True, NAME_RULE, since=NAMING),
            row(
                "name.forms",
                {
                    "ST": ["协会", "学会", "研究会", "促进会", "联合会", "联谊会", "商会", "校友会", "总会", "会"],
                    "MF": [
                        "中心", "院", "所", "园", "社", "馆", "站", "学校", "医院", "幼儿园", "俱乐部", "剧团",
                        "之家", "工作室", "服务队",
                    ],
                    "JJ": ["基金会"],
                },
                NAME_RULE, since=NAMING, mark="K",
            ),
            row(
                "name.core_min", {"ST": 2, "MF": 4, "JJ": 4}, NAME_RULE, since=NAMING, mark="K",
                note="区划与组织形式之间至少几个字；凭经验，待本地确认",
            ),
        ),
        {
            "ORG-NAME-01": "名称“{name}”应以行政区划名称（{areas}）开头。",
            "ORG-NAME-01.form": "名称“{name}”应以组织形式结尾，如{forms}。",
            "ORG-NAME-01.core": "名称“{name}”在行政区划与组织形式之间缺少{missing}。",
        },
    ),
    Statement(
        "ORG-NAME-02", "名称的禁用字样",
        "地方社会组织的名称不以中国、全国、中华开头，不含第一、最高、国家级字样。",
        "organization", ("naming",),
        (
            row("ORG-NAME-02", True, NAME_RULE, since=NAMING, severity="block"),
            row("name.forbidden_starts", ["中国", "全国", "中华"], NAME_RULE, since=NAMING),
            row("name.forbidden_words", ["第一", "最高", "国家级"], NAME_RULE, since=NAMING),
        ),
        {
            "ORG-NAME-02": "地方社会组织的名称不得以“{word}”开头。",
            "ORG-NAME-02.word": "社会组织的名称不得含有“{word}”。",
        },
    ),
)  # fmt: skip
