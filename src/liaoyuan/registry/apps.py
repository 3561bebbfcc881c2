"""Configuration of the floor `registry`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Configuration of registry."""

    name = "liaoyuan.registry"
    label = "registry"
    verbose_name = "登记"
