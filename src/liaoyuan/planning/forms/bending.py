"""Forms of bending and carrying out a plan: locks, moving a unit, rejecting, accepting, moving the plan on."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.planning.choices.words import LOCK_TITLES, LockKind
from liaoyuan.planning.rules.bending import Target

_NONE = ("", lazy("（未选）"))
#: Kinds that name one unit, and those that name a pair.
_SINGLE = (LockKind.SEAT, LockKind.NOT_SEAT)
_KINDS = [(str(kind), LOCK_TITLES[kind]) for kind in (LockKind.APART, LockKind.TOGETHER, *_SINGLE)]


class LockForm(forms.Form):
    """A pair that must or must not be together, or a unit that is a seat or is none."""

    kind = forms.ChoiceField(label=lazy("要求"), choices=_KINDS, widget=forms.RadioSelect)
    one = forms.ChoiceField(label=lazy("组织"))
    other = forms.ChoiceField(label=lazy("与哪一家"), required=False, help_text=lazy("“作为”和“不作”所在单位的不填"))
    reason = forms.CharField(label=lazy("理由"), max_length=200, required=False)

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = list(bodies)
        self.fields["one"].choices = told  # type: ignore[attr-defined]
        self.fields["other"].choices = [_NONE, *told]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A pair names two different bodies."""
        told = super().clean() or {}
        if told.get("kind") not in _SINGLE and told.get("other") in ("", None, told.get("one")):
            self.add_error("other", _("请选择另一家组织。"))
        return told

    def bodies(self) -> list[int]:
        """Keys of the bodies that are named."""
        told = self.cleaned_data
        pair = [told["one"]] if told["kind"] in _SINGLE else [told["one"], told["other"]]
        return [int(key) for key in pair]


class RejectForm(forms.Form):
    """Which units are not to be with the seat."""

    units = forms.MultipleChoiceField(label=lazy("不与所在单位编在一起的组织"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=lazy("理由"), max_length=200)

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = list(bodies)  # type: ignore[attr-defined]


class AllowForm(forms.Form):
    """One unit more than usual."""

    extra = forms.ChoiceField(label=lazy("再加哪一家"))
    reason = forms.CharField(label=lazy("理由"), max_length=200)

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["extra"].choices = [_NONE, *bodies]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Where a unit goes; each place is told with its price."""

    to = forms.ChoiceField(label=lazy("移到哪里"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = list(places)  # type: ignore[attr-defined]

    def target(self) -> Target:
        """The place that was chosen."""
        kind, _sign, key = self.cleaned_data["to"].partition(":")
        return Target(seat=key if kind == "seat" else "", host=key if kind == "host" else "")


def written(to: Target) -> str:
    """A place as the form's value."""
    return f"seat:{to.seat}" if to.seat else f"host:{to.host}" if to.host else "out:"


class StepForm(forms.Form):
    """Moving the plan on; a reason is asked where it goes back."""

    reason = forms.CharField(label=lazy("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class AcceptForm(forms.Form):
    """Accepting: below whom, under which name, handed in at once or kept as a draft."""

    superior = forms.ChoiceField(label=lazy("上级党组织"))
    name = forms.CharField(label=lazy("拟设党支部名称"), max_length=120)
    submit = forms.BooleanField(
        label=lazy("同时提交申请"), required=False, initial=True,
        help_text=lazy("不勾选则留作草稿，在“党组织设立调整”里核对名册、填写依托单位以后再提交"),
    )  # fmt: skip

    def __init__(self, *args: Any, superiors: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = list(superiors)
        self.fields["superior"].choices = told  # type: ignore[attr-defined]


class SubmitForm(forms.Form):
    """Accepting what adjusts a present branch: handed in at once or kept as a draft."""

    submit = forms.BooleanField(label=lazy("同时提交申请"), required=False, initial=True)
