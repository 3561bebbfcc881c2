"""The form of the check page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CheckForm(forms.Form):
    """A check code as it is printed."""

    code = forms.CharField(label=_("核验码"), max_length=40, help_text=_("印在文书末页，16 位，大小写和横线不限"))
