"""The query form of the public directory."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.registry.choices import FIELD_TITLES, KIND_TITLES

_ALL = ("", _("全部"))


class DirectoryForm(forms.Form):
    """Text, type, street and field. A value that is none of the choices asks nothing."""

    q = forms.CharField(label=_("名称、代码或拼音首字母"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[_ALL, *KIND_TITLES.items()])
    street = forms.ChoiceField(label=_("所在街道（镇）"), required=False)
    field = forms.ChoiceField(label=_("行业"), required=False, choices=[_ALL, *FIELD_TITLES.items()])

    def __init__(self, *args: Any, streets: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["street"].choices = [_ALL, *streets]  # type: ignore[attr-defined]
