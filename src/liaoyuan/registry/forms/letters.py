"""The form of a letter to many organizations at once: the kind's fields, the office."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from liaoyuan.core.registries import DocumentKind
from liaoyuan.ui.forms import DateField


class LettersForm(forms.Form):
    """What all letters say alike. A text that the register knows for each body may be left blank."""

    def __init__(self, *args: Any, kind: DocumentKind, issuers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["issuer"] = forms.ChoiceField(label=_("发文机关"), choices=issuers)
        for field in kind.fields:
            if field.filled:
                continue
            options: dict[str, Any] = {"label": _(field.title), "required": field.required and not field.given}
            if field.given:
                options["help_text"] = _("不填则按各组织的登记信息填写")
            if field.kind == "date":
                self.fields[field.name] = DateField(**options)
            elif field.kind == "long":
                area = forms.Textarea(attrs={"rows": 4})
                self.fields[field.name] = forms.CharField(max_length=8000, widget=area, **options)
            else:
                self.fields[field.name] = forms.CharField(max_length=200, **options)

    def values(self) -> Mapping[str, str]:
        """The texts of the kind's fields."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "issuer"}
        return {
            name: value.isoformat() if isinstance(value, date) else str(value or "") for name, value in told.items()
        }
