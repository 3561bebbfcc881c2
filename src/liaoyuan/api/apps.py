"""Configuration of the floor `api`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Configuration of api."""

    name = "liaoyuan.api"
    label = "api"
    verbose_name = "接口"

    def ready(self) -> None:
        """Enter the words of the machine door's events and permissions."""
        from liaoyuan.api.params import EVENT_TITLES, PERMISSION_TITLES
        from liaoyuan.core import registries

        registries.event_titles.update(EVENT_TITLES)
        registries.permission_titles.update(PERMISSION_TITLES)
