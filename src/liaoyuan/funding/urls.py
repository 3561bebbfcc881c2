"""Addresses of the funding floor."""

from django.urls import path, re_path

from liaoyuan.funding.views import money, needs, projects, reports, rounds, running, work, writing

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
    # Running projects: records of work and monthly logs
    path("projects/<int:pk>/running/", running.overview, name="project_running"),
    path("projects/<int:pk>/work/", work.listing, name="work_list"),
    path("projects/<int:pk>/work/new/", work.new, name="work_new"),
    path("work/<int:key>/", work.detail, name="work_detail"),
    path("work/<int:key>/change/", work.change, name="work_change"),
    path("work/<int:key>/void/", work.void, name="work_void"),
    path("projects/<int:pk>/months/<slug:month>/", running.month_page, name="month_page"),
    path("months/<int:key>/return/", running.month_return, name="month_return"),
    # Reports and their assessment
    path("projects/<int:pk>/reports/", reports.overview, name="project_reports"),
    path("projects/<int:pk>/reports/<slug:kind>/", reports.write, name="report_write"),
    path("projects/<int:pk>/reports/<slug:kind>/keep/", reports.keep, name="report_keep"),
    path("reports/<int:key>/", reports.detail, name="report_detail"),
    path("reports/<int:key>/assess/", reports.assess, name="report_assess"),
    path("reports/<int:key>/annul/", reports.annul, name="report_annul"),
    path("reports/<int:key>/return/", reports.give_back, name="report_return"),
    path("reports/<int:key>/fail/", reports.fail, name="report_fail"),
    re_path(r"^reports/(?P<key>\d+)/(?P<code>pass|close)/$", reports.step, name="report_step"),
]
