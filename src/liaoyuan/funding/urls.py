"""Addresses of the funding floor."""

from django.urls import path, re_path

from liaoyuan.funding.views import eligibility, money, needs, projects, rounds, writing

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
    # eligibility
    path("rounds/<int:pk>/eligibility/", eligibility.listing, name="round_eligibility"),
    path("rounds/<int:pk>/eligibility/examine/", eligibility.examine_all, name="eligibility_examine_all"),
    path("projects/<int:pk>/eligibility/", eligibility.detail, name="project_eligibility"),
    path("projects/<int:pk>/eligibility/examine/", eligibility.examine, name="project_examine"),
    path("projects/<int:pk>/eligibility/findings/<int:number>/", eligibility.answer, name="project_finding"),
    path("projects/<int:pk>/eligibility/accept/", eligibility.accept, name="project_accept"),
    path("projects/<int:pk>/eligibility/bar/", eligibility.bar, name="project_bar"),
    path("projects/<int:pk>/eligibility/bar/confirm/", eligibility.bar_confirm, name="project_bar_confirm"),
    path("projects/<int:pk>/eligibility/bar/refuse/", eligibility.bar_refuse, name="project_bar_refuse"),
    path("projects/<int:pk>/eligibility/like/<int:other>/", eligibility.double, name="project_double"),
]
