"""The report (F15, handbook §8): the texts that people write; every figure of it is counted."""

from liaoyuan.funding.choices.running import ReportKind
from liaoyuan.funding.params.application_form import Text

_COMMON = (
    Text("changes", "变化与故事", "服务对象和社区有了什么变化；故事不写真实姓名。"),
    Text("survey", "满意度调查", "怎样调查的、问了谁；份数和平均分填在下面。", 500, needed=False),
    Text("money", "财务执行说明", "实际支出与预算差别大的科目，写明原因。", 500, needed=False),
    Text("problems", "问题与对策", "遇到的困难，怎样解决。"),
    Text("party", "党建结合", "红色元素怎样兑现的；没有承诺的不写。", 500, needed=False),
)
#: Texts of each report in the order of the form.
REPORT_TEXTS: dict[str, tuple[Text, ...]] = {
    ReportKind.MID: (*_COMMON, Text("ahead", "下一步安排", "剩下的指标怎样完成，资金怎样使用。")),
    ReportKind.FINAL: (
        *_COMMON,
        Text("lasting", "后续和推广", "项目结束以后怎样延续，哪些做法可以推广。", 500, needed=False),
    ),
}
