"""Configuration of the floor `party`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class PartyConfig(AppConfig):
    """Configuration of party."""

    name = "liaoyuan.party"
    label = "party"
    verbose_name = "党建"

    def ready(self) -> None:
        """Enter rules and words, party organizations and members, meetings, what waits."""
        for enter in (_rules, _words, _organizations, _meetings):
            enter()


def _rules() -> None:
    """The rules of party building and their parameters."""
    from liaoyuan.core import registries
    from liaoyuan.party.params.shipped import PARAMETER_TITLES, PARAMETERS
    from liaoyuan.party.rules.table import specs

    registries.add_rules(specs())
    registries.add_parameters(PARAMETERS)
    registries.parameter_titles.update(PARAMETER_TITLES)


def _words() -> None:
    """Words of events and permissions."""
    from liaoyuan.core import registries
    from liaoyuan.party.params.titles import EVENT_TITLES, PERMISSION_TITLES

    registries.event_titles.update(EVENT_TITLES)
    registries.permission_titles.update(PERMISSION_TITLES)


def _organizations() -> None:
    """What a party organization is to scopes and search."""
    from liaoyuan.core import registries
    from liaoyuan.core.choices import ScopeKind
    from liaoyuan.party.queries import organizations as reading

    registries.scope_kinds[reading.SUBJECT] = registries.ScopeResolver(reading.SUBJECT, reading.scope_of, reading.find)
    registries.scope_paths[ScopeKind.PARTY] = reading.scope_paths


def _meetings() -> None:
    """Meetings and the daily life of branches: their scope, files, sealed grades, what is due."""
    from liaoyuan.core import events, registries
    from liaoyuan.party.params.papers import PURPOSES
    from liaoyuan.party.queries import about_life, life_due, meetings, papers, reviews

    registries.scope_kinds[meetings.SUBJECT] = registries.ScopeResolver(
        meetings.SUBJECT, meetings.scope_of, meetings.find
    )
    registries.file_purposes.update(PURPOSES)
    registries.file_subjects[papers.SUBJECT.kind] = papers.SUBJECT
    registries.add_sealed(*reviews.SEALED)
    registries.about_me.setdefault(about_life.ABOUT_ME.code, about_life.ABOUT_ME)
    events.add_sensitive("review_grade")
    registries.due_sources.update({source.code: source for source in life_due.SOURCES})
    registries.reminders[life_due.REMINDER.code] = life_due.REMINDER
