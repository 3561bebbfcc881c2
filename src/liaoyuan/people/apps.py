"""Configuration of the floor `people`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Configuration of people."""

    name = "liaoyuan.people"
    label = "people"
    verbose_name = "人员"

    def ready(self) -> None:
        """Enter rules, parameters, words, the panel on the record of an organization, work that waits."""
        from liaoyuan.core import events, registries
        from liaoyuan.people.actions import joining
        from liaoyuan.people.choices import Permission
        from liaoyuan.people.exports import rosters
        from liaoyuan.people.imports import people, volunteers
        from liaoyuan.people.params.social import PARAMETER_TITLES, PARAMETERS
        from liaoyuan.people.params.titles import EVENT_TITLES, PERMISSION_TITLES
        from liaoyuan.people.queries import about, due, reminding, secrets, services, workforce
        from liaoyuan.people.rules.table import asked_of_registry, specs

        registries.add_rules(specs())
        registries.ask_rules(asked_of_registry())
        registries.add_parameters(PARAMETERS)
        registries.parameter_titles.update(PARAMETER_TITLES)
        registries.event_titles.update(EVENT_TITLES)
        registries.permission_titles.update(PERMISSION_TITLES)
        events.add_sensitive("birth", "consent_no", "consent_evidence")
        registries.import_kinds.update({kind.kind: kind for kind in (people.KIND, volunteers.KIND)})
        registries.mergers[joining.MERGER.code] = joining.MERGER
        registries.add_sealed(*secrets.SEALED)
        registries.activity_sources["people"] = services.last_of
        registries.about_me[about.ABOUT_ME.code] = about.ABOUT_ME
        registries.add_staged(secrets.PURPOSES)
        registries.scope_kinds[secrets.SUBJECT] = registries.ScopeResolver(
            secrets.SUBJECT, secrets.scope_of, secrets.find
        )
        registries.stats_kinds["workforce"] = workforce.stats
        registries.export_kinds.update(rosters.KINDS)
        registries.due_sources.update({source.code: source for source in due.SOURCES})
        registries.reminders[reminding.REMINDER.code] = reminding.REMINDER
        registries.add_panel(
            registries.Panel(
                "organization", "people", "人员", "people:organization_panel",
                f"{Permission.VIEW}|{Permission.OWN_VIEW}", 40,
            )
        )  # fmt: skip
