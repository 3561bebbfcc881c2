"""Configuration of the floor `ui`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Configuration of ui."""

    name = "liaoyuan.ui"
    label = "ui"
    verbose_name = "界面"
