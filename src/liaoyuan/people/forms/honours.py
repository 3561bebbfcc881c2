"""The form of a list of honoured volunteers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.people.queries.honours import Candidate
from liaoyuan.people.queries.services import hours
from liaoyuan.ui.forms import DateField


class HonoursForm(forms.Form):
    """Who is honoured under which title, and the days whose services count."""

    title = forms.CharField(label=lazy("名单名称"), max_length=60, help_text=lazy("例如“2026 年度优秀志愿者”"))
    since = DateField(label=lazy("统计起"))
    until = DateField(label=lazy("统计止"))
    persons = forms.TypedMultipleChoiceField(
        label=lazy("表彰的志愿者"), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("请至少选一人。")},
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[Candidate], today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"since": date(today.year, 1, 1).isoformat(), "until": today.isoformat()}
        super().__init__(*args, **kwargs)
        self.fields["persons"].choices = [(c.person, _label(c)) for c in people]  # type: ignore[attr-defined]
        if not people:
            self.fields["persons"].help_text = lazy("本组织还没有志愿者，请先在人员页面注册志愿者。")

    @staticmethod
    def confirmation(data: Any) -> forms.Form:
        """A form without fields: the button is the answer."""
        return forms.Form(data)


def _label(one: Candidate) -> str:
    told = _("{name}（累计 {hours} 小时）") if one.consents else _("{name}（累计 {hours} 小时，未同意公开）")
    return told.format(name=one.name, hours=hours(one.minutes))
