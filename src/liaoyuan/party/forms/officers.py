"""Forms of officers and terms: the query of the list, appointing, ending, correcting, the next term, an extension."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.party.choices.organizations import FORM_TITLES, OFFICER_HOW_TITLES, OFFICER_TITLES, OfficerHow
from liaoyuan.party.queries.terms import TERM_STATE_TITLES
from liaoyuan.ui.forms import DateField

_ALL = ("", lazy("全部"))


class TermsForm(forms.Form):
    """What one may ask of the list of terms."""

    q = forms.CharField(label=lazy("名称"), required=False, max_length=60)
    form = forms.ChoiceField(label=lazy("层级"), required=False, choices=[_ALL, *FORM_TITLES.items()])
    state = forms.ChoiceField(label=lazy("任期"), required=False, choices=[_ALL, *TERM_STATE_TITLES.items()])


class AppointForm(forms.Form):
    """A member takes a post."""

    member = forms.ChoiceField(label=lazy("党员"))
    kind = forms.ChoiceField(label=lazy("职务"), choices=list(OFFICER_TITLES.items()))
    how = forms.ChoiceField(
        label=lazy("产生方式"), choices=list(OFFICER_HOW_TITLES.items()), initial=OfficerHow.APPOINTED.value
    )
    on = DateField(label=lazy("任职日期"))
    source = forms.CharField(
        label=lazy("来源"), required=False, max_length=40, help_text=lazy("如：管理层、业务骨干、上级选派")
    )
    evidence = forms.CharField(label=lazy("依据文号"), required=False, max_length=80)

    def __init__(self, *args: Any, members: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", lazy("（请选择）")), *members]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """A post ends."""

    on = DateField(label=lazy("免职日期"))
    reason = forms.CharField(label=lazy("免职事由"), max_length=100, help_text=lazy("如：换届、工作调动、本人辞职"))


class CorrectForm(forms.Form):
    """What was entered of a post."""

    how = forms.ChoiceField(label=lazy("产生方式"), choices=list(OFFICER_HOW_TITLES.items()))
    valid_from = DateField(label=lazy("任职日期"))
    source = forms.CharField(label=lazy("来源"), required=False, max_length=40)
    evidence = forms.CharField(label=lazy("依据文号"), required=False, max_length=80)


class TermForm(forms.Form):
    """The next term."""

    on = DateField(label=lazy("换届日期"))
    due_on = DateField(label=lazy("届满日期"), required=False, help_text=lazy("不填按规定的任期"))
    evidence = forms.CharField(
        label=lazy("批复文号"), required=False, max_length=80, help_text=lazy("早于届满日期换届的必须填写")
    )


class ExtendForm(forms.Form):
    """An extension of the running term."""

    to = DateField(label=lazy("延期至"))
    evidence = forms.CharField(label=lazy("批准文号"), max_length=80)
