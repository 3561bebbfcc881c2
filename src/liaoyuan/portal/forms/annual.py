"""The query form above published conclusions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.registry.choices import ANNUAL_RESULT_TITLES


class ConclusionForm(forms.Form):
    """A part of a name or code, and the conclusion. A value that is none of the choices asks nothing."""

    q = forms.CharField(label=_("名称或信用代码"), required=False, max_length=60)
    result = forms.ChoiceField(
        label=_("结论"), required=False, choices=[("", _("全部")), *ANNUAL_RESULT_TITLES.items()]
    )
