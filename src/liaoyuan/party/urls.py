"""Addresses of the party floor."""

from django.urls import path

from liaoyuan.party.views import founding, organizations, transfers

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
]
