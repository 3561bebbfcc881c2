"""Configuration of the floor `api`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Configuration of api."""

    name = "liaoyuan.api"
    label = "api"
    verbose_name = "接口"
