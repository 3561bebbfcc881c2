"""Configuration of the floor `portal`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Configuration of portal."""

    name = "liaoyuan.portal"
    label = "portal"
    verbose_name = "公开"
