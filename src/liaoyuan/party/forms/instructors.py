"""Forms of instructors: the list, one, an assignment, its end, a visit, what follows, answers in step, pilots."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.models import User
from liaoyuan.party.choices.coverage import (
    ANSWER_TITLES,
    APPRAISAL_TITLES,
    INSTRUCTOR_TITLES,
    LOOKED_TITLES,
    PILOT_TITLES,
    RESULT_TITLES,
    SOURCE_TITLES,
    PilotState,
)
from liaoyuan.party.params.coverage import QUESTION_TITLES
from liaoyuan.party.queries import bodies
from liaoyuan.registry.models import Organization
from liaoyuan.ui.forms import DateField


class BodyField(forms.CharField):
    """A social organization by its full name, code or filing number."""

    def clean(self, value: Any) -> Organization | None:
        """Raises ValidationError when none or several fit."""
        text = super().clean(value)
        if not text:
            return None
        found = bodies.one_of(text)
        if found is None:
            told = _("没有找到，或不止一个：{name}。请写全称、统一社会信用代码或备案号。")
            raise ValidationError(told.format(name=text[:60]))
        return found


class ListForm(forms.Form):
    """What one may ask of the list of instructors."""

    q = forms.CharField(label=lazy("姓名或单位"), required=False, max_length=60)
    source = forms.ChoiceField(label=lazy("来源"), required=False, choices=[("", lazy("全部")), *SOURCE_TITLES.items()])
    state = forms.ChoiceField(
        label=lazy("状态"), required=False,
        choices=[("", lazy("在任")), ("due", lazy("到期未走访")), ("ended", lazy("已停止")), ("all", lazy("全部"))],
    )  # fmt: skip


class VisitsForm(forms.Form):
    """What one may ask of the list of visits."""

    q = forms.CharField(label=lazy("组织名称"), required=False, max_length=60)
    state = forms.ChoiceField(label=lazy("需要办理的事"), required=False, choices=[
        ("", lazy("全部走访")), ("open", lazy("未办结")), ("late", lazy("逾期未办结")), ("done", lazy("已办结")),
    ])  # fmt: skip


class InstructorForm(forms.Form):
    """An instructor. Nothing of the person is asked but name, source and unit."""

    name = forms.CharField(label=lazy("姓名"), max_length=60)
    source = forms.ChoiceField(label=lazy("来源"), choices=list(SOURCE_TITLES.items()))
    unit = forms.CharField(label=lazy("单位职务"), required=False, max_length=120)
    sender = forms.CharField(label=lazy("选派单位"), required=False, max_length=120)
    user = forms.CharField(
        label=lazy("账号"), required=False, max_length=60, help_text=lazy("指导员自己登录用的用户名，没有可不填")
    )

    def clean_user(self) -> User | None:
        """The account with this name."""
        name = self.cleaned_data["user"].strip()
        if not name:
            return None
        found = User.objects.filter(username=name, is_active=True).first()
        if found is None:
            raise ValidationError(_("没有这个账号。"))
        return found


class ChangeForm(InstructorForm):
    """The same, and that he stops."""

    ended_on = DateField(label=lazy("停止日期"), required=False, help_text=lazy("填写后，他联系的组织当日结束联系"))


class AssignmentForm(forms.Form):
    """An instructor looks after a body."""

    instructor = forms.ChoiceField(label=lazy("指导员或联络员"))
    organization = BodyField(label=lazy("联系组织"), max_length=120, help_text=lazy("全称、统一社会信用代码或备案号"))
    kind = forms.ChoiceField(label=lazy("类别"), choices=list(INSTRUCTOR_TITLES.items()))
    letter = forms.CharField(label=lazy("聘书编号"), required=False, max_length=80)
    letter_from = DateField(label=lazy("聘期起"))
    letter_until = DateField(label=lazy("聘期止（当日有效）"))
    start = DateField(label=lazy("自哪天起联系"))

    def __init__(self, *args: Any, instructors: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instructor"].choices = [("", _("（未选）")), *instructors]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """An assignment ends."""

    on = DateField(label=lazy("结束日期"))
    reason = forms.CharField(label=lazy("结束的事由"), max_length=100)


class AppraisalForm(forms.Form):
    """How an instructor did his duty: in words, neither a score nor a rank."""

    kind = forms.ChoiceField(label=lazy("考核类别"), choices=list(APPRAISAL_TITLES.items()))
    year = forms.IntegerField(label=lazy("年度"), min_value=2000, max_value=2100)
    on = DateField(label=lazy("考核日期"))
    result = forms.ChoiceField(label=lazy("考核结论"), choices=list(RESULT_TITLES.items()))
    words = forms.CharField(
        label=lazy("履职情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("走访、指导组建、解决问题的情况；不打分，不排名"),
    )  # fmt: skip
    evidence = forms.CharField(label=lazy("依据"), required=False, max_length=120)


class VisitForm(forms.Form):
    """A visit, for a telephone: first the ticks, then words."""

    on = DateField(label=lazy("走访日期"))
    looked = forms.MultipleChoiceField(
        label=lazy("看了什么"), required=False, choices=list(LOOKED_TITLES.items()), widget=forms.CheckboxSelectMultiple
    )
    findings = forms.CharField(
        label=lazy("情况和问题"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("只写组织的情况；不写个人的谈话、思想和评价"),
    )  # fmt: skip
    follow_up = forms.CharField(label=lazy("需要办理的事"), required=False, max_length=300)
    follow_due_on = DateField(label=lazy("办理期限"), required=False)


class FollowForm(forms.Form):
    """What a visit asked for is done."""

    on = DateField(label=lazy("办结日期"))
    note = forms.CharField(label=lazy("办理结果"), max_length=300)


class SyncForm(forms.Form):
    """The questions of a check in step."""

    point = forms.ChoiceField(label=lazy("环节"))
    on = DateField(label=lazy("日期"))

    def __init__(self, *args: Any, points: Iterable[tuple[str, str]], questions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = list(points)  # type: ignore[attr-defined]
        self.questions = list(questions)
        for question in questions:
            self.fields[question] = forms.ChoiceField(
                label=_(QUESTION_TITLES.get(question, question)), required=False, widget=forms.RadioSelect,
                choices=[(code, _(title)) for code, title in ANSWER_TITLES.items()],
            )  # fmt: skip
        self.fields["note"] = forms.CharField(label=_("说明"), required=False, max_length=200)

    def answers(self) -> dict[str, str]:
        """The answers that were given."""
        return {name: self.cleaned_data[name] for name in self.questions if self.cleaned_data.get(name)}


class PilotForm(forms.Form):
    """A pilot is chosen."""

    organization = BodyField(label=lazy("试点组织"), required=False, max_length=120)
    party = forms.ChoiceField(label=lazy("或试点党组织"), required=False)
    wave = forms.IntegerField(label=lazy("批次"), min_value=1, max_value=50, initial=1)
    criteria = forms.CharField(label=lazy("选定的条件"), max_length=300)
    chosen_on = DateField(label=lazy("选定日期"))
    tried = forms.CharField(label=lazy("试点内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, parties: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [("", _("（未选）")), *parties]  # type: ignore[attr-defined]


class PilotResultForm(forms.Form):
    """A pilot has a result."""

    state = forms.ChoiceField(
        label=lazy("结论"), choices=[(s, t) for s, t in PILOT_TITLES.items() if s != PilotState.TRYING]
    )
    on = DateField(label=lazy("结束日期"))
    result = forms.CharField(label=lazy("结果"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.CharField(label=lazy("依据"), max_length=120, help_text=lazy("总结、批复或活动档案的编号"))
