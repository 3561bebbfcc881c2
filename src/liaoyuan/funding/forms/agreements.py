"""Forms of agreements: of one, of many at once, of signing, of beginning."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.models import Pool, Project
from liaoyuan.funding.rules.budgets import line_amount
from liaoyuan.kit.money import format_yuan
from liaoyuan.ui.forms import DateField, MoneyField


class AgreementForm(forms.Form):
    """An agreement: money by pool, account, days, places, further terms."""

    starts_on = DateField(label=lazy("实施开始"))
    ends_on = DateField(label=lazy("实施结束"))
    places = forms.CharField(
        label=lazy("实施地点"), required=False, max_length=200, help_text=lazy("几个地点用顿号隔开")
    )
    account_name = forms.CharField(label=lazy("户名"), max_length=120, help_text=lazy("须与签约组织的名称一致"))
    account_bank = forms.CharField(label=lazy("开户银行"), max_length=120)
    account_number = forms.CharField(
        label=lazy("账号"), max_length=50, help_text=lazy("加密保存，页面上只显示末四位"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    terms = forms.CharField(
        label=lazy("其他约定"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, pools: Sequence[Pool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pools = pools
        for pool in pools:
            self.fields[f"pool_{pool.pk}"] = MoneyField(
                label=pool.title, required=False,
                help_text=_("余额 {fen} 元").format(fen=format_yuan(pool.left_fen)),
            )  # fmt: skip

    def shares(self) -> list[tuple[Pool, int]]:
        """What is taken of which pool; empty ones are left out."""
        told = self.cleaned_data
        return [(pool, told[f"pool_{pool.pk}"]) for pool in self.pools if told.get(f"pool_{pool.pk}")]

    def account(self) -> dict[str, str]:
        """The account as the action takes it."""
        told = self.cleaned_data
        return {"name": told["account_name"], "bank": told["account_bank"], "number": told["account_number"]}

    def place_names(self) -> list[str]:
        """The places, one by one."""
        return [one for one in self.cleaned_data["places"].replace("，", "、").replace(",", "、").split("、") if one]


def priced(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the budget with what the grant pays: the amount without the own money."""
    times, own = line.get("times") or 1, line.get("own_fen") or 0
    amount = line_amount(line["price_fen"], line["quantity"], times)
    kept = {name: value for name, value in line.items() if name != "DELETE"}
    return {**kept, "times": times, "own_fen": min(own, amount), "grant_fen": amount - min(own, amount)}


class SignForm(forms.Form):
    """On which day all parties have signed."""

    signed_on = DateField(label=lazy("各方签署的日期"), help_text=lazy("最后一方签字盖章的日期"))


class StartForm(forms.Form):
    """From which day the project runs."""

    started_on = DateField(label=lazy("开始实施的日期"))


class DeclineForm(forms.Form):
    """Why an award is given up."""

    reason = forms.CharField(label=lazy("放弃的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class AgreementsForm(forms.Form):
    """What one may ask of the list."""

    state = forms.ChoiceField(
        label=lazy("协议"), required=False,
        choices=[("", lazy("全部")), ("none", lazy("未起草")), ("draft", lazy("待签署")), ("signed", lazy("已签订")),
                 ("terminated", lazy("已终止"))],
    )  # fmt: skip


class BatchForm(forms.Form):
    """Days for all, and for each project its pool and account. A row without an account number is left out."""

    starts_on = DateField(label=lazy("实施开始"))
    ends_on = DateField(label=lazy("实施结束"))

    def __init__(
        self, *args: Any, projects: Sequence[Project], pools: Sequence[Pool], names: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.projects, self.pools = projects, pools
        choices = [(pool.pk, f"{pool.title}（{_('余额')} {format_yuan(pool.left_fen)}）") for pool in pools]
        for row in projects:
            self.fields[f"pool_{row.pk}"] = forms.TypedChoiceField(
                label=_("资金池"), choices=choices, coerce=int, required=False, empty_value=None
            )
            self.fields[f"name_{row.pk}"] = forms.CharField(
                label=_("户名"), max_length=120, required=False, initial=names.get(row.pk, "")
            )
            self.fields[f"bank_{row.pk}"] = forms.CharField(label=_("开户银行"), max_length=120, required=False)
            self.fields[f"number_{row.pk}"] = forms.CharField(
                label=_("账号"), max_length=50, required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """At least one row, each with bank and pool."""
        told = super().clean() or {}
        chosen = self.chosen()
        if not self.errors and not chosen:
            raise ValidationError(_("请至少填写一个项目的账号。"))
        for row in chosen:
            for name, words in (("bank", _("请填写开户银行。")), ("pool", _("请选择资金池。"))):
                if not told.get(f"{name}_{row.pk}"):
                    self.add_error(f"{name}_{row.pk}", words)
        return told

    def chosen(self) -> list[Project]:
        """The rows with an account number."""
        return [row for row in self.projects if (self.cleaned_data.get(f"number_{row.pk}") or "").strip()]

    def told(self, row: Project) -> tuple[Pool, dict[str, str]]:
        """Pool and account of one row."""
        given = self.cleaned_data
        pool = next(one for one in self.pools if one.pk == given[f"pool_{row.pk}"])
        names = ("name", "bank", "number")
        return pool, {name: given[f"{name}_{row.pk}"] for name in names}
