"""Configuration of the floor `party`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class PartyConfig(AppConfig):
    """Configuration of party."""

    name = "liaoyuan.party"
    label = "party"
    verbose_name = "党建"

    def ready(self) -> None:
        """Enter rules and words, party organizations and members, what waits."""
        for enter in (_words, _organizations):
            enter()


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
