"""Addresses of core."""

from django.urls import path

from liaoyuan.core.views import accounts, clock, grants, imports, invitations, separation, sessions

app_name = "core"
urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/decide/", imports.import_decide, name="import_decide"),
    path("imports/<int:pk>/errors.xlsx", imports.import_errors, name="import_errors"),
    path("imports/<int:pk>/<int:number>/", imports.import_row, name="import_row"),
    path("imports/template/<slug:kind>.xlsx", imports.import_template, name="import_template"),
    path("console/setup/", separation.setup, name="setup"),
    path("console/accounts/", accounts.listing, name="account_list"),
    path("console/accounts/new/", accounts.create, name="account_new"),
    path("console/accounts/<int:pk>/", accounts.detail, name="account_detail"),
    path("console/accounts/<int:pk>/unlock/", accounts.unlock, name="account_unlock"),
    path("console/accounts/<int:pk>/reset/", accounts.reset, name="account_reset"),
    path("console/accounts/<int:pk>/close/", accounts.close, name="account_close"),
    path("console/grants/", grants.listing, name="grant_list"),
    path("console/grants/<int:pk>/", grants.account, name="grant_account"),
    path("console/grants/<int:pk>/<int:grant>/end/", grants.end, name="grant_end"),
    path("console/grants/<int:pk>/appoint/", grants.appoint, name="grant_appoint"),
    path("console/grants/<int:pk>/relieve/", grants.relieve, name="grant_relieve"),
    path("console/grants/<int:pk>/hand-over/", grants.hand_over, name="grant_hand_over"),
    path("console/grants/<int:pk>/factor-off/", grants.factor_off, name="grant_factor_off"),
    path("console/separation/", separation.page, name="separation"),
    path("console/separation/<int:pk>/sign/", separation.sign, name="separation_sign"),
    path("console/clock/", clock.page, name="clock"),
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
