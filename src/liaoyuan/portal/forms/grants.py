"""What everybody may ask of the awarded projects."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class GrantsForm(forms.Form):
    """Words and year."""

    q = forms.CharField(label=gettext_lazy("项目或组织"), required=False, max_length=60)
    year = forms.TypedChoiceField(label=gettext_lazy("年度"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", gettext_lazy("全部"))
        self.fields["year"].choices = [every, *((year, str(year)) for year in years)]  # type: ignore[attr-defined]
