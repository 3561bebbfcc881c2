"""What the login library asks of us: where to go, what to say, how to keep its secrets.

Its own pages are not mounted, so every address it could lead to is one of ours, and it sends no messages of its own.
"""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from liaoyuan.core import access, vault

#: Purpose under which the login library's secrets are sealed.
PURPOSE = "second-factor"


class SecondFactorStage(AuthenticateStage):
    """The step between password and session for accounts with a second factor."""

    urlname = "core:second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Send accounts with a second factor to the code page; others go on."""
        if not self._should_handle(self.request):
            return None, True
        self.state["authentication_required"] = True
        return redirect(self.urlname), True


class AccountAdapter(DefaultAccountAdapter):
    """Closed door: no sign-up, no mails, no messages of the library; ways lead to our pages."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("尝试次数过多，请稍后再试。"),
        "rate_limited": _("尝试次数过多，请稍后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the system administrator or by invitation."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The library's texts are in its own templates; our pages say what happened."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail leaves the house unasked."""

    def get_login_stages(self) -> list[str]:
        """Only the second factor stands between password and session."""
        return ["liaoyuan.core.adapters.SecondFactorStage"]

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A closed account is told nothing more than a wrong password would be."""
        return redirect("core:login")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The home page of the first role that holds, else the own profile."""
        table = access.roles()
        homes = [table[grant.role].home for grant in access.grants_of(request.user)]
        return homes[0] if homes else "/account/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Back to the login page."""
        return "/login/"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of TOTP and recovery codes are kept sealed by the vault."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("动态口令不正确。"),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return vault.encrypt(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret."""
        return vault.decrypt(encrypted_text, purpose=PURPOSE)

    def get_totp_label(self, user: Any) -> str:
        """The login name, as the authenticator app shows it."""
        return user.username

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail leaves the house unasked."""
