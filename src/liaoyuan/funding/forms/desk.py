"""Forms of the expert's desk: the declaration with its ties, the score sheet, standing aside."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.review import CONFLICT_TITLES, ConflictKind
from liaoyuan.funding.forms.projects import BodyField
from liaoyuan.funding.queries.desk import Item
from liaoyuan.funding.rules import remarks
from liaoyuan.ui.forms import DateField, MoneyField

_NONE = ("", lazy("（未选）"))
#: Ties with a whole round: no body is named.
_WHOLE = (str(ConflictKind.ORGANIZER), str(ConflictKind.APPLICANT))
_MOST_TIES = 20


class TieLine(forms.Form):
    """One tie of an expert with a body."""

    kind = forms.ChoiceField(label=lazy("关系"), required=False, choices=[_NONE, *CONFLICT_TITLES.items()])
    organization = BodyField(
        label=lazy("组织"), required=False, max_length=120, help_text=lazy("全称、统一社会信用代码或备案号")
    )
    ended_on = DateField(label=lazy("结束日期"), required=False, help_text=lazy("还没有结束的留空"))
    note = forms.CharField(label=lazy("说明"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """A tie has its kind, and unless it is with the whole round its body."""
        told = super().clean() or {}
        kind, body = told.get("kind"), told.get("organization")
        given = body is not None or told.get("ended_on") or told.get("note")
        if not kind and given:
            self.add_error("kind", _("请选择与申报组织的关系。"))
        if kind and kind not in _WHOLE and body is None and "organization" not in self.errors:
            self.add_error("organization", _("请写明是哪个组织。"))
        return told


TieLines = forms.formset_factory(TieLine, extra=5, max_num=_MOST_TIES, validate_max=True)


class AgreeForm(forms.Form):
    """That the declaration is true."""

    agreed = forms.BooleanField(
        label=lazy("已逐项核对：有上述关系的都已写明，没有写的就是没有"),
        error_messages={"required": lazy("请核对后勾选。")},
    )  # fmt: skip


class AsideForm(forms.Form):
    """Why a reader leaves a project."""

    kind = forms.ChoiceField(label=lazy("关系"), choices=list(CONFLICT_TITLES.items()), widget=forms.RadioSelect)
    note = forms.CharField(label=lazy("说明"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
                           help_text=lazy("写与项目或组织的关系，不写别人的姓名"))  # fmt: skip


class PointsField(forms.DecimalField):
    """Points with at most two places, as hundredths."""

    def __init__(self, most: int, **options: Any) -> None:
        widget = forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal", "autocomplete": "off"})
        super().__init__(min_value=Decimal(0), max_value=Decimal(most), max_digits=8, decimal_places=2, required=False,
                         widget=widget, **options)  # fmt: skip

    def clean(self, value: Any) -> Any:
        """Hundredths; None for an empty item."""
        read = super().clean(value)
        return None if read is None else int(read * 100)

    def prepare_value(self, value: Any) -> Any:
        """Stored hundredths as people write them; what was typed stays as it was typed."""
        if not isinstance(value, int):
            return value
        whole, rest = divmod(value, 100)
        return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


class SheetForm(forms.Form):
    """A score sheet: points by item, a suggested amount (at most what was asked for, fen), a comment."""

    amount_fen = MoneyField(label=lazy("建议资助金额（元）"), required=False)
    comment = forms.CharField(
        label=lazy("评语"), required=False, max_length=remarks.MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("好在哪里，要改什么；组织可能读到，不写姓名"),
    )  # fmt: skip

    def __init__(self, *args: Any, items: Iterable[Item], asked_fen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.asked_fen = list(items), asked_fen
        for item in self.items:
            self.fields[field_of(item.code)] = PointsField(item.most, label=item.title, help_text=item.hint)

    def clean_amount_fen(self) -> int | None:
        """Not above what was asked for."""
        given: int | None = self.cleaned_data.get("amount_fen")
        if given is not None and not 0 <= given <= self.asked_fen:
            raise ValidationError(
                _("建议金额应在 0 至申请的 {asked} 元之间。").format(asked=f"{self.asked_fen / 100:,.2f}")
            )
        return given

    @property
    def points(self) -> dict[str, int | None]:
        """Points by item, hundredths."""
        return {item.code: self.cleaned_data.get(field_of(item.code)) for item in self.items}

    @property
    def remark(self) -> remarks.Remark:
        """Amount and comment."""
        told = self.cleaned_data
        return remarks.Remark(told.get("amount_fen"), (told.get("comment") or "").replace("\r\n", "\n").strip())


def field_of(code: str) -> str:
    """The name of an item's field."""
    return f"item-{code}"
