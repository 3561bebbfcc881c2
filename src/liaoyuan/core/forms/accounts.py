"""Forms of accounts: they parse and show errors; rules are asked by the actions."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.core.choices import Office, Separation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "off", "spellcheck": "false"}


def _password(label: "StrOrPromise", autocomplete: str) -> forms.CharField:
    """A password as typed: blanks at its ends belong to it."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=128, strip=False, widget=widget)


class LoginForm(forms.Form):
    """Login name and password."""

    username = forms.CharField(
        label=_("登录名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "off", "autofocus": True}),
    )
    password = _password(_("密码"), "current-password")


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(label=_("动态口令"), max_length=20, widget=forms.TextInput(attrs=_ONE_TIME))


class EnrolForm(CodeForm):
    """The first code; `token` carries the sealed secret from the page that showed it."""

    token = forms.CharField(max_length=400, widget=forms.HiddenInput)


class _NewPassword(forms.Form):
    new = _password(_("新密码"), "new-password")
    again = _password(_("再输一次新密码"), "new-password")

    def clean(self) -> dict:
        """Both writings must be the same."""
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", _("两次输入的新密码不一致。"))
        return given


class PasswordForm(_NewPassword):
    """The present password and the new one twice."""

    current = _password(_("当前密码"), "current-password")
    field_order = ("current", "new", "again")


class InvitationCodeForm(forms.Form):
    """The code of an invitation slip or of a claim."""

    code = forms.CharField(label=_("邀请码或申请码"), max_length=30, widget=forms.TextInput(attrs=_ONE_TIME))


class AcceptForm(InvitationCodeForm):
    """The code again, and the account that is wished."""

    username = forms.CharField(
        label=_("登录名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    display_name = forms.CharField(
        label=_("姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = _password(_("密码"), "new-password")
    again = _password(_("再输一次密码"), "new-password")

    def clean(self) -> dict:
        """Both writings must be the same."""
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("两次输入的密码不一致。"))
        return given


class AccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(label=_("登录名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    display_name = forms.CharField(
        label=_("姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    unit = forms.CharField(label=_("单位"), max_length=60, required=False)


class AccountQueryForm(forms.Form):
    """The query form above the list of accounts."""

    q = forms.CharField(label=_("登录名、姓名或单位"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部")),
            ("open", _("启用")),
            ("closed", _("停用")),
            ("locked", _("已锁定")),
            ("none", _("未授权")),
        ],
    )
    role = forms.ChoiceField(label=_("角色"), required=False)

    def __init__(self, *args: object, roles: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["role"].choices = [("", _("全部")), *roles]  # type: ignore[attr-defined]


class PreferencesForm(forms.Form):
    """Language and text size of the own account."""

    language = forms.ChoiceField(label=_("语言"), choices=[("zh-hans", "中文"), ("en", "English")])
    large_text = forms.BooleanField(label=_("大字模式"), required=False)


class SetupLevelForm(forms.Form):
    """Which separation level a new installation begins with."""

    level = forms.ChoiceField(
        label=_("职责分离级别"),
        widget=forms.RadioSelect,
        choices=[
            (Separation.SMALL_OFFICE.value, _("小型科室：管理员一人、审计一人（两人不得相同）")),
            (Separation.THREE_OFFICES.value, _("三员：系统、安全、审计管理员各一人")),
            (Separation.TRIAL.value, _("试用：一人兼任，不得填写敏感信息")),
        ],
    )


OFFICE_TITLES = {
    Office.SYSTEM: _("系统管理员"),
    Office.SECURITY: _("安全管理员"),
    Office.AUDIT: _("审计管理员"),
}


class SetupPeopleForm(forms.Form):
    """Login name and name for each office that the level fills."""

    def __init__(self, *args: object, offices: list[Office], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for office in offices:
            title = OFFICE_TITLES[office]
            self.fields[f"{office}_username"] = forms.CharField(
                label=_("{title}登录名").format(title=title), max_length=40
            )
            self.fields[f"{office}_name"] = forms.CharField(label=_("{title}姓名").format(title=title), max_length=40)
