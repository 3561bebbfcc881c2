"""Forms about a person: the query of the list, what a body tells, whom to merge, which name is right."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core import zones
from liaoyuan.core.models import Area
from liaoyuan.kit.cells import MESSAGES
from liaoyuan.kit.dates import parse_date
from liaoyuan.kit.identifiers import parse_ric
from liaoyuan.people.choices import (
    BASIS_TITLES,
    EDUCATION_TITLES,
    GENDER_TITLES,
    LEVEL_TITLES,
    POST_TITLES,
    REVIEW_TITLES,
    WORK_TIME_TITLES,
)
from liaoyuan.people.queries.secrets import PERSONAL
from liaoyuan.ui.forms import DateField

_ALL = ("", lazy("全部"))
MAIN = ("q", "state", "work_time", "level")
_MOBILE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}(?:-\d{1,5})?|[48]00-?\d{3}-?\d{4}|\d{7,8}")


class ListForm(forms.Form):
    """What one may ask of the list of persons."""

    q = forms.CharField(label=lazy("姓名或组织"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=lazy("范围"), required=False,
        choices=[_ALL, ("staff", lazy("在职人员")), ("post", lazy("在任职务")), ("volunteer", lazy("志愿者")),
                 ("gone", lazy("已离开"))],
    )  # fmt: skip
    work_time = forms.ChoiceField(label=lazy("专/兼职"), required=False, choices=[_ALL, *WORK_TIME_TITLES.items()])
    level = forms.ChoiceField(
        label=lazy("社工证书"), required=False,
        choices=[_ALL, *LEVEL_TITLES.items(), ("any", lazy("有证书")), ("none", lazy("无证书"))],
    )  # fmt: skip
    post = forms.ChoiceField(label=lazy("职务"), required=False, choices=[_ALL, *POST_TITLES.items()])
    street = forms.ModelChoiceField(
        label=lazy("街道"), required=False, queryset=Area.objects.none(), to_field_name="code"
    )
    expires = DateField(label=lazy("证书登记到期不晚于"), required=False)
    as_of = DateField(label=lazy("查看哪一天"), required=False)

    def __init__(self, *args: Any, streets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["street"].queryset = streets  # type: ignore[attr-defined]
        self.fields["street"].empty_label = _("全部")  # type: ignore[attr-defined]
        self.fields["street"].label_from_instance = lambda area: area.name  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """What a body tells of a person. Political status, ethnicity and belief are not asked, here or anywhere."""

    name = forms.CharField(label=lazy("姓名"), max_length=60)
    gender = forms.ChoiceField(label=lazy("性别"), required=False, choices=[("", lazy("未填")), *GENDER_TITLES.items()])
    id_number = forms.CharField(
        label=lazy("身份证号"), required=False, max_length=24, help_text=lazy("加密保存，只显示首尾；不导出"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    birth = forms.CharField(
        label=lazy("出生年月"), required=False, max_length=20, help_text=lazy("如 1990-03 或 1990-03-07")
    )
    mobile = forms.CharField(label=lazy("手机"), required=False, max_length=30,
                             widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}))  # fmt: skip
    education = forms.ChoiceField(
        label=lazy("学历"), required=False, choices=[("", lazy("未填")), *EDUCATION_TITLES.items()]
    )
    major = forms.CharField(label=lazy("专业"), required=False, max_length=60)
    practice_since = forms.IntegerField(
        label=lazy("从事社会工作的起始年"), required=False, min_value=1950, max_value=2100, help_text=lazy("如 2016")
    )
    basis = forms.ChoiceField(
        label=lazy("处理依据"), required=False, choices=[("", lazy("请选择")), *BASIS_TITLES.items()],
        help_text=lazy("填写身份证号、出生年月或手机时必选"),
    )  # fmt: skip
    consent_no = forms.CharField(label=lazy("同意书编号"), required=False, max_length=40)
    note = forms.CharField(label=lazy("备注"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in zones.refused(settings.ZONE, PERSONAL, zones.Op.STORE):
            del self.fields[name]

    def clean_birth(self) -> str:
        """A day or a month as ISO text."""
        given = self.cleaned_data["birth"]
        if not given:
            return ""
        read = parse_date(given, month_ok=True)
        if read.code or not read.value or len(read.value) < 7:
            raise ValidationError(_("请写成 1990-03 或 1990-03-07 的样子。"))
        return read.value

    def clean_id_number(self) -> str:
        """An identity number with a right check character."""
        given = self.cleaned_data["id_number"]
        if not given:
            return ""
        read = parse_ric(given)
        if read.code:
            raise ValidationError(_(MESSAGES[read.code]).format(given="…"))
        return read.value or ""

    def clean_mobile(self) -> str:
        """A number that can be called."""
        given = re.sub(r"\s", "", self.cleaned_data["mobile"])
        if given and not _MOBILE.fullmatch(given):
            raise ValidationError(_("这不像一个电话号码，请核对。"))
        return given


class CorrectForm(PersonForm):
    """The same when correcting: secrets left empty stay as they are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PERSONAL.keys() & self.fields.keys():
            self.fields[name].help_text = _("已保存的不显示；不填则不改")


class BodyForm(forms.Form):
    """Which body the person belongs to."""

    organization = forms.CharField(label=lazy("组织名称、信用代码或备案号"), max_length=120)


class MergeForm(forms.Form):
    """Which entry is the same human being."""

    other = forms.TypedChoiceField(label=lazy("并入本页人员的另一条记录"), coerce=int, choices=[])
    reason = forms.CharField(label=lazy("合并依据"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, others: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = others  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """Whether several names under one number are one human being."""

    outcome = forms.ChoiceField(label=lazy("核定结论"), choices=list(REVIEW_TITLES.items()), widget=forms.RadioSelect)
    profile = forms.TypedChoiceField(
        label=lazy("身份证号填错的是"), required=False, coerce=int, empty_value=None, choices=[],
        help_text=lazy("选“不是同一人”时填写"),
    )  # fmt: skip
    reason = forms.CharField(
        label=lazy("说明"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, told: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].choices = [("", _("请选择")), *told]  # type: ignore[attr-defined]


class RevealForm(forms.Form):
    """Why a masked value is shown."""

    reason = forms.CharField(label=lazy("事由"), max_length=200)
