"""The quarterly report of a committee on coverage (季报): what the figures fill, words of the shipped template."""

from liaoyuan.core.registries import DocumentField, DocumentKind

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
    hint="数字按上季末从台账算出，可以核对后修改说明；正式、同意转入、双隶属不相加。",
)  # fmt: skip
