"""Forms of rounds of ratings: dates, applications, sheets of points, votes, objections, assessors."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.registry.actions.rating_entries import PAGE_LONGEST, Mark, Votes
from liaoyuan.registry.choices import RATINGS, TieKind
from liaoyuan.registry.models import RatingItem
from liaoyuan.registry.params.ratings import RATING_MESSAGES, TIE_TITLES
from liaoyuan.registry.rules.rounds import TENTHS, Dates, written
from liaoyuan.ui.forms import DateField

_POINTS = re.compile(r"(\d{1,5})(?:[.．](\d))?")
_MORE = 300


class RoundForm(forms.Form):
    """A round with its dates. The figures come from the parameters and are not typed here."""

    area = forms.ChoiceField(label=lazy("评估机关所在区划"))
    year = forms.IntegerField(label=lazy("年度"), min_value=2011, max_value=2100)
    number = forms.IntegerField(label=lazy("批次"), min_value=1, max_value=20, initial=1)
    title = forms.CharField(label=lazy("名称"), max_length=80)
    called_on = DateField(label=lazy("通知日期"))
    assess_until = DateField(label=lazy("自评截止"), help_text=lazy("当日仍可提交"))
    visits_from = DateField(label=lazy("实地考察起"))
    visits_until = DateField(label=lazy("实地考察止"))
    review_on = DateField(label=lazy("评审会日期"))
    members = forms.IntegerField(
        label=lazy("评估委员会全体委员数"), min_value=1, max_value=99, help_text=lazy("票数按全体委员计算")
    )

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if areas:
            self.fields["area"].choices = list(areas)  # type: ignore[attr-defined]
        else:
            for name in ("area", "year", "number"):
                del self.fields[name]

    def dates(self) -> Dates:
        """The dates in the rules' shape."""
        told = self.cleaned_data
        names = ("called_on", "assess_until", "visits_from", "visits_until", "review_on")
        return Dates(*(told[name] for name in names))


class BehalfForm(forms.Form):
    """代填: an officer says on whose word. A body that fills in for itself is not asked."""

    word_via = forms.ChoiceField(
        label=lazy("代填方式"), required=False,
        choices=[("", lazy("（本机关办理，不是代填）")), ("phone", lazy("电话")), ("paper", lazy("纸质材料")),
                 ("visit", lazy("当面"))],
    )  # fmt: skip
    word_by = forms.CharField(label=lazy("按谁的说法"), max_length=60, required=False)

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            del self.fields["word_via"], self.fields["word_by"]

    def clean(self) -> dict[str, Any]:
        """A person's word has a person."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("word_via") and not told.get("word_by"):
            self.add_error("word_by", _("代填要写明按谁的说法。"))
        return told

    def on_behalf(self) -> str:
        """On whose word the form was filled in, as the event keeps it."""
        via, by = self.cleaned_data.get("word_via"), self.cleaned_data.get("word_by")
        if not via or not by:
            return ""
        return f"{dict(self.fields['word_via'].choices)[via]}：{by}"  # type: ignore[attr-defined]


class ApplyForm(BehalfForm):
    """What a body declares when it enters a round."""

    field_order = ("organization", "penalised_on", "penalty_open", "investigated", "word_via", "word_by")
    organization = forms.ChoiceField(label=lazy("组织"))
    penalised_on = DateField(
        label=lazy("最近一次行政处罚的日期"), required=False, help_text=lazy("没有受过行政处罚的不填")
    )
    penalty_open = forms.BooleanField(label=lazy("行政处罚尚未执行完毕"), required=False)
    investigated = forms.BooleanField(label=lazy("正在被立案调查"), required=False)

    def __init__(self, *args: Any, bodies: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = list(bodies)  # type: ignore[attr-defined]

    def declared(self) -> dict[str, Any]:
        """The declarations alone."""
        return {name: self.cleaned_data[name] for name in ("penalised_on", "penalty_open", "investigated")}


class Cell(NamedTuple):
    """One indicator's inputs as they were typed, with the sentence that is wrong with them."""

    tenths: str
    page: str
    error: str


def read_marks(given: Mapping[str, str], items: Iterable[RatingItem]) -> tuple[dict[int, Mark], dict[int, Cell]]:
    """The points and evidence of a posted sheet (`s<key>`, `p<key>`), and what was typed with its faults.

    A blank is no score. Points have one decimal at most and lie between nothing and the indicator's full score.
    """
    marks: dict[int, Mark] = {}
    typed: dict[int, Cell] = {}
    for item in items:
        text = str(given.get(f"s{item.pk}", "")).strip()[:_MORE]
        page = str(given.get(f"p{item.pk}", "")).strip()[:_MORE]
        found = _POINTS.fullmatch(text)
        points = int(found[1]) * TENTHS + int(found[2] or 0) if found else None
        error = ""
        if text and (points is None or points > item.tenths):
            error = _(RATING_MESSAGES["RATING.score"]).format(item=item.third, most=written(item.tenths))
        elif len(page) > PAGE_LONGEST:
            error = _(RATING_MESSAGES["RATING.page"]).format(item=item.third, limit=PAGE_LONGEST)
        typed[item.pk] = Cell(text, page, error)
        if not error:
            marks[item.pk] = Mark(points, page)
    return marks, typed


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = forms.CharField(label=lazy("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class VisitForm(forms.Form):
    """The visit on the spot."""

    visited_on = DateField(label=lazy("考察日期"))
    words = forms.CharField(
        label=lazy("考察情况"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("只写事实，不写个人姓名"),
    )  # fmt: skip


class VoteForm(forms.Form):
    """A decision of the committee by totals; nobody's vote is asked."""

    level = forms.ChoiceField(label=lazy("评审等级"))
    decided_on = DateField(label=lazy("评审日期"))
    present = forms.IntegerField(label=lazy("到会委员"), min_value=0, max_value=99)
    yes = forms.IntegerField(label=lazy("同意"), min_value=0, max_value=99)
    no = forms.IntegerField(label=lazy("反对"), min_value=0, max_value=99)
    abstain = forms.IntegerField(label=lazy("弃权"), min_value=0, max_value=99)
    words = forms.CharField(
        label=lazy("评审意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("等级与分数对应的等级不同时必填；不写委员姓名"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [("none", _("不授予等级")), *((level, level) for level in RATINGS)]
        self.fields["level"].choices = [("", _("请选择")), *levels]  # type: ignore[attr-defined]

    def level_of(self) -> str:
        """The level, "" for none."""
        level = str(self.cleaned_data["level"])
        return "" if level == "none" else level

    def votes(self) -> Votes:
        """The totals."""
        return Votes(*(self.cleaned_data[name] for name in ("present", "yes", "no", "abstain")))


class AppealForm(BehalfForm):
    """A written objection."""

    field_order = ("filed_on", "filed_by", "words", "word_via", "word_by")
    filed_on = DateField(label=lazy("书面提出日期"))
    filed_by = forms.ChoiceField(
        label=lazy("由谁提出"), choices=[("body", lazy("参评组织")), ("other", lazy("其他单位或个人"))],
        help_text=lazy("不记录个人姓名"),
    )  # fmt: skip
    words = forms.CharField(label=lazy("异议和理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, own=own, **kwargs)
        if own:
            del self.fields["filed_by"]


class DayForm(forms.Form):
    """A day, under the name that the action's findings use."""

    def __init__(self, *args: Any, name: str = "on", label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[name] = DateField(label=label or lazy("日期"))


class AwardForm(forms.Form):
    """The decision that gives the levels."""

    on = DateField(label=lazy("授予日期"))
    evidence = forms.CharField(label=lazy("决定文号"), max_length=200, required=False)


class AssessorForm(forms.Form):
    """A person who may be assigned: name and employer only."""

    name = forms.CharField(label=lazy("姓名"), max_length=40)
    employer = forms.CharField(label=lazy("工作单位"), max_length=80, required=False)
    account = forms.CharField(
        label=lazy("登录名"), max_length=60, required=False, help_text=lazy("没有账号的不填，由工作人员代录评分表")
    )


class TieForm(forms.Form):
    """A post or another interest of an assessor."""

    body = forms.CharField(label=lazy("组织名称或代码"), max_length=120)
    kind = forms.ChoiceField(label=lazy("关系"), choices=list(TIE_TITLES.items()), initial=str(TieKind.POST))
    left_on = DateField(label=lazy("离开日期"), required=False, help_text=lazy("现在仍有这种关系的不填"))


class DeclareForm(forms.Form):
    """An assessor's own declaration."""

    conflict = forms.ChoiceField(
        label=lazy("我的声明"), widget=forms.RadioSelect,
        choices=[("no", lazy("与该组织没有利害关系，没有在该组织任职，离开该组织已满规定时间")),
                 ("yes", lazy("有应当回避的情形，不参加该组织的评分"))],
    )  # fmt: skip
    reason = forms.CharField(label=lazy("回避的情形"), max_length=200, required=False)


class SheetForm(forms.Form):
    """A sheet of indicators from a workbook."""

    kind = forms.ChoiceField(
        label=lazy("类型"),
        choices=[("MF", lazy("民办非企业单位")), ("ST", lazy("社会团体")), ("JJ", lazy("基金会"))],
    )
    title = forms.CharField(label=lazy("名称"), max_length=80)
    valid_from = DateField(label=lazy("起用日期"), help_text=lazy("通知日期在这一天以后的批次使用"))
    source = forms.CharField(label=lazy("依据"), max_length=200, required=False)
    area = forms.ChoiceField(label=lazy("区划"))
    file = forms.FileField(label=lazy("指标表（Excel）"))

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = list(areas)  # type: ignore[attr-defined]


class WeighForm(forms.Form):
    """Whether a level is lowered."""

    decided_on = DateField(label=lazy("决定日期"))
    penalised_on = DateField(
        label=lazy("行政处罚日期"), required=False, help_text=lazy("因行政处罚的填写；因年检结论的不填")
    )
    lowered = forms.ChoiceField(
        label=lazy("决定"), choices=[("", lazy("请选择")), ("yes", lazy("降低一级")), ("no", lazy("不降低"))]
    )
    reason = forms.CharField(label=lazy("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
