"""Configuration of the floor `funding`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Configuration of funding."""

    name = "liaoyuan.funding"
    label = "funding"
    verbose_name = "公益创投"

    def ready(self) -> None:
        """Enter words, programmes and rounds, projects."""
        for enter in (_words, _rounds, _projects):
            enter()


def _words() -> None:
    """Words of events and permissions."""
    from liaoyuan.core import registries
    from liaoyuan.funding.choices.titles import EVENT_TITLES, PERMISSION_TITLES

    registries.event_titles.update(EVENT_TITLES)
    registries.permission_titles.update(PERMISSION_TITLES)


def _rounds() -> None:
    """What programmes, rounds and needs are to scopes."""
    from liaoyuan.core import registries
    from liaoyuan.funding.queries import scopes

    for resolver in scopes.RESOLVERS:
        registries.scope_kinds[resolver.subject_kind] = resolver


def _projects() -> None:
    """What projects are to scopes."""
    from liaoyuan.core import registries
    from liaoyuan.funding.queries import scopes

    registries.scope_kinds[scopes.PROJECT.subject_kind] = scopes.PROJECT
