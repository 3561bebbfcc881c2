"""Addresses of core."""

from django.urls import path

from liaoyuan.core.views import invitations, sessions

app_name = "core"
urlpatterns = [
    path("login/", sessions.login, name="login"),
    path("login/code/", sessions.second_factor, name="second_factor"),
    path("logout/", sessions.logout, name="logout"),
    path("account/", sessions.profile, name="profile"),
    path("account/password/", sessions.password, name="password"),
    path("account/preferences/", sessions.preferences, name="preferences"),
    path("account/totp/", sessions.totp, name="totp"),
    path("account/totp/off/", sessions.totp_off, name="totp_off"),
    path("account/totp/codes/", sessions.recovery_codes, name="recovery_codes"),
    path("invitation/", invitations.accept, name="invitation_accept"),
    path("invitations/", invitations.listing, name="invitation_list"),
    path("invitations/batch/", invitations.batch, name="invitation_batch"),
    path("invitations/<int:pk>/revoke/", invitations.revoke, name="invitation_revoke"),
]
