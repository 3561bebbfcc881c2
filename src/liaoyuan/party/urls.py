"""Addresses of the party floor."""

from django.urls import path

from liaoyuan.party.views import conversion, founding, member_entries, member_exports, members, organizations, transfers

app_name = "party"
urlpatterns = [
    path("", organizations.listing_page, name="organization_list"),
    path("new/", organizations.new, name="organization_new"),
    path("<int:pk>/", organizations.detail, name="organization_detail"),
    path("<int:pk>/change/", organizations.change, name="organization_change"),
    path("<int:pk>/units/", organizations.units, name="organization_units"),
    path("<int:pk>/dissolve/", organizations.dissolve, name="organization_dissolve"),
    path("foundings/", founding.listing, name="founding_list"),
    path("foundings/new/", founding.new, name="founding_new"),
    path("foundings/<int:pk>/", founding.detail, name="founding_detail"),
    path("foundings/<int:pk>/edit/", founding.edit, name="founding_edit"),
    path("foundings/<int:pk>/roster/", founding.roster, name="founding_roster"),
    path("foundings/<int:pk>/submit/", founding.submit, name="founding_submit"),
    path("foundings/<int:pk>/found/", founding.found, name="founding_found"),
    path("foundings/<int:pk>/file/", founding.file, name="founding_file"),
    path("transfers/", transfers.listing, name="transfer_list"),
    path("transfers/export/", transfers.export, name="transfer_export"),
    path("transfers/new/", transfers.new, name="transfer_new"),
    path("transfers/<int:pk>/", transfers.detail, name="transfer_detail"),
    path("transfers/<int:pk>/letter/", transfers.letter, name="transfer_letter"),
    path("transfers/<int:pk>/<slug:code>/", transfers.act, name="transfer_act"),
    path("ceremonies/new/", founding.ceremony_new, name="ceremony_new"),
    path("ceremonies/<int:pk>/", founding.ceremony_detail, name="ceremony_detail"),
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
