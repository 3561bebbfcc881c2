"""Setting up outlets."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core.choices import OutletKind

_KEEP = lazy("不填则保留原来的")


class OutletForm(forms.Form):
    """What every outlet has."""

    is_active = forms.BooleanField(label=lazy("启用"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def options(self) -> dict[str, Any]:
        """What is kept openly."""
        return {n: v for n, v in self.cleaned_data.items() if n not in ("is_active", "version", "secret")}

    def given_secret(self) -> str | None:
        """The new secret; None keeps the present one."""
        return self.cleaned_data.get("secret") or None


class FolderForm(OutletForm):
    """The folder."""

    numbers = forms.BooleanField(
        label=lazy("文件里写电话原文"), required=False, help_text=lazy("供短信网关取用；不勾选则电话打码。")
    )


class WebhookForm(OutletForm):
    """A group robot."""

    group = forms.CharField(label=lazy("群的名称"), max_length=40, required=False)
    secret = forms.CharField(label=lazy("机器人地址"), max_length=500, required=False, help_text=_KEEP,
                             widget=forms.TextInput(attrs={"placeholder": "https://…"}))  # fmt: skip
    private = forms.BooleanField(
        label=lazy("允许内部网络的地址"), required=False, help_text=lazy("机器人在政务外网内部时勾选。")
    )


class MailForm(OutletForm):
    """A mail server."""

    host = forms.CharField(label=lazy("邮件服务器"), max_length=120, required=False)
    port = forms.IntegerField(label=lazy("端口"), min_value=1, max_value=65535, initial=465)
    security = forms.ChoiceField(
        label=lazy("加密"), choices=[("tls", "SSL/TLS"), ("starttls", "STARTTLS"), ("none", lazy("不加密"))]
    )
    username = forms.CharField(label=lazy("用户名"), max_length=120, required=False)
    secret = forms.CharField(label=lazy("密码"), max_length=200, required=False, help_text=_KEEP,
                             widget=forms.PasswordInput(attrs={"autocomplete": "off"}))  # fmt: skip
    sender = forms.EmailField(label=lazy("发件地址"), required=False)
    sender_name = forms.CharField(label=lazy("发件人名称"), max_length=40, required=False)


FORMS: dict[str, type[OutletForm]] = {
    OutletKind.FILE: FolderForm,
    OutletKind.WEBHOOK: WebhookForm,
    OutletKind.SMTP: MailForm,
}
