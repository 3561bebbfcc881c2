"""Configuration of the floor `reports`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Configuration of reports."""

    name = "liaoyuan.reports"
    label = "reports"
    verbose_name = "报表"
