"""The form that makes a token, and the query of the console."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.api.params import TOKEN_DAYS
from liaoyuan.api.rules.tokens import NAME_LENGTH


class TokenForm(forms.Form):
    """Purpose, permissions and life of a token."""

    name = forms.CharField(label=_("用途"), max_length=NAME_LENGTH, widget=forms.TextInput({"autocomplete": "off"}))
    permissions = forms.MultipleChoiceField(label=_("权限"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=TOKEN_DAYS, initial=90)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permissions"].choices = list(offered)  # type: ignore[attr-defined]


class TokenQueryForm(forms.Form):
    """Finding a token in the console."""

    q = forms.CharField(label=_("账号或用途"), required=False, max_length=60)
