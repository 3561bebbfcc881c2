"""Forms of reports: the texts of the body, the evaluator's sheet, the decisions."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.choices.review import ACCEPT_ITEM_TITLES
from liaoyuan.funding.params.report_form import REPORT_TEXTS
from liaoyuan.ui.forms import DateField, MoneyField

_HUNDREDTHS = 100


class PointsField(forms.DecimalField):
    """Points with at most two places, as hundredths."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(max_digits=7, decimal_places=2, min_value=Decimal(0), max_value=Decimal(most), **options)

    def clean(self, value: Any) -> Any:
        """Hundredths."""
        read = super().clean(value)
        return None if read is None else int(read * _HUNDREDTHS)

    def prepare_value(self, value: Any) -> Any:
        """Stored hundredths as people write them; what was typed stays as it was typed."""
        if not isinstance(value, int):
            return value
        whole, rest = divmod(value, _HUNDREDTHS)
        return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


class ReportForm(forms.Form):
    """The texts of a report and the survey."""

    asked = forms.IntegerField(label=lazy("满意度调查的人数"), required=False, min_value=1, max_value=1_000_000)
    satisfaction = PointsField(
        most=100, label=lazy("满意度平均分"), required=False, help_text=lazy("满分 100 分，可以有两位小数")
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for text in REPORT_TEXTS[kind]:
            self.fields[text.key] = forms.CharField(
                label=_(text.title), help_text=_(text.help), required=False, max_length=text.most,
                widget=forms.Textarea(attrs={"rows": 4}),
            )  # fmt: skip
        self.order_fields([*(text.key for text in REPORT_TEXTS[kind]), "asked", "satisfaction"])


class SheetForm(forms.Form):
    """The evaluator's sheet: points by item, of a final report what is settled of each class."""

    opinion = forms.CharField(label=lazy("评估意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    reason = forms.CharField(
        label=lazy("指标没有完成仍评为合格的理由"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, items: Mapping[str, int], settled: Mapping[str, int], hints: Mapping[str, str], final: bool,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        names = []
        for item, most in items.items():
            names.append(f"item_{item}")
            self.fields[names[-1]] = PointsField(
                most=most, label=_("{item}（{most} 分）").format(item=_(ACCEPT_ITEM_TITLES.get(item, item)), most=most)
            )
        for code, fen in settled.items() if final else ():
            names.append(f"settled_{code}")
            self.fields[names[-1]] = MoneyField(
                label=_("核定：{title}（元）").format(title=_(BUDGET_CLASS_TITLES[code])), initial=fen,
                help_text=hints.get(code, " "),
            )  # fmt: skip
        if not final:
            del self.fields["reason"]
        self.order_fields([*names, "opinion", "reason"])

    @property
    def points(self) -> dict[str, int]:
        """Hundredths by item."""
        return self._named("item_")

    @property
    def settled(self) -> dict[str, int]:
        """Fen by class."""
        return self._named("settled_")

    def _named(self, prefix: str) -> dict[str, int]:
        found = {name: value for name, value in self.cleaned_data.items() if name.startswith(prefix)}
        return {name.removeprefix(prefix): value for name, value in found.items() if value is not None}


class AgainForm(forms.Form):
    """Why a report is returned, and by when it is handed in again."""

    reason = forms.CharField(label=lazy("原因和要改的地方"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    again_by = DateField(label=lazy("期限"), help_text=lazy("当天二十四时截止"))


class WhyForm(forms.Form):
    """The reason of a decision."""

    reason = forms.CharField(label=lazy("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class OnPaperForm(forms.Form):
    """On whose word the office hands in for a body."""

    on_behalf = forms.CharField(label=lazy("代填：按谁的说法"), max_length=60)
