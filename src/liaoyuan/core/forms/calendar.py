"""Forms of the working-day calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DayForm(forms.Form):
    """One day: does one work, and what is it called."""

    is_workday = forms.ChoiceField(
        label=_("这一天"), choices=[("work", _("上班")), ("rest", _("放假"))], widget=forms.RadioSelect
    )
    label = forms.CharField(label=_("说明"), max_length=40, required=False, help_text=_("节日名称，如“春节”。"))


class NoticeForm(forms.Form):
    """A whole year's holiday notice."""

    notice = forms.CharField(
        label=_("放假通知"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 12, "placeholder": "2027-01-01 休 元旦\n2027-01-31 班 春节"}),
        help_text=_("每天一行：日期、休或班、节日名称。没有写到的日子按周一至周五上班。"),
    )
