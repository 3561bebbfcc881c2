"""Forms of a trial of parameters: what to try, what to look for in what came out."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.rules.parameters import SHAPE_TITLES, Shape, read
from liaoyuan.funding.choices.trials import TRIAL_KIND_TITLES
from liaoyuan.funding.queries import figures, trials
from liaoyuan.ui.forms import DateField, MoneyField

_ALL = ("", lazy("全部"))
_NONE = ("", lazy("（未选）"))
#: How many values one trial may change.
LINES = 4
EVERY = "all"


class TrialForm(forms.Form):
    """What is tried: over which rounds, which values, whose figures. `values` is read by each figure's own shape."""

    rounds = forms.MultipleChoiceField(
        label=lazy("哪几届"), widget=forms.CheckboxSelectMultiple, help_text=lazy("只算已经提交、没有撤回的项目")
    )
    place = forms.ChoiceField(
        label=lazy("换用哪里的参数"), required=False,
        help_text=lazy("用另一个地方、另一年的全部参数来算；只改个别参数的不选"),
    )  # fmt: skip
    place_on = DateField(label=lazy("那里哪一天的参数"), required=False)
    note = forms.CharField(label=lazy("说明"), max_length=200, required=False, help_text=lazy("为什么试，以后好找"))

    def __init__(
        self, *args: Any, rounds: Iterable[tuple[int, str]], places: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(EVERY, _("全部")), *((str(key), title) for key, title in rounds)]
        self.fields["rounds"].choices = chosen  # type: ignore[attr-defined]
        self.fields["place"].choices = [_NONE, *places]  # type: ignore[attr-defined]
        keys = [_NONE, *((key, figures.title(key)) for key in trials.tryable())]
        for number in range(1, LINES + 1):
            self.fields[f"key_{number}"] = forms.ChoiceField(
                label=_("参数 {n}").format(n=number), required=False, choices=keys
            )
            self.fields[f"value_{number}"] = forms.CharField(
                label=_("试算的值 {n}").format(n=number), required=False, max_length=2000,
                help_text=_("金额写元，比例写百分数里的数；空着是不限"),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Read each value by the shape of its figure; the same figure is changed once."""
        told = super().clean() or {}
        values: dict[str, Any] = {}
        for number in range(1, LINES + 1):
            key, given = told.get(f"key_{number}"), told.get(f"value_{number}") or ""
            if not key:
                if given:
                    self.add_error(f"key_{number}", _("请选择参数。"))
                continue
            if key in values:
                self.add_error(f"key_{number}", _("这个参数已经选过。"))
                continue
            try:
                values[key] = _read(given, figures.shape(key))
            except (ValueError, ValidationError):
                shape = _(SHAPE_TITLES[figures.shape(key)])
                self.add_error(f"value_{number}", _("应为{shape}。").format(shape=shape))
        if told.get("place") and not told.get("place_on"):
            self.add_error("place_on", _("请写明用哪一天的参数。"))
        return {**told, "values": values}

    @staticmethod
    def names() -> Iterator[str]:
        """The fields of the values, in pairs."""
        for number in range(1, LINES + 1):
            yield from (f"key_{number}", f"value_{number}")


def _read(given: str, shape: Shape) -> Any:
    return MoneyField(required=False).clean(given) if shape == Shape.FEN else read(given, shape)


class LinesForm(forms.Form):
    """What one may ask of the applications that change."""

    q = forms.CharField(label=lazy("项目、组织或编号"), required=False, max_length=60)
    kind = forms.ChoiceField(label=lazy("变化"), required=False, choices=[_ALL, *TRIAL_KIND_TITLES.items()])
    code = forms.ChoiceField(label=lazy("规则"), required=False)

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [_ALL, *((code, code) for code in codes)]  # type: ignore[attr-defined]
