"""Core: areas, users, roles and scopes, policy, audit, imports, search."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Configuration of core."""

    name = "liaoyuan.core"
    label = "core"
    verbose_name = "平台"

    def ready(self) -> None:
        """Enter the words of core's own events and permissions, and what stands in 待办."""
        from liaoyuan.core import registries, sessions, tasks
        from liaoyuan.core.params import AREA_FIELD_TITLES, EVENT_TITLES, PERMISSION_TITLES
        from liaoyuan.core.queries import due, jobs

        registries.event_titles.update(EVENT_TITLES)
        registries.permission_titles.update(PERMISSION_TITLES)
        registries.field_titles["area"] = AREA_FIELD_TITLES
        registries.due_sources.update({source.code: source for source in due.SOURCES})
        registries.due_sources["core.jobs"] = registries.DueSource("core.jobs", "任务", "", jobs.ended)
        sessions.add_bell(due.bell)
        for kind, schedule in tasks.KINDS:
            registries.add_job(kind, schedule=schedule)
