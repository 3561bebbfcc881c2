"""Configuration of the floor `party`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class PartyConfig(AppConfig):
    """Configuration of party."""

    name = "liaoyuan.party"
    label = "party"
    verbose_name = "党建"

    def ready(self) -> None:
        """Enter rules and words, party organizations and members, what waits."""
        for enter in (_words, _organizations, _members):
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


def _members() -> None:
    """Members: their scope and sealed values, F03 in and out, what follows merges, what ends, what is told to them."""
    from liaoyuan.core import events, registries
    from liaoyuan.party.actions import carrying, retention
    from liaoyuan.party.exports import members as exports
    from liaoyuan.party.imports import comparing
    from liaoyuan.party.imports import members as imports
    from liaoyuan.party.queries import about, secrets
    from liaoyuan.party.queries import members as reading

    events.add_sensitive(*secrets.STAGED)
    registries.scope_kinds[secrets.SUBJECT] = registries.ScopeResolver(secrets.SUBJECT, reading.scope_of, reading.find)
    registries.add_sealed(*secrets.SEALED)
    registries.add_staged(secrets.STAGED)
    registries.import_kinds[imports.KIND.kind] = imports.KIND
    registries.compare_kinds[comparing.KIND.kind] = comparing.KIND
    registries.export_kinds.update(exports.KINDS)
    registries.tellers["party"] = (carrying.knows, carrying.carry_person)
    registries.mergers[carrying.MERGER.code] = carrying.MERGER
    registries.retained.update({entry.code: entry for entry in retention.CLASSES})
    registries.about_me[about.ABOUT_ME.code] = about.ABOUT_ME
