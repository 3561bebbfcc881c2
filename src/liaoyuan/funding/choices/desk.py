"""Words of the expert's desk: what to look at for each item of a score sheet (handbook §3.5). No Django."""

from liaoyuan.funding.choices.review import ScoreItem

#: A hint below an item; an item of a round's own has none.
SCORE_HINT_TITLES: dict[str, str] = {
    ScoreItem.NEED: "需求有没有走访、问卷、社区来信作依据，是不是这些人真正需要的。",
    ScoreItem.GOALS: "目标是否具体，数得出来，按期能够检验。",
    ScoreItem.PLAN: "方法是否专业，步骤、时间、风险对策是否可行。",
    ScoreItem.NOVELTY: "与同类项目不同在哪里，能否推广。",
    ScoreItem.TEAM: "分工、资格、投入的时间是否够用。",
    ScoreItem.BUDGET: "预算是否必要、单价是否合理；对照预算的规则核查。",
    ScoreItem.LASTING: "资助结束以后怎样继续，有没有自筹和其他资源。",
    ScoreItem.PARTY: "承诺的内容是否具体、为居民服务；不问谁是党员。",
    "matching": "有落实的配套资金的酌情加分，没有的不填。",
    "special": "按本届公告的专项要求加分，没有的不填。",
}
