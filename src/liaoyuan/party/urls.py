"""Addresses of the party floor."""

from django.urls import path

from liaoyuan.party.views import coverage, founding, instructors, organizations, pilots, statutory, visits

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
    path("ceremonies/new/", founding.ceremony_new, name="ceremony_new"),
    path("ceremonies/<int:pk>/", founding.ceremony_detail, name="ceremony_detail"),
    path("coverage/", coverage.board, name="coverage_board"),
    path("coverage/bodies/", coverage.bodies, name="coverage_bodies"),
    path("coverage/spread/", coverage.spread, name="coverage_spread"),
    path("coverage/of/<int:pk>/", visits.organization_panel, name="organization_panel"),
    path("coverage/of/<int:pk>/visit/", visits.visit, name="visit_new"),
    path("coverage/of/<int:pk>/sync/", visits.answer, name="sync_new"),
    path("visits/<int:pk>/follow/", visits.follow, name="visit_follow"),
    path("statutory/", statutory.page, name="statutory"),
    path("statutory/ask/", statutory.ask, name="statutory_ask"),
    path("instructors/", instructors.listing, name="instructor_list"),
    path("instructors/f11.xlsx", instructors.f11, name="instructor_f11"),
    path("instructors/new/", instructors.new, name="instructor_new"),
    path("instructors/own/", instructors.own, name="instructor_own"),
    path("instructors/<int:pk>/", instructors.detail, name="instructor_detail"),
    path("instructors/<int:pk>/change/", instructors.change, name="instructor_change"),
    path("assignments/new/", instructors.assign, name="assignment_new"),
    path("assignments/<int:pk>/end/", instructors.end, name="assignment_end"),
    path("pilots/", pilots.listing, name="pilot_list"),
    path("pilots/new/", pilots.new, name="pilot_new"),
    path("pilots/<int:pk>/close/", pilots.close, name="pilot_close"),
]
