"""Core: areas, users, roles and scopes, policy, audit, imports, search."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Configuration of core."""

    name = "liaoyuan.core"
    label = "core"
    verbose_name = "平台"

    def ready(self) -> None:
        """Enter the words of core's own events and permissions, and what stands in 待办."""
        from liaoyuan.core import registries, sessions
        from liaoyuan.core.params import (
            AREA_FIELD_TITLES,
            EVENT_TITLES,
            FILE_PARAMETER_TITLES,
            FILE_PARAMETERS,
            PERMISSION_TITLES,
        )
        from liaoyuan.core.queries import due

        registries.event_titles.update(EVENT_TITLES)
        registries.permission_titles.update(PERMISSION_TITLES)
        registries.field_titles["area"] = AREA_FIELD_TITLES
        registries.add_parameters(FILE_PARAMETERS)
        registries.parameter_titles.update(FILE_PARAMETER_TITLES)
        registries.due_sources.update({source.code: source for source in due.SOURCES})
        sessions.add_bell(due.bell)
