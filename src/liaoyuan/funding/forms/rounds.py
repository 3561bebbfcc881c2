"""Forms of programmes, rounds, money, quotas, figures and needs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.rules.parameters import SHAPE_TITLES, Shape, read
from liaoyuan.funding.choices.words import (
    NEED_ORIGIN_TITLES,
    NEED_STATE_TITLES,
    PHASE_TITLES,
    POOL_SOURCE_TITLES,
    QUOTA_KIND_TITLES,
)
from liaoyuan.funding.queries import figures
from liaoyuan.ui.forms import DateField, MoneyField

_ALL = ("", lazy("全部"))
_NONE = ("", lazy("（未选）"))


class RoundsForm(forms.Form):
    """What one may ask of the list of rounds."""

    q = forms.CharField(label=lazy("名称"), required=False, max_length=60)
    year = forms.IntegerField(label=lazy("年度"), required=False, min_value=1990, max_value=2100)
    phase = forms.ChoiceField(label=lazy("情况"), required=False, choices=[_ALL, *PHASE_TITLES.items()])


class ProgrammeForm(forms.Form):
    """A standing programme."""

    name = forms.CharField(label=lazy("名称"), max_length=80)
    code = forms.SlugField(
        label=lazy("代号"), max_length=30, help_text=lazy("字母、数字和连字符，以后不能改，如 320211-venture")
    )
    host = forms.CharField(label=lazy("主办单位"), max_length=80)
    organizer = forms.CharField(label=lazy("承办单位"), max_length=80, required=False)
    basis = forms.CharField(label=lazy("依据"), max_length=200, required=False, help_text=lazy("办法的名称和文号"))


class BeginForm(forms.Form):
    """The first step of planning a round: which programme and year, whose figures, the first day."""

    programme = forms.TypedChoiceField(label=lazy("计划"), coerce=int)
    year = forms.IntegerField(label=lazy("年度"), min_value=1990, max_value=2100)
    place = forms.ChoiceField(
        label=lazy("参照方案"), help_text=lazy("以这个地方的规定起步，下一步可以看到全部数字；本届可以另定")
    )
    opens_on = DateField(label=lazy("申报开始"))

    def __init__(
        self, *args: Any, programmes: Iterable[tuple[int, str]], places: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = list(programmes)  # type: ignore[attr-defined]
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    """The plan of a round."""

    title = forms.CharField(label=lazy("名称"), max_length=80)
    call = forms.CharField(
        label=lazy("征集公告"), required=False, max_length=20000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=lazy("发布以后公开；可以先空着"),
    )  # fmt: skip
    practice = forms.BooleanField(
        label=lazy("练习"), required=False, help_text=lazy("练习的一届不公开，不计入任何统计")
    )
    opens_on = DateField(label=lazy("申报开始"))
    closes_on = DateField(label=lazy("申报截止"), help_text=lazy("当天二十四时截止"))
    eligible_by = DateField(label=lazy("资格审查完成"), required=False)
    review_by = DateField(label=lazy("评审完成"), required=False)
    publicity_from = DateField(label=lazy("公示开始"), required=False)
    publicity_to = DateField(label=lazy("公示结束"), required=False)
    sign_by = DateField(label=lazy("签约完成"), required=False)
    runs_from = DateField(label=lazy("实施开始"), required=False)
    runs_to = DateField(label=lazy("实施结束"), required=False)

    def __init__(self, *args: Any, opened: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if opened:
            for name in ("practice", "opens_on", "closes_on"):
                del self.fields[name]


class PoolForm(forms.Form):
    """Money of one source."""

    source = forms.ChoiceField(label=lazy("来源"), choices=list(POOL_SOURCE_TITLES.items()))
    title = forms.CharField(label=lazy("名称"), max_length=60, help_text=lazy("如“区级财政”“蠡园街道配套”"))
    ceiling_fen = MoneyField(label=lazy("总额（元）"))
    document = forms.CharField(label=lazy("下达文号"), max_length=80, required=False)


class QuotaForm(forms.Form):
    """One quota."""

    kind = forms.ChoiceField(label=lazy("口径"), required=False, choices=[_NONE, *QUOTA_KIND_TITLES.items()])
    value = forms.CharField(label=lazy("对象"), required=False, max_length=30)
    least = forms.IntegerField(label=lazy("至少（个）"), required=False, min_value=0, max_value=9999)
    most = forms.IntegerField(label=lazy("至多（个）"), required=False, min_value=0, max_value=9999)
    most_fen = MoneyField(label=lazy("金额至多（元）"), required=False)

    def clean(self) -> dict[str, Any]:
        """A line with numbers needs its kind."""
        told = super().clean() or {}
        if not told.get("kind") and any(told.get(name) not in (None, "") for name in ("least", "most", "most_fen")):
            self.add_error("kind", _("请选择名额的口径。"))
        return told


QuotaLines = forms.formset_factory(QuotaForm, extra=3, max_num=60, validate_max=True)


class FigureForm(forms.Form):
    """A figure of this round alone: which, and its value."""

    key = forms.ChoiceField(label=lazy("参数"))
    value = forms.CharField(label=lazy("本届的值"), required=False, max_length=2000)
    reason = forms.CharField(label=lazy("依据"), max_length=200, help_text=lazy("会议纪要、文件的名称和文号"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(key, figures.title(key)) for key in figures.KEYS if figures.shape(key) != Shape.TABLE]
        self.fields["key"].choices = chosen  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Read the value by the shape of its key."""
        told = super().clean() or {}
        key = told.get("key")
        if not key:
            return told
        shape = figures.shape(key)
        try:
            if shape == Shape.FEN:
                told["value"] = MoneyField(required=False).clean(told.get("value"))
            else:
                told["value"] = read(told.get("value") or "", shape)
        except (ValueError, ValidationError):
            self.add_error("value", _("应为{shape}。").format(shape=_(SHAPE_TITLES[shape])))
        return told


class ExtendForm(forms.Form):
    """A later end of the window."""

    closes_on = DateField(label=lazy("新的申报截止"))
    reason = forms.CharField(label=lazy("原因"), max_length=200)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=lazy("原因"), max_length=200)


class NeedsForm(forms.Form):
    """What one may ask of the list of needs."""

    q = forms.CharField(label=lazy("需求"), required=False, max_length=60)
    round = forms.TypedChoiceField(label=lazy("届"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label=lazy("状态"), required=False, choices=[_ALL, *NEED_STATE_TITLES.items()])

    def __init__(self, *args: Any, rounds: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].choices = [_ALL, *rounds]  # type: ignore[attr-defined]


class NeedForm(forms.Form):
    """A need of a community."""

    area = forms.ChoiceField(label=lazy("社区或街道"))
    title = forms.CharField(label=lazy("需求"), max_length=80, help_text=lazy("一句话，如“独居老人缺少陪伴”"))
    text = forms.CharField(
        label=lazy("说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("从哪里得知、有多少人、最希望得到什么；不写居民姓名和电话"),
    )  # fmt: skip
    field = forms.ChoiceField(label=lazy("领域"), required=False)
    beneficiaries = forms.CharField(label=lazy("服务对象"), required=False, max_length=80)
    persons = forms.IntegerField(label=lazy("人数"), required=False, min_value=1, max_value=1_000_000)
    origin = forms.ChoiceField(label=lazy("提出方"), choices=list(NEED_ORIGIN_TITLES.items()))
    collected_on = DateField(label=lazy("收集日期"))

    def __init__(
        self, *args: Any, areas: Iterable[tuple[str, str]], fields: Iterable[tuple[str, str]], fixed: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = list(areas)  # type: ignore[attr-defined]
        self.fields["field"].choices = [_NONE, *fields]  # type: ignore[attr-defined]
        if fixed:
            del self.fields["area"]
