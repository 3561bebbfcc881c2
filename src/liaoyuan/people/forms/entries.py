"""Forms about a person's posts, work, certificates, education and service. Days of ends are last days, as on paper."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.people.choices import EDUCATION_TITLES, LEVEL_TITLES, POST_TITLES, WORK_TIME_TITLES
from liaoyuan.people.forms.persons import PersonForm
from liaoyuan.registry.models import OPEN
from liaoyuan.ui.forms import DateField

_TRUTH = [("", lazy("未填")), ("1", lazy("是")), ("0", lazy("否"))]


def _truth(label: Any, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=False, choices=_TRUTH, coerce=lambda value: value == "1", empty_value=None, **more
    )


def after(last: date | None) -> date:
    """The first day that a period with this last day does not hold; open without one."""
    return last + timedelta(days=1) if last else OPEN


class PostForm(forms.Form):
    """An appointment, with what its rules ask."""

    kind = forms.ChoiceField(label=lazy("职务"), choices=list(POST_TITLES.items()))
    start = DateField(label=lazy("任职日期"))
    until = DateField(label=lazy("任期届满日"), required=False, help_text=lazy("当日仍在任；没有约定的不填"))
    term_no = forms.IntegerField(label=lazy("本人连任第几届"), required=False, min_value=1, max_value=30)
    elected_on = DateField(label=lazy("选举产生日期"), required=False)
    evidence = forms.CharField(label=lazy("依据"), required=False, max_length=200, help_text=lazy("会议决议、备案文号"))
    is_paid = _truth(lazy("领取报酬"))
    is_relative = _truth(lazy("与本组织理事、监事有近亲属关系"))
    relative_note = forms.CharField(label=lazy("亲属关系说明"), required=False, max_length=100)
    is_state_staff = _truth(lazy("现职国家工作人员"))
    is_retired_cadre = _truth(lazy("离退休领导干部"))
    cadre_approval = forms.CharField(label=lazy("兼职批准文号"), required=False, max_length=80)
    age_approval = forms.CharField(label=lazy("超龄任职批准文号"), required=False, max_length=80)
    no_capacity = _truth(lazy("无民事行为能力或限制民事行为能力"), help_text=lazy("只用于核查，不保存"))
    sentence_ended_on = DateField(
        label=lazy("因故意犯罪服刑期满日期"), required=False, help_text=lazy("没有的不填；只用于核查，不保存")
    )
    cleared_on = DateField(label=lazy("无禁止情形声明日期"), required=False)

    def told(self) -> dict[str, Any]:
        """The fields of the post; the period is `start` and `end`."""
        return {n: v for n, v in self.cleaned_data.items() if n not in ("start", "until")}


class LinkForm(PersonForm, PostForm):
    """The declared representative as a person and his post; the kind follows from the body."""

    kind = None  # type: ignore[assignment]
    start = DateField(label=lazy("任职日期"), required=False, help_text=lazy("不清楚的不填，按登记日期推定"))


class EndForm(forms.Form):
    """The end of a post."""

    on = DateField(label=lazy("离任日期"), help_text=lazy("当日起不再任职"))
    reason = forms.CharField(label=lazy("离任事由"), required=False, max_length=100)


class EmploymentForm(forms.Form):
    """Work for the body."""

    work_time = forms.ChoiceField(label=lazy("专/兼职"), choices=list(WORK_TIME_TITLES.items()))
    job = forms.CharField(label=lazy("岗位"), required=False, max_length=60)
    start = DateField(label=lazy("入职日期"))
    until = DateField(label=lazy("离职日期"), required=False, help_text=lazy("最后一个工作日；在职的不填"))
    contract_from = DateField(label=lazy("合同起"), required=False)
    contract_to = DateField(label=lazy("合同止"), required=False)
    insured = _truth(lazy("参加社保"))
    is_finance = forms.BooleanField(label=lazy("财会人员"), required=False)
    service_field = forms.CharField(label=lazy("服务领域"), required=False, max_length=40)
    mentor = forms.CharField(label=lazy("督导"), required=False, max_length=60)

    def told(self) -> dict[str, Any]:
        """The fields of the employment; the period is `start` and `end`."""
        return {n: v for n, v in self.cleaned_data.items() if n not in ("start", "until")}


class CertificateForm(forms.Form):
    """A certificate, its renewal or its correction."""

    level = forms.ChoiceField(label=lazy("级别"), choices=list(LEVEL_TITLES.items()))
    number = forms.CharField(label=lazy("管理号"), required=False, max_length=40)
    approved_on = DateField(label=lazy("批准日期"), required=False)
    issuer = forms.CharField(label=lazy("发证机关"), required=False, max_length=80)
    registration_no = forms.CharField(label=lazy("登记证书号"), required=False, max_length=40)
    registered_on = DateField(label=lazy("登记日期"), required=False)
    registered_until = DateField(label=lazy("登记有效期至"), required=False, help_text=lazy("当日仍有效"))
    education_hours = forms.DecimalField(
        label=lazy("继续教育学时（申报）"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(9999),
        decimal_places=1,
    )
    revoked_on = DateField(label=lazy("撤销日期"), required=False, help_text=lazy("没有撤销的不填"))


class EducationForm(forms.Form):
    """Continuing education."""

    on = DateField(label=lazy("日期"))
    hours = forms.DecimalField(label=lazy("学时"), min_value=Decimal("0.1"), max_value=Decimal(999), decimal_places=1)
    subject = forms.CharField(label=lazy("内容"), required=False, max_length=100)
    organizer = forms.CharField(label=lazy("举办单位"), required=False, max_length=80)


class VolunteerForm(forms.Form):
    """A volunteer of the body."""

    number = forms.CharField(label=lazy("志愿者编号"), required=False, max_length=40)
    registered_on = DateField(label=lazy("注册日期"), required=False)
    fields_ = forms.CharField(label=lazy("服务意向"), required=False, max_length=100)
    insured_until = DateField(label=lazy("保险有效期至"), required=False)
    consented_on = DateField(
        label=lazy("同意公开日期"), required=False, help_text=lazy("没有书面同意的不填，任何页面不公开其信息")
    )
    consent_evidence = forms.CharField(
        label=lazy("同意凭据"), required=False, max_length=100, help_text=lazy("同意书编号或存放处")
    )
    withdrawn_on = DateField(
        label=lazy("撤回同意日期"),
        required=False,
        help_text=lazy("当日起公开页面不再列出；再次同意的，清空本栏并填新的同意日期"),
    )
    ended_on = DateField(label=lazy("退出日期"), required=False)

    def told(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        return {n.rstrip("_"): v for n, v in self.cleaned_data.items()}


class ServiceForm(forms.Form):
    """One service of a volunteer."""

    on = DateField(label=lazy("日期"))
    activity = forms.CharField(label=lazy("活动名称"), max_length=100)
    hours = forms.DecimalField(
        label=lazy("时长（小时）"), min_value=Decimal("0.01"), max_value=Decimal(240), decimal_places=2,
        help_text=lazy("实际服务时间，不含路途"),
    )  # fmt: skip
    started = forms.TimeField(label=lazy("起"), required=False, widget=forms.TextInput(attrs={"placeholder": "09:00"}))
    ended = forms.TimeField(label=lazy("止"), required=False, widget=forms.TextInput(attrs={"placeholder": "10:30"}))
    place = forms.CharField(label=lazy("地点"), required=False, max_length=100)
    category = forms.CharField(
        label=lazy("服务对象类别"), required=False, max_length=40, help_text=lazy("只写类别，不写服务对象的姓名和情况")
    )
    content = forms.CharField(label=lazy("内容"), required=False, max_length=200)
    recorder = forms.CharField(label=lazy("记录人"), required=False, max_length=60)
    confirmer = forms.CharField(label=lazy("确认人"), required=False, max_length=60)

    def told(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        told = {n: v for n, v in self.cleaned_data.items() if n not in ("on", "hours")}
        return {**told, "minutes": int((self.cleaned_data["hours"] * 60).to_integral_value())}


class ExamForm(forms.Form):
    """What the helper for the exams asks; nothing of it is stored."""

    level = forms.ChoiceField(label=lazy("拟报考"), choices=list(LEVEL_TITLES.items()))
    education = forms.ChoiceField(label=lazy("学历"), choices=[c for c in EDUCATION_TITLES.items() if c[0] != "basic"])
    social_work = forms.BooleanField(label=lazy("社会工作专业"), required=False)
    years = forms.IntegerField(label=lazy("从事社会工作满几年"), min_value=0, max_value=60)
    held = forms.ChoiceField(
        label=lazy("已有证书"), required=False, choices=[("", lazy("没有")), *LEVEL_TITLES.items()]
    )
