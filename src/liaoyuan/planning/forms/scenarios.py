"""Forms of scenarios: the wizard, which part of a plan to list."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.models import Area
from liaoyuan.planning.choices.words import COUNT_TITLES, MODE_TITLES, REASON_TITLES
from liaoyuan.planning.params.weights import KEY, PLAN_PARAMETER_TITLES, PRESET_TITLES, WEIGHTS
from liaoyuan.ui.forms import DateField

_ALL = ("", lazy("全部"))
_HINTS: dict[str, Any] = {
    "f_new": lazy("越大，建的支部越少"),
    "move": lazy("越大，现有支部变动越少"),
    "w_field": lazy("越大，越是同领域的编在一起"),
    "w_street": lazy("越大，越是同街道的编在一起"),
    "p_member": lazy("远大于其他各项，所以先保证覆盖"),
}


class ScenarioForm(forms.Form):
    """What is to be planned, and how; weights that are left empty are those of the preset."""

    area = forms.ModelChoiceField(
        Area.objects.none(), label=lazy("区划"), to_field_name="code", empty_label=None,
        help_text=lazy("市按区县逐个编组，各成一个设想"),
    )  # fmt: skip
    on = DateField(label=lazy("哪一天的情况"))
    name = forms.CharField(label=lazy("名称"), max_length=120, required=False, help_text=lazy("不填则用区划和日期"))
    count = forms.ChoiceField(
        label=lazy("党员口径"), choices=list(COUNT_TITLES.items()), widget=forms.RadioSelect, initial="committed"
    )
    mode = forms.ChoiceField(
        label=lazy("编组范围"), choices=list(MODE_TITLES.items()), widget=forms.RadioSelect, initial="members"
    )
    preset = forms.ChoiceField(
        label=lazy("方案取向"), choices=list(PRESET_TITLES.items()), widget=forms.RadioSelect, initial="balanced",
        help_text=lazy("权重是约定，不是法规：都折合成米，可以商量"),
    )  # fmt: skip

    def __init__(self, *args: Any, areas: Any, now: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        for name in WEIGHTS:
            title = _(PLAN_PARAMETER_TITLES[KEY + name]).removeprefix(_("编组："))
            told = _("本区参数为 {value}").format(value=now.get(name, ""))
            hint = f"{told}；{_HINTS[name]}" if name in _HINTS else told
            self.fields[f"w_{name}"] = forms.IntegerField(
                label=title, required=False, help_text=hint, max_value=1_000_000,
                min_value=1 if name in ("max_units", "max_members", "dist_percent") else 0,
            )  # fmt: skip

    def weights(self) -> dict[str, Any]:
        """The weights that were set by hand."""
        told = {name: self.cleaned_data.get(f"w_{name}") for name in WEIGHTS}
        return {name: value for name, value in told.items() if value is not None}

    @staticmethod
    def weight_names() -> list[str]:
        """The fields of the weights."""
        return [f"w_{name}" for name in WEIGHTS]


class GroupsForm(forms.Form):
    """Which groups to list."""

    q = forms.CharField(label=lazy("组织名称"), required=False, max_length=60)
    street = forms.ChoiceField(label=lazy("街道"), required=False)
    state = forms.ChoiceField(
        label=lazy("办理情况"), required=False,
        choices=[_ALL, ("open", lazy("未采纳")), ("asked", lazy("已采纳，待批复")), ("done", lazy("已成立"))],
    )  # fmt: skip

    def __init__(self, *args: Any, streets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["street"].choices = [_ALL, *streets]  # type: ignore[attr-defined]


class UncoveredForm(forms.Form):
    """Which of the uncovered to list."""

    q = forms.CharField(label=lazy("组织名称"), required=False, max_length=60)
    street = forms.ChoiceField(label=lazy("街道"), required=False)
    reason = forms.ChoiceField(label=lazy("原因"), required=False, choices=[_ALL, *REASON_TITLES.items()])

    def __init__(self, *args: Any, streets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["street"].choices = [_ALL, *streets]  # type: ignore[attr-defined]
