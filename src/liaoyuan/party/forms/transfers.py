"""Forms of transfers: the query of the list, planning, the letter, accepting, refusing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.party.choices.members import TRANSFER_TITLES
from liaoyuan.party.forms.dues import MonthField
from liaoyuan.party.queries import bodies
from liaoyuan.party.queries.transfers import EXPIRED
from liaoyuan.registry.models import Organization
from liaoyuan.ui.forms import DateField


class ListForm(forms.Form):
    """What one may ask of the list of transfers."""

    q = forms.CharField(label=lazy("姓名或编号"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=lazy("状态"), required=False,
        choices=[("", lazy("办理中")), ("all", lazy("全部")), (EXPIRED, lazy("介绍信已过期")),
                 *TRANSFER_TITLES.items()],
    )  # fmt: skip
    year = forms.IntegerField(label=lazy("开具年度"), required=False, min_value=1950, max_value=2999)


class PlanForm(forms.Form):
    """To where a member's formal affiliation moves."""

    target = forms.ChoiceField(label=lazy("转入党组织"), required=False)
    target_name = forms.CharField(
        label=lazy("转入党组织（系统外）"), required=False, max_length=120, help_text=lazy("转到本系统以外时填写")
    )
    organization = forms.CharField(
        label=lazy("转入后所在组织"), required=False, max_length=120,
        help_text=lazy("在哪个社会组织工作：全称、统一社会信用代码或备案号"),
    )  # fmt: skip
    on = DateField(label=lazy("自哪天起转接"), required=False, help_text=lazy("不填为今天"))
    reason = forms.CharField(label=lazy("转接原因"), required=False, max_length=200)

    def __init__(self, *args: Any, targets: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [("", _("（系统外）")), *targets]  # type: ignore[attr-defined]

    def clean_organization(self) -> Organization | None:
        """The body, or None when the field is empty."""
        text = self.cleaned_data["organization"]
        found = bodies.one_of(text)
        if text and found is None:
            raise forms.ValidationError(_("没有找到这个组织，或不止一个。请写全称、统一社会信用代码或备案号。"))
        return found


class LetterForm(forms.Form):
    """The letter: number, day, validity, dues."""

    on = DateField(label=lazy("开具日期"))
    valid_days = forms.IntegerField(label=lazy("有效期（天）"), min_value=1, max_value=400, initial=30)
    dues_until = MonthField(label=lazy("党费交至"), required=False, help_text=lazy("交到哪个月"))
    number = forms.CharField(label=lazy("编号"), required=False, max_length=60)
    issuer_name = forms.CharField(label=lazy("开具介绍信的党委"), required=False, max_length=120)
    handled_by = forms.CharField(label=lazy("经办人"), required=False, max_length=60)

    def __init__(self, *args: Any, inside: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if inside:
            self.fields["number"].help_text = _("不填按年度顺序编号")
            del self.fields["issuer_name"]
        else:
            self.fields["number"].required = True


class AcceptForm(forms.Form):
    """Acceptance by the target."""

    on = DateField(label=lazy("接收日期"))
    receipt_on = DateField(label=lazy("回执日期"), required=False, help_text=lazy("回执寄出或收到的日期"))


class DayForm(forms.Form):
    """One day."""

    on = DateField(label=lazy("日期"))


class ReasonForm(forms.Form):
    """A day and a reason."""

    on = DateField(label=lazy("日期"))
    reason = forms.CharField(label=lazy("理由"), max_length=200)


class WhyForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=lazy("理由"), max_length=200)
