"""The form with which somebody says that he may open a body's account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.kit.text import half_width
from liaoyuan.registry.params.claims import CLAIM_MESSAGES, CLAIM_NOTICE, POST_TITLES
from liaoyuan.registry.rules.claims import Told


class ClaimForm(forms.Form):
    """Who one is and how the office can verify it. Without `mobile` no number is asked for."""

    claimant = forms.CharField(
        label=lazy("您的姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    post = forms.ChoiceField(
        label=lazy("您在这个组织的身份"), choices=list(POST_TITLES.items()), widget=forms.RadioSelect
    )
    mobile = forms.CharField(
        label=lazy("手机号"), max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=lazy("登记管理机关用这个号码与您联系，不会公开"),
    )  # fmt: skip
    words = forms.CharField(
        label=lazy("登记管理机关可以怎样核实"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("例如：可以拨打登记的联系电话找我，或者我带法人登记证书到窗口。请不要写身份证号"),
    )  # fmt: skip
    version = forms.CharField(max_length=20, widget=forms.HiddenInput, initial=CLAIM_NOTICE)
    notice = forms.BooleanField(
        label=lazy("我已阅读上面的说明，同意为核实身份使用这些信息"),
        error_messages={"required": lazy("须同意个人信息的使用说明，才能提交。")},
    )

    def __init__(self, *args: Any, mobile: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(code, _(title)) for code, title in POST_TITLES.items()]  # type: ignore[attr-defined]
        if not mobile:
            del self.fields["mobile"]

    def clean_mobile(self) -> str:
        """The digits of the number, however they are grouped, without the country's prefix."""
        given = "".join(half_width(self.cleaned_data["mobile"]).replace("-", " ").split())
        digits = given.removeprefix("+86")
        if not (len(digits) == 11 and digits.isascii() and digits.isdigit() and digits.startswith("1")):
            raise ValidationError(_(CLAIM_MESSAGES["CLAIM.mobile"]))
        return digits

    def told(self) -> Told:
        """What was written, as the action takes it."""
        given = self.cleaned_data
        return Told(
            claimant=given["claimant"], post=given["post"], mobile=given.get("mobile", ""), words=given["words"],
            notice=given["version"] if given["notice"] else "",
        )  # fmt: skip
