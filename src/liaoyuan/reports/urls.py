"""Addresses of the reports."""

from django.urls import path

from liaoyuan.reports.views import statistics

app_name = "reports"
urlpatterns = [
    path("stats/registry/", statistics.registry_statistics, name="registry_statistics"),
]
