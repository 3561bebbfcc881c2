"""GOV: councils, terms and officers."""

from liaoyuan.registry.params.table import CHARITY, CHARITY_LAW, JJ, JJ_LAW, OWN, ST, ST_LAW, Statement, row

_CHARTER = "《社会团体章程示范文本》"

STATEMENTS = (
    Statement(
        "GOV-01", "社会团体的法定代表人",
        "社会团体的法定代表人不得同时担任其他社会团体的法定代表人。",
        "person", ("appointment",),
        (row("GOV-01", True, ST_LAW + "第十二条", since=ST, severity="block"),),
        {"GOV-01": "该人员已是其他社会团体的法定代表人（{bodies}），不得再任本社会团体的法定代表人。"},
    ),
    Statement(
        "GOV-02", "基金会的法定代表人",
        "基金会的法定代表人不得同时担任其他组织的法定代表人。",
        "person", ("appointment",),
        (row("GOV-02", True, JJ_LAW + "第二十三条", since=JJ, severity="block"),),
        {
            "GOV-02": "该人员已是其他组织的法定代表人（{bodies}），不得再任基金会的法定代表人。",
            "GOV-02.foundation": "该人员是基金会（{bodies}）的法定代表人，不得再任其他组织的法定代表人。",
        },
    ),
    Statement(
        "GOV-03", "基金会的理事会",
        "基金会理事 5—25 人，每届任期不超过 5 年，理事会每年至少召开 2 次会议。",
        "council", ("save",),
        (
            row("GOV-03", True, JJ_LAW + "第二十条、第二十一条", since=JJ, severity="block"),
            row(
                "GOV-03@import", True, JJ_LAW + "第二十条、第二十一条", since=JJ, severity="warn",
                note="导入的既有登记列入整理清单，不拒收",
            ),
            row("GOV-03.meetings", True, JJ_LAW + "第二十一条", since=JJ, severity="warn"),
            row("jj.council_min", 5, JJ_LAW + "第二十条", since=JJ),
            row("jj.council_max", 25, JJ_LAW + "第二十条", since=JJ),
            row("jj.term_years", 5, JJ_LAW + "第二十条", since=JJ),
            row("jj.meetings_min", 2, JJ_LAW + "第二十一条", since=JJ),
        ),
        {
            "GOV-03": "基金会现有理事 {count} 人，应为 {least}—{most} 人。",
            "GOV-03.term": "基金会本届任期 {first} 至 {last}，超过 {years} 年。",
            "GOV-03.meetings": "基金会理事会上一年度召开会议 {held} 次，应不少于 {least} 次。",
        },
    ),
    Statement(
        "GOV-04", "基金会理事、监事的回避",
        "用私人财产设立的非公募基金会，近亲属不超过理事总数的三分之一，其他基金会理事之间不得有近亲属关系；"
        "领取报酬的理事不超过三分之一；监事不得由理事、其近亲属和财会人员兼任。",
        "council", ("appointment",),
        (
            row("GOV-04", True, JJ_LAW + "第二十条、第二十二条", since=JJ, severity="block"),
            row("jj.relatives_share", [1, 3], JJ_LAW + "第二十条", since=JJ),
            row("jj.paid_share", [1, 3], JJ_LAW + "第二十条", since=JJ),
        ),
        {
            "GOV-04": "理事 {council} 人中有 {count} 人与其他理事有近亲属关系，超过 {num}/{den}。",
            "GOV-04.none": "公募基金会和非用私人财产设立的基金会，理事之间不得有近亲属关系，现有 {count} 人。",
            "GOV-04.paid": "理事 {council} 人中有 {count} 人领取报酬，超过 {num}/{den}。",
            "GOV-04.supervisor": "监事不得由本基金会的理事兼任。",
            "GOV-04.relative": "监事不得由理事的近亲属担任。",
            "GOV-04.finance": "监事不得由本基金会的财会人员兼任。",
        },
    ),
    Statement(
        "GOV-05", "换届提醒",
        "届满前 180、90、30 日提醒换届；延期换届最长不超过 1 年。",
        "council", ("daily",),
        (
            row("GOV-05", True, _CHARTER, since=ST, mark="K"),
            row("term.max_years", 5, _CHARTER, since=ST, mark="K"),
            row("term.postpone_years", 1, _CHARTER, since=ST, mark="K"),
            row("term.remind_days", [180, 90, 30], OWN, since=ST, mark="D"),
        ),
        {
            "GOV-05": "本届任期 {last} 届满，还有 {days} 日，请准备换届。",
            "GOV-05.over": "本届任期已于 {last} 届满 {days} 日，尚未换届；延期最长到 {latest}。",
            "GOV-05.late": "本届任期已于 {last} 届满，延期换届已超过 {years} 年（最长到 {latest}）。",
        },
    ),
    Statement(
        "GOV-06", "负责人的年龄",
        "负责人任职年龄不超过 70 周岁，超过的须经批准。",
        "person", ("appointment",),
        (
            row("GOV-06", True, _CHARTER, since=ST, mark="K"),
            row("officer.age_max", 70, _CHARTER, since=ST, mark="K"),
        ),
        {"GOV-06": "该人员于 {day} 满 {years} 周岁，超龄任职须经批准，请填写批准文号。"},
    ),
    Statement(
        "GOV-07", "离退休领导干部兼职",
        "离退休领导干部在社会团体兼职须经批准，只兼 1 个，不超过 2 届，不超过 70 周岁，不领取报酬。",
        "person", ("appointment",),
        (
            row("GOV-07", True, "中组发〔2014〕11号", since="2014-06-25", severity="block"),
            row("retired_cadre.posts_max", 1, "中组发〔2014〕11号", since="2014-06-25"),
            row("retired_cadre.terms_max", 2, "中组发〔2014〕11号", since="2014-06-25"),
            row("retired_cadre.age_max", 70, "中组发〔2014〕11号", since="2014-06-25"),
        ),
        {
            "GOV-07": "离退休领导干部在社会团体兼职须经批准，请填写批准文号。",
            "GOV-07.posts": "离退休领导干部只能兼任 {most} 个社会团体职务，该人员已在 {count} 个其他社会团体任职。",
            "GOV-07.terms": "离退休领导干部兼职不超过 {most} 届，本次为第 {term} 届。",
            "GOV-07.age": "该人员于 {day} 满 {years} 周岁，离退休领导干部兼职不得超过这一年龄。",
            "GOV-07.paid": "离退休领导干部兼职不得领取报酬。",
        },
    ),
    Statement(
        "GOV-08", "现职国家工作人员",
        "基金会理事长、副理事长和秘书长不得由现职国家工作人员兼任。",
        "person", ("appointment",),
        (row("GOV-08", True, JJ_LAW + "第二十三条", since=JJ, severity="block"),),
        {"GOV-08": "现职国家工作人员不得兼任基金会的理事长、副理事长或秘书长。"},
    ),
    Statement(
        "GOV-09", "章程中的党建条款",
        "章程载明坚持党的领导、支持党组织开展活动的内容。",
        "charter", ("procedure_submit", "procedure_decide"),
        (
            row("GOV-09", True, "民函〔2018〕78号；民函〔2019〕54号", since="2018-04-28"),
            row("charter.party_pattern", "中国共产党.{0,40}(党的组织|党组织)", OWN, since="2018-04-28", mark="D"),
        ),
        {
            "GOV-09": "章程中没有找到党建条款。",
            "GOV-09.ticked": "申请中没有确认章程载有党建条款，也没有粘贴条款原文。",
        },
    ),
    Statement(
        "GOV-10", "慈善组织负责人的限制",
        "无民事行为能力或限制民事行为能力的，因故意犯罪被判处刑罚、刑满未逾 5 年的，"
        "在被吊销证书或被取缔的组织担任负责人、未逾 5 年的，不得担任慈善组织负责人。",
        "person", ("appointment",),
        (
            row("GOV-10", True, CHARITY_LAW + "第十六条", since=CHARITY, severity="block"),
            row("charity.bar_years", 5, CHARITY_LAW + "第十六条", since=CHARITY),
        ),
        {
            "GOV-10": "无民事行为能力或者限制民事行为能力的，不得担任慈善组织负责人。",
            "GOV-10.sentence": "因故意犯罪服刑期满于 {since}，满 {years} 年（{until}）之前不得担任慈善组织负责人。",
            "GOV-10.closed": "曾任负责人的组织于 {since} 被吊销证书或取缔，"
            "满 {years} 年（{until}）之前不得担任慈善组织负责人。",
        },
    ),
)  # fmt: skip
