"""Forms of the review: the score sheet, a stage, its draw, single readers, discussions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.funding.choices.review import SCORE_ITEM_TITLES, STAGE_KIND_TITLES
from liaoyuan.funding.rules.reviews import BONUS_TITLES
from liaoyuan.ui.forms import DateField

_ALL = ("", lazy("全部"))
_NONE = ("", lazy("（未选）"))
_WHOLE = 100
_OWN, _TIES = 3, 3


class SheetForm(forms.Form):
    """A version of the score sheet: points of the usual items, items of one's own, bonus, order of ties."""

    note = forms.CharField(
        label=lazy("依据"), required=False, max_length=200, help_text=lazy("公告、会议纪要的名称和文号")
    )

    def __init__(self, *args: Any, items: Mapping[str, int], bonus: Mapping[str, int], ties: Sequence[str],
                 **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for code, title in SCORE_ITEM_TITLES.items():
            self.fields[f"item_{code}"] = _points(title, items.get(code))
        own = [(code, most) for code, most in items.items() if code not in SCORE_ITEM_TITLES]
        for n in range(max(_OWN, len(own))):
            name, most = own[n] if n < len(own) else ("", None)
            self.fields[f"own{n}_name"] = forms.CharField(
                label=_("另设评分项 {n}").format(n=n + 1), required=False, max_length=20, initial=name
            )
            self.fields[f"own{n}_most"] = _points(_("另设评分项 {n} 的满分").format(n=n + 1), most)
        for code, title in BONUS_TITLES.items():
            self.fields[f"bonus_{code}"] = _points(title, bonus.get(code))
        names = [(code, _(title)) for code, title in SCORE_ITEM_TITLES.items()] + [(code, code) for code, _m in own]
        for n in range(_TIES):
            self.fields[f"tie{n}"] = forms.ChoiceField(
                label=_("并列时第 {n} 个比较").format(n=n + 1), required=False, choices=[_NONE, *names],
                initial=ties[n] if n < len(ties) else "",
            )  # fmt: skip
        self.fields["note"] = self.fields.pop("note")

    @property
    def sections(self) -> tuple[tuple[Any, tuple[str, ...]], ...]:
        """The fields in groups."""

        def these(*starts: str) -> tuple[str, ...]:
            return tuple(name for name in self.fields if name.startswith(starts))

        return (
            (lazy("评分项（满分合计 100 分，不设的留空）"), these("item_", "own")),
            (lazy("加分项（另加，不计入 100 分）"), these("bonus_")),
            (lazy("分数并列时"), these("tie")),
            (lazy("依据"), ("note",)),
        )

    def clean(self) -> dict[str, Any]:
        """Read the fields as `items`, `bonus` and `ties`. Raises ValidationError unless the items are 100 together."""
        told = super().clean() or {}
        items = {code: told[f"item_{code}"] for code in SCORE_ITEM_TITLES if told.get(f"item_{code}")}
        n = 0
        while f"own{n}_name" in self.fields:
            name, most = (told.get(f"own{n}_name") or "").strip(), told.get(f"own{n}_most")
            if bool(name) != bool(most):
                self.add_error(f"own{n}_name", _("另设的评分项要写名称和满分。"))
            elif name in items or name in BONUS_TITLES or name in BONUS_TITLES.values():
                self.add_error(f"own{n}_name", _("“{name}”写了两次。").format(name=name))
            elif name:
                items[name] = most
            n += 1
        if not self.errors and sum(items.values()) != _WHOLE:
            raise ValidationError(_("满分合计须为 100 分，现在是 {n} 分。").format(n=sum(items.values())))
        order = [told[f"tie{n}"] for n in range(_TIES) if told.get(f"tie{n}")]
        bonus = {code: told[f"bonus_{code}"] for code in BONUS_TITLES if told.get(f"bonus_{code}")}
        return {"items": items, "bonus": bonus, "ties": list(dict.fromkeys(order)), "note": told.get("note") or ""}


def _points(title: str, initial: int | None) -> forms.IntegerField:
    return forms.IntegerField(label=_(title), required=False, min_value=0, max_value=_WHOLE, initial=initial)


class StageForm(forms.Form):
    """A stage of the review."""

    kind = forms.ChoiceField(label=lazy("阶段"))
    sheet = forms.TypedChoiceField(
        label=lazy("评分表"), coerce=int, required=False, empty_value=None,
        help_text=lazy("不选的用最新一版；还没有的按本届规则制定一版"),
    )  # fmt: skip
    readers = forms.IntegerField(label=lazy("每个项目的专家数"), min_value=1, max_value=99, help_text=lazy("须为单数"))
    weight = forms.IntegerField(
        label=lazy("权重"), min_value=1, max_value=100, initial=100, help_text=lazy("只有一个阶段时填 100")
    )
    blind = forms.BooleanField(
        label=lazy("隐去申报组织和人员的名称"), required=False, initial=True, help_text=lazy("只用于书面评审")
    )
    held_on = DateField(label=lazy("评审日期"), required=False, help_text=lazy("现场答辩的日期"))
    seed = forms.CharField(
        label=lazy("抽签种子"), required=False, max_length=40,
        help_text=lazy("当众抽取的号码；留空由系统产生。种子保存下来，任何人用它都能重做同样的抽签"),
    )  # fmt: skip

    def __init__(self, *args: Any, sheets: Iterable[tuple[int, str]], taken: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        out = set(taken)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (code, title) for code, title in STAGE_KIND_TITLES.items() if code not in out
        ]
        self.fields["sheet"].choices = [_NONE, *sheets]  # type: ignore[attr-defined]


class DrawForm(forms.Form):
    """Among whom readers are drawn, and for which projects."""

    experts = forms.TypedMultipleChoiceField(
        label=lazy("参加抽签的专家"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label=lazy("只分配这些项目"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("写编号，用空格或换行隔开；留空分配全部"),
    )  # fmt: skip

    def __init__(self, *args: Any, experts: Sequence[tuple[int, str]], known: Mapping[str, int], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"experts": [key for key, _name in experts]})
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["experts"].choices = experts  # type: ignore[attr-defined]

    def clean_numbers(self) -> list[int] | None:
        """Keys of the projects named; None for all. Raises ValidationError for a number that is not in the stage."""
        given = self.cleaned_data["numbers"].replace("，", " ").replace("、", " ").replace(",", " ").split()
        wrong = [number for number in given if number not in self.known]
        if wrong:
            raise ValidationError(_("这些编号不在这个阶段：{numbers}。").format(numbers="、".join(wrong[:10])))
        return [self.known[number] for number in given] or None


class ProjectsForm(forms.Form):
    """What one may ask of the projects of a stage."""

    q = forms.CharField(label=lazy("项目、组织或编号"), required=False, max_length=60)
    only = forms.ChoiceField(
        label=lazy("情况"), required=False,
        choices=[_ALL, ("short", lazy("专家不够")), ("unsigned", lazy("还没签完字"))],
    )  # fmt: skip


class ReaderForm(forms.Form):
    """One more reader."""

    expert = forms.TypedChoiceField(
        label=lazy("专家"), coerce=int, help_text=lazy("已签声明、没有须回避的关系、还没有评这个项目的")
    )

    def __init__(self, *args: Any, experts: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expert"].choices = [_NONE, *experts]  # type: ignore[attr-defined]


class DiscussForm(ReaderForm):
    """What was said of a project whose totals lie far apart, and who reads it besides."""

    note = forms.CharField(
        label=lazy("讨论记录"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=lazy("谁参加、各自的理由、结论"),
    )  # fmt: skip

    def __init__(self, *args: Any, experts: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, experts=experts, **kwargs)
        self.fields["expert"] = forms.TypedChoiceField(
            label=_("请谁复评"), coerce=int, required=False, empty_value=None,
            choices=self.fields["expert"].choices,  # type: ignore[attr-defined]
            help_text=_("不请第三名专家复评的，留空"),
        )  # fmt: skip
        self.order_fields(["note", "expert"])


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=lazy("理由"), max_length=200)


class CloseForm(forms.Form):
    """Ending a stage; what still lies far apart is confirmed."""

    confirmed = forms.BooleanField(label=lazy("评分差距还没有讨论的项目，按现有评分结束"), required=False)

    def __init__(self, *args: Any, open_: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not open_:
            del self.fields["confirmed"]
