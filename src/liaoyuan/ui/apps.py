"""Configuration of the floor `ui`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Configuration of ui."""

    name = "liaoyuan.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        """Refuse to start with a tile server that cannot be one."""
        from django.core.exceptions import ImproperlyConfigured

        from liaoyuan.ui import maps

        try:
            maps.tiles()
        except ValueError as error:
            raise ImproperlyConfigured(str(error)) from error
