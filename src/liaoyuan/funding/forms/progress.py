"""What one may ask of the list of running projects."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.states import PROJECT_STATE_TITLES
from liaoyuan.funding.queries.progress import ORDER_TITLES, STATES

_ALL = ("", lazy("全部"))


class ProgressForm(forms.Form):
    """Name, state, only what is overdue, order."""

    q = forms.CharField(label=lazy("项目、组织或编号"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=lazy("状态"), required=False, choices=[_ALL, *((code, PROJECT_STATE_TITLES[code]) for code in STATES)]
    )
    order = forms.ChoiceField(label=lazy("次序"), required=False, choices=[*ORDER_TITLES.items()])
    late = forms.BooleanField(label=lazy("只看逾期"), required=False)
