"""Addresses of the funding floor."""

from django.urls import path, re_path

from liaoyuan.funding.views import (
    archive,
    committee,
    desk,
    form_files,
    money,
    needs,
    outcomes,
    papers,
    projects,
    ranking,
    rounds,
    scoring,
    trials,
    writing,
)

app_name = "funding"

urlpatterns = [
    path("", rounds.listing, name="round_list"),
    path("programmes/new/", rounds.programme_new, name="programme_new"),
    path("rounds/begin/", rounds.begin, name="round_begin"),
    path("rounds/new/", rounds.new, name="round_new"),
    path("rounds/<int:pk>/", rounds.detail, name="round_detail"),
    path("rounds/<int:pk>/change/", rounds.change, name="round_change"),
    path("rounds/<int:pk>/extend/", rounds.extend, name="round_extend"),
    path("rounds/<int:pk>/cancel/", rounds.cancel, name="round_cancel"),
    re_path(r"^rounds/(?P<pk>\d+)/(?P<code>open|confirm)/$", rounds.step, name="round_step"),
    path("rounds/<int:pk>/figure/", rounds.figure, name="round_figure"),
    path("rounds/<int:pk>/figures-off/", rounds.figures_off, name="round_figures_off"),
    path("rounds/<int:pk>/pools/new/", money.pool_new, name="pool_new"),
    path("pools/<int:key>/", money.pool_change, name="pool_change"),
    path("pools/<int:key>/drop/", money.pool_drop, name="pool_drop"),
    path("rounds/<int:pk>/quotas/", money.quotas, name="round_quotas"),
    path("needs/", needs.listing, name="need_list"),
    path("rounds/<int:pk>/needs/new/", needs.new, name="need_new"),
    path("needs/<int:key>/", needs.detail, name="need_detail"),
    path("needs/<int:key>/change/", needs.change, name="need_change"),
    path("needs/<int:key>/publish/", needs.publish, name="need_publish"),
    path("needs/<int:key>/drop/", needs.drop, name="need_drop"),
    path("projects/", projects.listing, name="project_list"),
    path("rounds/<int:pk>/apply/", projects.new, name="project_new"),
    path("projects/<int:pk>/", projects.detail, name="project_detail"),
    path("projects/<int:pk>/certify/", projects.certify, name="project_certify"),
    path("projects/<int:pk>/submit/", projects.submit, name="project_submit"),
    path("projects/<int:pk>/withdraw/", projects.withdraw, name="project_withdraw"),
    path("projects/<int:pk>/return/", projects.give_back, name="project_return"),
    path("projects/<int:pk>/print/", projects.printed, name="project_print"),
    path("projects/<int:pk>/versions/<int:number>/", projects.revision, name="project_revision"),
    path("projects/<int:pk>/paste/", writing.paste, name="project_paste"),
    path("projects/<int:pk>/budget.xlsx", writing.budget_file, name="project_budget_file"),
    path("projects/<int:pk>/write/<slug:section>/", writing.section, name="project_section"),
    path("projects/<int:pk>/write/<slug:section>/keep/", writing.keep, name="project_keep"),
    path("review/", desk.listing, name="desk"),
    path("review/rounds/<int:pk>/declare/", desk.declare, name="desk_declare"),
    path("review/<int:pk>/materials.xlsx", desk.materials, name="desk_materials"),
    path("review/<int:pk>/sheets.xlsx", desk.own_sheets, name="desk_own_sheets"),
    path("review/<int:pk>/<slug:label>/", scoring.sheet, name="desk_sheet"),
    path("review/<int:pk>/<slug:label>/keep/", scoring.keep, name="desk_keep"),
    path("review/<int:pk>/<slug:label>/sign/", scoring.sign, name="desk_sign"),
    path("review/<int:pk>/<slug:label>/aside/", desk.aside, name="desk_aside"),
    path("rounds/<int:pk>/ranking/", ranking.detail, name="round_ranking"),
    path("rounds/<int:pk>/ranking/rank/", ranking.rank, name="round_rank"),
    path("rounds/<int:pk>/ranking.xlsx", ranking.book, name="round_ranking_book"),
    path("rounds/<int:pk>/selection/", committee.detail, name="round_selection"),
    path("rounds/<int:pk>/selection/select/", committee.select, name="round_select"),
    path("rounds/<int:pk>/selection/decide/", committee.decide_all, name="round_decide_all"),
    path("projects/<int:pk>/decide/", committee.decide, name="project_decide"),
    path("projects/<int:pk>/outcome/", outcomes.detail, name="project_outcome"),
    # the application as a file
    path("projects/<int:pk>/form/", form_files.form, name="project_form"),
    re_path(r"^projects/(?P<pk>\d+)/form\.(?P<form>docx|xlsx)$", form_files.download, name="project_form_file"),
    path("projects/<int:pk>/versions/<int:number>/put-back/", form_files.put_back, name="project_put_back"),
    # attachments and the stamped scan
    path("projects/<int:pk>/files/", papers.listing, name="project_files"),
    path("projects/<int:pk>/scan/", papers.scan, name="project_scan"),
]

#: Trying other values of parameters.
urlpatterns += [
    path("trials/", trials.listing, name="trial_list"),
    path("trials/new/", trials.new, name="trial_new"),
    path("trials/<int:pk>/", trials.detail, name="trial_detail"),
    path("trials/<int:pk>/bodies/", trials.bodies, name="trial_bodies"),
    path("trials/<int:pk>/changes.xlsx", trials.sheet, name="trial_file"),
]

#: The archive of a project and of a round.
urlpatterns += [
    path("projects/<int:pk>/archive/", archive.of_project, name="project_archive"),
    path("projects/<int:pk>/archive/close/", archive.close, name="project_archive_close"),
    path("projects/<int:pk>/archive/file/", archive.file, name="project_archive_file"),
    path("projects/<int:pk>/archive/without/", archive.without, name="archive_waiver_new"),
    path("waivers/<int:key>/", archive.decide, name="archive_waiver_decide"),
    path("rounds/<int:pk>/archive/", archive.of_round, name="round_archive"),
]
