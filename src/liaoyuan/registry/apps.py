"""Configuration of the floor `registry`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Configuration of registry."""

    name = "liaoyuan.registry"
    label = "registry"
    verbose_name = "登记"

    def ready(self) -> None:
        """Enter the register's rules, their parameters and the words of its events and permissions."""
        from liaoyuan.core import events, registries
        from liaoyuan.registry.choices import Permission
        from liaoyuan.registry.exports import organizations as exports
        from liaoyuan.registry.imports.organizations import KINDS
        from liaoyuan.registry.params.names import PARAMETER_TITLES
        from liaoyuan.registry.params.shipped import PARAMETERS
        from liaoyuan.registry.params.titles import EVENT_TITLES, PERMISSION_TITLES
        from liaoyuan.registry.queries import claims, counts, due, lookup, standings, statistics
        from liaoyuan.registry.queries.documents import documents
        from liaoyuan.registry.rules.table import specs

        registries.searchables["organization"] = registries.Searchable(
            kind="organization",
            title="社会组织",
            url_name="registry:organization_detail",
            permission=f"{Permission.VIEW}|{Permission.OWN_VIEW}",
            documents=documents,
        )
        registries.import_kinds.update({kind.kind: kind for kind in KINDS})
        registries.export_kinds.update(exports.KINDS)
        registries.scope_kinds["organization"] = registries.ScopeResolver("organization", standings.scope_of)
        registries.area_uses["organization"] = registries.AreaUse(
            kind="organization", title="存续的社会组织", count=counts.in_area,
            permission=Permission.VIEW, href=lookup.list_of,
        )  # fmt: skip
        registries.stats_kinds["registry"] = statistics.stats
        registries.add_rules(specs())
        registries.add_parameters(PARAMETERS)
        registries.parameter_titles.update(PARAMETER_TITLES)
        registries.event_titles.update(EVENT_TITLES)
        registries.permission_titles.update(PERMISSION_TITLES)
        events.add_sensitive(*standings.SECRET)
        registries.due_sources.update({source.code: source for source in (*due.SOURCES, *claims.SOURCES)})
        registries.add_guard("invitation.code", claims.about_code)
