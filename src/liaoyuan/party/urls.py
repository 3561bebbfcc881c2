"""Addresses of the party floor."""

from django.urls import path

from liaoyuan.party.views import development, development_steps, founding, organizations, quotas, transfers

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
    path("development/", development.listing, name="applicant_list"),
    path("development/new/", development.choose, name="applicant_choose"),
    path("development/at/<int:party>/new/", development.new, name="applicant_new"),
    path("development/<int:pk>/", development.detail, name="applicant_detail"),
    path("development/<int:pk>/correct/", development.correct, name="applicant_correct"),
    path("development/<int:pk>/move/", development.move, name="applicant_move"),
    path("development/<int:pk>/close/", development.close, name="applicant_close"),
    path("development/<int:pk>/steps/<int:number>/", development_steps.step, name="applicant_step"),
    path("development/<int:pk>/steps/<int:number>/correct/", development_steps.correct, name="applicant_step_correct"),
    path("development/<int:pk>/steps/<int:number>/back/", development_steps.back, name="applicant_step_back"),
    path("development/<int:pk>/marks/<slug:kind>/", development_steps.mark, name="applicant_mark"),
    path(
        "development/<int:pk>/examinations/<int:key>/back/", development_steps.examination_back, name="examination_back"
    ),
    path("development/quotas/", quotas.listing, name="quota_list"),
    path("development/quotas/give/", quotas.give, name="quota_give"),
]
