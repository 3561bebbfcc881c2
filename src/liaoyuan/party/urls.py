"""Addresses of the party floor."""

from django.urls import path

from liaoyuan.party.views import conversion, member_entries, member_exports, members

app_name = "party"
urlpatterns = [
    path("members/", members.members, name="member_list"),
    path("members/new/", member_entries.choose, name="member_choose"),
    path("members/export/", member_exports.export, name="member_export"),
    path("members/conversion/", conversion.progress, name="conversion"),
    path("members/conversion/lines/", conversion.lines, name="conversion_lines"),
    path("members/at/<int:party>/new/", member_entries.create, name="member_new"),
    path("members/<int:pk>/", members.detail, name="member_detail"),
    path("members/<int:pk>/reveal/<slug:field>/", members.reveal, name="member_reveal"),
    path("members/<int:pk>/correct/", member_entries.correct, name="member_correct"),
    path("members/<int:pk>/join/", member_entries.join, name="member_join"),
    path("members/<int:pk>/voting/", member_entries.voting, name="member_voting"),
    path("members/<int:pk>/account/", member_entries.account, name="member_account"),
    path("members/<int:pk>/leave/", member_entries.leave, name="member_leave"),
    path("affiliations/<int:key>/advance/", member_entries.advance, name="affiliation_advance"),
    path("affiliations/<int:key>/end/", member_entries.end, name="affiliation_end"),
    path("me/", members.me, name="me"),
    path("me/reveal/<slug:field>/", members.me_reveal, name="me_reveal"),
]
