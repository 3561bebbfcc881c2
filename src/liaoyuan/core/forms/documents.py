"""Forms of documents: one made from a kind's fields, and those of service, objections, numbers, offices, templates."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.core.params import DELIVERY_RESULT_TITLES, DELIVERY_WAY_TITLES, DOCUMENT_STATE_TITLES
from liaoyuan.core.registries import DocumentField, DocumentKind
from liaoyuan.ui.forms import DateField

_AREA_HINT = gettext_lazy("如 320211（区）、320211001（街道）")
_WAY_TITLES = ("来信", "来电", "来访", "电子邮件", "其他")


def _control(field: DocumentField) -> forms.Field:
    label, required = _(field.title), field.required
    if field.kind == "date":
        return DateField(label=label, required=required)
    if field.kind == "long":
        area = forms.Textarea(attrs={"rows": 5})
        return forms.CharField(label=label, required=required, max_length=8000, widget=area)
    if field.kind == "days":
        return forms.IntegerField(label=label, required=required, min_value=1, max_value=60)
    return forms.CharField(
        label=label, required=required, max_length=200, help_text=_("如：{what}").format(what=field.example)
    )


class DocumentForm(forms.Form):
    """The fields of a kind; `issuers` and `notices` are choices (key, words)."""

    def __init__(
        self, *args: Any, kind: DocumentKind, issuers: Sequence[tuple[str, str]] = (),
        notices: Sequence[tuple[str, str]] = (), behalf: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.kind = kind
        if issuers:
            self.fields["issuer"] = forms.ChoiceField(label=_("发文机关"), choices=issuers)
        if kind.follows and notices:
            self.fields["follows"] = forms.ChoiceField(label=_("依据的公示"), choices=notices)
        for field in kind.fields:
            if not field.filled:
                self.fields[field.name] = _control(field)
        if behalf:
            self.fields["on_behalf"] = forms.CharField(
                label=_("代填依据"), max_length=120, required=False,
                help_text=_("替没有账号的组织填写时，写明凭谁的电话、书面或到访。"),
            )  # fmt: skip

    def values(self) -> Mapping[str, str]:
        """The texts of the kind's fields."""
        told = {field.name: self.cleaned_data.get(field.name) for field in self.kind.fields if not field.filled}
        return {
            name: value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
            for name, value in told.items()
        }


class DocumentQueryForm(forms.Form):
    """What the list of documents is asked for."""

    q = forms.CharField(label=gettext_lazy("文号、标题或对象"), required=False, max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("文书种类"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *kinds]  # type: ignore[attr-defined]
        states = [(code, _(title)) for code, title in DOCUMENT_STATE_TITLES.items()]
        self.fields["state"].choices = [("", _("全部")), *states]  # type: ignore[attr-defined]


class DeliveryForm(forms.Form):
    """One attempt to serve."""

    way = forms.ChoiceField(label=gettext_lazy("送达方式"))
    sent_on = DateField(label=gettext_lazy("送达日期"))
    result = forms.ChoiceField(label=gettext_lazy("结果"))
    receiver = forms.CharField(label=gettext_lazy("收件人"), max_length=60, required=False)
    signed_on = DateField(label=gettext_lazy("签收日期"), required=False)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(code, _(title)) for code, title in DELIVERY_WAY_TITLES.items()]
        results = [(code, _(title)) for code, title in DELIVERY_RESULT_TITLES.items()]
        self.fields["way"].choices, self.fields["result"].choices = ways, results  # type: ignore[attr-defined]


class SendingForm(forms.Form):
    """All letters of a batch as sent on a day."""

    way = forms.ChoiceField(label=gettext_lazy("送达方式"))
    sent_on = DateField(label=gettext_lazy("送达日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(code, _(title)) for code, title in DELIVERY_WAY_TITLES.items()]
        self.fields["way"].choices = ways  # type: ignore[attr-defined]


class ObjectionForm(forms.Form):
    """An objection as it came in."""

    received_on = DateField(label=gettext_lazy("收到日期"))
    way = forms.ChoiceField(label=gettext_lazy("方式"), choices=[(word, gettext_lazy(word)) for word in _WAY_TITLES])
    text = forms.CharField(
        label=gettext_lazy("内容摘要"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("只写异议的内容，不写提出人的姓名、电话。"),
    )  # fmt: skip


class IssuerForm(forms.Form):
    """An office and its sign."""

    area = forms.CharField(
        label=gettext_lazy("区划代码"), max_length=12, help_text=gettext_lazy("如 320211（区）、320211001（街道）")
    )
    name = forms.CharField(label=gettext_lazy("发文机关全称"), max_length=60)
    mark = forms.CharField(label=gettext_lazy("机关代字"), max_length=20, help_text=gettext_lazy("如：滨民社"))
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=40, required=False)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=120, required=False)


class NumberForm(forms.Form):
    """Numbers used outside the system."""

    issuer = forms.ChoiceField(label=gettext_lazy("发文机关"))
    first = forms.IntegerField(label=gettext_lazy("起号"), min_value=1, max_value=99999)
    last = forms.IntegerField(
        label=gettext_lazy("止号"),
        min_value=1,
        max_value=99999,
        required=False,
        help_text=gettext_lazy("只有一个时不填"),
    )
    title = forms.CharField(label=gettext_lazy("文件标题"), max_length=200)
    receiver = forms.CharField(label=gettext_lazy("主送"), max_length=120, required=False)
    dated_on = DateField(label=gettext_lazy("成文日期"))
    reason = forms.CharField(label=gettext_lazy("在系统外发文的说明"), max_length=200)

    def __init__(self, *args: Any, issuers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].choices = issuers  # type: ignore[attr-defined]


class NumberQueryForm(forms.Form):
    """What the register is asked for."""

    issuer = forms.ChoiceField(label=gettext_lazy("发文机关"), required=False)
    year = forms.IntegerField(label=gettext_lazy("年份"), required=False, min_value=1949, max_value=2999)
    kind = forms.ChoiceField(label=gettext_lazy("文书种类"), required=False)
    q = forms.CharField(label=gettext_lazy("标题或主送"), required=False, max_length=60)

    def __init__(
        self, *args: Any, issuers: Sequence[tuple[str, str]], kinds: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["issuer"].choices = [("", _("全部")), *issuers]  # type: ignore[attr-defined]
        outside = ("outside", _("系统外发文"))
        self.fields["kind"].choices = [("", _("全部")), *kinds, outside]  # type: ignore[attr-defined]


class TemplateForm(forms.Form):
    """A Word file that takes the place of the shipped template in an area."""

    file = forms.FileField(label=gettext_lazy("Word 模板（.docx）"))
    area = forms.CharField(
        label=gettext_lazy("适用区划代码"),
        max_length=12,
        help_text=gettext_lazy("这个区划的发文机关和下级都用这个模板"),
    )
