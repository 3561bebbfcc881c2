"""Forms of the archive: what is not needed and why, what the second person finds."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy


class WaiverForm(forms.Form):
    """A paper that the project does without."""

    paper = forms.ChoiceField(label=lazy("材料"))
    reason = forms.CharField(
        label=lazy("为什么不需要"), max_length=200, help_text=lazy("如：项目期限不足六个月，没有中期评估")
    )

    def __init__(self, *args: Any, papers: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = [(paper, paper) for paper in papers]  # type: ignore[attr-defined]


class FindingForm(forms.Form):
    """What the second person finds."""

    agreed = forms.ChoiceField(
        label=lazy("核定"), choices=[("yes", lazy("同意，不需要")), ("no", lazy("不同意，应补上"))]
    )
    opinion = forms.CharField(label=lazy("意见"), max_length=200, required=False)


class ChosenForm(forms.Form):
    """Which projects of a round are put into the archive, or packed."""

    do = forms.ChoiceField(choices=[("close", ""), ("file", "")])
    project = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, *args: Any, projects: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = [(key, str(key)) for key in projects]  # type: ignore[attr-defined]
