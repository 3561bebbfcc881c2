"""Addresses of the funding floor."""

from django.urls import path, re_path

from liaoyuan.funding.views import archive, money, needs, projects, rounds, trials, writing

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
