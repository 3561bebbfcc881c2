"""Configuration of the floor `planning`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Configuration of planning."""

    name = "liaoyuan.planning"
    label = "planning"
    verbose_name = "覆盖编组"

    def ready(self) -> None:
        """Enter words and parameters, scopes, the proposal as a document, 待办, jobs, what merging bodies does."""
        from dataclasses import replace

        from liaoyuan.core import registries
        from liaoyuan.planning import tasks
        from liaoyuan.planning.actions import merging
        from liaoyuan.planning.choices.codes import EVENT_TITLES, PERMISSION_TITLES
        from liaoyuan.planning.params.proposals import PROPOSAL
        from liaoyuan.planning.params.weights import PLAN_PARAMETER_TITLES, PLAN_PARAMETERS
        from liaoyuan.planning.queries import following, proposals, scopes

        registries.add_parameters(PLAN_PARAMETERS)
        registries.parameter_titles.update(PLAN_PARAMETER_TITLES)
        registries.event_titles.update(EVENT_TITLES)
        registries.permission_titles.update(PERMISSION_TITLES)
        for resolver in scopes.RESOLVERS:
            registries.scope_kinds[resolver.subject_kind] = resolver
        registries.file_subjects[scopes.FILES.kind] = scopes.FILES
        registries.add_documents(replace(PROPOSAL, facts=proposals.facts))
        registries.due_sources.update({source.code: source for source in following.SOURCES})
        registries.add_job(tasks.SOLVE)
        registries.add_job(tasks.CORE)
        registries.add_job(tasks.INSTRUCT)
        registries.mergers[merging.MERGER.code] = merging.MERGER
