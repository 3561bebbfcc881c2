"""Addresses of the reports."""

from django.urls import path

from liaoyuan.reports.views import baseline, home, statistics

app_name = "reports"
urlpatterns = [
    path("", home.home, name="home"),
    path("todo/", home.todo, name="todo"),
    path("baseline/", baseline.baseline, name="baseline"),
    path("baseline/lines/", baseline.lines, name="baseline_lines"),
    path("baseline/lines.xlsx", baseline.export, name="baseline_export"),
    path("stats/registry/", statistics.registry_statistics, name="registry_statistics"),
]
