"""The application (F12, handbook §3.8): its sections, the texts asked for, their greatest lengths in characters."""

from typing import NamedTuple


class Text(NamedTuple):
    """One text of the application: its key in `Project.answers`, heading, help, greatest length, whether needed."""

    key: str
    title: str
    help: str
    most: int = 1000
    needed: bool = True


#: Sections in the order of the form.
SECTION_TITLES: dict[str, str] = {
    "basic": "基本情况",
    "content": "项目内容",
    "team": "项目团队",
    "plan": "实施计划",
    "outcomes": "预期成效",
    "risks": "风险与对策",
    "pledges": "党建融入",
    "budget": "项目预算",
}
TEXTS: tuple[Text, ...] = (
    Text("about", "单位简介", "做过什么、擅长什么，500 字以内。", 500),
    Text("summary", "项目简介", "做什么、为谁做、在哪里做，500 字以内。", 500),
    Text("need", "需求分析", "怎样了解到的需求：走访、问卷、社区来信；写明数字和时间。"),
    Text("goals", "项目目标", "做完以后会有什么改变，能数得出来的写数。"),
    Text("served", "服务对象", "是哪些人，怎样找到他们，不写姓名。", 500),
    Text("method", "服务方法", "用什么方法，分几步，谁来做。"),
    Text("novelty", "创新点", "与同类项目不同在哪里。", 500, needed=False),
    Text("lasting", "可持续", "资助结束以后怎样继续，还有哪些资源。", 500, needed=False),
)
#: Kinds of red elements a project may pledge (红色元素).
PLEDGE_TITLES: dict[str, str] = {
    "branch": "党支部参与",
    "pioneer": "党员先锋岗、志愿队",
    "study": "红色教育、宣讲",
    "service": "为居民服务",
    "joint": "与社区党组织共建",
}
#: Heading and length of each column of the repeated rows.
STEP_TITLES: dict[str, str] = {
    "period": "时间", "content": "内容", "frequency": "频次", "place": "地点", "persons": "人次",
}  # fmt: skip
INDICATOR_TITLES: dict[str, str] = {"title": "指标", "unit": "单位", "target": "目标值", "evidence": "证明方式"}
RISK_TITLES: dict[str, str] = {"title": "风险", "measure": "对策"}
TEAM_TITLES: dict[str, str] = {
    "name": "姓名", "role": "角色", "lead": "项目负责人", "full_time": "专职", "percent": "投入时间（%）",
    "qualification": "学历和资格",
}  # fmt: skip
LINE_TITLES: dict[str, str] = {
    "budget_class": "科目", "title": "明细", "price_fen": "单价（元）", "unit": "单位", "quantity": "数量",
    "times": "频次", "grant_fen": "资助资金（元）", "own_fen": "自筹配套（元）", "basis": "测算依据",
}  # fmt: skip
#: Fields offered where a round names none.
DEFAULT_FIELDS: tuple[str, ...] = (
    "为老服务", "助残服务", "儿童和青少年", "济困救助", "社区治理", "心理健康", "环境保护", "支持社会组织", "其他",
)  # fmt: skip
