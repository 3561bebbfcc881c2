"""Addresses of the party floor."""

from django.urls import path

from liaoyuan.party.views import dues, dues_entries, founding, organizations, transfers

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
    path("dues/", dues.overview, name="dues_list"),
    path("dues/<int:pk>/", dues.month_page, name="dues_month"),
    path("dues/<int:pk>/build/", dues.build, name="dues_build"),
    path("dues/<int:pk>/pay/", dues.pay, name="dues_pay"),
    path("dues/<int:pk>/bases/", dues_entries.bases, name="dues_bases"),
    path("dues/<int:pk>/bases/<int:member>/", dues_entries.base, name="dues_base"),
    path("dues/<int:pk>/bases/<int:member>/reveal/", dues_entries.reveal, name="dues_reveal"),
    path("dues/<int:pk>/waive/<int:member>/", dues_entries.waive, name="dues_waive"),
    path("dues/<int:pk>/extra/", dues_entries.extra, name="dues_extra"),
    path("dues/<int:pk>/year/", dues_entries.year, name="dues_year"),
    path("dues/<int:pk>/use/", dues_entries.use, name="dues_use"),
    path("dues/<int:pk>/export/<slug:kind>/", dues.export, name="dues_export"),
    path("dues/rows/<int:pk>/pay/", dues.pay_one, name="dues_pay_one"),
    path("dues/rows/<int:pk>/unpay/", dues.unpay, name="dues_unpay"),
    path("dues/uses/<int:pk>/void/", dues_entries.void_use, name="dues_use_void"),
]
