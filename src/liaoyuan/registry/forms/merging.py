"""Forms of 查重合并: which record stays, whose value of each field, on what ground."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class MergeForm(forms.Form):
    """The record that stays, the fields to be taken from the other one, and why they are one."""

    kept = forms.TypedChoiceField(coerce=int)
    take = forms.MultipleChoiceField(required=False)
    reason = forms.CharField(
        label=gettext_lazy("怎样核实是同一家"), max_length=200, min_length=2,
        help_text=gettext_lazy("例如：经电话核实、两张证书为同一家换发"),
    )  # fmt: skip
    versions = forms.RegexField(r"\d{1,9}:\d{1,9},\d{1,9}:\d{1,9}")

    def __init__(self, *args: Any, kept: Sequence[int], take: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [(pk, str(pk)) for pk in kept]  # type: ignore[attr-defined]
        self.fields["take"].choices = [(name, name) for name in take]  # type: ignore[attr-defined]

    def seen(self) -> dict[int, int]:
        """The version of either record as it was shown."""
        pairs = (part.split(":") for part in self.cleaned_data["versions"].split(","))
        return {int(pk): int(version) for pk, version in pairs}
