"""The proposal that a plan makes to the superior's meeting, as a document of the office (Word and PDF)."""

from liaoyuan.core.registries import DocumentField, DocumentKind
from liaoyuan.planning.choices.codes import Permission

#: What documents of a plan are attached to.
PAPER_TITLES: dict[str, str] = {"plan": "编组方案"}

PROPOSAL = DocumentKind(
    "plan_proposal", "关于优化党组织设置的建议", "plan",
    (
        DocumentField("title", "标题", "关于优化社会组织党组织设置的建议", default="关于优化社会组织党组织设置的建议"),
        DocumentField("receiver", "主送", "区社会组织综合党委"),
        DocumentField("figures", "总的情况", "参加编组的单位 67 家，拟编入 65 家。", "long", given=True),
        DocumentField("groups", "拟设联合党支部", "第 1 组：甲中心、乙中心，党员 4 名。", "long", given=True,
                      required=False),
        DocumentField("attached", "拟挂靠", "某某中心挂靠某某党支部。", "long", given=True, required=False),
        DocumentField("uncovered", "暂未覆盖", "没有坐标的 2 家。", "long", given=True, required=False),
        DocumentField("instructors", "拟派指导员", "某某（现联系 3 家，拟派 2 家）：甲中心、乙中心。", "long",
                      given=True, required=False),
        DocumentField("definition", "口径", "按正式组织关系统计。", "long", filled=True),
        DocumentField("contact", "联系人", "某某", required=False),
    ),
    (
        ("head", "{{ office }}"), ("number", "{{ number }}"), ("title", "{{ title }}"), ("to", "{{ receiver }}："),
        ("body", "{{ figures }}"),
        ("tag", "{%p if groups %}"), ("body", "拟设联合党支部："), ("body", "{{ groups }}"), ("tag", "{%p endif %}"),
        ("tag", "{%p if attached %}"), ("body", "拟挂靠现有党支部："), ("body", "{{ attached }}"),
        ("tag", "{%p endif %}"),
        ("tag", "{%p if uncovered %}"), ("body", "暂未覆盖：{{ uncovered }}"), ("tag", "{%p endif %}"),
        ("tag", "{%p if instructors %}"), ("body", "拟派党建工作指导员："), ("body", "{{ instructors }}"),
        ("tag", "{%p endif %}"),
        ("body", "以上建议，请予审议。"), ("note", "口径：{{ definition }}"), ("gap", ""), ("sign", "{{ office }}"),
        ("date", "{{ dated }}"),
        ("tag", "{%p if contact %}"), ("note", "联系人：{{ contact }}　电话：{{ office_phone }}"),
        ("tag", "{%p endif %}"),
    ),
    view_permission=Permission.VIEW,
    hint="各组和数字取自方案，可以核对后修改说明。方案只是建议，各组仍逐件申请、批复。",
)  # fmt: skip
