"""Configuration of the floor `party`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class PartyConfig(AppConfig):
    """Configuration of party."""

    name = "liaoyuan.party"
    label = "party"
    verbose_name = "党建"

    def ready(self) -> None:
        """Enter rules and words, party organizations and members, what waits."""
        for enter in (_words, _organizations, _founding, _coverage):
            enter()


def _words() -> None:
    """Rules with their parameters, words of events and permissions."""
    from liaoyuan.core import registries
    from liaoyuan.party.params.shipped import PARAMETER_TITLES, PARAMETERS
    from liaoyuan.party.params.titles import EVENT_TITLES, PERMISSION_TITLES
    from liaoyuan.party.rules.table import specs

    registries.add_rules(specs())
    registries.add_parameters(PARAMETERS)
    registries.parameter_titles.update(PARAMETER_TITLES)
    registries.event_titles.update(EVENT_TITLES)
    registries.permission_titles.update(PERMISSION_TITLES)


def _organizations() -> None:
    """What a party organization is to scopes and search."""
    from liaoyuan.core import registries
    from liaoyuan.core.choices import ScopeKind
    from liaoyuan.party.choices import Permission
    from liaoyuan.party.queries import organizations as reading

    registries.scope_kinds[reading.SUBJECT] = registries.ScopeResolver(reading.SUBJECT, reading.scope_of, reading.find)
    registries.scope_paths[ScopeKind.PARTY] = reading.scope_paths
    registries.searchables[reading.SUBJECT] = registries.Searchable(
        kind=reading.SUBJECT, title="党组织", url_name="party:organization_detail", permission=Permission.VIEW,
        documents=reading.documents,
    )  # fmt: skip


def _founding() -> None:
    """The case of founding a branch."""
    from liaoyuan.core import registries
    from liaoyuan.party.actions import founding
    from liaoyuan.party.params.procedures import FOUND_PARAMETER_TITLES, FOUND_PARAMETERS
    from liaoyuan.party.queries import founding as queries

    registries.scope_kinds[queries.SUBJECT] = registries.ScopeResolver(queries.SUBJECT, queries.scope_of, queries.find)
    registries.add_case_kinds(founding.KIND)
    registries.add_parameters(FOUND_PARAMETERS)
    registries.parameter_titles.update(FOUND_PARAMETER_TITLES)


def _coverage() -> None:
    """Figures, the tab on a body's record, files of claims, instructors as subjects, long work."""
    from dataclasses import replace

    from liaoyuan.core import registries
    from liaoyuan.party import tasks
    from liaoyuan.party.choices import Permission
    from liaoyuan.party.params.letters import REPORT
    from liaoyuan.party.params.papers import PURPOSES
    from liaoyuan.party.queries import coverage_stats, instructors, letters, papers

    registries.stats_kinds["coverage"] = coverage_stats.stats
    registries.scope_kinds[instructors.SUBJECT] = registries.ScopeResolver(
        instructors.SUBJECT, instructors.scope_of, instructors.find
    )
    registries.add_panel(
        registries.Panel(
            "organization", "party", "党建", "party:organization_panel",
            f"{Permission.VIEW}|{Permission.OWN_VIEW}|{Permission.VISIT}", 45,
        )
    )  # fmt: skip
    registries.file_purposes.update(PURPOSES)
    registries.file_subjects.update(papers.SUBJECTS)
    registries.add_documents(replace(REPORT, facts=letters.facts))
    for kind in (tasks.STATUTORY, tasks.PACK):
        registries.add_job(kind)
