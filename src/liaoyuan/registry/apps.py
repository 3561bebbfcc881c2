"""Configuration of the floor `registry`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Configuration of registry."""

    name = "liaoyuan.registry"
    label = "registry"
    verbose_name = "登记"

    def ready(self) -> None:
        """Enter the register's rules, their parameters and the words of its events and permissions."""
        from dataclasses import replace

        from liaoyuan.core import events, registries
        from liaoyuan.core.choices import Permission as Core
        from liaoyuan.registry.choices import Permission
        from liaoyuan.registry.exports import blanks
        from liaoyuan.registry.exports import organizations as exports
        from liaoyuan.registry.imports.organizations import KINDS
        from liaoyuan.registry.params import letters as kits
        from liaoyuan.registry.params.names import PARAMETER_TITLES
        from liaoyuan.registry.params.papers import PAPER_PARAMETER_TITLES, PAPER_PARAMETERS, PURPOSES
        from liaoyuan.registry.params.shipped import PARAMETERS
        from liaoyuan.registry.params.titles import EVENT_TITLES, PERMISSION_TITLES
        from liaoyuan.registry.queries import (
            counts,
            letters,
            lookup,
            papers,
            sealed,
            standings,
            statistics,
        )
        from liaoyuan.registry.queries.documents import documents
        from liaoyuan.registry.rules.table import specs
        from liaoyuan.registry.tasks import EXPORT

        registries.searchables["organization"] = registries.Searchable(
            kind="organization",
            title="社会组织",
            url_name="registry:organization_detail",
            permission=f"{Permission.VIEW}|{Permission.OWN_VIEW}",
            documents=documents,
        )
        templates = {"organizations": exports.ORGANIZATION, "filings": exports.FILING}
        registries.import_kinds.update({kind.kind: replace(kind, columns=templates[kind.kind]) for kind in KINDS})
        registries.add_job(EXPORT)
        registries.export_kinds.update(exports.KINDS)
        registries.scope_kinds["organization"] = registries.ScopeResolver(
            "organization", standings.scope_of, sealed.find
        )
        registries.area_uses["organization"] = registries.AreaUse(
            kind="organization", title="存续的社会组织", count=counts.in_area,
            permission=Permission.VIEW, href=lookup.list_of,
        )  # fmt: skip
        registries.add_sealed(*sealed.SEALED, sealed.CLAIMS)
        registries.add_staged(standings.SECRET)
        registries.file_subjects.update(papers.SUBJECTS)
        registries.file_purposes.update(PURPOSES)
        registries.add_panel(
            registries.Panel(
                "organization",
                "files",
                "文件",
                "core:file_list",
                f"{Permission.VIEW}|{Permission.OWN_VIEW}",
                before=("organization",),
            )
        )
        registries.add_documents(*(replace(kind, facts=letters.facts) for kind in kits.KINDS))
        registries.blank_forms["organization"] = [
            registries.BlankForm(form.code, form.title, "registry:blank_form", form.fits)
            for form in blanks.FORMS.values()
        ]
        registries.add_panel(
            registries.Panel(
                "organization", "documents", "文书", "core:document_panel",
                f"{Core.DOCUMENT_VIEW}|{Core.DOCUMENT_OWN_VIEW}", 60, before=("organization",),
            )
        )  # fmt: skip
        registries.stats_kinds["registry"] = statistics.stats
        registries.add_rules(specs())
        registries.add_parameters(PARAMETERS)
        registries.add_parameters(PAPER_PARAMETERS)
        registries.parameter_titles.update(PARAMETER_TITLES | PAPER_PARAMETER_TITLES)
        registries.event_titles.update(EVENT_TITLES)
        registries.permission_titles.update(PERMISSION_TITLES)
        events.add_sensitive(*standings.SECRET)
        self._enter_duties()

    @staticmethod
    def _enter_duties() -> None:
        """Enter what waits, who is reminded of what and reached where, what is told of an account, what ends when."""
        from liaoyuan.core import registries
        from liaoyuan.registry.actions import retention
        from liaoyuan.registry.queries import claims, due, reminding, sealed

        registries.due_sources.update({source.code: source for source in (*due.SOURCES, *claims.SOURCES)})
        registries.reminders.update({entry.code: entry for entry in reminding.REMINDERS})
        registries.addresses[reminding.SUBJECT] = reminding.addresses
        registries.add_guard("invitation.code", claims.about_code)
        registries.about_me[sealed.ABOUT_ME.code] = sealed.ABOUT_ME
        registries.retained.update({entry.code: entry for entry in retention.CLASSES})
