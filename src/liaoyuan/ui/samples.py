"""Invented data of the gallery: each component in its usual, empty and wrong state. No real body or person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.ui.charts import Chart
from liaoyuan.ui.forms import DateField, MoneyField, chips, describe, problems
from liaoyuan.ui.pager import Query
from liaoyuan.ui.tables import Column, TableState

_STREETS = ("河埒街道", "荣巷街道", "蠡湖街道", "蠡园街道", "华庄街道", "太湖街道")
_WORDS = ("养老服务中心", "社区文化协会", "志愿者联合会", "青少年事务所", "科技促进会", "邻里互助社")
_STATES = (("ok", "正常"), ("review", "待核对"), ("closed", "已注销"))


@dataclass(frozen=True, slots=True)
class Body:
    """An invented organization."""

    pk: int
    name: str
    code: str
    street: str
    on: date
    fen: int
    staff: int
    state: tuple[str, str]


_BODIES = [
    Body(
        pk=n,
        name=f"示例{_WORDS[n % 6]}{n}",
        code=f"5232991100000{n:04}X",
        street=_STREETS[n % 5],
        on=date(2010 + n % 15, 1 + n % 12, 1 + n % 28),
        fen=(3 + n % 30) * 1_000_000,
        staff=n % 23,
        state=_STATES[n % 7 % 3],
    )
    for n in range(1, 131)
]
_COLUMNS = (
    Column("name", gettext_lazy("名称"), sortable=True, link=lambda body: f"#row-{body.pk}", fixed=True),
    Column("code", gettext_lazy("统一社会信用代码")),
    Column("street", gettext_lazy("街道"), sortable=True),
    Column("on", gettext_lazy("成立日期"), sortable=True, kind="date"),
    Column("fen", gettext_lazy("注册资金（万元）"), sortable=True, kind="wan"),
    Column("staff", gettext_lazy("专职人数"), sortable=True, kind="number", default=False),
    Column("state", gettext_lazy("状态"), kind="verdict"),
)


class _Search(forms.Form):
    q = forms.CharField(label=gettext_lazy("名称或代码"), required=False, max_length=50)
    street = forms.ChoiceField(
        label=gettext_lazy("街道"),
        required=False,
        choices=[("", gettext_lazy("全部")), *((name, name) for name in _STREETS)],
    )
    since = DateField(label=gettext_lazy("成立日期从"), required=False)


class _Entry(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    on = DateField(label=gettext_lazy("成立日期"), help_text=gettext_lazy("也可以写成 2018年10月26日"))
    fen = MoneyField(label=gettext_lazy("注册资金"), unit="万元")
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"),
        widget=forms.RadioSelect,
        choices=[("ST", gettext_lazy("社会团体")), ("MF", gettext_lazy("社会服务机构"))],
    )
    street = forms.ChoiceField(label=gettext_lazy("街道"), choices=[(name, name) for name in _STREETS])
    fields_of_work = forms.MultipleChoiceField(
        label=gettext_lazy("所属领域"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("culture", gettext_lazy("文化")), ("health", gettext_lazy("卫生")), ("sports", gettext_lazy("体育"))],
    )
    scope = forms.CharField(label=gettext_lazy("业务范围"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    pledge = forms.BooleanField(label=gettext_lazy("填写的内容不涉及国家秘密"))
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class _Upload(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("把表格拖到这里，或点击选择"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )


def _findings() -> list[Finding]:
    source = _("示例条款第十条")
    return [
        Finding("SAMPLE-01", Severity.BLOCK, "注册资金{given}万元，低于最低的{least}万元", "fen",
                args={"given": 1, "least": 3}, params_used={"sample.least": 3}, source=source),
        Finding("SAMPLE-02", Severity.CONFIRM, "本街道已有名称相近的组织，请确认不是同一家", "name", source=source),
        Finding("SAMPLE-03", Severity.WARN, "成立日期早于街道设立的日期", "on", source=source),
        Finding("SAMPLE-04", Severity.INFO, "理事人数不足时可以先备案", source=source),
    ]  # fmt: skip


def _rows(query: Query, state: TableState) -> list[Body]:
    told = dict(query.pairs)
    found = [
        body
        for body in _BODIES
        if told.get("q", "") in f"{body.name}{body.code}" and told.get("street", "") in ("", body.street)
    ]
    if state.sort:
        found.sort(key=lambda body: (getattr(body, state.sort), body.pk), reverse=state.descending)
    return found


def _tree(query: Query) -> list[dict[str, Any]]:
    def node(name: str, children: list[dict[str, Any]], count: int | None = None) -> dict[str, Any]:
        href = query(street=name if not children else None)
        current = name == dict(query.pairs).get("street")
        return {"name": name, "href": href, "current": current, "count": count, "open": True, "children": children}

    streets = [node(s, [], sum(b.street == s for b in _BODIES)) for s in _STREETS]
    return [node("示例区", streets, len(_BODIES))]


def gallery(request: HttpRequest) -> dict[str, Any]:
    """The context of the gallery page."""
    state = TableState.from_request(request, _COLUMNS, default_sort="name")
    query = state.query
    search = _Search(request.GET)
    wrong = _Entry(
        {"name": "示例协会", "on": "18-10-26", "fen": "1", "kind": "ST", "street": _STREETS[0]}, auto_id="entry_%s"
    )
    findings = _findings()
    at = datetime(2026, 10, 26, 14, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    series = {_("社会团体"): [12, 9, 4, 7, 3, 0], _("社会服务机构"): [48, 39, 35, 28, 21, 1]}
    return {
        "title": _("组件一览"),
        "table": state.table(
            _rows(query, state), live=True, ops=lambda body: [(_("查看"), f"#row-{body.pk}"), (_("修改"), "#form")]
        ),
        "nothing": state.table([]),
        "search": describe(search),
        "chips": chips(search, query),
        "hidden": query.hidden("q", "street", "since"),
        "saved": [(_("全部"), "?", not query.pairs), (_("蠡园街道"), f"?street={_STREETS[3]}", False)],
        "tree": _tree(query),
        "entry": describe(wrong, findings, rules={"fen": _("注册资金不低于3万元（示例条款第十条）")}),
        "problems": problems(wrong, findings),
        "upload": describe(_Upload()),
        "findings": findings,
        "today": date(2026, 10, 26),
        "past": date(2025, 12, 31),
        "facts": [
            (_("名称"), "示例养老服务中心", _("自 2019-03-01 起")),
            (_("统一社会信用代码"), "52329911000000001X", ""),
            (_("注册资金"), "30 万元", ""),
            (_("住所"), "", ""),
        ],
        "paper_lines": [
            {"paper": _("登记证书"), "state": "expired", "note": _("有效期至 {day}").format(day="2026-01-01"),
             "links": [("证书.pdf", "#record")], "href": "#record"},
            {"paper": _("章程"), "state": "given", "note": "", "links": [("章程.pdf", "#record")], "href": "#record"},
            {"paper": _("住所证明"), "state": "missing", "note": "", "links": [], "href": "#record"},
            {"paper": _("成员名单"), "state": "given", "note": _("不在您的查看范围"), "links": [], "href": ""},
        ],
        "timeline": [
            {"on": date(2026, 9, 1), "what": _("评估为4A级"), "who": _("示例评估委员会"), "href": "#timeline",
             "kind": "registry", "recorded": None},
            {"on": date(2026, 6, 30), "what": _("第一期资助款到账"), "who": "", "href": "", "kind": "money",
             "recorded": at},
            {"on": date(2019, 3, 1), "what": _("成立登记"), "who": "", "href": "", "kind": "", "recorded": None},
        ],
        "bar": Chart("bar", _("各街道登记数"), _STREETS, series, unit=_("家"), axis=_("街道"), stacked=True),
        "line": Chart("line", _("历年登记数"), ["2023", "2024", "2025", "2026"], {_("登记数"): [470, 488, None, 513]},
                      unit=_("家"), axis=_("年份")),
        "cards": [
            (_("登记"), 513, _("家"), "#list", _("社会团体 131 · 社会服务机构 381 · 基金会 1")),
            (_("备案"), 1059, _("家"), "#list", ""),
            (_("待核对"), 12, "", "", _("导入历史数据后留下的")),
            (_("专职人员"), None, _("人"), "", _("还没有填报")),
        ],
        "at": at,
    }  # fmt: skip
