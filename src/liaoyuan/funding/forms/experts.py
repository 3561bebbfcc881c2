"""Forms of experts and of what ties them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.review import CONFLICT_TITLES
from liaoyuan.funding.forms.projects import BodyField
from liaoyuan.funding.models import Project
from liaoyuan.ui.forms import DateField

_NONE = ("", lazy("（未选）"))
_ENDED = [("", lazy("在用")), ("ended", lazy("已停用")), ("all", lazy("全部"))]


class ExpertsForm(forms.Form):
    """What one may ask of the list of experts."""

    q = forms.CharField(label=lazy("姓名或单位"), required=False, max_length=60)
    ended = forms.ChoiceField(
        label=lazy("情况"),
        required=False,
        choices=[("", lazy("在用")), ("ended", lazy("已停用")), ("all", lazy("全部"))],
    )


class ExpertForm(forms.Form):
    """An expert. The account is chosen once; the person links what bodies tell of him."""

    user = forms.TypedChoiceField(
        label=lazy("账号"), coerce=int, help_text=lazy("先由安全管理员授予“评估专家”角色，才会列在这里")
    )
    name = forms.CharField(label=lazy("姓名"), max_length=40)
    employer = forms.CharField(label=lazy("工作单位"), required=False, max_length=80)
    specialities = forms.MultipleChoiceField(
        label=lazy("专长领域"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=lazy("分配项目时，工作量相同的专家中优先专长相符的"),
    )  # fmt: skip
    person = forms.TypedChoiceField(
        label=lazy("对应的人员"), required=False, coerce=int, empty_value=None,
        help_text=lazy("列出申报组织报过的同名人员。确认是本人以后选定，他的任职和用工就会用来判断回避"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, fields: Iterable[str], accounts: Sequence[tuple[int, str]] | None = None,
        persons: Sequence[tuple[int, str]] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["specialities"].choices = [(name, name) for name in fields]  # type: ignore[attr-defined]
        if accounts is None:
            del self.fields["user"]
        else:
            self.fields["user"].choices = [_NONE, *accounts]  # type: ignore[attr-defined]
        if persons is None:
            del self.fields["person"]
        else:
            self.fields["person"].choices = [_NONE, *persons]  # type: ignore[attr-defined]


class TieForm(forms.Form):
    """What ties an expert to a body or to one project."""

    kind = forms.ChoiceField(label=lazy("关系"), choices=[_NONE, *CONFLICT_TITLES.items()])
    organization = BodyField(
        label=lazy("组织"), required=False, max_length=120, help_text=lazy("全称、统一社会信用代码或备案号")
    )
    project = forms.CharField(
        label=lazy("项目编号"), required=False, max_length=20, help_text=lazy("只与一个项目有关时填")
    )
    ended_on = DateField(label=lazy("结束日期"), required=False, help_text=lazy("还没有结束的留空"))
    note = forms.CharField(label=lazy("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, find: Callable[[str], list[Project]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.find = find

    def clean_project(self) -> Project | None:
        """The project of this number. Raises ValidationError for a number that none or several have."""
        text = self.cleaned_data["project"]
        if not text:
            return None
        found = self.find(text)
        if len(found) != 1:
            told = _("没有编号为“{given}”的项目。") if not found else _("编号“{given}”不止一个项目，请改填组织。")
            raise ValidationError(told.format(given=text))
        return found[0]


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=lazy("理由"), max_length=200)
